"""The DAGs are found, owned, tagged and light; run one after another they do what `presend run` does."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.lib.asked_world import AS_OF, CAMPAIGN, asked, run_id_of, write_world

ROOT = Path(__file__).parents[2]
HEAVY = ("duckdb", "polars", "pyarrow", "scipy", "great_expectations", "phonenumbers")
POOL = "presend_writer"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_world(tmp_path_factory.mktemp("dags") / "w")
    (folder / "campaigns" / "checked.yaml").write_text(json.dumps({**CAMPAIGN, "approval": "required"}))
    (folder / "campaigns" / "faulty.yaml").write_text(json.dumps({**CAMPAIGN, "brand": "nobody"}))
    return folder


@pytest.fixture(scope="module")
def airflow_home(tmp_path_factory: pytest.TempPathFactory, workspace: Path) -> Iterator[Path]:
    """Airflow with an empty database of its own; its settings are read when it is imported, so they are set before."""
    assert "airflow" not in sys.modules, "Airflow would have another home already"
    home = tmp_path_factory.mktemp("airflow")
    settings = {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__UNIT_TEST_MODE": "False",
        "PRESEND_WORKSPACE": str(workspace),
        "PYTHONPATH": str(ROOT),
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings.items():
            patch.setenv(name, value)
        subprocess.run([sys.executable, "-m", "airflow", "db", "migrate"], check=True, capture_output=True, env=dict(os.environ))
        yield home


@pytest.fixture(scope="module")
def dags(airflow_home: Path) -> dict[str, Any]:
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(ROOT / "dags")
    assert bag.import_errors == {}
    return dict(bag.dags)


def test_dags_were_found(dags: dict[str, Any]) -> None:
    """A DagBag over a missing folder reports no error, and nothing below would fail."""
    assert set(dags) == {"presend_ingest", "presend_build", "presend_publish_c", "presend_publish_checked", "presend_publish_faulty"}
    assert {task.task_id for task in dags["presend_ingest"].tasks} == {"ingest_profiles", "ingest_consent", "ingest_delivery"}


def test_dags_are_owned_tagged_and_explained(dags: dict[str, Any]) -> None:
    for dag in dags.values():
        assert "presend" in dag.tags and len(dag.tags) > 1, dag.dag_id
        assert dag.doc_md and "airflow" not in {task.owner for task in dag.tasks}, dag.dag_id
        assert dag.max_active_runs == 1


def test_every_writer_is_in_the_pool_that_the_manual_names(dags: dict[str, Any]) -> None:
    """A task that names a pool which nobody made waits for ever, so the manual has to say how it is made."""
    assert {task.pool for dag in dags.values() for task in dag.tasks} == {POOL}
    assert f"airflow pools set {POOL} 1" in (ROOT / "docs" / "howto" / "run-on-airflow.md").read_text(encoding="utf-8")


def test_the_ledger_wakes_the_build(dags: dict[str, Any]) -> None:
    assets = {asset.name for task in dags["presend_ingest"].tasks for asset in task.outlets}
    assert assets == {"presend_ledger"}
    assert [asset.name for asset in dags["presend_build"].timetable.asset_condition.objects] == ["presend_ledger"]


def test_a_campaign_is_scheduled_at_its_window(dags: dict[str, Any]) -> None:
    dag = dags["presend_publish_c"]
    assert dag.timetable.event_dates == [datetime.fromisoformat("2026-06-01T06:00:00+00:00")]
    assert [task.retries for task in dag.tasks] == [8]
    assert "nobody" in dags["presend_publish_faulty"].doc_md and "faulty" in dags["presend_publish_faulty"].tags


def test_dags_can_be_stored(dags: dict[str, Any]) -> None:
    """As the scheduler sees them."""
    from airflow.serialization.serialized_objects import DagSerialization

    for dag in dags.values():
        assert DagSerialization.from_dict(DagSerialization.to_dict(dag)).dag_id == dag.dag_id


def test_nothing_heavy_is_imported_when_dags_are_read(airflow_home: Path) -> None:
    """The DAG processor reads every file again and again."""
    command = "import runpy, sys; [runpy.run_path(name) for name in sys.argv[1:]]; print(*{name.partition('.')[0] for name in sys.modules})"
    files = sorted(str(path) for path in (ROOT / "dags").glob("*.py"))
    done = subprocess.run([sys.executable, "-c", command, *files], check=True, capture_output=True, text=True, env=dict(os.environ))
    imported = set(done.stdout.split())
    assert "airflow" in imported and files
    assert not imported & set(HEAVY)


def test_ingest_build_publish(dags: dict[str, Any], workspace: Path) -> None:
    """What a schedule would start, one after another, with one clock."""
    assert states(dags["presend_ingest"]) == {"ingest_profiles": "success", "ingest_consent": "success", "ingest_delivery": "success"}
    assert len(list(workspace.glob("ledger/*/*/load.json"))) == 3
    assert set(states(dags["presend_ingest"]).values()) == {"skipped"}, "the same files again are nothing new"
    assert states(dags["presend_build"]) == {"build_warehouse": "success"}
    assert (workspace / "warehouse" / "presend.duckdb").is_file()
    assert states(dags["presend_publish_c"]) == {"publish_campaign": "success"}
    assert asked(workspace, "verify", str(workspace / "outbox" / "ufer" / "c" / run_id_of(workspace)))[0] == 0
    assert states(dags["presend_publish_checked"]) == {"publish_campaign": "success"}
    assert len(list((workspace / "outbox" / "ufer" / "checked" / "pending").iterdir())) == 1
    assert states(dags["presend_publish_faulty"]) == {"publish_campaign": "failed"}


def states(dag: Any) -> dict[str, str]:
    """Run a DAG in this process; gives what became of its tasks."""
    run = dag.test(run_conf={"as_of": AS_OF})
    return {instance.task_id: str(instance.state) for instance in run.get_task_instances()}
