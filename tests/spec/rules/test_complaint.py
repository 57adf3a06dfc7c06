"""complaint: the owner complained."""

from collections.abc import Callable

from tests.lib.world import World

Worlds = Callable[..., World]


def test_a_complaint_denies_the_address_and_opts_its_owner_out_of_the_organisation(world: Worlds) -> None:
    small = world()
    small.profiles("""
        profile_id | external_id | email
        -----------+-------------+---------------------
        anna       | 17          | anna@post.example.at
        anna2      | 17          | anna@work.example.at
        bert       |             | bert@post.example.at
        cora       |             | cora@post.example.at
        dora       |             | dora@post.example.at
    """)
    small.deliveries("""
        event_id | occurred_at | type      | address              | organisation | actor           | explanation
        ---------+-------------+-----------+----------------------+--------------+-----------------+------------
        spam     | 2026-05-01  | complaint | anna@post.example.at | o1           |                 |
        b1       | 2026-05-01  | complaint | bert@post.example.at | o2           |                 |
        c1       | 2026-05-01  | complaint | cora@post.example.at | o2           |                 |
        c2       | 2026-05-03  | release   | cora@post.example.at |              | staff_four_eyes | by mistake
        d1       | 2026-05-01  | complaint | dora@post.example.at | o1           |                 |
    """)
    small.consents("""
        occurred_at | action | address              | via
        ------------+--------+----------------------+-----
        2026-05-03  | opt_in | dora@post.example.at | form
    """)
    small.decides("""
        profile | reasons                          | via     | evidence
        --------+----------------------------------+---------+---------
        anna    | complaint opted_out_organisation | address | spam
        anna2   | opted_out_organisation           | person  | spam
        bert    | complaint                        | address | b1
        cora    |                                  |         |
        dora    |                                  |         |
    """)
