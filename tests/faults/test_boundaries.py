"""kill -9 exactly where a step begins or ends, and before every single change of a file: nothing half done is seen, nothing is lost.

In the normal suite a few boundaries, drawn from a seed that a failure prints (`PRESEND_KILL_SEED` plays them again); `-m slow` takes all.
"""

import os
import shutil
from pathlib import Path
from random import Random

import pytest

from tests.lib.killing import Killer
from tests.lib.snapshots import bytes_of, damage, differing, leftovers
from tests.lib.stages import Stage, contents
from tests.lib.workspaces import AS_OF, presend

SEED = int(os.environ.get("PRESEND_KILL_SEED", "0")) or int.from_bytes(os.urandom(4), "big")
SAMPLE = 2


def faults_after_kill(killer: Killer, stage: Stage, boundary: int, folder: Path) -> list[str]:
    """What is wrong after a kill at the boundary, and after the command was given once more."""
    stage.copy(folder)
    ended = killer.run(folder, *stage.command, "--as-of", AS_OF, boundary=boundary)
    place = f"{' '.join(stage.command)}, killed at {boundary} ({ended.boundaries[-1]})"
    if not ended.was_killed:
        return [f"{place}: was not killed but ended with {ended.code}"]
    faults = [*damage(folder), *differing(bytes_of(stage.folder, "landing"), bytes_of(folder, "landing"))]
    answer = presend(folder, *stage.command, "--as-of", AS_OF)
    if answer.code:
        faults.append(f"the next one ended with {answer.error}")
    else:
        faults += differing(stage.after, contents(folder))
        faults += leftovers(folder)
    shutil.rmtree(folder)
    return [f"{place}: {fault}" for fault in faults]


def boundaries_of(killer: Killer, stage: Stage, folder: Path) -> list[str]:
    """The boundaries that the undisturbed command comes by."""
    ended = killer.run(stage.copy(folder), *stage.command, "--as-of", AS_OF)
    assert ended.code == 0
    assert differing(stage.after, contents(folder)) == [], "the watched command made something else"
    shutil.rmtree(folder)
    return ended.boundaries


@pytest.mark.parametrize("name", ["ingest", "build", "publish"])
def test_a_kill_at_a_boundary_loses_nothing(name: str, stages: dict[str, Stage], killer: Killer, tmp_path: Path) -> None:
    boundaries = boundaries_of(killer, stages[name], tmp_path / "trial")
    drawn = Random(f"{SEED} {name}").sample(range(len(boundaries)), SAMPLE)
    faults = [fault for number in drawn for fault in faults_after_kill(killer, stages[name], number, tmp_path / "company")]
    assert faults == [], f"PRESEND_KILL_SEED={SEED}"


@pytest.mark.slow
@pytest.mark.parametrize("name", ["ingest", "build", "publish"])
def test_a_kill_at_every_boundary_loses_nothing(name: str, stages: dict[str, Stage], killer: Killer, tmp_path: Path) -> None:
    boundaries = boundaries_of(killer, stages[name], tmp_path / "trial")
    faults = [fault for number in range(len(boundaries)) for fault in faults_after_kill(killer, stages[name], number, tmp_path / "company")]
    assert faults == []
    print(f"{name}: killed at {len(boundaries)} boundaries")
