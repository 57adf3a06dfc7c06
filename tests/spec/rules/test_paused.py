"""paused: a pause covers the moment of contact."""

from collections.abc import Callable

from tests.lib.world import World

Worlds = Callable[..., World]


def test_a_pause_ends_with_its_day_or_when_it_is_resumed(world: Worlds) -> None:
    small = world()
    small.profiles("""
        email
        ------------------------
        today@post.example.at
        yesterday@post.example.at
        open@post.example.at
        resumed@post.example.at
        called@post.example.at
        twice@post.example.at
        brand@post.example.at
    """)
    small.consents("""
        event_id | occurred_at | action | scope        | scope_id | address                   | until      | actor | via  | explanation
        ---------+-------------+--------+--------------+----------+---------------------------+------------+-------+------+------------
        today    | 2026-05-01  | pause  | organisation | o1       | today@post.example.at     | 2026-06-01 |       |      |
        past     | 2026-05-01  | pause  | organisation | o1       | yesterday@post.example.at | 2026-05-31 |       |      |
        open     | 2026-05-01  | pause  | organisation | o1       | open@post.example.at      |            |       |      |
        r1       | 2026-05-01  | pause  | organisation | o1       | resumed@post.example.at   |            |       |      |
        r2       | 2026-05-03  | resume | organisation | o1       | resumed@post.example.at   |            | owner | form |
        s1       | 2026-05-01  | pause  | organisation | o1       | called@post.example.at    |            |       |      |
        s2       | 2026-05-03  | resume | organisation | o1       | called@post.example.at    |            | staff |      | by phone
        t1       | 2026-05-01  | pause  | organisation | o1       | twice@post.example.at     | 2026-05-10 |       |      |
        t2       | 2026-05-02  | pause  | organisation | o1       | twice@post.example.at     | 2026-06-30 |       |      |
        other    | 2026-05-01  | pause  | brand        | b2       | brand@post.example.at     |            |       |      |
    """)  # fmt: skip
    small.decides("""
        candidate                 | reasons | evidence
        --------------------------+---------+---------
        today@post.example.at     | paused  | today
        yesterday@post.example.at |         |
        open@post.example.at      | paused  | open
        resumed@post.example.at   |         |
        called@post.example.at    |         |
        twice@post.example.at     | paused  | t2
        brand@post.example.at     |         |
    """)
