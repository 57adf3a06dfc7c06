"""Klaviyo's suppressed profiles."""

from pathlib import Path

from tests.lib.feeds import land
from tests.spec.feeds.test_klaviyo_profiles import EXPORT, profile


def test_the_suppressed_are_restricted_and_become_no_profiles(tmp_path: Path) -> None:
    bounced = profile(1, suppression=[{"reason": "HARD_BOUNCE", "timestamp": "2026-02-21T20:07:38+00:00"}])
    landed = land(tmp_path, "klaviyo_suppressions", {
        "page.json": {"data": [bounced]},
        "segment.csv": EXPORT,
        "suppressed.csv": "Email\n7@x.at\n8@x.at\n",
        "suppressed with reasons.csv": "Email,Suppression Reason\n9@x.at,HARD_BOUNCE\n10@x.at,Moon\n",
    })  # fmt: skip
    landed.consents("""
        address       | action  | channel | actor
        --------------+---------+---------+-------
        2@x.at        | opt_out | email   | import
        +436641234503 | opt_out | sms     | import
        3@x.at        | opt_out | email   | staff
        7@x.at        | opt_out | email   | import
        7@x.at        | opt_out | email   | import
        8@x.at        | opt_out | email   | import
        10@x.at       | opt_out | email   | import
    """)
    landed.deliveries("""
        address | type       | reason
        --------+------------+---------------
        1@x.at  | quarantine | bounced
        3@x.at  | quarantine | bounced
        6@x.at  | complaint  | spam_complaint
        9@x.at  | quarantine | bounced
    """)
    assert not list(tmp_path.glob("ledger/*/*/profile.parquet"))


def test_a_list_of_addresses_that_nothing_names_is_refused(tmp_path: Path) -> None:
    landed = land(tmp_path, "klaviyo_suppressions", {"people.csv": "Email\n7@x.at\n8@x.at\n"})
    assert [load["is_refused"] for load in landed.loads] == [True]
