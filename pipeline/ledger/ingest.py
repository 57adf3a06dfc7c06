"""Loads what is new in landing/: one landing file after another, each complete or not at all.

Promise 3: every row ends as loaded, duplicate, ignored or rejected with its reason, and the four add up. A file with more
rejected rows than its feed allows is refused as a whole; files of a single record count together per ingest.
"""

from collections.abc import Iterable
from datetime import datetime

from pipeline.config import Configuration
from pipeline.engines.local import open_engine
from pipeline.errors import NotFound, UsageError
from pipeline.ledger import staging
from pipeline.ledger.continuity import adopt, heal, losses_by_feed
from pipeline.ledger.loading import IngestReport, Loader
from pipeline.ledger.loads import key_of, read_loads
from pipeline.logs import Progress
from pipeline.workspace import Workspace


def ingest(
    workspace: Workspace,
    configuration: Configuration,
    received_at: datetime,
    names: Iterable[str],
    progress: Progress,
    *,
    kept_in: Workspace | None = None,
) -> IngestReport:
    """Load every new file of the feeds `names` (none: of all), received at `received_at` (aware).

    `kept_in` names another workspace to keep the loads in, which are then loaded for trial. A refused file stops no other. Raises
    UsageError when `received_at` is before the newest arrival, NotFound for an unknown feed, AnotherWriter.
    """
    wanted = list(names) or sorted(configuration.feeds)
    unknown = [name for name in wanted if name not in configuration.feeds]
    if unknown:
        raise NotFound(
            f"there is no feed {unknown[0]!r}", where="feeds/", remedy=f"Known: {', '.join(sorted(configuration.feeds)) or 'none'}."
        )
    newest = max((load.received_at for load in read_loads(workspace)), default=None)
    if newest is not None and received_at < newest:
        raise UsageError(
            f"--as-of {received_at.isoformat()} is before the newest arrival ({newest.isoformat()})",
            remedy="Ingest now, and decide about the past with `presend publish --as-of` or `presend explain --as-of`.",
        )
    report = IngestReport(received_at)
    losses = losses_by_feed(workspace)
    with open_engine(workspace.scratch) as con:
        is_prepared = False
        for name in wanted:
            with workspace.lock(f"ledger.{name}"):
                loader = Loader(workspace, configuration, configuration.feeds[name], con, report, progress, kept_in or workspace)
                lost = loader.lost_files(losses.get(name, ()))
                if lost and not is_prepared:
                    staging.prepare(con, configuration)
                    is_prepared = True
                for (received_at, is_refused), found in sorted(lost.items()):
                    loader.load_again(received_at, is_refused, found)
                files = loader.new_files()
                if files and not is_prepared:
                    staging.prepare(con, configuration)
                    is_prepared = True
                loader.load(files)
                if kept_in is None:
                    adopt(workspace, loader.known.values())
    if kept_in is None:
        heal(workspace)
    return report


__all__ = ["IngestReport", "ingest", "key_of"]
