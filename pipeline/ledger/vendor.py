"""Turns a vendor's records into ledger rows: records → `each` → label → code → canonical columns → sql/0_load.

A row of the ledger keeps the number of the record that it comes from. Counts are of records, so that they are the file's
own: a record is rejected when any part of it is (its other parts are loaded all the same), loaded when a part of it is
new, a duplicate when every part stands elsewhere in the file, and ignored when there is no event in it.
"""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import duckdb

from pipeline.engines.local import quoted
from pipeline.feeds._feed import SourceFile
from pipeline.feeds._vendor import MEANT_BY_NO, RCS_AND_TEXT, Meaning, Shape, VendorFeed
from pipeline.flags import flags_sql
from pipeline.ledger import former
from pipeline.ledger.flagging import count_flags
from pipeline.ledger.json_values import RAW_LENGTH
from pipeline.ledger.landing import UnreadableFile
from pipeline.ledger.records import Records, read_records
from pipeline.ledger.rows import IGNORED
from pipeline.ledger.staging import COLUMNS, PARQUET, WRITTEN_TIME, Fates, RecordsStaged, Target, counted, cut_out, write_rows
from pipeline.ledger.tables import MOST_REJECTED
from pipeline.ledger.together import read_together
from pipeline.vocabulary import RESTRICTIVE_ACTIONS, Channel, Kind

SEPARATOR = "\x1f"
CODE = ("kind", "word", "bounce_class", "reason", "via", "actor", "channel")
"""The parts of a meaning, in the order in which they stand in the looked-up text."""
PROFILE_SAYS = """key_of(concat_ws(chr(31), profile_key, email_address, email, phone_number, phone, first_name, last_name, birth_date,
    street, postal_code, city, country, language, updated_at, external_id, attributes::VARCHAR))"""
"""What makes two rows of profiles the same saying."""
SAYS_NOTHING = "(is_partial AND label IS NOT NULL AND code[1] = '')"
"""SQL: whether a record lacks what its shape cannot do without, and would be passed over for it; a NULL label is said on purpose."""
WORD_COLUMN = {Kind.CONSENT: "action", Kind.DELIVERY: "type"}
MOST_TEXTS = 100_000
"""So many rejected records are kept with their text; of the others the number tells where they stand in the landing file."""
EMPTY = "''"
NO_WORDS = tuple(sorted(str(action) for action in RESTRICTIVE_ACTIONS))


def stage_vendor(con: duckdb.DuckDBPyConnection, feed: VendorFeed, target: Target, file: SourceFile, scratch: Path) -> RecordsStaged:
    """Write the rows of one vendor file, a Parquet per kind, and count its records. Raises UnreadableFile."""
    every = read_records(con, feed, file, scratch)
    if len(every) == 1:
        parts = _write_parts(con, every[0], [target.load_key], file, target.folder)
    else:
        parts = _write_mixed(con, every, target, file, scratch)
    return _results(con, every, parts, [target.load_key], scratch)[target.load_key]


def stage_together(
    con: duckdb.DuckDBPyConnection, feed: VendorFeed, files: Sequence[tuple[Target, SourceFile]], scratch: Path
) -> dict[int, RecordsStaged]:
    """Write the rows of many small files, which costs as much as one does; by load key. What is missing has to be read alone."""
    found: dict[int, RecordsStaged] = {}
    every = read_together(con, feed, [file for _, file in files], scratch)
    folders = {target.load_key: target.folder for target, _ in files}
    for records in every:
        parts = _write_parts(con, records, list(folders), files[0][1], scratch)
        for load_key, result in _results(con, [records], parts, list(folders), scratch).items():
            for staged in result.staged:
                cut_out(con, dict(parts)[staged.kind], load_key, folders[load_key] / f"{staged.kind}.parquet")
            found[load_key] = result
    return found


def _write_mixed(
    con: duckdb.DuckDBPyConnection, every: Sequence[Records], target: Target, file: SourceFile, scratch: Path
) -> list[tuple[Kind, Path]]:
    """The same of a file whose records have several shapes: each shape's rows, then all of a kind in the file's order."""
    paths: dict[Kind, list[str]] = defaultdict(list)
    for number, records in enumerate(every):
        folder = scratch / f"shape-{number:02}"
        folder.mkdir()
        for kind, path in _write_parts(con, records, [target.load_key], file, folder):
            paths[kind].append(str(path))
    for kind, found in paths.items():
        rows = (
            "SELECT * FROM read_parquet($paths, filename = true, file_row_number = true) ORDER BY record_number, filename, file_row_number"
        )
        together = f"SELECT * EXCLUDE (filename, file_row_number) FROM ({rows})"
        con.execute(f"COPY ({together}) TO {quoted(target.folder / f'{kind}.parquet')} ({PARQUET})", {"paths": found})
    return [(kind, target.folder / f"{kind}.parquet") for kind in Kind if kind in paths]


