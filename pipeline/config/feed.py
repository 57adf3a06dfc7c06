"""What feeds/<feed>.yaml may say (contract §1)."""

from hashlib import sha256
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BeforeValidator,
    Field,
    model_validator,
)

from pipeline.config.attributes import AttributeType
from pipeline.config.organisations import Formerly, formerly
from pipeline.config.strict import Strict, unsaid
from pipeline.config.values import (
    Duration,
    Flag,
    Glob,
    Name,
    Share,
    Text,
    TimeZone,
    wrong,
)
from pipeline.vocabulary import Channel, Scope


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


class FlagSetting(Strict):
    """What a column of a profile feed says, whatever its name does; a text alone is `says`."""

    says: Literal["none", "opted_out", "deceased", "consent"] = Field(
        description="none: nothing; opted_out, deceased: a filled cell that is no plain no excludes; consent: reported, permits nothing",
        examples=["opted_out"],
    )
    channel: Channel | None = Field(default=None, description="of opted_out; default: what the column's name says, else any")
    unless: tuple[Text, ...] = Field(
        default=(),
        exclude_if=unsaid(()),
        description="of opted_out, deceased: cells that say nothing, of a column of states or of yes and no: every other filled one"
        " excludes, and so does a plain no unless the column's name asks for one (blocked: no)",
        examples=[["aktiv", "interessent"], ["1"]],
    )

    @model_validator(mode="after")
    def _unless_is_heard(self) -> Self:
        if self.unless and self.says in ("none", "consent"):
            raise wrong("unless belongs to opted_out and deceased", "Remove it.")
        return self


def _as_flag_setting(value: Any) -> Any:
    return {"says": value} if isinstance(value, str) else value


FlagSays = Annotated[
    FlagSetting, BeforeValidator(_as_flag_setting, json_schema_input_type=Literal["none", "opted_out", "deceased", "consent"] | FlagSetting)
]


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
    max_shrink: Share | None = Field(
        default=None,
        description="a snapshot or edition that lost a greater share of its rows is refused; default: 50 %, for registers 20 %",
        examples=["50%"],
    )
    parts: Flag = Field(
        default=False,
        description="true: the files of one ingest are parts of one snapshot or edition; false: each replaces the one before",
    )
    map: dict[Text, ScopeTarget] = Field(
        default={},
        description="the vendor's ids → our scopes",
        examples=[{"12345": {"scope": "list", "scope_id": "galerie-newsletter"}}],
    )
    flags: dict[Text, FlagSays] = Field(
        default={},
        description="profile feeds: columns that say another thing than their names do",
        examples=[{"Werbesperre": "none", "Kundenstatus B": {"says": "opted_out", "channel": "email"}}],
    )
    columns: dict[Text, Text | None] = Field(
        default={},
        exclude_if=unsaid({}),
        description="canonical feeds: our column → the column of the files that holds it, in JSON also a path (`contact/email`);"
        " null: none does, and one of that name holds something else",
        examples=[{"profile_id": "Kundennummer", "email": "E-Mail"}],
    )
    constants: dict[Text, Text] = Field(
        default={},
        exclude_if=unsaid({}),
        description="canonical feeds: our column → what every row says in it, for columns that the files do not have",
        examples=[{"action": "opt_out", "scope": "list", "scope_id": "galerie-newsletter"}],
    )
    attributes: dict[Text, AttributeType] = Field(
        default={},
        exclude_if=unsaid({}),
        description="what the cells of a profile's column are, for segments and caps: a date, a number, and how it is written; in canonical"
        " feeds also how `updated_at`, `occurred_at` and `until` are written",
        examples=[{"letzter_kauf": {"type": "date", "format": "%d.%m.%Y"}}],
    )
    # Named `register` in the file: as an attribute that name belongs to every Python class with an abstract base.
    register_format: RegisterFormat | None = Field(
        default=None,
        alias="register",
        description="registers only: which register, and how its entries are written",
        examples=[{"id": "ecg"}],
    )

    formerly: Formerly = formerly("feed")

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
    def names(self) -> tuple[str, ...]:
        """Its id, then what it was called before: files and loads under each of them are its own."""
        return (self.id, *self.formerly)

    @property
    def concerns(self) -> str | None:
        """The organisation whose campaigns rest on it; None: everybody's, as on a register, which restricts whoever writes."""
        return None if self.register_format is not None else self.organisation

    @property
    def widest_scope(self) -> tuple[str, str]:
        """What a "no" without a scope of its own is from: the feed's brand, else its organisation, else the group."""
        if self.brand:
            return Scope.BRAND.value, self.brand
        if self.organisation:
            return Scope.ORGANISATION.value, self.organisation
        return Scope.GROUP.value, ""

    @property
    def sha256(self) -> str:
        """The fingerprint of its settings: a file that was refused under others is tried again."""
        # A setting that a file does not use leaves the fingerprint as it was before there was such a setting.
        unused = {name for name in ("max_shrink", "parts") if getattr(self, name) == type(self).model_fields[name].default}
        return sha256(self.model_dump_json(exclude=unused).encode()).hexdigest()
