"""Postmark's suppression list of a message stream."""

from pathlib import Path

from tests.lib.feeds import land


def entry(address: str, reason: str, origin: str = "Recipient", **more: object) -> dict[str, object]:
    return {"EmailAddress": address, "SuppressionReason": reason, "Origin": origin, "CreatedAt": "2026-04-02T04:00:00-05:00", **more}


def test_an_entry_is_an_opt_out_a_complaint_or_a_restriction_since_it_was_made(tmp_path: Path) -> None:
    landed = land(tmp_path, "postmark_suppressions", {"dump.json": {"Suppressions": [
        entry("a@x.at", "ManualSuppression"),
        entry("b@x.at", "ManualSuppression", "Customer"),
        entry("c@x.at", "ManualSuppression", "Admin"),
        entry("d@x.at", "HardBounce"),
        entry("e@x.at", "SpamComplaint"),
        entry("f@x.at", "SomethingNew"),
        entry("not an address", "HardBounce"),
        entry("d@x.at", "HardBounce"),
    ]}})  # fmt: skip
    landed.consents("""
        address | action  | scope        | scope_id | actor | via       | occurred_from
        --------+---------+--------------+----------+-------+-----------+---------------------
        a@x.at  | opt_out | organisation | o1       | owner | one_click | 2026-04-02T09:00:00Z
        b@x.at  | opt_out | organisation | o1       | staff | manual    | 2026-04-02T09:00:00Z
        c@x.at  | opt_out | organisation | o1       | staff | manual    | 2026-04-02T09:00:00Z
    """)
    landed.deliveries("""
        address | type       | reason  | occurred_from
        --------+------------+---------+---------------------
        d@x.at  | quarantine | bounced | 2026-04-02T09:00:00Z
        d@x.at  | quarantine | bounced | 2026-04-02T09:00:00Z
        e@x.at  | complaint  |         | 2026-04-02T09:00:00Z
        f@x.at  | quarantine |         | 2026-04-02T09:00:00Z
    """)
    assert landed.unknown == {"code SomethingNew": 1}
    assert landed.rejected == [(7, "address_unreadable")]
    assert landed.counts == (8, 6, 1, 0, 1)


def test_the_stream_is_a_column_or_the_files_name(tmp_path: Path) -> None:
    files = {
        "news.2026-10-18.json": {"Suppressions": [entry("a@x.at", "ManualSuppression")]},
        "other.json": {"Suppressions": [entry("b@x.at", "ManualSuppression")]},
        "all.json": [entry("c@x.at", "ManualSuppression", MessageStream="news")],
    }
    landed = land(tmp_path, "postmark_suppressions", files, map={"news": {"scope": "list", "scope_id": "l1"}})
    landed.consents("""
        address | scope        | scope_id
        --------+--------------+---------
        a@x.at  | list         | l1
        b@x.at  | organisation | o1
        c@x.at  | list         | l1
    """)


def test_a_table_has_the_same_columns_and_an_empty_dump_says_nothing(tmp_path: Path) -> None:
    table = (
        "\ufeffEmail address,Suppression reason,Origin,Created at\r\n"
        "a@x.at,Manual suppression,Recipient,2026-04-02T09:00:00Z\r\n"
        " B@x.at ,Hard bounce,Recipient,\r\n"
        "c@x.at,,,\r\n"
    )
    landed = land(tmp_path, "postmark_suppressions", {"export.csv": table, "empty.json": {"Suppressions": []}})
    landed.consents("""
        address | action  | actor | via       | occurred_from
        --------+---------+-------+-----------+---------------------
        a@x.at  | opt_out | owner | one_click | 2026-04-02T09:00:00Z
    """)
    landed.deliveries("""
        address | type       | reason  | is_standing
        --------+------------+---------+------------
        b@x.at  | quarantine | bounced | true
        c@x.at  | quarantine |         | true
    """)
    assert landed.counts == (3, 3, 0, 0, 0)
