"""What a vendor's adapter is made of: the fields that it reads, a table of the vendor's words, and what they say in ours.

An adapter only translates. It names its fields once, for JSON by pointer and for CSV by header; `label` gives the vendor's
own word of a record, `codes` what that word means, and `says` the canonical columns as SQL expressions over the fields.
Files are read, exploded, looked up and counted set-wise by `pipeline.ledger.vendor`; addresses, times, keys and rejects
are the ledger's, as for every feed. Expressions may use the macros of `sql/0_schema/vendor.sql`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.vocabulary import Action, Actor, BounceClass, Channel, DeliveryType, Kind, Via


@dataclass(frozen=True)
class Field:
    """A field that an adapter reads: its name in expressions, and where it stands in the vendor's files.

    `pointer` is the path in a JSON record, keys separated by slashes, and `pointers` are further ones, of which the first
    that is filled holds; `headers` are the texts of a CSV header, compared without case, blanks and hyphens being
    underscores. Either is the name itself when not given. A field is text, and empty where a record has none; an object
    or a list is its JSON text.
    """

    name: str
    meaning: str
    pointer: str = ""
    headers: tuple[str, ...] = ()
    is_required: bool = False
    pointers: tuple[str, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path in a JSON record, the first that is tried first."""
        return (self.pointer or self.name, *self.pointers)


@dataclass(frozen=True)
class Meaning:
    """What one of a vendor's words says: a kind of rows and its canonical word; no kind: there is no event in it."""

    kind: Kind | None
    word: str = ""
    bounce_class: str = ""
    reason: str = ""
    via: str = ""
    actor: str = ""
    channel: str = ""


IGNORED = Meaning(None)
"""An open, a click, a deferral: nothing that could permit or forbid a message."""


def bounce(bounce_class: BounceClass, reason: str = "") -> Meaning:
    """A bounce. The class is the vendor's view: a status code in the record decides before it (domain §5)."""
    return Meaning(Kind.DELIVERY, DeliveryType.BOUNCE, bounce_class=bounce_class, reason=reason, actor=Actor.PROVIDER)


def complaint() -> Meaning:
    """The owner pressed "spam"."""
    return Meaning(Kind.DELIVERY, DeliveryType.COMPLAINT, actor=Actor.PROVIDER)


def quarantine(reason: str = "", actor: Actor = Actor.PROVIDER) -> Meaning:
    """The vendor says that it suppresses the address already: a restriction, and no new bounce (domain §5)."""
    return Meaning(Kind.DELIVERY, DeliveryType.QUARANTINE, reason=reason, actor=actor)


def delivered() -> Meaning:
    """The mail server took the message."""
    return Meaning(Kind.DELIVERY, DeliveryType.DELIVERED, actor=Actor.PROVIDER)


def sent() -> Meaning:
    """The message went out: what frequency and pressure count."""
    return Meaning(Kind.DELIVERY, DeliveryType.SENT, actor=Actor.PROVIDER)


def auto_reply() -> Meaning:
    """An absence notice, never a bounce."""
    return Meaning(Kind.DELIVERY, DeliveryType.AUTO_REPLY, actor=Actor.PROVIDER)


def opt_out(
    via: Via | None = None,
    actor: Actor | None = Actor.OWNER,
    reason: str = "",
    channel: Channel | None = None,
    action: Action = Action.OPT_OUT,
) -> Meaning:
    """Somebody said no; without `via` and `actor` the adapter's expressions tell them."""
    return Meaning(Kind.CONSENT, action, reason=reason, via=via or "", actor=actor or "", channel=channel or "")


NO = opt_out(Via.IMPORT, Actor.IMPORT)
"""A "no" without its author and its time."""


def opt_in(via: Via, actor: Actor = Actor.OWNER, action: Action = Action.OPT_IN, channel: Channel | None = None) -> Meaning:
    """Somebody said yes, in a feed of events: a snapshot's yes is never read (domain §2)."""
    return Meaning(Kind.CONSENT, action, via=via, actor=actor, channel=channel or "")


def review() -> Meaning:
    """Somebody wrote something that people must read: it restricts nobody by itself, and is not lost."""
    return Meaning(Kind.REVIEW)


def records_at(key: str) -> str:
    """SQL for `records`: the list that an envelope holds at its key."""
    return f"CASE WHEN json_type(json -> '$.{key}') = 'ARRAY' THEN json_items(json -> '$.{key}') END"


