"""A town: the houses of one workspace, played step by step through the commands.

In every step each house delivers its files and suffers one change; `run` does what is due. Who was stopped must have been stopped
for that change, with a message that names it; then comes the remedy, and the house publishes. At the end of the step one
disaster strikes the whole workspace. Whatever is published is compared with the reference, and every landed row is counted.
"""

import csv
import json
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any, TypeVar
from unittest.mock import patch

import duckdb

from ..product import write
from .changes import Change, Disaster, Expected, HouseChange, kinds, unless_elsewhere, unless_gone
from .doors import Answer, Doors, Found
from .house import KINDS, House
from .people import house_of
from .truth import truth

HOUSES, GROUPS, STEPS = 6, 50, 4
"""Houses in a town, lives in a house, steps; nothing happens in the first one but what people do."""
BEGIN = datetime(2026, 3, 30, 8, tzinfo=UTC)
REMEDIED, STRUCK, RESTORED = timedelta(minutes=10), timedelta(minutes=15), timedelta(minutes=25)


Dealt = TypeVar("Dealt", bound=Change)


@dataclass(frozen=True)
class Find:
    """Something that must not be: where, after which change, and what."""

    town: int
    house: int
    step: int
    kind: str
    what: str

    def __str__(self) -> str:
        return f"town {self.town}, house {self.house}, step {self.step}, {self.kind or 'no change'}: {self.what}"


@dataclass
class Tally:
    """What was played, and what was found."""

    counts: Counter[str] = field(default_factory=Counter)
    found: list[Find] = field(default_factory=list)


def moments_of(number: int) -> list[datetime]:
    """When the steps of a town are."""
    dice = Random(number)
    told = [BEGIN]
    for _ in range(STEPS - 1):
        told.append(told[-1] + timedelta(days=dice.choice([1, 1, 2, 30])))
    return told


def dealt(base: type[Dealt], place: int) -> type[Dealt]:
    """The change at a place of the deck, which holds every kind once before it is shuffled anew."""
    deck = list(kinds(base).values())
    turn, card = divmod(place, len(deck))
    Random(turn).shuffle(deck)
    return deck[card]


def change_of(town: int, house: int, step: int) -> type[HouseChange]:
    """What happens to a house in a step."""
    return dealt(HouseChange, (town * (STEPS - 1) + step - 1) * HOUSES + house)


def disasters_of(town: int, step: int) -> list[type[Disaster]]:
    """What happens to a town at the end of a step: one thing, after the last step two."""
    places = [STEPS - 1, STEPS] if step == STEPS - 1 else [step]
    return [dealt(Disaster, town * (STEPS + 1) + place) for place in places]


