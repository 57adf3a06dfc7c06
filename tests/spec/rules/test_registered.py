"""registered: on a register in force for channel and country."""

import hashlib
from collections.abc import Callable
from typing import Any

from tests.lib.workspaces import write_rows
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


def test_a_hash_is_of_the_address_as_its_register_spells_it(world: Callable[..., World]) -> None:
    """Each register has its own spelling and its own entries; a text that is no address stands on none."""

    def register(normalisation: str, *entries: str, channel: str = "email") -> dict[str, Any]:
        hashed = [sha256(entry) for entry in entries]
        return {"channel": channel, "use": "always", "algorithm": "sha256", "normalisation": normalisation, "entries": hashed}

    small = world(
        registers={
            "kept": register("as_is", "Anna@Post.Example.at", "@Barred.Example.at", "nobody at all"),
            "lower": register("trim_lower", "Mixed@Post.Example.at", "bert@post.example.at", "nobody at all"),
            "lower-too": register("trim_lower", "cora@post.example.at"),
            "api": register("ecg_api", "annabert@post.example.at", "with.dots@post.example.at", "rival.example.at", "nobody at all"),
            "texts": register("as_is", "+436641234567", "0664 7654321", "12 and a half", channel="sms"),
        }
    )
    small.profiles("""
        profile_id | email                     | phone
        -----------+---------------------------+--------------
        anna       | Anna@Post.Example.at      | 0664 1234567
        anna2      | anna@post.example.at      | 0664 1234568
        bert       | Bert@Post.Example.at      | 0664 7654321
        cora       | cora@post.example.at      | 0664 7654322
        mixed      | Mixed@Post.Example.at     |
        barred     | somebody@Barred.Example.at |
        nobody     | nobody at all             | 12 and a half
        joined     | Anna.Bert@Post.Example.at |
        dotted     | With.Dots@Post.Example.at |
        rival      | somebody@Rival.Example.at |
    """)
    small.campaign("mail")
    small.campaign("text", channel="sms")
    small.decides("""
        profile | reasons         | detail
        --------+-----------------+--------------
        anna    | registered      | kept
        anna2   |                 |
        bert    | registered      | lower
        cora    | registered      | lower-too
        mixed   |                 |
        barred  | registered      | kept
        nobody  | address_invalid | nobody at all
        joined  | registered      | api
        dotted  | registered      | api
        rival   | registered      | api
    """, "mail")  # fmt: skip
    small.decided("""
        profile | reasons         | detail
        --------+-----------------+--------------
        anna    | registered      | texts
        anna2   |                 |
        bert    | registered      | texts
        cora    |                 |
        mixed   | address_missing |
        barred  | address_missing |
        nobody  | address_invalid | 12 and a half
        joined  | address_missing |
        dotted  | address_missing |
        rival   | address_missing |
    """, "text")  # fmt: skip


def test_a_domain_bars_mailboxes_and_no_numbers(world: Callable[..., World]) -> None:
    small = world(
        registers={
            "ecg": {"channel": "email", "use": "always", "entries": ["@barred.example.at"]},
            "robinson": {"channel": "sms", "use": "always", "entries": ["@barred.example.at", "+43 664 1234568"]},
        }
    )
    small.profiles("""
        profile_id | email                  | phone
        -----------+------------------------+--------------
        anna       | anna@barred.example.at | +436641234567
        bert       | bert@barred.example.at | +436641234568
    """)
    small.campaign("mail")
    small.campaign("text", channel="sms")
    small.decides("""
        profile | reasons    | detail
        --------+------------+-------
        anna    | registered | ecg
        bert    | registered | ecg
    """, "mail")  # fmt: skip
    small.decided("""
        profile | reasons    | detail
        --------+------------+---------
        anna    |            |
        bert    | registered | robinson
    """, "text")  # fmt: skip


def test_who_is_on_several_registers_is_told_with_the_first_and_the_newest_edition(world: Callable[..., World]) -> None:
    on = {"channel": "email", "use": "always", "entries": ["anna@post.example.at"]}
    small = world(registers={"ecg": on, "robinson": on})
    small.profiles("email\n--------------------\nanna@post.example.at")
    small.run("2026-05-01T08:00:00+00:00")
    edition = [{"entry": "anna@post.example.at"}, {"entry": "bert@post.example.at"}]
    write_rows(small.folder / "landing" / "robinson" / "june.csv", ["entry"], edition)
    small.campaign("june")
    small.run()
    found = [(one.reason, one.source, one.evidence_at, one.detail) for one in small.published("june").exclusions]
    assert found == [("registered", "ecg", "2026-06-01T08:00:00Z", "ecg")]


def sha256(entry: str) -> str:
    return hashlib.sha256(entry.encode()).hexdigest()
