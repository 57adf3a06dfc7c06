"""Mailchimp's audience export: three files, a fourth of people who never subscribed, and the API."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from tests.lib.feeds import land

SUBSCRIBED = """Email Address,Vorname,Last Name,Phone Number,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,CC,LAST_CHANGED,LEID,EUID,NOTES,TAGS
anna@x.at,Anna,Berger,'+43 664 1234567,2,2026-01-05 08:00:00,2026-01-05 08:01:00,at,2026-03-01 10:00:00,11,e1,,"""
SUBSCRIBED += '"""theatre"",""vip"""\n'
UNSUBSCRIBED = """Email Address,First Name,RATING,UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_CAMPAIGN_ID,UNSUB_REASON,UNSUB_REASON_OTHER,EUID
berta@x.at,Berta,2,2026-02-01 09:30:00,Spring,c1,NORMAL,too much,e2
carl@x.at,Carl,2,2026-02-02 09:30:00,,,N/A (Unsubscribed by an admin),,e3
dora@x.at,Dora,2,2026-02-03 09:30:00,Spring,c1,ABUSE,,e4
emil@x.at,Emil,2,,,,,,e5
"""
CLEANED = """Email Address,First Name,MEMBER_RATING,CLEAN_TIME,CLEAN_CAMPAIGN_TITLE,CLEAN_CAMPAIGN_ID,EUID
franz@x.at,Franz,1,2026-02-04 09:30:00,Spring,c1,e6
no address,Gerd,1,2026-02-04 09:30:00,Spring,c1,e7
"""
NONSUBSCRIBED = "Email Address,First Name,EUID\nhans@x.at,Hans,e8\n"


def zipped(**files: str) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"{name}_email_audience_export_0a1b2c3d4e.csv", text)
    return target.getvalue()


def test_the_three_files_say_who_left_and_who_bounced_and_nobodys_subscription(tmp_path: Path) -> None:
    audience = zipped(subscribed=SUBSCRIBED, unsubscribed=UNSUBSCRIBED, cleaned=CLEANED, nonsubscribed=NONSUBSCRIBED)
    landed = land(tmp_path, "mailchimp_audience", {"audience_export.zip": audience})
    landed.consents("""
        address    | action  | scope        | scope_id | actor  | via       | channel | profile_id | occurred_from        | is_standing
        -----------+---------+--------------+----------+--------+-----------+---------+------------+----------------------+------------
        berta@x.at | opt_out | organisation | o1       | owner  | one_click | email   | e2         | 2026-02-01T08:30:00Z | false
        carl@x.at  | opt_out | organisation | o1       | import | import    | email   | e3         | 2026-02-02T08:30:00Z | false
        emil@x.at  | opt_out | organisation | o1       | import | import    | email   | e5         | 2026-06-01T08:00:00Z | true
    """)
    landed.deliveries("""
        address    | type       | reason  | campaign | occurred_from        | vendor_label
        -----------+------------+---------+----------+----------------------+-------------------
        dora@x.at  | complaint  |         | Spring   | 2026-02-03T08:30:00Z | unsubscribed/abuse
        franz@x.at | quarantine | bounced | Spring   | 2026-02-04T08:30:00Z | cleaned
    """)
    landed.profiles("""
        profile_id | email_address | first_name | last_name | phone_number  | attributes['TAGS']
        -----------+---------------+------------+-----------+---------------+--------------------
        e1         | anna@x.at     | Anna       | Berger    | +436641234567 | "theatre","vip"
        e2         | berta@x.at    | Berta      |           |               |
        e3         | carl@x.at     | Carl       |           |               |
        e4         | dora@x.at     | Dora       |           |               |
        e5         | emil@x.at     | Emil       |           |               |
        e6         | franz@x.at    | Franz      |           |               |
        e7         |               | Gerd       |           |               |
        e8         | hans@x.at     | Hans       |           |               |
    """)
    assert landed.counts == (8, 7, 0, 0, 1)
    assert landed.rejected == [(2, "address_unreadable")]


def test_who_left_stays_out_when_the_file_loses_its_name_and_a_file_that_tells_no_status_is_refused(tmp_path: Path) -> None:
    files = {
        "members.csv": UNSUBSCRIBED,
        "more.csv": CLEANED,
        "people.csv": SUBSCRIBED.replace("NOTES", "STATUS"),
        "unsubscribed_trimmed.csv": "Email Address\ni@x.at\n",
    }
    landed = land(tmp_path, "mailchimp_audience", files)
    landed.consents("""
        address    | action
        -----------+--------
        berta@x.at | opt_out
        carl@x.at  | opt_out
        emil@x.at  | opt_out
        i@x.at     | opt_out
    """)
    assert [load["file"] for load in landed.loads if load["is_refused"]] == ["people.csv"]


def test_the_same_bytes_under_a_telling_name_are_read_again(tmp_path: Path) -> None:
    text = "Email Address,EUID\na@x.at,e1\nb@x.at,e2\n"
    landed = land(tmp_path, "mailchimp_audience", {"nonsubscribed_1.csv": text, "unsubscribed_1.csv": text})
    landed.consents("""
        address | action
        --------+--------
        a@x.at  | opt_out
        b@x.at  | opt_out
    """)


def test_a_number_for_text_messages_has_a_status_of_its_own(tmp_path: Path) -> None:
    rows = (
        "a@x.at,e1,'+436641111111,Unsubscribed\nb@x.at,e2,,Subscribed\nc@x.at,e3,+436642222222,Something new\nd@x.at,e4,,Non-subscribed\n"
    )
    landed = land(tmp_path, "mailchimp_audience", {"subscribed_1.csv": f"Email Address,EUID,SMS Phone Number,SMS_MARKETING_STATUS\n{rows}"})
    landed.consents("""
        address       | action  | channel | profile_id
        --------------+---------+---------+-----------
        +436641111111 | opt_out | sms     | e1
        +436642222222 | opt_out | sms     | e3
    """)
    assert landed.unknown == {"code sms/Something new": 1}


def test_the_api_names_status_and_audience(tmp_path: Path) -> None:
    def member(address: str, status: str, **more: object) -> dict[str, object]:
        found = {"email_address": address, "unique_email_id": address[0], "status": status, "list_id": "aud1"}
        return found | {"last_changed": "2026-03-01T10:00:00+00:00", "merge_fields": {"FNAME": "Ida"}} | more

    page = [member("a@x.at", "subscribed"), member("b@x.at", "unsubscribed", unsubscribe_reason="No longer interested")]
    page += [
        member("c@x.at", "cleaned"),
        member("d@x.at", "archived"),
        member("e@x.at", "pending"),
        member("f@x.at", "brand new", list_id="aud2"),
    ]
    landed = land(tmp_path, "mailchimp_audience", {"members.json": {"members": page}}, map={"aud1": {"scope": "brand", "scope_id": "b1"}})
    landed.consents("""
        address | action  | scope        | scope_id | is_standing | reason_text
        --------+---------+--------------+----------+-------------+---------------------
        b@x.at  | opt_out | brand        | b1       | true        | No longer interested
        d@x.at  | opt_out | brand        | b1       | true        |
        f@x.at  | opt_out | organisation | o1       | true        |
    """)
    landed.deliveries("""
        address | type       | is_standing
        --------+------------+------------
        c@x.at  | quarantine | true
    """)
    assert landed.counts == (6, 6, 0, 0, 0)
    assert landed.unknown == {"code brand new; scope list aud2": 1}
