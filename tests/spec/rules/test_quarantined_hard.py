"""quarantined_hard: the address does not exist any more."""

from collections.abc import Callable

from tests.lib.world import World

Worlds = Callable[..., World]


def test_one_hard_bounce_is_enough_and_only_release_or_form_ends_it(world: Worlds) -> None:
    small = world(max_rejected="100%")  # a release without its explanation is a rejected row
    small.profiles("""
        email
        ----------------------
        gone@post.example.at
        code@post.example.at
        policy@post.example.at
        later@post.example.at
        freed@post.example.at
        silent@post.example.at
        form@post.example.at
        early@post.example.at
    """)
    small.deliveries("""
        event_id | occurred_at | type      | address                | bounce_class | status_code | actor | explanation
        ---------+-------------+-----------+------------------------+--------------+-------------+-------+-------------
        gone     | 2026-05-01  | bounce    | gone@post.example.at   | hard         |             |       |
        code     | 2026-05-01  | bounce    | code@post.example.at   | soft         | 5.1.1       |       |
        policy   | 2026-05-01  | bounce    | policy@post.example.at | hard         | 5.7.1       |       |
        later    | 2026-05-01  | bounce    | later@post.example.at  | hard         |             |       |
        arrived  | 2026-05-03  | delivered | later@post.example.at  |              |             |       |
        freed    | 2026-05-01  | bounce    | freed@post.example.at  | hard         |             |       |
        release  | 2026-05-03  | release   | freed@post.example.at  |              |             | staff | typing error
        silent   | 2026-05-01  | bounce    | silent@post.example.at | hard         |             |       |
        without  | 2026-05-03  | release   | silent@post.example.at |              |             | staff |
        form     | 2026-05-01  | bounce    | form@post.example.at   | hard         |             |       |
        early    | 2026-05-01  | bounce    | early@post.example.at  | hard         |             |       |
    """)
    small.consents("""
        occurred_at | action | address               | via
        ------------+--------+-----------------------+-----
        2026-05-03  | opt_in | form@post.example.at  | form
        2026-04-03  | opt_in | early@post.example.at | form
    """)
    small.decides("""
        candidate              | reasons          | via     | evidence
        -----------------------+------------------+---------+---------
        gone@post.example.at   | quarantined_hard | address | gone
        code@post.example.at   | quarantined_hard | address | code
        policy@post.example.at |                  |         |
        later@post.example.at  | quarantined_hard | address | later
        freed@post.example.at  |                  |         |
        silent@post.example.at | quarantined_hard | address | silent
        form@post.example.at   |                  |         |
        early@post.example.at  | quarantined_hard | address | early
    """)
