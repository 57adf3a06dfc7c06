"""The targets: one module each, found by itself. A target says in which files a published run leaves the house, and in which order.

A module that does not begin with an underscore holds one `TARGET`, whose name is the module's and what `deliver_to: {target: …}` takes.
Copying, repeating and refusing are no target's business but `pipeline.delivering`'s, so that they hold for every one.
"""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from pipeline.targets._target import File, Target, file_of

DEFAULT = "run"
"""What `deliver_to` means where it names a place alone."""


@cache
def names() -> tuple[str, ...]:
    """Every name that `target:` takes; no module is imported for it."""
    return tuple(sorted(module.name for module in iter_modules(__path__) if not module.name.startswith("_")))


def target(name: str) -> Target:
    """The target of that name, which the configuration has checked."""
    found: Target = import_module(f"{__name__}.{name}").TARGET
    return found


__all__ = ["DEFAULT", "File", "Target", "file_of", "names", "target"]
