"""A folder that nobody may write to stops a command with a message that names the fault; writable again, all is completed."""

from pathlib import Path

import pytest

from tests.faults.mounts import read_only
from tests.lib.killing import Killer
from tests.lib.snapshots import damage, differing
from tests.lib.stages import Stage, contents
from tests.lib.workspaces import AS_OF


@pytest.mark.parametrize(
    ("name", "top"),
    [
        ("publish", "outbox"),
        pytest.param("ingest", "ledger", marks=pytest.mark.slow),
        pytest.param("ingest", "rejected", marks=pytest.mark.slow),
        pytest.param("build", "warehouse", marks=pytest.mark.slow),
        pytest.param("run", "outbox", marks=pytest.mark.slow),
    ],
)
def test_a_read_only_folder_is_named_and_nothing_changes(
    name: str, top: str, stages: dict[str, Stage], killer: Killer, tmp_path: Path
) -> None:
    stage = stages[name]
    folder = stage.copy(tmp_path / "company")
    (folder / top).mkdir(exist_ok=True)
    before = contents(folder)
    with read_only(folder / top):
        ended = killer.run(folder, *stage.command, "--as-of", AS_OF)
    assert ended.code == 1
    assert any(word in ended.error["message"] for word in ("Read-only file system", "Permission denied")), ended.error
    assert ended.error["remedy"]
    assert damage(folder) == []
    changed = [line for line in differing(before, contents(folder)) if line.startswith(top)]
    assert changed == []
    assert killer.run(folder, *stage.command, "--as-of", AS_OF).code == 0
    assert differing(stage.after, contents(folder)) == []
