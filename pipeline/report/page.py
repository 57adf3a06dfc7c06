"""Turns a manifest into the figures of the page, and the figures into HTML."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipeline.reasons import Reason

STAGES: tuple[tuple[str, int, int], ...] = (
    ("usable address", 10, 19),
    ("not in quarantine, no complaint", 20, 29),
    ("no opt-out", 30, 39),
    ("not on a register", 40, 44),
    ("with consent", 45, 49),
    ("not paused, not left out by the campaign", 50, 59),
    ("one message per person or address", 60, 64),
    ("within limits of frequency", 65, 69),
    ("after control group and cap", 70, 99),
)
"""The funnel: what is true of everybody who is left, and the ranks of the reasons that take candidates away there."""


@dataclass(frozen=True)
class Stage:
    """One bar of the funnel."""

    name: str
    left: int
    lost: int
    share: float


@dataclass(frozen=True)
class ReasonFigure:
    """One reason: for how many it is the primary one, for how many it holds, and the primary count of the previous run."""

    reason: str
    meaning: str
    primary: int
    total: int
    share: float
    previous: int | None


@dataclass(frozen=True)
class Change:
    """One figure beside the previous run's."""

    name: str
    before: int
    now: int

    @property
    def percent(self) -> str:
        """`+3.1 %`; a change from nothing compares with 1, as `maximum_change` does."""
        return f"{(self.now - self.before) / max(self.before, 1):+.1%}".replace("%", " %")


def render(manifest: Mapping[str, Any]) -> str:
    """The page of a run, as HTML text. The same manifest gives the same text; nothing in it is loaded from elsewhere."""
    zone = ZoneInfo(str(manifest["timezone"]))
    page: str = (
        _environment()
        .get_template("run.html.j2")
        .render(
            run=manifest,
            zone=zone,
            stages=funnel(manifest),
            reasons=reason_figures(manifest),
            changes=changes(manifest),
            failures=[outcome for outcome in manifest["validation"] if not outcome["is_met"]],
        )
    )
    return page


@cache
def _environment() -> Environment:
    """One for all pages of a process, since it keeps the template compiled."""
    environment = Environment(
        loader=PackageLoader("pipeline.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": number, "size": size, "age": age, "local": local}
    return environment


def funnel(manifest: Mapping[str, Any]) -> Sequence[Stage]:
    """From all candidates to the audience, by primary reasons in the order of their ranks; steps that took nobody are left out."""
    candidates: int = manifest["counts"]["candidates"]
    left = candidates
    stages = [Stage("candidates", left, 0, 1.0 if candidates else 0.0)]
    for name, first, last in STAGES:
        lost = sum(count for reason, count in manifest["excluded_by_reason"].items() if first <= Reason(reason).spec.rank <= last)
        if lost:
            left -= lost
            stages.append(Stage(name, left, lost, left / candidates))
    return stages


def reason_figures(manifest: Mapping[str, Any]) -> Sequence[ReasonFigure]:
    """Every reason that holds for somebody now, or was a primary one in the previous run, by rank."""
    candidates = max(manifest["counts"]["candidates"], 1)
    primary: Mapping[str, int] = manifest["excluded_by_reason"]
    before: Mapping[str, int] | None = manifest["previous_run"] and manifest["previous_run"]["excluded_by_reason"]
    named = {*manifest["reasons"], *(before or {})}
    return [
        ReasonFigure(
            reason=reason,
            meaning=reason.spec.meaning,
            primary=primary.get(reason, 0),
            total=manifest["reasons"].get(reason, 0),
            share=primary.get(reason, 0) / candidates,
            previous=None if before is None else before.get(reason, 0),
        )
        for reason in sorted(map(Reason, named), key=lambda reason: reason.spec.rank)
    ]


def changes(manifest: Mapping[str, Any]) -> Sequence[Change]:
    """The counts beside those of the previous run; empty for a first run."""
    previous = manifest["previous_run"]
    if previous is None:
        return []
    return [Change(name, previous["counts"][name], manifest["counts"][name]) for name in ("candidates", "audience", "excluded", "seeds")]


def number(value: int) -> str:
    """1234567 → 1 234 567, with spaces that do not break a line: right in German, Dutch and English."""
    return f"{value:,}".replace(",", "\u202f")


def size(value: int) -> str:
    """Bytes as people read them."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if value >= factor:
            return f"{value / factor:.1f} {unit}"
    return f"{value} bytes"


def age(seconds: int | None) -> str:
    """A length of time in its two largest units; a dash for none."""
    if seconds is None:
        return "–"
    minutes = seconds // 60
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def local(instant: str | None, zone: ZoneInfo) -> str:
    """An instant on the organisation's clock, with its distance from UTC; a dash for none."""
    if instant is None:
        return "–"
    moment = datetime.fromisoformat(instant).astimezone(zone)
    offset = moment.strftime("%z")
    return f"{moment:%Y-%m-%d %H:%M} (UTC{offset[:3]}:{offset[3:]})"
