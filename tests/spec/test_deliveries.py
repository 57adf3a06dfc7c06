"""A published run is delivered by `presend deliver` and `presend run`, without Airflow: to folders, and to what fsspec reaches."""

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fsspec.implementations.local import LocalFileSystem
from fsspec.implementations.memory import MemoryFileSystem

from pipeline import places
from tests.lib.asked_world import AS_OF, CAMPAIGN, LATE, SETTINGS, asked, land, run_id_of, write_world

NEXT = "2026-06-01T07:30:00Z"
FILES = ["audience.csv", "audience.parquet", "configuration.json", "exclusions.parquet", "manifest.json", "report.html"]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_world(tmp_path_factory.mktemp("published") / "w")
    assert asked(folder, "run", "--as-of", AS_OF)[0] == 0
    return folder


@pytest.fixture
def workspace(published: Path, tmp_path: Path) -> Path:
    """A workspace with one published run, which nothing says where to deliver."""
    return shutil.copytree(published, tmp_path / "w")


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    """The folder that somebody collects from."""
    folder = tmp_path / "theirs"
    folder.mkdir()
    return folder


@pytest.fixture(autouse=True)
def nothing_is_open() -> Iterator[None]:
    places._opened.clear()
    MemoryFileSystem.store.clear()
    yield
    places._opened.clear()
    MemoryFileSystem.store.clear()


def deliver_to(workspace: Path, destinations: Any) -> None:
    """What presend.yaml says from now on."""
    (workspace / "presend.yaml").write_text(json.dumps({**SETTINGS, "deliver_to": destinations}))


def campaign_says(workspace: Path, **settings: Any) -> None:
    (workspace / "campaigns" / "c.yaml").write_text(json.dumps({**CAMPAIGN, **settings}))


