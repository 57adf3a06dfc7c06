"""What explain tells of a candidate is what was published of it: the same reasons, each on the same evidence.

Two hundred worlds; every candidate of every run of the last step is asked about. The demo is asked in tests/integration.
"""

from datetime import datetime
from pathlib import Path
from unittest.mock import patch

from pipeline.cli import invoke
from pipeline.workspace import Workspace
from tests.lib.explained import assert_explained

from .bundles import bundled, named_apart
from .product import decide
from .prove import COLONIES, world_of

POLICIES = 13


def test_explain_agrees_with_the_published_runs_of_two_hundred_worlds(tmp_path: Path) -> None:
    assert POLICIES * COLONIES >= 200
    worlds = [named_apart(world_of(777, index), f"w{index}-") for index in range(POLICIES)]
    with patch("pipeline.validation.validate", return_value=()), patch("pipeline.validation.prefetch"):
        decide(bundled(worlds), tmp_path, invoke)
    last = max(step["as_of"] for step in worlds[0]["steps"])
    assert_explained(Workspace(tmp_path), datetime.fromisoformat(last))
