"""Mailtrap's webhooks."""

from pathlib import Path
from typing import Any

from tests.lib.feeds import land

AT = 1775120400  # 2026-04-02T09:00:00Z


def event(address: str, name: str, **more: Any) -> dict[str, Any]:
    return {
        "event": name, "email": address, "timestamp": AT, "event_id": f"{name}-{address}", "sending_stream": "bulk",
        "sending_domain_name": "news.example.org", **more,
    }  # fmt: skip


def test_the_category_says_more_than_the_event_and_the_code_more_than_both(tmp_path: Path) -> None:
    landed = land(tmp_path, "mailtrap_events", {"batch.json": {"events": [
        event("gone@x.at", "bounce", bounce_category="badrecipient", response_code=550, response="550 no such user"),
        event("spam@x.at", "bounce", bounce_category="spam", response_code=555, response="[CS01] Message rejected due to local policy"),
        event("odd@x.at", "bounce", bounce_category="generalfail"),
        event("plain@x.at", "bounce"),
        event("new@x.at", "bounce", bounce_category="lost in space"),
        event("full@x.at", "bounce", bounce_category="badrecipient", response_code=552, response="552 5.2.2 mailbox full"),
        event("grey@x.at", "soft bounce", bounce_category="greylisting", response_code=451, response="4.7.1 Temporary error"),
        event("soft@x.at", "soft bounce", bounce_category="badrecipient"),
        event("away@x.at", "soft bounce", bounce_category="transientfail"),
        event("slow@x.at", "soft bounce", bounce_category="transientfail", response_code=451),
        event("held@x.at", "soft bounce", bounce_category="content"),
    ]}})  # fmt: skip
    landed.deliveries("""
        address    | type       | bounce_class | reason       | occurred_from
        -----------+------------+--------------+--------------+---------------------
        gone@x.at  | bounce     | hard         |              | 2026-04-02T09:00:00Z
        spam@x.at  | bounce     | block        |              | 2026-04-02T09:00:00Z
        odd@x.at   | bounce     | undetermined |              | 2026-04-02T09:00:00Z
        plain@x.at | bounce     | hard         |              | 2026-04-02T09:00:00Z
        new@x.at   | bounce     | hard         |              | 2026-04-02T09:00:00Z
        full@x.at  | bounce     | soft         | mailbox_full | 2026-04-02T09:00:00Z
        grey@x.at  | bounce     | soft         |              | 2026-04-02T09:00:00Z
        soft@x.at  | bounce     | soft         |              | 2026-04-02T09:00:00Z
        away@x.at  | auto_reply |              |              | 2026-04-02T09:00:00Z
        slow@x.at  | bounce     | soft         |              | 2026-04-02T09:00:00Z
        held@x.at  | bounce     | block        |              | 2026-04-02T09:00:00Z
    """)
    assert landed.unknown == {"code bounce/lost in space": 1}


def test_a_reject_is_a_suppression_or_the_senders_own_fault(tmp_path: Path) -> None:
    landed = land(tmp_path, "mailtrap_events", {"batch.json": {"events": [
        event("a@x.at", "reject", reason="Recipient in suppression list. Reason: unsubscription"),
        event("b@x.at", "reject", reason="Recipient in suppression list. Reason: hard bounce"),
        event("c@x.at", "reject", reason="Recipient in suppression list"),
        event("d@x.at", "reject", reason="Your domain is not verified"),
        event("e@x.at", "suspension", reason="Your account has reached its daily sending limit."),
    ]}})  # fmt: skip
    landed.deliveries("""
        address | type       | vendor_label
        --------+------------+------------------------------------
        b@x.at  | quarantine | reject/suppression list/hard bounce
        c@x.at  | quarantine | reject/suppression list
    """)
    landed.consents("""
        address | action  | scope        | scope_id
        --------+---------+--------------+---------
        a@x.at  | opt_out | organisation | o1
    """)
    assert landed.counts == (5, 3, 0, 2, 0)


def test_lines_are_read_like_a_batch_and_the_sending_domain_is_the_scope(tmp_path: Path) -> None:
    other = event("b@x.at", "unsubscribe", sending_domain_name="shop.example.org")
    log = {"event": "activity_log.user.login", "description": "logged in", "timestamp": AT}
    events = [event("a@x.at", "unsubscribe"), other, event("c@x.at", "spam"), event("d@x.at", "delivery"), event("d@x.at", "open"), log]
    landed = land(tmp_path, "mailtrap_events", {"events.jsonl": events}, map={"news.example.org": {"scope": "list", "scope_id": "l1"}})
    landed.consents("""
        address | action  | scope        | scope_id | actor | via
        --------+---------+--------------+----------+-------+----------
        a@x.at  | opt_out | list         | l1       | owner | one_click
        b@x.at  | opt_out | organisation | o1       | owner | one_click
    """)
    landed.deliveries("""
        address | type
        --------+----------
        c@x.at  | complaint
        d@x.at  | delivered
    """)
    assert landed.counts == (6, 4, 0, 2, 0)


def test_an_unknown_event_is_rejected_and_nothing_that_should_be_an_event_stops_the_others(tmp_path: Path) -> None:
    again = event("a@x.at", "spam")
    batches = [{"events": [again, again]}, {"events": []}, {"events": ["text", 7, event("b@x.at", "eaten")]}]
    landed = land(tmp_path, "mailtrap_events", {"events.json": batches})
    assert landed.counts == (5, 1, 1, 0, 3)
    assert landed.rejected == [(3, "json_unreadable"), (4, "not_an_object"), (5, "code_unknown")]
