"""A run folder appears complete, by one rename, the same bytes for the same inputs, and is never changed again."""

import csv
import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from pipeline import outbox, publication, verification
from pipeline.errors import ConfigurationError, NotFound, ValidationFailed
from pipeline.workspace import Workspace
from tests.lib.publication_world import AS_OF, decision, grow, publish


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


def content(folder: Path) -> Mapping[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "audience.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def test_audience_is_sorted_with_seeds_at_the_end(workspace: Workspace) -> None:
    run = publish(workspace, decision())
    assert [(row["address"], row["is_seed"]) for row in rows(run.path)] == [
        ("x2@example.at", "false"),
        ("y1@example.at", "false"),
        ("z0@example.at", "false"),
        ("aaa-seed@example.at", "true"),
    ]
    assert list(rows(run.path)[0]) == ["address", "profile_id", "person_id", "is_seed", "first_name", "city", "Kunden Nr.", "updated_at"]


def test_formulas_are_neutralised_in_csv_only(workspace: Workspace) -> None:
    names = ("=1", "+1", "-1", "@x", "\tx", "\rx", "'=1", " =1", "Ann=a", "")
    run = publish(workspace, decision(names=names))
    by_id = {row["profile_id"]: row["first_name"] for row in rows(run.path)}
    assert [by_id[f"p{number}"] for number in range(len(names))] == ["'=1", "'+1", "'-1", "'@x", "'\tx", "'\rx", "'=1", " =1", "Ann=a", ""]
    parquet = str(run.path / "audience.parquet")
    assert dict(duckdb.connect().read_parquet(parquet).filter("NOT is_seed").project("profile_id, first_name").fetchall()) == {
        f"p{number}": name for number, name in enumerate(names)
    }


def test_csv_is_rfc_4180_with_line_feeds(workspace: Workspace) -> None:
    run = publish(workspace, decision())
    text = (run.path / "audience.csv").read_bytes()
    assert text.startswith(b"address,profile_id,person_id,is_seed,first_name,city,Kunden Nr.,updated_at\n")
    assert b'x2@example.at,p2,h2,false,"Bert ""B"", jun.\nzweite Zeile",,\'-2,2026-01-02T03:04:05Z\n' in text
    assert text.endswith(b"aaa-seed@example.at,,,true,,,,\n")
    assert b"\r" not in text


def test_exclusions_keep_every_reason_in_order(workspace: Workspace) -> None:
    run = publish(workspace, decision())
    found = duckdb.connect().execute(
        "SELECT address, profile_id, reason, is_primary, detail FROM read_parquet(?)", [str(run.path / "exclusions.parquet")]
    )
    assert found.fetchall() == [
        ("", "p4", "address_missing", True, ""),
        ("", "p5", "address_invalid", True, "two@at@signs"),
        ("out@example.at", "p3", "quarantined_hard", True, ""),
        ("out@example.at", "p3", "opted_out_list", False, ""),
    ]


def test_same_inputs_same_bytes_whatever_the_threads(tmp_path: Path) -> None:
    # Several row groups for each thread: the order within one alone would hide a plan that loses the file's order.
    runs = [
        publish(Workspace(tmp_path / str(number)), grow(decision(threads=threads), 400_000)) for number, threads in enumerate((1, 2, 2))
    ]
    assert content(runs[0].path) == content(runs[1].path)
    assert [*verification.find_faults(runs[0])] == []


def test_manifest_says_what_went_in_and_came_out(workspace: Workspace) -> None:
    run = publish(workspace, decision(), warnings=["feed clicks is stale"])
    manifest = json.loads((run.path / "manifest.json").read_text())
    assert manifest["counts"] == {"candidates": 6, "audience": 3, "excluded": 3, "seeds": 1}
    assert manifest["excluded_by_reason"] == {"address_missing": 1, "address_invalid": 1, "quarantined_hard": 1}
    assert manifest["reasons"] == {"address_missing": 1, "address_invalid": 1, "quarantined_hard": 1, "opted_out_list": 1}
    assert manifest["published_at"] == manifest["as_of"] == "2026-11-25T07:00:00Z"
    assert manifest["warnings"] == ["feed clicks is stale"]
    assert [(feed["file"], feed["age"]) for feed in manifest["feeds"]] == [("about a***@example.at.csv", 93600), ("people.csv", 7200)]
    assert [(feed["feed"], feed["is_stale"], feed["max_age"]) for feed in manifest["freshness"]] == [
        ("crm", False, 93600),
        ("ecg", True, 35 * 86400),
    ]
    assert manifest["validation"][0]["name"] == "addresses_are_unique"
    for file in manifest["files"]:
        data = (run.path / file["name"]).read_bytes()
        assert (file["bytes"], file["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())
    assert {file["name"]: file["rows"] for file in manifest["files"]} == {
        "audience.csv": 4,
        "audience.parquet": 4,
        "exclusions.parquet": 4,
        "configuration.json": None,
        "report.html": None,
    }
    assert set(content(run.path)) == {"manifest.json", *(file["name"] for file in manifest["files"])}


def test_no_address_in_manifest_or_report(workspace: Workspace) -> None:
    first = publish(workspace, decision())
    run = publish(workspace, decision().at(1), previous=first)
    texts = (run.path / "manifest.json").read_text() + (run.path / "report.html").read_text()
    for address in ("@example.at", "two@at@signs"):
        assert address not in texts.replace("a***@example.at.csv", "")


def test_formats_choose_the_audience_files(workspace: Workspace) -> None:
    run = publish(workspace, decision(formats=("csv",)))
    assert set(content(run.path)) == {"audience.csv", "configuration.json", "exclusions.parquet", "manifest.json", "report.html"}
    run = publish(workspace, decision(formats=("parquet",), id="other"))
    assert set(content(run.path)) == {"audience.parquet", "configuration.json", "exclusions.parquet", "manifest.json", "report.html"}


def test_the_gate_sees_the_staged_files_as_views(workspace: Workspace) -> None:
    decided = decision(formats=("csv",))
    with publication.stage(workspace, decided) as staged:
        cursor = decided.con.cursor()
        assert cursor.execute("SELECT count(*) FROM audience_file").fetchall() == [(4,)]
        assert cursor.execute("SELECT count(*) FROM exclusions_file").fetchall() == [(4,)]
        assert staged.audience.is_file()
    assert list(decided.con.execute("SELECT view_name FROM duckdb_views() WHERE view_name LIKE '%_file'").fetchall()) == []


def test_nothing_is_left_when_the_gate_refuses(workspace: Workspace) -> None:
    with pytest.raises(ValidationFailed), publication.stage(workspace, decision()):
        raise ValidationFailed("refused")
    assert list((workspace.outbox / "ufer" / "news").iterdir()) == []


def test_what_a_killed_process_left_is_removed(workspace: Workspace) -> None:
    folder = workspace.outbox / "ufer" / "news"
    (folder / ".20261101T070000Z-ffffffff.part").mkdir(parents=True)
    (folder / ".20261101T070000Z-ffffffff.part" / "audience.csv").write_text("half")
    run = publish(workspace, decision())
    assert sorted(path.name for path in folder.iterdir()) == [run.run_id, "latest.json"]


def test_publishing_again_changes_nothing(workspace: Workspace) -> None:
    first = publish(workspace, decision())
    before, changed_at = content(first.path), (first.path / "manifest.json").stat().st_mtime_ns
    again = publish(workspace, decision())
    assert again == first
    assert content(first.path) == before
    assert (first.path / "manifest.json").stat().st_mtime_ns == changed_at
    assert publication.already_published(workspace, "ufer", "news", first.run_id) == first
    assert publication.already_published(workspace, "ufer", "news", "20200101T000000Z-00000000") is None


def test_latest_is_repaired_after_a_kill_between_rename_and_pointer(workspace: Workspace) -> None:
    first = publish(workspace, decision())
    latest = workspace.outbox / "ufer" / "news" / "latest.json"
    expected = latest.read_bytes()
    assert json.loads(expected) == {
        "run_id": first.run_id,
        "path": f"outbox/ufer/news/{first.run_id}",
        "as_of": "2026-11-25T07:00:00Z",
        "withdrawn": None,
    }
    latest.unlink()
    publish(workspace, decision())
    assert latest.read_bytes() == expected
    latest.unlink()
    publication.already_published(workspace, "ufer", "news", first.run_id)
    assert latest.read_bytes() == expected


def test_an_older_instant_does_not_become_the_latest(workspace: Workspace) -> None:
    newest = publish(workspace, decision())
    older = publish(workspace, decision().at(-24))
    assert outbox.latest_run(workspace, "ufer", "news") == newest
    assert outbox.runs_of(workspace, "ufer", "news") == [older, newest]
    assert outbox.previous_run(workspace, "ufer", "news", AS_OF) == older
    assert outbox.previous_run(workspace, "ufer", "news", older.as_of) is None


def test_a_changed_run_is_noticed_and_not_overwritten(workspace: Workspace) -> None:
    run = publish(workspace, decision())
    (run.path / "audience.csv").write_text("address\n")
    for attempt in (lambda: publish(workspace, decision()), lambda: publication.already_published(workspace, "ufer", "news", run.run_id)):
        with pytest.raises(ValidationFailed, match=r"audience.csv has 8 bytes"):
            attempt()
    assert (run.path / "audience.csv").read_text() == "address\n"


def test_another_result_under_the_same_id_is_refused(workspace: Workspace) -> None:
    publish(workspace, decision())
    with pytest.raises(ValidationFailed, match="the same inputs gave another result.*counts"):
        publish(workspace, decision(names=("Anna",)))


def test_a_run_of_another_version_stays(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    run = publish(workspace, decision())
    monkeypatch.setattr("pipeline.manifest.software_versions", lambda: {"presend": "99"})
    assert publish(workspace, decision()).manifest == run.manifest


def test_approval_waits_in_pending_and_moves_the_very_files(workspace: Workspace) -> None:
    waiting = publish(workspace, decision(approval="required"), is_pending=True)
    folder = workspace.outbox / "ufer" / "news"
    assert waiting.is_pending and waiting.path == folder / "pending" / waiting.run_id
    assert not (folder / "latest.json").exists() and outbox.runs_of(workspace, "ufer", "news") == []
    assert outbox.all_runs(workspace, is_pending=True) == [waiting]
    assert publish(workspace, decision(approval="required"), is_pending=True) == waiting
    before = content(waiting.path)
    run = publication.approve(workspace, waiting.run_id, by="maria@example.at", at=AS_OF)
    assert run.path == folder / waiting.run_id and not run.is_pending
    assert run.manifest["approval"] == {"by": "m***@example.at", "at": "2026-11-25T07:00:00Z"}
    assert {name: data for name, data in content(run.path).items() if name != "manifest.json"} == {
        name: data for name, data in before.items() if name != "manifest.json"
    }
    assert outbox.latest_run(workspace, "ufer", "news") == run
    assert outbox.all_runs(workspace, is_pending=True) == []
    assert publication.approve(workspace, waiting.run_id, by="Somebody", at=AS_OF) == run
    assert publish(workspace, decision(approval="required"), is_pending=True) == run


def test_approval_refuses_a_run_that_was_changed_while_it_waited(workspace: Workspace) -> None:
    waiting = publish(workspace, decision(approval="required"), is_pending=True)
    (waiting.path / "audience.csv").unlink()
    with pytest.raises(ValidationFailed, match=r"audience.csv is missing"):
        publication.approve(workspace, waiting.run_id, by="Maria", at=AS_OF)
    assert outbox.latest_run(workspace, "ufer", "news") is None


def test_an_unknown_run_is_not_found(workspace: Workspace) -> None:
    publish(workspace, decision())
    for run_id in ("20200101T000000Z-00000000", "../news", ""):
        with pytest.raises(NotFound):
            outbox.find_run(workspace, run_id)


@pytest.mark.parametrize("columns", [("address",), ("first_name", "First_Name"), ("IS_SEED",)])
def test_a_column_that_would_stand_twice_is_a_configuration_error(workspace: Workspace, columns: tuple[str, ...]) -> None:
    with pytest.raises(ConfigurationError, match="twice"):
        publish(workspace, decision(columns=columns))


def test_column_names_are_data(workspace: Workspace) -> None:
    name = "x\"; DROP TABLE candidate; --'"
    run = publish(workspace, decision(columns=("profile_id", name)))
    assert list(rows(run.path)[0]) == ["address", "profile_id", "person_id", "is_seed", name]


def test_an_empty_run_is_published_with_header_and_counts(workspace: Workspace) -> None:
    decided = decision(names=())
    decided.con.execute("DELETE FROM seed_address; DELETE FROM candidate; DELETE FROM decision; DELETE FROM exclusion")
    run = publish(workspace, decided)
    assert run.counts == {"candidates": 0, "audience": 0, "excluded": 0, "seeds": 0}
    assert (run.path / "audience.csv").read_text().count("\n") == 1
    assert replace(run, manifest={}) != run
