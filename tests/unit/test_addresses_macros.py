"""The SQL path: what it reads, that it is the same as what the libraries read, and what it leaves to them."""

import string
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import phonenumbers
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneMetadata

from pipeline.addresses import Line, Phone, install, mailbox_of, read_email, read_phone
from pipeline.config import load_configuration
from pipeline.engines.local import open_engine
from pipeline.ledger.staging import prepare
from pipeline.workspace import Workspace
from tests.unit.test_addresses_emails import MAILBOXES, NO_ADDRESS, SAME_ADDRESS
from tests.unit.test_addresses_phones import LINES, NO_NUMBERS, NUMBERS

COUNTRIES = ["AT", "BE", "CA", "CH", "DE", "FR", "GB", "GG", "HU", "IT", "LI", "LU", "NL", "NO", "PL", "SI", "US", "XX"]

_con = duckdb.connect()
install(_con, COUNTRIES)


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        install(connection, ["AT", "DE"])
        yield connection


Cell = tuple[str, str | None]
"""A number as it stands in a feed, and the country of its profile."""


def plain_emails(texts: Sequence[str]) -> list[str | None]:
    cells = pa.table({"place": range(len(texts)), "raw": pa.array(texts, pa.string())})
    return [address for (address,) in _rows("SELECT plain_email(raw) FROM cells ORDER BY place", cells)]


def plain_phones(cells: Sequence[Cell]) -> list[Phone | None]:
    raws, countries = [raw for raw, _ in cells], [country for _, country in cells]
    table = pa.table({"place": range(len(cells)), "raw": pa.array(raws, pa.string()), "country": pa.array(countries, pa.string())})
    query = "SELECT number, plain_line(number) FROM (SELECT place, plain_phone(raw, country) AS number FROM cells) ORDER BY place"
    return [None if number is None else Phone(number, Line(line)) for number, line in _rows(query, table)]


def _rows(query: str, cells: pa.Table) -> list[tuple[Any, ...]]:
    _con.register("cells", cells)
    return _con.execute(query).fetchall()


def assert_numbers_agree(cells: Sequence[Cell]) -> None:
    for (raw, country), phone in zip(cells, plain_phones(cells), strict=True):
        assert phone is None or phone == read_phone(raw, country), (raw, country)


def assert_addresses_agree(texts: Sequence[str]) -> None:
    emails = [read_email(text) for text in texts]
    for text, email, plain in zip(texts, emails, plain_emails(texts), strict=True):
        assert plain is None or (email is not None and plain == email.address), text


# --- what it is for: the great mass takes the fast path -------------------------------------------------------------------
def test_plain_addresses_need_no_library() -> None:
    texts = ["anna@example.at", " Anna.HUBER@Mail.Example.AT ", "o'neil+x@a-b.c0m", "a_b=c@1a.test"]
    assert plain_emails(texts) == [text.strip().lower() for text in texts]


def test_plain_numbers_need_no_library() -> None:
    cells: list[Cell] = [
        ("+436641234567", None),
        ("+43 (0)664/1234567", ""),
        ("0664 123 45 67", "AT"),
        ("0664/1234567", "AT"),
        ("0043664-1234567", "DE"),
        ("6641234567", "AT"),
        ("02 1234 5678", "IT"),
        ("06 30 123 4567", "HU"),
        ("(201) 555-0123", "US"),
        ("1 201 555 0123", "US"),
    ]
    assert None not in plain_phones(cells)
    assert_numbers_agree(cells)


