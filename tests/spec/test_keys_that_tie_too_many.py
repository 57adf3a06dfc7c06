"""What says "none" is no key, and what too many hold makes nobody one person (domain §8 "Keys that tie too many")."""

from collections.abc import Callable, Iterable
from typing import Any

from tests.lib.workspaces import presend
from tests.lib.world import World

NOTHING = ("N/A", "0", "-", "--", "null", "#N/A", "k.A.", "unbekannt", "onbekend", "inconnu", "sconosciuto", "desconocido", "00000")
MORE = ("99999", "xxx", ".", "undefined", "NaN", "n.v.t.", "Néant", "test", "#WERT!", "#NAME?", "true", "keine Kundennr.", "neu")
MAY_RECEIVE: dict[str, Any] = {"policy": {"consent_required": "none"}}


def _profiles(cells: Iterable[tuple[str, ...]], columns: str = "profile_id | email | external_id") -> str:
    return "\n".join([columns, "---+---+---", *(" | ".join(row) for row in cells)])


def _opt_out(**named: str) -> str:
    row = {"occurred_at": "2026-04-01T08:00:00Z", "action": "opt_out", **named}
    return f"{' | '.join(row)}\n---+---\n{' | '.join(row.values())}"


def test_an_external_id_that_says_none_is_no_key(world: Callable[..., World]) -> None:
    """Of every two with such an id the first one opts out; Carl and Dora show that a real id is a key."""
    small = world(**MAY_RECEIVE)
    empty = [*enumerate(NOTHING + MORE)]
    pairs = [(f"{number:02}-{one}", f"{one}{number}@x.test", nothing) for number, nothing in empty for one in ("no", "yes")]
    small.profiles(_profiles([*pairs, ("carl", "carl@x.test", "4711"), ("dora", "dora@x.test", "4711")]))
    said = "\n".join(f"2026-04-01T08:00:00Z | opt_out | no{number}@x.test" for number, _ in empty)
    small.consents(f"{_opt_out(address='carl@x.test')}\n{said}")
    assert small.run().code == 0
    assert {row["profile_id"] for row in small.published().audience} == {profile for profile, _, _ in pairs if profile.endswith("yes")}


def test_five_hundred_with_one_external_id_are_five_hundred_and_ten_with_another_are_one(world: Callable[..., World]) -> None:
    """An opt-out of one of the many excludes that one alone; of the few, all; of eleven, one more than the limit, that one."""
    small = world(**MAY_RECEIVE)
    crowds = [("many", 500), ("ten", 10), ("eleven", 11)]
    small.profiles(_profiles((f"{crowd}-{number}", f"{crowd}{number}@x.test", crowd) for crowd, size in crowds for number in range(size)))
    said = "\n".join(f"2026-04-01T08:00:00Z | opt_out | {crowd}7@x.test" for crowd, _ in crowds[1:])
    small.consents(f"{_opt_out(address='many7@x.test')}\n{said}")
    assert small.run().code == 0
    excluded = {found.profile_id for found in small.published().exclusions if found.reason == "opted_out_organisation"}
    assert excluded == {"many-7", "eleven-7", *(f"ten-{number}" for number in range(10))}


def test_a_name_that_says_none_is_no_name(world: Callable[..., World]) -> None:
    """The number and an unknown name make one key with the number and no name, and none with a real name."""
    small = world(**MAY_RECEIVE)
    small.profiles("""
        profile_id | email       | phone         | first_name | last_name
        -----------+-------------+---------------+------------+----------
        anna       | anna@x.test | +436641234567 | n/a        | unknown
        bert       | bert@x.test | +436641234567 |            |
        carl       | carl@x.test | +436641234567 | Carl       | Gruber
    """)
    small.consents(_opt_out(address="anna@x.test", channel="email"))
    small.decides("""
        profile | reasons
        --------+-----------------------
        anna    | opted_out_organisation
        bert    | opted_out_organisation
        carl    |
    """)


