"""The SQL path: macros that read plain addresses over whole columns, ten million in seconds.

A macro gives NULL where it cannot be sure, never a guess: whatever it does give is what the library gives (property tests).

| macro | gives |
| --- | --- |
| `plain_email(raw)` | the normalised address |
| `mailbox_of(address)` | the mailbox of a normalised address |
| `plain_phone(raw, country)` | the E.164 number |
| `plain_line(number)` | `mobile`, `fixed` or `unknown`, for a number that `plain_phone` gave |
| `says_nothing(content)` | whether the text says that there is nothing, such as `n/a` |
| `is_no_id(content)` | whether it stands for an id that there is not, such as `keine Kundennr.` |
| `country_in(content)` | the country of ISO 3166, in two letters |
| `is_unknown_country(content)` | whether something is written there that is no country |

Patterns are constants in the macro's text: DuckDB compiles each once per query. They are RE2, which has no look-ahead; that is why a
plan is two patterns, what is accepted and what of it is not.
"""

from collections.abc import Iterable

import duckdb

from pipeline.addresses import countries as country_codes
from pipeline.addresses import nothing
from pipeline.addresses.emails import GMAIL, GMAIL_DOMAINS
from pipeline.addresses.plans import Dialling, NumberPatterns, diallings_of, patterns_of

# Case is folded after the match and not by the pattern: in lower case some letters beyond ASCII become ASCII ones.
_ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_FIRST_ATOM = "[*%]*[A-Za-z0-9!#$&'+/=?^_`{|}~-][A-Za-z0-9!#$%&'*+/=?^_`{|}~-]*"  # not of wildcards alone
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_LAST_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z])|[A-Za-z]"
_PLAIN_EMAIL = rf"{_FIRST_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+(?:{_LAST_LABEL})"
_LONGEST_PLAIN_EMAIL = 66  # up to here no label can be longer than DNS allows (63)

_PLAIN_NUMBER = r"\(?\+?\(?[0-9][0-9 ().-]*[0-9]"
_PLAIN_NUMBER_WITH_SLASH = r"\(?(?:\+\(?[0-9]|0)[0-9 ().-]*/[0-9 ().-]*[0-9]"
_NEVER = r"[^\s\S]"


def install(con: duckdb.DuckDBPyConnection, countries: Iterable[str]) -> None:
    """Create the macros in this connection (temporary: a cursor needs its own).

    `countries` (ISO 3166, two letters) are those that numbers of the data come from; the numbers of any other country are left to
    the library, and so are countries that it does not know.
    """
    regions = sorted({country.strip().upper() for country in countries})
    patterns, diallings = patterns_of(regions), diallings_of(regions)
    for statement in (*_EMAIL_MACROS, *_phone_macros(patterns, diallings), *nothing.macros(), *country_codes.macros()):
        con.execute(f"CREATE OR REPLACE TEMPORARY MACRO {statement}").fetchall()


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


_EMAIL_MACROS = (
    f"""matches_plain_email(raw) AS
        strlen(raw) <= {_LONGEST_PLAIN_EMAIL} AND NOT contains(raw, '--') AND regexp_full_match(raw, {_text(_PLAIN_EMAIL)})""",
    """plain_email(raw) AS CASE
        WHEN matches_plain_email(raw) THEN lower(raw)
        WHEN matches_plain_email(trim(raw)) THEN lower(trim(raw)) END""",
    r"""untagged(address) AS CASE
        WHEN contains(address, '+') THEN regexp_replace(address, '^([^"+][^+]*)\+.*@', '\1@')
        ELSE address END""",
    f"""mailbox_of(address) AS CASE
        WHEN starts_with(address, '"') THEN address
        WHEN {" OR ".join(f"ends_with(address, {_text('@' + domain)})" for domain in GMAIL_DOMAINS)}
        THEN replace(split_part(untagged(address), '@', 1), '.', '') || {_text("@" + GMAIL)}
        ELSE untagged(address) END""",
)


def _phone_macros(patterns: list[NumberPatterns], diallings: list[Dialling]) -> Iterable[str]:
    accepted, not_accepted = _matches(plan.accepted for plan in patterns), _matches(plan.not_accepted for plan in patterns)
    possible = _matches(plan.possible for plan in patterns)
    home = " ".join(f"WHEN {_text(dialling.region)} THEN {_international(dialling)}" for dialling in diallings)
    trunk_zero = " ".join(
        f"WHEN starts_with(number, '+{plan.country_code}0') THEN '+{plan.country_code}' || substr(number, {len(plan.country_code) + 3})"
        for plan in patterns
        if plan.has_trunk_zero
    )
    yield f"is_plain_number(number) AS {accepted} AND {possible} AND NOT {not_accepted}"
    yield f"is_valid_number(number) AS {_matches(plan.any_valid for plan in patterns)}"
    yield "digits_of(raw) AS translate(raw, ' ().-/', '')"
    yield f"without_trunk_zero(number) AS {f'CASE {trunk_zero} ELSE number END' if trunk_zero else 'number'}"
    # A list of one element is a variable: without it DuckDB would work out the digits again at each place that names them.
    # No pattern stands in a lambda: there DuckDB would compile it again for every two thousand rows.
    yield f"""international(raw, country) AS list_transform(list_transform([digits_of(raw)], lambda digits:
        CASE WHEN starts_with(digits, '+') THEN digits ELSE {f"CASE country {home} END" if home else "NULL"} END),
        lambda number: without_trunk_zero(number))[1]"""
    yield "plain_number(number) AS CASE WHEN is_plain_number(number) THEN number END"
    yield f"""plain_phone(raw, country) AS CASE
        WHEN is_plain_number(raw) THEN raw
        WHEN ends_with(raw, '.0') THEN NULL
        WHEN regexp_full_match(raw, {_text(_PLAIN_NUMBER)}) THEN plain_number(international(raw, country))
        WHEN regexp_full_match(raw, {_text(_PLAIN_NUMBER_WITH_SLASH)})
            AND NOT coalesce(is_valid_number(international(split_part(raw, '/', 1), country)), false)
        THEN plain_number(international(raw, country)) END"""
    yield f"""plain_line(number) AS CASE
        WHEN NOT {_matches(plan.mobile for plan in patterns)} THEN 'fixed'
        WHEN {_matches(plan.fixed for plan in patterns)} THEN 'unknown'
        ELSE 'mobile' END"""


def _matches(patterns: Iterable[str]) -> str:
    return f"regexp_full_match(number, {_text('|'.join(filter(None, patterns)) or _NEVER)})"


def _international(dialling: Dialling) -> str:
    """The number as dialled at home, as an SQL expression that puts the country code in front.

    A number that begins with the country code may stand there without its plus or not: only the library can tell.
    """
    code, abroad, trunk = dialling.country_code, dialling.exit_code, dialling.trunk
    branches = [f"WHEN starts_with(digits, {_text(abroad)}) THEN '+' || substr(digits, {len(abroad) + 1})"]
    if trunk:
        branches.append(f"WHEN starts_with(digits, {_text(trunk)}) THEN {_text('+' + code)} || substr(digits, {len(trunk) + 1})")
    branches.append(f"WHEN NOT starts_with(digits, {_text(code)}) THEN {_text('+' + code)} || digits")
    return f"CASE {' '.join(branches)} END"
