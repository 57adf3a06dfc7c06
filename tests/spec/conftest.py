"""What every spec needs: a world to draw, and no gate that takes longer than the decision."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.lib.world import World


@pytest.fixture
def world(tmp_path: Path) -> Callable[..., World]:
    """`world(policy=…, quarantine=…)` is an empty workspace with these settings."""
    return lambda **settings: World(tmp_path, **settings)


@pytest.fixture(autouse=True, scope="module")
def without_the_gate(request: pytest.FixtureRequest) -> Iterator[None]:
    """A spec asks who is in the audience. The gate decides nothing of that and costs a second a run; it has tests of its own, and the
    scenarios, the demo and Airflow's tests run it. A module that needs it is marked `gate`."""
    with pytest.MonkeyPatch.context() as patch:
        if request.node.get_closest_marker("gate") is None:
            patch.setattr("pipeline.validation.validate", lambda *_: ())
            patch.setattr("pipeline.validation.prefetch", lambda: None)
        yield