def test_a_forbidden_placeholder_ties_nobody_and_is_still_forbidden(world: Callable[..., World]) -> None:
    """Both have left their old addresses; Carl and Dora show that a forbidden address of a person still ties."""
    small = world(**MAY_RECEIVE, forbidden={"addresses": ["carl-old@x.test"], "domains": ["none.test"]})
    small.profiles("""
        profile_id | email             | updated_at
        -----------+-------------------+---------------------
        anna       | keine@none.test   | 2026-03-01T08:00:00Z
        bert       | keine@none.test   | 2026-03-01T08:00:00Z
        carl       | carl-old@x.test   | 2026-03-01T08:00:00Z
        dora       | carl-old@x.test   | 2026-03-01T08:00:00Z
        emil       | noreply@none.test | 2026-03-01T08:00:00Z
    """)
    small.arrives(as_of="2026-03-02T08:00:00+00:00")
    small.profiles("""
        profile_id | email             | updated_at
        -----------+-------------------+---------------------
        anna       | anna@x.test       | 2026-04-01T08:00:00Z
        bert       | bert@x.test       | 2026-04-01T08:00:00Z
        carl       | carl@x.test       | 2026-04-01T08:00:00Z
        dora       | dora@x.test       | 2026-04-01T08:00:00Z
        emil       | noreply@none.test | 2026-03-01T08:00:00Z
    """)
    small.consents(f"{_opt_out(address='anna@x.test')}\n2026-04-01T08:00:00Z | opt_out | carl@x.test")
    small.decides("""
        profile | reasons
        --------+-----------------------
        anna    | opted_out_organisation
        bert    |
        carl    | opted_out_organisation
        dora    | opted_out_organisation
        emil    | address_forbidden
    """)


def test_who_floods_a_mailbox_with_spellings_does_not_escape_its_opt_out(world: Callable[..., World]) -> None:
    """Fifty-one profiles of one mailbox are not one person; a no to any spelling, and of any of the profiles, holds for the mailbox."""
    small = world(**MAY_RECEIVE)
    flood = [(f"{who}{number:02}", f"{who}+{number}@x.test", "") for who in ("jane", "john", "both") for number in range(51)]
    small.profiles(_profiles(flood))
    small.consents("""
        occurred_at          | action  | address        | profile_id | organisation
        ---------------------+---------+----------------+------------+-------------
        2026-04-01T08:00:00Z | opt_out | jane+7@x.test  |            |
        2026-04-01T08:00:00Z | opt_out |                | john07     | o1
    """)
    small.campaign(one_message_per="person")
    assert small.run().code == 0
    assert {row["profile_id"][:4] for row in small.published().audience} == {"both"}
    assert len(small.published().audience) == 51


def test_a_person_who_had_two_keys_stays_one_by_the_other(world: Callable[..., World]) -> None:
    """Anna and Bert share a mailbox and a flooded external id: the id ties nobody, the mailbox still does."""
    small = world(**MAY_RECEIVE)
    flood = [(f"p{number:02}", f"a{number}@x.test", "FLOOD") for number in range(20)]
    small.profiles(_profiles([("anna", "jane@x.test", "FLOOD"), ("bert", "jane+b@x.test", "FLOOD"), *flood]))
    small.consents(_opt_out(address="jane@x.test"))
    answer = small.run()
    assert answer.code == 0, answer.error
    assert {found.profile_id: found.via for found in small.published().exclusions} == {"anna": "address", "bert": "mailbox"}


def test_many_are_one_message_each_when_their_key_is_too_crowded(world: Callable[..., World]) -> None:
    small = world(**MAY_RECEIVE, identity={"max_profiles_per_key": {"external_id": 2, "mailbox": 2}})
    three = [(f"p{number}", f"p{number}@x.test", "K3") for number in range(3)]
    small.profiles(
        _profiles([*three, ("q1", "q1@x.test", "K2"), ("q2", "q2@x.test", "K2"), *((f"r{number}", "r@x.test", "") for number in range(3))])
    )
    small.decides("""
        profile | reasons
        --------+-----------------
        p0      |
        p1      |
        p2      |
        q1      |
        q2      | duplicate_person
        r0      |
        r1      | duplicate_address
        r2      | duplicate_address
    """)


def test_a_key_that_ties_too_many_is_named_without_an_address(world: Callable[..., World]) -> None:
    small = world(**MAY_RECEIVE, identity={"max_profiles_per_key": {"external_id": 2, "mailbox": 2, "mobile_name": 2}})
    small.profiles("""
        profile_id | email            | external_id    | phone         | last_name
        -----------+------------------+----------------+---------------+----------
        p1         | office+1@x.test  | jane@corp.test | +436641234567 | Gruber
        p2         | office+2@x.test  | jane@corp.test | +436641234567 | Gruber
        p3         | office+3@x.test  | jane@corp.test | +436641234567 | Gruber
        p4         | p4@x.test        |                |               |
    """)
    assert small.run().code == 0
    for command in ("status", "check"):
        said = str(presend(small.folder, command).document)
        assert said.count("3 profiles") == 3, f"{command}: {said}"
        for full in ("office+1@x.test", "office@x.test", "jane@corp.test", "+436641234567"):
            assert full not in said
        assert "identity.max_profiles_per_key" in said
    assert len([warning for warning in small.published().manifest["warnings"] if "3 profiles" in warning]) == 3
