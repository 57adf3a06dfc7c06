"""A segment that compares a column with a date or a number compares dates and numbers, never letters (domain §8)."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.lib import workspaces
from tests.lib.world import World

Worlds = Callable[..., World]
GERMAN = {"letzter_kauf": {"type": "date", "format": "%d.%m.%Y"}}


def selected(world: World, segment: str, **settings: Any) -> list[str]:
    """The profiles that the segment takes."""
    answer = asked(world, segment, **settings)
    assert answer.code == 0, answer.error
    return sorted(row["profile_id"] for row in world.published().audience)


def asked(world: World, segment: str, **settings: Any) -> workspaces.Answer:
    world.campaign(segment=segment, **settings)
    return workspaces.presend(world.folder, "publish", "c1", "--as-of", workspaces.AS_OF)


def typed(worlds: Worlds, table: str, **attributes: Any) -> World:
    world = worlds(feeds={"profiles": {"attributes": attributes}})
    world.profiles(table)
    world.arrives(as_of="2026-06-01T07:00:00+00:00")
    return world


BUYERS = """
    profile_id | email               | letzter_kauf | umsatz   | mitglied | punkte
    -----------+---------------------+--------------+----------+----------+-------
    old        | o@post.example.at   | 31.12.2024   | 9,50     | nein     | 9
    new        | n@post.example.at   | 15.03.2026   | 1.010,00 | ja       | 10
    none       | x@post.example.at   |              |          |          |
