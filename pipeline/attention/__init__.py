"""What people have to know about a workspace beside its feeds' freshness (domain §8): one module per kind of notice.

A module of this package has one public function, `look(view)`, which gives its notices; it is found by itself. `check`, `status`, the
manifest's warnings and every publication go through here, so that nothing is noticed in one of them and forgotten in another.
"""

import pkgutil
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from importlib import import_module

from pipeline.attention import lost
from pipeline.attention._notice import Notice, View
from pipeline.config import Campaign, Configuration
from pipeline.errors import ValidationFailed
from pipeline.freshness import require_fresh
from pipeline.ledger.loads import Load
from pipeline.workspace import Workspace


@cache
def _lookers() -> tuple[Callable[[View], Iterator[Notice]], ...]:
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))
    return tuple(import_module(f"{__name__}.{name}").look for name in names)


def notices(view: View) -> list[Notice]:
    """Everything that people have to know, by kind. Raises what reading the ledger raises."""
    with view.held():
        return [notice for look in _lookers() for notice in look(view)]


def require_ready(workspace: Workspace, configuration: Configuration, campaign: Campaign, loads: list[Load], as_of: datetime) -> list[str]:
    """Warnings for the campaign's manifest. Raises the error of a notice that stops it, then FeedRefused and FeedNotFresh.

    What is lost comes first: a feed without its loads seems to be late, or to be read under former settings.
    """
    concerned = [notice for notice in notices(View(workspace, configuration, loads, as_of)) if notice.concerns(campaign)]
    for notice in sorted(concerned, key=lambda notice: notice.stop is not ValidationFailed):
        if notice.stop is not None:
            raise notice.stop(notice.message, where=notice.where, remedy=notice.remedy)
    warnings = require_fresh(configuration, campaign, loads, as_of)
    return [*warnings, *(str(notice) for notice in concerned)]


def require_whole(workspace: Workspace, configuration: Configuration, loads: list[Load], as_of: datetime) -> None:
    """Raise ValidationFailed when the ledger has lost what it knew: an answer that rests on it would leave somebody out."""
    for notice in lost.look(View(workspace, configuration, loads, as_of)):
        raise ValidationFailed(notice.message, where=notice.where, remedy=notice.remedy)


__all__ = ["Notice", "View", "notices", "require_ready", "require_whole"]
