"""Postal's webhooks."""

from pathlib import Path
from typing import Any

from tests.lib.feeds import land

AT = 1775120400.25  # 2026-04-02T09:00:00.25Z


def status(address: str, event: str, status: str, details: str = "", output: str = "", direction: str = "outgoing") -> dict[str, Any]:
    message = {"id": 7, "direction": direction, "to": address, "from": "news@example.org", "tag": "spring"}
    payload = {"message": message, "status": status, "details": details, "output": output, "timestamp": AT}
    return {"event": event, "timestamp": AT + 60, "payload": payload, "uuid": f"{event}-{address}"}


def bounced(address: str, event: str = "MessageBounced") -> dict[str, Any]:
    original = {"id": 7, "direction": "outgoing", "to": address, "from": "news@example.org", "tag": None}
    bounce = {"id": 9, "direction": "incoming", "to": "abc@psrp.example.org", "from": None, "timestamp": AT}
    return {"event": event, "timestamp": AT, "payload": {"original_message": original, "bounce": bounce}, "uuid": f"bounced-{address}"}


def test_what_the_server_said_decides_and_a_delivery_given_up_is_no_hard_bounce(tmp_path: Path) -> None:
    refused = "Permanent SMTP delivery error when sending to mx.example.org"
    landed = land(tmp_path, "postal_events", {"events.json": [
        status("gone@x.at", "MessageDeliveryFailed", "HardFail", refused, "550 5.1.1 unknown user"),
        status("plain@x.at", "MessageDeliveryFailed", "HardFail", "Could not deliver"),
        status("full@x.at", "MessageDeliveryFailed", "HardFail", refused, "552 5.2.2 mailbox full"),
        status("spam@x.at", "MessageDeliveryFailed", "HardFail", refused, "550 5.7.1 blocked"),
        status("late@x.at", "MessageDeliveryFailed", "HardFail", "Maximum number of delivery attempts (18) has been reached."),
        bounced("back@x.at"),
        bounced("back2@x.at", "MessageDelayed"),
        status("fine@x.at", "MessageSent", "Sent", "Message sent by SMTP", "250 2.0.0 OK"),
        status("kept@x.at", "MessageHeld", "Held", "Recipient (kept@x.at) is on the suppression list"),
    ]})  # fmt: skip
    landed.deliveries("""
        address    | type       | bounce_class | reason       | campaign | occurred_from
        -----------+------------+--------------+--------------+----------+---------------------
        gone@x.at  | bounce     | hard         |              | spring   | 2026-04-02T09:00:00Z
        plain@x.at | bounce     | hard         |              | spring   | 2026-04-02T09:00:00Z
        full@x.at  | bounce     | soft         | mailbox_full | spring   | 2026-04-02T09:00:00Z
        spam@x.at  | bounce     | block        |              | spring   | 2026-04-02T09:00:00Z
        late@x.at  | bounce     | soft         |              | spring   | 2026-04-02T09:00:00Z
        back@x.at  | bounce     | undetermined |              |          | 2026-04-02T09:00:00Z
        back2@x.at | bounce     | undetermined |              |          | 2026-04-02T09:00:00Z
        fine@x.at  | delivered  |              |              | spring   | 2026-04-02T09:00:00Z
        kept@x.at  | quarantine |              |              | spring   | 2026-04-02T09:00:00Z
    """)


def test_a_payload_without_its_envelope_is_the_same_event(tmp_path: Path) -> None:
    sent, back = status("a@x.at", "MessageSent", "Sent")["payload"], bounced("b@x.at")["payload"]
    landed = land(tmp_path, "postal_events", {"events.ndjson": [sent, back]})
    landed.deliveries("""
        address | type      | bounce_class | vendor_label
        --------+-----------+--------------+---------------
        a@x.at  | delivered |              | Sent
        b@x.at  | bounce    | undetermined | MessageBounced
    """)


def test_tries_holds_clicks_and_incoming_messages_are_ignored_and_unknown_ones_rejected(tmp_path: Path) -> None:
    again = bounced("a@x.at")
    landed = land(tmp_path, "postal_events", {"events.json": [
        again, again,
        status("a@x.at", "MessageDelayed", "SoftFail", "Temporary SMTP delivery error", "451 4.7.1 later"),
        status("a@x.at", "MessageHeld", "Held", "Server is in development mode."),
        status("in@x.at", "MessageDeliveryFailed", "HardFail", "Received a 400", direction="incoming"),
        {"event": "MessageLinkClicked", "timestamp": AT, "payload": {"url": "https://x.at", "message": {"to": "a@x.at"}}},
        {"event": "DomainDNSError", "timestamp": AT, "payload": {"domain": "example.org"}},
        status("a@x.at", "MessageEaten", "Eaten"),
        {"foo": 1},
    ]})  # fmt: skip
    assert landed.counts == (9, 1, 1, 5, 2)
    assert landed.unknown == {"code Eaten": 1, "code": 1}
