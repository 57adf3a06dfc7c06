"""The machine's clock, which bounds every moment that Presend is given (domain §8 "Clocks").

No file is received, no run published or approved later than it. `PRESEND_CLOCK=simulated` in the environment takes the bound away,
for rehearsals and tests; every manifest names it.
"""

import os
from collections.abc import Mapping
from datetime import UTC, datetime

from pipeline.errors import UsageError

VARIABLE = "PRESEND_CLOCK"
SYSTEM, SIMULATED = "system", "simulated"


def kind(environ: Mapping[str, str] | None = None) -> str:
    """`system` or `simulated`, as the environment says. Raises UsageError for any other word."""
    said = (os.environ if environ is None else environ).get(VARIABLE, "") or SYSTEM
    if said not in (SYSTEM, SIMULATED):
        raise UsageError(f"{said!r} is no clock", where=VARIABLE, remedy=f"Set {VARIABLE}={SIMULATED}, or nothing for the machine's clock.")
    return said


def now() -> datetime:
    """The machine's present second, in UTC."""
    return datetime.now(UTC).replace(microsecond=0)


def is_ahead(moment: datetime, environ: Mapping[str, str] | None = None) -> bool:
    """Whether the moment has not come yet; never under a simulated clock."""
    return kind(environ) == SYSTEM and moment.replace(microsecond=0) > now()


def require_come(moment: datetime, environ: Mapping[str, str] | None = None) -> None:
    """Raise UsageError for a moment ahead of the clock."""
    if is_ahead(moment, environ):
        raise UsageError(
            f"{moment.isoformat()} is ahead of the machine's clock ({now().isoformat()})",
            where="--as-of",
            remedy=f"Leave --as-of out for the present. In a copy of the workspace, {VARIABLE}={SIMULATED} rehearses the future.",
        )
