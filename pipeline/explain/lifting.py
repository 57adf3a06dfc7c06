"""The least that would take a reason away: the table of domain §4 read the other way round, under the organisation's policy.

A restriction of somebody else's making (a register, a cap, a control group) has no lift by the owner; then it is told what ends it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from pipeline.config import Campaign, Configuration, Organisation
from pipeline.outbox import instant_text
from pipeline.vocabulary import Channel, Reason, Scope

SCOPE_OF = {
    Reason.OPTED_OUT_GROUP: Scope.GROUP,
    Reason.OPTED_OUT_ORGANISATION: Scope.ORGANISATION,
    Reason.OPTED_OUT_BRAND: Scope.BRAND,
    Reason.OPTED_OUT_LIST: Scope.LIST,
}
LINK = "the owner's preference link or START"
_CONSENT_SCOPE = {"organisation": Scope.ORGANISATION, "brand": Scope.BRAND}
"""The narrowest scope that satisfies `consent_required`; for every other setting it is the list."""


@dataclass(frozen=True)
class Behind:
    """What stands behind one reason of one candidate, all restrictions of that reason together."""

    reason: Reason
    scope: Scope | None = None
    last_until: datetime | None = None
    """The end of the latest restriction's interval: what lifts it has to be later."""
    is_any_by_owner: bool = False
    is_any_by_staff: bool = False
    ends_at: datetime | None = None
    """When it ends by itself, if it does."""
    is_register_always: bool = True
    detail: str = ""


@dataclass(frozen=True)
class Lift:
    """The least that takes a reason away: the ways, of which one is enough, and what holds for all of them."""

    ways: tuple[str, ...]
    scopes: tuple[tuple[Scope, str], ...] = ()
    later_than: datetime | None = None
    notes: tuple[str, ...] = field(default=())

    @property
    def is_by_event(self) -> bool:
        """Whether an event that names the address is among the ways."""
        return bool(self.scopes) or self.later_than is not None

    @property
    def text(self) -> str:
        """The ways in one sentence: "the owner's confirmed form at list news, later than 2026-03-04T10:12:00Z"."""
        said = _any_of(self.ways)
        if self.scopes:
            said += f" at {_named(self.scopes)}"
        if self.later_than is not None:
            said += f", later than {instant_text(self.later_than)}"
        return "; ".join((said, *self.notes))

    @property
    def document(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "ways": list(self.ways),
            "scopes": [{"scope": str(scope), "scope_id": name} for scope, name in self.scopes],
            "later_than": None if self.later_than is None else instant_text(self.later_than),
            "notes": list(self.notes),
        }


def _any_of(words: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))


def _named(scopes: Sequence[tuple[Scope, str]]) -> str:
    return _any_of([f"{scope} {name}" if name else f"the {scope}" for scope, name in scopes])


@dataclass(frozen=True)
class Rules:
    """The settings that the answer depends on."""

    configuration: Configuration
    campaign: Campaign
    as_of: datetime

    @property
    def organisation(self) -> Organisation:
        return self.configuration.organisations[self.campaign.organisation]

    @property
    def path(self) -> tuple[tuple[Scope, str], ...]:
        """The campaign's scopes, narrowest first."""
        campaign = self.campaign
        found = [(Scope.BRAND, campaign.brand), (Scope.ORGANISATION, campaign.organisation), (Scope.GROUP, "")]
        return tuple(found) if campaign.list is None else ((Scope.LIST, campaign.list), *found)

    def inside(self, widest: Scope) -> tuple[tuple[Scope, str], ...]:
        """The scopes of the path that lie inside a restriction's: what a lift may choose (domain §4, point 2)."""
        order = list(Scope)
        return tuple(place for place in self.path if order.index(place[0]) >= order.index(widest))

    @property
    def form(self) -> str:
        """The owner's form as the organisation takes it (domain §4, point 5)."""
        return "the owner's confirmed form" if self.organisation.policy.double_opt_in == "required" else "the owner's form"

    @property
    def naming(self) -> str:
        """Whom a permissive event has to name (domain §4, point 4)."""
        named = "profile" if self.organisation.policy.opt_out_reach == "profile" else "very address"
        return f"whatever the owner or staff do has to name this {named}"

    @property
    def widening(self) -> tuple[str, ...]:
        if self.organisation.policy.resubscribe_reach == "selected":
            return ()
        return (f"a form on any brand or list of {self.campaign.organisation} counts too",)


def least_for(behind: Behind, rules: Rules) -> Lift:
    """The least that would take the reason away from this candidate."""
    return _LEAST[behind.reason](behind, rules)


def _form(behind: Behind, rules: Rules) -> str:
    """After staff's restriction the owner's own request is needed too: staff could undo by the back door otherwise."""
    return f"{rules.form}, asked for by the owner," if behind.is_any_by_staff else rules.form


def _opted_out(behind: Behind, rules: Rules) -> Lift:
    scope = behind.scope or SCOPE_OF[behind.reason]
    may_staff = rules.organisation.policy.staff_resubscribe == "with_legal_basis"
    ways = [_form(behind, rules)]
    if not behind.is_any_by_staff:
        ways.append(LINK)
        if may_staff:
            ways.append("an opt-in by staff with legal basis and explanation")
    elif scope is Scope.GROUP and not behind.is_any_by_owner:
        ways.append("an opt-in by staff under four eyes")
    elif scope is Scope.GROUP and may_staff:
        ways.append("an opt-in by staff under four eyes with legal basis and explanation")
    widening = rules.widening if scope in (Scope.GROUP, Scope.ORGANISATION) else ()
    return Lift(tuple(ways), rules.inside(scope), behind.last_until, widening)


