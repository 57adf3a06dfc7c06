"""Tests bring their own time, so that none of them depends on the day on which it runs, and do not wait for the disk."""

import os
from collections.abc import Iterator
from unittest.mock import patch

import pytest

from pipeline.clock import SIMULATED, VARIABLE

os.environ[VARIABLE] = SIMULATED


@pytest.fixture(autouse=True, scope="session")
def no_power_cut() -> Iterator[None]:
    """Nothing is synced in the tests' own process, whose power is never cut; the processes that tests start and kill sync as ever."""
    with patch("os.fsync"):
        yield
