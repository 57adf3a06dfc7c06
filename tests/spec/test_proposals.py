"""`presend init --from FILE` proposes the feed of a file: every column placed or named as unplaced, and never a "no" as a "yes"."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.demo.starting import SAMPLES
from pipeline.flags import meaning_of
from pipeline.proposal import Proposal, propose
from pipeline.workspace import Workspace
from tests.lib.feeds import land
from tests.lib.workspaces import presend
from tests.lib.world import World

TO_PEOPLE = {"flag", "consent", "attribute", "unread"}
RIGHT = 0.9
EXPORTS: dict[str, tuple[str, dict[str, str]]] = {
    # the rows of an export as a system or an office gives it, and where each of its columns belongs; all others are no column of ours
    "kunden.csv": (
        "Kundennummer;Anrede;Vorname;Nachname;E-Mail;Telefon;Mobil;Straße;PLZ;Ort;Land;Geburtsdatum;Organisation;Geändert am;Newsletter;"
        "Werbesperre;Umsatz\n"
        "K1;Frau;Anna;Huber;a@x.at;01 5883012;0664 1234567;Weg 1;1010;Wien;AT;01.02.1980;Firma;31.12.2025 14:22;ja;nein;1.234,50\n"
        "K2;Herr;Bert;Maier;b@x.at;;+43 664 1234568;Weg 2;1020;Wien;AT;13.02.1980;;30.12.2025 14:22;;ja;12,00\n",
        {"Kundennummer": "profile_id", "Vorname": "first_name", "Nachname": "last_name", "E-Mail": "email", "Mobil": "phone",
         "Straße": "street", "PLZ": "postal_code", "Ort": "city", "Land": "country", "Geburtsdatum": "birth_date",
         "Geändert am": "updated_at", "Newsletter": "consent", "Werbesperre": "flag"},
    ),
    "report-salesforce.csv": (
        '"Contact ID","First Name","Last Name","Email","Email Opt Out","Do Not Call","Mobile","Mailing Street","Mailing City",'
        '"Mailing Zip/Postal Code","Mailing Country","Birthdate","Last Modified Date","Account Name"\n'
        "0031,A,B,a@x.at,0,0,,W 1,Wien,1010,Austria,2/1/1980,12/31/2025,Acme\n"
        "0032,A,B,b@x.at,1,0,,W 1,Wien,1010,Austria,2/13/1980,12/30/2025,Acme\n",
        # The vendor's own adapter knows them, by its own fields.
        {"Contact ID": "id", "First Name": "first_name", "Last Name": "last_name", "Email": "email", "Mobile": "mobile_phone",
         "Email Opt Out": "has_opted_out_of_email", "Do Not Call": "do_not_call", "Mailing Street": "street", "Mailing City": "city",
         "Mailing Zip/Postal Code": "postal_code", "Mailing Country": "country", "Birthdate": "birthdate",
         "Last Modified Date": "last_modified_date"},
    ),
    "civicrm.csv": (
        "Contact ID,Contact Type,Display Name,Do Not Email,Do Not Phone,Is Opt Out,External Identifier,First Name,Last Name,Birth Date,"
        "Is Deceased,Street Address,City,Postal Code,Country,Email,On Hold,Phone,Preferred Language\n"
        "1,Individual,A B,0,0,0,E1,A,B,1980-02-01,0,W 1,Wien,1010,Austria,a@x.at,0,0664 1234567,de_DE\n"
        "2,Individual,A B,1,0,1,E2,A,B,,0,W 1,Wien,1010,Austria,b@x.at,0,,de_DE\n",
        {"Contact ID": "contact_id", "Do Not Email": "do_not_email", "Do Not Phone": "do_not_phone", "Is Opt Out": "is_opt_out",
         "Is Deceased": "flag", "External Identifier": "external_identifier", "First Name": "first_name", "Last Name": "last_name",
         "Birth Date": "birth_date", "Street Address": "street_address", "City": "city", "Postal Code": "postal_code",
         "Country": "country", "Email": "email", "On Hold": "on_hold", "Phone": "phone", "Preferred Language": "preferred_language"},
    ),
    "mailpoet.csv": (
        "Email,First name,Last name,List,Subscription status,IP\n"
        "a@x.at,A,B,News,subscribed,\nb@x.at,A,B,News,unsubscribed,\nc@x.at,A,B,News,subscribed,\n",
        {"Email": "email, profile_id", "First name": "first_name", "Last name": "last_name", "Subscription status": "flag"},
    ),
    "contatti.csv": (
        "ID;Nome;Cognome;Posta elettronica;Cellulare;Indirizzo;CAP;Città;Data di nascita;Disiscritto;Consenso privacy\n"
        "1;Anna;Rossi;a@x.it;+39 347 1234567;Via 1;39100;Bolzano;01/02/1980;no;si\n"
        "2;Bruno;Rossi;b@x.it;;Via 1;39100;Bolzano;13/02/1980;si;si\n",
        {"ID": "profile_id", "Nome": "first_name", "Cognome": "last_name", "Posta elettronica": "email", "Cellulare": "phone",
         "Indirizzo": "street", "CAP": "postal_code", "Città": "city", "Data di nascita": "birth_date", "Disiscritto": "flag",
         "Consenso privacy": "consent"},
    ),
    "abmeldungen.csv": ("Mailadresse;Datum;Grund\na@x.at;01.05.2026;zu viel\nb@x.at;13.05.2026;\n",
                        {"Mailadresse": "address", "Datum": "occurred_at", "Grund": "reason_text"}),
}  # fmt: skip


PUBLIC: dict[str, tuple[str, dict[str, str]]] = {
    # exports with the headers that the vendors publish, the rows invented: who is called `no…` has left
    # https://github.com/michalbe/csv2vcard, the schema of OutlookContacts.csv; it knows no "no"
    "outlook.csv": (
        "Title,First Name,Middle Name,Last Name,Suffix,Given Name Yomi,Family Name Yomi,Home Street,Home City,Home State,"
        "Home Postal Code,Home Country,Company,Department,Job Title,Office Location,Business Street,Business City,Business State,"
        "Business Postal Code,Business Country,Other Street,Other City,Other State,Other Postal Code,Other Country,Assistant's Phone,"
        "Business Fax,Business Phone,Business Phone 2,Callback,Car Phone,Company Main Phone,Home Fax,Home Phone,Home Phone 2,ISDN,"
        "Mobile Phone,Other Fax,Other Phone,Pager,Primary Phone,Radio Phone,TTY/TDD Phone,Telex,Anniversary,Birthday,E-mail Address,"
        "E-mail Type,E-mail 2 Address,E-mail 2 Type,E-mail 3 Address,E-mail 3 Type,Notes,Spouse,Web Page\n"
        f",Anna,,Huber,,,,Weg 1,Wien,,1010,Austria{',' * 26}+43 664 1234567{',' * 9}2/13/1980,yes1@x.at,SMTP{',' * 7}\n"
        f",Bert,,Maier,,,,Weg 2,Linz,,4020,Austria{',' * 35}3/1/1981,yes2@x.at,SMTP{',' * 7}\n",
        {"First Name": "first_name", "Last Name": "last_name", "Home Street": "street", "Home Postal Code": "postal_code",
         "Home City": "city", "Home Country": "country", "Mobile Phone": "phone", "Birthday": "birth_date",
         "E-mail Address": "email, profile_id"},
    ),
    # https://help.rasa.io/what-do-the-fields-in-my-contacts-export-represent: 0 is unsubscribed, with or without a reason
    "rasa.csv": (
        "ID,First Name,Last Name,Email,Subscribed,Unsubscribe Reason,Created,Updated,Referral Code,Source\n"
        "11,Anna,Huber,yes3@x.at,1,,2025-01-02 10:00:00,2025-05-02 10:00:00,r1,UI\n"
        "12,Bert,Maier,no1@x.at,0,Unsubscribed,2025-01-02 10:00:00,2025-05-02 10:00:00,r2,UI\n"
        "13,Cora,Maier,no2@x.at,0,,2025-01-02 10:00:00,2025-05-02 10:00:00,r3,CSV\n",
        {"ID": "profile_id", "First Name": "first_name", "Last Name": "last_name", "Email": "email", "Subscribed": "consent",
         "Unsubscribe Reason": "flag", "Updated": "updated_at"},
    ),
    # https://help.mailup.com/pages/viewpage.action?pageId=37978139, the unsubscribed
    "mailup.csv": (
        "E-mail address;Phone Number;idList;OptOut_Date;optout_nl;optout_type;optout_subtype\n"
        "no3@x.at;;1;20260122T111244;161;0;\nno4@x.at;;1;20260123T111244;161;1;2\n",
        {"E-mail address": "address", "OptOut_Date": "occurred_at"},
    ),
    # https://developer.constantcontact.com/api_guide/export_contacts.html, the fields of an export
    "constantcontact.csv": (
        "first_name,last_name,email_address,email_lists,phone_number,company_name,job_title,website,notes,street,city,state,zip,country,"
        "anniversary,birthday,source_name,created_at,updated_at,email_optin_source,email_optin_date,email_optout_source,"
        "email_optout_date,email_optout_reason\n"
        "Anna,Huber,yes4@x.at,News,,,,,,Weg 1,Wien,,1010,AT,,2/13,,2024-01-02T10:00:00Z,2024-01-02T10:00:00Z,Contact,"
        "2024-01-02T10:00:00Z,,,\n"
        "Bert,Maier,no5@x.at,News,,,,,,,,,,,,,,2024-01-02T10:00:00Z,2024-01-02T10:00:00Z,Contact,2024-01-02T10:00:00Z,Contact,"
        "2024-03-02T10:00:00Z,\n",
        {"first_name": "first_name", "last_name": "last_name", "email_address": "email, profile_id", "phone_number": "phone",
         "street": "street", "city": "city", "zip": "postal_code", "country": "country", "birthday": "birth_date",
         "updated_at": "updated_at", "email_optin_source": "consent", "email_optin_date": "consent", "email_optout_source": "flag",
         "email_optout_date": "flag", "email_optout_reason": "flag"},
    ),
    # https://docs.mailerpath.com/help-center/core-functionalities/contacts
    "mailerpath.csv": (
        "email,first_name,last_name,phone,company,client_contact_id,timezone,signup_source,is_subscribed,unsubscribed_at,"
        "unsubscribe_reason,last_purchase_at\n"
        "yes5@x.at,Anna,Huber,,,1,UTC,web,true,,,\nno6@x.at,Bert,M,,,2,UTC,web,false,2024-02-02T10:00:00Z,x,\n"
        "no7@x.at,C,M,,,3,UTC,web,false,,,\n",
        {"email": "email", "first_name": "first_name", "last_name": "last_name", "phone": "phone", "client_contact_id": "profile_id",
         "is_subscribed": "consent", "unsubscribed_at": "flag", "unsubscribe_reason": "flag"},
    ),
}  # fmt: skip
EXPORTS |= PUBLIC


NAMED_BY_HAND = {"klaviyo_suppressions", "onetrust_consents", "review_answers", "tps_list"}
"""Files that look like another's: a list of numbers, an export of the same columns. A person names their source."""


