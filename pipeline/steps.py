"""Runs the SQL steps of `sql/`: one file is one SELECT, named after the table that it makes.

A step begins with a comment: what it gives, then `grain:`, `as:` and `reads:`. `as:` says what becomes of its SELECT. `reads:` gives
the order in which the steps of a folder run; a cycle is an error. A step may read lower folders and its siblings, nothing else (a test
holds it).
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TypeVar

import duckdb

from pipeline.errors import BrokenInstallation
from pipeline.logs import Progress

_INSTALLED = Path(__file__).resolve().parent / "sql"
SQL_FOLDER = _INSTALLED if _INSTALLED.is_dir() else Path(__file__).resolve().parent.parent / "sql"
"""Where the steps lie: inside the package when installed, beside it in a checkout. Another package may own a folder `sql` beside it."""


DIFFERING_TEXTS = frozenset({"address", "email_address", "phone_number", "event_id", "profile_id", "external_id"})
"""Columns whose texts are different in nearly every row."""


class As(StrEnum):
    """What becomes of a step's SELECT."""

    TABLE = "table"
    """A table of the warehouse."""
    VIEW = "view"
    """A view of the warehouse: what it reads stands there already."""
    SCRATCH_TABLE = "scratch table"
    """A table that ends with the command."""
    SCRATCH_VIEW = "scratch view"
    """A view that ends with the command: it is read once."""
    QUERY = "query"
    """A part of another query, or the rows of a file."""


@dataclass(frozen=True)
class Step:
    """One SQL file: its table's name, its SELECT, what becomes of it, what it reads and the first line of its header."""

    name: str
    sql: str
    kept: As
    reads: tuple[str, ...]
    summary: str
    path: Path


@dataclass(frozen=True)
class Filled:
    """A table that Python fills between the steps of a folder: what it is made of, and how; `fill` gives the number of its rows."""

    name: str
    reads: tuple[str, ...]
    fill: Callable[[duckdb.DuckDBPyConnection], int]


Made = TypeVar("Made", bound=Step | Filled)


def _header(text: str) -> list[str]:
    lines: list[str] = []
    for line in text.splitlines():
        if not line.startswith("--"):
            break
        lines.append(line.removeprefix("--").strip())
    return lines


def _reads(header: Iterable[str]) -> tuple[str, ...]:
    names: list[str] = []
    for line in header:
        _, marker, rest = line.partition("reads:")
        if marker:
            names += [name.strip() for name in rest.split(",") if name.strip()]
    return tuple(names)


def _kept(header: Iterable[str], path: Path) -> As:
    said = [found for line in header for found in re.findall(r"\bas: ([a-z]+(?: [a-z]+)?)", line)]
    if len(said) != 1 or said[0] not in list(As):
        raise BrokenInstallation(
            f"the header says `as: {' '.join(said)}`", where=_place(path), remedy=f"Write one of {', '.join(As)} behind `as:`."
        )
    return As(said[0])


@cache
def read(name: str) -> Step:
    """The step `folder/name`, without its suffix. Raises BrokenInstallation where the file is missing or empty."""
    path = SQL_FOLDER / f"{name}.sql"
    text = _text_of(path)
    header = _header(text)
    return Step(path.stem, text.strip().removesuffix(";"), _kept(header, path), _reads(header), header[0] if header else "", path)


@cache
def folder(name: str) -> tuple[Step, ...]:
    """The steps of one folder (not of its subfolders), in an order in which each comes after what it reads.

    Raises BrokenInstallation where there is none.
    """
    found = [read(f"{name}/{path.stem}") for path in sorted((SQL_FOLDER / name).glob("*.sql"))]
    if not found:
        raise _broken(SQL_FOLDER / name)
    return in_order(found)


def in_order(made: Iterable[Made]) -> tuple[Made, ...]:
    """What makes tables, in an order in which each comes after what it reads of the others. Raises CycleError."""
    by_name = {each.name: each for each in made}
    graph = {name: [other for other in each.reads if other in by_name and other != name] for name, each in by_name.items()}
    return tuple(by_name[name] for name in TopologicalSorter(graph).static_order())


