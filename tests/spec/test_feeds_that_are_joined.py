"""Feeds that are joined in one (`formerly: [ra, rb]`) stand side by side, as they did, until a file comes under the name that joins them
(domain §8 "Names change")."""

from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest

from tests.lib.outbox import PEOPLE, Outbox
from tests.spec.test_order_of_files import edition

REGISTER: dict[str, Any] = {"source": "canonical_register", "register": {"id": "r"}, "max_rejected": "100%"}
PROFILES: dict[str, Any] = {"source": "canonical_profiles", "organisation": "o1"}
CONSENT = "profile_id,occurred_at,action,channel,scope,scope_id,via\n"


def join(box: Outbox, name: str, *former: str, **settings: Any) -> None:
    """One feed goes on with the former ones from now on."""
    for each in former:
        (box.folder / "feeds" / f"{each}.yaml").unlink(missing_ok=True)
    box.feed(name, formerly=list(former), **settings)


def people(names: str) -> str:
    """A file of profiles."""
    return "profile_id,email\n" + "".join(f"{name},{name}@x.at\n" for name in names)


@pytest.fixture
def registers(tmp_path: Path) -> Outbox:
    """Two feeds of one register: ra holds a, since the first of June, rb holds b, since the second."""
    box = Outbox(tmp_path, registers={"r": {"channel": "email", "use": "always", "max_age": "9d"}})
    for name in ("ra", "rb"):
        box.feed(name, **REGISTER)
    box.lands("ra", "a.csv", edition("a"))
    assert box.ingests(1) == 0
    box.lands("rb", "b.csv", edition("b"))
    assert box.ingests(2) == 0
    return box


def test_both_editions_restrict_until_a_joint_one_comes(registers: Outbox) -> None:
    join(registers, "rr", "ra", "rb", **REGISTER)
    assert registers.writes_to(3) == set("cde")
    registers.lands("rr", "both.csv", edition("b", "d"))
    assert registers.ingests(4) == 0
    assert registers.writes_to(4) == set("ace")


def test_so_they_do_when_they_are_read_anew_under_the_joint_name(registers: Outbox) -> None:
    join(registers, "rr", "ra", "rb", **REGISTER, columns={"entry": "entry"})
    assert registers.ingests(3) == 0
    assert registers.writes_to(3) == set("cde")


def test_so_they_do_when_they_are_lost_and_made_again(registers: Outbox) -> None:
    join(registers, "rr", "ra", "rb", **REGISTER)
    assert registers.writes_to(3) == set("cde")
    for name in ("ra", "rb"):
        rmtree(registers.folder / "ledger" / name)
    assert registers.ingests(4) == 0
    assert registers.writes_to(4) == set("cde")


def test_what_joins_an_older_feed_into_a_present_one_does_so_too(registers: Outbox) -> None:
    join(registers, "rb", "ra", **REGISTER)
    assert registers.writes_to(3) == set("cde")
    registers.lands("rb", "b2.csv", edition("c"))
    assert registers.ingests(4) == 0
    assert registers.writes_to(4) == set("abde")


def test_a_refused_edition_is_not_made_good_by_another_feeds(registers: Outbox) -> None:
    registers.lands("ra", "next.csv", edition())
    assert registers.ingests(3) == 11
    registers.lands("rb", "next.csv", edition("b", "c"))
    assert registers.ingests(4) == 0
    join(registers, "rr", "ra", "rb", **REGISTER)
    assert [answer[:3] for answer in registers.writes_to(5)] == ["11:"]


def test_the_older_one_is_as_old_as_it_was(registers: Outbox) -> None:
    registers.lands("rb", "next.csv", edition("b"))
    assert registers.ingests(10) == 0
    assert [answer[:3] for answer in registers.writes_to(11)] == ["12:"]
    join(registers, "rr", "ra", "rb", **REGISTER)
    assert [answer[:3] for answer in registers.writes_to(11)] == ["12:"]


