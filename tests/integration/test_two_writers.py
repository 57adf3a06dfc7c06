"""Two writers at once: the second waits, or exits 15 having done nothing; nothing is lost. Readers are never in the way."""

import json
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from pipeline import publishing
from pipeline import workspace as workspaces
from pipeline.ledger import read_loads
from pipeline.ledger.loads import version_of
from pipeline.workspace import Workspace
from tests.lib.company import write_company
from tests.lib.snapshots import bytes_of, differing, snapshot
from tests.lib.workspaces import AS_OF, presend, presend_process, publication

from .conftest import Undisturbed

READER = """
import sys, time
import duckdb
from pathlib import Path
folder = Path(sys.argv[1])
with duckdb.connect(str(folder / "warehouse" / "presend.duckdb"), read_only=True) as con:
    first = con.execute("SELECT count(*), sum(hash(profile_id)) FROM profile").fetchall()
    (folder / "reading").touch()
    questions = 0
    while not (folder / "enough").exists():
        assert con.execute("SELECT count(*), sum(hash(profile_id)) FROM profile").fetchall() == first
        questions += 1
        time.sleep(0.02)
print(questions)
"""


def test_two_runs_at_once_lose_nothing(undisturbed: Undisturbed, tmp_path: Path) -> None:
    write_company(tmp_path)
    both = [presend_process(tmp_path, "run", "--as-of", AS_OF) for _ in range(2)]
    codes = []
    for process in both:
        said, _ = process.communicate(timeout=300)
        codes.append(process.returncode)
        assert process.returncode in (0, 15), said
    assert 0 in codes
    assert differing(undisturbed.after_run, snapshot(tmp_path)) == []
    assert presend(tmp_path, "run", "--as-of", AS_OF).code == 0
    assert differing(undisturbed.after_run, snapshot(tmp_path)) == []


def test_feeds_load_side_by_side(undisturbed: Undisturbed, tmp_path: Path) -> None:
    write_company(tmp_path)
    loads = [
        presend_process(tmp_path, "ingest", *feeds, "--as-of", AS_OF) for feeds in (["profiles", "ecg"], ["consent", "delivery", "bounces"])
    ]
    for process in loads:
        said, _ = process.communicate(timeout=300)
        assert process.returncode == 0, said
    assert presend(tmp_path, "run", "--as-of", AS_OF).code == 0
    # The chain of the loads stands in the order in which they came, and manifests name its head.
    other = [name for name in differing(undisturbed.after_run, snapshot(tmp_path)) if "chain.jsonl" not in name]
    assert not [name for name in other if "manifest.json" not in name]
    for run in (tmp_path / "outbox").glob("*/*/2*/manifest.json"):
        ours, theirs = (json.loads(path.read_text()) for path in (run, undisturbed.folder / run.relative_to(tmp_path)))
        assert ours | {"ledger_head": ""} == theirs | {"ledger_head": ""}


@pytest.mark.parametrize(
    ("lock", "command"),
    [("ledger.consent", ["ingest"]), ("warehouse", ["build"]), ("outbox.o1.a-news", ["publish", "a-news"]), ("warehouse", ["run"])],
    ids=["ingest", "build", "publish", "run"],
)
def test_who_finds_another_writer_at_work_exits_15_and_says_so(
    lock: str, command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_company(tmp_path, profiles=20)
    monkeypatch.setitem(Workspace.lock.__wrapped__.__kwdefaults__, "wait_seconds", 0.2)  # type: ignore[attr-defined]
    if command[0] == "publish":
        assert presend(tmp_path, "ingest", "--as-of", AS_OF).code == 0
    before = bytes_of(tmp_path, "outbox", "warehouse")
    with Workspace(tmp_path).lock(lock):
        answer = presend(tmp_path, *command, "--as-of", AS_OF)
        assert answer.code == 15, answer.document
        assert "another process is writing" in answer.error["message"]
        assert answer.error["remedy"]
    assert bytes_of(tmp_path, "outbox", "warehouse") == before
    after = presend(tmp_path, "run", "--as-of", AS_OF)
    assert after.code == 0, after.error


def test_the_second_writer_waits_for_the_first(tmp_path: Path) -> None:
    write_company(tmp_path, profiles=20)
    is_held, seconds = threading.Event(), 0.7

    def hold() -> None:
        with Workspace(tmp_path).lock("ledger.consent"):
            is_held.set()
            time.sleep(seconds)

    holder = threading.Thread(target=hold)
    holder.start()
    is_held.wait()
    began = time.monotonic()
    assert presend(tmp_path, "ingest", "--as-of", AS_OF).code == 0
    holder.join()
    assert time.monotonic() - began >= seconds / 2
    assert workspaces.LOCK_WAIT_SECONDS >= 5, "a writer has time to finish a small load"


def test_a_run_names_the_ledger_that_it_was_decided_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else loads and builds between the moment at which the inputs are read and the decision."""
    write_company(tmp_path, profiles=20)
    for command in ("ingest", "build"):
        assert presend(tmp_path, command, "--as-of", AS_OF).code == 0
    read_inputs = publishing.inputs_of

    def inputs_while_somebody_builds(*arguments: Any) -> Any:
        inputs = read_inputs(*arguments)
        monkeypatch.setattr(publishing, "inputs_of", read_inputs)
        shutil.copy(tmp_path / "landing" / "profiles" / "crm.csv", tmp_path / "landing" / "profiles" / "later.csv")
        for command in ("ingest", "build"):
            assert presend(tmp_path, command, "--as-of", AS_OF).code == 0
        return inputs

    monkeypatch.setattr(publishing, "inputs_of", inputs_while_somebody_builds)
    campaign = tmp_path / "campaigns" / "b-rest.yaml"
    settings = json.loads(campaign.read_text())
    campaign.write_text(json.dumps({**settings, "exclude_optional": settings["exclude"]}))
    answer = presend(tmp_path, "publish", "b-rest", "--as-of", AS_OF)
    assert answer.code in (0, 15), answer.error
    if answer.code == 0:
        manifest = publication(tmp_path, "b-rest").manifest
        is_after = any(entry["file"] == "later.csv" for entry in manifest["feeds"])
        assert (manifest["ledger_version"] == version_of(read_loads(Workspace(tmp_path)))) == is_after


def test_a_reader_holds_the_warehouse_open_while_builds_replace_it(tmp_path: Path) -> None:
    write_company(tmp_path)
    assert presend(tmp_path, "run", "--as-of", AS_OF).code == 0
    reader = subprocess.Popen([sys.executable, "-c", READER, str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not (tmp_path / "reading").exists() and reader.poll() is None:
        time.sleep(0.01)
    for number in range(1, 4):
        shutil.copy(tmp_path / "landing" / "profiles" / "crm.csv", tmp_path / "landing" / "profiles" / f"crm-{number}.csv")
        as_of = AS_OF.replace("08:00", f"08:0{number}")
        answer = presend(tmp_path, "run", "--as-of", as_of)
        assert answer.code == 0, answer.error
        assert reader.poll() is None, "the reader was disturbed"
    (tmp_path / "enough").touch()
    said, complaint = reader.communicate(timeout=60)
    assert reader.returncode == 0, complaint
    assert int(said) > 10
