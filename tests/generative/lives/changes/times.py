"""Times as written: what cannot be read and differs is two events, and each restricts until it was received."""

from datetime import timedelta

from ..house import Delivery, House
from ..people import GROUP
from ._change import PUBLISHES, Expected, HouseChange

Row = dict[str, str]
UNREADABLE = ["01.11.2026 10:00", "15.11.2026 09:30", "Sonntag", "31.02.2026", "2026-13-01", "gestern", "12/31/26"]


class NoAgainUnreadable(HouseChange):
    """Somebody says no, yes, and no again, and both times of the no are written so that nobody can read them."""

    kind = "two opt-outs with unreadable times"
    needs = ("profiles", "consent")

    def happens(self, house: House) -> Expected:
        later = []
        for group, address in house.addresses():
            first, second = house.dice.sample(UNREADABLE, 2)
            told = {
                "scope": "organisation",
                "scope_id": house.organisation,
                "address": address,
                "channel": "email",
                "via": "preference_link",
            }
            no = told | {"action": "opt_out", GROUP: group, "event_id": ""}
            yes = told | {"action": "opt_in", GROUP: group, "event_id": f"{house.key}yes-{group}-{house.step}"}
            house.of("consent")[-1].rows.append({**no, "occurred_at": first})
            later += [{**yes, "occurred_at": (house.as_of + timedelta(hours=1)).isoformat()}, {**no, "occurred_at": second}]
        house.later.append(Delivery("consent", f"{house.stem}-again", later))
        return PUBLISHES


class BounceAgainUnreadable(HouseChange):
    """An address bounces, is freed, and bounces again, at times that nobody can read."""

    kind = "two hard bounces with unreadable times"
    needs = ("profiles", "delivery")

    def happens(self, house: House) -> Expected:
        later = []
        for group, address in house.addresses():
            first, second = house.dice.sample(UNREADABLE, 2)
            bounce = {"type": "bounce", "bounce_class": "hard", "address": address, GROUP: group, "event_id": ""}
            free = {"type": "release", "actor": "staff", "explanation": "checked", "address": address, GROUP: group,
                    "event_id": f"{house.key}free-{group}-{house.step}"}  # fmt: skip
            house.of("delivery")[-1].rows.append({**bounce, "occurred_at": first})
            later += [{**free, "occurred_at": (house.as_of + timedelta(hours=1)).isoformat()}, {**bounce, "occurred_at": second}]
        house.later.append(Delivery("delivery", f"{house.stem}-again", later))
        return PUBLISHES
