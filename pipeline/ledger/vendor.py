"""Turns a vendor's records into ledger rows: records → `each` → label → code → canonical columns → sql/0_load.

A row of the ledger keeps the number of the record that it comes from. Counts are of records, so that they are the file's
own: a record is rejected when any part of it is (its other parts are loaded all the same), loaded when a part of it is
new, a duplicate when every part stands elsewhere in the file, and ignored when there is no event in it.
"""

from pathlib import Path

import duckdb

from pipeline.engines.local import quoted
from pipeline.feeds._feed import SourceFile
from pipeline.feeds._vendor import Meaning, Shape, VendorFeed
from pipeline.ledger.records import Records, read_records
from pipeline.ledger.staging import COLUMNS, WRITTEN_TIME, Fates, RecordsStaged, Target, counted, write_rows
from pipeline.vocabulary import Kind

SEPARATOR = "\x1f"
CODE = ("kind", "word", "bounce_class", "reason", "via", "actor", "channel")
"""The parts of a meaning, in the order in which they stand in the looked-up text."""
PROFILE_SAYS = """key_of(concat_ws(chr(31), profile_key, email_address, email, phone_number, phone, first_name, last_name, birth_date,
    street, postal_code, city, country, language, updated_at, external_id, attributes::VARCHAR))"""
"""What makes two rows of profiles the same saying."""
WORD_COLUMN = {Kind.CONSENT: "action", Kind.DELIVERY: "type"}
RAW_LENGTH = 2000
EMPTY = "''"


def stage_vendor(con: duckdb.DuckDBPyConnection, feed: VendorFeed, target: Target, file: SourceFile, scratch: Path) -> RecordsStaged:
    """Write the rows of one vendor file, a Parquet per kind, and count its records. Raises UnreadableFile."""
    records = read_records(con, feed, file, scratch)
    shape = records.shape
    if not shape.kinds:  # a file that the vendor delivers along with its events
        return RecordsStaged(fates=Fates(records.count, 0, 0, records.count, 0))
    _tell_codes(con, shape, file)
    parts: list[tuple[Kind, Path]] = []
    for kind in shape.kinds:
        path = target.folder / f"{kind}.parquet"
        if kind is Kind.PROFILE:
            select, parameters = _profile_select(shape, records, target.load_key)
        else:
            select, parameters = _event_select(kind, shape, records, target.load_key, file)
        write_rows(con, kind, select, parameters, path)
        parts.append((kind, path))
    result = RecordsStaged(
        rejected=_rejected(con, parts, records, scratch),
        fates=_fates(con, parts, records.count, is_single=not shape.each and not shape.profile),
        is_snapshot=shape.is_snapshot,
        series=shape.name if shape.is_snapshot else "",
    )
    for kind, path in parts:
        staged = counted(con, kind, path).get(target.load_key)
        if staged is None:
            path.unlink()
        else:
            staged.rejected = []  # told once for the whole record, above
            staged.attributes = records.attributes if kind is Kind.PROFILE else ()
            result.staged.append(staged)
    return result


def _tell_codes(con: duckdb.DuckDBPyConnection, shape: Shape, file: SourceFile) -> None:
    """Set the variables that expressions look up: the vendor's words, and the file's own name."""
    texts = {label.lower(): _text(meaning) for label, meaning in shape.codes.items()}
    con.execute(
        "SET VARIABLE codes = (SELECT map($labels::VARCHAR[], $texts::VARCHAR[]))", {"labels": list(texts), "texts": list(texts.values())}
    )
    con.execute("SET VARIABLE file_name = (SELECT $name::VARCHAR)", {"name": file.name.rsplit("/", 1)[-1]})


def _text(meaning: Meaning) -> str:
    return SEPARATOR.join(str(getattr(meaning, part) or "") for part in CODE)


