"""What may happen to a house between two steps: one class per kind of change.

A module of this package holds a family of kinds; their classes are found by themselves, so that a kind that is written is drawn.
"""

import pkgutil
from functools import cache
from importlib import import_module
from typing import TypeVar

from ._change import Change, Disaster, Expected, HouseChange
from ._former import unless_elsewhere, unless_gone

__all__ = ["Change", "Disaster", "Expected", "HouseChange", "kinds", "unless_elsewhere", "unless_gone"]

Kind = TypeVar("Kind", bound=Change)


@cache
def kinds(base: type[Kind]) -> dict[str, type[Kind]]:
    """Every kind of change below a class by its name."""
    for module in sorted(found.name for found in pkgutil.iter_modules(__path__) if not found.name.startswith("_")):
        import_module(f"{__name__}.{module}")
    found = [one for one in Change.every if one.kind and issubclass(one, base)]
    return {one.kind: one for one in sorted(found, key=lambda one: one.kind)}
