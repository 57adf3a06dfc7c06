"""MailPoet's subscribers: the plugin's export."""

from pathlib import Path

from tests.lib.feeds import land

EXPORT = """\ufeff"Email","First name","Last name","Confirmation time","List status","Global status","Town","List"
"1@x.at","Ida","Ber\\"ger","2025-01-05 08:00:00","subscribed","subscribed","Linz","Newsletter"
"2@x.at","","","","unsubscribed","subscribed","","Newsletter"
"2@x.at","","","","subscribed","subscribed","","Members"
" 3@X.at ","","","","unsubscribed","unsubscribed","","Newsletter"
"4@x.at","","","","subscribed","bounced","","Newsletter"
"5@x.at","","","","unconfirmed","inactive","","Newsletter"
"6@x.at","","","","unsubscribed","subscribed","","Not In Segment"
"7@x.at","","","","","asleep","","Members"
"""


def test_the_sites_status_and_that_of_every_list_restrict(tmp_path: Path) -> None:
    landed = land(tmp_path, "mailpoet_subscribers", {
        "MailPoet_export.csv": EXPORT.encode(), "bare.csv": "Email,First name,List\n1@x.at,Ida,Newsletter\n2@x.at,Max,Newsletter\n",
    }, map={"Newsletter": {"scope": "list", "scope_id": "l1"}})  # fmt: skip
    landed.consents("""
        address | profile_id | action  | channel | scope        | scope_id | actor  | is_standing
        --------+------------+---------+---------+--------------+----------+--------+------------
        2@x.at  | 2@x.at     | opt_out | email   | list         | l1       | import | true
        3@x.at  | 3@x.at     | opt_out | email   | organisation | o1       | import | true
        3@x.at  | 3@x.at     | opt_out | email   | list         | l1       | import | true
        6@x.at  | 6@x.at     | opt_out | email   | organisation | o1       | import | true
        7@x.at  | 7@x.at     | opt_out | email   | organisation | o1       | import | true
    """)
    landed.deliveries("""
        address | type       | reason
        --------+------------+--------
        4@x.at  | quarantine | bounced
    """)
    assert [load["is_refused"] for load in landed.loads].count(True) == 1
    assert landed.counts[4] == 0
