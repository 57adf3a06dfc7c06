"""Stages to disturb, and the process that is killed."""

from collections.abc import Iterator

import pytest

from tests.lib.killing import Killer
from tests.lib.stages import Stage, write_stages


@pytest.fixture(scope="session")
def stages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Stage]:
    return write_stages(tmp_path_factory.mktemp("stages"))


@pytest.fixture(scope="session")
def killer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Killer]:
    killer = Killer(tmp_path_factory.mktemp("killer"))
    yield killer
    killer.close()
