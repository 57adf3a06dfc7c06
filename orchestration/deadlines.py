"""Until when a campaign's run is worth trying, and when somebody has to be told that it is not there yet.

window opens ──────────────────────── told ────── latest useful moment ── delivery analysis
                 waits, tries again     │ ¼ of the window, at most 30 min  │ ⅛, at most 15 min
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from airflow.sdk import AsyncCallback, DeadlineAlert, DeadlineReference  # type: ignore[attr-defined]  # its stub does not know them yet

from pipeline.config import Campaign, ConfiguredCampaign

LAST_TRY = timedelta(minutes=15)
"""Seven times what ingest, build and publication of ten million profiles take on two processors: others may be queued before."""
LAST_CALL = timedelta(minutes=30)
"""As long again, for somebody who has to be found and has to do something."""
AGAIN = timedelta(minutes=5)
"""After this long what stopped a campaign is looked at again."""
ASK_AGAIN = timedelta(seconds=10)
"""After this long a person is asked again whose answer was lost on its way."""
BEHIND = timedelta(days=2)
"""So long a missed delivery analysis is told: two days, so that a day on which nobody looked is made up for."""


def latest_useful(campaign: Campaign) -> datetime:
    """The moment after which nothing is waited for any more: what begins later may not end before the delivery analysis."""
    return campaign.delivery_analysis_at - min(LAST_TRY, campaign.publish_before / 8)


def told_at(campaign: Campaign) -> datetime:
    """The moment at which somebody is told that the campaign is not published yet."""
    return campaign.delivery_analysis_at - min(LAST_CALL, campaign.publish_before / 4)


def passed_lately(configured: ConfiguredCampaign, written_at: datetime, moment: datetime) -> Iterator[Campaign]:
    """The campaign for each of its delivery analyses that passed lately. Those before its file was written are none of its."""
    looked_at = max(moment - BEHIND, written_at)
    while looked_at <= (due := configured.occurrence(looked_at)).delivery_analysis_at <= moment:
        yield due
        looked_at = due.delivery_analysis_at + timedelta(seconds=1)


def again_after(publish_before: timedelta) -> timedelta:
    """How long to wait between two tries: short windows have short pauses."""
    return min(AGAIN, max(publish_before / 16, timedelta(seconds=1)))


def tries(publish_before: timedelta) -> int:
    """How often a task is tried again at most, so that only the latest useful moment ends the trying."""
    return publish_before // again_after(publish_before)


def alerts(configured: ConfiguredCampaign) -> list[DeadlineAlert]:
    """The alarms of a campaign's DAG: ahead of the delivery analysis, and at it; where it recurs, of the next one.

    A fixed moment, because the references to a run's own date fail for runs that were started by hand and have none.
    """
    campaign = configured.occurrence(datetime.now(UTC))
    analysis_at = campaign.delivery_analysis_at
    told = {"campaign": campaign.id, "analysis_at": analysis_at.isoformat()}
    return [
        DeadlineAlert(
            name=name,
            reference=DeadlineReference.FIXED_DATETIME(moment),
            interval=timedelta(),
            callback=AsyncCallback("orchestration.notices.remind", kwargs={**told, "is_missed": moment == analysis_at}),
        )
        for name, moment in (("not published yet", told_at(campaign)), ("missed", analysis_at))
    ]