def test_an_empty_or_smaller_joint_edition_is_measured_by_all_that_it_would_replace(registers: Outbox) -> None:
    for name in ("ra", "rb"):
        registers.lands(name, "large.csv", edition(*(f"{name}{number}" for number in range(60))))
    assert registers.ingests(3) == 0
    join(registers, "rr", "ra", "rb", **REGISTER)
    registers.lands("rr", "both.csv", edition(*(f"ra{number}" for number in range(60))))
    assert registers.ingests(4) == 11


@pytest.fixture
def crms(tmp_path: Path) -> Outbox:
    """Two feeds of people: a and b are in ca, since the first of June, c is in cb, since the second."""
    box = Outbox(tmp_path, people("a"))
    (box.folder / "feeds" / "people.yaml").unlink()
    for name in ("ca", "cb"):
        box.feed(name, **PROFILES)
    box.lands("ca", "a.csv", people("ab"))
    assert box.ingests(1) == 0
    box.lands("cb", "b.csv", people("c"))
    assert box.ingests(2) == 0
    return box


def test_profiles_of_both_are_candidates_until_a_joint_snapshot_comes(crms: Outbox) -> None:
    join(crms, "cc", "ca", "cb", **PROFILES)
    assert crms.writes_to(3) == set("abc")
    crms.lands("cc", "all.csv", people("bcd"))
    assert crms.ingests(4) == 0
    assert crms.writes_to(4) == set("bcd")


def test_a_profile_that_another_feeds_snapshot_leaves_out_held_its_address_all_the_time(crms: Outbox) -> None:
    """Only who opted in is written to, and their profile alone says whose address it was."""
    crms.configure(policy={"consent_required": "any", "double_opt_in": "optional"})
    crms.feed("web", source="canonical_consent", organisation="o1", required=False)
    crms.lands("web", "1.csv", CONSENT + "".join(f"{name},2026-06-02T12:00:00Z,opt_in,email,organisation,o1,form\n" for name in "abc"))
    assert crms.ingests(3) == 0
    assert crms.writes_to(3) == set("abc")
    join(crms, "cc", "ca", "cb", **PROFILES)
    assert crms.writes_to(4) == set("abc")
    crms.lands("cc", "all.csv", people("abc"))
    assert crms.ingests(5) == 0
    assert crms.writes_to(5) == set("abc")


def test_a_feed_that_is_called_otherwise_twice_goes_on_as_one(tmp_path: Path) -> None:
    """Who was gone from the snapshot under the second name does not come back under the third."""
    box = Outbox(tmp_path, PEOPLE)
    box.ingests(1)
    join(box, "crm", "people", **PROFILES)
    box.lands("crm", "q.csv", people("abc"))
    assert box.ingests(2) == 0
    assert box.writes_to(2) == set("abc")
    (box.folder / "feeds" / "crm.yaml").unlink()
    join(box, "persons", "people", "crm", **PROFILES)
    assert box.writes_to(3) == set("abc")


def test_a_suppression_dump_still_says_what_only_the_other_one_left_out(tmp_path: Path) -> None:
    """The owner opted in between what the one dump said first and what the other one did: the later "no" stands."""
    box = Outbox(tmp_path)
    for name in ("sa", "sb"):
        box.feed(name, source="mailgun_suppressions", organisation="o1", required=False)
    box.feed("web", source="canonical_consent", organisation="o1", required=False)
    row = "address,tags,created_at\na@x.at,*,\n"
    box.lands("sa", "unsubscribes-1.csv", row)
    assert box.ingests(1) == 0
    box.lands(
        "web",
        "1.csv",
        "address,occurred_at,action,channel,scope,scope_id,via\na@x.at,2026-06-02T12:00:00Z,opt_in,email,organisation,o1,form\n",
    )
    box.lands("sb", "unsubscribes-1.csv", row)
    assert box.ingests(3) == 0
    before = box.writes_to(3)
    join(box, "ss", "sa", "sb", source="mailgun_suppressions", organisation="o1", required=False)
    assert box.writes_to(4) == before == set("bcde")
