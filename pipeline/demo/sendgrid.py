"""SendGrid as a house's sending service: the event webhook's objects in one JSON array, some of them twice."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from pipeline.demo.files import JsonArray

GROUPS = {"theater-newsletter": 24711, "theater-abo": 24712, "tanzhaus-news": 24713}
"""SendGrid's unsubscribe groups, as `examples/kultur/feeds/sendgrid.yaml` maps them."""

_EVENTS = {"sent": "processed", "complaint": "spamreport"}


class SendGrid:
    """The events of one SendGrid account."""

    def __init__(self, landing: Path, day: str) -> None:
        self._events = JsonArray(landing / "sendgrid" / f"events-{day}.json")

    def event(self, kind: str, number: int, address: str, at: datetime, more: Mapping[str, str]) -> None:
        """One event of a message; SendGrid's word for a refusal of the message or its sender is a bounce of type `blocked`."""
        event: dict[str, object] = {
            "email": address,
            "timestamp": int(at.timestamp()),
            "event": _EVENTS.get(kind, kind),
            "sg_event_id": f"demo-{number:08}",
            "sg_message_id": f"{number:08}.recvd-demo-0",
        }
        if more.get("campaign"):
            event |= {"category": ["newsletter"], "campaign": more["campaign"]}
        if kind == "bounce":
            status = more.get("status_code", "")
            event |= {"type": _bounce_type(status, more.get("bounce_class", "")), "reason": more.get("diagnostic") or f"550 {status}"}
            if status:
                event["status"] = status
        self._write(event, number)

    def unsubscribe(self, number: int, address: str, at: datetime, newsletter: str = "") -> None:
        """An unsubscribe from a newsletter's group, without one from everything."""
        event = {
            "email": address,
            "timestamp": int(at.timestamp()),
            "event": "group_unsubscribe" if newsletter else "unsubscribe",
            "sg_event_id": f"demo-{number:08}",
            **({"asm_group_id": GROUPS[newsletter]} if newsletter else {}),
        }
        self._write(event, number)

    def _write(self, event: Mapping[str, object], number: int) -> None:
        self._events.write(event)
        if number % 50 == 0:
            self._events.write(event)

    def close(self) -> None:
        """Finish the file."""
        self._events.close()


def _bounce_type(status: str, bounce_class: str) -> str:
    if status.startswith("4."):
        return "expired"
    return "bounce" if bounce_class == "hard" and not status.startswith("5.7.") else "blocked"
