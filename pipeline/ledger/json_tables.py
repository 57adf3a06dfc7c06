"""Reads JSON as a table: an array, an object with one array in it, objects one after another or one a line, in any order.

A column is a key of the records or a path in them (`contact/email`), where a feed asks for it or the path's name says a "no". DuckDB
reads what is well formed and plain; what it refuses, and envelopes, are read once more in Python, record by record.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import duckdb

from pipeline.ledger.json_values import RAW_LENGTH, Unreadable, as_line, json_values
from pipeline.ledger.landing import UnreadableFile
from pipeline.ledger.texts import canonical, chunks_of, shown

Lifts = Callable[[str], bool]
"""Whether a path inside of the records is a column by itself."""
DEEPEST_LIST = 4
"""So deep in an envelope its records are looked for."""
DEEPEST_PATH = 3
"""So many keys has the longest path that is lifted."""
LARGEST_ANSWER = 1 << 20
_ERROR_WORDS = (
    "error errors errorcode errormessage message messages status statuscode code detail details title type reason description help "
    "timestamp path instance success ok requestid correlationid category fault"
)
"""What interfaces answer with when they do not answer with what was asked (RFC 9457 and its like)."""


def lifts_nothing(_: str) -> bool:
    """No path is a column by itself."""
    return False


def json_columns(
    con: duckdb.DuckDBPyConnection, path: Path, wanted: Sequence[str], lifts: Lifts, *, is_array: bool
) -> tuple[list[str], str, list[str]]:
    """The columns of a well-formed file, the SELECT of its values as `json`, and where in them each column stands (JSON pointers).

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
    pointers = [_pointer([name]) for name in header]
    paths = [name for name in wanted if "/" in name and name not in header]
    _require_spelling(con, source, path, paths)
    if header and wanted and (is_an_error(header) or not _has_any(header, wanted)):
        raise duckdb.InvalidInputException("no record has what is wanted")
    placed = [_pointer(name.split("/")) for name in paths]
    if lifts is not lifts_nothing and _has_objects(con, source, path):
        inner = [keys for keys in _inner_paths(con, source, path, pointers) if (name := "/".join(keys)) not in paths and lifts(name)]
        paths, placed = [*paths, *map("/".join, inner)], [*placed, *map(_pointer, inner)]
    return [*header, *paths], source, [*pointers, *placed]


def _has_objects(con: duckdb.DuckDBPyConnection, source: str, path: Path) -> bool:
    """Whether anything looks like an object inside of a record: most files have none, and need not be searched for paths."""
    row = con.execute(f"SELECT bool_or(contains(substr(json::VARCHAR, 2), '{{')) FROM {source}", {"path": str(path)}).fetchone()
    return bool(row and row[0])


def _inner_paths(con: duckdb.DuckDBPyConnection, source: str, path: Path, pointers: list[str]) -> list[list[str]]:
    """The paths inside of the objects that stand at these pointers."""
    query = f"""SELECT DISTINCT pointer, unnest(keys) AS key FROM (
            SELECT unnest($pointers::VARCHAR[]) AS pointer, unnest(json_keys(json, $pointers)) AS keys FROM {source})
        WHERE len(keys) > 0 ORDER BY ALL"""
    found: list[list[str]] = []
    for _ in range(1, DEEPEST_PATH):
        rows = con.execute(query, {"path": str(path), "pointers": pointers}).fetchall() if pointers else []
        level = [[*_keys(pointer), str(key)] for pointer, key in rows]
        found += level
        pointers = [_pointer(keys) for keys in level]
    return found


def _keys(pointer: str) -> list[str]:
    return [key.replace("~1", "/").replace("~0", "~") for key in pointer.split("/")[1:]]


def _require_spelling(con: duckdb.DuckDBPyConnection, source: str, path: Path, paths: Sequence[str]) -> None:
    """Raise where a key on one of the paths is spelled in another way: DuckDB's pointers would find nothing there."""
    if not paths:
        return
    keys = [name.split("/") for name in paths]
    levels = sorted({_pointer(each[:depth]) for each in keys for depth in range(len(each))})
    query = f"SELECT DISTINCT unnest(flatten([coalesce(json_keys(json, level), []) FOR level IN $levels::VARCHAR[]])) FROM {source}"
    found = {name for (name,) in con.execute(query, {"path": str(path), "levels": levels}).fetchall()}
    told = {key for each in keys for key in each}
    if {canonical(name) for name in found - told} & {canonical(key) for key in told}:
        raise duckdb.InvalidInputException("a key of a path is spelled in another way")


def json_rows(path: Path, wanted: Sequence[str], lifts: Lifts) -> tuple[list[str], Iterator[tuple[list[str], str | None, str]]]:
    """The columns and the rows (cells, fault, raw) of any file of JSON; its records are held in memory.

    Raises UnreadableFile where no record has anything that is `wanted`: what was saved is an interface's error, or another table.
    """
    records = list(_records(path, wanted))
    header = list(dict.fromkeys(key for _, record, _ in records for key in record))
    if wanted and (is_an_error(header) or not _has_any(header, wanted)) and any(fault is None for fault, _, _ in records):
        raise UnreadableFile(f"no record has {', '.join(map(repr, wanted))} (found: {shown(header) or 'nothing'})")
    header += [name for name in wanted if "/" in name and name not in header]
    if lifts is not lifts_nothing:
        inner = dict.fromkeys(name for _, record, _ in records for name in _inner(record, DEEPEST_PATH - 1))
        header += [name for name in inner if name not in header and lifts(name)]
    return header, (([_as_text(_reach(record, name)) for name in header], fault, raw) for fault, record, raw in records)


def _inner(record: dict[str, object], depth: int) -> Iterator[str]:
    """The paths inside of the objects of a record."""
    for key, value in record.items():
        if isinstance(value, dict) and depth:
            yield from (f"{key}/{name}" for name in (*value, *_inner(value, depth - 1)))


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


def _pointer(keys: Sequence[str]) -> str:
    return "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in keys)


def _as_text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