def _event_select(kind: Kind, shape: Shape, records: Records, load_key: int, file: SourceFile) -> tuple[str, dict[str, object]]:
    """The staged rows of one kind of events (see sql/0_load), with the SELECT's parameters.

    What holds no event is left out here: it is what remains of the count. A record with an unknown word, or one that could not
    be read, is told by the first kind of events, or by the profile that the record is besides.
    """
    has_profile = Kind.PROFILE in shape.kinds
    is_home = kind is next(each for each in (*shape.kinds, kind) if each is not Kind.PROFILE)
    mine = f"code[1] = '{kind}' AND fault IS NULL"
    if is_home:
        mine += " OR (code IS NULL AND label IS NOT NULL AND fault IS NULL)"
        mine += "" if has_profile else " OR fault IS NOT NULL"
    says = {name: _as_text(shape, expression) for name, expression in shape.says.items()}
    for number, part in enumerate(CODE, start=1):
        if part in COLUMNS[kind]:
            says[part] = f"coalesce(nullif(code[{number}], ''), {says.get(part, EMPTY)})"
    says[WORD_COLUMN[kind]] = "coalesce(code[2], '')"
    if kind is Kind.CONSENT:
        scope, scope_id = says.get("scope", EMPTY), says.get("scope_id", EMPTY)
        says["scope"] = f"CASE WHEN {scope} <> '' THEN {scope} WHEN {scope_id} = '' THEN $feed_scope ELSE 'list' END"
        says["scope_id"] = f"CASE WHEN {scope} = '' AND {scope_id} = '' THEN $feed_scope_id ELSE {scope_id} END"
    columns = ", ".join(f'{says.get(name, EMPTY)} AS "{name}"' for name in COLUMNS[kind])
    written = says.get(WRITTEN_TIME[kind], EMPTY)
    select = f"""
        SELECT $load_key::BIGINT AS load_key, record_number, {columns}, label AS vendor_label, {written} AS written_time,
            CASE WHEN fault IS NOT NULL THEN fault WHEN code IS NULL THEN 'code_unknown' END AS fault,
            '' AS raw,
            CASE WHEN fault IS NULL AND is_unknown THEN 'code ' || label ELSE '' END AS unknown_code,
            {_flag(shape.is_snapshot)} AND {written} = '' AS is_standing
        FROM (
            SELECT *, code_of(label) IS NULL AS is_unknown, string_split(
                coalesce(code_of(label), code_around(label), CASE WHEN label IS NOT NULL THEN $unknown::VARCHAR END), '{SEPARATOR}'
            ) AS code
            FROM (SELECT *, {_sql(shape, shape.label)} AS label FROM ({_said(shape, records, keeps_all=is_home and not has_profile)}))
        )
        WHERE {mine}"""
    parameters: dict[str, object] = {"load_key": load_key, "unknown": _text(shape.unknown) if shape.unknown else None}
    if kind is Kind.CONSENT:
        parameters["feed_scope"], parameters["feed_scope_id"] = _widest_scope(file)
    return select, parameters


def _profile_select(shape: Shape, records: Records, load_key: int) -> tuple[str, dict[str, object]]:
    """The staged rows of the profiles that the records are; a record that could not be read is among them."""
    says = {name: _as_text(shape, expression) for name, expression in shape.profile.items()}
    columns = ", ".join(f'{says.get(name, EMPTY)} AS "{name}"' for name in COLUMNS[Kind.PROFILE])
    select = f"""
        SELECT $load_key::BIGINT AS load_key, record_number, {columns}, '' AS vendor_label,
            {says.get(WRITTEN_TIME[Kind.PROFILE], EMPTY)} AS written_time, NULL::VARCHAR AS flags, others AS attributes,
            {_flag(not shape.is_snapshot)} AS has_operation, fault, '' AS raw, '' AS unknown_code, false AS is_standing
        FROM ({_numbered(records)})
        WHERE fault IS NOT NULL OR ({shape.profile_when})"""
    return select, {"load_key": load_key}


def _said(shape: Shape, records: Records, *, keeps_all: bool) -> str:
    """The records, one row for each element of `each` where the shape has it; `keeps_all`: also those that have none."""
    if not shape.each:
        return f"SELECT *, NULL AS item FROM ({_numbered(records)})"
    elements = f"CASE WHEN len({shape.each}) > 0 THEN {shape.each} ELSE [NULL] END" if keeps_all else shape.each
    return f"SELECT *, unnest({elements}) AS item FROM ({_numbered(records)})"


