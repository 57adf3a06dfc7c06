"""The product agrees with the reference at the edges too."""

from typing import Any

import pytest

from tests.generative.agreement import differences

from .edges import edges


@pytest.mark.parametrize("world", edges(), ids=lambda world: world["name"])
def test_product_agrees_with_reference_at_the_edges(world: dict[str, Any]) -> None:
    assert differences(world) == []
