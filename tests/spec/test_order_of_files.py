"""Several files of one series in one ingest or one archive: each replaces the one before, or they are parts of one (domain §8)."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.cli import invoke
from pipeline.ledger.order import places
from tests.lib.feeds import land

ECG = {"register": {"id": "ecg"}}
PROFILES, REGISTER = "canonical_profiles", "canonical_register"


def edition(*names: str) -> str:
    return "".join(f"{line}\n" for line in ("entry", *(f"{name}@x.at" for name in names)))


def packed(members: dict[str, str]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return target.getvalue()


def built(folder: Path, query: str, day: int = 28) -> list[str]:
    """What the warehouse answers after a build."""
    code, output = invoke(["--workspace", str(folder), "--json", "build", "--as-of", f"2026-06-{day}T08:00:00Z"])
    assert code == 0, output
    with duckdb.connect(str(folder / "warehouse" / "presend.duckdb"), read_only=True) as con:
        return [str(value) for (value,) in con.execute(query).fetchall()]


def in_force(folder: Path) -> list[str]:
    return [value.removesuffix("@x.at") for value in built(folder, "SELECT value FROM register_entry ORDER BY 1")]


@pytest.mark.parametrize(
    "names",
    [
        ["edition-9.csv", "edition-10.csv"],
        ["Edition-9.csv", "edition-10.csv"],
        ["31.5.2026.csv", "1.6.2026.csv"],
        ["b_2026-05-31.csv", "a_2026-06-01.csv"],
        ["b_20260531.csv", "a_2026-06-01.csv"],
        ["2026-05-31/list.csv", "2026-06-01/list.csv"],
        ["a_2026-06-02.csv", "b.csv"],  # not all of them bear a date: the natural order
    ],
)
def test_the_last_one_counts(tmp_path: Path, names: list[str]) -> None:
    files = {name: edition(f"e{number}", "both") for number, name in enumerate(names)}
    assert land(tmp_path, REGISTER, files, **ECG).code == 0
    assert in_force(tmp_path) == ["both", "e1"]


def test_so_it_is_inside_an_archive(tmp_path: Path) -> None:
    archive = packed({"part-10.csv": edition("new"), "part-9.csv": edition("old")})
    assert land(tmp_path, REGISTER, {"all.zip": archive}, **ECG).code == 0
    assert in_force(tmp_path) == ["new"]


@pytest.mark.parametrize("is_packed", [False, True])
def test_parts_are_one_edition_where_the_feed_says_so(tmp_path: Path, is_packed: bool) -> None:
    files = {"part-1.csv": edition("a"), "part-2.csv": edition("b"), "part-10.csv": edition("c")}
    landed: dict[str, Any] = {"all.zip": packed(files)} if is_packed else dict(files)
    assert land(tmp_path, REGISTER, landed, parts=True, **ECG).code == 0
    assert in_force(tmp_path) == ["a", "b", "c"]


def test_the_next_edition_replaces_all_parts_of_the_one_before(tmp_path: Path) -> None:
    land(tmp_path, REGISTER, {"1/a.csv": edition("a"), "1/b.csv": edition("b")}, parts=True, **ECG)
    land(tmp_path, REGISTER, {"2/a.csv": edition("c"), "2/b.csv": edition("d")}, parts=True, as_of="2026-06-02T08:00:00Z", **ECG)
    assert in_force(tmp_path) == ["c", "d"]


def test_a_part_that_is_the_same_as_before_is_a_part_still(tmp_path: Path) -> None:
    land(tmp_path, REGISTER, {"a.csv": edition("a"), "b.csv": edition("b")}, parts=True, **ECG)
    land(tmp_path, REGISTER, {"b.csv": edition("c")}, parts=True, as_of="2026-06-02T08:00:00Z", **ECG)
    assert in_force(tmp_path) == ["a", "c"]


def test_one_refused_part_refuses_the_edition(tmp_path: Path) -> None:
    land(tmp_path, REGISTER, {"1/a.csv": edition("a"), "1/b.csv": edition("b")}, parts=True, **ECG)
    files = {"2/a.csv": edition("c"), "2/b.csv": "<html>"}
    assert land(tmp_path, REGISTER, files, parts=True, as_of="2026-06-02T08:00:00Z", **ECG).code == 11
    assert in_force(tmp_path) == ["a", "b"]


def test_parts_are_measured_together(tmp_path: Path) -> None:
    many = edition(*(f"p{number}" for number in range(90)))
    land(tmp_path, REGISTER, {"1/a.csv": many, "1/b.csv": many}, parts=True, **ECG)
    assert land(tmp_path, REGISTER, {"2/a.csv": many}, parts=True, as_of="2026-06-02T08:00:00Z", **ECG).code == 11


def test_a_crm_in_parts_has_the_people_of_all(tmp_path: Path) -> None:
    files = {"1/a.csv": "profile_id,no_email\na,yes\n", "1/b.csv": "profile_id,no_email\nb,yes\n"}
    land(tmp_path, PROFILES, files, parts=True)
    again = {"2/a.csv": "profile_id,no_email\na,yes\n", "2/b.csv": "profile_id,no_email\nb,yes\n"}
    land(tmp_path, PROFILES, again, parts=True, as_of="2026-06-02T08:00:00Z")
    assert built(tmp_path, "SELECT profile_id FROM profile ORDER BY 1") == ["a", "b"]
    # The second edition says it again: both flags stand since the first.
    assert built(tmp_path, "SELECT DISTINCT strftime(since AT TIME ZONE 'UTC', '%d') FROM suppression") == ["01"]


def test_without_the_setting_each_snapshot_replaces_the_one_before(tmp_path: Path) -> None:
    land(tmp_path, PROFILES, {"a.csv": "profile_id\na\nc\n", "b.csv": "profile_id\nb\n"})
    assert built(tmp_path, "SELECT profile_id FROM profile ORDER BY 1") == ["b"]


def test_what_came_before_this_order_was_written_down_keeps_its_own(tmp_path: Path) -> None:
    land(tmp_path, REGISTER, {"edition-9.csv": edition("nine"), "edition-10.csv": edition("ten")}, **ECG)
    for path in tmp_path.glob("ledger/*/*/load.json"):
        load = json.loads(path.read_text())
        new = ("place", "is_part", "landed", "is_shrunk", "checksum")
        path.write_text(json.dumps({key: value for key, value in load.items() if key not in new}))
    assert in_force(tmp_path) == ["nine"]


def test_numbers_in_names_count_by_their_size() -> None:
    names = ["a9", "a10", "A010b", "a", "a9b", "10", "9"]
    assert sorted(names, key=places(names).__getitem__) == ["9", "10", "a", "a9", "a9b", "a10", "A010b"]


def test_a_trial_tells_what_an_edition_would_bar_and_free(tmp_path: Path) -> None:
    land(tmp_path, REGISTER, {"1.csv": edition("a", "b")}, as_of="2026-06-01T08:00:00Z", **ECG)
    (tmp_path / "landing" / REGISTER / "2.csv").write_text(edition("b", "c", "d"))
    _, answer = invoke(["--workspace", str(tmp_path), "--json", "ingest", "--dry-run", "--as-of", "2026-06-02T08:00:00Z"])
    changes = json.loads(answer)["changes"]
    assert [(change["kind"], change["scope_id"], change["count"]) for change in changes["new"]] == [("registered", "ecg", 2)]
    assert [(change["kind"], change["scope_id"], change["count"]) for change in changes["lifted"]] == [("registered", "ecg", 1)]
    assert in_force(tmp_path) == ["a", "b"]
