"""What the columns of a feed's files say, by their names and by what the feed's YAML decides otherwise."""

import re
from collections.abc import Iterable, Mapping

from pipeline.config.feed import FlagSetting
from pipeline.flags.names import CONSENT, FlagReason, Meaning, meaning_of

Settings = Mapping[str, FlagSetting]
_APART = re.compile(r"[\W_]+")


def flag_columns(names: Iterable[str], settings: Settings, read_otherwise: str = "") -> dict[str, Meaning]:
    """The columns that say a "no" or consent, with what they say.

    A name with slashes may be a path in a JSON record: the whole or its last part says it. `read_otherwise`: a pattern of names, in
    lower case, whose meaning the adapter knows better.
    """
    found: dict[str, Meaning] = {}
    for name in names:
        own = _own(name)
        setting = setting_of(name, settings)
        said = [meaning for meaning in (meaning_of(name), meaning_of(own)) if meaning is not None]
        meaning = next((each for each in said if each.is_flag), said[0] if said else None)
        if setting is not None:
            meaning = _decided(setting, meaning)
        elif read_otherwise and re.search(read_otherwise, own.lower()):
            meaning = None
        if meaning is not None:
            found[name] = meaning
    return found


def setting_of(name: str, settings: Settings) -> FlagSetting | None:
    """What the feed's YAML decides about a column; names compare without case, blanks and signs."""
    asked = (_folded(name), _folded(_own(name)))
    return next((setting for told, setting in settings.items() if _folded(told) in asked), None)


def _own(name: str) -> str:
    return name.rpartition("/")[2] or name


def _decided(setting: FlagSetting, by_name: Meaning | None) -> Meaning | None:
    match setting.says:
        case "none":
            return None
        case "consent":
            return CONSENT
        case "deceased":
            return Meaning(FlagReason.DECEASED)
    if setting.channel is not None:
        return Meaning(FlagReason.OPTED_OUT, (setting.channel,))
    return Meaning(FlagReason.OPTED_OUT, by_name.channels if by_name is not None and by_name.is_flag else ("any",))


def _folded(name: str) -> str:
    return _APART.sub("_", name.strip().casefold()).strip("_") or name


def flags_sql(cells: Iterable[tuple[str, Meaning]]) -> str:
    """SQL for the flags of a row, `email:opted_out;any:deceased`, or NULL: any cell that says "no" is enough."""
    said: dict[str, list[str]] = {}
    for cell, meaning in cells:
        for flag in meaning.flags:
            said.setdefault(flag, []).append(f"is_yes({cell})")
    flags = ", ".join(f"CASE WHEN {' OR '.join(found)} THEN '{flag}' END" for flag, found in sorted(said.items()))
    return f"nullif(concat_ws(';', {flags}), '')" if flags else "NULL::VARCHAR"
