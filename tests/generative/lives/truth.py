"""What must hold: the reference, asked about everything that was truly said, under the names and settings of now.

Lives have nothing to do with one another, so that each is decided alone: the reference takes its time with many.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.vocabulary import RESTRICTIVE_ACTIONS, Action

from ..reference.case import Case
from ..reference.decision import Run, decide
from ..reference.identity import Identity
from ..reference.ledger import Ledger, Record
from ..reference.settings import Campaign, Feed, Settings
from .house import KINDS, NAMES, Delivery, House
from .people import GROUP

PERMISSIVE = {*Action} - RESTRICTIVE_ACTIONS
FILE = "(a file of addresses)"


@dataclass(frozen=True)
class Truth:
    """The reference's run of every life."""

    runs: dict[str, Run]

    @property
    def audience(self) -> frozenset[tuple[str, str]]:
        """Who may be written to, as (profile_id, address)."""
        return frozenset((profile[1], address) for run in self.runs.values() for profile, address in run.audience)

    @property
    def candidates(self) -> int:
        """How many were decided."""
        return sum(len(run.verdicts) for run in self.runs.values())

    def why(self, profile_id: str) -> str:
        """What the reference says of a profile."""
        for group, run in self.runs.items():
            for verdict in run.verdicts:
                if verdict.candidate.profile[1] == profile_id:
                    return f"life {group}: {', '.join(map(str, verdict.reasons)) or 'may be written to'}"
        return "no candidate"


class Share(Ledger):
    """What the ledger holds of one life. Whether a file shrank, and of whom it speaks, is no question of its share."""

    of_file: frozenset[str] = frozenset()
    """The organisations that the present file names, in whatever life."""

    def _has_shrunk(self, *_: object) -> bool:
        return False

    def _named_by(self, records: list[Record]) -> set[str]:
        return super()._named_by(records) | self.of_file


def truth(house: House, as_of: datetime) -> Truth:
    """The audience of the house's campaign at an instant."""
    settings = Settings(scenario_of(house))
    told = {name: value for name, value in house.campaign_settings.items() if name != "exclude_files"}
    campaign = settings.campaign(house.campaign, house.campaign_file(told))
    assert campaign, "the life's campaign is no campaign"
    files = believed(house)
    feeds = [_feed(house, settings, delivery) for delivery in files]
    parts = [_by_life(house, delivery) for delivery in files]
    of_files = [_organisations_of(part, settings) for part in parts]
    runs = {}
    for group in sorted({group for part in parts for group in part}, key=int):
        ledger = Share(settings)
        for delivery, feed, part, ledger.of_file in zip(files, feeds, parts, of_files, strict=True):
            assert delivery.received
            ledger.ingest(feed, delivery.name, part.get(group, []), delivery.received)
        for feed in feeds:
            if feed.source == "canonical_profiles" and feed.name != house.feed_ids["profiles"]:
                ledger.without(feed)
        runs[group] = _run(house, ledger, campaign, group, as_of)
    return Truth(runs)


def _by_life(house: House, delivery: Delivery) -> dict[str, list[dict[str, str]]]:
    """A file's rows by the life that they belong to, under the names of now."""
    told: dict[str, list[dict[str, str]]] = {}
    for row in delivery.rows:
        clean = {cell: house.followed(value) if cell in NAMES else value for cell, value in row.items() if cell != GROUP}
        if clean.get("scope_id") in house.gone and clean["action"] not in PERMISSIVE:
            # What restricts at a brand or list that is gone restricts in its organisation, as what it is; nothing that frees widens.
            clean |= {"scope": "organisation", "scope_id": house.named(house.gone[clean["scope_id"]])}
        told.setdefault(row[GROUP], []).append(clean)
    return told


def _organisations_of(part: dict[str, list[dict[str, str]]], settings: Settings) -> frozenset[str]:
    rows = (row for rows in part.values() for row in rows if row.get("profile_id", "").strip())
    return frozenset(row["organisation"].strip() for row in rows if row.get("organisation", "").strip() in settings.organisations)


def _run(house: House, ledger: Ledger, campaign: Campaign, group: str, as_of: datetime) -> Run:
    own = house.published.get(group, {})
    published = {name: _moved(run, house) for name, run in own.items()}
    planned = {key: _moved(run, house) for key, run in house.planned.get(group, {}).items()}
    # The files of earlier campaigns say how their places are called now; their runs do not.
    campaigns = {name: _placed(run.campaign, house) for name, run in own.items()}
    campaigns[house.campaign] = campaign
    if house.left_out:
        # Files of addresses exclude as audiences do.
        audience = tuple((("", ""), address) for address in house.left_out)
        published[FILE] = Run(campaign, as_of, audience, (), ())
        campaign = replace(campaign, exclude=(*campaign.exclude, FILE))
    identity = Identity(ledger, ledger.settings.key_limits)
    return decide(Case(ledger.settings, ledger, identity, campaign, as_of, campaigns, published, planned))


def _placed(campaign: Campaign, house: House) -> Campaign:
    """An earlier campaign, under the names that its file has now."""
    return replace(campaign, organisation=house.present(campaign.organisation), path=tuple(map(house.present, campaign.path)))


def _feed(house: House, settings: Settings, delivery: Delivery) -> Feed:
    """The feed that a file came by, as it is set now; a file that is gone, or whose feed is, stays as it was read."""
    feed = settings.feeds[delivery.kind]
    name = house.followed(delivery.feed)
    if delivery.kind == "profiles":
        feed = replace(feed, name=name)
    if name == house.feed_ids[delivery.kind] and not delivery.is_gone:
        return feed
    return replace(feed, organisation=house.followed(delivery.read_as["organisation"]), zone=ZoneInfo(delivery.read_as["timezone"]))


def believed(house: House) -> list[Delivery]:
    """What has arrived and is no register, in the order in which files count."""
    told = [delivery for delivery in house.arrived if delivery.kind in KINDS and delivery.is_believed]
    return sorted(told, key=lambda one: (one.received, KINDS.index(one.kind), one.name))


def scenario_of(house: House) -> dict[str, Any]:
    """The house as a scenario of the reference."""
    scenario: dict[str, Any] = {name: house.world[name] for name in ("timezone", "quarantine", "identity", "forbidden", "policy")}
    registers = {}
    for name, register in house.world["registers"].items():
        editions = [delivery for delivery in house.arrived if delivery.kind == "register" and delivery.is_believed]
        entries = [row["entry"] for row in editions[-1].rows] if editions else []
        registers[house.named(name)] = {**register, "entries": entries}
    feeds = {kind: {"max_rejected": "100%", **house.feed(kind)} for kind in KINDS}
    return {**scenario, "organisations": house.organisations(), "registers": registers, "feeds": feeds}


def _moved(run: Run, house: House) -> Run:
    """An earlier run, its place and its people at their present names; where nobody knows a place any more, the run counts for all."""
    audience = tuple(((house.followed(profile[0]), profile[1]), address) for profile, address in run.audience)
    path = tuple(takewhile(house.has, map(house.followed, run.campaign.path)))
    campaign = replace(run.campaign, organisation=house.followed(run.campaign.organisation), path=path)
    return replace(run, campaign=campaign, audience=audience)
