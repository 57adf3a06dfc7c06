"""A file of the ledger that is not what was written is found by its hash and named, nothing is published, and the remedy works."""

import json
import shutil
from pathlib import Path

import pytest

from pipeline.cli import invoke
from pipeline.ledger import Load
from tests.lib.snapshots import bytes_of, differing
from tests.lib.stages import Stage, contents
from tests.lib.workspaces import AS_OF, presend, write_rows


def flip(path: Path) -> None:
    """Another bit in the middle; the size stays."""
    found = path.stat()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert path.stat().st_size == found.st_size


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


HARMS = {"flipped": flip, "truncated": truncate, "deleted": Path.unlink}


def ledger_file(folder: Path, feed: str, name: str) -> Path:
    return sorted((folder / "ledger" / feed).glob(f"*/{name}"))[0]


def refused(folder: Path, *command: str) -> dict[str, str]:
    """The error with which the command refuses; what others see stays as it was."""
    before = bytes_of(folder, "warehouse", "outbox")
    answer = presend(folder, *command, "--as-of", AS_OF)
    assert answer.code == 13, (command, answer.document)
    assert bytes_of(folder, "warehouse", "outbox") == before, command
    return answer.error


@pytest.mark.parametrize(
    ("harm", "feed", "name"),
    [
        ("flipped", "consent", "consent.parquet"),
        *(pytest.param(harm, "consent", "consent.parquet", marks=pytest.mark.slow) for harm in ("truncated", "deleted")),
        pytest.param("flipped", "profiles", "profile.parquet", marks=pytest.mark.slow),
        pytest.param("flipped", "consent", "rejected.parquet", marks=pytest.mark.slow),
    ],
)
def test_a_damaged_file_is_named_and_made_again_from_landing(
    harm: str, feed: str, name: str, stages: dict[str, Stage], tmp_path: Path
) -> None:
    folder = stages["build"].copy(tmp_path / "company")
    path = ledger_file(folder, feed, name)
    HARMS[harm](path)
    for command in (("build",), ("publish", "a-news"), ("run",)):
        if command == ("run",) and harm != "flipped":
            continue  # its ingest makes it again unasked
        error = refused(folder, *command)
        assert error["where"] == path.relative_to(folder).as_posix()
        assert f"presend ingest {feed}" in error["remedy"]
    path.unlink(missing_ok=True)
    assert presend(folder, "ingest", feed, "--as-of", AS_OF).code == 0
    assert differing(stages["ingest"].after, contents(folder)) == []
    assert presend(folder, "run", "--as-of", AS_OF).code == 0
    assert differing(stages["run"].after, contents(folder)) == []


def test_what_is_made_again_keeps_the_time_of_its_receipt(stages: dict[str, Stage], tmp_path: Path) -> None:
    """Else Monday's snapshot would be newer than Tuesday's."""
    folder = stages["build"].copy(tmp_path / "company")
    later = AS_OF.replace("T08:00", "T08:30")
    people = folder / "landing" / "profiles" / "crm.csv"
    shutil.copy(people, people.with_name("tuesday.csv"))
    people.with_name("tuesday.csv").write_text("".join(people.read_text().splitlines(keepends=True)[:-5]))
    assert presend(folder, "ingest", "--as-of", later).code == 0
    before = contents(folder)
    ledger_file(folder, "profiles", "profile.parquet").unlink()
    assert presend(folder, "ingest", "--as-of", AS_OF.replace("T08:00", "T09:00")).code == 0
    assert differing(before, contents(folder)) == []


@pytest.mark.parametrize("harm", ["flipped", *(pytest.param(harm, marks=pytest.mark.slow) for harm in ("truncated", "deleted"))])
def test_a_damaged_file_is_found_when_the_warehouse_is_current(harm: str, stages: dict[str, Stage], tmp_path: Path) -> None:
    folder = stages["publish"].copy(tmp_path / "company")
    path = ledger_file(folder, "consent", "consent.parquet")
    assert presend(folder, "publish", "a-news", "--dry-run", "--as-of", AS_OF).code == 0
    HARMS[harm](path)
    assert refused(folder, "publish", "a-news")["where"] == path.relative_to(folder).as_posix()


def test_verify_and_explain_tell_of_a_damaged_file(stages: dict[str, Stage], tmp_path: Path) -> None:
    folder = stages["publish"].copy(tmp_path / "company")
    answer = presend(folder, "publish", "a-news", "--as-of", AS_OF)
    assert answer.code == 0
    path = ledger_file(folder, "profiles", "profile.parquet")
    flip(path)
    code, document = invoke(["--json", "verify", answer.document["path"]])
    assert code == 13 and json.loads(document)["error"]["where"] == path.relative_to(folder).as_posix()
    assert presend(folder, "explain", "a-news", "p1", "--as-of", AS_OF).code == 13


