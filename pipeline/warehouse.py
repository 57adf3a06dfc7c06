"""The warehouse: identity and state of one version of the ledger, as one complete DuckDB file.

Built beside the old file and renamed over it: analysts open `warehouse/presend.duckdb` read-only at any time and see the old
state or the new one, never half of one. Deleting it loses nothing. It is written in a storage version that older clients
open (docs/decisions).
"""

import json
from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import product
from pathlib import Path

import duckdb

from pipeline import __version__, built, durable, sources, steps
from pipeline.addresses import placeholder_mailboxes
from pipeline.analysis import create_views
from pipeline.config import REVIEW_FEED, Configuration, Names
from pipeline.engines.local import open_engine, quoted
from pipeline.errors import AnotherWriter
from pipeline.feeds import adapters
from pipeline.feeds._feed import TableFeed
from pipeline.feeds._vendor import VendorFeed
from pipeline.flags import flag_columns
from pipeline.identity import persons
from pipeline.ledger.continuity import adopt
from pipeline.ledger.editions import arrival_numbers, edition_orders, lines_of, standing
from pipeline.ledger.intact import checked_beside
from pipeline.ledger.loads import Load, folder_of, read_loads, renamed, version_of
from pipeline.logs import Progress
from pipeline.sources import Source
from pipeline.vocabulary import Channel, Kind, Named
from pipeline.workspace import Workspace

STORAGE_VERSION = "v1.5.0"


@dataclass(frozen=True)
class BuildReport:
    """What a build made: the ledger's version, and the rows of each table that people ask for."""

    ledger_version: str
    as_of: datetime
    rows: dict[str, int]


def build(workspace: Workspace, configuration: Configuration, as_of: datetime, progress: Progress) -> BuildReport:
    """Make identity and state from the whole ledger and swap the warehouse. Raises AnotherWriter, ValidationFailed."""
    with workspace.lock("warehouse"):
        beside = _unfinished(workspace)
        loads = read_loads(workspace)
        adopt(workspace, loads)
        report = build_from(workspace, configuration, loads, beside, as_of, progress)
        with progress.step("swap the warehouse"):
            built.swap(workspace, beside)
    return report


def build_from(
    workspace: Workspace, configuration: Configuration, loads: list[Load], target: Path, as_of: datetime, progress: Progress
) -> BuildReport:
    """Make a warehouse of the given loads at `target`; what an unfinished build left there is removed first.

    Raises ValidationFailed when a file of the ledger is not what was written.
    """
    durable.make_folder(target.parent)
    _clear(target)
    with checked_beside(workspace, loads, progress), open_engine(workspace.scratch) as con:
        # A killed build begins anew, so that a log of its changes, forced to disk at every statement, would serve nobody.
        con.execute(f"ATTACH {quoted(target)} AS warehouse (STORAGE_VERSION '{STORAGE_VERSION}', RECOVERY_MODE no_wal_writes)")
        con.execute("SET search_path = 'memory.main,warehouse.main'")
        steps.run_script(con, "0_schema/macros")
        steps.run_script(con, "0_schema/saying")
        steps.run_script(con, "0_schema/parquet")
        version = version_of(loads)
        _describe_ledger(con, workspace, configuration, loads)
        describe_configuration(con, configuration)
        steps.make_all(con, "1_ledger", progress)
        steps.make_all(con, "2_identity", progress, filled=persons.FILLED)
        steps.make_all(con, "3_state", progress)
        named = [
            str(name)
            for (name,) in con.execute("SELECT DISTINCT campaign FROM delivery_fact WHERE campaign IS NOT NULL ORDER BY ALL").fetchall()
        ]
        sources.BUILD.fill(con, [(version, configuration_sha256(configuration, named), named, as_of)])
        rows = create_views(con, workspace, configuration, loads, as_of, progress)
        con.execute("SET search_path = 'memory.main'")
        con.execute("DETACH warehouse")
    return BuildReport(version, as_of, rows)


def clear_leftovers(workspace: Workspace) -> None:
    """Remove what a killed build left beside a warehouse that needs no new one; somebody who builds now does it himself."""
    with suppress(AnotherWriter), workspace.lock("warehouse", wait_seconds=0):
        _clear(_unfinished(workspace))
        built.clear(workspace)


def _unfinished(workspace: Workspace) -> Path:
    return workspace.warehouse.with_name(f".building-{workspace.warehouse.name}")


