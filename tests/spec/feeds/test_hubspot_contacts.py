"""HubSpot's contacts and the exports of its e-mail tool."""

import csv
import io
from pathlib import Path

from tests.lib.feeds import land

SEEN = "2026-06-01T08:00:00Z"


def table(header: str, *lines: str, delimiter: str = ",") -> str:
    """A CSV with a byte order mark, its cells given with bars between them."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    for line in (header, *lines):
        writer.writerow([cell.strip() for cell in line.split("|")])
    return "\ufeff" + text.getvalue()


def test_a_contact_is_a_profile_and_its_flags_restrict_since_the_first_file_that_shows_them(tmp_path: Path) -> None:
    header = (
        "Record ID|First Name|Last Name|Email|Phone Number|Additional email addresses|Unsubscribed from all email|Invalid email address"
        "|Email hard bounce reason|Email hard bounce reason|Is globally ineligible|Email Address Quarantined|Quarantined Emails"
        "|Opted out of email: Newsletter|Opted out of email: Product Updates|Opt-out survey reason|Shoe size"
    )
    landed = land(tmp_path, "hubspot_contacts", {"contacts.csv": table(header,
        "1|Anna|Alt|A@X.at|+43 664 1234567|a2@x.at; a3@x.at|Yes|No|||No|No||||never asked for it|38",
        "2|Bea|Bunt|b@x.at|||No|Yes||UNKNOWN_USER|Yes|Yes|b2@x.at (manual)|Yes|No|No|39",
        "3|Cem|Can|c@x.at|||No|No|SOMETHING_NEW||No|No|||Yes|No|40",
        "4|Dora|Dur|d@x.at|||No|No|||No|No||No||No|41",
    )}, map={"Newsletter": {"scope": "list", "scope_id": "l1"}})  # fmt: skip
    landed.profiles("""
        profile_id | email_address | phone_number  | first_name | last_name
        -----------+---------------+---------------+------------+----------
        1          | a@x.at        | +436641234567 | Anna       | Alt
        2          | b@x.at        |               | Bea        | Bunt
        3          | c@x.at        |               | Cem        | Can
        4          | d@x.at        |               | Dora       | Dur
    """)
    landed.consents(f"""
        address | profile_id | action  | scope        | scope_id | actor  | occurred_from
        --------+------------+---------+--------------+----------+--------+--------------
        a@x.at  | 1          | opt_out | organisation | o1       | import | {SEEN}
        a2@x.at | 1          | opt_out | organisation | o1       | import | {SEEN}
        a3@x.at | 1          | opt_out | organisation | o1       | import | {SEEN}
        b@x.at  | 2          | opt_out | list         | l1       | import | {SEEN}
        c@x.at  | 3          | opt_out | organisation | o1       | import | {SEEN}
    """)
    landed.deliveries("""
        address | type       | reason          | vendor_label
        --------+------------+-----------------+--------------------------
        b@x.at  | quarantine | invalid_address | invalid email address
        b@x.at  | quarantine | bounced         | hard bounce/UNKNOWN_USER
        b@x.at  | quarantine | ineligible      | globally ineligible
        b@x.at  | quarantine | quarantined     | quarantined
        b2@x.at | quarantine | quarantined     | quarantined
        c@x.at  | quarantine | bounced         | hard bounce/SOMETHING_NEW
    """)
    assert landed.counts == (4, 4, 0, 0, 0)
    assert landed.unknown == {"code hard bounce/SOMETHING_NEW": 1, "scope list Product Updates": 1}


def test_german_and_dutch_headers_are_known_and_an_unknown_one_that_speaks_of_opting_out_restricts(tmp_path: Path) -> None:
    landed = land(tmp_path, "hubspot_contacts", {
        "de.csv": table(
            "Datensatz-ID|Vorname|Nachname|E-Mail|Von allen E-Mails abgemeldet|Abgemeldet von: Rundbrief|Abgemeldet am (Datum)",
            "1|Jörg|Groß|j@x.at|Ja||2026-01-01", "2|Ute|Uhl|u@x.at|Nein|Ja|", delimiter=";"),
        "nl.csv": table("Record-ID|Voornaam|Achternaam|E-mail|Afgemeld voor alle e-mail", "3|Piet|Post|p@x.at|Ja", "4|An|Bos|n@x.at|Nee"),
    }, map={"Rundbrief": {"scope": "list", "scope_id": "l1"}})  # fmt: skip
    landed.consents("""
        address | action  | scope        | scope_id
        --------+---------+--------------+---------
        j@x.at  | opt_out | organisation | o1
        u@x.at  | opt_out | list         | l1
        p@x.at  | opt_out | organisation | o1
    """)
    assert landed.counts == (4, 4, 0, 0, 0)


def test_the_contacts_api_says_the_same_by_internal_names(tmp_path: Path) -> None:
    landed = land(tmp_path, "hubspot_contacts", {"contacts.json": {"results": [
        {"id": "1", "properties": {"email": "a@x.at", "firstname": "Anna", "hs_email_optout": "true", "hs_email_optout_10": None,
            "lastmodifieddate": "2026-04-02T09:00:00.000Z"}, "archived": False},
        {"id": "2", "properties": {"email": "b@x.at", "hs_email_optout_10": "true", "hs_email_optout_survey_reason": "OTHER",
            "hs_email_hard_bounce_reason_enum": "", "hs_email_hard_bounce_reason": "MAILBOX_FULL"}, "archived": False},
        {"id": "3", "properties": {"email": "c@x.at", "hs_email_quarantined": "true"}, "archived": True},
    ], "paging": {"next": {"after": "3"}}}}, map={"10": {"scope": "list", "scope_id": "l1"}})  # fmt: skip
    landed.profiles("""
        profile_id | email_address | first_name | updated_at
        -----------+---------------+------------+---------------------
        1          | a@x.at        | Anna       | 2026-04-02T09:00:00Z
        2          | b@x.at        |            |
    """)
    landed.consents("""
        address | profile_id | action  | scope        | scope_id
        --------+------------+---------+--------------+---------
        a@x.at  | 1          | opt_out | organisation | o1
        b@x.at  | 2          | opt_out | list         | l1
    """)
    landed.deliveries("""
        address | type       | reason
        --------+------------+------------
        b@x.at  | quarantine | bounced
        c@x.at  | quarantine | quarantined
    """)


def test_the_export_of_unsubscribes_and_bounces_has_a_column_for_each_type(tmp_path: Path) -> None:
    landed = land(tmp_path, "hubspot_contacts", {"unsubscribes.csv": table(
        "Email|Portal Bounce|Portal Unsubscribe|Portal Spam Report|Global Bounce|Marketing Information|Gazette",
        "a@x.at|TRUE|||TRUE||", "b@x.at||TRUE||||", "c@x.at|||TRUE|||", "d@x.at|||||TRUE|TRUE", "e@x.at||||||",
    )}, map={"Gazette": {"scope": "list", "scope_id": "l1"}, "Marketing Information": {"scope": "brand", "scope_id": "b1"}})  # fmt: skip
    landed.consents("""
        address | action  | scope        | scope_id
        --------+---------+--------------+---------
        b@x.at  | opt_out | organisation | o1
        d@x.at  | opt_out | brand        | b1
        d@x.at  | opt_out | list         | l1
    """)
    landed.deliveries("""
        address | type       | reason  | vendor_label
        --------+------------+---------+-------------------
        a@x.at  | quarantine | bounced | portal bounce
        a@x.at  | quarantine | bounced | global bounce
        c@x.at  | complaint  |         | portal spam report
    """)
    assert landed.counts == (5, 4, 0, 1, 0)


def test_the_export_of_a_mailings_recipients_tells_bounces_in_the_exporters_zone(tmp_path: Path) -> None:
    landed = land(tmp_path, "hubspot_contacts", {"recipients.csv": table(
        "Recipient|Sent At (Your time zone)|Not Sent Reason|Bounce|Bounce Reason|Spam Report|Unsubscribed",
        "a@x.at|2026-04-02 11:00||TRUE|UNKNOWN_USER||", "b@x.at|2026-04-02 11:00||TRUE|THROTTLED||",
        "c@x.at|||||TRUE|", "d@x.at|2026-04-02 11:00||||FALSE|TRUE", "e@x.at||PREVIOUSLY_UNSUBSCRIBED_PORTAL||||",
        "f@x.at||PREVIOUSLY_BOUNCED||||", "g@x.at||GRAYMAIL_SUPPRESSED||||", "h@x.at|2026-04-02 11:00|||||",
    )}, timezone="Europe/Vienna")  # fmt: skip
    landed.consents(f"""
        address | action  | actor  | via       | occurred_from        | occurred_until
        --------+---------+--------+-----------+----------------------+---------------
        d@x.at  | opt_out | owner  | one_click | 0001-01-01T00:00:00Z | {SEEN}
        e@x.at  | opt_out | import | import    | 0001-01-01T00:00:00Z | {SEEN}
    """)
    landed.deliveries("""
        address | type       | bounce_class | reason  | occurred_from
        --------+------------+--------------+---------+---------------------
        a@x.at  | bounce     | hard         |         | 2026-04-02T09:00:00Z
        b@x.at  | bounce     | soft         |         | 2026-04-02T09:00:00Z
        c@x.at  | complaint  |              |         | 0001-01-01T00:00:00Z
        f@x.at  | quarantine |              | bounced | 0001-01-01T00:00:00Z
    """)
    assert landed.counts == (8, 6, 0, 2, 0)


def test_merged_contacts_and_additional_addresses_belong_to_the_surviving_contact(tmp_path: Path) -> None:
    """In the CSV by label, in the API by internal name, and in the older form with the time of each merge."""
    by_label = "Record ID|Email|Additional email addresses|Merged record IDs"
    landed = land(
        tmp_path,
        "hubspot_contacts",
        {
            "1.csv": table(by_label, "202|new@x.at|old@x.at;older@x.at|101;102", "303|c@x.at||"),
            "2.json": '{"results": [{"id": "404", "properties": {"email": "d@x.at", "hs_calculated_merged_vids": "405:1614;406:1615"}}]}',
        },
    )
    landed.former("""
        operation | profile_id | email_address | external_id
        ----------+------------+---------------+------------
        former    | 202        | old@x.at      |
        former    | 202        | older@x.at    |
        merged    | 101        |               | 202
        merged    | 102        |               | 202
        merged    | 405        |               | 404
        merged    | 406        |               | 404
    """)
    assert landed.counts == (3, 3, 0, 0, 0)
