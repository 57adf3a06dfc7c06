"""What a decision is made of: the campaign, `as_of`, the ledger's version, the configuration, and the other runs that it reads.

A decision is a function of exactly these and, where lots are drawn, of the key. `run_id` is made of them.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import duckdb

from pipeline import outbox
from pipeline.config import Campaign, Configuration, Organisation
from pipeline.errors import Overtaken, UsageError
from pipeline.outbox import Run
from pipeline.vocabulary import Named
from pipeline.workspace import Workspace


@dataclass(frozen=True)
class Inputs:
    """What a decision is made of; two equal inputs are the same run."""

    campaign: Campaign
    organisation: Organisation
    as_of: datetime
    ledger_version: str
    config_sha256: str
    left_out: tuple[Run, ...] = ()
    planned: tuple[Run, ...] = ()
    previous: Run | None = None
    recurring: frozenset[str] = frozenset()
    """The campaigns that recur."""

    @property
    def several(self) -> frozenset[str]:
        """The planned campaigns whose every audience is a message of its own: they recur, or an earlier audience of theirs went out."""
        audiences = Counter(run.campaign for run in self.planned)
        return frozenset(name for name, count in audiences.items() if count > 1 or name in self.recurring)

    @property
    def reads(self) -> tuple[Run, ...]:
        """The other runs that the decision reads: audiences that are left out, and messages about to go out."""
        found = {run.run_id: run for run in (*self.left_out, *self.planned)}
        return tuple(found[run_id] for run_id in sorted(found))

    @property
    def run_id(self) -> str:
        """`<as_of>-<8 hex of the inputs' hash>` (contract §3)."""
        told = [self.campaign.id, self.as_of.isoformat(), self.ledger_version, self.config_sha256, [run.run_id for run in self.reads],
                None if self.previous is None else self.previous.run_id]  # fmt: skip
        told += sorted(self.several)
        digest = hashlib.sha256(json.dumps(told).encode()).hexdigest()
        return f"{self.as_of.astimezone(UTC):%Y%m%dT%H%M%SZ}-{digest[:8]}"


@dataclass(frozen=True)
class Decision:
    """A decided campaign: tables `candidate`, `exclusion` and `decision` in `con`."""

    con: duckdb.DuckDBPyConnection
    inputs: Inputs
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def run_id(self) -> str:
        return self.inputs.run_id

    @property
    def campaign(self) -> Campaign:
        return self.inputs.campaign

    @property
    def organisation(self) -> Organisation:
        return self.inputs.organisation

    @property
    def as_of(self) -> datetime:
        return self.inputs.as_of

    @property
    def ledger_version(self) -> str:
        return self.inputs.ledger_version

    @property
    def config_sha256(self) -> str:
        return self.inputs.config_sha256

    @property
    def previous_runs(self) -> tuple[str, ...]:
        return tuple(run.run_id for run in self.inputs.reads)


def inputs_of(workspace: Workspace, configuration: Configuration, campaign: Campaign, as_of: datetime, ledger_version: str) -> Inputs:
    """Everything that the decision about `campaign` at `as_of` depends on, from the workspace as it is."""
    planned = tuple(planned_runs(workspace, configuration, campaign, as_of))
    return Inputs(
        campaign,
        configuration.organisations[campaign.organisation],
        as_of,
        ledger_version,
        _with_files(workspace, configuration, campaign),
        tuple(_left_out_runs(workspace, configuration, campaign, as_of)),
        planned,
        _previous_run(workspace, configuration, campaign, as_of),
        _recurring(configuration),
    )


@contextmanager
def not_overtaken(workspace: Workspace, configuration: Configuration, inputs: Inputs) -> Iterator[None]:
    """Holds the lock of the whole outbox for the moment in which a run goes out.

    Raises Overtaken where a run that the decision would have read was published since its inputs were told: of two that are published at
    the same time one has to give way.
    """
    with workspace.lock("outbox"):
        if inputs_of(workspace, configuration, inputs.campaign, inputs.as_of, inputs.ledger_version).run_id != inputs.run_id:
            raise Overtaken(
                "another campaign was published meanwhile", where=f"campaign {inputs.campaign.id}", remedy="Run the command again."
            )
        yield


def _with_files(workspace: Workspace, configuration: Configuration, campaign: Campaign) -> str:
    """The configuration's fingerprint, with the content of the files that the campaign leaves out."""
    digest = hashlib.sha256(configuration.sha256_for(campaign).encode())
    for name in campaign.exclude_files:
        digest.update(hashlib.sha256(workspace.inside(name).read_bytes()).digest())
    return digest.hexdigest() if campaign.exclude_files else configuration.sha256_for(campaign)