def _write_parts(
    con: duckdb.DuckDBPyConnection, records: Records, load_keys: list[int], file: SourceFile, folder: Path
) -> list[tuple[Kind, Path]]:
    """One Parquet for each kind of rows that the records can be."""
    shape = records.shape
    _tell_codes(con, shape, file)
    meaning = _tell_meanings(con, shape, records, load_keys) if shape.codes else MEANING
    parts: list[tuple[Kind, Path]] = []
    has_faults = _has_faults(con, records)
    for kind in shape.kinds:
        path = folder / f"{kind}.parquet"
        if kind is Kind.PROFILE:
            select, parameters = _profile_select(shape, records)
        elif not has_faults and meaning != MEANING and _is_unsaid(con, kind):
            # To plan the kind's step costs more than to read a small file.
            continue
        else:
            select, parameters = _event_select(kind, shape, records, file, meaning)
        write_rows(con, kind, select, {**parameters, "load_keys": load_keys}, path)
        parts.append((kind, path))
    return parts


def _results(
    con: duckdb.DuckDBPyConnection, every: Sequence[Records], parts: list[tuple[Kind, Path]], load_keys: list[int], scratch: Path
) -> dict[int, RecordsStaged]:
    """What became of each file's records, by load key; of several files only those that have records here."""
    shape = every[0].shape
    counts = {load_keys[0]: sum(records.count for records in every)}
    if every[0].is_together:
        query = f"SELECT $load_keys[file_no + 1], count(*) FROM read_parquet({quoted(every[0].path)}) GROUP BY ALL"
        counts = dict(con.execute(query, {"load_keys": load_keys}).fetchall())
    fates = _fates(con, parts, counts, is_single=not any(map(_has_parts, every)))
    rejected = _rejected(con, parts, every, load_keys, scratch)
    meanings = {name: meaning for records in every for name, meaning in records.flags.items()}
    found = {
        load_key: RecordsStaged(
            rejected=rejected.get(load_key, []),
            fates=fates[load_key],
            is_snapshot=shape.is_snapshot,
            series=shape.name if shape.is_snapshot else "",
        )
        for load_key in counts
    }
    for kind, path in parts:
        by_load = counted(con, kind, path)
        flags = count_flags(con, path, meanings) if kind is Kind.PROFILE else {}
        for load_key, staged in by_load.items():
            staged.rejected = []  # told once for the whole record, above
            if kind is Kind.PROFILE:
                staged.attributes = tuple(dict.fromkeys(name for records in every for name in records.attributes))
                staged.flags = flags.get(load_key, ())
                staged.is_table = every[0].is_table
            found[load_key].staged.append(staged)
        if not by_load:
            path.unlink()
    return found


def _has_parts(records: Records) -> bool:
    """Whether one record can be several rows."""
    return bool(records.shape.each or records.shape.profile or records.shape.rcs_is_text)


def _tell_codes(con: duckdb.DuckDBPyConnection, shape: Shape, file: SourceFile) -> None:
    """Set the variables that expressions look up: the vendor's words, and the file's own name."""
    texts = {label.lower(): _text(meaning) for label, meaning in shape.codes.items()}
    con.execute(
        "SET VARIABLE codes = (SELECT map($labels::VARCHAR[], $texts::VARCHAR[]))", {"labels": list(texts), "texts": list(texts.values())}
    )
    con.execute("SET VARIABLE file_name = (SELECT $name::VARCHAR)", {"name": file.name.rsplit("/", 1)[-1]})


MEANING = f"""coalesce(code_of(label), code_around(label), CASE WHEN label IS NOT NULL THEN $unknown::VARCHAR END)
    || '{SEPARATOR}' || CASE WHEN code_of(label) IS NULL THEN 'unknown' ELSE '' END"""
"""What a record's label means, and whether it had to be guessed."""
FEW_LABELS = 50


