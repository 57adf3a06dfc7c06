"""holdout: in the campaign's control group."""

import hmac
from collections.abc import Callable

import duckdb
import pytest

from tests.lib import workspaces
from tests.lib.world import World

PEOPLE = 200
ONE, TWO = "one key for tests, long enough to be one", "two keys for tests are one too many, and long"


def test_the_control_group_is_a_share_by_secret_key_and_the_same_every_time(
    world: Callable[..., World], monkeypatch: pytest.MonkeyPatch
) -> None:
    small = world()
    small.profiles(
        "\n".join(
            ["profile_id | email | external_id", *(f"p{number} | p{number}@post.example.at | {number // 2}" for number in range(PEOPLE))]
        )
    )
    small.campaign("c1", holdout=0.25, one_message_per="address")
    monkeypatch.delenv("PRESEND_KEY", raising=False)
    without = small.run()
    assert without.code == 10, "without a key there is no lot"
    assert "PRESEND_KEY" in without.error["message"]
    monkeypatch.setenv("PRESEND_KEY", ONE)
    held = _held(small, "2026-06-01T08:01:00Z")
    assert 0.1 * PEOPLE < len(held) < 0.4 * PEOPLE
    assert _held(small, "2026-06-01T08:02:00Z") == held, "the group stays the same"
    by_person = {int(profile[1:]) // 2 for profile in held}
    assert len(held) == 2 * len(by_person), "a person is in the group with all addresses"
    monkeypatch.setenv("PRESEND_KEY", TWO)
    other = workspaces.presend(small.folder, "publish", "c1", "--as-of", "2026-06-01T08:03:00Z")
    assert other.code == 10 and "presend key rotate" in other.error["remedy"]
    assert workspaces.presend(small.folder, "key", "rotate", "--by", "Anna Huber").code == 0
    assert _held(small, "2026-06-01T08:03:00Z") != held, "nobody without the key can tell the group"
    assert any("rotated" in warning and "Anna Huber" in warning for warning in small.published().manifest["warnings"])


def test_the_lot_is_the_keyed_hash_of_campaign_and_person_read_as_a_fraction(
    world: Callable[..., World], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In every version the same: who was in the control group stays in it (contract §4)."""
    monkeypatch.setenv("PRESEND_KEY", ONE)
    small = world()
    small.profiles("\n".join(["profile_id | email", *(f"p{number} | p{number}@post.example.at" for number in range(PEOPLE))]))
    small.campaign("c1", holdout=0.25)
    assert small.run().code == 0
    with duckdb.connect(str(small.folder / "warehouse" / "presend.duckdb"), read_only=True) as con:
        persons = con.execute("SELECT profile_id, CAST(profile_key AS VARCHAR) FROM profile_record").fetchall()
    digests = {profile: hmac.new(ONE.encode(), f"c1\x1f{person}".encode(), "sha256").hexdigest() for profile, person in persons}
    found = [one for one in small.published().exclusions if one.reason == "holdout"]
    assert {one.profile_id for one in found} == {profile for profile, digest in digests.items() if int(digest[:12], 16) < 0.25 * 16**12}
    assert {one.via for one in found} == {"person"}


def _held(world: World, as_of: str) -> set[str]:
    answer = workspaces.presend(world.folder, "publish", "c1", "--as-of", as_of)
    assert answer.code == 0, answer.error
    return {found.profile_id for found in world.published().exclusions if found.reason == "holdout"}
