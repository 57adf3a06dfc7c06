"""Answers to messages that wait: as they are given, alone or many in a file, and landed as a file of their own feed.

An opt-out is from what the message says that it is from, else from the brand or organisation of its feed, as that of any mail; it counts
from the message's time. What was landed is loaded at once; whoever is killed in between leaves it to the next ingest.
"""

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256

from pipeline import durable
from pipeline.addresses import addresses_meant
from pipeline.config import REVIEW_FEED, Configuration, load_configuration
from pipeline.errors import FeedRefused, UsageError
from pipeline.feeds.review_answers import NONE
from pipeline.ledger import ingest
from pipeline.ledger.loads import read_every_load
from pipeline.ledger.redating import require_forward
from pipeline.logs import Progress, masked_name
from pipeline.outbox import instant_text
from pipeline.review.messages import Message
from pipeline.review.queue import Queue
from pipeline.vocabulary import Action, Actor, AddressKind, Channel, Scope
from pipeline.workspace import Workspace

ANSWERS = {"opt_out": Action.OPT_OUT.value, "opt-out": Action.OPT_OUT.value, NONE: NONE}
DELIMITERS = ",;\t"


@dataclass(frozen=True)
class Given:
    """An answer as somebody gives it. `addresses` are whom an opt-out is about, where not everybody whom the message is about."""

    id: str
    answer: str
    addresses: tuple[str, ...] = ()


@dataclass
class Outcome:
    """What became of answers: those that are new, those that had been given, and messages that nobody knows. They add up.

    `still_out` are messages of which somebody says "none" now, and whose opt-out stands.
    """

    new: list[Given] = field(default_factory=list)
    known: list[Given] = field(default_factory=list)
    unknown: list[Given] = field(default_factory=list)
    still_out: list[str] = field(default_factory=list)


def read_answers(lines: Iterable[str]) -> list[Given]:
    """The answers of a CSV with the columns `id`, `answer` (`opt_out` or `none`) and, if there, `address`, several with blanks between.

    A line without an answer is not answered. Raises UsageError for another header, and naming the lines that cannot be read: nothing of
    such a file counts.
    """
    rows = list(lines)
    header = rows[0] if rows else ""
    reader = csv.DictReader(rows, delimiter=max(DELIMITERS, key=header.count), strict=True)
    try:
        names = {name.strip("\ufeff ").lower(): name for name in reader.fieldnames or [] if name}
    except csv.Error:
        names = {}
    if not {"id", "answer"} <= names.keys():
        raise UsageError("answers are a CSV with the columns id and answer", where="--answers", remedy="Its first line is `id,answer`.")
    given: list[Given] = []
    faults: list[str] = []
    try:
        for row in reader:
            told = {name: (row[column] or "").strip() for name, column in names.items()}
            answer = ANSWERS.get(told["answer"].lower())
            if told["answer"] and (answer is None or not told["id"]):
                faults.append(str(reader.line_num))
            elif answer is not None:
                given.append(Given(told["id"].lower(), answer, tuple(told.get("address", "").split())))
    except csv.Error:
        faults.append(str(reader.line_num))
    if faults:
        shown = ", ".join(faults[:10]) + (" …" if len(faults) > 10 else "")
        raise UsageError(f"{len(faults):,} answers cannot be read: line {shown}", where="--answers", remedy="Write opt_out or none.")
    return given


