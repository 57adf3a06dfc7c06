"""Numbers as operators and messengers still send them though the plan has changed, and trunk zeros where libphonenumber takes none.

Asked only for a number that is none in today's plan, so that nobody else's number can be meant; what comes out has to be one.

| country | still sent | today | source |
| --- | --- | --- | --- |
| Mexico | `+52 1` before ten digits; `044`, `045`, `01` | the ten digits | IFT's plan of 2019; issue chatwoot/chatwoot#14048 |
| Brazil | eight digits from 6 to 9 behind the area code | a 9 before them | Anatel's ninth digit; issue chatwoot/chatwoot#12655 |
| Benin | eight digits | `01` before them | ARCEP's plan of 30 November 2024 |
| Côte d'Ivoire | eight digits | an operator's two digits before them, by the second or third | ARTCI's plan of 31 January 2021 |
| anywhere | a `0` behind the country code | without it | ITU-T E.123: the trunk prefix is not part of the international number |
"""

import re

from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, format_number, is_valid_number, parse

_FORMER = (
    (re.compile(r"\+52(?:1|01|04[45])(\d{10})"), r"+52\1"),
    (re.compile(r"\+55(\d\d)([6-9]\d{7})"), r"+55\g<1>9\2"),
    (re.compile(r"\+229(\d{8})"), r"+22901\1"),
    (re.compile(r"\+225([04-9][0-3]\d{6})"), r"+22501\1"),
    (re.compile(r"\+225([04-9][4-6]\d{6})"), r"+22505\1"),
    (re.compile(r"\+225([04-9][7-9]\d{6})"), r"+22507\1"),
    (re.compile(r"\+225([23]\d8\d{5})"), r"+22521\1"),
    (re.compile(r"\+225([23]\d0\d{5})"), r"+22525\1"),
    (re.compile(r"\+225([23]\d[1-79]\d{5})"), r"+22527\1"),
)


def today(number: PhoneNumber) -> PhoneNumber | None:
    """What a number that is none may be in today's plan; None where no change of a plan explains it."""
    written = format_number(number, PhoneNumberFormat.E164)
    forms = [pattern.sub(form, written) for pattern, form in _FORMER if pattern.fullmatch(written)]
    if number.italian_leading_zero:
        forms.append(f"+{number.country_code}{number.national_number}")
    return next(filter(None, map(_valid, forms)), None)


def _valid(form: str) -> PhoneNumber | None:
    try:
        number = parse(form)
    except NumberParseException:
        return None
    return number if is_valid_number(number) else None
