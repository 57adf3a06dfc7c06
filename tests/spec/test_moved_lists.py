"""A brand or list that is moved to another organisation takes no consent along, and leaves no opt-out behind (domain §8 "Names change")."""

from collections.abc import Callable

import pytest

from tests.lib import workspaces
from tests.lib.world import World

BEFORE = {"o1": {"brands": {"b1": {"lists": ["l1", "moved"]}}}, "o2": {"brands": {"b9": {"lists": ["l9"]}}}}
AFTER = {"o1": {"brands": {"b1": {"lists": ["l1"]}}}, "o2": {"brands": {"b9": {"lists": ["l9", "moved"]}}}}
MERGED = {"o2": {"formerly": ["o1"], "brands": {"b1": {"lists": ["l1"]}, "b9": {"lists": ["l9", "moved"]}}}}


@pytest.fixture
def small(world: Callable[..., World]) -> World:
    """Jane of o2 once said yes to a list of o1."""
    small = world(organisations=BEFORE)
    small.profiles("""
        profile_id | organisation | email
        -----------+--------------+----------------------
        jane       | o2           | jane@post.example.at
    """)
    small.consents("""
        event_id | occurred_at          | action | scope | scope_id | address
        ---------+----------------------+--------+-------+----------+----------------------
        e1       | 2026-05-01T08:00:00Z | opt_in | list  | moved    | jane@post.example.at
    """)
    small.arrives(as_of="2026-05-09T08:00:00+00:00")
    return small


def answer(small: World, organisations: dict[str, object], name: str, **campaign: str) -> workspaces.Answer:
    workspaces.write_settings(small.folder, {"organisations": organisations})
    small.campaign(name, **campaign)
    workspaces.presend(small.folder, "ingest", "--as-of", workspaces.AS_OF)
    return workspaces.presend(small.folder, "publish", name, "--as-of", workspaces.AS_OF)


@pytest.mark.parametrize(
    "campaign", [{"organisation": "o2", "brand": "b9", "list": "moved"}, {"organisation": "o1", "brand": "b1", "list": "l1"}]
)
def test_both_organisations_stop(small: World, campaign: dict[str, str]) -> None:
    refused = answer(small, AFTER, "c1", **campaign)
    assert refused.code == 10
    assert refused.error["message"] == (
        "the list moved was of the organisation o1 when 1 files that name it were read, and is of o2 now: nobody consented to o2 there"
    )
    assert refused.error["remedy"] == "Put it back below o1; or give it another id below o2, where it begins without consents."


def test_a_corrected_setting_does_not_make_it_the_new_ones(small: World) -> None:
    workspaces.write_settings(small.folder, {"organisations": AFTER, "feeds": {"consent": {"timezone": "Asia/Tokyo"}}})
    small.does("ingest")
    assert answer(small, AFTER, "c1", organisation="o2", brand="b9", list="moved").code == 10


def test_put_back_it_stops_nobody(small: World) -> None:
    assert answer(small, AFTER, "c1", organisation="o2", brand="b9", list="moved").code == 10
    assert answer(small, BEFORE, "c2").code == 0


def test_under_another_id_it_begins_without_consents(small: World) -> None:
    anew = {"o1": {"brands": {"b1": {"lists": ["l1"]}}}, "o2": {"brands": {"b9": {"lists": ["l9", "theirs"]}}}}
    settings = {"organisation": "o2", "brand": "b9", "list": "theirs"}
    workspaces.write_settings(small.folder, {"organisations": anew, "policy": {"consent_required": "any"}})
    small.campaign("c1", **settings)
    assert workspaces.presend(small.folder, "publish", "c1", "--as-of", workspaces.AS_OF).code == 0
    small.decided("""
        profile | reasons
        --------+-----------
        jane    | no_consent
    """)


def test_an_organisation_that_became_another_one_takes_its_lists_along(small: World) -> None:
    assert answer(small, MERGED, "c1", organisation="o2", brand="b9", list="moved").code == 0
