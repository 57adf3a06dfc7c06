"""no_consent: none that the policy asks for."""

from collections.abc import Callable

from tests.lib.world import World

Worlds = Callable[..., World]


def test_consent_counts_at_the_scope_that_the_policy_asks_for(world: Worlds) -> None:
    small = world(organisations={
        "o1": {"policy": {"consent_required": "any"}, "brands": {"b1": {"lists": ["l1", "l2"]}, "b2": {"lists": ["l3"]}}},
        "o2": {"policy": {"consent_required": "brand"}, "brands": {"b9": {"lists": ["l9"]}}},
    })  # fmt: skip
    people = ["nobody", "group", "company", "brand", "first", "second", "staff", "trusted", "ended", "narrow"]
    small.profiles("\n".join([
        "profile_id | organisation | email",
        *(f"{name} | {organisation} | {name}@post.example.at" for name in people for organisation in ("o1", "o2")),
    ]))  # fmt: skip
    small.consents("""
        occurred_at | action  | scope        | scope_id | address                 | actor | via    | legal_basis | explanation
        ------------+---------+--------------+----------+-------------------------+-------+--------+-------------+------------
        2026-04-01  | opt_in  | group        |          | group@post.example.at   |       | form   |             |
        2026-04-01  | opt_in  | organisation | o1       | company@post.example.at |       | form   |             |
        2026-04-01  | opt_in  | brand        | b1       | brand@post.example.at   |       | form   |             |
        2026-04-01  | opt_in  | list         | l1       | first@post.example.at   |       | form   |             |
        2026-04-01  | opt_in  | list         | l2       | second@post.example.at  |       | form   |             |
        2026-04-01  | opt_in  | organisation | o1       | staff@post.example.at   | staff | manual | consent     |
        2026-04-01  | opt_in  | organisation | o1       | trusted@post.example.at | staff | manual | consent     | at the desk
        2026-04-01  | opt_in  | list         | l1       | ended@post.example.at   |       | form   |             |
        2026-04-08  | opt_out | brand        | b1       | ended@post.example.at   |       |        |             |
        2026-04-12  | opt_in  | brand        | b1       | ended@post.example.at   |       | form   |             |
        2026-04-01  | opt_in  | brand        | b1       | narrow@post.example.at  |       | form   |             |
        2026-04-08  | opt_out | list         | l1       | narrow@post.example.at  |       |        |             |
        2026-04-01  | opt_in  | list         | l9       | first@post.example.at   |       | form   |             |
        2026-04-01  | opt_in  | brand        | b9       | brand@post.example.at   |       | form   |             |
    """)
    small.campaign("c1", list="l1")
    small.campaign("c2", organisation="o2", brand="b9", list="l9")
    small.decides("""
        profile | reasons
        --------+---------------
        nobody  | no_consent
        group   |
        company |
        brand   |
        first   |
        second  | no_consent
        staff   | no_consent
        trusted |
        ended   |
        narrow  | opted_out_list
    """)
    # Of brand or wider: the consent on list l9 is not enough.
    small.decided("""
        profile | reasons
        --------+-----------
        nobody  | no_consent
        group   |
        company | no_consent
        brand   |
        first   | no_consent
        second  | no_consent
        staff   | no_consent
        trusted | no_consent
        ended   | no_consent
        narrow  | no_consent
    """, "c2")  # fmt: skip
