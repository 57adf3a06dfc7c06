"""The demo's workspace: the same seed gives the same bytes, its people can exist, its files are as dirty as meant."""

import csv
import gzip
import hashlib
import json
import mailbox
import zipfile
from collections import Counter
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from random import Random

import phonenumbers
import pytest
from rich.console import Console

from pipeline import publication
from pipeline.config import find_faults
from pipeline.demo import free_folder, hubspot, people, results_page, sendgrid, stories, twilio, write_empty_workspace, write_workspace
from pipeline.demo.workspace import ANALYSIS_AFTER, CONFIGURATION, SENDERS
from pipeline.errors import UsageError
from pipeline.feeds import adapters
from pipeline.workspace import Workspace
from tests.lib import publication_world

TODAY = datetime(2026, 11, 25, 7, 3, tzinfo=UTC)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "kultur"
    write_workspace(folder, 5_000, today=TODAY)
    return folder


def table(content: bytes, **form: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(content.decode(form.pop("encoding", "utf-8-sig")), newline=""), **form))  # type: ignore[arg-type]


def members_of(path: Path) -> dict[str, list[dict[str, str]]]:
    with zipfile.ZipFile(path) as archive:
        return {name.split("_")[0]: table(archive.read(name)) for name in archive.namelist()}


def profiles_of(demo: Path) -> list[dict[str, str]]:
    landing = demo / "landing"
    rows = table((landing / "crm" / "kontakte_2026-11-25.csv").read_bytes(), delimiter=";")
    lines = (landing / "boxoffice" / "klanten-2026-11-25.ndjson").read_text(encoding="utf-8").splitlines()
    contacts = table((landing / "hubspot" / "hubspot-crm-exports-all-contacts-2026-11-25.csv").read_bytes())
    members = [row for rows in members_of(landing / "mailchimp" / "audience_export_2026-11-25.zip").values() for row in rows]
    return [
        *rows,
        *(json.loads(line) for line in lines if line != "[]"),
        *({"profile_id": row["Record ID"], "email": row["Email"], "street": row["Street Address"]} for row in contacts),
        *({"profile_id": row["EUID"], "email": row["Email Address"], "street": ""} for row in members),
    ]


def digest(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_seed_and_moment_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_workspace(tmp_path / name, 300, today=TODAY)
    write_workspace(tmp_path / "other", 300, seed=8, today=TODAY)
    assert digest(tmp_path / "one") == digest(tmp_path / "two")
    assert digest(tmp_path / "one") != digest(tmp_path / "other")


@pytest.mark.parametrize("profiles", [1, 2, 50, 333, 5_000])
def test_it_makes_exactly_as_many_profiles_as_asked(profiles: int, demo: Path, tmp_path: Path) -> None:
    folder = demo
    if profiles != 5_000:
        folder = tmp_path / "small"
        write_workspace(folder, profiles, today=TODAY)
    assert len({row["profile_id"] for row in profiles_of(folder)}) == profiles


def test_an_export_repeats_rows_and_breaks_lines_inside_quotes(demo: Path) -> None:
    rows = profiles_of(demo)
    assert len(rows) > 5_000
    assert any("\n" in row["street"] for row in rows)
    raw = (demo / "landing" / "crm" / "kontakte_2026-11-25.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf") and b"\r\n" in raw


def test_last_months_snapshots_know_older_addresses_and_people_who_are_gone(demo: Path) -> None:
    landing = demo / "landing"
    crm = table(gzip.decompress((landing / "crm" / "kontakte_2026-10-28.csv.gz").read_bytes()), encoding="cp1252", delimiter=";")
    (contacts,) = members_of(landing / "hubspot" / "hubspot-crm-exports-all-contacts-2026-10-28.csv.zip").values()
    new = {row["profile_id"]: row["email"] for row in profiles_of(demo)}
    for old in ({row["profile_id"]: row["email"] for row in crm}, {row["Record ID"]: row["Email"] for row in contacts}):
        assert any(old[profile] != new[profile] for profile in old.keys() & new.keys())
        assert old.keys() - new.keys()


def test_numbers_are_valid_however_they_are_spelled() -> None:
    rng = Random(1)
    for number in range(1, 3_000):
        human = people.invent(rng, number, is_dutch=number % 5 == 0)
        written = people.spelled_phone(rng, human.phone)
        read = phonenumbers.parse(written, human.place.country)
        assert phonenumbers.is_valid_number(read), written
        assert phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.E164) == human.phone, written
        kind = phonenumbers.number_type(read)
        assert (kind == phonenumbers.PhoneNumberType.MOBILE) == human.has_mobile, written


