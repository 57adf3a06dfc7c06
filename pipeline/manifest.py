"""The manifest of a run: what went in, what came out, and that it was checked (contract §3). It never holds an address.

Everything that the report page shows stands in it, so that the page can be made again from the manifest alone.
"""

import platform
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, Protocol

from pipeline import clock, steps
from pipeline.decision import reasons_for
from pipeline.logs import masked_name
from pipeline.outbox import Run, instant_text
from pipeline.reasons import Reason

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from pipeline.config import Campaign, Configuration, FeedConfig, Organisation
    from pipeline.validation import Outcome

SOFTWARE = ("presend", "duckdb", "email-validator", "great-expectations", "phonenumbers", "polars", "scipy", "sqlglot")
"""The packages whose version may change a result."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Decided(Protocol):
    """What manifest and publication need of a decision."""

    @property
    def con(self) -> "DuckDBPyConnection": ...
    @property
    def run_id(self) -> str: ...
    @property
    def campaign(self) -> "Campaign": ...
    @property
    def organisation(self) -> "Organisation": ...
    @property
    def as_of(self) -> datetime: ...
    @property
    def ledger_version(self) -> str: ...
    @property
    def config_sha256(self) -> str: ...
    @property
    def previous_runs(self) -> Sequence[str]: ...


def manifest_of(
    decision: Decided,
    audience_rows: int,
    outcomes: Sequence["Outcome"],
    configuration: "Configuration",
    previous: Run | None,
    warnings: Iterable[str],
) -> dict[str, Any]:
    """Everything of the manifest but `files`, which come last: the report is one of them.

    `audience_rows` are the rows of the staged audience, seeds included. A pure function of the decision and its inputs.
    """
    campaign = decision.campaign
    con = decision.con
    ((candidates, audience, excluded),) = con.execute(steps.read("5_publication/candidate_count").sql).fetchall()
    reasons = con.execute(steps.read("5_publication/reason_count").sql).fetchall()
    feeds = _feeds(con, decision.as_of)
    return {
        "run_id": decision.run_id,
        "campaign": campaign.id,
        "organisation": campaign.organisation,
        "organisation_name": decision.organisation.name,
        "timezone": decision.organisation.timezone,
        "brand": campaign.brand,
        "list": campaign.list,
        "channel": str(campaign.channel),
        "message_class": str(campaign.message_class),
        "as_of": instant_text(decision.as_of),
        "published_at": instant_text(decision.as_of),
        "delivery_analysis_at": instant_text(campaign.delivery_analysis_at),
        "contact_at": instant_text(campaign.contact_at),
        "approval": None,
        "approval_required": str(campaign.approval) == "required",
        **({"addresses_may_repeat": True} if Reason.DUPLICATE_ADDRESS not in reasons_for(configuration, campaign) else {}),
        "counts": {"candidates": candidates, "audience": audience, "excluded": excluded, "seeds": audience_rows - audience},
        "excluded_by_reason": {reason: primary for reason, _, _, primary in reasons if primary},
        "reasons": {reason: count for reason, _, count, _ in reasons},
        "warnings": [*warnings, *(f"{outcome.name}: {outcome.observed}" for outcome in outcomes if not outcome.is_met)],
        **({"values_without_meaning": meaningless} if (meaningless := _values_without_meaning(con)) else {}),
        "previous_run": None if previous is None else _previous(previous),
        "reads": sorted({*decision.previous_runs, *([] if previous is None else [previous.run_id])}),
        "freshness": _freshness(feeds, configuration, campaign.organisation, decision.as_of),
        "feeds": feeds,
        "config_sha256": decision.config_sha256,
        "ledger_version": decision.ledger_version,
        "software": software_versions(),
        "validation": [_outcome(outcome) for outcome in outcomes],
    }


def maximum_age(feed: "FeedConfig", configuration: "Configuration") -> timedelta | None:
    """How old a feed's newest file may be: for a register the smaller of the feed's and the register's limit (domain §6)."""
    limits = [feed.max_age]
    if feed.register_format is not None and feed.register_format.id in configuration.registers:
        limits.append(configuration.registers[feed.register_format.id].max_age)
    return min((limit for limit in limits if limit is not None), default=None)


