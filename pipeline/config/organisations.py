"""What presend.yaml may say (contract §1): organisations, brands, lists, policies, quarantine, registers."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BeforeValidator,
    Field,
    model_validator,
)

from pipeline.config.destinations import Destinations
from pipeline.config.strict import AddressChannel, Once, Strict
from pipeline.config.values import (
    Count,
    Country,
    Duration,
    Flag,
    Name,
    Number,
    Probability,
    Text,
    TimeZone,
    wrong,
)
from pipeline.reasons import Reason
from pipeline.vocabulary import MessageClass


class Pressure(Strict):
    """How many messages one person may get in a rolling window."""

    max_messages: Count = Field(description="so many messages to any address of the person", examples=[3])
    per_days: Number = Field(description="in so many times 24 hours before the contact, and after it", examples=[7])


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


Formerly = Annotated[tuple[Name, ...], Once]
"""What something was called before, oldest first: what the ledger says under these names is said of it."""


def formerly(what: str) -> Any:
    """The key `formerly` of an organisation, brand, list, register or feed."""
    description = f"what the {what} was called before, oldest first; the ledger's rows follow"
    return Field(default=(), description=description, examples=[["old-id"]])


class ListSettings(Strict):
    """What may be said of a newsletter or topic beside its id."""

    formerly: Formerly = formerly("list")


class List(ListSettings):
    """A newsletter or topic of a brand."""

    id: Name = Field(description="the list's id", examples=["galerie-newsletter"])


def _as_entries(value: Any) -> Any:
    """`[news, {id: talks, formerly: [salon]}]` and `{talks: {formerly: [salon]}}` as entries with their ids."""
    if isinstance(value, Mapping):
        return tuple(
            {"id": name, **(settings or {})} if isinstance(settings, Mapping | None) else settings for name, settings in value.items()
        )
    if isinstance(value, list | tuple):
        return tuple({"id": entry} if isinstance(entry, str | int) and not isinstance(entry, bool) else entry for entry in value)
    return value


class Brand(Strict):
    """A sender name of one organisation, with its lists."""

    lists: Annotated[
        tuple[List, ...],
        BeforeValidator(_as_entries, json_schema_input_type=tuple[Name | List, ...] | dict[Name, ListSettings | None]),
    ] = Field(
        default=(),
        description="ids of the brand's newsletters and topics; a list with settings is an entry `{id: …}`, or its id is a key",
        examples=[["galerie-newsletter"]],
    )
    formerly: Formerly = formerly("brand")


class OrganisationSettings(Strict):
    """One legal controller of consent."""

    name: Text | None = Field(default=None, description="as people know it; default: its id", examples=["Kulturmeile am Ufer"])
    country: Country = Field(description="default region of phone numbers, ISO 3166", examples=["AT"])
    timezone: TimeZone = Field(description="for local times without an offset", examples=["Europe/Vienna"])
    brands: dict[Name, Brand] = Field(default={}, description="brand id → brand")
    policy: Policy = Field(default=Policy(), description="what differs from the workspace's policy")
    formerly: Formerly = formerly("organisation")


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


class KeyLimits(Strict):
    """How many profiles may hold one key before it ties nobody any more: `N/A`, a shop's number, the mailbox of an office."""

    external_id: Number = Field(default=10, description="profiles with one `external_id` in an organisation")
    mobile_name: Number = Field(default=10, description="profiles with one mobile number and name")
    mailbox: Number = Field(default=50, description="profiles with one e-mail mailbox")


class Identity(Strict):
    """What makes several profiles one person (domain §3)."""

    keys: Annotated[tuple[Literal["external_id", "mailbox", "mobile_name"], ...], Once] = Field(
        default=("external_id", "mailbox", "mobile_name"), description="the certain keys"
    )
    max_profiles_per_key: KeyLimits = Field(
        default=KeyLimits(), description="a key that more profiles hold or have held makes nobody one person"
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
    formerly: Formerly = formerly("register")


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
    deliver_to: Destinations = Field(
        default=(),
        description="where published runs are delivered to, unless their campaign says otherwise",
        examples=["s3://exchange/presend"],
    )
