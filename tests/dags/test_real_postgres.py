"""The chain with Airflow's own database in PostgreSQL, as production has it: nothing of it rests on SQLite."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg2
import pytest

from tests.lib.airflow import Airflow, airflow_over
from tests.lib.asked_world import CAMPAIGN, FILES, asked, land, write_world
from tests.lib.postgres import postgres

pytestmark = pytest.mark.slow
DAGS = (*(f"presend_ingest_{feed}" for feed in FILES), "presend_build", "presend_publish_c", "presend_publish_asked")


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with postgres() as url:
        yield url


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two campaigns whose window opens in a minute and a half, one of which asks a person, and nothing landed yet."""
    folder = write_world(tmp_path_factory.mktemp("postgres") / "w")
    for feed in FILES:
        (folder / "landing" / feed / "first.csv").unlink()
    analysis_at = (datetime.now(UTC) + timedelta(minutes=11, seconds=30)).isoformat(timespec="seconds")
    for name, approval in (("c", "none"), ("asked", "required")):
        told = {**CAMPAIGN, "delivery_analysis_at": analysis_at, "publish_before": "10m", "approval": approval}
        (folder / "campaigns" / f"{name}.yaml").write_text(json.dumps(told))
    return folder


@pytest.fixture(scope="module")
def airflow(tmp_path_factory: pytest.TempPathFactory, workspace: Path, database: str) -> Iterator[Airflow]:
    settings = {"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": database, "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False"}
    with airflow_over(tmp_path_factory.mktemp("airflow"), workspace, **settings) as found:
        yield found


def test_files_land_and_an_audience_is_published_with_airflows_database_in_postgresql(
    airflow: Airflow, workspace: Path, database: str
) -> None:
    """In this order: the test below goes on with what it leaves."""
    for feed, text in FILES.items():
        land(workspace, feed, "monday.csv", text)
    pointer = workspace / "outbox" / "ufer" / "c" / "latest.json"
    airflow.wait_until(pointer.is_file, 420, "the audience of c")
    run = airflow.wait_for_run("presend_publish_c")
    assert run["state"] == "success"
    latest = json.loads(pointer.read_text())
    assert asked(workspace, "verify", str(workspace / latest["path"]))[0] == 0
    (event,) = airflow.asset_events("presend_audience_c")
    assert event["extra"]["run_id"] == latest["run_id"]
    assert airflow.asset_events("presend_warehouse")[-1]["extra"]["files"] == 3
    assert latest["run_id"] in airflow.tasks("presend_publish_c", run["dag_run_id"])["publish"]["note"]
    assert airflow.pools() == {"default_pool": 128, "presend_writer": 1, "presend_ingest": 4}
    assert set(DAGS) <= _dags_run(database) and not list(airflow.home.glob("*.db")), "the database is PostgreSQL"


def test_a_persons_yes_is_kept_in_postgresql(airflow: Airflow, workspace: Path) -> None:
    run_id = airflow.runs("presend_publish_asked")[0]["dag_run_id"]
    airflow.answer("presend_publish_asked", run_id, "approve", "Approve")
    assert airflow.wait_for_run("presend_publish_asked", run_id, timeout=240)["state"] == "success"
    assert (workspace / "outbox" / "ufer" / "asked" / "latest.json").is_file()


def _dags_run(database: str) -> set[str]:
    """The DAGs of which PostgreSQL has a run."""
    connection = psycopg2.connect(database.replace("+psycopg2", ""))
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT dag_id FROM dag_run")
        found = {str(row[0]) for row in cursor.fetchall()}
    connection.close()
    return found