def _left_out_runs(workspace: Workspace, configuration: Configuration, campaign: Campaign, as_of: datetime) -> list[Run]:
    """The newest published audience of each campaign that this one leaves out, of each organisation whose campaign it was."""
    newest: dict[tuple[str, str], Run] = {}
    for run in outbox.all_runs(workspace):
        if run.campaign in campaign.excluded and run.as_of <= as_of:
            key = (run.campaign, configuration.names.now(Named.ORGANISATION, run.organisation))
            newest[key] = max(newest.get(key, run), run, key=lambda run: run.rank)
    return [run for _, run in sorted(newest.items())]


def _previous_run(workspace: Workspace, configuration: Configuration, campaign: Campaign, as_of: datetime) -> Run | None:
    """What the run is compared with, also where its organisation was called otherwise then."""
    organisation = configuration.organisations[campaign.organisation]
    found = [outbox.previous_run(workspace, name, campaign.id, as_of) for name in (organisation.id, *organisation.formerly)]
    return max((run for run in found if run is not None), key=lambda run: (run.as_of, run.run_id), default=None)


def planned_runs(workspace: Workspace, configuration: Configuration, campaign: Campaign, as_of: datetime) -> list[Run]:
    """Other campaigns' audiences on the channel whose contact lies near this one's, before or after: who publishes second gives way.

    A campaign's newer audience stands for the one before, unless that had gone out: its delivery analysis was over when the newer one was
    decided. Where a campaign recurs, so it is with each occurrence, and another occurrence of this campaign is one of the others. A
    campaign is the same one whatever its organisation was called, or whose it was, when it was published before.
    """
    found: dict[tuple[str, str], list[Run]] = defaultdict(list)
    recurring = _recurring(configuration)
    published = outbox.all_runs(workspace)
    ours_now = {run.run_id for run in published if run.campaign == campaign.id and run.as_of == as_of}
    for run in published:
        analysis_at = run.manifest["delivery_analysis_at"]
        recurs = run.campaign in recurring
        is_ours = run.campaign == campaign.id and not (recurs and datetime.fromisoformat(analysis_at) != campaign.delivery_analysis_at)
        # At one instant the order in which runs were published is told by what they read: that one gave way to ours.
        is_second = run.as_of > as_of or (run.as_of == as_of and not ours_now.isdisjoint(run.manifest["reads"]))
        if not is_ours and not is_second and run.manifest["channel"] == str(campaign.channel):
            found[run.campaign, analysis_at if recurs else ""].append(run)
    going_out = (run for _, runs in sorted(found.items()) for run in _going_out(runs))
    reach = timedelta(days=_longest_window(configuration))
    return [run for run in going_out if abs(datetime.fromisoformat(run.manifest["contact_at"]) - campaign.contact_at) <= reach]


def _going_out(runs: list[Run]) -> Iterator[Run]:
    """The audiences of one campaign that no newer one has replaced before their delivery analysis, in order."""
    ranked = sorted(runs, key=lambda run: run.rank)
    for place, run in enumerate(ranked, start=1):
        analysis_at = datetime.fromisoformat(run.manifest["delivery_analysis_at"])
        if not any(newer.as_of < analysis_at for newer in ranked[place:]):
            yield run


def _recurring(configuration: Configuration) -> frozenset[str]:
    return frozenset(name for name, campaign in configuration.campaigns.items() if campaign.recurrence is not None)


def _longest_window(configuration: Configuration) -> int:
    """In days; the same for all, so that of two campaigns either both see each other or neither does."""
    pressures = (organisation.policy.pressure for organisation in configuration.organisations.values())
    return max([366, *(pressure.per_days for pressure in pressures if pressure)])


def as_utc(text: str) -> datetime:
    """An ISO 8601 instant from the command line. Raises UsageError when it has no offset or is no time."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is no time", where="--as-of", remedy="Write it like 2026-11-25T07:00:00Z.") from None
    if instant.tzinfo is None:
        raise UsageError(f"{text!r} has no offset", where="--as-of", remedy="Write it like 2026-11-25T07:00:00Z.")
    if not 2000 <= instant.year < 2200:  # as for the moments of a campaign: at the ends of the calendar nothing can be computed
        raise UsageError(f"{text!r} lies outside the years 2000 to 2199", where="--as-of", remedy="Write it like 2026-11-25T07:00:00Z.")
    return instant.astimezone(UTC)
