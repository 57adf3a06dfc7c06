"""The domain's words as enums: one word, one meaning, the same in Python, in SQL and in every published file.

The meaning of each word is `docs/glossary.md`'s. Values are the exact texts that stand in the ledger and the warehouse.
"""

from collections.abc import Iterable
from enum import StrEnum


def either(words: Iterable[str]) -> str:
    """The words as a sentence has them: `email, sms or phone`."""
    *most, last = words
    return " or ".join(filter(None, (", ".join(most), last)))


class AddressKind(StrEnum):
    """What the addresses of a channel are. The word is also the profile's column that holds them; no profile holds where letters go."""

    EMAIL = "email"
    PHONE = "phone"
    POSTAL = "postal"


class Channel(StrEnum):
    """A way to reach somebody, with everything that is asked about it; `ANY` stands in events only and covers every channel."""

    kind: AddressKind | None
    """What its addresses are; None of `ANY`, which are what they look like."""
    needs_mobile: bool
    """Whether a number that the plan knows as fixed line is none for it."""

    def __new__(cls, word: str, kind: AddressKind | None = None, needs_mobile: bool = False) -> "Channel":
        """Each member below is a word with what it uses; `Channel("sms")` finds it by the word alone."""
        member = str.__new__(cls, word)
        member._value_ = word
        member.kind, member.needs_mobile = kind, needs_mobile
        return member

    EMAIL = "email", AddressKind.EMAIL
    SMS = "sms", AddressKind.PHONE, True
    PHONE = "phone", AddressKind.PHONE
    WHATSAPP = "whatsapp", AddressKind.PHONE, True
    RCS = "rcs", AddressKind.PHONE, True
    POST = "post", AddressKind.POSTAL
    ANY = "any"


ADDRESSED = tuple(channel for channel in Channel if channel.kind in (AddressKind.EMAIL, AddressKind.PHONE))
"""The channels whose addresses a profile holds: a campaign and a register have one of them."""


class MessageClass(StrEnum):
    """What a campaign says to whom; the reasons that apply depend on it."""

    MARKETING = "marketing"
    SERVICE = "service"
    ONE_TO_ONE = "one_to_one"


class Scope(StrEnum):
    """How far a consent event reaches, widest first."""

    GROUP = "group"
    ORGANISATION = "organisation"
    BRAND = "brand"
    LIST = "list"


class Action(StrEnum):
    """What a consent event says."""

    OPT_OUT = "opt_out"
    OPT_OUT_REQUEST = "opt_out_request"
    OPT_OUT_CONFIRM = "opt_out_confirm"
    OPT_OUT_CANCEL = "opt_out_cancel"
    OPT_IN_REQUEST = "opt_in_request"
    OPT_IN_CONFIRM = "opt_in_confirm"
    OPT_IN = "opt_in"
    PAUSE = "pause"
    RESUME = "resume"
    FREQUENCY = "frequency"


RESTRICTIVE_ACTIONS = frozenset({Action.OPT_OUT, Action.OPT_OUT_REQUEST, Action.OPT_OUT_CONFIRM, Action.PAUSE, Action.FREQUENCY})
"""Actions that can only take away; every other action is permissive and needs a usable time and a known scope."""


class DeliveryType(StrEnum):
    """What a delivery event says."""

    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    DELIVERED = "delivered"
    SENT = "sent"
    AUTO_REPLY = "auto_reply"
    QUARANTINE = "quarantine"
    RELEASE = "release"


class BounceClass(StrEnum):
    """What a bounce says about the address, mildest first; undetermined counts as soft."""

    BLOCK = "block"
    SOFT = "soft"
    UNDETERMINED = "undetermined"
    HARD = "hard"


class Actor(StrEnum):
    """Who acted."""

    OWNER = "owner"
    STAFF = "staff"
    STAFF_FOUR_EYES = "staff_four_eyes"
    IMPORT = "import"
    SYSTEM = "system"
    PROVIDER = "provider"


class Via(StrEnum):
    """The way an action came in."""

    FORM = "form"
    PREFERENCE_LINK = "preference_link"
    ONE_CLICK = "one_click"
    REPLY = "reply"
    KEYWORD = "keyword"
    LANDING_PAGE = "landing_page"
    MANUAL = "manual"
    IMPORT = "import"


class AddressStatus(StrEnum):
    """The status of an address on a channel, weakest first (domain §5)."""

    VALID = "valid"
    ERRONEOUS = "erroneous"
    QUARANTINED = "quarantined"
    DENIED = "denied"


class ReachedVia(StrEnum):
    """How a restriction got to a candidate; the first that applies is told."""

    ADDRESS = "address"
    MAILBOX = "mailbox"
    PROFILE = "profile"
    PERSON = "person"


class Kind(StrEnum):
    """The kinds of rows that a feed can hold; each is one Parquet file in the ledger."""

    PROFILE = "profile"
    CONSENT = "consent"
    DELIVERY = "delivery"
    REGISTER = "register"
    REVIEW = "review"
    ANSWER = "answer"


class Named(StrEnum):
    """What has an id in the configuration that the ledger's rows speak of."""

    ORGANISATION = "organisation"
    BRAND = "brand"
    LIST = "list"
    REGISTER = "register"
    FEED = "feed"
