"""The kinds of values that configuration files hold: names, durations, shares, moments, places.

Each is a pydantic annotation whose error carries its own remedy.
"""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError
from pydantic import BeforeValidator, Field, PlainSerializer, StrictBool, StrictFloat, StrictInt, WithJsonSchema
from pydantic_core import PydanticCustomError

from pipeline.config.faults import did_you_mean, shown

NAME_PATTERN = r"^[A-Za-z0-9_-][A-Za-z0-9._-]*$"
NAME_FAULT = "Use letters (a-z), digits, '.', '_' and '-', not beginning with '.', without '..'."
DURATION_PATTERN = r"^[0-9]{1,6}[smhdw]$"
SHARE_PATTERN = r"^[0-9]+(\.[0-9]+)?\s*%$"
_NOBODY = "na none no nein null nobody niemand unknown unbekannt tbd todo false true yes ja xx xxx nn anonym anonymous"
_LONGEST = timedelta(days=36_525)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:?\d{2})?")
_CRON = re.compile(r"@[a-z]+|(?:[\d*/,A-Za-z?#-]+\s+){4,5}[\d*/,A-Za-z?#-]+")
CRON_FIELDS = 5
_LONGEST_CRON = 200
_EXAMPLE_CRON = '{cron: "0 9 * * 2", timezone: Europe/Vienna}'
_ISO_3166 = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH "
    "CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN "
    "GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI "
    "LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM "
    "PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD "
    "TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW "
)
_COUNTRIES = frozenset(_ISO_3166.split())
"""ISO 3166-1 alpha-2, and XK, which has a numbering plan."""


def wrong(message: str, remedy: str) -> PydanticCustomError:
    """A refused value: what is wrong with it and what to write instead."""
    # Texts from a file may hold braces, which pydantic would take for its own placeholders.
    return PydanticCustomError("presend", "{message}", {"message": message, "remedy": remedy})


def _text(value: Any) -> str:
    """A text; a number that stands for an id (12345) is taken as it is written."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise wrong(f"expected a text, found {kind_of(value)}", "Put it in quotes.")
    text = str(value)
    if not text.strip():
        raise wrong("the text is empty", "Write a value or remove the key.")
    if any(ord(character) < 32 for character in text):
        raise wrong("the text holds a line break or control character", "Write it in one line.")
    return text


def _person(value: Any) -> str:
    """Who answers for something: a dash or "n/a" would open a way around opt-outs to nobody."""
    text = _text(value)
    if is_nobody(text):
        raise wrong(f"{shown(text)} names nobody", "Write who it is: Anna Huber.")
    return text


def is_nobody(text: str) -> bool:
    """Whether a text that should name a person names none: blanks, a dash, a single letter, "n/a"."""
    return len(_letters(text)) < 2 or _letters(text) in _NOBODY.split()


def _letters(text: str) -> str:
    return re.sub(r"[\W\d_]+", "", text).casefold()


def is_name(text: str) -> bool:
    """Whether a text can be an id: it names files and folders, and stands in everybody's exports."""
    return re.fullmatch(NAME_PATTERN, text) is not None and ".." not in text and len(text) <= 100


def _name(value: Any) -> str:
    text = _text(value)
    if not is_name(text):
        raise wrong(f"{shown(text)} cannot be an id", NAME_FAULT)
    return text


def _duration(value: Any) -> timedelta:
    if isinstance(value, timedelta):
        return value
    if not isinstance(value, str) or not re.match(DURATION_PATTERN, value):
        raise wrong(f"{shown(value)} is not a duration", "Write a number and its unit: 90m, 26h, 35d, 2w (or s).")
    duration = timedelta(**{_UNITS[value[-1]]: int(value[:-1])})
    if not duration:
        raise wrong("the duration is zero", "Write a number above 0 and its unit: 90m, 26h, 35d, 2w.")
    if duration > _LONGEST:
        raise wrong(f"{shown(value)} is longer than a century", "Write a shorter one: 90m, 26h, 35d, 2w.")
    return duration


def _share(value: Any) -> float:
    if isinstance(value, str) and re.match(SHARE_PATTERN, value):
        return float(Decimal(value.rstrip("% ")) / 100)  # 0.7 % is 0.007, not 0.006999…
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise wrong(f"{shown(value)} is not a share", "Write a percentage such as 0.1% or a number such as 0.001.")
    if not 0 <= value <= 1:
        raise wrong(f"{shown(value)} is not a share between 0 and 1", f"Write {value}% if percent are meant.")
    return float(value)