@pytest.mark.parametrize(
    ("raw", "country", "number"),
    [
        ("+436641234567", "AT", "+436641234567"),
        ("0664 1234567", "AT", "+436641234567"),
        ("664 1234567", "AT", "+436641234567"),
        ("(0664) 123-45-67", "AT", "+436641234567"),
        ("0664/1234567", "AT", "+436641234567"),
        ("0664 / 123 45 67", "AT", "+436641234567"),
        ("0043 664 1234567", "AT", "+436641234567"),
        ("0043 0664 1234567", "AT", "+436641234567"),
        ("0049 151 23456789", "AT", "+4915123456789"),
        ("0151 23456789", "DE", "+4915123456789"),
        ("151 23456789", "DE", "+4915123456789"),
        ("0043 664 1234567", "DE", "+436641234567"),
        ("+49 (0)151 23456789", "DE", "+4915123456789"),
        ("089/123456", "DE", "+4989123456"),
        ("436641234567", "AT", None),  # with its country's code or without: the library can tell
        ("0664 1234567/8", "AT", None),  # two numbers
        ("0664 1234567/0664 1234568", "AT", None),
        ("06641234567.0", "AT", None),  # a spreadsheet's number
        ("0664x1234567", "AT", None),
    ],
)
def test_numbers_as_people_write_them_are_read_at_home(con: duckdb.DuckDBPyConnection, raw: str, country: str, number: str | None) -> None:
    assert con.execute("SELECT plain_phone($raw, $country)", {"raw": raw, "country": country}).fetchone() == (number,)


def test_numbers_of_other_countries_are_left_to_the_library(con: duckdb.DuckDBPyConnection) -> None:
    assert con.execute("SELECT plain_phone('+31612345678', 'AT'), plain_phone('06 12345678', 'NL')").fetchall() == [(None, None)]


def test_nothing_is_plain_where_no_country_is_known(con: duckdb.DuckDBPyConnection) -> None:
    install(con, [])
    assert con.execute("SELECT plain_phone('+436641234567', 'AT'), plain_email('a@b.at')").fetchall() == [(None, "a@b.at")]


def test_an_empty_cell_is_nothing() -> None:
    row = _con.execute("SELECT plain_email(NULL), plain_email(''), plain_phone(NULL, 'AT'), plain_phone('', NULL)").fetchall()
    assert row == [(None, None, None, None)]


# --- it never says what the library would not say ------------------------------------------------------------------------
def test_both_paths_agree_on_the_manual() -> None:
    assert_addresses_agree([raw for raw, _ in SAME_ADDRESS] + NO_ADDRESS)
    assert_numbers_agree([(raw, country) for raw, country, _ in NUMBERS] + NO_NUMBERS + [(number, None) for number, _ in LINES])


PLAIN_LOCALS = st.text(string.ascii_letters + string.digits + "!#$%&'*+-/=?^_`{|}~..", min_size=1, max_size=12)
PLAIN_DOMAINS = st.text(string.ascii_letters + string.digits + "--...", min_size=1, max_size=12)
LONG_DOMAINS = st.builds(lambda length, end: "a" * length + end, st.integers(40, 80), st.sampled_from([".at", ".b.at", ".local"]))
ODD_SIGNS = st.sampled_from(list(' <>,;:"()[]@\\\t\n\x00\u00a0\u0130\u212a\u017fäß') + ["xn--", "--"])


@st.composite
def nearly_addresses(draw: st.DrawFn) -> str:
    text = f"{draw(PLAIN_LOCALS)}@{draw(PLAIN_DOMAINS | LONG_DOMAINS)}{draw(st.sampled_from(['', '.at', '.Museum', '.local', '.1']))}"
    for odd in draw(st.lists(ODD_SIGNS, max_size=1)):
        place = draw(st.integers(0, len(text)))
        text = text[:place] + odd + text[place:]
    return text


@settings(max_examples=25, deadline=None)
@given(st.lists(nearly_addresses(), min_size=10, max_size=40))
@example(["\u0130a@example.at", "\u212aarl@example.at", "a@\u212a.at", "a@b.at\u017f"])
def test_both_paths_agree_on_addresses(texts: list[str]) -> None:
    assert_addresses_agree(texts)


