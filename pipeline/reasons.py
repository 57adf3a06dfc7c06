"""Why a campaign may not use a candidate. One reason is one specification: whatever the product knows of it stands here (domain §6).

The SQL that finds a reason is the file of its name, in `sql/4_decision/rules/`, or in `sql/4_decision/sets/` where it looks at everybody
who is left. A reason without its file is an error of the installation, and nothing is decided.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from pipeline import lifting
from pipeline.vocabulary import Action, MessageClass, Scope

if TYPE_CHECKING:
    from pipeline.config import Campaign, Organisation

ALL = frozenset(MessageClass)
SERVICE = frozenset({MessageClass.MARKETING, MessageClass.SERVICE})
MARKETING = frozenset({MessageClass.MARKETING})
FIRST_SET_WISE = 60
"""The rank from which on a reason looks at all survivors of the reasons before it."""


class Basis(StrEnum):
    """What a reason rests on, so that `explain` knows where to look for it."""

    RECORD = "record"
    RESTRICTION = "restriction"
    QUARANTINE = "quarantine"
    CONSENT = "consent"
    REGISTER = "register"


@dataclass(frozen=True)
class Question:
    """What decides whether a reason is asked for a campaign at all."""

    campaign: "Campaign"
    organisation: "Organisation"
    has_wishes: bool
    """Whether an owner's wish for fewer messages stands against any of the candidates."""


def always(question: Question) -> bool:
    """Most reasons are asked for whatever the campaign says."""
    return True


@dataclass(frozen=True, kw_only=True)
class Specification:
    """A reason: its place, its meaning, when it counts, what it rests on and what takes it away."""

    rank: int
    """Where the reason stands among a candidate's; each has its own. From FIRST_SET_WISE on a reason chooses among the survivors."""
    meaning: str
    classes: frozenset[MessageClass] = MARKETING
    """The message classes to which it applies by default; `matrix` and `service_respects` change that."""
    is_asked: Callable[[Question], bool] = always
    is_restriction: bool = False
    """Whether it stands against a person or an address (domain §4); the others come of the campaign or of consent."""
    is_drawn: bool = False
    """Whether it depends on PRESEND_KEY, which a verifier may not have."""
    basis: Basis = Basis.RECORD
    actions: frozenset[Action] = frozenset()
    """The consent events that it is made of, where it rests on a restriction."""
    scope: Scope | None = None
    """The scope of the opt-out that it is about."""
    least: lifting.Least

    @property
    def is_set_wise(self) -> bool:
        return self.rank >= FIRST_SET_WISE


def _quarantined(rank: int, meaning: str, classes: frozenset[MessageClass], *ways: str) -> Specification:
    return Specification(
        rank=rank, meaning=meaning, classes=classes, is_restriction=True, basis=Basis.QUARANTINE, least=lifting.quarantined(*ways)
    )


def _restricted(rank: int, meaning: str, *actions: Action, least: lifting.Least, scope: Scope | None = None) -> Specification:
    return Specification(
        rank=rank, meaning=meaning, is_restriction=True, basis=Basis.RESTRICTION, actions=frozenset(actions), scope=scope,
        least=least,
    )  # fmt: skip


def _opted_out(rank: int, scope: Scope, where: str) -> Specification:
    meaning = f"an opt-out from {where} stands"
    return _restricted(rank, meaning, Action.OPT_OUT, Action.OPT_OUT_CONFIRM, scope=scope, least=lifting.opted_out)


def _unconsented(rank: int, meaning: str, least: lifting.Least) -> Specification:
    return Specification(rank=rank, meaning=meaning, basis=Basis.CONSENT, least=least)


