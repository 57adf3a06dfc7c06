"""MailerSend's webhooks."""

from pathlib import Path
from typing import Any

from tests.lib.feeds import land

AT = "2026-04-02T09:00:00.500000Z"


def first(address: str, name: str, **morph: Any) -> dict[str, Any]:
    """An activity as version 1 of the payload tells it."""
    email = {"status": "sent", "recipient": {"object": "recipient", "email": address}}
    data = {"id": f"{name}-{address}", "type": name, "created_at": AT, "email": email, "morph": morph or None}
    return {"type": f"activity.{name}", "domain_id": "d1", "created_at": "2026-04-02T09:05:00.000000Z", "data": data}


def second(address: str, name: str, **meta: Any) -> dict[str, Any]:
    """The same in version 2."""
    data = {"id": f"{name}-{address}", "type": name, "recipient": address, "meta": meta or []}
    return {"type": f"activity.{name}", "domain_id": "d1", "created_at": AT, "data": data}


def test_both_versions_of_the_payload_say_the_same_and_a_code_decides_before_the_word(tmp_path: Path) -> None:
    landed = land(tmp_path, "mailersend_events", {"events.ndjson": [
        first("gone@x.at", "hard_bounced", object="recipient_bounce", reason="Host or domain name not found"),
        first("later@x.at", "soft_bounced", object="recipient_bounce", reason="Unknown reason"),
        first("angry@x.at", "spam_complaint", object="spam_complaint", reason=None),
        first("read@x.at", "delivered"),
        second("gone2@x.at", "hard_bounced", bounce_code="5.1.1", bounce_reason="unknown user"),
        second("full@x.at", "hard_bounced", bounce_code=552, bounce_reason="5.2.2 mailbox full"),
        second("spam@x.at", "hard_bounced", bounce_code=550, bounce_reason="5.7.1 spam detected"),
        second("later2@x.at", "soft_bounced"),
        second("angry2@x.at", "spam_complaints"),
        second("kept@x.at", "suppressed", suppression_reason="on the blocklist"),
        second("out@x.at", "sent"),
    ]})  # fmt: skip
    landed.deliveries("""
        address     | type       | bounce_class | reason           | status_code | occurred_from
        ------------+------------+--------------+------------------+-------------+---------------------
        gone@x.at   | bounce     | hard         |                  |             | 2026-04-02T09:00:00Z
        later@x.at  | bounce     | soft         |                  |             | 2026-04-02T09:00:00Z
        angry@x.at  | complaint  |              |                  |             | 2026-04-02T09:00:00Z
        read@x.at   | delivered  |              |                  |             | 2026-04-02T09:00:00Z
        gone2@x.at  | bounce     | hard         |                  | 5.1.1       | 2026-04-02T09:00:00Z
        full@x.at   | bounce     | soft         | mailbox_full     | 552         | 2026-04-02T09:00:00Z
        spam@x.at   | bounce     | block        |                  | 550         | 2026-04-02T09:00:00Z
        later2@x.at | bounce     | soft         |                  |             | 2026-04-02T09:00:00Z
        angry2@x.at | complaint  |              |                  |             | 2026-04-02T09:00:00Z
        kept@x.at   | quarantine |              | on the blocklist |             | 2026-04-02T09:00:00Z
        out@x.at    | sent       |              |                  |             | 2026-04-02T09:00:00Z
    """)
    assert landed.unknown == {}


def test_a_sending_domain_is_a_scope_where_the_map_says_so(tmp_path: Path) -> None:
    other = second("b@x.at", "unsubscribed", unsubscribe_reason="too many") | {"domain_id": "d2"}
    events = [first("a@x.at", "unsubscribed", reason="option_3", readable_reason="I get too many emails"), other]
    landed = land(tmp_path, "mailersend_events", {"events.json": events}, map={"d1": {"scope": "brand", "scope_id": "b1"}})
    landed.consents("""
        address | action  | scope        | scope_id | actor | via       | reason_text
        --------+---------+--------------+----------+-------+-----------+----------------------
        a@x.at  | opt_out | brand        | b1       | owner | one_click | I get too many emails
        b@x.at  | opt_out | organisation | o1       | owner | one_click | too many
    """)


def test_what_is_about_no_message_or_no_end_of_it_is_ignored_and_an_unknown_activity_is_rejected(tmp_path: Path) -> None:
    again = first("a@x.at", "spam_complaint")
    landed = land(tmp_path, "mailersend_events", {"events.json": [
        again, again,
        {"type": "webhook.test", "message": "This is a ping test message"},
        second("a@x.at", "deferred"),
        first("a@x.at", "opened_unique"),
        {"type": "maintenance.start", "created_at": "2026-04-02 09:00:00", "data": {}},
        first("a@x.at", "vaporised"),
        first("", "hard_bounced"),
    ]}, map={"d1": {"scope": "brand", "scope_id": "b1"}})  # fmt: skip
    assert landed.counts == (8, 1, 1, 4, 2)
    assert landed.rejected == [(7, "code_unknown"), (8, "address_missing")]
    assert landed.unknown == {"code vaporised": 1}
