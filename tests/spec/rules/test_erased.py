"""erased: the address's keyed hash is among the erasure tombstones."""

import hashlib
import hmac
from collections.abc import Callable

import duckdb
import pytest

from tests.lib import workspaces
from tests.lib.world import World

KEY = "only for this test"


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


def erase(world: World, *addresses: str) -> None:
    """What `presend erase` leaves behind: no address, but its keyed hash."""
    with duckdb.connect(str(world.folder / "warehouse" / "presend.duckdb")) as con:
        for address in addresses:
            keyed = hmac.new(KEY.encode(), address.encode(), hashlib.sha256).hexdigest()
            con.execute("INSERT INTO tombstone VALUES ($keyed, TIMESTAMPTZ '2026-05-01 10:00:00Z', 'request 7')", {"keyed": keyed})
