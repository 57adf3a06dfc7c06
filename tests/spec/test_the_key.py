"""PRESEND_KEY is long enough to be a secret, and always the same one until somebody says otherwise (domain §8)."""

from collections.abc import Callable

import pytest

from tests.lib import workspaces
from tests.lib.world import World

Worlds = Callable[..., World]
FORMER, OTHER = "the key of the workspace in these tests", "another key, and as long as the former one"


@pytest.fixture
def small(world: Worlds) -> World:
    made = world()
    made.profiles("""
        email
        ---------------------
        anna@post.example.at
        bert@post.example.at
    """)
    made.arrives(as_of="2026-06-01T07:00:00+00:00")
    made.campaign("lots", holdout=0.5, minimum_audience=0)
    made.campaign("plain")
    return made


def publish(world: World, name: str, minute: int = 0) -> workspaces.Answer:
    return workspaces.presend(world.folder, "publish", name, "--as-of", f"2026-06-01T08:{minute:02}:00Z")


@pytest.mark.parametrize("short", ["x", "31 bytes are one too few for it", "ä" * 15])
def test_a_short_key_is_refused_where_a_key_is_used_and_only_there(small: World, monkeypatch: pytest.MonkeyPatch, short: str) -> None:
    monkeypatch.setenv("PRESEND_KEY", short)
    answer = publish(small, "lots")
    assert answer.code == 10 and "32 bytes" in answer.error["remedy"] and short not in str(answer.document)
    assert publish(small, "plain").code == 0
    assert workspaces.presend(small.folder, "key", "rotate", "--by", "Anna").code == 10
    assert not (small.folder / "ledger" / "keys.jsonl").exists()


def test_another_key_stops_until_somebody_rotates(small: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESEND_KEY", FORMER)
    assert publish(small, "lots").code == 0
    kept = (small.folder / "ledger" / "keys.jsonl").read_text(encoding="utf-8")
    assert FORMER not in kept
    monkeypatch.setenv("PRESEND_KEY", OTHER)
    for command in (
        ["publish", "lots", "--as-of", "2026-06-01T08:01:00Z"],
        ["publish", "lots", "--as-of", "2026-06-01T08:01:00Z", "--dry-run"],
    ):
        answer = workspaces.presend(small.folder, *command)
        assert answer.code == 10 and "presend key rotate --by NAME" in answer.error["remedy"]
    status = workspaces.presend(small.folder, "status", "--as-of", workspaces.AS_OF)
    assert [notice["stops"] for notice in status.document["attention"]] == [10]
    monkeypatch.setenv("PRESEND_KEY", FORMER)
    assert publish(small, "lots", 1).code == 0, "the former key is right again"
    monkeypatch.setenv("PRESEND_KEY", OTHER)
    assert workspaces.presend(small.folder, "key", "rotate", "--by", "anna@post.example.at").code == 0
    assert publish(small, "lots", 2).code == 0
    (warning,) = small.published("lots").manifest["warnings"]
    assert "rotated" in warning and "anna@" not in warning
    monkeypatch.setenv("PRESEND_KEY", FORMER)
    assert publish(small, "lots", 3).code == 10, "the former key is another one now"


def test_a_lost_record_of_the_key_lets_no_other_in(small: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A restored backup of before the first lots has no ledger/keys.jsonl; the runs name the key's fingerprint, too."""
    monkeypatch.setenv("PRESEND_KEY", FORMER)
    assert publish(small, "lots").code == 0
    (small.folder / "ledger" / "keys.jsonl").unlink()
    monkeypatch.setenv("PRESEND_KEY", OTHER)
    answer = publish(small, "lots", 1)
    assert answer.code == 10 and "presend key rotate --by NAME" in answer.error["remedy"]
    monkeypatch.setenv("PRESEND_KEY", FORMER)
    assert publish(small, "lots", 1).code == 0
    (small.folder / "ledger" / "keys.jsonl").unlink()
    monkeypatch.setenv("PRESEND_KEY", OTHER)
    assert workspaces.presend(small.folder, "key", "rotate", "--by", "Anna Huber").code == 0
    assert publish(small, "lots", 2).code == 0


def test_space_around_the_key_is_no_part_of_it(small: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for blank in (" " * 40, "\t\n" * 20):
        monkeypatch.setenv("PRESEND_KEY", blank)
        assert publish(small, "lots").code == 10
    for number, written in enumerate((FORMER, f"{FORMER}\n", f"{FORMER}\r\n", f"  {FORMER} ")):
        monkeypatch.setenv("PRESEND_KEY", written)
        assert publish(small, "lots", number).code == 0


@pytest.mark.parametrize("nobody", ["", " ", "-", "n/a", "none", "?", "\u200b", "12", "+43 664 1234567"])
def test_nobody_gives_no_word(small: World, monkeypatch: pytest.MonkeyPatch, nobody: str) -> None:
    """Whatever needs a person's word needs a name: a shell's empty variable must not release anything."""
    monkeypatch.setenv("PRESEND_KEY", FORMER)
    small.campaign("asked", approval="required")
    waiting = publish(small, "asked")
    run = waiting.error["where"].rpartition("/")[2]
    for command in (
        ["approve", run, "--as-of", workspaces.AS_OF],
        ["key", "rotate"],
        ["ingest", "--accept", "profiles/000.csv"],
        ["ingest", "--keep-former", "profiles"],
        ["ingest", "--accept-loss", "profiles"],
        ["ingest", "--redate"],
        ["review", "0123456789ab", "--none"],
    ):
        answer = workspaces.presend(small.folder, *command, "--by", nobody)
        assert answer.code == 2, command
        assert not nobody or "--by" in answer.error["where"]
        assert "1234567" not in str(answer.document)
    assert not list((small.folder / "outbox").rglob("latest.json"))


def test_an_approval_is_its_own_not_the_latest_asker_s(small: World) -> None:
    small.campaign("asked", approval="required")
    run = publish(small, "asked").error["where"].rpartition("/")[2]
    for by in ("Anna Huber", "Bert Maier"):
        answer = workspaces.presend(small.folder, "approve", run, "--by", by, "--as-of", workspaces.AS_OF)
        assert (answer.code, answer.document["approved_by"]) == (0, "Anna Huber")
    assert publish(small, "plain").code == 0
    answer = workspaces.presend(small.folder, "approve", small.published("plain").path.name, "--by", "Bert Maier")
    assert answer.document["approved_by"] is None


def test_who_draws_no_lots_needs_no_key_and_verifying_takes_any(small: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PRESEND_KEY", raising=False)
    assert publish(small, "plain").code == 0
    assert publish(small, "lots").code == 10
    monkeypatch.setenv("PRESEND_KEY", FORMER)
    assert publish(small, "lots").code == 0
    monkeypatch.setenv("PRESEND_KEY", OTHER)
    assert workspaces.presend(small.folder, "verify", str(small.published("lots").path)).code == 0


def test_rotating_twice_to_one_key_is_rotating_once_and_without_a_key_nothing(small: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PRESEND_KEY", raising=False)
    assert workspaces.presend(small.folder, "key", "rotate", "--by", "Anna").code == 10
    monkeypatch.setenv("PRESEND_KEY", FORMER)
    for _ in range(2):
        assert workspaces.presend(small.folder, "key", "rotate", "--by", "Anna").code == 0
    assert len((small.folder / "ledger" / "keys.jsonl").read_text(encoding="utf-8").splitlines()) == 1
