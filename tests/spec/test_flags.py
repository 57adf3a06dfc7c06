"""CRM flags of every profile feed: any column whose name says "no" (domain §8 "Flags")."""

import json
from hashlib import sha256
from pathlib import Path

from pipeline.cli import invoke
from pipeline.ledger.loads import CHECKSUM
from tests.lib import workspaces
from tests.lib.feeds import land
from tests.lib.world import World

CSV = "profile_id,email"


def test_several_spellings_of_one_flag_over_the_rows_of_a_file_add_up(tmp_path: Path) -> None:
    rows = [
        {"optOut": True},
        {"opt_out": "yes"},
        {"Opt Out": 1},
        {"opt-out": "x", "OPT_OUT": ""},
        {"OPT_OUT": "", "Opt Out": "ja", "opt_out": "no"},
        {"optOut": False, "opt_out": "no", "Opt Out": 0},
        {},
    ]
    lines = [json.dumps({"profile_id": f"p{number}", "email": f"{number}@x.at", **row}) for number, row in enumerate(rows, 1)]
    landed = land(tmp_path, "canonical_profiles", {"p.ndjson": "\n".join(lines)})
    landed.profiles("""
        profile_id | flags
        -----------+--------------
        p1         | any:opted_out
        p2         | any:opted_out
        p3         | any:opted_out
        p4         | any:opted_out
        p5         | any:opted_out
        p6         |
        p7         |
    """)


def test_flag_columns_of_one_name_and_of_several_add_up_and_one_name_of_another_kind_is_still_refused(tmp_path: Path) -> None:
    content = f"{CSV},Opt Out,opt_out,Opt Out,No SMS,Werbesperre\n1,a@x.at,0,0,1,0,0\n2,b@x.at,1,0,0,1,0\n3,c@x.at,,,,0,ja\n4,d@x.at,,,,,\n"
    landed = land(tmp_path, "canonical_profiles", {"p.csv": content})
    landed.profiles("""
        profile_id | flags
        -----------+----------------------------
        1          | any:opted_out
        2          | any:opted_out;sms:opted_out
        3          | any:opted_out
        4          |
    """)
    again = land(tmp_path / "other", "canonical_profiles", {"p.csv": f"{CSV},city,City\n1,a@x.at,Linz,Graz\n"})
    assert (again.code, "column 'city' stands twice" in json.dumps(again.document)) == (11, True)


def test_a_value_is_a_no_unless_it_is_empty_plainly_negative_a_date_of_none_or_a_link(tmp_path: Path) -> None:
    says_nothing = [
        *(
            "",
            " ",
            "0",
            "0.0",
            "-",
            "false",
            "No.",
            "nein",
            "Keine",
            "geen",
            "non",
            "falso",
            "FALSCH",
            "n/a",
            "(none)",
            "null",
            "[]",
            "not set",
            "k.A.",
            "keine Angabe",
            "keine Sperre",
            "No opt-out",
        ),
        *("0000-00-00 00:00:00", "0001-01-01T00:00:00Z", "1900-01-01 00:00", "01.01.1970", "31.12.1899", "1970-01-01 01:00:00+01"),
        *("https://x.at/leave?id=1", "www.x.at/leave", "<a href='https://x.at'>weg</a>", "x.at/leave", "not opted out", "Nicht gesperrt"),
    ]
    says_no = [
        "1",
        "true",
        "x",
        "ja",
        "ne",
        "perhaps",
        "unknown",
        "2026-01-05",
        "1970-01-02",
        "abgemeldet",
        "do not contact",
        "keine Mails",
    ]
    cells = [*says_nothing, *says_no]
    content = "\n".join(["profile_id;email;Abgemeldet", *(f'p{number};{number}@x.at;"{cell}"' for number, cell in enumerate(cells))])
    landed = land(tmp_path, "canonical_profiles", {"p.csv": content})
    flags = [f"p{number} | {'any:opted_out' if cell in says_no else ''}" for number, cell in enumerate(cells)]
    landed.profiles("\n".join(["profile_id | flags", "-----------+------", *flags]))


def test_signs_alone_are_a_no_unless_they_are_dashes_dots_slashes_quotes_or_brackets(tmp_path: Path) -> None:
    says_no = ["*", "**", "(*)", "•", "●", "†", "✝", "!", "#", "?", "+", "%", "§"]
    says_nothing = ["-", "—", "...", "…", ",", ":", "/", "_", "''", "()", "[]", "{ }", "<>", "_/_"]
    excludes_by(tmp_path, says_no, says_nothing)


