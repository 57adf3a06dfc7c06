"""A warehouse that somebody wrote to is never used: it is built again from the ledger, and who said no stays out of the audience."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import duckdb
import pytest

from tests.lib.workspaces import AS_OF, presend, publication
from tests.lib.world import World

LATER = "2026-06-01T08:10:00+00:00"
FREE = "DELETE FROM restriction"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Jane has opted out, Bob has not; all is built, nothing is published yet."""
    world = World(tmp_path_factory.mktemp("built"))
    world.profiles("email\njane@post.example.at\nbob@post.example.at")
    world.consents("address              | action  | occurred_at\njane@post.example.at | opt_out | 2026-05-01T10:00:00Z")
    world.campaign()
    world.arrives(as_of=AS_OF)
    world.does("build")
    return world.folder


@pytest.fixture
def folder(built: Path, tmp_path: Path) -> Path:
    folder = Path(shutil.copytree(built, tmp_path / "company"))
    assert presend(folder, "status", "--as-of", AS_OF).document["warehouse"]["is_current"] is True  # what was built is known here
    return folder


def database(folder: Path) -> Path:
    return folder / "warehouse" / "presend.duckdb"


def change(folder: Path, statement: str = FREE) -> None:
    with duckdb.connect(str(database(folder))) as con:
        con.execute(statement)


def change_and_set_back_the_time(folder: Path) -> None:
    found = database(folder).stat()
    change(folder)
    os.utime(database(folder), ns=(found.st_atime_ns, found.st_mtime_ns))


def flip_a_bit(folder: Path) -> None:
    path, found = database(folder), database(folder).stat()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))
    assert path.stat().st_size == found.st_size


def put_another_in_its_place(folder: Path) -> None:
    other = folder / "other.duckdb"
    shutil.copy(database(folder), other)
    with duckdb.connect(str(other)) as con:
        con.execute(FREE)
    other.replace(database(folder))


def change_and_be_killed(folder: Path) -> None:
    """What was changed stands in DuckDB's log only: the file itself is the very one."""
    script = f"import duckdb, os; con = duckdb.connect({str(database(folder))!r}); con.execute({FREE!r}); os._exit(9)"
    before = database(folder).read_bytes()
    subprocess.run([sys.executable, "-c", script], check=False, timeout=60)
    assert database(folder).read_bytes() == before
    assert database(folder).with_name("presend.duckdb.wal").stat().st_size


CHANGES: list[Callable[[Path], None]] = [change, change_and_set_back_the_time, flip_a_bit, put_another_in_its_place, change_and_be_killed]


@pytest.mark.parametrize("changed_by", CHANGES, ids=lambda found: found.__name__)
def test_a_changed_warehouse_is_named(changed_by: Callable[[Path], None], folder: Path) -> None:
    changed_by(folder)
    document = presend(folder, "status", "--as-of", AS_OF).document
    (named,) = document["attention"]
    assert (named["kind"], named["where"], named["stops"]) == ("changed_warehouse", "warehouse/presend.duckdb", None)
    assert document["warehouse"]["is_current"] is False


@pytest.mark.parametrize(
    "changed_by",
    [pytest.param(found, marks=[] if found is change_and_be_killed else pytest.mark.slow, id=found.__name__) for found in CHANGES],
)
def test_nobody_gets_in_by_a_changed_warehouse(changed_by: Callable[[Path], None], folder: Path) -> None:
    changed_by(folder)
    answer = presend(folder, "publish", "c1", "--as-of", AS_OF)
    assert answer.code == 0, answer.error
    assert publication(folder, "c1", "o1").addresses == ["bob@post.example.at"]
    assert presend(folder, "status", "--as-of", AS_OF).document["attention"] == []
    assert presend(folder, "verify", answer.document["path"]).document["unchecked"] == []


@pytest.mark.parametrize("lost", ["built.json", "presend.duckdb", "both", "damaged"])
def test_a_warehouse_whose_hash_is_not_there_is_built_again(lost: str, folder: Path) -> None:
    change(folder)
    record = folder / "warehouse" / "built.json"
    if lost == "damaged":
        record.write_text('{"sha256":')
    for path in {"built.json": [record], "presend.duckdb": [database(folder)], "both": [record, database(folder)]}.get(lost, []):
        path.unlink()
    assert presend(folder, "status", "--as-of", AS_OF).document["warehouse"]["is_current"] is False
    assert presend(folder, "build", "--as-of", AS_OF).code == 0
    assert presend(folder, "status", "--as-of", AS_OF).document["warehouse"]["is_current"] is True


def test_explanations_and_withdrawn_lists_do_not_ask_a_changed_warehouse(folder: Path) -> None:
    run_id = presend(folder, "publish", "c1", "--as-of", AS_OF).document["run_id"]
    (folder / "landing" / "consent" / "late.csv").write_text(
        "event_id,occurred_at,action,address,scope,scope_id\nl1,2026-05-02T10:00:00Z,opt_out,bob@post.example.at,organisation,o1\n"
    )
    assert presend(folder, "ingest", "--as-of", LATER).code == 0
    assert presend(folder, "build", "--as-of", LATER).code == 0
    change(folder)
    explained = presend(folder, "explain", "c1", "jane@post.example.at", "--as-of", LATER).document
    assert "opted_out_organisation" in str(explained)
    change(folder)
    assert presend(folder, "recheck", run_id, "--as-of", LATER).document["withdrawn"] == 1
    change(folder, "DELETE FROM profile_record")
    asked = presend(folder, "explain", "c1", "jane@post.example.at", "--run", run_id).document
    assert "opted_out_organisation" in str(asked)


def test_whoever_forges_the_hash_as_well_is_found_by_verify(folder: Path) -> None:
    """It asks the ledger alone."""
    change(folder)
    (folder / "warehouse" / "built.json").write_text(f'{{"sha256": "{sha256(database(folder).read_bytes()).hexdigest()}"}}')
    answer = presend(folder, "publish", "c1", "--as-of", AS_OF)
    assert "jane@post.example.at" in publication(folder, "c1", "o1").addresses, "the forgery that verify has to find"
    found = presend(folder, "verify", answer.document["path"])
    assert found.code == 13 and "opted_out_organisation" in found.error["message"]


def test_a_warehouse_that_nobody_touched_is_not_hashed_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline import built as watched

    hashed: list[Path] = []
    monkeypatch.setattr(watched, "_sha256_of", lambda path: hashed.append(path) or "")
    assert presend(folder, "status", "--as-of", AS_OF).document["warehouse"]["is_current"] is True
    assert hashed == []
    shutil.rmtree(folder / ".presend")
    assert presend(folder, "status", "--as-of", AS_OF).document["warehouse"]["is_current"] is False
    assert hashed == [database(folder)] * len(hashed) and hashed
