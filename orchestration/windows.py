"""When a campaign's run starts: as its window opens, `publish_before` ahead of the delivery analysis (domain §6)."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from airflow.timetables.base import DagRunInfo, DataInterval, TimeRestriction, Timetable
from airflow.timetables.events import EventsTimetable  # the one of airflow.sdk 3.3.2 cannot be read back from the database
from pendulum import DateTime, instance, now

if TYPE_CHECKING:  # every process of Airflow loads this module, with the plugins
    from pipeline.config import ConfiguredCampaign


INSTANT = timedelta(microseconds=1)


def timetable_of(campaign: "ConfiguredCampaign") -> Timetable:
    """One run, or one for each delivery analysis of a campaign that recurs."""
    if campaign.recurrence is None:
        return EventsTimetable([instance(campaign.window_opens_at)])
    return WindowTimetable(campaign.recurrence.cron, campaign.recurrence.timezone, campaign.publish_before)


def start_of(campaign: "ConfiguredCampaign") -> datetime | None:
    """The start date of the campaign's DAG: its one window, also when that has passed; none where it recurs."""
    return campaign.window_opens_at if campaign.recurrence is None else None


class WindowTimetable(Timetable):
    """A run at each opening of a recurring campaign's window, clock changes as the campaign itself reads them.

    Airflow's cron timetables start at the cron's own times, with another reading of the hours that a clock change skips or repeats.
    """

    def __init__(self, cron: str, timezone: str, publish_before: timedelta) -> None:
        self.cron = cron
        self.timezone = timezone
        self.publish_before = publish_before
        self.description = f"{publish_before} before {cron} ({timezone})"

    @property
    def summary(self) -> str:
        """What the list of DAGs shows."""
        return self.cron

    def serialize(self) -> dict[str, Any]:
        """As it is stored with the DAG."""
        seconds = self.publish_before.total_seconds()
        return {"cron": self.cron, "timezone": self.timezone, "publish_before": seconds}

    @classmethod
    def deserialize(cls, data: dict[str, Any]) -> "WindowTimetable":
        """As it was stored."""
        return cls(data["cron"], data["timezone"], timedelta(seconds=data["publish_before"]))

    def infer_manual_data_interval(self, *, run_after: DateTime) -> DataInterval:
        """A run by hand is of its own moment."""
        return DataInterval.exact(run_after)

    def next_dagrun_info(self, *, last_automated_data_interval: DataInterval | None, restriction: TimeRestriction) -> DagRunInfo | None:
        """The first window that opens after the last run's.

        Without catching up, a new DAG begins with the window that is open, and of the windows that passed while it was paused or the
        scheduler was down only the last one gets a run: it tells that they were missed, and it tells it once.
        """
        moment = now("UTC")
        earliest = restriction.earliest if restriction.catchup else moment - self.publish_before
        if last_automated_data_interval is not None:
            earliest = last_automated_data_interval.end + INSTANT
        if earliest is None:
            return None
        opens_at = self._opening(earliest)
        if not restriction.catchup:
            while (later := self._opening(opens_at + INSTANT)) + self.publish_before <= moment:
                opens_at = later
        if restriction.latest is not None and opens_at > restriction.latest:
            return None
        return DagRunInfo.exact(opens_at)

    def _opening(self, earliest: DateTime) -> DateTime:
        """When the first window opens that does not open before `earliest`."""
        from pipeline.config import Recurrence

        recurrence = Recurrence(cron=self.cron, timezone=self.timezone)
        return instance(recurrence.next_analysis(plain(earliest + self.publish_before)) - self.publish_before)


def plain(moment: datetime) -> datetime:
    """The moment as a `datetime` of Python's own: cron libraries stumble over pendulum's, which Airflow hands out."""
    return datetime.fromisoformat(moment.isoformat())
