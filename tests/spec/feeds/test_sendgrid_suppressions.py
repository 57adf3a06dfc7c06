"""SendGrid's suppression lists."""

from pathlib import Path

from tests.lib.feeds import land

AT = 1775120400  # 2026-04-02T09:00:00Z


def entry(address: str, **more: object) -> dict[str, object]:
    return {"created": AT, "email": address, **more}


def test_each_list_says_why_sendgrid_suppresses_and_only_a_block_is_an_event(tmp_path: Path) -> None:
    landed = land(tmp_path, "sendgrid_suppressions", {
        "bounces.json": [entry("a@x.at", reason="550 unknown", status="5.1.1"), entry("b@x.at", reason="421 later", status="4.2.1")],
        "blocks.json": [entry("c@x.at", reason="554 5.7.1 spam", status="5.7.1"), entry("d@x.at", reason="550 unknown", status="5.1.1")],
        "invalid_emails.json": [entry("e@x.at", reason="Mail domain is invalid"), entry("no @ x", reason="bad syntax")],
        "spam_reports.json": [entry("f@x.at", ip="192.0.2.1")],
        "mystery.json": [entry("g@x.at", reason="550 unknown", status="5.1.1")],
        "riddle.json": [entry("h@x.at", ip="192.0.2.1")],
    })  # fmt: skip
    landed.deliveries("""
        address | type       | bounce_class | reason          | status_code | vendor_label | occurred_from
        --------+------------+--------------+-----------------+-------------+--------------+---------------------
        a@x.at  | quarantine |              | bounced         | 5.1.1       | bounces      | 2026-04-02T09:00:00Z
        b@x.at  | quarantine |              | bounced         | 4.2.1       | bounces      | 2026-04-02T09:00:00Z
        c@x.at  | bounce     | block        |                 | 5.7.1       | blocks       | 2026-04-02T09:00:00Z
        d@x.at  | bounce     | hard         |                 | 5.1.1       | blocks       | 2026-04-02T09:00:00Z
        e@x.at  | quarantine |              | invalid_address |             | invalid      | 2026-04-02T09:00:00Z
        f@x.at  | complaint  |              |                 |             | spam_reports | 2026-04-02T09:00:00Z
        g@x.at  | quarantine |              | bounced         | 5.1.1       | bounces      | 2026-04-02T09:00:00Z
        h@x.at  | complaint  |              |                 |             | spam_reports | 2026-04-02T09:00:00Z
    """)
    assert landed.counts == (9, 8, 0, 1, 0)
    assert landed.unknown == {}


def test_an_unsubscription_is_global_unless_a_group_is_told_and_mapped(tmp_path: Path) -> None:
    files = {
        "unsubscribes.json": [entry("a@x.at"), entry("a@x.at")],
        "group_10.json": ["b@x.at", " C@x.at", "nobody"],
        "asm.json": [
            {"email": "d@x.at", "group_id": 10, "group_name": "News", "created_at": AT},
            {"email": "e@x.at", "group_id": 11, "group_name": "Offers", "created_at": AT},
        ],
        "addresses.json": ["f@x.at"],
        "group-12.csv": "g@x.at\nh@x.at\n",
    }
    landed = land(
        tmp_path, "sendgrid_suppressions", files, map={"10": {"scope": "list", "scope_id": "l1"}, "12": {"scope": "list", "scope_id": "l2"}}
    )
    landed.consents("""
        address | action  | scope        | scope_id | actor | channel | vendor_label | occurred_from        | is_standing
        --------+---------+--------------+----------+-------+---------+--------------+----------------------+------------
        a@x.at  | opt_out | organisation | o1       | owner | email   | unsubscribes | 2026-04-02T09:00:00Z | false
        a@x.at  | opt_out | organisation | o1       | owner | email   | unsubscribes | 2026-04-02T09:00:00Z | false
        b@x.at  | opt_out | list         | l1       | owner | email   | groups       | 2026-06-01T08:00:00Z | true
        c@x.at  | opt_out | list         | l1       | owner | email   | groups       | 2026-06-01T08:00:00Z | true
        d@x.at  | opt_out | list         | l1       | owner | email   | groups       | 2026-04-02T09:00:00Z | false
        e@x.at  | opt_out | organisation | o1       | owner | email   | groups       | 2026-04-02T09:00:00Z | false
        f@x.at  | opt_out | organisation | o1       | owner | email   | unsubscribes | 2026-06-01T08:00:00Z | true
        g@x.at  | opt_out | list         | l2       | owner | email   | unsubscribes | 2026-06-01T08:00:00Z | true
        h@x.at  | opt_out | list         | l2       | owner | email   | unsubscribes | 2026-06-01T08:00:00Z | true
    """)
    assert landed.rejected == [(3, "address_unreadable")]
    assert landed.counts == (10, 8, 1, 0, 1)


def test_the_consoles_csv_is_the_same_list(tmp_path: Path) -> None:
    bounces = '\ufeffstatus,reason,email,created\r\n5.1.1,"550 5.1.1 who, ""me""?\nno such user",A@x.at,1775120400\r\n'
    landed = land(tmp_path, "sendgrid_suppressions", {
        "suppression_bounces.csv": bounces,
        "suppression_blocks (1).csv": "status,reason,email,created\n5.7.1,554 spam,b@x.at,1775120400\n",
        "suppression_unsubscribes.csv": "email,created\nc@x.at,1775120400\nd@x.at,2026-04-02 11:00:00\n,1775120400\n",
        "nothing_bounced.json": [],
    }, timezone="Europe/Vienna")  # fmt: skip
    landed.deliveries("""
        address | type       | bounce_class | status_code | occurred_from
        --------+------------+--------------+-------------+---------------------
        a@x.at  | quarantine |              | 5.1.1       | 2026-04-02T09:00:00Z
        b@x.at  | bounce     | block        | 5.7.1       | 2026-04-02T09:00:00Z
    """)
    landed.consents("""
        address | action  | occurred_from
        --------+---------+---------------------
        c@x.at  | opt_out | 2026-04-02T09:00:00Z
        d@x.at  | opt_out | 2026-04-02T09:00:00Z
    """)
    assert landed.rejected == [(3, "nobody_named")]


def test_a_cell_that_nobody_asks_for_and_that_is_no_text_costs_no_row(tmp_path: Path) -> None:
    """The rejected record tells its text, that of the odd column too."""
    content = b"email,created,\na@x.at,1775120400,\nb@x.at,1775120400,\xff\xfe\nnobody,1775120400,\xff\n"
    landed = land(tmp_path, "sendgrid_suppressions", {"suppression_unsubscribes.csv": content})
    landed.consents("""
        address | action
        --------+--------
        a@x.at  | opt_out
        b@x.at  | opt_out
    """)
    assert landed.rejected == [(3, "address_unreadable")]
    assert landed.code == 0
