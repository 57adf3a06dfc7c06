"""A message that somebody has to read: whom it may be about, and what of it may be shown."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline.addresses import read_email
from pipeline.logs import masked, masked_name
from pipeline.messages import Request, addresses_in
from pipeline.outbox import instant_text

SUBJECT_LIMIT = 120


@dataclass(frozen=True)
class Answer:
    """What somebody said of a message: `opt_out`, or `none`. `at` is when it was received."""

    answer: str
    by: str
    at: datetime

    @property
    def document(self) -> dict[str, Any]:
        return {"answer": self.answer, "by": self.by, "at": instant_text(self.at)}


@dataclass(frozen=True)
class Message:
    """A row of `review_fact`. `is_by_owner`: a person wrote it, and is whom `address` names; else a server reported the address.

    `address` is NULL where it cannot be read; `raw_address` is what stands there then. `scope` and `scope_id` are what an opt-out would be
    from, where the message tells.
    """

    id: str
    event_id: str | None
    channel: str
    address: str | None
    raw_address: str | None
    body: str
    scope: str | None
    scope_id: str | None
    occurred_from: datetime | None
    occurred_until: datetime | None
    received_at: datetime
    feed: str
    file: str
    row_number: int
    why: str | None
    is_by_owner: bool

    @property
    def named(self) -> tuple[str, ...]:
        """The other addresses that the text names and that could be somebody's, where it waits for that."""
        if self.why != Request.FOR_ANOTHER:
            return ()
        read = (read_email(address) for address in addresses_in(self.body))
        return tuple(address for address in dict.fromkeys(email.address for email in read if email) if address != self.address)

    @property
    def concerned(self) -> dict[str, bool]:
        """Everybody whom its "no" would be about, and whether it is their own word."""
        own = {self.address: self.is_by_owner} if self.address else {}
        return own | dict.fromkeys(self.named, False)

    @property
    def document(self) -> dict[str, Any]:
        """What may be shown of it: no full address."""
        first = self.body.strip().split("\n", 1)[0]
        return {
            "id": self.id,
            "occurred_at": None if self.occurred_from is None else instant_text(self.occurred_from),
            "received_at": instant_text(self.received_at),
            "channel": self.channel,
            "from": _shown(masked(self.address or self.raw_address or "")),
            "names": [masked(address) for address in self.named],
            "subject": _shown(first)[:SUBJECT_LIMIT],
            "why": self.why or "may mean no",
            "scope": self.scope,
            "scope_id": None if self.scope_id is None else masked_name(self.scope_id),
            "feed": self.feed,
            "file": masked_name(self.file),
            "row_number": self.row_number,
        }

    @property
    def text(self) -> str:
        """What it says, its addresses and numbers masked."""
        return "\n".join(_shown(line) for line in self.body.splitlines())


def _shown(line: str) -> str:
    """A line of somebody else's as a terminal may show it."""
    return masked_name("".join(letter if letter.isprintable() else " " for letter in line))