def test_a_date_with_somebodys_initials_is_no_web_address(tmp_path: Path) -> None:
    says_no = ["12.03.2026/MH", "Tel.12.3./Huber", "per.Mail/12.3.", "03.2026/telefonisch", "lt.Kundin/Hu", "lt.IT/MH", "firma.at/12.3.26"]
    says_nothing = ["x.at/leave", "news.x.com/u/17", "www.x.at/12.3.", "https://x.at/12.3."]
    excludes_by(tmp_path, says_no, says_nothing)


def test_never_and_off_and_what_programs_write_for_no_date_are_plainly_negative(tmp_path: Path) -> None:
    says_no = ["Jan  2 1900 12:00AM", "nimmer", "aus Altersgründen", "Mai"]
    words = ["never", "Nie", "Niemals", "jamais", "nooit", "nunca", "aus"]
    excludes_by(tmp_path, says_no, [*words, "Invalid date", "Jan  1 1900 12:00AM", "Jan 01, 1970", "Dec 30 1899"])


def excludes_by(folder: Path, says_no: list[str], says_nothing: list[str]) -> None:
    """Of the cells of a flag column the first ones exclude, and the others do not."""
    cells = [*says_no, *says_nothing]
    rows = [f'p{number};{number}@x.at;"{cell}"' for number, cell in enumerate(cells)]
    landed = land(folder, "canonical_profiles", {"p.csv": "\n".join(["profile_id;email;Abgemeldet", *rows])})
    flags = [f"p{number} | {'any:opted_out' if cell in says_no else ''}" for number, cell in enumerate(cells)]
    landed.profiles("\n".join(["profile_id | flags", "-----------+------", *flags]))


def test_ingest_names_each_column_with_its_count_and_what_it_says(tmp_path: Path) -> None:
    content = f"{CSV},Do not e-mail,Verstorben,Newsletter,Lieblingsstück\n1,a@x.at,1,0,ja,Faust\n2,b@x.at,1,0,nein,\n3,c@x.at,0,1,ja,\n"
    landed = land(tmp_path, "canonical_profiles", {"p.csv": content})
    assert landed.document["files"][0]["flags"] == [
        {"name": "Do not e-mail", "says": "opted_out", "channels": ["email"], "rows": 2},
        {"name": "Newsletter", "says": "consent", "channels": [], "rows": 2},
        {"name": "Verstorben", "says": "deceased", "channels": ["any"], "rows": 1},
    ]
    code, words = invoke(["--workspace", str(tmp_path), "status", "--as-of", "2026-06-01T09:00:00Z"])
    assert code == 0 and "column 'Newsletter' says consent and permits nothing" in words and "Do not e-mail" not in words


def test_the_feeds_yaml_takes_a_flag_away_and_makes_one_of_any_column(tmp_path: Path) -> None:
    content = f"{CSV},Werbesperre,Stufe,Rest\n1,a@x.at,1,,\n2,b@x.at,,B,\n3,c@x.at,,,weg\n4,d@x.at,,0,nein\n"
    flags = {"werbesperre": "none", "Stufe": {"says": "opted_out", "channel": "email"}, "Rest": "deceased", "Stuffe": "opted_out"}
    landed = land(tmp_path, "canonical_profiles", {"p.csv": content}, flags=flags)
    landed.profiles("""
        profile_id | flags
        -----------+----------------
        1          |
        2          | email:opted_out
        3          | any:deceased
        4          |
    """)
    _, words = invoke(["--workspace", str(tmp_path), "status", "--as-of", "2026-06-01T09:00:00Z"])
    assert "`flags` names 'Stuffe', which is no column of the newest file" in words


def test_a_flag_that_excludes_most_of_a_file_is_named(tmp_path: Path) -> None:
    lines = [f"{number},{number}@x.at,{number % 3 and 'ja'}" for number in range(150)]
    land(tmp_path, "canonical_profiles", {"p.csv": "\n".join([f"{CSV},Gesperrt", *lines])})
    _, words = invoke(["--workspace", str(tmp_path), "status", "--as-of", "2026-06-01T09:00:00Z"])
    assert "column 'Gesperrt' excludes 100 of 150 people" in words


def test_hubspots_two_opt_out_columns_and_columns_that_it_does_not_know_add_up(tmp_path: Path) -> None:
    opted_out = "Unsubscribed from all email,Von allen E-Mails abgemeldet"
    header = f"Record ID,Email,{opted_out},Do Not Contact,Opted out of email: A,Opted out of email: A"
    rows = ["1,a@x.at,No,Ja,0,,", "2,b@x.at,No,Nein,1,,", "3,c@x.at,No,Nein,No,No,Yes", "4,d@x.at,No,No,No,No,No", "5,e@x.at,,Ja,,,"]
    list_a = {"A": {"scope": "list", "scope_id": "l1"}}
    landed = land(tmp_path, "hubspot_contacts", {"c.csv": "\n".join([header, *rows])}, map=list_a)
    landed.consents("""
        address | action  | scope        | scope_id
        --------+---------+--------------+---------
        a@x.at  | opt_out | organisation | o1
        c@x.at  | opt_out | list         | l1
        e@x.at  | opt_out | organisation | o1
    """)
    landed.profiles("""
        profile_id | flags
        -----------+--------------
        1          |
        2          | any:opted_out
        3          |
        4          |
        5          |
    """)


