"""One campaign at one moment, and which events reach a candidate of it (domain §3)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import product
from typing import Any, NamedTuple

from pipeline.vocabulary import Action, Actor, Channel, DeliveryType, ReachedVia

from .addresses import kind_of, mailbox_of
from .identity import Identity
from .ledger import Ledger, Record
from .rows import Consent, Delivery, Profile
from .settings import Campaign, Path, Settings, covers
from .times import BEGINNING

OPT_OUTS = {Action.OPT_OUT, Action.OPT_OUT_CONFIRM}


class Candidate(NamedTuple):
    """A profile of the campaign's organisation, with its primary address; a seed has no record."""

    profile: Profile
    address: str | None
    record: Record | None


class Reached(NamedTuple):
    """A restriction that got to a candidate, and how."""

    event: Consent
    via: ReachedVia


@dataclass
class Case:
    """What a decision is made from. Only events with `occurred_from <= as_of` are in it (domain §6)."""

    settings: Settings
    ledger: Ledger
    identity: Identity
    campaign: Campaign
    as_of: datetime
    campaigns: dict[str, Campaign]
    published: dict[str, Any]
    planned: dict[tuple[str, str, datetime], Any]
    """The newest run of each campaign on each channel: one that has changed its channel may have sent on both."""
    policy: dict[str, Any] = field(init=False)
    kind: str = field(init=False)
    consents: list[Consent] = field(init=False)
    deliveries: list[Delivery] = field(init=False)

    def __post_init__(self) -> None:
        self.policy = self.settings.policy(self.campaign.organisation)
        self.kind = kind_of(self.campaign.channel)
        self.deliveries = [event for event in self.ledger.deliveries.values() if event.start <= self.as_of]
        self.consents = [event for event in self.ledger.consents.values() if event.start <= self.as_of]
        if self.policy["crm_flags"] == "restrict":
            self.consents += [event for event in self.ledger.flags.said.values() if event.start <= self.as_of]
        self.consents += [self._opt_out_of(event) for event in self.deliveries if event.type == DeliveryType.COMPLAINT]

    def _opt_out_of(self, complaint: Delivery) -> Consent:
        """A complaint is also its owner's opt-out, of the organisation whose campaign was complained about (domain §5)."""
        organisation = complaint.organisation
        if not organisation and complaint.campaign in self.campaigns:
            organisation = self.campaigns[complaint.campaign].organisation
        path: Path = self.settings.paths.get(("organisation", organisation or complaint.feed_organisation), ())
        return Consent(
            source=complaint.source, event_id=complaint.event_id, action=Action.OPT_OUT, channel=complaint.channel,
            address=complaint.address, profiles=frozenset(), paths=(path,), actor=Actor.OWNER, via="",
            has_basis=False, has_explanation=False, start=complaint.start, end=complaint.end,
            written=complaint.written, place=complaint.place,
        )  # fmt: skip

    def is_on_channel(self, event: Consent) -> bool:
        """A channel of `any` covers every channel (domain §1)."""
        return event.channel in (Channel.ANY, self.campaign.channel)

    def path_covering(self, event: Consent) -> Path | None:
        """The scope at which an event covers the campaign."""
        return next((path for path in event.paths if covers(path, self.campaign.path)), None)

    def reaching(self, candidate: Candidate, *actions: Action) -> list[Reached]:
        """Every event of these actions on the channel that covers the campaign and spreads to the candidate."""
        found = []
        for event in self.consents:
            if event.action in actions and self.is_on_channel(event) and self.path_covering(event) is not None:
                via = self.reach(event, candidate)
                if via:
                    found.append(Reached(event, via))
        return found

    def reach(self, event: Consent, candidate: Candidate) -> ReachedVia | None:
        """How a restriction gets to a candidate under the policy's `opt_out_reach`; None where it does not (domain §3)."""
        profile, address = candidate.profile, candidate.address
        is_address = event.address is not None and event.address == address
        # Whoever names address and profile names both.
        named_profiles = self.ledger.one_with(event.profiles)
        is_profile = profile in named_profiles or (event.address is not None and profile in self.identity.holders.get(event.address, ()))
        match self.policy["opt_out_reach"]:
            case "profile":
                if is_profile:
                    return ReachedVia.ADDRESS if is_address else ReachedVia.PROFILE
                return None
            case "address":
                # Who names an address beside the profile means that address; one of another kind says nothing of this kind's.
                is_said = event.address is not None and ("@" in event.address) == (self.kind == "email")
                profiles = set() if is_said else named_profiles
                named = {held for one in profiles for held in self.ledger.held_until_receipt(one, self.kind, event.place.received)}
                return ReachedVia.ADDRESS if is_address or address in named else None
            case _:
                if is_address:
                    return ReachedVia.ADDRESS
                if event.address and address and mailbox_of(event.address) == mailbox_of(address):
                    return ReachedVia.MAILBOX
                if is_profile:
                    return ReachedVia.PROFILE
                persons = {self.identity.ever.of(one) for one in named_profiles}
                if event.address:
                    persons |= self.identity.persons_behind(event.address)
                if self.identity.ever.of(profile) in persons:
                    return ReachedVia.PERSON
                # Every address of the person, on whatever profile: a number that two people share is out for both.
                is_shared = address is not None and any(mailbox_of(address) in self.identity.mailboxes.get(one, ()) for one in persons)
                return ReachedVia.PERSON if is_shared else None

    def names(self, event: Consent, candidate: Candidate) -> bool:
        """Whether a permissive event names the candidate's address, with reach `profile` its profile (domain §3, §4, point 4)."""
        if not self.addresses_named(event):
            return False
        if self.policy["opt_out_reach"] == "profile":
            return candidate.profile in event.profiles
        return candidate.address is not None and candidate.address in self.addresses_named(event)

    def addresses_named(self, event: Consent, kinds: Iterable[str] = ()) -> set[str]:
        """The addresses that a permissive event names; only a profile: what it held when it occurred, of the campaign's kind or these."""
        if event.address:
            return {event.address}
        found = set()
        for profile, kind in product(event.profiles, kinds or (self.kind,)):
            before = self.ledger.held_at(profile, kind, event.start)
            if before and before == self.ledger.held_at(profile, kind, event.end):
                found.add(before)
        return found


def latest(reached: list[Reached]) -> Reached:
    """The evidence of a reason: its latest standing event, then the smallest (source, event_id) (domain §6 "Small print"), then way."""
    newest = max((one.event.start, one.event.end) for one in reached)
    return min(
        (one for one in reached if (one.event.start, one.event.end) == newest),
        key=lambda one: (one.event.source, one.event.event_id == "", one.event.event_id, one.via),
    )


def is_later(event: Consent | Delivery, restriction: Consent | Delivery) -> bool:
    """A tie or an overlap leaves the restriction standing (domain §4, point 1)."""
    return event.start > restriction.end


def since_of(moment: datetime | None) -> datetime:
    """Missing values are oldest when a winner is chosen (domain §6 "Small print")."""
    return moment or BEGINNING
