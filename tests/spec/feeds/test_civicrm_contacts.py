"""CiviCRM's contacts, and the activities that tell its merges."""

from pathlib import Path

from tests.lib.feeds import land

HEADER = (
    "Contact ID,Do Not Email,Do Not Phone,Do Not Mail,Do Not Sms,Do Not Trade,No Bulk Emails (User Opt Out),External Identifier,"
    "First Name,Last Name,Email,On Hold,Phone,Is Deceased\n"
)
EXPORT = (
    HEADER
    + """\
1,,,,,,,,Anna,Berger,a@x.at,0,0664 1111111,
2,1,1,1,1,1,,E2,Berta,Maier,b@x.at,0,0664 2222222,
3,,,,,1,Yes,,Carla,Wolf,c@x.at,1,,
4,,,,,,,,Dora,Huber,d@x.at,2,,1
5,,,,,,,,Eva,Huber,e@x.at,On Hold Spam,,
"""
)


def test_flags_close_their_channels_and_a_hold_is_a_quarantine_or_a_no(tmp_path: Path) -> None:
    landed = land(tmp_path, "civicrm_contacts", {"export.csv": EXPORT, "z-short.csv": "Contact ID,Email,Do Not Email\n1,a@x.at,\n"})
    landed.consents("""
        address       | profile_id | action  | channel | actor  | is_standing | vendor_label
        --------------+------------+---------+---------+--------+-------------+-------------
        b@x.at        | 2          | opt_out | email   | import | true        | do_not_email
        +436642222222 | 2          | opt_out | phone   | import | true        | do_not_phone
        +436642222222 | 2          | opt_out | sms     | import | true        | do_not_sms
                      | 2          | opt_out | post    | import | true        | do_not_mail
        c@x.at        | 3          | opt_out | email   | import | true        | is_opt_out
        d@x.at        | 4          | opt_out | email   | import | true        | on hold/2
    """)
    landed.deliveries("""
        address | type       | reason  | vendor_label
        --------+------------+---------+---------------------
        c@x.at  | quarantine | bounced | on hold/1
        e@x.at  | quarantine | held    | on hold/On Hold Spam
    """)
    landed.profiles("""
        profile_id | email_address | phone_number  | last_name | external_id | flags
        -----------+---------------+---------------+-----------+-------------+-------------
        1          | a@x.at        | +436641111111 | Berger    |             |
        2          | b@x.at        | +436642222222 | Maier     | E2          |
        3          | c@x.at        |               | Wolf      |             |
        4          | d@x.at        |               | Huber     |             | any:deceased
        5          | e@x.at        |               | Huber     |             |
    """)
    assert landed.counts == (5, 5, 0, 0, 0)
    assert [load["file"] for load in landed.loads if load["is_refused"]] == ["z-short.csv"]


def test_both_versions_of_the_api_are_read_and_the_trash_is_no_profile(tmp_path: Path) -> None:
    third = {
        "contact_id": "7",
        "id": "7",
        "email": "g@x.at",
        "is_opt_out": "1",
        "do_not_email": "0",
        "on_hold": "0",
        "contact_is_deleted": "1",
    }
    fourth = {"id": 8, "email_primary.email": "h@x.at", "is_opt_out": False, "do_not_email": False, "is_deleted": False}
    held = {"email_primary.on_hold": 1, "email_primary.hold_date": "2026-02-01 10:00:00", "phone_primary.phone": "0664 8888888"}
    landed = land(tmp_path, "civicrm_contacts", {
        "v3.json": {"is_error": 0, "values": {"7": third}},
        "v4.json": {"values": [fourth | held]},
    })  # fmt: skip
    landed.consents("""
        address | profile_id | vendor_label
        --------+------------+-------------
        g@x.at  | 7          | is_opt_out
    """)
    landed.deliveries("""
        address | type       | occurred_from
        --------+------------+---------------------
        h@x.at  | quarantine | 2026-02-01T09:00:00Z
    """)
    landed.profiles("""
        profile_id | email_address | phone_number
        -----------+---------------+--------------
        8          | h@x.at        | +436648888888
    """)


def test_activities_tell_who_was_merged_into_whom_and_other_activities_nothing(tmp_path: Path) -> None:
    activities = """Activity ID,Activity Type,Subject,Target Contact ID
1,Contact Merged,Contact ID 9 has been merged and deleted.,1
2,Contact Deleted by Merge,Contact ID 10 has been merged into Contact ID 2 and deleted.,10
3,Phone Call,Contact ID 5 has been merged into Contact ID 1,5
"""
    merged = {"activity_type_id:name": "Contact Merged", "subject": "Contact ID 11 has been merged and deleted.", "target_contact_id": [3]}
    landed = land(tmp_path, "civicrm_contacts", {"activities.csv": activities, "activities.json": {"values": [merged]}})
    landed.former("""
        operation | profile_id | external_id
        ----------+------------+------------
        merged    | 9          | 1
        merged    | 10         | 2
        merged    | 11         | 3
    """)
    assert landed.counts == (4, 3, 0, 1, 0)
