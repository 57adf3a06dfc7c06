"""Amazon SES notices sent by mail: the JSON that SNS puts into a text part (documented fields `bounce` and `complaint`)."""

import json
from typing import Any

from pipeline.messages.arf import NO_COMPLAINT
from pipeline.messages.finding import Finding, FindingKind

_DECODER = json.JSONDecoder(strict=False)  # mailers wrap the long line inside of texts
_CLASSES = {"permanent": "hard", "transient": "soft"}


def ses_notice(text: str) -> dict[str, Any] | None:
    """The notice in a text that begins with one, else None."""
    start = text.lstrip()
    if not start.startswith("{") or "notificationType" not in start and "eventType" not in start:
        return None
    try:
        value, _ = _DECODER.raw_decode(start)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def read_ses_notice(notice: dict[str, Any], occurred_at: str) -> list[Finding]:
    """The bounces or complaints in a notice; empty for a delivery and whatever else is told."""
    what = str(notice.get("notificationType") or notice.get("eventType") or "").lower()
    body = notice.get(what)
    if not isinstance(body, dict):
        return []
    when = str(body.get("timestamp") or occurred_at)
    if what == "complaint" and str(body.get("complaintFeedbackType") or "").lower() not in NO_COMPLAINT:
        return [Finding(FindingKind.COMPLAINT, address=one, occurred_at=when) for one, _ in _recipients(body, "complainedRecipients")]
    if what == "bounce":
        return [_bounce(address, recipient, body, when) for address, recipient in _recipients(body, "bouncedRecipients")]
    return []


def _bounce(address: str, recipient: dict[str, Any], body: dict[str, Any], when: str) -> Finding:
    """A bounce; a transient one without code and text is an absence notice (domain §5)."""
    kind, detail = str(body.get("bounceType") or "").lower(), str(body.get("bounceSubType") or "")
    is_told = kind != "transient" or detail not in ("", "General") or recipient.get("status") or recipient.get("diagnosticCode")
    return Finding(
        FindingKind.BOUNCE if is_told else FindingKind.AUTO_REPLY,
        address=address,
        status_code=str(recipient.get("status") or ("5.2.2" if detail == "MailboxFull" else "")),
        diagnostic=str(recipient.get("diagnosticCode") or detail),
        bounce_class=_CLASSES.get(kind, "undetermined"),
        occurred_at=when,
        label=f"{kind}/{detail}"[:60],
    )


def _recipients(body: dict[str, Any], name: str) -> list[tuple[str, dict[str, Any]]]:
    listed = body.get(name)
    rows = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    return [(str(one["emailAddress"]), one) for one in rows if "@" in str(one.get("emailAddress") or "")]
