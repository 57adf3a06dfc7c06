"""opt_out_pending: an opt-out was requested and is not confirmed yet."""

from collections.abc import Callable

from tests.lib.world import World

Worlds = Callable[..., World]


def test_a_request_holds_until_it_is_cancelled_confirmed_or_too_old(world: Worlds) -> None:
    small = world(policy={"pending_opt_out_days": 20})
    small.profiles("""
        email
        ----------------------
        anna@post.example.at
        bert@post.example.at
        cora@post.example.at
        dora@post.example.at
        emil@post.example.at
        click@post.example.at
    """)
    small.consents("""
        event_id | occurred_at | action          | address               | via       | actor
        ---------+-------------+-----------------+-----------------------+-----------+------
        a        | 2026-05-20  | opt_out_request | anna@post.example.at  | form      |
        b        | 2026-05-20  | opt_out_request | bert@post.example.at  | form      |
        b2       | 2026-05-22  | opt_out_cancel  | bert@post.example.at  |           | owner
        c        | 2026-05-20  | opt_out_request | cora@post.example.at  | form      |
        c2       | 2026-05-22  | opt_out_confirm | cora@post.example.at  | form      |
        d        | 2026-05-10  | opt_out_request | dora@post.example.at  | form      |
        e        | 2026-05-20  | opt_out_request | emil@post.example.at  | form      |
        e2       | 2026-05-22  | opt_in          | emil@post.example.at  | form      |
        f        | 2026-05-10  | opt_out_request | click@post.example.at | one_click |
    """)
    # One-click is final at once, whatever the provider calls it.
    small.decides("""
        candidate             | reasons                | evidence
        ----------------------+------------------------+---------
        anna@post.example.at  | opt_out_pending        | a
        bert@post.example.at  |                        |
        cora@post.example.at  | opted_out_organisation | c2
        dora@post.example.at  |                        |
        emil@post.example.at  |                        |
        click@post.example.at | opted_out_organisation | f
    """)
