"""Reads a vendor's file into one Parquet of records: the adapter's fields as text columns, one row per record, in order.

The form is told by the content: one JSON value, an array, newline-delimited objects, form-encoded bodies one a line, XML, or
a table. DuckDB reads what is well formed; what it refuses is read once more in Python, record by record, and each record
that cannot be used says why.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qsl
from xml.parsers import expat

import duckdb

from pipeline.engines.local import quoted
from pipeline.feeds._feed import SourceFile
from pipeline.feeds._vendor import Field, Shape, VendorFeed
from pipeline.flags import Lifting, flag_columns
from pipeline.flags import Meaning as FlagMeaning
from pipeline.ledger.json_opened import Opened, opened_source
from pipeline.ledger.json_places import Place, cell_of, inner_places, pointer
from pipeline.ledger.json_tables import unwrapped
from pipeline.ledger.json_values import LARGEST_VALUE, RAW_LENGTH, Unreadable, as_line, json_values
from pipeline.ledger.landing import UnreadableFile
from pipeline.ledger.shapes import EMPTY, holds, lifted, reach, shapes_named, spec, told_apart, usual_shape
from pipeline.ledger.tables import PREAMBLE, REFUSALS, Table, alike, one_cell, read_table, read_table_again, text_of_row
from pipeline.ledger.texts import UTF_8, canonical, chunks_of, encoding_of, has_end, lines_of, sample_of, shown

FORM_LINE = re.compile(r"[A-Za-z0-9_.\-%+\[\]]+=[^&\s]*(&[A-Za-z0-9_.\-%+\[\]]+=[^&\s]*)*")
LARGEST_OBJECT = 16 << 20
"""As large as a JSON value usually is at most. An envelope may be larger."""
LONGEST_RECORD = 4 << 20
BATCH = """CASE WHEN starts_with(ltrim(json::VARCHAR), '[') THEN from_json(json, '["JSON"]') ELSE [json] END"""
"""The events of one body, where a file holds the bodies of a webhook one a line, each of them an array."""


class NoShape(UnreadableFile):
    """The file is readable, and its records have none of the feed's shapes."""


@dataclass(frozen=True)
class Records:
    """What was read: the shape, the Parquet with its fields, `fault`, `others` and `is_partial`, and how to get a record's text.

    A record is partial that lacks a field which the shape cannot do without.
    `attributes` are the names in `others`, `flags` those that say a "no" or consent.
    """

    shape: Shape
    path: Path
    count: int
    attributes: tuple[str, ...]
    flags: Mapping[str, FlagMeaning]
    raw_select: str
    raw_parameters: dict[str, object]
    is_together: bool = False
    """Whether the records of several files stand in it, told apart by `file_no`."""
    number: str = "file_row_number + 1"
    """SQL for a record's number in its file."""
    is_table: bool = False
    """Whether they stood below a header."""


def read_records(con: duckdb.DuckDBPyConnection, feed: VendorFeed, file: SourceFile, scratch: Path) -> list[Records]:
    """The records of one file, by their shapes. Raises UnreadableFile when it is empty or has none of the feed's shapes."""
    encoding = encoding_of(file.path)
    sample = sample_of(file.path).lstrip()
    if not sample:
        raise UnreadableFile("the file is empty")
    if sample[0] in "{[":
        try:
            return _read_json(con, feed, file, scratch, encoding, is_array=sample[0] == "[")
        except NoShape:
            # Somebody kept a whole answer of an interface, and the records are a list in it.
            keys = {path.split("/")[0] for shape in feed.shapes for field in shape.fields for path in field.paths}
            return _read_values(con, feed, file, scratch, sorted(keys))
    lines = scratch / "lines.ndjson"
    if sample[0] == "<":
        _write_elements(file.path, lines)
        return _read_json(con, feed, SourceFile(lines, file.name, file.feed), scratch, UTF_8, is_array=False)
    first_line = sample.splitlines()[0].strip()
    if FORM_LINE.fullmatch(first_line) and not PREAMBLE.fullmatch(first_line):
        _write_bodies(file.path, lines)
        return _read_json(con, feed, SourceFile(lines, file.name, file.feed), scratch, UTF_8, is_array=False)
    return [_read_csv(con, feed, file, scratch)]


