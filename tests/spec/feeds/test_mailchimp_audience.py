"""Mailchimp's audience export: three files, a fourth of people who never subscribed, and the API."""

import json
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qsl, urlencode
from zipfile import ZipFile

import pytest

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


HOOKS = [
    {"type": "unsubscribe", "reason": "manual", "email": "anna@x.at", "action": "unsub", "list_id": "a1"},
    {"type": "unsubscribe", "reason": "manual", "email": "berta@x.at", "action": "unsub", "campaign_id": "c1", "list_id": "a2"},
    {"type": "unsubscribe", "reason": "abuse", "email": "carl@x.at", "action": "unsub", "campaign_id": "c1", "list_id": "a1"},
    {"type": "cleaned", "reason": "hard", "email": "dora@x.at", "campaign_id": "c1", "list_id": "a1"},
    {"type": "cleaned", "reason": "abuse", "email": "emil@x.at", "campaign_id": "c1", "list_id": "a1"},
    {"type": "subscribe", "email": "franz@x.at", "list_id": "a1"},
    {"type": "upemail", "old_email": "gerd@x.at", "new_email": "gerda@x.at", "list_id": "a1"},
    {"type": "forgotten", "email": "hans@x.at", "list_id": "a1"},
]
AT = "2026-05-01 08:00:00"


def body(type: str, **data: str) -> str:
    return urlencode({"type": type, "fired_at": AT, **{f"data[{name}]": value for name, value in data.items()}})


@pytest.mark.parametrize("form", ["form bodies", "JSON", "a form as JSON"])
def test_the_bodies_of_webhooks_say_who_left_and_what_bounced(tmp_path: Path, form: str) -> None:
    nested = [{"type": hook["type"], "fired_at": AT, "data": {key: hook[key] for key in hook if key != "type"}} for hook in HOOKS]
    bodies = [body(**hook) for hook in HOOKS]
    files = {
        "form bodies": {"hooks.txt": "\n".join(bodies)},
        "JSON": {"hooks.json": nested},
        "a form as JSON": {"hooks.ndjson": "\n".join(json.dumps(dict(parse_qsl(each))) for each in bodies)},
    }
    brand = {"a2": {"scope": "list", "scope_id": "l3"}}
    landed = land(tmp_path, "mailchimp_audience", files[form], map=brand, timezone="UTC")
    assert landed.counts == (8, 6, 0, 2, 0)
    landed.consents("""
        address    | action  | actor  | via       | scope        | scope_id | channel | occurred_from        | vendor_label
        anna@x.at  | opt_out | import | import    | organisation | o1       | email   | 2026-05-01T08:00:00Z | hook/unsubscribe
        berta@x.at | opt_out | owner  | one_click | list         | l3       | email   | 2026-05-01T08:00:00Z | hook/unsubscribe/campaign
        hans@x.at  | opt_out | import | import    | organisation | o1       | email   | 2026-05-01T08:00:00Z | hook/forgotten
    """)
    landed.deliveries("""
        address    | type       | reason  | campaign | vendor_label
        carl@x.at  | complaint  |         | c1       | hook/unsubscribe/abuse
        dora@x.at  | quarantine | bounced | c1       | hook/cleaned
        emil@x.at  | complaint  |         | c1       | hook/cleaned/abuse
    """)
    assert landed.unknown == {"code hook/forgotten; scope list a1": 1, "scope list a1": 1}
