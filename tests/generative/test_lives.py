"""Lives of workspaces: whatever changes between two steps, nobody who said no is published, nothing is lost without a word, and
nobody is left out who may be written to – unless the product stopped and said why.

Three hundred lives that fixed seeds give; `just prove-lives SECONDS` plays new ones. What was found is kept in lives/kept.
"""

import json
from pathlib import Path

import pytest

from .lives.changes import Disaster, HouseChange, kinds
from .lives.playing import HOUSES, STEPS, Tally, change_of, disasters_of, play

TOWNS = 3
LIVES = 17
"""Of each house here: what happens to a house happens to all of them."""
KEPT = sorted((Path(__file__).parent / "lives" / "kept").glob("*.json"))
"""What `prove` writes of a find; one that is mended stays here."""


@pytest.mark.parametrize("number", range(TOWNS))
def test_nobody_gets_in_by_a_change(number: int) -> None:
    tally = play(number, groups=range(LIVES))
    assert [str(find) for find in tally.found] == []
    assert unfinished(tally) == set()


@pytest.mark.parametrize("file", KEPT, ids=lambda file: file.stem)
def test_what_was_found_stays_mended(file: Path) -> None:
    kept = json.loads(file.read_text(encoding="utf-8"))
    lives = range(LIVES) if kept["life"] is None else [kept["life"]]
    assert [str(find) for find in play(kept["town"], [kept["house"]], lives).found] == []


def test_every_kind_of_change_is_drawn() -> None:
    """Else an agreement would prove little: a kind that is added must be among these towns before this passes again."""
    changes = {change_of(town, house, step).kind for town in range(TOWNS) for house in range(HOUSES) for step in range(1, STEPS)}
    disasters = {kind.kind for town in range(TOWNS) for step in range(STEPS) for kind in disasters_of(town, step)}
    assert kinds(HouseChange).keys() - changes == set()
    assert kinds(Disaster).keys() - disasters == set()


def unfinished(tally: Tally) -> set[str]:
    """The kinds of change after which nothing was published: a life that is stopped for good would prove nothing."""
    drawn = {name.removeprefix("drawn ") for name in tally.counts if name.startswith("drawn ")}
    return {name for name in drawn if not tally.counts[f"published {name}"]}
