"""A published audience asked again: who of it has become excluded since (contract §4, decision 0013).

The campaign is decided once more, among the very rows that were published. So a row is not withdrawn because somebody who is not in
the file would win the choice between duplicates now, and nobody new comes in. Lots are not drawn again: they restrict nobody.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import duckdb

from pipeline import outbox, publication, sources, steps
from pipeline.config import Configuration
from pipeline.decision import Decision, Inputs, decided
from pipeline.engines.local import quoted, scratch_folder
from pipeline.logs import Progress
from pipeline.outbox import Run
from pipeline.reasons import Reason
from pipeline.workspace import Workspace


@dataclass(frozen=True)
class Withdrawal:
    """The list of those in a run's audience who are excluded at an instant, seeds included."""

    run: Run
    as_of: datetime
    path: Path
    by_reason: Mapping[str, int]
    """How many, by primary reason; `no_candidate` are those whose profile is gone, left the segment or has another address."""
    warnings: tuple[str, ...]
    """What would stop a publication, such as a feed that is stale: who opted out through it is not known yet."""

    @property
    def count(self) -> int:
        return sum(self.by_reason.values())


@contextmanager
def asked_again(
    workspace: Workspace, configuration: Configuration, inputs: Inputs, run: Run, progress: Progress
) -> Iterator[tuple[Decision, dict[str, int]]]:
    """The decision among the run's audience, with the table `withdrawn`; and how many are withdrawn by primary reason.

    Raises what `decided` raises.
    """
    campaign = inputs.campaign.model_copy(update={"holdout": 0.0, "capacity": None, "seeds": _seeds_of(run)})
    with decided(workspace, configuration, replace(inputs, campaign=campaign), progress, among=run) as decision:
        sources.REASON_RANK.fill(decision.con, [(str(reason), reason.spec.rank) for reason in Reason])
        for name in ("withdrawn_seed", "withdrawn"):
            steps.make(decision.con, steps.read(f"5_publication/{name}"))
        yield decision, _counts(decision.con)


def write_list(
    workspace: Workspace, asked: Sequence[tuple[Configuration, Inputs]], run: Run, warnings: list[str], progress: Progress
) -> Withdrawal:
    """Write the run's withdrawn list at the inputs' `as_of`, and name it in latest.json: whoever is withdrawn by one of the `asked` is.

    The caller holds the outbox lock.
    """
    *others, (configuration, inputs) = asked
    with scratch_folder(workspace.scratch) as scratch:
        for number, (other, its_inputs) in enumerate(others):
            with asked_again(workspace, other, its_inputs, run, progress) as (decision, _):
                decision.con.execute(f"COPY withdrawn TO {quoted(scratch / f'{number}.parquet')} (FORMAT parquet)")
        with asked_again(workspace, configuration, inputs, run, progress) as (decision, by_reason):
            for file in sorted(scratch.glob("*.parquet")):
                decision.con.execute(
                    f"""INSERT INTO withdrawn BY NAME
                    SELECT * FROM read_parquet({quoted(file)}) AS besides WHERE besides.address NOT IN (SELECT address FROM withdrawn)"""
                )
            by_reason = _counts(decision.con) if others else by_reason
            path = publication.withdraw(workspace, run, decision.con, inputs.as_of)
    return Withdrawal(run, inputs.as_of, path, by_reason, tuple(warnings))


def _counts(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    return dict(con.execute("SELECT reason, count(*) FROM withdrawn GROUP BY reason ORDER BY reason").fetchall())


def _seeds_of(run: Run) -> tuple[str, ...]:
    """The control addresses that were published, whatever the campaign's file says by now."""
    with duckdb.connect() as con:
        rows = con.execute(f"SELECT address FROM {outbox.audience_rows(run)} WHERE is_seed ORDER BY address").fetchall()
    return tuple(str(address) for (address,) in rows)
