"""The page "Audiences": only for those who are logged in, only what they may read, and true about every campaign."""

import json
import os
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from pipeline.outbox import recent_runs
from tests.lib.asked_world import CAMPAIGN, asked, write_world

NOW = datetime.now(UTC).replace(microsecond=0)
HOUR = timedelta(hours=1)
FEEDS = ("consent", "delivery", "hof_crm", "profiles")
CAMPAIGNS = ("asked", "c", "crowd", "damaged", "faulty", "later", "late", "missed", "waiting")
COUNTED = ("candidates", "audience", "excluded", "seeds")
DAGS = frozenset({*(f"presend_ingest_{feed}" for feed in FEEDS), *(f"presend_publish_{name}" for name in CAMPAIGNS)})


def campaign(folder: Path, name: str, analysis_at: datetime, **settings: object) -> None:
    told = {**CAMPAIGN, "publish_before": "3h", "delivery_analysis_at": analysis_at.isoformat(), **settings}
    (folder / "campaigns" / f"{name}.yaml").write_text(json.dumps(told))


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A campaign in each state, an hour or two after everything was run."""
    folder = write_world(tmp_path_factory.mktemp("plugin") / "w")
    campaign(folder, "c", NOW + HOUR)
    campaign(folder, "asked", NOW + 2 * HOUR, approval="required")
    campaign(folder, "crowd", NOW + 2 * HOUR, minimum_audience=1000)
    code, told = asked(folder, "run", "--as-of", (NOW - HOUR).isoformat())
    assert code == 13, told
    campaign(folder, "late", NOW - HOUR)
    run = next((folder / "outbox" / "ufer" / "c").glob("2*"))
    _copied(run, "late", "20260102T000000Z-0123abcd", as_of=NOW - 2 * HOUR, delivery_analysis_at=NOW - HOUR)
    _copied(run, "damaged", "20260102T000000Z-0123abcd", as_of=NOW - 2 * HOUR, counts={"candidates": 1})
    pointer = {"run_id": run.name, "path": f"outbox/ufer/c/{run.name}", "as_of": NOW.isoformat()}
    withdrawn = f"outbox/ufer/c/withdrawn/{run.name}-20260102T000000Z.csv"
    (run.parent / "latest.json").write_text(json.dumps({**pointer, "withdrawn": withdrawn}))
    refusal = {"gate": "audience", "name": "minimum_audience", "table": "audience", "is_met": False, "severity": "critical"}
    refused = [{**refusal, "observed": "7", "detail": "fewer than 1000"}]
    place = ".staged/20260102T000000Z-0123abcd"
    _copied(run, "crowd", place, as_of=NOW - HOUR, delivery_analysis_at=NOW + 2 * HOUR, validation=refused)
    campaign(folder, "damaged", NOW + 2 * HOUR)
    campaign(folder, "later", NOW + timedelta(days=3))
    campaign(folder, "missed", NOW - 2 * HOUR)
    campaign(folder, "faulty", NOW + HOUR, brand="nobody")
    hof = {"source": "canonical_profiles", "files": "*.csv", "max_age": "26h", "organisation": "hof"}
    (folder / "feeds" / "hof_crm.yaml").write_text(json.dumps(hof))
    campaign(folder, "waiting", NOW + HOUR, organisation="hof", brand="museum", list="hof-news")
    return folder


def _copied(run: Path, name: str, place: str, **changes: Any) -> None:
    """Another campaign's run, whose manifest says something else."""
    target = run.parents[1] / name / place
    shutil.copytree(run, target)
    told = {key: value.isoformat() if isinstance(value, datetime) else value for key, value in changes.items()}
    manifest = json.loads((run / "manifest.json").read_text())
    (target / "manifest.json").write_text(json.dumps({**manifest, "campaign": name, "run_id": target.name, **told}))


@pytest.fixture(scope="module")
def document(workspace: Path, airflow_home: Path) -> dict[str, Any]:
    from orchestration.plugin.audiences import audiences
    from pipeline.workspace import Workspace

    return audiences(Workspace(workspace), NOW, DAGS)


