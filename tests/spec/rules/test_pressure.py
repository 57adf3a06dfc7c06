"""pressure: the organisation's limit of messages per person and window is reached."""

from collections.abc import Callable

from tests.lib.world import World

Worlds = Callable[..., World]


def test_sent_and_planned_messages_of_the_organisation_count(world: Worlds) -> None:
    small = world(policy={"pressure": {"max_messages": 2, "per_days": 7}})
    small.profiles("""
        email
        --------------------
        twice@post.example.at
        once@post.example.at
        late@post.example.at
        away@post.example.at
    """)
    small.deliveries("""
        occurred_at          | type | address               | organisation
        ---------------------+------+-----------------------+-------------
        2026-05-28T10:00:00Z | sent | twice@post.example.at | o1
        2026-05-30T10:00:00Z | sent | twice@post.example.at | o1
        2026-05-30T10:00:00Z | sent | once@post.example.at  | o1
        2026-05-20T10:00:00Z | sent | late@post.example.at  | o1
        2026-05-30T10:00:00Z | sent | late@post.example.at  | o1
        2026-05-28T10:00:00Z | sent | away@post.example.at  | o2
        2026-05-30T10:00:00Z | sent | away@post.example.at  | o2
    """)
    small.campaign("a-first")
    small.campaign("b-second")
    small.campaign("service", message_class="service", no_advertising_attested_by="the box office")
    # Campaigns of one moment are decided by their ids, and each sees those before it.
    small.decides("""
        candidate             | reasons
        ----------------------+---------
        twice@post.example.at | pressure
        once@post.example.at  |
        late@post.example.at  |
        away@post.example.at  |
    """, "a-first")  # fmt: skip
    small.decided("""
        candidate             | reasons
        ----------------------+---------
        twice@post.example.at | pressure
        once@post.example.at  | pressure
        late@post.example.at  | pressure
        away@post.example.at  |
    """, "b-second")  # fmt: skip
    assert small.published("service").exclusions == []
