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
    """)
    small.consents("""
        occurred_at | action | address              | via
        ------------+--------+----------------------+-----
        2026-05-20  | opt_in | bert@post.example.at | form
        2026-04-20  | opt_in | anna@post.example.at | form
    """)
    assert small.run().code == 0
    erase(small, "anna@post.example.at", "bert@post.example.at")
    assert workspaces.presend(small.folder, "publish", "c1", "--as-of", "2026-06-01T08:30:00Z").code == 0
    small.decided("""
        candidate            | reasons | evidence
        ---------------------+---------+----------
        anna@post.example.at | erased  | request 7
        bert@post.example.at |         |
        cora@post.example.at |         |
    """)


def erase(world: World, *addresses: str) -> None:
    """What `presend erase` leaves behind: no address, but its keyed hash."""
    with duckdb.connect(str(world.folder / "warehouse" / "presend.duckdb")) as con:
        for address in addresses:
            keyed = hmac.new(KEY.encode(), address.encode(), hashlib.sha256).hexdigest()
            con.execute("INSERT INTO tombstone VALUES ($keyed, TIMESTAMPTZ '2026-05-01 10:00:00Z', 'request 7')", {"keyed": keyed})