class Town:
    """The houses of a number in one workspace."""

    def __init__(self, number: int, folder: Path, houses: Sequence[int], groups: Sequence[int]) -> None:
        self.number = number
        self.folder = folder
        self.moments = moments_of(number)
        self.houses = [
            House(house, house_of(number, house, self.moments, groups), folder, Random(number * 1000 + house)) for house in houses
        ]
        for house in self.houses:  # the workspace has them once
            house.world["forbidden"]["domains"] = self.houses[0].world["forbidden"]["domains"]
        self.tally = Tally(Counter(towns=1, houses=len(houses), lives=len(houses) * len(groups)))
        self.happened: dict[int, str] = {}

    def play(self) -> Tally:
        """Play every step."""
        for step in range(STEPS):
            self._step(step)
        return self.tally

    def _step(self, step: int) -> None:
        as_of = self.moments[step]
        expected = self._changes(step)
        self._settle(as_of)
        answer = Doors(self.folder, as_of).presend("run")
        self._count(answer)
        published = {done["campaign"]: done for done in answer.document.get("published", ())}
        stopped = []
        for house in self.houses:
            if house.campaign in published:
                self._published(house, as_of, Path(published[house.campaign]["path"]), expected[house.number])
                continue
            named = [error for error in answer.document.get("errors", ()) if house.campaign in error["message"]]
            alone = Answer(named[0]["code"], {"error": named[0]}) if named else Doors(self.folder, as_of).presend("publish", house.campaign)
            if self._stopped(house, alone, expected[house.number]):
                stopped.append(house)
        self._remedy(stopped, expected, as_of + REMEDIED)
        for turn, kind in enumerate(disasters_of(self.number, step)):
            self._disaster(kind, as_of + turn * RESTORED)

    def _changes(self, step: int) -> dict[int, Expected]:
        """What happens to each house, and what must follow; where one stops the others, nothing else happens to them."""
        changes = {house.number: change_of(self.number, house.number, step) if step else None for house in self.houses}
        stopping = [house for house in self.houses if (change := changes[house.number]) and change.stops_channel]
        expected: dict[int, Expected] = {}
        stopped: dict[str, Expected] = {}
        for house in sorted(self.houses, key=lambda house: house not in stopping):
            channel = house.channel_in(step)
            if channel in stopped:
                changes[house.number] = None
            expected[house.number] = self._change(house, step, changes[house.number])
            if channel in stopped:
                expected[house.number] = stopped[channel]
            elif house in stopping and expected[house.number].stops:
                stopped[channel] = replace(expected[house.number], remedy=None)
        return expected

    def _change(self, house: House, step: int, change: type[HouseChange] | None) -> Expected:
        self.happened[house.number] = ""
        if change is None:
            house.begins(step, KINDS)
            return Expected()
        self.happened[house.number] = change.kind
        self.tally.counts[f"drawn {change.kind}"] += 1
        house.begins(step, change.needs)
        return unless_gone(house, unless_elsewhere(house, change.needs, change().happens(house)))

    def _settle(self, as_of: datetime) -> None:
        """The configuration is written, and what is due lands."""
        settings: dict[str, Any] = {
            "organisations": {name: {"name": name, "country": "AT", "timezone": "Europe/Vienna", **what}
                              for house in self.houses for name, what in house.settings().items()},
            "policy": {"consent_required": "none", "double_opt_in": "optional"},
            "quarantine": self.houses[0].world["quarantine"],
            "identity": self.houses[0].world["identity"],
            "forbidden": {"addresses": [address for house in self.houses for address in house.world["forbidden"]["addresses"]],
                          "domains": self.houses[0].world["forbidden"]["domains"]},
            "registers": {name: what for house in self.houses for name, what in house.registers().items()},
        }  # fmt: skip
        write(self.folder / "presend.yaml", settings)
        for house in self.houses:
            house.write_feeds()
            house.land(as_of)

    def _remedy(self, stopped: list[House], expected: dict[int, Expected], as_of: datetime) -> None:
        """What the messages asked for is done; then everybody publishes."""
        doors = Doors(self.folder, as_of)
        decided: dict[int, datetime | None] = {}
        for house in list(stopped):
            remedy = expected[house.number].remedy
            try:
                decided[house.number] = remedy(house, doors) if remedy else None
            except Found as found:
                self._find(house, f"the remedy does not help: {found}")
                stopped.remove(house)
        if stopped:
            self._settle(as_of)
            self._count(doors.presend("ingest"))
        for house in stopped:
            moment = decided[house.number]
            if moment is None:
                self._publish(house, doors, Expected())
            else:
                self._published(house, moment, self._newest(house), Expected())
            self.tally.counts[f"remedied {self.happened[house.number]}"] += 1

    def _disaster(self, kind: type[Disaster], as_of: datetime) -> None:
        house = self.houses[(self.number + as_of.minute + as_of.day) % len(self.houses)]
        self.happened[house.number] = kind.kind
        house.campaign_settings.pop("approval", None)
        house.write_feeds()
        self.tally.counts[f"drawn {kind.kind}"] += 1
        try:
            expected = kind().strikes(house, Doors(self.folder, as_of + STRUCK))
        except Found as found:
            self._find(house, str(found))
            return
        if not self._publish(house, Doors(self.folder, as_of + STRUCK), expected):
            self._remedy([house], {house.number: expected}, as_of + RESTORED)

    def _publish(self, house: House, doors: Doors, expected: Expected) -> bool:
        """One campaign by its command; false where it was stopped as it should be."""
        answer = doors.presend("publish", house.campaign)
        if answer.code == 0:
            self._published(house, doors.as_of, Path(answer.document["path"]), expected)
            return True
        return not self._stopped(house, answer, expected)

    def _stopped(self, house: House, answer: Answer, expected: Expected) -> bool:
        """A stop is what was expected, or a find."""
        if answer.code not in (*expected.stops, *expected.may_stop):
            self._find(house, f"ended with {answer.code}, expected {expected.stops or 'a publication'}: {answer.said}")
            return False
        self.tally.counts[f"stopped {self.happened[house.number]}"] += 1
        silent = [word for word in expected.says if word not in answer.said]
        if silent:
            self._find(house, f"the message does not name {silent}: {answer.said}")
        return True

    def _published(self, house: House, as_of: datetime, run: Path, expected: Expected) -> None:
        """What was published is what the reference decides; nobody was published in spite of what must stop."""
        if expected.stops:
            self._find(house, f"was published, expected to end with {expected.stops}")
        told = truth(house, as_of)
        got = audience_of(run)
        self.tally.counts.update({"runs": 1, "candidates": told.candidates, "audience": len(got)})
        self.tally.counts[f"published {self.happened[house.number]}"] += 1
        for profile_id, address in sorted(got - told.audience):
            self._find(house, f"LEAK: {profile_id} ({address}) was published: {told.why(profile_id)}")
        for profile_id, address in sorted(told.audience - got):
            self._find(house, f"EXCLUDED: {profile_id} ({address}) is missing: {reasons_of(run, profile_id) or 'no candidate'}")
        house.remember(told.runs)

    def _newest(self, house: House) -> Path:
        newest = json.loads((house.outbox / "latest.json").read_text(encoding="utf-8"))
        return house.outbox / str(newest["run_id"])

    def _count(self, answer: Answer) -> None:
        """Every file that has landed is told of, and its rows add up."""
        told = {(file["feed"], file["file"].partition(".zip/")[0].removesuffix(".zip")): file
                for file in (answer.document.get("ingested") or answer.document).get("files", ())}  # fmt: skip
        for house in self.houses:
            for delivery in house.arrived:
                if delivery.is_counted or not delivery.path:
                    continue
                delivery.is_counted = True
                self.tally.counts[f"written as {delivery.form.name}"] += 1
                file = told.get((house.feed_ids[delivery.kind], delivery.path.name.removesuffix(".zip")))
                if file is None:
                    self._find(house, f"LOST: nothing was said of {delivery.kind}/{delivery.name}")
                elif file["rows"] != file["loaded"] + file["duplicate"] + file["ignored"] + file["rejected"]:
                    self._find(house, f"LOST: the rows of {delivery.kind}/{delivery.name} do not add up")
                elif delivery.is_believed and (file["is_refused"] or file["rows"] != len(delivery.rows)):
                    self._find(house, f"LOST: {file['rows']} of {len(delivery.rows)} rows were read of {delivery.name}: {file['refusal']}")

    def _find(self, house: House, what: str) -> None:
        self.tally.found.append(Find(self.number, house.number, house.step, self.happened[house.number], what))


