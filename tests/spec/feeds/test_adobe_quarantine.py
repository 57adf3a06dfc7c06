"""Adobe Campaign's addresses in quarantine."""

from pathlib import Path

from tests.lib.feeds import land


def test_quarantine_and_denylist_restrict_and_errors_and_valid_say_nothing(tmp_path: Path) -> None:
    landed = land(tmp_path, "adobe_quarantine", {"quarantine.csv": (
        "Address;Status;Channel;Error reason;Error text;Error date;lastModified\r\n"
        'A@X.at;Quarantine;Email;User unknown;"550 5.1.1\nno such user";2026/04/02 11:00:00;2026/05/30 03:00:00\r\n'
        "b@x.at;Denylisted;Email;Refused;;;2026/05/30 03:00:00\r\n"
        "c@x.at;With errors;Email;Mailbox full;;2026/04/02 11:00:00;\r\n"
        "d@x.at;Valid;Email;;;;\r\n"
        "+43 664 1234567;Denylisted;SMS;;;02.04.2026 11:00;\r\n"
        "+43 664 1234568;Quarantine;SMS;User unknown;;;\r\n"
        "4f2a9c0d7e;Quarantine;Mobile app;User unknown;;;\r\n"
        "e@x.at;Something new;Email;;;;\r\n"
    )}, timezone="Europe/Vienna")  # fmt: skip
    landed.deliveries("""
        address       | type       | channel | reason       | occurred_from
        --------------+------------+---------+--------------+---------------------
        a@x.at        | quarantine | email   | User unknown | 2026-04-02T09:00:00Z
        b@x.at        | complaint  | email   | Refused      | 2026-06-01T08:00:00Z
        +436641234568 | quarantine | sms     | User unknown | 2026-06-01T08:00:00Z
        e@x.at        | quarantine | email   |              | 2026-06-01T08:00:00Z
    """)
    landed.consents("""
        address       | action  | channel | actor | via     | occurred_from
        --------------+---------+---------+-------+---------+---------------------
        +436641234567 | opt_out | sms     | owner | keyword | 2026-04-02T09:00:00Z
    """)
    assert landed.counts == (8, 5, 0, 3, 0)
    assert landed.unknown == {"code Something new": 1}


def test_of_the_numbers_only_valid_is_known_and_any_other_is_a_quarantine(tmp_path: Path) -> None:
    landed = land(tmp_path, "adobe_quarantine", {"quarantine.txt": "@address\t@status\na@x.at\t2\nb@x.at\t3\nc@x.at\t1\nno address\t3\n"})
    landed.deliveries("""
        address | type
        --------+-----------
        b@x.at  | quarantine
        c@x.at  | quarantine
    """)
    assert landed.unknown == {"code 3": 1, "code 1": 1, "code 3/sms": 1}
    assert landed.rejected == [(4, "address_unreadable")]


def test_labels_are_german_or_french(tmp_path: Path) -> None:
    landed = land(tmp_path, "adobe_quarantine", {
        "de.csv": "Adresse;Status;Fehlerursache\na@x.at;Auf Blockierungsliste;\nb@x.at;Unter Quarantäne;Postfach voll\n"
            "c@x.at;Fehlerhaft;\nd@x.at;Gültig;\n",
        "fr.csv": "Adresse,Statut,Raison de l'erreur\ne@x.at,En quarantaine,Boîte pleine\nf@x.at,Valide,\ng@x.at,En erreur,\n",
    })  # fmt: skip
    landed.deliveries("""
        address | type       | reason
        --------+------------+--------------
        a@x.at  | complaint  |
        b@x.at  | quarantine | Postfach voll
        e@x.at  | quarantine | Boîte pleine
    """)
    assert landed.counts == (7, 3, 0, 4, 0)
    assert landed.unknown == {}
