"""What may happen to a house between two steps: one class per kind of change.

A module of this package holds a family of kinds; their classes are found by themselves, so that a kind that is written is drawn.
"""

import pkgutil
from functools import cache
from importlib import import_module
from typing import TypeVar

from ._change import Change, Disaster, Expected, HouseChange
from ._former import unless_gone

__all__ = ["Change", "Disaster", "Expected", "HouseChange", "kinds", "unless_gone"]

Kind = TypeVar("Kind", bound=Change)


@cache
def kinds(base: type[Kind]) -> dict[str, type[Kind]]:
    """Every kind of change below a class by its name."""
    for module in sorted(found.name for found in pkgutil.iter_modules(__path__) if not found.name.startswith("_")):
        import_module(f"{__name__}.{module}")
    return {found.kind: found for found in sorted(_below(base), key=lambda one: one.kind)}


def _below(base: type[Kind]) -> list[type[Kind]]:
    return [found for below in base.__subclasses__() for found in (*([below] if below.kind else []), *_below(below))]
