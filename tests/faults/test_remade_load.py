"""A load that is made again is never missing, whenever the process is killed; and what the product writes is closed to others."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lib.killing import Killer
from tests.lib.snapshots import damage, differing, leftovers
from tests.lib.stages import Stage, contents
from tests.lib.workspaces import AS_OF, presend


def with_a_lost_file(stage: Stage, folder: Path) -> Path:
    """A workspace of which one load has to be made again."""
    stage.copy(folder)
    (path,) = folder.glob("ledger/consent/*/consent.parquet")
    path.unlink()
    return folder


def test_no_kill_leaves_the_ledger_without_the_load(stages: dict[str, Stage], killer: Killer, tmp_path: Path) -> None:
    stage = stages["build"]
    ended = killer.run(with_a_lost_file(stage, tmp_path / "trial"), "ingest", "consent", "--as-of", AS_OF)
    assert ended.code == 0
    exchange = next(number for number, what in enumerate(ended.boundaries) if what.startswith("pipeline.exchange"))
    for number in (exchange, exchange + 1, exchange + 2):
        folder = with_a_lost_file(stage, tmp_path / f"killed-{number}")
        assert killer.run(folder, "ingest", "consent", "--as-of", AS_OF, boundary=number).was_killed
        (load,) = folder.glob("ledger/consent/[!.]*/load.json")
        answer = presend(folder, "build", "--as-of", AS_OF)
        is_made = number > exchange
        assert (answer.code == 0) is is_made, f"{ended.boundaries[number]}: {answer.error}"
        assert is_made or answer.error["where"] == f"ledger/consent/{load.parent.name}/consent.parquet"
        assert presend(folder, "ingest", "--as-of", AS_OF).code == 0
        assert damage(folder) == [] and [name for name in leftovers(folder) if name.startswith("ledger")] == []
        assert differing(stages["ingest"].after, {name: text for name, text in contents(folder).items() if "warehouse" not in name}) == []


@pytest.fixture
def generous() -> Iterator[None]:
    before = os.umask(0o000)
    yield
    os.umask(before)


def test_nothing_that_a_command_writes_is_open_to_others(stages: dict[str, Stage], generous: None, tmp_path: Path) -> None:
    folder = stages["run"].copy(tmp_path / "company")
    shutil.rmtree(folder / ".presend", ignore_errors=True)
    given = set(folder.rglob("*"))
    answer = presend(folder, "run", "--as-of", AS_OF)
    assert answer.code == 0
    assert presend(folder, "recheck", answer.document["published"][0]["run_id"], "--as-of", AS_OF).code == 0
    written = [path for path in folder.rglob("*") if path not in given]
    assert {"ledger", "warehouse", "outbox", ".presend"} <= {path.relative_to(folder).parts[0] for path in written}
    assert [path for path in written if path.lstat().st_mode & (stat.S_IRWXO | stat.S_IWGRP)] == []


@pytest.mark.parametrize("sources", [(), ("--with", "mailbox")], ids=["plain", "mailbox"])
def test_a_new_workspace_is_closed_to_others(sources: tuple[str, ...], generous: None, tmp_path: Path) -> None:
    assert presend(tmp_path, "init", str(tmp_path / "made"), *sources).code == 0
    written = list((tmp_path / "made").rglob("*"))
    assert written and [path for path in written if path.lstat().st_mode & (stat.S_IRWXO | stat.S_IWGRP)] == []
