"""What must hold: the reference, asked about everything that was truly said, under the names and settings of now.

Lives have nothing to do with one another, so that each is decided alone: the reference takes its time with many.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ..reference.case import Case
from ..reference.decision import Run, decide
from ..reference.identity import Identity
from ..reference.ledger import Ledger
from ..reference.settings import Campaign, Feed, Settings
from .house import KINDS, NAMES, Delivery, House
from .people import GROUP

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


def truth(house: House, as_of: datetime) -> Truth:
    """The audience of the house's campaign at an instant."""
    settings = Settings(scenario_of(house))
    told = {name: value for name, value in house.campaign_settings.items() if name != "exclude_files"}
    campaign = settings.campaign(house.campaign, house.campaign_file(told))
    assert campaign, "the life's campaign is no campaign"
    followed = {former: present for present, formers in house.formerly.items() for former in formers}
    files = believed(house)
    parts = [_by_life(delivery, followed) for delivery in files]
    groups = sorted({group for part in parts for group in part}, key=int)
    return Truth({group: _run(house, settings, campaign, files, [part.get(group, []) for part in parts], group, followed, as_of)
                  for group in groups})  # fmt: skip


def _by_life(delivery: Delivery, followed: dict[str, str]) -> dict[str, list[dict[str, str]]]:
    """A file's rows by the life that they belong to, under the names of now."""
    told: dict[str, list[dict[str, str]]] = {}
    for row in delivery.rows:
        clean = {cell: followed.get(value, value) if cell in NAMES else value for cell, value in row.items() if cell != GROUP}
        told.setdefault(row[GROUP], []).append(clean)
    return told


def _run(
    house: House, settings: Settings, campaign: Campaign, files: list[Delivery], parts: list[list[dict[str, str]]], group: str,
    followed: dict[str, str], as_of: datetime,
) -> Run:  # fmt: skip
    ledger = Ledger(settings)
    for delivery, rows in zip(files, parts, strict=True):
        assert delivery.received
        ledger.ingest(_feed(settings, delivery, followed), delivery.name, rows, delivery.received)
    published = {name: _moved(run, followed) for name, run in house.published.get(group, {}).items()}
    planned = {key: _moved(run, followed) for key, run in house.planned.get(group, {}).items()}
    campaigns = {name: run.campaign for name, run in published.items()} | {house.campaign: campaign}
    if house.left_out:
        # Files of addresses exclude as audiences do.
        audience = tuple((("", ""), address) for address in house.left_out)
        published[FILE] = Run(campaign, as_of, audience, (), ())
        campaign = replace(campaign, exclude=(*campaign.exclude, FILE))
    identity = Identity(ledger, settings.identity_keys)
    return decide(Case(settings, ledger, identity, campaign, as_of, campaigns, published, planned))


def _feed(settings: Settings, delivery: Delivery, followed: dict[str, str]) -> Feed:
    """The feed as it is set now; a file that is gone stays as it was read."""
    feed = settings.feeds[delivery.kind]
    if not delivery.is_gone:
        return feed
    organisation = delivery.read_as["organisation"]
    return replace(feed, organisation=followed.get(organisation, organisation), zone=ZoneInfo(delivery.read_as["timezone"]))


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


def _moved(run: Run, followed: dict[str, str]) -> Run:
    """An earlier run, its people at their organisation's present name."""
    audience = tuple(((followed.get(profile[0], profile[0]), profile[1]), address) for profile, address in run.audience)
    return replace(run, audience=audience)
