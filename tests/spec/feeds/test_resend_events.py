"""Resend's webhooks."""

from pathlib import Path
from typing import Any

from tests.lib.feeds import land

AT = "2026-04-02T09:00:00.126Z"
HARD = "The recipient's email provider sent a hard bounce message. Hard bounces have a negative impact on your reputation as a sender."


def event(name: str, *to: str, **data: Any) -> dict[str, Any]:
    return {"type": f"email.{name}", "created_at": AT, "data": {"created_at": "2026-04-01T00:00:00Z", "to": list(to), **data}}


def bounced(address: str, kind: str, sub_type: str, **more: Any) -> dict[str, Any]:
    return event("bounced", address, bounce={"type": kind, "subType": sub_type, "message": HARD, **more})


def test_type_and_sub_type_tell_the_bounce_and_resends_own_text_does_not(tmp_path: Path) -> None:
    landed = land(tmp_path, "resend_events", {"events.json": [
        bounced("gone@x.at", "Permanent", "General"),
        bounced("soft@x.at", "Permanent", "General", diagnosticCode=["smtp; 450 4.2.1 try later"]),
        bounced("full@x.at", "Transient", "MailboxFull"),
        bounced("away@x.at", "Transient", "General", diagnosticCode=[]),
        bounced("away2@x.at", "Transient", "General"),
        bounced("slow@x.at", "Transient", "General", diagnosticCode=["smtp; 451 4.3.0 try later"]),
        bounced("big@x.at", "Transient", "MessageTooLarge"),
        bounced("hm@x.at", "Undetermined", "Undetermined"),
        bounced("kept@x.at", "Permanent", "OnAccountSuppressionList"),
        bounced("kept2@x.at", "Permanent", "Suppressed"),
        bounced("new@x.at", "Permanent", "Evaporated"),
        event("bounced", "old@x.at", bounce={"message": HARD}),
        event("bounced", "old2@x.at", bounce={"message": "Resend has suppressed sending to this address"}),
        event("bounced", "old3@x.at", bounce={"message": "The recipient's email provider sent a general bounce message."}),
    ]})  # fmt: skip
    landed.deliveries("""
        address    | type       | bounce_class | reason       | occurred_from
        -----------+------------+--------------+--------------+---------------------
        gone@x.at  | bounce     | hard         |              | 2026-04-02T09:00:00Z
        soft@x.at  | bounce     | soft         |              | 2026-04-02T09:00:00Z
        full@x.at  | bounce     | soft         | mailbox_full | 2026-04-02T09:00:00Z
        away@x.at  | auto_reply |              |              | 2026-04-02T09:00:00Z
        away2@x.at | auto_reply |              |              | 2026-04-02T09:00:00Z
        slow@x.at  | bounce     | soft         |              | 2026-04-02T09:00:00Z
        big@x.at   | bounce     | block        |              | 2026-04-02T09:00:00Z
        hm@x.at    | bounce     | undetermined |              | 2026-04-02T09:00:00Z
        kept@x.at  | quarantine |              |              | 2026-04-02T09:00:00Z
        kept2@x.at | quarantine |              | bounced      | 2026-04-02T09:00:00Z
        new@x.at   | bounce     | hard         |              | 2026-04-02T09:00:00Z
        old@x.at   | bounce     | hard         |              | 2026-04-02T09:00:00Z
        old2@x.at  | quarantine |              |              | 2026-04-02T09:00:00Z
        old3@x.at  | bounce     | undetermined |              | 2026-04-02T09:00:00Z
    """)
    assert landed.unknown == {"code email.bounced/Permanent/Evaporated": 1}


def test_with_several_recipients_nobody_is_reached_and_nobody_gone_but_a_complaint_holds_for_all(tmp_path: Path) -> None:
    landed = land(tmp_path, "resend_events", {"events.ndjson": [
        event("sent", "Anna <a@x.at>", "b@x.at"),
        event("delivered", "a@x.at", "b@x.at"),
        event("bounced", "a@x.at", "b@x.at", bounce={"type": "Permanent", "subType": "General", "diagnosticCode": ["550 5.1.1 gone"]}),
        event("complained", "a@x.at", "b@x.at"),
        event("delivered", "c@x.at"),
    ]})  # fmt: skip
    landed.deliveries("""
        address | type      | bounce_class
        --------+-----------+-------------
        a@x.at  | sent      |
        b@x.at  | sent      |
        a@x.at  | bounce    | undetermined
        b@x.at  | bounce    | undetermined
        a@x.at  | complaint |
        b@x.at  | complaint |
        c@x.at  | delivered |
    """)
    assert landed.counts == (5, 4, 0, 1, 0)


def test_contacts_and_the_suppression_list_have_events_of_their_own(tmp_path: Path) -> None:
    def of(name: str, **data: Any) -> dict[str, Any]:
        return {"type": name, "created_at": AT, "data": data}

    landed = land(tmp_path, "resend_events", {"events.json": [
        of("contact.updated", email="a@x.at", audience_id="u1", unsubscribed=True),
        of("contact.created", email="b@x.at", audience_id="u2", unsubscribed=True),
        of("contact.updated", email="c@x.at", audience_id="u1", unsubscribed=False),
        of("suppression.added", email="d@x.at", origin="complaint"),
        of("suppression.added", email="e@x.at", origin="manual"),
        of("suppression.removed", email="f@x.at", origin="bounce"),
        event("suppressed", "g@x.at"),
    ]}, map={"u1": {"scope": "list", "scope_id": "l1"}})  # fmt: skip
    landed.consents("""
        address | action  | scope        | scope_id | actor  | via
        --------+---------+--------------+----------+--------+-------
        a@x.at  | opt_out | list         | l1       | import | import
        b@x.at  | opt_out | organisation | o1       | import | import
    """)
    landed.deliveries("""
        address | type       | reason     | actor
        --------+------------+------------+---------
        d@x.at  | quarantine | complained | provider
        e@x.at  | quarantine | manual     | staff
        g@x.at  | quarantine |            | provider
    """)
    assert landed.counts == (7, 5, 0, 2, 0)


def test_dirty_values_are_rejected_one_by_one(tmp_path: Path) -> None:
    again = event("complained", "a@x.at")
    odd = event("complained") | {"data": {"to": "b@x.at"}}
    landed = land(tmp_path, "resend_events", {"events.json": [
        again, again, odd, event("complained"), event("complained", "not an address"), event("eaten", "a@x.at"),
        event("delivery_delayed", "a@x.at"), event("opened", "a@x.at"),
    ]})  # fmt: skip
    assert landed.counts == (8, 2, 1, 2, 3)
    assert landed.rejected == [(4, "address_missing"), (5, "address_unreadable"), (6, "code_unknown")]
