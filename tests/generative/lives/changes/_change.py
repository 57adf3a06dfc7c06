"""What a change is, and what must follow from it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from ..doors import Doors
from ..house import House

Remedy = Callable[[House, Doors], datetime | None]
"""What the message asks for; where it has published by itself, it gives the instant for which was decided."""


@dataclass(frozen=True)
class Expected:
    """What must follow: a publication as the reference decides it, or a stop that says why and what to do.

    With `stops` the publication ends with one of these exit codes, and its message holds every word of `says`; after the `remedy`
    the house publishes. With `may_stop` it does so or publishes at once, with neither it publishes at once.
    """

    stops: tuple[int, ...] = ()
    may_stop: tuple[int, ...] = ()
    says: tuple[str, ...] = ()
    remedy: Remedy | None = None


PUBLISHES = Expected()


class Change:
    """One thing that happens."""

    kind: ClassVar[str] = ""
    every: ClassVar[list[type["Change"]]] = []

    def __init_subclass__(cls) -> None:
        """Every class is kept: some are made by a loop, and nobody else holds them."""
        Change.every.append(cls)


class HouseChange(Change):
    """What happens to a house before a step's files arrive; `needs` are the kinds of files that must be among them.

    `stops_channel`: where it stops the house, it stops every campaign of the workspace on that channel.
    """

    needs: ClassVar[tuple[str, ...]] = ()
    stops_channel: ClassVar[bool] = False

    def happens(self, house: House) -> Expected:
        """Change the house's names, settings or what is due."""
        raise NotImplementedError


class Disaster(Change):
    """What happens to the whole workspace after a step's files have arrived; one house publishes then."""

    def strikes(self, house: House, doors: Doors) -> Expected:
        """Do the harm."""
        raise NotImplementedError
