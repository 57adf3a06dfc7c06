"""The four counts of a load, which add up, and the share of its rows that was rejected (promise 3)."""

from collections import Counter
from dataclasses import replace

from pipeline.config import FeedConfig
from pipeline.ledger.loads import Load
from pipeline.ledger.staging import Fates, RecordsStaged
from pipeline.vocabulary import Named


def share(part: int, whole: int) -> float:
    """The part of the whole, 0 to 1; 0 of nothing."""
    return part / whole if whole else 0.0


def too_many(rejected: int, judged: int, feed: FeedConfig) -> str:
    """The refusal of a file with too many rejected rows."""
    return f"{rejected:,} of {judged:,} rows are rejected; feeds/{feed.id}.yaml allows {feed.max_rejected:.2%}"


def counted(load: Load, result: RecordsStaged, rejected: list[tuple[int, str, str]], is_single: bool, feed: FeedConfig) -> Load:
    """The load with what became of its rows."""
    staged = result.staged
    faults = Counter(fault for _, fault, _ in rejected)
    unknown: Counter[str] = Counter()
    says: Counter[str] = Counter()
    names: Counter[str] = Counter()
    for part in staged:
        unknown.update(part.unknown)
        says.update(part.says)
        names.update(part.names)
    fates = result.fates or _fates(result, len(rejected))
    is_snapshot = result.is_snapshot or any(part.is_snapshot for part in staged)
    # A snapshot speaks for its feed's own organisation, and an edition for its register, even with no row of it (contract §2).
    own = {feed.organisation} if is_snapshot and feed.organisation is not None else set()
    if feed.register_format is not None:
        names[f"{Named.REGISTER} {feed.register_format.id}"] += 0
    return replace(
        load,
        rows=fates.rows,
        loaded=fates.loaded,
        duplicate=fates.duplicate,
        ignored=fates.ignored,
        rejected=fates.rejected,
        kinds={str(part.kind): part.rows for part in staged},
        organisations=tuple(sorted(own.union(*(part.organisations for part in staged)))),
        is_snapshot=is_snapshot,
        series=result.series,
        is_single_record=is_single,
        attributes=tuple(sorted({name for part in staged for name in part.attributes})),
        faults=dict(sorted(faults.items())),
        unknown=dict(sorted(unknown.items())),
        says=dict(sorted(says.items())),
        names=dict(sorted(names.items())),
        is_table=any(part.is_table for part in staged),
        flags=tuple(column for part in staged for column in part.flags),
    )


def _fates(result: RecordsStaged, rejected: int) -> Fates:
    """The counts of a file in which a row is a row of one kind."""
    outside = rejected - sum(len(part.rejected) for part in result.staged)
    rows = sum(part.rows for part in result.staged) + result.ignored + outside
    ignored = result.ignored + sum(part.ignored for part in result.staged)
    duplicate = sum(part.duplicate for part in result.staged)
    return Fates(rows, rows - duplicate - ignored - rejected, duplicate, ignored, rejected)
