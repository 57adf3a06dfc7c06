"""The command for messages that may mean "no": which wait, what they say, and what somebody answers."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.session import SESSION, AsOf, By, answer_or_fail, app, clock, configuration, workspace
from pipeline.errors import NotFound, UsageError
from pipeline.logs import masked_name

if TYPE_CHECKING:
    from pipeline.review import Given, Outcome, Queue

USE = "`presend review ID --opt-out --by NAME`, or `--none`; many at once: `presend review --answers FILE --by NAME`."


@app.command()
def review(
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]…")] = None,
    opt_out: Annotated[bool, typer.Option("--opt-out", help="The messages mean no: an opt-out from their time on.")] = False,
    none: Annotated[bool, typer.Option("--none", help="The messages mean nothing of the kind.")] = False,
    answers: Annotated[
        str | None, typer.Option(metavar="FILE", help="Many answers: a CSV with the columns id,answer[,address]; - is the input.")
    ] = None,
    address: Annotated[
        list[str] | None, typer.Option(metavar="ADDRESS", help="Whom the opt-out is about, instead of everybody whom the message names.")
    ] = None,
    by: By = "",
    as_of: AsOf = None,
) -> None:
    """Messages that may mean no: list what waits, show what some say, or answer them."""
    from pipeline.review import Given, queue_of, read_answers
    from pipeline.review import answer as keep

    said = _answer_said(opt_out=opt_out, none=none, is_file=answers is not None)
    named = [each.lower() for each in ids or []]
    _require_sense(named, said, answers, address or [], by)
    moment = clock(as_of)
    given = read_answers(_lines(answers)) if answers is not None else [Given(each, said, tuple(address or ())) for each in named if said]
    settings = configuration()
    queue = queue_of(workspace(), settings, moment, SESSION.progress)
    if not said and answers is None:
        _show(queue, named)
        return
    outcome = keep(workspace(), settings, queue, given, by, moment, SESSION.progress)
    _tell(outcome)


def _answer_said(*, opt_out: bool, none: bool, is_file: bool) -> str:
    if opt_out + none + is_file > 1:
        raise UsageError("--opt-out, --none and --answers exclude each other", remedy="Give one of them.")
    return "opt_out" if opt_out else "none" if none else ""


def _require_sense(ids: list[str], said: str, answers: str | None, addresses: list[str], by: str) -> None:
    if answers is not None and ids:
        raise UsageError("--answers names the messages itself", remedy="Leave the ids out.")
    if said and not ids:
        raise UsageError("it is not said which messages mean that", remedy=USE)
    if (said or answers is not None) and not by:
        raise UsageError("nobody says who has read them", remedy="Add `--by NAME`: it is written down who answered.")
    if addresses and (said != "opt_out" or len(ids) != 1):
        raise UsageError("--address says whom one opt-out is about", remedy=f"Name one message: {USE}")


def _lines(file: str) -> list[str]:
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        where = masked_name(file)
        raise UsageError("the file of answers cannot be read", where=where, remedy="Name a CSV in UTF-8, or - for the input.") from error
    return text.split("\n")


def _show(queue: "Queue", ids: Sequence[str]) -> None:
    """What waits; of the messages that are named, all that they say."""
    unknown = [each for each in ids if each not in queue.messages]
    if ids:
        shown = [queue.messages[each] for each in ids if each in queue.messages]
        documents = [
            {**found.document, "text": found.text, "answers": [each.document for each in queue.answers.get(found.id, ())]}
            for found in shown
        ]
        lines = [line for document in documents for line in _page(document)]
    else:
        documents = [found.document for found in queue.waiting]
        lines = [_line(document) for document in documents] or ["No message waits."]
        lines += ["", f"{len(documents):,} messages wait. {USE}"] if documents else []
    answer_or_fail({"waiting": len(queue.waiting), "messages": documents}, lines, _not_found(unknown) if unknown else None)


def _line(document: dict[str, Any]) -> str:
    when = document["occurred_at"] or document["received_at"]
    names = f" ({', '.join(document['names'])})" if document["names"] else ""
    return f"{document['id']}  {when:<20}  {document['from']:<24}  {document['why']}{names}: {document['subject']}"


def _page(document: dict[str, Any]) -> list[str]:
    answered = [f"  answered {each['answer']} by {each['by']} at {each['at']}" for each in document["answers"]]
    place = f"  landing/{document['feed']}/{document['file']} row {document['row_number']}"
    return [_line(document), place, *answered, "", *(f"    {line}" for line in document["text"].splitlines()), ""]


def _tell(outcome: "Outcome") -> None:
    document = {
        "answered": [_shown(each) for each in outcome.new],
        "already_answered": [_shown(each) for each in outcome.known],
        "still_opted_out": outcome.still_out,
        "unknown": [masked_name(each.id) for each in outcome.unknown],
    }
    lines = [f"{len(outcome.new):,} answered, {len(outcome.known):,} had been, {len(outcome.unknown):,} unknown."]
    if outcome.still_out:
        lines.append(f"{len(outcome.still_out):,} had been answered as an opt-out, which stays: what lifts it is in `presend explain`.")
    answer_or_fail(document, lines, _not_found([each.id for each in outcome.unknown]) if outcome.unknown else None)


def _shown(given: "Given") -> dict[str, str]:
    return {"id": given.id, "answer": given.answer}


def _not_found(ids: list[str]) -> NotFound:
    more = f" (and {len(ids) - 1:,} more)" if len(ids) > 1 else ""
    return NotFound(f"no message has this id{more}", where=masked_name(ids[0])[:60], remedy="`presend review` lists those that wait.")
