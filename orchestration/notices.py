"""Who is told when a campaign or a feed is in danger: by e-mail and by webhook, whichever Airflow has a connection for.

    presend_smtp      an SMTP connection; its extra `to` names who gets the mail, separated by commas; `from_email` is the sender
    presend_webhook   an HTTP connection; its extra `endpoint` is the path; a password is sent as bearer token

Without a connection nothing is sent on that way. A notice says of what it is, what happened, how much time is left and what to do,
and never an address out of the data nor the name of a file that has landed, which may hold one.
"""

import html
from abc import abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
from airflow.sdk import BaseHook, BaseNotifier, Connection
from airflow.sdk.exceptions import AirflowException, AirflowNotFoundException
from asgiref.sync import sync_to_async

from pipeline.config import Campaign
from pipeline.errors import PresendError, refusal_of_the_system

MAIL = "presend_smtp"
WEBHOOK = "presend_webhook"
SECONDS = 10.0
"""A receiver that does not answer must not keep a worker."""
UNKNOWN = "the task ended without saying why: its process was lost, or stopped from outside"
SHOWN = 5
"""So many campaigns are named in words; JSON has all of them."""
UNREADABLE = (PresendError, OSError)
"""What the workspace's configuration may answer when a notice asks it."""
LOOK = "Look at the task's log, and clear the task to run it again: what is done already is not done twice."


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What somebody has to know: what happened, what to do, and which run of which task said so."""

    cause: str
    remedy: str
    run: str = ""

    @property
    @abstractmethod
    def subject(self) -> str:
        """One line."""

    @property
    @abstractmethod
    def about(self) -> tuple[str, ...]:
        """What it is about, and how much time is left, in a line or two."""

    @property
    def text(self) -> str:
        """A few lines; in JSON also for receivers that know no other field, as chat systems do."""
        lines = (*self.about, f"Cause: {self.cause}", f"What to do: {self.remedy}")
        return "\n".join((*lines, *([f"Run: {self.run}"] if self.run else [])))


@dataclass(frozen=True, kw_only=True)
class CampaignNotice(Notice):
    """A campaign is not published."""

    campaign: str
    organisation: str
    time_left: str
    delivery_analysis_at: str

    @property
    def subject(self) -> str:
        """One line."""
        return f"Presend: {self.campaign} is not published ({self.time_left})"

    @property
    def about(self) -> tuple[str, ...]:
        """The campaign and its delivery analysis."""
        campaign = f"Campaign {self.campaign} of {self.organisation} is not published."
        return campaign, f"Delivery analysis: {self.delivery_analysis_at} ({self.time_left})"


@dataclass(frozen=True, kw_only=True)
class FeedNotice(Notice):
    """A feed's files are not loaded, or were refused; `campaigns` rest on it and are still to be published, the nearest first."""

    feed: str
    campaigns: tuple[str, ...]
    time_left: str

    @property
    def subject(self) -> str:
        """One line."""
        return f"Presend: feed {self.feed} was not loaded ({self.time_left})"

    @property
    def about(self) -> tuple[str, ...]:
        """The feed and who waits for it."""
        more = f" and {len(self.campaigns) - SHOWN} more" if len(self.campaigns) > SHOWN else ""
        waiting = f"Campaigns that wait for it: {', '.join(self.campaigns[:SHOWN])}{more} ({self.time_left})"
        return f"Feed {self.feed} was not loaded, or not all of it.", waiting if self.campaigns else f"Campaigns: {self.time_left}"


@dataclass(frozen=True, kw_only=True)
class WorkNotice(Notice):
    """Work that belongs to no single campaign or feed has failed."""

    work: str

    @property
    def subject(self) -> str:
        """One line."""
        return f"Presend: {self.work} failed"

    @property
    def about(self) -> tuple[str, ...]:
        """The work."""
        return (f"{self.work} failed.",)