RCS_AND_TEXT = (Channel.RCS, Channel.SMS)
"""What a "no" on RCS is about: a message that RCS cannot deliver goes out as a text, and both stand in one conversation (decision 0024)."""
MEANT_BY_NO = {Channel.RCS: RCS_AND_TEXT, Channel.WHATSAPP: (Channel.ANY,)}
"""Channel of a "no" that somebody wrote → the channels that it is about, where these are others. Who stops us on WhatsApp may mean us and
not the channel, and nobody says which."""
NO_CODE = "no code"


def no_code(is_transient: str, code: str, text: str) -> str:
    """SQL: `NO_CODE` behind a vendor's "transient" beside which there is neither code nor text: an absence notice (domain §5)."""
    return f"CASE WHEN {is_transient} AND coalesce({code}, '') = '' AND coalesce({text}, '') = '' THEN '{NO_CODE}' END"


RESERVED = frozenset(
    {"label", "code", "item", "fault", "others", "is_unknown", "record_number", "load_key", "file_no", "file_row_number", "json", "read"}
)
"""Names that stand beside the fields where expressions are evaluated."""


@dataclass(frozen=True)
class Shape:
    """One of the forms in which a vendor delivers a feed, recognised by its required fields (and the file's name, if told).

    - `label`: SQL for the vendor's word, its parts from the general to the special with slashes between (`bounce/blocked`);
      NULL says nothing at all. `codes`: that word in lower case → what it means. A word that is not there means what the
      words around it mean (`bounce/something new` is a `bounce`), else `unknown`; without one it is rejected. In all three
      cases it is reported by name.
    - `says`: canonical column → SQL. An empty `scope` is the widest scope that the feed can mean; a `scope_id` is the
      vendor's id, looked up in the feed's `map:`.
    - `records`: SQL over the column `json` that gives the list of records inside one JSON value (an envelope).
    - `each`: SQL for a list; every element is a row of its own, named `item` in `label` and `says`.
    - `profile`: canonical profile column → SQL, for a vendor that holds profiles; a CSV's other columns are attributes.
    - `reads_otherwise`: a pattern of column names, in lower case, that say a "no" and that the adapter's own expressions read; all others
      that say one are flags of the profile (domain §8).
    - `is_snapshot`: a file is the whole truth of its day: what it says without a time counts since the first file in an
      unbroken run that says so, and its silence asserts nothing. `is_of_those_named`: but only about those whom it names, so
      that it is not measured by the file before.
    - `rcs_is_text`: the vendor sends RCS and texts in one conversation, so that a "no" on RCS is one to texts too (`RCS_AND_TEXT`).
    - `is_headless`: a CSV without a header, its columns named by position.
    - `layouts`: a word of the file's name → the names of the columns by position, for a CSV that comes with or without a header.
    """

    name: str
    fields: tuple[Field, ...]
    label: str
    codes: Mapping[str, Meaning]
    says: Mapping[str, str]
    unknown: Meaning | None = None
    records: str = ""
    each: str = ""
    profile: Mapping[str, str] = field(default_factory=dict)
    profile_when: str = "true"
    reads_otherwise: str = ""
    file_names: tuple[str, ...] = ()
    is_snapshot: bool = False
    is_of_those_named: bool = False
    rcs_is_text: bool = False
    is_headless: bool = False
    layouts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        taken = RESERVED & {found.name for found in self.fields}
        if taken:
            raise ValueError(f"shape {self.name!r}: no field may be called {', '.join(sorted(taken))}, that name is taken")

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of rows that it can yield, the profiles first."""
        meanings = [*self.codes.values(), *([self.unknown] if self.unknown else [])]
        found = {meaning.kind for meaning in meanings if meaning.kind is not None}
        if self.profile:
            found.add(Kind.PROFILE)
        return tuple(kind for kind in Kind if kind in found)


@dataclass(frozen=True)
class VendorFeed:
    """A vendor's feed: its shapes, and for the manual the traps and where the facts come from.

    `timezone` is that of the vendor's local times when the feed's YAML tells none.
    """

    source: str
    summary: str
    shapes: tuple[Shape, ...]
    traps: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    timezone: str = ""

    @property
    def kinds(self) -> tuple[Kind, ...]:
        return tuple(kind for kind in Kind if any(kind in shape.kinds for shape in self.shapes))
