"""What a run promised, asked of the ledger: the second half of `presend verify`.

The run is decided again, by the configuration that it kept, over the ledger as it saw it, and compared. Where that version of the ledger,
a file or a run that it read is not there any more, one promise can still be asked: that nobody in the audience stood under a restriction
that had been received by then. What was checked, and what could not be, is told.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline import durable, outbox, steps, warehouse
from pipeline.config import Campaign, Configuration, load_configuration
from pipeline.decision import Decision, Inputs, decided, inputs_of
from pipeline.engines.local import quoted
from pipeline.errors import ConfigurationError
from pipeline.feeds import sources
from pipeline.kept_configuration import CONFIGURATION, Kept, read_kept
from pipeline.ledger import Load, in_force, read_every_load, version_of
from pipeline.logs import Progress
from pipeline.manifest import software_versions
from pipeline.outbox import Run, instant_text
from pipeline.publication import EXCLUSIONS
from pipeline.reasons import Reason
from pipeline.verification import OpenRun
from pipeline.workspace import Workspace

RESTRICTIONS = frozenset(reason for reason in Reason if reason.spec.is_restriction)
LOTS = frozenset(reason for reason in Reason if reason.spec.is_drawn)
_MISSING = "the configuration, or an earlier run that it would read,"


def home_of(run_dir: Path, given: Workspace) -> Workspace:
    """The workspace whose outbox the run lies in, else the one that was given: a run may be handed on."""
    parents = run_dir.resolve().parents
    for depth in (3, 4):  # outbox/<organisation>/<campaign>[/pending]/<run_id>
        if len(parents) > depth and parents[depth - 1].name == "outbox" and (parents[depth] / "presend.yaml").is_file():
            return Workspace(parents[depth])
    return given


@dataclass
class Witness:
    """Asks the ledger of a workspace about a run; `checked` and `unchecked` tell afterwards what the answer rests on."""

    workspace: Workspace
    progress: Progress
    checked: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)

    def __call__(self, opened: OpenRun) -> Iterator[str]:
        """The run's faults, with counts and without addresses (a `verification.Promise`)."""
        run = opened.run
        if not self.workspace.settings_file.is_file():
            self.unchecked.append("the promises, because there is no workspace here to ask: name it with --workspace")
            return
        try:
            known = sources()
            found = read_kept(self.workspace, run, known)
            yield from self._faults(load_configuration(self.workspace, sources=known) if found is None else found.configuration, found, run)
        except ConfigurationError as error:
            self.unchecked.append(f"the promises, because the configuration does not allow to decide: {error.message}")

    def _faults(self, configuration: Configuration, found: Kept | None, run: Run) -> Iterator[str]:
        loads = read_every_load(self.workspace)
        seen = _loads_of(loads, run)
        inputs = _inputs_of(self.workspace, configuration, run)
        if found is not None and inputs is not None and not _is_same(inputs, run):
            if not found.is_whole or run.manifest["software"] != software_versions():
                # Its fingerprint cannot be made again; the manifest, which lists the file that it was read from, says what it was.
                inputs = replace(inputs, config_sha256=str(run.manifest["config_sha256"]))
            elif not inputs.campaign.exclude_files:
                yield f"{CONFIGURATION} is not the configuration that the run's id was made of"
                return
        if seen is not None and inputs is not None and inputs.run_id == run.run_id:
            with self._decided(configuration, inputs, seen) as decision:
                yield from self._differences(decision, run)
            return
        missing = (
            "the version of the ledger" if seen is None else _MISSING if found is None else "a file or an earlier run that it would read"
        )
        self.unchecked.append(f"the whole decision, because {missing} is not the run's any more")
        is_same_policy = found is not None or _is_same(inputs, run)
        yield from self._restricted(configuration, run, loads if seen is None else seen, is_same_policy=is_same_policy)

    @contextmanager
    def _decided(self, configuration: Configuration, inputs: Inputs, loads: list[Load]) -> Iterator[Decision]:
        """Decide over exactly these loads: over a state built for it from the ledger, never over the warehouse, which others can write."""
        durable.make_folder(self.workspace.scratch)
        with TemporaryDirectory(prefix="verify-", dir=self.workspace.scratch) as scratch:
            database = Path(scratch) / "then.duckdb"
            warehouse.build_from(self.workspace, configuration, loads, database, inputs.as_of, self.progress)
            with decided(self.workspace, configuration, inputs, self.progress, database=database) as decision:
                yield decision

    def _differences(self, decision: Decision, run: Run) -> Iterator[str]:
        """The same inputs decided again: the same audience and exclusions (promises 1, 4 and 5)."""
        is_same_software = run.manifest["software"] == software_versions()
        yield from self._counted(decision, run, set(Reason) - LOTS, "excluded when the run is decided again")
        self.checked.append("the run was decided again over the ledger as it saw it: nobody in its audience is excluded")
        if decision.campaign.needs_key or not is_same_software:
            why = "its lots depend on PRESEND_KEY" if decision.campaign.needs_key else "another version of the software made it"
            self.unchecked.append(f"that the decision is the very same, because {why}")
            return
        for query, what in _differences_of(run):
            ((count,),) = decision.con.execute(query).fetchall()
            if count:
                yield f"{count} {what}"
        self.checked.append("audience and exclusions are the very ones that the same inputs give")

    def _restricted(self, configuration: Configuration, run: Run, loads: list[Load], *, is_same_policy: bool) -> Iterator[str]:
        """Nobody in the audience stands under a restriction that was received by then (promise 1)."""
        campaign = _campaign_of(run)
        organisation = configuration.organisations.get(campaign.organisation)
        if organisation is None:
            self.unchecked.append(f"the promises, because there is no organisation {campaign.organisation} any more")
            return
        known = in_force(load for load in loads if load.known_at <= run.as_of)
        inputs = Inputs(campaign, organisation, run.as_of, version_of(known), configuration.sha256_for(campaign))
        with self._decided(configuration, inputs, known) as decision:
            found = list(self._counted(decision, run, RESTRICTIONS, f"restricted by what had been received at {instant_text(run.as_of)}"))
        if found and not is_same_policy:
            self.unchecked.append(f"whether the policy of then allowed it: by the configuration as it is now {'; '.join(found)}")
            return
        yield from found
        self.checked.append("nobody in the audience stood under a restriction that had been received by then")

    @staticmethod
    def _counted(decision: Decision, run: Run, reasons: Iterable[Reason], what: str) -> Iterator[str]:
        query = f"""
            SELECT exclusion.reason, count(*)
            FROM {outbox.audience_rows(run)} AS published
            INNER JOIN candidate_record
                ON published.profile_id = candidate_record.profile_id AND published.address = candidate_record.address
            INNER JOIN exclusion ON candidate_record.candidate_no = exclusion.candidate_no
            WHERE NOT published.is_seed AND list_contains($reasons, exclusion.reason)
            GROUP BY exclusion.reason
            ORDER BY exclusion.reason
        """
        rows = decision.con.execute(query, {"reasons": sorted(str(reason) for reason in reasons)}).fetchall()
        yield from (f"{count} of the audience are {what}: {reason}" for reason, count in rows)