class FailureNotifier(BaseNotifier):
    """Tells that a task has failed for good, whatever it belongs to."""

    def notify(self, context: Any) -> None:
        """Send the notice on every way that is configured; a way that fails keeps nobody from the other."""
        notice = self.notice(context)
        for conn_id, send in WAYS:
            try:
                send(BaseHook.get_connection(conn_id), notice)
            except AirflowNotFoundException:
                self.log.info("No connection %s: nothing is sent on that way", conn_id)
            except Exception as error:  # noqa: BLE001 - the failure itself is what has to be seen; the URL may be a secret
                self.log.error("The notice could not be sent by %s: %s", conn_id, type(error).__name__)

    def notice(self, context: Mapping[str, Any]) -> Notice:
        """What the failed task's context tells."""
        instance = _instance(context)
        return WorkNotice(**_told(context), work="A task" if instance is None else f"{instance.dag_id} / {instance.task_id}")


class FeedNotifier(FailureNotifier):
    """Tells that a feed was not loaded, or that a file of it was refused."""

    def __init__(self, feed: str) -> None:
        super().__init__()
        self.feed = feed

    def notice(self, context: Mapping[str, Any]) -> FeedNotice:
        """What the failed task's context tells, and who waits for the feed."""
        try:
            waiting = _waiting_for(self.feed)
        except UNREADABLE:  # a faulty file is no reason to keep silent
            return FeedNotice(**_told(context), feed=self.feed, campaigns=(), time_left="time left unknown")
        left = time_left(waiting[0].delivery_analysis_at) if waiting else "none waits for it"
        return FeedNotice(**_told(context), feed=self.feed, campaigns=tuple(campaign.id for campaign in waiting), time_left=left)


class CampaignNotifier(FailureNotifier):
    """Tells that a task of a campaign's DAG has failed, or with `is_first_try_only` that it failed once and will be tried again."""

    def __init__(self, campaign: str, *, is_first_try_only: bool = False) -> None:
        super().__init__()
        self.campaign = campaign
        self.is_first_try_only = is_first_try_only

    def notify(self, context: Any) -> None:
        """Send the notice, unless it is the failure of a later try."""
        if not (self.is_first_try_only and context["ti"].try_number > 1):
            super().notify(context)

    def notice(self, context: Mapping[str, Any]) -> CampaignNotice:
        """What the failed task's context tells, and how much time is left."""
        from orchestration.publishing import asked_campaign

        told = _told(context)
        try:
            found = asked_campaign(self.campaign, context)
        except UNREADABLE:  # a faulty file is no reason to keep silent
            unknown = {"organisation": "an unknown organisation", "time_left": "time left unknown", "delivery_analysis_at": "unknown"}
            return CampaignNotice(**told, campaign=self.campaign, **unknown)
        return notice_of(found, **told)


def notice_of(campaign: Campaign, cause: str, remedy: str, run: str = "") -> CampaignNotice:
    """A notice about the campaign, with the time that is left now."""
    analysis_at = campaign.delivery_analysis_at
    return CampaignNotice(
        campaign=campaign.id,
        organisation=campaign.organisation,
        cause=cause,
        time_left=time_left(analysis_at),
        remedy=remedy,
        delivery_analysis_at=analysis_at.isoformat(),
        run=run,
    )


def _told(context: Mapping[str, Any]) -> dict[str, str]:
    """Cause, remedy and run of a failed task.

    Presend's errors and Airflow's own are quoted, without the place, which may be a file that has landed. Of any other only the kind is
    told: its text may quote a row or a path.
    """
    error = context.get("exception")
    known = getattr(error, "__cause__", None) or error
    if isinstance(known, Exception) and not isinstance(known, PresendError | AirflowException):
        known = refusal_of_the_system(known, where="") or PresendError(f"the task stopped with an unexpected {type(known).__name__}")
    cause = known.message if isinstance(known, PresendError) else str(known or UNKNOWN)
    instance = _instance(context)
    run = f"{instance.dag_id} / {instance.run_id} / {instance.task_id}" if instance is not None else ""
    return {"cause": cause, "remedy": getattr(known, "remedy", "") or LOOK, "run": run}


