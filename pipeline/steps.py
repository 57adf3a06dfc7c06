"""Runs the SQL steps of `sql/`: one file is one SELECT, named after the table that it makes.

A step begins with a comment: what it gives, then `grain:` and `reads:`. `reads:` gives the order in which the steps of
a folder run; a cycle is an error. A step may read lower folders and its siblings, nothing else (a test holds it).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb

from pipeline.errors import BrokenInstallation

_INSTALLED = Path(__file__).resolve().parent / "sql"
SQL_FOLDER = _INSTALLED if _INSTALLED.is_dir() else Path(__file__).resolve().parent.parent / "sql"
"""Where the steps lie: inside the package when installed, beside it in a checkout. Another package may own a folder `sql` beside it."""


DIFFERING_TEXTS = frozenset({"address", "email_address", "phone_number", "event_id", "profile_id", "external_id"})
"""Columns whose texts are different in nearly every row."""


@dataclass(frozen=True)
class Step:
    """One SQL file: its table's name, its SELECT, what it reads and the first line of its header."""

    name: str
    sql: str
    reads: tuple[str, ...]
    summary: str
    path: Path


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


@cache
def read(name: str) -> Step:
    """The step `folder/name`, without its suffix. Raises BrokenInstallation where the file is missing or empty."""
    path = SQL_FOLDER / f"{name}.sql"
    text = _text_of(path)
    header = _header(text)
    return Step(path.stem, text.strip().removesuffix(";"), _reads(header), header[0] if header else "", path)


@cache
def folder(name: str, made: tuple[tuple[str, str], ...] = ()) -> tuple[Step, ...]:
    """The steps of one folder (not of its subfolders), in an order in which each comes after what it reads.

    `made` tells of tables that Python makes between the steps: (table, the step that it is made from).
    Raises BrokenInstallation where there is none.
    """
    if not any((SQL_FOLDER / name).glob("*.sql")):
        raise _broken(SQL_FOLDER / name)
    steps = {path.stem: read(f"{name}/{path.stem}") for path in sorted((SQL_FOLDER / name).glob("*.sql"))}
    sources = dict(made)
    graph = {
        step.name: [sources.get(other, other) for other in step.reads if sources.get(other, other) in steps and other != step.name]
        for step in steps.values()
    }
    return tuple(steps[found] for found in TopologicalSorter(graph).static_order())


def make_table(con: duckdb.DuckDBPyConnection, step: Step, *, database: str = "") -> int:
    """Create the step's table (in `database` when given) and return its number of rows."""
    target = f'{database}."{step.name}"' if database else f'"{step.name}"'
    plain = _differing_texts(con, step) if database else {}
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


def make_view(con: duckdb.DuckDBPyConnection, step: Step) -> None:
    """Create the step's view: for what is read once, or by analysts."""
    con.execute(f'CREATE VIEW "{step.name}" AS {step.sql}')


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
    return BrokenInstallation(
        "this part of Presend is missing or empty", where=f"sql/{path.relative_to(SQL_FOLDER)}", remedy="Install Presend again."
    )
