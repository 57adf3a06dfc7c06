"""What the configuration no longer has is wider: an organisation is the group, a brand or list its organisation (domain §8)."""

from collections.abc import Callable

from tests.lib import workspaces
from tests.lib.world import World

BEFORE = {
    "o1": {"brands": {"b1": {"lists": ["l1", "old", "b1"]}, "gone": {"lists": []}}},
    "o2": {"brands": {"b9": {"lists": ["l9"]}}},
    "sold": {"brands": {}},
}
AFTER = {"o1": {"brands": {"b1": {"lists": ["l1"]}}}, "o2": {"brands": {"b9": {"lists": ["l9"]}}}}


def test_opt_outs_of_what_is_gone_cover_the_organisation_of_the_row_or_the_group(world: Callable[..., World]) -> None:
    """A list that is gone is not the brand of its name; where nobody knows whose it was it is everybody's, and a consent to what is
    gone is none."""
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
        elsewhere  | o2           | list@post.example.at
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
    """)
    small.run("2026-05-10T08:00:00+00:00")
    workspaces.write_settings(small.folder, {"organisations": AFTER})
    small.campaign("ours")
    small.campaign("theirs", organisation="o2", brand="b9", list="l9")
    small.run()
    small.decided("""
        profile | reasons                | evidence | scope
        --------+------------------------+----------+------
        list    | opted_out_group        | e1       |
        brand   | opted_out_group        | e2       |
        named   | opted_out_organisation | e3       | o1
        sold    | opted_out_group        | e5       |
        free    |                        |          |
        alike   | opted_out_group        | e6       |
    """, "ours")  # fmt: skip
    small.decided("""
        profile   | reasons         | evidence | scope
        ----------+-----------------+----------+------
        elsewhere | opted_out_group | e1       |
        other     |                 |          |
    """, "theirs")  # fmt: skip
    small.holds("permission", """
        event_id | organisation | brand | list
        ---------+--------------+-------+-----
        e8       | o1           | b1    | l1
    """)  # fmt: skip
