"""Braze's users: the export of a segment, and of single users."""

import json
from pathlib import Path
from typing import Any

from tests.lib.feeds import land


def test_who_is_unsubscribed_is_out_and_who_opted_in_gets_no_permission(tmp_path: Path) -> None:
    def user(number: int, state: str = "", **more: Any) -> dict[str, Any]:
        found = {"external_id": f"u{number}", "braze_id": f"b{number}", "email": f"{number}@x.at", "created_at": "2025-01-05T08:00:00.000Z"}
        return found | ({"email_subscribe": state} if state else {}) | more

    segment = [
        user(1, "opted_in", first_name="Ida", last_name="Berger", dob="1980-02-03", home_city="Linz", country="AT", language="de"),
        user(2, "unsubscribed", email_unsubscribed_at="2026-02-21T20:07:38.123Z"),
        user(3, "unsubscribed", phone="+436641234567"),
        user(4, "subscribed", custom_attributes={"do_not_contact": True, "team": "red"}),
        user(5),
        user(6, "revoked", external_id=""),
    ]
    single = {"message": "success", "users": [user(7, "unsubscribed")], "invalid_user_ids": []}
    landed = land(tmp_path, "braze_users", {
        "segment.json": "\n".join(json.dumps(each) for each in segment),
        "single.json": single,
        "bare.json": {"external_id": "u8", "email": "8@x.at"},
    })  # fmt: skip
    landed.consents("""
        address | profile_id | action  | channel | actor  | occurred_from        | is_standing
        --------+------------+---------+---------+--------+----------------------+------------
        2@x.at  | u2         | opt_out | email   | import | 2026-02-21T20:07:38Z | false
        3@x.at  | u3         | opt_out | email   | import | 2026-06-01T08:00:00Z | true
        6@x.at  | b6         | opt_out | email   | import | 2026-06-01T08:00:00Z | true
        7@x.at  | u7         | opt_out | email   | import | 2026-06-01T08:00:00Z | true
    """)
    landed.profiles("""
        profile_id | phone_number  | first_name | last_name | birth_date | city | country | language | flags
        -----------+---------------+------------+-----------+------------+------+---------+----------+--------------
        u1         |               | Ida        | Berger    | 1980-02-03 | Linz | AT      | de       |
        u2         |               |            |           |            |      |         |          |
        u3         | +436641234567 |            |           |            |      |         |          |
        u4         |               |            |           |            |      |         |          | any:opted_out
        u5         |               |            |           |            |      |         |          |
        b6         |               |            |           |            |      |         |          |
        u7         |               |            |           |            |      |         |          |
    """)
    assert landed.unknown == {"code email/revoked": 1}
    assert [load["is_refused"] for load in landed.loads].count(True) == 1
