"""Reads many small files of a vendor as one: a webhook's receiver writes a file for each call, and a thousand of them must
cost as one does.

Only JSON values and form-encoded bodies are read so; a file that has to be looked at more closely is left to be read alone.
"""

import json
import re
from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl

import duckdb

from pipeline.engines.local import quoted
from pipeline.feeds._feed import SourceFile
from pipeline.feeds._vendor import Shape, VendorFeed
from pipeline.ledger.json_values import first_of_each
from pipeline.ledger.records import FORM_LINE, LARGEST_OBJECT, Records, as_records
from pipeline.ledger.shapes import has_shape, shapes_named

SMALL = 256 << 10
"""A larger file is worth a pass of its own."""
NUMBER = "row_number() OVER (PARTITION BY file_no ORDER BY file_row_number)"
MOST = 500
"""So many files are read together: each is cut out of the whole at the end."""


def is_small(path: Path) -> bool:
    """Whether a file may be read together with others: a small one that begins as JSON or as a form-encoded body."""
    if path.stat().st_size > SMALL:
        return False
    with path.open("rb") as stream:
        start = stream.read(512).removeprefix(b"\xef\xbb\xbf").lstrip()
    return start[:1] in (b"{", b"[") or (b"=" in start and FORM_LINE.match(start.decode("utf-8", "replace")) is not None)


def read_together(con: duckdb.DuckDBPyConnection, feed: VendorFeed, files: Sequence[SourceFile], scratch: Path) -> list[Records]:
    """The records of the files, one `Records` per shape. A file that has no records here has to be read alone.

    In the Parquet, `file_no` is the number of the file in `files`. A file with a record that lacks what its shape cannot do without is
    read alone, for the record may have another shape.
    """
    groups: dict[Hashable, list[tuple[int, list[object]]]] = defaultdict(list)
    for number, file in enumerate(files):
        values = _values(file.path)
        if not values or not all(isinstance(value, dict) for value in values):
            continue
        shapes = shapes_named(feed, file.name)
        keys = frozenset(key for value in values if isinstance(value, dict) for key in value)
        # What tells the shapes apart inside an envelope or an object has to be looked at file by file.
        own = number if len(shapes) > 1 and any(_is_told_inside(shape) for shape in shapes) else -1
        groups[tuple(shape.name for shape in shapes), keys, own].append((number, values))
    of_shape: dict[str, tuple[Shape, list[str]]] = {}
    for group_no, members in enumerate(groups.values()):
        path = scratch / f"together-{group_no:05}.ndjson"
        with path.open("w", encoding="utf-8") as sink:
            for number, values in members:
                sink.writelines(json.dumps({"file_no": number, "json": value}) + "\n" for value in values)
        shapes = shapes_named(feed, files[members[0][0]].name)
        shape = next((each for each in shapes if has_shape(con, each, SOURCE, {"paths": [str(path)]})), None)
        if shape is None or re.search(r"\bfile_name\b", repr(shape)):
            continue  # to be refused with its reason, or read by its own name
        of_shape.setdefault(shape.name, (shape, []))[1].append(str(path))
    found: list[Records] = []
    for shape_no, (shape, paths) in enumerate(of_shape.values()):
        target = scratch / f"record-{shape_no:05}.parquet"
        records = as_records(con, shape, files[0], target, SOURCE, {"paths": paths}, "file_no, ")
        partial = _partial(con, records) if len(feed.shapes) > 1 else []
        if partial:
            source = f"(SELECT * FROM {SOURCE} WHERE NOT list_contains($partial::INTEGER[], file_no))"
            records = as_records(con, shape, files[0], target, source, {"paths": paths, "partial": partial}, "file_no, ")
        found.append(replace(records, is_together=True, number=NUMBER))
    return found


def _partial(con: duckdb.DuckDBPyConnection, records: Records) -> list[int]:
    """The numbers of the files that have a partial record."""
    query = f"SELECT DISTINCT file_no FROM read_parquet({quoted(records.path)}) WHERE is_partial ORDER BY ALL"
    return [file_no for (file_no,) in con.execute(query).fetchall()]


def _is_told_inside(shape: Shape) -> bool:
    """Whether the fields that tell the shape may stand elsewhere than among the value's own keys."""
    return bool(shape.records) or any("/" in path for field in shape.fields if field.is_required for path in field.paths)


SOURCE = f"""(SELECT (line ->> '$.file_no')::INTEGER AS file_no, line -> '$.json' AS json FROM (
    SELECT json AS line FROM read_json_objects($paths, format = 'newline_delimited', maximum_object_size = {LARGEST_OBJECT})))"""


def _values(path: Path) -> list[object]:
    """The JSON values of a file, or the objects of its form-encoded bodies; none where it has to be looked at more closely."""
    try:
        text = path.read_text(encoding="utf-8-sig").strip()
        if text[:1] not in ("{", "["):
            lines = [line.strip() for line in text.split("\n") if line.strip()]
            if "\0" in text or not all(FORM_LINE.fullmatch(line) for line in lines):
                return []
            return [dict(reversed(parse_qsl(line, keep_blank_values=True))) for line in lines]
        value = json.loads(text, parse_float=str, parse_constant=_refused, object_pairs_hook=first_of_each)
        # What UTF-8 cannot write, DuckDB cannot read.
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (OSError, ValueError, RecursionError):
        return []
    return value if isinstance(value, list) else [value]


def _refused(name: str) -> object:
    raise ValueError(f"{name} is no JSON")
