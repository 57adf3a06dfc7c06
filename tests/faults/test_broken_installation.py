"""An installation that lacks a rule decides nothing: a reason without its SQL would be a reason that never holds."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import steps
from pipeline.reasons import Reason
from tests.lib.stages import Stage
from tests.lib.workspaces import AS_OF, presend

DECIDING = (("publish", "a-news"), ("publish", "a-news", "--dry-run"), ("run",), ("explain", "a-news", "P1"))


@pytest.fixture
def sql(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the steps to damage, from which the commands read."""
    copy = Path(shutil.copytree(steps.SQL_FOLDER, tmp_path / "sql"))
    monkeypatch.setattr(steps, "SQL_FOLDER", copy)
    _forget()
    yield copy
    _forget()


def _forget() -> None:
    steps.read.cache_clear()
    steps.folder.cache_clear()


def rule(reason: Reason) -> Path:
    return Path("4_decision", "sets" if reason.spec.is_set_wise else "rules", f"{reason}.sql")


@pytest.mark.parametrize("reason", Reason)
def test_no_reason_is_without_its_file(stages: dict[str, Stage], sql: Path, reason: Reason, tmp_path: Path) -> None:
    """Also one for which the campaign does not ask, such as a cap that it does not have."""
    folder = stages["publish"].copy(tmp_path / "company")
    (sql / rule(reason)).unlink()
    answer = presend(folder, "publish", "a-news", "--as-of", AS_OF)
    assert (answer.code, answer.error["where"]) == (1, f"sql/{rule(reason)}")
    assert answer.error["remedy"] == "Install Presend again."
    assert not (folder / "outbox").exists()


@pytest.mark.parametrize("command", DECIDING, ids=" ".join)
def test_every_command_that_decides_says_so(stages: dict[str, Stage], sql: Path, command: tuple[str, ...], tmp_path: Path) -> None:
    """An empty file is a missing one."""
    folder = stages["publish"].copy(tmp_path / "company")
    (sql / rule(Reason.PAUSED)).write_text("\n")
    answer = presend(folder, *command, "--as-of", AS_OF)
    assert (answer.code, answer.error["where"]) == (1, "sql/4_decision/rules/paused.sql")


@pytest.mark.parametrize(("folder", "command"), [("1_ledger", "build"), ("3_state", "build"), ("4_decision", "publish")])
def test_an_empty_folder_of_steps_is_an_error(stages: dict[str, Stage], sql: Path, folder: str, command: str, tmp_path: Path) -> None:
    stage = stages[command]
    for file in (sql / folder).glob("*.sql"):
        file.unlink()
    answer = presend(stage.copy(tmp_path / "company"), *stage.command, "--as-of", AS_OF)
    assert (answer.code, answer.error["where"]) == (1, f"sql/{folder}")
