"""The publish DAG as it is wired: when it starts, how often it tries, what it does where the clock stands; windows and clock changes."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.lib.asked_world import AS_OF, CAMPAIGN, asked, run_id_of, write_world

DAGS = Path(__file__).parents[2] / "dags"
WEEKLY = {"cron": "0 9 * * 2", "timezone": "Europe/Vienna"}
VIENNA = ZoneInfo("Europe/Vienna")
STEPS = ["freshness", "decide", "validate", "publish"]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory, airflow_home: Path) -> Iterator[Path]:
    folder = write_world(tmp_path_factory.mktemp("publish") / "w")
    campaigns = {
        "checked": {**CAMPAIGN, "approval": "required"},
        "faulty": {**CAMPAIGN, "brand": "nobody"},
        "weekly": {**CAMPAIGN, "delivery_analysis_at": WEEKLY},
        "crowd": {**CAMPAIGN, "minimum_audience": 1000},
    }
    for name, campaign in campaigns.items():
        (folder / "campaigns" / f"{name}.yaml").write_text(json.dumps(campaign))
    assert asked(folder, "ingest", "--as-of", AS_OF)[0] == 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRESEND_WORKSPACE", str(folder))
        yield folder


@pytest.fixture(scope="module")
def dag(workspace: Path) -> Callable[[str], Any]:
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(DAGS / "publish.py")
    assert bag.import_errors == {} and len(bag.dags) == 5
    return lambda name: bag.dags[f"presend_publish_{name}"]


def states(dag: Any) -> dict[str, str]:
    """Run a DAG in this process, with the clock standing at AS_OF; gives what became of its tasks."""
    dag.deadline = None  # `dag.test()` of Airflow 3.3.2 cannot end a run that has one
    run = dag.test(run_conf={"as_of": AS_OF})
    return {instance.task_id: str(instance.state) for instance in run.get_task_instances()}


def test_the_steps_are_tasks_in_their_order(dag: Callable[[str], Any]) -> None:
    for name, steps in (("c", STEPS), ("checked", [*STEPS[:3], "approve", STEPS[3]])):
        tasks = {task.task_id: task for task in dag(name).tasks}
        assert set(tasks) == set(steps)
        assert [set(tasks[step].upstream_task_ids) for step in steps] == [set(), *({step} for step in steps[:-1])]


def test_a_campaign_starts_as_its_window_opens_and_tries_until_nothing_is_useful_any_more(dag: Callable[[str], Any]) -> None:
    found = dag("c")
    assert found.timetable.event_dates == [datetime.fromisoformat("2026-06-01T06:00:00+00:00")] and found.catchup
    assert {task.retries for task in found.tasks} == {24}, "every five minutes of the two hours"
    assert [alert.reference.serialize_reference()["datetime"] for alert in found.deadline] == [
        datetime.fromisoformat(moment).timestamp() for moment in ("2026-06-01T07:30:00+00:00", "2026-06-01T08:00:00+00:00")
    ]


def test_a_faulty_campaign_keeps_its_dag_without_a_schedule_and_says_file_and_line(dag: Callable[[str], Any]) -> None:
    found = dag("faulty")
    assert "faulty" in found.tags and "campaigns/faulty.yaml:" in found.doc_md and "nobody" in found.doc_md
    assert not found.timetable.can_be_scheduled


def test_the_dags_can_be_stored_and_read_back_by_the_scheduler(dag: Callable[[str], Any]) -> None:
    from airflow.serialization.serialized_objects import DagSerialization

    for name in ("c", "checked", "faulty", "weekly"):
        stored = json.loads(json.dumps(DagSerialization.to_dict(dag(name))))
        assert DagSerialization.from_dict(stored).dag_id == dag(name).dag_id
    weekly = DagSerialization.from_dict(DagSerialization.to_dict(dag("weekly")))
    assert (weekly.timetable.summary, weekly.timetable.publish_before) == ("0 9 * * 2", timedelta(hours=2))


def test_with_one_clock_the_dag_publishes_what_the_command_publishes(dag: Callable[[str], Any], workspace: Path) -> None:
    assert states(dag("c")) == dict.fromkeys(STEPS, "success")
    run_id = run_id_of(workspace)
    assert asked(workspace, "publish", "c", "--as-of", AS_OF)[1]["run_id"] == run_id
    assert asked(workspace, "verify", str(workspace / "outbox" / "ufer" / "c" / run_id))[0] == 0


def test_with_one_clock_a_failed_expectation_fails_at_once(dag: Callable[[str], Any], workspace: Path) -> None:
    assert states(dag("crowd")) == {"freshness": "success", "decide": "success", "validate": "failed", "publish": "upstream_failed"}
    assert not list((workspace / "outbox" / "ufer" / "crowd").glob("2*"))


def test_a_faulty_campaign_fails_at_its_first_step(dag: Callable[[str], Any]) -> None:
    assert states(dag("faulty"))["freshness"] == "failed"


class Asked:
    """The campaign `checked`, whose run waits, and its task `approve` with what Airflow gives to it."""

    def __init__(self, dag: Any, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from types import SimpleNamespace

        from orchestration import approval, publishing
        from pipeline.outbox import runs_of
        from pipeline.workspace import Workspace

        assert asked(workspace, "publish", "checked", "--as-of", AS_OF)[0] in (0, 14)
        self.waiting = runs_of(Workspace(workspace), "ufer", "checked", is_pending=True)[-1]
        self.said: list[str] = []
        for module in (approval, publishing):
            monkeypatch.setattr(module, "say", self.said.append)
        monkeypatch.setattr(approval.ApprovalOperator, "execute", lambda *_: "asked")
        instance = SimpleNamespace(
            dag_id="d", run_id="r", try_number=1, xcom_push=lambda **_: None, xcom_pull=lambda **_: self.waiting.run_id
        )
        run = SimpleNamespace(run_type="manual", logical_date=None)
        self.context = {"ti": instance, "params": {"as_of": AS_OF}, "dag_run": run, "outlet_events": {}}
        monkeypatch.setattr(publishing, "get_current_context", lambda: self.context)
        self.task = dag.get_task("approve")

    def answers(self, option: str, by: str) -> Any:
        user = {"id": "7", "name": by}
        event = {"chosen_options": [option], "params_input": {}, "responded_at": datetime.now(UTC), "responded_by_user": user}
        return self.task.execute_complete(self.context, event)


def test_a_run_is_approved_by_a_persons_own_record_alone(
    dag: Callable[[str], Any], workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """XComs are anybody's who may write to Airflow: the id of a run that waits, in one of them, is no yes to it."""
    from airflow.sdk.exceptions import AirflowFailException

    from orchestration import publishing

    found = Asked(dag("checked"), workspace, monkeypatch)
    record = found.waiting.path.with_name(f"{found.waiting.run_id}.approval.json")
    for approved in (found.waiting.run_id, "20260601T070000Z-12345678", "../c"):
        with pytest.raises(AirflowFailException):
            publishing.publish("checked", approved=approved)
    assert "no record says that a person approved it" in found.said[0]
    with pytest.raises(AirflowFailException, match="not of c"):
        publishing.publish("c", approved=found.waiting.run_id)
    with pytest.raises(AirflowFailException, match="waits for approval"):
        publishing.deliver("checked", found.waiting.run_id)

    assert found.task.execute(found.context) == "asked"
    assert found.answers("Approve", "kim@firma.example") == found.waiting.run_id
    assert "kim@" not in record.read_text() and '"through": "d/r"' in record.read_text()
    assert found.task.execute(found.context) == found.waiting.run_id, "the try in which the answer came was lost"
    yes = record.read_text()
    record.write_text(yes.replace(found.waiting.run_id, "20260601T070000Z-12345678"))
    with pytest.raises(AirflowFailException):
        publishing.publish("checked", approved=found.waiting.run_id)
    record.write_text(yes)
    manifest = found.waiting.path / "manifest.json"
    content = manifest.read_text()
    manifest.write_text(content + "\n")  # what was approved is this very content
    with pytest.raises(AirflowFailException):
        publishing.publish("checked", approved=found.waiting.run_id)
    manifest.write_text(content)


