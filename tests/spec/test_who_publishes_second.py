"""Whoever publishes second gives way: the owner's and the organisation's limits hold over audiences whose contact comes later, too."""

from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from typing import Any

import pytest

from pipeline import preparation
from pipeline.config import load_configuration
from pipeline.logs import Progress
from pipeline.workspace import Workspace
from tests.lib import workspaces
from tests.lib.world import World

Worlds = Callable[..., World]
NINE, TEN = "2026-06-01T09:00:00+00:00", "2026-06-01T10:00:00+00:00"
ONE_A_WEEK = """
    event_id | occurred_at | action    | scope        | scope_id | address                | max_messages | per_days
    ---------+-------------+-----------+--------------+----------+------------------------+--------------+---------
    wish     | 2026-03-01  | frequency | organisation | o1       | weekly@post.example.at | 1            | 7
"""


def everybody(world: World) -> None:
    world.profiles("""
        email
        ----------------------
        often@post.example.at
        weekly@post.example.at
    """)


def publish(world: World, name: str, as_of: str = workspaces.AS_OF, **settings: Any) -> list[str]:
    """Who is in the campaign's audience, by the local parts of their addresses, when it is published at the moment."""
    if name not in world.organisation:
        world.campaign(name, as_of="2026-06-01T12:00:00+00:00", **settings)
    answer = workspaces.presend(world.folder, "publish", name, "--as-of", as_of)
    assert answer.code == 0, answer.error
    return [address.partition("@")[0] for address in world.published(name).addresses]


def small(worlds: Worlds, **settings: Any) -> World:
    world = worlds(**settings)
    everybody(world)
    world.consents(ONE_A_WEEK)
    world.arrives(as_of="2026-06-01T07:00:00+00:00")
    return world


def test_the_earlier_campaign_gives_way_to_the_later_one_that_was_published_first(world: Worlds) -> None:
    one = small(world)
    assert publish(one, "late", contact_at="2026-06-05T09:00:00Z") == ["often", "weekly"]
    assert publish(one, "early", NINE, contact_at="2026-06-02T09:00:00Z") == ["often"]
    (evidence,) = one.published("early").exclusions
    assert (evidence.reason, evidence.evidence, evidence.detail) == ("frequency", "wish", "1 in 7 days, wished 1")
    answer = workspaces.presend(one.folder, "explain", "early", "weekly@post.example.at", "--as-of", NINE)
    assert "frequency" in str(answer.document), "what is explained is what was decided"


def test_so_it_does_when_both_are_published_at_one_instant(world: Worlds) -> None:
    one = small(world)
    assert publish(one, "late", contact_at="2026-06-05T09:00:00Z") == ["often", "weekly"]
    assert publish(one, "early", contact_at="2026-06-02T09:00:00Z") == ["often"]


def test_the_organisations_limit_looks_both_ways_and_counts_both_ends(world: Worlds) -> None:
    one = small(world, policy={"pressure": {"max_messages": 1, "per_days": 7}})
    publish(one, "at-the-end", contact_at="2026-06-08T12:00:00Z", segment="email like 'often%'")
    publish(one, "behind-it", contact_at="2026-06-08T12:00:01Z", segment="email like 'weekly%'")
    assert publish(one, "now", NINE, contact_at="2026-06-01T12:00:00Z") == ["weekly"]
    assert publish(one, "a-second-later", TEN, contact_at="2026-06-01T12:00:01Z") == []


def test_a_published_run_gives_way_to_nobody_who_came_later(world: Worlds) -> None:
    """Running everything once more at the same instant makes the same runs, and the first one's audience is not withdrawn."""
    one = small(world, policy={"pressure": {"max_messages": 2, "per_days": 7}})
    reminder = {"message_class": "service", "no_advertising_attested_by": "the box office", "contact_at": "2026-06-03T12:00:00Z"}
    assert publish(one, "first") == ["often", "weekly"]
    run_id = one.published("first").path.name
    for name in ("service-1", "service-2"):
        assert publish(one, name, **reminder) == ["often", "weekly"]
    publish(one, "first")
    assert one.published("first").path.name == run_id
    answer = workspaces.presend(one.folder, "recheck", run_id, "--as-of", NINE)
    assert (answer.code, answer.document["withdrawn"]) == (0, 0)
    assert publish(one, "second", TEN) == [], "but who publishes now counts them"


def test_a_message_that_was_sent_counts_once_and_in_place_of_the_planned_one(world: Worlds) -> None:
    one = small(world)
    one.consents("""
        event_id | occurred_at | action    | scope        | scope_id | address               | max_messages | per_days
        ---------+-------------+-----------+--------------+----------+-----------------------+--------------+---------
        two      | 2026-03-01  | frequency | organisation | o1       | often@post.example.at | 2            | 7
    """)
    publish(one, "late", contact_at="2026-06-05T09:00:00Z")
    one.deliveries("""
        occurred_at          | type | address               | campaign | organisation
        ---------------------+------+-----------------------+----------+-------------
        2026-06-01T08:30:00Z | sent | often@post.example.at | late     | o1
    """)
    one.arrives(as_of="2026-06-01T08:45:00+00:00")
    assert publish(one, "early", NINE, contact_at="2026-06-02T09:00:00Z") == ["often"]


