"""The parts of an edition are one, whatever happens to one of them: the people of the others stay barred (domain §8)."""

from pathlib import Path
from typing import Any

import pytest

from tests.lib.outbox import Outbox
from tests.spec.test_order_of_files import edition

REGISTER: dict[str, Any] = {"source": "canonical_register", "register": {"id": "ecg"}, "max_rejected": "100%"}
REGISTERS = {"ecg": {"channel": "email", "use": "always", "max_age": "300d"}}


@pytest.fixture
def parts(tmp_path: Path) -> Outbox:
    """A register in two parts, which holds a and b, on the first of June."""
    box = Outbox(tmp_path, registers=REGISTERS)
    box.feed("r", **REGISTER, parts=True)
    box.lands("r", "a.csv", edition("a"))
    box.lands("r", "b.csv", edition("b"))
    assert box.ingests(1) == 0
    assert box.writes_to(1) == set("cde")
    return box


def test_all_of_them_are_read_anew_after_a_corrected_setting(tmp_path: Path) -> None:
    box = Outbox(tmp_path, registers=REGISTERS)
    box.feed("r", **REGISTER, parts=True, columns={"entry": "one"})
    box.lands("r", "a.csv", "one,two\nc@x.at,a@x.at\n")
    box.lands("r", "b.csv", "one,two\nd@x.at,b@x.at\n")
    box.ingests(1)
    box.feed("r", **REGISTER, parts=True, columns={"entry": "two"})
    box.ingests(2)
    assert box.writes_to(2) == set("cde")


def test_the_edition_in_force_is_read_anew_and_not_the_one_whose_name_comes_last(tmp_path: Path) -> None:
    box = Outbox(tmp_path, registers=REGISTERS)
    box.feed("r", **REGISTER, columns={"entry": "one"})
    box.lands("r", "edition-9.csv", "one,two\nz@x.at,z@x.at\n")
    box.lands("r", "edition-10.csv", "one,two\na@x.at,b@x.at\n")
    box.ingests(1)
    box.feed("r", **REGISTER, columns={"entry": "two"})
    box.ingests(2)
    assert box.writes_to(2) == set("acde")


def test_a_refused_file_beside_them_parts_them_not(parts: Outbox) -> None:
    parts.lands("r", "x.csv", "<html>")
    assert parts.ingests(2) == 11
    (parts.folder / "landing" / "r" / "x.csv").unlink()
    parts.lands("r", "b.csv", edition("b", "c"))
    assert parts.ingests(3) == 0
    assert parts.writes_to(3) == set("de")


def test_a_part_that_is_corrected_under_another_name_waits_for_the_broken_one(parts: Outbox) -> None:
    parts.lands("r", "a.csv", edition("a", "c"))
    parts.lands("r", "b.csv", "<html>")
    assert parts.ingests(2) == 11
    parts.lands("r", "b2.csv", edition("b"))
    assert parts.ingests(3) == 11
    assert {answer[:2] for answer in parts.writes_to(3)} == {"11"}
    (parts.folder / "landing" / "r" / "b.csv").unlink()
    parts.lands("r", "b2.csv", edition("b", "d"))
    assert parts.ingests(4) == 0
    assert parts.writes_to(4) == set("e")


def test_a_whole_edition_of_other_names_follows_a_refused_one(parts: Outbox) -> None:
    parts.lands("r", "2/a.csv", edition("a"))
    parts.lands("r", "2/b.csv", "<html>")
    assert parts.ingests(2) == 11
    parts.lands("r", "3/a.csv", edition("c"))
    parts.lands("r", "3/b.csv", edition("d"))
    assert parts.ingests(3) == 0
    assert parts.writes_to(3) == set("abe")


def test_a_word_for_one_part_is_none_for_another(tmp_path: Path) -> None:
    box = Outbox(tmp_path, registers=REGISTERS)
    box.feed("r", **REGISTER, parts=True)
    for name in "ab":
        box.lands("r", f"{name}.csv", edition(*(f"{name}{number}" for number in range(60)), name))
    box.ingests(1)
    box.lands("r", "a.csv", edition("a"))
    assert box.ingests(2) == 11
    box.lands("r", "b.csv", edition("z"))
    assert box.ingests(2, "--accept", "r/a.csv", "--by", "Jane Doe", hour=9) == 11
    assert {answer[:2] for answer in box.writes_to(2)} == {"11"}


def test_files_that_are_said_to_be_parts_afterwards_are_one_from_the_next_ingest(tmp_path: Path) -> None:
    box = Outbox(tmp_path, registers=REGISTERS)
    box.feed("r", **REGISTER)
    box.lands("r", "a.csv", edition("a"))
    box.lands("r", "b.csv", edition("b"))
    box.ingests(1)
    assert box.writes_to(1) == set("acde")  # the second replaced the first
    box.feed("r", **REGISTER, parts=True)
    assert {answer[:3] for answer in box.writes_to(2)} == {"10:"}
    assert box.ingests(2) == 0
    assert box.writes_to(2) == set("cde")
    box.feed("r", **REGISTER)
    assert box.ingests(3) == 0
    assert box.writes_to(3) == set("cde")


def test_so_are_those_of_people_and_one_that_is_gone_stops(tmp_path: Path) -> None:
    box = Outbox(tmp_path, "profile_id,email\na,a@x.at\n")
    gone = box.lands("people", "q.csv", "profile_id,email\nb,b@x.at\n")
    box.ingests(1)
    assert box.writes_to(1) == {"b"}
    box.feed("people", source="canonical_profiles", organisation="o1", parts=True)
    text = gone.read_text()
    gone.unlink()
    box.ingests(2)
    (stop,) = box.writes_to(2)
    assert stop.startswith("10:") and "q.csv" in stop, stop
    box.lands("people", "q.csv", text)
    assert box.ingests(3) == 0
    assert box.writes_to(3) == {"a", "b"}
