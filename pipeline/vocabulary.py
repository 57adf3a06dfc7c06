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
