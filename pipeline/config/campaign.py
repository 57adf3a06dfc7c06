"""What campaigns/<id>.yaml may say (contract §1)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from cronsim import CronSim
from pydantic import (
    AfterValidator,
    Discriminator,
    Field,
    Tag,
    model_validator,
)

from pipeline.config.destinations import Destination, Destinations
from pipeline.config.strict import CampaignChannel, Once, OrderText, SegmentText, Strict, not_empty, unsaid
from pipeline.config.values import (
    Count,
    Cron,
    Duration,
    Moment,
    Name,
    Number,
    PathBelow,
    PersonName,
    Share,
    Text,
    TimeZone,
    instant,
    wrong,
)
from pipeline.vocabulary import MessageClass


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
    no_advertising_attested_by: PersonName | None = Field(
        default=None,
        description="who attests that it advertises nothing: service campaigns need it, one_to_one ones of many candidates too",
    )
    sent_by: PersonName | None = Field(
        default=None, exclude_if=unsaid(None), description="one_to_one: the person who writes", examples=["Anna Huber"]
    )
    one_to_one_maximum: Number = Field(
        default=10,
        exclude_if=unsaid(10),
        description="one_to_one: more candidates than this stop the run, unless somebody attests that it advertises nothing",
    )
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
    exclude_optional: tuple[Name, ...] = Field(
        default=(),
        exclude_if=unsaid(()),
        description="of them, or beside them, the ids that may have no audience yet; without it that stops the run",
    )
    exclude_files: tuple[PathBelow, ...] = Field(default=(), description="files of addresses below the workspace, left out likewise")
    holdout: Share = Field(default=0.0, le=0.5, description="share of the control group, 0 to 0.5", examples=["5%"])
    capacity: Capacity | None = Field(default=None, description="a cap", examples=[{"max": 50000, "order": "updated_at desc"}])
    seeds: tuple[Text, ...] = Field(default=(), description="control addresses, added at the end")
    columns: Annotated[tuple[Text, ...], Once] = Field(
        default=(), description="profile columns in its file", examples=[["first_name", "last_name", "language"]]
    )
    formats: Annotated[tuple[Literal["csv", "parquet"], ...], Once, AfterValidator(not_empty)] = Field(
        default=("csv", "parquet"), description="files of the audience"
    )
    approval: Literal["none", "required"] = Field(default="none", description="whether a person must release the run")
    minimum_audience: Count = Field(default=1, description="fewer than this: validation fails")
    maximum_change: Share = Field(
        default=0.5, description="this much more or less than the previous run: validation fails", examples=["50%"]
    )
    deliver_to: Destinations | None = Field(
        default=None,
        exclude=True,  # no decision reads it: a run's id does not depend on where it is delivered to
        description="where its published runs are delivered to; default: what presend.yaml says; []: nowhere",
        examples=[{"target": "brevo", "place": "sftp://sftp.example.org/upload"}],
    )

    @property
    def destinations(self) -> tuple[Destination, ...]:
        """Where its runs are delivered to, once the workspace's word is filled in."""
        return self.deliver_to or ()

    @property
    def needs_key(self) -> bool:
        """Whether the decision draws lots and so needs PRESEND_KEY (a cap's ties, a control group)."""
        return self.holdout > 0 or self.capacity is not None

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
    def excluded(self) -> tuple[str, ...]:
        """The campaigns whose audiences are left out, each once."""
        return tuple(dict.fromkeys((*self.exclude, *self.exclude_optional)))

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