def test_a_vendors_json_says_it_beside_or_inside_its_attributes(tmp_path: Path) -> None:
    def contact(number: int, attributes: object, **more: object) -> dict[str, object]:
        return {"id": number, "email": f"{number}@x.at", "emailBlacklisted": False, "attributes": attributes, **more}

    contacts = [
        contact(1, {"DO_NOT_CONTACT": True}),
        contact(2, {"Werbesperre": "0", "OPT_IN": True}),
        contact(3, {}, opt_out={"sms": True, "email": False}),
        contact(4, {}, opt_out="yes"),
        contact(5, {"unsubscribe_url": "https://x.at"}, deceased="1"),
        contact(6, None),
    ]
    landed = land(tmp_path, "brevo_contacts", {"c.json": {"contacts": contacts}})
    landed.profiles("""
        profile_id | flags
        -----------+--------------
        1          | any:opted_out
        2          |
        3          | sms:opted_out
        4          | any:opted_out
        5          | any:deceased
        6          |
    """)
    assert [(column["name"], column["says"]) for column in landed.loads[0]["flags"]] == [
        ("attributes/DO_NOT_CONTACT", "opted_out"),
        ("attributes/OPT_IN", "consent"),
        ("attributes/Werbesperre", "opted_out"),
        ("deceased", "deceased"),
        ("opt_out", "opted_out"),
        ("opt_out/email", "opted_out"),
        ("opt_out/sms", "opted_out"),
    ]


def test_every_vendor_that_has_profiles_takes_a_column_that_it_does_not_know_for_a_flag(tmp_path: Path) -> None:
    tables = {
        "adobe_profiles": "PKey,email,Werbesperre\n1,a@x.at,1\n2,b@x.at,0\n",
        "brevo_contacts": "ID,EMAIL,EMAIL_BLACKLISTED,Werbesperre\n1,a@x.at,No,1\n2,b@x.at,No,0\n",
        "hubspot_contacts": "Record ID,Email,Werbesperre\n1,a@x.at,1\n2,b@x.at,0\n",
        "listmonk_subscribers": "uuid,email,status,Werbesperre\n1,a@x.at,enabled,1\n2,b@x.at,enabled,0\n",
        "braze_users": "external_id,email,email_subscribe,Werbesperre\n1,a@x.at,subscribed,1\n2,b@x.at,subscribed,0\n",
        "customerio_people": "id,email,unsubscribed,Werbesperre\n1,a@x.at,,1\n2,b@x.at,,0\n",
        "iterable_users": "userId,email,unsubscribedChannelIds,unsubscribedMessageTypeIds,Werbesperre\n1,a@x.at,,,1\n2,b@x.at,,,0\n",
        "klaviyo_profiles": "Klaviyo ID,Email,Email Marketing Consent,Email Suppressions,Werbesperre\n1,a@x.at,,,1\n2,b@x.at,,,0\n",
        "shopify_customers": "Customer ID,Email,Accepts Email Marketing,Werbesperre\n1,a@x.at,,1\n2,b@x.at,,0\n",
        "mailchimp_audience": "Email Address,LEID,Werbesperre\na@x.at,1,1\nb@x.at,2,0\n",
    }
    for source, content in tables.items():
        landed = land(tmp_path / source, source, {"subscribed.csv": content})
        landed.profiles("""
            profile_id | flags
            -----------+--------------
            1          | any:opted_out
            2          |
        """)


