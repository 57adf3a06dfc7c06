"""Adobe Campaign's profiles."""

from pathlib import Path

from tests.lib.feeds import land


def test_a_flag_closes_its_channel_for_the_profile_and_its_address(tmp_path: Path) -> None:
    landed = land(tmp_path, "adobe_profiles", {"profiles.csv": (
        "PKey;externalId;email;mobilePhone;phone;firstName;lastName;blackList;blackListEmail;blackListMobile;blackListPhone"
        ";blackListPostalMail;blackListFax;ccpaOptOut;lastModified\r\n"
        "1;x1;A@X.at;+43 664 1234567;;Anna;Alt;0;1;1;0;0;1;0;2026/04/02 09:00:00\r\n"
        "2;x2;b@x.at;;+43 1 5332211;Bea;Bunt;1;0;0;1;1;0;0;02.04.2026 11:00:00\r\n"
        "3;x3;c@x.at;;;Cem;Can;0;0;0;0;0;0;1;\r\n"
        "4;x4;;;;Dora;Dur;0;1;0;0;0;0;0;\r\n"
        "5;x5;e@x.at;;;Eva;Ernst;0;0;0;0;0;1;0;\r\n"
    )}, timezone="Europe/Vienna")  # fmt: skip
    landed.profiles("""
        profile_id | email_address | phone_number  | last_name | external_id | updated_at
        -----------+---------------+---------------+-----------+-------------+---------------------
        1          | a@x.at        | +436641234567 | Alt       | x1          | 2026-04-02T07:00:00Z
        2          | b@x.at        | +4315332211   | Bunt      | x2          | 2026-04-02T09:00:00Z
        3          | c@x.at        |               | Can       | x3          |
        4          |               |               | Dur       | x4          |
        5          | e@x.at        |               | Ernst     | x5          |
    """)
    landed.consents("""
        address       | profile_id | action  | channel | scope        | actor  | reason | occurred_from
        --------------+------------+---------+---------+--------------+--------+--------+---------------------
        a@x.at        | 1          | opt_out | email   | organisation | import |        | 2026-06-01T08:00:00Z
        +436641234567 | 1          | opt_out | sms     | organisation | import |        | 2026-06-01T08:00:00Z
        b@x.at        | 2          | opt_out | any     | organisation | import |        | 2026-06-01T08:00:00Z
        +4315332211   | 2          | opt_out | phone   | organisation | import |        | 2026-06-01T08:00:00Z
                      | 2          | opt_out | post    | organisation | import |        | 2026-06-01T08:00:00Z
        c@x.at        | 3          | opt_out | any     | organisation | import | ccpa   | 2026-06-01T08:00:00Z
                      | 4          | opt_out | email   | organisation | import |        | 2026-06-01T08:00:00Z
    """)
    assert landed.counts == (5, 5, 0, 0, 0)


def test_labels_of_three_languages_are_known_and_an_unknown_one_of_that_meaning_closes_every_channel(tmp_path: Path) -> None:
    landed = land(tmp_path, "adobe_profiles", {
        "en.txt": "Primary key\tEmail\tNo longer contact by email\n1\ta@x.at\tYes\n2\tb@x.at\tNo\n",
        "de.csv": "Primärschlüssel;E-Mail;Nicht mehr per E-Mail kontaktieren;Nicht mehr per Brieftaube kontaktieren\n"
            "3;c@x.at;Ja;Nein\n4;d@x.at;FALSCH;Ja\n".encode("cp1252"),
        "fr.csv": "Clé primaire,Adresse e-mail,Ne plus contacter par email\n5,e@x.at,Oui\n6,f@x.at,Non\n",
    })  # fmt: skip
    landed.consents("""
        address | profile_id | channel | vendor_label
        --------+------------+---------+---------------------------------------------------------
        a@x.at  | 1          | email   | blackListEmail
        c@x.at  | 3          | email   | blackListEmail
        d@x.at  | 4          | any     | no longer contact/Nicht mehr per Brieftaube kontaktieren
        e@x.at  | 5          | email   | blackListEmail
    """)
    assert landed.unknown == {"code no longer contact/Nicht mehr per Brieftaube kontaktieren": 1}


def test_an_incremental_extract_says_what_became_of_each_profile(tmp_path: Path) -> None:
    landed = land(tmp_path, "adobe_profiles", {
        "changes.csv": "@id,@email,@blackListEmail,operation\n1,a@x.at,1,upsert\n2,b@x.at,0,delete\n,c@x.at,1,upsert\n",
    })  # fmt: skip
    landed.profiles("""
        profile_id | operation
        -----------+----------
        1          | upsert
        2          | delete
    """)
    landed.consents("""
        address | profile_id
        --------+-----------
        a@x.at  | 1
        c@x.at  |
    """)
    assert landed.rejected == [(3, "profile_id_missing")]


def test_the_standard_api_gives_the_same_fields(tmp_path: Path) -> None:
    landed = land(tmp_path, "adobe_profiles", {"profiles.json": {"content": [
        {"PKey": "@abc", "email": "a@x.at", "blackListEmail": True, "location": {"zipCode": "4020", "city": "Linz"}},
        {"PKey": "@def", "email": "b@x.at", "blackListEmail": False, "ccpaOptOut": False, "lastModified": "2026-04-02 09:00:00.000Z"},
    ]}})  # fmt: skip
    landed.profiles("""
        profile_id | email_address | postal_code | city | updated_at
        -----------+---------------+-------------+------+---------------------
        @abc       | a@x.at        | 4020        | Linz |
        @def       | b@x.at        |             |      | 2026-04-02T09:00:00Z
    """)
    landed.consents("""
        address | profile_id | channel
        --------+------------+--------
        a@x.at  | @abc       | email
    """)
