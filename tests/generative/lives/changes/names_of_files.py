"""Names of files: endings in capitals are what they are; what no feed takes is named by `status`."""

from ..doors import Doors, Found, require
from ..forms import PLAIN
from ..house import KINDS, House
from ._change import PUBLISHES, Disaster, Expected, HouseChange


class InCapitals(HouseChange):
    """The sender's system writes the names of its files in capitals, and the feeds ask for them in small letters."""

    kind = "files with names in capitals"
    needs = KINDS

    def happens(self, house: House) -> Expected:
        for delivery in house.due:
            house.set_feed(delivery.kind, files="*.csv")
            delivery.form, delivery.is_shouted = PLAIN, True
        return PUBLISHES


class TakenByNobody(Disaster):
    """Files and folders that no feed takes: each is named by `status`, and none stops anything."""

    kind = "files that no feed takes"

    def strikes(self, house: House, doors: Doors) -> Expected:
        landing = doors.folder / "landing"
        nobody = landing / f"{house.key}nobodys-{house.step}"
        nobody.mkdir()
        (nobody / "optouts.csv").write_text("address\n", encoding="utf-8")
        link = landing / house.feed_ids["consent"] / f"linked-{house.step}"
        link.symlink_to(nobody)
        told = str(require(doors.presend("status"), 0).document)
        for name in (nobody.name, link.name):
            if name not in told:
                raise Found(f"status does not name {name}")
        return PUBLISHES
