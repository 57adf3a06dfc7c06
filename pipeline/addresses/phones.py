"""Phone numbers, one value at a time, by `phonenumbers` (Google's libphonenumber; domain §1 "A number is E.164").

libphonenumber looks for a number in any text, and turns letters into digits. A cell of an address column has to *be* a number, so a
stricter form is asked for first:

* digits of any script, a leading plus, spaces, hyphens, dots, one slash and parentheses; or a `tel:` URI (RFC 3966);
* an extension (`;ext=12`, `ext. 12`, `x12`) is dropped: E.164 has none;
* letters, a second number, a comma or any other text make it unreadable. A slash behind a complete number starts a second number
  or an extension, and nobody can tell which;
* `whatsapp:`, `sms:` and their like in front say by which way it is reached, and are dropped;
* `.0` at the end is a spreadsheet's decimal place: read as a digit it would make somebody else's number.

A number that is none in today's plan may be a former way to write one that is (`pipeline.addresses.former_numbers`).
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers

from pipeline.addresses.cells import without_surroundings
from pipeline.addresses.former_numbers import today

_WRITTEN = re.compile(r"\(? ?\+? ?\(?[0-9][0-9 ().-]*(?:/[0-9 ().-]*)?")
_EXTENSION = re.compile(r" *(?:;ext=|ext\.?|x) *[0-9]{1,7}$", re.IGNORECASE)
_URI = re.compile(r"tel:(?P<number>[+0-9().-]+)(?P<parameters>(?:;[a-z0-9-]+(?:=[^;\s]*)?)*)", re.IGNORECASE)
_WAY = re.compile(r"^(?:whatsapp|sms|mms|rcs|viber|callto):(?://)?\s*", re.IGNORECASE)
_CONTEXT = re.compile(r";phone-context=(?P<context>[^;]+)", re.IGNORECASE)
_PUNCTUATION = {"＋": "+", "（": "(", "）": ")", "．": ".", "／": "/", "\u2212": "-"}
_LONGEST_CELL = 100


class Line(StrEnum):
    """What the numbering plan knows of a number. Fixed is only what cannot be a mobile as well."""

    MOBILE = "mobile"
    FIXED = "fixed"
    UNKNOWN = "unknown"


_LINES = {phonenumbers.PhoneNumberType.MOBILE: Line.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE: Line.FIXED}


@dataclass(frozen=True)
class Phone:
    """One valid number in E.164 form, and the kind of its line."""

    number: str
    line: Line


def read_phone(raw: str, country: str | None) -> Phone | None:
    """The one number that the text holds; None when it holds none, more than one, or anything beside it.

    `country` (ISO 3166, two letters) is where a number without country code is at home. Where it is empty or unknown, only
    international numbers (`+…`) can be read.
    """
    text = _plain_signs(without_surroundings(raw))
    if len(text) > _LONGEST_CELL:
        return None
    if text[:4].lower() == "tel:":
        uri = _URI.fullmatch(text)
        if uri is None:
            return None
        context = _CONTEXT.search(uri["parameters"])
        return _valid(f"{uri['number']};phone-context={context['context']}" if context else uri["number"], country)
    text = _EXTENSION.sub("", _WAY.sub("", text))
    if not _WRITTEN.fullmatch(text) or text.endswith(".0"):
        return None
    before, slash, _ = text.partition("/")
    if slash and _valid(before, country):
        return None
    return _valid(text, country)


def _valid(text: str, country: str | None) -> Phone | None:
    region = (country or "").strip().upper()
    try:
        number = phonenumbers.parse(text, region if region in phonenumbers.SUPPORTED_REGIONS else None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        now = today(number)
        if now is None:
            return None
        number = now
    line = _LINES.get(phonenumbers.number_type(number), Line.UNKNOWN)
    return Phone(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), line)


def _plain_signs(text: str) -> str:
    return text if text.isascii() else "".join(map(_plain_sign, text))


def _plain_sign(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Zs":
        return " "
    if category == "Pd":
        return "-"
    return _PUNCTUATION.get(character, character)