def _clear(database: Path) -> None:
    for leftover in (database, built.log_of(database)):
        leftover.unlink(missing_ok=True)


def configuration_sha256(configuration: Configuration, named: Iterable[str]) -> str:
    """The fingerprint of what a build reads: organisations, identity, quarantine, feeds, and where the campaigns `named` by
    delivery events belong; and of the version that reads it. A new campaign, another policy, or the first answer to a message needs no
    new build."""
    places = {name: configuration.campaigns[name] for name in named if name in configuration.campaigns}
    told = {
        "software": __version__,
        "organisations": {key: found.model_dump(mode="json", exclude={"policy"}) for key, found in configuration.organisations.items()},
        "identity": configuration.identity.model_dump(mode="json"),
        "forbidden": configuration.forbidden.model_dump(mode="json"),
        "quarantine": configuration.quarantine.model_dump(mode="json"),
        "feeds": {key: feed.organisation for key, feed in configuration.feeds.items() if key != REVIEW_FEED},
        "former": sorted([kind, old, name] for (kind, old), name in configuration.names.former.items()),
        "flags": {key: feed.model_dump(mode="json", include={"flags"}) for key, feed in configuration.feeds.items() if feed.flags},
        "campaigns": {name: (place.organisation, place.brand, place.list) for name, place in places.items()},
    }
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _describe_ledger(con: duckdb.DuckDBPyConnection, workspace: Workspace, configuration: Configuration, loads: list[Load]) -> None:
    """Fill `load` and what derives from it, and point the Parquet views to the ledger's files."""
    names = configuration.names
    folders = {load.load_id: folder_of(workspace, load.load_id, load.feed) for load in loads}
    loads = [renamed(load, names) for load in loads]
    sources.FORMER_NAME.fill(con, [(str(kind), former, name) for (kind, former), name in names.former.items()])
    firsts: dict[str, dict[str, int]] = {}
    next_row = 0
    accepted = [(order, load) for order, load in enumerate(loads, start=1) if not load.is_refused]
    rows: list[tuple[object, ...]] = []
    firsts_of = edition_orders(accepted)
    repeating = _repeating([load for _, load in accepted])
    organisation_of = _organisations_of(configuration, loads)
    for order, load in enumerate(loads, start=1):
        if load.content not in firsts:
            firsts[load.content] = {}
            for kind in (Kind.PROFILE, Kind.CONSENT, Kind.DELIVERY):
                firsts[load.content][kind] = next_row
                next_row += load.kinds.get(kind, 0)
        first = firsts[load.content]
        has_events = bool({Kind.CONSENT, Kind.DELIVERY, Kind.REVIEW, Kind.ANSWER} & load.kinds.keys()) and Kind.PROFILE not in load.kinds
        rows.append((load.load_key, load.content_key, order, load.feed, load.source, load.file, load.sha256, load.received_at,
                     load.is_refused, load.is_snapshot, load.rows, load.loaded, load.duplicate, load.ignored, load.rejected, has_events,
                     organisation_of.get(load.feed),
                     first[Kind.PROFILE], first[Kind.CONSENT], first[Kind.DELIVERY], load.series, load.source in repeating,
                     firsts_of.get(load.load_id)))  # fmt: skip
    sources.LOAD.fill(con, rows)
    named = [(load.load_key, organisation) for _, load in accepted for organisation in load.organisations]
    sources.LOAD_ORGANISATION.fill(con, named)
    sources.SCOPE_OWNER.fill(con, _scope_owners(names, [load for _, load in accepted]))
    lines, arrivals = lines_of(load for _, load in accepted), arrival_numbers([load for _, load in accepted])
    lined = [(load.load_key, line, arrivals.get((load.load_id, line))) for _, load in accepted for line in lines[load.load_id]]
    sources.LOAD_LINE.fill(con, lined)
    current, past = _current(accepted, configuration.feeds, firsts_of, lines)
    sources.LOAD_NOW.fill(con, current)
    sources.LOAD_PAST.fill(con, past)
    sources.FLAG_ATTRIBUTE.fill(con, [row for order, load in accepted for row in _flag_attributes(configuration, order, load)])
    registered = [load for _, load in accepted if Kind.REGISTER in load.kinds]
    in_force = [load for edition in standing(registered, names) for load in edition]
    sources.EDITION_NOW.fill(con, [(load.load_key,) for load in in_force])
    now_keys = {key for key, _, _ in current}
    by_id = {load.load_id: load for load in loads}
    contents = {load.content: by_id.get(load.content, load) for _, load in accepted}
    now_contents = {load.content: contents[load.content] for _, load in accepted if load.load_key in now_keys}
    registers = {load.content: contents[load.content] for load in in_force}
    views = [(source, Kind(kind), registers if kind == Kind.REGISTER else contents) for kind, source in sources.PARQUET.items()]
    for view, kind, found in (*views, (sources.PROFILE_PARQUET_NOW, Kind.PROFILE, now_contents)):
        files = [folders[load.load_id] / f"{kind}.parquet" for load in found.values() if load.kinds.get(kind)]
        _point_to(con, view, kind, files, has_former_names=bool(names.former))


