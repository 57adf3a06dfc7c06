"""Loads what is new in landing/: one landing file after another, each complete or not at all.

Promise 3: every row ends as loaded, duplicate, ignored or rejected with its reason, and the four add up. A file with more
rejected rows than its feed allows is refused as a whole; files of a single record count together per ingest.
"""

from collections.abc import Iterable
from datetime import datetime

import duckdb

from pipeline.config import Configuration
from pipeline.engines.local import open_engine
from pipeline.errors import NotFound, PresendError
from pipeline.ledger.continuity import adopt, heal, losses_by_feed
from pipeline.ledger.loading import Loader
from pipeline.ledger.loads import Load, key_of, read_every_load
from pipeline.ledger.readings import Reading
from pipeline.ledger.redating import require_forward
from pipeline.ledger.report import IngestReport
from pipeline.ledger.rereading import read_anew
from pipeline.ledger.waivers import Waiver, WaiverKind, read_waivers, write_waiver
from pipeline.ledger.wholes import chained, without_halves
from pipeline.logs import Progress
from pipeline.vocabulary import Named
from pipeline.workspace import Workspace


def ingest(
    workspace: Workspace,
    configuration: Configuration,
    received_at: datetime,
    names: Iterable[str],
    progress: Progress,
    *,
    kept_in: Workspace | None = None,
    keep_former: str = "",
    by: str = "",
    into: IngestReport | None = None,
) -> IngestReport:
    """Load every new file of the feeds `names` (none: of all; a former name will do), received at `received_at` (aware).

    Files whose feed's settings have changed since are read anew first. `kept_in` names another workspace to keep the loads in, which are
    then loaded for trial. What cannot be read anew of the feed `keep_former` may stay as it was read: `by` says so, a person's name.
    A refused file stops no other, nor does a feed that cannot be read: `into` (a new report if None) tells what was done in the others when
    this raises.

    Raises UsageError when `received_at` is before the newest arrival, NotFound for an unknown feed, AnotherWriter.
    """
    called = configuration.names
    named = [called.now(Named.FEED, name) for name in names]
    keep_former = called.now(Named.FEED, keep_former)
    wanted = [*named, *([keep_former] if keep_former and keep_former not in named else [])] if named else sorted(configuration.feeds)
    unknown = [name for name in [*wanted, *filter(None, [keep_former])] if name not in configuration.feeds]
    if unknown:
        raise NotFound(
            f"there is no feed {unknown[0]!r}", where="feeds/", remedy=f"Known: {', '.join(sorted(configuration.feeds)) or 'none'}."
        )
    require_forward(read_every_load(workspace), received_at)
    report = into or IngestReport(received_at)
    losses = losses_by_feed(workspace, called)
    known = set(chained(workspace))
    failures: list[Exception] = []
    with open_engine(workspace.scratch) as con:
        for name in wanted:
            # What is wrong with one feed is no reason to leave the opt-outs of the next ones lying.
            try:
                with workspace.lock(f"ledger.{name}"):
                    loader = Loader(workspace, configuration, configuration.feeds[name], con, report, progress, kept_in or workspace, known)
                    read_anew(loader)
                    lost = loader.lost_files(losses.get(name, ()))
                    if lost:
                        loader.prepare()
                    for (arrived_at, is_refused), found in sorted(lost.items()):
                        loader.load_again(arrived_at, is_refused, found)
                    files = loader.new_files()
                    if files:
                        require_forward(loader.known.values(), received_at)  # another process may have been faster
                        loader.prepare()
                    loader.load(files)
                    if name == keep_former:
                        _keep_former(workspace, loader.reading, list(loader.known.values()), by, report)
                    if kept_in is None:
                        adopt(workspace, without_halves(workspace, list(loader.known.values())))
            except (OSError, PresendError, duckdb.Error) as error:
                failures.append(error)
    if kept_in is None:
        heal(workspace, called)
    if failures:
        raise failures[0]
    return report


def _keep_former(workspace: Workspace, reading: Reading, loads: list[Load], by: str, report: IngestReport) -> None:
    """Let what cannot be read anew stay as it was read, until the feed's settings change again."""
    left = reading.left(loads, read_waivers(workspace))
    contents = sorted({load.sha256 for load in left})
    feed, now = reading.feed.id, report.received_at
    if contents:
        words = [Waiver(WaiverKind.KEPT_FORMER, feed, reading.fingerprint, content, by, now) for content in contents]
        write_waiver(workspace, *words)
    report.anew.kept += left
    # What may stay so is nothing that was refused, or lost, any more.
    report.anew.refused = [load for load in report.anew.refused if load.feed not in reading.feed.names or load.sha256 not in contents]
    report.anew.gone = [load for load in report.anew.gone if load not in left]


__all__ = ["IngestReport", "ingest", "key_of"]
