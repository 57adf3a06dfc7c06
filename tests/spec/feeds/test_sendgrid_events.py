"""SendGrid's event webhook."""

from pathlib import Path

from tests.lib.feeds import land

AT = 1775120400  # 2026-04-02T09:00:00Z


def event(address: str, name: str, **more: object) -> dict[str, object]:
    return {"email": address, "timestamp": AT, "event": name, "sg_event_id": f"{name}-{address}-{more}", **more}


def test_a_status_code_decides_before_sendgrids_word(tmp_path: Path) -> None:
    landed = land(tmp_path, "sendgrid_events", {"events.json": [
        event("gone@x.at", "bounce", type="bounce", status="5.1.1", reason="550 5.1.1 unknown user"),
        event("hard@x.at", "bounce", type="bounce", reason="unable to get mx info"),
        event("full@x.at", "bounce", type="bounce", status="5.2.2", reason="552 5.2.2 mailbox full"),
        event("spam@x.at", "bounce", type="blocked", status="5.7.1", reason="550 5.7.1 spam detected"),
        event("new@x.at", "bounce", type="something new"),
        event("mute@x.at", "bounce"),
        event("odd@x.at", "bounce", type="bounce", status="550", bounce_classification="Reputation"),
        event("tech@x.at", "bounce", type="bounce", bounce_classification="Technical"),
        event("bad@x.at", "bounce", type="bounce", bounce_classification="Invalid Address"),
        event("some@x.at", "bounce", type="bounce", bounce_classification="Brand New"),
        event("held@x.at", "blocked", reason="550 no"),
        event("fame@x.at", "bounce", bounce_classification="Reputation"),
    ]})  # fmt: skip
    landed.deliveries("""
        address   | type   | bounce_class | reason       | status_code | vendor_label                  | occurred_from
        ----------+--------+--------------+--------------+-------------+-------------------------------+---------------------
        gone@x.at | bounce | hard         |              | 5.1.1       | bounce/bounce                 | 2026-04-02T09:00:00Z
        hard@x.at | bounce | hard         |              |             | bounce/bounce                 | 2026-04-02T09:00:00Z
        full@x.at | bounce | soft         | mailbox_full | 5.2.2       | bounce/bounce                 | 2026-04-02T09:00:00Z
        spam@x.at | bounce | block        |              | 5.7.1       | bounce/blocked                | 2026-04-02T09:00:00Z
        new@x.at  | bounce | hard         |              |             | bounce/something new          | 2026-04-02T09:00:00Z
        mute@x.at | bounce | hard         |              |             | bounce                        | 2026-04-02T09:00:00Z
        odd@x.at  | bounce | block        |              | 550         | bounce/bounce/Reputation      | 2026-04-02T09:00:00Z
        tech@x.at | bounce | soft         |              |             | bounce/bounce/Technical       | 2026-04-02T09:00:00Z
        bad@x.at  | bounce | hard         |              |             | bounce/bounce/Invalid Address | 2026-04-02T09:00:00Z
        some@x.at | bounce | hard         |              |             | bounce/bounce/Brand New       | 2026-04-02T09:00:00Z
        held@x.at | bounce | block        |              |             | blocked                       | 2026-04-02T09:00:00Z
        fame@x.at | bounce | block        |              |             | bounce/bounce/Reputation      | 2026-04-02T09:00:00Z
    """)
    assert landed.unknown == {"code bounce/something new": 1, "code bounce/bounce/Brand New": 1}


def test_a_drop_repeats_sendgrids_list_and_is_no_new_bounce(tmp_path: Path) -> None:
    landed = land(tmp_path, "sendgrid_events", {"events.json": [
        event("a@x.at", "dropped", reason="Bounced Address"),
        event("b@x.at", "dropped", reason="Spam Reporting Address"),
        event("c@x.at", "dropped", reason="Unsubscribed Address"),
        event("d@x.at", "dropped", reason="Spam Content"),
        event("e@x.at", "dropped", type="bounce"),
    ]})  # fmt: skip
    landed.deliveries("""
        address | type       | reason
        --------+------------+-----------
        a@x.at  | quarantine | bounced
        b@x.at  | quarantine | complained
        e@x.at  | quarantine | bounced
    """)
    landed.consents("""
        address | action  | scope        | scope_id
        --------+---------+--------------+---------
        c@x.at  | opt_out | organisation | o1
    """)
    assert landed.counts == (5, 4, 0, 1, 0)


def test_an_unsubscribe_group_is_a_list_of_ours_and_the_whole_organisation_where_nobody_mapped_it(tmp_path: Path) -> None:
    files = {"events.ndjson": [
        event("a@x.at", "group_unsubscribe", asm_group_id=10),
        event("b@x.at", "group_unsubscribe", asm_group_id=11),
        event("c@x.at", "unsubscribe", asm_group_id=10),
        event("a@x.at", "group_resubscribe", asm_group_id=10),
        event("b@x.at", "group_resubscribe", asm_group_id=11),
    ]}  # fmt: skip
    landed = land(tmp_path, "sendgrid_events", files, map={"10": {"scope": "list", "scope_id": "l1"}})
    landed.consents("""
        address | action  | scope        | scope_id | actor | via
        --------+---------+--------------+----------+-------+----------------
        a@x.at  | opt_out | list         | l1       | owner | one_click
        b@x.at  | opt_out | organisation | o1       | owner | one_click
        c@x.at  | opt_out | organisation | o1       | owner | one_click
        a@x.at  | opt_in  | list         | l1       | owner | preference_link
    """)
    assert landed.rejected == [(5, "scope_unknown")]


def test_the_same_event_twice_counts_once_and_what_is_no_event_is_ignored(tmp_path: Path) -> None:
    again = event("a@x.at", "spamreport")
    landed = land(tmp_path, "sendgrid_events", {"events.json": [again, again, event("a@x.at", "open"), event("a@x.at", "deferred")]})
    assert landed.counts == (4, 1, 1, 2, 0)


EXPORT = """processed,message_id,event,from,email,asm_group_id,reason,type
2026-04-02T09:00:00Z,m1,bounce,news@example.org,a@x.at,,550 5.1.1 user unknown,bounce
2026-04-02T09:00:00Z,m2,drop,news@example.org,b@x.at,,Bounced Address,
2026-04-02T09:00:00Z,m3,spam_report,news@example.org,c@x.at,,,
2026-04-02T09:00:00Z,m4,drop,news@example.org,d@x.at,,Spam Content (if spam checker app enabled),
"""


def test_the_consoles_export_says_the_same_in_its_own_words(tmp_path: Path) -> None:
    landed = land(tmp_path, "sendgrid_events", {"activity.csv": EXPORT})
    landed.deliveries("""
        address | type       | bounce_class | reason  | occurred_from
        --------+------------+--------------+---------+---------------------
        a@x.at  | bounce     | hard         |         | 2026-04-02T09:00:00Z
        b@x.at  | quarantine |              | bounced | 2026-04-02T09:00:00Z
        c@x.at  | complaint  |              |         | 2026-04-02T09:00:00Z
    """)
    assert landed.counts == (4, 3, 0, 1, 0)
