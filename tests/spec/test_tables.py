"""What analysts read: every file with its four counts, and every address that is not valid (contract §5, domain §2 and §5)."""

import json
from collections.abc import Callable
from urllib.parse import urlencode

from tests.lib import workspaces
from tests.lib.workspaces import write_rows, write_yaml
from tests.lib.world import World

Worlds = Callable[..., World]


def test_every_file_tells_what_became_of_its_rows(world: Worlds) -> None:
    """Counted again when all files are known: what an earlier file brought is a duplicate, an opt-in of nobody's address is rejected."""
    small = world(max_rejected="100%")
    small.profiles("""
        profile_id | email
        -----------+---------------------
        anna       | anna@post.example.at
        mute       |
    """)
    small.consents("""
        event_id | occurred_at          | action         | via  | profile_id | organisation | address
        ---------+----------------------+----------------+------+------------+--------------+---------------------
        e1       | 2026-05-01T08:00:00Z | opt_out        |      |            |              | anna@post.example.at
        e1       | 2026-05-01T08:00:00Z | opt_out        |      |            |              | anna@post.example.at
        e2       | 2026-05-02T08:00:00Z | opt_in         | form | mute       | o1           |
        e3       | 2026-05-02T08:00:00Z | opt_in_request | form | mute       | o1           |
        e4       | 2026-05-02T08:00:00Z | opt_in_confirm | form | mute       | o1           |
        e5       | 2026-05-02T08:00:00Z | opt_out_cancel | form | mute       | o1           |
        e6       | 2026-05-02T08:00:00Z | resume         | form | mute       | o1           |
        e7       | 2026-05-02T08:00:00Z | opt_out        | form | mute       | o1           |
        e8       | soon                 | opt_in         | form |            |              | anna@post.example.at
        e9       | 2026-05-02T08:00:00Z | opt_in         | form | anna       | o1           |
    """)
    small.deliveries("""
        event_id | occurred_at          | type   | address
        ---------+----------------------+--------+---------------------
        d1       | 2026-05-01T08:00:00Z | sent   | anna@post.example.at
        d2       | 2026-05-01T08:00:00Z | opened | anna@post.example.at
    """)
    small.run("2026-05-10T08:00:00+00:00")
    small.holds("feed_file", """
        feed     | file    | rows | loaded | duplicate | ignored | rejected | is_refused
        ---------+---------+------+--------+-----------+---------+----------+-----------
        consent  | 000.csv | 10   | 3      | 1         | 0       | 6        | false
        delivery | 000.csv | 2    | 1      | 0         | 1       | 0        | false
        profiles | 000.csv | 2    | 2      | 0         | 0       | 0        | false
    """)  # fmt: skip
    small.consents("""
        event_id | occurred_at          | action  | address
        ---------+----------------------+---------+----------------------
        e1       | 2026-05-01T08:00:00Z | opt_out | anna@post.example.at
        f1       | 2026-05-03T08:00:00Z | opt_out | anna@post.example.at
    """)
    small.deliveries("""
        event_id | occurred_at          | type     | address
        ---------+----------------------+----------+---------------------
        d1       | 2026-05-01T08:00:00Z | sent     | anna@post.example.at
        d3       | 2026-05-01T09:00:00Z | sent     | anna@post.example.at
        d4       | 2026-05-01T09:30:00Z | vanished | anna@post.example.at
    """)
    small.run("2026-05-11T08:00:00+00:00")
    small.holds("feed_file", """
        feed     | file    | rows | loaded | duplicate | ignored | rejected | received_at
        ---------+---------+------+--------+-----------+---------+----------+-----------------------
        consent  | 000.csv | 10   | 3      | 1         | 0       | 6        | 2026-05-10 08:00:00+00
        consent  | 001.csv | 2    | 1      | 1         | 0       | 0        | 2026-05-11 08:00:00+00
        delivery | 000.csv | 2    | 1      | 0         | 1       | 0        | 2026-05-10 08:00:00+00
        delivery | 001.csv | 3    | 1      | 1         | 0       | 1        | 2026-05-11 08:00:00+00
        profiles | 000.csv | 2    | 2      | 0         | 0       | 0        | 2026-05-10 08:00:00+00
    """)  # fmt: skip


