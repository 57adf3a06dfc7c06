"""A company's workspace just before each command of a run, and what the undisturbed command makes of it."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.lib.company import write_company
from tests.lib.snapshots import bytes_of, snapshot
from tests.lib.workspaces import AS_OF, presend

COMMANDS = (("ingest",), ("build",), ("publish", "a-news"), ("publish", "b-rest"))
"""One after the other they make what `run` makes at once."""


@dataclass(frozen=True)
class Stage:
    """A workspace just before a command, and all that is in it after the undisturbed command."""

    folder: Path
    command: tuple[str, ...]
    after: dict[str, str]

    def copy(self, target: Path) -> Path:
        """A copy of the workspace to disturb."""
        return Path(shutil.copytree(self.folder, target))


def write_stages(folder: Path, profiles: int = 60) -> dict[str, Stage]:
    """The stages by the command's name, and that of `run`; what the commands leave in the scratch folder is not in them."""
    write_company(folder / "template", profiles=profiles)
    workspace = Path(shutil.copytree(folder / "template", folder / "workspace"))
    stages: dict[str, Stage] = {}
    for command in COMMANDS:
        before = Path(shutil.copytree(workspace, folder / f"before-{'-'.join(command)}"))
        shutil.rmtree(before / ".presend", ignore_errors=True)
        answer = presend(workspace, *command, "--as-of", AS_OF)
        assert answer.code == 0, answer.error
        stages.setdefault(command[0], Stage(before, command, contents(workspace)))
    stages["run"] = Stage(folder / "template", ("run",), contents(workspace))
    return stages


def contents(folder: Path) -> dict[str, str]:
    """`snapshot` of a workspace that may have no warehouse yet."""
    if (folder / "warehouse" / "presend.duckdb").exists():
        return snapshot(folder)
    return bytes_of(folder, "landing", "ledger", "rejected", "outbox")