def before(where: str, name: str) -> tuple[Step, ...]:
    """The steps of a folder that one of them rests on, in their order, the step itself at the end."""
    wanted, waiting = set(), [name]
    siblings = {step.name: step for step in folder(where)}
    while waiting:
        step = siblings[waiting.pop()]
        wanted.add(step.name)
        waiting += [other for other in step.reads if other in siblings and other not in wanted]
    return tuple(step for step in folder(where) if step.name in wanted)


def make_all(con: duckdb.DuckDBPyConnection, where: str, progress: Progress | None = None, filled: Iterable[Filled] = ()) -> None:
    """Make every table of a folder, those that Python fills between its steps in their places."""
    steps: tuple[Step | Filled, ...] = in_order((*folder(where), *filled))
    for each in steps:
        if isinstance(each, Step):
            make(con, each, progress)
        else:
            with (progress or Progress(is_quiet=True)).step(f"{where}/{each.name}") as counts:
                counts["rows"] = each.fill(con)


def make(con: duckdb.DuckDBPyConnection, step: Step, progress: Progress | None = None) -> None:
    """Create what the step says; what is kept goes into the attached database `warehouse`. The progress tells a table's rows.

    What DuckDB raises has the step's file as a note.
    """
    try:
        if step.kept in (As.TABLE, As.SCRATCH_TABLE):
            with (progress or Progress(is_quiet=True)).step(f"{step.path.parent.name}/{step.name}") as counts:
                counts["rows"] = _make_table(con, step)
        else:
            _make_view(con, step)
    except duckdb.Error as error:
        error.add_note(_place(step.path))
        raise


def _make_view(con: duckdb.DuckDBPyConnection, step: Step) -> None:
    match step.kept:
        case As.SCRATCH_VIEW:
            con.execute(f'CREATE VIEW "{step.name}" AS {step.sql}')
        case As.VIEW:
            con.execute("SET search_path = 'warehouse.main,memory.main'")
            con.execute(f'CREATE VIEW warehouse."{step.name}" AS {step.sql}')
            con.execute("SET search_path = 'memory.main,warehouse.main'")
        case _:
            raise ValueError(f"{_place(step.path)} is as: {step.kept}")


def _make_table(con: duckdb.DuckDBPyConnection, step: Step) -> int:
    is_kept = step.kept is As.TABLE
    target = f'warehouse."{step.name}"' if is_kept else f'"{step.name}"'
    plain = _differing_texts(con, step) if is_kept else {}
    if plain:
        columns = ", ".join(f'"{name}" {kind}' for name, kind in plain.items())
        con.execute(f"CREATE TABLE {target} ({columns})")
        row = con.execute(f"INSERT INTO {target} {step.sql}").fetchone()
    else:
        con.execute(f"CREATE TABLE {target} AS {step.sql}")
        row = con.execute(f"SELECT count(*) FROM {target}").fetchone()
    return int(row[0]) if row else 0


def _differing_texts(con: duckdb.DuckDBPyConnection, step: Step) -> dict[str, str]:
    """The step's columns and their types, when it has texts that differ from row to row: those are stored as they are.

    Searching such texts for repetition costs a third of writing the table, again some time at each reading, and saves
    half of their bytes.
    """
    columns = {str(name): str(kind) for name, kind, *_ in con.execute(f"DESCRIBE {step.sql}").fetchall()}
    if not DIFFERING_TEXTS & columns.keys():
        return {}
    return {name: f"{kind} USING COMPRESSION uncompressed" if name in DIFFERING_TEXTS else kind for name, kind in columns.items()}


def run_script(con: duckdb.DuckDBPyConnection, name: str) -> None:
    """Execute a file of several statements (macros, types, comments)."""
    con.execute(_text_of(SQL_FOLDER / f"{name}.sql"))


def _text_of(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise _broken(path) from None
    if not text.strip():
        raise _broken(path)
    return text


def _broken(path: Path) -> BrokenInstallation:
    return BrokenInstallation("this part of Presend is missing or empty", where=_place(path), remedy="Install Presend again.")


def _place(path: Path) -> str:
    return f"sql/{path.relative_to(SQL_FOLDER)}"
