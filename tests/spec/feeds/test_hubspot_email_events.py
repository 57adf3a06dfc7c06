"""HubSpot's e-mail events."""

import json
from pathlib import Path

from tests.lib.feeds import land

AT = 1775120400000  # 2026-04-02T09:00:00Z


def event(address: str, kind: str, **more: object) -> dict[str, object]:
    return {"id": f"{kind}-{address}", "created": AT, "type": kind, "recipient": address, "emailCampaignId": 77, **more}


def test_only_an_unknown_user_is_a_hard_bounce_and_a_status_code_decides_before_the_category(tmp_path: Path) -> None:
    landed = land(tmp_path, "hubspot_email_events", {"page.json": {"hasMore": False, "events": [
        event("gone@x.at", "BOUNCE", category="UNKNOWN_USER", status="5.1.1", response="550 5.1.1 no such user"),
        event("global@x.at", "BOUNCE", category="HUBSPOT_GLOBAL_BOUNCE"),
        event("full@x.at", "BOUNCE", category="MAILBOX_FULL", status="5.2.2"),
        event("spam@x.at", "BOUNCE", category="SPAM", response="message rejected"),
        event("grey@x.at", "BOUNCE", category="GREYLISTING", status="4.7.1"),
        event("code@x.at", "BOUNCE", category="POLICY", status="5.1.1"),
        event("what@x.at", "BOUNCE", category="NEW_CATEGORY"),
        event("none@x.at", "BOUNCE"),
    ]}})  # fmt: skip
    landed.deliveries("""
        address     | type   | bounce_class | reason       | vendor_label                 | campaign | occurred_from
        ------------+--------+--------------+--------------+------------------------------+----------+---------------------
        gone@x.at   | bounce | hard         |              | BOUNCE/UNKNOWN_USER          | 77       | 2026-04-02T09:00:00Z
        global@x.at | bounce | hard         |              | BOUNCE/HUBSPOT_GLOBAL_BOUNCE | 77       | 2026-04-02T09:00:00Z
        full@x.at   | bounce | soft         | mailbox_full | BOUNCE/MAILBOX_FULL          | 77       | 2026-04-02T09:00:00Z
        spam@x.at   | bounce | block        |              | BOUNCE/SPAM                  | 77       | 2026-04-02T09:00:00Z
        grey@x.at   | bounce | soft         |              | BOUNCE/GREYLISTING           | 77       | 2026-04-02T09:00:00Z
        code@x.at   | bounce | hard         |              | BOUNCE/POLICY                | 77       | 2026-04-02T09:00:00Z
        what@x.at   | bounce | undetermined |              | BOUNCE/NEW_CATEGORY          | 77       | 2026-04-02T09:00:00Z
        none@x.at   | bounce | undetermined |              | BOUNCE                       | 77       | 2026-04-02T09:00:00Z
    """)
    assert landed.unknown == {"code BOUNCE/NEW_CATEGORY": 1}


def test_a_drop_asserts_hubspots_restriction_and_reasons_of_the_sender_say_nothing(tmp_path: Path) -> None:
    files = {"events.ndjson": "\n".join(json.dumps(each) for each in [
        event("a@x.at", "DROPPED", dropReason="PREVIOUSLY_BOUNCED"),
        event("b@x.at", "SUPPRESSED", suppressedReason="PREVIOUS_SPAM"),
        event("c@x.at", "DROPPED", dropReason="A_NEW_REASON"),
        event("d@x.at", "DROPPED", dropReason="PREVIOUSLY_UNSUBSCRIBED_PORTAL"),
        event("e@x.at", "DROPPED", dropReason="PREVIOUSLY_UNSUBSCRIBED_MESSAGE"),
        event("f@x.at", "SUPPRESSED", suppressedReason="GRAYMAIL_SUPPRESSED"),
        event("g@x.at", "DROPPED", dropReason="NON_MARKETABLE_CONTACT"),
    ])}  # fmt: skip
    landed = land(tmp_path, "hubspot_email_events", files, map={"77": {"scope": "list", "scope_id": "l1"}})
    landed.deliveries("""
        address | type       | reason
        --------+------------+-----------
        a@x.at  | quarantine | bounced
        b@x.at  | quarantine | complained
        c@x.at  | quarantine |
    """)
    landed.consents("""
        address | action  | actor  | via    | scope        | scope_id
        --------+---------+--------+--------+--------------+---------
        d@x.at  | opt_out | import | import | organisation | o1
        e@x.at  | opt_out | import | import | list         | l1
    """)
    assert landed.counts == (7, 5, 0, 2, 0)
    assert landed.unknown == {"code DROPPED/A_NEW_REASON": 1}


def test_a_status_change_is_read_for_each_subscription_and_its_subscribed_is_no_opt_in(tmp_path: Path) -> None:
    landed = land(tmp_path, "hubspot_email_events", {"events.json": {"events": [
        event("all@x.at", "STATUSCHANGE", portalSubscriptionStatus="UNSUBSCRIBED", subscriptions=[]),
        event("one@x.at", "STATUSCHANGE", portalSubscriptionStatus="SUBSCRIBED",
              subscriptions=[{"id": 10, "status": "UNSUBSCRIBED"}, {"id": 11, "status": "SUBSCRIBED"}]),
        event("staff@x.at", "STATUSCHANGE", requestedBy="user@x.at", subscriptions=[{"id": 12, "status": "UNSUBSCRIBED"}]),
        event("odd@x.at", "STATUSCHANGE", portalSubscriptionStatus="PAUSED_BY_SOMEBODY"),
        event("back@x.at", "STATUSCHANGE", portalSubscriptionStatus="SUBSCRIBED"),
    ]}}, map={"10": {"scope": "list", "scope_id": "l2"}})  # fmt: skip
    landed.consents("""
        address    | action  | scope        | scope_id | actor | via
        -----------+---------+--------------+----------+-------+----------
        all@x.at   | opt_out | organisation | o1       | owner | one_click
        one@x.at   | opt_out | list         | l2       | owner | one_click
        staff@x.at | opt_out | organisation | o1       | staff | manual
        odd@x.at   | opt_out | organisation | o1       | owner | one_click
    """)
    assert landed.counts == (5, 4, 0, 1, 0)
    assert landed.unknown == {"code STATUSCHANGE/PAUSED_BY_SOMEBODY": 1, "scope list 12": 1}


def test_what_was_sent_delivered_or_complained_about_counts_and_an_unbounce_releases_nothing(tmp_path: Path) -> None:
    again = event("a@x.at", "SPAMREPORT")
    landed = land(tmp_path, "hubspot_email_events", {"events.json": [
        again, again, event("a@x.at", "SENT"), event("a@x.at", "DELIVERED"), event("a@x.at", "OPEN"), event("a@x.at", "DEFERRED"),
        {"id": "u", "created": AT, "type": "UNBOUNCE"}, event("b@x.at", "TELEPATHY"), event("", "DELIVERED"),
    ]})  # fmt: skip
    landed.deliveries("""
        address | type      | actor
        --------+-----------+---------
        a@x.at  | complaint | provider
        a@x.at  | complaint | provider
        a@x.at  | sent      | provider
        a@x.at  | delivered | provider
    """)
    assert landed.counts == (9, 3, 1, 3, 2)
    assert landed.rejected == [(8, "code_unknown"), (9, "address_missing")]
