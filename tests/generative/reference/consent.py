"""Consent: is there one of the kind that the organisation asks for (domain §4 "Consent")."""

from datetime import timedelta

from pipeline.reasons import Reason
from pipeline.vocabulary import Action, Actor

from .case import OPT_OUTS, Candidate, Case, is_later
from .lifts import STAFF, Row, is_start, may, widened
from .rows import Consent
from .settings import Path, covers, is_inside

DEPTH = {"organisation": 1, "brand": 2}
"""How narrow a consent may be, where the policy asks for a scope; else any scope of the campaign's path will do."""


def standing_consents(case: Case, candidate: Candidate) -> tuple[list[Consent], list[Consent]]:
    """The consents that stand for the candidate, and those that only their age ended."""
    standing, expired = [], []
    for event in case.consents:
        if not (is_valid(case, event) and case.is_on_channel(event) and case.names(event, candidate)):
            continue
        if not any(is_asked_for(case, path) and not is_ended(case, event, path, candidate) for path in widened(case, event)):
            continue  # a form that counts for its organisation besides is two consents, and each ends for itself
        days = case.policy["consent_valid_days"]
        if days is not None and event.start + timedelta(days=days) <= case.campaign.contact_at:
            expired.append(event)
        else:
            standing.append(event)
    return standing, expired


def is_asked_for(case: Case, path: Path) -> bool:
    """Whether a consent at this scope is of the kind that `consent_required` asks for."""
    return covers(path, case.campaign.path) and len(path) <= DEPTH.get(case.policy["consent_required"], len(path))


def is_valid(case: Case, event: Consent) -> bool:
    """Whether an opt-in is a consent at all: by whom, and confirmed where that is required."""
    is_double = case.policy["double_opt_in"] == "required"
    if event.action == Action.OPT_IN_CONFIRM:
        return event.actor in (Actor.OWNER, Actor.IMPORT) or (event.actor in STAFF and event.has_basis)
    if event.action == Action.OPT_IN:
        if is_double:
            return is_start(event)
        return event.actor == Actor.OWNER or (event.actor in (*STAFF, Actor.IMPORT) and event.has_basis)
    return False


def is_ended(case: Case, event: Consent, scope: Path, candidate: Candidate) -> bool:
    """An opt-out at its own or a wider scope ends a consent; one too weak to lift an older opt-out there is none."""
    for restriction, _ in case.reaching(candidate, *OPT_OUTS):
        if not any(is_inside(scope, path) for path in restriction.paths):
            continue
        if not (is_later(event, restriction) and may(case, event, restriction, Row.OPT_OUT)):
            return True
    return False


def consent_reason(case: Case, candidate: Candidate) -> tuple[Reason, Consent | None] | None:
    """At most one of ranks 45 to 47 (domain §6)."""
    if case.policy["consent_required"] == "none":
        return None
    standing, expired = standing_consents(case, candidate)
    if standing:
        return None
    if expired:
        return Reason.CONSENT_EXPIRED, _latest(expired)
    covering = [one.event for one in case.reaching(candidate, *OPT_OUTS)]
    begun = [
        event
        for event in case.consents
        if (event.action == Action.OPT_IN_REQUEST or (event.action == Action.OPT_IN and case.policy["double_opt_in"] == "required"))
        and case.is_on_channel(event)
        and case.names(event, candidate)
        and any(is_asked_for(case, path) for path in event.paths)
        and all(is_later(event, restriction) for restriction in covering)
    ]
    if begun:
        return Reason.CONSENT_UNCONFIRMED, _latest(begun)
    return Reason.NO_CONSENT, None


def _latest(events: list[Consent]) -> Consent:
    newest = max((event.start, event.end) for event in events)
    return min(
        (event for event in events if (event.start, event.end) == newest),
        key=lambda event: (event.source, event.event_id == "", event.event_id),
    )