def _read_json(
    con: duckdb.DuckDBPyConnection, feed: VendorFeed, file: SourceFile, scratch: Path, encoding: str, *, is_array: bool
) -> list[Records]:
    path = file.path
    # Told and not guessed: an array on one line would pass for one line of newline-delimited JSON.
    limit = LARGEST_OBJECT
    forms = [("array", limit), ("newline_delimited", limit)] if is_array else [("newline_delimited", limit), ("unstructured", limit)]
    size = path.stat().st_size
    if not is_array and limit < size <= LARGEST_VALUE:
        forms.append(("unstructured", size + 1))
    if encoding != UTF_8 or not has_end(path):
        forms = []
    for form, limit in forms:
        source = f"read_json_objects($path, format = '{form}', maximum_object_size = {limit})"
        if is_array and form == "newline_delimited":
            source = f"(SELECT unnest({BATCH}) AS json FROM {source})"
        try:
            records = _as_records(con, feed, file, scratch, source, {"path": str(path)})
        except REFUSALS:
            continue
        if is_array or not _holds_others(con, records):
            return records
        break  # objects and arrays in one file, one behind another
    return _read_values(con, feed, file, scratch)


def _holds_others(con: duckdb.DuckDBPyConnection, every: list[Records]) -> bool:
    """Whether a value of the file is no object: it may be a list of them."""
    return any(_has(con, records, "fault = 'not_an_object'") for records in every)


def _has(con: duckdb.DuckDBPyConnection, records: Records, condition: str) -> bool:
    row = con.execute(f"SELECT count(*) > 0 FROM read_parquet({quoted(records.path)}) WHERE {condition}").fetchone()
    return bool(row and row[0])


def _read_values(
    con: duckdb.DuckDBPyConnection, feed: VendorFeed, file: SourceFile, scratch: Path, keys: Sequence[str] = ()
) -> list[Records]:
    """The records of JSON value by value; with `keys`, those of envelopes that have none of them."""
    values = scratch / "values.ndjson"
    limit = max(LARGEST_OBJECT, _write_values(file.path, values, keys))
    source = f"read_json_objects($path, format = 'newline_delimited', maximum_object_size = {limit})"
    return _as_records(con, feed, file, scratch, source, {"path": str(values)})


def _as_records(
    con: duckdb.DuckDBPyConnection,
    feed: VendorFeed,
    file: SourceFile,
    scratch: Path,
    source: str,
    parameters: dict[str, object],
) -> list[Records]:
    shapes = shapes_named(feed, file.name)
    usual = usual_shape(con, shapes, source, parameters)
    if usual is None:
        raise NoShape(_no_shape(feed, shapes))
    records = as_records(con, usual, file, scratch / "record.parquet", source, parameters)
    if len(shapes) == 1 or not _has(con, records, "is_partial"):
        return [records]
    apart = told_apart(con, shapes, usual, source, parameters, scratch / "apart.parquet")
    if [shape for shape, _ in apart] == [usual]:
        return [records]
    return [
        replace(as_records(con, replace(shape, records=""), file, scratch / f"record-{number}.parquet", own, {}, "place, "), number="place")
        for number, (shape, own) in enumerate(apart)
    ]


