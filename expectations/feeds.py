"""The gate over what was loaded: the ledger's own account of every feed file (`feed_file` of the warehouse).

Parameter: `rests_on`, the ids of the feeds that the campaign rests on: required ones only (domain §6).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from expectations import Suite

_UNEXPLAINED = "count(*) FILTER (NOT is_refused AND rows IS DISTINCT FROM loaded + duplicate + ignored + rejected)"
_LOADED_THOUGH_REFUSED = "count(*) FILTER (is_refused AND coalesce(loaded, 0) <> 0)"
_UNIDENTIFIED = (
    "count(*) FILTER (feed IS NULL OR file IS NULL OR received_at IS NULL OR is_refused IS NULL OR length(sha256) IS DISTINCT FROM 64)"
)

# A refusal stands until a later file of the feed loads (contract §4).
_NEWEST_REFUSED = """
    SELECT feed FROM feed_file GROUP BY feed
    HAVING arg_max(is_refused, (received_at, file)) AND list_contains(:rests_on, feed) = :is_rested_on"""
_NEVER_ARRIVED = "SELECT 1 FROM unnest(:rests_on) AS wanted(feed) WHERE feed NOT IN (SELECT feed FROM feed_file WHERE NOT is_refused)"


def _feed_file(parameters: Mapping[str, Any]) -> Iterable[Any]:
    import great_expectations.expectations as gxe

    from expectations._figure import no_row_of, none_of

    rests_on = [str(feed) for feed in parameters["rests_on"]]
    yield gxe.ExpectTableRowCountToBeBetween(description="at least one feed file was read", min_value=1, severity="critical")
    yield none_of("every file has its feed, name, checksum and arrival", _UNIDENTIFIED)
    yield none_of("every row read is loaded, duplicate, ignored or rejected", _UNEXPLAINED)
    yield none_of("nothing of a refused file is loaded", _LOADED_THOUGH_REFUSED)
    yield no_row_of("every feed that the campaign rests on has arrived", _NEVER_ARRIVED, rests_on=rests_on)
    yield no_row_of("no feed that the campaign rests on was refused last", _NEWEST_REFUSED, rests_on=rests_on, is_rested_on=True)
    yield no_row_of("no other feed was refused last", _NEWEST_REFUSED, severity="warning", rests_on=rests_on, is_rested_on=False)


SUITES = (Suite("feeds", "feed_file", _feed_file),)
