"""excluded_audience: on an audience or file that the campaign leaves out."""

from collections.abc import Callable

from tests.lib.world import World

Worlds = Callable[..., World]


def test_who_got_the_first_letter_gets_no_second(world: Worlds) -> None:
    small = world()
    small.profiles("""
        profile_id | external_id | email                | city
        -----------+-------------+----------------------+-----
        anna       | 17          | anna@post.example.at | Graz
        anna2      | 17          | anna@work.example.at | Wien
        bert       |             | bert@post.example.at | Wien
        cora       |             | cora@post.example.at | Wien
    """)
    (small.folder / "press.txt").write_text("Cora@post.example.at\nsomebody@else.example.at\n", encoding="utf-8")
    small.campaign("a-first", segment="city = 'Graz'")
    small.campaign("b-second", exclude=["a-first"], exclude_files=["press.txt"])
    small.decides("""
        profile | reasons           | via     | detail
        --------+-------------------+---------+-----------------
        anna    | excluded_audience | address | campaign a-first
        anna2   | excluded_audience | person  | campaign a-first
        bert    |                   |         |
        cora    | excluded_audience | address | file press.txt
    """, "b-second")  # fmt: skip
