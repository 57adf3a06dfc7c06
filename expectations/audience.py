"""The gate before publication: what must hold for the very files that are about to be published.

Reads the views `audience_file` and `exclusions_file` over the staged Parquet files, and the decision's `campaign`, `candidate_record` and
`seed_address`. Parameters:

    columns            the campaign's own columns, in the order in which the file has them
    minimum_audience   fewer addresses than this (control addresses never count) stop the run
    maximum_change     nor may it have this share more or fewer than the previous run
    previous_audience  how many the previous run had; None when there was none
    opt_out_reach      the organisation's policy; decides which reasons hang on the address alone
    may_repeat         the campaign's matrix drops `duplicate_address`: profiles that share one each have a row
    most_candidates    for a one_to_one message: a greater number stops the run; None elsewhere
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import ceil, floor
from typing import Any

from expectations import Suite

# One pass over eight million addresses takes 0.6 s. RE2's \s and A-Z are ASCII only, which is meant: an address is lower case by then.
_EMAIL = r"^[^\sA-Z]+@[a-z0-9-]+(\.[a-z0-9-]+)+$"
_PHONE = r"^\+[1-9][0-9]{3,14}$"
_MALFORMED = f"""count(*) FILTER (CASE (SELECT address_kind FROM campaign)
    WHEN 'email' THEN NOT regexp_matches(address, '{_EMAIL}')
    WHEN 'phone' THEN NOT regexp_matches(address, '{_PHONE}')
    ELSE true END)"""

# The file is sorted. Addresses that only ever rise are all different, and following them costs a third of counting distinct ones.
_NOT_RISING = """
    SELECT 1 FROM (SELECT address, lag(address) OVER () AS before FROM audience_file WHERE NOT is_seed)
    WHERE before >= address"""
_NOT_RISING_WITH_PROFILES = """
    SELECT 1 FROM (SELECT (address, profile_id) AS row, lag((address, profile_id)) OVER () AS before FROM audience_file WHERE NOT is_seed)
    WHERE before >= row"""
_REPEATED_SEED = """
    SELECT address FROM audience_file WHERE is_seed GROUP BY address HAVING count(*) > 1
    UNION ALL
    SELECT address FROM audience_file WHERE NOT is_seed AND address IN (SELECT address FROM audience_file WHERE is_seed)"""

_NAMELESS = "count(*) FILTER (NOT is_seed AND coalesce(profile_id, '') = '')"
_AUDIENCE = "count(*) FILTER (NOT is_seed)"

_EXCLUDED_AND_IN = "SELECT 1 FROM audience_file WHERE NOT is_seed AND profile_id IN (SELECT profile_id FROM exclusions_file)"

# What hangs on the address alone is the same for every profile that holds it. Not with reach `profile`: there the owner's new
# form frees the quarantine of one profile only (domain §4, point 4). A seed may not have these either.
_BLOCKED_ADDRESS = """
    SELECT 1 FROM exclusions_file
    WHERE reason IN (SELECT unnest(:reasons)) AND address <> '' AND address IN (SELECT address FROM audience_file)"""
_ADDRESS_REASONS = ["address_forbidden", "erased", "quarantined_hard", "quarantined_soft", "quarantined_manual"]
_ADDRESS_REASONS_WITH_REACH_PROFILE = ["address_forbidden"]

# Two collections of texts with the same size and the same sum of hashes are the same, repetitions included; nothing has to be joined.
_UNBALANCED = """
    SELECT 1
    WHERE (SELECT (count(*), sum(hash(profile_id))) FROM candidate_record) IS DISTINCT FROM (
        SELECT (count(*), sum(hash(profile_id))) FROM (
            SELECT profile_id FROM audience_file WHERE NOT is_seed
            UNION ALL
            SELECT profile_id FROM exclusions_file WHERE is_primary
        )
    )"""

_UNKNOWN_SEED = "SELECT 1 FROM audience_file WHERE is_seed AND address NOT IN (SELECT address FROM seed_address WHERE address IS NOT NULL)"

_INCOMPLETE_EXCLUSION = """count(*) FILTER (
    address IS NULL OR coalesce(profile_id, '') = '' OR coalesce(reason, '') = '' OR rank IS NULL OR is_primary IS NULL)"""
_WRONG_PRIMARY = """
    SELECT 1 FROM exclusions_file GROUP BY profile_id
    HAVING count(*) FILTER (is_primary) <> 1 OR min(rank) FILTER (is_primary) IS DISTINCT FROM min(rank)"""


def allowed_change(maximum_change: float, previous_audience: int) -> tuple[int, int]:
    """The fewest and the most addresses that differ from the previous run by no more than the share (contract §1).

    A previous run without any address counts as one of a single address (domain §6).
    """
    previous = max(previous_audience, 1)
    # Exact: 29 % of 100 are 28.999999999999996 as floats.
    change = Fraction(str(maximum_change)) * previous
    return max(ceil(previous - change), 0), floor(previous + change)


def _audience_file(parameters: Mapping[str, Any]) -> Iterable[Any]:
    import great_expectations.expectations as gxe

    from expectations._figure import ExpectFigureToBeBetween, no_row_of, none_of

    columns = ["address", "profile_id", "person_id", "is_seed", *parameters["columns"]]
    reach = parameters["opt_out_reach"]
    yield gxe.ExpectTableColumnsToMatchOrderedList(
        description="the file has the promised columns in their order", column_list=columns, severity="critical"
    )
    yield gxe.ExpectColumnValuesToNotBeNull(description="every row has an address", column="address", severity="critical")
    yield gxe.ExpectColumnValuesToNotBeNull(
        description="every row says whether it is a control address", column="is_seed", severity="critical"
    )
    yield none_of("every address is one of the campaign's channel", _MALFORMED)
    yield none_of("every recipient has a profile", _NAMELESS)
    if parameters.get("may_repeat"):
        yield no_row_of("the recipients are sorted by address and profile, and every profile stands once", _NOT_RISING_WITH_PROFILES)
    else:
        yield no_row_of("the recipients are sorted by address, and every address stands once", _NOT_RISING)
    if (most := parameters.get("most_candidates")) is not None:
        promise = f"a one_to_one message has no more than {most:,} candidates: mass mail is marketing or service (one_to_one_maximum)"
        yield no_row_of(promise, "SELECT * FROM candidate_record WHERE (SELECT count(*) FROM candidate_record) > :most", most=most)
    yield no_row_of("no control address stands twice", _REPEATED_SEED)
    yield ExpectFigureToBeBetween(
        description="the audience is not smaller than the campaign's minimum",
        figure=_AUDIENCE,
        min_value=parameters["minimum_audience"],
        severity="critical",
    )
    if parameters["previous_audience"] is not None:
        fewest, most = allowed_change(parameters["maximum_change"], parameters["previous_audience"])
        yield ExpectFigureToBeBetween(
            description="the audience has not changed more than allowed since the previous run",
            figure=_AUDIENCE,
            min_value=fewest,
            max_value=most,
            severity="critical",
        )
    yield no_row_of("nobody in the file has a reason against them", _EXCLUDED_AND_IN)
    yield no_row_of(
        "no address in the file is forbidden, erased or quarantined",
        _BLOCKED_ADDRESS,
        reasons=_ADDRESS_REASONS_WITH_REACH_PROFILE if reach == "profile" else _ADDRESS_REASONS,
    )
    yield no_row_of("every candidate is either in the file or excluded, and stands there once", _UNBALANCED)
    yield no_row_of("every row marked as control address is one of the campaign's", _UNKNOWN_SEED)


def _exclusions_file(parameters: Mapping[str, Any]) -> Iterable[Any]:
    from expectations._figure import no_row_of, none_of

    yield none_of("every exclusion says whom, why and with which rank", _INCOMPLETE_EXCLUSION)
    yield no_row_of("every excluded candidate has one primary reason, of the smallest rank", _WRONG_PRIMARY)


SUITES = (Suite("audience", "audience_file", _audience_file), Suite("audience", "exclusions_file", _exclusions_file))
