"""What the product and the reference say about a world, in one form, and where they differ."""

import json
import tempfile
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

from pipeline.cli import invoke
from pipeline.reasons import Reason

from . import smaller
from .product import decide
from .reference import judge
from .reference.decision import Run

EVIDENT = {
    *(Reason.QUARANTINED_HARD, Reason.QUARANTINED_SOFT, Reason.QUARANTINED_MANUAL, Reason.COMPLAINT),
    *(Reason.OPTED_OUT_GROUP, Reason.OPTED_OUT_ORGANISATION, Reason.OPTED_OUT_BRAND, Reason.OPTED_OUT_LIST),
    *(Reason.OPT_OUT_PENDING, Reason.PAUSED, Reason.FREQUENCY),
}
"""Reasons that rest on one event each; the page names no evidence for the others."""


def differences(world: dict[str, Any]) -> list[str]:
    """Where product and reference differ on a world."""
    with tempfile.TemporaryDirectory() as folder:
        answers = decide(world, Path(folder), invoke)
    found = []
    for number, (outcome, answer) in enumerate(zip(judge(world), answers, strict=True), 1):
        expected = {"exit": outcome.exit, "runs": {name: told(run) for name, run in outcome.runs.items()}}
        found += [f"step {number}: {line}" for line in compared(expected, comparable(answer))]
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


def comparable(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer of the product, with evidence only where the page names it."""
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


def made_smaller(world: dict[str, Any], tries: int) -> dict[str, Any]:
    """A smaller world on which the two differ in the same way, found within so many runs of the product."""
    is_about_exits = any("/exit" in line for line in differences(world))

    def is_wrong(candidate: dict[str, Any]) -> bool:
        found = differences(candidate)
        return bool(found) and any("/exit" in line for line in found) == is_about_exits

    return smaller.made_smaller(world, is_wrong, tries)


def as_scenario(world: dict[str, Any], tries: int, name: str) -> str:
    """A world on which they differ as a small decision scenario, with the reference's answer as expected."""
    return json.dumps([with_answer(made_smaller(world, tries)) | {"name": name}], indent=1)