"""
MEANINGS = {
    **GERMAN,
    "umsatz": {"type": "number", "format": "1.234,56"},
    "mitglied": {"type": "boolean", "format": "ja/nein"},
    "punkte": {"type": "integer"},
}


@pytest.mark.parametrize(
    ("segment", "profiles"),
    [
        ("letzter_kauf >= '2026-01-01'", ["new"]),
        ("Letzter_Kauf < '2026-01-01'", ["old"]),
        ("letzter_kauf between '2024-12-31' and '2026-03-14'", ["old"]),
        ("letzter_kauf = '2026-03-15'", ["new"]),
        ("letzter_kauf is null", ["none"]),
        ("umsatz > 9.5", ["new"]),
        ("umsatz >= '9.5'", ["new", "old"]),
        ("mitglied", ["new"]),
        ("not mitglied", ["old"]),
        ("punkte > 9", ["new"]),
        ("punkte + 1 = 10", ["old"]),
    ],
)
def test_a_typed_column_is_what_its_feed_says(typed_world: World, segment: str, profiles: list[str]) -> None:
    assert selected(typed_world, segment) == profiles


@pytest.fixture
def typed_world(world: Worlds) -> World:
    return typed(world, BUYERS, **MEANINGS)


@pytest.mark.parametrize(
    ("segment", "said"),
    [
        ("letzter_kauf >= '2026-01-01'", "2 of its 2 values are none"),
        ("letzter_kauf = '2026-03-15'", "2 of its 2 values are none"),
        ("cast(letzter_kauf as date) >= '2026-01-01'", "2 of its 2 values are none"),
        ("umsatz > 5 or email like 'x%'", "2 of its 2 values are none"),
        ("letzter_kauf > '01.12.2026'", "letter by letter"),
        ("umsatz between '1,00' and '9,00'", "letter by letter"),
        ("letzter_kauf > 'Jan 1, 2026'", "letter by letter"),
        ("letzter_kauf > '1. Dezember 2026'", "letter by letter"),
        ("umsatz > '1 000'", "letter by letter"),
        ("umsatz > '20 %'", "letter by letter"),
        ("letzter_kauf > mitglied", "letter by letter"),
        ("punkte < lower(umsatz)", "letter by letter"),
        ("birth_date > letzter_kauf", "letter by letter"),
    ],
)
def test_an_untyped_column_whose_cells_are_none_is_refused_with_the_remedy(world: Worlds, segment: str, said: str) -> None:
    answer = asked(typed(world, BUYERS), segment)
    assert answer.code == 10
    assert said in answer.error["message"] and "attributes" in answer.error["remedy"]


def test_rare_cells_that_are_none_meet_nothing_and_are_counted(world: Worlds) -> None:
    people = [f"p{number} | p{number}@post.example.at | {number}" for number in range(99)]
    small = typed(world, "\n".join(["profile_id | email | jahre", *people, "p | p@post.example.at | old", "q | q@post.example.at | "]))
    assert selected(small, "jahre > 97") == ["p98"]
    manifest = small.published().manifest
    assert manifest["values_without_meaning"] == [{"setting": "segment", "columns": "jahre", "values": 100, "without_meaning": 1}]
    assert "Values without a meaning" in (small.published().path / "report.html").read_text(encoding="utf-8")


def test_a_capacity_goes_by_the_type(world: Worlds, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESEND_KEY", "a key for tests that is long enough")
    for order, profiles in (("letzter_kauf desc", ["new"]), ("umsatz desc", ["new"]), ("punkte asc, email", ["none"])):
        small = typed(world, BUYERS, **MEANINGS)
        assert selected(small, "true", capacity={"max": 1, "order": order}) == profiles


@pytest.mark.parametrize(
    ("meaning", "cells", "segment", "profiles"),
    [
        (None, "nan inf 0x20 5 1", "wert > 4", "3"),
        (None, "infinity epoch 31-12-24 2026-03-05 2001-01-01", "wert > '2002-01-01' or wert < '2000-01-01'", "3"),
        ({"type": "number", "format": "1.234,56"}, "1.234,56 1234,5 1234.56 12.5 1", "wert > 4", "0 1"),
        ({"type": "number", "format": "1,234.56"}, "1,23,456.5 9,5 12,34 5 1", "wert > 4", "0 3"),
        ({"type": "number", "format": "1'234.56"}, "1'234.56 1’234 9,5 0.5 1", "wert > 4", "0 1"),
        ({"type": "number", "format": "1 234,56"}, "1\u00a0234,56 1\u202f234 9.5 0,5 1", "wert > 4", "0 1"),
        ({"type": "integer"}, "9.7 10.0 11 3 1", "wert > 4", "1 2"),
        ({"type": "date", "format": "%d.%m.%Y"}, "31.12.24 15.3.2026 31.02.2026 01.01.2001 1.1.2001", "wert <> '2001-01-01'", "1"),
        ({"type": "date"}, "31-12-24 2026/3/15 infinity 2001-01-01 2001-01-01", "wert <> '2001-01-01'", "1"),
    ],
)
def test_a_cell_is_what_it_plainly_is_and_nothing_that_only_can_be_read(
    world: Worlds, meaning: dict[str, str] | None, cells: str, segment: str, profiles: str
) -> None:
    """Every sign that a database takes for a number or a date, and no person would."""
    written = cells.split(" ")
    people = [f"p{number} | p{number}@post.example.at | {cell}" for number, cell in enumerate(written + [written[-1]] * 300)]
    small = typed(world, "\n".join(["profile_id | email | wert", *people]), **({"wert": meaning} if meaning else {}))
    assert selected(small, segment) == [f"p{number}" for number in profiles.split()]


def test_a_capacity_does_not_take_numbers_or_dates_letter_by_letter(world: Worlds, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESEND_KEY", "a key for tests that is long enough")
    small = typed(world, BUYERS)
    for column in ("letzter_kauf", "umsatz", "lower(punkte)"):
        answer = asked(small, "true", capacity={"max": 1, "order": f"updated_at desc, {column} desc"})
        assert answer.code == 10 and "letter by letter" in answer.error["message"] and "attributes" in answer.error["remedy"]
    assert selected(small, "true", capacity={"max": 1, "order": "mitglied desc"}) == ["old"]
    (small.folder / "campaigns" / "c1.yaml").unlink()
    told = typed(world, BUYERS, punkte={"type": "text"})
    assert selected(told, "true", capacity={"max": 1, "order": "punkte desc"}) == ["old"]


def test_two_feeds_may_write_a_column_differently_and_mean_one_type(world: Worlds) -> None:
    small = typed(world, BUYERS, **GERMAN)
    small.profiles_of("shop", "2026-06-01", """
        profile_id | email             | letzter_kauf | updated_at
        -----------+-------------------+--------------+---------------------
        iso        | i@post.example.at | 2026-02-01   | 2026-05-01T00:00:00Z
        american   | a@post.example.at | 2024-02-01   | 2026-05-01T00:00:00Z
    """)  # fmt: skip
    assert selected(small, "letzter_kauf >= '2026-01-01'") == ["iso", "new"]


def test_a_column_of_a_profile_may_be_called_as_a_time_of_an_event(world: Worlds) -> None:
    events = {"source": "canonical_consent", "required": False, "attributes": {"until": {"type": "date"}}}
    small = world(feeds={"profiles": {"attributes": {"until": GERMAN["letzter_kauf"]}}, "shop": events})
    small.profiles("""
        profile_id | email             | until
        -----------+-------------------+-----------
        old        | o@post.example.at | 31.12.2025
        new        | n@post.example.at | 01.02.2026
    """)
    small.arrives(as_of="2026-06-01T07:00:00+00:00")
    assert selected(small, "until >= '2026-01-01'") == ["new"]


@pytest.mark.parametrize(
    ("attributes", "said"),
    [
        ({"a": {"type": "date", "format": "dd.mm.yyyy"}}, "sign of strptime"),
        ({"a": {"type": "number", "format": "%d"}}, "none of a number"),
        ({"a": {"type": "boolean", "format": "ja"}}, "not two words"),
        ({"a": {"type": "money"}}, "'money' is not a value of it"),
        ({"email": {"type": "date"}}, "read as what it is already"),
    ],
)
def test_a_type_that_cannot_be_is_a_fault(world: Worlds, attributes: dict[str, Any], said: str) -> None:
    small = world(feeds={"profiles": {"attributes": attributes}})
    answer = workspaces.presend(small.folder, "check")
    assert answer.code == 10 and said in answer.error["message"]


SPOKEN = """
    profile_id | email             | punkte | letzter_kauf
    -----------+-------------------+--------+-------------
    few        | f@post.example.at | 9      | n/v
    many       | m@post.example.at | 10     | 2026-03-15
    said       | s@post.example.at | N/V    | -
    none       | x@post.example.at |        |
"""


def test_words_that_the_feed_calls_empty_are_no_value(world: Worlds) -> None:
    small = typed(world, SPOKEN, punkte={"type": "integer", "empty": ["n/v"]}, letzter_kauf={"type": "date", "empty": ["n/v", "-"]})
    assert selected(small, "punkte > 9") == ["many"]
    assert selected(small, "letzter_kauf is null") == ["few", "none", "said"]
    assert selected(small, "punkte is null or letzter_kauf > '2026-01-01'") == ["many", "none", "said"]


def test_without_that_word_the_campaign_is_refused_and_told_of_it(world: Worlds) -> None:
    refused = asked(typed(world, SPOKEN, punkte={"type": "integer"}), "punkte > 9")
    assert refused.code == 10 and refused.error["remedy"].endswith('and which words mean no value: empty: ["n/v"].')
