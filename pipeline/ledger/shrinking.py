"""Whether a snapshot or a register's edition may replace the one in force (domain §8 "Snapshots and editions shrink").

An empty one after a filled one, one that lost more rows than its feed allows, and one that is older are refused: a download that
failed, half of a file and last week's file would free whom the one in force holds. A person may say that it is right.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb

from pipeline.config import FeedConfig
from pipeline.config.names import Names
from pipeline.feeds import adapters
from pipeline.feeds._vendor import VendorFeed
from pipeline.ledger.editions import is_whole_state, lines_of, register_of, standing
from pipeline.ledger.loads import Load, order_of
from pipeline.ledger.order import date_in
from pipeline.ledger.waivers import Waiver, WaiverKind
from pipeline.vocabulary import Kind, Named

FEW = 100
"""So many rows an edition must have had for its successor to be measured by it; a smaller one may lose any but all."""
MAX_SHRINK, MAX_SHRINK_OF_REGISTERS = 0.5, 0.2
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Extent:
    """How much an edition says: its usable rows, how many of them differ, those of each organisation, and, where all rows tell it, when the
    newest was updated."""

    rows: int
    different: int
    of_organisation: Mapping[str, int]
    updated_at: datetime | None = None


def allowed(feed: FeedConfig) -> float:
    """The share of its rows that the feed's next edition may lose."""
    if feed.max_shrink is not None:
        return feed.max_shrink
    return MAX_SHRINK_OF_REGISTERS if feed.register_format is not None else MAX_SHRINK


def is_accepted(waivers: Iterable[Waiver], load: Load, known: Iterable[Load]) -> bool:
    """Whether a person has said that this file, with this content, is right, and it has not been taken since: a word is about one arrival.

    `waivers` and `known` loads are those of its feed, under each of its names.
    """
    taken = [each.known_at for each in known if not each.is_refused and (each.file, each.sha256) == (load.file, load.sha256)]
    return any(
        waiver.kind is WaiverKind.ACCEPTED_FILE
        and waiver.subject in (load.file, load.landing_name)
        and waiver.sha256 == load.sha256
        and all(known_at < waiver.at for known_at in taken)
        for waiver in waivers
    )


def refusal_of(
    con: duckdb.DuckDBPyConnection,
    feed: FeedConfig,
    edition: Sequence[tuple[Load, Path]],
    accepted: Iterable[tuple[Load, Path]],
    names: Names,
) -> str:
    """Why the edition, given with the folders of its rows, may not replace what is in force; empty where it may.

    `accepted` are the feed's loads that were taken, with the folders of theirs; each counts as its bytes did when they
    first came. An organisation that was renamed is the same by `names`.
    """
    new = edition[0][0]
    if not is_whole_state(new) or _is_of_those_named(new):
        return ""
    folders = {load.load_id: folder for load, folder in accepted}
    known = sorted((load for load, _ in accepted if order_of(load) < order_of(new)), key=order_of)
    old = _replaced(known, new, names)
    if not old:
        return ""
    was = _extent(con, [(load, folders[load.load_id]) for load in old], names)
    now = _extent(con, edition, names)
    return next(iter(_faults(feed, [load for load, _ in edition], old, was, now)), "")


def _is_of_those_named(load: Load) -> bool:
    """Whether the file says how some people stand whom it names, as a vendor's interface answers about one of them."""
    adapter = adapters()[load.source]
    return isinstance(adapter, VendorFeed) and any(shape.name == load.series and shape.is_of_those_named for shape in adapter.shapes)


def _replaced(known: list[Load], new: Load, names: Names) -> list[Load]:
    """The loads of what is in force and the new one would replace: several editions, where it is the first of feeds that were joined."""
    lines, register = lines_of([*known, new]), register_of(new, names)
    alike = [load for load in known if load.series == new.series and _kind(load) == _kind(new)]
    alike = [load for load in alike if not register or register_of(load, names) in (register, "")]
    return [load for edition in standing(alike, names) for load in edition if lines[load.load_id] & lines[new.load_id]]


def _kind(load: Load) -> bool:
    return Kind.REGISTER in load.kinds


def _faults(feed: FeedConfig, new: Sequence[Load], old: Sequence[Load], was: Extent, now: Extent) -> Iterator[str]:
    what = "edition" if _kind(old[0]) else "snapshot"
    if was.rows and not now.rows:
        yield f"it has no usable row, and the {what} in force has {was.rows:,}"
    least = 1 - allowed(feed)
    if was.rows >= FEW and now.rows < least * was.rows:
        yield (
            f"it has {now.rows:,} usable rows, and the {what} in force has {was.rows:,}: a loss of more than {allowed(feed):.0%}"
            f" (max_shrink in feeds/{feed.id}.yaml)"
        )
    if was.different >= FEW and now.different < least * was.different:
        yield (
            f"{now.different:,} of its rows differ, and {was.different:,} of those of the {what} in force: a loss of more than"
            f" {allowed(feed):.0%} (max_shrink in feeds/{feed.id}.yaml)"
        )
    for organisation, rows in sorted(was.of_organisation.items()):
        left = now.of_organisation.get(organisation, 0)
        # Of an organisation that it does not name a snapshot replaces nothing; of its feed's own it does.
        is_gone = not left and organisation == feed.organisation
        if is_gone or (rows >= FEW and left < least * rows):
            yield f"it has {left:,} usable rows of organisation {organisation}, and the {what} in force has {rows:,}"
    old_date, new_date = (_date(each) for each in (old, new))
    if old_date and new_date and new_date < old_date:
        yield f"its name says {new_date}, and that of the {what} in force {old_date}: it is older"
    if was.updated_at and now.updated_at and min(was.rows, now.rows) >= FEW and now.updated_at < was.updated_at:
        yield (
            f"its newest row was updated at {now.updated_at:%Y-%m-%d %H:%M} UTC, and that of the {what} in force at"
            f" {was.updated_at:%Y-%m-%d %H:%M}: it is older"
        )


def _date(loads: Iterable[Load]) -> date | None:
    dates = [found for found in (date_in(load.file) for load in loads) if found is not None]
    return max(dates, default=None)


def _extent(con: duckdb.DuckDBPyConnection, edition: Iterable[tuple[Load, Path]], names: Names) -> Extent:
    edition = list(edition)
    # A record in which there is nothing against anybody is one that could be read.
    rows = sum(load.loaded + load.duplicate + load.ignored for load, _ in edition)
    different = rows - sum(load.duplicate for load, _ in edition)
    # What is missing in the ledger stops every build, and no ingest.
    paths = [str(path) for path in (folder / f"{Kind.PROFILE}.parquet" for _, folder in edition) if path.is_file()]
    if not paths:
        return Extent(rows, different, {})
    counts = con.execute(
        """SELECT organisation, count(*), count(updated_at), epoch_us(max(updated_at))
        FROM read_parquet($paths) WHERE fault IS NULL GROUP BY organisation""",
        {"paths": paths},
    ).fetchall()
    told = sum(times for _, _, times, _ in counts) == sum(count for _, count, _, _ in counts)
    newest = max((micros for *_, micros in counts if micros is not None), default=None)
    of_organisation: Counter[str] = Counter()
    for organisation, count, _, _ in counts:
        # What the configuration does not have any more, no further file can name.
        if names.knows(Named.ORGANISATION, organisation):
            of_organisation[names.now(Named.ORGANISATION, organisation)] += count
    return Extent(
        rows,
        different,
        of_organisation,
        None if newest is None or not told else _EPOCH + timedelta(microseconds=newest),
    )
