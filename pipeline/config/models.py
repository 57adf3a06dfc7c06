"""What presend.yaml, feeds/*.yaml and campaigns/*.yaml may say (contract §1), as frozen models that refuse unknown keys.

`…Settings` are the files as written; `Organisation`, `FeedConfig` and `Campaign` are the same with their id and with every
value that the file may leave to something wider filled in. The descriptions and examples here are also the manual's
(docs/reference/configuration.md) and the editors' (docs/reference/schemas).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Annotated, Any, ClassVar, Literal, Self, TypeVar
from zoneinfo import ZoneInfo

from cronsim import CronSim
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainSerializer,
    PlainValidator,
    Tag,
    model_validator,
)

from pipeline.config.faults import legible
from pipeline.config.segment import Order, Segment, SegmentError
from pipeline.config.values import (
    Count,
    Country,
    Cron,
    Duration,
    Flag,
    Glob,
    Moment,
    Name,
    Number,
    PathBelow,
    Probability,
    Share,
    Text,
    TimeZone,
    instant,
    wrong,
)
from pipeline.vocabulary import Channel, MessageClass, Reason, Scope


def _not_post(value: Any) -> Any:
    if value == Channel.POST:
        raise wrong("campaigns on post are not published", "Use email, sms or phone; restrictions on post are kept.")
    return value


AddressChannel = Literal[Channel.EMAIL, Channel.SMS, Channel.PHONE]
CampaignChannel = Annotated[AddressChannel, BeforeValidator(_not_post)]


def _allows_null(annotation: Any) -> bool:
    return type(None) in getattr(annotation, "__args__", ())


class Strict(BaseModel):
    """Frozen, and refuses what it does not know. A key without a value is as good as no key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    _nullable: ClassVar[frozenset[str]]

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        cls._nullable = frozenset(field.alias or name for name, field in cls.model_fields.items() if _allows_null(field.annotation))

    @model_validator(mode="before")
    @classmethod
    def _without_empty_keys(cls, data: Any) -> Any:
        """`policy:` with nothing below it is what remains when somebody has commented the last line out."""
        if data is None:
            return {}
        if not isinstance(data, Mapping):
            return data
        known = {field.alias or name for name, field in cls.model_fields.items()}
        return {key: value for key, value in data.items() if value is not None or key in cls._nullable or key not in known}


def _unique(values: tuple[str, ...]) -> tuple[str, ...]:
    folded = [value.casefold() for value in values]
    if twice := sorted({word for word in folded if folded.count(word) > 1}):
        raise wrong(f"named twice: {', '.join(legible(word) for word in twice)}", "Name each once.")
    return values


def _not_empty(values: tuple[str, ...]) -> tuple[str, ...]:
    if not values:
        raise wrong("there is none", "Name at least one.")
    return values


Once = AfterValidator(_unique)
"""For lists in which an entry may stand once only, whatever its case."""


_Written = TypeVar("_Written", Segment, Order)


def _sql(kind: type[_Written]) -> Any:
    """The pydantic annotation of an SQL text that is parsed as the kind."""

    def parsed(value: Any) -> _Written:
        if isinstance(value, kind):
            return value
        try:
            return kind(value)
        except SegmentError as error:
            raise wrong(error.message, error.remedy) from None

    return PlainValidator(parsed, json_schema_input_type=str)


SegmentText = Annotated[Segment, _sql(Segment), PlainSerializer(lambda segment: segment.text, return_type=str)]
OrderText = Annotated[Order, _sql(Order), PlainSerializer(lambda order: order.text, return_type=str)]


class Pressure(Strict):
    """How many messages one person may get in a rolling window."""

    max_messages: Count = Field(description="so many messages to any address of the person", examples=[3])
    per_days: Number = Field(description="in so many times 24 hours before the contact", examples=[7])


