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


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
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
