"""Crowds: several worlds' people side by side in one organisation, under one policy, asked about by several campaigns.

A step costs the product the same whatever its number of rows, so a law is tried on many people at once. Each colony of a
crowd comes from a world of its own and shares no address, number, profile, external id or event with the others.

    step 1  every colony's first files; campaign c1
    step 2  their second files; nothing is due
    step 3  an hour later the CRM delivers the same once more; campaigns c2 and c3

What a law changes stands in `change`, a list that only the law understands: it can be made smaller like the world's rows.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from .reference.settings import FEEDS as EVERY_FEED
from .reference.settings import PROFILE_FEEDS
from .worlds import PLAIN, invent, invent_workspace, registered

Row = dict[str, str]
World = dict[str, Any]
FEEDS = ("profiles", "consent", "delivery")
"""Those that the laws are tried with: without the second one of profiles."""
STEPS = [timedelta(hours=1), timedelta(days=1), timedelta(days=30)]
"""From the first files to the second; c1, due within the hour, is never due again."""
LATER = timedelta(hours=1)
CONTACTS = [timedelta(hours=1), timedelta(days=2), timedelta(days=20)]
PRESSURES = [{"max_messages": 1, "per_days": 7}, {"max_messages": 2, "per_days": 30}]
FIRST, SECOND, LAST = 0, 1, 2
SETTINGS = ("timezone", "max_rejected", "policy", "quarantine", "identity", "forbidden", "registers")
"""The first colony's hold for all; it keeps its names, so that they mean its people, but on registers all have theirs."""
LOCAL_PART = re.compile(r"[A-Za-z.+]+@")


def crowd(number: int, size: int) -> World:
    """The crowd of a number."""
    dice = Random(number)
    begin = datetime(2026, 3, 30, 8, tzinfo=UTC)
    second = begin + dice.choice(STEPS)
    times = [begin, second, second + LATER]
    workspace = invent_workspace(dice.choice) | {"moments": times[:LAST]}
    colonies = [renamed(invent(dice.getrandbits(64), workspace), place) for place in range(size)]
    first = colonies[0]
    first_crm, second_crm = ([row for colony in colonies for row in _crm(colony, place)] for place in (FIRST, SECOND))
    c1, c2, c3 = ({"campaign_id": f"c{place}", "campaign": one} for place, one in enumerate(_campaigns(dice, colonies, times), 1))
    steps: list[World] = [
        {"as_of": times[FIRST], "profiles": first_crm, **_events(colonies, FIRST), **c1},
        {"as_of": times[SECOND], "profiles": second_crm, **_events(colonies, SECOND), **c3},
        {"as_of": times[LAST], "profiles": [dict(row) for row in second_crm], **c2},
    ]
    settings = {**{name: first[name] for name in SETTINGS}, "registers": _registers(first, size)}
    # What seldom speaks against anybody does so in every crowd.
    settings["policy"] = {**first["policy"], "crm_flags": "restrict", "pressure": dice.choice(PRESSURES)}
    return {"name": "a crowd", **settings, "steps": [{**step, "as_of": step["as_of"].isoformat()} for step in steps]}


def peopled(number: int, workspace: World, colonies: int) -> World:
    """The world of a number with the people of further worlds beside its own, under its policy and its campaigns.

    All get their CRM in the way in which the first gets it: one file is a snapshot or tells what changed, not both.
    """
    world = invent(number, workspace)
    modes = [{feed: _mode(step.get(feed)) for feed in PROFILE_FEEDS} for step in world["steps"]]
    for place in range(1, colonies):
        colony = renamed(invent(number * 100 + place, workspace, modes), place)
        for step, further in zip(world["steps"], colony["steps"], strict=True):
            for feed in EVERY_FEED:
                if further.get(feed) is not None:
                    step[feed] = [*step[feed], *further[feed]]
    return {**world, "registers": _registers(world, colonies)}


def _mode(rows: list[Row] | None) -> str:
    if rows is None:
        return "none"
    return "operations" if any("operation" in row for row in rows) else "snapshot"


