"""Reads JSON as a table: an array, an object with one array in it, objects one after another or one a line, in any order.

A column is a key of the records or, where a feed asks for it, a path in them (`contact/email`). DuckDB reads what is well formed and
plain; what it refuses, and envelopes, are read once more in Python, record by record.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from pipeline.ledger.json_values import RAW_LENGTH, Unreadable, as_line, json_values
from pipeline.ledger.texts import canonical, chunks_of

DEEPEST_LIST = 4
"""So deep in an envelope its records are looked for."""


def json_columns(con: duckdb.DuckDBPyConnection, path: Path, wanted: Sequence[str], *, is_array: bool) -> tuple[list[str], str, list[str]]:
    """The columns of a well-formed file, the SELECT of its values as `json`, and where in them each column stands (JSON pointers).

    Raises duckdb.Error for what DuckDB refuses, and for records that have nothing `wanted`: they may be envelopes.
    """
    # Told and not guessed: an array on one line would pass for one line of newline-delimited JSON.
    shape = "array" if is_array else "newline_delimited"
    source = f"read_json_objects($path, format = '{shape}', maximum_object_size = 16777216)"
    keys = "CASE WHEN json_type(json) = 'OBJECT' THEN json_keys(json) ELSE [NULL] END"
    found = con.execute(f"SELECT DISTINCT unnest({keys}) AS name FROM {source} ORDER BY name", {"path": str(path)}).fetchall()
    header = [str(name) for (name,) in found]
    if (None,) in found:
        raise duckdb.InvalidInputException("a value is no object: it may be a list of them")
    pointers = ["/" + _escaped(name) for name in header]
    paths = [name for name in wanted if "/" in name and name not in header]
    if header and wanted and not _has_any(header, wanted):
        raise duckdb.InvalidInputException("no record has what is wanted")
    return [*header, *paths], source, [*pointers, *("/" + "/".join(map(_escaped, name.split("/"))) for name in paths)]


def json_rows(path: Path, wanted: Sequence[str]) -> tuple[list[str], Iterator[tuple[list[str], str | None, str]]]:
    """The columns and the rows (cells, fault, raw) of any file of JSON; its records are held in memory."""
    records = list(_records(path, wanted))
    header = list(dict.fromkeys(key for _, record, _ in records for key in record))
    header += [name for name in wanted if "/" in name and name not in header]
    return header, (([_as_text(_reach(record, name)) for name in header], fault, raw) for fault, record, raw in records)


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


def _reach(record: dict[str, object], name: str) -> object:
    if name in record or "/" not in name:
        return record.get(name)
    found: object = record
    for key in name.split("/"):
        found = found.get(key) if isinstance(found, dict) else None
    return found


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def _as_text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
