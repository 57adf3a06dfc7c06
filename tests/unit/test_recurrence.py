"""A campaign that recurs means, at any time, its next delivery analysis; clock changes and faulty expressions included."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.config import Campaign, Recurrence, RecurringCampaign, find_faults, load_configuration
from pipeline.workspace import Workspace

SETTINGS = "organisations: {ufer: {country: AT, timezone: Europe/Vienna, brands: {galerie: {}}}}\n"
CAMPAIGN = "organisation: ufer\nbrand: galerie\nchannel: email\nmessage_class: marketing\ndelivery_analysis_at: "
TUESDAYS = CAMPAIGN + '{cron: "0 9 * * 2"}\n'


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "campaigns").mkdir()
    (tmp_path / "presend.yaml").write_text(SETTINGS)
    return Workspace(tmp_path)


def campaign_of(workspace: Workspace, text: str) -> Campaign | RecurringCampaign:
    (workspace.campaigns / "c.yaml").write_text(text)
    configuration = load_configuration(workspace)
    assert configuration.campaign_faults == {}
    return configuration.campaigns["c"]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def in_vienna(cron: str) -> Recurrence:
    return Recurrence(cron=cron, timezone="Europe/Vienna")


@pytest.mark.parametrize(
    ("as_of", "next_analysis"),
    [
        ("2026-11-22T12:00", "2026-11-24T08:00"),
        ("2026-11-24T07:59:59", "2026-11-24T08:00"),
        ("2026-11-24T08:00", "2026-11-24T08:00"),  # the moment itself, in which it is too late to publish
        ("2026-11-24T08:00:01", "2026-12-01T08:00"),
        ("2026-07-01T00:00", "2026-07-07T07:00"),  # nine by the wall clock, in summer too
    ],
)
def test_every_tuesday_at_nine(workspace: Workspace, as_of: str, next_analysis: str) -> None:
    campaign = campaign_of(workspace, TUESDAYS).occurrence(utc(as_of))
    assert campaign.delivery_analysis_at == campaign.contact_at == utc(next_analysis)
    assert campaign.delivery_analysis_at.tzinfo is UTC


def test_an_occurrence_is_due_in_its_own_window_alone(workspace: Workspace) -> None:
    campaign = campaign_of(workspace, TUESDAYS)
    moments = [utc(f"2026-11-24T{time}") for time in ("05:59:59", "06:00", "07:59:59", "08:00", "08:00:01")]
    assert [campaign.occurrence(at).is_due(at) for at in moments] == [False, True, True, False, False]


def test_the_zone_is_the_campaigns_own_else_the_organisations(workspace: Workspace) -> None:
    at = utc("2026-11-22T12:00")
    in_tokyo = campaign_of(workspace, CAMPAIGN + '{cron: "0 9 * * 2", timezone: Asia/Tokyo}\n')
    assert (in_tokyo.recurrence.cron, in_tokyo.recurrence.timezone) == ("0 9 * * 2", "Asia/Tokyo")
    assert in_tokyo.occurrence(at).delivery_analysis_at == utc("2026-11-24T00:00")
    assert campaign_of(workspace, TUESDAYS).recurrence.timezone == "Europe/Vienna"


def test_a_campaign_of_one_moment_is_its_own_occurrence(workspace: Workspace) -> None:
    campaign = campaign_of(workspace, CAMPAIGN + "2026-11-25T09:00:00+01:00\n")
    assert campaign.recurrence is None
    assert campaign.occurrence(utc("2030-01-01T00:00")) is campaign


def test_a_run_is_told_the_moment_and_not_the_expression(workspace: Workspace) -> None:
    at = utc("2026-11-24T06:00")

    def told(text: str) -> str:
        return load_configuration(workspace).sha256_for(campaign_of(workspace, text).occurrence(at))

    once = told(CAMPAIGN + "2026-11-24T09:00:00+01:00\n")
    assert told(TUESDAYS) == told(CAMPAIGN + '{cron: "0 9 * * TUE", timezone: Europe/Vienna}\n') == once
    assert told(CAMPAIGN + '{cron: "0 10 * * 2"}\n') != once


@pytest.mark.parametrize(
    ("as_of", "next_analysis"),
    [
        ("2026-03-28T12:00", "2026-03-29T00:30"),  # 02:30 is skipped: half past one, half an hour before the change
        ("2026-03-29T00:31", "2026-03-30T00:30"),
        ("2026-10-24T12:00", "2026-10-25T00:30"),  # 02:30 comes twice: the first counts …
        ("2026-10-25T00:31", "2026-10-26T01:30"),  # … and the second is none
    ],
)
def test_a_wall_clock_time_that_a_clock_change_skips_or_repeats_comes_once_and_early(as_of: str, next_analysis: str) -> None:
    assert in_vienna("30 2 * * *").next_analysis(utc(as_of)) == utc(next_analysis)


def test_a_year_of_days_has_as_many_analyses_as_days() -> None:
    for cron in ("0 9 * * *", "30 2 * * *", "0 0 * * *", "59 23 * * *"):
        at, count = utc("2026-01-01T12:00"), 0
        while (found := in_vienna(cron).next_analysis(at)) < utc("2027-01-01T12:00"):
            at, count = found + timedelta(seconds=1), count + 1
        assert count == 365


@given(
    as_of=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),
    cron=st.sampled_from(["0 9 * * 2", "30 2 * * *", "0 12 L * *", "15 2,3 29 3 *", "0 8 * * MON#1", "30 1-3 25 10 SUN"]),
    share=st.floats(0, 1),
)
def test_until_an_analysis_has_come_it_is_the_next_one(as_of: datetime, cron: str, share: float) -> None:
    found = in_vienna(cron).next_analysis(as_of)
    assert found >= as_of
    between = as_of + (found - as_of) * share
    assert in_vienna(cron).next_analysis(between) == found


@pytest.mark.parametrize(
    ("written", "message", "remedy"),
    [
        ('{cron: "0 9 * *"}', "'0 9 * *' is not a cron expression of five fields", "every Tuesday at nine"),
        ('{cron: "0 0 9 * * 2"}', "is not a cron expression of five fields", "every Tuesday at nine"),
        ('{cron: "@weekly"}', "is not a cron expression of five fields", "every Tuesday at nine"),
        ('{cron: "0 25 * * 2"}', "'0 25 * * 2' is not a cron expression (Bad hour)", "every Tuesday at nine"),
        ('{cron: "0 9 30 2 *"}', "is not a cron expression (Bad day-of-month)", "every Tuesday at nine"),
        ('{cron: "0 9 * 2 MON#6"}', "is not a cron expression (Bad day-of-week)", "every Tuesday at nine"),
        ('{cron: "0 0 */30 2 MON#5"}', "names a day that never comes", "every Tuesday at nine"),
        ("{cron: 5}", "'5' is not a cron expression of five fields", "every Tuesday at nine"),
        ("{}", "the key 'cron' is missing", "Add `cron: 0 9 * * 2` (minute, hour"),
        ('{corn: "0 9 * * 2"}', "unknown key 'corn'", "Did you mean 'cron'?"),
        ('{cron: "0 9 * * 2", timezone: Wien}', "delivery_analysis_at.timezone: 'Wien' is not a time zone", "Europe/Vienna"),
        ('"0 9 * * 2"', "is a repeating schedule", 'may recur: {cron: "0 9 * * 2", timezone: Europe/Vienna}.'),
        ("[2026-11-25]", "is not a moment", "Write date, time and offset"),
        ('{cron: "0 9 * * 2"}\ncontact_at: 2026-11-25T09:00', "contact_at is one moment, and delivery_analysis_at recurs", "Remove it"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_a_remedy(workspace: Workspace, written: str, message: str, remedy: str) -> None:
    (workspace.campaigns / "c.yaml").write_text(CAMPAIGN + written + "\n")
    faults = [fault for fault in find_faults(workspace) if message in fault.message]
    assert [(fault.file, fault.line) for fault in faults] == [("campaigns/c.yaml", 6 if "contact_at" in message else 5)]
    assert remedy in faults[0].remedy
