"""Makes a world smaller as long as what is wrong with it stays wrong: whole steps, many rows at once, then row by row."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

World = dict[str, Any]
FEEDS = ("consent", "delivery", "shop", "profiles")
SETTINGS = ("registers", "forbidden", "quarantine", "identity")


def made_smaller(world: World, is_wrong: Callable[[World], bool], tries: int) -> World:
    """The smallest world found within so many tries; `change`, what a law does to it, is made smaller as well."""
    left = iter(range(tries))

    def is_still_wrong(smaller: World) -> bool:
        return next(left, None) is not None and is_wrong(smaller)

    is_moving = True
    while is_moving:
        before = world
        world = _fewer_steps(world, is_still_wrong)
        for place in _lists(world):
            world = _fewer(world, place, is_still_wrong)
        for smaller in _simpler(world):
            if is_still_wrong(smaller):
                world = smaller
                break
        is_moving = world != before
    return world


def _fewer_steps(world: World, is_wrong: Callable[[World], bool]) -> World:
    number = len(world["steps"]) - 1
    while number >= 0 and len(world["steps"]) > 1:
        smaller = {**world, "steps": [*world["steps"][:number], *world["steps"][number + 1 :]]}
        if is_wrong(smaller):
            world = smaller
        number -= 1
    return world


def _lists(world: World) -> list[tuple[Any, ...]]:
    """Where lists stand whose members may go: what a law changes, then each step's rows, the last step first."""
    steps = reversed(range(len(world["steps"])))
    places: list[tuple[Any, ...]] = [("steps", number, feed) for number in steps for feed in FEEDS if world["steps"][number].get(feed)]
    return [("change",), *places] if world.get("change") else places


def _fewer(world: World, place: tuple[Any, ...], is_wrong: Callable[[World], bool]) -> World:
    """Halves, quarters, … single members of one list left out."""
    size = len(_at(world, place))
    while size:
        index = 0
        while index < len(_at(world, place)):
            smaller = deepcopy(world)
            del _at(smaller, place)[index : index + size]
            if is_wrong(smaller):
                world = smaller
            else:
                index += size
        size //= 2
    return world


def _at(world: World, place: tuple[Any, ...]) -> list[Any]:
    found: Any = world
    for name in place:
        found = found[name]
    assert isinstance(found, list)
    return found


def _simpler(world: World) -> Iterator[World]:
    """One setting back at its default."""
    for name in SETTINGS:
        if world.get(name):
            yield {key: value for key, value in world.items() if key != name}
    for name in world["policy"]:
        yield {**world, "policy": {key: value for key, value in world["policy"].items() if key != name}}
