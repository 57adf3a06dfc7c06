"""Salesforce's contacts, leads and campaign members."""

from pathlib import Path

from tests.lib.feeds import land

HEADER = (
    "ID,EMAIL,HASOPTEDOUTOFEMAIL,DONOTCALL,FIRSTNAME,LASTNAME,PHONE,MOBILEPHONE,LASTMODIFIEDDATE,ISDELETED,MASTERRECORDID,"
    "EMAILBOUNCEDREASON,EMAILBOUNCEDDATE,WERBESPERRE__C\n"
)
CONTACTS = (
    HEADER
    + """\
003A,a@x.at,false,false,Anna,Berger,,06641111111,2026-03-01T09:00:00.000Z,false,,,,0
003B,b@x.at,true,true,Berta,Maier,+4317201111,,2026-03-01T09:00:00.000+0000,false,,,,0
003C,c@x.at,true,false,Anna,Berger,,06642222222,2026-03-01T09:00:00.000Z,true,003A,,,0
003D,d@x.at,true,false,Dora,Huber,,,,true,,,,0
003E,e@x.at,,false,Eva,Wolf,,,,false,,550 5.1.1 user unknown,2026-02-01T10:00:00.000Z,0
003F,f@x.at,false,false,Franz,Wolf,,,,false,,452 4.2.2 mailbox full,2026-02-01T10:00:00.000Z,1
"""
)


def test_flags_close_their_channels_and_a_bounce_is_what_the_mail_server_said(tmp_path: Path) -> None:
    landed = land(tmp_path, "salesforce_contacts", {"contacts.csv": CONTACTS})
    landed.consents("""
        address      | profile_id | action  | channel | actor  | is_standing | vendor_label
        -------------+------------+---------+---------+--------+-------------+-----------------------
        b@x.at       | 003B       | opt_out | email   | import | true        | has_opted_out_of_email
        +4317201111  | 003B       | opt_out | phone   | import | true        | do_not_call
        c@x.at       | 003C       | opt_out | email   | import | true        | has_opted_out_of_email
        d@x.at       | 003D       | opt_out | email   | import | true        | has_opted_out_of_email
    """)
    landed.deliveries("""
        address | type   | bounce_class | reason       | occurred_from
        --------+--------+--------------+--------------+---------------------
        e@x.at  | bounce | hard         |              | 2026-02-01T10:00:00Z
        f@x.at  | bounce | soft         | mailbox_full | 2026-02-01T10:00:00Z
    """)
    assert landed.counts == (6, 6, 0, 0, 0)


def test_a_merged_record_is_the_former_life_of_the_one_that_was_kept_and_a_deleted_one_is_gone(tmp_path: Path) -> None:
    landed = land(tmp_path, "salesforce_contacts", {"contacts.csv": CONTACTS})
    landed.profiles("""
        profile_id | operation | phone_number  | last_name | updated_at           | flags
        -----------+-----------+---------------+-----------+----------------------+--------------
        003A       | snapshot  | +436641111111 | Berger    | 2026-03-01T09:00:00Z |
        003B       | snapshot  | +4317201111   | Maier     | 2026-03-01T09:00:00Z |
        003C       | delete    | +436642222222 | Berger    | 2026-03-01T09:00:00Z |
        003E       | snapshot  |               | Wolf      |                      |
        003F       | snapshot  |               | Wolf      |                      | any:opted_out
    """)
    landed.former("""
        operation | profile_id | email_address | phone_number  | external_id
        ----------+------------+---------------+---------------+------------
        former    | 003C       | c@x.at        | +436642222222 |
        merged    | 003C       |               |               | 003A
    """)


def test_the_status_of_a_campaign_member_is_a_no_where_it_says_so_in_whatever_language(tmp_path: Path) -> None:
    members = """CampaignId,Status,ContactId,LeadId,Email,HasOptedOutOfEmail
701,Sent,003A,,a@x.at,false
701,Opted Out,,00Q1,b@x.at,false
702,Abgemeldet,003C,,c@x.at,false
702,Besucht,003D,,d@x.at,true
"""
    landed = land(tmp_path, "salesforce_contacts", {"members.csv": members}, map={"701": {"scope": "list", "scope_id": "l1"}})
    landed.consents("""
        address | profile_id | scope        | scope_id | actor  | vendor_label
        --------+------------+--------------+----------+--------+-----------------------
        b@x.at  | 00Q1       | list         | l1       | import | opted out/Opted Out
        c@x.at  | 003C       | organisation | o1       | import | opted out/Abgemeldet
        d@x.at  | 003D       | organisation | o1       | import | has_opted_out_of_email
    """)
    assert landed.counts == (4, 3, 0, 1, 0)


def test_an_answer_of_the_api_is_read_and_an_export_without_the_opt_outs_is_refused(tmp_path: Path) -> None:
    lead = {"attributes": {"type": "Lead"}, "Id": "00Q1", "Email": "l@x.at", "HasOptedOutOfEmail": True, "PostalCode": "1010"}
    landed = land(tmp_path, "salesforce_contacts", {
        "leads.json": {"totalSize": 2, "done": True, "records": [lead, lead | {"Id": "00Q2", "HasOptedOutOfEmail": False, "Email": None}]},
        "short.csv": "Id,Email\n003A,a@x.at\n",
    })  # fmt: skip
    landed.consents("""
        address | profile_id
        --------+-----------
        l@x.at  | 00Q1
    """)
    landed.profiles("""
        profile_id | email_address | postal_code
        -----------+---------------+------------
        00Q1       | l@x.at        | 1010
        00Q2       |               | 1010
    """)
    assert [load["file"] for load in landed.loads if load["is_refused"]] == ["short.csv"]


def test_a_reports_id_of_15_characters_is_the_record_that_the_api_writes_with_18(tmp_path: Path) -> None:
    """The three characters more say which of the fifteen are capitals; ids that differ in a capital are two records."""
    contacts = HEADER + "".join(
        f"{record},{name}@x.at,false,false,,,,,,{bool(kept)},{kept},,,\n"
        for record, name, kept in (
            ("003A0000006Vm9rIAC", "a", ""), ("003A0000006Vm9r", "b", ""), ("003A0000006VM9r", "c", "003A0000006Vm9r"),
        )
    )  # fmt: skip
    members = "CampaignId,Status,ContactId,LeadId,Email,HasOptedOutOfEmail\n701,Opted Out,003A0000006Vm9r,,,\n"
    landed = land(tmp_path, "salesforce_contacts", {"contacts.csv": contacts, "members.csv": members})
    landed.profiles("""
        profile_id         | operation | email_address
        -------------------+-----------+--------------
        003A0000006VM9rIAG | delete    | c@x.at
        003A0000006Vm9rIAC | snapshot  | a@x.at
        003A0000006Vm9rIAC | snapshot  | b@x.at
    """)
    landed.consents("""
        profile_id         | vendor_label
        -------------------+--------------------
        003A0000006Vm9rIAC | opted out/Opted Out
    """)


def test_the_country_is_the_code_or_where_none_is_told_the_name(tmp_path: Path) -> None:
    text = "Id,Email,HasOptedOutOfEmail,MobilePhone,MailingCountry,MailingCountryCode\n"
    text += "003A,a@x.at,false,0171 1234567,Germany,\n003B,b@x.at,false,0171 1234568,Germany,DE\n"
    landed = land(tmp_path, "salesforce_contacts", {"contacts.csv": text})
    landed.profiles("""
        profile_id         | region | phone_number
        -------------------+--------+--------------
        003A               | DE     | +491711234567
        003B               | DE     | +491711234568
    """)
