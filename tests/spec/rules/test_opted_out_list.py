"""opted_out_list: an opt-out from the campaign's list stands."""

from collections.abc import Callable

from tests.lib.world import World

Worlds = Callable[..., World]


def test_it_closes_one_list_on_one_channel(world: Worlds) -> None:
    small = world()
    small.profiles("""
        profile_id | email                | phone
        -----------+----------------------+-------------
        anna       | anna@post.example.at | 0664 1234567
        bert       | bert@post.example.at | 0664 7654321
        cora       | cora@post.example.at | 0664 1112223
    """)
    small.consents("""
        event_id | occurred_at | action  | channel | scope | scope_id | address              | profile_id | organisation
        ---------+-------------+---------+---------+-------+----------+----------------------+------------+-------------
        a        | 2026-05-01  | opt_out | email   | list  | l1       | anna@post.example.at |            |
        b        | 2026-05-01  | opt_out |         | list  | l1       |                      | bert       | o1
        c        | 2026-05-01  | opt_out | sms     | list  | l1       |                      | cora       | o1
    """)
    small.campaign("mail", list="l1")
    small.campaign("text", list="l1", channel="sms")
    small.campaign("next", list="l2")
    small.campaign("brand")
    small.decides("""
        profile | reasons        | via     | evidence
        --------+----------------+---------+---------
        anna    | opted_out_list | address | a
        bert    | opted_out_list | profile | b
        cora    |                |         |
    """, "mail")  # fmt: skip
    small.decided("""
        profile | reasons        | via     | evidence
        --------+----------------+---------+---------
        anna    |                |         |
        bert    | opted_out_list | profile | b
        cora    | opted_out_list | profile | c
    """, "text")  # fmt: skip
    for open_campaign in ("next", "brand"):
        small.decided("""
            profile | reasons
            --------+--------
            anna    |
            bert    |
            cora    |
        """, open_campaign)  # fmt: skip
