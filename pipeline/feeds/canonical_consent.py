"""Consent events in our own plain format: CSV with a header, or NDJSON with the same names (contract §2)."""

from pipeline.feeds._feed import Column, TableFeed
from pipeline.vocabulary import Channel, Kind, either

FEED = TableFeed(
    source="canonical_consent",
    kind=Kind.CONSENT,
    summary="Opt-ins, opt-outs, pauses and frequency wishes",
    columns=(
        Column("event_id", "the source's id of the event"),
        Column("occurred_at", "when it happened; a date is the whole day, a time without offset is the feed's zone", is_required=True),
        Column(
            "action",
            "opt_out, opt_out_request, opt_out_confirm, opt_out_cancel, opt_in_request, opt_in_confirm, opt_in, pause, resume, frequency",
            is_required=True,
        ),
        Column("channel", f"{either(Channel)}; empty: {Channel.ANY}"),
        Column("address", "the address that the event names"),
        Column("profile_id", "the profile that the event names"),
        Column("organisation", "the profile's organisation; empty: the feed's"),
        Column("scope", "group, organisation, brand or list", is_required=True),
        Column("scope_id", "id of the organisation, brand or list"),
        Column(
            "actor", "owner, staff, staff_four_eyes, import, system or provider; empty: owner (import in permissive rows without a way)"
        ),
        Column("via", "form, preference_link, one_click, reply, keyword, landing_page, manual or import"),
        Column("legal_basis", "why the message is lawful"),
        Column("explanation", "what staff know about it"),
        Column("reason", "the reason's code"),
        Column("reason_text", "the reason in words"),
        Column("evidence", "where the proof lies"),
        Column("until", "end of a pause; a date is the end of that day"),
        Column("max_messages", "frequency: at most so many messages; empty: no limit"),
        Column("per_days", "frequency: in so many days"),
    ),
)
