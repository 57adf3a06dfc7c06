"""What presend.yaml, feeds/*.yaml and campaigns/*.yaml may say (contract §1), as frozen models that refuse unknown keys.

`…Settings` are the files as written; `Organisation`, `FeedConfig` and `Campaign` are the same with their id and with every
value that the file may leave to something wider filled in. The descriptions and examples here are also the manual's
(docs/reference/configuration.md) and the editors' (docs/reference/schemas).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, WithJsonSchema, model_validator

from pipeline.config.segment import Order, Segment, SegmentError
from pipeline.config.values import (
    Count,
    Country,
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
    wrong,
)
from pipeline.vocabulary import Channel, MessageClass, Reason, Scope

AddressChannel = Literal[Channel.EMAIL, Channel.SMS, Channel.PHONE]


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


def _unique(values: tuple[Any, ...]) -> tuple[Any, ...]:
    twice = sorted({str(value) for value in values if values.count(value) > 1})
    if twice:
        raise wrong(f"named twice: {', '.join(twice)}", "Name each once.")
    return values


def _parsed_segment(value: Any) -> Segment:
    if isinstance(value, Segment):
        return value
    try:
        return Segment.parse(value)
    except SegmentError as error:
        raise wrong(error.message, error.remedy) from None


def _parsed_order(value: Any) -> Order:
    if isinstance(value, Order):
        return value
    try:
        return Order.parse(value)
    except SegmentError as error:
        raise wrong(error.message, error.remedy) from None


SegmentText = Annotated[Segment, PlainValidator(_parsed_segment), PlainSerializer(lambda segment: segment.text), WithJsonSchema({"type": "string"})]
OrderText = Annotated[Order, PlainValidator(_parsed_order), PlainSerializer(lambda order: order.text), WithJsonSchema({"type": "string"})]


class Pressure(Strict):
    """How many messages one person may get in a rolling window."""

    max_messages: Count = Field(description="so many messages to any address of the person", examples=[3])
    per_days: Number = Field(description="in so many times 24 hours before the contact", examples=[7])


class Policy(Strict):
    """How an organisation treats restrictions and consent (domain §3, §4)."""

    opt_out_reach: Literal["profile", "address", "person"] = Field("person", description="whom an opt-out reaches")
    consent_required: Literal["none", "any", "organisation", "brand", "list"] = Field("any", description="the consent that marketing needs")
    double_opt_in: Literal["required", "optional"] = Field("required", description="whether a form counts only when confirmed")
    consent_valid_days: Number | None = Field(None, description="consent lapses after so many days; null: never", examples=[730])
    staff_resubscribe: Literal["never", "with_legal_basis"] = Field("never", description="whether staff may lift an owner's opt-out")
    resubscribe_reach: Literal["selected", "organisation"] = Field(
        "selected", description="organisation: an owner's form on a list or brand counts for the whole organisation too"
    )
    pending_opt_out: Literal["hold", "ignore"] = Field("hold", description="what an unconfirmed opt-out request does")
    pending_opt_out_days: Number = Field(14, description="a held request lapses after so many days")
    service_respects: tuple[Literal["group", "organisation"], ...] = Field((), description="opt-outs that stop service messages too")
    pressure: Pressure | None = Field(None, description="limit of messages per person; null: none", examples=[{"max_messages": 3, "per_days": 7}])
    crm_flags: Literal["restrict", "ignore"] = Field("restrict", description="whether `opted out` and the like in a CRM export are opt-outs")

    def over(self, wider: "Policy") -> "Policy":
        """This policy where it says something, the wider one elsewhere."""
        said = {name: getattr(self, name) for name in self.model_fields_set}
        return wider.model_copy(update=said)


class Brand(Strict):
    """A sender name of one organisation, with its lists."""

    lists: tuple[Name, ...] = Field((), description="ids of the brand's newsletters and topics", examples=[["galerie-newsletter"]])


class OrganisationSettings(Strict):
    """One legal controller of consent."""

    name: Text | None = Field(None, description="as people know it; default: its id", examples=["Kulturmeile am Ufer"])
    country: Country = Field(description="default region of phone numbers, ISO 3166", examples=["AT"])
    timezone: TimeZone = Field(description="for local times without an offset", examples=["Europe/Vienna"])
    brands: dict[Name, Brand] = Field(default_factory=dict, description="brand id → brand")
    policy: Policy = Field(default_factory=Policy, description="what differs from the workspace's policy")


class Organisation(OrganisationSettings):
    """An organisation with its id and its whole policy: product defaults, the workspace's and its own."""

    id: str
    name: str


