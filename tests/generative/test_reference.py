"""The reference must itself meet every expected result of the decision scenarios before it may judge anything.

`by_hand.json` holds further ones, worked out by hand from the sentences of the domain page that the shared ones leave out.
"""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from .reference import judge
from .reference.decision import Run
from .worlds import worlds

BY_HAND = Path(__file__).parent / "by_hand.json"
SHARED = Path(__file__).parents[3] / "shared" / "scenarios"
"""These lie beside the repository where they are handed out; elsewhere their tests are skipped."""


def scenarios(*files: Path) -> list[dict[str, Any]]:
    return [scenario for file in sorted(files) for scenario in json.loads(file.read_text(encoding="utf-8"))]


def faults(run: Run, expected: dict[str, Any]) -> list[str]:
    """Where a run differs from what is expected of it, as tools/scenario.py sees it."""
    found = []
    audience = sorted(address for _, address in run.audience)
    if audience != sorted(expected["audience"]):
        found.append(f"audience {audience}, expected {sorted(expected['audience'])}")
    for who, reasons in expected.get("excluded", {}).items():
        verdicts = [one for one in run.verdicts if one.reasons and (one.address or one.candidate.profile[1]) == who]
        got = sorted({str(reason) for one in verdicts for reason in one.reasons})
        if isinstance(reasons, str):
            if [one.primary for one in verdicts][:1] != [reasons]:
                found.append(f"{who}: primary of {got}, expected {reasons}")
        elif got != sorted(reasons):
            found.append(f"{who}: reasons {got}, expected {sorted(reasons)}")
    counts = {"candidates": len(run.verdicts), "audience": len(audience), "excluded": len(run.verdicts) - len(audience)}
    found += [f"{key} is {counts[key]}, expected {value}" for key, value in expected.get("counts", {}).items() if counts[key] != value]
    return found


@pytest.mark.skipif(not SHARED.exists(), reason="the shared scenarios are not beside this checkout")
@pytest.mark.parametrize("scenario", scenarios(*SHARED.glob("*.json")), ids=lambda scenario: scenario["name"])
def test_reference_meets_the_shared_scenarios(scenario: dict[str, Any]) -> None:
    meet(scenario)


@pytest.mark.parametrize("scenario", scenarios(BY_HAND), ids=lambda scenario: scenario["name"])
def test_reference_meets_what_was_worked_out_by_hand(scenario: dict[str, Any]) -> None:
    meet(scenario)


def meet(scenario: dict[str, Any]) -> None:
    outcomes = judge(scenario)
    for step, outcome in zip(scenario.get("steps", [scenario]), outcomes, strict=True):
        expected = step["expected"]
        assert outcome.exit == expected.get("exit", 0)
        if not outcome.exit:
            assert faults(outcome.runs[outcome.campaign], expected) == []


look = settings(max_examples=100, derandomize=True, deadline=None, database=None)


def told(scenario: dict[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    return [
        (outcome.exit, {name: (run.audience, run.seeds, run.verdicts) for name, run in outcome.runs.items()}) for outcome in judge(scenario)
    ]


@look
@given(worlds())
def test_the_order_of_rows_does_not_matter(world: dict[str, Any]) -> None:
    turned = deepcopy(world)
    for step in turned["steps"]:
        step["consent"].reverse()
        step["delivery"].reverse()
    assert told(turned) == told(world)


@look
@given(worlds())
def test_the_same_event_twice_is_one_event(world: dict[str, Any]) -> None:
    doubled = deepcopy(world)
    for step in doubled["steps"]:
        step["consent"] *= 2
        step["delivery"] *= 2
    assert told(doubled) == told(world)


@look
@given(worlds())
def test_nobody_is_left_when_everybody_has_left(world: dict[str, Any]) -> None:
    left = deepcopy(world)
    for number, step in enumerate(left["steps"]):
        if step["campaign"]["message_class"] == "marketing":
            for profile in [*(f"p{place}" for place in range(1, 11)), "q1", "q2"]:
                # Without time and organisation: until it was received, and whoever has that id. Each step says it anew, because
                # with reach `address` an address that came after the receipt escapes.
                row = {"event_id": f"left {number} {profile}", "action": "opt_out", "profile_id": profile, "scope": "group"}
                step["consent"].append(row)
    for step, outcome in zip(left["steps"], judge(left), strict=True):
        if step["campaign"]["message_class"] == "marketing" and outcome.campaign in outcome.runs:
            assert outcome.runs[outcome.campaign].audience == ()
