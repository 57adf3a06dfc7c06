"""Microsoft Dynamics 365's contacts and leads."""

from pathlib import Path
from typing import Any

from tests.lib.feeds import land

SHORT = "contactid,emailaddress1,donotemail\n1,a@x.at,false\n"
HEADER = (
    "(Do Not Modify) Contact,(Do Not Modify) Row Checksum,First Name,Email,Do not allow Emails,Do not allow Bulk Emails,"
    "Send Marketing Materials,Status\n"
)
EXCEL = (
    HEADER
    + """\
{6F1B0001},x,Anna,a@x.at,Allow,Allow,Send,Active
{6F1B0002},x,Berta,b@x.at,Do Not Allow,Allow,Do Not Send,Active
{6F1B0003},x,Carla,c@x.at,Nicht zulassen,Zulassen,Senden,Aktiv
{6F1B0004},x,Dora,d@x.at,Allow,Do Not Allow,Send,Inactive
"""
)


def contact(number: str, **more: Any) -> dict[str, Any]:
    flags = {"donotemail": False, "donotbulkemail": False, "donotsendmm": False, "donotphone": False, "donotfax": True}
    return {
        "contactid": number,
        "emailaddress1": f"c{number}@x.at",
        **flags,
        "statecode": 0,
        "_masterid_value": None,
        "merged": False,
    } | more


def test_flags_of_the_api_close_their_channels_and_a_merged_contact_lives_on_in_the_one_that_was_kept(tmp_path: Path) -> None:
    landed = land(tmp_path, "dynamics_contacts", {"contacts.json": {"@odata.context": "…", "value": [
        contact("A1", emailaddress2="second@x.at", mobilephone="06641111111", modifiedon="2026-03-01T09:00:00Z"),
        contact("2", donotbulkemail=True, donotphone=True, donotsendmm=True, msdyn_gdproptout=True, telephone1="+43 1 7201111"),
        contact("3", donotemail=True, statecode=1, _masterid_value="a1", merged=True),
        contact("4", donotemail=True, statecode=1),
    ]}})  # fmt: skip
    landed.consents("""
        address     | profile_id | action  | channel | actor  | is_standing | vendor_label
        ------------+------------+---------+---------+--------+-------------+-----------------
        c2@x.at     | 2          | opt_out | email   | import | true        | donotbulkemail
        +4317201111 | 2          | opt_out | phone   | import | true        | donotphone
        c2@x.at     | 2          | opt_out | any     | import | true        | donotsendmm
        c2@x.at     | 2          | opt_out | any     | import | true        | msdyn_gdproptout
        c3@x.at     | 3          | opt_out | email   | import | true        | donotemail
        c4@x.at     | 4          | opt_out | email   | import | true        | donotemail
    """)
    landed.profiles("""
        profile_id | operation | phone_number  | updated_at
        -----------+-----------+---------------+---------------------
        a1         | snapshot  | +436641111111 | 2026-03-01T09:00:00Z
        2          | snapshot  | +4317201111   |
        3          | delete    |               |
    """)
    landed.former("""
        operation | profile_id | email_address | external_id
        ----------+------------+---------------+------------
        former    | a1         | second@x.at   |
        former    | 3          | c3@x.at       |
        merged    | 3          |               | a1
    """)
    assert landed.counts == (4, 4, 0, 0, 0)


def test_labels_are_understood_and_a_file_without_the_flags_is_refused(tmp_path: Path) -> None:
    landed = land(tmp_path, "dynamics_contacts", {"view.csv": EXCEL, "z-short.csv": SHORT})
    landed.consents("""
        address | profile_id | channel | vendor_label
        --------+------------+---------+---------------
        b@x.at  | 6f1b0002  | email   | donotemail
        b@x.at  | 6f1b0002  | any     | donotsendmm
        c@x.at  | 6f1b0003  | email   | donotemail
        d@x.at  | 6f1b0004  | email   | donotbulkemail
    """)
    landed.profiles("""
        profile_id | first_name
        -----------+-----------
        6f1b0001  | Anna
        6f1b0002  | Berta
        6f1b0003  | Carla
    """)
    assert [load["file"] for load in landed.loads if load["is_refused"]] == ["z-short.csv"]