def renamed(world: World, place: int) -> World:
    """The world with its people's addresses, numbers and ids made its colony's; spellings of one address stay such."""
    if not place:
        return world
    steps = []
    for step in world["steps"]:
        files = {feed: [_row(row, place) for row in step[feed]] for feed in EVERY_FEED if step.get(feed) is not None}
        steps.append({**step, **files})
    return {**world, "steps": steps}


def _row(row: Row, place: int) -> Row:
    told = dict(row)
    for name in ("profile_id", "external_id", "event_id"):
        if row.get(name):
            told[name] = f"{row[name]}-{place}"
    for name in ("email", "address", "phone"):
        if name in row:
            told[name] = renamed_address(row[name], place)
    return told


def renamed_address(text: str, place: int) -> str:
    """A spelling of an address as the colony of that place has it; a number gets its last two digits from the place."""
    if "@" in text:
        return LOCAL_PART.sub(lambda found: f"k{place}{found[0]}", text)
    return re.sub(r"\d\d$", f"{place:02}", text)


def _registers(first: World, colonies: int) -> World:
    """The registers, with what they say about the first colony said about the others too."""
    told = {}
    for name, register in first["registers"].items():
        plain = [PLAIN[entry] for entry in register["entries"]]
        further = [renamed_address(one, place) for one in plain if not one.startswith("@") for place in range(1, colonies)]
        told[name] = {**register, "entries": [registered(one, register["algorithm"]) for one in (*plain, *further)]}
    return told


def _crm(colony: World, place: int) -> list[Row]:
    """What the colony's CRM holds after its step of that place, as a snapshot says it."""
    held: dict[tuple[str, str], Row] = {}
    for step in colony["steps"][: place + 1]:
        rows = step.get("profiles")
        if rows and "operation" not in rows[0]:
            held = {}
        for row in rows or []:
            key = (row["organisation"], row["profile_id"])
            held[key] = {name: cell for name, cell in row.items() if name != "operation"}
            if row.get("operation") == "delete":
                del held[key]
    return list(held.values())


def _events(colonies: list[World], place: int) -> dict[str, list[Row]]:
    return {feed: [row for colony in colonies for step in colony["steps"][place : place + 1] for row in step[feed]] for feed in FEEDS[1:]}


def _campaigns(dice: Random, colonies: list[World], times: list[datetime]) -> list[World]:
    """Two of a newsletter, of which the second leaves out the first, and one of the colonies' own."""
    is_list_needed = colonies[0]["policy"]["consent_required"] == "list"
    drawn = [step["campaign"] for colony in colonies for step in colony["steps"] if "organisation" not in step["campaign"]]
    newsletter = {"brand": "b1", "list": "l1", "channel": "email", "message_class": "marketing", "one_message_per": "person"}
    usable = [newsletter, *(one for one in drawn if "list" in one or not is_list_needed)]
    chosen = dice.choice(usable)
    if chosen["message_class"] == "one_to_one":  # a crowd is more than the few that one person writes to
        chosen = {**chosen, "sent_by": "Anna Huber", "no_advertising_attested_by": "the box office"}
    told = [newsletter, {**newsletter, "exclude": ["c1"]}, {**chosen, "exclude": []}]
    found = [{**told[0], "minimum_audience": 0}]
    # In the order in which they reach people: none of them reads what is decided after it.
    for one, contact in zip(told[1:], sorted(dice.choice(CONTACTS) for _ in told[1:]), strict=True):
        moments = {"delivery_analysis_at": (times[LAST] + LATER).isoformat(), "contact_at": (times[LAST] + contact).isoformat()}
        found.append({**one, **moments, "publish_before": "1h", "minimum_audience": 0})
    return found


def rows_of(world: World, *feeds: str) -> Iterator[Row]:
    """Every row of the feeds, in the order of arrival."""
    for step in world["steps"]:
        for feed in feeds:
            yield from step.get(feed) or []
