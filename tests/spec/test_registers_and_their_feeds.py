"""A register restricts whoever writes to its people, and as itself, whatever its feed says or is pointed at (domain §6, §8)."""

from pathlib import Path
from typing import Any

import pytest

from tests.lib.outbox import Outbox

REGISTERS = {"r": {"channel": "email", "use": "always", "max_age": "3d"}}


def edition(*people: str) -> str:
    """A file of a register that holds these people."""
    return "entry\n" + "".join(f"{name}@x.at\n" for name in people)


def register_of(box: Outbox, register: str, **settings: Any) -> None:
    """The feed `reg` brings the register from now on."""
    box.feed("reg", **{"source": "canonical_register", "register": {"id": register}, "max_age": "30d", "max_rejected": "100%", **settings})


@pytest.fixture
def abroad(tmp_path: Path) -> Outbox:
    """The campaigns are of o1, and the feed of the register is of o2."""
    box = Outbox(tmp_path, registers=REGISTERS)
    register_of(box, "r", organisation="o2")
    return box


STATES = [
    # what the register's feed brings on which day, when the campaign is decided, what it comes to
    ({1: "a"}, 2, set("bcde")),
    ({1: "a"}, 9, "12: campaign c1 rests on feed reg, and its newest file is 8.1 days old"),
    ({}, 2, "12: campaign c1 rests on feed reg, and no file of it has been loaded"),
    ({1: "a", 2: ""}, 2, "11: campaign c1 rests on feed reg, and its newest file 2.csv was refused"),
]


@pytest.mark.parametrize(("brought", "day", "expected"), STATES)
def test_a_register_stops_every_organisations_campaigns_whosever_its_feed_is(
    brought: dict[int, str], day: int, expected: set[str] | str, abroad: Outbox
) -> None:
    abroad.ingests(1, hour=7)
    for arrival, people in brought.items():
        abroad.lands("reg", f"{arrival}.csv", edition(*people))
        abroad.ingests(arrival)
    found = abroad.writes_to(day)
    assert found == expected if isinstance(expected, set) else [answer.startswith(expected) for answer in found] == [True], found


def test_so_does_one_that_was_read_under_other_settings(abroad: Outbox) -> None:
    abroad.lands("reg", "1.csv", edition("a"))
    abroad.ingests(1)
    register_of(abroad, "r", organisation="o2", columns={"entry": "mail"})
    assert [answer[:3] for answer in abroad.writes_to(2)] == ["10:"]


@pytest.mark.parametrize("comes", ["later", "at once", "empty"])
def test_a_feed_that_brings_another_register_takes_nobody_off_the_former_one(comes: str, tmp_path: Path) -> None:
    """The register r ended, and is in no configuration any more: its last edition restricts always."""
    box = Outbox(tmp_path, registers={"r": {"channel": "email", "use": "always"}})
    register_of(box, "r")
    first = box.lands("reg", "1.csv", edition("a", "b"))
    box.ingests(1)
    first.unlink()
    box.configure(registers={"s": {"channel": "email", "use": "always"}})
    register_of(box, "s")
    if comes == "at once":
        box.lands("reg", "2.csv", edition("d"))
        assert box.ingests(2) == 0
    assert [answer[:3] for answer in box.writes_to(2)] == ["10:"]  # r's edition is not read as one of s
    assert box.ingests(3, "--keep-former", "reg", "--by", "Mia") == 0
    if comes != "at once":
        box.lands("reg", "2.csv", edition("d") if comes == "later" else edition())
        assert box.ingests(4) == 0
    assert box.writes_to(4) == (set("cde") if comes == "empty" else set("ce"))


def test_the_next_edition_of_a_register_with_another_name_replaces_the_one_before(tmp_path: Path) -> None:
    box = Outbox(tmp_path, registers={"r": {"channel": "email", "use": "always"}})
    register_of(box, "r")
    box.lands("reg", "1.csv", edition("a", "b"))
    box.ingests(1)
    box.configure(registers={"s": {"channel": "email", "use": "always", "formerly": ["r"]}})
    register_of(box, "s")
    box.lands("reg", "2.csv", edition("b", "c"))
    assert box.ingests(2) == 0
    assert box.writes_to(2) == set("ade")


def test_an_accepted_empty_edition_frees_those_of_its_own_register(tmp_path: Path) -> None:
    box = Outbox(tmp_path, registers={"r": {"channel": "email", "use": "always"}})
    register_of(box, "r")
    box.lands("reg", "1.csv", edition("a", "b"))
    box.ingests(1)
    box.lands("reg", "2.csv", edition())
    assert box.ingests(2) == 11
    assert box.ingests(3, "--accept", "reg/2.csv", "--by", "Mia") == 0
    assert box.writes_to(3) == set("abcde")
