"""Amazon SES as a house's sending service: events as SNS delivers them, one notification a line, some of them twice."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from pipeline.demo.files import Lines

_SENDER = "galerie@kulturmeile.example"
_TOPIC = "arn:aws:sns:eu-central-1:000000000000:kulturmeile-events"
_EVENTS = {"sent": "Send", "delivered": "Delivery", "open": "Open", "bounce": "Bounce", "complaint": "Complaint"}


class Ses:
    """The notifications of one SES account."""

    def __init__(self, landing: Path, day: str) -> None:
        self._notifications = Lines(landing / "ses" / f"events-{day}.ndjson.gz")
        text = "Successfully validated SNS topic for Amazon SES event publishing."
        self._notifications.write_json({"Type": "Notification", "MessageId": _message_id(0), "TopicArn": _TOPIC, "Message": text})

    def event(self, kind: str, number: int, address: str, at: datetime, more: Mapping[str, str]) -> None:
        """One event of a message; a kind that SES does not know stands there by its own name."""
        time = at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
        tags = {"campaign": [more["campaign"]]} if more.get("campaign") else {}
        event: dict[str, object] = {
            "eventType": _EVENTS.get(kind, kind),
            "mail": {
                "timestamp": time,
                "source": _SENDER,
                "messageId": f"0107demo{number:08}-000000",
                "destination": [address],
                "tags": {"ses:configuration-set": ["kulturmeile"], **tags},
            },
            _EVENTS.get(kind, kind).lower(): _details(kind, number, address, time, more),
        }
        notification = {
            "Type": "Notification",
            "MessageId": _message_id(number),
            "TopicArn": _TOPIC,
            "Subject": "Amazon SES Email Event Notification",
            "Message": json.dumps(event, ensure_ascii=False),
            "Timestamp": time,
        }
        for _ in range(2 if number % 20 == 0 else 1):
            self._notifications.write_json(notification)

    def close(self) -> None:
        """Finish the file."""
        self._notifications.close()


def _message_id(number: int) -> str:
    return f"de000000-0000-5000-8000-{number:012}"


def _details(kind: str, number: int, address: str, time: str, more: Mapping[str, str]) -> dict[str, object]:
    if kind == "delivered":
        return {"timestamp": time, "recipients": [address], "smtpResponse": "250 2.0.0 OK", "processingTimeMillis": 714}
    if kind == "open":
        return {"timestamp": time, "ipAddress": "192.0.2.80", "userAgent": "Mozilla/5.0"}
    if kind == "complaint":
        return {"timestamp": time, "complainedRecipients": [{"emailAddress": address}], "feedbackId": f"c{number:08}"}
    if kind != "bounce":
        return {}
    status, text = more.get("status_code", ""), more.get("diagnostic", "")
    recipient = {"emailAddress": address, "action": "failed"}
    if status:
        recipient["status"] = status
    if text:
        recipient["diagnosticCode"] = f"smtp; {text}"
    if more.get("reason") == "mailbox_full":
        types = ("Transient", "MailboxFull")
    elif more.get("bounce_class") == "hard":
        types = ("Permanent", "General")
    else:
        types = ("Transient", "General")
    return {
        "feedbackId": f"0107demo{number:08}-b",
        "bounceType": types[0],
        "bounceSubType": types[1],
        "bouncedRecipients": [recipient],
        "timestamp": time,
    }