def _tell_meanings(con: duckdb.DuckDBPyConnection, shape: Shape, records: Records, load_keys: list[int]) -> str:
    """The SQL for the meaning of a label. Most files have few labels: each is looked up once, and the rows look there."""
    labels = f"SELECT DISTINCT label FROM ({_labelled(shape, records, keeps_all=False)}) WHERE label IS NOT NULL LIMIT {FEW_LABELS + 1}"
    found = [label for (label,) in con.execute(labels, {"load_keys": load_keys}).fetchall()]
    if len(found) > FEW_LABELS:
        return MEANING
    con.execute(
        f"""SET VARIABLE meanings = (
            SELECT map(coalesce(list(label ORDER BY label), []), coalesce(list({MEANING} ORDER BY label), []))
            FROM (SELECT unnest($labels::VARCHAR[]) AS label)
        )""",
        {"labels": found, "unknown": _unknown(shape)},
    )
    for kind in shape.kinds:
        # A word that means nothing is told by whichever kind accounts for it.
        con.execute(
            f"""SET VARIABLE labels_of_{kind} = (
                SELECT coalesce(list(label ORDER BY label), []) FROM (SELECT unnest($labels::VARCHAR[]) AS label)
                WHERE getvariable('meanings')[label] IS NULL OR starts_with(getvariable('meanings')[label], '{kind}{SEPARATOR}')
            )""",
            {"labels": found},
        )
    return "getvariable('meanings')[label]"


def _is_unsaid(con: duckdb.DuckDBPyConnection, kind: Kind) -> bool:
    """Whether none of the file's labels means a row of the kind."""
    row = con.execute(f"SELECT len(getvariable('labels_of_{kind}')) = 0").fetchone()
    return bool(row and row[0])


def _has_faults(con: duckdb.DuckDBPyConnection, records: Records) -> bool:
    """Whether a record has to be looked at by itself: one that could not be read, or lacks what its shape cannot do without."""
    row = con.execute(f"SELECT count(*) > 0 FROM read_parquet({quoted(records.path)}) WHERE fault IS NOT NULL OR is_partial").fetchone()
    return bool(row and row[0])


def _unknown(shape: Shape) -> str | None:
    return _text(shape.unknown) if shape.unknown else None


def _text(meaning: Meaning) -> str:
    return SEPARATOR.join(str(getattr(meaning, part) or "") for part in CODE)


def _event_select(kind: Kind, shape: Shape, records: Records, file: SourceFile, meaning: str) -> tuple[str, dict[str, object]]:
    """The staged rows of one kind of events (see sql/0_load), with the SELECT's parameters.

    What holds no event is left out here: it is what remains of the count. A record with an unknown word, or one that could not
    be read, is told by the first kind of events, or by the profile that the record is besides. So is one that lacks a field which its
    shape cannot do without, and therefore says nothing: it may be a record of a kind that nobody knows.
    """
    has_profile = Kind.PROFILE in shape.kinds
    is_home = kind is next(each for each in (*shape.kinds, kind) if each is not Kind.PROFILE)
    mine = f"code[1] = '{kind}' AND fault IS NULL"
    if is_home:
        mine += " OR (code IS NULL AND label IS NOT NULL AND fault IS NULL)"
        mine += "" if has_profile else f" OR fault IS NOT NULL OR {SAYS_NOTHING}"
    # Rows of other kinds are left out by their labels, before anything is computed of them.
    concerns = "true" if meaning == MEANING else f"list_contains(getvariable('labels_of_{kind}'), label)"
    says = {name: _as_text(shape, expression) for name, expression in shape.says.items()}
    for number, part in enumerate(CODE, start=1):
        if part in COLUMNS[kind]:
            says[part] = f"coalesce(nullif(code[{number}], ''), {says.get(part, EMPTY)})"
    if kind in WORD_COLUMN:
        says[WORD_COLUMN[kind]] = "coalesce(code[2], '')"
    if kind is Kind.CONSENT:
        scope, scope_id = says.get("scope", EMPTY), says.get("scope_id", EMPTY)
        says["scope"] = f"CASE WHEN {scope} <> '' THEN {scope} WHEN {scope_id} = '' THEN $feed_scope ELSE 'list' END"
        says["scope_id"] = f"CASE WHEN {scope} = '' AND {scope_id} = '' THEN $feed_scope_id ELSE {scope_id} END"
        channel, (meant,) = says.get("channel", EMPTY), MEANT_BY_NO[Channel.WHATSAPP]
        says["channel"] = f"CASE WHEN code[2] IN {NO_WORDS} AND {channel} = '{Channel.WHATSAPP}' THEN '{meant}' ELSE {channel} END"
    if shape.rcs_is_text and kind is Kind.CONSENT:
        said = f"[{says['channel']}]"
        says["channel"] = (
            f"unnest(CASE WHEN {said} = ['{Channel.RCS}'] AND code[2] IN {NO_WORDS} THEN {[*map(str, RCS_AND_TEXT)]} ELSE {said} END)"
        )
    columns = ", ".join(f'{says.get(name, EMPTY)} AS "{name}"' for name in COLUMNS[kind])
    written = says.get(WRITTEN_TIME[kind], EMPTY)
    select = f"""
        SELECT load_key, record_number, {columns}, label AS vendor_label, {written} AS written_time,
            CASE WHEN fault IS NOT NULL THEN fault WHEN {SAYS_NOTHING} THEN 'fields_missing' WHEN code IS NULL THEN 'code_unknown' END
                AS fault,
            '' AS raw,
            CASE WHEN fault IS NULL AND (code IS NULL OR code[{len(CODE) + 1}] <> '') THEN 'code ' || label ELSE '' END AS unknown_code,
            {_flag(shape.is_snapshot)} AND {written} = '' AS is_standing
        FROM (
            SELECT *, string_split({meaning}, '{SEPARATOR}') AS code
            FROM ({_labelled(shape, records, keeps_all=is_home and not has_profile)})
            WHERE fault IS NOT NULL OR is_partial OR {concerns}
        )
        WHERE {mine}"""
    parameters: dict[str, object] = {}
    if "$unknown" in meaning:
        parameters["unknown"] = _unknown(shape)
    if kind is Kind.CONSENT:
        parameters["feed_scope"], parameters["feed_scope_id"] = file.feed.widest_scope
    return select, parameters


