"""Salesforce Marketing Cloud's subscribers."""

from pathlib import Path

from tests.lib.feeds import land

EXTRACT = """ClientID,SubscriberKey,EmailAddress,SubscriberID,Status,DateHeld,DateCreated,DateUnsubscribed
7001,k1,a@x.at,1,Active,,1/5/2024 8:00:00 AM,2/1/2026 9:30:00 PM
7001,k2,b@x.at,2,Unsubscribed,,1/5/2024 8:00:00 AM,2/1/2026 9:30:00 PM
7001,c@x.at,,3,unsubscribed,,1/5/2024 8:00:00 AM,
7001,k4,,4,Unsubscribed,,1/5/2024 8:00:00 AM,7/1/2026 12:05:00 AM
7001,k5,e@x.at,5,Held,3/2/2026 7:00:00 AM,1/5/2024 8:00:00 AM,
7001,k6,f@x.at,6,Bounced,,1/5/2024 8:00:00 AM,
7001,k7,g@x.at,7,Deleted,,1/5/2024 8:00:00 AM,
7001,k8,h@x.at,8,Something new,,1/5/2024 8:00:00 AM,
"""


def test_each_status_says_what_is_restrictive_in_central_standard_time(tmp_path: Path) -> None:
    landed = land(tmp_path, "sfmc_subscribers", {"Subscribers.csv": EXTRACT}, as_of="2026-08-01T08:00:00Z")
    landed.consents("""
        address | profile_id | action  | actor  | scope        | occurred_from        | is_standing | vendor_label
        --------+------------+---------+--------+--------------+----------------------+-------------+--------------
        b@x.at  |            | opt_out | import | organisation | 2026-02-02T03:30:00Z | false       | Unsubscribed
        c@x.at  |            | opt_out | import | organisation | 2026-08-01T08:00:00Z | true        | unsubscribed
                | k4         | opt_out | import | organisation | 2026-07-01T06:05:00Z | false       | Unsubscribed
        g@x.at  |            | opt_out | import | organisation | 2026-08-01T08:00:00Z | true        | Deleted
        h@x.at  |            | opt_out | import | organisation | 2026-08-01T08:00:00Z | true        | Something new
    """)
    landed.deliveries("""
        address | type       | bounce_class | reason  | occurred_from        | is_standing
        --------+------------+--------------+---------+----------------------+------------
        e@x.at  | quarantine |              | held    | 2026-03-02T13:00:00Z | false
        f@x.at  | bounce     | undetermined | bounced | 2026-08-01T08:00:00Z | true
    """)
    assert landed.counts == (8, 7, 0, 1, 0)
    assert landed.unknown == {"code Something new": 1}


def test_a_lists_subscribers_leave_that_list_and_another_zone_can_be_named(tmp_path: Path) -> None:
    view = """SubscriberKey\tEmail Address\tListID\tStatus\tUnsubscribeDate
k1\ta@x.at\t10\tUnsubscribed\t2/1/2026 21:30
k2\tb@x.at\t11\tUnsubscribed\t13/2/2026 21:30
"""
    landed = land(tmp_path, "sfmc_subscribers", {"list.txt": view}, timezone="UTC", map={"10": {"scope": "list", "scope_id": "l1"}})
    landed.consents("""
        address | scope        | scope_id | occurred_from        | occurred_until
        --------+--------------+----------+----------------------+---------------------
        a@x.at  | list         | l1       | 2026-02-01T21:30:00Z | 2026-02-01T21:30:00Z
        b@x.at  | organisation | o1       | 0001-01-01T00:00:00Z | 2026-06-01T08:00:00Z
    """)
