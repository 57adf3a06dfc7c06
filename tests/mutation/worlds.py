"""The worlds that mutants are tried on: crowds, which have most rows, then our scenarios, then all the small ones."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tests.generative.crowds import crowd, rows_of
from tests.generative.worlds import invent
from tests.lib.workspaces import ROOT

SCENARIOS = sorted((ROOT / "tests" / "scenarios").glob("*.json"))
SMALL = (ROOT / "tests" / "generative" / "by_hand.json", *sorted((ROOT.parent / "shared" / "scenarios").glob("*.json")))
CROWDS = 16
COLONIES = 40


def worlds(invented: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every written world, some crowds, and so many invented ones, each with its name."""
    for number in range(CROWDS):
        yield f"crowd: {number}", crowd(number, COLONIES)
    yield from sorted(_written(SCENARIOS), key=lambda found: _size(found[1]), reverse=True)
    yield from _written(SMALL)
    for number in range(invented):
        yield f"invented: {number}", invent(number)


def _written(files: Iterable[Path]) -> Iterator[tuple[str, dict[str, Any]]]:
    for file in files:
        for world in json.loads(file.read_text(encoding="utf-8")):
            yield f"{file.stem}: {world['name']}", world


def _size(world: dict[str, Any]) -> int:
    return len(list(rows_of({"steps": world.get("steps", [world])}, "profiles", "consent", "delivery")))
