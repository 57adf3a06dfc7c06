"""Which column of a foreign table holds which of ours: `columns`, `constants` and the written times of a canonical feed's YAML.

What a feed does not place stands under its own name, as in our plain formats. A column whose name says a "no" stays a flag of the
profile, whatever else it is read as: nobody's opt-out is hidden by a setting.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.config import FeedConfig
from pipeline.config.attributes import WRITTEN_TIMES
from pipeline.feeds._feed import TableFeed
from pipeline.ledger.landing import UnreadableFile
from pipeline.ledger.tables import alike, one_cell
from pipeline.ledger.texts import canonical


@dataclass(frozen=True)
class Placing:
    """What a feed says of the columns of its files.

    `columns`: ours → the header's, None where the files have none. `constants`: ours → what every row says. `times`: ours → how it is
    written.
    """

    known: tuple[str, ...]
    needed: tuple[str, ...]
    columns: Mapping[str, str | None] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    times: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, adapter: TableFeed, feed: FeedConfig) -> "Placing":
        """The placing of a feed. A time is typed by our name, or by the header's that holds it."""
        types = {name: feed.attributes.get(name) or feed.attributes.get(feed.columns.get(name) or "") for name in WRITTEN_TIMES}
        times = {name: meaning.format for name, meaning in types.items() if meaning is not None and meaning.format is not None}
        known = tuple(column.name for column in adapter.columns)
        needed = tuple(column.name for column in adapter.columns if column.is_required)
        return cls((*known, "vendor_label"), needed, feed.columns, feed.constants, times)

    @property
    def required(self) -> list[str]:
        """The headers that a table cannot do without: those that hold what is required, and all that are placed."""
        own = [name for name in self.needed if name not in {*self.columns, *self.constants}]
        return list(dict.fromkeys([*own, *filter(None, self.columns.values())]))

    def found(self, header: Sequence[str]) -> dict[str, list[int]]:
        """The positions of our columns in a table. Raises UnreadableFile where a constant stands in it too: which of both holds?"""
        there = alike(header)
        told = {name: canonical(header) for name, header in self.columns.items() if header is not None}
        placed = {name: there[header] for name, header in told.items() if header in there}
        both = self.constants.keys() & there.keys() - set(told.values())
        if both:
            raise UnreadableFile(
                f"the column {min(both)!r} stands in the file and among the feed's `constants`: nobody knows which holds; remove it from"
                " `constants`, or place the file's column in `columns` as what it means"
            )
        return {column: there[column] for column in self.known if column in there and column not in self.columns} | placed

    def cell(self, name: str, found: Mapping[str, list[int]]) -> str:
        """SQL for the cell of one of our columns, a time as ISO 8601 where it is written as the feed says."""
        if name in self.constants:
            return f"$constant_{name}::VARCHAR"
        if name not in found:
            return "''"
        cell = one_cell(found[name])
        if name not in self.times:
            return cell
        signs = self.times[name]
        moment = f"try_strptime(trim({cell}), $format_{name}){_IN_UTC if '%z' in signs else ''}"
        return f"coalesce(strftime({moment}, '{_shape(signs)}'), {cell})"

    def parameters(self, found: Mapping[str, list[int]]) -> dict[str, object]:
        """What the SQL of the cells asks for."""
        formats: dict[str, object] = {f"format_{name}": signs for name, signs in self.times.items() if name in found}
        return formats | {f"constant_{name}": text for name, text in self.constants.items()}


_IN_UTC = " AT TIME ZONE 'UTC'"
_HOURS, _SECONDS = re.compile("%-?[HI]|%[XTc]"), re.compile("%-?S|%[XTc]")


def _shape(signs: str) -> str:
    """How a time is written on, as exactly as it came: a day is the whole day, a minute the whole minute."""
    if not _HOURS.search(signs):
        return "%Y-%m-%d"
    seconds = ":%S" if _SECONDS.search(signs) else ""
    return f"%Y-%m-%dT%H:%M{seconds}{'.%f' if '%f' in signs else ''}{'Z' if '%z' in signs else ''}"
