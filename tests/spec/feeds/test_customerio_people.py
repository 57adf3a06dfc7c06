"""Customer.io's people: an export and answers of the API."""

import json
from pathlib import Path
from typing import Any

from tests.lib.feeds import land

PREFERENCES = {"topics": {"topic_1": True, "topic_4": False}, "channels": {"email": True, "sms": False, "push": False}}


def test_the_global_no_and_every_topic_and_channel_that_is_left_restrict(tmp_path: Path) -> None:
    quoted = json.dumps(PREFERENCES).replace('"', '""')
    quoted_null = json.dumps({"topics": {"topic_4": None}, "channels": {"whatsapp": False}}).replace('"', '""')
    export = f"""id,cio_id,email,phone,first_name,unsubscribed,cio_subscription_preferences,no_newsletter
1,a1,1@x.at,,Ida,,,
2,a2,2@x.at,,,true,,
3,a3,3@x.at,+436641234503,,false,"{quoted}",
5,a5,5@x.at,+436641234505,,,"{quoted_null}",
,a4,4@x.at,,,,,x
"""
    landed = land(tmp_path, "customerio_people", {
        "people.csv": export,
        "bare.csv": "id,email,city\n9,9@x.at,Linz\n10,10@x.at,Linz\n",
    }, map={"topic_4": {"scope": "list", "scope_id": "l1"}})  # fmt: skip
    landed.consents("""
        address       | profile_id | action  | channel | scope        | scope_id | actor  | is_standing
        --------------+------------+---------+---------+--------------+----------+--------+------------
        2@x.at        | 2          | opt_out | any     | organisation | o1       | import | true
        3@x.at        | 3          | opt_out | email   | list         | l1       | import | true
        +436641234503 | 3          | opt_out | sms     | organisation | o1       | import | true
        5@x.at        | 5          | opt_out | email   | list         | l1       | import | true
        +436641234505 | 5          | opt_out | any      | organisation | o1       | import | true
    """)
    landed.profiles("""
        profile_id | email_address | phone_number  | first_name | flags
        -----------+---------------+---------------+------------+----------------
        1          | 1@x.at        |               | Ida        |
        2          | 2@x.at        |               |            |
        3          | 3@x.at        | +436641234503 |            |
        5          | 5@x.at        | +436641234505 |            |
        a4         | 4@x.at        |               |            | email:opted_out
    """)
    assert [load["is_refused"] for load in landed.loads].count(True) == 1


def test_answers_of_the_api_say_the_same(tmp_path: Path) -> None:
    def customer(number: int, *, unsubscribed: bool = False, **attributes: Any) -> dict[str, Any]:
        ids = {"id": str(number), "cio_id": f"a{number}", "email": f"{number}@x.at"}
        return {
            "id": str(number),
            "identifiers": ids,
            "attributes": {"email": f"{number}@x.at", **attributes},
            "unsubscribed": unsubscribed,
        }

    answers = [
        {"customers": [customer(1, first_name="Ida"), customer(2, unsubscribed=True)]},
        {"customers": [customer(3, cio_subscription_preferences=json.dumps(PREFERENCES), phone="+436641234503")]},
    ]
    landed = land(tmp_path, "customerio_people", {"answers.json": answers})
    landed.consents("""
        address       | profile_id | action  | channel | scope        | scope_id
        --------------+------------+---------+---------+--------------+---------
        2@x.at        | 2          | opt_out | any     | organisation | o1
        3@x.at        | 3          | opt_out | email   | organisation | o1
        +436641234503 | 3          | opt_out | sms     | organisation | o1
    """)
    landed.profiles("""
        profile_id | email_address | first_name
        -----------+---------------+-----------
        1          | 1@x.at        | Ida
        2          | 2@x.at        |
        3          | 3@x.at        |
    """)
