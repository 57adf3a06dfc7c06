"""What the exports of CRMs have in common: columns of a record that say "no" on a channel.

A CRM does not say in such a column who said it, nor when. It is an import's "no", and counts since the first export of an
unbroken run. Anything but a plain no in it is a yes (`is_yes`), and neither lifts anything (domain §2, §6).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline.feeds._vendor import IGNORED, Field, Meaning, opt_out
from pipeline.vocabulary import Actor, Channel, Via

EMPTY = "''"


@dataclass(frozen=True)
class Flag:
    """A column that closes a channel where its cell says yes; a channel of None is none of ours (fax, push)."""

    name: str
    meaning: str
    channel: Channel | None
    headers: tuple[str, ...] = ()
    pointer: str = ""
    is_required: bool = False

    @property
    def field(self) -> Field:
        return Field(self.name, self.meaning, self.pointer, self.headers, self.is_required)

    @property
    def says(self) -> Meaning:
        return opt_out(Via.IMPORT, Actor.IMPORT, channel=self.channel) if self.channel else IGNORED


def said(flags: Iterable[Flag], addresses: Mapping[Channel, str]) -> str:
    """SQL for `each`: a struct of `word` and `address` for every flag that is set. `addresses`: SQL for the address of a channel."""
    found = ", ".join(
        f"{{'word': CASE WHEN says_yes({flag.name}) THEN '{flag.name}' END,"
        f" 'address': {addresses.get(flag.channel or Channel.ANY, EMPTY)}}}"
        for flag in flags
    )
    return f"list_filter([{found}], lambda said: said.word IS NOT NULL)"


def codes(flags: Iterable[Flag]) -> dict[str, Meaning]:
    """What each of the flags means."""
    return {flag.name: flag.says for flag in flags}
