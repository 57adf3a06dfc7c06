"""duplicate_person: another address of the same person won."""

from collections.abc import Callable

from tests.lib.tables import rows, shown
from tests.lib.world import World

Worlds = Callable[..., World]


def test_one_person_gets_one_message_where_the_campaign_says_so(world: Worlds) -> None:
    small = world()
    small.profiles("""
        profile_id | external_id | email                  | phone        | first_name | last_name | updated_at
        -----------+-------------+------------------------+--------------+------------+-----------+-----------
        a1         | 17          | anna@post.example.at   |              |            |           | 2026-03-01
        a2         | 17          | anna@work.example.at   |              |            |           | 2026-02-01
        b1         |             | bert@post.example.at   |              |            |           | 2026-02-01
        b2         |             | bert+x@post.example.at |              |            |           | 2026-03-01
        c1         |             | cora@post.example.at   | 0664 1234567 | Cora       | Muster    | 2026-02-01
        c2         |             | c@work.example.at      | 0664 1234567 | C.         | Müster    | 2026-03-01
        d1         |             | dora@post.example.at   | 01 5123456   | Dora       | Fest      | 2026-02-01
        d2         |             | d@work.example.at      | 01 5123456   | Dora       | Fest      | 2026-03-01
    """)
    small.consents("""
        occurred_at | action | address              | via
        ------------+--------+----------------------+-----
        2026-04-01  | opt_in | anna@work.example.at | form
    """)
    small.campaign("person")
    small.campaign("address", one_message_per="address")
    # The fixed line of an office makes nobody one person; the consent counts more than the younger record.
    small.decides("""
        profile | reasons          | via    | detail
        --------+------------------+--------+-------------------
        a1      | duplicate_person | person | profile a2 gets it
        a2      |                  |        |
        b1      | duplicate_person | person | profile b2 gets it
        b2      |                  |        |
        c1      | duplicate_person | person | profile c2 gets it
        c2      |                  |        |
        d1      |                  |        |
        d2      |                  |        |
    """, "person")  # fmt: skip
    assert small.published("address").exclusions == []


def test_a_mobile_number_and_names_that_are_spelled_alike_are_one_person(world: Worlds) -> None:
    """The last name counts without case, accents and ligatures, of the first name its first letter; no name is like no name."""
    pairs = rows("""
        first | last      | other | spelled    | are
        ------+-----------+-------+------------+----
        Anna  | Muster    | ANNA  | MUSTER     | one
        Bert  | Müller    | b.    | Muller     | one
        Éva   | Groß      | Eva   | GROSS      | one
        Dora  | Sørensen  | D     | Sorensen   | one
        Emil  | Łoś       | Emil  | los        | one
        Fani  | Đorđević  | Fani  | Dordevic   | one
        Æsa   | Kjær      | Aesa  | Kjaer      | one
        Gaël  | Lœuvre    | Gael  | LOEUVRE    | one
              |           |       |            | one
        Hans  |           | Hugo  |            | one
              | Ines      |       | INÉS       | one
        Jana  | Huber     | Jana  | Hubert     | two
        Karl  | Huber     | Lena  | Huber      | two
        Mia   | Müller    | Mia   | Mueller    | two
        Nora  | Huber     |       | Huber      | two
    """)
    told = []
    for number, pair in enumerate(pairs, 10):
        told.append(f"a{number} | a{number}@post.example.at | 0664 12345{number} | {pair['first']} | {pair['last']}")
        told.append(f"b{number} | b{number}@post.example.at | 0664 12345{number} | {pair['other']} | {pair['spelled']}")
    small = world()
    small.profiles("\n".join(["profile_id | email | phone | first_name | last_name", "-----------+---", *told]))
    small.run()
    written_to = {row["profile_id"] for row in small.published().audience}
    counts = [len({f"a{number}", f"b{number}"} & written_to) for number, _ in enumerate(pairs, 10)]
    found = [{**pair, "are": ("none", "one", "two")[count]} for pair, count in zip(pairs, counts, strict=True)]
    assert shown(list(pairs[0]), found) == shown(list(pairs[0]), pairs)
