"""A full disk stops a command with a message that says so; what others see stays whole, and with room again all is completed."""

from pathlib import Path

import pytest

from tests.faults.mounts import filled, small_disk
from tests.lib.killing import Killer
from tests.lib.snapshots import damage, differing
from tests.lib.stages import Stage, contents
from tests.lib.workspaces import AS_OF, presend

SPACES = (0, 60_000, 400_000, 2_500_000)
"""So many bytes are free: the command comes further each time."""


@pytest.mark.parametrize("name", ["build", *(pytest.param(name, marks=pytest.mark.slow) for name in ("ingest", "publish", "run"))])
def test_with_room_again_the_command_is_completed(name: str, stages: dict[str, Stage], killer: Killer, tmp_path: Path) -> None:
    stage = stages[name]
    failed = 0
    with small_disk(tmp_path / "disk", 64) as disk:
        folder = stage.copy(disk / "company")
        visible = contents(folder)
        for space in SPACES:
            with filled(disk, space):
                ended = killer.run(folder, *stage.command, "--as-of", AS_OF)
            assert damage(folder) == [], space
            if ended.code == 0:
                break
            failed += 1
            assert "No space left on device" in ended.error["message"] and ended.error["remedy"], (space, ended.error)
            assert ended.code == 1
            if name == "build":
                assert differing(visible, contents(folder)) == []
        assert failed > 1, "the disk was never full"
        answer = presend(folder, *stage.command, "--as-of", AS_OF)
        assert answer.code == 0, answer.error
        assert differing(stage.after, contents(folder)) == []
