"""quarantined_soft: the address failed on as many days as the threshold says."""

from collections.abc import Callable

from tests.lib.world import World

Worlds = Callable[..., World]


def test_days_with_errors_count_until_a_delivery_or_a_long_gap(world: Worlds) -> None:
    small = world(quarantine={"soft_threshold": 3})
    small.profiles("""
        email
        ------------------------
        three@post.example.at
        twice@post.example.at
        sameday@post.example.at
        arrived@post.example.at
        gap@post.example.at
        full@post.example.at
        vague@post.example.at
        block@post.example.at
    """)
    small.deliveries("""
        occurred_at          | type      | address                 | bounce_class | reason       | event_id
        ---------------------+-----------+-------------------------+--------------+--------------+---------
        2026-03-01T10:00:00Z | bounce    | three@post.example.at   | soft         |              | t1
        2026-03-05T10:00:00Z | bounce    | three@post.example.at   | soft         |              | t2
        2026-03-09T10:00:00Z | bounce    | three@post.example.at   | soft         |              | t3
        2026-05-20T10:00:00Z | bounce    | twice@post.example.at   | soft         |              |
        2026-05-24T10:00:00Z | bounce    | twice@post.example.at   | soft         |              |
        2026-05-24T06:00:00Z | bounce    | sameday@post.example.at | soft         |              |
        2026-05-24T10:00:00Z | bounce    | sameday@post.example.at | soft         |              |
        2026-05-24T14:00:00Z | bounce    | sameday@post.example.at | soft         |              |
        2026-05-20T10:00:00Z | bounce    | arrived@post.example.at | soft         |              |
        2026-05-21T10:00:00Z | bounce    | arrived@post.example.at | soft         |              |
        2026-05-22T10:00:00Z | bounce    | arrived@post.example.at | soft         |              |
        2026-05-23T10:00:00Z | delivered | arrived@post.example.at |              |              |
        2026-05-01T10:00:00Z | bounce    | gap@post.example.at     | soft         |              |
        2026-05-12T10:00:00Z | bounce    | gap@post.example.at     | soft         |              |
        2026-05-13T10:00:00Z | bounce    | gap@post.example.at     | soft         |              |
        2026-04-01T10:00:00Z | bounce    | full@post.example.at    | soft         | mailbox_full |
        2026-04-02T10:00:00Z | bounce    | full@post.example.at    | soft         | mailbox_full |
        2026-04-03T10:00:00Z | bounce    | full@post.example.at    | soft         | mailbox_full |
        2026-05-20T10:00:00Z | bounce    | vague@post.example.at   | undetermined |              | v1
        2026-05-21T10:00:00Z | bounce    | vague@post.example.at   | soft         |              | v2
        2026-05-22T10:00:00Z | bounce    | vague@post.example.at   | purple       |              | v3
        2026-05-20T10:00:00Z | bounce    | block@post.example.at   | block        |              |
        2026-05-21T10:00:00Z | bounce    | block@post.example.at   | block        |              |
        2026-05-22T10:00:00Z | bounce    | block@post.example.at   | block        |              |
    """)
    small.decides("""
        candidate               | reasons          | evidence
        ------------------------+------------------+---------
        three@post.example.at   | quarantined_soft | t3
        twice@post.example.at   |                  |
        sameday@post.example.at |                  |
        arrived@post.example.at |                  |
        gap@post.example.at     |                  |
        full@post.example.at    |                  |
        vague@post.example.at   | quarantined_soft | v3
        block@post.example.at   |                  |
    """)


def test_a_delivery_frees_the_only_address_that_had_errors(world: Worlds) -> None:
    small = world(quarantine={"soft_threshold": 2})
    small.profiles("email\n-----------\nanna@x.test\nbert@x.test")
    small.deliveries("""
        occurred_at          | type      | bounce_class | address
        ---------------------+-----------+--------------+------------
        2026-05-20T08:00:00Z | bounce    | soft         | anna@x.test
        2026-05-21T08:00:00Z | bounce    | soft         | anna@x.test
        2026-05-22T08:00:00Z | delivered |              | anna@x.test
        2026-05-22T08:00:00Z | delivered |              | bert@x.test
    """)
    small.decides("""
        candidate   | reasons
        ------------+--------
        anna@x.test |
        bert@x.test |
    """)
