"""Klaviyo's profiles: pages of the API and the export."""

from pathlib import Path
from typing import Any

from tests.lib.feeds import land

AT = "2026-02-21T20:07:38+00:00"


def profile(number: int, sms: str = "NEVER_SUBSCRIBED", texts: str | None = None, whatsapp: str = "", **email: Any) -> dict[str, Any]:
    marketing = {"can_receive_email_marketing": True, "consent": "SUBSCRIBED", "consent_timestamp": AT, "double_optin": True}
    marketing |= {"method": "PREFERENCE_PAGE", "suppression": [], "list_suppressions": []} | email
    attributes = {
        "email": f"{number}@x.at", "phone_number": f"+4366412345{number:02}", "external_id": f"e{number}",
        "first_name": "Ida", "last_name": "Berger",
        "location": {"address1": "Ring 1", "address2": "Top 2", "zip": "1010", "city": "Wien", "country": "Austria"},
        "updated": AT, "properties": {"Do Not Mail": number == 1},
        "subscriptions": {
            "email": {"marketing": marketing},
            "sms": {"marketing": {"can_receive_sms_marketing": sms == "SUBSCRIBED", "consent": sms}, "transactional": {"consent": texts}},
        } | ({"whatsapp": {"marketing": {"consent": whatsapp}}} if whatsapp else {}),
    }  # fmt: skip
    return {"type": "profile", "id": f"p{number}", "attributes": attributes}


def test_a_consent_taken_back_and_every_suppression_restrict_and_a_subscription_permits_nothing(tmp_path: Path) -> None:
    def suppressed(reason: str) -> list[dict[str, str]]:
        return [{"reason": reason, "timestamp": AT}]

    pages = [
        {"data": [
            profile(1),
            profile(2, consent="UNSUBSCRIBED", can_receive_email_marketing=False),
            profile(3, can_receive_email_marketing=False, suppression=suppressed("USER_SUPPRESSED")),
            profile(4, can_receive_email_marketing=False, suppression=suppressed("UNSUBSCRIBE")),
            profile(5, suppression=suppressed("HARD_BOUNCE")),
            profile(6, suppression=suppressed("SPAM_COMPLAINT")),
        ]},
        {"data": [
            profile(7, suppression=suppressed("INVALID_EMAIL")),
            profile(8, suppression=suppressed("BORED")),
            profile(9, list_suppressions=[{"list_id": "Y6nRLr", "reason": "USER_SUPPRESSED", "timestamp": AT}]),
            profile(10, consent="NEVER_SUBSCRIBED", can_receive_email_marketing=False),
            profile(11, sms="UNSUBSCRIBED"),
            profile(12, sms="SUBSCRIBED", whatsapp="UNSUBSCRIBED"),
            profile(13, consent="REVOKED"),
        profile(14, texts="UNSUBSCRIBED"),
        ]},
    ]  # fmt: skip
    landed = land(tmp_path, "klaviyo_profiles", {"pages.json": pages}, map={"Y6nRLr": {"scope": "list", "scope_id": "l1"}})
    landed.consents("""
        address       | profile_id | action  | channel | scope        | actor  | is_standing | occurred_from        | reason
        --------------+------------+---------+---------+--------------+--------+-------------+----------------------+----------------
        2@x.at        | p2         | opt_out | email   | organisation | import | true        | 2026-06-01T08:00:00Z |
        3@x.at        | p3         | opt_out | email   | organisation | staff  | false       | 2026-02-21T20:07:38Z | user_suppressed
        4@x.at        | p4         | opt_out | email   | organisation | import | false       | 2026-02-21T20:07:38Z | unsubscribe
        8@x.at        | p8         | opt_out | email   | organisation | import | false       | 2026-02-21T20:07:38Z | bored
        9@x.at        | p9         | opt_out | email   | list         | staff  | false       | 2026-02-21T20:07:38Z | user_suppressed
        +436641234511 | p11        | opt_out | sms     | organisation | import | true        | 2026-06-01T08:00:00Z |
        +436641234512 | p12        | opt_out | any      | organisation | import | true        | 2026-06-01T08:00:00Z |
        +436641234514 | p14        | opt_out | sms     | organisation | import | true        | 2026-06-01T08:00:00Z |
        13@x.at       | p13        | opt_out | email   | organisation | import | true        | 2026-06-01T08:00:00Z |
    """)
    landed.deliveries("""
        address | type       | reason          | occurred_from
        --------+------------+-----------------+---------------------
        5@x.at  | quarantine | bounced         | 2026-02-21T20:07:38Z
        6@x.at  | complaint  | spam_complaint  | 2026-02-21T20:07:38Z
        7@x.at  | quarantine | invalid_address | 2026-02-21T20:07:38Z
        10@x.at | quarantine | suppressed      | 2026-06-01T08:00:00Z
    """)
    assert landed.unknown == {"code suppressed/BORED": 1, "code email/REVOKED": 1}
    assert landed.counts == (14, 14, 0, 0, 0)
    assert [(flag["name"], flag["rows"]) for flag in landed.loads[0]["flags"]] == [("properties/Do Not Mail", 1)]


