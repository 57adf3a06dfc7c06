"""Turns readable files into ledger rows: staged text → sql/0_load → one Parquet file per kind.

The canonical columns stand in the CTE `staged` as text, in the file's order. Nothing in 0_load joins: a hash join does not
keep the order of its rows, and the order is the row number. What the steps ask about the file and the configuration are
variables of the connection; addresses that the macros do not read go to the libraries by functions, once per distinct text.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from unicodedata import normalize

import duckdb

from pipeline import addresses, steps
from pipeline.config import Configuration, FeedConfig
from pipeline.config.feed import FlagSetting
from pipeline.delivery_status import MAILBOX_FULL, classify
from pipeline.engines.local import quoted
from pipeline.feeds import canonical_consent, canonical_delivery, canonical_profiles, canonical_register
from pipeline.feeds._feed import Record, RowFeed, SourceFile, TableFeed
from pipeline.flags import Lifting, flag_columns, flags_sql, unless_of
from pipeline.ledger import former
from pipeline.ledger.flagging import FlagColumn, count_flags
from pipeline.ledger.json_opened import opened_text
from pipeline.ledger.loads import Load
from pipeline.ledger.placing import Placing
from pipeline.ledger.readings import zone_of
from pipeline.ledger.registers import read_register
from pipeline.ledger.rows import IGNORED
from pipeline.ledger.tables import REFUSALS, Table, alike, one_cell, read_table, read_table_again, text_of_row
from pipeline.ledger.texts import canonical, word_shown
from pipeline.sources import STAGED
from pipeline.vocabulary import Channel, Kind, Named

COLUMNS: dict[Kind, tuple[str, ...]] = {
    feed.kind: tuple(column.name for column in feed.columns)
    for feed in (canonical_profiles.FEED, canonical_consent.FEED, canonical_delivery.FEED, canonical_register.FEED)
} | {
    Kind.REVIEW: ("event_id", "occurred_at", "channel", "address", "scope_id", "body"),
    Kind.ANSWER: ("event_id", "answer", "answered_by"),
}
WRITTEN_TIME = {Kind.PROFILE: "updated_at", Kind.CONSENT: "occurred_at", Kind.DELIVERY: "occurred_at", Kind.REVIEW: "occurred_at"}
UNKNOWN = dict.fromkeys((Kind.CONSENT, Kind.DELIVERY, Kind.REVIEW, Kind.ANSWER), "unknown") | {
    Kind.PROFILE: "CASE WHEN fault IS NULL AND is_unknown_country(country) THEN 'country ' || trim(country) END"
}
"""What a row of a kind says that nobody knows, by name: SQL over it."""
SAYS = {Kind.CONSENT: "action", Kind.DELIVERY: "type", Kind.REVIEW: "'review'", Kind.ANSWER: "'answer ' || answer"}
"""By what the loaded rows of a kind are counted: SQL over them."""
NAMES = {
    Kind.PROFILE: "SELECT load_key, 'organisation ' || organisation AS name FROM {source} WHERE fault IS NULL",
    Kind.CONSENT: "SELECT load_key, scope || ' ' || scope_id AS name FROM {source} WHERE fault IS NULL AND scope_id NOT IN ('', '*')"
    " UNION ALL SELECT load_key, 'organisation ' || profile_organisation FROM {source}"
    " WHERE fault IS NULL AND (scope <> 'organisation' OR profile_organisation <> scope_id)",
    Kind.DELIVERY: "SELECT load_key, 'organisation ' || organisation AS name FROM {source} WHERE fault IS NULL AND is_known_organisation",
    Kind.REGISTER: "SELECT load_key, 'register ' || register AS name FROM {source} WHERE fault IS NULL",
}
"""What in the configuration the loaded rows of a kind name."""
NO_RECORD = "NULL::BIGINT AS record_number, '' AS unknown_code, false AS is_standing"
"""What only a vendor's records tell: their number in the file, a word never seen before, a snapshot's saying without a time."""
PARQUET = "FORMAT parquet, DICTIONARY_SIZE_LIMIT 2000"
"""Names and words are worth a dictionary; keys and addresses, which are all different, are not worth trying."""
MOST_WORDS = 100
"""So many words never seen before are told by name: more are a column that stands in another's place."""
REMEMBERED = 200_000
BATCH = 20_000