def test_the_feed_files_hold_what_their_sources_call_for(demo: Path) -> None:
    landing = demo / "landing"
    header = (landing / "hubspot" / "hubspot-crm-exports-all-contacts-2026-11-25.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    assert header.split(",").count("Email hard bounce reason") == 2
    lines = (landing / "hubspot-preferences" / "statuses-2026-11-25.ndjson").read_text(encoding="utf-8").splitlines()
    statuses = [status for line in lines for status in json.loads(line)["results"]]
    assert {status["status"] for status in statuses} == {"SUBSCRIBED", "UNSUBSCRIBED", "SNOOZED"}
    assert {status.get("wideStatusType") for status in statuses} == {None, "BUSINESS_UNIT_WIDE", "PORTAL_WIDE"}
    notifications = gzip.decompress((landing / "ses" / "events-2026-11-25.ndjson.gz").read_bytes()).decode().splitlines()
    events = Counter(json.loads(json.loads(line)["Message"])["eventType"] for line in notifications[1:])
    assert events.keys() == {"Send", "Delivery", "Open", "Bounce", "Vanished"} and len(set(notifications)) < len(notifications)
    array = json.loads((landing / "sendgrid" / "events-2026-11-25.json").read_text(encoding="utf-8"))
    assert {"processed", "bounce", "spamreport", "unsubscribe", "group_unsubscribe"} <= {event["event"] for event in array}
    assert {event["type"] for event in array if event["event"] == "bounce"} == {"bounce", "blocked", "expired"}
    audience = members_of(landing / "mailchimp" / "audience_export_2026-11-25.zip")
    assert audience.keys() == {"subscribed", "unsubscribed", "cleaned"} and all(audience.values())
    log = table((landing / "twilio" / "log-2026-11-25.csv").read_bytes())
    assert {row["Direction"] for row in log} == {"inbound", "outbound-reply"} and {row["Body"] for row in log} > set(twilio.STOPS)
    digests = (landing / "ecg" / "ecg-liste-2026-11-25.hash").read_bytes()
    assert len(digests) > 20 * 20 and len(digests) % 20 == 0
    messages = mailbox.mbox(demo / "landing" / "bounces" / "postfach-2026-11-25.mbox")
    kinds = Counter(message.get_content_type() for message in messages)
    assert kinds["multipart/report"] > 20 and kinds["text/plain"]


def test_no_event_lies_in_the_future(demo: Path) -> None:
    with (demo / "landing" / "forms" / "forms-2026-11-25.csv").open(encoding="utf-8", newline="") as file:
        times = [row["occurred_at"] for row in csv.DictReader(file)]
    assert max(time for time in times if time) < TODAY.isoformat()


def test_every_window_is_open_at_the_demos_moment(demo: Path) -> None:
    texts = {path.stem: path.read_text(encoding="utf-8") for path in (demo / "campaigns").glob("*.yaml")}
    assert texts.keys() == ANALYSIS_AFTER.keys()
    for campaign, text in texts.items():
        (line,) = (line for line in text.splitlines() if line.startswith("delivery_analysis_at:"))
        moment = datetime.fromisoformat(line.split()[1])
        assert TODAY + ANALYSIS_AFTER[campaign] <= moment
        hours = next(int(line.split()[1].removesuffix("h")) for line in text.splitlines() if line.startswith("publish_before:"))
        assert (moment - TODAY).total_seconds() < hours * 3600


def test_every_story_says_how_it_ends() -> None:
    told = {story.__name__ for story, _ in stories.STORIES}
    written = {name for name, value in vars(stories).items() if callable(value) and getattr(value, "__module__", "") == stories.__name__}
    assert told == {name for name in written if not name.startswith("_")}
    assert all(story.__doc__ for story, _ in stories.STORIES)
    assert sum(share for _, share in SENDERS) == 100


def test_a_used_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(UsageError, match="not empty"):
        write_workspace(tmp_path, 10, today=TODAY)
    with pytest.raises(UsageError, match="not empty"):
        write_empty_workspace(tmp_path)


def test_a_second_demo_gets_a_folder_of_its_own(tmp_path: Path) -> None:
    assert free_folder(tmp_path / "workspace") == tmp_path / "workspace"
    (tmp_path / "workspace").mkdir()
    assert free_folder(tmp_path / "workspace") == tmp_path / "workspace"
    (tmp_path / "workspace" / "presend.yaml").touch()
    (tmp_path / "workspace-2").touch()
    assert free_folder(tmp_path / "workspace") == tmp_path / "workspace-3"


@pytest.mark.parametrize(("profiles", "today"), [(0, TODAY), (10, datetime(2026, 11, 25))])
def test_bad_arguments_are_refused(profiles: int, today: datetime, tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        write_workspace(tmp_path / "new", profiles, today=today)
    assert not (tmp_path / "new").exists()


def test_the_configuration_has_no_fault(demo: Path) -> None:
    assert find_faults(Workspace(demo)) == []
    for feed, scope, ids in (
        ("hubspot-preferences", "list", hubspot.SUBSCRIPTIONS),
        ("hubspot-preferences", "brand", hubspot.UNITS),
        ("sendgrid", "list", sendgrid.GROUPS),
    ):
        mapped = (demo / "feeds" / f"{feed}.yaml").read_text(encoding="utf-8")
        assert all(f'"{number}": {{scope: {scope}, scope_id: {name}}}' in mapped for name, number in ids.items())
    assert all(f'"{number}": {{scope: {scope},' in (demo / "feeds" / "twilio.yaml").read_text() for scope, number in twilio.NUMBERS.items())


@pytest.mark.parametrize("sources", [(), ("canonical_profiles", "canonical_consent"), *((source,) for source in adapters())])
def test_an_empty_workspace_has_no_fault(sources: tuple[str, ...], tmp_path: Path) -> None:
    write_empty_workspace(tmp_path / "w", sources)
    assert find_faults(Workspace(tmp_path / "w")) == []


def test_an_empty_workspace_has_one_feed_per_source(tmp_path: Path) -> None:
    write_empty_workspace(tmp_path / "w", ["canonical_profiles", "mailbox", "canonical_register", "mailbox"])
    assert {path.name for path in (tmp_path / "w" / "feeds").iterdir()} == {"profiles.yaml", "bounces.yaml", "register.yaml"}
    assert (tmp_path / "w" / "landing" / "bounces").is_dir()
    assert "registers:" in (tmp_path / "w" / "presend.yaml").read_text()
    assert (tmp_path / "w" / "samples" / "bounces" / "0001.eml").is_file() and not any((tmp_path / "w" / "landing" / "bounces").iterdir())


def test_the_page_of_results_without_a_run_says_what_to_do(tmp_path: Path) -> None:
    page = StringIO()
    results_page(Workspace(tmp_path), Console(file=page))
    assert "presend run" in page.getvalue()


@pytest.mark.parametrize("formats", [("csv",), ("parquet",), ("csv", "parquet")])
def test_the_page_of_results_tells_who_is_in_and_out_without_an_address(formats: tuple[str, ...], tmp_path: Path) -> None:
    workspace, decided = Workspace(tmp_path), publication_world.decision(formats=formats)
    with publication.stage(workspace, decided) as staged:
        publication.finish(staged, [publication_world.Outcome()], configuration=publication_world.configuration(), previous=None)
    page = StringIO()
    results_page(workspace, Console(file=page, width=80))
    text = page.getvalue()
    assert "3 in, 3 out, of 6 candidates (control addresses: 1)" in text
    assert "presend explain news p3" in text and "presend explain news p2" in text
    assert "o***@example.at is out: quarantined_hard" in text
    assert "out@example.at" not in text.replace("o***@example.at", "")
    assert "outbox/ufer/news/20261125T070000Z-0a1b2c3d/" in text


def test_the_configuration_is_found() -> None:
    assert (CONFIGURATION / "presend.yaml").is_file()
