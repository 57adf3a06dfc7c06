"""What the configuration no longer has is wider: an organisation is the group, a brand or list its organisation (domain §8)."""

from collections.abc import Callable

from tests.lib import workspaces
from tests.lib.world import World

BEFORE = {
    "o1": {"brands": {"b1": {"lists": ["l1", "old", "b1", "moved"]}, "gone": {"lists": []}}},
    "o2": {"brands": {"b9": {"lists": ["l9"]}}},
    "sold": {"brands": {}},
}
MOVED = {
    "o1": {"brands": {"b1": {"lists": ["l1", "old", "b1"]}, "gone": {"lists": []}}},
    "o2": {"brands": {"b9": {"lists": ["l9", "moved"]}}},
    "sold": {"brands": {}},
}
AFTER = {"o1": {"brands": {"b1": {"lists": ["l1"]}}}, "o2": {"brands": {"b9": {"lists": ["l9"]}}}}


def test_opt_outs_of_what_is_gone_cover_the_organisation_that_it_was_of_or_the_group(world: Callable[..., World]) -> None:
    """A list that is gone is not the brand of its name; it is of the organisation whose it was, also where the row names another one's
    profile. What was several's is everybody's, and a consent to what is gone is none."""
    small = world(organisations=BEFORE)
    small.profiles("""
        profile_id | organisation | email
        -----------+--------------+-----------------------
        list       | o1           | list@post.example.at
        brand      | o1           | brand@post.example.at
        named      | o1           | named@post.example.at
        free       | o1           | free@post.example.at
        sold       | o1           | sold@post.example.at
        alike      | o1           | alike@post.example.at
        crossed    | o1           | crossed@post.example.at
        moved      | o1           | moved@post.example.at
        elsewhere  | o2           | list@post.example.at
        their      | o2           | crossed@post.example.at
        moved too  | o2           | moved@post.example.at
        other      | o2           | named@post.example.at
    """)
    small.consents("""
        event_id | occurred_at          | action  | scope        | scope_id | profile_id | organisation | address
        ---------+----------------------+---------+--------------+----------+------------+--------------+----------------------
        e1       | 2026-05-01T08:00:00Z | opt_out | list         | old      |            |              | list@post.example.at
        e2       | 2026-05-01T08:00:00Z | opt_out | brand        | gone     |            |              | brand@post.example.at
        e3       | 2026-05-01T08:00:00Z | opt_out | list         | old      | named      | o1           |
        e4       | 2026-05-01T08:00:00Z | opt_out | list         | l9       |            |              | free@post.example.at
        e5       | 2026-05-01T08:00:00Z | opt_out | organisation | sold     |            |              | sold@post.example.at
        e6       | 2026-05-01T08:00:00Z | opt_out | list         | b1       |            |              | alike@post.example.at
        e7       | 2026-05-01T08:00:00Z | opt_in  | list         | old      |            |              | free@post.example.at
        e8       | 2026-05-01T08:00:00Z | opt_in  | list         | l1       |            |              | free@post.example.at
        e9       | 2026-05-01T08:00:00Z | opt_out | brand        | gone     | other      | o2           | crossed@post.example.at
        e10      | 2026-05-01T08:00:00Z | opt_out | list         | moved    |            |              | moved@post.example.at
    """)
    small.run("2026-05-10T08:00:00+00:00")
    workspaces.write_settings(small.folder, {"organisations": MOVED})
    small.consents("""
        event_id | occurred_at          | action  | scope | scope_id | address
        ---------+----------------------+---------+-------+----------+----------------------
        e11      | 2026-05-02T08:00:00Z | opt_out | list  | moved    | free2@post.example.at
    """)
    small.run("2026-05-11T08:00:00+00:00")
    workspaces.write_settings(small.folder, {"organisations": AFTER})
    small.campaign("ours")
    small.campaign("theirs", organisation="o2", brand="b9", list="l9")
    small.run()
    small.decided("""
        profile | reasons                | evidence | scope
        --------+------------------------+----------+------
        list    | opted_out_organisation | e1       | o1
        brand   | opted_out_organisation | e2       | o1
        named   | opted_out_organisation | e3       | o1
        sold    | opted_out_group        | e5       |
        free    |                        |          |
        alike   | opted_out_organisation | e6       | o1
        crossed | opted_out_organisation | e9       | o1
        moved   | opted_out_group        | e10      |
    """, "ours")  # fmt: skip
    small.decided("""
        profile   | reasons         | evidence | scope
        ----------+-----------------+----------+------
        elsewhere |                 |          |
        their     |                 |          |
        moved too | opted_out_group | e10      |
        other     |                 |          |
    """, "theirs")  # fmt: skip
    small.holds("permission", """
        event_id | organisation | brand | list
        ---------+--------------+-------+-----
        e8       | o1           | b1    | l1
    """)  # fmt: skip
