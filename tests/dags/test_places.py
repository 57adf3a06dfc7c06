"""Landing and outbox on other machines, through the DAGs' tasks: a local S3, a local SFTP server, and a mounted folder."""

import json
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.config import load_configuration
from pipeline.errors import ConfigurationError
from pipeline.workspace import Workspace
from tests.lib.asked_world import AS_OF, CAMPAIGN, CONSENT, asked, run_id_of
from tests.lib.asked_world import LATE as LATE_TEXT
from tests.lib.dag_runs import Ran
from tests.lib.places import Server, folder_place, s3_server, sftp_server

ROOT = Path(__file__).parents[2]
NEXT_HOUR = "2026-06-01T07:30:00Z"
LATE = LATE_TEXT.encode()
FILES = ["audience.csv", "audience.parquet", "configuration.json", "exclusions.parquet", "report.html"]


@pytest.fixture(params=["s3", "sftp", "file"])
def server(request: pytest.FixtureRequest, tmp_path: Path, airflow_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    from orchestration.wiring import DEFAULTS
    from pipeline import places

    made = {"s3": s3_server, "sftp": lambda: sftp_server(tmp_path / "theirs"), "file": lambda: folder_place(tmp_path / "theirs")}
    with made[request.param]() as found:
        for name, value in found.settings.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setitem(DEFAULTS, "retries", 0)
        places._opened.clear()
        yield found
        places._opened.clear()


# ---- landing


@pytest.fixture
def landing(server: Server, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The consent feed lands at the place, and nothing of it is here yet."""
    monkeypatch.setenv("PRESEND_LANDING", server.url)
    (workspace / "landing" / "consent" / "first.csv").unlink()
    server.write("consent/first.csv", CONSENT.encode())
    return server


def ingest(as_of: str = AS_OF) -> Ran:
    return Ran("presend_ingest_consent", as_of)


def landed(workspace: Path) -> list[str]:
    folder = workspace / "landing" / "consent"
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def new_watch(workspace: Path) -> Any:
    """The looks of a triggerer that has just started, as the DAG's watcher makes it."""
    from orchestration.landing import LandingTrigger, Watch, watcher_of

    place = Workspace(workspace)
    path, arguments = watcher_of(place, load_configuration(place, campaigns=()).feeds["consent"]).trigger.serialize()
    assert path.endswith("LandingTrigger")
    return Watch(LandingTrigger(**arguments))


def test_a_file_that_lands_there_wakes_the_feed_once_and_is_fetched_and_loaded(landing: Server, workspace: Path) -> None:
    watch = new_watch(workspace)
    assert [watch.arrived() for _ in range(3)] == [0, 1, 0]
    ran = ingest()
    assert ran.tasks == {"ingest": "success", "accept": "success"}
    assert ran.said["ingest"].startswith("Fetched: 1. New files: 1")
    assert (workspace / "landing" / "consent" / "first.csv").read_bytes() == CONSENT.encode()
    assert [watch.arrived() for _ in range(3)] == [0, 0, 0], "its copy is nothing new"
    assert landing.names() == ["consent/first.csv"], "nothing is changed there"


def test_the_same_file_is_not_fetched_twice_and_losing_the_record_costs_only_that(landing: Server, workspace: Path) -> None:
    ingest()
    copy = workspace / "landing" / "consent" / "first.csv"
    before = copy.stat()
    again = ingest(NEXT_HOUR)
    assert again.said["ingest"] == "Fetched: 0. Nothing new." and copy.stat() == before
    shutil.rmtree(workspace / ".presend" / "places")
    assert ingest(NEXT_HOUR).said["ingest"] == "Fetched: 1. Nothing new."
    copy.unlink()
    assert ingest(NEXT_HOUR).said["ingest"] == "Fetched: 1. Nothing new." and copy.read_bytes() == CONSENT.encode()


def test_a_file_changed_under_its_name_wakes_the_feed_and_is_fetched_again(landing: Server, workspace: Path) -> None:
    ingest()
    watch = new_watch(workspace)
    watch.arrived()
    landing.write("consent/first.csv", LATE)
    assert [watch.arrived() for _ in range(3)] == [0, 1, 0]
    assert ingest(NEXT_HOUR).said["ingest"].startswith("Fetched: 1. New files: 1")
    assert (workspace / "landing" / "consent" / "first.csv").read_bytes() == LATE


def test_a_copy_that_breaks_off_leaves_nothing_stops_no_other_and_is_tried_again(landing: Server, workspace: Path) -> None:
    landing.write("consent/second.csv", LATE)
    landing.breaks = "second.csv"
    ran = ingest()
    assert ran.tasks == {"ingest": "success", "accept": "failed"} and "cannot be used" in ran.said["accept"]
    assert ran.said["ingest"].startswith("Fetched: 1. New files: 1") and "second" not in ran.said["ingest"]
    assert landed(workspace) == ["first.csv"]
    landing.breaks = ""
    assert set(ingest(NEXT_HOUR).tasks.values()) == {"success"}
    assert landed(workspace) == ["first.csv", "second.csv"]


def test_a_place_that_is_away_for_a_moment_is_tried_again_before_anybody_is_told(
    landing: Server, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from orchestration.wiring import DEFAULTS
    from pipeline.errors import PlaceNotReached

    monkeypatch.setitem(DEFAULTS, "retries", 1)
    monkeypatch.setitem(DEFAULTS, "retry_delay", timedelta(0))
    landing.breaks = "first.csv"
    from orchestration import fetching

    fetch, faults = fetching.RemoteFolder.fetch, []

    def mended(self: Any) -> Any:
        found = fetch(self)
        faults.append(type(found.fault))
        landing.breaks = ""
        return found

    monkeypatch.setattr(fetching.RemoteFolder, "fetch", mended)
    assert ingest().tasks == {"ingest": "success", "accept": "success"}
    assert faults == [PlaceNotReached, type(None)]


def test_what_lands_here_is_loaded_while_the_place_is_away(landing: Server, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that is not there, which may be a disk that is not mounted, or a bucket that is not."""
    gone = landing.url.replace("@exchange/", "@elsewhere/") if landing.url.startswith("s3") else f"{landing.url}/elsewhere"
    monkeypatch.setenv("PRESEND_LANDING", gone)
    (workspace / "landing" / "consent" / "here.csv").write_bytes(LATE)
    watch = new_watch(workspace)
    assert [watch.arrived() for _ in range(2)] == [0, 1] and "cannot be used" in str(watch.fault)
    ran = ingest()
    assert ran.tasks == {"ingest": "success", "accept": "failed"} and "cannot be used" in ran.said["accept"]


def test_names_that_are_no_files_yet_or_not_of_the_feed_are_left_there(landing: Server, workspace: Path) -> None:
    for name in (".hidden.csv", "half.csv.part", "half.csv.filepart", "notes.txt", ".folder/in.csv"):
        landing.write(f"consent/{name}", LATE)
    landing.write("consent/sub/deep.csv.gz", b"")
    assert "Fetched: 2." in ingest().said["ingest"]
    assert landed(workspace) == ["first.csv", "sub/deep.csv.gz"]


@pytest.mark.parametrize("server", ["s3"], indirect=True)
@pytest.mark.parametrize("name", ["../escaped.csv", "a/../../escaped.csv", "/absolute.csv", "bell\x07.csv", "x" * 256 + ".csv"])
def test_a_key_that_would_leave_the_folder_is_refused_and_told(landing: Server, workspace: Path, name: str) -> None:
    landing.write(f"consent/{name}", LATE)
    watch = new_watch(workspace)
    assert [watch.arrived() for _ in range(2)] == [0, 1], "the good one alone"
    ran = ingest()
    assert ran.tasks == {"ingest": "success", "accept": "failed"} and "names that cannot stand" in ran.said["accept"]
    assert landed(workspace) == ["first.csv"] and not list(workspace.rglob("*escaped*"))
    assert not (workspace.parent / "escaped.csv").exists() and not Path("/absolute.csv").exists()


@pytest.mark.parametrize("server", ["s3"], indirect=True)
def test_markers_of_folders_are_no_files_and_a_key_that_is_both_stops_no_other(landing: Server, workspace: Path) -> None:
    for name in ("consent/", "consent/sub/", "consent/both.csv", "consent/both.csv/in.csv"):
        landing.write(name, LATE if name.endswith("csv") else b"")
    ran = ingest()
    assert "Fetched: 2." in ran.said["ingest"] and ran.tasks["accept"] == "failed"
    assert landed(workspace) == ["both.csv", "first.csv"]


@pytest.mark.parametrize("server", ["sftp", "file"], indirect=True)
def test_a_link_is_not_followed(landing: Server, workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_bytes(LATE)
    (landing.folder / "consent" / "link.csv").symlink_to(tmp_path / "secret.csv")
    (landing.folder / "consent" / "folder").symlink_to(tmp_path)
    assert "Fetched: 1." in ingest().said["ingest"] and landed(workspace) == ["first.csv"]


@pytest.mark.parametrize("server", ["s3"], indirect=True)
def test_more_keys_than_a_page_holds_are_all_seen(landing: Server, workspace: Path) -> None:
    from orchestration.places import Place

    for number in range(1005):
        landing.write(f"consent/{number}.csv", b"x")
    assert len(Place(landing.url).files("consent")) == 1006


@pytest.mark.parametrize("server", ["s3"], indirect=True)
def test_a_bucket_that_is_gone_does_not_look_like_an_empty_one(landing: Server) -> None:
    from orchestration.places import Place
    from pipeline.errors import PlaceNotReached

    assert Place(landing.url).files("nobody") == []
    with pytest.raises(PlaceNotReached):
        Place(landing.url.replace("@exchange", "@elsewhere")).files("consent")


@pytest.mark.parametrize("server", ["sftp"], indirect=True)
def test_a_host_with_another_key_is_not_spoken_to(landing: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    import asyncssh

    from orchestration.places import Place
    from pipeline import places
    from pipeline.errors import PlaceNotReached

    connection = json.loads(landing.settings["AIRFLOW_CONN_PRESEND_SFTP"])
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode().strip()
    for extra, error in (({"host_key": other}, PlaceNotReached), ({}, ConfigurationError)):
        places._opened.clear()
        monkeypatch.setenv("AIRFLOW_CONN_PRESEND_SFTP", json.dumps({**connection, "extra": extra}))
        with pytest.raises(error):
            Place(landing.url).files("consent")


@pytest.mark.parametrize("server", ["sftp"], indirect=True)
def test_a_private_key_in_the_connection_opens_the_server(landing: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    from orchestration.places import Place

    connection = json.loads(landing.settings["AIRFLOW_CONN_PRESEND_SFTP"])
    del connection["password"]
    connection["extra"]["private_key"] = landing.private_key
    monkeypatch.setenv("AIRFLOW_CONN_PRESEND_SFTP", json.dumps(connection))
    assert [file.name for file in Place(landing.url).files("consent")] == ["first.csv"]


@pytest.mark.parametrize("url", ["/mnt/x", "s3://user:password@bucket/x", "bucket/x"])
def test_a_place_that_is_none_is_refused_without_its_secret(airflow_home: Path, url: str) -> None:
    from orchestration.places import Place

    with pytest.raises(ConfigurationError) as caught:
        Place(url, "PRESEND_LANDING")
    assert "password" not in str(caught.value) and "PRESEND_LANDING" in str(caught.value)


def test_a_connection_that_is_not_there_and_a_place_in_the_workspace_are_named(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from orchestration.places import LANDING, Place

    with pytest.raises(ConfigurationError, match="no connection nobody"):
        Place("s3://nobody@bucket/x").files("consent")
    monkeypatch.setenv(LANDING, f"file://{workspace}/landing")
    with pytest.raises(ConfigurationError, match="in the workspace"):
        Place.of(LANDING, Workspace(workspace))


# ---- outbox


@pytest.fixture
def outbox(server: Server, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    monkeypatch.setenv("PRESEND_OUTBOX", server.url)
    assert asked(workspace, "ingest", "--as-of", AS_OF)[0] == 0
    return server


def publish(as_of: str = AS_OF) -> Ran:
    return Ran("presend_publish_c", as_of)


def test_the_audience_is_delivered_its_data_first_and_what_names_them_last(outbox: Server, workspace: Path) -> None:
    ran = publish()
    assert ran.tasks == dict.fromkeys(["freshness", "decide", "validate", "publish", "deliver"], "success")
    run_id = run_id_of(workspace)
    there = [*(f"{run_id}/{name}" for name in FILES), f"{run_id}/manifest.json", "latest.json"]
    assert outbox.appeared[-len(there) :] == [f"ufer/c/{name}" for name in there] or not outbox.appeared
    assert outbox.names() == sorted(f"ufer/c/{name}" for name in there), "and nothing else"
    for name in there:
        assert outbox.read(f"ufer/c/{name}") == (workspace / "outbox" / "ufer" / "c" / name).read_bytes()
    event = event_of(ran, "presend_audience_c")
    assert event["run_id"] == run_id and event["place"] == f"{outbox.url}/ufer/c/{run_id}"


def event_of(ran: Ran, asset: str) -> dict[str, Any]:
    """What the event tells, and that there is one."""
    from airflow.models.asset import AssetEvent, AssetModel
    from airflow.utils.session import create_session
    from sqlalchemy import select

    query = select(AssetEvent.extra, AssetEvent.source_task_id).join(AssetModel, AssetModel.id == AssetEvent.asset_id)
    with create_session() as session:
        ((extra, task),) = session.execute(query.where(AssetModel.name == asset, AssetEvent.source_run_id == ran.run.run_id)).all()
    assert task == "deliver"
    return dict(extra)


def test_a_delivery_is_repeated_without_copying_and_a_lost_record_is_made_up_by_reading(outbox: Server, workspace: Path) -> None:
    publish()
    before = list(outbox.appeared)
    assert "Files copied: 0." in publish().said["deliver"]
    shutil.rmtree(workspace / ".presend" / "places")
    assert "Files copied: 0." in publish().said["deliver"]
    assert outbox.appeared == before


def test_a_delivery_that_was_broken_off_is_completed_and_nobody_sees_half_of_it(outbox: Server, workspace: Path) -> None:
    outbox.breaks = "exclusions.parquet"
    ran = publish()
    assert ran.tasks["publish"] == "success" and ran.tasks["deliver"] == "failed"
    assert "cannot be used" in ran.said["deliver"]
    assert not [name for name in outbox.names() if name.endswith(("manifest.json", "latest.json", "exclusions.parquet"))]
    outbox.breaks = ""
    again = publish()
    assert again.tasks["deliver"] == "success" and "Files copied: 4." in again.said["deliver"], "what stood there is left"


def test_another_content_is_replaced_and_said(outbox: Server, workspace: Path) -> None:
    publish()
    run_id = run_id_of(workspace)
    outbox.write(f"ufer/c/{run_id}/report.html", b"another")
    said = publish().said["deliver"]
    assert f"Replaced, because another content stood there: {run_id}/report.html." in said
    assert outbox.read(f"ufer/c/{run_id}/report.html") == (workspace / "outbox" / "ufer" / "c" / run_id / "report.html").read_bytes()


def test_what_was_changed_here_is_not_handed_on(outbox: Server, workspace: Path) -> None:
    assert asked(workspace, "publish", "c", "--as-of", AS_OF)[0] == 0
    with (workspace / "outbox" / "ufer" / "c" / run_id_of(workspace) / "audience.csv").open("a") as file:
        file.write("somebody\n")
    assert Ran("presend_maintenance", AS_OF).tasks["deliver_runs"] == "failed"
    assert not outbox.names()


def test_latest_never_goes_back_to_an_older_run(outbox: Server, workspace: Path) -> None:
    newer = json.dumps({"run_id": "newer", "path": "outbox/ufer/c/newer", "as_of": "2026-06-01T07:59:00Z", "withdrawn": None}).encode()
    outbox.write("ufer/c/latest.json", newer)
    ran = publish()
    assert ran.tasks["deliver"] == "success" and "newer run there, newer" in ran.said["deliver"]
    assert outbox.read("ufer/c/latest.json") == newer


def test_runs_and_withdrawn_lists_made_at_a_terminal_are_delivered_by_maintenance(outbox: Server, workspace: Path) -> None:
    assert asked(workspace, "publish", "c", "--as-of", AS_OF)[0] == 0
    run_id = run_id_of(workspace)
    (workspace / "landing" / "consent" / "late.csv").write_bytes(LATE)
    assert asked(workspace, "ingest", "consent", "--as-of", NEXT_HOUR)[0] == 0
    assert asked(workspace, "recheck", run_id, "--as-of", NEXT_HOUR)[0] == 0
    ran = Ran("presend_maintenance", NEXT_HOUR)
    assert ran.tasks["deliver_runs"] == ran.tasks["check_missed"] == "success"
    (listed,) = (name for name in outbox.names() if "/withdrawn/" in name)
    assert json.loads(outbox.read("ufer/c/latest.json"))["withdrawn"] == f"outbox/{listed}"
    assert not outbox.appeared or outbox.appeared[-2:] == [listed, "ufer/c/latest.json"]
    assert "anna@post.example" in outbox.read(listed).decode()
    assert Ran("presend_maintenance", NEXT_HOUR).said["deliver_runs"] == "Everything published lately is where it is collected."


def test_a_withdrawn_list_is_where_it_is_collected_as_soon_as_it_is_written(outbox: Server, workspace: Path) -> None:
    publish()
    (workspace / "landing" / "consent" / "late.csv").write_bytes(LATE)
    assert asked(workspace, "ingest", "consent", "--as-of", NEXT_HOUR)[0] == 0
    assert Ran("presend_recheck", NEXT_HOUR).tasks == {"recheck_runs": "success"}
    (listed,) = (name for name in outbox.names() if "/withdrawn/" in name)
    assert json.loads(outbox.read("ufer/c/latest.json"))["withdrawn"] == f"outbox/{listed}"
    assert "anna@post.example" in outbox.read(listed).decode()


def test_an_audience_that_is_not_where_it_is_collected_is_not_published_in_time(
    outbox: Server, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from orchestration.publishing import still_missing

    analysis_at = datetime.fromisoformat(str(CAMPAIGN["delivery_analysis_at"]))
    assert asked(workspace, "publish", "c", "--as-of", AS_OF)[0] == 0
    notice = still_missing("c", analysis_at)
    assert notice is not None and f"run {run_id_of(workspace)} is published here, and not delivered to {outbox.url}" in notice.cause
    outbox.breaks = "manifest.json"
    os.utime(workspace / "campaigns" / "c.yaml", (0, 0))  # not written after its delivery analysis
    ran = Ran("presend_maintenance", "2026-06-01T09:00:00Z")
    assert ran.tasks["deliver_runs"] == ran.tasks["check_missed"] == "failed"
    assert (
        f"c, whose delivery analysis was at 2026-06-01T08:00:00Z: run {run_id_of(workspace)} is not delivered" in ran.said["check_missed"]
    )
    outbox.breaks = ""
    assert publish().tasks["deliver"] == "success" and still_missing("c", analysis_at) is None


def test_a_run_that_arrives_after_the_delivery_analysis_is_late_and_the_task_says_so(
    outbox: Server, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert asked(workspace, "publish", "c", "--as-of", AS_OF)[0] == 0
    from types import SimpleNamespace

    from airflow.sdk.exceptions import AirflowFailException

    from orchestration import publishing

    said: list[str] = []
    context = {
        "params": {"as_of": "2026-06-01T08:00:01Z"},
        "dag_run": SimpleNamespace(run_type="scheduled", logical_date=datetime(2026, 6, 1, 6, tzinfo=UTC)),
    }
    monkeypatch.setattr(publishing, "get_current_context", lambda: context)
    monkeypatch.setattr(publishing, "say", said.append)
    with pytest.raises(AirflowFailException, match="after the delivery analysis"):
        publishing.deliver("c", run_id_of(workspace))
    assert "after the delivery analysis" in said[-1] and f"ufer/c/{run_id_of(workspace)}/manifest.json" in outbox.names()


@pytest.mark.parametrize("server", ["s3"], indirect=True)
def test_a_place_that_the_campaign_names_is_opened_by_its_connection(server: Server, workspace: Path) -> None:
    """In the form that it names, without PRESEND_OUTBOX, by the DAG and by maintenance."""
    told = {**CAMPAIGN, "deliver_to": {"target": "brevo", "place": server.url}}
    (workspace / "campaigns" / "c.yaml").write_text(json.dumps(told))
    assert asked(workspace, "ingest", "--as-of", AS_OF)[0] == 0
    ran = publish()
    run_id = run_id_of(workspace)
    there = [f"ufer/c/brevo/{run_id}/contacts.csv", "ufer/c/brevo/latest.json"]
    assert ran.tasks["deliver"] == "success" and server.appeared[-2:] == there and server.names() == there
    assert event_of(ran, "presend_audience_c")["places"] == [f"{server.url}/ufer/c/brevo/{run_id}"]
    assert Ran("presend_maintenance", AS_OF).said["deliver_runs"] == "Everything published lately is where it is collected."


def test_the_outbox_stays_as_it_is_where_no_place_is_named(workspace: Path) -> None:
    from airflow.dag_processing.dagbag import DagBag

    dag = DagBag(ROOT / "dags" / "publish.py").dags["presend_publish_c"]
    assert "deliver" not in {task.task_id for task in dag.tasks}
    assert [asset.name for asset in dag.get_task("publish").outlets] == ["presend_audience_c"]


def test_the_dag_with_a_delivery_can_be_stored_and_only_the_delivery_tells_of_the_audience(
    workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from airflow.dag_processing.dagbag import DagBag
    from airflow.serialization.serialized_objects import DagSerialization

    monkeypatch.setenv("PRESEND_OUTBOX", "s3://presend_s3@bucket")
    (workspace / "campaigns" / "checked.yaml").write_text(json.dumps({**CAMPAIGN, "approval": "required"}))
    bag = DagBag(ROOT / "dags" / "publish.py")
    assert bag.import_errors == {}
    for name, before in (("c", ["validate"]), ("checked", ["approve"])):
        dag = bag.dags[f"presend_publish_{name}"]
        assert dag.get_task("deliver").upstream_task_ids == {"publish"} and dag.get_task("publish").upstream_task_ids == set(before)
        assert [asset.name for asset in dag.get_task("deliver").outlets] == [f"presend_audience_{name}"]
        assert dag.get_task("publish").outlets == []
        assert DagSerialization.from_dict(json.loads(json.dumps(DagSerialization.to_dict(dag)))).dag_id == dag.dag_id