def test_another_occurrence_of_the_same_campaign_counts_where_it_was_published_first(world: Worlds) -> None:
    one = small(world)
    one.campaign("daily", as_of=workspaces.AS_OF, delivery_analysis_at={"cron": "0 11 * * *", "timezone": "Europe/Vienna"})
    for moment, audience in ((workspaces.AS_OF, ["often", "weekly"]), ("2026-06-02T08:00:00+00:00", ["often"])):
        assert publish(one, "daily", moment) == audience
        assert datetime.fromisoformat(one.published("daily").manifest["as_of"]) == datetime.fromisoformat(moment)


def test_an_audience_that_went_out_counts_beside_the_newer_one_of_its_campaign(world: Worlds) -> None:
    """The campaign's file is used again for another day and other people; who got its first message had one."""
    one = small(world)
    (one.folder / "weekly.txt").write_text("weekly@post.example.at\n", encoding="utf-8")
    assert publish(one, "news", contact_at="2026-06-01T14:00:00Z") == ["often", "weekly"]
    one.campaign("news", as_of="2026-06-03T12:00:00+00:00", contact_at="2026-06-03T14:00:00Z", exclude_files=["weekly.txt"])
    assert publish(one, "news", "2026-06-03T08:00:00+00:00") == ["often"]
    one.campaign("late", as_of="2026-06-04T12:00:00+00:00", contact_at="2026-06-04T14:00:00Z")
    assert publish(one, "late", "2026-06-04T08:00:00+00:00") == ["often"]


def test_an_audience_that_was_replaced_before_it_went_out_counts_no_more(world: Worlds) -> None:
    one = small(world)
    (one.folder / "weekly.txt").write_text("weekly@post.example.at\n", encoding="utf-8")
    assert publish(one, "news") == ["often", "weekly"]
    one.campaign("news", as_of="2026-06-01T12:00:00+00:00", exclude_files=["weekly.txt"])
    assert publish(one, "news", NINE) == ["often"]
    assert publish(one, "late", TEN) == ["often", "weekly"]


def test_what_was_sent_of_a_campaign_is_the_message_of_that_audience_alone(world: Worlds) -> None:
    """The `sent` of the first day stands for the first audience; the second one is still to come."""
    one = world()
    everybody(one)
    one.consents(ONE_A_WEEK.replace("| 1            |", "| 2            |"))
    one.arrives(as_of="2026-06-01T07:00:00+00:00")
    assert publish(one, "news", contact_at="2026-06-01T14:00:00Z") == ["often", "weekly"]
    one.deliveries("""
        event_id | type | occurred_at          | address                | campaign
        ---------+------+----------------------+------------------------+---------
        s1       | sent | 2026-06-01T14:05:00Z | weekly@post.example.at | news
    """)
    one.arrives(as_of="2026-06-02T07:00:00+00:00")
    one.campaign("news", as_of="2026-06-03T12:00:00+00:00", contact_at="2026-06-03T14:00:00Z")
    assert publish(one, "news", "2026-06-03T08:00:00+00:00") == ["often", "weekly"]
    one.campaign("late", as_of="2026-06-04T12:00:00+00:00", contact_at="2026-06-04T14:00:00Z")
    assert publish(one, "late", "2026-06-04T08:00:00+00:00") == ["often"]


SLOW = {"as_of": "2026-06-01T12:00:00+00:00", "contact_at": "2026-06-02T09:00:00Z"}
"""The campaign during whose publication another one, `quick`, goes out."""


def test_a_publication_gives_way_to_one_that_went_out_while_it_was_decided(world: Worlds, monkeypatch: pytest.MonkeyPatch) -> None:
    one = small(world)
    one.campaign("slow", **SLOW)
    between(monkeypatch, "pipeline.validation.validate", lambda: publish(one, "quick", contact_at="2026-06-03T09:00:00Z"))
    assert publish(one, "slow") == ["often"]


def test_so_does_an_approval_while_its_run_is_asked_again(world: Worlds, monkeypatch: pytest.MonkeyPatch) -> None:
    one = small(world)
    one.campaign("slow", **SLOW, approval="required")
    assert workspaces.presend(one.folder, "publish", "slow", "--as-of", workspaces.AS_OF).code == 14
    (waiting,) = (one.folder / "outbox" / "o1" / "slow" / "pending").iterdir()
    between(monkeypatch, "pipeline.rechecking.asked_again", lambda: publish(one, "quick", NINE, contact_at="2026-06-03T09:00:00Z"))
    answer = workspaces.presend(one.folder, "approve", waiting.name, "--by", "Jo", "--as-of", NINE)
    assert (answer.code, "1 in the audience" in answer.error["message"]) == (13, True)


def test_so_does_a_run_that_was_staged_before_it_is_released(world: Worlds, monkeypatch: pytest.MonkeyPatch) -> None:
    one = small(world)
    one.campaign("slow", **SLOW)
    workspace, as_of = Workspace(one.folder), datetime.fromisoformat(workspaces.AS_OF)
    configuration = load_configuration(workspace)
    between(monkeypatch, "pipeline.validation.evaluate", lambda: publish(one, "quick", contact_at="2026-06-03T09:00:00Z"))
    campaign = configuration.campaigns["slow"].occurrence(as_of)
    run = preparation.release(workspace, configuration, campaign, as_of, Progress(is_quiet=True))
    assert run.counts["audience"] == 1


def between(monkeypatch: pytest.MonkeyPatch, place: str, happens: Callable[[], object]) -> None:
    """Something happens once, behind the first call of a function."""
    module, _, name = place.rpartition(".")
    original, done = getattr(import_module(module), name), []

    def called(*arguments: object) -> object:
        found = original(*arguments)
        if not done:
            done.append(True)
            happens()
        return found

    monkeypatch.setattr(place, called)