@pytest.fixture(scope="module")
def client(workspace: Path, airflow_home: Path) -> Iterator[Any]:
    """Airflow's own API server, with the plugin as Airflow finds it, and the DAGs that its processor would have stored."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRESEND_WORKSPACE", str(workspace))
        from airflow.api_fastapi.app import create_app
        from airflow.models.dag import DagModel
        from airflow.models.dagbundle import DagBundleModel
        from airflow.utils.session import create_session
        from fastapi.testclient import TestClient

        with create_session() as session:
            session.merge(DagBundleModel(name="dags-folder"))
            session.flush()
            for dag_id in DAGS:
                session.merge(DagModel(dag_id=dag_id, bundle_name="dags-folder", fileloc="/dags/publish.py"))
        yield TestClient(create_app(apps="core"), base_url="http://localhost", follow_redirects=False)


def token(role: str) -> dict[str, str]:
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.simple.user import SimpleAuthManagerUser

    return {"Authorization": f"Bearer {get_auth_manager().generate_jwt(SimpleAuthManagerUser(username='vera', role=role))}"}


def report_link(document: dict[str, Any], name: str) -> str:
    return str(next(found["run"]["report"] for found in document["campaigns"] if found["campaign"] == name))


class Reader(HTMLParser):
    """A page's text, rows and links; refuses what does not close and what a browser would fetch."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""
        self.links: list[str] = []
        self.feed(html)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in {"link", "img", "iframe", "object"}
        assert "src" not in dict(attrs)
        self.links += [value or "" for name, value in attrs if name == "href"]
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_every_campaign_is_there_in_its_state_by_its_next_delivery_analysis(document: dict[str, Any]) -> None:
    assert [(found["campaign"], found["state"]) for found in document["campaigns"]] == [
        ("faulty", "faulty"),
        ("damaged", "damaged"),
        ("c", "published"),
        ("waiting", "blocked"),
        ("asked", "waiting"),
        ("crowd", "refused"),
        ("later", "coming"),
        ("late", "published"),
        ("missed", "missed"),
    ]


def test_a_campaign_tells_its_counts_reasons_and_time_left(document: dict[str, Any]) -> None:
    found = {found["campaign"]: found for found in document["campaigns"]}
    run = found["c"]["run"]
    assert run["counts"]["candidates"] == run["counts"]["audience"] + run["counts"]["excluded"] > 0
    assert sum(reason["count"] for reason in run["reasons"]) == run["counts"]["excluded"]
    assert [reason["count"] for reason in run["reasons"]] == sorted((reason["count"] for reason in run["reasons"]), reverse=True)
    assert all(reason["meaning"] != reason["reason"] for reason in run["reasons"])
    assert (found["c"]["time_left"], found["late"]["time_left"], found["later"]["run"]) == (3600, None, None)
    assert "/withdrawn/" in found["c"]["withdrawn"] and found["late"]["withdrawn"] is None
    assert found["asked"]["run"]["counts"]["audience"] == run["counts"]["audience"], "what waits is shown before somebody releases it"


def test_a_campaign_tells_what_it_waits_for(document: dict[str, Any]) -> None:
    problems = {found["campaign"]: found["problems"] for found in document["campaigns"]}
    assert "feed hof_crm: no file of it has been loaded" in problems["waiting"]
    assert problems["crowd"] == ["check minimum_audience: fewer than 1000"]
    assert re.match(r"campaigns/faulty\.yaml:\d+: .*nobody", problems["faulty"][0])
    assert "outbox/ufer/damaged/20260102T000000Z-0123abcd/manifest.json" in problems["damaged"][0]
    assert not problems["c"] and not problems["asked"] and not problems["later"]


def test_feeds_tell_their_age_and_whom_they_stop(document: dict[str, Any]) -> None:
    feeds = {found["feed"]: found for found in document["feeds"]}
    assert (feeds["consent"]["age"], feeds["consent"]["max_age"], feeds["consent"]["problem"]) == (3600, 26 * 3600, None)
    assert (feeds["hof_crm"]["age"], feeds["hof_crm"]["stops"], feeds["consent"]["stops"]) == (None, ["waiting"], [])


