"""The reference must itself meet every expected result of the decision scenarios before it may judge anything."""

import json
from pathlib import Path
from typing import Any

import pytest

from .reference import judge
from .reference.decision import Run

SCENARIOS = Path(__file__).parents[3] / "shared" / "scenarios"
"""The scenarios lie beside the repository where they are handed out; elsewhere these tests are skipped."""


def scenarios() -> list[dict[str, Any]]:
    return [scenario for file in sorted(SCENARIOS.glob("*.json")) for scenario in json.loads(file.read_text(encoding="utf-8"))]


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


@pytest.mark.skipif(not SCENARIOS.exists(), reason="the shared scenarios are not beside this checkout")
@pytest.mark.parametrize("scenario", scenarios(), ids=lambda scenario: scenario["name"])
def test_reference_meets_the_scenarios(scenario: dict[str, Any]) -> None:
    outcomes = judge(scenario)
    for step, outcome in zip(scenario.get("steps", [scenario]), outcomes, strict=True):
        expected = step["expected"]
        assert outcome.exit == expected.get("exit", 0)
        if not outcome.exit:
            assert faults(outcome.runs[outcome.campaign], expected) == []
