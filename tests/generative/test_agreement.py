"""The product and the reference must decide every invented world alike.

Five hundred worlds that a fixed seed gives: most in bundles (prove.py), some alone, with everything that is a workspace's
own – its feeds' age, its gate. `just prove SECONDS` plays new ones as long as it is told. A world on which they differ is
made small and printed as a scenario, with the reference's answer as `expected`: kept/ holds those that were found.
"""

import json
from collections import Counter
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings

from pipeline.vocabulary import Action, Actor, DeliveryType, ReachedVia, Reason, Via

from .agreement import as_scenario, differences, told
from .prove import SIZE, play, world_of
from .reference import judge
from .worlds import invent, worlds

ALONE = 20
BUNDLES = 20
NOT_DRAWN = {Reason.ERASED, Reason.HOLDOUT, Reason.CAPACITY}
"""Erasure is a command, and holdout and capacity hang on a secret key: tested elsewhere."""
BY_HAND = Path(__file__).parent / "by_hand.json"


__all__ = ["told"]


@pytest.mark.parametrize("number", range(ALONE))
def test_product_agrees_with_reference(number: int) -> None:
    world = invent(number)
    assert differences(world) == [], as_scenario(world, 40, f"world {number}")


@pytest.mark.parametrize("number", range(BUNDLES))
def test_product_agrees_with_reference_on_a_bundle(number: int) -> None:
    tally = play(number)
    assert tally.counts["worlds"] == SIZE
    for _, index, lines in tally.differing[:1]:
        pytest.fail("\n".join([*lines, as_scenario(world_of(number, index), 40, f"world {index} of bundle {number}")]))


@pytest.mark.slow
@pytest.mark.parametrize("scenario", json.loads(BY_HAND.read_text(encoding="utf-8")), ids=lambda scenario: scenario["name"])
def test_product_agrees_on_what_was_worked_out_by_hand(scenario: dict[str, Any]) -> None:
    assert differences(scenario) == []


def test_worlds_hold_everything() -> None:
    """Every word is drawn, every reason occurs and every way to be reached: else an agreement would prove little."""
    drawn: Counter[str] = Counter()

    @settings(max_examples=300, derandomize=True, deadline=None, database=None, phases=(Phase.generate,))
    @given(worlds())
    def look(world: dict[str, Any]) -> None:
        for step in world["steps"]:
            for row in chain(step["consent"], step["delivery"]):
                drawn.update(f"{name} {value}" for name, value in row.items() if name in ("action", "actor", "via", "type"))
        for outcome in judge(world):
            drawn[f"exit {outcome.exit}"] += 1
            for verdict in chain.from_iterable(run.verdicts for run in outcome.runs.values()):
                drawn.update(f"reason {reason}" for reason in verdict.reasons)
                drawn.update(f"via {why.reached_via}" for why in verdict.reasons.values())

    look()
    wanted = {f"action {one}" for one in Action} | {f"actor {one}" for one in Actor} | {f"via {one}" for one in Via}
    wanted |= {f"type {one}" for one in DeliveryType} | {f"reason {one}" for one in set(Reason) - NOT_DRAWN}
    wanted |= {f"via {one}" for one in ReachedVia} | {"exit 0", "exit 12", "exit 13"}
    assert wanted - set(drawn) == set()
