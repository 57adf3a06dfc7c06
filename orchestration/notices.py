"""Who is told when a campaign is in danger: by e-mail and by webhook, whichever Airflow has a connection for.

    presend_smtp      an SMTP connection; its extra `to` names who gets the mail, separated by commas; `from_email` is the sender
    presend_webhook   an HTTP connection; its extra `endpoint` is the path; a password is sent as bearer token

Without a connection nothing is sent on that way. A notice says which campaign, what happened, how much time is left and what to do,
and never an address out of the data.
"""

import html
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
from airflow.sdk import BaseHook, BaseNotifier, Connection
from airflow.sdk.exceptions import AirflowNotFoundException
from asgiref.sync import sync_to_async

from pipeline.config import Campaign

MAIL = "presend_smtp"
WEBHOOK = "presend_webhook"
SECONDS = 10.0
"""A receiver that does not answer must not keep a worker."""
UNKNOWN = "the task ended without saying why: its process was lost, or stopped from outside"
LOOK = "Look at the task's log, and clear the task to run it again: what is done already is not done twice."


@dataclass(frozen=True)
class Notice:
    """What somebody has to know to save a campaign."""

    campaign: str
    organisation: str
    cause: str
    time_left: str
    remedy: str
    delivery_analysis_at: str
    run: str = ""

    @property
    def subject(self) -> str:
        """One line."""
        return f"Presend: {self.campaign} is not published ({self.time_left})"

    @property
    def text(self) -> str:
        """A few lines; in JSON also for receivers that know no other field, as chat systems do."""
        lines = (
            f"Campaign {self.campaign} of {self.organisation} is not published.",
            f"Cause: {self.cause}",
            f"Delivery analysis: {self.delivery_analysis_at} ({self.time_left})",
            f"What to do: {self.remedy}",
        )
        return "\n".join((*lines, *([f"Run: {self.run}"] if self.run else [])))


class CampaignNotifier(BaseNotifier):
    """Tells that a task of a campaign's DAG has failed, or with `is_first_try_only` that it failed once and will be tried again."""

    def __init__(self, campaign: str, *, is_first_try_only: bool = False) -> None:
        super().__init__()
        self.campaign = campaign
        self.is_first_try_only = is_first_try_only

    def notify(self, context: Any) -> None:
        """Send the notice on every way that is configured; a way that fails keeps nobody from the other."""
        if self.is_first_try_only and context["ti"].try_number > 1:
            return
        notice = failure_of(self.campaign, context)
        for conn_id, send in WAYS:
            try:
                send(BaseHook.get_connection(conn_id), notice)
            except AirflowNotFoundException:
                self.log.info("No connection %s: nothing is sent on that way", conn_id)
            except Exception as error:  # noqa: BLE001 - the campaign's own failure is what has to be seen; the URL may be a secret
                self.log.error("The notice could not be sent by %s: %s", conn_id, type(error).__name__)


def failure_of(campaign: str, context: Mapping[str, Any]) -> Notice:
    """What a failed task's context tells, with the remedy that its error names."""
    from orchestration.publishing import asked_campaign

    error = context.get("exception")
    known = getattr(error, "__cause__", None) or error
    message = getattr(known, "message", None) or (str(known) if known else UNKNOWN)
    remedy = getattr(known, "remedy", "") or LOOK
    instance = context.get("ti") or context.get("task_instance")
    run = f"{instance.dag_id} / {instance.run_id} / {instance.task_id}" if instance is not None else ""
    try:
        found = asked_campaign(campaign, context)
    except Exception:  # noqa: BLE001 - a campaign whose file is faulty is no reason to keep silent
        return Notice(campaign, "an unknown organisation", message, "time left unknown", remedy, "unknown", run)
    return notice_of(found, message, remedy, run)


def notice_of(campaign: Campaign, cause: str, remedy: str, run: str = "") -> Notice:
    """A notice about the campaign, with the time that is left now."""
    analysis_at = campaign.delivery_analysis_at
    return Notice(campaign.id, campaign.organisation, cause, time_left(analysis_at), remedy, analysis_at.isoformat(), run)


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
