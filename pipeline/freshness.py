"""Whether everything that a campaign rests on is there, taken and fresh (domain §6). Fail closed: if not, nothing is published.

A campaign rests on the required feeds of its organisation, those without an organisation, and its channel's registers. Other
feeds count as far as they are loaded, with a warning.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pipeline import clock
from pipeline.config import Campaign, Configuration, FeedConfig
from pipeline.errors import FeedNotFresh, FeedRefused
from pipeline.ledger import redating
from pipeline.ledger.editions import newest_of_lines, not_made_good
from pipeline.ledger.loads import Load
from pipeline.manifest import maximum_age


@dataclass(frozen=True)
class FeedState:
    """A feed at an instant: its newest file, that file's age, and what is wrong with it, if anything."""

    feed: FeedConfig
    newest: Load | None
    age: timedelta | None
    limit: timedelta | None
    refused: Load | None
    ahead: datetime | None = None
    """When its newest file arrived, if that is ahead of the machine's clock: nobody knows how old the file really is."""

    @property
    def is_refused(self) -> bool:
        return self.refused is not None

    @property
    def is_missing(self) -> bool:
        return self.newest is None

    @property
    def is_stale(self) -> bool:
        return self.ahead is not None or (self.age is not None and self.limit is not None and self.age > self.limit)

    @property
    def problem(self) -> str:
        """What is wrong, in words; empty when nothing is."""
        if self.refused is not None:
            reason = f" ({self.refused.refusal})" if self.refused.refusal else ""
            return f"its newest file {self.refused.shown_file} was refused{reason}"
        if self.is_missing:
            return "no file of it has been loaded"
        if self.ahead is not None:
            return f"its newest file was received at {self.ahead.isoformat()}, ahead of the machine's clock ({clock.now().isoformat()})"
        if self.is_stale:
            return f"its newest file is {_spoken(self.age)} old, allowed are {_spoken(self.limit)}"
        return ""

    @property
    def remedy(self) -> str:
        """What resolves the problem; empty where there is none."""
        if self.refused is not None:
            return remedy_of(self.refused, self.feed.id)
        if self.ahead is not None:
            return redating.REMEDY
        return f"Land a new file and run `presend ingest {self.feed.id}`." if self.problem else ""


def _spoken(span: timedelta | None) -> str:
    hours = (span or timedelta()).total_seconds() / 3600
    return f"{hours:.1f} hours" if hours < 72 else f"{hours / 24:.1f} days"


def state_of(configuration: Configuration, feed: FeedConfig, loads: list[Load], as_of: datetime) -> FeedState:
    """How the feed stands at `as_of`; `loads` are the ledger's, in order."""
    arrived = [load for load in loads if load.feed in feed.names]
    # Of feeds that were joined each is as old as it was, until a file comes under the name that joins them.
    newest = min(newest_of_lines(load for load in arrived if not load.is_refused), key=lambda load: load.received_at, default=None)
    return FeedState(
        feed,
        newest,
        None if newest is None else as_of - newest.received_at,
        maximum_age(feed, configuration),
        _refused_among(arrived),
        next((load.received_at for load in arrived[-1:] if clock.is_ahead(load.received_at)), None),
    )


def _refused_among(arrived: list[Load]) -> Load | None:
    """The refused file that no later one has made good: one of the newest ingest of a line, or a snapshot beside which only those of other
    series have come."""
    left = not_made_good(arrived, for_all_organisations=False)
    newest = {load.received_at for load in newest_of_lines(arrived)} if left else set()
    return next((load for load in left if load.is_snapshot or load.received_at in newest), None)


def remedy_of(refused: Load, feed: str) -> str:
    """What to do about a refused file of the feed, by what that is called now."""
    if refused.is_part and not refused.is_shrunk:
        return (
            "Land the part that is refused once more, corrected and in its place, or all parts under new names."
            f" Rejected rows stand in rejected/{refused.feed}/."
        )
    if refused.is_shrunk:
        return (
            "Land the whole file under a new name; or, if this one is right, say so:"
            f" `presend ingest --accept {feed}/{refused.shown_file} --by NAME`."
        )
    if not refused.rejected:  # nothing of it was read: there is no row to look at, and no share to raise
        return f"Land a file that can be read, under a new name or in its place; or, where the file is right, correct feeds/{feed}.yaml."
    if refused.faults.get("organisation_unknown"):
        return (
            f"See rejected/{refused.feed}/: rows name an organisation that is not configured. If it is called otherwise now, write"
            " `formerly: [its former id]` beside it in presend.yaml; else land a corrected file."
        )
    return f"See rejected/{refused.feed}/, and land a corrected file, or raise max_rejected in feeds/{feed}.yaml."


def feeds_of(configuration: Configuration, campaign: Campaign) -> tuple[list[FeedConfig], list[FeedConfig]]:
    """The feeds that the campaign rests on, and the others that concern its organisation."""
    resting: list[FeedConfig] = []
    others: list[FeedConfig] = []
    for feed in configuration.feeds.values():
        if feed.concerns not in (None, campaign.organisation):
            continue
        register = None if feed.register_format is None else configuration.registers.get(feed.register_format.id)
        if feed.register_format is not None:
            concerned = register is not None and register.channel == campaign.channel
        else:
            concerned = feed.required
        (resting if concerned else others).append(feed)
    return resting, others


def require_fresh(configuration: Configuration, campaign: Campaign, loads: list[Load], as_of: datetime) -> list[str]:
    """Warnings about the feeds that the campaign does not rest on. Raises FeedRefused, FeedNotFresh."""
    resting, others = feeds_of(configuration, campaign)
    states = [state_of(configuration, feed, loads, as_of) for feed in resting]
    for state in states:
        if state.refused is not None:
            raise FeedRefused(
                f"campaign {campaign.id} rests on feed {state.feed.id}, and {state.problem}",
                where=f"landing/{state.refused.feed}/{state.refused.shown_file}",
                remedy=state.remedy,
            )
    for state in states:
        if state.problem:
            raise FeedNotFresh(
                f"campaign {campaign.id} rests on feed {state.feed.id}, and {state.problem}",
                where=f"landing/{state.feed.id}/",
                remedy=state.remedy,
            )
    return problems(configuration, others, loads, as_of)


def problems(configuration: Configuration, feeds: Iterable[FeedConfig], loads: list[Load], as_of: datetime) -> list[str]:
    """What is wrong with the feeds at `as_of`, those without a problem left out."""
    states = [state_of(configuration, feed, loads, as_of) for feed in feeds]
    return [f"feed {state.feed.id}: {state.problem}" for state in states if state.problem]
