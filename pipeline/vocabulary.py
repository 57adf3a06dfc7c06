"""The domain's words as enums: one word, one meaning, the same in Python, in SQL and in every published file.

The meaning of each word is `docs/glossary.md`'s. Values are the exact texts that stand in the ledger and the warehouse.
"""

from enum import StrEnum


class Channel(StrEnum):
    """A way to reach somebody; `ANY` stands in events only and covers every channel."""

    EMAIL = "email"
    SMS = "sms"
    PHONE = "phone"
    POST = "post"
    ANY = "any"


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


class Reason(StrEnum):
    """Why a campaign may not use a candidate, in the order of their ranks (domain §6)."""

    ADDRESS_MISSING = "address_missing"
    ADDRESS_INVALID = "address_invalid"
    ERASED = "erased"
    ADDRESS_FORBIDDEN = "address_forbidden"
    QUARANTINED_HARD = "quarantined_hard"
    QUARANTINED_SOFT = "quarantined_soft"
    QUARANTINED_MANUAL = "quarantined_manual"
    COMPLAINT = "complaint"
    OPTED_OUT_GROUP = "opted_out_group"
    OPTED_OUT_ORGANISATION = "opted_out_organisation"
    OPTED_OUT_BRAND = "opted_out_brand"
    OPTED_OUT_LIST = "opted_out_list"
    OPT_OUT_PENDING = "opt_out_pending"
    REGISTERED = "registered"
    NO_CONSENT = "no_consent"
    CONSENT_UNCONFIRMED = "consent_unconfirmed"
    CONSENT_EXPIRED = "consent_expired"
    PAUSED = "paused"
    EXCLUDED_AUDIENCE = "excluded_audience"
    DUPLICATE_ADDRESS = "duplicate_address"
    DUPLICATE_PERSON = "duplicate_person"
    FREQUENCY = "frequency"
    PRESSURE = "pressure"
    HOLDOUT = "holdout"
    CAPACITY = "capacity"


RANK: dict[Reason, int] = {
    Reason.ADDRESS_MISSING: 10,
    Reason.ADDRESS_INVALID: 11,
    Reason.ERASED: 12,
    Reason.ADDRESS_FORBIDDEN: 13,
    Reason.QUARANTINED_HARD: 20,
    Reason.QUARANTINED_SOFT: 21,
    Reason.QUARANTINED_MANUAL: 22,
    Reason.COMPLAINT: 23,
    Reason.OPTED_OUT_GROUP: 30,
    Reason.OPTED_OUT_ORGANISATION: 31,
    Reason.OPTED_OUT_BRAND: 32,
    Reason.OPTED_OUT_LIST: 33,
    Reason.OPT_OUT_PENDING: 34,
    Reason.REGISTERED: 40,
    Reason.NO_CONSENT: 45,
    Reason.CONSENT_UNCONFIRMED: 46,
    Reason.CONSENT_EXPIRED: 47,
    Reason.PAUSED: 50,
    Reason.EXCLUDED_AUDIENCE: 55,
    Reason.DUPLICATE_ADDRESS: 60,
    Reason.DUPLICATE_PERSON: 61,
    Reason.FREQUENCY: 65,
    Reason.PRESSURE: 66,
    Reason.HOLDOUT: 70,
    Reason.CAPACITY: 75,
}

_ALWAYS = frozenset(
    {
        Reason.ADDRESS_MISSING,
        Reason.ADDRESS_INVALID,
        Reason.ERASED,
        Reason.ADDRESS_FORBIDDEN,
        Reason.QUARANTINED_HARD,
        Reason.QUARANTINED_MANUAL,
        Reason.DUPLICATE_ADDRESS,
    }
)

MATRIX: dict[MessageClass, frozenset[Reason]] = {
    MessageClass.MARKETING: frozenset(Reason),
    MessageClass.SERVICE: _ALWAYS | {Reason.QUARANTINED_SOFT, Reason.COMPLAINT, Reason.EXCLUDED_AUDIENCE},
    MessageClass.ONE_TO_ONE: _ALWAYS,
}
"""Message class → the reasons that apply by default. `service_respects` and the `matrix` setting change it."""

MEANING: dict[Reason, str] = {
    Reason.ADDRESS_MISSING: "the profile has no address for the channel",
    Reason.ADDRESS_INVALID: "the address fails syntax (e-mail) or numbering plan (phone)",
    Reason.ERASED: "the address was erased on its owner's request and stays excluded by keyed hash",
    Reason.ADDRESS_FORBIDDEN: "the address or its domain is on the workspace's list of forbidden ones",
    Reason.QUARANTINED_HARD: "the address does not exist any more (hard bounce)",
    Reason.QUARANTINED_SOFT: "the address failed on too many days",
    Reason.QUARANTINED_MANUAL: "staff or a provider put the address into quarantine",
    Reason.COMPLAINT: "the owner complained (spam report)",
    Reason.OPTED_OUT_GROUP: "an opt-out from the whole group stands",
    Reason.OPTED_OUT_ORGANISATION: "an opt-out from the campaign's organisation stands",
    Reason.OPTED_OUT_BRAND: "an opt-out from the campaign's brand stands",
    Reason.OPTED_OUT_LIST: "an opt-out from the campaign's list stands",
    Reason.OPT_OUT_PENDING: "an opt-out was requested and is not confirmed yet",
    Reason.REGISTERED: "the address or its domain is on a do-not-contact register in force",
    Reason.NO_CONSENT: "there is no consent of the kind that the organisation asks for",
    Reason.CONSENT_UNCONFIRMED: "there is only an unconfirmed request for consent",
    Reason.CONSENT_EXPIRED: "the consent is older than the organisation accepts",
    Reason.PAUSED: "a pause covers the moment of contact",
    Reason.EXCLUDED_AUDIENCE: "on an audience or file that the campaign leaves out",
    Reason.DUPLICATE_ADDRESS: "another candidate with the same address gets the message",
    Reason.DUPLICATE_PERSON: "another address of the same person gets the message",
    Reason.FREQUENCY: "the owner's own limit of messages is reached",
    Reason.PRESSURE: "the organisation's limit of messages per person is reached",
    Reason.HOLDOUT: "in the campaign's control group",
    Reason.CAPACITY: "beyond the campaign's cap",
}
