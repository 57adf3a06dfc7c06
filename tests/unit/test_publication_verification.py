"""`verify` finds whatever was changed in a run folder, also where the manifest was made to fit."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline import outbox, publication, verification
from pipeline.errors import NotFound, ValidationFailed
from pipeline.workspace import Workspace
from tests.lib.publication_world import Outcome, configuration, decision


@pytest.fixture
def run(tmp_path: Path) -> outbox.Run:
    with publication.stage(Workspace(tmp_path), decision()) as staged:
        return publication.finish(staged, [Outcome()], configuration=configuration(), previous=None)


def faults(run: outbox.Run) -> list[str]:
    return list(verification.find_faults(outbox.read_run(run.path)))


def edit_manifest(run: outbox.Run, change: Callable[[dict[str, Any]], None]) -> None:
    path = run.path / "manifest.json"
    manifest = json.loads(path.read_text())
    change(manifest)
    path.write_text(json.dumps(manifest))


def forge(run: outbox.Run, name: str, query: str) -> None:
    """Write a file of the run anew from a query over its old content, and make the manifest's entry fit."""
    con = duckdb.connect()
    path = run.path / name
    options = "FORMAT csv, HEADER true" if path.suffix == ".csv" else "FORMAT parquet"
    con.execute(f"CREATE TABLE old AS FROM '{path}'")
    path.unlink()
    ((rows,),) = con.execute(f"COPY ({query}) TO '{path}' ({options})").fetchall()

    def refit(manifest: dict[str, Any]) -> None:
        (entry,) = publication._describe(run.path, {name: rows})
        manifest["files"] = [entry if file["name"] == name else file for file in manifest["files"]]

    edit_manifest(run, refit)


@pytest.mark.parametrize("formats", [("csv", "parquet"), ("csv",), ("parquet",)])
def test_a_published_run_holds(tmp_path: Path, formats: tuple[str, ...]) -> None:
    with publication.stage(Workspace(tmp_path), decision(formats=formats)) as staged:
        run = publication.finish(staged, [Outcome()], configuration=configuration(), previous=None)
    assert verification.verify(run.path) == run


def test_a_waiting_run_holds(tmp_path: Path) -> None:
    with publication.stage(Workspace(tmp_path), decision()) as staged:
        run = publication.finish(staged, [Outcome()], configuration=configuration(), previous=None, is_pending=True)
    assert verification.verify(run.path) == run


def test_a_changed_byte_is_found(run: outbox.Run) -> None:
    path = run.path / "audience.csv"
    path.write_bytes(path.read_bytes().replace(b"z0@", b"z1@"))
    assert faults(run) == ["audience.csv has another content than its checksum says"]
    with pytest.raises(ValidationFailed, match="audience.csv"):
        verification.verify(run.path)


def test_missing_and_foreign_files_are_found(run: outbox.Run) -> None:
    (run.path / "report.html").unlink()
    (run.path / "notes.txt").write_text("by hand")
    assert faults(run) == ["notes.txt is not listed in the manifest", "report.html is missing"]


def test_a_renamed_folder_is_found(run: outbox.Run) -> None:
    renamed = run.path.rename(run.path.with_name("20200101T000000Z-00000000"))
    assert "its manifest says" in next(iter(verification.find_faults(outbox.read_run(renamed))))


@pytest.mark.parametrize(
    ("name", "query", "expected"),
    [
        ("audience.parquet", "FROM old ORDER BY address DESC", "recipients stand twice or in the wrong place"),
        ("audience.parquet", "SELECT * REPLACE (if(profile_id = 'p2', 'x9@example.at', address) AS address) FROM old", "1 rows differ"),
        ("audience.parquet", "FROM old WHERE profile_id != 'p2'", "recipients: 2, not 3"),
        ("audience.parquet", "SELECT * REPLACE (NULL::VARCHAR AS address) FROM old", "4 recipients have no address"),
        (
            "audience.parquet",
            "SELECT * REPLACE (if(profile_id = 'p0', 'p3', profile_id) AS profile_id) FROM old",
            "1 recipients are excluded",
        ),
        ("audience.csv", "FROM old LIMIT 2", "rows of audience.csv: 2, not 4|rows differ"),
        ("exclusions.parquet", "FROM old ORDER BY rank DESC", "exclusions stand twice or in the wrong place"),
        ("exclusions.parquet", "SELECT * REPLACE (NOT is_primary AS is_primary) FROM old WHERE profile_id = 'p3'", "strongest reason"),
        ("exclusions.parquet", "SELECT * REPLACE ('whim' AS reason) FROM old", "whim with rank 10 is no reason"),
        ("exclusions.parquet", "FROM old WHERE rank != 33", "the counts of reasons are not those"),
        (
            "exclusions.parquet",
            "SELECT * REPLACE ('z0@example.at' AS address, 'address_forbidden' AS reason, 13 AS rank) FROM old",
            "are forbidden ones",
        ),
    ],
)
def test_a_forged_file_is_found_although_its_checksum_fits(run: outbox.Run, name: str, query: str, expected: str) -> None:
    forge(run, name, query)
    found = "\n".join(faults(run))
    assert any(text in found for text in expected.split("|")), found
    assert "@" not in found


def test_counts_that_do_not_add_up_are_found(run: outbox.Run) -> None:
    edit_manifest(run, lambda manifest: manifest["counts"].update(candidates=7))
    assert faults(run) == ["audience and excluded: 6, not 7"]


def test_a_feed_file_that_lost_rows_is_found(run: outbox.Run) -> None:
    edit_manifest(run, lambda manifest: manifest["feeds"][1].update(loaded=5))
    assert faults(run) == ["crm/people.csv: 5 rows ended somewhere, 6 were read"]


def test_a_run_that_its_gate_refused_is_found(run: outbox.Run) -> None:
    edit_manifest(run, lambda manifest: manifest["validation"][0].update(is_met=False))
    assert faults(run) == ["the run was published although addresses_are_unique was not met"]


def test_promises_are_asked_with_the_files_open(run: outbox.Run) -> None:
    def promise(opened: verification.OpenRun) -> list[str]:
        ((rows,),) = opened.con.execute("SELECT count(*) FROM audience").fetchall()
        return [f"{opened.run.campaign}: {rows} rows seen"]

    assert list(verification.find_faults(run, [promise])) == ["news: 4 rows seen"]


def test_a_folder_without_a_run_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        verification.verify(tmp_path)
    with pytest.raises(NotFound):
        verification.verify(tmp_path / "nowhere")


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"run_id": "x"}', "\ufeff{}"])
def test_a_damaged_manifest_is_refused(run: outbox.Run, text: str) -> None:
    (run.path / "manifest.json").write_text(text)
    with pytest.raises(ValidationFailed, match="cannot be read"):
        verification.verify(run.path)