def answer(
    workspace: Workspace,
    configuration: Configuration,
    queue: Queue,
    given: Sequence[Given],
    by: str,
    at: datetime,
    progress: Progress,
) -> Outcome:
    """Keep what `by`, a person, answers at `at`; the answers are in the ledger when this returns.

    The same answer to a message twice is one, and an opt-out stays where somebody answers "none" after it. Raises UsageError for an opt-out
    that is about nobody whom one could name, for an address that cannot be read, and for an `at` before the newest arrival; nothing is kept
    then. Raises FeedRefused where an answer did not get into the ledger, and AnotherWriter.
    """
    require_forward(read_every_load(workspace), at)
    name = masked_name(by)  # as in the manifest: no full address
    outcome = Outcome()
    lines: list[str] = []
    said = {message: {each.answer for each in answers} for message, answers in queue.answers.items()}
    out = {message: set(addresses) for message, addresses in queue.opted_out.items()}
    for each in given:
        message = queue.messages.get(each.id)
        if message is None:
            outcome.unknown.append(each)
            continue
        before = said.setdefault(each.id, set())
        already = out.setdefault(each.id, set())
        people = [] if each.answer == NONE else _concerned(configuration, message, each)
        if each.answer == NONE and Action.OPT_OUT in before:
            outcome.still_out.append(each.id)
        if each.answer in before and {one["address"] for one in people} <= already:
            outcome.known.append(each)
            continue
        before.add(each.answer)
        already |= {one["address"] for one in people}
        outcome.new.append(each)
        about = _message(configuration, message, people)
        line = {"id": message.id, "answer": each.answer, "by": name, "addresses": people, "message": about}
        lines.append(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n")
    if lines:
        _land(workspace, "".join(lines), at, progress)
    return outcome


def _land(workspace: Workspace, text: str, at: datetime, progress: Progress) -> None:
    """Let the answers arrive as any file does, and load them. Raises FeedRefused where one of them did not get into the ledger."""
    file = f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{sha256(text.encode()).hexdigest()[:12]}.ndjson"
    durable.write(workspace.inside("landing", REVIEW_FEED, file), text)
    configuration = load_configuration(workspace, campaigns=())  # with their feed, which is there from the first answer on
    report = ingest(workspace, configuration, at, [REVIEW_FEED], progress)
    if any(load.is_refused or load.rejected for load in report.loads):
        raise FeedRefused(
            "not all of the answers could be loaded",
            where=f"rejected/{REVIEW_FEED}/",
            remedy="See the reasons there, and answer those messages again; `--address` says whom an opt-out is about.",
        )


def _concerned(configuration: Configuration, message: Message, given: Given) -> list[dict[str, str]]:
    """Whom the opt-out is about; it is the word of the owner who wrote it, else of staff who read it (domain §4)."""
    countries = {organisation.country for organisation in configuration.organisations.values()}
    people = message.concerned
    if given.addresses:
        people = {}
        for address in given.addresses:
            meant = addresses_meant(address, countries)
            if not meant:
                raise UsageError("an address cannot be read", where=f"{message.id}: {masked_name(address)}", remedy="Write one address.")
            people |= {each: each == message.address and message.is_by_owner for each in sorted(meant)}
    if not people:
        raise UsageError(
            "the message names nobody whom an opt-out could be about",
            where=message.id,
            remedy=f"Read it and say whom: `presend review {message.id} --opt-out --address ADDRESS --by NAME`.",
        )
    return [{"address": address, "actor": str(Actor.OWNER if is_own else Actor.STAFF)} for address, is_own in people.items()]


def _message(configuration: Configuration, message: Message, people: list[dict[str, str]]) -> dict[str, str]:
    """What the opt-out of these people says besides: since when it counts, from what it is, and where the proof lies.

    An address of another kind than the message's channel reaches is opted out of every channel.
    """
    feed = configuration.feeds.get(message.feed)
    scope, scope_id = (Scope.GROUP.value, "") if feed is None else feed.widest_scope
    if message.scope_id or message.scope:
        # An id that the feed's map does not know is an unknown list's: it restricts more widely (domain §2).
        scope, scope_id = message.scope or Scope.LIST.value, message.scope_id or ""
    is_by_mail = Channel(message.channel).kind is AddressKind.EMAIL
    is_of_channel = all(("@" in one["address"]) is is_by_mail for one in people)
    since = "" if message.occurred_from is None else instant_text(message.occurred_from)
    return {
        "occurred_at": f"{since}/{instant_text(message.occurred_until or message.received_at)}",
        "channel": message.channel if is_of_channel else Channel.ANY.value,
        "organisation": (feed.organisation if feed else None) or "",
        "scope": scope,
        "scope_id": scope_id,
        "reason_text": message.body.strip().split("\n", 1)[0][:200],
        "evidence": message.event_id or "",
    }
