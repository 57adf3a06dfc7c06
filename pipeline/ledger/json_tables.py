"""Reads JSON as a table: an array, an object with one array in it, objects one after another or one a line, in any order.

A column is a key of the records or a path in them (`contact/email`), where a feed asks for it or the path's name says a "no". DuckDB
reads what is well formed and plain; what it refuses, and envelopes, are read once more in Python, record by record.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from pipeline.flags import Lifting, Meaning
from pipeline.ledger.json_opened import Opened, opened, opened_source
from pipeline.ledger.json_places import Place, cell_of, inner_places, pointer
from pipeline.ledger.json_values import RAW_LENGTH, Unreadable, as_line, json_values
from pipeline.ledger.landing import UnreadableFile
from pipeline.ledger.texts import canonical, chunks_of, shown

DEEPEST_LIST = 4
"""So deep in an envelope its records are looked for."""
LARGEST_ANSWER = 1 << 20
_ERROR_WORDS = (
    "error errors errorcode errormessage message messages status statuscode code detail details title type reason description help "
    "timestamp path instance success ok requestid correlationid category fault"
)
"""What interfaces answer with when they do not answer with what was asked (RFC 9457 and its like)."""


@dataclass(frozen=True)
class JsonColumns:
    """The columns of a file, SQL for the cell of each, and where the records come from."""

    header: list[str]
    cells: list[str]
    source: str
    parameters: dict[str, object]


@dataclass(frozen=True)
class JsonRows:
    """The columns of a file and its rows (cells, fault, raw); a `lifted` column's cell is a JSON array of all that stands at its places."""

    header: list[str]
    rows: Iterator[tuple[list[str], str | None, str]]
    lifted: dict[str, Meaning] = field(default_factory=dict)


def json_columns(
    con: duckdb.DuckDBPyConnection, path: Path, scratch: Path, wanted: Sequence[str], lifts: Lifting | None, *, is_array: bool
) -> JsonColumns:
    """The columns of a well-formed file: its records' keys, the `wanted` paths, and what says a "no" inside.

    Raises duckdb.Error for what DuckDB refuses, for records that have nothing `wanted`, which may be envelopes, and for keys of a path that
    are spelled in another way.
    """
    # Told and not guessed: an array on one line would pass for one line of newline-delimited JSON.
    shape = "array" if is_array else "newline_delimited"
    source = f"read_json_objects($path, format = '{shape}', maximum_object_size = 16777216)"
    keys = "CASE WHEN json_type(json) = 'OBJECT' THEN json_keys(json) ELSE [NULL] END"
    found = con.execute(f"SELECT DISTINCT unnest({keys}) AS name FROM {source} ORDER BY name", {"path": str(path)}).fetchall()
    header = [str(name) for (name,) in found]
    if (None,) in found:
        raise duckdb.InvalidInputException("a value is no object: it may be a list of them")
    paths = [name for name in wanted if "/" in name and name not in header]
    _require_spelling(con, source, path, paths)
    if header and wanted and (is_an_error(header) or not _has_any(header, wanted)):
        raise duckdb.InvalidInputException("no record has what is wanted")
    columns: dict[str, tuple[list[Place], Meaning | None]] = {name: ([Place((name,), (pointer([name]),))], None) for name in header}
    columns |= {name: ([Place((), (pointer(name.split("/")),))], None) for name in paths}
    asked: dict[str, object] = {"path": str(path)}
    column = "json"
    if lifts is not None:
        told = opened_source(con, source, asked, scratch / "opened.parquet", lifts.is_of_pair)
        source, asked, column = told.source, told.parameters, told.column
        columns |= lifted_places(con, told, lifts, header, paths) if told.has_inner else {}
    cells: list[str] = []
    for number, (name, (places, meaning)) in enumerate(columns.items()):
        cell, more = cell_of(places, meaning, number, column if name not in (*header, *paths) else "json")
        cells.append(cell)
        asked |= more
    return JsonColumns(list(columns), cells, source, asked)


def lifted_places(
    con: duckdb.DuckDBPyConnection, told: Opened, lifts: Lifting, header: Sequence[str], known: Sequence[str] = ()
) -> dict[str, tuple[list[Place], Meaning | None]]:
    """The places inside of the records that say something, by their names, with what they say; the `known` ones left out."""
    places: dict[str, list[Place]] = {}
    for place in inner_places(con, told.searched, told.parameters, header):
        if place.name not in header and place.name not in known:
            places.setdefault(place.name, []).append(place)
    return {name: (places[name], meaning) for name, meaning in lifts.columns(places, header).items()}


def _require_spelling(con: duckdb.DuckDBPyConnection, source: str, path: Path, paths: Sequence[str]) -> None:
    """Raise where a key on one of the paths is spelled in another way: DuckDB's pointers would find nothing there."""
    if not paths:
        return
    keys = [name.split("/") for name in paths]
    levels = sorted({pointer(each[:depth]) for each in keys for depth in range(len(each))})
    query = f"SELECT DISTINCT unnest(flatten([coalesce(json_keys(json, level), []) FOR level IN $levels::VARCHAR[]])) FROM {source}"
    found = {name for (name,) in con.execute(query, {"path": str(path), "levels": levels}).fetchall()}
    told = {key for each in keys for key in each}
    if {canonical(name) for name in found - told} & {canonical(key) for key in told}:
        raise duckdb.InvalidInputException("a key of a path is spelled in another way")