def test_a_file_that_comes_again_in_part_or_whole_tells_what_is_new_in_it(world: Worlds) -> None:
    """Under the name of an earlier file, beside another of the same moment, or under another name; a list that is gone changes no count."""
    columns = ["event_id", "occurred_at", "action", "scope", "scope_id", "via", "profile_id", "organisation", "address"]

    def event(number: int, address: str = "", **more: str) -> dict[str, str]:
        told = {"event_id": f"e{number}", "occurred_at": "2026-05-01T08:00:00Z", "action": "opt_out", "scope": "organisation"}
        return {**told, "scope_id": "o1", "address": address, **more}

    def of_nobody(number: int) -> dict[str, str]:
        return event(number, action="opt_in", via="form", profile_id="mute", organisation="o1")

    gone = {"o1": {"brands": {"b1": {"lists": ["l1", "old"]}}}}
    small = world(organisations=gone, max_rejected="100%")
    small.profiles("profile_id | email\n-----------+------------\nmute       |")
    landing = small.folder / "landing" / "consent"
    of_a_list = event(1, "anna@x.test", action="opt_in", scope="list", scope_id="old", via="form")
    write_rows(landing / "a.csv", columns, [of_a_list, of_nobody(2), of_nobody(3)])
    write_rows(landing / "b.csv", columns, [event(4, "bert@x.test"), event(5, "cora@x.test"), of_nobody(6)])
    small.run("2026-05-10T08:00:00+00:00")
    workspaces.write_settings(small.folder, {"organisations": {"o1": {"brands": {"b1": {"lists": ["l1"]}}}}, "max_rejected": "100%"})
    write_rows(landing / "a.csv", columns, [event(4, "bert@x.test"), event(7, "dora@x.test"), event(8, "emil@x.test"), of_nobody(9)])
    write_rows(landing / "c.csv", columns, [event(4, "bert@x.test")])
    (landing / "d.csv").write_bytes((landing / "b.csv").read_bytes())
    small.run("2026-05-11T08:00:00+00:00")
    small.holds("(SELECT *, CAST(received_at AS DATE) AS day FROM feed_file WHERE feed = 'consent' AND rows > 0)", """
        file  | day        | rows | loaded | duplicate | rejected
        ------+------------+------+--------+-----------+---------
        a.csv | 2026-05-10 | 3    | 1      | 0         | 2
        a.csv | 2026-05-11 | 4    | 2      | 1         | 1
        b.csv | 2026-05-10 | 3    | 2      | 0         | 1
        c.csv | 2026-05-11 | 1    | 0      | 1         | 0
        d.csv | 2026-05-11 | 3    | 0      | 3         | 0
    """)  # fmt: skip


def test_a_row_that_several_events_come_from_counts_once_and_so_does_one_that_people_must_read(world: Worlds) -> None:
    small = world(organisations={"o1": {"brands": {"b1": {"lists": ["l1", "l2"]}}}})
    meant = {str(number): {"scope": "list", "scope_id": f"l{number}"} for number in (1, 2)}
    common = {"organisation": "o1", "max_age": "365d"}
    write_yaml(small.folder / "feeds" / "listmonk.yaml", {"source": "listmonk_subscribers", "map": meant, **common})
    lists = [{"id": number, "subscription_status": "unsubscribed", "updated_at": "2026-01-01T00:00:00Z"} for number in (1, 2)]
    subscriber = {"id": 1, "uuid": "u1", "email": "anna@x.test", "name": "", "status": "enabled", "lists": lists}
    page = {"data": {"results": [subscriber], "total": 1}}
    (small.folder / "landing" / "listmonk").mkdir(parents=True)
    (small.folder / "landing" / "listmonk" / "page.ndjson").write_text(json.dumps(page))
    write_yaml(small.folder / "feeds" / "twilio.yaml", {"source": "twilio_inbound", **common})
    message = {
        "MessageSid": "SM1",
        "From": "+436641234567",
        "To": "+43720000001",
        "Body": "please write to my wife",
        "SmsStatus": "received",
    }
    (small.folder / "landing" / "twilio").mkdir(parents=True)
    (small.folder / "landing" / "twilio" / "bodies.txt").write_text(urlencode(message))
    small.run()
    small.holds("(SELECT * FROM feed_file WHERE rows > 0)", """
        feed     | rows | loaded | duplicate | ignored | rejected
        ---------+------+--------+-----------+---------+---------
        listmonk | 1    | 1      | 0         | 0       | 0
        twilio   | 1    | 1      | 0         | 0       | 0
    """)  # fmt: skip


