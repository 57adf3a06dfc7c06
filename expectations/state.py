"""The gate over the state that the decision was made from: figures of the warehouse, and the promises in `sql/checks`."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from expectations import Suite

_ADDRESS_STATUS = ["erroneous", "quarantined", "denied"]
"""The statuses of an address that is not valid (domain §5); `quarantine` holds no others (contract §5)."""

_REPEATED_STATUS = "count(*) - count(DISTINCT hash(address, channel))"
_UNPLACED_STATUS = "count(*) FILTER (coalesce(address, '') = '' OR coalesce(channel, '') = '')"
# Only what this campaign is made from: a group's ten million take a second, and the others' are their own campaigns' business.
_REPEATED_PROFILE = """count(*) FILTER (organisation = (SELECT organisation FROM campaign))
    - count(DISTINCT hash(profile_id)) FILTER (organisation = (SELECT organisation FROM campaign))"""

_SEVERITY = {"stop": "critical", "warn": "warning"}
_CHECK = re.compile(r"--\s*(stop|warn):\s*(.+)")
# What SQLAlchemy would take for the name of a value that is to be bound.
_BOUND_NAME = re.compile(r"(?<![:\w\\]):(?=\w)")


def _quarantine(parameters: Mapping[str, Any]) -> Iterable[Any]:
    import great_expectations.expectations as gxe

    from expectations._figure import none_of

    yield gxe.ExpectColumnValuesToNotBeNull(description="every quarantined address has a status", column="status", severity="critical")
    yield gxe.ExpectColumnValuesToBeInSet(
        description="every status is one that the domain knows", column="status", value_set=_ADDRESS_STATUS, severity="critical"
    )
    yield none_of("every status names an address and a channel", _UNPLACED_STATUS)
    yield none_of("every address has one status on a channel", _REPEATED_STATUS)
    yield none_of("every quarantine says since when", "count(*) FILTER (since IS NULL)", severity="warning")


def _suppression(parameters: Mapping[str, Any]) -> Iterable[Any]:
    from expectations._figure import none_of

    yield none_of("every suppression says of which kind it is", "count(*) FILTER (kind IS NULL)")
    yield none_of("every suppression says since when", "count(*) FILTER (since IS NULL)", severity="warning")


def _profile(parameters: Mapping[str, Any]) -> Iterable[Any]:
    import great_expectations.expectations as gxe

    from expectations._figure import none_of

    yield gxe.ExpectTableRowCountToBeBetween(description="there is at least one profile", min_value=1, severity="warning")
    yield none_of("every profile of the organisation stands once", _REPEATED_PROFILE)


SUITES = (
    Suite("state", "quarantine", _quarantine),
    Suite("state", "suppression", _suppression),
    Suite("state", "profile", _profile),
)


def checks(folder: Path, *, table: str = "feed_file") -> Suite:
    """The promises in a folder of SQL files as a suite: each file selects offenders and says in its first line `-- stop:` or `-- warn:`.

    `table` is any table that is there; the checks name their own. A folder without a file is a suite that fails.
    """

    def expectations(parameters: Mapping[str, Any]) -> Iterable[Any]:
        from expectations._figure import no_row_of

        for path in sorted(folder.glob("*.sql")):
            query = path.read_text(encoding="utf-8").rstrip().removesuffix(";")
            header = _CHECK.match(query)
            if header is None:
                raise ValueError(f"{path.name} does not begin with '-- stop: …' or '-- warn: …'")
            yield no_row_of(f"{path.stem}: {header[2].strip()}", _BOUND_NAME.sub(r"\:", query), severity=_SEVERITY[header[1]])

    return Suite("checks", table, expectations)