def as_records(
    con: duckdb.DuckDBPyConnection,
    shape: Shape,
    file: SourceFile,
    target: Path,
    source: str,
    parameters: dict[str, object],
    more: str = "",
) -> Records:
    """Write the records of a shape out of the JSON values that `source` gives; `more` names further columns of it to keep.

    Of a profile's other fields those are kept as attributes that say a "no" or consent.
    """
    listed = lifted(shape, source, more)
    told = Opened(f"({listed})", parameters, "json", has_inner=False)
    places: dict[str, list[Place]] = {}
    if shape.profile:
        says = Lifting(file.feed.flags).is_of_pair
        told = opened_source(con, told.source, parameters, target.with_name(f"opened-{target.name}"), says, more)
        places = _places(con, told, shape)
    flags = flag_columns(places, file.feed.flags, shape.reads_otherwise, is_vendors=True)
    cells = [cell_of(places[name], meaning, number, told.column, is_scalar=True) for number, (name, meaning) in enumerate(flags.items())]
    others = f"map($flag_names::VARCHAR[], [{', '.join(cell for cell, _ in cells)}])"
    names: dict[str, object] = {name: place for _, asked in cells for name, place in asked.items()}
    names |= {"flag_names": list(flags)} if flags else {}
    columns = ", ".join(f"coalesce({reach(field)}, '') AS \"{field.name}\"" for field in shape.fields)
    # What Python could not read stands in the file as a string of its own.
    fault = f"""CASE WHEN strlen(json::VARCHAR) > {LONGEST_RECORD} THEN 'record_too_long'
        WHEN starts_with(ltrim(json::VARCHAR), '{{') THEN NULL
        WHEN json_type(json) = 'VARCHAR' THEN 'json_unreadable' ELSE 'not_an_object' END"""
    query = f"""SELECT {more}{columns}, {others if flags else "NULL::MAP(VARCHAR, VARCHAR)"} AS others, {fault} AS fault,
            fault IS NULL AND NOT ({holds(shape)}) AS is_partial
        FROM (
            SELECT *, json_transform(CASE WHEN strlen(json::VARCHAR) <= {LONGEST_RECORD} THEN json END, $fields) AS read
            FROM {told.source}
        )"""
    raw = f"SELECT {more}json::VARCHAR AS raw FROM ({listed})"
    asked = {**told.parameters, **names, "fields": json.dumps(spec(shape))}
    return _written(con, shape, query, asked, target, raw, parameters, tuple(flags), flags)


def _places(con: duckdb.DuckDBPyConnection, told: Opened, shape: Shape) -> dict[str, list[Place]]:
    """The places of the fields that the adapter does not read, in the records and in whatever stands inside of them, by their names."""
    keys = f"SELECT DISTINCT unnest(json_keys(json)) AS key FROM {told.searched} WHERE json_type(json) = 'OBJECT' ORDER BY key"
    outer = [str(key) for (key,) in con.execute(keys, told.parameters).fetchall()]
    every = [Place((key,), (pointer((key,)),)) for key in outer]
    if told.has_inner:
        every += inner_places(con, told.searched, told.parameters, outer)
    read = {path for each in shape.fields for path in each.paths}
    found: dict[str, list[Place]] = {}
    for place in every:
        # What an adapter reads as a whole is its own, down to the last list in it.
        is_read = place.name in read or (len(place.keys) > 2 or len(place.steps) > 1) and not read.isdisjoint(place.outer)
        if not is_read:
            found.setdefault(place.name, []).append(place)
    return found


def _read_csv(con: duckdb.DuckDBPyConnection, feed: VendorFeed, file: SourceFile, scratch: Path) -> Records:
    try:
        return _csv_records(con, feed, file, scratch, read_table(con, file.path, scratch, (), may_repeat=True))
    except REFUSALS:
        # Rows that DuckDB's reader refuses are read once more, one by one, so that each can say what is wrong with it.
        return _csv_records(con, feed, file, scratch, read_table_again(file.path, scratch, (), may_repeat=True))


