"""Snapshots and editions that shrink, are empty, older or cut, and quotes that swallow rows."""

from typing import ClassVar

from ..doors import Doors, require
from ..forms import PLAIN
from ..house import Delivery, House
from ._change import PUBLISHES, Expected, HouseChange, Remedy

MOST = 100
"""From so many rows on a snapshot may not lose half of them."""


class Shrunken(HouseChange):
    """The day's snapshot is empty, or a part of what it should be."""

    needs = ("profiles",)
    share: ClassVar[float]
    is_accepted: ClassVar[bool]

    def happens(self, house: House) -> Expected:
        (delivery,) = house.of("profiles")[-1:]
        before = house.in_force("profiles")
        whole = delivery.rows
        delivery.rows = whole[: int(len(whole) * self.share)]
        if delivery.form.is_json and not delivery.rows:
            delivery.form = PLAIN
        is_shrunken = bool(before) and (not delivery.rows or (len(before) >= MOST and len(delivery.rows) < len(before) / 2))
        if not is_shrunken:
            return PUBLISHES
        delivery.is_believed = False
        remedy = accepted(delivery) if self.is_accepted else fuller(delivery, whole)
        return Expected(stops=(11,), says=(house.feed_ids["profiles"],), remedy=remedy)


def accepted(delivery: Delivery) -> Remedy:
    """A person says that the file is right."""

    def remedy(house: House, doors: Doors) -> None:
        require(doors.presend("ingest", "--accept", f"{house.feed_ids[delivery.kind]}/{delivery.name}", "--by", "ann"), 0)
        delivery.is_believed = True  # it stands where it arrived

    return remedy


def fuller(delivery: Delivery, rows: list[dict[str, str]]) -> Remedy:
    """The sender sends the whole."""

    def remedy(house: House, doors: Doors) -> None:
        house.due.append(Delivery(delivery.kind, f"{delivery.stem}-whole", rows))

    return remedy


for _share, _what in ((0.0, "empty"), (0.4, "halved")):
    for _is_accepted in (True, False):
        _kind = f"a snapshot {_what}, {'accepted' if _is_accepted else 'then a fuller one'}"
        type(_kind.title().replace(" ", ""), (Shrunken,), {"kind": _kind, "share": _share, "is_accepted": _is_accepted})


class RegisterEmpty(HouseChange):
    """The register's edition has no entry. A register binds whoever writes, so that nobody's campaign on its channel goes out."""

    kind = "an edition empty"
    stops_channel = True

    def happens(self, house: House) -> Expected:
        if not house.world["registers"] or house.campaign_settings["channel"] != "email":
            return PUBLISHES
        whole = house.in_force("register")
        empty = Delivery("register", house.stem, [], is_believed=False)
        house.due.append(empty)
        return Expected(stops=(11,), says=(house.feed_ids["register"],), remedy=fuller(empty, whole))


class Older(HouseChange):
    """The snapshot of an earlier day comes once more, beside the day's own, and after it by its name."""

    kind = "an older snapshot again"
    needs = ("profiles",)

    def happens(self, house: House) -> Expected:
        before = [one for one in house.arrived if one.kind == "profiles" and one.is_believed and one.content is None]
        if not before:
            return PUBLISHES
        first = before[0]
        if first.day == before[-1].day:
            return PUBLISHES
        again = Delivery("profiles", f"{first.stem}-zz-again", first.rows, first.form, first.written, is_believed=False)
        house.due = [one for one in house.due if one.kind != "profiles"] + [again]
        whole = house.world["steps"][house.step]["profiles"]

        def newest(house: House, _: Doors) -> None:
            house.due.append(Delivery("profiles", house.stem, [house.renamed(row) for row in whole]))

        return Expected(stops=(11,), says=(house.feed_ids["profiles"],), remedy=newest)


class UnbalancedQuote(HouseChange):
    """Two cells begin with a quote that does not end: the rows between them are one cell of many lines."""

    kind = "an unbalanced quote"
    needs = ("consent",)

    def happens(self, house: House) -> Expected:
        (delivery,) = house.of("consent")[-1:]
        delivery.form = PLAIN
        lines = delivery.bytes().decode().splitlines()
        # Further quotes would end the cell early: such rows are read, or rejected, one by one.
        if len(lines) < 5 or any('"' in line for line in lines):
            return PUBLISHES
        first, last = sorted(house.dice.sample(range(1, len(lines)), 2))
        if last - first < 2:
            first, last = 1, len(lines) - 1
        for number in (first, last):
            cells = lines[number].rsplit(",", 1)
            lines[number] = f'{cells[0]},"{cells[1]}'
        delivery.content, delivery.is_believed = "\n".join([*lines, ""]).encode(), False

        def corrected(house: House, _: Doors) -> None:
            house.due.append(Delivery("consent", delivery.stem, delivery.rows))

        return Expected(stops=(11,), says=(house.feed_ids["consent"],), remedy=corrected)
