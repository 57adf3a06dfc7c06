"""Shopify's customers: the export and the APIs."""

import json
from pathlib import Path
from typing import Any

from tests.lib.feeds import land

AT = "2026-02-21T15:07:38-05:00"
EXPORT = """Customer ID,First Name,Last Name,Email,Accepts Email Marketing,Default Address Address1,Default Address City,\
Default Address Country Code,Default Address Zip,Phone,Accepts SMS Marketing,Total Orders,Accepts WhatsApp Marketing
'7210448301122,Ida,Berger,1@x.at,yes,Ring 1,Wien,AT,'1010,'+436641234501,yes,3,
2,,,2@x.at,no,,,,,,,,
3,,,3@x.at,yes,,,,,'+436641234503,no,,
4,,,4@x.at,yes,,,,,'+436641234504,,,no
5,,,5@x.at,maybe,,,,,,,,
6,,,6@x.at,,,,,,,,,
"""


def test_a_no_of_the_export_may_be_an_unsubscription_and_restricts(tmp_path: Path) -> None:
    landed = land(tmp_path, "shopify_customers", {"customers.csv": EXPORT, "bare.csv": "Customer ID,Email,Phone\n1,1@x.at,\n2,2@x.at,\n"})
    landed.consents("""
        address       | profile_id | action  | channel | actor  | is_standing | vendor_label
        --------------+------------+---------+---------+--------+-------------+-------------
        2@x.at        | 2          | opt_out | email   | import | true        | email/no
        +436641234503 | 3          | opt_out | sms     | import | true        | sms/no
        +436641234504 | 4          | opt_out | any      | import | true        | whatsapp/no
        5@x.at        | 5          | opt_out | email   | import | true        | email/maybe
    """)
    landed.profiles("""
        profile_id    | email_address | phone_number  | first_name | last_name | street | postal_code | city | country
        --------------+---------------+---------------+------------+-----------+--------+-------------+------+--------
        7210448301122 | 1@x.at        | +436641234501 | Ida        | Berger    | Ring 1 | 1010        | Wien | AT
        2             | 2@x.at        |               |            |           |        |             |      |
        3             | 3@x.at        | +436641234503 |            |           |        |             |      |
        4             | 4@x.at        | +436641234504 |            |           |        |             |      |
        5             | 5@x.at        |               |            |           |        |             |      |
        6             | 6@x.at        |               |            |           |        |             |      |
    """)
    assert [load["is_refused"] for load in landed.loads].count(True) == 1


def test_the_apis_tell_who_unsubscribed_and_when(tmp_path: Path) -> None:
    def rest(number: int, state: str, sms: str = "not_subscribed", **more: Any) -> dict[str, Any]:
        consents = {
            f"{kind}_marketing_consent": {"state": told, "opt_in_level": None, "consent_updated_at": AT}
            for kind, told in (("email", state), ("sms", sms))
        }
        return {"id": number, "email": f"{number}@x.at", "phone": f"+4366412345{number:02}", "updated_at": AT, **consents, **more}

    def graphql(number: int, state: str) -> dict[str, Any]:
        email = {"emailAddress": f"{number}@x.at", "marketingState": state, "marketingUpdatedAt": AT}
        return {"id": f"gid://shopify/Customer/{number}", "firstName": "Ida", "defaultEmailAddress": email, "defaultPhoneNumber": None}

    page = {"customers": [
        rest(1, "subscribed"), rest(2, "unsubscribed"), rest(3, "not_subscribed", "unsubscribed"), rest(4, "redacted"), rest(5, "invalid"),
        rest(6, "pending", default_address={"address1": "Ring 1", "zip": "1010", "city": "Wien", "country_code": "AT"}),
    ]}  # fmt: skip
    inner = {"id": "gid://shopify/MailingAddress/4711", "city": "Wien", "__parentId": "gid://shopify/Customer/7"}
    bulk = [graphql(7, "SUBSCRIBED"), inner, graphql(8, "UNSUBSCRIBED"), graphql(9, "NOT_SUBSCRIBED")]
    landed = land(tmp_path, "shopify_customers", {"page.json": page, "bulk.jsonl": "\n".join(map(json.dumps, bulk))})
    landed.consents("""
        address       | profile_id | action  | channel | is_standing | occurred_from
        --------------+------------+---------+---------+-------------+---------------------
        2@x.at        | 2          | opt_out | email   | false       | 2026-02-21T20:07:38Z
        +436641234503 | 3          | opt_out | sms     | false       | 2026-02-21T20:07:38Z
        4@x.at        | 4          | opt_out | any     | true        | 2026-06-01T08:00:00Z
        8@x.at        | 8          | opt_out | email   | false       | 2026-02-21T20:07:38Z
    """)
    landed.deliveries("""
        address | type       | reason
        --------+------------+----------------
        5@x.at  | quarantine | invalid_address
    """)
    landed.profiles("""
        profile_id | email_address | first_name | street | postal_code | city | country | updated_at
        -----------+---------------+------------+--------+-------------+------+---------+---------------------
        1          | 1@x.at        |            |        |             |      |         | 2026-02-21T20:07:38Z
        2          | 2@x.at        |            |        |             |      |         | 2026-02-21T20:07:38Z
        3          | 3@x.at        |            |        |             |      |         | 2026-02-21T20:07:38Z
        4          | 4@x.at        |            |        |             |      |         | 2026-02-21T20:07:38Z
        5          | 5@x.at        |            |        |             |      |         | 2026-02-21T20:07:38Z
        6          | 6@x.at        |            | Ring 1 | 1010        | Wien | AT      | 2026-02-21T20:07:38Z
        7          | 7@x.at        | Ida        |        |             |      |         |
        8          | 8@x.at        | Ida        |        |             |      |         |
        9          | 9@x.at        | Ida        |        |             |      |         |
    """)
    assert all(flag["says"] == "consent" for load in landed.loads for flag in load["flags"])
