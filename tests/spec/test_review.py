"""Messages that may mean "no" wait for somebody to read them, and are worked through by commands alone (domain §5)."""

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline.cli import invoke
from tests.lib import workspaces
from tests.lib.tables import rows
from tests.lib.world import World

MAY = "2026-05-20T08:00:00+00:00"
LATER = "2026-06-02T08:00:00+00:00"


def mail(number: int, sender: str, text: str, *, subject: str = "Re: Programm", to: str = "news@o1.example", day: int = 10) -> str:
    """What somebody writes back on a day of May."""
    return (
        f"Received: from mx by o1.example; {day} May 2026 10:00:00 +0000\nFrom: {sender}\nTo: {to}\nSubject: {subject}\n"
        f"Date: {day} May 2026 10:00:00 +0000\nMessage-ID: <m{number}@mail.example>\n"
        f"Content-Type: text/plain; charset=utf-8\n\n{text}\n"
    )


def world_with(folder: Path, *messages: str, profiles: str, **feed: Any) -> World:
    """People of o1, and a mailbox with the messages, as of May."""
    world = World(folder)
    workspaces.write_yaml(folder / "feeds" / "post.yaml", {"source": "mailbox", "organisation": "o1", "required": False, **feed})
    (folder / "landing" / "post").mkdir(parents=True)
    (folder / "landing" / "post" / "mail.mbox").write_text("\n".join(f"From x Sun May 10 10:00:00 2026\n{one}" for one in messages))
    world.profiles(profiles)
    world.arrives(as_of=MAY)
    return world


def review(folder: Path, *arguments: str, as_of: str = workspaces.AS_OF) -> workspaces.Answer:
    return workspaces.presend(folder, "review", *arguments, "--as-of", as_of)


def waits(folder: Path) -> dict[str, dict[str, Any]]:
    """What waits, by the subject."""
    answer = review(folder)
    assert answer.code == 0, answer.error
    return {message["subject"]: message for message in answer.document["messages"]}


def explained(folder: Path, who: str) -> tuple[dict[str, Any], str]:
    """What became of somebody, and the answer as people read it."""
    arguments = ["--workspace", str(folder), "explain", "c1", who, "--as-of", workspaces.AS_OF]
    _, words = invoke(arguments)
    _, document = invoke([*arguments, "--json"])
    return json.loads(document)["found"][0], words


def opted_out(folder: Path) -> list[str]:
    """Whom an opt-out stands against, by the warehouse."""
    with duckdb.connect(str(folder / "warehouse" / "presend.duckdb"), read_only=True) as con:
        rows = con.execute("SELECT DISTINCT subject FROM suppression WHERE kind = 'opt_out' ORDER BY subject").fetchall()
    return [str(subject) for (subject,) in rows]


FOUR = """
    email
    ------------
    anna@x.at
    bert@x.at
    carl@x.at
    dora@x.at
"""
ASKS = "Wie kann ich mich abmelden?"


def test_what_waits_is_listed_without_a_full_address(tmp_path: Path) -> None:
    text = "Bitte nehmen Sie meinen Mann old@x.at aus dem Verteiler"
    world_with(tmp_path, mail(1, "anna@x.at", ASKS), mail(2, "bert@x.at", text, subject="old@x.at +43 664 1234567", day=11), profiles=FOUR)
    answer = review(tmp_path)
    assert answer.document["waiting"] == 2
    names = ("occurred_at", "channel", "from", "names", "subject", "why", "feed", "file", "row_number")
    assert [{name: message[name] for name in names} for message in answer.document["messages"]] == [
        dict(zip(names, ("2026-05-10T10:00:00Z", "email", "a***@x.at", [], "Re: Programm", "may mean no", "post", "mail.mbox", 1),
                 strict=True)),
        dict(zip(names, ("2026-05-11T10:00:00Z", "email", "b***@x.at", ["o***@x.at"], "o***@x.at +43***67", "names another address",
                         "post", "mail.mbox", 2), strict=True)),
    ]  # fmt: skip
    second = answer.document["messages"][1]["id"]
    _, words = invoke(["--workspace", str(tmp_path), "review", second, "--as-of", workspaces.AS_OF])
    assert "Bitte nehmen Sie meinen Mann o***@x.at aus dem Verteiler" in words and "landing/post/mail.mbox row 2" in words


