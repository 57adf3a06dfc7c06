"""Iterable's users: the export."""

import json
from pathlib import Path
from typing import Any

from tests.lib.feeds import land


def user(number: int, channels: list[int] | None = None, types: list[int] | None = None, **more: Any) -> dict[str, Any]:
    found = {"email": f"{number}@x.at", "userId": f"u{number}", "profileUpdatedAt": "2026-02-21 20:07:38 +00:00", "emailListIds": [5]}
    return found | {"unsubscribedChannelIds": channels or [], "unsubscribedMessageTypeIds": types or []} | more


def test_who_left_a_channel_or_a_message_type_is_out_of_it_on_every_channel(tmp_path: Path) -> None:
    users = [
        user(1, firstName="Ida", lastName="Berger", phoneNumber="+436641234567", city="Linz", zip="4020", country="AT"),
        user(2, [27447]),
        user(3, [], [31082, 31083]),
        user(4, [27447], [31082], userId=None),
        user(5, doNotEmail=True),
    ]
    csv = 'email,userId,unsubscribedChannelIds,unsubscribedMessageTypeIds\n6@x.at,u6,"[27447, 9]",\n7@x.at,u7,[],[]\n'
    landed = land(tmp_path, "iterable_users", {
        "users.json": "\n".join(map(json.dumps, users)), "users.csv": csv, "bare.json": {"email": "8@x.at", "userId": "u8"},
    }, map={"channel/27447": {"scope": "brand", "scope_id": "b1"}, "message_type/31082": {"scope": "list", "scope_id": "l1"}})  # fmt: skip
    landed.consents("""
        address | profile_id | action  | channel | scope        | scope_id | actor  | is_standing
        --------+------------+---------+---------+--------------+----------+--------+------------
        2@x.at  | u2         | opt_out | any     | brand        | b1       | import | true
        3@x.at  | u3         | opt_out | any     | list         | l1       | import | true
        3@x.at  | u3         | opt_out | any     | organisation | o1       | import | true
        4@x.at  | 4@x.at     | opt_out | any     | brand        | b1       | import | true
        4@x.at  | 4@x.at     | opt_out | any     | list         | l1       | import | true
        6@x.at  | u6         | opt_out | any     | brand        | b1       | import | true
        6@x.at  | u6         | opt_out | any     | organisation | o1       | import | true
    """)
    landed.profiles("""
        profile_id | phone_number  | first_name | last_name | postal_code | city | country | updated_at           | flags
        -----------+---------------+------------+-----------+-------------+------+---------+----------------------+----------------
        u1         | +436641234567 | Ida        | Berger    | 4020        | Linz | AT      | 2026-02-21T20:07:38Z |
        u2         |               |            |           |             |      |         | 2026-02-21T20:07:38Z |
        u3         |               |            |           |             |      |         | 2026-02-21T20:07:38Z |
        4@x.at     |               |            |           |             |      |         | 2026-02-21T20:07:38Z |
        u5         |               |            |           |             |      |         | 2026-02-21T20:07:38Z | email:opted_out
        u6         |               |            |           |             |      |         |                      |
        u7         |               |            |           |             |      |         |                      |
    """)
    assert [load["is_refused"] for load in landed.loads].count(True) == 1
