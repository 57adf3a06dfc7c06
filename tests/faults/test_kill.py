"""kill -9 at any moment leaves everything valid, and the next run completes what an undisturbed one would have made.

`PRESEND_KILLS=300 pytest tests/faults/test_kill.py` kills as often as one has time for; without it a few times. The
moments are drawn from a seed that a failure prints; `PRESEND_KILL_SEED` plays them again.
"""

import os
import time
from pathlib import Path
from random import Random

import pytest

from tests.lib.killing import Killer
from tests.lib.snapshots import bytes_of, damage, differing, leftovers
from tests.lib.stages import Stage, contents
from tests.lib.workspaces import AS_OF, presend

KILLS = int(os.environ.get("PRESEND_KILLS", "24"))
SEED = int(os.environ.get("PRESEND_KILL_SEED", "0")) or int.from_bytes(os.urandom(4), "big")
TURNS = ("ingest", "build", "run", "publish")
AT_ONCE = 6
"""So many kills one after the other, of whatever the one before has left; then the run that completes it."""


@pytest.fixture(scope="module")
def seconds(stages: dict[str, Stage], killer: Killer, tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    """About how long each command takes."""
    found = {}
    for name in TURNS:
        folder = stages[name].copy(tmp_path_factory.mktemp(name) / "trial")
        began = time.monotonic()
        assert killer.run(folder, *stages[name].command, "--as-of", AS_OF).code == 0
        found[name] = time.monotonic() - began
    return found


@pytest.mark.parametrize("number", range(-(-KILLS // AT_ONCE)))
def test_after_kills_all_is_valid_and_the_next_run_completes(
    number: int, stages: dict[str, Stage], killer: Killer, seconds: dict[str, float], tmp_path: Path
) -> None:
    random = Random(f"{SEED} {number}")
    name = TURNS[number % len(TURNS)]
    stage = stages[name]
    folder = stage.copy(tmp_path / "company")
    story = f"PRESEND_KILL_SEED={SEED}: {name}, {seconds[name]:.3f} s long, was killed after"
    for _ in range(AT_ONCE):
        moment = random.random() * seconds[name]
        story += f" {moment:.3f} s"
        ended = killer.run(folder, *stage.command, "--as-of", AS_OF, seconds=moment)
        assert ended.was_killed or ended.code == 0, story
        assert damage(folder) == [], story
        assert differing(bytes_of(stage.folder, "landing"), bytes_of(folder, "landing")) == [], story
    answer = presend(folder, "run", "--as-of", AS_OF)
    assert answer.code == 0, f"{story}; then {answer.error}"
    assert differing(stages["run"].after, contents(folder)) == [], story
    assert leftovers(folder) == [], story


def test_what_a_killed_build_left_beside_a_warehouse_that_is_current_goes_with_the_next_run(
    stages: dict[str, Stage], tmp_path: Path
) -> None:
    folder = stages["publish"].copy(tmp_path / "company")
    for name in (".building-presend.duckdb", ".building-presend.duckdb.wal"):
        (folder / "warehouse" / name).write_bytes(b"half a warehouse")
    assert presend(folder, "run", "--as-of", AS_OF).code == 0
    assert differing(stages["run"].after, contents(folder)) == []
    assert leftovers(folder) == []
