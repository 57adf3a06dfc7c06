"""Many worlds in one workspace, each under names of its own: the product plans its steps once for all of them.

`named_apart(world, "w7-")` renames every organisation, brand, list, profile, campaign, event and address of a scenario, and
changes nothing else: which of two ids is smaller, which two spellings are one mailbox and what is unknown stay as they
were. `bundled(worlds)` lays such scenarios into one; what the workspace has only once (feeds, quarantine, forbidden domains,
the register, the times of the steps) they must share: `worlds.invent(number, shared)`.
"""

import re
from copy import deepcopy
from typing import Any

from .reference.settings import DEFAULT_ORGANISATIONS, DEFAULT_POLICY, FEEDS, PROFILE_FEEDS
from .worlds import PLAIN, registered

ADDRESS = re.compile(r"[^\s<>@,']+@(?=[^\s<>@,']+)")
QUOTED_PROFILE = re.compile(r"'([pq]\d+)'")
NAMED = ("profile_id", "event_id", "external_id", "organisation", "scope_id", "campaign", "brand", "list")
"""Cells and settings that hold an id; an empty one stays empty."""


def named_apart(world: dict[str, Any], name: str) -> dict[str, Any]:
    """The same scenario under names that begin with `name`, which is short, lower case and ends with a hyphen."""
    told = deepcopy(world)
    told["policy"] = DEFAULT_POLICY | world.get("policy", {})
    told["organisations"] = {
        name + organisation: {
            **what,
            "brands": {name + brand: {"lists": [name + one for one in lists["lists"]]} for brand, lists in what["brands"].items()},
        }
        for organisation, what in world.get("organisations", DEFAULT_ORGANISATIONS).items()
    }
    told["forbidden"] = {**world["forbidden"], "addresses": [_address(one, name) for one in world["forbidden"]["addresses"]]}
    for register in told["registers"].values():
        register["entries"] = [_entry(one, name, register["algorithm"]) for one in register["entries"]]
    for step in told["steps"]:
        step["campaign_id"] = name + step["campaign_id"]
        step["campaign"] = _campaign(step["campaign"], name)
        for feed in FEEDS:
            if step.get(feed) is not None:
                step[feed] = [_row(row, name) for row in step[feed]]
    return told


def bundled(worlds: list[dict[str, Any]]) -> dict[str, Any]:
    """One scenario of all the worlds, which are named apart and share what a workspace has only once.

    A step holds `campaigns` (id → settings) instead of one campaign, and `operations`: by feed the rows that say what to do, which
    no snapshot may hold.
    """
    first = worlds[0]
    bundle: dict[str, Any] = {key: first[key] for key in ("name", "feeds", "timezone", "max_rejected", "max_age", "quarantine", "identity")}
    # That some of the worlds have no snapshot in a step makes none of the others' smaller.
    feeds = {feed: {**first["feeds"].get(feed, {}), "max_shrink": "100%"} for feed in PROFILE_FEEDS}
    bundle["feeds"] = {**first["feeds"], **feeds}
    bundle["organisations"] = {
        organisation: {**what, "policy": world["policy"]} for world in worlds for organisation, what in world["organisations"].items()
    }
    bundle["forbidden"] = {
        "addresses": [address for world in worlds for address in world["forbidden"]["addresses"]],
        "domains": first["forbidden"]["domains"],
    }
    bundle["registers"] = {
        name: {**register, "entries": sorted({entry for world in worlds for entry in world["registers"][name]["entries"]})}
        for name, register in first["registers"].items()
    }
    bundle["steps"] = [_step([world["steps"][number] for world in worlds]) for number in range(len(first["steps"]))]
    return bundle


def _step(steps: list[dict[str, Any]]) -> dict[str, Any]:
    told: dict[str, Any] = {"as_of": steps[0]["as_of"], "campaigns": {step["campaign_id"]: step["campaign"] for step in steps}}
    told["operations"] = {}
    for feed in FEEDS:
        rows = [row for step in steps for row in step.get(feed) or ()]
        # A file of whose rows none is left would be an empty snapshot, which none of the worlds has.
        told[feed] = [row for row in rows if "operation" not in row] or None
        operations = [row for row in rows if "operation" in row]
        if operations:
            told["operations"][feed] = operations
    return told


def _campaign(campaign: dict[str, Any], name: str) -> dict[str, Any]:
    told = _row(campaign, name)
    for setting in ("organisation", "brand"):
        told.setdefault(setting, name + {"organisation": "o1", "brand": "b1"}[setting])
    for setting, change in (
        ("exclude", lambda one: name + one),
        ("exclude_optional", lambda one: name + one),
        ("seeds", lambda one: _address(one, name)),
    ):
        if setting in told:
            told[setting] = [change(one) for one in told[setting]]
    if "segment" in told:
        told["segment"] = QUOTED_PROFILE.sub(rf"'{name}\1'", told["segment"])
    return told


def _row(row: dict[str, Any], name: str) -> dict[str, Any]:
    told = dict(row)
    for cell in NAMED:
        if told.get(cell):
            told[cell] = name + told[cell]
    for cell in ("address", "email", "phone"):
        if told.get(cell):
            told[cell] = _address(told[cell], name)
    return told


def _address(written: str, name: str) -> str:
    """The address of this world: the local part begins with its name, the number has its three digits."""
    if "@" in written:
        return ADDRESS.sub(lambda found: name + found[0], written)
    return written.replace("234", f"{int(re.sub('[^0-9]', '', name)):03}") if re.fullmatch(r"[\d +]+", written) else written


def _entry(entry: str, name: str, algorithm: str) -> str:
    """A register's entry; a hashed one is that of the renamed address."""
    plain = PLAIN[entry]
    return registered(plain if plain.startswith("@") else _address(plain, name), algorithm)