def test_what_a_recurring_campaign_missed_is_shown_for_two_days(tmp_path: Path, airflow_home: Path) -> None:
    """Its own state is that of the next time, which would hide it."""
    from orchestration.plugin.app import render
    from orchestration.plugin.audiences import audiences
    from pipeline.workspace import Workspace

    folder = write_world(tmp_path / "w")
    hours = (NOW - 5 * HOUR).hour
    for name in ("daily", "young"):
        campaign(folder, name, NOW, delivery_analysis_at={"cron": f"0 {hours} * * *", "timezone": "UTC"})
    os.utime(folder / "campaigns" / "daily.yaml", (0, 0))
    analyses = [(NOW - 5 * HOUR).replace(minute=0, second=0) - timedelta(days=days) for days in (1, 0)]
    times = [f"{moment:%Y-%m-%dT%H:%M:%SZ}" for moment in analyses]

    def told() -> dict[str, Any]:
        document = audiences(Workspace(folder), NOW, {"presend_publish_daily", "presend_publish_young"})
        told = {found["campaign"]: found for found in document["campaigns"]}
        assert told["young"]["missed"] == [], "it was not there yet"
        assert render(document).count('<span class="missed small">') == len(told["daily"]["missed"])
        return told["daily"]

    assert (told()["missed"], told()["state"]) == (times, "coming")
    published = {"campaign": "daily", "delivery_analysis_at": times[1], "counts": dict.fromkeys(COUNTED, 0), "excluded_by_reason": {}}
    run = folder / "outbox" / "ufer" / "daily" / f"{analyses[1] - HOUR:%Y%m%dT%H%M%SZ}-0123abcd"
    run.mkdir(parents=True)
    known = {"validation": [], "feeds": []}
    manifest = {"run_id": run.name, "organisation": "ufer", "as_of": (analyses[1] - HOUR).isoformat(), **known, **published}
    (run / "manifest.json").write_text(json.dumps(manifest))
    assert told()["missed"] == times[:1]
    early = run.with_name("20260101T000000Z-0123abcd")
    shutil.copytree(run, early)
    (early / "manifest.json").write_text(
        json.dumps({**manifest, "run_id": early.name, "as_of": "2026-01-01T00:00:00Z", "delivery_analysis_at": times[0]})
    )
    assert told()["missed"] == [], "one was published long before its window"


def test_a_campaign_whose_dag_one_may_not_read_is_nowhere(workspace: Path, airflow_home: Path) -> None:
    from orchestration.plugin.audiences import audiences
    from pipeline.workspace import Workspace

    said = json.dumps(audiences(Workspace(workspace), NOW, DAGS - {"presend_publish_waiting", "presend_publish_faulty"}))
    assert '"waiting"' not in said.replace('"state": "waiting"', "") and '"faulty"' not in said and '"c"' in said
    assert audiences(Workspace(workspace), NOW, {"somebody_elses"})["campaigns"] == []


def test_a_workspace_that_cannot_be_read_is_said_to_those_who_may_know(tmp_path: Path, airflow_home: Path) -> None:
    from orchestration.plugin.app import render
    from orchestration.plugin.audiences import audiences
    from pipeline.workspace import Workspace

    told = audiences(Workspace(tmp_path), NOW, DAGS)
    assert "no workspace" in told["error"] and "no workspace" in Reader(render(told)).text
    assert audiences(Workspace(tmp_path), NOW, set())["error"] is None


def test_a_change_of_a_file_is_seen_at_once(tmp_path: Path, airflow_home: Path) -> None:
    from orchestration.plugin.audiences import audiences
    from pipeline.workspace import Workspace

    folder = write_world(tmp_path / "w")

    def states() -> list[tuple[str, str]]:
        return [(found["campaign"], found["state"]) for found in audiences(Workspace(folder), NOW, DAGS)["campaigns"]]

    assert states() == [("c", "missed")]
    campaign(folder, "c", NOW + 10 * HOUR)
    campaign(folder, "later", NOW + 11 * HOUR)
    assert states() == [("c", "coming"), ("later", "coming")]
    campaign(folder, "c", NOW + 10 * HOUR, brand="nobody")
    (folder / "campaigns" / "later.yaml").unlink()
    assert states() == [("c", "faulty")]


def test_of_many_runs_only_those_are_opened_that_count(tmp_path: Path) -> None:
    names = [f"202601{day:02d}T070000Z-0123abcd" for day in range(1, 31)]
    for name in (*names, "pending/20260131T070000Z-0123abcd", ".20260131T070000Z-0123abcd.part"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "manifest.json").write_text("{}")
    (tmp_path / "20260129T080000Z-0123abcd").mkdir()

    def found(since: str) -> list[str]:
        return [path.name for path in recent_runs(tmp_path, datetime.fromisoformat(since))]

    assert found("2026-01-29T00:00:00+00:00") == names[-3:]
    assert found("2026-01-29T08:00:01+01:00") == names[-2:], "a moment has a zone"
    assert found("2026-03-01T00:00:00Z") == names[-1:] and found("2025-01-01T00:00:00Z") == names
    assert recent_runs(tmp_path / "nowhere", NOW) == []


