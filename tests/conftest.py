"""Tests bring their own time: none of them may depend on the day on which it runs."""

import os
from collections.abc import Iterator
from unittest.mock import patch

import pytest

from pipeline.clock import SIMULATED, VARIABLE

os.environ[VARIABLE] = SIMULATED


@pytest.fixture(autouse=True, scope="session")
def disk_that_keeps_its_power() -> Iterator[None]:
    """No power is cut in the tests' own process, so that they need not wait for the disk; the processes that they start do."""
    with patch("os.fsync"):
        yield
