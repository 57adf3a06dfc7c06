"""Brevo's webhooks."""

from pathlib import Path
from typing import Any

from tests.lib.feeds import land

AT = 1775120400  # 2026-04-02T09:00:00Z


def event(address: str, name: str, reason: str = "", **more: Any) -> dict[str, Any]:
    """A transactional event: `ts` is shifted by the zone of the account."""
    return {"event": name, "email": address, "id": 1, "ts": AT + 7200, "ts_event": AT, "ts_epoch": AT * 1000, "reason": reason, **more}


def test_bounces_and_complaints_in_every_spelling(tmp_path: Path) -> None:
    landed = land(tmp_path, "brevo_events", {"events.json": [
        event("gone@x.at", "hard_bounce", "550-5.1.1 The account does not exist.\n 550 5.1.1 unknown user"),
        event("plain@x.at", "hardBounces"),
        event("spam@x.at", "hard_bounce", "550 5.7.1 rejected as spam"),
        event("bad@x.at", "invalid_email"),
        event("full@x.at", "soft_bounce", "552 5.2.2 mailbox full"),
        event("down@x.at", "softBounce", "server is down"),
        event("angry@x.at", "spam"),
        event("angry2@x.at", "complaint"),
        event("fine@x.at", "delivered", "sent"),
        event("out@x.at", "request"),
    ]})  # fmt: skip
    landed.deliveries("""
        address     | type      | bounce_class | reason          | occurred_from
        ------------+-----------+--------------+-----------------+---------------------
        gone@x.at   | bounce    | hard         |                 | 2026-04-02T09:00:00Z
        plain@x.at  | bounce    | hard         |                 | 2026-04-02T09:00:00Z
        spam@x.at   | bounce    | block        |                 | 2026-04-02T09:00:00Z
        bad@x.at    | bounce    | hard         | invalid_address | 2026-04-02T09:00:00Z
        full@x.at   | bounce    | soft         | mailbox_full    | 2026-04-02T09:00:00Z
        down@x.at   | bounce    | soft         |                 | 2026-04-02T09:00:00Z
        angry@x.at  | complaint |              |                 | 2026-04-02T09:00:00Z
        angry2@x.at | complaint |              |                 | 2026-04-02T09:00:00Z
        fine@x.at   | delivered |              |                 | 2026-04-02T09:00:00Z
        out@x.at    | sent      |              |                 | 2026-04-02T09:00:00Z
    """)


def test_what_brevo_blocks_is_its_own_restriction_and_no_bounce(tmp_path: Path) -> None:
    landed = land(tmp_path, "brevo_events", {"events.ndjson": [
        event("a@x.at", "blocked", "blocked : due to blacklist user"),
        event("b@x.at", "blocked", "blocked : due to unsubscribed user"),
        event("c@x.at", "blocked", "blocked : due to the weather"),
        event("d@x.at", "blocked"),
    ]})  # fmt: skip
    landed.deliveries("""
        address | type       | reason
        --------+------------+------------
        a@x.at  | quarantine | blocklisted
        c@x.at  | quarantine |
        d@x.at  | quarantine |
    """)
    landed.consents("""
        address | action  | scope        | scope_id
        --------+---------+--------------+---------
        b@x.at  | opt_out | organisation | o1
    """)
    assert landed.unknown == {"code blocked/the weather": 1}


def test_an_unsubscribe_covers_its_lists_where_they_are_mapped_and_everything_else(tmp_path: Path) -> None:
    campaign = {"campaign name": "Spring", "camp_id": 4, "date_event": "2026-04-02 11:00:00", "ts_event": AT, "ts_epoch": None}
    files = {"events.json": [
        event("a@x.at", "unsubscribe", list_id=[3, 42], **campaign),
        event("b@x.at", "unsubscribe", list_id=[3], **campaign),
        event("c@x.at", "unsubscribed"),
        event("d@x.at", "list_addition", list_id=[3]),
    ]}  # fmt: skip
    landed = land(tmp_path, "brevo_events", files, map={"3": {"scope": "list", "scope_id": "l1"}}, brand="b2")
    landed.consents("""
        address | action  | scope        | scope_id | via
        --------+---------+--------------+----------+----------
        a@x.at  | opt_out | list         | l1       | one_click
        a@x.at  | opt_out | organisation | o1       | one_click
        b@x.at  | opt_out | list         | l1       | one_click
        c@x.at  | opt_out | brand        | b2       | one_click
    """)
    assert landed.counts == (4, 3, 0, 1, 0)


def test_times_without_a_unix_time_are_local_and_the_api_lists_events_in_an_envelope(tmp_path: Path) -> None:
    listed = {"events": [
        {"email": "a@x.at", "date": "2026-04-02T11:00:00.000+02:00", "event": "hardBounces", "messageId": "m1"},
        {"email": "b@x.at", "date": "2026-04-02 11:00:00", "event": "spam"},
        {"email": "c@x.at", "date": "2026-04-02T11:00:00.000+02:00", "event": "loadedByProxy"},
    ]}  # fmt: skip
    landed = land(tmp_path, "brevo_events", {"events.json": listed})
    landed.deliveries("""
        address | type      | occurred_from
        --------+-----------+---------------------
        a@x.at  | bounce    | 2026-04-02T09:00:00Z
        b@x.at  | complaint | 2026-04-02T09:00:00Z
    """)


def test_the_same_event_again_is_one_event_and_delays_errors_and_contacts_are_none(tmp_path: Path) -> None:
    again = event("a@x.at", "spam")
    landed = land(tmp_path, "brevo_events", {"events.json": [
        again, again, event("a@x.at", "deferred", "550 5.1.1"), event("a@x.at", "error"), event("a@x.at", "unique_proxy_open"),
        {"event": "contact_deleted", "email": ["a@x.at", "b@x.at"]}, event("a@x.at", "eaten"), event("", "spam"),
    ]})  # fmt: skip
    assert landed.counts == (8, 1, 1, 4, 2)
    assert landed.rejected == [(7, "code_unknown"), (8, "address_missing")]
