"""quarantined_manual: staff or a provider put the address into quarantine."""

from collections.abc import Callable

from tests.lib.world import World

Worlds = Callable[..., World]


def test_a_quarantine_by_hand_ends_by_a_release_with_its_explanation(world: Worlds) -> None:
    small = world()
    small.profiles("""
        email
        ------------------------
        anna@post.example.at
        bert@post.example.at
        cora@post.example.at
        dora@post.example.at
    """)
    small.deliveries("""
        event_id | occurred_at | type       | address              | actor    | explanation
        ---------+-------------+------------+----------------------+----------+------------------
        desk     | 2026-05-01  | quarantine | anna@post.example.at | staff    | asked by letter
        vendor   | 2026-05-01  | quarantine | bert@post.example.at | provider |
        c1       | 2026-05-01  | quarantine | cora@post.example.at | staff    |
        c2       | 2026-05-03  | release    | cora@post.example.at | staff    | was somebody else
        d1       | 2026-05-01  | quarantine | dora@post.example.at | staff    |
        d2       | 2026-05-03  | delivered  | dora@post.example.at |          |
    """)
    small.decides("""
        candidate            | reasons            | evidence
        ---------------------+--------------------+---------
        anna@post.example.at | quarantined_manual | desk
        bert@post.example.at | quarantined_manual | vendor
        cora@post.example.at |                    |
        dora@post.example.at | quarantined_manual | d1
    """)