def _profile_select(shape: Shape, records: Records) -> tuple[str, dict[str, object]]:
    """The staged rows of the profiles that the records are; a record that could not be read is among them."""
    says = {name: _as_text(shape, expression) for name, expression in shape.profile.items()}
    columns = ", ".join(f'{says.get(name, EMPTY)} AS "{name}"' for name in COLUMNS[Kind.PROFILE])
    flags = {f"flag_{number}": name for number, (name, meaning) in enumerate(records.flags.items()) if meaning.is_flag}
    said = flags_sql((f"coalesce(others[${number}::VARCHAR], '')", records.flags[name]) for number, name in flags.items())
    select = f"""
        SELECT load_key, record_number, {columns}, '' AS vendor_label,
            {says.get(WRITTEN_TIME[Kind.PROFILE], EMPTY)} AS written_time, {said} AS flags, others AS attributes,
            {_flag(not shape.is_snapshot)} AS has_operation, fault, '' AS raw, '' AS unknown_code, false AS is_standing
        FROM ({_numbered(records)})
        WHERE fault IS NOT NULL OR ({shape.profile_when})"""
    return former.added(select, shape.profile), {**flags}


def _labelled(shape: Shape, records: Records, *, keeps_all: bool) -> str:
    return f"SELECT *, {_sql(shape, shape.label)} AS label FROM ({_said(shape, records, keeps_all=keeps_all)})"


def _said(shape: Shape, records: Records, *, keeps_all: bool) -> str:
    """The records, one row for each element of `each` where the shape has it; `keeps_all`: also those that have none."""
    if not shape.each:
        return f"SELECT *, NULL AS item FROM ({_numbered(records)})"
    elements = f"CASE WHEN len({shape.each}) > 0 THEN {shape.each} ELSE [NULL] END" if keeps_all else shape.each
    return f"SELECT *, unnest({elements}) AS item FROM ({_numbered(records)})"


def _numbered(records: Records) -> str:
    """The records with their numbers in their files, and their files' load keys."""
    source = f"read_parquet({quoted(records.path)}, file_row_number = true)"
    place = "$load_keys[file_no + 1]" if records.is_together else "$load_keys[1]"
    return f"SELECT *, {records.number} AS record_number, {place}::BIGINT AS load_key FROM {source}"


def _as_text(shape: Shape, expression: str) -> str:
    return f"coalesce(CAST(({_sql(shape, expression)}) AS VARCHAR), '')"


