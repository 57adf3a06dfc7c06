"""A landing file that is gone stays as it was read: what rests on it stops until a person says that it may."""

from collections.abc import Sequence
from dataclasses import replace

from pipeline.errors import FeedRefused

from ..doors import Doors, require
from ..house import Delivery, House
from ._change import Expected


def unless_gone(house: House, expected: Expected) -> Expected:
    """What must follow where a feed's reading has changed and files of it cannot be read anew."""
    kinds = sorted({delivery.kind for delivery in house.arrived if is_former(house, delivery)})
    if not kinds or expected.stops:
        return expected

    def kept(house: House, doors: Doors) -> None:
        for kind in kinds:
            require(doors.presend("ingest", "--keep-former", house.feed_ids[kind], "--by", "ann"), 0)
            for delivery in house.arrived:
                if delivery.kind == kind and delivery.is_gone:
                    delivery.kept_beside = house.feed(kind)

    return Expected(stops=(10,), says=("--keep-former",), remedy=kept)


def unless_elsewhere(house: House, kinds: Sequence[str], expected: Expected) -> Expected:
    """What must follow where a file was refused whose feed was given to another organisation: the house's campaigns do not rest on it."""
    if FeedRefused.exit_code in expected.stops and any(house.feed(kind)["organisation"] != house.organisation for kind in kinds):
        return replace(expected, stops=(), may_stop=expected.stops)
    return expected


def is_former(house: House, delivery: Delivery) -> bool:
    """Whether a file is gone that was read under other settings than those of now, and nobody said that it may stay so."""
    if not delivery.is_gone or not delivery.is_believed or house.followed(delivery.feed) != house.feed_ids[delivery.kind]:
        return False
    now = house.feed(delivery.kind)
    before = {name: house.followed(value) for name, value in delivery.read_as.items()}
    kept = {name: house.followed(value) for name, value in delivery.kept_beside.items()}
    return now not in (before, kept)
