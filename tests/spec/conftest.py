"""What every spec needs: a world to draw."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.lib.world import World


@pytest.fixture
def world(tmp_path: Path) -> Callable[..., World]:
    """`world(policy=…, quarantine=…)` is an empty workspace with these settings."""
    return lambda **settings: World(tmp_path, **settings)
