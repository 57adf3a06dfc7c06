"""opted_out_group: an opt-out from everything stands."""

from collections.abc import Callable

from tests.lib.world import World

Worlds = Callable[..., World]


def test_a_group_opt_out_silences_every_organisation(world: Worlds) -> None:
    small = world()
    small.profiles("""
        profile_id | organisation | email
        -----------+--------------+---------------------
        anna       | o1           | anna@post.example.at
        bert       | o1           | bert@post.example.at
        cora       | o1           | cora@post.example.at
        anna       | o2           | anna@post.example.at
    """)
    small.consents("""
        event_id | occurred_at | action  | scope        | scope_id | address              | actor           | legal_basis | explanation
        ---------+-------------+---------+--------------+----------+----------------------+-----------------+-------------+------------
        all      | 2026-05-01  | opt_out | group        |          | anna@post.example.at |                 |             |
        other    | 2026-05-01  | opt_out | organisation | o7       | bert@post.example.at |                 |             |
        desk     | 2026-05-01  | opt_out | group        |          | cora@post.example.at | staff           |             |
        undone   | 2026-05-03  | opt_in  | group        |          | cora@post.example.at | staff_four_eyes | consent     | called
    """)  # fmt: skip
    small.campaign("c1")
    small.campaign("c2", organisation="o2", brand="b9")
    small.decides("""
        profile | reasons         | via     | evidence
        --------+-----------------+---------+---------
        anna    | opted_out_group | address | all
        bert    | opted_out_group | address | other
        cora    |                 |         |
    """)
    small.decided("""
        profile | reasons         | via     | evidence
        --------+-----------------+---------+---------
        anna    | opted_out_group | address | all
    """, "c2")  # fmt: skip