def test_a_refused_run_takes_its_earlier_yes_along(dag: Callable[[str], Any], workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from airflow.sdk.exceptions import AirflowFailException

    found = Asked(dag("checked"), workspace, monkeypatch)
    found.answers("Approve", "Kim")
    with pytest.raises(AirflowFailException, match="refused"):
        found.answers("Reject", "Lou")
    again = Asked(dag("checked"), workspace, monkeypatch)
    assert again.waiting.run_id == found.waiting.run_id and again.task.execute(again.context) == "asked"


# ---- order


def test_of_campaigns_due_together_the_later_one_waits_for_the_earlier(workspace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At most until somebody would be told, and for none that cannot go on by itself."""
    from types import SimpleNamespace

    from orchestration import publishing

    said: list[str] = []
    analysis = "2026-06-01T07:50:00Z"  # before the other campaigns of this page
    for name, settings in (("a1", {}), ("a2", {}), ("a0", {"channel": "sms"})):
        campaign = {**CAMPAIGN, "delivery_analysis_at": analysis, "publish_before": "1h", **settings}
        (workspace / "campaigns" / f"{name}.yaml").write_text(json.dumps(campaign))
    context = {"params": {}, "dag_run": SimpleNamespace(run_type="manual", logical_date=None)}
    monkeypatch.setattr(publishing, "say", said.append)
    monkeypatch.setattr(publishing, "get_current_context", lambda: context)

    def goes_on(name: str, at: str) -> bool:
        monkeypatch.setattr(publishing, "clock", lambda _=None: datetime.fromisoformat(at))
        return publishing.is_fresh(name)

    assert goes_on("a1", "2026-06-01T07:10:00+00:00"), said
    assert not goes_on("a2", "2026-06-01T07:10:00+00:00") and "for a1:" in said[-1]
    assert goes_on("a2", "2026-06-01T07:36:00+00:00"), "not for ever"
    code, document = asked(workspace, "publish", "a2", "--as-of", "2026-06-01T07:10:00Z")
    assert code == 0
    (warning,) = (text for text in json.loads((Path(document["path"]) / "manifest.json").read_text())["warnings"] if "a1" in text)
    assert "comes before this one" in warning
    assert asked(workspace, "publish", "a1", "--as-of", "2026-06-01T07:10:00Z")[0] == 0
    (workspace / "campaigns" / "a3.yaml").write_text(json.dumps({**CAMPAIGN, "delivery_analysis_at": analysis, "publish_before": "1h"}))
    assert goes_on("a3", "2026-06-01T07:10:00+00:00"), "the others are decided"


# ---- windows


def openings(count: int, after: datetime, cron: str = WEEKLY["cron"], publish_before: timedelta = timedelta(hours=2)) -> list[datetime]:
    """The next openings as the scheduler asks for them, catching up."""
    from airflow.timetables.base import DataInterval, TimeRestriction
    from pendulum import instance

    from orchestration.windows import WindowTimetable

    timetable = WindowTimetable(cron, "Europe/Vienna", publish_before)
    restriction, last, found = TimeRestriction(instance(after), None, True), None, []
    for _ in range(count):
        info = timetable.next_dagrun_info(last_automated_data_interval=last, restriction=restriction)
        last = DataInterval.exact(info.run_after)
        found.append(info.run_after)
    return found


def test_a_recurring_campaigns_window_opens_by_the_wall_clock_through_clock_changes(airflow_home: Path) -> None:
    found = openings(3, datetime(2026, 3, 20, tzinfo=UTC))
    assert [moment.astimezone(VIENNA).strftime("%m-%d %H:%M") for moment in found] == ["03-24 07:00", "03-31 07:00", "04-07 07:00"]
    assert [moment.astimezone(UTC).hour for moment in found] == [6, 5, 5]


@pytest.mark.parametrize("change", ["2026-03-29", "2026-10-25"])
def test_an_hour_that_a_clock_change_skips_or_repeats_has_one_window(airflow_home: Path, change: str) -> None:
    day = datetime.fromisoformat(change).replace(tzinfo=VIENNA)
    analyses = [moment + timedelta(hours=2) for moment in openings(3, day - timedelta(days=1), "30 2 * * *")]
    assert [analysis.astimezone(VIENNA).date().day for analysis in analyses] == [day.day - 1, day.day, day.day + 1]


def test_a_window_longer_than_the_time_between_two_analyses_loses_none(airflow_home: Path) -> None:
    found = openings(4, datetime(2026, 6, 1, tzinfo=UTC), "0 * * * *", timedelta(hours=3))
    assert [(later - earlier) for earlier, later in zip(found, found[1:], strict=False)] == [timedelta(hours=1)] * 3


def next_window(last: datetime | None, now: datetime, monkeypatch: pytest.MonkeyPatch) -> datetime:
    """What the scheduler gets without catching up, as at `now`."""
    from airflow.timetables.base import DataInterval, TimeRestriction
    from pendulum import instance

    from orchestration import windows

    monkeypatch.setattr(windows, "now", lambda _: instance(now))
    timetable = windows.WindowTimetable(WEEKLY["cron"], WEEKLY["timezone"], timedelta(hours=2))
    interval = None if last is None else DataInterval.exact(instance(last))
    info = timetable.next_dagrun_info(last_automated_data_interval=interval, restriction=TimeRestriction(None, None, False))
    return info.run_after  # type: ignore[no-any-return]


def test_a_new_campaign_begins_with_the_window_that_is_open(airflow_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tuesday = datetime(2026, 6, 2, 8, 30, tzinfo=VIENNA)
    assert next_window(None, tuesday, monkeypatch) == tuesday.replace(hour=7, minute=0)
    assert next_window(None, tuesday.replace(hour=9, minute=1), monkeypatch) == datetime(2026, 6, 9, 7, tzinfo=VIENNA)


def test_of_the_windows_missed_in_a_pause_the_last_one_is_told(airflow_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    last = datetime(2026, 6, 2, 7, tzinfo=VIENNA)
    for now, told in (
        (datetime(2026, 6, 3, tzinfo=VIENNA), datetime(2026, 6, 9, 7, tzinfo=VIENNA)),  # nothing missed: the next one
        (datetime(2026, 6, 9, 8, tzinfo=VIENNA), datetime(2026, 6, 9, 7, tzinfo=VIENNA)),  # open: not lost
        (datetime(2026, 6, 25, tzinfo=VIENNA), datetime(2026, 6, 23, 7, tzinfo=VIENNA)),  # three missed: the last
        (datetime(2026, 6, 30, 8, tzinfo=VIENNA), datetime(2026, 6, 23, 7, tzinfo=VIENNA)),  # a window open: still told first
    ):
        assert next_window(last, now, monkeypatch) == told


# ---- moments


def test_a_run_by_schedule_is_for_its_own_delivery_analysis_however_late_it_starts(workspace: Path) -> None:
    """Else a run that starts after Tuesday's would publish next Tuesday's, a week ahead."""
    from types import SimpleNamespace

    from orchestration.publishing import asked_campaign

    opened = datetime(2026, 6, 2, 5, tzinfo=UTC)
    for kind, late, expected in (
        ("scheduled", "2026-06-02T09:00:00Z", datetime(2026, 6, 2, 7, tzinfo=UTC)),
        ("backfill", "2026-07-01T00:00:00Z", datetime(2026, 6, 2, 7, tzinfo=UTC)),
        ("manual", "2026-06-02T09:00:00Z", datetime(2026, 6, 9, 7, tzinfo=UTC)),
    ):
        context = {"dag_run": SimpleNamespace(run_type=kind, logical_date=opened), "params": {"as_of": late}}
        assert asked_campaign("weekly", context).delivery_analysis_at == expected


def test_short_windows_have_short_pauses_and_every_window_has_room_at_its_end(workspace: Path) -> None:
    from orchestration import deadlines
    from orchestration.publishing import configured

    campaign = configured().campaigns["c"].occurrence(datetime.now(UTC))
    for before in (timedelta(minutes=2), timedelta(hours=2), timedelta(days=2)):
        one = campaign.model_copy(update={"publish_before": before})
        moments = (
            one.window_opens_at,
            deadlines.told_at(one),
            deadlines.latest_useful(one),
            one.delivery_analysis_at,
        )
        assert list(moments) == sorted(set(moments))
        assert deadlines.again_after(before) * (deadlines.tries(before) + 1) > before, "the trying must not end before the window"
    assert campaign.delivery_analysis_at - deadlines.latest_useful(campaign) == timedelta(minutes=15)
