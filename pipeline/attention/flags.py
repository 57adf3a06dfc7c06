"""The columns of profile feeds that say something about a "no" (domain §8 "Flags"), where people may have to decide what is meant."""

from collections.abc import Iterator

from pipeline.attention._notice import Notice, View
from pipeline.flags import setting_of
from pipeline.ledger.flagging import FlagColumn
from pipeline.ledger.loads import Load
from pipeline.ledger.texts import word_shown

MANY = 0.5
FEW_ROWS = 100
"""Below so many rows a share says nothing."""


def look(view: View) -> Iterator[Notice]:
    """Columns that say consent, flags that exclude most of a file, and settings that name no column of the newest file."""
    newest = {load.feed: load for load in view.loads if load.flags is not None and not load.is_refused and load.received_at <= view.as_of}
    for feed, load in sorted(newest.items()):
        settings = view.configuration.feeds.get(feed)
        if settings is None:
            continue
        for column in load.flags or ():
            said = _said(column, load)
            if said and setting_of(column.name, settings.flags) is None:
                remedy = f"Decide what it says: `flags: {{{column.name}: none}}` (or opted_out, deceased, consent) in feeds/{feed}.yaml."
                yield Notice("flags", f"column {column.name!r} {said}", _where(load), remedy, organisation=settings.organisation)
        for name, setting in settings.flags.items():
            if setting.says != "none" and not any(setting_of(column, {name: setting}) for column in load.attributes):
                remedy = f"Write the column's name as the file has it in feeds/{feed}.yaml, or remove the line."
                yield Notice("flags", f"`flags` names {word_shown(name)!r}, which is no column of the newest file", _where(load), remedy,
                             organisation=settings.organisation)  # fmt: skip


def _said(column: FlagColumn, load: Load) -> str:
    if not column.is_flag:
        return "says consent and permits nothing"
    if load.loaded >= FEW_ROWS and column.rows > MANY * load.loaded:
        return f"excludes {column.rows:,} of {load.loaded:,} people"
    return ""


def _where(load: Load) -> str:
    return f"landing/{load.feed}/{load.shown_file}"
