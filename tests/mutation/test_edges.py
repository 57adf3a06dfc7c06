"""The product agrees with the reference at the edges too; the gate, which decides nothing, is left out."""

from typing import Any
from unittest.mock import patch

import pytest

from tests.generative.agreement import differences

from .edges import edges


@pytest.mark.parametrize("world", edges(), ids=lambda world: world["name"])
def test_product_agrees_with_reference_at_the_edges(world: dict[str, Any]) -> None:
    with patch("pipeline.validation.validate", return_value=()), patch("pipeline.validation.prefetch"):
        assert differences(world) == []