def _instance(context: Mapping[str, Any]) -> Any:
    return context.get("ti") or context.get("task_instance")


def _waiting_for(feed: str) -> list[Campaign]:
    """The campaigns that rest on the feed and whose next delivery analysis has no audience yet, the nearest first. Raises PresendError."""
    from orchestration.publishing import configured
    from orchestration.wiring import workspace
    from pipeline.freshness import feeds_of
    from pipeline.preparation import runs_for

    configuration, moment = configured(), datetime.now(UTC)
    resting = [
        campaign
        for campaign in (found.occurrence(moment) for found in configuration.campaigns.values())
        if campaign.delivery_analysis_at > moment and feed in {found.id for found in feeds_of(configuration, campaign)[0]}
    ]
    waiting = [campaign for campaign in resting if not runs_for(workspace(), campaign)]
    return sorted(waiting, key=lambda campaign: (campaign.delivery_analysis_at, campaign.id))


def time_left(analysis_at: datetime, moment: datetime | None = None) -> str:
    """How long there is until the delivery analysis, in words."""
    minutes = int((analysis_at - (moment or datetime.now(UTC))).total_seconds() // 60)
    if minutes < 0:
        return "the delivery analysis is over"
    return f"{minutes} minutes left" if minutes < 120 else f"{minutes / 60:.1f} hours left"


async def remind(campaign: str, analysis_at: str, *, is_missed: bool, context: Mapping[str, Any] | None = None) -> str:
    """A campaign's deadline has passed: tell it, unless its audience is published by now, or a later deadline has passed as well.

    Gives what was done, for the triggerer's log. The triggerer waits for many things at once: whatever takes time is done beside it.
    """
    from orchestration.publishing import still_missing

    if not is_missed and datetime.now(UTC) >= datetime.fromisoformat(analysis_at):
        return "too late to help"
    notice = await beside(still_missing)(campaign, datetime.fromisoformat(analysis_at))
    if notice is None:
        return "published"
    sent = []
    for conn_id, send in WAYS:
        try:
            await beside(send)(await BaseHook.aget_connection(conn_id), notice)
            sent.append(conn_id)
        except AirflowNotFoundException:
            continue
        except Exception as error:  # noqa: BLE001 - the other way must still be tried, and what failed is told; the URL may be a secret
            sent.append(f"{conn_id} failed: {type(error).__name__}")
    return f"not published: {', '.join(sent) or 'nobody to tell'}"


def beside(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function in a thread of its own, from which Airflow's hooks still reach the triggerer."""
    return sync_to_async(function, thread_sensitive=False)


def send_mail(connection: Connection, notice: Notice) -> None:
    """Send the notice by e-mail."""
    from airflow.providers.smtp.hooks.smtp import SmtpHook

    to = [address.strip() for address in str(connection.extra_dejson.get("to", "")).split(",") if address.strip()]
    if not to:
        raise ValueError("the connection names nobody")
    with SmtpHook(smtp_conn_id=connection.conn_id) as hook:
        # Not through a template: what a notice says may hold anything that a file's name holds.
        hook.send_email_smtp(to=to, subject=notice.subject, html_content=f"<pre>{html.escape(notice.text)}</pre>")


def send_webhook(connection: Connection, notice: Notice) -> None:
    """Post the notice as JSON; its field `text` holds all of it in words."""
    place = f"{connection.schema or 'https'}://{connection.host}{f':{connection.port}' if connection.port else ''}"
    headers = {"Authorization": f"Bearer {connection.password}"} if connection.password else {}
    document = {**asdict(notice), "subject": notice.subject, "text": notice.text}
    answer = httpx.post(f"{place}{connection.extra_dejson.get('endpoint', '')}", json=document, headers=headers, timeout=SECONDS)
    answer.raise_for_status()


WAYS = ((MAIL, send_mail), (WEBHOOK, send_webhook))