def _loads_of(loads: list[Load], run: Run) -> list[Load] | None:
    """The loads that the run saw: those known at some instant, before or after what was read anew at it, whose version is the
    manifest's; None when there are none such."""
    wanted = run.manifest["ledger_version"]
    cuts = sorted({load.known_at for load in loads}, reverse=True)
    for cut in (run.as_of, *cuts):
        known = [load for load in loads if load.known_at <= cut]
        for seen in (in_force(known), in_force(load for load in known if load.read_at != cut)):
            if version_of(seen) == wanted:
                return seen
    return None


def _inputs_of(workspace: Workspace, configuration: Configuration, run: Run) -> Inputs | None:
    """What the run's decision would be made of today, over the ledger that it saw; None where its campaign or a file of it is gone."""
    campaign = configuration.campaigns.get(run.campaign)
    if campaign is None or campaign.organisation != run.organisation:
        return None
    try:
        return inputs_of(workspace, configuration, campaign.occurrence(run.as_of), run.as_of, str(run.manifest["ledger_version"]))
    except OSError:  # a file that the campaign leaves out was deleted
        return None


def _is_same(inputs: Inputs | None, run: Run) -> bool:
    return inputs is not None and inputs.config_sha256 == run.manifest["config_sha256"]


def _campaign_of(run: Run) -> Campaign:
    """The campaign as the manifest tells it, for everybody in the organisation: restrictions ask for no more."""
    names = ("organisation", "brand", "list", "channel", "message_class")
    return Campaign.model_validate(
        {
            "id": run.campaign,
            **{name: run.manifest[name] for name in names},
            **{name: datetime.fromisoformat(run.manifest[name]) for name in ("delivery_analysis_at", "contact_at")},
        }
    )


def _differences_of(run: Run) -> tuple[tuple[str, str], ...]:
    """Queries that count what differs from the decision, and what each counts."""
    published = f"SELECT address, profile_id FROM {outbox.audience_rows(run)} WHERE NOT is_seed"
    again = "SELECT address, profile_id FROM decision INNER JOIN candidate_record USING (candidate_no) WHERE is_audience"
    own = f"read_parquet({quoted(run.path / EXCLUSIONS)})"
    excluded = f"SELECT * REPLACE ({outbox.person_as_now('person_id')} AS person_id) FROM {own}"
    excluded_again = f"SELECT * FROM ({steps.read('5_publication/exclusions').sql}\n)"
    return (
        (f"SELECT count(*) FROM ({again} EXCEPT {published})", "who belong to the audience are not in it"),
        (f"SELECT count(*) FROM ({published} EXCEPT {again})", "of the audience do not belong to it"),
        (
            f"SELECT count(*) FROM (({excluded} EXCEPT {excluded_again}) UNION ALL ({excluded_again} EXCEPT {excluded}))",
            "exclusions are not the ones that the same inputs give",
        ),
    )
