"""Turns one readable file into ledger rows: staged text → sql/0_load → one Parquet file per kind.

The canonical columns stand in the view `staged` as text, in the file's order. Addresses that the macros do not read go
through the libraries, once per distinct text, and the rows are written a second time; clean files are written once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

import duckdb
import polars as pl

from pipeline import addresses, steps
from pipeline.config import Configuration, FeedConfig
from pipeline.feeds import canonical_consent, canonical_delivery, canonical_profiles, canonical_register
from pipeline.feeds._feed import Record, RowFeed, SourceFile, TableFeed
from pipeline.ledger import bounces
from pipeline.ledger.tables import Table, canonical, read_table, read_table_again
from pipeline.vocabulary import Kind

COLUMNS: dict[Kind, tuple[str, ...]] = {
    feed.kind: tuple(column.name for column in feed.columns)
    for feed in (canonical_profiles.FEED, canonical_consent.FEED, canonical_delivery.FEED, canonical_register.FEED)
}
BATCH = 20_000

FLAGS: dict[str, tuple[str, str]] = {
    **{name: ("any", "opted_out") for name in ("opted_out", "opt_out", "optout", "unsubscribed", "do_not_contact", "no_contact", "blocked")},
    **{
        name: ("email", "opted_out")
        for name in ("do_not_email", "do_not_e_mail", "no_email", "email_opt_out", "email_optout", "email_opted_out", "email_unsubscribed", "opted_out_of_email")
    },
    **{name: ("sms", "opted_out") for name in ("do_not_sms", "do_not_text", "no_sms", "sms_opt_out", "sms_optout", "sms_opted_out", "opted_out_of_sms")},
    **{name: ("phone", "opted_out") for name in ("do_not_call", "do_not_phone", "no_phone", "no_calls", "phone_opt_out", "phone_opted_out")},
    **{name: ("post", "opted_out") for name in ("do_not_mail", "do_not_post", "no_mail", "post_opt_out", "postal_opt_out")},
    **{name: ("any", "deceased") for name in ("deceased", "is_deceased", "verstorben", "overleden")},
}
"""Profile columns that say a restriction (domain §6 "CRM flags") → its channel and reason. Anything but a plain no is a yes."""


@dataclass
class Staged:
    """What was written for one kind of one file."""

    kind: Kind
    path: Path
    rows: int
    ignored: int
    faults: dict[str, int]
    duplicate: int
    unknown: dict[str, int]
    organisations: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    is_snapshot: bool = False
    rejected: list[tuple[int, str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Loading:
    """What every row of one load has in common."""

    feed: FeedConfig
    load_key: int
    received_at: datetime
    country: str | None
    folder: Path
    scratch: Path


def prepare(con: duckdb.DuckDBPyConnection, configuration: Configuration) -> None:
    """Install what every load of this process needs: macros, and the known organisations and scopes."""
    countries = {organisation.country for organisation in configuration.organisations.values()}
    addresses.install(con, countries | {"AT", "DE", "CH", "LI", "NL", "BE", "LU"})
    steps.run_script(con, "0_schema/macros")
    bounces.install(con)
    # Row order is the row number: a join may not change sides with the staged rows.
    con.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
    con.execute("CREATE TABLE known_organisation (organisation VARCHAR, country VARCHAR)")
    con.execute("CREATE TABLE known_scope (scope VARCHAR, scope_id VARCHAR, organisation VARCHAR)")
    con.execute("INSERT INTO known_scope VALUES ('group', '', NULL)")
    for organisation in configuration.organisations.values():
        con.execute("INSERT INTO known_organisation VALUES ($id, $country)", {"id": organisation.id, "country": organisation.country})
        scopes = [("organisation", organisation.id)]
        for brand_id, brand in organisation.brands.items():
            scopes += [("brand", brand_id), *(("list", list_id) for list_id in brand.lists)]
        con.executemany("INSERT INTO known_scope VALUES (?, ?, ?)", [[scope, scope_id, organisation.id] for scope, scope_id in scopes])
    only = next(iter(configuration.organisations.values())).country if len({o.country for o in configuration.organisations.values()}) == 1 else None
    con.execute("CREATE TABLE organisation_country AS SELECT * FROM known_organisation UNION ALL SELECT NULL, $only", {"only": only})


def stage_table(con: duckdb.DuckDBPyConnection, feed: TableFeed, loading: Loading, path: Path) -> Staged:
    """Write the rows of one table file to `<kind>.parquet`. Raises UnreadableFile when it is no such table."""
    required = [column.name for column in feed.columns if column.is_required]
    try:
        return _stage(con, feed.kind, read_table(con, path, loading.scratch, required), loading)
    except (duckdb.InvalidInputException, duckdb.ConversionException, duckdb.IOException, duckdb.OutOfRangeException):
        # Rows that DuckDB's reader refuses are read once more, one by one, so that each can say what is wrong with it.
        return _stage(con, feed.kind, read_table_again(path, loading.scratch, required), loading)


def stage_records(con: duckdb.DuckDBPyConnection, feed: RowFeed, loading: Loading, file: SourceFile) -> tuple[list[Staged], int, list[tuple[int, str, str]]]:
    """Write the records of one file; gives what was written per kind, how many were ignored, and the rejected (row, fault, raw)."""
    parts: dict[Kind, list[str]] = {kind: [] for kind in feed.kinds}
    ignored = 0
    rejected: list[tuple[int, str, str]] = []
    records = iter(feed.read(file))
    while batch := list(islice(records, BATCH)):
        ignored += sum(record.kind is None and record.fault is None for record in batch)
        rejected += [(record.row_number, record.fault, record.raw) for record in batch if record.kind is None and record.fault is not None]
        for kind in feed.kinds:
            rows = [record for record in batch if record.kind is kind]
            if rows:
                parts[kind].append(_spool(kind, rows, loading.scratch / f"{kind}-{len(parts[kind]):05}.parquet"))
    staged: list[Staged] = []
    for kind, names in parts.items():
        if names:
            header = (*COLUMNS[kind], "vendor_label")
            columns = ", ".join(f'"{name}" AS c{number}' for number, name in enumerate(header))
            table = Table(header, f"SELECT {columns}, NULL::VARCHAR AS fault, raw FROM read_parquet($parts)", {"parts": names})
            staged.append(_stage(con, kind, table, loading))
    return staged, ignored, rejected


def _spool(kind: Kind, records: Sequence[Record], path: Path) -> str:
    names = (*COLUMNS[kind], "vendor_label", "raw")
    rows = [
        (*(record.values.get(name, "") for name in COLUMNS[kind]), record.vendor_label, record.raw or " ".join(filter(None, record.values.values()))[:2000])
        for record in records
    ]
    pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row").write_parquet(path)
    return str(path)


def _stage(con: duckdb.DuckDBPyConnection, kind: Kind, table: Table, loading: Loading) -> Staged:
    names = [canonical(name) for name in table.header]
    _set_loading(con, loading, has_operation="operation" in names)
    select, attributes = _canonical_select(kind, table, names)
    parameters = {**table.parameters, **({"attribute_names": list(attributes)} if attributes else {})}
    path = loading.folder / f"{kind}.parquet"
    con.execute("CREATE OR REPLACE TEMPORARY TABLE odd_email (raw VARCHAR, address VARCHAR)")
    con.execute("CREATE OR REPLACE TEMPORARY TABLE odd_phone (raw VARCHAR, country VARCHAR, number VARCHAR, line VARCHAR)")
    statement = f"COPY ({_with_steps(kind, select)}) TO {quoted(path)} (FORMAT parquet)"
    con.execute(statement, parameters)
    if _read_odd_texts(con, kind, path):
        con.execute(statement, parameters)
    return _counted(con, kind, path, select, parameters, table, attributes)


def quoted(path: Path) -> str:
    """A path as a SQL text: COPY takes no parameter for its target."""
    return "'" + str(path).replace("'", "''") + "'"


_WRITTEN_TIME = {Kind.PROFILE: "updated_at", Kind.CONSENT: "occurred_at", Kind.DELIVERY: "occurred_at"}
_STEPS_BEFORE: dict[Kind, tuple[str, ...]] = {
    Kind.PROFILE: ("timed",),
    Kind.CONSENT: ("timed", "consent_word", "consent_placed"),
    Kind.DELIVERY: ("timed",),
    Kind.REGISTER: (),
}


def _with_steps(kind: Kind, select: str) -> str:
    """The kind's step over the staged rows, with the steps that it reads, as one query that streams."""
    steps_before = _STEPS_BEFORE[kind]
    named = [f"staged AS NOT MATERIALIZED ({select})"]
    named += [f"{name} AS NOT MATERIALIZED (\n{steps.read(f'0_load/{name}').sql}\n)" for name in steps_before]
    return f"WITH {', '.join(named)} SELECT * FROM (\n{steps.read(f'0_load/{kind}').sql}\n)"


