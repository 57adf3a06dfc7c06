"""A register that the configuration no longer has, hashed or plain, restricts always and on every channel (domain §8)."""

from collections.abc import Callable
from hashlib import sha1, sha256, sha512

import pytest

from tests.lib.workspaces import write_settings
from tests.lib.world import World

HASHES = {"plain": str, "sha1": sha1, "sha256": sha256, "sha512": sha512}


@pytest.mark.parametrize(("algorithm", "channel"), [("plain", "email"), ("sha1", "sms"), ("sha256", "email"), ("sha512", "sms")])
def test_its_last_edition_goes_on(world: Callable[..., World], algorithm: str, channel: str) -> None:
    entry, campaign = ("jane@post.example.at", {}) if channel == "email" else ("+436641234567", {"channel": "sms"})
    told = entry if algorithm == "plain" else HASHES[algorithm](entry.encode()).hexdigest()
    small = world(registers={"list": {"channel": channel, "use": "always", "algorithm": algorithm, "entries": [told]}})
    small.profiles("""
        profile_id | email                | phone
        -----------+----------------------+---------------
        jane       | jane@post.example.at | +436641234567
        john       | john@post.example.at | +436641234568
    """)
    small.arrives(as_of="2026-05-01T08:00:00+00:00")
    (small.folder / "feeds" / "list.yaml").unlink()
    write_settings(small.folder, {})
    small.campaign("c1", **campaign)
    small.decides("""
        profile | reasons
        --------+-----------
        jane    | registered
        john    |
    """)
