"""Mailgun's suppression lists."""

from pathlib import Path

from tests.lib.feeds import land

AT = "Thu, 02 Apr 2026 09:00:00 UTC"


def page(*items: dict[str, object]) -> dict[str, object]:
    return {"items": [{"created_at": AT, **item} for item in items], "paging": {"next": "https://example.org/next"}}


def test_a_list_is_told_by_the_files_name_or_by_its_fields(tmp_path: Path) -> None:
    landed = land(tmp_path, "mailgun_suppressions", {
        "one.json": page({"address": "a@x.at", "code": "550", "error": "5.1.1 gone"}, {"address": "b@x.at", "code": 452, "error": ""}),
        "two.json": page({"address": "c@x.at"}),
        "three.json": page({"value": "example.org", "type": "domain", "reason": "ours"}),
        "my_bounces.json": page({"address": "d@x.at"}),
        "bounces.csv": 'address,code,error,created_at\nE@x.at,550,"no, really",2026-04-02 09:00:00 +0000\n',
        "complaints.csv": "address,created_at\nf@x.at,2 Apr 2026 11:00:00 +0200\nnobody,\n",
        "allowlist.csv": "value,type,reason,createdAt\ng@x.at,address,,2026-04-02\n",
        "empty.json": page(),
    })  # fmt: skip
    landed.deliveries("""
        address | type       | reason  | status_code | vendor_label | occurred_from
        --------+------------+---------+-------------+--------------+---------------------
        a@x.at  | quarantine | bounced | 550         | bounces      | 2026-04-02T09:00:00Z
        b@x.at  | quarantine | bounced | 452         | bounces      | 2026-04-02T09:00:00Z
        c@x.at  | complaint  |         |             | complaints   | 2026-04-02T09:00:00Z
        d@x.at  | quarantine | bounced |             | bounces      | 2026-04-02T09:00:00Z
        e@x.at  | quarantine | bounced | 550         | bounces      | 2026-04-02T09:00:00Z
        f@x.at  | complaint  |         |             | complaints   | 2026-04-02T09:00:00Z
    """)
    assert landed.rejected == [(2, "address_unreadable")]
    assert landed.counts == (9, 6, 0, 2, 1)


def test_a_tag_is_a_list_of_ours_and_everything_else_the_whole_organisation(tmp_path: Path) -> None:
    files = {
        "page.json": page(
            {"address": "a@x.at", "tags": ["*"]},
            {"address": "b@x.at", "tags": ["news", "tips & tricks"]},
            {"address": "c@x.at", "tags": []},
        ),
        "unsubscribes.csv": 'address,tags,created_at\nd@x.at,*,\ne@x.at,"news, *",\nf@x.at,"[""news""]",\ng@x.at,,\n',
        "unsubs-old.json": page({"address": "h@x.at", "tag": "news"}),
    }
    landed = land(tmp_path, "mailgun_suppressions", files, map={"news": {"scope": "list", "scope_id": "l1"}})
    landed.consents("""
        address | action  | scope        | scope_id | is_standing | occurred_from        | record_number
        --------+---------+--------------+----------+-------------+----------------------+--------------
        a@x.at  | opt_out | organisation | o1       | false       | 2026-04-02T09:00:00Z | 1
        b@x.at  | opt_out | list         | l1       | false       | 2026-04-02T09:00:00Z | 2
        b@x.at  | opt_out | organisation | o1       | false       | 2026-04-02T09:00:00Z | 2
        c@x.at  | opt_out | organisation | o1       | false       | 2026-04-02T09:00:00Z | 3
        d@x.at  | opt_out | organisation | o1       | true        | 2026-06-01T08:00:00Z | 1
        e@x.at  | opt_out | list         | l1       | true        | 2026-06-01T08:00:00Z | 2
        e@x.at  | opt_out | organisation | o1       | true        | 2026-06-01T08:00:00Z | 2
        f@x.at  | opt_out | list         | l1       | true        | 2026-06-01T08:00:00Z | 3
        g@x.at  | opt_out | organisation | o1       | true        | 2026-06-01T08:00:00Z | 4
        h@x.at  | opt_out | list         | l1       | false       | 2026-04-02T09:00:00Z | 1
    """)
    assert landed.counts == (8, 8, 0, 0, 0)
