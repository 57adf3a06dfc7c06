"""`publish --as-of T` asks today's ledger about T: what happened later does not count (domain §2)."""

from collections.abc import Callable

from tests.lib import workspaces
from tests.lib.world import World

THEN = "2026-05-10T08:00:00+00:00"


def test_what_happened_after_the_moment_does_not_count_for_it(world: Callable[..., World]) -> None:
    small = world(policy={"pressure": {"max_messages": 1, "per_days": 7}})
    small.profiles("""
        profile_id | email
        -----------+-----------------------
        out        | out@post.example.at
        out-later  | later@post.example.at
        at-moment  | moment@post.example.at
        back-later | back@post.example.at
        back       | again@post.example.at
        sent       | sent@post.example.at
        sent-later | got@post.example.at
        hard       | hard@post.example.at
        hard-later | gone@post.example.at
    """)
    small.consents("""
        occurred_at          | action  | via  | address
        ---------------------+---------+------+-----------------------
        2026-05-10T07:00:00Z | opt_out |      | out@post.example.at
        2026-05-10T08:00:01Z | opt_out |      | later@post.example.at
        2026-05-10T08:00:00Z | opt_out |      | moment@post.example.at
        2026-05-01T08:00:00Z | opt_out |      | back@post.example.at
        2026-05-10T08:00:01Z | opt_in  | form | back@post.example.at
        2026-05-01T08:00:00Z | opt_out |      | again@post.example.at
        2026-05-10T08:00:00Z | opt_in  | form | again@post.example.at
    """)
    small.deliveries("""
        occurred_at          | type   | bounce_class | address
        ---------------------+--------+--------------+---------------------
        2026-05-10T08:00:00Z | sent   |              | sent@post.example.at
        2026-05-10T08:00:01Z | sent   |              | got@post.example.at
        2026-05-10T08:00:00Z | bounce | hard         | hard@post.example.at
        2026-05-10T08:00:01Z | bounce | hard         | gone@post.example.at
    """)
    small.campaign("now", as_of=workspaces.AS_OF, segment="profile_id = 'nobody'")
    small.run()
    small.campaign("then", as_of=THEN)
    assert workspaces.presend(small.folder, "publish", "then", "--as-of", THEN).code == 0
    small.decided("""
        profile    | reasons
        -----------+-----------------------
        out        | opted_out_organisation
        out-later  |
        at-moment  | opted_out_organisation
        back-later | opted_out_organisation
        back       |
        sent       | pressure
        sent-later |
        hard       | quarantined_hard
        hard-later |
    """, "then")  # fmt: skip