def test_a_flag_of_any_spelling_excludes_and_one_that_says_consent_permits_nothing(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.profiles("""
        email  | HasOptedOutOfEmail | Newsletter abbestellt | décédé | Do Not Call | blocked_seats | Opt-out link
        -------+--------------------+-----------------------+--------+-------------+---------------+-------------
        a@x.at | true               |                       |        |             |               |
        b@x.at |                    | 05.01.2026            |        |             |               |
        c@x.at |                    |                       | oui    |             |               |
        d@x.at | false              | nein                  | non    | yes         | 3             | https://x.at
    """)
    world.decides("""
        candidate | reasons
        ----------+-----------------------
        a@x.at    | opted_out_organisation
        b@x.at    | opted_out_organisation
        c@x.at    | opted_out_organisation
        d@x.at    |
    """)


def test_rows_that_an_older_version_loaded_are_read_by_the_names_of_today(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.profiles("""
        email  | Werbesperre | no_email | Lieblingsstück
        -------+-------------+----------+---------------
        a@x.at | 1           |          | Faust
        b@x.at | 0           | yes      |
        c@x.at |             | nein     | Faust
    """)
    world.arrives(as_of=workspaces.AS_OF)
    (load_file,) = (tmp_path / "ledger" / "profiles").glob("*/load.json")
    load = json.loads(load_file.read_text())
    del load["flags"], load[CHECKSUM]
    load_file.write_text(json.dumps(load | {CHECKSUM: sha256(json.dumps(load, sort_keys=True).encode()).hexdigest()}))
    world.decides("""
        candidate | reasons
        ----------+-----------------------
        a@x.at    | opted_out_organisation
        b@x.at    | opted_out_organisation
        c@x.at    |
    """)


def test_the_yes_that_a_crm_shows_for_a_flag_that_is_not_set_excludes_nobody(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.profiles("""
        email  | Do not allow E-mails | E-Mails nicht zulassen | Newsletter abgemeldet
        -------+----------------------+------------------------+----------------------
        a@x.at | Allow                | Zulassen               | angemeldet
        b@x.at | Do Not Allow         |                        |
        c@x.at |                      | Nicht zulassen         |
        d@x.at |                      |                        | abgemeldet
    """)
    world.decides("""
        candidate | reasons
        ----------+-----------------------
        a@x.at    |
        b@x.at    | opted_out_organisation
        c@x.at    | opted_out_organisation
        d@x.at    | opted_out_organisation
    """)


def test_a_consent_that_is_told_to_say_a_no_excludes_by_its_plain_no_on_its_channel(tmp_path: Path) -> None:
    content = f"{CSV},Subscribed,SMS consent,Werbesperre\n1,a@x.at,1,yes,nein\n2,b@x.at,0,no,Brief\n3,c@x.at,FALSE,,ja\n4,d@x.at,,yes,0\n"
    flags = {
        "Subscribed": {"says": "opted_out", "unless": ["1"]},
        "SMS consent": {"says": "opted_out", "unless": ["yes"]},
        "Werbesperre": {"says": "opted_out", "unless": ["Brief"]},
    }
    landed = land(tmp_path, "canonical_profiles", {"p.csv": content}, flags=flags)
    landed.profiles("""
        profile_id | flags
        -----------+----------------------------
        1          |
        2          | any:opted_out;sms:opted_out
        3          | any:opted_out
        4          |
    """)


def test_no_mail_is_about_letters_only_where_another_column_is_about_e_mail(tmp_path: Path) -> None:
    landed = land(tmp_path / "one", "canonical_profiles", {"p.csv": f"{CSV},no_mail\n1,a@x.at,1\n"})
    landed.profiles("""
        profile_id | flags
        1          | email:opted_out;post:opted_out
    """)
    landed = land(tmp_path / "two", "canonical_profiles", {"p.csv": f"{CSV},no_mail,no_email\n1,a@x.at,1,0\n"})
    landed.profiles("""
        profile_id | flags
        1          | post:opted_out
    """)


def test_what_stands_inside_of_an_object_of_any_json_is_a_flag_too(tmp_path: Path) -> None:
    records = [
        {"profile_id": "1", "consent": {"opt_out": True}},
        {"profile_id": "2", "preferences": {"email": {"unsubscribed": "yes"}, "newsletter": True}},
        {"profile_id": "3", "opt_out": {"email": False, "sms": True}},
        {"profile_id": "4", "opt_out": {"email": False, "sms": False}},
        {"profile_id": "5", "opt_out": True, "preferences": {"newsletter": True}},
        {"profile_id": "6", "opt_out": {}, "preferences": {"newsletter": False}},
        {"profile_id": "7", "opt_out": {"email": False, "ticket": "T-17"}},
        {"profile_id": "8", "opt_out": {"email": False, "ticket": None}},
        {"profile_id": "9", "optedOut": {"may_contact": "no"}},
    ]
    flags = {"preferences/newsletter": {"says": "opted_out", "unless": ["true"]}}
    for form, content in {"lines": "\n".join(map(json.dumps, records)), "page": json.dumps({"total": 9, "people": records})}.items():
        landed = land(tmp_path / form, "canonical_profiles", {"p.json": content}, flags=flags)
        landed.profiles("""
            profile_id | flags
            1          | any:opted_out
            2          | email:opted_out
            3          | sms:opted_out
            4          |
            5          | any:opted_out
            6          | email:opted_out
            7          | any:opted_out
            8          |
            9          | any:opted_out
        """)
