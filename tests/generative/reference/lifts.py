"""What lifts what (domain §4)."""

from enum import Enum

from pipeline.vocabulary import Action, Actor, DeliveryType, Via

from .case import Candidate, Case, is_later
from .rows import Consent, Delivery
from .settings import Path, covers, is_inside


class Row(Enum):
    """The rows of the table in domain §4."""

    OPT_OUT = "opt-out, by the owner or by staff"
    PENDING = "opt-out request"
    COMPLAINT = "complaint"
    QUARANTINE = "quarantine, soft, hard or manual"
    PAUSE = "pause"


START = {Via.PREFERENCE_LINK, Via.REPLY, Via.KEYWORD}
FORM = {Via.FORM, Via.LANDING_PAGE}
STAFF = {Actor.STAFF, Actor.STAFF_FOUR_EYES}


def is_lifted(case: Case, restriction: Consent, row: Row, candidate: Candidate) -> bool:
    """Whether some event lifts an opt-out, a request or a pause for the candidate's address."""
    return any(lifts(case, event, restriction, row, candidate) for event in case.consents)


def lifts(case: Case, event: Consent, restriction: Consent, row: Row, candidate: Candidate) -> bool:
    """All six conditions of domain §4 for one event and one restriction that covers the campaign."""
    scope = case.path_covering(restriction)
    assert scope is not None, "only restrictions that cover the campaign are asked about"
    return (
        is_later(event, restriction)  # 1
        and any(is_inside(path, scope) and covers(path, case.campaign.path) for path in widened(case, event))  # 2
        and case.is_on_channel(event)  # 3
        and case.names(event, candidate)  # 4
        and may(case, event, restriction, row)  # 5 and 6
    )


def is_freed(case: Case, restriction: Delivery, row: Row, candidate: Candidate) -> bool:
    """Whether a quarantine or a complaint is lifted: by a release, or by the owner's form for what the form covers."""
    for release in case.deliveries:
        if release.channel == restriction.channel and release.address == restriction.address and is_release(release):
            is_enough = row != Row.COMPLAINT or release.actor == Actor.STAFF_FOUR_EYES
            if is_enough and is_later(release, restriction):
                return True
    if row == Row.QUARANTINE and not case.settings.quarantine["release_on_confirmed_opt_in"]:
        return False
    return any(
        is_later(event, restriction)
        and any(covers(path, case.campaign.path) for path in widened(case, event))
        and case.is_on_channel(event)
        and case.names(event, candidate)
        and is_confirmed_form(case, event, restriction)
        for event in case.consents
    )


def is_release(event: Delivery) -> bool:
    """Staff release an address, with an explanation (domain §2)."""
    return event.type == DeliveryType.RELEASE and event.actor in STAFF and event.has_explanation


def widened(case: Case, event: Consent) -> list[Path]:
    """The scopes of an opt-in: `resubscribe_reach: organisation` lets an owner's form count for its organisation too."""
    paths = list(event.paths)
    if case.policy["resubscribe_reach"] == "organisation" and len(paths[0]) > 1 and is_form(case, event):
        paths.append(paths[0][:1])
    return paths


def is_form(case: Case, event: Consent) -> bool:
    """An owner's form opt-in that counts as such: confirmed, or single where that is enough."""
    if event.actor != Actor.OWNER:
        return False
    if event.action == Action.OPT_IN_CONFIRM:
        return True
    return event.action == Action.OPT_IN and event.via in FORM and case.policy["double_opt_in"] == "optional"


def is_start(event: Consent) -> bool:
    """From the owner's own mailbox or handset: a preference link, or START."""
    return event.actor == Actor.OWNER and event.action == Action.OPT_IN and event.via in START


def is_confirmed_form(case: Case, event: Consent, restriction: Consent | Delivery) -> bool:
    """A form of the owner, confirmed as the organisation requires it, and begun after the restriction (domain §4, point 5)."""
    if not is_form(case, event):
        return False
    request = request_of(case, event) if event.action == Action.OPT_IN_CONFIRM else None
    if request is None:
        return True  # the confirmation's own time stands for it
    if request.actor != Actor.OWNER:
        # Otherwise staff could undo by the back door.
        return is_later(request, restriction) and not is_by_staff(restriction)
    return is_later(request, restriction) or case.policy["double_opt_in"] == "optional"


def request_of(case: Case, confirmation: Consent) -> Consent | None:
    """The latest earlier request of the same address, channel and scope; of two at once not the owner's, which would lift more."""
    earlier = [
        event
        for event in case.consents
        if event.action == Action.OPT_IN_REQUEST
        and event.start < confirmation.start
        and event.channel == confirmation.channel
        and event.paths == confirmation.paths
        and case.addresses_named(event, ("email", "phone")) & case.addresses_named(confirmation)
    ]
    return max(earlier, key=lambda event: (event.start, event.actor != Actor.OWNER), default=None)


def is_by_staff(restriction: Consent | Delivery) -> bool:
    """By staff is every opt-out not attributed to the owner; of the technical ones a quarantine that somebody set."""
    if isinstance(restriction, Delivery):
        return restriction.type == DeliveryType.QUARANTINE and restriction.actor != Actor.OWNER
    return restriction.actor != Actor.OWNER


def may(case: Case, event: Consent, restriction: Consent, row: Row) -> bool:
    """The actor may: the table of domain §4."""
    if is_confirmed_form(case, event, restriction):
        return True
    match row:
        case Row.OPT_OUT:
            if is_by_staff(restriction):
                return event.action == Action.OPT_IN and event.actor == Actor.STAFF_FOUR_EYES and () in restriction.paths
            if event.action == Action.OPT_IN and event.actor in STAFF:
                return event.has_basis and case.policy["staff_resubscribe"] == "with_legal_basis"
            return is_start(event)
        case Row.PENDING:
            return is_start(event) or (event.action == Action.OPT_OUT_CANCEL and event.actor == Actor.OWNER)
        case Row.PAUSE:
            if event.action == Action.RESUME:
                return event.actor in (Actor.OWNER, Actor.STAFF_FOUR_EYES) or (event.actor == Actor.STAFF and event.has_explanation)
            return is_start(event)
        case _:
            return False
