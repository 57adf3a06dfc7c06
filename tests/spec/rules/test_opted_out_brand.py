"""opted_out_brand: an opt-out from the campaign's brand stands."""

from collections.abc import Callable

from tests.lib.world import World

Worlds = Callable[..., World]


def test_it_closes_all_lists_of_the_brand_and_no_other_brand(world: Worlds) -> None:
    small = world()
    small.profiles("""
        email
        --------------------
        anna@post.example.at
        bert@post.example.at
        cora@post.example.at
    """)
    small.consents("""
        event_id | occurred_at | action  | scope        | scope_id | address              | via
        ---------+-------------+---------+--------------+----------+----------------------+-----
        a        | 2026-05-01  | opt_out | brand        | b1       | anna@post.example.at |
        b        | 2026-05-01  | opt_out | brand        | b1       | bert@post.example.at |
        b2       | 2026-05-03  | opt_in  | list         | l1       | bert@post.example.at | form
        c        | 2026-05-01  | opt_out | brand        | b1       | cora@post.example.at |
        c2       | 2026-05-03  | opt_in  | organisation | o1       | cora@post.example.at | form
    """)
    small.campaign("first", list="l1")
    small.campaign("second", list="l2")
    small.campaign("other", brand="b2")
    # The form on list l1 opens that list alone; a wider opt-in never lifts a narrower opt-out.
    small.decides("""
        candidate            | reasons         | scope | evidence
        ---------------------+-----------------+-------+---------
        anna@post.example.at | opted_out_brand | b1    | a
        bert@post.example.at |                 |       |
        cora@post.example.at | opted_out_brand | b1    | c
    """, "first")  # fmt: skip
    small.decided("""
        candidate            | reasons         | scope | evidence
        ---------------------+-----------------+-------+---------
        anna@post.example.at | opted_out_brand | b1    | a
        bert@post.example.at | opted_out_brand | b1    | b
        cora@post.example.at | opted_out_brand | b1    | c
    """, "second")  # fmt: skip
    small.decided("""
        candidate            | reasons
        ---------------------+--------
        anna@post.example.at |
        bert@post.example.at |
        cora@post.example.at |
    """, "other")  # fmt: skip