def _numbered(records: Records) -> str:
    return f"SELECT *, file_row_number + 1 AS record_number FROM read_parquet({quoted(records.path)}, file_row_number = true)"


def _as_text(shape: Shape, expression: str) -> str:
    return f"coalesce(CAST(({_sql(shape, expression)}) AS VARCHAR), '')"


def _sql(shape: Shape, expression: str) -> str:
    """An adapter's expression; one that is a field's bare name is quoted, for some names are words of SQL."""
    return f'"{expression}"' if any(field.name == expression for field in shape.fields) else expression


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _widest_scope(file: SourceFile) -> tuple[str, str]:
    """What a "no" without an id of the vendor's is from: the feed's brand, else its organisation, else the group."""
    if file.feed.brand:
        return "brand", file.feed.brand
    if file.feed.organisation:
        return "organisation", file.feed.organisation
    return "group", ""


def _judged(kind: Kind, path: Path, part: int) -> str:
    """The rows of one part: the record, its fault, and what makes two rows say the same."""
    key = PROFILE_SAYS if kind is Kind.PROFILE else "event_key"
    return f"SELECT record_number, fault, {part} AS part, {key} AS said FROM read_parquet({quoted(path)})"


def _fates(con: duckdb.DuckDBPyConnection, parts: list[tuple[Kind, Path]], count: int, *, is_single: bool) -> Fates:
    """What became of the file's records; `is_single`: each is one row at most."""
    union = " UNION ALL ".join(_judged(kind, path, number) for number, (kind, path) in enumerate(parts))
    if is_single:
        # Nothing has to be put together again.
        rejected, loaded = con.execute(
            f"SELECT count(*) FILTER (fault <> 'ignored'), count(*) FILTER (fault IS NULL) FROM ({union})"
        ).fetchall()[0]
        row = con.execute(f"SELECT count(*) FROM (SELECT DISTINCT part, said FROM ({union}) WHERE fault IS NULL)").fetchone()
        distinct = row[0] if row else 0
        return Fates(count, distinct, loaded - distinct, count - loaded - rejected, rejected)
    loaded, duplicate, rejected = con.execute(
        f"""WITH row_of AS (
            SELECT *, fault IS NULL AND row_number() OVER (PARTITION BY part, said, fault IS NULL ORDER BY record_number) = 1 AS is_new
            FROM ({union})
        ),

        fate AS (
            SELECT
                record_number,
                bool_or(coalesce(fault <> 'ignored', false)) AS is_rejected,
                bool_or(is_new) AS is_new,
                bool_or(fault IS NULL) AS has_event
            FROM row_of
            GROUP BY record_number
        )

        SELECT
            count(*) FILTER (NOT is_rejected AND is_new),
            count(*) FILTER (NOT is_rejected AND NOT is_new AND has_event),
            count(*) FILTER (is_rejected)
        FROM fate"""
    ).fetchall()[0]
    return Fates(count, loaded, duplicate, count - loaded - duplicate - rejected, rejected)


def _rejected(
    con: duckdb.DuckDBPyConnection, parts: list[tuple[Kind, Path]], records: Records, scratch: Path
) -> list[tuple[int, str, str]]:
    """The rejected records: number, every fault, and the record as it came."""
    union = " UNION ALL ".join(_judged(kind, path, number) for number, (kind, path) in enumerate(parts))
    faults = con.execute(
        f"""SELECT record_number, string_agg(DISTINCT fault, '; ' ORDER BY fault)
        FROM ({union}) WHERE fault <> 'ignored' GROUP BY record_number ORDER BY record_number"""
    ).fetchall()
    if not faults:
        return []
    path = scratch / "raw.parquet"
    con.execute(f"COPY ({records.raw_select}) TO {quoted(path)} (FORMAT parquet)", records.raw_parameters)
    texts = dict(
        con.execute(
            f"""SELECT file_row_number + 1, left(raw, {RAW_LENGTH}) FROM read_parquet({quoted(path)}, file_row_number = true)
            WHERE file_row_number + 1 IN (SELECT unnest($numbers::BIGINT[]))""",
            {"numbers": [number for number, _ in faults]},
        ).fetchall()
    )
    return [(number, fault, texts.get(number) or "") for number, fault in faults]
