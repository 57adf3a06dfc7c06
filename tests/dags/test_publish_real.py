"""The publish DAG under a real scheduler: what it publishes, what it waits for, and what it tells when it cannot."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.lib.airflow import Airflow, airflow_over
from tests.lib.asked_world import CAMPAIGN, asked, land, write_world
from tests.lib.receivers import Arrived, receivers

pytestmark = pytest.mark.slow
OPT_OUT = """event_id,occurred_at,action,channel,address,scope,scope_id,actor,via
z1,{},opt_out,email,anna@post.example,list,news,owner,one_click
"""
HOF = {"organisation": "hof", "brand": "museum", "list": "hof-news", "minimum_audience": 0}
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def campaign(folder: Path, name: str, analysis_in: timedelta, publish_before: str = "3h", **settings: object) -> None:
    """A campaign whose delivery analysis is so far from now; three hours before it is open already."""
    analysis_at = (datetime.now(UTC) + analysis_in).isoformat(timespec="seconds")
    told: dict[str, object] = {**CAMPAIGN, "delivery_analysis_at": analysis_at, "publish_before": publish_before, **settings}
    (folder / "campaigns" / f"{name}.yaml").write_text(json.dumps(told))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_world(tmp_path_factory.mktemp("publish") / "w")
    (folder / "campaigns" / "c.yaml").unlink()
    # The feed of another organisation, of which nothing has come yet.
    (folder / "feeds" / "hof_crm.yaml").write_text(
        json.dumps({"source": "canonical_profiles", "files": "*.csv", "max_age": "26h", "organisation": "hof"})
    )
    assert asked(folder, "ingest")[0] == 0
    campaign(folder, "plain", 2 * HOUR)
    campaign(folder, "asked", 2 * HOUR, approval="required")
    campaign(folder, "refused", 2 * HOUR, approval="required")
    campaign(folder, "terminal", 2 * HOUR, approval="required")
    campaign(folder, "missed", -HOUR)
    campaign(folder, "crowd", 2 * HOUR, minimum_audience=1000)
    campaign(folder, "overtaken", 2 * HOUR, approval="required")
    soon = datetime.now(UTC) + 2 * HOUR
    campaign(folder, "daily", HOUR, delivery_analysis_at={"cron": f"{soon.minute} {soon.hour} * * *", "timezone": "UTC"})
    return folder


@pytest.fixture(scope="module")
def arrived() -> Iterator[Arrived]:
    with receivers() as found:
        yield found


@pytest.fixture(scope="module")
def airflow(tmp_path_factory: pytest.TempPathFactory, workspace: Path, arrived: Arrived) -> Iterator[Airflow]:
    with airflow_over(tmp_path_factory.mktemp("airflow"), workspace, **arrived.settings) as found:
        yield found


def dag(name: str) -> str:
    return f"presend_publish_{name}"


def started(airflow: Airflow, name: str) -> str:
    """Switch the campaign's DAG on; gives the id of the run that the scheduler starts."""
    airflow.unpause(dag(name))
    return str(airflow.wait_until(lambda: airflow.runs(dag(name)), 60, f"a run of {name}")[0]["dag_run_id"])


def answer(airflow: Airflow, name: str, run_id: str, option: str) -> None:
    """Answer until the answer has arrived: a busy scheduler loses one that comes within seconds, and the task asks again."""

    def arrived_at(*states: str) -> str:
        def state() -> str | None:
            found = str(airflow.tasks(dag(name), run_id)["approve"]["state"])
            return found if found in states else None

        return airflow.wait_until(state, 120, f"{name} to be asked and answered")

    while arrived_at("awaiting_input", "success", "failed") == "awaiting_input":
        airflow.answer(dag(name), run_id, "approve", option)
        arrived_at("up_for_retry", "success", "failed")


def note(airflow: Airflow, name: str, run_id: str, task: str) -> str:
    return str(airflow.tasks(dag(name), run_id)[task]["note"])


def runs(workspace: Path, name: str, organisation: str = "ufer") -> list[str]:
    return sorted(path.name for path in (workspace / "outbox" / organisation / name).glob("2*"))


def notices(arrived: Arrived, name: str) -> list[dict[str, Any]]:
    return [hook for hook in arrived.hooks if hook["campaign"] == name]


def test_no_dag_is_broken(airflow: Airflow) -> None:
    airflow.wait_until(lambda: len([name for name in airflow.dags() if "publish" in name]) == 8, 120, "the DAGs")
    assert airflow.import_errors() == []


