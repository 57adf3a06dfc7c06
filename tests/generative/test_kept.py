"""What product and reference once disagreed on, and worlds that once broke a law: small, and decided alike ever since."""

import json
from pathlib import Path
from typing import Any

import pytest

from .agreement import differences
from .test_reference import meet

KEPT = sorted((Path(__file__).parent / "kept").glob("*.json"))
SCENARIOS = [scenario for file in KEPT for scenario in json.loads(file.read_text(encoding="utf-8"))]


def test_something_is_kept() -> None:
    assert SCENARIOS


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario["name"])
def test_what_was_kept_is_decided_as_it_says(scenario: dict[str, Any]) -> None:
    meet(scenario)
    assert differences(scenario) == []
