"""A permissive event that names a profile alone means the address that the profile held when it occurred (domain §3)."""

from collections.abc import Callable

from tests.lib.world import World


def test_a_profile_that_one_feed_deletes_is_there_while_another_has_it(world: Callable[..., World]) -> None:
    small = world(policy={"opt_out_reach": "address"})
    small.profiles_of("shop", "2026-04-30", "profile_id | email\n-----------+---------------------\nanna       | anna@post.example.at")
    small.profiles("""
        profile_id | email                | updated_at
        -----------+----------------------+---------------------
        anna       | anna@post.example.at | 2026-04-01T08:00:00Z
        bert       | bert@post.example.at | 2026-04-01T08:00:00Z
        heir       | bert@post.example.at | 2026-04-01T08:00:00Z
    """)
    small.consents("""
        occurred_at          | action  | address
        ---------------------+---------+---------------------
        2026-04-20T08:00:00Z | opt_out | anna@post.example.at
        2026-04-20T08:00:00Z | opt_out | bert@post.example.at
    """)
    small.run("2026-05-01T08:00:00+00:00")
    small.profiles("""
        profile_id | organisation | operation
        -----------+--------------+----------
        anna       | o1           | delete
        bert       | o1           | delete
    """)
    small.run("2026-05-02T08:00:00+00:00")
    small.consents("""
        occurred_at          | action | profile_id | organisation | via
        ---------------------+--------+------------+--------------+-----
        2026-05-03T08:00:00Z | opt_in | anna       | o1           | form
        2026-05-03T08:00:00Z | opt_in | bert       | o1           | form
    """)
    small.campaign(as_of="2026-05-04T08:00:00+00:00")
    small.decides("""
        profile | reasons
        --------+----------------------
        anna    |
        heir    | opted_out_organisation
    """, as_of="2026-05-04T08:00:00+00:00")  # fmt: skip


def test_who_had_no_address_of_the_channel_then_allowed_nothing_on_it_with_any_reach(world: Callable[..., World]) -> None:
    """Anna had a number alone when she said yes, whatever she has now; Bert had both."""
    small = world(policy={"opt_out_reach": "profile", "consent_required": "any"}, quarantine={"release_on_confirmed_opt_in": True})
    small.profiles("""
        profile_id | email       | phone         | updated_at
        -----------+-------------+---------------+---------------------
        anna       |             | +436641234567 | 2026-04-01T08:00:00Z
        bert       | bert@x.test | +436641234568 | 2026-04-01T08:00:00Z
    """)
    small.deliveries("""
        occurred_at          | type       | bounce_class | address
        ---------------------+------------+--------------+------------
        2026-04-10T08:00:00Z | bounce     | hard         | anna@x.test
        2026-04-10T08:00:00Z | bounce     | hard         | bert@x.test
    """)
    small.consents("""
        occurred_at          | action  | profile_id | organisation | via
        ---------------------+---------+------------+--------------+-----
        2026-04-19T08:00:00Z | opt_out | anna       | o1           |
        2026-04-19T08:00:00Z | opt_out | bert       | o1           |
        2026-04-20T08:00:00Z | opt_in  | anna       | o1           | form
        2026-04-20T08:00:00Z | opt_in  | bert       | o1           | form
    """)
    small.run("2026-05-01T08:00:00+00:00")
    small.profiles("""
        profile_id | email       | phone         | updated_at
        -----------+-------------+---------------+---------------------
        anna       | anna@x.test | +436641234567 | 2026-05-02T08:00:00Z
        bert       | bert@x.test | +436641234568 | 2026-04-01T08:00:00Z
    """)
    small.campaign("mail")
    small.campaign("text", channel="sms")
    small.decides("""
        profile | reasons
        --------+----------------------------------------------------
        anna    | no_consent opted_out_organisation quarantined_hard
        bert    |
    """, "mail")  # fmt: skip
    small.decided("""
        profile | reasons
        --------+--------
        anna    |
        bert    |
    """, "text")  # fmt: skip
