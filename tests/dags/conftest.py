"""One Airflow for the DAGs that are run in this process: its settings are read once, when it is imported."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lib.asked_world import write_world

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def airflow_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Airflow with an empty database of its own, and no workspace yet: `PRESEND_WORKSPACE` is the test's."""
    assert "airflow" not in sys.modules, "Airflow would have another home already"
    home = tmp_path_factory.mktemp("airflow")
    settings = {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__UNIT_TEST_MODE": "False",
        "PYTHONPATH": str(ROOT),
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings.items():
            patch.setenv(name, value)
        subprocess.run([sys.executable, "-m", "airflow", "db", "migrate"], check=True, capture_output=True, env=dict(os.environ))
        yield home


@pytest.fixture
def workspace(tmp_path: Path, airflow_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small workspace whose files have landed; the DAGs' own, where a module has no other."""
    folder = write_world(tmp_path / "w")
    monkeypatch.setenv("PRESEND_WORKSPACE", str(folder))
    return folder
