"""A notice reaches a real web server and a real mail server, says what somebody has to know, and says nothing else."""

import asyncio
import errno
import json
import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.lib.asked_world import AS_OF, CAMPAIGN, CONSENT, asked, land, write_world
from tests.lib.receivers import Arrived, receivers

ROOT = Path(__file__).parents[2]
ROW = "cannot convert 'anna@post.example'"
INSTANCE = SimpleNamespace(dag_id="presend_publish_c", run_id="scheduled__1", task_id="freshness", try_number=1)


@cache
def soon() -> str:
    """Three quarters of an hour after the first of these tests has begun."""
    return (datetime.now(UTC) + timedelta(minutes=45, seconds=30)).isoformat()


@pytest.fixture(autouse=True)
def workspace(airflow_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = write_world(tmp_path / "w", campaign={"delivery_analysis_at": soon()})
    monkeypatch.setenv("PRESEND_WORKSPACE", str(folder))
    return folder


@pytest.fixture
def arrived(monkeypatch: pytest.MonkeyPatch) -> Iterator[Arrived]:
    with receivers() as found:
        for name, value in found.settings.items():
            if name.startswith("AIRFLOW_CONN"):
                monkeypatch.setenv(name, value)
        yield found


def failed(error: BaseException, *, try_number: int = 1) -> dict[str, Any]:
    """The context that Airflow hands to a callback."""
    instance = SimpleNamespace(**{**vars(INSTANCE), "try_number": try_number})
    run = SimpleNamespace(run_type="manual", logical_date=None)
    return {"exception": error, "ti": instance, "dag_run": run, "params": {}}


def stale() -> BaseException:
    """What a task raises at the end, with the error that it comes from."""
    from airflow.sdk.exceptions import AirflowFailException

    from pipeline.errors import FeedNotFresh

    error = AirflowFailException("the words of the note")
    error.__cause__ = FeedNotFresh("feed profiles is 30.0 hours old", where="landing/profiles/", remedy="Land a new file.")
    return error


def notify(context: dict[str, Any], **settings: bool) -> None:
    from orchestration.notices import CampaignNotifier

    CampaignNotifier("c", **settings)(context)


def test_a_failure_is_told_with_campaign_cause_time_left_and_remedy_on_both_ways(arrived: Arrived) -> None:
    notify(failed(stale()))
    (hook,) = arrived.hooks
    assert (hook["campaign"], hook["organisation"], hook["cause"], hook["remedy"]) == (
        "c", "ufer", "feed profiles is 30.0 hours old", "Land a new file.",
    )  # fmt: skip
    assert re.fullmatch(r"4\d minutes left", hook["time_left"]) and hook["run"] == "presend_publish_c / scheduled__1 / freshness"
    assert hook["path"] == "/Hooks/Presend" and arrived.tokens == ["Bearer secret-token"]
    (mail,) = arrived.mails
    assert (mail["To"], mail["From"]) == ("ops@presend.example", "airflow@presend.example")
    assert mail["Subject"] == f"Presend: c is not published ({hook['time_left']})"
    body = mail.get_body(("html",)).get_content()  # type: ignore[attr-defined]
    assert all(told in body for told in (hook["cause"], "Land a new file.", hook["time_left"], hook["run"]))


def test_a_task_that_is_tried_again_is_told_once(arrived: Arrived) -> None:
    notify(failed(stale(), try_number=1), is_first_try_only=True)
    notify(failed(stale(), try_number=2), is_first_try_only=True)
    assert len(arrived.hooks) == len(arrived.mails) == 1


def test_without_a_connection_nothing_is_sent_and_nothing_fails() -> None:
    notify(failed(stale()))


def test_a_receiver_that_is_down_keeps_nobody_from_the_other(arrived: Arrived, monkeypatch: pytest.MonkeyPatch) -> None:
    down = {"conn_type": "smtp", "host": "127.0.0.1", "port": 1, "extra": {"to": "x@presend.example", "disable_ssl": True}}
    monkeypatch.setenv("AIRFLOW_CONN_PRESEND_SMTP", json.dumps(down))
    notify(failed(stale()))
    assert len(arrived.hooks) == 1 and not arrived.mails


def test_a_receiver_that_fails_is_logged_without_its_address(
    arrived: Arrived, monkeypatch: pytest.MonkeyPatch, capfd: Any, caplog: Any
) -> None:
    """A webhook's path is often the secret."""
    hook = json.loads(arrived.settings["AIRFLOW_CONN_PRESEND_WEBHOOK"])
    monkeypatch.setenv("AIRFLOW_CONN_PRESEND_WEBHOOK", json.dumps({**hook, "port": 1}))
    notify(failed(stale()))
    said = "".join(capfd.readouterr()) + caplog.text
    assert "ConnectError" in said and "/Hooks/Presend" not in said
    assert len(arrived.mails) == 1


def test_what_a_notice_says_is_no_template_and_no_markup(arrived: Arrived) -> None:
    """A segment may hold any text."""
    from pipeline.errors import ConfigurationError

    notify(failed(ConfigurationError("{{ conn.presend_smtp.password }} <script>")))
    assert arrived.hooks[0]["cause"] == "{{ conn.presend_smtp.password }} <script>"
    assert "&lt;script&gt;" in arrived.mails[0].get_body(("html",)).get_content()  # type: ignore[attr-defined]


def test_a_lost_process_and_a_faulty_campaign_are_told_too(arrived: Arrived, workspace: Path) -> None:
    (workspace / "campaigns" / "c.yaml").write_text(json.dumps({**CAMPAIGN, "brand": "nobody"}))
    notify({**failed(stale()), "exception": None})
    assert "without saying why" in arrived.hooks[0]["cause"] and arrived.hooks[0]["time_left"] == "time left unknown"


def test_an_error_that_nobody_foresaw_is_told_without_its_text(arrived: Arrived) -> None:
    """It may quote a row."""
    notify(failed(ValueError("cannot convert 'anna@post.example'")))
    notify(failed(PermissionError(errno.EACCES, "Permission denied", "landing/consent/anna@post.example.csv")))
    assert [hook["cause"] for hook in arrived.hooks] == [
        "the task stopped with an unexpected ValueError",
        "the system refused to write or read: Permission denied",
    ]


# Feeds, build and maintenance: no campaign's own


def ran(dag_id: str) -> str:
    """How a run of the DAG ends, with its callbacks, in this process."""
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(ROOT / "dags")
    assert bag.import_errors == {}
    dag = bag.dags[dag_id]
    dag.deadline = None  # `dag.test()` of Airflow 3.3.2 cannot end a run that has one
    for task in dag.tasks:
        task.retries = 0
    return str(dag.test().state)


def test_a_refused_file_is_told_with_its_feed_who_waits_for_it_and_no_files_name(arrived: Arrived, workspace: Path) -> None:
    for name, hours in (("a_later_one", 5), ("published", 1), ("over", -1)):
        analysis_at = (datetime.now(UTC) + timedelta(hours=hours)).isoformat()
        (workspace / "campaigns" / f"{name}.yaml").write_text(json.dumps({**CAMPAIGN, "delivery_analysis_at": analysis_at}))
    assert asked(workspace, "ingest")[0] == 0 and asked(workspace, "publish", "published")[0] == 0
    land(workspace, "consent", "anna@post.example.csv", CONSENT.splitlines()[0] + "\nx,,,,,,,,,,\n")
    assert ran("presend_ingest_consent") == "failed"
    (hook,) = arrived.hooks
    assert (hook["feed"], hook["campaigns"]) == ("consent", ["c", "a_later_one"])
    assert hook["cause"].startswith("the file was refused as a whole") and "rejected/consent/" in hook["remedy"]
    assert re.fullmatch(r"4\d minutes left", hook["time_left"]) and hook["run"].endswith(" / accept")
    assert f"wait for it: c, a_later_one ({hook['time_left']})" in hook["text"]
    (mail,) = arrived.mails
    assert mail["Subject"] == f"Presend: feed consent was not loaded ({hook['time_left']})"
    assert "anna" not in json.dumps(hook) and "anna" not in mail.as_string()


def test_an_ingest_that_fails_is_told_although_the_configuration_cannot_be_read(arrived: Arrived, workspace: Path) -> None:
    (workspace / "feeds" / "consent.yaml").write_text("source: nobody\n")
    assert ran("presend_ingest_consent") == "failed"
    (hook,) = arrived.hooks
    assert hook["run"].endswith(" / ingest") and "there is no adapter 'nobody'" in hook["cause"]
    assert (hook["campaigns"], hook["time_left"]) == ([], "time left unknown")


def test_a_build_that_fails_is_told(arrived: Arrived, workspace: Path) -> None:
    (workspace / "feeds" / "consent.yaml").write_text("source: nobody\n")
    assert ran("presend_build") == "failed"
    (hook,) = arrived.hooks
    assert hook["subject"] == "Presend: presend_build / build_warehouse failed" and "nobody" in hook["cause"]


def test_what_maintenance_finds_is_told_without_a_files_name(arrived: Arrived, workspace: Path) -> None:
    assert asked(workspace, "ingest")[0] == 0
    land(workspace, "consent", "anna@post.example.csv", CONSENT)
    os.utime(workspace / "landing" / "consent" / "anna@post.example.csv", (0, 0))
    assert ran("presend_maintenance") == "failed"
    (hook,) = arrived.hooks
    assert hook["subject"] == "Presend: presend_maintenance / check_readiness failed" and "anna" not in json.dumps(hook)
    assert "landed files that are not in the ledger after an hour: 1" in hook["cause"]


@pytest.mark.parametrize(("dag_id", "function"), [("ingest_consent", "ledger.ingest"), ("publish_c", "attention.require_ready")])
def test_an_error_that_nobody_foresaw_is_logged_without_its_text(
    dag_id: str, function: str, arrived: Arrived, monkeypatch: pytest.MonkeyPatch, capfd: Any, caplog: Any
) -> None:
    """It may quote a row, and so may what an error of Presend's own comes from."""
    from pipeline.errors import ValidationFailed

    def convert(*_: object, **__: object) -> None:
        raise ValueError(ROW)

    def check(*_: object, **__: object) -> None:
        try:
            convert()
        except ValueError as error:
            raise ValidationFailed("the ledger cannot be read") from error

    for broken, said in ((convert, "the task stopped with an unexpected ValueError"), (check, "the ledger cannot be read")):
        monkeypatch.setattr(f"pipeline.{function}", broken)
        assert ran(f"presend_{dag_id}") == "failed"
        logged = "".join(capfd.readouterr()) + caplog.text
        assert said in logged and "anna@" not in logged
        assert arrived.hooks[-1]["cause"] == said


# Deadlines


def remind(*, is_missed: bool = False, analysis_at: str | None = None) -> str:
    from orchestration.notices import remind

    return asyncio.run(remind("c", analysis_at or soon(), is_missed=is_missed, context={}))


def test_a_deadline_tells_what_the_campaign_waits_for(arrived: Arrived, workspace: Path) -> None:
    assert remind() == "not published: presend_smtp, presend_webhook"
    assert "feed" in arrived.hooks[0]["cause"] and "presend ingest" in arrived.hooks[0]["remedy"]
    assert asked(workspace, "ingest")[0] == 0
    remind()
    assert arrived.hooks[1]["cause"] == "its tasks have not come to an end"


def test_a_deadline_tells_of_a_run_that_waits_for_approval(arrived: Arrived, workspace: Path) -> None:
    (workspace / "campaigns" / "c.yaml").write_text(json.dumps({**CAMPAIGN, "delivery_analysis_at": soon(), "approval": "required"}))
    assert asked(workspace, "ingest")[0] == 0 and asked(workspace, "publish", "c")[0] == 14
    remind()
    assert "waits for approval" in arrived.hooks[0]["cause"] and "presend approve" in arrived.hooks[0]["remedy"]


def test_a_deadline_is_silent_when_the_audience_is_published_or_a_later_one_has_passed(arrived: Arrived, workspace: Path) -> None:
    past = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    assert remind(analysis_at=past) == "too late to help"
    assert asked(workspace, "ingest")[0] == 0 and asked(workspace, "publish", "c")[0] == 0
    assert remind() == remind(is_missed=True) == "published"
    assert not arrived.hooks and not arrived.mails


def test_a_missed_delivery_analysis_is_told(arrived: Arrived, workspace: Path) -> None:
    (workspace / "campaigns" / "c.yaml").write_text(json.dumps({**CAMPAIGN, "delivery_analysis_at": AS_OF}))
    remind(is_missed=True, analysis_at=AS_OF)
    assert arrived.hooks[0]["time_left"] == "the delivery analysis is over"
