"""Figures for those who watch many campaigns at once, through Airflow's own channel: StatsD or OpenTelemetry, as it is configured.

presend.audience  presend.candidates  presend.excluded  presend.seeds      rows of a campaign's run
presend.excluded_by_reason                                                 of them, by primary reason
presend.feed_age                                                           seconds since a feed's newest file arrived
presend.time_left                                                          seconds until a campaign's delivery analysis
"""

from datetime import datetime

from airflow.sdk.observability.stats import gauge

from pipeline.config import Campaign
from pipeline.freshness import FeedState
from pipeline.outbox import Run


def tell_run(run: Run) -> None:
    """How many the run holds and leaves out, and why."""
    whose = {"organisation": run.organisation, "campaign": run.campaign}
    for name, count in run.counts.items():
        gauge(f"presend.{name}", count, tags=whose)
    for reason, count in run.manifest["excluded_by_reason"].items():
        gauge("presend.excluded_by_reason", count, tags={**whose, "reason": reason})


def tell_feeds(states: list[FeedState]) -> None:
    """How old the feeds are; one without a file has no age."""
    for state in states:
        if state.age is not None:
            gauge("presend.feed_age", state.age.total_seconds(), tags={"feed": state.feed.id})


def tell_time_left(campaign: Campaign, moment: datetime) -> None:
    """How long there is until the campaign's delivery analysis; below zero when it was missed."""
    left = (campaign.delivery_analysis_at - moment).total_seconds()
    gauge("presend.time_left", left, tags={"organisation": campaign.organisation, "campaign": campaign.id})
