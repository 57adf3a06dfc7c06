"""The worlds that mutants are tried on: crowds in which every rule has something to do, then our scenarios, then small worlds."""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from tests.generative.crowds import FEEDS, crowd, peopled, renamed_address, rows_of
from tests.generative.reference.settings import DEFAULT_ORGANISATIONS
from tests.generative.worlds import NO_TIME, invent, invent_workspace, registered
from tests.lib.workspaces import ROOT

from .edges import edges

Row = dict[str, str]
Names = dict[str, dict[str, str]]

SCENARIOS = sorted((ROOT / "tests" / "scenarios").glob("*.json"))
SMALL = [*sorted((ROOT / "tests" / "generative" / "kept").glob("*.json")), ROOT / "tests" / "generative" / "by_hand.json"]
CROWDS = 16
SPECIAL = 4
COLONIES = 24
ALIKE: Names = {"brand": {"b1": "o1", "b2": "o2"}, "list": {"l1": "o1", "l2": "b1", "l9": "o2"}}
"""A campaign's scopes share their name with each other …"""
CROSSED: Names = {"brand": {"b2": "l1"}, "list": {"l3": "b1", "l2": "o1"}}
"""… or with scopes that do not cover it."""
DAYS = ["2026-03-10", "2026-02-10"]
MOMENTS = ["{}", "{} 00:00:00", "{}T10:00:00Z", "{} 11:00:00", "{}T10:00Z"]
LIFTING = ("opt_in", "opt_in_request", "opt_in_confirm")
CONSENTS = ["any", "none", "brand", "organisation", "any", "list"]
SEEDS = [
    "Seed@office.example.at",
    "x@gmail.com",
    "seed@office.example.at",
    "+43 664 7654321",
    "+43 1 7654321",
    "k1gerd@forum.example.at",
]
SEEDS += [f"k{place}{name}@forum.example.at" for place in (2, 3, 5) for name in ("cem", "dora", "finn")]
SERVICE = {"message_class": "service", "no_advertising_attested_by": "the box office"}
CAMPAIGNS: list[list[dict[str, Any]]] = [
    [{}, {}, {"channel": "sms"}],
    [{"one_message_per": "address"}, {"message_class": "one_to_one", "sent_by": "Anna Huber", "one_to_one_maximum": 1000}, {}],
    [{}, {"channel": "phone"}, {"channel": "sms", "one_message_per": "address"}],
    [SERVICE, {}, {"one_message_per": "address", "segment": "country = 'AT'"}],
]
"""What the campaigns of a crowd's steps have otherwise than it draws them."""