def _values_without_meaning(con: "DuckDBPyConnection") -> list[dict[str, Any]]:
    """The columns that the campaign compares, with how many of their values are none of what they are compared with, and so met nothing."""
    rows = con.execute("FROM segment_value WHERE meaningless > 0 ORDER BY ALL").fetchall()
    return [dict(zip(("setting", "columns", "values", "without_meaning"), row, strict=True)) for row in rows]


def _previous(run: Run) -> dict[str, Any]:
    kept = ("run_id", "as_of", "counts", "excluded_by_reason")
    return {key: run.manifest[key] for key in kept}


def _outcome(outcome: "Outcome") -> dict[str, Any]:
    return {
        "gate": outcome.gate,
        "name": outcome.name,
        "table": outcome.table,
        "is_met": outcome.is_met,
        "severity": outcome.severity,
        "observed": outcome.observed,
        "detail": outcome.detail,
    }


def _feeds(con: "DuckDBPyConnection", as_of: datetime) -> list[dict[str, Any]]:
    """Every file that the ledger has read, by feed and arrival, with its four counts."""
    # As a number, because the 1.5 client turns timestamps with a zone into Python values only where pytz is installed.
    query = f"SELECT * EXCLUDE (received_at), epoch_us(received_at) FROM ({steps.read('5_publication/feed_arrival').sql}\n)"
    feeds = []
    for feed, source, file, sha256, rows, loaded, duplicate, ignored, rejected, is_refused, micros in con.execute(query).fetchall():
        arrived_at = _EPOCH + timedelta(microseconds=micros)
        entry = {
            "feed": feed,
            "source": source,
            # Some senders name a file after the address that it is about.
            "file": masked_name(file),
            "sha256": sha256,
            "rows": rows,
            "loaded": loaded,
            "duplicate": duplicate,
            "ignored": ignored,
            "rejected": rejected,
            "is_refused": is_refused,
            "arrived_at": instant_text(arrived_at),
            "age": _seconds(as_of - arrived_at),
        }
        feeds.append((entry["feed"], arrived_at, entry["file"], entry["sha256"], entry))
    return [entry for *_, entry in sorted(feeds, key=lambda row: row[:-1])]


def _freshness(feeds: Sequence[dict[str, Any]], configuration: "Configuration", organisation: str, as_of: datetime) -> list[dict[str, Any]]:
    """Per feed that concerns the campaign's organisation: when its newest file that was taken arrived, against its limit."""
    freshness = []
    for feed in sorted(configuration.feeds.values(), key=lambda feed: feed.id):
        if feed.concerns not in (None, organisation):
            continue
        taken = [entry for entry in feeds if entry["feed"] == feed.id and not entry["is_refused"]]
        newest = max((datetime.fromisoformat(entry["arrived_at"]) for entry in taken), default=None)
        limit = maximum_age(feed, configuration)
        age = None if newest is None else as_of - newest
        freshness.append(
            {
                "feed": feed.id,
                "source": feed.source,
                "is_required": feed.required,
                "files": len(taken),
                "rows": sum(entry["rows"] for entry in taken),
                "rejected": sum(entry["rejected"] for entry in taken),
                "arrived_at": None if newest is None else instant_text(newest),
                "age": None if age is None else _seconds(age),
                "max_age": None if limit is None else _seconds(limit),
                "is_stale": newest is None or age is None or clock.is_ahead(newest) or (limit is not None and age > limit),
            }
        )
    return freshness


def _seconds(age: timedelta) -> int:
    """Whole seconds; a file that arrived after the instant asked about has no age yet."""
    return max(0, age // timedelta(seconds=1))


@cache
def software_versions() -> Mapping[str, str]:
    """The versions of what made the run, the parts that are not installed left out."""
    versions = {"python": platform.python_version()}
    for name in SOFTWARE:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:  # an extra
            continue
    return versions
