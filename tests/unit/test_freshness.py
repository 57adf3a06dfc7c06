"""Whether a campaign's feeds are there, taken and fresh; if one of them is not, nothing is published (promise 2)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.config import Configuration, load_configuration
from pipeline.errors import FeedNotFresh, FeedRefused
from pipeline.freshness import feeds_of, require_fresh, state_of
from pipeline.ledger import Load
from pipeline.workspace import Workspace

AS_OF = datetime(2026, 6, 1, 8, tzinfo=UTC)
FEEDS = {
    "crm": "{source: canonical_profiles, organisation: ufer, max_age: 26h}",
    "group": "{source: canonical_consent}",
    "other": "{source: canonical_consent, organisation: berg}",
    "extra": "{source: canonical_delivery, organisation: ufer, max_age: 1h, required: false}",
    "robinson": "{source: canonical_register, register: {id: robinson}}",
    "callers": "{source: canonical_register, register: {id: callers}}",
}
SETTINGS = """
organisations:
  ufer: {name: Ufer, country: AT, timezone: UTC, brands: {galerie: {lists: []}}}
  berg: {name: Berg, country: AT, timezone: UTC, brands: {forum: {lists: []}}}
registers:
  robinson: {channel: email, use: always, max_age: 35d}
  callers: {channel: phone, use: always, max_age: 35d}
"""
CAMPAIGN = "{organisation: ufer, brand: galerie, channel: email, message_class: marketing, delivery_analysis_at: 2026-06-01T09:00:00Z}"


@pytest.fixture
def configuration(tmp_path: Path) -> Configuration:
    (tmp_path / "presend.yaml").write_text(SETTINGS)
    for folder, files in (("feeds", FEEDS), ("campaigns", {"spring": CAMPAIGN})):
        (tmp_path / folder).mkdir()
        for name, text in files.items():
            (tmp_path / folder / f"{name}.yaml").write_text(text)
    return load_configuration(Workspace(tmp_path))


def load(feed: str, hours: float, *, is_refused: bool = False) -> Load:
    """A file of the feed that arrived so many hours before the decision."""
    return Load(f"{feed}-{hours}", feed, "", "f.csv", "", 0, AS_OF - timedelta(hours=hours), "", is_refused, "", 0, 0, 0, 0, 0)


FRESH = [load("crm", 1), load("group", 9_000), load("robinson", 24), load("callers", 24), load("extra", 0.5)]


def test_a_campaign_rests_on_its_own_feeds_those_of_all_and_its_channels_registers(configuration: Configuration) -> None:
    resting, others = feeds_of(configuration, configuration.campaigns["spring"])
    assert {feed.id for feed in resting} == {"crm", "group", "robinson"}
    assert {feed.id for feed in others} == {"extra", "callers"}


def test_all_is_well(configuration: Configuration) -> None:
    assert require_fresh(configuration, configuration.campaigns["spring"], FRESH, AS_OF) == []


@pytest.mark.parametrize("feed", ["crm", "group", "robinson"])
def test_a_missing_feed_stops(configuration: Configuration, feed: str) -> None:
    loads = [found for found in FRESH if found.feed != feed]
    with pytest.raises(FeedNotFresh, match=f"feed {feed}, and no file of it"):
        require_fresh(configuration, configuration.campaigns["spring"], loads, AS_OF)


def test_age_is_counted_to_the_last_second(configuration: Configuration) -> None:
    feed = configuration.feeds["crm"]
    assert not state_of(configuration, feed, [load("crm", 26)], AS_OF).is_stale
    assert state_of(configuration, feed, [load("crm", 26)], AS_OF + timedelta(seconds=1)).is_stale


@pytest.mark.parametrize(("feed", "hours"), [("crm", 27), ("robinson", 24 * 36)])
def test_a_stale_feed_stops_also_by_its_registers_age(configuration: Configuration, feed: str, hours: float) -> None:
    loads = [*(found for found in FRESH if found.feed != feed), load(feed, hours)]
    with pytest.raises(FeedNotFresh, match="old, allowed are"):
        require_fresh(configuration, configuration.campaigns["spring"], loads, AS_OF)


def test_a_refused_file_stops_until_a_later_one_loads(configuration: Configuration) -> None:
    refused = load("crm", 0.5, is_refused=True)
    with pytest.raises(FeedRefused) as caught:
        require_fresh(configuration, configuration.campaigns["spring"], [*FRESH, refused], AS_OF)
    assert caught.value.exit_code == 11 and "f.csv" in str(caught.value) and "can be read" in caught.value.remedy
    rejected = replace(refused, rejected=3, refusal="3 of 4 rows are rejected")
    with pytest.raises(FeedRefused, match="3 of 4 rows") as caught:
        require_fresh(configuration, configuration.campaigns["spring"], [*FRESH, rejected], AS_OF)
    assert "max_rejected" in caught.value.remedy
    assert require_fresh(configuration, configuration.campaigns["spring"], [*FRESH, refused, load("crm", 0.25)], AS_OF) == []


def test_a_feed_that_is_not_required_only_warns(configuration: Configuration) -> None:
    loads = [found for found in FRESH if found.feed != "extra"]
    warnings = require_fresh(configuration, configuration.campaigns["spring"], [*loads, load("extra", 2)], AS_OF)
    assert len(warnings) == 1 and warnings[0].startswith("feed extra: its newest file is 2.0 hours old")