@pytest.mark.slow
def test_a_file_whose_landing_file_is_gone_can_only_be_restored(stages: dict[str, Stage], tmp_path: Path) -> None:
    folder = stages["build"].copy(tmp_path / "company")
    path = ledger_file(folder, "consent", "consent.parquet")
    shutil.copy2(path, tmp_path / "backup")
    (folder / "landing" / "consent" / "forms.csv").unlink()
    flip(path)
    assert "ingest" not in refused(folder, "build")["remedy"]
    path.unlink()
    assert presend(folder, "ingest", "--as-of", AS_OF).code == 0
    assert "backup" in refused(folder, "build")["remedy"]
    shutil.copy2(tmp_path / "backup", path)
    assert presend(folder, "build", "--as-of", AS_OF).code == 0


@pytest.mark.parametrize("harm", ["truncated", *(pytest.param(harm, marks=pytest.mark.slow) for harm in ("flipped", "deleted"))])
def test_a_damaged_load_json_is_named(harm: str, stages: dict[str, Stage], tmp_path: Path) -> None:
    folder = stages["build"].copy(tmp_path / "company")
    path = ledger_file(folder, "consent", "load.json")
    HARMS[harm](path)
    for command in (("ingest",), ("build",), ("publish", "a-news"), ("run",)):
        assert refused(folder, *command)["where"] == path.relative_to(folder).as_posix()
    shutil.rmtree(path.parent)
    assert presend(folder, "ingest", "consent", "--as-of", AS_OF).code == 0
    assert presend(folder, "run", "--as-of", AS_OF).code == 0
    assert differing(stages["run"].after, contents(folder)) == []


@pytest.mark.slow
def test_a_member_of_an_archive_is_made_again_alone(tmp_path: Path, stages: dict[str, Stage]) -> None:
    folder = stages["build"].copy(tmp_path / "company")
    row = {"event_id": "z1", "occurred_at": "2026-05-01T10:00:00Z", "action": "opt_out", "scope": "organisation", "scope_id": "o1"}
    for name in ("one", "two"):
        write_rows(tmp_path / "members" / f"{name}.csv", list(row), [{**row, "address": f"{name}@post.example.at"}])
    for name in ("a", "b"):  # the same bytes twice: the second arrival points to the first one's rows
        shutil.make_archive(str(folder / "landing" / "consent" / name), "zip", tmp_path / "members")
    (folder / "feeds" / "consent.yaml").write_text(json.dumps({"source": "canonical_consent", "max_age": "365d", "max_rejected": "20%"}))
    assert presend(folder, "ingest", "--as-of", AS_OF).code == 0
    before = contents(folder)
    (lost,) = (folder / "ledger" / "consent").glob("two-csv-*/consent.parquet")
    lost.unlink()
    assert refused(folder, "build")["where"] == lost.relative_to(folder).as_posix()
    answer = presend(folder, "ingest", "--as-of", AS_OF)
    assert answer.code == 0 and len(answer.document["files"]) == 1
    assert differing(before, contents(folder)) == []


@pytest.mark.slow
def test_a_ledger_without_hashes_is_still_read(stages: dict[str, Stage], tmp_path: Path) -> None:
    folder = stages["build"].copy(tmp_path / "company")
    for path in folder.glob("ledger/*/*/load.json"):
        values = json.loads(path.read_text())
        del values["files"], values["checksum"]
        path.write_text(json.dumps(values))
        assert Load.from_json(path.read_text()).files == ()
    assert presend(folder, "build", "--as-of", AS_OF).code == 0
    ledger_file(folder, "consent", "consent.parquet").unlink()
    assert refused(folder, "build")["where"].endswith("consent.parquet")


def test_nothing_is_hashed_again_that_nobody_touched(stages: dict[str, Stage], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.ledger import intact

    folder = stages["publish"].copy(tmp_path / "company")
    assert presend(folder, "publish", "a-news", "--dry-run", "--as-of", AS_OF).code == 0
    hashed = []
    monkeypatch.setattr(intact, "_sha256_of", lambda path: hashed.append(path) or "")
    assert presend(folder, "publish", "a-news", "--dry-run", "--as-of", AS_OF).code == 0
    assert hashed == []
    shutil.rmtree(folder / ".presend")
    assert presend(folder, "publish", "a-news", "--dry-run", "--as-of", AS_OF).code == 13 and hashed
