"""Quarantine: what is the state of an address on a channel (domain §5)."""

from dataclasses import replace
from datetime import datetime, timedelta

from pipeline.reasons import Reason
from pipeline.vocabulary import BounceClass, DeliveryType

from .case import Candidate, Case
from .lifts import Row, is_freed, is_release
from .rows import Delivery
from .times import BEGINNING


def quarantine_of(case: Case, candidate: Candidate) -> dict[Reason, Delivery]:
    """The reasons 20 to 23 that stand against the candidate's address, each with its evidence."""
    events = [event for event in case.deliveries if event.channel == case.campaign.channel and event.address == candidate.address]
    hard = [event for event in events if event.bounce_class == BounceClass.HARD]
    manual = [event for event in events if event.type == DeliveryType.QUARANTINE]
    complaints = [event for event in events if event.type == DeliveryType.COMPLAINT]
    found = {
        Reason.QUARANTINED_HARD: [event for event in hard if not is_freed(case, event, Row.QUARANTINE, candidate)],
        Reason.QUARANTINED_SOFT: [
            event for event, end in soft_quarantine(case, events) if not is_freed(case, replace(event, end=end), Row.QUARANTINE, candidate)
        ],
        Reason.QUARANTINED_MANUAL: [event for event in manual if not is_freed(case, event, Row.QUARANTINE, candidate)],
        Reason.COMPLAINT: [event for event in complaints if not is_freed(case, event, Row.COMPLAINT, candidate)],
    }
    return {reason: _latest(standing) for reason, standing in found.items() if standing}


def soft_quarantine(case: Case, events: list[Delivery]) -> list[tuple[Delivery, datetime]]:
    """The error because of which the address is in soft quarantine, and the end of all that were counted; none where it is free."""
    rules = case.settings.quarantine
    resets = [event.start for event in events if event.type == DeliveryType.DELIVERED or is_release(event)]
    last_reset = max(resets, default=BEGINNING)
    errors = [event for event in events if event.bounce_class in (BounceClass.SOFT, BounceClass.UNDETERMINED) and event.end > last_reset]
    counted: list[Delivery] = []
    days = 0
    last_day = None
    for day in sorted({event.end.date() for event in errors}):
        if last_day and days < rules["soft_threshold"] and day - last_day > timedelta(days=rules["soft_reset_days"]):
            counted, days = [], 0
        counted += [event for event in errors if event.end.date() == day]
        days, last_day = days + 1, day
    if days < rules["soft_threshold"]:
        return []
    last = _latest(counted)
    ends = max(event.end for event in counted) + timedelta(days=rules["mailbox_full_days"])
    if all(event.is_mailbox_full for event in counted) and ends <= case.as_of:
        return []
    return [(last, max(event.end for event in counted))]


def _latest(events: list[Delivery]) -> Delivery:
    newest = max((event.start, event.end) for event in events)
    return min(
        (event for event in events if (event.start, event.end) == newest),
        key=lambda event: (event.source, event.event_id == "", event.event_id),
    )
