"""Mailgun's webhooks, old and new, and its events API."""

import json
from pathlib import Path
from urllib.parse import urlencode

from tests.lib.feeds import land

AT = 1775120400.25  # 2026-04-02T09:00:00Z
SIGNATURE = {"timestamp": "1775120401", "token": "t-1", "signature": "0"}


def event(address: str, name: str, code: object = None, text: object = "", enhanced: object = "", **more: object) -> dict[str, object]:
    status = {"code": code, "message": text, "enhanced-code": enhanced, "description": ""}
    return {"event": name, "id": f"{name}-{address}", "timestamp": AT, "recipient": address, "delivery-status": status, **more}


def permanent(address: str, reason: str, code: object = None, text: str = "", enhanced: str = "") -> dict[str, object]:
    return event(address, "failed", code, text, enhanced, severity="permanent", reason=reason)


def webhooks(*events: dict[str, object]) -> str:
    return "\n".join(json.dumps({"signature": SIGNATURE, "event-data": each}) for each in events)


def old(address: str, name: str, **more: str) -> str:
    return urlencode({"event": name, "recipient": address, "domain": "news.example.org", "timestamp": "1775120400", "token": "t", **more})


def test_the_status_code_decides_then_the_reason_then_the_severity(tmp_path: Path) -> None:
    landed = land(tmp_path, "mailgun_events", {"events.ndjson": webhooks(
        permanent("gone@x.at", "bounce", 550, "5.1.1 The account does not exist"),
        permanent("hard@x.at", "bounce", 550, "No"),
        permanent("full@x.at", "generic", 552, "mailbox is full", "5.2.2"),
        permanent("spam@x.at", "bounce", 554, "5.7.1 message refused"),
        permanent("fame@x.at", "generic", 550, "blocked using a list of bad reputation"),
        permanent("late@x.at", "old", 602, "Too old"),
        permanent("new@x.at", "a new reason", 550),
        permanent("list@x.at", "generic", 625),
        permanent("mute@x.at", "generic", 499, "timeout"),
        event("odd@x.at", "failed", 550),
        event("slow@x.at", "failed", 452, "4.2.2 over quota", severity="temporary", reason="generic"),
    )})  # fmt: skip
    landed.deliveries("""
        address   | bounce_class | reason       | status_code | vendor_label                  | occurred_from
        ----------+--------------+--------------+-------------+-------------------------------+---------------------
        gone@x.at | hard         |              | 550         | failed/permanent/bounce       | 2026-04-02T09:00:00Z
        hard@x.at | hard         |              | 550         | failed/permanent/bounce       | 2026-04-02T09:00:00Z
        full@x.at | soft         | mailbox_full | 5.2.2       | failed/permanent/generic      | 2026-04-02T09:00:00Z
        spam@x.at | block        |              | 554         | failed/permanent/bounce       | 2026-04-02T09:00:00Z
        fame@x.at | block        |              | 550         | failed/permanent/generic      | 2026-04-02T09:00:00Z
        late@x.at | soft         |              | 602         | failed/permanent/602          | 2026-04-02T09:00:00Z
        new@x.at  | hard         |              | 550         | failed/permanent/a new reason | 2026-04-02T09:00:00Z
        list@x.at | block        |              | 625         | failed/permanent/625          | 2026-04-02T09:00:00Z
        mute@x.at | soft         |              | 499         | failed/permanent/499          | 2026-04-02T09:00:00Z
        odd@x.at  | undetermined |              | 550         | failed                        | 2026-04-02T09:00:00Z
    """)
    assert landed.unknown == {"code failed/permanent/a new reason": 1}
    assert landed.counts == (11, 10, 0, 1, 0)


def test_what_mailgun_suppressed_before_is_no_new_bounce(tmp_path: Path) -> None:
    events = webhooks(
        permanent("a@x.at", "suppress-bounce", 605, "Not delivering to previously bounced address"),
        permanent("b@x.at", "suppress-complaint", 607),
        permanent("c@x.at", "suppress-unsubscribe", 606),
        permanent("d@x.at", "bounce", 607),
    )
    forms = [
        old("e@x.at", "dropped", code="605", reason="hardfail", description="Not delivering to previously bounced address"),
        old("f@x.at", "dropped", code="606", reason="hardfail"),
        old("g@x.at", "dropped", reason="hardfail"),
    ]
    landed = land(tmp_path, "mailgun_events", {"events.ndjson": events, "old.txt": "\r\n".join(forms)})
    landed.deliveries("""
        address | type       | reason     | vendor_label
        --------+------------+------------+------------------------------------
        a@x.at  | quarantine | bounced    | failed/permanent/suppress-bounce
        b@x.at  | quarantine | complained | failed/permanent/suppress-complaint
        d@x.at  | quarantine | complained | failed/permanent/607
        e@x.at  | quarantine | bounced    | dropped/605
        g@x.at  | quarantine |            | dropped
    """)
    landed.consents("""
        address | action  | scope        | scope_id | actor
        --------+---------+--------------+----------+------
        c@x.at  | opt_out | organisation | o1       | owner
        f@x.at  | opt_out | organisation | o1       | owner
    """)