def test_an_opt_out_counts_from_the_messages_time_and_tells_who_answered(tmp_path: Path) -> None:
    world = world_with(tmp_path, mail(1, "anna@x.at", ASKS), mail(2, "bert@x.at", ASKS, subject="Frage"), profiles=FOUR)
    world.consents("""
        address   | action | via  | actor | occurred_at
        ----------+--------+------+-------+---------------------
        anna@x.at | opt_in | form | owner | 2026-05-09T10:00:00Z
        bert@x.at | opt_in | form | owner | 2026-05-11T10:00:00Z
    """)
    found = waits(tmp_path)
    answer = review(tmp_path, *(message["id"] for message in found.values()), "--opt-out", "--by", "Eva")
    assert (answer.code, len(answer.document["answered"])) == (0, 2)
    world.arrives(as_of=workspaces.AS_OF)
    world.campaign()
    answered, words = explained(tmp_path, "anna@x.at")
    (reason,) = answered["reasons"]
    evidence = reason["evidence"]
    assert (reason["reason"], reason["reached_via"]) == ("opted_out_organisation", "address")
    assert (evidence["source"], evidence["event_id"]) == ("review_answers", f"review-{found['Re: Programm']['id']}")
    assert (evidence["occurred_from"], evidence["actor"]) == ("2026-05-10T10:00:00Z", "owner")
    assert "(answered by Eva)" in words
    assert explained(tmp_path, "bert@x.at")[0]["verdict"] == "audience"
    assert waits(tmp_path) == {}


def test_an_opt_out_is_from_what_the_message_was_sent_to_else_from_its_feeds_organisation(tmp_path: Path) -> None:
    world = world_with(
        tmp_path,
        mail(1, "anna@x.at", ASKS, to="l1@o1.example"),
        mail(2, "bert@x.at", ASKS, subject="Frage"),
        profiles=FOUR,
        map={"l1@o1.example": {"scope": "list", "scope_id": "l1"}},
    )
    review(tmp_path, *(message["id"] for message in waits(tmp_path).values()), "--opt-out", "--by", "Eva")
    world.does("build")
    world.holds("(SELECT * FROM consent_event WHERE source = 'review_answers')", """
        address   | scope        | scope_id | via   | explanation     | evidence        | occurred_from          | occurred_until
        ----------+--------------+----------+-------+-----------------+-----------------+------------------------+-----------------------
        anna@x.at | list         | l1       | reply | answered by Eva | m1@mail.example | 2026-05-10 10:00:00+00 | 2026-05-10 10:00:00+00
        bert@x.at | organisation | o1       | reply | answered by Eva | m2@mail.example | 2026-05-10 10:00:00+00 | 2026-05-10 10:00:00+00
    """)  # fmt: skip


def test_a_message_that_names_others_opts_all_of_them_out_unless_somebody_says_whom(tmp_path: Path) -> None:
    text = "Bitte nehmen Sie {} aus dem Verteiler"
    world = world_with(
        tmp_path,
        mail(1, "anna@x.at", text.format("bert@x.at")),
        mail(2, "carl@x.at", text.format("dora@x.at"), subject="Frage"),
        profiles=FOUR,
    )
    found = waits(tmp_path)
    review(tmp_path, found["Re: Programm"]["id"], "--opt-out", "--by", "Eva")
    review(tmp_path, found["Frage"]["id"], "--opt-out", "--address", "Dora@X.at", "--by", "Eva")
    world.does("build")
    world.holds("consent_event", """
        address   | actor
        ----------+------
        anna@x.at | owner
        bert@x.at | staff
        dora@x.at | staff
    """)  # fmt: skip


def test_a_number_that_somebody_names_in_a_mail_is_opted_out_of_every_channel(tmp_path: Path) -> None:
    world = world_with(tmp_path, mail(1, "anna@x.at", ASKS), profiles=FOUR)
    message = waits(tmp_path)["Re: Programm"]["id"]
    assert review(tmp_path, message, "--opt-out", "--address", "+43 664 1234567", "--by", "Eva").code == 0
    world.does("build")
    world.holds("consent_event", """
        address       | channel | actor
        --------------+---------+------
        +436641234567 | any     | staff
    """)  # fmt: skip


def test_an_answer_that_does_not_get_into_the_ledger_is_said(tmp_path: Path) -> None:
    """The workspace's own file of the feed reads no times as it should: the opt-out of a message would be lost with exit 0."""
    world_with(tmp_path, mail(1, "anna@x.at", ASKS), profiles=FOUR)
    message = waits(tmp_path)["Re: Programm"]["id"]
    workspaces.write_yaml(tmp_path / "feeds" / "presend-review.yaml", {"source": "canonical_delivery", "required": False})
    refused = review(tmp_path, message, "--opt-out", "--by", "Eva")
    assert refused.code == 11 and "rejected/presend-review/" in refused.error["where"], refused.document