def test_a_campaign_is_published_without_a_hand_and_says_what_it_found(airflow: Airflow, workspace: Path, arrived: Arrived) -> None:
    run_id = started(airflow, "plain")
    assert airflow.wait_for_run(dag("plain"), run_id)["state"] == "success"
    (published,) = runs(workspace, "plain")
    assert asked(workspace, "verify", str(workspace / "outbox" / "ufer" / "plain" / published))[0] == 0
    tasks = airflow.tasks(dag("plain"), run_id)
    assert [tasks[task]["state"] for task in ("freshness", "decide", "validate", "publish")] == ["success"] * 4
    assert "profiles 0.0 hours" in tasks["freshness"]["note"]
    assert "candidates" in tasks["decide"]["note"] and "opted_out_organisation" in tasks["decide"]["note"]
    assert "expectations hold" in tasks["validate"]["note"]
    (event,) = airflow.asset_events("presend_audience_plain")
    manifest = json.loads((workspace / "outbox" / "ufer" / "plain" / published / "manifest.json").read_text())
    assert event["extra"]["run_id"] == published and event["extra"]["counts"] == manifest["counts"]
    assert event["extra"]["excluded_by_reason"] == manifest["excluded_by_reason"]
    audience = [line for line in arrived.figures if "presend.audience" in line and "campaign=plain" in line]
    assert audience and f":{manifest['counts']['audience']}" in audience[-1]
    for name in ("presend.excluded_by_reason", "presend.feed_age", "presend.time_left"):
        assert any(name in line for line in arrived.figures), name
    assert not notices(arrived, "plain")


def test_clearing_any_task_gives_the_same_bytes(airflow: Airflow, workspace: Path) -> None:
    (run,) = airflow.runs(dag("plain"))
    before = {path: path.read_bytes() for path in (workspace / "outbox" / "ufer" / "plain").rglob("*") if path.is_file()}
    airflow.clear(dag("plain"), run["dag_run_id"])
    airflow.wait_until(lambda: airflow.runs(dag("plain"))[0]["state"] in ("queued", "running"), 30, "the run to begin anew")
    assert airflow.wait_for_run(dag("plain"), run["dag_run_id"])["state"] == "success"
    after = {path: path.read_bytes() for path in (workspace / "outbox" / "ufer" / "plain").rglob("*") if path.is_file()}
    assert before and after == before


def test_an_approved_run_is_published_once(airflow: Airflow, workspace: Path) -> None:
    run_id = started(airflow, "asked")
    airflow.wait_for_task(dag("asked"), run_id, "approve", "awaiting_input")
    assert runs(workspace, "asked") == []
    (waiting,) = (workspace / "outbox" / "ufer" / "asked" / "pending").iterdir()
    answer(airflow, "asked", run_id, "Approve")
    assert airflow.wait_for_run(dag("asked"), run_id)["state"] == "success"
    assert runs(workspace, "asked") == [waiting.name] and not waiting.exists()
    assert "approved run" in note(airflow, "asked", run_id, "approve")
    manifest = json.loads((workspace / "outbox" / "ufer" / "asked" / waiting.name / "manifest.json").read_text())
    assert manifest["approval"]["by"]


def test_a_refused_run_is_not_published_and_the_dag_run_says_so(airflow: Airflow, workspace: Path, arrived: Arrived) -> None:
    run_id = started(airflow, "refused")
    answer(airflow, "refused", run_id, "Reject")
    assert airflow.wait_for_run(dag("refused"), run_id)["state"] == "failed"
    assert "refused" in note(airflow, "refused", run_id, "approve")
    assert runs(workspace, "refused") == [] and asked(workspace, "status")[1]["waiting"] == []
    assert any("refused" in notice["cause"] for notice in notices(arrived, "refused"))


def test_an_approval_at_the_terminal_counts_too(airflow: Airflow, workspace: Path) -> None:
    run_id = started(airflow, "terminal")
    airflow.wait_for_task(dag("terminal"), run_id, "approve", "awaiting_input")
    (waiting,) = (workspace / "outbox" / "ufer" / "terminal" / "pending").iterdir()
    assert asked(workspace, "approve", waiting.name, "--by", "Kim")[0] == 0
    assert airflow.wait_for_run(dag("terminal"), run_id, timeout=300)["state"] == "success"
    assert runs(workspace, "terminal") == [waiting.name]
    assert "approved by Kim at the terminal" in note(airflow, "terminal", run_id, "approve")