def worlds(invented: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Some crowds, every written world, and so many invented ones, each with its name."""
    for number in range(CROWDS):
        yield f"crowd: {number}", rich(number)
    for world in edges():
        yield f"edge: {world['name']}", world
    for number in range(2 * SPECIAL):
        yield f"claims: {number}", claims(number)
    for number in range(SPECIAL):
        yield f"ties: {number}", tied(rich(number))
        yield f"elsewhere: {number}", elsewhere(rich(2 * number), number)
    yield from sorted(_written(SCENARIOS), key=lambda found: _size(found[1]), reverse=True)
    yield from _written(SMALL)
    for number in range(invented):
        yield f"invented: {number}", invent(number)


def rich(number: int) -> dict[str, Any]:
    """A crowd with registers, forbidden addresses, control addresses, and the policies in turn: nothing is left to the dice."""
    world = crowd(number, COLONIES)
    everybody = range(1, COLONIES)
    policy = {
        "opt_out_reach": ("person", "address", "profile")[number % 3],
        "consent_required": CONSENTS[number % 6],
        "double_opt_in": ("required", "optional")[number // 2 % 2],
        "consent_valid_days": (20, None)[number // 3 % 2],
        "staff_resubscribe": ("with_legal_basis", "never")[number % 2],
        "resubscribe_reach": ("organisation", "selected")[number // 2 % 2],
        "service_respects": (["group", "organisation"], ["group"], [])[number % 3],
        "pending_opt_out_days": 14,
        "crm_flags": "ignore" if number % 8 == 6 else "restrict",
    }
    quarantine = {**world["quarantine"], "release_on_confirmed_opt_in": number % 2 == 0}
    hashed = [registered(renamed_address("dora@forum.example.at", place), "sha256") for place in everybody]
    registers = {
        "robinson": {
            "channel": "email",
            "countries": ([], ["AT"])[number % 2],
            "use": ("without_consent", "always")[number // 2 % 2],
            "algorithm": "sha256",
            "entries": [*hashed, *([registered("@gmail.com", "sha256")] if number % 3 else [])],
        },
        "numbers": {
            "channel": "sms",
            "countries": [],
            "use": ("always", "without_consent")[number // 2 % 2],
            "algorithm": "plain",
            "entries": [registered(renamed_address("+436641234567", place), "plain") for place in everybody[::3]],
        },
    }
    forbidden = {
        "addresses": [renamed_address("Gerd@forum.example.at", place) for place in everybody[::3]],
        "domains": ["gmail.com"] if number % 4 == 3 else [],
    }
    for step, change in zip(world["steps"], CAMPAIGNS[number % len(CAMPAIGNS)], strict=True):
        step["campaign"] |= {"seeds": SEEDS, **change}
    rich_world = {**world, "policy": world["policy"] | policy, "quarantine": quarantine, "registers": registers, "forbidden": forbidden}
    return one_name_for_all(rich_world) if number % 2 else rich_world


def tied(world: dict[str, Any]) -> dict[str, Any]:
    """The world with everything on two days, at few moments: what else decides?"""
    return _changed(world, _at_one_of_few_moments)


def _at_one_of_few_moments(feed: str, row: Row, place: int) -> Row:
    if feed == "profiles" or row.get("occurred_at") in NO_TIME:
        return row
    return {**row, "occurred_at": MOMENTS[place % len(MOMENTS)].format(DAYS[place // len(MOMENTS) % len(DAYS)])}


def elsewhere(world: dict[str, Any], number: int) -> dict[str, Any]:
    """The world with forms on lists and brands beside the campaign's, which open the whole organisation."""
    policy = {"resubscribe_reach": "organisation", "double_opt_in": "optional", "consent_required": ("none", "any")[number % 2]}
    told = {**world, "policy": world["policy"] | policy}
    return one_name_for_all(_changed(told, _on_a_scope_elsewhere), CROSSED) if number > 1 else _changed(told, _on_a_scope_elsewhere)


def _on_a_scope_elsewhere(feed: str, row: Row, place: int) -> Row:
    if feed != "consent" or row.get("action") not in LIFTING:
        return row
    scope, scope_id = (("list", "l2"), ("brand", "b2"), ("list", "l3"), ("list", "l9"))[place % 4]
    return {**row, "scope": scope, "scope_id": scope_id}


def claims(number: int) -> dict[str, Any]:
    """A world of four steps whose CRM snapshots, changes and deletes, and whose consents name profiles alone: what did those hold then?"""
    begin = datetime(2026, 3, 30, 8, tzinfo=UTC)
    moments = [begin + timedelta(hours=hours) for hours in (0, 1, 25, 49)]
    world = peopled(number, {**invent_workspace(Random(number).choice), "moments": moments, "max_age": "365d"}, COLONIES)
    policy = {"consent_required": "any", "double_opt_in": "optional", "opt_out_reach": ("person", "address", "profile")[number % 3]}
    steps = []
    for place, step in enumerate(world["steps"]):
        campaign = {
            "list": "l1",
            "channel": ("email", "email", "sms")[place % 3],
            "message_class": "marketing",
            "one_message_per": "address",
        }
        consent = [_of_a_profile_alone(row, index) for index, row in enumerate(step["consent"])]
        steps.append({**step, "consent": consent, "campaign": {**campaign, "minimum_audience": 0}})
    return {**world, "policy": world["policy"] | policy, "steps": steps}


def _of_a_profile_alone(row: Row, place: int) -> Row:
    if row["action"] not in (*LIFTING, "opt_out_cancel", "resume") or not row["event_id"]:
        return row
    colony = "".join(f"-{one}" for one in row["event_id"].split("-")[2:])
    told = {name: cell for name, cell in row.items() if name not in ("address", "channel", "scope_id")}
    return {
        **told, "profile_id": f"p{place % 6 + 1}{colony}", "organisation": "o1", "scope": "organisation", "scope_id": "o1",
        "actor": "owner", "via": "form", "legal_basis": "consent", "explanation": "asked",
    }  # fmt: skip


def _changed(world: dict[str, Any], change: Callable[[str, Row, int], Row]) -> dict[str, Any]:
    steps = []
    for step in world["steps"]:
        told = {feed: [change(feed, row, place) for place, row in enumerate(step.get(feed) or [])] for feed in FEEDS if feed in step}
        steps.append({**step, **told})
    return {**world, "steps": steps}


def one_name_for_all(world: dict[str, Any], named: Names = ALIKE) -> dict[str, Any]:
    """The world with scopes of different kinds that bear one name: only the kind tells them apart."""
    organisations = {
        organisation: {
            "brands": {
                named["brand"].get(brand, brand): {"lists": [named["list"].get(one, one) for one in lists["lists"]]}
                for brand, lists in what["brands"].items()
            }
        }
        for organisation, what in DEFAULT_ORGANISATIONS.items()
    }
    steps = []
    for step in world["steps"]:
        campaign = {"brand": "b1", **step["campaign"]}
        campaign |= {kind: named[kind].get(campaign[kind], campaign[kind]) for kind in named if kind in campaign}
        consent = [
            {**row, "scope_id": named[row["scope"]].get(row["scope_id"], row["scope_id"])} if row["scope"] in named else row
            for row in step.get("consent", ())
        ]
        steps.append({**step, "campaign": campaign, "consent": consent})
    return {**world, "organisations": organisations, "steps": steps}


def _written(files: Iterable[Path]) -> Iterator[tuple[str, dict[str, Any]]]:
    for file in files:
        for world in json.loads(file.read_text(encoding="utf-8")):
            yield f"{file.stem}: {world['name']}", world


def _size(world: dict[str, Any]) -> int:
    return len(list(rows_of({"steps": world.get("steps", [world])}, "profiles", "consent", "delivery")))
