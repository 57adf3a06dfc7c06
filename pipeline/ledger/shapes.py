"""Tells which of a feed's shapes a JSON record has: the first of them whose required fields it holds.

Most files have one shape. In some a queue or a log collected several, and then each record is read by its own.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from pipeline.engines.local import quoted
from pipeline.feeds._vendor import Field, Shape, VendorFeed
from pipeline.ledger.landing import UnreadableFile

EMPTY = "''"
SEEN = 1000
"""So many records of a JSON file are looked at to tell its usual shape."""


def shapes_named(feed: VendorFeed, name: str) -> tuple[Shape, ...]:
    """The shapes that a file of this name can have: those that ask for its name, else those that ask for none."""
    base = name.rsplit("/", 1)[-1].lower()
    asked = tuple(shape for shape in feed.shapes if any(word in base for word in shape.file_names))
    free = tuple(shape for shape in feed.shapes if not shape.file_names)
    return (*asked, *free) or feed.shapes


def usual_shape(con: duckdb.DuckDBPyConnection, shapes: Sequence[Shape], source: str, parameters: dict[str, object]) -> Shape | None:
    """The first shape that one of the first records has; where no record can have one, that of a list with nothing in it."""
    shape = next((each for each in shapes if has_shape(con, each, source, parameters)), None)
    if shape is None and len(shapes) == 1 and not _has_any(con, source, parameters):
        return shapes[0]
    return shape or next((each for each in shapes if _is_empty(con, each, source, parameters)), None)


def has_shape(con: duckdb.DuckDBPyConnection, shape: Shape, source: str, parameters: dict[str, object]) -> bool:
    """Whether one of the first records has all the fields that the shape cannot do without."""
    query = f"""SELECT coalesce(bool_or({holds(shape)}), false)
        FROM (SELECT json_transform(json, $fields) AS read FROM ({lifted(shape, source)}) LIMIT {SEEN})"""
    row = con.execute(query, {**parameters, "fields": json.dumps(spec(shape))}).fetchone()
    return bool(row and row[0])


def told_apart(
    con: duckdb.DuckDBPyConnection, shapes: Sequence[Shape], usual: Shape, source: str, parameters: dict[str, object], target: Path
) -> list[tuple[Shape, str]]:
    """The shapes of a file's records, with the SQL for the records of each: their `place` in the file, and their `json`.

    A value is opened as the first shape wants it of which it holds a record. What has no shape is of the usual one. Raises
    UnreadableFile where a whole list stands beside something else: the one's silence would speak for the other.
    """
    lists = [_listed(shape) for shape in shapes]
    fits = [f"len(list_filter({listed}, lambda one: {_is_one(shape)})) > 0" for shape, listed in zip(shapes, lists, strict=True)]
    opened = " ".join(f"WHEN {fit} THEN {listed}" for fit, listed in zip(fits, lists, strict=True))
    values = f"SELECT unnest(CASE {opened} ELSE {_listed(usual)} END) AS one FROM {source}"
    own = " ".join(f"WHEN {_is_one(shape)} THEN {number}" for number, shape in enumerate(shapes))
    query = f"SELECT one AS json, CASE {own} ELSE {shapes.index(usual)} END AS shape_no FROM ({values})"
    con.execute(f"COPY ({query}) TO $target (FORMAT parquet)", {**parameters, "target": str(target)})
    apart = f"read_parquet({quoted(target)}, file_row_number = true)"
    numbers = [number for (number,) in con.execute(f"SELECT DISTINCT shape_no FROM {apart} ORDER BY ALL").fetchall()]
    found = [shapes[number] for number in numbers]
    names = list(dict.fromkeys(shape.name for shape in found))
    if len(names) > 1 and any(shape.is_snapshot for shape in found):
        raise UnreadableFile(f"it holds whole lists beside other records ({', '.join(names)}); put each into a file of its own")
    return [
        (shapes[number], f"(SELECT file_row_number + 1 AS place, json::JSON AS json FROM {apart} WHERE shape_no = {number})")
        for number in numbers
    ]


def lifted(shape: Shape, source: str, more: str = "") -> str:
    """SQL for the records inside the envelopes, in order; a value without the envelope's list is a record itself."""
    if not shape.records:
        return f"SELECT {more}json FROM {source}"
    return f"SELECT {more}unnest({_listed(shape)}) AS json FROM {source}"


def _has_any(con: duckdb.DuckDBPyConnection, source: str, parameters: dict[str, object]) -> bool:
    """Whether there is an object at all that could have had a shape."""
    query = f"SELECT count(*) FROM (SELECT json FROM {source} LIMIT {SEEN}) WHERE starts_with(ltrim(json::VARCHAR), '{{')"
    row = con.execute(query, parameters).fetchone()
    return bool(row and row[0])


def _is_empty(con: duckdb.DuckDBPyConnection, shape: Shape, source: str, parameters: dict[str, object]) -> bool:
    """Whether the file is an array or an envelope with nothing in it: a suppression list may well be empty."""
    return con.execute(f"SELECT 1 FROM ({lifted(shape, source)}) LIMIT 1", parameters).fetchone() is None


def _listed(shape: Shape) -> str:
    return f"coalesce({shape.records}, [json])" if shape.records else "[json]"


def holds(shape: Shape, read: str = "read") -> str:
    """SQL: whether the struct that a record becomes has all the fields that the shape cannot do without."""
    return " AND ".join(f"{reach(field, read)} IS NOT NULL" for field in shape.fields if field.is_required) or "true"


def _is_one(shape: Shape) -> str:
    """SQL: whether the JSON value `one` is a record of the shape."""
    return f"({holds(shape, f'json_transform(one, {_text(json.dumps(spec(shape)))})')})"


def reach(field: Field, read: str = "read") -> str:
    """SQL: where a field stands in the struct that a record becomes."""
    first, *others = (f"({read})." + ".".join(f'"{key}"' for key in path.split("/")) for path in field.paths)
    return f"coalesce({', '.join(f'nullif({place}, {EMPTY})' for place in (first, *others))})" if others else first


def _text(content: str) -> str:
    """A SQL text: a lambda takes no parameter."""
    return "'" + content.replace("'", "''") + "'"


def spec(shape: Shape) -> dict[str, Any]:
    """The structure for json_transform: every field as text, whatever stands around it."""
    found: dict[str, Any] = {}
    for path in (path for field in shape.fields for path in field.paths):
        *outer, last = path.split("/")
        level = found
        for key in outer:
            level = level.setdefault(key, {})
        level[last] = "VARCHAR"
    return found