@settings(max_examples=25, deadline=None)
@given(st.lists(nearly_addresses(), min_size=10, max_size=40))
@example([address for address, _ in MAILBOXES])
def test_both_paths_agree_on_mailboxes(texts: list[str]) -> None:
    addresses = [email.address for email in map(read_email, texts) if email]
    cells = pa.table({"place": range(len(addresses)), "address": pa.array(addresses, pa.string())})
    found = _rows("SELECT mailbox_of(address) FROM cells ORDER BY place", cells)
    assert found == [(mailbox_of(address),) for address in addresses]


def _kinds(region: str) -> list[tuple[str, str]]:
    plan = PhoneMetadata.metadata_for_region(region)
    assert plan is not None
    kinds = [plan.mobile, plan.fixed_line, plan.toll_free, plan.premium_rate, plan.shared_cost, plan.voip, plan.personal_number, plan.pager,
             plan.uan, plan.voicemail, plan.general_desc]  # fmt: skip
    return [(str(plan.country_code), kind.national_number_pattern) for kind in kinds if kind and kind.national_number_pattern]


PLANS = [kind for region in COUNTRIES if region in phonenumbers.SUPPORTED_REGIONS for kind in _kinds(region)]


STARTS = ["+{}", "+{}", "+{}", "+{}0", "00{}", "011{}", "(+{})", "+{} (0)", "{}", "0", "0", "", "06", "1", "180020", "1001"]
SIGNS = st.sampled_from([" ", " ", "-", ".", "/", "(", ")", " / ", "+", "x", ";ext=", ".0"])


@st.composite
def nearly_numbers(draw: st.DrawFn) -> Cell:
    code, pattern = draw(st.sampled_from(PLANS))
    national = draw(st.from_regex(pattern, fullmatch=True, alphabet=st.sampled_from(string.digits)))
    if draw(st.booleans()):
        national = (national + draw(st.text(string.digits, max_size=3)))[draw(st.integers(0, 1)) : 14]
    text = draw(st.sampled_from(STARTS)).format(code) + national
    for place, sign in draw(st.lists(st.tuples(st.integers(0, 20), SIGNS), max_size=3)):
        text = text[:place] + sign + text[place:]
    return text, draw(st.sampled_from([*COUNTRIES, "", None]))


@settings(max_examples=25, deadline=None)
@given(st.lists(nearly_numbers(), min_size=10, max_size=50))
@example([("+43435150375", None), ("435150375", "AT"), ("4930879488", "DE"), ("49 301 230098", "DE")])
def test_both_paths_agree_on_numbers(cells: list[Cell]) -> None:
    assert_numbers_agree(cells)


# --- the loader's way through both ---------------------------------------------------------------------------------------
def test_the_loader_reads_what_is_plain_and_what_is_odd(tmp_path: Path) -> None:
    """`email_in` and `phone_in` give what the library gives, for every text: that is what the ledger holds."""
    texts = [*(raw for raw, _ in SAME_ADDRESS), *NO_ADDRESS, "a@b.at", "A@B.at", "Ä@b.at", "x <a@b.at>", "nobody", ""]
    numbers = [*((raw, country) for raw, country, _ in NUMBERS), *NO_NUMBERS, ("0800 123456", "AT"), ("01/588 30", "AT"), ("", "AT")]
    (tmp_path / "presend.yaml").write_text("organisations: {ufer: {name: Ufer, country: AT, timezone: Europe/Vienna, brands: {}}}\n")
    with open_engine(tmp_path) as con:
        prepare(con, load_configuration(Workspace(tmp_path)))
        emails = con.execute("SELECT email_in(raw) FROM unnest($texts) AS cell (raw)", {"texts": texts}).fetchall()
        assert [address for (address,) in emails] == [email.address if (email := read_email(raw)) else None for raw in texts]
        for raw, country in numbers:
            phone = read_phone(raw, country)
            found = con.execute("SELECT phone_in($raw, $country)", {"raw": raw, "country": country}).fetchall()
            assert found == [(f"{phone.number} {phone.line.value}" if phone else None,)], (raw, country)
