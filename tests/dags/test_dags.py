"""The DAGs are found, owned, tagged, explained and light; a broken file breaks its own DAG alone."""

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.lib.asked_world import CAMPAIGN, write_world

ROOT = Path(__file__).parents[2]
FEEDS = ("consent", "delivery", "hof", "profiles")
HEAVY = ("duckdb", "polars", "pyarrow", "numpy", "scipy", "great_expectations", "phonenumbers")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory, airflow_home: Path) -> Iterator[Path]:
    folder = write_world(tmp_path_factory.mktemp("dags") / "w")
    (folder / "feeds" / "hof.yaml").write_text(json.dumps({"source": "canonical_profiles", "organisation": "hof"}))
    (folder / "campaigns" / "faulty.yaml").write_text(json.dumps({**CAMPAIGN, "brand": "nobody"}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRESEND_WORKSPACE", str(folder))
        yield folder


def read_dags(*names: str) -> dict[str, Any]:
    """The DAGs of the files (none: of all) as Airflow reads them now."""
    from airflow.dag_processing.dagbag import DagBag

    bags = [DagBag(ROOT / "dags" / name) for name in names or ("",)]
    assert all(bag.import_errors == {} for bag in bags)
    return {dag_id: dag for bag in bags for dag_id, dag in bag.dags.items()}


@pytest.fixture(scope="module")
def dags(workspace: Path) -> dict[str, Any]:
    return read_dags()


def test_dags_were_found(dags: dict[str, Any]) -> None:
    """A DagBag over a missing folder reports no error, and nothing below would fail."""
    feeds = {f"presend_ingest_{feed}" for feed in FEEDS}
    campaigns = {"presend_publish_c", "presend_publish_faulty"}
    assert set(dags) == {*feeds, *campaigns, "presend_build", "presend_recheck", "presend_maintenance"}


def test_every_task_waits_in_the_queue_whose_workers_see_the_workspace(dags: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    from orchestration import wiring

    assert {task.queue for dag in dags.values() for task in dag.tasks} == {"default"}
    monkeypatch.setenv("PRESEND_QUEUE", "presend")
    try:
        importlib.reload(wiring)
        assert {task.queue for dag in read_dags().values() for task in dag.tasks} == {"presend"}
    finally:
        monkeypatch.undo()
        importlib.reload(wiring)


def test_dags_are_owned_tagged_and_explained(dags: dict[str, Any]) -> None:
    for dag in dags.values():
        assert "presend" in dag.tags and len(dag.tags) > 1, dag.dag_id
        assert dag.doc_md and dag.tasks, dag.dag_id
        assert "airflow" not in {task.owner for task in dag.tasks}, dag.dag_id
        assert all(task.doc_md or task.task_type == "ApprovalOperator" for task in dag.tasks), dag.dag_id
        assert dag.max_active_runs == 1 and not dag.catchup or dag.dag_id.startswith("presend_publish_")
    assert "hof" in dags["presend_ingest_hof"].tags and "ufer" in dags["presend_publish_c"].tags
    assert {task.owner for task in dags["presend_ingest_hof"].tasks} == {"hof"}


def test_every_task_is_in_a_pool_that_makes_itself(dags: dict[str, Any]) -> None:
    """A task in a pool that nobody made waits for ever."""
    from orchestration.pools import INGEST, POOLS, WRITER

    pools = {dag_id: {task.pool for task in dag.tasks} - {"default_pool"} for dag_id, dag in dags.items()}
    assert set().union(*pools.values()) <= set(POOLS)
    assert pools["presend_build"] == {WRITER} and POOLS[WRITER][0] == 1
    assert pools["presend_ingest_hof"] == {INGEST}


def test_each_feed_watches_its_own_folder_and_any_of_them_wakes_the_build(dags: dict[str, Any], workspace: Path) -> None:
    """Any, not all: a late feed of one organisation delays nobody else."""
    from airflow.sdk import AssetAny

    (watched,) = dags["presend_ingest_hof"].timetable.asset_condition.objects
    (watcher,) = watched.watchers
    assert (watcher.trigger.workspace, watcher.trigger.feed, watcher.trigger.pattern) == (str(workspace), "hof", "*")
    condition = dags["presend_build"].timetable.asset_condition
    assert isinstance(condition, AssetAny)
    loaded = {asset.name for dag_id, dag in dags.items() if "ingest" in dag_id for task in dag.tasks for asset in task.outlets}
    assert {asset.name for asset in condition.objects} == loaded
    assert loaded == {f"presend_feed_{feed}" for feed in FEEDS}


def test_other_settings_of_a_feed_make_another_watcher(workspace: Path) -> None:
    """A refused file is tried again under them, and the pattern may have changed."""
    file = workspace / "feeds" / "hof.yaml"
    before, text = watcher_of_hof(), file.read_text()
    assert watcher_of_hof() == before
    try:
        file.write_text(json.dumps({**json.loads(text), "max_rejected": "5%"}))
        assert watcher_of_hof() != before
    finally:
        file.write_text(text)


def watcher_of_hof() -> Any:
    (watched,) = read_dags("ingest.py")["presend_ingest_hof"].timetable.asset_condition.objects
    return watched.watchers[0].trigger.serialize()


def test_a_broken_file_of_a_feed_breaks_its_own_dag_alone(workspace: Path, dags: dict[str, Any]) -> None:
    file = workspace / "feeds" / "hof.yaml"
    text = file.read_text()
    try:
        file.write_text("source: canonical_profiles\n\norganisation: nobody\n")
        found = read_dags()
    finally:
        file.write_text(text)
    broken = found["presend_ingest_hof"]
    assert "feeds/hof.yaml:3" in broken.doc_md and "faulty" in broken.tags
    assert not broken.timetable.asset_condition
    assert set(found) == set(dags)
    whole = {dag_id for dag_id in found if "ingest" in dag_id} - {broken.dag_id}
    assert whole == {f"presend_ingest_{feed}" for feed in FEEDS if feed != "hof"}
    assert all(found[dag_id].timetable.asset_condition and "faulty" not in found[dag_id].tags for dag_id in whole)
    assert {asset.name for asset in found["presend_build"].timetable.asset_condition.objects} == {f"presend_feed_{feed}" for feed in FEEDS}


def test_a_broken_file_of_a_campaign_breaks_its_own_dag_alone(dags: dict[str, Any]) -> None:
    broken = dags["presend_publish_faulty"]
    assert "campaigns/faulty.yaml:1" in broken.doc_md and "faulty" in broken.tags
    assert "faulty" not in dags["presend_publish_c"].tags


def test_a_task_reads_its_own_dag_only(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every task's process reads the file that it comes from."""
    monkeypatch.setenv("_AIRFLOW_PARSING_CONTEXT_DAG_ID", "presend_ingest_hof")
    assert set(read_dags("ingest.py")) == {"presend_ingest_hof"}


def test_dags_can_be_stored(dags: dict[str, Any]) -> None:
    """As the scheduler sees them."""
    from airflow.serialization.serialized_objects import DagSerialization

    for dag in dags.values():
        assert DagSerialization.from_dict(DagSerialization.to_dict(dag)).dag_id == dag.dag_id


def test_nothing_heavy_is_imported_when_dags_are_read(workspace: Path) -> None:
    """The DAG processor reads every file again and again."""
    command = "import runpy, sys; [runpy.run_path(name) for name in sys.argv[1:]]; print(*{name.partition('.')[0] for name in sys.modules})"
    files = sorted(str(path) for path in (ROOT / "dags").glob("*.py"))
    done = subprocess.run([sys.executable, "-c", command, *files], check=True, capture_output=True, text=True, env=dict(os.environ))
    imported = set(done.stdout.split())
    assert {"airflow", "orchestration"} <= imported and len(files) == 5
    assert not imported & set(HEAVY)


def test_a_campaign_is_scheduled_at_its_window(dags: dict[str, Any]) -> None:
    assert dags["presend_publish_c"].timetable.event_dates == [datetime.fromisoformat("2026-06-01T06:00:00+00:00")]
