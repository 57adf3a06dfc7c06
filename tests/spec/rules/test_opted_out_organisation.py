"""opted_out_organisation: an opt-out from the campaign's organisation stands."""

from collections.abc import Callable

from tests.lib.world import World

Worlds = Callable[..., World]


def test_it_follows_the_person_and_ends_by_the_owner_alone(world: Worlds) -> None:
    small = world()
    small.profiles("""
        profile_id | external_id | email                  | phone        | last_name
        -----------+-------------+------------------------+--------------+----------
        anna       |             | anna@post.example.at   |              |
        tagged     |             | anna+x@post.example.at |              |
        bert       | 17          | bert@post.example.at   |              |
        bert2      | 17          | bert@work.example.at   |              |
        cora       |             | cora@post.example.at   | 0664 1234567 | Muster
        cora2      |             | cora@work.example.at   | 0664 1234567 | MUSTER
        other      |             | other@post.example.at  | 0664 1234567 | Anders
        dora       |             | dora@post.example.at   |              |
        emil       |             | emil@post.example.at   |              |
        fritz      |             | fritz@post.example.at  |              |
        away       |             | away@post.example.at   |              |
    """)
    small.consents("""
        event_id | occurred_at      | action  | scope        | scope_id | address               | actor | via
        ---------+------------------+---------+--------------+----------+-----------------------+-------+----------------
        a        | 2026-05-01       | opt_out | organisation | o1       | anna@post.example.at  |       | one_click
        b        | 2026-05-01       | opt_out | organisation | o1       | bert@post.example.at  |       |
        c        | 2026-05-01       | opt_out | organisation | o1       | cora@post.example.at  |       |
        d        | 2026-05-01       | opt_out | organisation | o1       | dora@post.example.at  |       |
        d2       | 2026-05-03       | opt_in  | organisation | o1       | dora@post.example.at  |       | preference_link
        e        | 2026-05-01       | opt_out | organisation | o1       | emil@post.example.at  | staff |
        e2       | 2026-05-03       | opt_in  | organisation | o1       | emil@post.example.at  |       | preference_link
        f        | 2026-05-01 10:00 | opt_out | organisation | o1       | fritz@post.example.at |       |
        f2       | 2026-05-01 10:00 | opt_in  | organisation | o1       | fritz@post.example.at |       | form
        g        | 2026-05-01       | opt_out | organisation | o2       | away@post.example.at  |       |
    """)  # fmt: skip
    small.campaign(one_message_per="address")
    small.decides("""
        profile | reasons                | via     | evidence
        --------+------------------------+---------+---------
        anna    | opted_out_organisation | address | a
        tagged  | opted_out_organisation | mailbox | a
        bert    | opted_out_organisation | address | b
        bert2   | opted_out_organisation | person  | b
        cora    | opted_out_organisation | address | c
        cora2   | opted_out_organisation | person  | c
        other   |                        |         |
        dora    |                        |         |
        emil    | opted_out_organisation | address | e
        fritz   | opted_out_organisation | address | f
        away    |                        |         |
    """)
