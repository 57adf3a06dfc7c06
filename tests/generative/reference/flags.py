"""CRM flags: what a profile file says against writing to somebody (domain §6 "CRM flags", §2 "A snapshot's silence")."""

from collections import Counter
from dataclasses import dataclass, field

from pipeline.vocabulary import Action, Actor, Channel

from .rows import Consent, Place, Profile
from .times import Interval

CHANNELS = {
    "unsubscribed": Channel.ANY,
    "deceased": Channel.ANY,
    "no_email": Channel.EMAIL,
    "no_sms": Channel.SMS,
    "no_phone": Channel.PHONE,
}
"""Those that worlds use, with the channel of each."""
NO = {"", "0", "false", "no", "nein"}


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
    _runs: dict[tuple[str, Profile, str], Run] = field(default_factory=dict)

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
        for flag, channel in CHANNELS.items():
            if cells.get(flag, "").lower() in NO:
                continue
            since: object = written or (feed, self._run(feed, profile, flag))
            start, end = written or (place.received, place.received)
            opt_out = Consent(
                source="canonical_profiles", event_id=profile[1], action=Action.OPT_OUT, channel=channel,
                address=phone if channel in (Channel.SMS, Channel.PHONE) else email, profiles=frozenset({profile}),
                paths=((profile[0],),), actor=Actor.IMPORT, via="", has_basis=False, has_explanation=False,
                start=min(start, place.received), end=min(end, place.received), written=written, place=place,
            )  # fmt: skip
            self.said.setdefault((profile, flag, since, email, phone), opt_out)

    def _run(self, feed: str, profile: Profile, flag: str) -> int:
        file = self._files[feed, profile[0]]
        run = self._runs.setdefault((feed, profile, flag), Run(file, file))
        if file > run.last + 1:
            run.number = file
        run.last = file
        return run.number
