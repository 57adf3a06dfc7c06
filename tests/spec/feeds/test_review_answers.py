"""What people answered to messages that waited for them, as `presend review` lands it (the command: tests/spec/test_review.py)."""

import json
from pathlib import Path
from typing import Any

from tests.lib.feeds import land
from tests.lib.workspaces import presend

MESSAGE = {
    "occurred_at": "2026-05-10T10:00:00Z/2026-05-10T10:05:00Z",
    "channel": "email",
    "organisation": "o1",
    "scope": "list",
    "scope_id": "l1",
    "reason_text": "Question",
    "evidence": "m1@mail.example",
}


def line(message: str, answer: str, *addresses: tuple[str, str], **told: str) -> str:
    """One answer, about these addresses and whose word that is."""
    named = [{"address": address, "actor": actor} for address, actor in addresses]
    value: dict[str, Any] = {"id": message, "answer": answer, "by": "Eva", "addresses": named, "message": {**MESSAGE, **told}}
    return json.dumps(value) + "\n"


def test_an_answer_is_one_row_and_whom_it_opts_out_another_and_what_is_none_is_rejected(tmp_path: Path) -> None:
    content = (
        line("a1", "opt_out", ("Anna@X.at", "owner"), ("bert@x.at", "staff"))
        + line("b2", "none", ("carl@x.at", "owner"))
        + line("b2", "none")
        + line("c3", "opt_out", ("no address", "owner"))
        + line("d4", "opt_out", ("dora@x.at", "owner"), scope_id="unheard-of")
        + line("e5", "perhaps", ("emil@x.at", "owner"))
        + line("f6", "opt_out")
        + "no answer at all\n[]\n\n"
    )
    landed = land(tmp_path, "review_answers", {"answers.ndjson": content})
    landed.consents("""
        event_id    | address   | scope        | scope_id | actor | via   | occurred_from        | occurred_until       | explanation
        ------------+-----------+--------------+----------+-------+-------+----------------------+----------------------+----------------
        review-a1   | anna@x.at | list         | l1       | owner | reply | 2026-05-10T10:00:00Z | 2026-05-10T10:05:00Z | answered by Eva
        review-a1-2 | bert@x.at | list         | l1       | staff | reply | 2026-05-10T10:00:00Z | 2026-05-10T10:05:00Z | answered by Eva
        review-d4   | dora@x.at | organisation | o1       | owner | reply | 2026-05-10T10:00:00Z | 2026-05-10T10:05:00Z | answered by Eva
    """)
    landed.answers("""
        review_id | answer  | answered_by
        ----------+---------+------------
        a1        | opt_out | Eva
        b2        | none    | Eva
        b2        | none    | Eva
        c3        | opt_out | Eva
        d4        | opt_out | Eva
    """)  # fmt: skip
    assert landed.counts == (13, 7, 1, 0, 5)
    assert sorted(reason for _, reason in landed.rejected) == ["address_unreadable", *["answer_unreadable"] * 4]


def test_who_refuses_by_rcs_refuses_texts_too_and_who_refuses_by_whatsapp_every_way(tmp_path: Path) -> None:
    told = enumerate(("rcs", "sms", "whatsapp"))
    content = "".join(line(channel, "opt_out", (f"+43664100000{number}", "owner"), channel=channel) for number, channel in told)
    landed = land(tmp_path, "review_answers", {"answers.ndjson": content})
    landed.consents("""
        event_id        | address       | channel
        ----------------+---------------+---------
        review-rcs      | +436641000000 | rcs
        review-rcs-2    | +436641000000 | sms
        review-sms      | +436641000001 | sms
        review-whatsapp | +436641000002 | any
    """)


def test_a_sample_of_answers_shows_them(tmp_path: Path) -> None:
    land(tmp_path, "review_answers", {"answers.ndjson": line("a1", "none")})
    shown = presend(tmp_path, "check", "review_answers", str(tmp_path / "landing/review_answers/answers.ndjson"))
    assert shown.document["sample"] == [{"row": "1", "becomes": "answer", "review_id": "a1", "answer": "none"}]
