"""Copernica's log files."""

from pathlib import Path
from typing import Any

from tests.lib.feeds import land

AT = "2026-04-02 09:00:00"
VIENNA = "2026-04-02T07:00:00Z"


def report(action: str, status: str, said: str, recipient: str = "a@x.at") -> str:
    return (
        f"From: MAILER-DAEMON\r\nContent-Type: multipart/report\r\n\r\nFinal-Recipient: rfc822; {recipient}\r\n"
        f"Action: {action}\r\nStatus: {status}\r\nDiagnostic-Code: smtp; {said}\r\n more of it\r\n\r\n"
    )


def bounced(address: str, mime: str = "") -> dict[str, Any]:
    return {"id": address, "time": AT, "envelope": "news@example.org", "recipient": address, "mime": mime, "tags": "", "templateid": 0}


def test_the_name_of_the_log_tells_what_its_records_say(tmp_path: Path) -> None:
    record = {"id": "m1", "time": AT, "tags": "", "senderdomain": "example.org", "profile": 1, "subprofile": 2, "template": 3}
    words = "cdm-abuse pom-deliveries cdm-attempts cdm-click"
    files: dict[str, Any] = {f"{word}.2026-04-02.log": [{**record, "email": f"{word}@x.at"}] for word in words.split()}
    landed = land(tmp_path, "copernica_log", files | {"export.json": [{**record, "email": "lost@x.at"}]})
    landed.deliveries(f"""
        address             | type      | occurred_from
        --------------------+-----------+--------------
        cdm-abuse@x.at      | complaint | {VIENNA}
        pom-deliveries@x.at | delivered | {VIENNA}
        cdm-attempts@x.at   | sent      | {VIENNA}
    """)
    assert landed.counts == (5, 3, 0, 1, 1)
    assert landed.unknown == {"code export.json; scope list example.org": 1}


def test_unsubscribes_come_as_a_table_with_or_without_a_header_and_as_xml(tmp_path: Path) -> None:
    xml = f"""<?xml version="1.0" encoding="UTF-8"?>
        <records>
        <record><id>m3</id><time> {AT} </time><email>c@x.at</email><senderdomain>other.org</senderdomain><tags></tags></record>
        <record><id>m4</id><time>{AT}</time><email>d&amp;d@x.at</email><senderdomain/></record>
        </records>"""
    files = {
        "cdm-unsubscribe.2026-04-02.csv": f"ID,Time,Email,tags,senderdomain,profile,template\nm1,{AT},a@x.at,x;y,example.org,1,3\n",
        "pom-unsubscribes.2026-04-02.csv": f"m2,{AT},b@x.at,,example.org,9,1,2,3,4\n",
        "cdm-unsubscribe.2026-04-03.xml": xml,
    }
    landed = land(tmp_path, "copernica_log", files, map={"example.org": {"scope": "brand", "scope_id": "b1"}})
    landed.consents(f"""
        address  | action  | scope        | scope_id | actor | via       | occurred_from
        ---------+---------+--------------+----------+-------+-----------+--------------
        a@x.at   | opt_out | brand        | b1       | owner | one_click | {VIENNA}
        b@x.at   | opt_out | brand        | b1       | owner | one_click | {VIENNA}
        c@x.at   | opt_out | organisation | o1       | owner | one_click | {VIENNA}
        d&d@x.at | opt_out | organisation | o1       | owner | one_click | {VIENNA}
    """)
    assert landed.counts == (4, 4, 0, 0, 0)


def test_errors_and_failures_are_judged_by_their_codes(tmp_path: Path) -> None:
    files = {
        "pom-errors.2026-04-02.log": f"""m1,{AT},bounce,5.1.1,unknown user,550,"multi
line",a@x.at,,example.org,9,1,2,3,4
m2,{AT},internal,,limit reached,,,b@x.at,,example.org,9,1,2,3,4
m3,{AT},bounce,5.7.1,rejected as spam,550,,c@x.at,,example.org,9,1,2,3,4
""",
        "failures.2026-04-02.log": f"m4,{AT},news@example.org,d@x.at,3,192.0.2.1,192.0.2.2,error,552,5.2.2,mailbox full,data,\n",
    }
    landed = land(tmp_path, "copernica_log", files)
    landed.deliveries("""
        address | type   | bounce_class | reason       | status_code
        --------+--------+--------------+--------------+------------
        a@x.at  | bounce | hard         | bounce       | 5.1.1
        b@x.at  | bounce | undetermined | internal     |
        c@x.at  | bounce | block        | bounce       | 5.7.1
        d@x.at  | bounce | soft         | mailbox_full | 5.2.2
    """)


def test_a_bounce_is_what_its_delivery_report_says_of_this_recipient(tmp_path: Path) -> None:
    gone = report("failed", "5.1.1", "550 5.1.1 unknown user")
    landed = land(tmp_path, "copernica_log", {
        "bounces.2026-04-02.json": [
            bounced("gone@x.at", gone),
            bounced("late@x.at", report("delayed", "4.4.1", "no answer")),
            bounced("full@x.at", report("failed", "5.2.2", "552 mailbox full")),
            bounced("one@x.at", gone + report("failed", "5.2.2", "552 mailbox full", "two@x.at")),
            bounced("hm@x.at", "Sorry, 5.1.1 or whatever"),
        ],
        "responses.2026-04-02.json": [bounced("away@x.at", "I am away")],
    })  # fmt: skip
    landed.deliveries("""
        address   | type       | bounce_class | reason       | status_code
        ----------+------------+--------------+--------------+------------
        gone@x.at | bounce     | hard         |              | 5.1.1
        full@x.at | bounce     | soft         | mailbox_full | 5.2.2
        one@x.at  | bounce     | undetermined |              |
        hm@x.at   | bounce     | undetermined |              |
        away@x.at | auto_reply |              |              |
    """)
    assert landed.counts == (6, 5, 0, 1, 0)


def test_xml_that_ends_too_early_or_declares_what_it_likes_is_refused(tmp_path: Path) -> None:
    laughs = '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><records><record><id>&b;</id></record></records>'
    files = {"abuses.2026-04-01.xml": laughs, "abuses.2026-04-02.xml": "<records><record><id>1</id>", "abuses.2026-04-03.xml": "<records/>"}
    landed = land(tmp_path, "copernica_log", files)
    refused = str(landed.document)
    assert "declares a document type" in refused and "the XML cannot be read" in refused
    assert landed.counts == (0, 0, 0, 0, 0)
