"""A refused file is tried again once it may do, and stands where it arrived (domain §8 "Settings change"): it replaces nothing newer.

Each day one ingest: its files, and the settings of the feed from that day on.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli import invoke
from tests.lib.feeds import land
from tests.spec.test_order_of_files import built, edition, in_force, packed

PROFILES, REGISTER = "canonical_profiles", "canonical_register"
STRICT, MILD = {"max_rejected": "10%"}, {"max_rejected": "90%"}
BROKEN = edition("a", "b") + "no entry\n" * 3


def days(folder: Path, source: str, *each: tuple[dict[str, Any], dict[str, Any]]) -> list[int]:
    """The exit codes of one ingest a day."""
    register = {"register": {"id": "ecg"}} if source == REGISTER else {}
    return [
        land(folder, source, files, as_of=f"2026-06-{day:02}T08:00:00Z", **register, **settings).code
        for day, (files, settings) in enumerate(each, 1)
    ]


def test_a_newer_edition_stays_in_force(tmp_path: Path) -> None:
    assert days(tmp_path, REGISTER, ({"a.csv": BROKEN}, STRICT), ({"b.csv": edition("b", "c", "d")}, STRICT), ({}, MILD)) == [11, 0, 0]
    assert in_force(tmp_path) == ["b", "c", "d"]


def test_without_a_newer_one_it_comes_into_force(tmp_path: Path) -> None:
    assert days(tmp_path, REGISTER, ({"a.csv": edition("z")}, STRICT), ({"b.csv": BROKEN}, STRICT), ({}, MILD)) == [0, 11, 0]
    assert in_force(tmp_path) == ["a", "b"]


def test_its_age_counts_from_its_arrival(tmp_path: Path) -> None:
    days(tmp_path, REGISTER, ({"a.csv": BROKEN}, STRICT), ({}, STRICT), ({}, MILD))
    _, answer = invoke(["--workspace", str(tmp_path), "--json", "status", "--as-of", "2026-06-03T08:00:00Z"])
    assert [feed["age"] for feed in json.loads(answer)["feeds"]] == [2 * 24 * 3600]


def test_a_newer_dump_of_suppressions_stays_in_force(tmp_path: Path) -> None:
    def dump(*names: str, broken: int = 0) -> list[dict[str, Any]]:
        return [{"email": f"{name}@x.at", "created": 1} for name in names] + [{"email": "nobody", "created": 1}] * broken

    old, new = {"unsubscribes1.json": dump("a", broken=3)}, {"unsubscribes2.json": dump("a", "b")}
    assert days(tmp_path, "sendgrid_suppressions", (old, STRICT), (new, STRICT), ({}, MILD)) == [11, 0, 0]
    assert built(tmp_path, "SELECT count(DISTINCT address_key) FROM restriction") == ["2"]


def test_a_newer_snapshot_of_a_crm_stays_in_force(tmp_path: Path) -> None:
    old = {"a.csv": "profile_id,email\np,old@x.at\n,a@x.at\n,b@x.at\n"}
    new = {"b.csv": "profile_id,email\np,new@x.at\nq,q@x.at\n"}
    assert days(tmp_path, PROFILES, (old, STRICT), (new, STRICT), ({}, MILD)) == [11, 0, 0]
    assert built(tmp_path, "SELECT profile_id FROM profile ORDER BY 1") == ["p", "q"]


def test_what_was_refused_for_its_size_stops_nothing_once_a_fuller_one_has_come(tmp_path: Path) -> None:
    def table(count: int) -> str:
        return "profile_id\n" + "".join(f"p{n}\n" for n in range(count))

    codes = days(tmp_path, PROFILES, ({"1.csv": table(200)}, {}), ({"2.csv": table(20)}, {}), ({"3.csv": table(150)}, {}), ({}, STRICT))
    assert codes[:3] == [0, 11, 0]
    _, answer = invoke(["--workspace", str(tmp_path), "status", "--as-of", "2026-06-04T08:00:00Z"])
    assert "refused" not in answer
    assert built(tmp_path, "SELECT count(*) FROM profile") == ["150"]


def test_events_of_a_refused_file_count_once_it_is_read(tmp_path: Path) -> None:
    head = "address,scope,action,occurred_at\n"
    first = {"a.csv": head + "j@x.at,group,opt_out,2026-05-01\n,group,opt_out,2026-05-01\n"}
    second = {"b.csv": head + "k@x.at,group,opt_out,2026-05-01\n"}
    assert days(tmp_path, "canonical_consent", (first, STRICT), (second, STRICT), ({}, MILD)) == [11, 0, 0]
    assert built(tmp_path, "SELECT count(DISTINCT address_key) FROM restriction") == ["2"]


def test_a_word_for_a_file_lets_no_older_one_replace_a_newer(tmp_path: Path) -> None:
    many = edition(*(f"p{n}" for n in range(120)))
    few, most = edition("p1", "p2"), edition(*(f"p{n}" for n in range(110)))
    assert days(tmp_path, REGISTER, ({"1.csv": many}, {}), ({"2.csv": few}, {}), ({"3.csv": most}, {})) == [0, 11, 0]
    arguments = ["ingest", "--accept", "canonical_register/2.csv", "--by", "jane", "--as-of", "2026-06-04T08:00:00Z"]
    assert invoke(["--workspace", str(tmp_path), *arguments])[0] == 2
    assert len(in_force(tmp_path)) == 110


def test_a_word_for_a_file_is_about_one_arrival_still(tmp_path: Path) -> None:
    many, few = edition(*(f"p{n}" for n in range(120))), edition("p1", "p2")
    assert days(tmp_path, REGISTER, ({"1.csv": many}, {}), ({"2.csv": few}, {})) == [0, 11]
    arguments = ["ingest", "--accept", "canonical_register/2.csv", "--by", "jane", "--as-of", "2026-06-03T08:00:00Z"]
    assert invoke(["--workspace", str(tmp_path), *arguments])[0] == 0
    assert in_force(tmp_path) == ["p1", "p2"]
    later = [{"4.csv": many}, {"2.csv": few + "\n"}, {"2.csv": few}]
    codes = [
        land(tmp_path, REGISTER, files, as_of=f"2026-06-{day:02}T08:00:00Z", register={"id": "ecg"}).code
        for day, files in enumerate(later, 4)
    ]
    assert codes == [0, 11, 11]


def test_the_parts_of_two_refused_editions_stay_two(tmp_path: Path) -> None:
    first = {"1/a.csv": edition("a"), "1/b.csv": BROKEN}
    second = {"2/a.csv": edition("c"), "2/b.csv": edition("d") + "no entry\n" * 3}
    codes = days(tmp_path, REGISTER, *(((files, {**settings, "parts": True})) for files, settings in
                                      ((first, STRICT), (second, STRICT), ({}, MILD))))  # fmt: skip
    assert codes == [11, 11, 0]
    assert in_force(tmp_path) == ["c", "d"]


def test_half_of_a_refused_edition_is_not_taken(tmp_path: Path) -> None:
    whole = {"1/a.csv": edition("x"), "1/b.csv": edition("y")}
    second = {"2/a.csv": edition("c"), "2/b.csv": BROKEN}
    days(tmp_path, REGISTER, (whole, {**STRICT, "parts": True}), (second, {**STRICT, "parts": True}))
    (tmp_path / "landing" / "canonical_register" / "2" / "b.csv").unlink()
    land(tmp_path, REGISTER, {}, as_of="2026-06-03T08:00:00Z", register={"id": "ecg"}, parts=True, **MILD)
    assert in_force(tmp_path) == ["x", "y"]


@pytest.mark.parametrize("settings", [MILD, STRICT])
def test_a_member_of_an_archive_is_refused_alone_and_tried_again_with_it(tmp_path: Path, settings: dict[str, str]) -> None:
    archive = packed({"edition-1.csv": edition("old"), "edition-2.csv": BROKEN})
    codes = days(tmp_path, REGISTER, ({"all.zip": archive}, STRICT), ({}, {**settings, "max_shrink": "30%"}))
    assert codes == [11, 0 if settings is MILD else 11]
    assert in_force(tmp_path) == (["a", "b"] if settings is MILD else ["old"])


def test_the_same_bytes_after_they_were_read_anew_are_an_arrival_of_their_own(tmp_path: Path) -> None:
    """The id of a reading that was replaced is not given again: what comes later would count as replaced, too."""
    both, one = edition("a", "b"), edition("a", "c")
    codes = days(
        tmp_path, REGISTER, ({"a.csv": both}, {}), ({}, {"timezone": "UTC"}), ({"a.csv": one}, {"timezone": "UTC"}),
        ({"a.csv": both}, {"timezone": "UTC"}),
    )  # fmt: skip
    assert codes == [0, 0, 0, 0]
    assert in_force(tmp_path) == ["a", "b"]
