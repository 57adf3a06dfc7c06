"""How many messages reached a person lately: the owner's limits and the organisation's (domain §6, ranks 65 and 66)."""

from datetime import timedelta

from pipeline.vocabulary import Action, DeliveryType

from .addresses import mailbox_of
from .case import Candidate, Case, Reached, latest
from .rows import Delivery
from .settings import Path


def reached_limit(case: Case, candidate: Candidate) -> Reached | None:
    """The owner's own limit that is reached: the latest wish per scope, those of one moment together; all on the path must hold."""
    by_scope: dict[Path, list[Reached]] = {}
    for reached in case.reaching(candidate, Action.FREQUENCY):
        scope = case.path_covering(reached.event)
        assert scope is not None
        by_scope.setdefault(scope, []).append(reached)
    full = []
    for scope, wishes in by_scope.items():
        newest = latest(wishes).event
        for wish in wishes:
            event = wish.event
            if (event.start, event.end) != (newest.start, newest.end) or event.max_messages is None or event.per_days is None:
                continue  # replaced, or no limit
            if messages(case, candidate, scope, event.per_days) >= event.max_messages:
                full.append(wish)
    return latest(full) if full else None


def is_under_pressure(case: Case, candidate: Candidate) -> bool:
    """Whether the organisation's own limit per person and window is reached."""
    limit = case.policy["pressure"]
    if not limit:
        return False
    return messages(case, candidate, (case.campaign.organisation,), limit["per_days"]) >= int(limit["max_messages"])


def messages(case: Case, candidate: Candidate, scope: Path, per_days: int) -> int:
    """Messages of the channel inside a scope to any address of the person, sent or about to be, around `contact_at` (domain §6, §8)."""
    window = timedelta(hours=24 * per_days)
    start, end = case.campaign.contact_at - window, case.campaign.contact_at + window
    sent = [event for event in case.deliveries if _is_sent_to(case, event, candidate)]
    count = sum(event.end >= start and event.start <= end and _is_inside(case, event, scope) for event in sent)
    for (name, channel, _), run in case.planned.items():
        if name == case.campaign.name or channel != case.campaign.channel:
            continue
        # Whoever publishes second gives way: not both to each other, also when all is run once more at the same moment.
        is_second = run.as_of == case.as_of and case.campaign.name in run.gave_way_to
        if (
            start <= run.campaign.contact_at <= end
            and not is_second
            and _overlap(run.campaign.path, scope)
            and not any(event.campaign == name and (_is_only(case, name) or event.end >= run.as_of) for event in sent)
        ):
            count += sum(_is_theirs(case, address, candidate) for _, address in run.audience)
    return count


def _is_only(case: Case, name: str) -> bool:
    """Whether no other audience of the campaign is a message besides."""
    return sum(key[:2] == (name, case.campaign.channel) for key in case.planned) == 1


def _is_sent_to(case: Case, event: Delivery, candidate: Candidate) -> bool:
    return event.type == DeliveryType.SENT and event.channel == case.campaign.channel and _is_theirs(case, event.address, candidate)


def _is_theirs(case: Case, address: str, candidate: Candidate) -> bool:
    """Messages to any address of the person count."""
    known = case.identity.mailboxes.get(case.identity.ever.of(candidate.profile), set())
    return address == candidate.address or mailbox_of(address) in known


def _is_inside(case: Case, event: Delivery, scope: Path) -> bool:
    """A `sent` of unknown brand or list counts for all."""
    if event.campaign in case.campaigns:
        return _overlap(case.campaigns[event.campaign].path, scope)
    organisation = event.organisation or event.feed_organisation
    return organisation not in case.settings.organisations or _overlap((organisation,), scope)


def _overlap(path: Path, scope: Path) -> bool:
    shared = min(len(path), len(scope))
    return path[:shared] == scope[:shared]