def _timezone(value: Any) -> str:
    text = _text(value)
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        remedy = did_you_mean(text, available_timezones()) or "Use a name of the tz database, such as Europe/Vienna."
        raise wrong(f"{shown(text)} is not a time zone", remedy) from None
    return text


def _country(value: Any) -> str:
    text = _text(value)
    if text not in _COUNTRIES:
        remedy = f"Write {text.upper()}." if text.upper() in _COUNTRIES else "Use the two capital letters of ISO 3166: AT, DE, NL."
        raise wrong(f"{shown(text)} is not a country", remedy)
    return text


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    text = str(value)
    if _CRON.fullmatch(text):
        raise wrong(
            f"{shown(text)} is a repeating schedule",
            f"Write one moment, such as 2026-11-25T09:00:00+01:00; only delivery_analysis_at may recur: {_EXAMPLE_CRON}.",
        )
    remedy = "Write date, time and offset: 2026-11-25T09:00:00+01:00."
    if not isinstance(value, str) or not _MOMENT.fullmatch(text):
        raise wrong(f"{shown(text)} is not a moment", remedy)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise wrong(f"{shown(text)} is not a moment ({error})", remedy) from None
    if not 2000 <= moment.year < 2200:
        raise wrong(f"{shown(text)} lies outside the years 2000 to 2199", remedy)
    return moment


def _cron(value: Any) -> str:
    text = _text(value)
    remedy = 'Write minute, hour, day of month, month and weekday: "0 9 * * 2" is every Tuesday at nine.'
    if len(text.split()) != CRON_FIELDS or len(text) > _LONGEST_CRON:
        raise wrong(f"{shown(text)} is not a cron expression of five fields", remedy)
    try:
        next(CronSim(text, datetime(2000, 1, 1, tzinfo=UTC)))
    except CronSimError as error:
        raise wrong(f"{shown(text)} is not a cron expression ({error})", remedy) from None
    except StopIteration:
        raise wrong(f"{shown(text)} names a day that never comes", remedy) from None
    return " ".join(text.split())


def _glob(value: Any) -> str:
    text = _text(value)
    if text.startswith("/") or ".." in text.split("/") or "\\" in text:
        raise wrong(f"{shown(text)} leaves the feed's folder", 'Write a pattern below landing/<feed>/, such as "*.csv" or "**/*.json".')
    return text


def _path(value: Any) -> str:
    text = _text(value)
    if text.startswith("/") or ".." in text.split("/") or "\\" in text:
        raise wrong(f"{shown(text)} leaves the workspace", "Write a path below the workspace, such as lists/members.csv.")
    return text


def kind_of(value: Any) -> str:
    """What a value is, in words a reader of YAML knows."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case list() | tuple():
            return "a list"
        case dict():
            return "keys with values"
        case _:
            return type(value).__name__


def instant(moment: datetime, zone: str) -> datetime:
    """The moment in UTC; one without offset is local time of the zone, and of two readings (a clock change) the earlier counts.

    UTC, because Python computes with zoned times by their wall clock: two hours before could be one or three.
    """
    readings = [moment] if moment.tzinfo else [moment.replace(tzinfo=ZoneInfo(zone), fold=fold) for fold in (0, 1)]
    return min(reading.astimezone(UTC) for reading in readings)


def _as_duration(duration: timedelta) -> str:
    return f"{int(duration.total_seconds())}s"


Text = Annotated[str, BeforeValidator(_text, json_schema_input_type=str)]
PersonName = Annotated[str, BeforeValidator(_person, json_schema_input_type=str)]
Name = Annotated[str, BeforeValidator(_name), WithJsonSchema({"type": ["string", "integer"], "pattern": NAME_PATTERN})]
Duration = Annotated[
    timedelta,
    BeforeValidator(_duration),
    PlainSerializer(_as_duration, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": DURATION_PATTERN}),
]
Share = Annotated[
    float,
    BeforeValidator(_share),
    WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, {"type": "string", "pattern": SHARE_PATTERN}]}),
]
TimeZone = Annotated[str, BeforeValidator(_timezone)]
Country = Annotated[str, BeforeValidator(_country), WithJsonSchema({"type": "string", "pattern": "^[A-Z]{2}$"})]
Moment = Annotated[datetime, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})]
Cron = Annotated[str, BeforeValidator(_cron, json_schema_input_type=str)]
Glob = Annotated[str, BeforeValidator(_glob)]
PathBelow = Annotated[str, BeforeValidator(_path)]
Flag = StrictBool
Count = Annotated[StrictInt, Field(ge=0)]
Number = Annotated[StrictInt, Field(ge=1)]
Probability = Annotated[StrictFloat, Field(ge=0, le=1)]
