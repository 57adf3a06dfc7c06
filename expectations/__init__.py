"""What must hold before a run is published: one module per gate, one suite per table, run by `pipeline.validation`.

An expectation of severity `critical` stops the publication, a `warning` is written into the manifest. Its name is a sentence that
a campaign team can read, and its result is a number: no expectation looks at, keeps or returns an address.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Suite:
    """The expectations of one table or view.

    `expectations` gives Great Expectations' objects for a run's parameters; it is called late, because importing that library
    takes seconds.
    """

    gate: str
    table: str
    expectations: Callable[[Mapping[str, Any]], Iterable[Any]]
