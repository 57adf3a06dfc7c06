"""erased: the address's keyed hash is among the erasure tombstones."""

import hashlib
import hmac
import json
from collections.abc import Callable

import duckdb
import pytest

from tests.lib import workspaces
from tests.lib.world import World

KEY = "only for this test, and long enough for it"


def test_an_erased_address_stays_out_until_its_owner_comes_back_by_a_form(
    world: Callable[..., World], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESEND_KEY", KEY)
    small = world()
    small.profiles("""
        email
        --------------------
        anna@post.example.at
        bert@post.example.at
        cora@post.example.at
        dora@post.example.at
        emil@post.example.at
    """)
    # Dora confirms what staff asked at the very moment of the erasure; a link is no confirmed form.
    small.consents("""
        occurred_at          | action         | address              | via             | actor
        ---------------------+----------------+----------------------+-----------------+------
        2026-05-20           | opt_in         | bert@post.example.at | form            | owner
        2026-04-20           | opt_in         | anna@post.example.at | form            | owner
        2026-05-01T10:00:00Z | opt_in_request | dora@post.example.at | form            | staff
        2026-05-20           | opt_in_confirm | dora@post.example.at | form            | owner
        2026-05-20           | opt_in         | emil@post.example.at | preference_link | owner
    """)
    assert small.run().code == 0
    erase(small, *(f"{name}@post.example.at" for name in ("anna", "bert", "dora", "emil")))
    assert workspaces.presend(small.folder, "publish", "c1", "--as-of", "2026-06-01T08:30:00Z").code == 0
    small.decided("""
        candidate            | reasons | evidence
        ---------------------+---------+----------
        anna@post.example.at | erased  | request 7
        bert@post.example.at |         |
        cora@post.example.at |         |
        dora@post.example.at | erased  | request 7
        emil@post.example.at | erased  | request 7
    """)


def test_an_address_erased_twice_is_told_with_the_first_and_is_no_control_address(
    world: Callable[..., World], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESEND_KEY", KEY)
    small = world()
    small.profiles("email\n--------------------\nanna@post.example.at\nbert@post.example.at")
    small.campaign(seeds=["cora@post.example.at", "dora@post.example.at", "bert@post.example.at"])
    assert small.run().code == 0
    erase(small, "anna@post.example.at", "cora@post.example.at", at="2026-05-02 10:00:00Z", request="request 8")
    erase(small, "anna@post.example.at")
    erase(small, "anna@post.example.at", at="2026-05-03 10:00:00Z", request="request 9")
    assert workspaces.presend(small.folder, "publish", "c1", "--as-of", "2026-06-01T08:30:00Z").code == 0
    published = small.published()
    assert [(found.who, found.evidence, found.evidence_at) for found in published.exclusions] == [
        ("anna@post.example.at", "request 7", "2026-05-01T10:00:00Z")
    ]
    assert sorted((row["address"], row["is_seed"]) for row in published.audience) == [
        ("bert@post.example.at", "false"),
        ("dora@post.example.at", "true"),
    ]


def erase(world: World, *addresses: str, at: str = "2026-05-01 10:00:00Z", request: str = "request 7") -> None:
    """What `presend erase` leaves behind: no address, but its keyed hash, in a warehouse that counts as built."""
    warehouse = world.folder / "warehouse" / "presend.duckdb"
    with duckdb.connect(str(warehouse)) as con:
        for address in addresses:
            keyed = hmac.new(KEY.encode(), address.encode(), hashlib.sha256).hexdigest()
            con.execute(
                "INSERT INTO tombstone VALUES ($keyed, $at::VARCHAR::TIMESTAMPTZ, $request)", {"keyed": keyed, "at": at, "request": request}
            )
    built = {"sha256": hashlib.sha256(warehouse.read_bytes()).hexdigest()}
    warehouse.with_name("built.json").write_text(json.dumps(built), encoding="utf-8")
