"""The worlds that mutants are tried on: crowds in which every rule has something to do, then our scenarios, then small worlds."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tests.generative.crowds import crowd, renamed_address, rows_of
from tests.generative.reference.settings import DEFAULT_ORGANISATIONS
from tests.generative.worlds import invent, registered
from tests.lib.workspaces import ROOT

SCENARIOS = sorted((ROOT / "tests" / "scenarios").glob("*.json"))
SMALL = (ROOT / "tests" / "generative" / "by_hand.json", *sorted((ROOT.parent / "shared" / "scenarios").glob("*.json")))
CROWDS = 16
COLONIES = 24
CONSENTS = ["any", "none", "brand", "organisation", "any", "list"]
SEEDS = ["Seed@office.example.at", "seed@office.example.at", "no address", "+43 664 7654321", "+43 1 7654321", "k1gerd@forum.example.at"]
SEEDS += [f"k{place}{name}@forum.example.at" for place in (2, 3, 5) for name in ("cem", "dora", "finn")]
SERVICE = {"message_class": "service", "no_advertising_attested_by": "the box office"}
CAMPAIGNS: list[list[dict[str, Any]]] = [
    [{}, {}, {"channel": "sms"}],
    [{"one_message_per": "address"}, {"message_class": "one_to_one"}, {}],
    [{}, {"channel": "phone"}, {"channel": "sms", "one_message_per": "address"}],
    [SERVICE, {}, {"one_message_per": "address", "segment": "country = 'AT'"}],
]
"""What the campaigns of a crowd's steps have otherwise than it draws them."""


def worlds(invented: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Some crowds, every written world, and so many invented ones, each with its name."""
    for number in range(CROWDS):
        yield f"crowd: {number}", rich(number)
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
    }
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
    rich_world = {**world, "policy": world["policy"] | policy, "registers": registers, "forbidden": forbidden}
    return one_name_for_all(rich_world) if number % 2 else rich_world


def one_name_for_all(world: dict[str, Any]) -> dict[str, Any]:
    """The world with scopes of different kinds that bear one name: only the kind tells them apart."""
    named = {"brand": {"b1": "o1", "b2": "o2"}, "list": {"l1": "o1", "l2": "b1", "l9": "o2"}}
    organisations = {
        organisation: {
            "brands": {
                named["brand"].get(brand, brand): {"lists": _named(lists["lists"], named["list"])}
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


def _named(ids: list[str], names: dict[str, str]) -> list[str]:
    return [names.get(one, one) for one in ids]


def _written(files: Iterable[Path]) -> Iterator[tuple[str, dict[str, Any]]]:
    for file in files:
        for world in json.loads(file.read_text(encoding="utf-8")):
            yield f"{file.stem}: {world['name']}", world


def _size(world: dict[str, Any]) -> int:
    return len(list(rows_of({"steps": world.get("steps", [world])}, "profiles", "consent", "delivery")))
