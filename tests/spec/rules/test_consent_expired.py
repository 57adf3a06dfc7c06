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
    """)
    small.consents("""
        event_id | occurred_at          | action | address                 | via
        ---------+----------------------+--------+-------------------------+-----
        old      | 2025-12-01T10:00:00Z | opt_in | old@post.example.at     | form
        edge     | 2026-02-21T09:00:00Z | opt_in | edge@post.example.at    | form
        young    | 2026-02-21T09:01:00Z | opt_in | young@post.example.at   | form
        r1       | 2025-12-01T10:00:00Z | opt_in | renewed@post.example.at | form
        r2       | 2026-04-01T10:00:00Z | opt_in | renewed@post.example.at | form
    """)
    # Contact is on 1 June at 09:00 UTC, a hundred days after 21 February at 09:00.
    small.decides("""
        candidate               | reasons         | evidence
        ------------------------+-----------------+---------
        old@post.example.at     | consent_expired | old
        edge@post.example.at    | consent_expired | edge
        young@post.example.at   |                 |
        renewed@post.example.at |                 |
        never@post.example.at   | no_consent      |
    """)
