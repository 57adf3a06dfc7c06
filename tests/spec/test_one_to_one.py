"""one_to_one: a message from one person to few; the class is no way around the opt-outs (domain §8)."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.lib import workspaces
from tests.lib.world import World

pytestmark = pytest.mark.gate

Worlds = Callable[..., World]
NINE = "2026-06-01T09:00:00+00:00"


@pytest.fixture
def office(world: Worlds) -> World:
    """Anna said no to everything, Bert did not."""
    small = world(matrix={"service": ["address_missing", "address_invalid", "opted_out_organisation"]})
    small.profiles("""
        profile_id | email
        -----------+---------------------
        anna       | anna@post.example.at
        bert       | bert@post.example.at
        bert2      | bert@post.example.at
    """)
    small.consents("""
        occurred_at | action  | address
        ------------+---------+---------------------
        2026-03-01  | opt_out | anna@post.example.at
    """)
    small.arrives(as_of="2026-06-01T07:00:00+00:00")
    return small


def publish(office: World, name: str = "letter", **settings: Any) -> workspaces.Answer:
    office.campaign(name, **{"message_class": "one_to_one", **settings})
    return workspaces.presend(office.folder, "publish", name, "--as-of", workspaces.AS_OF)


def test_with_a_sender_it_reaches_who_opted_out(office: World) -> None:
    assert publish(office, sent_by="Cora Bauer").code == 0
    assert office.published("letter").addresses == ["anna@post.example.at", "bert@post.example.at"]


def test_without_a_sender_it_stops_where_the_class_decides_about_somebody(office: World) -> None:
    answer = publish(office)
    assert answer.code == 10
    assert "sent_by" in answer.error["remedy"] and answer.error["where"] == "campaigns/letter.yaml"
    checked = workspaces.presend(office.folder, "check")
    assert checked.code == 10 and checked.document["faults"][0]["file"] == "campaigns/letter.yaml"


@pytest.mark.parametrize("name", ["-", "n/a", "\u200b", "?", "TBD", "N.N.", "anonym", 5])
def test_a_placeholder_is_nobody(office: World, name: object) -> None:
    office.campaign("letter", message_class="one_to_one", sent_by=name)
    office.campaign("notice", message_class="service", no_advertising_attested_by=name)
    faults = workspaces.presend(office.folder, "check").document["faults"]
    assert {(fault["file"], fault["message"].endswith("names nobody")) for fault in faults} == {
        ("campaigns/letter.yaml", True),
        ("campaigns/notice.yaml", True),
    }


def test_without_a_sender_it_is_decided_as_marketing(office: World) -> None:
    assert publish(office, segment="profile_id = 'bert'").code == 0
    assert office.published("letter").addresses == ["bert@post.example.at"]
    assert any("decided as marketing" in warning for warning in office.published("letter").manifest["warnings"])


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"one_to_one_maximum": 2}, 13),
        ({"one_to_one_maximum": 3}, 0),
        ({"one_to_one_maximum": 2, "no_advertising_attested_by": "the box office"}, 0),
    ],
)
def test_it_has_few_candidates_unless_somebody_attests_that_it_advertises_nothing(
    office: World, settings: dict[str, Any], code: int
) -> None:
    answer = publish(office, sent_by="Cora Bauer", **settings)
    assert answer.code == code
    assert code == 0 or "one_to_one_maximum" in answer.error["message"], "two of three would be in the audience: candidates count"


def test_ten_are_few_and_eleven_are_not(world: Worlds) -> None:
    small = world()
    small.profiles("\n".join(["email", *(f"p{number}@post.example.at" for number in range(11))]))
    small.arrives(as_of="2026-06-01T07:00:00+00:00")
    assert publish(small, sent_by="Cora Bauer").code == 13
    assert publish(small, "fewer", sent_by="Cora Bauer", segment="email <> 'p0@post.example.at'").code == 0


def test_the_sender_is_for_one_to_one_alone(office: World) -> None:
    answer = publish(office, message_class="marketing", sent_by="Cora Bauer")
    assert answer.code == 10 and "one_to_one messages only" in answer.error["message"]


def test_a_matrix_without_the_duplicate_reasons_lets_an_address_stand_for_each_of_its_profiles(office: World, tmp_path: Path) -> None:
    assert publish(office, "notice", message_class="service", no_advertising_attested_by="the office").code == 0
    published = office.published("notice")
    assert [(row["address"], row["profile_id"]) for row in published.audience] == [
        ("bert@post.example.at", "bert"),
        ("bert@post.example.at", "bert2"),
    ]
    verified = workspaces.presend(office.folder, "verify", str(published.path))
    assert verified.code == 0, verified.error
    rechecked = workspaces.presend(office.folder, "recheck", published.path.name, "--as-of", NINE)
    assert (rechecked.code, rechecked.document["withdrawn"]) == (0, 0)


def test_an_excluded_campaign_without_an_audience_stops_the_one_that_leaves_it_out(office: World) -> None:
    office.campaign("first", as_of=NINE)
    office.campaign("second", exclude=["first"])
    stopped = workspaces.presend(office.folder, "publish", "second", "--as-of", workspaces.AS_OF)
    assert stopped.code == 12
    assert "first" in stopped.error["message"] and "exclude_optional: [first]" in stopped.error["remedy"]
    for settings in ({"exclude": ["first"], "exclude_optional": ["first"]}, {"exclude_optional": ["first"]}):
        office.campaign("third", **settings)
        assert workspaces.presend(office.folder, "publish", "third", "--as-of", workspaces.AS_OF).code == 0
    assert workspaces.presend(office.folder, "publish", "first", "--as-of", workspaces.AS_OF).code == 0
    for name in ("second", "third"):
        assert workspaces.presend(office.folder, "publish", name, "--as-of", NINE).code == 13, "the window is over"
        office.campaign(name, as_of=NINE, exclude_optional=["first"])
        assert workspaces.presend(office.folder, "publish", name, "--as-of", NINE).code == 0
        assert set(office.published(name).reasons("bert@post.example.at")) == {"excluded_audience"}


def test_a_campaign_that_was_deleted_is_still_left_out_by_its_audience(office: World) -> None:
    office.campaign("first")
    assert workspaces.presend(office.folder, "publish", "first", "--as-of", workspaces.AS_OF).code == 0
    (office.folder / "campaigns" / "first.yaml").unlink()
    office.campaign("second", exclude=["first"])
    assert workspaces.presend(office.folder, "publish", "second", "--as-of", workspaces.AS_OF).code == 0
    assert office.published("second").addresses == []
    office.campaign("third", exclude_optional=["frist"])
    answer = workspaces.presend(office.folder, "publish", "third", "--as-of", workspaces.AS_OF)
    assert answer.code == 10 and "there is no campaign 'frist'" in answer.error["message"]