@dataclass
class Staged:
    """What was written for one kind of one file."""

    kind: Kind
    rows: int = 0
    ignored: int = 0
    duplicate: int = 0
    organisations: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    is_snapshot: bool = False
    unknown: dict[str, int] = field(default_factory=dict)
    says: dict[str, int] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    flags: tuple[FlagColumn, ...] = ()
    is_table: bool = False
    rejected: list[tuple[int, str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Target:
    """Where one file's rows go, and the number that stands for its load in every row."""

    load_key: int
    folder: Path


@dataclass(frozen=True)
class Fates:
    """What became of a file's records; the last four add up to the first."""

    rows: int
    loaded: int
    duplicate: int
    ignored: int
    rejected: int


@dataclass
class RecordsStaged:
    """What became of one file of records. `fates` are told where one record can be several rows, or part of one kind's rows."""

    staged: list[Staged] = field(default_factory=list)
    ignored: int = 0
    rejected: list[tuple[int, str, str]] = field(default_factory=list)
    fates: Fates | None = None
    is_snapshot: bool = False
    series: str = ""


def prepare(con: duckdb.DuckDBPyConnection, configuration: Configuration) -> None:
    """Install what every load of this process needs: macros, functions, the channels, and the known organisations and scopes, by every
    name of theirs."""
    countries = {organisation.country for organisation in configuration.organisations.values()}
    addresses.install(con, countries)
    steps.run_script(con, "0_schema/macros")
    steps.run_script(con, "0_schema/saying")
    steps.run_script(con, "0_schema/loading")
    steps.run_script(con, "0_schema/vendor")
    con.execute("SET disabled_optimizers = 'in_clause'")  # it turns a long IN list into a join
    _register(con, "library_email", _email_by_library, 1)
    _register(con, "opened_json", opened_text, 2)
    _register(con, "library_phone", _phone_by_library, 2)
    _register(con, "bounce_reading", _bounce_reading, 4)
    _set_map(con, "address_kinds", {str(channel): str(channel.kind) for channel in Channel if channel.kind})
    mobile = [str(channel) for channel in Channel if channel.needs_mobile]
    con.execute("SET VARIABLE mobile_channels = (SELECT $channels::VARCHAR[])", {"channels": mobile})
    called = configuration.names
    owners: dict[tuple[Named, str], str] = {}
    for organisation in configuration.organisations.values():
        owners[Named.ORGANISATION, organisation.id] = organisation.id
        for brand_id, brand in organisation.brands.items():
            owners[Named.BRAND, brand_id] = organisation.id
            owners |= {(Named.LIST, found.id): organisation.id for found in brand.lists}
    owners |= {(kind, old): owners[kind, name] for (kind, old), name in called.former.items() if (kind, name) in owners}
    countries_of = {organisation.id: organisation.country for organisation in configuration.organisations.values()}
    organisations = {name: countries_of[owner] for (kind, name), owner in owners.items() if kind is Named.ORGANISATION}
    _set_map(con, "country_of", organisations)
    _set_map(con, "scope_organisation", {"group ": ""} | {f"{kind} {name}": owner for (kind, name), owner in owners.items()})
    first = {f"{kind} {name}": called.oldest(kind, called.now(kind, name)) for kind, name in (*called.first, *called.former)}
    _set_map(con, "first_called", first)


@contextmanager
def remembering(con: duckdb.DuckDBPyConnection, loads: Iterable[Load]) -> Iterator[None]:
    """Within the block a row may name a brand or list that the loads' rows named when they were read, though it is gone since.

    Read anew, such a row stays what it was (domain §8 "Names change"); at first sight it would be an opt-out of the whole organisation.
    """
    lost = {name: "" for load in loads for name in load.names or () if not name.startswith(f"{Named.ORGANISATION} ")}
    known: dict[str, str] = con.execute("SELECT getvariable('scope_organisation')").fetchall()[0][0]
    _set_map(con, "scope_organisation", lost | known)
    try:
        yield
    finally:
        _set_map(con, "scope_organisation", known)


def _register(con: Any, name: str, function: Callable[..., str | None], arity: int) -> None:
    """Let SQL call a function over texts; it sees NULLs, so that no row is skipped unseen."""
    con.create_function(name, function, ["VARCHAR"] * arity, "VARCHAR", null_handling="special")


@lru_cache(maxsize=REMEMBERED)
def _email_by_library(raw: str | None) -> str | None:
    email = addresses.read_email(raw) if raw else None
    return email.address if email else None


@lru_cache(maxsize=REMEMBERED)
def _phone_by_library(raw: str | None, country: str | None) -> str | None:
    phone = addresses.read_phone(raw, country or None) if raw else None
    return f"{phone.number} {phone.line.value}" if phone else None


@lru_cache(maxsize=REMEMBERED)
def _bounce_reading(status_code: str | None, diagnostic: str | None, bounce_class: str | None, reason: str | None) -> str:
    """The class and, behind a blank, `mailbox_full` where it is that: servers say the same few things over and over."""
    found, detail = classify(status_code or "", diagnostic or "", bounce_class or "")
    return f"{found} {MAILBOX_FULL}" if MAILBOX_FULL in (detail, reason) else str(found)


def _set_map(con: duckdb.DuckDBPyConnection, name: str, values: dict[str, str]) -> None:
    con.execute(
        f"SET VARIABLE {name} = (SELECT map($keys::VARCHAR[], $values::VARCHAR[]))", {"keys": list(values), "values": list(values.values())}
    )


def describe_feed(con: duckdb.DuckDBPyConnection, feed: FeedConfig, received_at: datetime, country: str | None) -> None:
    """Set what the steps ask about the feed: its scopes, zone, register, and the default region of its numbers."""
    register = feed.register_format
    told = {
        "source": feed.source,
        "feed_organisation": feed.organisation,
        "feed_brand": feed.brand,
        "feed_country": country,
        "timezone": zone_of(feed),
        "register": register.id if register else None,
        "algorithm": register.algorithm if register else "plain",
        "normalisation": register.normalisation if register else "trim_lower",
    }
    _set_map(con, "loading", {name: value for name, value in told.items() if value is not None})
    # Vendors' ids compare as all ids do.
    scopes = {normalize("NFC", vendor_id).strip(): f"{target.scope} {target.scope_id}" for vendor_id, target in feed.map.items()}
    _set_map(con, "scope_map", scopes)
    unless = unless_of(feed.flags)
    con.execute(
        "SET VARIABLE flag_unless = (SELECT map($keys::VARCHAR[], $words::VARCHAR[][]))",
        {"keys": list(unless), "words": list(unless.values())},
    )
    con.execute("SET VARIABLE received_at = (SELECT $at::TIMESTAMPTZ)", {"at": received_at})


def stage_table(con: duckdb.DuckDBPyConnection, adapter: TableFeed, target: Target, path: Path, scratch: Path, feed: FeedConfig) -> Staged:
    """Write the rows of one table file to `<kind>.parquet`. Raises UnreadableFile when it is no such table."""
    placing = Placing.of(adapter, feed)
    if adapter.kind is Kind.REGISTER:
        return _stage_table(con, adapter.kind, read_register(con, adapter, placing, path, scratch), target, placing, {})
    says = Lifting(feed.flags) if adapter.kind is Kind.PROFILE else None
    try:
        return _stage_table(con, adapter.kind, read_table(con, path, scratch, placing.required, lifts=says), target, placing, feed.flags)
    except REFUSALS:
        # Rows that DuckDB's reader refuses are read once more, one by one, so that each can say what is wrong with it.
        table = read_table_again(path, scratch, placing.required, lifts=says)
        return _stage_table(con, adapter.kind, table, target, placing, feed.flags)


def _stage_table(
    con: duckdb.DuckDBPyConnection, kind: Kind, table: Table, target: Target, placing: Placing, flags: Mapping[str, FlagSetting]
) -> Staged:
    found = placing.found(table.header)
    others = _others(table.header, found, flags) if kind is Kind.PROFILE else {}
    attributes = tuple(others)
    meanings = flag_columns(attributes, flags)
    said = flags_sql((others[name], meaning) for name, meaning in meanings.items())
    select = _canonical_select(kind, table, placing, found, others, said)
    parameters: dict[str, object] = {**table.parameters, **placing.parameters(found), "load_key": target.load_key}
    if attributes:
        parameters["attribute_names"] = list(attributes)
    if any("$refusal_names" in cell for cell in others.values()):
        parameters["refusal_names"] = [name for name, meaning in meanings.items() if meaning.is_flag]
    path = target.folder / f"{kind}.parquet"
    write_rows(con, kind, select, parameters, path)
    staged = counted(con, kind, path).get(target.load_key, Staged(kind))
    staged.attributes = attributes
    staged.flags = count_flags(con, path, meanings).get(target.load_key, ())
    staged.is_table = kind is Kind.PROFILE and not table.is_json
    staged.is_snapshot = kind is Kind.PROFILE and "operation" not in {*found, *placing.constants}
    if staged.rejected:
        staged.rejected = _with_text(con, table, staged.rejected)
    return staged


def _others(header: Sequence[str], found: Mapping[str, list[int]], flags: Mapping[str, FlagSetting]) -> dict[str, str]:
    """The columns that are attributes, SQL by header text: all that hold nothing of ours, and those that say a "no" besides."""
    taken = {position for positions in found.values() for position in positions}
    every = {header[positions[0]]: positions for positions in alike(header).values()}
    says_no = flag_columns([name for name, positions in every.items() if canonical(name) not in found], flags)
    cells = {
        name: one_cell(positions)
        for name, positions in every.items()
        if taken.isdisjoint(positions) or (name in says_no and says_no[name].is_flag)
    }
    refusals = [name for name, meaning in says_no.items() if meaning.is_flag and name in cells]
    with_own = [name for name in refusals if any(one.startswith(f"{name}/") for one in refusals)]
    return cells | {name: _without_own(cells[name], f"$attribute_names[{list(cells).index(name) + 1}]") for name in with_own}


def _without_own(cell: str, name: str) -> str:
    """SQL for the cell of an object that says a "no": empty where whatever in it says so is a flag by itself."""
    entries = f"map_entries(TRY_CAST(TRY_CAST({cell} AS JSON) AS MAP(VARCHAR, VARCHAR)))"
    own = f"""len(list_filter($refusal_names::VARCHAR[],
        lambda refusal: starts_with(refusal || '/', {name} || '/' || entry.key || '/'))) > 0"""
    others = f"len(list_filter({entries}, lambda entry: is_yes(entry.value) AND NOT ({own})))"
    return f"CASE WHEN starts_with({cell}, '{{') AND {others} = 0 THEN '' ELSE {cell} END"


def stage_records(
    con: duckdb.DuckDBPyConnection, feed: RowFeed, files: Iterable[tuple[Target, SourceFile]], scratch: Path
) -> list[RecordsStaged]:
    """Write the records of files to Parquet, a folder each; all files go through the steps together, which costs as much as one."""
    import polars as pl

    results: list[RecordsStaged] = []
    targets: list[Target] = []
    parts: dict[Kind, list[str]] = {kind: [] for kind in feed.kinds}
    rows: dict[Kind, list[tuple[object, ...]]] = {kind: [] for kind in feed.kinds}

    def spool(kind: Kind) -> None:
        path = scratch / f"{kind}-{len(parts[kind]):05}.parquet"
        names = (*COLUMNS[kind], "vendor_label", "raw")
        schema = {"load_key": pl.Int64, **dict.fromkeys(names, pl.String)}
        pl.DataFrame(rows[kind], schema=schema, orient="row").write_parquet(path)
        parts[kind].append(str(path))
        rows[kind].clear()

    for target, file in files:
        result = RecordsStaged()
        for record in _read_if_there(feed, file):
            if record.kind is not None:
                rows[record.kind].append(_row(record, target.load_key))
                if len(rows[record.kind]) >= BATCH:
                    spool(record.kind)
            elif record.fault is None:
                result.ignored += 1
            else:
                result.rejected.append((record.row_number, record.fault, record.raw))
        results.append(result)
        targets.append(target)
    for kind in feed.kinds:
        if rows[kind]:
            spool(kind)
        if parts[kind]:
            _stage_records(con, kind, parts[kind], targets, results, scratch)
    return results


def _read_if_there(feed: RowFeed, file: SourceFile) -> Iterator[Record]:
    """The records of a file; none of one that was taken away meanwhile, which whoever asked will notice."""
    with suppress(FileNotFoundError):
        yield from feed.read(file)


def _row(record: Record, load_key: int) -> tuple[object, ...]:
    values = record.values
    kind = record.kind or Kind.DELIVERY
    raw = record.raw or " ".join(filter(None, values.values()))[:2000]
    return (load_key, *(values.get(name, "") for name in COLUMNS[kind]), record.vendor_label, raw)


def _stage_records(
    con: duckdb.DuckDBPyConnection, kind: Kind, parts: list[str], targets: list[Target], results: list[RecordsStaged], scratch: Path
) -> None:
    named = ", ".join(f'coalesce("{name}", \'\') AS "{name}"' for name in (*COLUMNS[kind], "vendor_label"))
    time = f'"{WRITTEN_TIME[kind]}" AS written_time' if kind in WRITTEN_TIME else "'' AS written_time"
    select = f"SELECT load_key, {NO_RECORD}, {named}, {time}, NULL::VARCHAR AS fault, raw FROM read_parquet($parts)"
    together = scratch / f"{kind}-together.parquet"
    write_rows(con, kind, select, {"parts": parts}, together)
    found = counted(con, kind, together)
    for target, result in zip(targets, results, strict=True):
        staged = found.get(target.load_key)
        if staged is not None:
            cut_out(con, together, target.load_key, target.folder / f"{kind}.parquet")
            result.staged.append(staged)


def cut_out(con: duckdb.DuckDBPyConnection, together: Path, load_key: int, path: Path) -> None:
    """Write one load's rows out of a Parquet of many: the same bytes whichever loads went through the steps with it."""
    own = f"SELECT * FROM read_parquet({quoted(together)}) WHERE load_key = $load_key"
    # The others' statistics would decide which columns are written as never empty.
    con.execute("SET disabled_optimizers = 'statistics_propagation'")
    try:
        con.execute(f"COPY ({own}) TO {quoted(path)} (FORMAT parquet)", {"load_key": load_key})
    finally:
        con.execute("RESET disabled_optimizers")


def write_rows(con: duckdb.DuckDBPyConnection, kind: Kind, select: str, parameters: dict[str, object], path: Path) -> None:
    """The kind's step over the staged rows, with the steps that it reads, as one query that streams in order."""
    *earlier, last = steps.before("0_load", f"{kind}_loaded")
    named = [f"{STAGED.name} AS NOT MATERIALIZED ({select})"]
    named += [f"{step.name} AS NOT MATERIALIZED (\n{step.sql}\n)" for step in earlier]
    query = f"WITH {', '.join(named)} SELECT * FROM (\n{last.sql}\n)"
    con.execute(f"COPY ({query}) TO {quoted(path)} ({PARQUET})", parameters)


def _canonical_select(
    kind: Kind, table: Table, placing: Placing, found: Mapping[str, list[int]], others: Mapping[str, str], flags: str
) -> str:
    """The SELECT that names the canonical columns; profiles keep the `others`, SQL by header text, and have `flags`."""
    columns = (*COLUMNS[kind], "vendor_label")
    parts = ["$load_key::BIGINT AS load_key", NO_RECORD]
    parts += [f'{placing.cell(name, found)} AS "{name}"' for name in columns]
    if kind in WRITTEN_TIME:
        parts.append(f'"{WRITTEN_TIME[kind]}" AS written_time')
    has = {*found, *placing.constants}
    if kind is Kind.PROFILE:
        parts.append(f"{flags} AS flags")
        values = ", ".join(others.values())
        parts.append(
            f"map($attribute_names::VARCHAR[], [{values}]) AS attributes" if others else "NULL::MAP(VARCHAR, VARCHAR) AS attributes"
        )
        parts.append(f"{str('operation' in has).lower()} AS has_operation")
    select = f"SELECT {', '.join(parts)}, fault, raw FROM ({table.select})"
    return former.added(select, has) if kind is Kind.PROFILE else select


def counted(con: duckdb.DuckDBPyConnection, kind: Kind, path: Path) -> dict[int, Staged]:
    """The rows of a written file by load: how many, what is wrong with which, how many say the same as another."""
    source = f"read_parquet({quoted(path)}, file_row_number = true)"
    if kind is Kind.PROFILE:
        source = f"(SELECT * FROM {source} WHERE operation NOT IN ('former', 'merged'))"
    found: dict[int, Staged] = defaultdict(lambda: Staged(kind))
    key = "profile_key" if kind is Kind.PROFILE else "event_key"
    query = f"""SELECT load_key, count(*), count(*) FILTER (fault = '{IGNORED}'), count(*) FILTER (fault IS NULL),
            count(DISTINCT {key}) FILTER (fault IS NULL)
        FROM {source} GROUP BY load_key"""
    for load_key, rows, ignored, loaded, distinct in con.execute(query).fetchall():
        staged = found[load_key]
        staged.rows, staged.ignored, staged.duplicate = rows, ignored, loaded - distinct
        if kind is Kind.PROFILE and staged.duplicate:
            # Two rows of one profile are two sayings, unless they say the same.
            query = f"SELECT count(*) FROM (SELECT DISTINCT * EXCLUDE (file_row_number) FROM {source} WHERE fault IS NULL)"
            staged.duplicate = loaded - (con.execute(query).fetchone() or (loaded,))[0]
    first_rows = f"SELECT load_key, min(file_row_number) AS first_row FROM {source} GROUP BY load_key"
    query = f"""SELECT load_key, file_row_number - first_row + 1, fault FROM {source} INNER JOIN ({first_rows}) USING (load_key)
        WHERE fault IS NOT NULL AND fault <> '{IGNORED}' ORDER BY ALL"""
    for load_key, row_number, fault in con.execute(query).fetchall():
        found[load_key].rejected.append((row_number, fault, ""))
    if kind is Kind.PROFILE:
        query = f"SELECT load_key, list(DISTINCT organisation ORDER BY organisation) FROM {source} WHERE fault IS NULL GROUP BY load_key"
        for load_key, organisations in con.execute(query).fetchall():
            found[load_key].organisations = tuple(organisations)
    if kind in NAMES:
        query = (
            f"SELECT load_key, name, count(*) FROM ({NAMES[kind].format(source=source)}) WHERE name IS NOT NULL GROUP BY ALL ORDER BY ALL"
        )
        for load_key, name, count in con.execute(query).fetchall():
            found[load_key].names[name] = count
    if kind in SAYS:
        what = SAYS[kind]
        query = f"SELECT load_key, {what}, count(*) FROM {source} WHERE fault IS NULL GROUP BY ALL ORDER BY ALL"
        for load_key, name, count in con.execute(query).fetchall():
            found[load_key].says[name] = count
    if kind in UNKNOWN:
        query = f"""SELECT load_key, {UNKNOWN[kind]} AS said, count(*)
            FROM {source} WHERE said IS NOT NULL AND fault IS DISTINCT FROM '{IGNORED}' GROUP BY ALL ORDER BY ALL"""
        for load_key, name, count in con.execute(query).fetchall():
            told = found[load_key].unknown
            word = word_shown(name)
            word = word if word in told or len(told) < MOST_WORDS else "other words"
            told[word] = told.get(word, 0) + count
    return found


def _with_text(con: duckdb.DuckDBPyConnection, table: Table, rejected: list[tuple[int, str, str]]) -> list[tuple[int, str, str]]:
    """The rejected rows with the row as it came."""
    raw, asked = text_of_row(table.header)
    parameters = {**table.parameters, **asked}
    # One thread reads in order, so that counting gives the row number.
    threads = (con.execute("SELECT current_setting('threads')").fetchone() or (1,))[0]
    con.execute("SET threads = 1")
    try:
        con.execute("CREATE OR REPLACE TEMPORARY TABLE wanted_row (row_number BIGINT)")
        con.execute("INSERT INTO wanted_row SELECT unnest($numbers::BIGINT[])", {"numbers": [number for number, _, _ in rejected]})
        query = f"""SELECT row_number, raw
            FROM (SELECT row_number() OVER () AS row_number, {raw} AS raw FROM ({table.select}))
            WHERE row_number IN (SELECT * FROM wanted_row)"""
        texts = dict(con.execute(query, parameters).fetchall())
    finally:
        con.execute("SET threads = $threads", {"threads": threads})
    return [(number, fault, texts.get(number) or "") for number, fault, _ in rejected]
