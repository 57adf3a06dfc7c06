"""frequency: the owner's own limit is reached."""

from collections.abc import Callable

from tests.lib.world import World

Worlds = Callable[..., World]


def test_the_owners_latest_wish_holds_for_what_was_sent_to_the_person(world: Worlds) -> None:
    small = world()
    small.profiles("""
        profile_id | external_id | email
        -----------+-------------+------------------------
        reached    |             | reached@post.example.at
        below      |             | below@post.example.at
        older      |             | older@post.example.at
        lifted     |             | lifted@post.example.at
        elsewhere  |             | other@post.example.at
        second     | 17          | second@post.example.at
        second2    | 17          | second@work.example.at
    """)
    small.consents("""
        event_id | occurred_at | action    | scope        | scope_id | address                 | max_messages | per_days
        ---------+-------------+-----------+--------------+----------+-------------------------+--------------+---------
        one      | 2026-03-01  | frequency | organisation | o1       | reached@post.example.at | 1            | 7
        two      | 2026-03-01  | frequency | organisation | o1       | below@post.example.at   | 2            | 7
        o        | 2026-03-01  | frequency | organisation | o1       | older@post.example.at   | 1            | 7
        l1       | 2026-03-01  | frequency | organisation | o1       | lifted@post.example.at  | 1            | 7
        l2       | 2026-03-05  | frequency | organisation | o1       | lifted@post.example.at  |              |
        e        | 2026-03-01  | frequency | brand        | b1       | other@post.example.at   | 1            | 7
        s        | 2026-03-01  | frequency | organisation | o1       | second@post.example.at  | 1            | 7
    """)
    small.deliveries("""
        occurred_at          | type | address                 | campaign  | organisation
        ---------------------+------+-------------------------+-----------+-------------
        2026-05-30T10:00:00Z | sent | reached@post.example.at |           | o1
        2026-05-30T10:00:00Z | sent | below@post.example.at   |           | o1
        2026-05-24T10:00:00Z | sent | older@post.example.at   |           | o1
        2026-05-30T10:00:00Z | sent | lifted@post.example.at  |           | o1
        2026-05-30T10:00:00Z | sent | other@post.example.at   | b2-before | o1
        2026-05-30T10:00:00Z | sent | second@work.example.at  |           | o1
    """)
    small.campaign("b2-before", as_of="2026-05-30T09:00:00+00:00", brand="b2")
    small.campaign("c1", one_message_per="address")
    small.decides("""
        profile   | reasons   | via     | evidence | detail
        ----------+-----------+---------+----------+----------------------
        reached   | frequency | address | one      | 1 in 7 days, wished 1
        below     |           |         |          |
        older     |           |         |          |
        lifted    |           |         |          |
        elsewhere |           |         |          |
        second    | frequency | address | s        | 1 in 7 days, wished 1
        second2   | frequency | person  | s        | 1 in 7 days, wished 1
    """)


def test_the_evidence_is_one_wish_the_latest_of_those_that_are_reached(world: Worlds) -> None:
    small = world()
    small.profiles("""
        profile_id | external_id | email
        -----------+-------------+------------------------
        brand      | 17          | brand@post.example.at
        list       | 17          | list@post.example.at
    """)
    small.consents("""
        event_id | occurred_at | action    | scope | scope_id | address                  | max_messages | per_days
        ---------+-------------+-----------+-------+----------+--------------------------+--------------+---------
        first    | 2026-03-01  | frequency | list  | l1       | list@post.example.at     | 0            | 7
        latest   | 2026-03-05  | frequency | brand | b1       | brand@post.example.at    | 0            | 30
    """)
    small.campaign("c1", one_message_per="address", list="l1")
    small.decides("""
        profile  | reasons   | via     | evidence | detail
        ---------+-----------+---------+----------+-----------------------
        brand    | frequency | address | latest   | 0 in 30 days, wished 0
        list     | frequency | person  | latest   | 0 in 30 days, wished 0
    """)