class Linkage(Strict):
    """Probabilistic linkage of profiles; it can only widen a restriction."""

    enabled: Flag = Field(False, description="off by default")
    threshold: Probability = Field(0.95, description="pairs from here on are one person")
    review: Probability = Field(0.8, description="pairs from here to the threshold are listed for people to decide")

    @model_validator(mode="after")
    def _review_lies_below(self) -> Self:
        if self.review > self.threshold:
            raise wrong(f"review ({self.review}) lies above threshold ({self.threshold})", "Let review be the smaller number.")
        return self


class Identity(Strict):
    """What makes several profiles one person (domain §3)."""

    keys: tuple[Literal["external_id", "mailbox", "mobile_name"], ...] = Field(
        ("external_id", "mailbox", "mobile_name"), description="the certain keys"
    )
    linkage: Linkage = Field(default_factory=Linkage, description="probabilistic linkage beside the certain keys")

    @model_validator(mode="after")
    def _keys_are_unique(self) -> Self:
        _unique(self.keys)
        return self


class Quarantine(Strict):
    """When an address that bounces is given up (domain §5)."""

    soft_threshold: Number = Field(5, description="error days until an address is quarantined")
    soft_reset_days: Number = Field(10, description="error days further apart than this begin the count anew")
    mailbox_full_days: Number = Field(30, description="a quarantine for full mailboxes alone ends after so many days")
    release_on_confirmed_opt_in: Flag = Field(True, description="whether the owner's confirmed form frees the address")


class Forbidden(Strict):
    """Addresses and domains that no campaign may ever use."""

    addresses: tuple[Text, ...] = Field((), description="e-mail addresses and phone numbers")
    domains: tuple[Text, ...] = Field((), description="e-mail domains, exactly as they stand behind the @", examples=[["example.org"]])


class Register(Strict):
    """A third party's do-not-contact list."""

    channel: AddressChannel = Field(description="the channel that it restricts", examples=["email"])
    countries: tuple[Country, ...] = Field((), description="the profiles' countries that it holds for; none: all", examples=[["AT"]])
    use: Literal["always", "without_consent"] = Field("always", description="without_consent: it stops only those without a standing consent")
    max_age: Duration | None = Field(None, description="older editions stop the publication", examples=["35d"])


class Settings(Strict):
    """presend.yaml: organisations, brands, lists, policies, quarantine, registers."""

    organisations: dict[Name, OrganisationSettings] = Field(min_length=1, description="organisation id → organisation")
    policy: Policy = Field(default_factory=Policy, description="defaults for every organisation")
    identity: Identity = Field(default_factory=Identity, description="what makes several profiles one person")
    matrix: dict[MessageClass, tuple[Reason, ...]] = Field(
        default_factory=dict, description="message class → the reasons that apply, instead of the defaults"
    )
    quarantine: Quarantine = Field(default_factory=Quarantine, description="when an address that bounces is given up")
    forbidden: Forbidden = Field(default_factory=Forbidden, description="addresses and domains that no campaign may use")
    registers: dict[Name, Register] = Field(default_factory=dict, description="register id → register")


class ScopeTarget(Strict):
    """The scope of ours that an id of the vendor's means."""

    scope: Scope = Field(description="group, organisation, brand or list", examples=["list"])
    scope_id: Name = Field("", description="the id at that scope; none for group", examples=["galerie-newsletter"])


class RegisterFormat(Strict):
    """How the entries of a register's file are written."""

    id: Name = Field(description="one of presend.yaml's registers", examples=["ecg"])
    algorithm: Literal["plain", "md5", "sha1", "sha256", "sha512"] = Field("plain", description="how entries are hashed")
    normalisation: Literal["trim_lower", "as_is", "ecg_api"] = Field("trim_lower", description="how an address is written before hashing")


