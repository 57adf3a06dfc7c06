"""A small company's workspace, and what an undisturbed run makes of it."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.lib.company import write_company
from tests.lib.snapshots import snapshot
from tests.lib.workspaces import AS_OF, presend


@dataclass(frozen=True)
class Undisturbed:
    """The company before anything ran, the folder of another after one run, and the snapshot of everything in it."""

    template: Path
    folder: Path
    after_run: dict[str, str]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    template = tmp_path_factory.mktemp("template") / "company"
    write_company(template)
    folder = tmp_path_factory.mktemp("undisturbed") / "company"
    write_company(folder)
    answer = presend(folder, "run", "--as-of", AS_OF)
    assert answer.code == 0, answer.error
    return Undisturbed(template, folder, snapshot(folder))
