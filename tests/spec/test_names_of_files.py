"""Names of files (domain §8): patterns know no case, and what no feed reads is named by `status` and stops nothing."""

import gzip
import json
from pathlib import Path

import pytest

from pipeline.cli import invoke
from tests.lib.feeds import land

SOURCE = "canonical_profiles"
PEOPLE = "profile_id,email\np1,a@x.at\n"


def noted(folder: Path) -> list[str]:
    """What `status` says about files: each kind with its message."""
    code, output = invoke(["--workspace", str(folder), "--json", "status", "--as-of", "2026-06-01T09:00:00Z"])
    assert code == 0, output
    return [f"{notice['where']}: {notice['message']}" for notice in json.loads(output)["attention"] if notice["kind"].startswith("unread")]


@pytest.mark.parametrize("name", ["P.CSV", "p.Csv", "sub/P.CSV"])
def test_patterns_know_no_case(tmp_path: Path, name: str) -> None:
    assert land(tmp_path, SOURCE, {name: PEOPLE}, files="*.csv").counts[1] == 1
    assert noted(tmp_path) == []


def test_packings_know_no_case(tmp_path: Path) -> None:
    assert land(tmp_path, SOURCE, {"P.CSV.GZ": gzip.compress(PEOPLE.encode())}, files="*.CSV").counts[1] == 1


def test_names_that_are_no_files_yet_know_no_case(tmp_path: Path) -> None:
    assert land(tmp_path, SOURCE, {"P.CSV.PART": PEOPLE, "q.TMP": PEOPLE}).counts[0] == 0
    assert noted(tmp_path) == []


def test_what_no_pattern_takes_is_named(tmp_path: Path) -> None:
    files = {"p.csv": PEOPLE, "p.txt": PEOPLE, "old/p.dat": PEOPLE, "jane.doe@x.at.xml": PEOPLE, "+436641234567.xml": PEOPLE}
    assert land(tmp_path, SOURCE, files, files="*.csv").code == 0
    (note,) = noted(tmp_path)
    assert note == (
        f"landing/{SOURCE}/: 4 files are not read (+43***67.xml, j***@x.at.xml, old/p.dat and 1 more): feeds/{SOURCE}.yaml takes '*.csv'"
    )


def test_links_are_named_and_not_followed(tmp_path: Path) -> None:
    for name in ("elsewhere/p.csv", "one.csv"):
        (tmp_path / "beside" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "beside" / name).write_text(PEOPLE)
    folder = tmp_path / "landing" / SOURCE
    folder.mkdir(parents=True)
    (folder / "linked").symlink_to(tmp_path / "beside" / "elsewhere")
    (folder / "one.csv").symlink_to(tmp_path / "beside" / "one.csv")
    assert land(tmp_path, SOURCE, {"p.csv": PEOPLE}).counts[0] == 1
    assert noted(tmp_path) == [f"landing/{SOURCE}/: 2 links are not followed (linked, one.csv)"]


def test_a_folder_that_no_feed_has_is_named(tmp_path: Path) -> None:
    (tmp_path / "landing" / "crm").mkdir(parents=True)
    (tmp_path / "landing" / "crm" / "p.csv").write_text(PEOPLE)
    (tmp_path / "landing" / "p.csv").write_text(PEOPLE)
    land(tmp_path, SOURCE, {"p.csv": PEOPLE})
    assert noted(tmp_path) == [
        "landing/crm/: no feed is called so: nothing in it is read",
        "landing/p.csv: a file beside the feeds' folders is not read",
    ]


def test_a_file_in_a_folder_that_is_called_as_an_archive_is_loaded_once(tmp_path: Path) -> None:
    assert land(tmp_path, SOURCE, {"x.zip/p.csv": PEOPLE}).counts[0] == 1
    again = land(tmp_path, SOURCE, {}, as_of="2026-06-02T08:00:00Z")
    assert len(again.loads) == 1