def test_of_a_refused_file_every_row_is_rejected(world: Worlds) -> None:
    small = world()
    small.profiles("email\n-----\nanna@post.example.at")
    small.consents("""
        event_id | occurred_at          | action  | address
        ---------+----------------------+---------+---------------------
        e1       | 2026-05-01T08:00:00Z | opt_out | anna@post.example.at
        e2       | 2026-05-01T08:00:00Z | opt_out | nobody at all
    """)
    small.run()
    small.holds("feed_file", """
        feed     | rows | loaded | duplicate | ignored | rejected | is_refused
        ---------+------+--------+-----------+---------+----------+-----------
        consent  | 2    | 0      | 0         | 0       | 2        | true
        delivery | 0    | 0      | 0         | 0       | 0        | false
        profiles | 1    | 1      | 0         | 0       | 0        | false
    """)  # fmt: skip


def test_every_address_that_is_not_valid_is_told_once_a_channel_with_its_strongest_status(world: Worlds) -> None:
    small = world(quarantine={"soft_threshold": 2})
    small.profiles("email\n-----\nanna@post.example.at")
    small.deliveries("""
        occurred_at          | type       | bounce_class | reason       | actor | channel | address                | explanation
        ---------------------+------------+--------------+--------------+-------+---------+------------------------+------------
        2026-05-01T08:00:00Z | bounce     | hard         |              |       |         | hard@post.example.at   |
        2026-05-03T08:00:00Z | bounce     | hard         |              |       |         | hard@post.example.at   |
        2026-05-02T08:00:00Z | complaint  |              |              |       |         | hard@post.example.at   |
        2026-05-20T08:00:00Z | bounce     | soft         |              |       |         | soft@post.example.at   |
        2026-05-22T08:00:00Z | bounce     | soft         |              |       |         | soft@post.example.at   |
        2026-05-20T08:00:00Z | bounce     | soft         | mailbox_full |       |         | full@post.example.at   |
        2026-05-22T08:00:00Z | bounce     | soft         | mailbox_full |       |         | full@post.example.at   |
        2026-05-30T08:00:00Z | bounce     | soft         |              |       |         | once@post.example.at   |
        2026-05-01T08:00:00Z | bounce     | soft         |              |       |         | long-ago@post.example.at |
        2026-05-04T08:00:00Z | quarantine |              |              | staff |         | staff@post.example.at  |
        2026-05-05T08:00:00Z | bounce     | hard         |              |       |         | staff@post.example.at  |
        2026-05-06T08:00:00Z | quarantine |              |              | owner |         | staff@post.example.at  |
        2026-05-06T08:00:00Z | bounce     | hard         |              |       | sms     | +436641234567          |
        2026-05-07T08:00:00Z | bounce     | hard         |              |       | phone   | +436641234567          |
        2026-05-08T08:00:00Z | bounce     | hard         |              |       | phone   | +436641234567          |
        2026-05-01T08:00:00Z | bounce     | soft         |              |       |         | anew@post.example.at   |
        2026-05-20T08:00:00Z | bounce     | soft         | mailbox_full |       |         | anew@post.example.at   |
        2026-05-20T09:00:00Z | bounce     | soft         |              |       |         | anew@post.example.at   |
        2026-05-22T08:00:00Z | bounce     | undetermined |              |       |         | anew@post.example.at   |
        2026-05-23T08:00:00Z | bounce     | soft         | mailbox_full |       |         | anew@post.example.at   |
        2026-04-01T08:00:00Z | bounce     | soft         | mailbox_full |       |         | emptied@post.example.at |
        2026-04-02T08:00:00Z | bounce     | soft         | mailbox_full |       |         | emptied@post.example.at |
        2026-05-02T08:00:00Z | bounce     | soft         | mailbox_full |       |         | at-end@post.example.at |
        2026-05-03T08:00:01Z | bounce     | soft         | mailbox_full |       |         | at-end@post.example.at |
        2026-04-02T08:00:00Z | bounce     | soft         | mailbox_full |       |         | exact@post.example.at  |
        2026-05-01T08:00:00Z | bounce     | soft         | mailbox_full |       |         | exact@post.example.at  |
        2026-05-02T08:00:00Z | bounce     | soft         | mailbox_full |       |         | exact@post.example.at  |
        2026-04-01T08:00:00Z | bounce     | soft         |              |       |         | again@post.example.at  |
        2026-04-02T08:00:00Z | bounce     | soft         |              |       |         | again@post.example.at  |
        2026-05-20T08:00:00Z | bounce     | soft         |              |       |         | again@post.example.at  |
        2026-05-21T08:00:00Z | bounce     | soft         |              |       |         | again@post.example.at  |
        2026-05-10T08:00:00Z | bounce     | soft         |              |       | phone   | +436641234570          |
        2026-05-17T08:00:00Z | bounce     | soft         |              |       | sms     | +436641234570          |
        2026-05-24T08:00:00Z | bounce     | soft         |              |       | phone   | +436641234570          |
        2026-05-10T08:00:00Z | quarantine |              |              | staff | phone   | +436641234571          |
        2026-05-10T08:00:00Z | quarantine |              |              | staff | sms     | +436641234571          |
        2026-05-12T08:00:00Z | release    |              |              | staff | phone   | +436641234571          | checked
        2026-05-20T08:00:00Z | bounce     | soft         |              |       |         | healed@post.example.at |
        2026-05-21T08:00:00Z | bounce     | soft         |              |       |         | healed@post.example.at |
        2026-05-22T08:00:00Z | delivered  |              |              |       |         | healed@post.example.at |
        2026-05-22T08:00:00Z | delivered  |              |              |       |         | hard@post.example.at   |
        2026-05-20T08:00:00Z | bounce     | block        |              |       |         | blocked@post.example.at |
        2026-05-21T08:00:00Z | bounce     | block        |              |       |         | blocked@post.example.at |
        2026-05-25T08:00:00Z | bounce     | soft         |              |       | sms     | +436641234568          |
        2026-05-26T08:00:00Z | bounce     | soft         |              |       | phone   | +436641234568          |
        2026-05-21T08:00:00Z | bounce     | soft         |              |       | sms     | +436641234569          |
        2026-05-24T08:00:00Z | bounce     | soft         |              |       | sms     | +436641234569          |
        2026-05-22T08:00:00Z | bounce     | soft         | mailbox_full |       | phone   | +436641234569          |
        2026-05-31T08:00:00Z | bounce     | soft         | mailbox_full |       | phone   | +436641234569          |
        2026-05-20T08:00:00Z | bounce     | soft         |              |       | sms     | +436641234572          |
        2026-05-22T08:00:00Z | bounce     | soft         |              |       | sms     | +436641234572          |
        2026-05-23T08:00:00Z | delivered  |              |              |       | phone   | +436641234572          |
        2026-05-20T08:00:00Z | bounce     | soft         |              |       | sms     | +436641234573          |
        2026-05-22T08:00:00Z | bounce     | soft         |              |       | sms     | +436641234573          |
        2026-05-24T08:00:00Z | bounce     | soft         |              |       | phone   | +436641234573          |
    """)  # fmt: skip
    small.run()
    small.holds("quarantine", """
        address               | channel | status      | reason             | since                  | until                  | error_days
        ----------------------+---------+-------------+--------------------+------------------------+------------------------+-----------
        hard@post.example.at  | email   | denied      | complaint          | 2026-05-01 08:00:00+00 |                        | 0
        soft@post.example.at  | email   | quarantined | quarantined_soft   | 2026-05-20 08:00:00+00 |                        | 2
        full@post.example.at  | email   | quarantined | quarantined_soft   | 2026-05-20 08:00:00+00 | 2026-06-21 08:00:00+00 | 2
        once@post.example.at  | email   | erroneous   | erroneous          | 2026-05-30 08:00:00+00 |                        | 1
        staff@post.example.at | email   | quarantined | quarantined_hard   | 2026-05-04 08:00:00+00 |                        | 0
        +436641234567         | sms     | quarantined | quarantined_hard   | 2026-05-06 08:00:00+00 |                        | 0
        +436641234567         | phone   | quarantined | quarantined_hard   | 2026-05-07 08:00:00+00 |                        | 0
        anew@post.example.at  | email   | quarantined | quarantined_soft   | 2026-05-20 08:00:00+00 |                        | 3
        at-end@post.example.at | email  | quarantined | quarantined_soft   | 2026-05-02 08:00:00+00 | 2026-06-02 08:00:01+00 | 2
        again@post.example.at | email   | quarantined | quarantined_soft   | 2026-04-01 08:00:00+00 |                        | 4
        +436641234570         | phone   | erroneous   | erroneous          | 2026-05-24 08:00:00+00 |                        | 1
        +436641234571         | sms     | quarantined | quarantined_manual | 2026-05-10 08:00:00+00 |                        | 0
        +436641234568         | sms     | erroneous   | erroneous          | 2026-05-25 08:00:00+00 |                        | 1
        +436641234568         | phone   | erroneous   | erroneous          | 2026-05-26 08:00:00+00 |                        | 1
        +436641234569         | sms     | quarantined | quarantined_soft   | 2026-05-21 08:00:00+00 |                        | 2
        +436641234569         | phone   | quarantined | quarantined_soft   | 2026-05-22 08:00:00+00 | 2026-06-30 08:00:00+00 | 2
        +436641234572         | sms     | quarantined | quarantined_soft   | 2026-05-20 08:00:00+00 |                        | 2
        +436641234573         | sms     | quarantined | quarantined_soft   | 2026-05-20 08:00:00+00 |                        | 2
        +436641234573         | phone   | erroneous   | erroneous          | 2026-05-24 08:00:00+00 |                        | 1
    """)  # fmt: skip


def test_an_address_is_erroneous_since_its_first_error_until_long_after_its_last(world: Worlds) -> None:
    small = world(quarantine={"soft_threshold": 4, "soft_reset_days": 10})
    small.profiles("email\n-----------\nanna@x.test")
    small.deliveries("""
        occurred_at          | type   | bounce_class | address
        ---------------------+--------+--------------+------------
        2026-05-12T08:00:00Z | bounce | soft         | again@x.test
        2026-05-20T08:00:00Z | bounce | soft         | again@x.test
        2026-05-26T08:00:00Z | bounce | soft         | again@x.test
        2026-05-12T08:00:00Z | bounce | soft         | past@x.test
        2026-05-20T08:00:00Z | bounce | soft         | past@x.test
    """)  # fmt: skip
    small.run()
    small.holds("quarantine", """
        address      | status    | since                  | error_days
        -------------+-----------+------------------------+-----------
        again@x.test | erroneous | 2026-05-12 08:00:00+00 | 3
    """)  # fmt: skip