def proposed(path: Path, scratch: Path, source: str | None = None) -> Proposal:
    return propose(path, Workspace(scratch), "o1", source)


@pytest.mark.parametrize("folder", sorted(SAMPLES.iterdir()), ids=lambda folder: folder.name)
def test_every_sample_is_given_to_its_own_adapter_and_no_no_becomes_a_yes(tmp_path: Path, folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        found = proposed(path, tmp_path, folder.name if folder.name in NAMED_BY_HAND else None)
        assert found.source == folder.name, path.name
        for each in found.columns:
            meaning = meaning_of(each.column)
            # A column that says a "no" is a flag, or read by the adapter that knows it; consent permits nothing.
            assert meaning is None or not meaning.is_flag or each.place not in ("attribute", "consent"), each


@pytest.mark.parametrize("name", EXPORTS)
def test_the_columns_of_an_export_are_placed(tmp_path: Path, name: str) -> None:
    content, wanted = EXPORTS[name]
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    found = {each.column: each.place for each in proposed(path, tmp_path).columns}
    right = {
        column: place for column, place in found.items() if place == wanted.get(column) or (column not in wanted and place in TO_PEOPLE)
    }
    assert len(right) >= RIGHT * len(found), {column: place for column, place in found.items() if column not in right}
    assert [column for column, place in wanted.items() if place == "flag" and found[column] != "flag"] == []


def test_what_is_proposed_reads_the_file(tmp_path: Path) -> None:
    content, _ = EXPORTS["kunden.csv"]
    path = tmp_path / "kunden.csv"
    path.write_text(content, encoding="utf-8")
    answer = presend(tmp_path / "home", "init", str(tmp_path / "home"), "--from", str(path))
    assert (answer.code, answer.document["written"]) == (0, "feeds/profiles.yaml")
    assert "a@x.at" not in json.dumps(answer.document)
    shown = presend(tmp_path / "home", "check", "profiles", str(path))
    assert (shown.code, shown.document["loaded"], shown.document["rejected"]) == (0, 2, 0)
    first, second = shown.document["sample"]
    assert first["email_address"] == "a***@x.at" and first["first_name"] == "A***" and first["phone_number"] == "+43***67"
    assert first["updated_at"].startswith("2025-12-31 13:22") and "flags" not in first
    assert second["flags"] == "any:opted_out"
    assert not (tmp_path / "home" / "ledger").exists()


def test_who_said_no_in_a_public_export_is_excluded_and_nobody_else(tmp_path: Path) -> None:
    """The feeds that are proposed for them, and a CRM that holds everybody."""
    world = World(tmp_path)
    (tmp_path / "feeds").mkdir(exist_ok=True)
    for name, (content, _) in PUBLIC.items():
        landed = tmp_path / "landing" / Path(name).stem / name
        landed.parent.mkdir(parents=True)
        landed.write_text(content, encoding="utf-8")
        (tmp_path / "feeds" / f"{landed.parent.name}.yaml").write_text(proposed(landed, tmp_path / "scratch").yaml, encoding="utf-8")
    world.profiles("\n".join(["email", "-----", *(f"{said}{number}@x.at" for said in ("yes", "no") for number in range(1, 8))]))
    assert world.run().code == 0
    asked = {row["address"] for row in world.published().audience}
    assert sorted(asked) == [f"yes{number}@x.at" for number in range(1, 8)]


@pytest.mark.parametrize(
    ("content", "flags"),
    [
        # No list of suppressed addresses, though one has two of these columns.
        ("External ID,Name,Email,Blacklisted Address,Opt Out,Tags\n1,A,a@x.at,False,False,\n2,B,b@x.at,True,False,\n", ()),
        ("id,email,name,subscribed_to_emails,created_at\n1,a@x.at,A,true,2022-03-16\n2,b@x.at,B,false,2022-03-16\n", ("true",)),
        ("id,first_name,email,state,created_at,tags\n1,A,a@x.at,active,2024-01-02,\n2,B,b@x.at,cancelled,2024-01-02,\n", ("active",)),
        ("email;registered;deactivated;vorname;tags\na@x.at;02.01.2024;;A;\nb@x.at;02.01.2024;03.01.2024;B;\n", ()),
        ("id,email,SMS consent,Opt-in date\n1,a@x.at,Yes,2024-01-02\n2,b@x.at,No,\n", ("Yes",)),
        ("id,email,Newsletter\n1,a@x.at,nein\n2,b@x.at,nein\n", ("1", "true", "yes", "ja")),
        ("id,email,Vorname,Werbung per E-Mail\n1,a@x.at,A,J\n2,b@x.at,B,N\n", ("J",)),
        (
            '{"members": [{"id": "1", "email": "a@x.at", "subscribed": true, "created_at": "2022-03-16T08:03:11Z"}, '
            '{"id": "2", "email": "b@x.at", "subscribed": false, "created_at": "2022-03-16T08:03:11Z"}]}',
            ("true",),
        ),
    ],
)
def test_a_table_of_people_keeps_who_said_no_and_a_consent_that_says_no_is_one(
    tmp_path: Path, content: str, flags: tuple[str, ...]
) -> None:
    (tmp_path / "x.csv").write_text(content)
    found = proposed(tmp_path / "x.csv", tmp_path)
    assert found.source == "canonical_profiles"
    assert not flags or f'"unless": {json.dumps(flags)}' in found.yaml
    assert {each.place for each in found.columns} & {"flag", "consent"}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("p.csv", "id,Vorname,email,Status\n1,A,a@x.at,C\n2,B,b@x.at,U\n", "a state of which no cell is known here"),
        ("liste.csv", "email\na@x.at\nb@x.at\n", "people who said no"),
        ("robinson.csv", "email\na@x.at\n@y.at\n", "source: canonical_register"),
        ("unsubscribed.csv", "Name,Mail\nA,a@x.at\nB,b@x.at\n", 'action: "opt_out"'),
        ("p.csv", "id,email,Datum\n1,a@x.at,01/02/2026\n", "day or month comes first"),
        ("nummern.csv", "phone\n+43 664 1234567\n+43 664 1234568\n", "people who said no"),
        ("robinson2.csv", "Vorname,Nachname,Mail\nA,B,a@x.at\nC,D,b@x.at\n", 'action: "opt_out"'),
        ("hardbounces.csv", "Vorname,Nachname,Mail\nA,B,a@x.at\nC,D,b@x.at\n", 'action: "opt_out"'),
        ("abmeldungen2.csv", "Mail,Abgemeldet am\na@x.at,2026-05-01\nb@x.at,\n", 'action: "opt_out"'),
        (
            "p.csv",
            "Kundennummer,Mail,Zustand\n1,a@x.at,Aktiv\n2,b@x.at,unsubscribed\n3,c@x.at,inaktiv\n4,d@x.at,opt-in pending\n",
            '"unless": ["Aktiv"]',
        ),
        (
            "p.csv",
            "Kundennummer,Mail,Zustand\n1,a@x.at,aktiv\n2,b@x.at,0664 1234568\n3,c@x.at,abgemeldet 0664 1234567\n",
            '"unless": ["aktiv"]',
        ),
        ("p.csv", "id,Vorname,email,Status\n1,A,a@x.at,aktiv\n2,B,b@x.at,unsubscribed\n", '"unless": ["aktiv"]'),
        ("c.csv", "Mail,Abgemeldet am\na@x.at,01/02/2026\n", "write its format under attributes"),
    ],
)
def test_what_is_in_doubt_restricts_or_is_left_to_people(tmp_path: Path, name: str, content: str, said: str) -> None:
    (tmp_path / name).write_text(content)
    found = " ".join(proposed(tmp_path / name, tmp_path).yaml.replace("#  ", "").split())
    assert said in found and "@x.at" not in found and "12345" not in found and "%m/%d/%Y" not in found


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("canonical_profiles", 'email: "Mail" profile_id: "Mail"'),
        ("canonical_consent", 'action: "opt_out"'),
        ("canonical_delivery", 'type: "bounce"'),
        ("canonical_register", 'entry: "Mail"'),
    ],
)
def test_a_canonical_source_that_a_person_names_is_proposed(tmp_path: Path, source: str, said: str) -> None:
    for name in ("liste.csv", "abmeldungen.csv"):
        (tmp_path / name).write_text("Mail\na@x.at\nb@x.at\n")
        found = proposed(tmp_path / name, tmp_path, source)
        assert found.source == source and said in " ".join(found.yaml.split())


