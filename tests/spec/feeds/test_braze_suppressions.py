"""Braze's lists of hard bounces and of unsubscriptions."""

from pathlib import Path

from tests.lib.feeds import land


def test_both_lists_restrict_as_of_the_time_that_they_tell(tmp_path: Path) -> None:
    landed = land(tmp_path, "braze_suppressions", {
        "bounces.json": {"emails": [{"email": "a@x.at", "hard_bounced_at": "2026-02-24T17:41:58Z"}], "message": "success"},
        "unsubscribes.json": {"emails": [
            {"email": "B@X.at", "unsubscribed_at": "2026-02-25 15:24:32 +0000"},
            {"email": "nobody", "unsubscribed_at": "2026-02-25 15:24:32 +0000"},
        ], "message": "success"},
    })  # fmt: skip
    landed.deliveries("""
        address | type       | reason  | occurred_from
        --------+------------+---------+---------------------
        a@x.at  | quarantine | bounced | 2026-02-24T17:41:58Z
    """)
    landed.consents("""
        address | action  | channel | actor  | occurred_from
        --------+---------+---------+--------+---------------------
        b@x.at  | opt_out | email   | import | 2026-02-25T15:24:32Z
    """)
    assert landed.rejected == [(2, "address_unreadable")]
