"""Phone numbers, one value at a time: what is one, and how it is written (domain §1)."""

import pytest

from pipeline.addresses import Line, read_phone

NUMBERS = [
    # what stands in the cell, the profile's country, E.164
    ("+436641234567", None, "+436641234567"),
    ("+43 664 123 45 67", None, "+436641234567"),
    ("+43 (0) 664 / 123 45 67", None, "+436641234567"),
    ("+43(0)664-1234567", None, "+436641234567"),
    ("+43 0664 1234567", None, "+436641234567"),
    ("(+43) 664 1234567", None, "+436641234567"),
    ("+49 (0) 1512 3456789", None, "+4915123456789"),
    # as dialled at home
    ("0664 123 45 67", "AT", "+436641234567"),
    ("0664/1234567", "AT", "+436641234567"),
    ("(0664) 123.45.67", "AT", "+436641234567"),
    ("01/588 30", "AT", "+43158830"),
    ("0664 1234567", "at", "+436641234567"),
    ("01512 3456789", "DE", "+4915123456789"),
    ("06 12345678", "NL", "+31612345678"),
    ("078 123 45 67", "CH", "+41781234567"),
    ("02 1234 5678", "IT", "+390212345678"),  # Italy keeps the zero
    ("628 123 456", "LU", "+352628123456"),
    ("(201) 555-0123", "US", "+12015550123"),
    # a spreadsheet has eaten the zero or the plus
    ("6641234567", "AT", "+436641234567"),
    ("436641234567", "AT", "+436641234567"),
    # as dialled from abroad
    ("0043 664 1234567", "DE", "+436641234567"),
    ("011 43 664 1234567", "US", "+436641234567"),
    # signs of other scripts, invisible ones from an address book
    ("０６６４１２３４５６７", "AT", "+436641234567"),
    ("＋43（0）664／1234567", None, "+436641234567"),
    ("٠٦٦٤١٢٣٤٥٦٧", "AT", "+436641234567"),
    ("+43\u00a0664\u20111234567", None, "+436641234567"),
    ("\u202a+43 664 1234567\u202c\r\n", None, "+436641234567"),
    # RFC 3966, and extensions
    ("tel:+43-664-1234567", None, "+436641234567"),
    ("TEL:+43-664-1234567;ext=12", None, "+436641234567"),
    ("tel:664-1234567;phone-context=+43", None, "+436641234567"),
    ("tel:0664-1234567;phone-context=example.at", "AT", "+436641234567"),
    ("+43 1 588 30;ext=12", None, "+43158830"),
    # the way it is reached stands in front
    ("whatsapp:+436641234567", None, "+436641234567"),
    ("WhatsApp: +43 664 1234567", None, "+436641234567"),
    ("sms:0664 1234567", "AT", "+436641234567"),
    # as operators and messengers still send them
    ("+5215512345678", None, "+525512345678"),
    ("+52 1 55 1234 5678", "AT", "+525512345678"),
    ("044 55 1234 5678", "MX", "+525512345678"),
    ("01 55 1234 5678", "MX", "+525512345678"),
    ("whatsapp:+5491123456789", None, "+5491123456789"),
    ("11 15 2345-6789", "AR", "+5491123456789"),
    ("+553187654321", None, "+5531987654321"),
    ("+22997123456", None, "+2290197123456"),
    ("+22501020304", None, "+2250101020304"),
    ("+225 45 12 34 56", None, "+2250545123456"),
    ("+22507080910", None, "+2250707080910"),
    ("+22520213456", None, "+2252720213456"),
    ("+34 0 612 345 678", None, "+34612345678"),
    ("+39 0 347 1234567", None, "+393471234567"),
    ("+39 02 1234 5678", None, "+390212345678"),
    ("01 588 30 ext. 12", "AT", "+43158830"),
]

NO_NUMBERS = [
    ("", "AT"),
    ("+", "AT"),
    ("/", "AT"),
    ("anna@example.at", "AT"),
    # no country to read it with
    ("0664 1234567", None),
    ("0664 1234567", ""),
    ("0664 1234567", "XX"),
    ("0043 664 1234567", None),
    # not in the plan, short codes
    ("+521551234567", None),
    ("+55311234567", None),
    ("whatsapp:anna", None),
    ("whatsapp:", "AT"),
    ("+43 1234", None),
    ("+999 664 1234567", "AT"),
    ("133", "AT"),
    ("+43 144", None),
    ("0664", "AT"),
    ("0664 1234567 12345678", "AT"),
    # letters
    ("1-800-FLOWERS", "US"),
    ("Tel. 0664 1234567", "AT"),
    ("0664 1234567 privat", "AT"),
    ("0664 1234567 (Büro)", "AT"),
    ("4.36641E+11", "AT"),
    ("tel:+43-664-ABCDEFG", None),
    ("tel:+43 664 1234567", None),
    # more than one, or nobody can tell
    ("0664 1234567, 0664 7654321", "AT"),
    ("0664 1234567; 01 58830", "AT"),
    ("0664 1234567 / 0664 7654321", "AT"),
    ("01 58830 / 01 58831", "AT"),
    ("01 58830/12", "AT"),
    ("+43 664 1234567 +43 1 58830", None),
    # a spreadsheet's decimal place would become a digit of somebody else's number
    ("436641234567.0", "AT"),
    ("6641234567.0", "AT"),
    # control characters
    ("+43664\x001234567", None),
    ("+436641234567\x00", None),
    ("+43664\n1234567", None),
    ("²664 1234567", "AT"),
    ("0" * 500, "AT"),
]

LINES = [
    ("+436641234567", Line.MOBILE),
    ("+4915123456789", Line.MOBILE),
    ("+43158830", Line.FIXED),
    ("+390212345678", Line.FIXED),
    ("+12015550123", Line.UNKNOWN),  # in North America nobody can tell
    ("+43800123456", Line.UNKNOWN),  # toll-free
    ("+43780123456", Line.UNKNOWN),  # over the internet
    ("+31662345678", Line.UNKNOWN),  # a pager
]


@pytest.mark.parametrize(("raw", "country", "number"), NUMBERS)
def test_a_number_is_read_into_e164(raw: str, country: str | None, number: str) -> None:
    phone = read_phone(raw, country)
    assert phone is not None
    assert phone.number == number


@pytest.mark.parametrize(("raw", "country"), NO_NUMBERS)
def test_what_is_not_exactly_one_valid_number_is_none(raw: str, country: str | None) -> None:
    assert read_phone(raw, country) is None


@pytest.mark.parametrize(("number", "line"), LINES)
def test_fixed_is_only_what_the_plan_knows_as_fixed_line(number: str, line: Line) -> None:
    phone = read_phone(number, None)
    assert phone is not None
    assert phone.line is line
