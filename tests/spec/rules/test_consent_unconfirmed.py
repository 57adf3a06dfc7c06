"""consent_unconfirmed: only an unconfirmed request."""

from collections.abc import Callable

from tests.lib.world import World

Worlds = Callable[..., World]


def test_where_double_opt_in_is_required_a_request_alone_is_told_apart(world: Worlds) -> None:
    small = world(policy={"consent_required": "any", "double_opt_in": "required"})
    small.profiles("""
        email
        ----------------------
        asked@post.example.at
        single@post.example.at
        both@post.example.at
        alone@post.example.at
        ended@post.example.at
        again@post.example.at
        link@post.example.at
    """)
    small.consents("""
        event_id | occurred_at | action         | address                | via
        ---------+-------------+----------------+------------------------+----------------
        asked    | 2026-04-01  | opt_in_request | asked@post.example.at  | form
        single   | 2026-04-01  | opt_in         | single@post.example.at | form
        both1    | 2026-04-01  | opt_in_request | both@post.example.at   | form
        both2    | 2026-04-02  | opt_in_confirm | both@post.example.at   | form
        alone    | 2026-04-02  | opt_in_confirm | alone@post.example.at  | form
        e1       | 2026-04-01  | opt_in_request | ended@post.example.at  | form
        e2       | 2026-04-03  | opt_out        | ended@post.example.at  |
        a1       | 2026-04-01  | opt_out        | again@post.example.at  |
        a2       | 2026-04-03  | opt_in_request | again@post.example.at  | form
        link     | 2026-04-01  | opt_in         | link@post.example.at   | preference_link
    """)
    small.decides("""
        candidate              | reasons                                    | via     | evidence | scope
        -----------------------+--------------------------------------------+---------+----------+------
        asked@post.example.at  | consent_unconfirmed                        | address | asked    | o1
        single@post.example.at | consent_unconfirmed                        | address | single   | o1
        both@post.example.at   |                                            |         |          |
        alone@post.example.at  |                                            |         |          |
        ended@post.example.at  | no_consent opted_out_organisation          | address | e2       | o1
        again@post.example.at  | consent_unconfirmed opted_out_organisation | address | a1       | o1
        link@post.example.at   |                                            |         |          |
    """)
