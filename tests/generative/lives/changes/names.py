"""Names: organisations, brands, lists, registers and feeds are called otherwise, with a word about it and without."""

from typing import ClassVar

from ..house import KINDS, House
from ._change import PUBLISHES, Expected, HouseChange


class Renamed(HouseChange):
    """Something has another id from today on."""

    needs = KINDS
    first: ClassVar[str]
    is_told: ClassVar[bool]

    def happens(self, house: House) -> Expected:
        # What a feed or file that is gone said of an organisation that is gone later stays as it was read; the reference reads it anew.
        profiles = [one for one in house.arrived if one.kind == "profiles"]
        is_lost = any(one.is_gone or house.followed(one.feed) != house.feed_ids["profiles"] for one in profiles)
        if self.first == "o1" and not self.is_told and is_lost:
            return PUBLISHES
        if self.first != "ecg" or house.world["registers"]:
            house.rename(f"{house.key}{self.first}", is_told=self.is_told)
        return PUBLISHES


class RenamedFeed(HouseChange):
    """A feed's file has another name from today on; the folder of its files too."""

    needs = KINDS
    feed: ClassVar[str]
    is_told: ClassVar[bool]

    def happens(self, house: House) -> Expected:
        house.rename_feed(self.feed, is_told=self.is_told)
        return PUBLISHES


for _first, _what in (("o1", "organisation"), ("b1", "brand"), ("l1", "list"), ("ecg", "register")):
    for _is_told in (True, False):
        _kind = f"{_what} renamed {'with' if _is_told else 'without'} formerly"
        type(_kind.title().replace(" ", ""), (Renamed,), {"kind": _kind, "first": _first, "is_told": _is_told})
for _feed in KINDS:
    for _is_told in (True, False):
        _kind = f"{_feed} feed renamed {'with' if _is_told else 'without'} formerly"
        type(_kind.title().replace(" ", ""), (RenamedFeed,), {"kind": _kind, "feed": _feed, "is_told": _is_told})
