"""SparkPost's suppression list."""

from pathlib import Path

from tests.lib.feeds import land


def entry(address: str, source: str, **more: object) -> dict[str, object]:
    times = {"created": "2026-04-02T09:00:00+00:00", "updated": "2026-05-02T09:00:00+00:00"}
    return {"recipient": address, "type": "non_transactional", "source": source, **times, **more}


def test_the_source_of_an_entry_tells_whose_no_it_is(tmp_path: Path) -> None:
    files = {"page.json": {"total_count": 9, "links": [], "results": [
        entry("a@x.at", "List Unsubscribe", list_id="news"),
        entry("b@x.at", "Unsubscribe Link", subaccount_id=7),
        entry("c@x.at", "Manually Added"),
        entry("d@x.at", "Compliance"),
        entry("e@x.at", "Bounce Rule"),
        entry("f@x.at", "Spam Complaint"),
        entry("g@x.at", "Something New"),
        entry("e@x.at", "Bounce Rule", type="transactional"),
        entry("e@x at", "Bounce Rule"),
    ]}}  # fmt: skip
    scopes = {"news": {"scope": "list", "scope_id": "l1"}, "7": {"scope": "brand", "scope_id": "b2"}}
    landed = land(tmp_path, "sparkpost_suppressions", files, map=scopes)
    landed.consents("""
        address | action  | scope        | scope_id | actor | via       | occurred_from
        --------+---------+--------------+----------+-------+-----------+---------------------
        a@x.at  | opt_out | list         | l1       | owner | one_click | 2026-04-02T09:00:00Z
        b@x.at  | opt_out | brand        | b2       | owner | one_click | 2026-04-02T09:00:00Z
        c@x.at  | opt_out | organisation | o1       | staff | manual    | 2026-04-02T09:00:00Z
        d@x.at  | opt_out | organisation | o1       | staff | manual    | 2026-04-02T09:00:00Z
    """)
    landed.deliveries("""
        address | type       | reason  | occurred_from
        --------+------------+---------+---------------------
        e@x.at  | quarantine | bounced | 2026-04-02T09:00:00Z
        e@x.at  | quarantine | bounced | 2026-04-02T09:00:00Z
        f@x.at  | complaint  |         | 2026-04-02T09:00:00Z
        g@x.at  | quarantine |         | 2026-04-02T09:00:00Z
    """)
    assert landed.unknown == {"code Something New": 1}
    assert landed.rejected == [(9, "address_unreadable")]
    assert landed.counts == (9, 7, 1, 0, 1)


def test_a_table_may_have_flags_instead_of_a_type_and_no_source(tmp_path: Path) -> None:
    landed = land(tmp_path, "sparkpost_suppressions", {
        "flags.csv": "email,transactional,non_transactional,description\na@x.at,false,true,left\nb@x.at,false,false,\n",
        "export.csv": "recipient,type,source,created\nc@x.at,transactional,bounce_rule,2026-04-02T09:00:00+00:00\n",
        "empty.json": {"results": [], "links": [], "total_count": 0},
    })  # fmt: skip
    landed.deliveries("""
        address | type       | reason  | is_standing
        --------+------------+---------+------------
        a@x.at  | quarantine |         | true
        c@x.at  | quarantine | bounced | false
    """)
    assert landed.counts == (3, 2, 0, 1, 0)