def _set_loading(con: duckdb.DuckDBPyConnection, loading: Loading, *, has_operation: bool) -> None:
    feed, register = loading.feed, loading.feed.register_format
    con.execute(
        """CREATE OR REPLACE TEMPORARY TABLE loading AS SELECT $load_key::BIGINT AS load_key, $source AS source,
        $organisation::VARCHAR AS feed_organisation, $brand::VARCHAR AS feed_brand, $timezone AS timezone,
        $received_at::TIMESTAMPTZ AS received_at, $has_operation::BOOLEAN AS has_operation, $country::VARCHAR AS feed_country,
        $register::VARCHAR AS register, $algorithm AS algorithm, $normalisation AS normalisation""",
        {
            "load_key": loading.load_key,
            "source": feed.source,
            "organisation": feed.organisation,
            "brand": feed.brand,
            "timezone": feed.timezone,
            "received_at": loading.received_at,
            "has_operation": has_operation,
            "country": loading.country,
            "register": register.id if register else None,
            "algorithm": register.algorithm if register else "plain",
            "normalisation": register.normalisation if register else "trim_lower",
        },
    )
    con.execute("CREATE OR REPLACE TEMPORARY TABLE scope_map (vendor_id VARCHAR, scope VARCHAR, scope_id VARCHAR)")
    for vendor_id, target in feed.map.items():
        con.execute("INSERT INTO scope_map VALUES ($vendor_id, $scope, $scope_id)", {"vendor_id": vendor_id, "scope": str(target.scope), "scope_id": target.scope_id})


