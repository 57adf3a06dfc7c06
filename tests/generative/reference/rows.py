"""Rows of the canonical feeds, read as events (domain §2; contract §2; bounce classes: domain §5)."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from pipeline.vocabulary import RESTRICTIVE_ACTIONS, Action, Actor, BounceClass, Channel, DeliveryType, Via

from .addresses import read_address
from .ids import read_id
from .settings import Feed, Path, Settings
from .times import BEGINNING, ZERO, Interval, read_time

Row = dict[str, str]
Profile = tuple[str, str]
"""(organisation, profile_id)."""


class Place(NamedTuple):
    """Where a row came from and when, in the order in which rows arrive."""

    received: datetime
    file: str
    row: int


@dataclass(frozen=True)
class Consent:
    """A consent event; `paths` are the scopes that it speaks of, more than one only where none was readable."""

    source: str
    event_id: str
    action: Action
    channel: str
    address: str | None
    profiles: frozenset[Profile]
    paths: tuple[Path, ...]
    actor: str
    via: str
    has_basis: bool  # a legal basis and an explanation
    has_explanation: bool
    start: datetime
    end: datetime
    written: Interval | None
    place: Place
    unread: str = ""  # a time that cannot be read, as it stands there
    pause_end: datetime | None = None
    max_messages: int | None = None
    per_days: int | None = None

    def identity(self) -> tuple[object, ...]:
        """What makes two rows one event (domain §2 "The same event twice is one event")."""
        time = self.written or self.unread
        return (self.source, self.event_id, self.action, self.channel, self.address, self.profiles, self.paths, time)


@dataclass(frozen=True)
class Delivery:
    """A delivery event; a bounce has its class as domain §5 says."""

    source: str
    event_id: str
    type: DeliveryType
    channel: str
    address: str
    bounce_class: BounceClass | None
    is_mailbox_full: bool
    organisation: str
    feed_organisation: str
    campaign: str
    actor: str
    has_explanation: bool
    start: datetime
    end: datetime
    written: Interval | None
    place: Place
    unread: str = ""

    def identity(self) -> tuple[object, ...]:
        """As for consent; the scope of a delivery event is its organisation and campaign."""
        time = self.written or self.unread
        return (self.source, self.event_id, self.type, self.channel, self.address, self.organisation, self.campaign, time)


IDS = {"event_id", "profile_id", "organisation", "scope_id", "campaign"}


def _cells(row: Row) -> Row:
    return {name: read_id(str(value)) if name in IDS else str(value).strip() for name, value in row.items()}


FINAL = {Via.ONE_CLICK, Via.KEYWORD, Via.REPLY}
"""One-click and STOP are final at once (domain §4 "Double opt-out"), whatever the row calls them."""


def read_consent(row: Row, place: Place, feed: Feed, settings: Settings) -> Consent | None:
    """One consent row as an event, or None where it is rejected. Unknown is restrictive (domain §2)."""
    cell = _cells(row)

    def get(name: str) -> str:
        return cell.get(name, "")

    action = Action(get("action")) if get("action") in list(Action) else Action.OPT_OUT
    is_restrictive = action in RESTRICTIVE_ACTIONS
    channel = get("channel") or Channel.ANY
    if channel not in list(Channel):
        if not is_restrictive:
            return None
        channel = Channel.ANY
    address = None
    if get("address"):
        address = read_address(get("address"), channel)
        if address is None and not (is_restrictive and get("profile_id")):
            return None  # a restriction still holds for the profile that it names beside
    elif not get("profile_id"):
        return None
    written = read_time(get("occurred_at"), feed.zone)
    if not is_restrictive and _is_unusable(written):
        return None

    scope = _scope(get("scope"), get("scope_id"), get("organisation"), feed, settings)
    if not scope.is_known:
        if not is_restrictive:
            return None
        action = Action.OPT_OUT  # "… in a restrictive row is an opt-out of …"
    if action == Action.OPT_OUT_REQUEST and get("via") in FINAL:
        action = Action.OPT_OUT
    profiles = _profiles(get("profile_id"), get("organisation") or feed.organisation, scope, settings)
    if profiles is None:
        if not is_restrictive:
            return None
        profiles = frozenset((organisation, get("profile_id")) for organisation in settings.organisations)

    start, end = _clamped(written, place.received)
    pause = read_time(get("until"), feed.zone) if action == Action.PAUSE else None
    return Consent(
        source=feed.source,
        event_id=get("event_id"),
        action=action,
        channel=channel,
        address=address,
        profiles=profiles,
        paths=scope.paths,
        actor=_actor(get("actor"), get("via"), is_restrictive),
        via=get("via"),
        has_basis=bool(get("legal_basis") and get("explanation")),
        has_explanation=bool(get("explanation")),
        start=start,
        end=end,
        written=written,
        place=place,
        unread="" if written else get("occurred_at"),
        pause_end=pause.end if pause else None,
        max_messages=int(get("max_messages")) if get("max_messages") else None,
        per_days=int(get("per_days")) if get("per_days") else None,
    )


class _Scope(NamedTuple):
    paths: tuple[Path, ...]
    is_known: bool


def _scope(scope: str, scope_id: str, organisation: str, feed: Feed, settings: Settings) -> _Scope:
    """The scope of a row. Unknown list, brand, scope: the organisation's; unknown organisation: the group's."""
    if organisation and organisation not in settings.organisations:
        return _Scope(((),), is_known=False)
    home = organisation or feed.organisation
    if scope == "group":
        return _Scope(((),), is_known=True)
    if scope == "organisation" and (scope_id or home):
        if (scope_id or home) in settings.organisations:
            return _Scope(((scope_id or home,),), is_known=True)
        return _Scope(((),), is_known=False)
    if (scope, scope_id) in settings.paths:
        return _Scope((settings.paths[scope, scope_id],), is_known=True)
    if home:
        return _Scope(((home,),), is_known=False)
    return _Scope(tuple((every,) for every in settings.organisations), is_known=False)


def _profiles(profile_id: str, organisation: str, scope: _Scope, settings: Settings) -> frozenset[Profile] | None:
    """The profiles that a row names; None where their organisation cannot be told (domain §3)."""
    if not profile_id:
        return frozenset()
    if organisation:
        return frozenset({(organisation, profile_id)}) if organisation in settings.organisations else None
    if scope.is_known and len(scope.paths[0]) > 0:
        return frozenset({(scope.paths[0][0], profile_id)})
    return None


def _actor(actor: str, via: str, is_restrictive: bool) -> str:
    """Who acted, where the row does not say (contract §2)."""
    if actor:
        return actor
    if not is_restrictive and via in ("", Via.MANUAL, Via.IMPORT):
        return Actor.IMPORT
    return Actor.OWNER


def _clamped(written: Interval | None, received: datetime) -> tuple[datetime, datetime]:
    """A restriction without usable time counts from the beginning until it was received; nothing is later than that."""
    if written is None:
        return BEGINNING, received
    start = BEGINNING if written.start < ZERO else written.start
    end = received if written.end < ZERO else written.end
    return min(start, received), min(end, received)


def _is_unusable(written: Interval | None) -> bool:
    return written is None or written.start < ZERO


RESTRICTIVE_TYPES = {DeliveryType.BOUNCE, DeliveryType.COMPLAINT, DeliveryType.QUARANTINE}


def read_delivery(row: Row, place: Place, feed: Feed) -> Delivery | None:
    """One delivery row as an event, or None where it is rejected."""
    cell = _cells(row)

    def get(name: str) -> str:
        return cell.get(name, "")

    channel = get("channel") or Channel.EMAIL
    if get("type") not in list(DeliveryType) or channel not in list(Channel):
        return None
    what = DeliveryType(get("type"))
    address = read_address(get("address"), channel)
    written = read_time(get("occurred_at"), feed.zone)
    if address is None or (what not in RESTRICTIVE_TYPES and _is_unusable(written)):
        return None
    bounce_class, is_full = None, False
    if what == DeliveryType.BOUNCE:
        bounce_class, is_full = classify(get("bounce_class"), get("reason"), get("status_code"), get("diagnostic"))
    start, end = _clamped(written, place.received)
    return Delivery(
        source=feed.source,
        event_id=get("event_id"),
        type=what,
        channel=channel,
        address=address,
        bounce_class=bounce_class,
        is_mailbox_full=is_full,
        organisation=get("organisation"),
        feed_organisation=feed.organisation,
        campaign=get("campaign"),
        actor=get("actor"),
        has_explanation=bool(get("explanation")),
        start=start,
        end=end,
        written=written,
        place=place,
        unread="" if written else get("occurred_at"),
    )


ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
REPLY = re.compile(r"\b([245])\d\d\b(?!\.)")
GONE = {"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4"}
MILDNESS = [BounceClass.BLOCK, BounceClass.SOFT, BounceClass.UNDETERMINED, BounceClass.HARD]


def classify(label: str, reason: str, status_code: str, diagnostic: str) -> tuple[BounceClass, bool]:
    """A bounce's class and whether the mailbox was full: the enhanced code decides, then the vendor's word (domain §5)."""
    code = ENHANCED.search(status_code) or ENHANCED.search(diagnostic)
    reply = REPLY.search(status_code) or REPLY.search(diagnostic)
    is_full = reason == "mailbox_full" or bool(code and code[2] == "2" and code[3] == "2")
    if code:
        found = _class_of(code[0])
        if reply and reply[1] != code[1]:
            other = BounceClass.SOFT if reply[1] == "4" else BounceClass.UNDETERMINED
            found = min(found, other, key=MILDNESS.index)
        return found, is_full
    if label in list(BounceClass):
        return BounceClass(label), is_full
    return (BounceClass.SOFT if reply and reply[1] == "4" else BounceClass.UNDETERMINED), is_full


def _class_of(code: str) -> BounceClass:
    first, subject, detail = code.split(".")
    if code in GONE:
        return BounceClass.HARD
    if (subject, detail) == ("2", "2") or first == "4":
        return BounceClass.SOFT
    if first == "5" and subject in ("6", "7"):
        return BounceClass.BLOCK
    if first == "5" and subject in ("3", "4", "5"):
        return BounceClass.SOFT
    return BounceClass.UNDETERMINED