def _csv_records(con: duckdb.DuckDBPyConnection, feed: VendorFeed, file: SourceFile, scratch: Path, table: Table) -> Records:
    shapes = shapes_named(feed, file.name)
    names = [canonical(name) for name in table.header]
    shape = next((each for each in shapes if not each.is_headless and _fits(each, names)), None)
    if shape is None:
        found = next(((each, layout) for each in shapes for layout in _layouts(each, file.name) if len(layout) >= len(names)), None)
        if found is None:
            raise UnreadableFile(f"{_no_shape(feed, shapes)} (found: {shown(table.header)})")
        return _headless_records(con, *found, table, scratch)
    positions = {field.name: _positions(field, names) for field in shape.fields}
    # A header that stands twice is one field.
    columns = ", ".join(f'{one_cell(found) if found else EMPTY} AS "{name}"' for name, found in positions.items())
    taken = {position for found in positions.values() for position in found}
    others = [found for name, found in alike(table.header).items() if taken.isdisjoint(found)]
    _look_at(con, table, [number for number in range(len(table.header)) if number not in taken.union(*others)])
    parameters = dict(table.parameters)
    values = "NULL::MAP(VARCHAR, VARCHAR)"
    if others:
        parameters["attribute_names"] = [table.header[found[0]] for found in others]
        values = f"map($attribute_names::VARCHAR[], [{', '.join(map(one_cell, others))}])"
    query = f"SELECT {columns}, {values} AS others, fault, false AS is_partial FROM ({table.select})"
    text, asked = text_of_row(table.header)
    raw = f"SELECT {text} AS raw FROM ({table.select})"
    attributes = tuple(table.header[found[0]] for found in others)
    flags = flag_columns(attributes, file.feed.flags, shape.reads_otherwise, is_vendors=True)
    raw_parameters = {**table.parameters, **asked}
    records = _written(con, shape, query, parameters, scratch / "record.parquet", raw, raw_parameters, attributes, flags)
    return replace(records, is_table=True)


def _look_at(con: duckdb.DuckDBPyConnection, table: Table, columns: list[int]) -> None:
    """Let DuckDB refuse what is no text in columns that nobody asks for: it decodes them only for the text of a rejected record."""
    if columns:
        counts = ", ".join(f"count(c{number})" for number in columns)
        con.execute(f"SELECT {counts} FROM ({table.select})", table.parameters).fetchall()


def _layouts(shape: Shape, name: str) -> list[list[str]]:
    """The columns, by position, that a table without a header can have in a file of this name."""
    if shape.is_headless:
        return [[canonical(field.name) for field in shape.fields]]
    base = name.rsplit("/", 1)[-1].lower()
    return [[canonical(column) for column in columns] for word, columns in shape.layouts.items() if word in base]


def _headless_records(con: duckdb.DuckDBPyConnection, shape: Shape, layout: list[str], table: Table, scratch: Path) -> Records:
    """A table without a header: what was taken for one is its first row."""
    width = len(table.header)
    places = [(field.name, next((place for place in _positions(field, layout) if place < width), None)) for field in shape.fields]
    columns = ", ".join(f'{EMPTY if place is None else f"coalesce(c{place}, {EMPTY})"} AS "{name}"' for name, place in places)
    first = ", ".join(f'{EMPTY if place is None else f"$first_{place}"} AS "{name}"' for name, place in places)
    read = {place for _, place in places}
    _look_at(con, table, [number for number in range(width) if number not in read])
    firsts = {f"first_{number}": text for number, text in enumerate(table.header) if number in read}
    parameters: dict[str, object] = {**table.parameters, **firsts}
    query = f"""SELECT {first}, NULL::MAP(VARCHAR, VARCHAR) AS others, NULL::VARCHAR AS fault, false AS is_partial
        UNION ALL SELECT {columns}, NULL::MAP(VARCHAR, VARCHAR) AS others, fault, false AS is_partial FROM ({table.select})"""
    text = ", ".join(f"coalesce(c{number}, '')" for number in range(width))
    raw = f"SELECT $first_text AS raw UNION ALL SELECT coalesce(nullif(raw, ''), concat_ws(',', {text})) FROM ({table.select})"
    raw_parameters = {**table.parameters, "first_text": ",".join(table.header)}
    return _written(con, shape, query, parameters, scratch / "record.parquet", raw, raw_parameters)


