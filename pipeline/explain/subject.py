"""Whom a question is about: an address in any spelling, or a profile id, and the profiles that it means."""

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb

from pipeline import addresses
from pipeline.config import Configuration
from pipeline.errors import NotFound
from pipeline.logs import masked


@dataclass(frozen=True)
class Subject:
    """What was typed, and the addresses that it is a spelling of: one e-mail address, or a number as any of the countries reads it."""

    text: str
    addresses: tuple[str, ...]


@dataclass(frozen=True)
class Profile:
    """A profile that the subject means. `profile_no` is its candidate number; None where it is gone from its CRM."""

    organisation: str
    profile_id: str
    profile_no: int | None
    person_id: str | None
    matched_by: str
    """`profile_id`, `address`, `mailbox` (another spelling of it), `text` (a cell that is no valid address) or `former_address`."""


def read_subject(text: str, configuration: Configuration) -> Subject:
    """The subject of a question as it was typed."""
    countries = sorted({organisation.country for organisation in configuration.organisations.values()})
    return Subject(text.strip(), tuple(sorted(addresses.addresses_meant(text, countries))))


def describe(con: duckdb.DuckDBPyConnection, subject: Subject) -> None:
    """Fill the tables `asked` (the addresses, keyed) and `asked_text`, which the questions below join."""
    con.execute("CREATE TEMPORARY TABLE asked (address VARCHAR, address_key DECIMAL(38, 0), mailbox_key DECIMAL(38, 0))")
    con.execute("CREATE TEMPORARY TABLE asked_text AS SELECT coalesce(id_of($text::VARCHAR), '') AS content", {"text": subject.text})
    for address in subject.addresses:
        mailbox = addresses.mailbox_of(address) if "@" in address else None
        con.execute("INSERT INTO asked SELECT $address, key_of($address), key_of($mailbox)", {"address": address, "mailbox": mailbox})


_PROFILE = "SELECT organisation, profile_id, profile_no, person_id"
_EXACT = f"""
{_PROFILE}, CASE WHEN profile_id = asked_text.content THEN 'profile_id' ELSE 'address' END
FROM warehouse.profile CROSS JOIN asked_text
WHERE profile_id = asked_text.content
    OR email_key IN (SELECT address_key FROM asked)
    OR phone_key IN (SELECT address_key FROM asked)
ORDER BY organisation, profile_id
"""
_OTHER_SPELLING = f"""
{_PROFILE}, 'mailbox'
FROM warehouse.profile
WHERE mailbox_key IN (SELECT mailbox_key FROM asked)
ORDER BY organisation, profile_id
"""
_SAME_CELL = f"""
{_PROFILE}, 'text'
FROM warehouse.profile CROSS JOIN asked_text
WHERE trim(email) = asked_text.content OR trim(phone) = asked_text.content
ORDER BY organisation, profile_id
"""
# A profile that is gone, or that holds another address now.
_FORMER = """
SELECT DISTINCT profile_past.organisation, profile_past.profile_id, profile.profile_no, profile.person_id,
    CASE WHEN profile_past.profile_id = asked_text.content THEN 'profile_id' ELSE 'former_address' END
FROM warehouse.profile_past CROSS JOIN asked_text
LEFT JOIN warehouse.profile ON profile_past.profile_key = profile.profile_key
WHERE (profile.profile_no IS NULL AND profile_past.profile_id = asked_text.content)
    OR profile_past.email_key IN (SELECT address_key FROM asked)
    OR profile_past.phone_key IN (SELECT address_key FROM asked)
ORDER BY ALL
"""
_EVENTS = """
SELECT count(*) FROM (
    SELECT 1 FROM warehouse.consent_fact CROSS JOIN asked_text
    WHERE address_key IN (SELECT address_key FROM asked) OR (profile_id = asked_text.content AND profile_id <> '')
    UNION ALL SELECT 1 FROM warehouse.delivery_fact WHERE address_key IN (SELECT address_key FROM asked)
    UNION ALL SELECT 1 FROM warehouse.register_entry WHERE address_key IN (SELECT address_key FROM asked)
)
"""


def find_profiles(con: duckdb.DuckDBPyConnection) -> list[Profile]:
    """The profiles that the subject means: those that hold the address or have the id, else other spellings, and former holders."""
    found = _profiles(con, _EXACT) or _profiles(con, _OTHER_SPELLING) or _profiles(con, _SAME_CELL)
    present = {(profile.organisation, profile.profile_id) for profile in found}
    former = [profile for profile in _profiles(con, _FORMER) if (profile.organisation, profile.profile_id) not in present]
    return found + former


def is_known(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether any event or register names the subject; profiles are found by `find_profiles`."""
    ((events,),) = con.execute(_EVENTS).fetchall()
    return bool(events)


def not_found(subject: Subject) -> NotFound:
    """The error for a subject that the warehouse knows nothing of."""
    return NotFound(
        f"neither an address nor a profile {masked(subject.text)!r} is known",
        where="warehouse",
        remedy="Look for a typing error; what a feed has not brought yet comes with `presend ingest`.",
    )


def _profiles(con: duckdb.DuckDBPyConnection, query: str) -> list[Profile]:
    rows: Iterable[tuple[str, str, int | None, str | None, str]] = con.execute(query).fetchall()
    return [Profile(*row) for row in rows]
