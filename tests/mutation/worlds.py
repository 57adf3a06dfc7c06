"""The worlds that mutants are tried on: our scenarios, those with most rows first, then crowds, then all the small ones."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tests.generative.crowds import crowd, rows_of
from tests.generative.worlds import invent
from tests.lib.workspaces import ROOT

SCENARIOS = sorted((ROOT / "tests" / "scenarios").glob("*.json"))
SMALL = (ROOT / "tests" / "generative" / "by_hand.json", *sorted((ROOT.parent / "shared" / "scenarios").glob("*.json")))
CROWDS = 8
COLONIES = 8


def worlds(invented: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every written world, some crowds, and so many invented ones, each with its name."""
    yield from sorted(_written(SCENARIOS), key=lambda found: _size(found[1]), reverse=True)
    for number in range(CROWDS):
        yield f"crowd: {number}", without_flags(crowd(number, COLONIES))
    yield from _written(SMALL)
    for number in range(invented):
        yield f"invented: {number}", invent(number)


def _written(files: Iterable[Path]) -> Iterator[tuple[str, dict[str, Any]]]:
    for file in files:
        for world in json.loads(file.read_text(encoding="utf-8")):
            yield f"{file.stem}: {world['name']}", world


def _size(world: dict[str, Any]) -> int:
    return len(list(rows_of({"steps": world.get("steps", [world])}, "profiles", "consent", "delivery")))


def without_flags(world: dict[str, Any]) -> dict[str, Any]:
    """The crowd without the flags of its CRM, of which the reference knows nothing."""
    for row in rows_of(world, "profiles"):
        row.pop("unsubscribed", None)
    return world