def audience_of(run: Path) -> frozenset[tuple[str, str]]:
    """(profile_id, address) of a published run, without its control addresses."""
    with (run / "audience.csv").open(encoding="utf-8", newline="") as file:
        return frozenset((row["profile_id"], row["address"]) for row in csv.DictReader(file) if row["is_seed"].lower() != "true")


def reasons_of(run: Path, profile_id: str) -> str:
    """What a published run says against a profile."""
    query = (
        "SELECT string_agg(concat_ws(' ', reason, evidence_event_id, detail), ', ') FROM read_parquet($file) WHERE profile_id = $profile"
    )
    with duckdb.connect() as con:
        (reasons,) = con.execute(query, {"file": str(run / "exclusions.parquet"), "profile": profile_id}).fetchall()[0]
    return reasons or ""


def play(number: int, houses: Sequence[int] = range(HOUSES), groups: Sequence[int] = range(GROUPS)) -> Tally:
    """Play the town of a number, or some of its houses and lives."""
    with (
        TemporaryDirectory() as folder,
        patch("pipeline.validation.validate", return_value=()),  # the gate decides nothing, and costs seconds
        patch("pipeline.validation.prefetch"),
        patch("os.fsync"),  # no power is cut here
        patch.dict("os.environ"),
    ):
        os.environ.pop("PRESEND_CLOCK", None)  # whoever plays: lives have the machine's clock
        return Town(number, Path(folder), houses, groups).play()
