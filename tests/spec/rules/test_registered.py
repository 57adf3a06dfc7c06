"""registered: on a register in force for channel and country."""

import hashlib
from collections.abc import Callable

from tests.lib.world import World


def test_registers_bar_by_country_channel_and_use(world: Callable[..., World]) -> None:
    small = world(
        registers={
            "ecg": {
                "channel": "email",
                "countries": ["AT"],
                "use": "without_consent",
                "algorithm": "sha256",
                "entries": [
                    sha256("anna@post.example.at"),
                    sha256("bert@post.example.at"),
                    sha256("@barred.example.at"),
                    sha256("emil@post.example.at"),
                ],
            },
            "robinson": {"channel": "sms", "use": "always", "entries": ["+43 664 1234567"]},
        }
    )
    small.profiles("""
        profile_id | email                    | phone        | country
        -----------+--------------------------+--------------+--------
        anna       | Anna@post.example.at     | 0664 1234567 |
        bert       | bert@post.example.at     |              | DE
        cora       | cora@barred.example.at   |              | AT
        dora       | dora@x.barred.example.at |              |
        emil       | emil@post.example.at     |              |
    """)
    small.consents("""
        occurred_at | action | address              | via  | channel
        ------------+--------+----------------------+------+--------
        2026-05-01  | opt_in | emil@post.example.at | form |
        2026-05-01  | opt_in | +436641234567        | form |
    """)
    small.campaign("mail")
    small.campaign("text", channel="sms")
    small.decides("""
        profile | reasons    | detail
        --------+------------+-------
        anna    | registered | ecg
        bert    |            |
        cora    | registered | ecg
        dora    |            |
        emil    |            |
    """, "mail")  # fmt: skip
    small.decided("""
        profile | reasons         | detail
        --------+-----------------+---------
        anna    | registered      | robinson
        bert    | address_missing |
        cora    | address_missing |
        dora    | address_missing |
        emil    | address_missing |
    """, "text")  # fmt: skip


def sha256(entry: str) -> str:
    return hashlib.sha256(entry.encode()).hexdigest()
