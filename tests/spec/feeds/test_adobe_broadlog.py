"""Adobe Campaign's delivery and exclusion logs."""

from pathlib import Path

from tests.lib.feeds import land

HEADER = "id;Address;Status;Failure type;Failure reason;Event date;Description;Delivery\n"
AT = "2026/04/02 11:00:00"


def test_reason_and_type_of_a_failure_give_the_class_and_a_status_code_decides_before_them(tmp_path: Path) -> None:
    landed = land(tmp_path, "adobe_broadlog", {"log.csv": HEADER + (
        f"1;a@x.at;Failed;Hard;User unknown;{AT};550 5.1.1 no such user;D1\n"
        f"2;b@x.at;Failed;Soft;Account disabled;{AT};;D1\n"
        f"3;c@x.at;Failed;Hard;Account disabled;{AT};;D1\n"
        f"4;d@x.at;Failed;Soft;Mailbox full;{AT};;D1\n"
        f"5;e@x.at;Failed;Hard;Refused;{AT};;D1\n"
        f"6;f@x.at;Failed;Hard;Unreachable;{AT};;D1\n"
        f"7;g@x.at;Failed;Hard;User unknown;{AT};452 4.2.2 over quota;D1\n"
        f"8;h@x.at;Failed;Ignored;User unknown;{AT};out of office;D1\n"
        f"9;i@x.at;Failed;Undefined;Not defined;{AT};;D1\n"
        f"10;j@x.at;Failed;Soft;Invalid domain;{AT};;D1\n"
        f"11;k@x.at;Failed;Soft;Alien abduction;{AT};;D1\n"
    )}, timezone="Europe/Vienna")  # fmt: skip
    landed.deliveries("""
        address | type   | bounce_class | reason       | vendor_label          | campaign | occurred_from
        --------+--------+--------------+--------------+-----------------------+----------+---------------------
        a@x.at  | bounce | hard         |              | User unknown          | D1       | 2026-04-02T09:00:00Z
        b@x.at  | bounce | soft         |              | Account disabled      | D1       | 2026-04-02T09:00:00Z
        c@x.at  | bounce | hard         |              | Account disabled/hard | D1       | 2026-04-02T09:00:00Z
        d@x.at  | bounce | soft         | mailbox_full | Mailbox full          | D1       | 2026-04-02T09:00:00Z
        e@x.at  | bounce | undetermined |              | Refused               | D1       | 2026-04-02T09:00:00Z
        f@x.at  | bounce | soft         |              | Unreachable           | D1       | 2026-04-02T09:00:00Z
        g@x.at  | bounce | soft         | mailbox_full | User unknown          | D1       | 2026-04-02T09:00:00Z
        i@x.at  | bounce | undetermined |              | status/Failed         | D1       | 2026-04-02T09:00:00Z
        j@x.at  | bounce | soft         |              | Invalid domain        | D1       | 2026-04-02T09:00:00Z
    """)
    assert landed.counts == (11, 9, 0, 1, 1)
    assert landed.rejected == [(11, "code_unknown")]
    assert landed.unknown == {"code Alien abduction": 1}


def test_what_adobe_knew_before_it_sent_is_a_restriction_and_no_bounce(tmp_path: Path) -> None:
    landed = land(tmp_path, "adobe_broadlog", {"excluded.txt": "@address\t@failureReason\t@failureType\t@eventDate\n" + "".join(
        f"{address}\t{reason}\t{kind}\t2026-04-02T09:00:00Z\n" for address, reason, kind in (
            ("a@x.at", 8, 3), ("b@x.at", 9, "Ignored"), ("c@x.at", 10, 3), ("d@x.at", 127, 3), ("", 7, 3), ("e@x.at", 1, 3),
            ("f@x.at", 25, 3),
        )
    )})  # fmt: skip
    landed.consents("""
        address | action  | channel | scope        | actor
        --------+---------+---------+--------------+-------
        a@x.at  | opt_out | email   | organisation | import
    """)
    landed.deliveries("""
        address | type       | bounce_class
        --------+------------+-------------
        b@x.at  | quarantine |
        e@x.at  | bounce     | hard
    """)
    assert landed.counts == (7, 3, 0, 4, 0)


def test_an_sms_that_was_refused_is_no_hard_bounce_and_its_report_is_not_read_as_smtp(tmp_path: Path) -> None:
    landed = land(tmp_path, "adobe_broadlog", {"sms.csv": HEADER + (
        f"1;+43 664 1234567;Failed;Hard;Refused;{AT};SR Generic DELIVRD 511|#MESSAGE# 550 5.1.1;S1\n"
        f"2;+43 664 1234568;Received on mobile;;;{AT};;S1\n"
        f"3;+43 664 1234569;Failed;Hard;Denylisted address;{AT};;S1\n"
    )}, timezone="Europe/Vienna")  # fmt: skip
    landed.deliveries("""
        address       | type      | channel | bounce_class
        --------------+-----------+---------+-------------
        +436641234567 | bounce    | sms     | undetermined
        +436641234568 | delivered | sms     |
    """)
    landed.consents("""
        address       | action  | channel
        --------------+---------+--------
        +436641234569 | opt_out | sms
    """)


def test_labels_are_german_or_french_and_an_undocumented_status_without_a_reason_is_rejected(tmp_path: Path) -> None:
    landed = land(tmp_path, "adobe_broadlog", {
        "de.csv": "Adresse;Status;Typ des Fehlschlagens;Grund des Fehlschlagens;Ereignisdatum\n"
            "a@x.at;Gesendet;;;02.04.2026 11:00:00\nb@x.at;Fehlgeschlagen;Hard;Unbekannter Nutzer;02.04.2026 11:00\n"
            'c@x.at;Ignoriert;Hard;"Adresse, die auf die Blockierungsliste gesetzt wurde";02.04.2026 11:00\n',
        "fr.csv": "Adresse,Statut,Type de l'échec,Raison de l'échec,Date\nd@x.at,En échec,Soft,Boîte pleine,2026-04-02 11:00\n"
            "e@x.at,En échec,Ignoré,Utilisateur inconnu,2026-04-02 11:00\nf@x.at,En attente,,,2026-04-02 11:00\n",
        "numbers.csv": "@address,@status,@failureReason,@eventDate\ng@x.at,6,0,2026-04-02 11:00\nh@x.at,3,0,2026-04-02 11:00\n"
            "i@x.at,2,5,2026-04-02 11:00\n",
    }, timezone="Europe/Vienna")  # fmt: skip
    landed.deliveries("""
        address | type   | bounce_class | reason
        --------+--------+--------------+-------------
        a@x.at  | sent   |              |
        b@x.at  | bounce | hard         |
        d@x.at  | bounce | soft         | mailbox_full
        i@x.at  | bounce | soft         | mailbox_full
    """)
    landed.consents("""
        address | action
        --------+--------
        c@x.at  | opt_out
    """)
    assert landed.unknown == {"code status/3": 1}
    assert landed.counts == (9, 5, 0, 3, 1)