def test_the_keys_that_odata_adds_are_columns_and_no_addresses(tmp_path: Path) -> None:
    row = {"contactid": "1", "emailaddress1": "a@x.at", "_ownerid_value@OData.Community.Display.V1.FormattedValue": "A"}
    (tmp_path / "d.json").write_text(json.dumps({"@odata.context": "x", "value": [row, {**row, "contactid": "2"}]}))
    assert proposed(tmp_path / "d.json", tmp_path).columns


@pytest.mark.parametrize(
    ("content", "arguments", "message"),
    [
        ("a@x.at,Anna\nb@x.at,Bert\n", (), "the file has no header"),
        ("Anna <a@x.at>,Huber\nBert <b@x.at>,Maier\n", (), "the file has no header"),
        ("+436641234567,Anna\n+436641234568,Bert\n", (), "the file has no header"),
        ("[]", (), "nothing here reads such a file"),
        ("", (), "it is empty"),
        ("id,email\n1,a@x.at\n", ("--with", "ses_events"), "ses_events does not read the file"),
    ],
)
def test_a_file_that_cannot_be_looked_at_says_why(tmp_path: Path, content: str, arguments: Any, message: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(content)
    answer = presend(tmp_path, "init", "--from", str(path), *arguments)
    assert answer.code == 2 and message in answer.error["message"]
    assert "a@x.at" not in json.dumps(answer.document) and "1234567" not in json.dumps(answer.document)


def test_a_column_of_states_excludes_every_state_but_those_that_say_nothing(tmp_path: Path) -> None:
    content = "profile_id,Status\n1,aktiv\n2, Aktiv \n3,abgemeldet\n4,verzogen\n5,\n"
    flags = {"Status": {"says": "opted_out", "channel": "email", "unless": ["aktiv"]}}
    landed = land(tmp_path, "canonical_profiles", {"p.csv": content}, flags=flags)
    landed.profiles("""
        profile_id | flags
        1          |
        2          |
        3          | email:opted_out
        4          | email:opted_out
        5          |
    """)
    assert [column["rows"] for load in landed.loads for column in load["flags"]] == [2]
