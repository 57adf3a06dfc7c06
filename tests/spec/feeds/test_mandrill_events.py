"""Mandrill's webhooks."""

import json
from pathlib import Path
from urllib.parse import urlencode

from tests.lib.feeds import land

AT = 1775120400  # 2026-04-02T09:00:00Z


def event(address: str, name: str, **more: object) -> dict[str, object]:
    return {"event": name, "ts": AT, "_id": "m1", "msg": {"_id": "m1", "ts": AT - 60, "email": address, "subaccount": None, **more}}


def change(address: str, kind: str, action: str, reason: str = "", **more: object) -> dict[str, object]:
    return {"type": kind, "action": action, "ts": AT, "reject": {"email": address, "reason": reason, **more}}


def body(*events: dict[str, object]) -> str:
    return urlencode({"mandrill_events": json.dumps(events)})


def test_a_status_code_decides_before_the_kind_of_bounce_and_so_does_the_classifier(tmp_path: Path) -> None:
    landed = land(tmp_path, "mandrill_events", {"body.txt": body(
        event("gone@x.at", "hard_bounce", diag="smtp;550 5.1.1 no such user", bounce_description="bad_mailbox", bgtools_code=10),
        event("hard@x.at", "hard_bounce"),
        event("soft@x.at", "soft_bounce", bounce_description="general", bgtools_code=40),
        event("code@x.at", "hard_bounce", diag="smtp;554 5.7.1 policy"),
        event("full@x.at", "soft_bounce", bgtools_code=22),
        event("spam@x.at", "hard_bounce", bgtools_code=52),
        event("away@x.at", "soft_bounce", bgtools_code=60),
        event("text@x.at", "soft_bounce", diag="5.1.1", bounce_description="smtp; 550-5.1.1 does not exist"),
    )})  # fmt: skip
    landed.deliveries("""
        address   | type       | bounce_class | reason       | vendor_label   | occurred_from
        ----------+------------+--------------+--------------+----------------+---------------------
        gone@x.at | bounce     | hard         |              | hard_bounce    | 2026-04-02T09:00:00Z
        hard@x.at | bounce     | hard         |              | hard_bounce    | 2026-04-02T09:00:00Z
        soft@x.at | bounce     | soft         |              | soft_bounce    | 2026-04-02T09:00:00Z
        code@x.at | bounce     | block        |              | hard_bounce    | 2026-04-02T09:00:00Z
        full@x.at | bounce     | soft         | mailbox_full | soft_bounce/22 | 2026-04-02T09:00:00Z
        spam@x.at | bounce     | block        |              | hard_bounce/52 | 2026-04-02T09:00:00Z
        away@x.at | auto_reply |              |              | soft_bounce/60 | 2026-04-02T09:00:00Z
        text@x.at | bounce     | hard         |              | soft_bounce    | 2026-04-02T09:00:00Z
    """)


def test_a_rejected_message_repeats_the_denylist_and_bounces_nothing(tmp_path: Path) -> None:
    landed = land(tmp_path, "mandrill_events", {"body.txt": body(
        event("a@x.at", "reject", reject={"reason": "hard-bounce", "last_event_at": None}),
        event("b@x.at", "reject", reject={"reason": "spam"}),
        event("c@x.at", "reject", reject={"reason": "unsub"}),
        event("d@x.at", "reject", reject={"reason": "custom"}),
        event("e@x.at", "reject", reject=None),
        event("f@x.at", "reject", reject={"reason": "invalid"}),
        event("g@x.at", "reject", reject={"reason": "soft-bounce"}),
        event("h@x.at", "reject", reject={"reason": "invalid-sender"}),
        event("i@x.at", "reject", reject={"reason": "something-new"}),
    )})  # fmt: skip
    landed.deliveries("""
        address | type       | reason
        --------+------------+----------------
        a@x.at  | quarantine | bounced
        b@x.at  | quarantine | complained
        e@x.at  | quarantine |
        f@x.at  | quarantine | invalid_address
        i@x.at  | quarantine |
    """)
    landed.consents("""
        address | action  | actor | via
        --------+---------+-------+----------
        c@x.at  | opt_out | owner | one_click
        d@x.at  | opt_out | staff | manual
    """)
    assert landed.unknown == {"code reject/something-new": 1}
    assert landed.counts == (9, 7, 0, 2, 0)


def test_a_change_of_the_lists_restricts_and_never_permits(tmp_path: Path) -> None:
    files = {"body.txt": body(
        change("a@x.at", "blacklist", "add", "hard-bounce"),
        change("b@x.at", "denylist", "change", "unsub", subaccount="shop"),
        change("c@x.at", "blacklist", "add", "manual edit", subaccount="other"),
        change("d@x.at", "blacklist", "add"),
        change("e@x.at", "blacklist", "remove", "hard-bounce"),
        {"type": "whitelist", "action": "add", "ts": AT, "entry": {"email": "f@x.at"}},
    )}  # fmt: skip
    landed = land(tmp_path, "mandrill_events", files, map={"shop": {"scope": "list", "scope_id": "l1"}})
    landed.deliveries("""
        address | type       | reason
        --------+------------+--------
        a@x.at  | quarantine | bounced
        d@x.at  | quarantine |
    """)
    landed.consents("""
        address | action  | scope        | scope_id | actor | via
        --------+---------+--------------+----------+-------+----------
        b@x.at  | opt_out | list         | l1       | owner | one_click
        c@x.at  | opt_out | organisation | o1       | staff | manual
    """)
    assert landed.counts == (6, 4, 0, 2, 0)


def test_forms_one_a_line_and_plain_json_are_read_alike(tmp_path: Path) -> None:
    unsubscribed, complaint = event("a@x.at", "unsub"), event("b@x.at", "spam")
    landed = land(tmp_path, "mandrill_events", {
        "bodies.txt": body(unsubscribed, event("a@x.at", "send")) + "\n" + body(unsubscribed, event("a@x.at", "deferral")) + "\n",
        "array.json": [complaint, event("a@x.at", "open"), event("a@x.at", "purchase")],
        "object.json": {"mandrill_events": [event("c@x.at", "delivered")]},
        "none.txt": body(),
    })  # fmt: skip
    landed.consents("""
        address | action  | occurred_from
        --------+---------+---------------------
        a@x.at  | opt_out | 2026-04-02T09:00:00Z
        a@x.at  | opt_out | 2026-04-02T09:00:00Z
    """)
    landed.deliveries("""
        address | type
        --------+----------
        a@x.at  | sent
        b@x.at  | complaint
        c@x.at  | delivered
    """)
    assert landed.rejected == [(3, "code_unknown")]
    assert landed.counts == (8, 4, 1, 2, 1)
