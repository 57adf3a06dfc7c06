"""duplicate_address: another surviving candidate of the same address won."""

from collections.abc import Callable

from tests.lib.world import World

Worlds = Callable[..., World]


def test_of_one_address_the_latest_consent_wins_then_the_latest_update_then_the_smallest_id(world: Worlds) -> None:
    small = world()
    small.profiles("""
        profile_id | email                  | updated_at
        -----------+------------------------+-----------
        a1         | update@post.example.at | 2026-02-01
        a2         | update@post.example.at | 2026-03-01
        b10        | id@post.example.at     | 2026-02-01
        b9         | id@post.example.at     | 2026-02-01
        c1         | out@post.example.at    | 2026-02-01
        c2         | out@post.example.at    | 2026-03-01
        d1         | tag@post.example.at    | 2026-02-01
        d2         | tag+x@post.example.at  | 2026-03-01
    """)
    small.consents("""
        occurred_at | action | profile_id | organisation | channel
        ------------+--------+------------+--------------+--------
        2026-05-01  | pause  | c2         | o1           |
    """)
    small.campaign("c1", one_message_per="address")
    # Who is out for another reason wins nothing; another spelling of a mailbox is another address.
    small.decides("""
        profile | reasons           | detail
        --------+-------------------+--------------------
        a1      | duplicate_address | profile a2 gets it
        a2      |                   |
        b10     |                   |
        b9      | duplicate_address | profile b10 gets it
        c1      | paused            | until resumed
        c2      | paused            | until resumed
        d1      |                   |
        d2      |                   |
    """)