def _pending(behind: Behind, rules: Rules) -> Lift:
    ends = () if behind.ends_at is None else (f"unconfirmed it lapses at {instant_text(behind.ends_at)}",)
    ways = ("the owner's cancellation", _form(behind, rules), LINK)
    return Lift(ways, rules.inside(behind.scope or Scope.GROUP), behind.last_until, ends)


def _paused(behind: Behind, rules: Rules) -> Lift:
    ends = "it has no end of its own" if behind.ends_at is None else f"it ends by itself at {instant_text(behind.ends_at)}"
    ways = ("the owner's resume", _form(behind, rules), LINK, "a resume by staff with explanation")
    return Lift(ways, rules.inside(behind.scope or Scope.GROUP), behind.last_until, (ends,))


def _quarantined(behind: Behind, rules: Rules) -> Lift:
    ways = ["a release by staff with explanation"]
    if behind.reason is Reason.QUARANTINED_SOFT:
        ways.insert(0, "a message that is delivered")
    if rules.configuration.quarantine.release_on_confirmed_opt_in:
        ways.insert(0, f"{_form(behind, rules)} at {_named(rules.path)}")
    notes = () if behind.ends_at is None else (f"a full mailbox gets another chance at {instant_text(behind.ends_at)}",)
    return Lift(tuple(ways), (), behind.last_until, notes)


def _complaint(behind: Behind, rules: Rules) -> Lift:
    return Lift((f"{rules.form} at {_named(rules.path)}", "a release by staff under four eyes"), (), behind.last_until)


def _consent(behind: Behind, rules: Rules) -> Lift:
    """A consent as `consent_required` asks for it (domain §4 "consent"); after an opt-out only the owner's own will do."""
    policy = rules.organisation.policy
    narrowest = _CONSENT_SCOPE.get(policy.consent_required, Scope.LIST)
    order = list(Scope)
    scopes = tuple(place for place in rules.path if order.index(place[0]) <= order.index(narrowest))
    asked = "the owner's confirmation" if behind.reason is Reason.CONSENT_UNCONFIRMED else rules.form
    ways = [asked]
    if not behind.is_any_by_staff:  # a link cannot lift what staff entered, and a consent too weak to lift an older opt-out is none
        ways.append(LINK)
    # A request that is no consent yet is later than every opt-out, and so is whatever comes next.
    later_than = None if behind.reason is Reason.CONSENT_UNCONFIRMED else behind.last_until
    if behind.reason is Reason.CONSENT_EXPIRED and policy.consent_valid_days is not None:
        later_than = rules.campaign.contact_at - timedelta(days=policy.consent_valid_days)
    if behind.reason is Reason.NO_CONSENT and behind.last_until is None:
        kind = "a confirmed opt-in" if policy.double_opt_in == "required" else "an opt-in"
        ways.append(f"{kind} by import or staff with legal basis and explanation")
    return Lift(tuple(ways), scopes, later_than, rules.widening)


def _registered(behind: Behind, rules: Rules) -> Lift:
    ways = [f"an edition of register {behind.detail} without the entry"]
    if not behind.is_register_always:
        ways.append("a standing consent")
    return Lift(tuple(ways))


def _erased(behind: Behind, rules: Rules) -> Lift:
    return Lift((rules.form,), rules.path, behind.last_until)


def _address(behind: Behind, rules: Rules) -> Lift:
    wanted = {Channel.EMAIL: "e-mail address", Channel.SMS: "number that is no fixed line", Channel.PHONE: "phone number"}
    return Lift((f"a valid {wanted[Channel(rules.campaign.channel)]} in a profile feed of {rules.campaign.organisation}",))


def _limit(behind: Behind, rules: Rules) -> Lift:
    if behind.reason is Reason.PRESSURE:
        return Lift(("fewer messages of other campaigns in the days before and after contact_at", "another `pressure` in presend.yaml"))
    return Lift(
        (
            "the owner's later wish for more messages, at the same scope",
            "fewer messages of other campaigns in the days before and after contact_at",
        )
    )


def _by_hand(*ways: str) -> Callable[[Behind, Rules], Lift]:
    """What the owner cannot take away."""
    return lambda behind, rules: Lift(ways)


_LEAST: dict[Reason, Callable[[Behind, Rules], Lift]] = {
    Reason.ADDRESS_MISSING: _address,
    Reason.ADDRESS_INVALID: _address,
    Reason.ERASED: _erased,
    Reason.ADDRESS_FORBIDDEN: _by_hand("taking the address or its domain from `forbidden` in presend.yaml"),
    Reason.QUARANTINED_HARD: _quarantined,
    Reason.QUARANTINED_SOFT: _quarantined,
    Reason.QUARANTINED_MANUAL: _quarantined,
    Reason.COMPLAINT: _complaint,
    **dict.fromkeys(SCOPE_OF, _opted_out),
    Reason.OPT_OUT_PENDING: _pending,
    Reason.REGISTERED: _registered,
    Reason.NO_CONSENT: _consent,
    Reason.CONSENT_UNCONFIRMED: _consent,
    Reason.CONSENT_EXPIRED: _consent,
    Reason.PAUSED: _paused,
    Reason.EXCLUDED_AUDIENCE: _by_hand("another `exclude` or `exclude_files` in the campaign"),
    Reason.DUPLICATE_ADDRESS: _by_hand("the profile that gets the message not getting it"),
    Reason.DUPLICATE_PERSON: _by_hand("the profile that gets the message not getting it", "`one_message_per: address` in the campaign"),
    Reason.FREQUENCY: _limit,
    Reason.PRESSURE: _limit,
    Reason.HOLDOUT: _by_hand("nothing: the control group of a campaign is fixed"),
    Reason.CAPACITY: _by_hand("a higher `capacity.max` or another `capacity.order` in the campaign"),
}
