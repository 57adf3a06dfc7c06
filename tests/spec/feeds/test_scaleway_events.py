"""Scaleway's webhooks of Transactional Email."""

import json
from pathlib import Path
from typing import Any

from tests.lib.feeds import land

AT = "2026-04-02T09:00:00.123456789Z"


def event(address: str, name: str, code: int | None = None, said: str = "", **more: Any) -> dict[str, Any]:
    answer = {"email_response_code": code, "email_response_message": said} if code else {}
    return {"id": f"{name}-{address}", "type": name, "created_at": AT, "domain_name": "example.org", "email_to": address, **answer, **more}


def notified(message: dict[str, Any]) -> dict[str, Any]:
    return {"Type": "Notification", "MessageId": "m1", "TopicArn": "arn:scw:sns:fr-par:p1:mails", "Message": json.dumps(message)}


def test_an_event_stands_in_a_notification_or_alone(tmp_path: Path) -> None:
    landed = land(tmp_path, "scaleway_events", {"events.json": [
        notified(event("gone@x.at", "email_dropped", 550, "5.1.1 unknown user")),
        event("plain@x.at", "email_dropped", 550, "no"),
        event("spam@x.at", "email_dropped", 550, "5.7.1 message rejected as spam"),
        event("full@x.at", "email_dropped", 552, "5.2.2 mailbox full"),
        event("old@x.at", "email_dropped", email_error="550 5.1.1 unknown user"),
        notified(event("none@x.at", "email_mailbox_not_found", 550, "no such mailbox")),
        event("junk@x.at", "email_spam", 550, "no"),
        event("fine@x.at", "email_delivered", 250, "OK"),
    ]})  # fmt: skip
    landed.deliveries("""
        address    | type      | bounce_class | reason       | status_code | occurred_from
        -----------+-----------+--------------+--------------+-------------+---------------------
        gone@x.at  | bounce    | hard         |              | 550         | 2026-04-02T09:00:00Z
        plain@x.at | bounce    | hard         |              | 550         | 2026-04-02T09:00:00Z
        spam@x.at  | bounce    | block        |              | 550         | 2026-04-02T09:00:00Z
        full@x.at  | bounce    | soft         | mailbox_full | 552         | 2026-04-02T09:00:00Z
        old@x.at   | bounce    | hard         |              |             | 2026-04-02T09:00:00Z
        none@x.at  | bounce    | hard         |              | 550         | 2026-04-02T09:00:00Z
        junk@x.at  | bounce    | block        |              | 550         | 2026-04-02T09:00:00Z
        fine@x.at  | delivered |              |              | 250         | 2026-04-02T09:00:00Z
    """)


def test_the_blocklist_is_scaleways_restriction_and_no_new_bounce(tmp_path: Path) -> None:
    landed = land(tmp_path, "scaleway_events", {"events.ndjson": [
        event("a@x.at", "blocklist_created", blocklist_type="mailbox_not_found", blocklist_reason="bounced twice"),
        event("b@x.at", "email_blocklisted", blocklist_type="mailbox_full"),
        event("c@x.at", "email_blocklisted", blocklist_type="something new"),
    ]})  # fmt: skip
    landed.deliveries("""
        address | type       | reason                         | explanation
        --------+------------+--------------------------------+--------------
        a@x.at  | quarantine | blocklisted: mailbox not found | bounced twice
        b@x.at  | quarantine | blocklisted: mailbox full      |
        c@x.at  | quarantine |                                |
    """)
    assert landed.unknown == {"code email_blocklisted/something new": 1}


def test_what_is_queued_tried_again_or_about_the_topic_is_ignored_and_the_rest_rejected(tmp_path: Path) -> None:
    again = event("a@x.at", "email_spam")
    landed = land(tmp_path, "scaleway_events", {"events.json": [
        again, notified(again),
        event("a@x.at", "email_queued"),
        event("a@x.at", "email_deferred", 451, "later"),
        {"Type": "SubscriptionConfirmation", "Message": "You have chosen to subscribe", "Token": "t"},
        event("a@x.at", "unknown_type"),
        {"Type": "Notification", "Message": "{cut off"},
    ]})  # fmt: skip
    assert landed.counts == (7, 1, 1, 3, 2)
    assert landed.unknown == {"code unknown_type": 1, "code Notification": 1}
