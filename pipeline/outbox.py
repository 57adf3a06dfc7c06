"""The outbox as it lies on disk: which runs were published, which wait, and which is the newest (contract §1, §3).

    outbox/<organisation>/<campaign>/<run_id>/           a published run, immutable
    outbox/<organisation>/<campaign>/pending/<run_id>/   a complete run that waits for a person
    outbox/<organisation>/<campaign>/.staged/<run_id>/   a complete run that nobody has judged yet (`preparation`)
    outbox/<organisation>/<campaign>/withdrawn/<run_id>-<as_of>.csv   who of a run's audience has become excluded since
    outbox/<organisation>/<campaign>/latest.json         names the newest published run
    outbox/<organisation>/<campaign>/.<run_id>.part/     unfinished work; deleted by the next publication

This module only reads, so that a decision can look at earlier runs; `publication` is the one that writes.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.errors import NotFound, ValidationFailed
from pipeline.workspace import Workspace

MANIFEST = "manifest.json"
LATEST = "latest.json"
PENDING = "pending"
STAGED = ".staged"
WITHDRAWN = "withdrawn"
OWN_COLUMNS = ("address", "profile_id", "person_id", "is_seed")
"""What every audience file begins with; the campaign's columns follow."""


@dataclass(frozen=True)
class Run:
    """A complete run folder and what its manifest says."""

    path: Path
    manifest: Mapping[str, Any]
    is_pending: bool

    @property
    def is_staged(self) -> bool:
        """Whether nobody has judged the run yet: it is neither published nor does it wait."""
        return self.path.parent.name == STAGED

    @property
    def run_id(self) -> str:
        return str(self.manifest["run_id"])

    @property
    def organisation(self) -> str:
        return str(self.manifest["organisation"])

    @property
    def campaign(self) -> str:
        return str(self.manifest["campaign"])

    @property
    def as_of(self) -> datetime:
        return datetime.fromisoformat(self.manifest["as_of"])

    @property
    def newest_arrival(self) -> datetime:
        """When the newest file that the run knew had arrived; its own moment where it knew none."""
        return max((datetime.fromisoformat(feed["arrived_at"]) for feed in self.manifest["feeds"]), default=self.as_of)

    @property
    def rank(self) -> tuple[datetime, datetime, str]:
        """The place of the run among those of its campaign: the newest was decided last over the newest ledger (domain §8).

        A run about a past moment knows no further than that, whatever had arrived when it was made.
        """
        return min(self.newest_arrival, self.as_of), self.as_of, self.run_id

    @property
    def counts(self) -> Mapping[str, int]:
        """Candidates, audience (without seeds), excluded, seeds."""
        counts: Mapping[str, int] = self.manifest["counts"]
        return counts


def instant_text(instant: datetime) -> str:
    """An instant as every published file writes it: UTC, ISO 8601, `2026-11-25T07:00:00Z`."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def campaign_folder(workspace: Workspace, organisation: str, campaign: str) -> Path:
    """Where a campaign's runs lie. Raises UsageError for a name that would leave the workspace."""
    return workspace.inside("outbox", organisation, campaign)


def read_run(path: Path) -> Run:
    """The run in a folder. Raises NotFound without a manifest, ValidationFailed when the manifest cannot be read."""
    try:
        manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        run = Run(path, manifest, path.parent.name == PENDING)
        # Whoever gets a Run may rely on these; a manifest without them is damaged, whatever else it holds.
        _ = (run.run_id, run.organisation, run.campaign, run.as_of, run.counts["audience"], run.newest_arrival)
    except (FileNotFoundError, NotADirectoryError):
        raise NotFound("there is no run here", where=str(path), remedy="Name a run's folder, the one with manifest.json.") from None
    except (ValueError, KeyError, TypeError) as error:
        raise ValidationFailed(
            "the manifest cannot be read",
            where=str(path / MANIFEST),
            remedy="The folder was changed after publication: restore it, or delete it and publish again.",
        ) from error
    return run


def runs_of(workspace: Workspace, organisation: str, campaign: str, *, is_pending: bool = False) -> list[Run]:
    """A campaign's published (or waiting) runs, the one that was decided last over the newest ledger at the end."""
    folder = campaign_folder(workspace, organisation, campaign)
    return sorted(_runs_in(folder / PENDING if is_pending else folder), key=lambda run: run.rank)


def staged_runs(workspace: Workspace, organisation: str, campaign: str) -> list[Run]:
    """A campaign's complete runs that nobody has judged yet."""
    return list(_runs_in(campaign_folder(workspace, organisation, campaign) / STAGED))


def recent_runs(folder: Path, since: datetime) -> list[Path]:
    """The folders of the runs as of `since` or later, and of the newest before, oldest first; `folder` is a campaign's, or its pending/.

    It opens none of them, since a run's name begins with its `as_of`: for whoever looks at many campaigns often.
    """
    moment = f"{since.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    runs: list[Path] = []
    for path in sorted(folder.iterdir(), reverse=True) if folder.is_dir() else ():
        if not path.name.startswith(".") and (path / MANIFEST).is_file():
            runs.append(path)
            if path.name < moment:
                break
    return runs[::-1]


