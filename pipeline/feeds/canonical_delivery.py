"""Delivery events in our own plain format: CSV with a header, or NDJSON with the same names (contract §2)."""

from pipeline.feeds._feed import Column, TableFeed
from pipeline.vocabulary import Channel, Kind, either

FEED = TableFeed(
    source="canonical_delivery",
    kind=Kind.DELIVERY,
    summary="Bounces, complaints, deliveries and quarantines",
    columns=(
        Column("event_id", "the source's id of the event"),
        Column("occurred_at", "when it happened; a date is the whole day, a time without offset is the feed's zone", is_required=True),
        Column("type", "bounce, complaint, delivered, sent, auto_reply, quarantine or release", is_required=True),
        Column("channel", f"{either(channel for channel in Channel if channel.kind)}; empty: {Channel.EMAIL}"),
        Column("address", "the address that it happened to", is_required=True),
        Column("bounce_class", "hard, soft, block or undetermined"),
        Column("reason", "mailbox_full, or the source's word"),
        Column("status_code", "enhanced status code x.y.z or reply code"),
        Column("diagnostic", "what the other server said"),
        Column("campaign", "id of the campaign"),
        Column("organisation", "organisation whose message it was; empty: the campaign's, else the feed's"),
        Column("actor", "who acted: staff or staff_four_eyes for quarantine and release"),
        Column("explanation", "required for a release"),
    ),
)