def test_what_was_written_to_two_organisations_is_opted_out_of_the_group(tmp_path: Path) -> None:
    """One mail, in the mailbox of each: it waits once, and its opt-out is not that of the first alone."""
    world = world_with(tmp_path, mail(1, "anna@x.at", ASKS), profiles=FOUR)
    workspaces.write_yaml(tmp_path / "feeds" / "other.yaml", {"source": "mailbox", "organisation": "o2", "required": False})
    (tmp_path / "landing" / "other").mkdir()
    (tmp_path / "landing" / "other" / "mail.eml").write_text(mail(1, "anna@x.at", ASKS))
    world.arrives(as_of="2026-05-21T08:00:00+00:00")
    (message,) = waits(tmp_path).values()
    assert review(tmp_path, message["id"], "--opt-out", "--by", "Eva").code == 0
    assert list(waits(tmp_path)) == []
    world.does("build")
    world.holds("consent_event", """
        address   | scope | scope_id
        ----------+-------+---------
        anna@x.at | group |
    """)  # fmt: skip


def test_the_same_answer_twice_is_one_and_none_after_an_opt_out_frees_nobody(tmp_path: Path) -> None:
    world = world_with(tmp_path, mail(1, "anna@x.at", ASKS), mail(2, "bert@x.at", ASKS, subject="Frage"), profiles=FOUR)
    found = waits(tmp_path)
    anna, bert = found["Re: Programm"]["id"], found["Frage"]["id"]
    review(tmp_path, anna, "--opt-out", "--by", "Eva")
    again = review(tmp_path, anna, "--opt-out", "--by", "Ida", as_of=LATER)
    assert (again.document["answered"], len(again.document["already_answered"])) == ([], 1)
    contrary = review(tmp_path, anna, "--none", "--by", "Ida", as_of=LATER)
    assert contrary.document["still_opted_out"] == [anna]
    review(tmp_path, bert, "--none", "--by", "Eva", as_of=LATER)
    review(tmp_path, bert, "--opt-out", "--by", "Ida", as_of=LATER)
    world.does("build", as_of=LATER)
    assert opted_out(tmp_path) == ["anna@x.at", "bert@x.at"]
    world.holds("review_answer", """
        message_id      | answer  | answered_by
        ----------------+---------+------------
        m1@mail.example | none    | Ida
        m1@mail.example | opt_out | Eva
        m2@mail.example | none    | Eva
        m2@mail.example | opt_out | Ida
    """)  # fmt: skip


def test_answers_live_in_the_ledger_and_survive_a_new_warehouse_and_new_settings(tmp_path: Path) -> None:
    world = world_with(tmp_path, mail(1, "anna@x.at", ASKS), mail(2, "bert@x.at", ASKS, subject="Frage"), profiles=FOUR)
    found = waits(tmp_path)
    review(tmp_path, found["Re: Programm"]["id"], "--opt-out", "--by", "Eva")
    review(tmp_path, found["Frage"]["id"], "--none", "--by", "Eva")
    (tmp_path / "warehouse" / "presend.duckdb").unlink()
    settings = {"source": "mailbox", "organisation": "o1", "required": False, "map": {"news@o1.example": {"scope": "group"}}}
    workspaces.write_yaml(tmp_path / "feeds" / "post.yaml", settings)
    world.does("ingest")
    world.does("build")
    assert opted_out(tmp_path) == ["anna@x.at"]
    assert waits(tmp_path) == {}
    links = [json.loads(line) for line in (tmp_path / "ledger" / "chain.jsonl").read_text().splitlines()]
    assert [link["feed"] for link in links].count("presend-review") == 2
    world.holds("(SELECT * FROM feed_file WHERE feed = 'presend-review')", """
        rows | loaded | duplicate | ignored | rejected
        -----+--------+-----------+---------+---------
        1    | 1      | 0         | 0       | 0
        2    | 2      | 0         | 0       | 0
    """)  # fmt: skip


def test_an_answer_that_was_landed_and_not_loaded_is_loaded_by_the_next_ingest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = world_with(tmp_path, mail(1, "anna@x.at", ASKS), profiles=FOUR)
    message = waits(tmp_path)["Re: Programm"]["id"]

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("pipeline.review.answering.ingest", killed)
        invoke(["--workspace", str(tmp_path), "review", message, "--opt-out", "--by", "Eva", "--as-of", workspaces.AS_OF])
    world.does("ingest")
    world.does("build")
    assert opted_out(tmp_path) == ["anna@x.at"]


def test_a_report_about_many_needs_somebody_to_say_whom(tmp_path: Path) -> None:
    blocks = "\n".join(f"Final-Recipient: rfc822; p{number}@x.at\nAction: failed\nStatus: 5.1.1\n" for number in range(30))
    report = (
        "From: mailer-daemon@mx.example\nTo: bounces@o1.example\nSubject: Undelivered\nMessage-ID: <r@mx.example>\n"
        "Date: Sun, 10 May 2026 10:00:00 +0000\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\n"
        f"Failed.\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n{blocks}\n--b--\n"
    )
    world_with(tmp_path, report, profiles=FOUR)
    (message,) = waits(tmp_path).values()
    refused = review(tmp_path, message["id"], "--opt-out", "--by", "Eva")
    assert (refused.code, refused.error["where"]) == (2, message["id"])
    assert "--address" in refused.error["remedy"]
    assert review(tmp_path, message["id"], "--opt-out", "--address", "anna@x.at", "--by", "Eva").code == 0