def test_pages_without_the_subscriptions_are_refused(tmp_path: Path) -> None:
    free = profile(1)
    del free["attributes"]["subscriptions"]
    landed = land(tmp_path, "klaviyo_profiles", {"page.json": {"data": [free]}})
    assert [load["is_refused"] for load in landed.loads] == [True]


HEADER = "Email,Klaviyo ID,First Name,Last Name,Phone Number,Address,City,Country,Zip Code,Email Marketing Consent"
EXPORT = f"""{HEADER},Email Marketing Consent Timestamp,SMS Marketing Consent,Email Suppressions
1@x.at,p1,Ida,Berger,+436641234501,Ring 1,Wien,Austria,1010,SUBSCRIBED,2026-02-21 20:07:38,NEVER_SUBSCRIBED,
 2@X.at ,p2,Ida,,,,,,,UNSUBSCRIBED,2026-02-21 20:07:38,,
3@x.at,p3,,,+436641234503,,,,,SUBSCRIBED,,UNSUBSCRIBED,"HARD_BOUNCE, USER_SUPPRESSED"
4@x.at,p4,,,,,,,,NEVER_SUBSCRIBED,,,[]
5@x.at,p5,,,,,,,,NEVER_SUBSCRIBED,,,False
6@x.at,p6,,,,,,,,NEVER_SUBSCRIBED,,,['SPAM_COMPLAINT']
7@x.at,p7,,,,,,,,SUBSCRIBED,,,1
"""


def test_the_export_says_the_same_without_times(tmp_path: Path) -> None:
    landed = land(
        tmp_path, "klaviyo_profiles", {"export.csv": EXPORT, "bad.csv": "Email,Klaviyo ID,Email Marketing Consent\n1@x.at,p1,SUBSCRIBED\n"}
    )
    landed.consents("""
        address       | action  | channel | actor  | is_standing
        --------------+---------+---------+--------+------------
        2@x.at        | opt_out | email   | import | true
        +436641234503 | opt_out | sms     | import | true
        3@x.at        | opt_out | email   | staff  | true
        7@x.at        | opt_out | email   | import | true
    """)
    landed.deliveries("""
        address | type       | reason
        --------+------------+---------------
        3@x.at  | quarantine | bounced
        6@x.at  | complaint  | spam_complaint
    """)
    landed.profiles("""
        profile_id | email_address | phone_number  | first_name | last_name | street | postal_code | city | country
        -----------+---------------+---------------+------------+-----------+--------+-------------+------+--------
        p1         | 1@x.at        | +436641234501 | Ida        | Berger    | Ring 1 | 1010        | Wien | Austria
        p2         | 2@x.at        |               | Ida        |           |        |             |      |
        p3         | 3@x.at        | +436641234503 |            |           |        |             |      |
        p4         | 4@x.at        |               |            |           |        |             |      |
        p5         | 5@x.at        |               |            |           |        |             |      |
        p6         | 6@x.at        |               |            |           |        |             |      |
        p7         | 7@x.at        |               |            |           |        |             |      |
    """)
    assert [load["is_refused"] for load in landed.loads].count(True) == 1
