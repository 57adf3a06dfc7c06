"""The columns of profile feeds that say something about a "no" (domain §8 "Flags"), where people may have to decide what is meant."""

import json
import re
from collections.abc import Iterator
from difflib import get_close_matches
from itertools import groupby

from pipeline.attention._notice import Notice, View
from pipeline.config import FeedConfig
from pipeline.config.feed import FlagSetting
from pipeline.errors import ConfigurationError
from pipeline.feeds import adapters
from pipeline.feeds._vendor import VendorFeed
from pipeline.flags import setting_of
from pipeline.ledger.flagging import FlagColumn
from pipeline.ledger.loads import Load
from pipeline.ledger.texts import canonical, word_shown
from pipeline.vocabulary import Kind

MANY = 0.5
FEW_ROWS = 100
"""Below so many rows a share says nothing."""
ALIKE = 0.5
_PLAIN = re.compile(r"[^\W\d_][\w ./-]*")
"""A key that YAML takes without quotes."""


def look(view: View) -> Iterator[Notice]:
    """Columns that say consent, flags that exclude most of a file, and settings that name no column of the newest file.

    Such a setting stops where it says a "no" and the file is a table: the column is called otherwise now, and its "no" is not heard.
    In JSON, whose records have only the keys that they fill, it is a note.
    """
    every = [load for load in view.loads if load.flags is not None and not load.is_refused and load.received_at <= view.as_of]
    for feed, group in groupby(sorted(every, key=lambda load: load.feed), key=lambda load: load.feed):
        settings = view.configuration.feeds.get(feed)
        if settings is not None:
            yield from _of_feed(list(group), settings)


def _of_feed(loads: list[Load], settings: FeedConfig) -> Iterator[Notice]:
    people = [load for load in loads if load.kinds.get(Kind.PROFILE)]
    newest = _newest_of_each_series(people)
    for load in newest:
        for column in load.flags or ():
            said = _said(column, load)
            if said and setting_of(column.name, settings.flags) is None:
                below = f"below `flags:` in feeds/{settings.id}.yaml write `{_key(column.name)}: none`"
                remedy = f"Decide what it says: {below} (or opted_out, deceased, consent)."
                yield Notice("flags", f"column {column.name!r} {said}", _where(load), remedy, organisation=settings.organisation)
    stopped: set[str] = set()
    for load in newest:
        for name in missing(load, settings):
            # Of several kinds of files, one that never had the column does not lack it.
            had = any(_has(each, name) for each in people if each.series == load.series)
            if name not in stopped and (had or not any(_has(each, name) for each in newest)):
                stopped.add(name)
                said = f'{_unknown(name)}: a "no" in it is not heard'
                yield Notice("flags", said, _where(load), remedy_of(load, name), ConfigurationError, settings.organisation)
    for name, setting in settings.flags.items():
        if newest and setting.says != "none" and name not in stopped and not any(_has(load, name) for load in newest):
            remedy = f"Write the column's name as the file has it in feeds/{settings.id}.yaml, or remove the line."
            yield Notice("flags", _unknown(name), _where(newest[-1]), remedy, organisation=settings.organisation)


def missing(load: Load, settings: FeedConfig) -> list[str]:
    """The columns that say a "no" by the feed's settings and that a table of people does not have."""
    if not load.is_table or not load.kinds.get(Kind.PROFILE):
        return []
    return [
        name
        for name, setting in settings.flags.items()
        if setting.says not in ("none", "consent") and not _has(load, name) and not _is_read(settings.source, name)
    ]


def remedy_of(load: Load, name: str) -> str:
    """What to write where a table lacks a column, with the columns that may be meant."""
    folded = {each.casefold(): each for each in load.attributes}
    close = get_close_matches(name.casefold(), folded, cutoff=ALIKE)
    may_be = f" (perhaps {', '.join(word_shown(folded[each]) for each in close)})" if close else ""
    below = f"Below `flags:` in feeds/{load.feed}.yaml name the column as the file has it now{may_be}"
    return f"{below}; or write `{_key(name)}: none` if no column says it any more."


def _newest_of_each_series(loads: list[Load]) -> list[Load]:
    """The newest file of each kind of files that stand side by side in a feed; of an edition in parts, every part."""
    newest: dict[str, list[Load]] = {}
    for load in loads:
        before = newest.get(load.series, [])
        is_beside = load.is_part and any(each.is_part and each.received_at == load.received_at for each in before)
        newest[load.series] = [*before, load] if is_beside else [load]
    return [load for group in newest.values() for load in group]


def _has(load: Load, name: str) -> bool:
    """Whether a file has a column of the name, however it is spelled."""
    return any(setting_of(column, {name: FlagSetting(says="none")}) is not None for column in load.attributes)


def _is_read(source: str, name: str) -> bool:
    """Whether the adapter reads a column of that name itself: it stands among no file's other columns."""
    feed = adapters().get(source)
    if not isinstance(feed, VendorFeed):
        return False
    return any(canonical(name) in map(canonical, (each.name, *each.headers)) for shape in feed.shapes for each in shape.fields)


def _said(column: FlagColumn, load: Load) -> str:
    if not column.is_flag:
        return "says consent and permits nothing"
    if load.loaded >= FEW_ROWS and column.rows > MANY * load.loaded:
        return f"excludes {column.rows:,} of {load.loaded:,} people"
    return ""


def _unknown(name: str) -> str:
    return f"`flags` names {word_shown(name)!r}, which is no column of the newest file"


def _key(name: str) -> str:
    """A column's name as a key of YAML."""
    shown = word_shown(name)
    return shown if _PLAIN.fullmatch(shown) else json.dumps(shown, ensure_ascii=False)


def _where(load: Load) -> str:
    return f"landing/{load.feed}/{load.shown_file}"
