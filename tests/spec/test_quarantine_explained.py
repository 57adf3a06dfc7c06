"""What frees an address: a form later than every event of the reason, asked for by its owner where staff quarantined it (domain §4)."""

from collections.abc import Callable

from tests.lib import workspaces
from tests.lib.tables import rows, shown
from tests.lib.world import World


def explained(small: World, address: str) -> list[dict[str, str]]:
    """Each reason of the address: what a form must be later than, the evidence, and whether the owner must have asked for the form."""
    answer = workspaces.presend(small.folder, "explain", "c1", address, "--as-of", workspaces.AS_OF)
    assert answer.code == 0, answer.error
    return [
        {
            "address": address,
            "reason": reason["reason"],
            "later_than": reason["lift"]["later_than"],
            "evidence": reason["evidence"]["event_id"],
            "by_owner": str("asked for by the owner" in str(reason["lift"]["ways"])).lower(),
        }
        for found in answer.document["found"]
        for reason in found["reasons"]
    ]


def test_every_reason_has_its_own_last_event_and_its_own_authors(world: Callable[..., World]) -> None:
    small = world(quarantine={"soft_threshold": 2, "release_on_confirmed_opt_in": True})
    small.profiles("""
        email
        ------------
        anna@x.test
        bert@x.test
        cora@x.test
        dora@x.test
        emil@x.test
        fred@x.test
        gerd@x.test
        hans@x.test
    """)
    small.deliveries("""
        event_id | occurred_at          | type       | bounce_class | actor           | channel | address
        ---------+----------------------+------------+--------------+-----------------+---------+------------
        a1       | 2026-05-01T08:00:00Z | bounce     | hard         |                 |         | anna@x.test
        a2       | 2026-05-04T08:00:00Z | bounce     | hard         |                 |         | anna@x.test
        a3       | 2026-05-06T08:00:00Z | complaint  |              |                 |         | anna@x.test
        b1       | 2026-05-09T08:00:00Z | bounce     | hard         |                 |         | bert@x.test
        c1       | 2026-05-02T08:00:00Z | quarantine |              | staff           |         | cora@x.test
        c2       | 2026-05-03T08:00:00Z | quarantine |              | owner           |         | cora@x.test
        c3       | 2026-05-01T08:00:00Z | bounce     | hard         |                 |         | cora@x.test
        d1       | 2026-05-03T08:00:00Z | quarantine |              | owner           |         | dora@x.test
        e1       | 2026-05-03T08:00:00Z | quarantine |              |                 |         | emil@x.test
        f1       | 2026-05-20T08:00:00Z | bounce     | soft         |                 |         | fred@x.test
        f2       | 2026-05-21T08:00:00Z | bounce     | soft         |                 |         | fred@x.test
        g1       | 2026-05-20T08:00:00Z | bounce     | soft         |                 |         | gerd@x.test
        g2       | 2026-05-22T08:00:00Z | bounce     | soft         |                 |         | gerd@x.test
        g3       | 2026-05-02T08:00:00Z | complaint  |              | staff           |         | gerd@x.test
        g4       | 2026-05-03T08:00:00Z | delivered  |              | staff_four_eyes |         | gerd@x.test
        h1       | 2026-05-01T08:00:00Z | bounce     | hard         |                 | any     | hans@x.test
    """)
    small.run()
    wanted = rows("""
        address     | reason             | evidence | later_than           | by_owner
        ------------+--------------------+----------+----------------------+---------
        anna@x.test | complaint          | a3       | 2026-05-06T08:00:00Z | false
        anna@x.test | opted_out_group    | a3       | 2026-05-06T08:00:00Z | false
        anna@x.test | quarantined_hard   | a2       | 2026-05-04T08:00:00Z | false
        bert@x.test | quarantined_hard   | b1       | 2026-05-09T08:00:00Z | false
        cora@x.test | quarantined_hard   | c3       | 2026-05-01T08:00:00Z | false
        cora@x.test | quarantined_manual | c2       | 2026-05-03T08:00:00Z | true
        dora@x.test | quarantined_manual | d1       | 2026-05-03T08:00:00Z | false
        emil@x.test | quarantined_manual | e1       | 2026-05-03T08:00:00Z | true
        fred@x.test | quarantined_soft   | f2       | 2026-05-21T08:00:00Z | false
        gerd@x.test | complaint          | g3       | 2026-05-02T08:00:00Z | false
        gerd@x.test | opted_out_group    | g3       | 2026-05-02T08:00:00Z | false
        gerd@x.test | quarantined_soft   | g2       | 2026-05-22T08:00:00Z | false
        hans@x.test | quarantined_hard   | h1       | 2026-05-01T08:00:00Z | false
    """)
    got = [found for address in sorted({row["address"] for row in wanted}) for found in explained(small, address)]
    names = list(wanted[0])
    table = shown(names, sorted(got, key=lambda row: (row["address"], row["reason"])))
    assert table == shown(names, wanted), table
