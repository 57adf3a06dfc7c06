"""Which campaigns come before another one: those due together are decided by (delivery analysis, id), each seeing those before it."""

from datetime import datetime

from pipeline import outbox
from pipeline.config import Campaign, Configuration
from pipeline.workspace import Workspace


def undecided_before(workspace: Workspace, configuration: Configuration, campaign: Campaign, as_of: datetime) -> list[Campaign]:
    """The campaigns that come before this one, whose audiences it would look at, and which have none for their open window yet."""
    due = (found.occurrence(as_of) for found in configuration.campaigns.values() if found.id != campaign.id)
    before = [
        other
        for other in due
        if other.is_due(as_of)
        and _place(other) < _place(campaign)
        and (other.channel == campaign.channel or other.id in campaign.excluded)
        and not _is_decided(workspace, other)
    ]
    return sorted(before, key=_place)


def warnings(workspace: Workspace, configuration: Configuration, campaign: Campaign, as_of: datetime) -> list[str]:
    """What a manifest says of a campaign that is decided before those that come before it."""
    return [
        f"campaign {other.id} comes before this one and has no run yet: it gives way to this one's audience, not this one to its"
        for other in undecided_before(workspace, configuration, campaign, as_of)
    ]


def _place(campaign: Campaign) -> tuple[datetime, str]:
    return campaign.delivery_analysis_at, campaign.id


def _is_decided(workspace: Workspace, campaign: Campaign) -> bool:
    """Whether there is a run for the campaign's delivery analysis, published or waiting for a person."""
    return any(
        datetime.fromisoformat(run.manifest["delivery_analysis_at"]) == campaign.delivery_analysis_at
        for is_pending in (False, True)
        for run in outbox.runs_of(workspace, campaign.organisation, campaign.id, is_pending=is_pending)
    )
