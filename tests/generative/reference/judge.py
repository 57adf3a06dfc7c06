"""A scenario from its first step to its last: files in, runs out (tests/scenarios/README.md; contract §4)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from .case import Case
from .decision import Run, decide, is_nobodys, plan
from .identity import Identity
from .ledger import Ledger
from .rows import Row
from .settings import FEEDS, PROFILE_FEEDS, Campaign, Settings

USAGE, CONFIGURATION, REFUSED, STALE, INVALID = 2, 10, 11, 12, 13
BY_PRECEDENCE = [CONFIGURATION, REFUSED, STALE, INVALID]
"""`run` exits with the first of these that occurred."""


@dataclass
class Outcome:
    """What one step gave: the exit code, and what was published in it by campaign."""

    exit: int
    campaign: str
    runs: dict[str, Run] = field(default_factory=dict)


def judge(scenario: dict[str, Any]) -> list[Outcome]:
    """The outcome of every step, each as the one clock of its `as_of` sees it."""
    settings = Settings(scenario)
    ledger = Ledger(settings)
    campaigns: dict[str, Campaign | None] = {}
    published: dict[str, Run] = {}
    planned: dict[tuple[str, str, datetime], Run] = {}
    outcomes = []
    landed: list[tuple[str, str, list[Row]]] = [
        (name, "edition.csv", [{"entry": entry} for entry in register.entries]) for name, register in settings.registers.items()
    ]
    for number, step in enumerate(scenario.get("steps", [scenario])):
        as_of = datetime.fromisoformat(step.get("as_of", scenario.get("as_of", "2026-06-01T08:00:00+00:00")))
        name = step.get("campaign_id", "c1")
        landed += files_of(step, number)
        campaigns[name] = settings.campaign(name, campaign_file(scenario, step, as_of))
        if as_of < ledger.received:
            outcomes.append(Outcome(USAGE, name))
            continue
        faults = set()
        for feed, file, rows in landed:
            if not ledger.ingest(settings.feeds[feed], file, rows, as_of):
                faults.add(REFUSED)
        landed = []
        outcome = Outcome(0, name)
        outcomes.append(outcome)
        if None in campaigns.values():
            faults.add(CONFIGURATION)
        sound = {name: campaign for name, campaign in campaigns.items() if campaign is not None}
        due = [one for one in sound.values() if one.delivery_analysis_at - one.publish_before <= as_of < one.delivery_analysis_at]
        identity = Identity(ledger, settings.key_limits)
        for campaign in sorted(due, key=lambda one: (one.delivery_analysis_at, one.name)):
            fault = standing_in_the_way(settings, ledger, campaign, as_of)
            if fault is None and any(name not in published for name in set(campaign.exclude) - set(campaign.exclude_optional)):
                fault = STALE
            if fault is None:
                run = decide(Case(settings, ledger, identity, campaign, as_of, sound, published, planned))
                if is_nobodys(campaign) and spares_somebody(run, settings):
                    fault = CONFIGURATION
                elif not is_plausible(run, published.get(campaign.name)):
                    fault = INVALID
            if fault is not None:
                faults.add(fault)
                continue
            published[campaign.name] = outcome.runs[campaign.name] = run
            plan(planned, run)
        outcome.exit = next((fault for fault in BY_PRECEDENCE if fault in faults), 0)
    return outcomes


def files_of(step: dict[str, Any], number: int) -> list[tuple[str, str, list[Row]]]:
    """The files that a step lands, with the defaults that the scenarios' README names."""
    files = []
    for feed in FEEDS:
        rows = step.get(feed)
        if rows is None and (number or feed == "shop"):
            continue
        filled = []
        for index, row in enumerate(rows or []):
            defaults = (
                {"organisation": "o1", "updated_at": "2026-01-01T00:00:00Z"}
                if feed in PROFILE_FEEDS
                else {"event_id": f"{feed}-{number}-{index}"}
            )
            filled.append(defaults | row)
        columns = {column for row in filled for column in row}
        files.append((feed, file_of(feed, f"{number:03}"), [dict.fromkeys(columns, "") | row for row in filled]))
    return files


def file_of(feed: str, name: str) -> str:
    """What a file is called: the shop's comes after the CRM's of the same step, whatever kind of rows they hold."""
    return f"{name[:3]}.shop{name[3:]}.csv" if feed == "shop" else f"{name}.csv"


def campaign_file(scenario: dict[str, Any], step: dict[str, Any], as_of: datetime) -> dict[str, Any]:
    """A step's campaign, with the scenarios' defaults."""
    return {
        "organisation": "o1",
        "brand": "b1",
        "channel": "email",
        "message_class": "marketing",
        "minimum_audience": 0,
        "maximum_change": "100000%",
        "delivery_analysis_at": (as_of + timedelta(hours=1)).isoformat(),
        **scenario.get("campaign", {}),
        **step.get("campaign", {}),
    }


def standing_in_the_way(settings: Settings, ledger: Ledger, campaign: Campaign, as_of: datetime) -> int | None:
    """A campaign rests on its organisation's required feeds, those of all, and its channel's registers (domain §6)."""
    faults = []
    for feed in settings.feeds.values():
        is_its_register = bool(feed.register) and settings.registers[feed.register].channel == campaign.channel
        if not is_its_register and not (feed.is_required and feed.organisation in ("", campaign.organisation)):
            continue
        arrival = ledger.arrivals.get(feed.name)
        if arrival and arrival.is_refused:
            faults.append(REFUSED)
        elif arrival is None or arrival.loaded is None or as_of - arrival.loaded > feed.max_age:
            faults.append(STALE)
    return min(faults, default=None)


def spares_somebody(run: Run, settings: Settings) -> bool:
    """Whether the message's own class would let somebody in who is excluded as in marketing."""
    own = settings.applicable(run.campaign.message_class, run.campaign.organisation)
    return any(verdict.reasons and not own & verdict.reasons.keys() for verdict in run.verdicts)


def is_plausible(run: Run, before: Run | None) -> bool:
    """The audience is neither too small nor too different from the previous run's, where an empty one counts as 1; and a one_to_one
    message has few candidates."""
    size = len(run.audience)
    if run.campaign.most_candidates is not None and len(run.verdicts) > run.campaign.most_candidates:
        return False
    if size < run.campaign.minimum_audience:
        return False
    return before is None or abs(size - len(before.audience)) <= run.campaign.maximum_change * max(len(before.audience), 1)