class Policy(Strict):
    """How an organisation treats restrictions and consent (domain §3, §4)."""

    opt_out_reach: Literal["profile", "address", "person"] = Field(default="person", description="whom an opt-out reaches")
    consent_required: Literal["none", "any", "organisation", "brand", "list"] = Field(
        default="any", description="the consent that marketing needs"
    )
    double_opt_in: Literal["required", "optional"] = Field(default="required", description="whether a form counts only when confirmed")
    consent_valid_days: Number | None = Field(default=None, description="consent lapses after so many days; null: never", examples=[730])
    staff_resubscribe: Literal["never", "with_legal_basis"] = Field(
        default="never", description="whether staff may lift an owner's opt-out"
    )
    resubscribe_reach: Literal["selected", "organisation"] = Field(
        default="selected", description="organisation: an owner's form on a list or brand counts for the whole organisation too"
    )
    pending_opt_out: Literal["hold", "ignore"] = Field(default="hold", description="what an unconfirmed opt-out request does")
    pending_opt_out_days: Number = Field(default=14, description="a held request lapses after so many days")
    service_respects: tuple[Literal["group", "organisation"], ...] = Field(
        default=(), description="opt-outs that stop service messages too"
    )
    pressure: Pressure | None = Field(
        default=None, description="limit of messages per person; null: none", examples=[{"max_messages": 3, "per_days": 7}]
    )
    crm_flags: Literal["restrict", "ignore"] = Field(
        default="restrict", description="whether `opted out` and the like in a CRM export are opt-outs"
    )

    def over(self, wider: "Policy") -> "Policy":
        """This policy where it says something, the wider one elsewhere."""
        said = {name: getattr(self, name) for name in self.model_fields_set}
        return wider.model_copy(update=said)


class Brand(Strict):
    """A sender name of one organisation, with its lists."""

    lists: tuple[Name, ...] = Field(default=(), description="ids of the brand's newsletters and topics", examples=[["galerie-newsletter"]])


class OrganisationSettings(Strict):
    """One legal controller of consent."""

    name: Text | None = Field(default=None, description="as people know it; default: its id", examples=["Kulturmeile am Ufer"])
    country: Country = Field(description="default region of phone numbers, ISO 3166", examples=["AT"])
    timezone: TimeZone = Field(description="for local times without an offset", examples=["Europe/Vienna"])
    brands: dict[Name, Brand] = Field(default={}, description="brand id → brand")
    policy: Policy = Field(default=Policy(), description="what differs from the workspace's policy")


class Organisation(OrganisationSettings):
    """An organisation with its id and its whole policy: product defaults, the workspace's and its own."""

    id: str
    name: str


class Linkage(Strict):
    """Probabilistic linkage of profiles; it can only widen a restriction."""

    enabled: Flag = Field(default=False, description="off by default")
    threshold: Probability = Field(default=0.95, description="pairs from here on are one person")
    review: Probability = Field(default=0.8, description="pairs from here to the threshold are listed for people to decide")

    @model_validator(mode="after")
    def _review_lies_below(self) -> Self:
        if self.review > self.threshold:
            raise wrong(f"review ({self.review}) lies above threshold ({self.threshold})", "Let review be the smaller number.")
        if self.enabled:
            # Accepted and not done, it would promise restrictions that nobody gets.
            raise wrong("probabilistic linkage is not there yet", "Leave enabled out; the certain keys in identity.keys are used.")
        return self


class Identity(Strict):
    """What makes several profiles one person (domain §3)."""

    keys: Annotated[tuple[Literal["external_id", "mailbox", "mobile_name"], ...], Once] = Field(
        default=("external_id", "mailbox", "mobile_name"), description="the certain keys"
    )
    linkage: Linkage = Field(default=Linkage(), description="probabilistic linkage beside the certain keys")