def _sql(shape: Shape, expression: str) -> str:
    """An adapter's expression; one that is a field's bare name is quoted, for some names are words of SQL."""
    return f'"{expression}"' if any(field.name == expression for field in shape.fields) else expression


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _judged(parts: list[tuple[Kind, Path]]) -> str:
    """The rows of all parts but those ignored: the file, the record, its fault, and what makes two rows say the same."""
    if not parts:  # a file that the vendor delivers along with its events
        return "SELECT 0::BIGINT AS load_key, 0 AS record_number, '' AS fault, 0 AS part, 0 AS said WHERE false"
    return " UNION ALL ".join(
        f"SELECT load_key, record_number, fault, {number} AS part, {PROFILE_SAYS if kind is Kind.PROFILE else 'event_key'} AS said"
        f" FROM read_parquet({quoted(path)}) WHERE fault IS DISTINCT FROM '{IGNORED}'"
        for number, (kind, path) in enumerate(parts)
    )


def _fates(con: duckdb.DuckDBPyConnection, parts: list[tuple[Kind, Path]], counts: dict[int, int], *, is_single: bool) -> dict[int, Fates]:
    """What became of the records of each file, by load key; `is_single`: each is one row at most."""
    if is_single:
        # Nothing has to be put together again.
        query = f"""SELECT load_key, sum(new)::BIGINT, sum(loaded)::BIGINT, sum(rejected)::BIGINT
            FROM (
                SELECT load_key, count(DISTINCT said) FILTER (fault IS NULL) AS new, count(*) FILTER (fault IS NULL) AS loaded,
                    count(fault) AS rejected
                FROM ({_judged(parts)})
                GROUP BY load_key, part
            )
            GROUP BY load_key"""
        found = {key: (new, loaded - new, rejected) for key, new, loaded, rejected in con.execute(query).fetchall()}
    else:
        query = f"""WITH row_of AS (
                SELECT *, fault IS NULL
                    AND row_number() OVER (PARTITION BY load_key, part, said, fault IS NULL ORDER BY record_number) = 1 AS is_new
                FROM ({_judged(parts)})
            ),

            fate AS (
                SELECT load_key, record_number, count(fault) > 0 AS is_rejected, bool_or(is_new) AS is_new
                FROM row_of
                GROUP BY load_key, record_number
            )

            SELECT
                load_key,
                count(*) FILTER (NOT is_rejected AND is_new),
                count(*) FILTER (NOT is_rejected AND NOT is_new),
                count(*) FILTER (is_rejected)
            FROM fate
            GROUP BY load_key"""
        found = {key: (new, duplicate, rejected) for key, new, duplicate, rejected in con.execute(query).fetchall()}
    return {key: _fate(count, *found.get(key, (0, 0, 0))) for key, count in counts.items()}


def _fate(count: int, loaded: int, duplicate: int, rejected: int) -> Fates:
    """What is neither loaded, nor a duplicate, nor rejected holds no event."""
    return Fates(count, loaded, duplicate, count - loaded - duplicate - rejected, rejected)


def _rejected(
    con: duckdb.DuckDBPyConnection, parts: list[tuple[Kind, Path]], every: Sequence[Records], load_keys: list[int], scratch: Path
) -> dict[int, list[tuple[int, str, str]]]:
    """The rejected records of each file, by load key: number, every fault, and the record as it came."""
    faults = con.execute(
        f"""SELECT load_key, record_number, string_agg(DISTINCT fault, '; ' ORDER BY fault)
        FROM ({_judged(parts)}) WHERE fault IS NOT NULL GROUP BY ALL ORDER BY ALL"""
    ).fetchmany(MOST_REJECTED + 1)
    if not faults:
        return {}
    if len(faults) > MOST_REJECTED:
        raise UnreadableFile(f"more than {MOST_REJECTED:,} of its rows are rejected")
    path = scratch / "raw.parquet"
    text_of: dict[tuple[int, int], str] = {}
    for records in every:
        con.execute(f"COPY ({records.raw_select}) TO {quoted(path)} (FORMAT parquet)", records.raw_parameters)
        place = "file_no" if records.is_together else "0 AS file_no"
        texts = con.execute(
            f"""SELECT record_number, file_no, left(raw, {RAW_LENGTH})
            FROM (SELECT {records.number} AS record_number, {place}, raw FROM read_parquet({quoted(path)}, file_row_number = true))
            WHERE record_number IN (SELECT unnest($numbers::BIGINT[]))""",
            {"numbers": [number for _, number, _ in faults[:MOST_TEXTS]]},
        ).fetchall()
        text_of |= {(load_keys[file_no], number): text for number, file_no, text in texts}
    found: dict[int, list[tuple[int, str, str]]] = defaultdict(list)
    for load_key, record_number, fault in faults:
        found[load_key].append((record_number, fault, text_of.get((load_key, record_number)) or ""))
    return found