def _scope_owners(names: Names, loads: list[Load]) -> list[tuple[str, str, str]]:
    """(scope, scope_id, organisation) of every brand and list that rows name: whose it was when read, empty where it was several's."""
    owners: dict[tuple[str, str], set[str]] = defaultdict(set)
    for load in loads:
        for named, owner in load.owners.items():
            kind, _, name = named.partition(" ")
            owners[kind, names.now(Named(kind), name)].add(names.now(Named.ORGANISATION, owner))
    return [(scope, scope_id, found.pop() if len(found) == 1 else "") for (scope, scope_id), found in owners.items()]


def _organisations_of(configuration: Configuration, loads: list[Load]) -> dict[str, str | None]:
    """Whose each feed is: as it is configured, and of one that is gone as it was when it was last read, if that organisation is there."""
    last = {load.feed: configuration.names.now(Named.ORGANISATION, load.feed_organisation) for load in loads if load.feed_organisation}
    gone: dict[str, str | None] = {feed: name for feed, name in last.items() if name in configuration.organisations}
    return gone | {name: feed.organisation for name, feed in configuration.feeds.items()}


def _flag_attributes(configuration: Configuration, order: int, load: Load) -> list[tuple[int, str | None, str | None]]:
    """(load_order, attribute, flag) of a profile file that an older version loaded, by another list of names; one row at least."""
    if load.flags is not None or not load.kinds.get(Kind.PROFILE):
        return []
    feed, adapter = configuration.feeds.get(load.feed), adapters().get(load.source)
    shapes = adapter.shapes if isinstance(adapter, VendorFeed) else ()
    read_otherwise = "|".join(shape.reads_otherwise for shape in shapes if shape.reads_otherwise)
    meanings = flag_columns(load.attributes, feed.flags if feed else {}, read_otherwise, is_vendors=bool(shapes))
    found = [(order, attribute, flag) for attribute, meaning in meanings.items() for flag in meaning.flags]
    return [*found, (order, None, None)]


def _repeating(accepted: list[Load]) -> set[str]:
    """Sources whose files may say an event twice: not those with one content of plain rows, among which ingest found no two alike."""
    first_of: dict[str, Load] = {}
    contents: dict[str, set[str]] = {}
    for load in accepted:
        first_of.setdefault(load.content, load)
        contents.setdefault(load.source, set()).add(load.content)
    # A vendor's record may hold several events, and is no duplicate when one of them is new.
    return {
        source
        for source, found in contents.items()
        if len(found) > 1 or not isinstance(adapters().get(source), TableFeed) or any(first_of[content].duplicate for content in found)
    }


def _current(
    accepted: list[tuple[int, Load]], feeds: Container[str], firsts_of: Mapping[str, int], lines: Mapping[str, Collection[str]]
) -> tuple[list[tuple[int, int, str]], list[tuple[int, int, str]]]:
    """(load_key, load_order, organisation) of the profile files that still count, and of those that another has replaced or whose feed
    is not configured any more: nobody would notice that it has fallen silent (domain §8)."""
    base: dict[tuple[str, str, str, str], int] = {}
    for _, load in accepted:
        if load.is_snapshot:
            told = product((load.feed,), lines[load.load_id], (load.series,), load.organisations)
            base.update(dict.fromkeys(told, firsts_of[load.load_id]))
    current: list[tuple[int, int, str]] = []
    past: list[tuple[int, int, str]] = []
    for order, load in accepted:
        if Kind.PROFILE in load.kinds:
            for organisation in load.organisations:
                own = product((load.feed,), lines[load.load_id], (load.series,), (organisation,))
                is_current = load.feed in feeds and any(order >= base.get(place, 0) for place in own)
                (current if is_current else past).append((load.load_key, order, organisation))
    return current, past