class Reason(StrEnum):
    """The reasons in the order of their ranks; a member's text is what stands in every file, `spec` all the rest."""

    spec: Specification

    def __new__(cls, text: str, *spec: Specification) -> "Reason":
        """Each member below is a text with its one specification; `Reason("paused")` finds it by the text alone."""
        member = str.__new__(cls, text)
        member._value_ = text
        (member.spec,) = spec
        return member

    ADDRESS_MISSING = (
        "address_missing",
        Specification(
            rank=10,
            meaning="the profile has no address for the channel",
            classes=ALL,
            least=lifting.address,
        ),
    )
    ADDRESS_INVALID = (
        "address_invalid",
        Specification(
            rank=11,
            meaning="the address fails syntax (e-mail) or numbering plan (phone)",
            classes=ALL,
            least=lifting.address,
        ),
    )
    ERASED = (
        "erased",
        Specification(
            rank=12,
            meaning="the address was erased on its owner's request and stays excluded by keyed hash",
            classes=ALL,
            is_restriction=True,
            least=lifting.erased,
        ),
    )
    ADDRESS_FORBIDDEN = (
        "address_forbidden",
        Specification(
            rank=13,
            meaning="the address or its domain is on the workspace's list of forbidden ones",
            classes=ALL,
            least=lifting.by_hand("taking the address or its domain from `forbidden` in presend.yaml"),
        ),
    )
    QUARANTINED_HARD = "quarantined_hard", _quarantined(20, "the address does not exist any more (hard bounce)", ALL)
    QUARANTINED_SOFT = "quarantined_soft", _quarantined(21, "the address failed on too many days", SERVICE, "a message that is delivered")
    QUARANTINED_MANUAL = "quarantined_manual", _quarantined(22, "staff or a provider put the address into quarantine", ALL)
    COMPLAINT = (
        "complaint",
        Specification(
            rank=23,
            meaning="the owner complained (spam report)",
            classes=SERVICE,
            is_restriction=True,
            basis=Basis.QUARANTINE,
            least=lifting.complaint,
        ),
    )
    OPTED_OUT_GROUP = "opted_out_group", _opted_out(30, Scope.GROUP, "the whole group")
    OPTED_OUT_ORGANISATION = "opted_out_organisation", _opted_out(31, Scope.ORGANISATION, "the campaign's organisation")
    OPTED_OUT_BRAND = "opted_out_brand", _opted_out(32, Scope.BRAND, "the campaign's brand")
    OPTED_OUT_LIST = "opted_out_list", _opted_out(33, Scope.LIST, "the campaign's list")
    OPT_OUT_PENDING = (
        "opt_out_pending",
        _restricted(
            34,
            "an opt-out was requested and is not confirmed yet",
            Action.OPT_OUT_REQUEST,
            least=lifting.pending,
        ),
    )
    REGISTERED = (
        "registered",
        Specification(
            rank=40,
            meaning="the address or its domain is on a do-not-contact register in force",
            is_restriction=True,
            basis=Basis.REGISTER,
            least=lifting.registered,
        ),
    )
    NO_CONSENT = "no_consent", _unconsented(45, "there is no consent of the kind that the organisation asks for", lifting.no_consent)
    CONSENT_UNCONFIRMED = (
        "consent_unconfirmed",
        _unconsented(46, "there is only an unconfirmed request for consent", lifting.consent_unconfirmed),
    )
    CONSENT_EXPIRED = (
        "consent_expired",
        _unconsented(47, "the consent is older than the organisation accepts", lifting.consent_expired),
    )
    PAUSED = "paused", _restricted(50, "a pause covers the moment of contact", Action.PAUSE, least=lifting.paused)
    EXCLUDED_AUDIENCE = (
        "excluded_audience",
        Specification(
            rank=55,
            meaning="on an audience or file that the campaign leaves out",
            classes=SERVICE,
            least=lifting.by_hand("another `exclude` or `exclude_files` in the campaign"),
        ),
    )
    DUPLICATE_ADDRESS = (
        "duplicate_address",
        Specification(
            rank=60,
            meaning="another candidate with the same address gets the message",
            classes=ALL,
            least=lifting.by_hand("the profile that gets the message not getting it"),
        ),
    )
    DUPLICATE_PERSON = (
        "duplicate_person",
        Specification(
            rank=61,
            meaning="another address of the same person gets the message",
            is_asked=lambda question: question.campaign.one_message_per == "person",
            least=lifting.by_hand("the profile that gets the message not getting it", "`one_message_per: address` in the campaign"),
        ),
    )
    FREQUENCY = (
        "frequency",
        Specification(
            rank=65,
            meaning="the owner's own limit of messages is reached",
            is_asked=lambda question: question.has_wishes,
            basis=Basis.RESTRICTION,
            actions=frozenset({Action.FREQUENCY}),
            least=lifting.by_hand(
                "the owner's later wish for more messages, at the same scope",
                "fewer messages of other campaigns in the days before and after contact_at",
            ),
        ),
    )
    PRESSURE = (
        "pressure",
        Specification(
            rank=66,
            meaning="the organisation's limit of messages per person is reached",
            is_asked=lambda question: question.organisation.policy.pressure is not None,
            least=lifting.by_hand(
                "fewer messages of other campaigns in the days before and after contact_at", "another `pressure` in presend.yaml"
            ),
        ),
    )
    HOLDOUT = (
        "holdout",
        Specification(
            rank=70,
            meaning="in the campaign's control group",
            is_drawn=True,
            is_asked=lambda question: question.campaign.holdout > 0,
            least=lifting.by_hand("nothing: the control group of a campaign is fixed"),
        ),
    )
    CAPACITY = (
        "capacity",
        Specification(
            rank=75,
            meaning="beyond the campaign's cap",
            is_drawn=True,
            is_asked=lambda question: question.campaign.capacity is not None,
            least=lifting.by_hand("a higher `capacity.max` or another `capacity.order` in the campaign"),
        ),
    )


MATRIX = {name: frozenset(reason for reason in Reason if name in reason.spec.classes) for name in MessageClass}
"""Message class → the reasons that apply by default."""