def all_runs(workspace: Workspace, *, is_pending: bool = False) -> list[Run]:
    """Every published (or waiting) run of the workspace, by organisation and campaign, each campaign's newest last."""
    return [
        run
        for organisation in _folders(workspace.outbox)
        for campaign in _folders(organisation)
        for run in runs_of(workspace, organisation.name, campaign.name, is_pending=is_pending)
    ]


def was_published(workspace: Workspace, campaign: str, as_of: datetime) -> bool:
    """Whether any organisation has an audience of the campaign as of the instant or before. No manifest is opened: it is asked often."""
    latest = f"{as_of.astimezone(UTC):%Y%m%dT%H%M%SZ}~"  # "~" stands behind every hash
    return any(
        path.name <= latest and (path / MANIFEST).is_file()
        for organisation in _folders(workspace.outbox)
        for path in _folders(organisation / campaign)
    )


def newest_runs(workspace: Workspace) -> list[Run]:
    """Each campaign's newest published run, by organisation and campaign."""
    return list({(run.organisation, run.campaign): run for run in all_runs(workspace)}.values())


def newest_made(workspace: Workspace) -> list[Run]:
    """Of each campaign the newest published and the newest waiting run: by its `as_of`, and by when it was written, since one of the past
    may have been decided last. It opens no others."""
    found: list[Path] = []
    for organisation in _folders(workspace.outbox):
        for campaign in _folders(organisation):
            for folder in (campaign, campaign / PENDING):
                runs = [path for path in _folders(folder) if (path / MANIFEST).is_file()]
                if runs:
                    found += {runs[-1], max(runs, key=lambda path: (path / MANIFEST).stat().st_mtime_ns)}
    return [read_run(path) for path in sorted(found)]


def find_run(workspace: Workspace, run_id: str) -> Run:
    """The published or waiting run of that id; a published one before a waiting one. Raises NotFound."""
    for is_pending in (False, True):
        for organisation in _folders(workspace.outbox):
            for campaign in _folders(organisation):
                path = campaign / PENDING / run_id if is_pending else campaign / run_id
                # A run id is one name: "../x" finds nothing.
                if path.name == run_id and (path / MANIFEST).is_file():
                    return read_run(path)
    raise NotFound("there is no such run", where=run_id, remedy="`presend status` lists the last runs.")


def latest_run(workspace: Workspace, organisation: str, campaign: str) -> Run | None:
    """The run that `latest.json` names; None before the first publication."""
    pointer = read_latest(campaign_folder(workspace, organisation, campaign))
    return None if pointer is None else read_run(workspace.inside(str(pointer["path"])))


def previous_run(workspace: Workspace, organisation: str, campaign: str, as_of: datetime) -> Run | None:
    """The campaign's newest published run with an earlier `as_of`: what a run is compared with.

    Strictly earlier, so that publishing the same inputs again compares with the same run.
    """
    earlier = [run for run in runs_of(workspace, organisation, campaign) if run.as_of < as_of]
    return earlier[-1] if earlier else None


def read_latest(folder: Path) -> dict[str, Any] | None:
    """The content of a campaign folder's latest.json; None when there is none. Raises ValidationFailed when it is damaged."""
    try:
        pointer = json.loads((folder / LATEST).read_text(encoding="utf-8"))
        _ = (pointer["run_id"], pointer["path"], datetime.fromisoformat(pointer["as_of"]))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise ValidationFailed(
            "latest.json cannot be read",
            where=str(folder / LATEST),
            remedy="Delete it: the next publication writes it again.",
        ) from error
    return dict(pointer)


def newest_withdrawn(run: Run) -> Path | None:
    """The newest list of who is withdrawn from the run; None before anybody asked. Its name ends in its `as_of`."""
    return max((run.path.parent / WITHDRAWN).glob(f"{run.run_id}-*.csv"), default=None)


def _runs_in(folder: Path) -> Iterator[Run]:
    for path in _folders(folder):
        if (path / MANIFEST).is_file():
            yield read_run(path)


def _folders(folder: Path) -> list[Path]:
    """The folders in a folder, by name, without hidden and unfinished ones; none when it does not exist."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))


def audience_rows(run: Run) -> str:
    """A DuckDB relation over the run's audience, whichever format it was published in."""
    parquet = str(run.path / "audience.parquet").replace("'", "''")
    if (run.path / "audience.parquet").is_file():
        return f"read_parquet('{parquet}')"
    table = str(run.path / "audience.csv").replace("'", "''")
    # Texts, whatever they look like: a postal code keeps its zeros.
    return f"read_csv('{table}', header = true, delim = ',', quote = '\"', all_varchar = true, types = {{'is_seed': 'BOOLEAN'}})"


def person_as_now(person_id: str) -> str:
    """SQL for a `person_id` as it is written now: the runs of an older version have it without the `p`, and keep it so."""
    return f"CASE WHEN regexp_matches({person_id}, '^[0-9]+$') THEN 'p' || {person_id} ELSE {person_id} END"
