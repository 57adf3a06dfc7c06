"""The page "Audiences" in a real browser, inside a running Airflow: log in, look, follow a report, go on to the DAG.

The picture in the docs is taken here, of invented data: PRESEND_SCREENSHOT=docs/images/audiences.png says where to put it.
"""

import json
import os
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.demo import write_workspace
from tests.lib.airflow import ROOT, Airflow
from tests.lib.asked_world import asked

playwright = pytest.importorskip("playwright.sync_api", reason="the package playwright is not installed")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
]
PICTURE = ROOT / "docs" / "images" / "audiences.png"

pytestmark = [pytest.mark.slow, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed")]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo as it is now, with a campaign in each further state."""
    folder = tmp_path_factory.mktemp("browser") / "kultur"
    now = datetime.now(UTC).replace(microsecond=0)
    write_workspace(folder, 3_000, today=now)
    with (folder / "campaigns" / "klangsommer-sms.yaml").open("a") as file:
        file.write("approval: required\n")
    code, told = asked(folder, "run", "--as-of", now.isoformat())
    assert code == 14, told

    def campaign(name: str, analysis_in: timedelta, organisation: str, brand: str, **settings: object) -> None:
        moment = (now + analysis_in).replace(minute=0, second=0).isoformat()
        told = {
            "organisation": organisation,
            "brand": brand,
            "channel": "email",
            "message_class": "marketing",
            "delivery_analysis_at": moment,
        }
        (folder / "campaigns" / f"{name}.yaml").write_text(json.dumps({**told, "publish_before": "6h", **settings}))

    campaign("kade-december", timedelta(hours=5), "kade", "kade-theater", list="kade-nieuwsbrief")
    campaign("theater-dienstag", timedelta(), "buehne", "stadttheater", delivery_analysis_at={"cron": "0 9 * * 2"})
    campaign("galerie-freunde", timedelta(days=6), "ufer", "galerie", list="galerie-freunde")
    campaign("tanzhaus-premiere", timedelta(days=-1), "buehne", "tanzhaus")
    campaign("forum-vorschau", timedelta(days=1), "ufer", "forum-am-ufer")
    (folder / "feeds" / "kade-kassa.yaml").write_text(json.dumps({"source": "canonical_consent", "organisation": "kade", "max_age": "26h"}))
    return folder


@pytest.fixture(scope="module")
def airflow(tmp_path_factory: pytest.TempPathFactory, workspace: Path) -> Iterator[Airflow]:
    """The API server, and the processor that finds the DAGs; people log in with a password."""
    users = {"AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "False", "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "anna:admin,vera:viewer"}
    airflow = Airflow(tmp_path_factory.mktemp("airflow"), workspace, ROOT / "dags", users)
    try:
        airflow.run_command("db", "migrate")
        airflow.start("api-server", "dag-processor")
        airflow.wait_until(lambda: "presend_publish_forum-vorschau" in airflow.dags(), 120, "the DAGs")
        yield airflow
    finally:
        airflow.stop()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        folder = tmp_path_factory.mktemp("chromium")
        size = {"width": 1280, "height": 860}
        found = started.chromium.launch_persistent_context(folder, executable_path=CHROMIUM, headless=True, args=QUIET, viewport=size)
        found.set_default_timeout(60_000)
        yield found
        found.close()


@pytest.fixture(scope="module")
def logged_in(airflow: Airflow, browser: Any) -> Any:
    """A page of somebody who has opened the address without a login, and been sent to Airflow's own."""
    page = browser.new_page()
    page.goto(f"{airflow.address}/presend/audiences")
    assert "/auth/login" in page.url
    page.locator("input[name=username]").fill("vera")
    page.locator("input[name=password]").fill(airflow.passwords()["vera"])
    page.locator("button[type=submit]").click()
    page.wait_for_url("**/presend/audiences")
    return page


@pytest.fixture
def framed(airflow: Airflow, logged_in: Any) -> Any:
    """The page as Airflow's navigation opens it."""
    logged_in.goto(airflow.address)
    logged_in.get_by_role("link", name="Audiences").first.click()
    logged_in.wait_for_url("**/plugin/audiences**")
    return logged_in.frame_locator("iframe[title=Audiences]")


def test_after_the_login_the_page_is_there_and_loads_nothing_from_elsewhere(airflow: Airflow, logged_in: Any) -> None:
    asked_for: list[str] = []
    said: list[str] = []
    logged_in.on("request", lambda request: asked_for.append(request.url))
    logged_in.on("console", lambda message: said.append(message.text))
    logged_in.goto(f"{airflow.address}/presend/audiences")
    assert logged_in.get_by_role("heading", level=1).inner_text() == "Audiences"
    assert [url for url in asked_for if not url.endswith("/favicon.ico")] == [f"{airflow.address}/presend/audiences"] and said == []


def test_a_screen_reader_finds_tables_with_captions_headers_and_rows(airflow: Airflow, logged_in: Any) -> None:
    for width in (1280, 390):
        logged_in.set_viewport_size({"width": width, "height": 860})
        logged_in.goto(f"{airflow.address}/presend/audiences")
        table = logged_in.get_by_role("table", name=re.compile("By next delivery analysis"))
        assert table.get_by_role("rowheader").count() == 7
        assert [head.inner_text() for head in table.get_by_role("columnheader").all()][:3] == ["Campaign", "Delivery analysis", "State"]
        assert table.get_by_role("row", name=re.compile("kade-december.*waiting for feeds.*kade-kassa")).count() == 1
        assert logged_in.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"it fits {width} points"
    logged_in.set_viewport_size({"width": 1280, "height": 860})


def test_the_keyboard_reaches_every_link(airflow: Airflow, logged_in: Any) -> None:
    logged_in.goto(f"{airflow.address}/presend/audiences")
    count = logged_in.locator("a").count()
    reached = set()
    for _ in range(count):
        logged_in.keyboard.press("Tab")
        reached.add(logged_in.evaluate("[...document.links].indexOf(document.activeElement)"))
    assert reached == set(range(count)) and count > 10


def test_it_is_light_or_dark_as_the_reader_wants(airflow: Airflow, logged_in: Any) -> None:
    grounds = []
    for scheme in ("light", "dark"):
        logged_in.emulate_media(color_scheme=scheme)
        logged_in.goto(f"{airflow.address}/presend/audiences")
        grounds.append(logged_in.evaluate("getComputedStyle(document.body).backgroundColor"))
    logged_in.emulate_media(color_scheme="light")
    assert grounds == ["rgb(255, 255, 255)", "rgb(15, 19, 24)"]


def test_in_airflows_frame_it_is_as_light_or_dark_as_airflow(airflow: Airflow, logged_in: Any) -> None:
    grounds = []
    for theme in ("dark", "light"):
        logged_in.goto(airflow.address)
        logged_in.evaluate(f"localStorage.setItem('theme', '{theme}')")
        logged_in.goto(f"{airflow.address}/plugin/audiences")
        body = logged_in.frame_locator("iframe[title=Audiences]").locator("body")
        body.get_by_role("heading", level=1).wait_for()
        grounds.append(body.evaluate("body => getComputedStyle(body).backgroundColor"))
    assert grounds == ["rgb(15, 19, 24)", "rgb(255, 255, 255)"]


def test_in_airflows_frame_it_leads_to_a_report(framed: Any, logged_in: Any, tmp_path: Path) -> None:
    framed.get_by_role("cell", name="published").first.wait_for()
    picture = Path(os.environ.get("PRESEND_SCREENSHOT") or tmp_path / "audiences.png")
    logged_in.screenshot(path=picture)
    assert picture.stat().st_size > 20_000
    framed.get_by_role("link", name=re.compile("Report of galerie-winter")).click()
    framed.get_by_role("heading", level=1, name="galerie-winter").wait_for()
    assert "get this message" in framed.locator("main").inner_text()


def test_in_airflows_frame_it_leads_to_the_dag_in_airflow_itself(framed: Any, logged_in: Any) -> None:
    framed.get_by_role("link", name="galerie-winter", exact=True).click()
    logged_in.wait_for_url("**/dags/presend_publish_galerie-winter**")
    logged_in.get_by_text("presend_publish_galerie-winter").first.wait_for()
    assert logged_in.locator("iframe[title=Audiences]").count() == 0


def test_the_picture_in_the_docs_is_small() -> None:
    assert 20_000 < PICTURE.stat().st_size < 200_000
