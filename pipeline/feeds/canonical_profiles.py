"""Profiles in our own plain format: CSV with a header, or NDJSON with the same names (contract §2).

A file is a snapshot: it replaces what the same feed said about each organisation named in it, unless it has a column
`operation`. Every column not named here is kept as a text attribute. A column whose name says a CRM's
restriction ("do_not_email", "Abgemeldet am", "deceased" …; `pipeline/flags` knows the words) is besides that an opt-out by import.
"""

from pipeline.feeds._feed import Column, TableFeed
from pipeline.vocabulary import Kind

FEED = TableFeed(
    source="canonical_profiles",
    kind=Kind.PROFILE,
    summary="Profiles of a CRM: one row each, a file is a snapshot",
    keeps_other_columns=True,
    columns=(
        Column("profile_id", "the CRM's id of the record", is_required=True),
        Column("organisation", "organisation that the profile belongs to; empty: the feed's"),
        Column("email", "e-mail address as the CRM has it"),
        Column("phone", "phone number, read with the profile's country, else the organisation's"),
        Column("first_name", "first name"),
        Column("last_name", "last name"),
        Column("birth_date", "date of birth"),
        Column("street", "street and number"),
        Column("postal_code", "postal code"),
        Column("city", "town"),
        Column("country", "ISO 3166 country, also the default region of the phone number"),
        Column("language", "language"),
        Column("updated_at", "when the record was last changed"),
        Column("external_id", "id of the same person in another system"),
        Column("merged_ids", "ids of profiles that the CRM has merged into this one, with semicolons between them"),
        Column("merged_into", "id of the profile that the CRM has merged this one into: this one is gone"),
        Column("former_emails", "further and former e-mail addresses of this profile, with semicolons between them"),
        Column("operation", "upsert or delete; a file without this column is a snapshot"),
    ),
)
