"""The least that would take a reason away: the table of domain §4 read the other way round, under the organisation's policy.

A restriction of somebody else's making (a register, a cap, a control group) has no lift by the owner; then the answer says what ends it.
Which of these ways belongs to which reason stands in `pipeline/reasons.py`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from pipeline.outbox import instant_text
from pipeline.vocabulary import AddressKind, Scope, either

if TYPE_CHECKING:
    from pipeline.config import Campaign, Configuration, Organisation

LINK = "the owner's preference link or START"
_CONSENT_SCOPE = {"organisation": Scope.ORGANISATION, "brand": Scope.BRAND}
"""The narrowest scope that satisfies `consent_required`; for every other setting it is the list."""


@dataclass(frozen=True)
class Behind:
    """What stands behind one reason of one candidate, all restrictions of that reason together."""

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
        said = either(self.ways)
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


def _named(scopes: Sequence[tuple[Scope, str]]) -> str:
    return either([f"{scope} {name}" if name else f"the {scope}" for scope, name in scopes])


@dataclass(frozen=True)
class Rules:
    """The settings that the answer depends on."""

    configuration: "Configuration"
    campaign: "Campaign"
    as_of: datetime

    @property
    def organisation(self) -> "Organisation":
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


Least = Callable[[Behind, Rules], Lift]
"""What takes a reason away from a candidate, given what stands behind it."""


def _form(behind: Behind, rules: Rules) -> str:
    """After staff's restriction the owner's own request is needed too: staff could undo by the back door otherwise."""
    return f"{rules.form}, asked for by the owner," if behind.is_any_by_staff else rules.form


def opted_out(behind: Behind, rules: Rules) -> Lift:
    """The owner, or staff as far as the policy lets them. What staff said, the owner undoes, or four eyes where it was the whole group."""
    scope = behind.scope or Scope.GROUP
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


def pending(behind: Behind, rules: Rules) -> Lift:
    """The owner takes the request back, or it lapses."""
    ends = () if behind.ends_at is None else (f"unconfirmed it lapses at {instant_text(behind.ends_at)}",)
    ways = ("the owner's cancellation", _form(behind, rules), LINK)
    return Lift(ways, rules.inside(behind.scope or Scope.GROUP), behind.last_until, ends)


def paused(behind: Behind, rules: Rules) -> Lift:
    """Resuming, or the end of the pause."""
    ends = "it has no end of its own" if behind.ends_at is None else f"it ends by itself at {instant_text(behind.ends_at)}"
    ways = ("the owner's resume", _form(behind, rules), LINK, "a resume by staff with explanation")
    return Lift(ways, rules.inside(behind.scope or Scope.GROUP), behind.last_until, (ends,))


def quarantined(*ways: str) -> Least:
    """A release, and these ways before it."""

    def least(behind: Behind, rules: Rules) -> Lift:
        form = f"{_form(behind, rules)} at {_named(rules.path)}"
        forms = (form,) if rules.configuration.quarantine.release_on_confirmed_opt_in else ()
        notes = () if behind.ends_at is None else (f"a full mailbox gets another chance at {instant_text(behind.ends_at)}",)
        return Lift((*forms, *ways, "a release by staff with explanation"), (), behind.last_until, notes)

    return least


def complaint(behind: Behind, rules: Rules) -> Lift:
    """Only the owner, or two of the staff (domain §5)."""
    return Lift((f"{rules.form} at {_named(rules.path)}", "a release by staff under four eyes"), (), behind.last_until)


def no_consent(behind: Behind, rules: Rules) -> Lift:
    """Somebody who never opted out may be given a consent by import or staff; after an opt-out only the owner's own will do."""
    kind = "a confirmed opt-in" if rules.organisation.policy.double_opt_in == "required" else "an opt-in"
    others = () if behind.last_until is not None else (f"{kind} by import or staff with legal basis and explanation",)
    return _consent((rules.form, *_link(behind), *others), behind.last_until, rules)


def consent_unconfirmed(behind: Behind, rules: Rules) -> Lift:
    """The request is later than every opt-out, and so is whatever comes next."""
    return _consent(("the owner's confirmation", *_link(behind)), None, rules)


def consent_expired(behind: Behind, rules: Rules) -> Lift:
    """A consent that is young enough at the contact."""
    days = rules.organisation.policy.consent_valid_days
    later_than = behind.last_until if days is None else rules.campaign.contact_at - timedelta(days=days)
    return _consent((rules.form, *_link(behind)), later_than, rules)


def _link(behind: Behind) -> tuple[str, ...]:
    """A link cannot lift what staff entered, and a consent too weak to lift an older opt-out is none."""
    return () if behind.is_any_by_staff else (LINK,)


def _consent(ways: tuple[str, ...], later_than: datetime | None, rules: Rules) -> Lift:
    """A consent of a scope that satisfies `consent_required` (domain §4 "consent")."""
    narrowest = _CONSENT_SCOPE.get(rules.organisation.policy.consent_required, Scope.LIST)
    order = list(Scope)
    scopes = tuple(place for place in rules.path if order.index(place[0]) <= order.index(narrowest))
    return Lift(ways, scopes, later_than, rules.widening)


def registered(behind: Behind, rules: Rules) -> Lift:
    """The register itself; a consent where the register only asks for one."""
    ways = [f"an edition of register {behind.detail} without the entry"]
    if not behind.is_register_always:
        ways.append("a standing consent")
    return Lift(tuple(ways))


def erased(behind: Behind, rules: Rules) -> Lift:
    """Only the owner's own form, which has to be later."""
    return Lift((rules.form,), rules.path, behind.last_until)


def address(behind: Behind, rules: Rules) -> Lift:
    """A profile feed that brings an address which the channel can reach."""
    channel = rules.campaign.channel
    number = "number that is no fixed line" if channel.needs_mobile else "phone number"
    wanted = "e-mail address" if channel.kind is AddressKind.EMAIL else number
    return Lift((f"a valid {wanted} in a profile feed of {rules.campaign.organisation}",))


def by_hand(*ways: str) -> Least:
    """What the owner cannot take away."""
    return lambda behind, rules: Lift(ways)
