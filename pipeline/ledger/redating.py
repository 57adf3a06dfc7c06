"""Time in the ledger goes forward, and no further than the machine's clock (domain §8 "Clocks"); what to do when it did.

A machine whose clock ran ahead has received files in the future: nothing can arrive after them until then, and nobody knows how fresh they
are. Once the clock is right, a person has those files read anew, as received now.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from pipeline import clock
from pipeline.config import Configuration
from pipeline.engines.local import open_engine
from pipeline.errors import FeedNotFresh, UsageError
from pipeline.ledger import staging
from pipeline.ledger.continuity import Loss
from pipeline.ledger.landing import ContentHashes, files_under
from pipeline.ledger.loading import Loader
from pipeline.ledger.loads import Load, read_every_load
from pipeline.ledger.report import IngestReport
from pipeline.ledger.waivers import Waiver, WaiverKind, write_waiver
from pipeline.logs import Progress
from pipeline.vocabulary import Named
from pipeline.workspace import Workspace

REMEDY = "Set the machine's clock right. If it ran ahead before, `presend ingest --redate --by NAME` has those files received now."


def require_forward(loads: Iterable[Load], received_at: datetime) -> None:
    """Raise UsageError when a file of the ledger was received later than `received_at`."""
    newest = max(loads, key=lambda load: load.known_at, default=None)
    if newest is None or received_at >= newest.known_at:
        return
    arrival = f"the newest arrival ({newest.known_at.isoformat()}, feed {newest.feed})"
    if clock.is_ahead(newest.known_at):
        told = f"{arrival} is ahead of the machine's clock ({clock.now().isoformat()})"
        raise UsageError(told, where=f"landing/{newest.feed}/", remedy=REMEDY)
    raise UsageError(
        f"{received_at.isoformat()} is before {arrival}",
        where="--as-of",
        remedy="Ingest now, and decide about the past with `presend publish --as-of` or `presend explain --as-of`.",
    )


def redate(workspace: Workspace, configuration: Configuration, by: str, received_at: datetime, progress: Progress) -> IngestReport:
    """Read every file that was received ahead of the machine's clock anew, as received at `received_at`; `by` is who said so.

    Each load is replaced at once by the one that is read anew, so that no moment lies without its rows. Raises FeedNotFresh when a landing
    file is gone or was written over, or its feed is not configured; nothing is changed then. Raises AnotherWriter.
    """
    report = IngestReport(received_at)
    ahead = [load for load in read_every_load(workspace) if clock.is_ahead(load.known_at)]
    of_feed: dict[str, list[Load]] = defaultdict(list)
    for load in ahead:
        of_feed[configuration.names.now(Named.FEED, load.feed)].append(load)
    for feed, own in of_feed.items():
        _require_landed(workspace, configuration, feed, own)
    with open_engine(workspace.scratch) as con:
        staging.prepare(con, configuration)
        for feed, own in sorted(of_feed.items()):
            with workspace.lock(f"ledger.{feed}"):
                loader = Loader(workspace, configuration, configuration.feeds[feed], con, report, progress, workspace)
                for load in own:
                    write_waiver(workspace, Waiver(WaiverKind.REDATED, load.feed, load.load_id, load.sha256, by, received_at))
                for (moment, is_refused, _), files in _together(own, received_at).items():
                    loader.load_again(moment, is_refused, files)
    return report


def _together(loads: list[Load], now: datetime) -> dict[tuple[datetime, bool, int], dict[str, Load | Loss]]:
    """The loads as they are to be, by what they are loaded again with: what was only read anew ahead of the clock keeps its arrival."""
    found: dict[tuple[datetime, bool, int], dict[str, Load | Loss]] = defaultdict(dict)
    seen: Counter[str] = Counter()
    # What came one after the other stays one after the other, a millionth of a second apart.
    ahead = sorted({load.received_at for load in loads if clock.is_ahead(load.received_at)}, reverse=True)
    moments = {moment: now - timedelta(microseconds=number) for number, moment in enumerate(ahead)}
    for load in loads:
        is_received_ahead = load.received_at in moments
        moment = moments.get(load.received_at, load.received_at)
        found[moment, load.is_refused, seen[load.file]][load.file] = replace(load, read_at=None if is_received_ahead else now)
        seen[load.file] += 1
    return found


def _require_landed(workspace: Workspace, configuration: Configuration, name: str, loads: list[Load]) -> None:
    feed = configuration.feeds.get(name)
    if feed is None:
        raise FeedNotFresh(
            f"the feed {name} is not configured: its files that were received ahead of the clock cannot be read anew",
            where=f"feeds/{name}.yaml",
            remedy=f"Restore that file until they are, or write `formerly: [{name}]` into the file of the feed that goes on with it.",
        )
    hashes = ContentHashes(workspace, name)
    landed = {file.name: hashes.of(file) for file in files_under(workspace, feed.names, feed.files)}
    gone = [load for load in loads if landed.get(load.landing_name) != load.sha256]
    if gone:
        more = f" (and {len(gone) - 1} more)" if len(gone) > 1 else ""
        raise FeedNotFresh(
            f"a file that was received ahead of the clock is not in landing any more as it was{more}: it cannot be read anew",
            where=f"ledger/{gone[0].feed}/{gone[0].load_id}",
            remedy=f"Put the file back into landing/{name}/, or restore the workspace from a backup of before the clock was wrong.",
        )
