"""capacity: beyond the campaign's cap."""

from collections.abc import Callable

import pytest

from tests.lib.world import World


def test_who_is_beyond_the_cap_in_the_declared_order_stays_out(world: Callable[..., World], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESEND_KEY", "only for this test, and long enough for it")
    small = world()
    small.profiles("""
        email                | updated_at | points
        ---------------------+------------+-------
        anna@post.example.at | 2026-03-01 |
        bert@post.example.at | 2026-05-01 |
        cora@post.example.at | 2026-04-01 |
        dora@post.example.at | 2026-05-20 |
    """)
    small.consents("""
        occurred_at | action  | address
        ------------+---------+---------------------
        2026-05-25  | opt_out | dora@post.example.at
    """)
    small.campaign(capacity={"max": 2, "order": "updated_at desc"}, seeds=["control@post.example.at"])
    # Seeds are no part of the cap, and who is out already takes no place.
    small.decides("""
        candidate            | reasons                | detail
        ---------------------+------------------------+-------------
        anna@post.example.at | capacity               | place 3 of 2
        bert@post.example.at |                        |
        cora@post.example.at |                        |
        dora@post.example.at | opted_out_organisation | by owner
    """)
    assert small.published().seeds == ["control@post.example.at"]