def _canonical_select(kind: Kind, table: Table, names: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The SELECT that names the canonical columns, and the headers of the other columns (profiles keep them)."""
    position = {name: number for number, name in reversed(list(enumerate(names)))}
    wanted = (*COLUMNS[kind], "vendor_label")
    parts = [f"coalesce(c{position[name]}, '') AS \"{name}\"" if name in position else f"'' AS \"{name}\"" for name in wanted]
    if kind in _WRITTEN_TIME:
        parts.append(f'"{_WRITTEN_TIME[kind]}" AS written_time')
    others: tuple[str, ...] = ()
    if kind is Kind.PROFILE:
        kept = [number for number, name in enumerate(names) if name not in wanted and position[name] == number and table.header[number]]
        others = tuple(table.header[number] for number in kept)
        flags = [f"CASE WHEN is_yes(coalesce(c{number}, '')) THEN '{':'.join(FLAGS[names[number]])}' END" for number in kept if names[number] in FLAGS]
        parts.append(f"nullif(concat_ws(';', {', '.join(flags)}), '') AS flags" if flags else "NULL::VARCHAR AS flags")
        values = ", ".join(f"coalesce(c{number}, '')" for number in kept)
        parts.append(f"map($attribute_names::VARCHAR[], [{values}]) AS attributes" if kept else "NULL::MAP(VARCHAR, VARCHAR) AS attributes")
    return f"SELECT {', '.join(parts)}, fault, raw FROM ({table.select})", others


_ODD_TEXTS: dict[Kind, tuple[str, str]] = {
    Kind.PROFILE: (
        "SELECT DISTINCT email AS raw FROM written WHERE email_address IS NULL AND trim(email) <> ''",
        "SELECT DISTINCT phone AS raw, region AS country FROM written WHERE phone_number IS NULL AND trim(phone) <> ''",
    ),
    Kind.REGISTER: (
        "SELECT DISTINCT entry AS raw FROM written WHERE entry_kind = 'address' AND value IS NULL AND contains(entry, '@')",
        "SELECT DISTINCT entry AS raw, region AS country FROM written WHERE entry_kind = 'address' AND value IS NULL AND entry <> '' AND NOT contains(entry, '@')",
    ),
}
_ODD_EVENT_TEXTS = (
    "SELECT DISTINCT raw_address AS raw FROM written WHERE address IS NULL AND contains(raw_address, '@')",
    "SELECT DISTINCT raw_address AS raw, region AS country FROM written WHERE address IS NULL AND raw_address IS NOT NULL AND NOT contains(raw_address, '@')",
)


def _read_odd_texts(con: duckdb.DuckDBPyConnection, kind: Kind, path: Path) -> bool:
    """Read by library what the macros left; gives whether there was anything."""
    emails, phones = _ODD_TEXTS.get(kind, _ODD_EVENT_TEXTS)
    written = f"WITH written AS (SELECT * FROM read_parquet({quoted(path)})) "
    count = addresses.read_odd_emails(con, written + emails)
    return bool(count + addresses.read_odd_phones(con, written + phones))


def _counted(
    con: duckdb.DuckDBPyConnection, kind: Kind, path: Path, select: str, parameters: dict[str, object], table: Table, attributes: tuple[str, ...]
) -> Staged:
    source = f"read_parquet({quoted(path)}, file_row_number = true)"
    counted = con.execute(f"SELECT fault, count(*) FROM {source} GROUP BY fault").fetchall()
    faults = {str(fault): int(count) for fault, count in counted if fault is not None}
    ignored = faults.pop("ignored", 0)
    rows = sum(int(count) for _, count in counted)
    staged = Staged(kind, path, rows, ignored, dict(sorted(faults.items())), 0, {}, attributes=attributes)
    loaded = rows - ignored - sum(faults.values())
    if kind is Kind.PROFILE:
        distinct = con.execute(f"SELECT count(DISTINCT profile_key), bool_or(operation = 'snapshot') FROM {source} WHERE fault IS NULL").fetchone() or (0, None)
        if int(distinct[0]) < loaded:
            staged.duplicate = loaded - _one(con, f"SELECT count(*) FROM (SELECT DISTINCT * EXCLUDE (file_row_number) FROM {source} WHERE fault IS NULL)")
        staged.organisations = tuple(str(name) for (name,) in con.execute(f"SELECT DISTINCT organisation FROM {source} WHERE fault IS NULL ORDER BY ALL").fetchall())
        staged.is_snapshot = "operation" not in [canonical(name) for name in table.header]
    else:
        staged.duplicate = loaded - _one(con, f"SELECT count(DISTINCT event_key) FROM {source} WHERE fault IS NULL")
    if kind in (Kind.CONSENT, Kind.DELIVERY):
        unknown = con.execute(f"SELECT unknown, count(*) FROM {source} WHERE fault IS NULL AND unknown IS NOT NULL GROUP BY ALL ORDER BY ALL").fetchall()
        staged.unknown = {str(name): int(count) for name, count in unknown}
    if faults:
        cells = ", ".join(f"coalesce(c{number}, '')" for number in range(len(table.header)))
        raw = f"coalesce(nullif(raw, ''), to_json(map($header::VARCHAR[], [{cells}]))::VARCHAR)" if table.header else "raw"
        staged.rejected = con.execute(
            f"""SELECT file_row_number + 1, written.fault, original.raw FROM {source} AS written
            JOIN (SELECT row_number() OVER () AS number, {raw} AS raw FROM ({table.select})) AS original ON original.number = file_row_number + 1
            WHERE written.fault <> 'ignored' ORDER BY 1""",
            {**table.parameters, "header": list(table.header)} if table.header else table.parameters,
        ).fetchall()
    return staged


def _one(con: duckdb.DuckDBPyConnection, query: str) -> int:
    row = con.execute(query).fetchone()
    return int(row[0]) if row else 0
