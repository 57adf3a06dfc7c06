"""address_missing: the profile's cell for the channel is empty."""

from collections.abc import Callable

from tests.lib.world import World

Worlds = Callable[..., World]


def test_a_profile_without_an_address_for_the_channel_is_named(world: Worlds) -> None:
    small = world()
    small.profiles("""
        profile_id | email                | phone
        -----------+----------------------+-------------
        anna       | anna@post.example.at |
        bert       |                      | 0664 1234567
        cora       |                      |
    """)
    small.consents("""
        event_id | occurred_at | action  | profile_id | organisation
        ---------+-------------+---------+------------+-------------
        no       | 2026-05-01  | opt_out | cora       | o1
    """)
    small.campaign("mail")
    small.campaign("text", channel="sms")
    small.decides("""
        candidate            | reasons
        ---------------------+---------------------------------------
        anna@post.example.at |
        bert                 | address_missing
        cora                 | address_missing opted_out_organisation
    """, "mail")  # fmt: skip
    small.decided("""
        candidate     | reasons
        --------------+---------------------------------------
        +436641234567 |
        anna          | address_missing
        cora          | address_missing opted_out_organisation
    """, "text")  # fmt: skip
