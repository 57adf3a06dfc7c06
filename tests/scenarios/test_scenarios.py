"""Decision scenarios through the commands, in one process: who may receive this campaign, and why may the others not.

The files beside this one are sorted by the section of the law that they try; README.md tells their format. Where further files of that
format lie beside the checkout, the slow tests play them too.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.reasons import Reason
from tests.lib.workspaces import ROOT, play

OURS = sorted(Path(__file__).parent.glob("*.json"))
OTHERS = sorted((ROOT.parent / "shared" / "scenarios").glob("*.json"))
ELSEWHERE = {Reason.ERASED, Reason.ADDRESS_FORBIDDEN, Reason.HOLDOUT, Reason.CAPACITY, Reason.CONSENT_EXPIRED, Reason.CONSENT_UNCONFIRMED}
"""Reasons that tests/spec/rules tells better: by a secret key, or in one table of their own."""


def scenarios(files: list[Path]) -> list[Any]:
    return [
        pytest.param(scenario, id=f"{path.stem}: {scenario['name']}")
        for path in files
        for scenario in json.loads(path.read_text(encoding="utf-8"))
    ]


@pytest.mark.parametrize("scenario", scenarios(OURS))
def test_scenario(scenario: dict[str, Any], tmp_path: Path) -> None:
    assert play(scenario, tmp_path) == []


@pytest.mark.slow
@pytest.mark.skipif(not OTHERS, reason="no further scenarios lie beside this checkout")
@pytest.mark.parametrize("scenario", scenarios(OTHERS))
def test_shared_scenario(scenario: dict[str, Any], tmp_path: Path) -> None:
    assert play(scenario, tmp_path) == []


def test_every_reason_has_its_scenario() -> None:
    named = set()
    for parameters in scenarios(OURS):
        (scenario,) = parameters.values
        for step in scenario.get("steps", [scenario]):
            for reasons in step["expected"].get("excluded", {}).values():
                named.update(reasons)
    assert {reason.value for reason in set(Reason) - ELSEWHERE} - named == {Reason.DUPLICATE_ADDRESS.value}, (
        "a duplicate's address is the winner's"
    )