class Quarantine(Strict):
    """When an address that bounces is given up (domain §5)."""

    soft_threshold: Number = Field(default=5, description="error days until an address is quarantined")
    soft_reset_days: Number = Field(default=10, description="error days further apart than this begin the count anew")
    mailbox_full_days: Number = Field(default=30, description="a quarantine for full mailboxes alone ends after so many days")
    release_on_confirmed_opt_in: Flag = Field(default=True, description="whether the owner's confirmed form frees the address")


class Forbidden(Strict):
    """Addresses and domains that no campaign may ever use."""

    addresses: tuple[Text, ...] = Field(default=(), description="e-mail addresses and phone numbers")
    domains: tuple[Text, ...] = Field(
        default=(), description="e-mail domains, exactly as they stand behind the @", examples=[["example.org"]]
    )


class Register(Strict):
    """A third party's do-not-contact list."""

    channel: AddressChannel = Field(description="the channel that it restricts", examples=["email"])
    countries: tuple[Country, ...] = Field(
        default=(), description="the profiles' countries that it holds for; none: all", examples=[["AT"]]
    )
    use: Literal["always", "without_consent"] = Field(
        default="always", description="without_consent: it stops only those without a standing consent"
    )
    max_age: Duration | None = Field(default=None, description="older editions stop the publication", examples=["35d"])


class Settings(Strict):
    """presend.yaml: organisations, brands, lists, policies, quarantine, registers."""

    organisations: dict[Name, OrganisationSettings] = Field(min_length=1, description="organisation id → organisation")
    policy: Policy = Field(default=Policy(), description="defaults for every organisation")
    identity: Identity = Field(default=Identity(), description="what makes several profiles one person")
    matrix: dict[MessageClass, tuple[Reason, ...]] = Field(
        default={}, description="message class → the reasons that apply, instead of the defaults"
    )
    quarantine: Quarantine = Field(default=Quarantine(), description="when an address that bounces is given up")
    forbidden: Forbidden = Field(default=Forbidden(), description="addresses and domains that no campaign may use")
    registers: dict[Name, Register] = Field(default={}, description="register id → register")


class ScopeTarget(Strict):
    """The scope of ours that an id of the vendor's means."""

    scope: Scope = Field(description="group, organisation, brand or list", examples=["list"])
    scope_id: Name = Field(default="", description="the id at that scope; none for group", examples=["galerie-newsletter"])


class RegisterFormat(Strict):
    """How the entries of a register's file are written."""

    id: Name = Field(description="one of presend.yaml's registers", examples=["ecg"])
    algorithm: Literal["plain", "md5", "sha1", "sha256", "sha512"] = Field(default="plain", description="how entries are hashed")
    normalisation: Literal["trim_lower", "as_is", "ecg_api"] = Field(
        default="trim_lower", description="how an address is written before hashing"
    )


class FeedSettings(Strict):
    """feeds/<feed>.yaml: where rows come from and how old they may be."""

    source: Text = Field(description="the adapter's name: `presend feeds` lists them", examples=["canonical_profiles"])
    organisation: Name | None = Field(
        default=None, description="what rows without an organisation of their own belong to", examples=["ufer"]
    )
    brand: Name | None = Field(default=None, description="what rows without a brand of their own belong to", examples=["galerie"])
    files: Glob = Field(default="*", description="pattern below landing/<feed>/; .gz, .zst and .zip are opened", examples=["*.csv"])
    timezone: TimeZone | None = Field(
        default=None,
        description="for times without an offset; default: the vendor's where it is known, else the organisation's, else UTC",
        examples=["Europe/Vienna"],
    )
    max_age: Duration | None = Field(
        default=None, description="older than this at decision time is stale: nothing is published", examples=["26h"]
    )
    required: Flag = Field(default=True, description="false: staleness is a warning in the manifest")
    max_rejected: Share = Field(
        default=0.001, description="a file with a greater share of rejected rows is refused as a whole", examples=["0.1%"]
    )
    map: dict[Text, ScopeTarget] = Field(
        default={},
        description="the vendor's ids → our scopes",
        examples=[{"12345": {"scope": "list", "scope_id": "galerie-newsletter"}}],
    )
    # Named `register` in the file: as an attribute that name belongs to every Python class with an abstract base.
    register_format: RegisterFormat | None = Field(
        default=None,
        alias="register",
        description="registers only: which register, and how its entries are written",
        examples=[{"id": "ecg"}],
    )

    @property
    def register(self) -> RegisterFormat | None:
        """For registers: which one, and how its entries are written."""
        return self.register_format


