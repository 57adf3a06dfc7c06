"""How a feed is read: zones, algorithms and owners that were wrong are set right, and what was read before is read anew."""

from ..house import KINDS, House
from ._change import PUBLISHES, Expected, HouseChange

ZONES = ["Europe/Vienna", "UTC", "America/New_York", "Asia/Tokyo"]


class ZoneCorrected(HouseChange):
    """The sender's clock shows another zone than was thought."""

    kind = "a feed's timezone corrected"

    def happens(self, house: House) -> Expected:
        for kind in KINDS:
            house.set_feed(kind, timezone=house.dice.choice(ZONES))
        return PUBLISHES


class OwnerCorrected(HouseChange):
    """What a feed says without an organisation is the other one's."""

    kind = "a feed's organisation corrected"

    def happens(self, house: House) -> Expected:
        other = house.named(f"{house.key}o2")
        house.set_feed("consent", organisation=house.organisation if house.feed("consent")["organisation"] == other else other)
        return PUBLISHES


class NormalisationCorrected(HouseChange):
    """The register's entries are normalised otherwise than was thought; for these it comes to the same."""

    kind = "a register's normalisation corrected"

    def happens(self, house: House) -> Expected:
        if "register" in house.feeds:
            before = house.feeds["register"].get("register", {}).get("normalisation", "trim_lower")
            house.set_feed("register", register={"normalisation": "as_is" if before == "trim_lower" else "trim_lower"})
        return PUBLISHES
