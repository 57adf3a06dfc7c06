"""Mailjet's event webhook."""

import json
from pathlib import Path

from tests.lib.feeds import land

AT = 1775120400  # 2026-04-02T09:00:00Z


def event(address: str, name: str, **more: object) -> dict[str, object]:
    return {"event": name, "email": address, "time": AT, "MessageID": 1, "customcampaign": "", "mj_campaign_id": 0, **more}


def bounce(address: str, error: str, is_hard: object, **more: object) -> dict[str, object]:
    return event(address, "bounce", error=error, hard_bounce=is_hard, blocked=True, **more)


def test_an_error_about_the_address_is_hard_where_mailjet_says_for_good(tmp_path: Path) -> None:
    landed = land(tmp_path, "mailjet_events", {"events.json": [
        bounce("gone@x.at", "user unknown", True),
        bounce("soon@x.at", "user unknown", False),
        bounce("host@x.at", "invalid domain", "true"),
        bounce("full@x.at", "quota exceeded", True),
        bounce("code@x.at", "user unknown", True, comment="552 5.2.2 over quota"),
        bounce("text@x.at", "content blocked", True),
        bounce("relay@x.at", "relay/access denied", True),
        bounce("related@x.at", "", False, error_related_to="policy issue"),
        bounce("none@x.at", "", True),
        bounce("new@x.at", "something new", False),
        event("bare@x.at", "bounce"),
        bounce("grey@x.at", "greylisted", False),
    ]})  # fmt: skip
    landed.deliveries("""
        address      | type   | bounce_class | reason       | vendor_label                    | occurred_from
        -------------+--------+--------------+--------------+---------------------------------+---------------------
        gone@x.at    | bounce | hard         |              | bounce/hard/user unknown        | 2026-04-02T09:00:00Z
        soon@x.at    | bounce | soft         |              | bounce/soft/user unknown        | 2026-04-02T09:00:00Z
        host@x.at    | bounce | hard         |              | bounce/hard/invalid domain      | 2026-04-02T09:00:00Z
        full@x.at    | bounce | soft         | mailbox_full | bounce/hard/quota exceeded      | 2026-04-02T09:00:00Z
        code@x.at    | bounce | soft         | mailbox_full | bounce/hard/user unknown        | 2026-04-02T09:00:00Z
        text@x.at    | bounce | block        |              | bounce/hard/content blocked     | 2026-04-02T09:00:00Z
        relay@x.at   | bounce | block        |              | bounce/hard/relay/access denied | 2026-04-02T09:00:00Z
        related@x.at | bounce | block        |              | bounce/soft/policy issue        | 2026-04-02T09:00:00Z
        none@x.at    | bounce | hard         |              | bounce/hard                     | 2026-04-02T09:00:00Z
        new@x.at     | bounce | soft         |              | bounce/soft/something new       | 2026-04-02T09:00:00Z
        bare@x.at    | bounce | undetermined |              | bounce                          | 2026-04-02T09:00:00Z
    """)
    assert landed.unknown == {"code bounce/soft/something new": 1}


def test_what_mailjet_did_not_send_is_a_restriction_where_it_is_about_the_address(tmp_path: Path) -> None:
    landed = land(tmp_path, "mailjet_events", {"events.json": [
        event("a@x.at", "blocked", error_related_to="mailjet", error="preblocked"),
        event("b@x.at", "blocked", error_related_to="domain", error="typofix"),
        event("c@x.at", "blocked", error_related_to="recipient", error="spam reporter"),
        event("d@x.at", "blocked"),
        event("e@x.at", "blocked", error_related_to="spam", error="content blocked"),
        event("f@x.at", "blocked", error_related_to="mailjet", error="duplicate in campaign"),
        event("g@x.at", "blocked", error="something new"),
    ]})  # fmt: skip
    landed.deliveries("""
        address | type       | bounce_class | reason
        --------+------------+--------------+----------------
        a@x.at  | quarantine |              | bounced
        b@x.at  | quarantine |              | invalid_address
        c@x.at  | quarantine |              | complained
        d@x.at  | quarantine |              |
        e@x.at  | bounce     | block        |
        g@x.at  | quarantine |              |
    """)
    assert landed.unknown == {"code blocked/something new": 1}
    assert landed.counts == (7, 6, 0, 1, 0)


def test_one_event_or_a_group_of_them_is_a_file_and_a_list_is_a_list(tmp_path: Path) -> None:
    files = {
        "one.json": event("a@x.at", "unsub", mj_list_id=7),
        "group.json": [
            event("b@x.at", "unsub", mj_list_id=0), event("c@x.at", "unsub", mj_list_id=""), event("D@x.at", "spam", source="JMRPP"),
            event("e@x.at", "sent", smtp_reply="sent (250 2.0.0 OK)", customcampaign="k1"), event("e@x.at", "open"),
            event("e@x.at", "sent", smtp_reply="sent (250 2.0.0 OK)", customcampaign="k1"), event("e@x.at", "click"),
            event("e@x.at", "purchase"), event("nobody", "spam"),
        ],
    }  # fmt: skip
    landed = land(tmp_path, "mailjet_events", files, map={"7": {"scope": "list", "scope_id": "l1"}})
    landed.consents("""
        address | action  | scope        | scope_id | actor | via
        --------+---------+--------------+----------+-------+----------
        a@x.at  | opt_out | list         | l1       | owner | one_click
        b@x.at  | opt_out | organisation | o1       | owner | one_click
        c@x.at  | opt_out | organisation | o1       | owner | one_click
    """)
    landed.deliveries("""
        address | type      | campaign
        --------+-----------+---------
        d@x.at  | complaint |
        e@x.at  | delivered | k1
        e@x.at  | delivered | k1
    """)
    assert landed.rejected == [(8, "code_unknown"), (9, "address_unreadable")]
    assert landed.counts == (10, 5, 1, 2, 2)


def test_a_file_may_hold_the_bodies_of_many_calls_one_a_line(tmp_path: Path) -> None:
    bodies = [json.dumps([event("a@x.at", "spam"), event("b@x.at", "spam")]), json.dumps([event("c@x.at", "spam")])]
    landed = land(tmp_path, "mailjet_events", {
        "groups.json": "\n".join(bodies),
        "mixed.json": "\n".join([bodies[0], json.dumps(event("d@x.at", "spam"))]),
        "broken.json": "\n".join([bodies[0], bodies[1][:40], bodies[1]]),
    })  # fmt: skip
    assert landed.rejected == [(3, "json_unreadable")]
    assert landed.counts == (10, 9, 0, 0, 1)
