"""Ids and countries: the same id with what nobody sees, keys that say nothing, countries that there are not."""

from ..house import House
from ._change import PUBLISHES, Expected, HouseChange

AROUND = ["\t", "\u00a0", "\u200b", "\ufeff", "\u00ad", " ", "\u200e"]
NOTHING = ["N/A", "n/a", "-", "0", "null", "none", "unknown", "k.A.", "#N/A"]


class InvisibleLetters(HouseChange):
    """Ids carry a TAB, a blank that does not break, a mark that nobody sees."""

    kind = "ids with invisible letters"
    needs = ("profiles", "consent")

    def happens(self, house: House) -> Expected:
        for delivery in house.due:
            if delivery.kind in ("profiles", "consent"):
                delivery.form = delivery.form if delivery.form.encoding.startswith("utf") else type(delivery.form)("plain")
                delivery.written = [
                    {cell: self._marked(house, value) if cell in ("profile_id", "external_id") and value else value
                     for cell, value in row.items()} for row in delivery.rows
                ]  # fmt: skip
        return PUBLISHES

    @staticmethod
    def _marked(house: House, value: str) -> str:
        mark = house.dice.choice(AROUND)
        return house.dice.choice([value, value + mark, mark + value])


class KeysThatSayNothing(HouseChange):
    """The CRM writes what it does not know in words, as a key."""

    kind = "external ids that say nothing"
    needs = ("profiles",)

    def happens(self, house: House) -> Expected:
        for delivery in house.of("profiles"):
            word = house.dice.choice(NOTHING)
            delivery.written = [{**row, "external_id": row.get("external_id") or word} for row in delivery.rows]
        return PUBLISHES


class NoCountry(HouseChange):
    """The CRM writes a country that there is not where it knows none."""

    kind = "countries that there are not"
    needs = ("profiles",)

    def happens(self, house: House) -> Expected:
        for delivery in house.of("profiles"):
            word = house.dice.choice(["XX", "ZZ", "??", "N/A"])
            delivery.rows = [{**row, "country": row.get("country") or word} for row in delivery.rows]
        return PUBLISHES