class FeedConfig(FeedSettings):
    """A feed with its id; `organisation` is filled in from the brand, `timezone` from the organisation.

    `is_timezone_named`: the feed's own file names the zone, which then goes before a zone that its vendor is known to write.
    """

    id: str
    timezone: str
    is_timezone_named: bool = False

    @property
    def sha256(self) -> str:
        """The fingerprint of its settings: a file that was refused under others is tried again."""
        return sha256(self.model_dump_json().encode()).hexdigest()


class Capacity(Strict):
    """The cap of a campaign and who comes first."""

    max: Number = Field(description="at most so many", examples=[50000])
    order: OrderText = Field(
        description="profile columns, each with asc or desc; ties are decided by keyed hash", examples=["updated_at desc"]
    )


class RecurrenceSettings(Strict):
    """A delivery analysis that comes again and again."""

    cron: Cron = Field(description="minute, hour, day of month, month, weekday", examples=["0 9 * * 2"])
    timezone: TimeZone | None = Field(
        default=None, description="whose wall clock it means; default: the organisation's", examples=["Europe/Vienna"]
    )


class Recurrence(RecurrenceSettings):
    """A delivery analysis that comes again and again, with its time zone."""

    timezone: str

    def next_analysis(self, as_of: datetime) -> datetime:
        """The first delivery analysis, in UTC, that is not before `as_of`.

        Every wall-clock time comes once: where a clock change skips it or shows it twice, the earlier reading counts, as for
        a single moment.
        """
        clock = as_of.astimezone(ZoneInfo(self.timezone)).replace(tzinfo=None, fold=0)
        return next(
            moment for local in CronSim(self.cron, clock - timedelta(seconds=1)) if (moment := instant(local, self.timezone)) >= as_of
        )


MOMENT_TAG, RECURRENCE_TAG = "[moment]", "[recurrence]"
DeliveryAnalysis = Annotated[
    Annotated[Moment, Tag(MOMENT_TAG)] | Annotated[RecurrenceSettings, Tag(RECURRENCE_TAG)],
    Discriminator(lambda value: RECURRENCE_TAG if isinstance(value, Mapping | RecurrenceSettings) else MOMENT_TAG),
]