def test_nobody_without_a_login_sees_anything(client: Any, document: dict[str, Any]) -> None:
    assert client.get("/presend/audiences.json").status_code == 401
    for place in ("audiences", report_link(document, "c")):
        answer = client.get(f"/presend/{place}")
        assert (answer.status_code, answer.text) == (303, "")
        assert answer.headers["location"].endswith(f"/api/v2/auth/login?next=/presend/{place}")
    forged = {"Authorization": "Bearer eyJhbGciOiJIUzI1NiJ9.e30.x"}
    assert {client.get(f"/presend/{place}", headers=forged).status_code for place in ("audiences", "audiences.json")} == {403}
    assert client.get("/presend/openapi.json").status_code == 404


def test_a_viewer_sees_the_page_its_data_and_the_report(client: Any, document: dict[str, Any], workspace: Path) -> None:
    data = client.get("/presend/audiences.json", headers=token("viewer"))
    assert data.status_code == 200
    assert [found["campaign"] for found in data.json()["campaigns"]] == [found["campaign"] for found in document["campaigns"]]
    page = client.get("/presend/audiences", headers=token("viewer"))
    assert page.status_code == 200
    for name in ("c", "asked"):
        report = client.get(f"/presend/{report_link(document, name)}", headers=token("viewer"))
        assert report.status_code == 200 and f"<h1>{name}</h1>" in report.text
        assert report.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    for answer in (data, page, report):
        assert answer.headers["cache-control"] == "no-store" and answer.headers["x-content-type-options"] == "nosniff"


def test_the_page_leads_to_dags_and_reports_and_loads_nothing(client: Any, document: dict[str, Any]) -> None:
    answer = client.get("/presend/audiences", headers=token("viewer"))
    page = Reader(answer.text)
    assert {f"../dags/{dag}" for dag in DAGS} | {report_link(document, name) for name in ("c", "asked", "late")} <= set(page.links)
    (nonce,) = set(re.findall(r'nonce="([^"]+)"', answer.text))
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'") and f"script-src 'nonce-{nonce}'" in policy and "unsafe" not in policy
    assert answer.text.count("<table role=") == answer.text.count("<caption>") == 3
    assert (
        "waiting for approval" in page.text
        and "presend approve" in page.text
        and "withdrawn since" in page.text
        and "no file of it has been loaded" in page.text
    )


def test_no_address_stands_in_page_or_data(client: Any) -> None:
    for place in ("audiences", "audiences.json"):
        text = client.get(f"/presend/{place}", headers=token("viewer")).text
        assert "@" not in re.sub(r"<style.*?</style>", "", text, flags=re.DOTALL)


def test_a_user_who_may_read_some_dags_sees_their_campaigns_alone(
    client: Any, document: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from airflow.api_fastapi.app import get_auth_manager

    manager = get_auth_manager()
    monkeypatch.setattr(manager, "filter_authorized_dag_ids", lambda *, dag_ids, **_: dag_ids & {"presend_publish_asked"})
    told = client.get("/presend/audiences.json", headers=token("viewer")).json()
    assert ([found["campaign"] for found in told["campaigns"]], told["feeds"]) == (["asked"], [])
    assert client.get(f"/presend/{report_link(document, 'asked')}", headers=token("viewer")).status_code == 200
    assert client.get(f"/presend/{report_link(document, 'c')}", headers=token("viewer")).status_code == 404


@pytest.mark.parametrize(
    "place",
    [
        "reports/c/20260102T000000Z-00000000",
        "reports/nobody/20260102T000000Z-0123abcd",
        "reports/faulty/20260102T000000Z-0123abcd",
        "reports/c/..%2Flate%2F20260102T000000Z-0123abcd",
        "reports/c/..",
        "reports/c/%2e%2e",
        "reports/..%2Fufer%2Fc/20260102T000000Z-0123abcd",
        "reports/c/linked",
    ],
)
def test_no_path_leaves_the_campaigns_folder(client: Any, workspace: Path, place: str) -> None:
    linked = workspace / "outbox" / "ufer" / "c" / "linked"
    if not linked.exists():
        linked.mkdir()
        (linked / "report.html").symlink_to(workspace / "presend.yaml")
    assert client.get(f"/presend/{place}", headers=token("viewer")).status_code == 404