def _point_to(con: duckdb.DuckDBPyConnection, view: Source, kind: Kind, files: list[Path], *, has_former_names: bool) -> None:
    """Make the view over the files' rows, in which everything is called as it is now."""
    if not files:
        con.execute(f"CREATE VIEW {view.target} AS SELECT * FROM {kind}_parquet_empty")
        return
    written = f"SELECT * FROM read_parquet([{', '.join(quoted(file) for file in files)}], file_row_number = true)"
    if not has_former_names or kind not in sources.WRITTEN:
        con.execute(f"CREATE VIEW {view.target} AS {written}")
        return
    renaming = f"WITH {sources.WRITTEN[kind].name} AS NOT MATERIALIZED ({written}) {steps.read(f'1_ledger/renamed/{kind}_renamed').sql}"
    con.execute(f"CREATE VIEW {view.target} AS {renaming}")


def describe_configuration(con: duckdb.DuckDBPyConnection, configuration: Configuration) -> None:
    """Fill the small tables of the configuration and of the vocabulary that state and decision read, in the connection's own database."""
    identity = configuration.identity.keys
    settings = [(organisation.id, organisation.country, organisation.timezone) for organisation in configuration.organisations.values()]
    sources.ORGANISATION_SETTING.fill(con, settings)
    tree: list[tuple[str, str, str | None, str | None, str | None]] = [("group", "", None, None, None)]
    for organisation in configuration.organisations.values():
        tree.append(("organisation", organisation.id, organisation.id, None, None))
        for brand_id, brand in organisation.brands.items():
            tree.append(("brand", brand_id, organisation.id, brand_id, None))
            tree += [("list", found.id, organisation.id, brand_id, found.id) for found in brand.lists]
    sources.SCOPE_TREE.fill(con, tree)
    sources.CHANNEL_KIND.fill(con, [(str(channel), str(channel.kind)) for channel in Channel if channel.kind])
    sources.IDENTITY_SETTING.fill(con, [tuple(key in identity for key in ("external_id", "mailbox", "mobile_name"))])
    sources.KEY_LIMIT.fill(con, list(configuration.identity.max_profiles_per_key.model_dump().items()))
    forbidden = configuration.forbidden
    sources.PLACEHOLDER_MAILBOX.create(con)
    con.execute(
        f"""INSERT INTO {sources.PLACEHOLDER_MAILBOX.target}
        SELECT DISTINCT key_of(mailbox) FROM (SELECT unnest($mailboxes::VARCHAR[]) AS mailbox)""",
        {"mailboxes": sorted(placeholder_mailboxes(forbidden.addresses, forbidden.domains))},
    )
    quarantine = configuration.quarantine
    sources.QUARANTINE_SETTING.fill(con, [(quarantine.soft_threshold, quarantine.soft_reset_days, quarantine.mailbox_full_days)])
    places = [(campaign.id, campaign.organisation, campaign.brand, campaign.list) for campaign in configuration.campaigns.values()]
    sources.CAMPAIGN_PLACE.fill(con, places)


def is_current(workspace: Workspace, configuration: Configuration, loads: list[Load]) -> bool:
    """Whether the warehouse is as it was built, from exactly these loads and this configuration, by this version."""
    return version_built(workspace, configuration) == version_of(loads)


def version_built(workspace: Workspace, configuration: Configuration) -> str | None:
    """The version of the ledger that the warehouse shows; None unless it is as it was built, from this configuration, by this version."""
    if not built.is_as_built(workspace):
        return None
    try:
        with duckdb.connect(str(workspace.warehouse), read_only=True) as con:
            ((version, config, named),) = con.execute("SELECT ledger_version, config_sha256, campaigns FROM build").fetchall()
    except duckdb.Error:
        return None
    return str(version) if config == configuration_sha256(configuration, named) else None


@contextmanager
def opened(workspace: Workspace, path: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A working connection with the warehouse attached read-only; unqualified names find working tables first.

    Raises AnotherWriter for a warehouse that is not as it was built: as long as it is open here, nobody writes to it any more.
    """
    with open_engine(workspace.scratch) as con:
        con.execute(f"ATTACH {quoted(path or workspace.warehouse)} AS warehouse (READ_ONLY)")
        if path is None and not built.is_as_built(workspace):
            raise AnotherWriter("the warehouse was changed meanwhile", where="warehouse/presend.duckdb", remedy="Run the command again.")
        con.execute("SET search_path = 'memory.main,warehouse.main'")
        steps.run_script(con, "0_schema/macros")
        yield con
