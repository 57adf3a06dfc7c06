"""What the columns of a feed's files say, by their names and by what the feed's YAML decides otherwise."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from pipeline.config.feed import FlagSetting
from pipeline.flags.names import CONSENT, FlagReason, Meaning, channels_of, may_be_email, meaning_of

Settings = Mapping[str, FlagSetting]
_APART = re.compile(r"[\W_]+")


def flag_columns(names: Iterable[str], settings: Settings, read_otherwise: str = "", *, is_vendors: bool = False) -> dict[str, Meaning]:
    """The columns that say a "no" or consent, with what they say.

    A name with slashes may be a path in a JSON record: the whole or its last part says it. `read_otherwise`: a pattern of names, in
    lower case, whose meaning the adapter knows better. `is_vendors`: whether an adapter reads what is said of e-mail besides; else
    `no_mail` is about e-mail too, unless another column is.
    """
    found: dict[str, Meaning] = {}
    names = list(names)
    whole = {_folded(name) for name in names}
    for name in names:
        own = _own(name)
        setting = setting_of(name, settings, whole)
        said = [meaning for meaning in (meaning_of(name), meaning_of(own)) if meaning is not None]
        meaning = next((each for each in said if each.is_flag), said[0] if said else None)
        if setting is not None:
            meaning = _decided(setting, meaning, own)
        elif read_otherwise and re.search(read_otherwise, own.lower()):
            meaning = None
        if meaning is not None:
            found[name] = meaning
    if not is_vendors and not any(meaning.is_flag and "email" in meaning.channels for meaning in found.values()):
        for name, meaning in found.items():
            if meaning.channels == ("post",) and setting_of(name, settings, whole) is None and may_be_email(name):
                found[name] = replace(meaning, channels=("email", "post"))
    return found


def setting_of(name: str, settings: Settings, whole: Collection[str] = ()) -> FlagSetting | None:
    """What the feed's YAML decides about a column; names compare without case, blanks and signs.

    A path in a JSON record is named by all of it, or by its last part where no column is called so: `whole` are the folded names of all.
    """
    asked, own = _folded(name), _folded(_own(name))
    told = {_folded(each): setting for each, setting in settings.items()}
    return told.get(asked) or (told.get(own) if own not in whole else None)


@dataclass(frozen=True)
class Lifting:
    """Which places inside of a JSON record are columns by themselves: those that say a "no" or consent, by name or setting."""

    settings: Settings

    def columns(self, inner: Iterable[str], header: Iterable[str] = ()) -> dict[str, Meaning]:
        """What the places say, by their names; `header` are the columns beside them."""
        header = set(header)
        every = flag_columns([*header, *inner], self.settings, is_vendors=True)
        return {name: meaning for name, meaning in every.items() if name not in header}

    def is_of_pair(self, name: str) -> bool:
        """Whether a pair of a name and a value may say something, as a column of that name would."""
        return meaning_of(name) is not None or any(_folded(_own(told)) == _folded(name) for told in self.settings)


def _own(name: str) -> str:
    return name.rpartition("/")[2] or name


def _decided(setting: FlagSetting, by_name: Meaning | None, name: str) -> Meaning | None:
    unless = tuple(sorted({word.strip().lower() for word in setting.unless}))
    counts_no = bool(unless) and not (by_name is not None and by_name.is_flag)
    match setting.says:
        case "none":
            return None
        case "consent":
            return CONSENT
        case "deceased":
            return Meaning(FlagReason.DECEASED, unless=unless, counts_no=counts_no)
    if setting.channel is not None:
        return Meaning(FlagReason.OPTED_OUT, (setting.channel,), unless, counts_no)
    if by_name is None:
        return Meaning(FlagReason.OPTED_OUT, unless=unless, counts_no=counts_no)
    return Meaning(FlagReason.OPTED_OUT, by_name.channels if by_name.is_flag else channels_of(name) or ("any",), unless, counts_no)


def _folded(name: str) -> str:
    return _APART.sub("_", name.strip().casefold()).strip("_") or name


def flags_sql(cells: Iterable[tuple[str, Meaning]]) -> str:
    """SQL for the flags of a row, `email:opted_out;any:deceased`, or NULL: any cell that says "no" is enough."""
    said: dict[str, list[str]] = {}
    for cell, meaning in cells:
        for flag in meaning.flags:
            said.setdefault(flag, []).append(yes_sql(cell, meaning))
    flags = ", ".join(f"CASE WHEN {' OR '.join(found)} THEN '{flag}' END" for flag, found in sorted(said.items()))
    return f"nullif(concat_ws(';', {flags}), '')" if flags else "NULL::VARCHAR"


def yes_sql(cell: str, meaning: Meaning) -> str:
    """SQL for whether a cell says what its column means. The words that do not are in the variable `flag_unless` (`unless_of`)."""
    if not meaning.unless:
        return f"is_yes({cell})"
    words = f"getvariable('flag_unless')['{_key(meaning.unless)}']"
    said = f"(is_yes({cell}) OR is_plain_no({cell}))" if meaning.counts_no else f"is_yes({cell})"
    return f"({said} AND NOT coalesce(list_contains({words}, word({cell})), false))"


def unless_of(settings: Settings) -> dict[str, list[str]]:
    """What the variable `flag_unless` holds for a feed: words by a key that is safe in SQL."""
    meanings = [_decided(setting, None, "") for setting in settings.values()]
    return {_key(meaning.unless): list(meaning.unless) for meaning in meanings if meaning is not None and meaning.unless}


def _key(words: tuple[str, ...]) -> str:
    return sha256("\n".join(words).encode()).hexdigest()
