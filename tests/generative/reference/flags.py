"""CRM flags: what a profile file says against writing to somebody (domain §6 "CRM flags", §2 "A snapshot's silence")."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.vocabulary import Action, Actor, Channel

from .addresses import kind_of
from .rows import Consent, Place, Profile
from .times import Interval

REFUSAL = re.compile(
    "opte?d?out|unsub|donot|(^|is|bulk)no(email|mail|sms|phone|call|whatsapp|rcs|contact)|nomolestar|blacklist|sperre|gesperrt|abgemeldet|abbestellt"
    "|keine|nicht|desinscri|desabonn|geen|uitgeschreven|disiscri|baja|blocked$|onhold"
)
DEATH = re.compile("deceased|verstorben|overleden|decede|fallecid")
NOTHING = re.compile("link|url|possible|seats|fan$")
"""A name that speaks of it and says nothing of the owner."""
ON = {
    Channel.EMAIL: "email|newsletter",
    Channel.SMS: "sms|text",
    Channel.PHONE: "phone|call|bellen|anruf",
    Channel.WHATSAPP: "whatsapp",
    Channel.RCS: "rcs|text",
    Channel.POST: "post",
}
PLAIN_NO = re.compile(
    r"|0|false|f|no|n|off|nein|falsch|nee|onwaar|non|faux|none|null|never|nie|aus|-|(0000|0001|1900|1970)-0[01]-0[01]( 00:00(:00)?)?"
)
LINK = re.compile("https?:|www[.]")


def said_by(name: str) -> set[tuple[Channel, str]]:
    """What a column of this name says, on which channels: read from its letters alone, without blanks, signs and accents."""
    letters = re.sub("[^a-z]", "", unicodedata.normalize("NFKD", name).lower())
    if NOTHING.search(letters):
        return set()
    if DEATH.search(letters):
        return {(Channel.ANY, "deceased")}
    if not REFUSAL.search(letters):
        return set()
    return {(channel, "opted_out") for channel, words in ON.items() if re.search(words, letters)} or {(Channel.ANY, "opted_out")}


def is_no(cell: str) -> bool:
    """Whether a filled cell of such a column excludes: it is neither plainly negative nor a link."""
    return not PLAIN_NO.fullmatch(cell.strip().lower()) and not LINK.match(cell)


def flags_of(cells: dict[str, str]) -> Iterator[tuple[Channel, str]]:
    """The flags of one row: of several columns that say the same, any "no" is a "no"."""
    yield from sorted({flag for name, cell in cells.items() if is_no(cell) for flag in said_by(name)})


@dataclass
class Run:
    """An unbroken run of files that say a flag of a profile."""

    number: int
    last: int


@dataclass
class Flags:
    """The opt-outs that flags are, each once."""

    said: dict[tuple[object, ...], Consent] = field(default_factory=dict)
    _files: Counter[tuple[str, str]] = field(default_factory=Counter)
    _runs: dict[tuple[str, Profile, tuple[Channel, str]], Run] = field(default_factory=dict)

    def next_file(self, feed: str, organisations: set[str]) -> None:
        """A file of a feed about these organisations begins."""
        self._files.update((feed, organisation) for organisation in organisations)

    def read(
        self,
        feed: str,
        profile: Profile,
        cells: dict[str, str],
        email: str | None,
        phone: str | None,
        written: Interval | None,
        place: Place,
    ) -> None:
        """Note what one row says: as of its own time, else of the first file in an unbroken run of files that say so."""
        for flag in flags_of(cells):
            channel, _ = flag
            since: object = written or (feed, self._run(feed, profile, flag))
            start, end = written or (place.received, place.received)
            opt_out = Consent(
                source="canonical_profiles", event_id=profile[1], action=Action.OPT_OUT, channel=channel,
                address=phone if channel != Channel.ANY and kind_of(channel) == "phone" else email, profiles=frozenset({profile}),
                paths=((profile[0],),), actor=Actor.IMPORT, via="", has_basis=False, has_explanation=False,
                start=min(start, place.received), end=min(end, place.received), written=written, place=place,
            )  # fmt: skip
            self.said.setdefault((profile, flag, since, email, phone), opt_out)

    def _run(self, feed: str, profile: Profile, flag: tuple[Channel, str]) -> int:
        file = self._files[feed, profile[0]]
        run = self._runs.setdefault((feed, profile, flag), Run(file, file))
        if file > run.last + 1:
            run.number = file
        run.last = file
        return run.number
