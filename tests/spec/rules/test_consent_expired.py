"""consent_expired: older than consent_valid_days."""

from collections.abc import Callable

from tests.lib.world import World

Worlds = Callable[..., World]


def test_a_consent_lapses_to_the_minute_of_contact(world: Worlds) -> None:
    small = world(policy={"consent_required": "any", "consent_valid_days": 100})
    small.profiles("""
        email
        ----------------------
        old@post.example.at
        edge@post.example.at
        young@post.example.at
        renewed@post.example.at
        never@post.example.at
        twice@post.example.at
        part@post.example.at
    """)
    # The opt-out from the brand ends the brand's consent; the organisation's, which is wider, has lapsed.
    small.consents("""
        event_id | occurred_at          | action  | address                 | via  | scope        | scope_id
        ---------+----------------------+---------+-------------------------+------+--------------+---------
        old      | 2025-12-01T10:00:00Z | opt_in  | old@post.example.at     | form | organisation | o1
        edge     | 2026-02-21T09:00:00Z | opt_in  | edge@post.example.at    | form | organisation | o1
        young    | 2026-02-21T09:01:00Z | opt_in  | young@post.example.at   | form | organisation | o1
        r1       | 2025-12-01T10:00:00Z | opt_in  | renewed@post.example.at | form | organisation | o1
        r2       | 2026-04-01T10:00:00Z | opt_in  | renewed@post.example.at | form | organisation | o1
        t1       | 2025-11-01T10:00:00Z | opt_in  | twice@post.example.at   | form | organisation | o1
        t2       | 2025-12-01T10:00:00Z | opt_in  | twice@post.example.at   | form | organisation | o1
        p1       | 2025-11-01T10:00:00Z | opt_in  | part@post.example.at    | form | organisation | o1
        p2       | 2025-12-01T10:00:00Z | opt_in  | part@post.example.at    | form | brand        | b1
        p3       | 2026-01-01T10:00:00Z | opt_out | part@post.example.at    | form | brand        | b1
    """)
    # Contact is on 1 June at 09:00 UTC, a hundred days after 21 February at 09:00.
    small.decides("""
        candidate               | reasons                         | via     | evidence | scope
        ------------------------+---------------------------------+---------+----------+------
        old@post.example.at     | consent_expired                 | address | old      | o1
        edge@post.example.at    | consent_expired                 | address | edge     | o1
        young@post.example.at   |                                 |         |          |
        renewed@post.example.at |                                 |         |          |
        never@post.example.at   | no_consent                      |         |          |
        twice@post.example.at   | consent_expired                 | address | t2       | o1
        part@post.example.at    | consent_expired opted_out_brand | address | p3       | b1
    """)
