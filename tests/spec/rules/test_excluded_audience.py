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


def test_who_is_left_out_in_several_ways_is_told_the_nearest_and_the_first_by_name(world: Worlds) -> None:
    small = world()
    small.profiles("""
        profile_id | external_id | email                  | city
        -----------+-------------+------------------------+-----
        anna       | 17          | anna@post.example.at   | Graz
        anna2      | 17          | anna@work.example.at   | Linz
        bert       | 18          | bert@post.example.at   | Wien
        bert2      | 18          | bert@work.example.at   | Wien
        cora       |             | cora@post.example.at   | Wien
        nobody     |             | no address             | Graz
    """)
    (small.folder / "a.txt").write_text("bert@post.example.at\n", encoding="utf-8")
    (small.folder / "z.txt").write_text("bert@post.example.at\n", encoding="utf-8")
    small.campaign("a-first", segment="city = 'Graz'")
    small.campaign("b-second", segment="city = 'Linz'")
    small.campaign("c-third", exclude=["b-second", "a-first"], exclude_files=["z.txt", "a.txt"])
    small.decides("""
        profile | reasons           | via     | detail
        --------+-------------------+---------+------------------
        anna    | excluded_audience | address | campaign a-first
        anna2   | excluded_audience | address | campaign b-second
        bert    | excluded_audience | address | file a.txt
        bert2   | excluded_audience | person  | file a.txt
        cora    |                   |         |
        nobody  | address_invalid   |         | no address
    """, "c-third")  # fmt: skip


def test_a_campaign_that_another_organisation_takes_over_leaves_out_the_audiences_of_both(world: Worlds) -> None:
    """`first` was o2's; its id is given to a campaign of o1, whose audience is another one."""
    small = world()
    small.profiles("""
        profile_id | organisation | email                | city
        -----------+--------------+----------------------+-----
        anna       | o1           | anna@post.example.at | Graz
        bert       | o1           | bert@post.example.at | Wien
        cora       | o1           | cora@post.example.at | Graz
        anna       | o2           | anna@post.example.at | Graz
    """)
    small.arrives(as_of="2026-06-01T07:00:00+00:00")
    small.campaign("first", organisation="o2", brand="b9")
    small.does("run", as_of="2026-06-01T08:00:00+00:00")
    small.campaign("first", as_of="2026-06-02T08:00:00+00:00", segment="city = 'Wien'")
    small.does("run", as_of="2026-06-02T08:00:00+00:00")
    small.campaign("second", as_of="2026-06-03T08:00:00+00:00", exclude=["first"])
    assert small.run("2026-06-03T08:00:00+00:00").code == 0
    small.decided("""
        profile | reasons
        --------+------------------
        anna    | excluded_audience
        bert    | excluded_audience
        cora    |
    """, "second")  # fmt: skip
