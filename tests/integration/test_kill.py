"""kill -9 at any moment leaves everything valid, and the next run completes what an undisturbed one would have made.

`PRESEND_KILLS=200 pytest tests/integration/test_kill.py` kills as often as one has time for; without it a few times. The
moments are drawn from a seed that a failure prints; `PRESEND_KILL_SEED` plays them again.
"""

import os
import shutil
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from tests.lib.snapshots import bytes_of, damage, differing, snapshot
from tests.lib.workspaces import AS_OF, presend, presend_process

from .conftest import Undisturbed

KILLS = int(os.environ.get("PRESEND_KILLS", "12"))
SEED = int(os.environ.get("PRESEND_KILL_SEED", "0")) or int.from_bytes(os.urandom(4), "big")

COMMANDS = {
    "ingest": ([], ["ingest"], 0.5),
    "build": ([["ingest"]], ["build"], 0.5),
    "publish": ([["ingest"], ["build"]], ["publish", "a-news"], 4.0),
    "run": ([], ["run"], 4.0),
}
"""What is killed: the commands before it, the command, and how many seconds longer it takes in a process of its own."""
TURNS = ("ingest", "build", "run", "ingest", "build", "publish")


@dataclass(frozen=True)
class Stage:
    """A workspace just before a command, and about how long the command works on it."""

    folder: Path
    command: list[str]
    seconds: float


@pytest.fixture(scope="module")
def stages(undisturbed: Undisturbed, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Stage]:
    found = {}
    for name, (before, command, longer) in COMMANDS.items():
        folder = tmp_path_factory.mktemp(name) / "company"
        shutil.copytree(undisturbed.template, folder)
        for earlier in before:
            assert presend(folder, *earlier, "--as-of", AS_OF).code == 0
        shutil.rmtree(folder / ".presend", ignore_errors=True)
        trial = tmp_path_factory.mktemp(name) / "trial"
        shutil.copytree(folder, trial)
        began = time.monotonic()
        assert presend(trial, *command, "--as-of", AS_OF).code == 0
        found[name] = Stage(folder, command, time.monotonic() - began + longer)
    return found


@pytest.mark.parametrize("number", range(KILLS))
def test_after_a_kill_all_is_valid_and_the_next_run_completes(
    number: int, stages: dict[str, Stage], undisturbed: Undisturbed, tmp_path: Path
) -> None:
    random = Random(f"{SEED} {number}")
    name = TURNS[number % len(TURNS)]
    stage = stages[name]
    folder = tmp_path / "company"
    shutil.copytree(stage.folder, folder)
    moments = []
    for _ in range(random.choice([1, 1, 2])):
        moments.append(random.random() * stage.seconds)
        _kill(folder, stage.command, moments[-1])
        story = (
            f"PRESEND_KILL_SEED={SEED}: {name} was killed after {', '.join(f'{moment:.3f}' for moment in moments)} s of {stage.seconds:.3f}"
        )
        assert damage(folder) == [], story
        assert differing(bytes_of(undisturbed.template, "landing"), bytes_of(folder, "landing")) == [], story
    answer = presend(folder, "run", "--as-of", AS_OF)
    assert answer.code == 0, f"{story}; then {answer.error}"
    assert differing(undisturbed.after_run, snapshot(folder)) == [], story
    assert _leftovers(folder) == [], story


def test_what_a_killed_build_left_beside_a_warehouse_that_is_current_goes_with_the_next_run(
    stages: dict[str, Stage], undisturbed: Undisturbed, tmp_path: Path
) -> None:
    folder = tmp_path / "company"
    shutil.copytree(stages["publish"].folder, folder)
    for name in (".building-presend.duckdb", ".building-presend.duckdb.wal"):
        (folder / "warehouse" / name).write_bytes(b"half a warehouse")
    assert presend(folder, "run", "--as-of", AS_OF).code == 0
    assert differing(undisturbed.after_run, snapshot(folder)) == []
    assert _leftovers(folder) == []


def _kill(folder: Path, command: list[str], after: float) -> None:
    """Kill the command `after` seconds of its work: what comes before is Python's start, where nothing can go wrong."""
    before = _scratch(folder)
    process = presend_process(folder, *command, "--as-of", AS_OF)
    while _scratch(folder) == before and process.poll() is None:
        time.sleep(0.001)
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)


def _scratch(folder: Path) -> set[str]:
    return {path.name for path in folder.glob(".presend/*")}


def _leftovers(folder: Path) -> list[str]:
    """What the next run should have cleared away: half-written loads and runs; the scratch folder may keep what a day will clear."""
    return [str(path.relative_to(folder)) for top in ("ledger", "warehouse", "outbox", "rejected") for path in (folder / top).rglob(".*")]
