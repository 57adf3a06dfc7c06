"""SparkPost's webhooks and events API."""

from pathlib import Path
from typing import Any

from tests.lib.feeds import land

AT = "1775120400"  # 2026-04-02T09:00:00Z
POLICY = "554 5.7.1 [internal] recipient address was suppressed due to customer policy"


def event(address: str, kind: str, group: str = "message_event", **more: Any) -> dict[str, object]:
    return {"msys": {group: {"type": kind, "raw_rcpt_to": address, "rcpt_to": address, "timestamp": AT, **more}}}


def bounce(address: str, number: str, reason: str = "", kind: str = "bounce", **more: Any) -> dict[str, object]:
    return event(address, kind, bounce_class=number, raw_reason=reason, reason=reason, event_id=f"{address}{number}", **more)


def test_the_bounce_class_tells_what_a_bounce_is_where_no_status_code_does(tmp_path: Path) -> None:
    landed = land(tmp_path, "sparkpost_events", {"batch.json": [
        bounce("gone@x.at", "10", error_code="554"),
        bounce("nobody@x.at", "30"),
        bounce("code@x.at", "10", "552 5.2.2 mailbox full", error_code="552"),
        bounce("full@x.at", "22"),
        bounce("soft@x.at", "20", kind="out_of_band"),
        bounce("dns@x.at", "21", "554 5.4.7 [internal] message timeout (last transfail: 454 4.4.4 no MX or A)"),
        bounce("late@x.at", "70"),
        bounce("spam@x.at", "51"),
        bounce("file@x.at", "53"),
        bounce("odd@x.at", "1"),
        bounce("new@x.at", "77"),
        event("policy@x.at", "policy_rejection", raw_reason="550 5.7.1 unconfigured sending domain"),
        bounce("away@x.at", "60", kind="out_of_band"),
    ]})  # fmt: skip
    landed.deliveries("""
        address     | type       | bounce_class | reason       | vendor_label     | occurred_from
        ------------+------------+--------------+--------------+------------------+---------------------
        gone@x.at   | bounce     | hard         |              | bounce/10        | 2026-04-02T09:00:00Z
        nobody@x.at | bounce     | hard         |              | bounce/30        | 2026-04-02T09:00:00Z
        code@x.at   | bounce     | soft         | mailbox_full | bounce/10        | 2026-04-02T09:00:00Z
        full@x.at   | bounce     | soft         | mailbox_full | bounce/22        | 2026-04-02T09:00:00Z
        soft@x.at   | bounce     | soft         |              | out_of_band/20   | 2026-04-02T09:00:00Z
        dns@x.at    | bounce     | soft         |              | bounce/21        | 2026-04-02T09:00:00Z
        late@x.at   | bounce     | soft         |              | bounce/70        | 2026-04-02T09:00:00Z
        spam@x.at   | bounce     | block        |              | bounce/51        | 2026-04-02T09:00:00Z
        file@x.at   | bounce     | block        |              | bounce/53        | 2026-04-02T09:00:00Z
        odd@x.at    | bounce     | undetermined |              | bounce/1         | 2026-04-02T09:00:00Z
        new@x.at    | bounce     | undetermined |              | bounce/77        | 2026-04-02T09:00:00Z
        policy@x.at | bounce     | block        |              | policy_rejection | 2026-04-02T09:00:00Z
        away@x.at   | auto_reply |              |              | out_of_band/60   | 2026-04-02T09:00:00Z
    """)
    assert landed.unknown == {"code bounce/77": 1}


def test_a_suppressed_recipient_did_not_bounce(tmp_path: Path) -> None:
    landed = land(tmp_path, "sparkpost_events", {"batch.json": [
        bounce("a@x.at", "25", POLICY),
        bounce("b@x.at", "25", f"{POLICY}: Bounce Rule"),
        bounce("c@x.at", "25", f"{POLICY}: Spam Complaint"),
        bounce("d@x.at", "25", f"{POLICY}: List Unsubscribe"),
        bounce("e@x.at", "25", POLICY.replace("customer", "system")),
        bounce("f@x.at", "25", "550 5.1.1 [internal] failed"),
        event("g@x.at", "generation_rejection", "gen_event", reason="Recipient address was suppressed due to customer policy"),
    ]})  # fmt: skip
    landed.deliveries("""
        address | type       | reason     | vendor_label
        --------+------------+------------+--------------------------
        a@x.at  | quarantine |            | suppressed
        b@x.at  | quarantine | bounced    | suppressed/bounce rule
        c@x.at  | quarantine | complained | suppressed/spam complaint
        e@x.at  | quarantine |            | suppressed
        f@x.at  | quarantine |            | bounce/25
        g@x.at  | quarantine |            | suppressed
    """)
    landed.consents("""
        address | action  | actor
        --------+---------+------
        d@x.at  | opt_out | owner
    """)


def test_unsubscribes_are_of_the_subaccount_and_complaints_of_the_owner(tmp_path: Path) -> None:
    files = {"batch.json": [
        event("a@x.at", "list_unsubscribe", "unsubscribe_event", subaccount_id="7"),
        event("b@x.at", "link_unsubscribe", "unsubscribe_event", subaccount_id="8"),
        bounce("c@x.at", "90", kind="out_of_band"),
        event("d@x.at", "spam_complaint", fbtype="abuse"),
        event("e@x.at", "spam_complaint", fbtype="not-spam"),
    ]}  # fmt: skip
    landed = land(tmp_path, "sparkpost_events", files, map={"7": {"scope": "list", "scope_id": "l1"}})
    landed.consents("""
        address | action  | scope        | scope_id | actor | via
        --------+---------+--------------+----------+-------+----------
        a@x.at  | opt_out | list         | l1       | owner | one_click
        b@x.at  | opt_out | organisation | o1       | owner | one_click
        c@x.at  | opt_out | organisation | o1       | owner | reply
    """)
    landed.deliveries("""
        address | type
        --------+----------
        d@x.at  | complaint
    """)


def test_a_test_call_says_nothing_and_the_api_writes_its_times_in_full(tmp_path: Path) -> None:
    results = [{"type": "delivery", "rcpt_to": "a@x.at", "timestamp": "2026-04-02T09:00:00.000Z", "event_id": "1"}]
    opened = {"msys": {"track_event": {"type": "initial_open", "raw_rcpt_to": "a@x.at"}}}
    landed = land(tmp_path, "sparkpost_events", {
        "ping.json": [{"msys": {}}],
        "page.json": {"results": results, "total_count": 1, "links": {}},
        "end.json": {"results": [], "total_count": 0},
        "batch.json": [
            event("A@x.at", "injection", campaign_id="k1"), event("a@x.at", "injection", campaign_id="k1"), event("a@x.at", "delay"),
            opened, {"msys": {"relay_message": {"rcpt_to": "in@x.at", "webhook_id": "5"}}}, event("a@x.at", "purchase"),
            {"msys": {"message_event": {"bounce_class": 10, "rcpt_to": "b@x.at"}}},
        ],
    })  # fmt: skip
    landed.deliveries("""
        address | type      | bounce_class | campaign | occurred_from
        --------+-----------+--------------+----------+---------------------
        a@x.at  | delivered |              |          | 2026-04-02T09:00:00Z
        a@x.at  | sent      |              | k1       | 2026-04-02T09:00:00Z
        a@x.at  | sent      |              | k1       | 2026-04-02T09:00:00Z
        b@x.at  | bounce    | hard         |          | 0001-01-01T00:00:00Z
    """)
    assert landed.rejected == [(6, "code_unknown")]
    assert landed.counts == (9, 3, 1, 4, 1)
