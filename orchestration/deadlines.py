"""Until when a campaign's run is worth trying, and when somebody has to be told that it is not there yet.

window opens ──────────────────────── told ────── latest useful moment ── delivery analysis
                 waits, tries again     │ ¼ of the window, at most 30 min  │ ⅛, at most 15 min
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import AsyncCallback, DeadlineAlert, DeadlineReference

from pipeline.config import Campaign, ConfiguredCampaign

LAST_TRY = timedelta(minutes=15)
"""What build and publication of ten million profiles take on two processors, three times over, with a queue before them."""
LAST_CALL = timedelta(minutes=30)
"""As long again, for somebody who has to be found and has to do something."""
AGAIN = timedelta(minutes=5)
"""After this long what stopped a campaign is looked at again."""


def latest_useful(campaign: Campaign) -> datetime:
    """The moment after which nothing is waited for any more: what begins later may not end before the delivery analysis."""
    return campaign.delivery_analysis_at - min(LAST_TRY, campaign.publish_before / 8)


def told_at(campaign: Campaign) -> datetime:
    """The moment at which somebody is told that the campaign is not published yet."""
    return campaign.delivery_analysis_at - min(LAST_CALL, campaign.publish_before / 4)


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
    remind = AsyncCallback(
        "orchestration.notices.remind", kwargs={"campaign": campaign.id, "analysis_at": campaign.delivery_analysis_at.isoformat()}
    )
    moments = {"not published yet": told_at(campaign), "missed": campaign.delivery_analysis_at}
    return [
        DeadlineAlert(reference=DeadlineReference.FIXED_DATETIME(moment), interval=timedelta(), callback=remind, name=name)
        for name, moment in moments.items()
    ]


def clock(context: Any) -> datetime:
    """The moment that the task is asked about: the run's parameter `as_of`, else now."""
    from pipeline.decision import as_utc

    given = context["params"].get("as_of")
    return as_utc(given) if given else datetime.now(UTC).replace(microsecond=0)
