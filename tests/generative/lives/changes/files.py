"""Files: late, again, overwritten, damaged, missing."""

from ..doors import Doors
from ..forms import FORMS
from ..house import KINDS, Delivery, House
from ._change import PUBLISHES, Expected, HouseChange


class Late(HouseChange):
    """What people said arrives with the next files."""

    kind = "events late"
    needs = ("consent",)

    def happens(self, house: House) -> Expected:
        house.later += house.of("consent")
        house.due = [delivery for delivery in house.due if delivery.kind != "consent"]
        return PUBLISHES


class LandedAgain(HouseChange):
    """The sender sends everything that it has sent a second time, under other names; the day's files come after it."""

    kind = "events landed again under another name"

    def happens(self, house: House) -> Expected:
        told = [one for one in house.arrived if one.kind in ("consent", "delivery") and one.is_believed and one.content is None]
        # Two of them may have had one name, one after the other.
        house.due += [
            Delivery(one.kind, f"again-{house.step}-{number}-{one.stem}", one.rows, one.form, one.written)
            for number, one in enumerate(told)
        ]
        return PUBLISHES


class SameFileTwice(HouseChange):
    """The day's files come twice under two names."""

    kind = "files twice under two names"
    needs = KINDS

    def happens(self, house: House) -> Expected:
        house.due += [Delivery(one.kind, f"{one.stem}-copy", one.rows, one.form, one.written) for one in house.due]
        return PUBLISHES


class Overwritten(HouseChange):
    """The day's files have yesterday's names."""

    kind = "files overwritten"
    needs = KINDS

    def happens(self, house: House) -> Expected:
        for delivery in house.due:
            before = [one for one in house.arrived if one.kind == delivery.kind and one.feed == house.feed_ids[one.kind]]
            # Of two files of a day the last one: what is written over before anybody has read it, nobody can know.
            if before and delivery is house.of(delivery.kind)[-1]:
                delivery.stem, delivery.form = before[-1].stem, before[-1].form
        return PUBLISHES


class Torn(HouseChange):
    """A file ends in the middle of its archive; the sender sends it once more."""

    kind = "an archive cut short"
    needs = ("consent",)

    def happens(self, house: House) -> Expected:
        (delivery,) = house.of("consent")[-1:]
        delivery.form = next(form for form in FORMS if form.packing == ".gz" and not form.is_json)
        whole = delivery.bytes()
        delivery.content, delivery.is_believed = whole[: len(whole) // 2], False

        def corrected(house: House, _: Doors) -> None:
            delivery.is_believed = False
            house.due.append(Delivery("consent", delivery.stem, delivery.rows, delivery.form))

        return Expected(stops=(11,), says=(house.feed_ids["consent"],), remedy=corrected)


class TooManyRejected(HouseChange):
    """A file of rows that cannot be read, where the feed allows none."""

    kind = "more rejected rows than the feed allows"
    needs = ("delivery",)

    def happens(self, house: House) -> Expected:
        (delivery,) = house.of("delivery")[-1:]
        bad = Delivery("delivery", f"{delivery.stem}-bad", [], written=[{"type": "bounce", "address": "nobody at all"}], is_believed=False)
        house.due = [one for one in house.due if one is not delivery] + [bad]
        before, house.feeds["delivery"] = house.feeds["delivery"], {**house.feeds["delivery"], "max_rejected": "0%"}

        def corrected(house: House, _: Doors) -> None:
            house.feeds["delivery"] = before
            house.due.append(Delivery("delivery", bad.stem, delivery.rows))

        return Expected(stops=(11,), says=(house.feed_ids["delivery"],), remedy=corrected)


class Stale(HouseChange):
    """A feed's files stay away for longer than it allows."""

    kind = "a feed's files stay away"

    def happens(self, house: House) -> Expected:
        missing = house.of("profiles")
        house.due = [delivery for delivery in house.due if delivery.kind != "profiles"]
        before, house.feeds["profiles"] = house.feeds["profiles"], {**house.feeds["profiles"], "max_age": "12h"}

        def arrives(house: House, _: Doors) -> None:
            house.feeds["profiles"] = before
            house.due += missing

        return Expected(stops=(12,), says=(house.feed_ids["profiles"],), remedy=arrives)