def test_the_forms_of_old_say_the_same(tmp_path: Path) -> None:
    forms = [
        old("a@x.at", "bounced", code="550", error="5.1.1 no such user", **{"X-Mailgun-Sid": "s=="}),
        old("b@x.at", "bounced", code="4.4.1", error="timed out"),
        old("c@x.at", "bounced", code="550", notification="no"),
        old("d@x.at", "dropped", code="550", reason="hardfail", description="5.7.1 refused"),
        old("e@x.at", "dropped", code="499", reason="old"),
        old("f@x.at", "complained"),
        old("g@x.at", "delivered", **{"campaign-id": "spring", "my variable": "x y"}),
        old("h@x.at", "opened"),
        old("i@x.at", "something"),
    ]
    landed = land(tmp_path, "mailgun_events", {"old.txt": "\n".join(forms)})
    landed.deliveries("""
        address | type      | bounce_class | status_code | campaign | occurred_from
        --------+-----------+--------------+-------------+----------+---------------------
        a@x.at  | bounce    | hard         | 550         |          | 2026-04-02T09:00:00Z
        b@x.at  | bounce    | soft         | 4.4.1       |          | 2026-04-02T09:00:00Z
        c@x.at  | bounce    | hard         | 550         |          | 2026-04-02T09:00:00Z
        d@x.at  | bounce    | block        | 550         |          | 2026-04-02T09:00:00Z
        e@x.at  | bounce    | soft         | 499         |          | 2026-04-02T09:00:00Z
        f@x.at  | complaint |              |             |          | 2026-04-02T09:00:00Z
        g@x.at  | delivered |              |             | spring   | 2026-04-02T09:00:00Z
    """)
    assert landed.rejected == [(9, "code_unknown")]


def test_a_page_of_the_api_repeats_what_the_webhook_said_and_a_list_or_domain_is_looked_up(tmp_path: Path) -> None:
    events = [
        event("a@x.at", "complained"),
        event("b@x.at", "unsubscribed", domain={"name": "news.example.org"}),
        event("c@x.at", "unsubscribed", domain={"name": "news.example.org"}, **{"mailing-list": {"address": "tips@example.org"}}),
        event("d@x.at", "unsubscribed"),
        event("e@x.at", "delivered", 250, **{"user-variables": {"campaign": "spring"}}),
        event("e@x.at", "accepted"),
        {"event": "rejected", "timestamp": AT, "reject": {"reason": "sandbox"}, "message": {"headers": {"to": "F <f@x.at>"}}},
        event("g@x.at", "opened"),
    ]
    landed = land(
        tmp_path,
        "mailgun_events",
        {"hooks.ndjson": webhooks(*events[:2], events[1]), "page.json": {"items": events, "paging": {}}, "empty.json": {"items": []}},
        map={"news.example.org": {"scope": "brand", "scope_id": "b1"}, "tips@example.org": {"scope": "list", "scope_id": "l1"}},
    )
    landed.consents("""
        address | action  | scope        | scope_id | via       | record_number
        --------+---------+--------------+----------+-----------+--------------
        b@x.at  | opt_out | brand        | b1       | one_click | 2
        b@x.at  | opt_out | brand        | b1       | one_click | 3
        b@x.at  | opt_out | brand        | b1       | one_click | 2
        c@x.at  | opt_out | list         | l1       | one_click | 3
        d@x.at  | opt_out | organisation | o1       | one_click | 4
    """)
    landed.deliveries("""
        address | type      | campaign
        --------+-----------+---------
        a@x.at  | complaint |
        a@x.at  | complaint |
        e@x.at  | delivered | spring
        e@x.at  | sent      |
    """)
    assert landed.counts == (11, 8, 1, 2, 0)