def json_rows(path: Path, wanted: Sequence[str], lifts: Lifting | None) -> JsonRows:
    """The columns and the rows of any file of JSON; its records are held in memory.

    Raises UnreadableFile where no record has anything that is `wanted`: what was saved is an interface's error, or another table.
    """
    records = list(_records(path, wanted))
    header = list(dict.fromkeys(key for _, record, _ in records for key in record))
    if wanted and (is_an_error(header) or not _has_any(header, wanted)) and any(fault is None for fault, _, _ in records):
        raise UnreadableFile(f"no record has {', '.join(map(repr, wanted))} (found: {shown(header) or 'nothing'})")
    header += [name for name in wanted if "/" in name and name not in header]
    lifted: dict[str, Meaning] = {}
    if lifts is not None:
        inner = dict.fromkeys(name for _, record, _ in records for name in _said_inside(record, lifts))
        lifted = lifts.columns([name for name in inner if name not in header], header)
    return JsonRows([*header, *lifted], (_row(header, lifted, lifts, each) for each in records), lifted)


def _row(
    header: Sequence[str], lifted: dict[str, Meaning], lifts: Lifting | None, told: tuple[str | None, dict[str, object], str]
) -> tuple[list[str], str | None, str]:
    fault, record, raw = told
    cells = [_as_text(_reach(record, name)) for name in header]
    if lifts is not None and lifted:
        said = _said_inside(record, lifts)
        cells += [json.dumps([_as_text(value) for value in said.get(name, ())]) for name in lifted]
    return cells, fault, raw


def _said_inside(record: dict[str, object], lifts: Lifting) -> dict[str, list[object]]:
    """What stands inside of a record, in lists and in strings that hold JSON too, by the names of the places."""
    found: dict[str, list[object]] = {}
    todo: list[tuple[str, object]] = list(opened(record, lifts.is_of_pair).items())
    for name, value in todo:
        if isinstance(value, list):
            todo += [(name, each) for each in value if isinstance(each, dict | list)]
        elif isinstance(value, dict):
            for key, inner in value.items():
                found.setdefault(f"{name}/{key}", []).append(inner)
                todo.append((f"{name}/{key}", inner))
    return found


def _records(path: Path, wanted: Sequence[str]) -> Iterator[tuple[str | None, dict[str, object], str]]:
    """(fault, object, raw) of every record in the file."""
    for value in json_values(chunks_of(path)):
        if isinstance(value, Unreadable):
            yield "json_unreadable", {}, value.text
            continue
        for record in unwrapped(value, wanted):
            if isinstance(record, dict):
                line = as_line(record)
                yield None, json.loads(line), line
            else:
                yield "not_an_object", {}, as_line(record)[:RAW_LENGTH]


def unwrapped(value: object, wanted: Sequence[str]) -> list[object]:
    """The records of an envelope, an object that has nothing `wanted` and one list of objects in it; else the value itself."""
    if not isinstance(value, dict) or not wanted or _has_any(list(value), wanted):
        return [value]
    lists = list(_lists(value, DEEPEST_LIST))
    return lists[0] if len(lists) == 1 else [value]


def _lists(value: dict[str, object], depth: int) -> Iterator[list[object]]:
    for inner in value.values():
        if isinstance(inner, list) and all(isinstance(each, dict) for each in inner):
            yield inner
        elif isinstance(inner, dict) and depth:
            yield from _lists(inner, depth - 1)


def _has_any(keys: Sequence[str], wanted: Sequence[str]) -> bool:
    """Whether a record with these keys has one of the columns, or where one of the paths begins."""
    own = {canonical(key) for key in keys}
    return any(canonical(name) in own or canonical(name.split("/", 1)[0]) in own for name in wanted)


def is_an_error(keys: Sequence[str]) -> bool:
    """Whether records with these keys are an interface's error, and nothing that anybody exported."""
    return bool(keys) and {canonical(key).replace("_", "") for key in keys} <= set(_ERROR_WORDS.split())


def is_an_error_answer(path: Path) -> bool:
    """Whether a file without any record is what an interface answered instead: an object that holds an error."""
    if path.stat().st_size > LARGEST_ANSWER:
        return False
    try:
        answer = json.loads(path.read_bytes())
    except ValueError:
        return False
    return isinstance(answer, dict) and any(value and canonical(key) in ("error", "errors", "fault") for key, value in answer.items())


def _reach(record: dict[str, object], name: str) -> object:
    if name in record or "/" not in name:
        return record.get(name)
    found: object = record
    for key in name.split("/"):
        found = _value(found, key) if isinstance(found, dict) else None
    return found


def _value(record: dict[str, object], key: str) -> object:
    """The value of a key, which compares as headers do: without case, blanks and hyphens being underscores."""
    if key in record:
        return record[key]
    return next((value for name, value in record.items() if canonical(name) == canonical(key)), None)


def _as_text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
