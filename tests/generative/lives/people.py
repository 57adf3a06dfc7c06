"""A house: an organisation's people and what befalls them in every step, clean. A life is one group of them (crowds.py: a colony).

The rows are those of the worlds, small and full of collisions; what a workspace has only once – names, feeds, registers –
each house has for itself, so that what changes in one house concerns no other.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

from ..bundles import named_apart
from ..crowds import renamed, renamed_address
from ..worlds import Pick, invent, invent_campaign, invent_workspace, often, registered

World = dict[str, Any]
ON_REGISTER = ["ada@kultur.example.at", "cem@forum.example.at", "eva@forum.example.at"]
"""No domain: it would speak of other houses' people too."""
ALWAYS_THERE = {"profile_id": "q9", "organisation": "o1", "email": "office@forum.example.at", "updated_at": "2026-01-01", "phone": "",
                "first_name": "", "last_name": "", "external_id": "", "country": "AT"}  # fmt: skip
"""Else the snapshot of a few lives could be empty."""
GROUP = "_group"
"""The cell of a clean row that tells whose life it is; it is never written."""


def key_of(house: int) -> str:
    """What every name of the house begins with."""
    return f"h{house}-"


def workspace_of(number: int, moments: Sequence[datetime]) -> World:
    """What all houses of a town share: quarantine, forbidden domains, the keys of identity, the zone, the moments."""
    shared = invent_workspace(Random(number).choice)
    return {**shared, "moments": list(moments), "max_age": "365d", "registers": {}}


def house_of(number: int, house: int, moments: Sequence[datetime], places: Sequence[int]) -> World:
    """The house's scenario under names of its own, with the people of the groups at `places`."""
    seed = number * 1000 + house
    workspace = workspace_of(number, moments)
    modes = [{"profiles": "snapshot", "shop": "none"} for _ in moments]
    groups = [renamed(invent(seed * 100 + place, workspace, modes), place) for place in places]
    dice = Random(seed)
    world: World = {**groups[0], "registers": {}, "forbidden": {"addresses": [], "domains": workspace["forbidden"]["domains"]}}
    world["steps"] = [_step(dice.choice, world["policy"], as_of, places, [group["steps"][place] for group in groups])
                      for place, as_of in enumerate(moments)]  # fmt: skip
    if dice.choice([True, False]):
        world["registers"] = {f"{key_of(house)}ecg": _register(dice.choice, list(places))}
    if dice.choice([True, False]):
        world["forbidden"]["addresses"] = [renamed_address("dora@forum.example.at", place) if place else "dora@forum.example.at"
                                           for place in places]  # fmt: skip
    return named_apart(world, key_of(house))


def _step(pick: Pick, policy: World, as_of: datetime, places: Sequence[int], steps: list[World]) -> World:
    told: World = {"as_of": as_of.isoformat(), "campaign_id": pick(["c1", "c1", "c2"]), "campaign": campaign_of(pick, policy, as_of)}
    for feed in ("profiles", "consent", "delivery"):
        told[feed] = [{**row, GROUP: str(place)} for place, step in zip(places, steps, strict=True) for row in step[feed] or ()]
    told["profiles"].append({**ALWAYS_THERE, GROUP: str(places[0])})
    return told


def campaign_of(pick: Pick, policy: World, as_of: datetime) -> World:
    """A campaign of o1, for marketing or service."""
    campaign: World = {**invent_campaign(pick, policy, as_of, "c1", []), "minimum_audience": 0}
    if campaign["message_class"] == "one_to_one" or "profile_id" in campaign.get("segment", ""):
        campaign |= {"message_class": "marketing", "segment": "country <> 'XY'"}
    for of_one_to_one in ("sent_by", "one_to_one_maximum", "no_advertising_attested_by"):
        if campaign["message_class"] == "marketing":
            campaign.pop(of_one_to_one, None)
    contact = as_of + pick([timedelta(hours=1), timedelta(days=2), timedelta(days=20)])
    return {**campaign, "channel": pick(often("email", "email", seldom=("sms", "phone"))), "contact_at": contact.isoformat(), "seeds": []}


def _register(pick: Pick, places: list[int]) -> World:
    algorithm = pick(["plain", "sha256"])
    plain = [renamed_address(one, place) if place else one for one in ON_REGISTER for place in places]
    return {
        "channel": "email",
        "countries": pick([[], ["AT"], ["DE"]]),
        "use": pick(["always", "without_consent"]),
        "algorithm": algorithm,
        "entries": [registered(entry, algorithm) for entry in plain],
    }
