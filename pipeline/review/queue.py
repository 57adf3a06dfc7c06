"""The messages that people have to read, and what they have answered: the warehouse's, with the answers that came after its build.

Whoever answers message after message waits for no build in between; whoever asks after new files have come waits for one.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import duckdb

from pipeline import warehouse
from pipeline.config import REVIEW_FEED, Configuration
from pipeline.engines.local import instant_of, quoted
from pipeline.ledger.loads import Load, folder_of, read_loads
from pipeline.logs import Progress
from pipeline.review.messages import Answer, Message
from pipeline.vocabulary import Kind, Scope
from pipeline.workspace import Workspace

_MESSAGES = """SELECT review_id, event_id, channel, address, raw_address, coalesce(body, ''), scope, scope_id,
    epoch_us(occurred_from), epoch_us(occurred_until), epoch_us(received_at), feed, file, row_number, vendor_label, is_by_owner
FROM warehouse.review_fact ORDER BY received_at, occurred_from NULLS FIRST, review_id"""
_ANSWERED = "SELECT DISTINCT review_id FROM read_parquet([{files}]) WHERE fault IS NULL"


@dataclass(frozen=True)
class Queue:
    """Every message by its id, in the order of arrival, what was answered to each, in order, and whom that opted out."""

    messages: dict[str, Message]
    answers: dict[str, list[Answer]]
    opted_out: dict[str, set[str]]

    @property
    def waiting(self) -> list[Message]:
        """Those that nobody has answered."""
        return [message for message in self.messages.values() if message.id not in self.answers]


@dataclass(frozen=True)
class Waiting:
    """How many messages wait, and since when the oldest of them does."""

    count: int = 0
    oldest: datetime | None = None


def queue_of(workspace: Workspace, configuration: Configuration, as_of: datetime, progress: Progress) -> Queue:
    """The queue, with every file of the ledger: the warehouse is built where it is older than these.

    Raises ValidationFailed for a ledger that is not what was written, and AnotherWriter.
    """
    loads = read_loads(workspace)
    if not _shows(workspace, configuration, loads):
        warehouse.build(workspace, configuration, as_of, progress)
        loads = read_loads(workspace)
    with warehouse.opened(workspace) as con:
        messages = [Message(*row[:8], *map(instant_of, row[8:11]), *row[11:]) for row in con.execute(_MESSAGES).fetchall()]
    return Queue(_by_id(messages), *_answers(workspace, loads))


def _by_id(messages: Iterable[Message]) -> dict[str, Message]:
    """The messages, each once: what was written to several of our places is about the whole group."""
    found: dict[str, Message] = {}
    for message in messages:
        first = found.setdefault(message.id, message)
        if (first.feed, first.scope, first.scope_id) != (message.feed, message.scope, message.scope_id):
            found[message.id] = replace(first, scope=Scope.GROUP.value, scope_id=None)
    return found


def waiting(workspace: Workspace, configuration: Configuration, loads: Iterable[Load], as_of: datetime) -> Waiting:
    """How many messages waited at `as_of`, of `loads`: exactly as far as the warehouse is built, and every row of newer files.

    A warehouse that is not as it was built, or of another configuration, says nothing: until the next build every row counts then, answered
    or not.
    """
    known = [load for load in loads if load.received_at <= as_of and load.content == load.load_id and not load.is_refused]
    answered = [_file(workspace, load) for load in known if load.kinds.get(Kind.ANSWER)]
    count, oldest, seen = 0, None, set()
    if warehouse.version_built(workspace, configuration) is not None:
        condition = f"review_id NOT IN ({_ANSWERED.format(files=', '.join(answered))})" if answered else "true"
        query = f"SELECT count(DISTINCT review_id), epoch_us(min(received_at)) FROM review_fact WHERE received_at <= $as_of AND {condition}"
        with duckdb.connect(str(workspace.warehouse), read_only=True) as con:
            seen = _built_from(con)
            ((count, first),) = con.execute(query, {"as_of": as_of}).fetchall()
        oldest = instant_of(first)
    newer = [load for load in known if load.load_key not in seen and load.says.get(Kind.REVIEW)]
    count += sum(load.says[Kind.REVIEW] for load in newer)
    return Waiting(count, min(filter(None, (oldest, *(load.received_at for load in newer))), default=None))


def _built_from(con: duckdb.DuckDBPyConnection) -> set[int]:
    """The loads in the warehouse, but those of answers."""
    return {key for (key,) in con.execute("SELECT load_key FROM load WHERE feed <> $feed", {"feed": REVIEW_FEED}).fetchall()}


def _shows(workspace: Workspace, configuration: Configuration, loads: Iterable[Load]) -> bool:
    """Whether the warehouse shows these loads, those of answers aside."""
    if warehouse.version_built(workspace, configuration) is None:
        return False
    with duckdb.connect(str(workspace.warehouse), read_only=True) as con:
        return _built_from(con) == {load.load_key for load in loads if load.feed != REVIEW_FEED}


def _answers(workspace: Workspace, loads: Iterable[Load]) -> tuple[dict[str, list[Answer]], dict[str, set[str]]]:
    """What was answered to each message, and the addresses that it opted out."""
    own = [load for load in loads if load.kinds.get(Kind.ANSWER) and load.content == load.load_id and not load.is_refused]
    received = {load.load_key: load.received_at for load in own}
    answers: dict[str, list[Answer]] = defaultdict(list)
    opted_out: dict[str, set[str]] = defaultdict(set)
    with duckdb.connect() as con:
        for message, said, by, key in _rows(con, workspace, own, Kind.ANSWER, "review_id, answer, answered_by, load_key"):
            answers[message].append(Answer(said, by, received[key]))
        for message, address in _rows(con, workspace, own, Kind.CONSENT, "split_part(event_id, '-', 2), address"):
            opted_out[message].add(address)
    return {message: sorted(said, key=lambda each: (each.at, each.answer, each.by)) for message, said in answers.items()}, opted_out


def _rows(con: duckdb.DuckDBPyConnection, workspace: Workspace, loads: list[Load], kind: Kind, columns: str) -> list[tuple[Any, ...]]:
    files = [_file(workspace, load, kind) for load in loads if load.kinds.get(kind)]
    if not files:
        return []
    return con.execute(f"SELECT {columns} FROM read_parquet([{', '.join(files)}]) WHERE fault IS NULL").fetchall()


def _file(workspace: Workspace, load: Load, kind: Kind = Kind.ANSWER) -> str:
    return quoted(folder_of(workspace, load.load_id, load.feed) / f"{kind}.parquet")