def _written(
    con: duckdb.DuckDBPyConnection,
    shape: Shape,
    query: str,
    parameters: dict[str, object],
    target: Path,
    raw: str,
    raw_parameters: dict[str, object],
    attributes: tuple[str, ...] = (),
    flags: Mapping[str, FlagMeaning] | None = None,
) -> Records:
    (count,) = con.execute(f"COPY ({query}) TO $target (FORMAT parquet)", {**parameters, "target": str(target)}).fetchone() or (0,)
    return Records(shape, target, int(count), attributes, flags or {}, raw, raw_parameters)


def _fits(shape: Shape, names: list[str]) -> bool:
    return all(_positions(field, names) for field in shape.fields if field.is_required)


def _positions(field: Field, names: list[str]) -> list[int]:
    wanted = {canonical(name) for name in (field.name, *field.headers)}
    return [number for number, name in enumerate(names) if name in wanted]


def _no_shape(feed: VendorFeed, shapes: tuple[Shape, ...]) -> str:
    known = "; ".join(f"{shape.name}: {', '.join(field.name for field in shape.fields if field.is_required)}" for shape in shapes)
    return f"no record has the fields of {feed.source} ({known})"


def _write_bodies(path: Path, target: Path) -> None:
    """Form-encoded bodies, one a line, as JSON objects; a field that is sent twice keeps its first value."""
    with target.open("w", encoding="utf-8") as sink:
        for line in lines_of(path):
            if line.strip():
                pairs = reversed(parse_qsl(line.strip(), keep_blank_values=True))
                sink.write(json.dumps(dict(pairs) or line.strip()) + "\n")


def _write_elements(path: Path, target: Path) -> None:
    """The records of an XML file, `<records><record><name>text</name>…</record>…</records>`, as JSON objects, one a line.

    A document type is refused before anything is read of it: what entities stand for could be as large as they like.
    """
    record: dict[str, str] = {}
    texts: list[str] = []
    outer: list[str] = []
    with path.open("rb") as source, target.open("w", encoding="utf-8") as sink:

        def start(name: str, _: object) -> None:
            if name.lower() == "html":
                raise UnreadableFile("the file is a page for people, and no list of records")
            outer.append(name)
            texts.clear()

        def end(name: str) -> None:
            if len(outer) == 3:
                record.setdefault(name, "".join(texts).strip())
            elif len(outer) == 2:
                sink.write(json.dumps(record) + "\n")
                record.clear()
            elif len(outer) == 1 and "".join(texts).strip():
                raise UnreadableFile("the XML file is a text, and no list of records")
            texts.clear()
            outer.pop()

        def refuse(*_: object) -> None:
            raise UnreadableFile("the XML file declares a document type, which is not read")

        parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = texts.append, refuse
        try:
            parser.ParseFile(source)
        except expat.ExpatError as error:
            raise UnreadableFile(f"the XML cannot be read: {error}") from error


def _write_values(path: Path, target: Path, keys: Sequence[str]) -> int:
    """The JSON values of a file that DuckDB refused, one a line, without envelopes; what cannot be read is a JSON string of its text.

    Gives the length of the longest line. Raises UnreadableFile where nothing can be read: an envelope that is cut off would
    count as one record.
    """
    longest = count = 0
    value: object = None
    with target.open("wb") as sink:
        for value in json_values(chunks_of(path)):
            for record in [value] if isinstance(value, Unreadable) else unwrapped(value, keys):
                line = as_line(record).encode() + b"\n"
                sink.write(line)
                longest = max(longest, len(line))
            count += 1
    if count == 1 and isinstance(value, Unreadable) and len(value.text) == RAW_LENGTH:
        raise UnreadableFile("the file is one JSON value that is truncated, damaged or too long")
    return longest