def test_who_opts_out_while_a_run_waits_is_not_published_and_somebody_is_asked_again(airflow: Airflow, workspace: Path) -> None:
    run_id = started(airflow, "overtaken")
    airflow.wait_for_task(dag("overtaken"), run_id, "approve", "awaiting_input")
    (first,) = (workspace / "outbox" / "ufer" / "overtaken" / "pending").iterdir()
    land(workspace, "consent", "late.csv", OPT_OUT.format(datetime.now(UTC).isoformat()))
    assert asked(workspace, "ingest", "consent")[0] == 0
    answer(airflow, "overtaken", run_id, "Approve")
    assert airflow.wait_for_run(dag("overtaken"), run_id)["state"] == "failed"
    assert "1 in the audience" in note(airflow, "overtaken", run_id, "publish") and runs(workspace, "overtaken") == []
    airflow.clear(dag("overtaken"), run_id, "approve", "publish")
    (second,) = {path.name for path in first.parent.iterdir()} - {first.name}
    airflow.wait_for_task(dag("overtaken"), run_id, "approve", "awaiting_input")
    assert second in note(airflow, "overtaken", run_id, "approve")
    assert first.name not in json.dumps(airflow.question(dag("overtaken"), run_id, "approve")), "an old question about a new run"
    answer(airflow, "overtaken", run_id, "Approve")
    airflow.wait_for_task(dag("overtaken"), run_id, "publish", "success")
    assert runs(workspace, "overtaken") == [second]
    assert "anna@" not in (workspace / "outbox" / "ufer" / "overtaken" / second / "audience.csv").read_text()


def test_a_campaign_that_recurs_is_published_for_its_next_delivery_analysis(airflow: Airflow, workspace: Path) -> None:
    run_id = started(airflow, "daily")
    assert airflow.wait_for_run(dag("daily"), run_id)["state"] == "success"
    assert len(runs(workspace, "daily")) == 1


def test_a_missed_delivery_analysis_is_told_and_nothing_is_published(airflow: Airflow, workspace: Path, arrived: Arrived) -> None:
    """The DAG was paused, or the scheduler down, until after it."""
    run_id = started(airflow, "missed")
    assert airflow.wait_for_run(dag("missed"), run_id)["state"] == "failed"
    assert "was missed" in note(airflow, "missed", run_id, "freshness")
    assert runs(workspace, "missed") == []
    airflow.wait_until(lambda: any("was missed" in notice["cause"] for notice in notices(arrived, "missed")), 60, "the notice")


def test_a_failed_expectation_never_publishes_and_is_named_with_its_counts(airflow: Airflow, workspace: Path, arrived: Arrived) -> None:
    run_id = started(airflow, "crowd")
    airflow.wait_for_task(dag("crowd"), run_id, "validate", "up_for_retry")
    airflow.wait_until(lambda: notices(arrived, "crowd"), 60, "the notice")
    (notice,) = notices(arrived, "crowd")
    assert "instead of at least 1000" in notice["cause"] and notice["time_left"].endswith(" left") and notice["remedy"]
    assert notice["path"] == "/Hooks/Presend" and set(arrived.tokens) == {"Bearer secret-token"}
    mail = airflow.wait_until(lambda: [mail for mail in arrived.mails if "crowd" in str(mail["Subject"])], 30, "the mail")[0]
    assert "instead of at least 1000" in mail.get_body(("html",)).get_content() and mail["To"] == "ops@presend.example"  # type: ignore[attr-defined]
    assert runs(workspace, "crowd") == []


def test_a_feed_that_stays_stale_fails_closed_at_the_latest_useful_moment(airflow: Airflow, workspace: Path, arrived: Arrived) -> None:
    campaign(workspace, "late", 3 * MINUTE, "3m", **HOF)
    run_id = started(airflow, "late")
    assert airflow.wait_for_run(dag("late"), run_id, timeout=240)["state"] == "failed"
    assert "no file of it has been loaded" in note(airflow, "late", run_id, "freshness")
    assert runs(workspace, "late", "hof") == []
    # The deadline's own alert came before, and a second one comes at the delivery analysis.
    airflow.wait_until(lambda: len(notices(arrived, "late")) >= 3, 120, "three notices")
    assert all("hof_crm" in notice["cause"] for notice in notices(arrived, "late"))
    assert "0 minutes left" in notices(arrived, "late")[0]["time_left"]


def test_a_stale_feed_is_waited_for_and_then_published(airflow: Airflow, workspace: Path) -> None:
    campaign(workspace, "waiting", 10 * MINUTE, "12m", **HOF)
    run_id = started(airflow, "waiting")
    airflow.wait_for_task(dag("waiting"), run_id, "freshness", "up_for_reschedule")
    said = airflow.wait_until(lambda: airflow.tasks(dag("waiting"), run_id)["freshness"]["note"], 30, "the note")
    assert "Waits until" in said and "hof_crm" in said and "presend ingest hof_crm" in said
    land(workspace, "hof_crm", "first.csv", "profile_id,organisation,email,country\nh1,hof,hanna@post.example,AT\n")
    assert asked(workspace, "ingest", "hof_crm")[0] == 0
    assert airflow.wait_for_run(dag("waiting"), run_id, timeout=240)["state"] == "success"
    assert len(runs(workspace, "waiting", "hof")) == 1


def test_no_address_is_in_what_is_told(airflow: Airflow, arrived: Arrived) -> None:
    """After everything else."""
    time.sleep(1)
    told = json.dumps(arrived.hooks) + "".join(mail.as_string() for mail in arrived.mails)
    assert "Presend" in told and "@post.example" not in told