def test_an_answer_needs_a_name_a_message_and_one_meaning(tmp_path: Path) -> None:
    world_with(tmp_path, mail(1, "anna@x.at", ASKS), profiles=FOUR)
    message = waits(tmp_path)["Re: Programm"]["id"]
    (tmp_path / "odd.csv").write_text(f"id,answer\n{message},perhaps\n")
    (tmp_path / "open.csv").write_text(f'"id,answer\n{message},none\n')
    cases = """
        arguments                             | code
        --------------------------------------+-----
        ID --opt-out                          | 2
        ID --opt-out --none --by Eva          | 2
        --none --by Eva                       | 2
        ffff --none --by Eva                  | 16
        ffff                                  | 16
        anna@x.at --none --by Eva             | 16
        ID --none --address a@x.at --by Eva   | 2
        ID --opt-out --address you --by Eva   | 2
        --answers ODD --by Eva                | 2
        --answers OPEN --by Eva               | 2
        --answers missing.csv --by Eva        | 2
    """
    for case in rows(cases):
        arguments = case["arguments"].replace("ID", message).replace("ODD", str(tmp_path / "odd.csv"))
        answer = review(tmp_path, *arguments.replace("OPEN", str(tmp_path / "open.csv")).split())
        assert answer.code == int(case["code"]), case["arguments"]
        assert "anna@x.at" not in json.dumps(answer.document), case["arguments"]
    assert list(waits(tmp_path)) == ["Re: Programm"]


def test_status_and_the_runs_manifest_name_what_waits(tmp_path: Path) -> None:
    world = world_with(tmp_path, mail(1, "anna@x.at", ASKS), mail(2, "bert@x.at", ASKS, subject="Frage"), profiles=FOUR)

    def told() -> tuple[int, list[str]]:
        document = workspaces.presend(tmp_path, "status", "--as-of", workspaces.AS_OF).document
        return document["to_review"], [notice["message"] for notice in document["attention"] if notice["kind"] == "review"]

    message = "2 messages wait for somebody to read them, the oldest since 2026-05-20T08:00:00Z: each may mean no"
    assert told() == (2, [f"{message}, and restricts nobody until then"])
    world.run()
    assert any(message in warning for warning in world.published().manifest["warnings"])
    found = waits(tmp_path)
    review(tmp_path, found["Frage"]["id"], "--none", "--by", "Eva")
    assert told()[0] == 1
    review(tmp_path, found["Re: Programm"]["id"], "--none", "--by", "Eva")
    assert told() == (0, [])


def test_a_review_queue_of_a_thousand_messages_is_worked_through_by_commands_alone_and_its_decisions_show_in_explain(
    tmp_path: Path,
) -> None:
    people = "\n".join(["email", "-----", *(f"p{number}@x.at" for number in range(1000))])
    messages = [mail(number, f"p{number}@x.at", ASKS, subject=f"Frage {number}") for number in range(1000)]
    world = world_with(tmp_path, *messages, profiles=people)
    found = waits(tmp_path)
    assert len(found) == 1000
    said = {message["id"]: "opt_out" if number % 4 == 0 else "none" for number, message in enumerate(found.values())}
    first, second = list(said)[:2]
    assert review(tmp_path, first, "--opt-out", "--by", "Eva").code == 0
    assert review(tmp_path, second, "--none", "--by", "Eva").code == 0
    file = tmp_path / "answers.csv"
    file.write_text("\n".join(["id;answer;remark", *(f"{message};{answer};" for message, answer in said.items())]))
    done = review(tmp_path, "--answers", str(file), "--by", "Ida")
    assert (done.code, len(done.document["answered"]), len(done.document["already_answered"])) == (0, 998, 2)
    assert waits(tmp_path) == {}
    assert world.run().code == 0
    published = world.published()
    out = {f"p{number}@x.at" for number in range(1000) if said[found[f"Frage {number}"]["id"]] == "opt_out"}
    assert {exclusion.address for exclusion in published.exclusions} == out and len(out) == 250
    assert len(published.addresses) == 750
    opted_out_by = [subject for subject, message in found.items() if said[message["id"]] == "opt_out"]
    for subject, by in ((opted_out_by[0], "Eva"), (opted_out_by[100], "Ida")):
        answered, words = explained(tmp_path, f"p{subject.removeprefix('Frage ')}@x.at")
        assert answered["reasons"][0]["evidence"]["event_id"] == f"review-{found[subject]['id']}"
        assert f"(answered by {by})" in words