class FeedSettings(Strict):
    """feeds/<feed>.yaml: where rows come from and how old they may be."""

    source: Text = Field(description="the adapter's name: `presend feeds` lists them", examples=["canonical_profiles"])
    organisation: Name | None = Field(None, description="what rows without an organisation of their own belong to", examples=["ufer"])
    brand: Name | None = Field(None, description="what rows without a brand of their own belong to", examples=["galerie"])
    files: Glob = Field("*", description="pattern below landing/<feed>/; .gz, .zst and .zip are opened", examples=["*.csv"])
    timezone: TimeZone | None = Field(None, description="for times without an offset; default: the organisation's, else UTC", examples=["Europe/Vienna"])
    max_age: Duration | None = Field(None, description="older than this at decision time is stale: nothing is published", examples=["26h"])
    required: Flag = Field(True, description="false: staleness is a warning in the manifest")
    max_rejected: Share = Field(0.001, description="a file with a greater share of rejected rows is refused as a whole", examples=["0.1%"])
    map: dict[Text, ScopeTarget] = Field(
        default_factory=dict, description="the vendor's ids → our scopes", examples=[{"12345": {"scope": "list", "scope_id": "galerie-newsletter"}}]
    )
    # Named `register` in the file: as an attribute that name belongs to every Python class with an abstract base.
    register_format: RegisterFormat | None = Field(
        None, alias="register", description="registers only: which register, and how its entries are written", examples=[{"id": "ecg"}]
    )

    @property
    def register(self) -> RegisterFormat | None:
        """For registers: which one, and how its entries are written."""
        return self.register_format


class FeedConfig(FeedSettings):
    """A feed with its id; `organisation` is filled in from the brand, `timezone` from the organisation."""

    id: str
    timezone: str


class Capacity(Strict):
    """The cap of a campaign and who comes first."""

    max: Number = Field(description="at most so many", examples=[50000])
    order: OrderText = Field(description="profile columns, each with asc or desc; ties are decided by keyed hash", examples=["updated_at desc"])


class CampaignSettings(Strict):
    """campaigns/<id>.yaml: one mailing."""

    organisation: Name = Field(description="whose campaign it is", examples=["ufer"])
    brand: Name = Field(description="the sender name", examples=["galerie"])
    list: Name | None = Field(None, description="the newsletter or topic; none: a campaign of the brand", examples=["galerie-newsletter"])
    channel: AddressChannel = Field(description="the way to the audience", examples=["email"])
    message_class: MessageClass = Field(description="what it says; the reasons that apply depend on it", examples=["marketing"])
    no_advertising_attested_by: Text | None = Field(None, description="service campaigns: who attests that it advertises nothing")
    segment: SegmentText | None = Field(
        None, description="one SQL condition over profile columns; none: every profile", examples=["country = 'AT' and postal_code like '35%'"]
    )
    delivery_analysis_at: Moment = Field(
        description="when the sending system fixes its recipients; without an offset: the organisation's local time",
        examples=["2026-11-25T09:00:00+01:00"],
    )
    contact_at: Moment | None = Field(None, description="when people are contacted; default: delivery_analysis_at")
    publish_before: Duration = Field(timedelta(hours=2), description="the run starts so long before delivery_analysis_at", examples=["2h"])
    one_message_per: Literal["person", "address"] = Field("person", description="who gets one message only")
    exclude: tuple[Name, ...] = Field((), description="ids of earlier campaigns whose audiences are left out")
    exclude_files: tuple[PathBelow, ...] = Field((), description="files of addresses below the workspace, left out likewise")
    holdout: Share = Field(0.0, le=0.5, description="share of the control group, 0 to 0.5", examples=["5%"])
    capacity: Capacity | None = Field(None, description="a cap", examples=[{"max": 50000, "order": "updated_at desc"}])
    seeds: tuple[Text, ...] = Field((), description="control addresses, added at the end")
    columns: tuple[Text, ...] = Field((), description="profile columns in the audience file", examples=[["first_name", "last_name", "language"]])
    formats: tuple[Literal["csv", "parquet"], ...] = Field(("csv", "parquet"), min_length=1, description="files of the audience")
    approval: Literal["none", "required"] = Field("none", description="whether a person must release the run")
    minimum_audience: Count = Field(1, description="fewer than this: validation fails")
    maximum_change: Share = Field(0.5, description="this much more or less than the previous run: validation fails", examples=["50%"])


class Campaign(CampaignSettings):
    """A campaign with its id, its moments as instants, and `contact_at` filled in."""

    id: str
    contact_at: datetime

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