def deliver(workspace: Path) -> tuple[int, Any]:
    return asked(workspace, "deliver", run_id_of(workspace), "--as-of", AS_OF)


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def breaks_off(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """The disk fails when the file is written."""
    write = LocalFileSystem._open

    def failing(self: Any, path: str, mode: str = "rb", **options: Any) -> Any:
        if "w" in mode and name in path:
            raise OSError(5, "Input/output error", path)
        return write(self, path, mode, **options)

    monkeypatch.setattr(LocalFileSystem, "_open", failing)


# ---- what stands where


def test_a_run_is_copied_to_a_folder_and_a_second_delivery_copies_nothing(workspace: Path, theirs: Path) -> None:
    deliver_to(workspace, f"file://{theirs}")
    run_id = run_id_of(workspace)
    code, answer = deliver(workspace)
    assert code == 0
    (done,) = answer["deliveries"]
    assert (done["target"], done["place"], len(done["copied"])) == ("run", f"file://{theirs}", 7)
    assert names(theirs) == sorted([*(f"ufer/c/{run_id}/{name}" for name in FILES), "ufer/c/latest.json"])
    for name in names(theirs):
        assert (theirs / name).read_bytes() == (workspace / "outbox" / name).read_bytes()
    assert deliver(workspace)[1]["deliveries"][0]["copied"] == []
    shutil.rmtree(workspace / ".presend" / "places")
    assert deliver(workspace)[1]["deliveries"][0]["copied"] == [], "a lost record is made up by reading"


def test_the_pointer_comes_last_and_names_the_former_run_until_the_new_one_is_whole(
    workspace: Path, theirs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver_to(workspace, f"file://{theirs}")
    first = run_id_of(workspace)
    assert deliver(workspace)[0] == 0
    assert asked(workspace, "publish", "c", "--as-of", NEXT)[0] == 0
    second = run_id_of(workspace)
    pointer = theirs / "ufer" / "c" / "latest.json"
    with monkeypatch.context() as patch:
        breaks_off(patch, "latest.json")
        assert deliver(workspace)[0] == 17
    assert second != first and json.loads(pointer.read_text())["run_id"] == first
    assert (theirs / "ufer" / "c" / second / "manifest.json").is_file()
    code, answer = deliver(workspace)
    assert code == 0 and answer["deliveries"][0]["copied"] == ["latest.json"], "what stands there is left"
    assert json.loads(pointer.read_text())["run_id"] == second


def test_another_form_stands_beside_the_run_with_a_pointer_of_its_own(workspace: Path, theirs: Path) -> None:
    deliver_to(workspace, [f"file://{theirs}", {"target": "brevo", "place": f"file://{theirs}"}])
    assert deliver(workspace)[0] == 0
    run_id = run_id_of(workspace)
    pointer = json.loads((theirs / "ufer/c/brevo/latest.json").read_text())
    assert pointer["path"] == f"outbox/ufer/c/brevo/{run_id}" and (theirs / f"ufer/c/brevo/{run_id}/contacts.csv").is_file()
    audience = [line.split(",")[0] for line in (theirs / f"ufer/c/{run_id}/audience.csv").read_text().splitlines()[1:]]
    assert (theirs / f"ufer/c/brevo/{run_id}/contacts.csv").read_text().splitlines() == ["EMAIL", *audience]
    assert [done["copied"] for done in deliver(workspace)[1]["deliveries"]] == [[], []]


def test_the_campaigns_own_word_counts_before_the_workspaces(workspace: Path, theirs: Path) -> None:
    deliver_to(workspace, "memory://exchange")
    campaign_says(workspace, deliver_to={"place": f"file://{theirs}"})
    assert [done["place"] for done in deliver(workspace)[1]["deliveries"]] == [f"file://{theirs}"]
    campaign_says(workspace, deliver_to=[])
    code, answer = deliver(workspace)
    assert code == 10 and "nothing says where" in answer["error"]["message"]


def test_where_a_run_goes_is_no_part_of_it(workspace: Path, theirs: Path) -> None:
    """Neither its id, nor what it tells to whoever collects it."""
    run_id = run_id_of(workspace)
    deliver_to(workspace, f"file://{theirs}")
    campaign_says(workspace, deliver_to=f"file://{theirs}")
    shutil.rmtree(workspace / "outbox")
    assert asked(workspace, "publish", "c", "--as-of", AS_OF)[0] == 0
    assert run_id_of(workspace) == run_id
    assert "deliver_to" not in (workspace / "outbox" / "ufer" / "c" / run_id / "configuration.json").read_text()


# ---- as part of `presend run`


def test_run_delivers_and_what_it_could_not_deliver_stays_published_until_the_next_run_completes_it(workspace: Path, theirs: Path) -> None:
    theirs.rmdir()
    deliver_to(workspace, f"file://{theirs}")
    code, answer = asked(workspace, "run", "--as-of", AS_OF)
    run_id = run_id_of(workspace)
    assert code == 17 and answer["published"][0]["run_id"] == run_id
    assert f"run {run_id} is published, and not delivered to the target run at file://{theirs}" in answer["error"]["message"]
    assert f"`presend deliver {run_id}` completes it" in answer["error"]["remedy"]
    theirs.mkdir()
    code, answer = asked(workspace, "run", "--as-of", AS_OF)
    assert code == 0 and len(answer["delivered"][0]["deliveries"][0]["copied"]) == 7
    assert asked(workspace, "run", "--as-of", AS_OF)[1]["delivered"][0]["deliveries"][0]["copied"] == []


def test_a_place_that_is_away_keeps_the_run_from_no_other_one(workspace: Path, theirs: Path) -> None:
    deliver_to(workspace, [f"file://{theirs}/away", "memory://exchange"])
    code, answer = deliver(workspace)
    assert code == 17 and [done["place"] for done in answer["deliveries"]] == ["memory://exchange"]
    assert "/exchange/ufer/c/latest.json" in MemoryFileSystem.store


def test_after_the_delivery_analysis_only_a_persons_word_delivers(workspace: Path, theirs: Path) -> None:
    deliver_to(workspace, f"file://{theirs}")
    late = str(CAMPAIGN["delivery_analysis_at"])
    assert asked(workspace, "run", "--as-of", late)[1]["delivered"] == [] and names(theirs) == []
    assert asked(workspace, "deliver", run_id_of(workspace), "--as-of", late)[0] == 0 and names(theirs)


# ---- what is not delivered


def test_a_run_that_waits_for_a_person_is_not_delivered(workspace: Path, theirs: Path) -> None:
    campaign_says(workspace, approval="required", deliver_to=f"file://{theirs}")
    code, _ = asked(workspace, "publish", "c", "--as-of", NEXT)
    (waiting,) = (workspace / "outbox" / "ufer" / "c" / "pending").iterdir()
    assert code == 14
    code, answer = asked(workspace, "deliver", waiting.name, "--as-of", NEXT)
    assert code == 14 and "approve" in answer["error"]["remedy"] and names(theirs) == []


def test_a_run_that_does_not_verify_is_not_delivered(workspace: Path, theirs: Path) -> None:
    deliver_to(workspace, f"file://{theirs}")
    with (workspace / "outbox" / "ufer" / "c" / run_id_of(workspace) / "audience.csv").open("a") as file:
        file.write("somebody@else.example,,,false\n")
    code, answer = deliver(workspace)
    assert code == 13 and "does not hold" in answer["error"]["message"] and "somebody" not in str(answer)
    assert names(theirs) == []


def test_who_is_withdrawn_since_is_told_before_the_pointer_and_never_reaches_a_form_without_a_place_for_it(
    workspace: Path, theirs: Path
) -> None:
    run_id = run_id_of(workspace)
    land(workspace, "consent", "late.csv", LATE)
    assert asked(workspace, "ingest", "consent", "--as-of", NEXT)[0] == 0
    assert asked(workspace, "recheck", run_id, "--as-of", NEXT)[0] == 0
    deliver_to(workspace, [{"target": "brevo", "place": f"file://{theirs}"}, f"file://{theirs}"])
    code, answer = deliver(workspace)
    assert code == 13 and "1 in its audience have become excluded since" in answer["error"]["message"]
    (done,) = answer["deliveries"]
    assert done["copied"][-2].startswith("withdrawn/") and done["copied"][-1] == "latest.json"
    assert json.loads((theirs / "ufer/c/latest.json").read_text())["withdrawn"] == f"outbox/ufer/c/{done['copied'][-2]}"
    assert not [name for name in names(theirs) if "/brevo/" in name]


# ---- what is a fault


@pytest.mark.parametrize(
    ("destination", "told"),
    [
        ({"target": "brevoo", "place": "memory://x"}, "there is no target 'brevoo'"),
        ({"target": "brevo"}, "place"),
        ("s3://key:s3cret@bucket/x", "this is no place"),
        ("s3://key:s3c/ret@bucket/x", "this is no place"),
        ("abfs://container/x?sig=s3cret", "this is no place"),
        ("/mnt/exchange", "this is no place"),
        ("file://mnt/exchange", "no absolute path"),
        ("file:///mnt/exchange/../other", "leaves its folder"),
        ("s3://bucket/../other", "leaves its folder"),
    ],
)
def test_a_destination_that_is_none_is_a_fault_of_the_configuration(workspace: Path, destination: Any, told: str) -> None:
    campaign_says(workspace, deliver_to=destination)
    code, answer = asked(workspace, "check")
    assert code == 10 and told in str(answer) and "campaigns/c.yaml" in str(answer)
    assert "s3cret" not in str(answer) and "s3c/ret" not in str(answer), "a secret is not repeated"


def test_a_place_in_the_workspace_is_an_error(workspace: Path) -> None:
    deliver_to(workspace, f"file://{workspace}/outbox")
    code, answer = deliver(workspace)
    assert code == 10 and "in the workspace" in answer["error"]["message"]


def test_a_library_that_is_not_installed_is_named_by_its_extra(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gcsfs", None)
    deliver_to(workspace, "gs://bucket/x")
    code, answer = deliver(workspace)
    assert code == 10 and "presend[deliver-gcs]" in answer["error"]["remedy"]


def test_an_airflow_connection_is_not_known_here(workspace: Path) -> None:
    deliver_to(workspace, "s3://presend_s3@bucket/x")
    code, answer = deliver(workspace)
    assert code == 10 and "connection of Airflow's" in answer["error"]["message"]


# ---- the real back ends


def test_s3_with_keys_from_the_environment(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.lib.places import PASSWORD, s3_server

    with s3_server() as server:
        endpoint = json.loads(server.settings["AIRFLOW_CONN_PRESEND_S3"])["extra"]["endpoint_url"]
        for name, value in {"KEY": "key", "SECRET": PASSWORD, "ENDPOINT_URL": endpoint}.items():
            monkeypatch.setenv(f"FSSPEC_S3_{name}", value)
        deliver_to(workspace, server.url.replace("presend_s3@", ""))
        server.breaks = "latest.json"
        code, answer = deliver(workspace)
        assert code == 17 and PASSWORD not in str(answer)
        assert server.appeared[-1] == f"ufer/c/{run_id_of(workspace)}/manifest.json"
        server.breaks = ""
        assert deliver(workspace)[1]["deliveries"][0]["copied"] == ["latest.json"]
        assert server.read("ufer/c/latest.json") == (workspace / "outbox/ufer/c/latest.json").read_bytes()


def test_sftp_asks_for_the_key_of_the_host(workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.lib.places import PASSWORD, sftp_server

    with sftp_server(tmp_path / "host") as server:
        connection = json.loads(server.settings["AIRFLOW_CONN_PRESEND_SFTP"])
        known = tmp_path / "known_hosts"
        known.write_text("")
        for name, value in {"USERNAME": "presend", "PASSWORD": PASSWORD, "KNOWN_HOSTS": str(known)}.items():
            monkeypatch.setenv(f"FSSPEC_SFTP_{name}", value)
        deliver_to(workspace, f"sftp://127.0.0.1:{connection['port']}/upload")
        assert deliver(workspace)[0] == 17 and server.names() == [], "whoever answers in its place gets nothing"
        known.write_text(f"* {connection['extra']['host_key']}\n")
        assert deliver(workspace)[0] == 0
        assert server.appeared[-2:] == [f"ufer/c/{run_id_of(workspace)}/manifest.json", "ufer/c/latest.json"]
