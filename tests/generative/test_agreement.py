"""The product and the reference must decide every invented world alike.

`PRESEND_WORLDS=500 pytest tests/generative` plays as many worlds as one has time for, new ones each time; without it a
fixed few. A world on which they differ is made small and printed as a scenario, with the reference's answer as `expected`:
put it into a file as `[ … ]` and tools/scenario.py plays it.
"""

import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from itertools import chain, product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from pipeline.cli import invoke
from pipeline.vocabulary import Action, Actor, DeliveryType, ReachedVia, Reason, Via

from .product import decide
from .reference import judge
from .reference.decision import Run
from .worlds import worlds

WORLDS = os.environ.get("PRESEND_WORLDS")
EVIDENT = {
    *(Reason.QUARANTINED_HARD, Reason.QUARANTINED_SOFT, Reason.QUARANTINED_MANUAL, Reason.COMPLAINT),
    *(Reason.OPTED_OUT_GROUP, Reason.OPTED_OUT_ORGANISATION, Reason.OPTED_OUT_BRAND, Reason.OPTED_OUT_LIST),
    *(Reason.OPT_OUT_PENDING, Reason.PAUSED, Reason.FREQUENCY),
}
"""Reasons that rest on one event each; the page names no evidence for the others."""
NOT_DRAWN = {Reason.ERASED, Reason.HOLDOUT, Reason.CAPACITY}
"""Erasure is a command, and holdout and capacity hang on a secret key: tested elsewhere."""
BY_HAND = Path(__file__).parent / "by_hand.json"

play = settings(
    max_examples=int(WORLDS or 20),
    derandomize=WORLDS is None,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),  # a failing world is made smaller row by row, in far fewer runs
)


@play
@given(worlds())
def test_product_agrees_with_reference(world: dict[str, Any]) -> None:
    if differences(world):
        world = made_smaller(world)
        pytest.fail("\n".join([*differences(world), "the world, with the reference's answer:", json.dumps(with_answer(world), indent=1)]))


@pytest.mark.slow
@pytest.mark.parametrize("scenario", json.loads(BY_HAND.read_text(encoding="utf-8")), ids=lambda scenario: scenario["name"])
def test_product_agrees_on_what_was_worked_out_by_hand(scenario: dict[str, Any]) -> None:
    assert differences(scenario) == []


def differences(world: dict[str, Any]) -> list[str]:
    """Where product and reference differ on a world."""
    with tempfile.TemporaryDirectory() as folder:
        answers = decide(world, Path(folder), invoke)
    found = []
    for number, (outcome, answer) in enumerate(zip(judge(world), answers, strict=True), 1):
        expected = {"exit": outcome.exit, "runs": {name: told(run) for name, run in outcome.runs.items()}}
        found += [f"step {number}: {line}" for line in compared(expected, _comparable(answer))]
    return found


def told(run: Run) -> dict[str, Any]:
    """A run of the reference in the form in which both sides are compared."""
    return {
        "audience": sorted([profile[1], address] for profile, address in run.audience),
        "seeds": sorted(run.seeds),
        "excluded": {
            verdict.candidate.profile[1]: {
                "address": verdict.address,
                "primary": verdict.primary,
                "reasons": {
                    reason: [why.event_id, why.reached_via] if reason in EVIDENT else ["", ""] for reason, why in verdict.reasons.items()
                },
            }
            for verdict in run.verdicts
            if verdict.reasons
        },
        "counts": {
            "candidates": len(run.verdicts),
            "audience": len(run.audience),
            "excluded": len(run.verdicts) - len(run.audience),
            "seeds": len(run.seeds),
        },
    }


def _comparable(answer: dict[str, Any]) -> dict[str, Any]:
    for run in answer["runs"].values():
        for one in run["excluded"].values():
            one["reasons"] = {reason: why if reason in EVIDENT else ["", ""] for reason, why in one["reasons"].items()}
    return answer


def compared(expected: Any, got: Any, where: str = "") -> Iterator[str]:
    """The leaves at which two answers differ."""
    if isinstance(expected, dict) and isinstance(got, dict):
        for name in sorted(map(str, {*expected, *got})):
            yield from compared(expected.get(name), got.get(name), f"{where}/{name}")
    elif expected != got:
        yield f"{where}: the reference says {expected}, the product {got}"


def made_smaller(world: dict[str, Any]) -> dict[str, Any]:
    """Leave out steps, rows (many at once, then one by one) and settings as long as the two still differ in the same way."""
    is_about_exits = any("/exit" in line for line in differences(world))

    runs_left = iter(range(400 if WORLDS else 40))  # without the variable somebody waits for the answer

    def is_enough(smaller: dict[str, Any]) -> bool:
        if next(runs_left, None) is None:
            return False
        found = differences(smaller)
        return bool(found) and any("/exit" in line for line in found) == is_about_exits

    while len(world["steps"]) > 1 and is_enough(shorter := {**world, "steps": world["steps"][:-1]}):
        world = shorter
    for number, feed in product(reversed(range(len(world["steps"]))), ("consent", "delivery", "profiles")):
        size = len(world["steps"][number].get(feed) or [])
        while size:
            index = 0
            while index < len(world["steps"][number][feed]):
                smaller = deepcopy(world)
                del smaller["steps"][number][feed][index : index + size]
                if is_enough(smaller):
                    world = smaller
                else:
                    index += size
            size //= 2
    for name in ("registers", "forbidden", "quarantine", *world.get("policy", {})):
        smaller = {key: value for key, value in world.items() if key != name}
        smaller["policy"] = {key: value for key, value in world["policy"].items() if key != name}
        if is_enough(smaller):
            world = smaller
    return world


def with_answer(world: dict[str, Any]) -> dict[str, Any]:
    """A world as a scenario: what the reference answers stands as expected."""
    scenario = deepcopy(world)
    for step, outcome in zip(scenario["steps"], judge(world), strict=True):
        step["expected"] = {"exit": outcome.exit} if outcome.exit else {}
        run = outcome.runs.get(outcome.campaign)
        if run and not outcome.exit:
            excluded: dict[str, set[str]] = {}
            for verdict in run.verdicts:
                if verdict.reasons:
                    excluded.setdefault(verdict.address or verdict.candidate.profile[1], set()).update(verdict.reasons)
            step["expected"] = {
                "audience": sorted(address for _, address in run.audience),
                "excluded": {who: sorted(reasons) for who, reasons in excluded.items()},
            }
    return scenario


def test_worlds_hold_everything() -> None:
    """Every word is drawn, every reason occurs and every way to be reached: else an agreement would prove little."""
    drawn: Counter[str] = Counter()

    @settings(play, max_examples=300, derandomize=True)
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