class CampaignSettings(Strict):
    """campaigns/<id>.yaml: one mailing."""

    organisation: Name = Field(description="whose campaign it is", examples=["ufer"])
    brand: Name = Field(description="the sender name", examples=["galerie"])
    list: Name | None = Field(
        default=None, description="the newsletter or topic; none: a campaign of the brand", examples=["galerie-newsletter"]
    )
    channel: CampaignChannel = Field(description="the way to the audience", examples=["email"])
    message_class: MessageClass = Field(description="what it says; the reasons that apply depend on it", examples=["marketing"])
    no_advertising_attested_by: Text | None = Field(default=None, description="service campaigns: who attests that it advertises nothing")
    segment: SegmentText | None = Field(
        default=None,
        description="one SQL condition over profile columns; none: every profile",
        examples=["country = 'AT' and postal_code like '35%'"],
    )
    delivery_analysis_at: DeliveryAnalysis = Field(
        description="when the sending system fixes its recipients: one moment, or `cron` for a campaign that recurs; "
        "without an offset: the organisation's local time",
        examples=["2026-11-25T09:00:00+01:00"],
    )
    contact_at: Moment | None = Field(
        default=None, description="when people are contacted; default, and always where a campaign recurs: delivery_analysis_at"
    )
    publish_before: Duration = Field(
        default=timedelta(hours=2), description="the run starts so long before delivery_analysis_at", json_schema_extra={"default": "2h"}
    )
    one_message_per: Literal["person", "address"] = Field(default="person", description="who gets one message only")
    exclude: tuple[Name, ...] = Field(default=(), description="ids of earlier campaigns whose audiences are left out")
    exclude_files: tuple[PathBelow, ...] = Field(default=(), description="files of addresses below the workspace, left out likewise")
    holdout: Share = Field(default=0.0, le=0.5, description="share of the control group, 0 to 0.5", examples=["5%"])
    capacity: Capacity | None = Field(default=None, description="a cap", examples=[{"max": 50000, "order": "updated_at desc"}])
    seeds: tuple[Text, ...] = Field(default=(), description="control addresses, added at the end")
    columns: Annotated[tuple[Text, ...], Once] = Field(
        default=(), description="profile columns in its file", examples=[["first_name", "last_name", "language"]]
    )
    formats: Annotated[tuple[Literal["csv", "parquet"], ...], Once, AfterValidator(_not_empty)] = Field(
        default=("csv", "parquet"), description="files of the audience"
    )
    approval: Literal["none", "required"] = Field(default="none", description="whether a person must release the run")
    minimum_audience: Count = Field(default=1, description="fewer than this: validation fails")
    maximum_change: Share = Field(
        default=0.5, description="this much more or less than the previous run: validation fails", examples=["50%"]
    )

    @model_validator(mode="after")
    def _is_not_contacted_before_it_is_made(self) -> Self:
        # A mistyped year would have pauses and consents judged by a moment at which nobody is contacted.
        analysis, contact = self.delivery_analysis_at, self.contact_at
        if not isinstance(analysis, datetime) or contact is None or (analysis.tzinfo is None) != (contact.tzinfo is None):
            return self  # one local, one with its offset: nothing here knows the zone
        if contact < analysis - self.publish_before:
            raise wrong("contact_at lies before the audience is made", "Write the moment of contact: it follows delivery_analysis_at.")
        return self


class Campaign(CampaignSettings):
    """A campaign with its id, its moments in UTC, and `contact_at` filled in: all that a run is told.

    Of one that recurs this is one occurrence; `recurrence` is then what it comes from, and no part of what a run is told.
    """

    id: str
    delivery_analysis_at: datetime
    contact_at: datetime
    recurrence: Recurrence | None = Field(default=None, exclude=True)

    @property
    def needs_key(self) -> bool:
        """Whether the decision draws lots and so needs PRESEND_KEY (a cap's ties, a control group)."""
        return self.holdout > 0 or self.capacity is not None

    @property
    def window_opens_at(self) -> datetime:
        """From here on, until `delivery_analysis_at`, which itself is outside, the campaign is due (domain §6)."""
        return self.delivery_analysis_at - self.publish_before

    def is_due(self, as_of: datetime) -> bool:
        """Whether the campaign's window is open at the instant."""
        return self.window_opens_at <= as_of < self.delivery_analysis_at

    def occurrence(self, as_of: datetime) -> "Campaign":
        """The campaign itself: its delivery analysis is fixed, whenever one asks."""
        return self


class RecurringCampaign(CampaignSettings):
    """A campaign with its id that has a delivery analysis again and again; only its occurrences can be decided."""

    id: str
    recurrence: Recurrence

    def occurrence(self, as_of: datetime) -> Campaign:
        """The campaign with its next delivery analysis that is not before `as_of`."""
        analysis_at = self.recurrence.next_analysis(as_of)
        told = {field.alias or name: getattr(self, name) for name, field in type(self).model_fields.items()}
        return Campaign.model_construct(**(told | {"delivery_analysis_at": analysis_at, "contact_at": analysis_at}))


ConfiguredCampaign = Campaign | RecurringCampaign
"""What campaigns/<id>.yaml describes; `occurrence(as_of)` is what can be decided."""
