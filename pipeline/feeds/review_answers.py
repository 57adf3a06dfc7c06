"""What people answered to messages that waited for them: the files that `presend review` lands, one answer a line of NDJSON.

An answer takes its message out of `review_message`. One that says "opt_out" is the opt-out of everybody whom it names besides: it says
itself whom, since when and from what, so that it stands whatever becomes of the message's own file (decision 0023).
"""

import json
from collections.abc import Iterator
from itertools import product
from typing import Any

from pipeline.feeds._feed import Record, RowFeed, SourceFile
from pipeline.feeds._vendor import MEANT_BY_NO
from pipeline.vocabulary import Action, Channel, Kind, Via

SOURCE = "review_answers"
NONE = "none"
"""The message is no "no"."""
MESSAGE = ("occurred_at", "channel", "organisation", "scope", "scope_id", "reason_text", "evidence")
"""What an answer tells of its message, in the words of `canonical_consent`."""
RAW_LIMIT = 2000
FAULT = "answer_unreadable"


def read_records(file: SourceFile) -> Iterator[Record]:
    """Of each answer one record, and one for everybody whom an opt-out names; the running number counts records."""
    number = 0
    with file.path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            for record in _records(line, number + 1):
                number += 1
                yield record


def _records(line: str, number: int) -> Iterator[Record]:
    if not line.strip():
        return
    try:
        records = list(_records_of(json.loads(line), number))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        records = [Record(number, None, fault=FAULT, raw=line[:RAW_LIMIT].replace("\x00", ""))]
    yield from records


def _records_of(answer: dict[str, Any], number: int) -> Iterator[Record]:
    said, by = str(answer["answer"]), str(answer["by"])
    if said not in (NONE, Action.OPT_OUT):
        raise ValueError("neither of the two answers")
    if said == Action.OPT_OUT and not answer["addresses"]:
        raise ValueError("an opt-out of nobody")
    yield Record(number, Kind.ANSWER, {"event_id": str(answer["id"]), "answer": said, "answered_by": by})
    people = answer["addresses"] if said == Action.OPT_OUT else ()
    channel = str(answer["message"]["channel"]) if people else ""
    channels = MEANT_BY_NO.get(Channel(channel), (channel,)) if people else ()
    for place, (named, refused) in enumerate(product(people, channels), start=1):
        event_id = f"review-{answer['id']}" if place == 1 else f"review-{answer['id']}-{place}"
        message = {name: str(answer["message"][name]) for name in MESSAGE}
        values = {
            **message,
            "event_id": event_id,
            "channel": str(refused),
            "action": Action.OPT_OUT.value,
            "address": str(named["address"]),
            "actor": str(named["actor"]),
            "via": Via.REPLY.value,
            "explanation": f"answered by {by}",
        }
        yield Record(number + place, Kind.CONSENT, values)


FEED = RowFeed(
    source=SOURCE,
    kinds=(Kind.ANSWER, Kind.CONSENT),
    read=read_records,
    summary="What people answered to messages that may mean no: `presend review` lands it, no feed has to be configured",
)
