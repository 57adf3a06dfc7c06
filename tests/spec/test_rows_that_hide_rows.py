"""Rows that hide rows (domain §8): a quote that is not closed must not swallow somebody's opt-out.

Each file has the opt-outs of a@x.at and b@x.at; it is read with both, or refused as a whole (11).
"""

from pathlib import Path

import pytest

from tests.lib.feeds import land

HEADER = ["address", "occurred_at", "scope", "action", "reason_text"]


def row(address: str, text: str = "") -> list[str]:
    return [address, "2026-05-01T10:00:00Z", "organisation", "opt_out", text]


def written(*rows: list[str], delimiter: str = ",", end: str = "\n") -> str:
    return "".join(delimiter.join(cells) + end for cells in (HEADER, *rows))


SWALLOWED = {
    "two quotes that are too many": [row("a@x.at", '"too often'), row("b@x.at", 'stop"')],
    "a quote that is never closed": [row("a@x.at", '"too often'), row("b@x.at", "stop")],
    "a quote that the next row's cell closes": [row("a@x.at", '"too often'), row("b@x.at", '"stop"')],
    "a row between": [row("a@x.at", '"too often'), row("b@x.at"), row("c@x.at", 'stop"')],
    "in a middle cell": [["a@x.at", '"2026-05-01', *row("")[2:]], ["b@x.at", '2026-05-01"', *row("")[2:]]],
    "doubled quotes inside": [row("a@x.at", '"they say ""no'), row("b@x.at", 'yes"" to it"')],
    "a quote alone in each": [row("a@x.at", '"'), row("b@x.at", '"')],
    "a quote alone in four": [row("a@x.at", '"'), row("b@x.at", '"'), row("c@x.at", '"'), row("d@x.at", '"')],
    "a shorter row": [row("a@x.at", '"too often'), row("b@x.at")[:4]],
    "a longer row": [row("a@x.at", '"too often'), [*row("b@x.at"), "more"]],
    "in the first cell": [row('"a@x.at'), row('"b@x.at"')],
}


@pytest.mark.parametrize(("delimiter", "end"), [(",", "\n"), (";", "\r\n"), ("\t", "\r"), ("|", "\n")])
@pytest.mark.parametrize("what", SWALLOWED)
def test_no_opt_out_disappears_in_a_cell(tmp_path: Path, what: str, delimiter: str, end: str) -> None:
    text = written(*SWALLOWED[what], delimiter=delimiter, end=end)
    landed = land(tmp_path, "canonical_consent", {"a.csv": text})
    assert "missing" not in str(landed.document)
    # Read, each opt-out is loaded, or told as rejected.
    assert landed.code == 11 or sum(landed.counts[1:]) >= len(SWALLOWED[what])


@pytest.mark.parametrize("end", ["", '"'])
def test_no_opt_out_disappears_in_the_header(tmp_path: Path, end: str) -> None:
    text = written(row("a@x.at"), row("b@x.at", end)).replace("reason_text", '"reason_text')
    assert land(tmp_path, "canonical_consent", {"a.csv": text}).code == 11


def test_a_name_of_several_lines_in_the_header_is_a_name(tmp_path: Path) -> None:
    text = written(row("a@x.at")).replace("reason_text", '"Grund,\nwie gesagt"')
    assert land(tmp_path, "canonical_consent", {"a.csv": text}).counts == (1, 1, 0, 0, 0)


def test_it_is_refused_with_the_reason(tmp_path: Path) -> None:
    landed = land(tmp_path, "canonical_consent", {"a.csv": written(*SWALLOWED["two quotes that are too many"])})
    assert landed.code == 11
    assert "a quote was opened and not closed" in landed.document["error"]["message"]


@pytest.mark.parametrize(("encoding", "delimiter"), [("utf-8", ","), ("utf-16", ";"), ("cp1252", ",")])
@pytest.mark.parametrize(
    "note",
    [
        "one\ntwo",
        "Dear all,\nno more, please.\nJane, your reader",
        "one\r\ntwo\r\n",
        "\n\n",
        'she said ""no""\nand left',
        "grüße,\nj",
    ],
)
def test_a_note_of_several_lines_is_a_note(tmp_path: Path, note: str, delimiter: str, encoding: str) -> None:
    text = written(row("a@x.at", f'"{note}"'), row("b@x.at"), delimiter=delimiter)
    landed = land(tmp_path, "canonical_consent", {"a.csv": text.encode(encoding)})
    assert (landed.code, landed.counts) == (0, (2, 2, 0, 0, 0))


def test_a_note_in_the_first_column_is_a_note(tmp_path: Path) -> None:
    text = 'note,address,occurred_at,scope,action\n"one\ntwo",a@x.at,2026-05-01,group,opt_out\n,b@x.at,2026-05-01,group,opt_out\n'
    landed = land(tmp_path, "canonical_consent", {"a.csv": text})
    assert (landed.code, landed.counts) == (0, (2, 2, 0, 0, 0))


def test_an_address_of_several_lines_in_the_middle_is_one(tmp_path: Path) -> None:
    text = 'profile_id,street,email\np1,"Gasse 1, Top 2\n1010 Wien, Austria",a@x.at\np2,,b@x.at\n'
    landed = land(tmp_path, "canonical_profiles", {"a.csv": text})
    assert (landed.code, landed.counts) == (0, (2, 2, 0, 0, 0))


@pytest.mark.parametrize("source", ["hubspot_contacts", "mailchimp_audience", "canonical_profiles"])
def test_so_it_is_in_every_table(tmp_path: Path, source: str) -> None:
    header = {"hubspot_contacts": "Record ID,Email,Note", "mailchimp_audience": "Email Address,UNSUB_TIME,Note"}
    text = f'{header.get(source, "profile_id,email,note")}\n1,a@x.at,"5\n2,b@x.at,6"\n'
    assert land(tmp_path, source, {"unsubscribed.csv": text}).code == 11


@pytest.mark.parametrize(
    "text", ['entry\n"a@x.at\nb@x.at"\n', 'a@x.at\n"b@x.at\nc@x.at"\n', 'a@x.at\n"b@x.at\nc@x.at\n', 'entry\nx@x.at\n"a@x.at\n']
)
def test_a_register_loses_no_entry(tmp_path: Path, text: str) -> None:
    landed = land(tmp_path, "canonical_register", {"a.csv": text}, register={"id": "ecg"})
    assert landed.code == 11 or landed.counts[1] == text.count("@")


@pytest.mark.parametrize("line", ['{"address": "a@x.at', '{"address": "a@x.at", "reason_text": "stop}', '{"address": "a@x.at\\"}'])
def test_a_string_that_is_cut_off_swallows_no_line(tmp_path: Path, line: str) -> None:
    sound = '{"address": "b@x.at", "scope": "group", "action": "opt_out", "occurred_at": "2026-05-01"}\n'
    landed = land(tmp_path, "canonical_consent", {"a.json": sound + line + "\n" + sound.replace("b@", "c@")})
    assert landed.code == 11 or (landed.counts[1] == 2 and landed.counts[4] >= 1)
