"""ActiveCampaign's contacts and their lists."""

from pathlib import Path
from typing import Any

from tests.lib.feeds import land


def contact(number: int, **more: Any) -> dict[str, Any]:
    found = {"id": str(number), "email": f"{number}@x.at", "phone": "", "firstName": "Ida", "lastName": "Berger", "bounced_hard": "0"}
    return found | {"deleted": "0", "udate": "2026-02-21T14:07:38-06:00"} | more


def on_list(number: int, list_id: int, status: int) -> dict[str, str]:
    return {"contact": str(number), "list": str(list_id), "status": str(status), "unsubreason": "too much" if status == 2 else ""}


def test_the_status_of_every_list_tells_what_a_contact_left(tmp_path: Path) -> None:
    pages = [
        {
            "contacts": [contact(1), contact(2), contact(3), contact(4, bounced_hard="2", do_not_email="1")],
            "contactLists": [on_list(1, 7, 1), on_list(2, 7, 2), on_list(2, 8, 2), on_list(3, 7, 3), on_list(1, 8, 0)],
        },
        {
            "contacts": [contact(5, deleted="1"), contact(6), contact(7)],
            "contactLists": [
                on_list(5, 7, 2),
                on_list(6, 7, 91),
                {"contact": "7", "list": "7"},
            ],
        },
    ]
    landed = land(tmp_path, "activecampaign_contacts", {
        "contacts.json": pages,
        "bare.json": {"contacts": [contact(9)]},
        "lists.json": {"contactLists": [on_list(8, 7, 2), on_list(8, 8, 1)]},
    }, map={"7": {"scope": "list", "scope_id": "l1"}})  # fmt: skip
    landed.consents("""
        address | profile_id | action  | channel | scope        | scope_id | actor  | is_standing | reason_text
        --------+------------+---------+---------+--------------+----------+--------+-------------+------------
        2@x.at  | 2          | opt_out | email   | list         | l1       | import | true        |
        2@x.at  | 2          | opt_out | email   | organisation | o1       | import | true        |
        5@x.at  | 5          | opt_out | email   | list         | l1       | import | true        |
        6@x.at  | 6          | opt_out | email   | list         | l1       | import | true        |
        7@x.at  | 7          | opt_out | email   | list         | l1       | import | true        |
                | 8          | opt_out | email   | list         | l1       | import | true        | too much
    """)
    landed.deliveries("""
        address | type       | reason
        --------+------------+--------
        3@x.at  | quarantine | bounced
        4@x.at  | quarantine | bounced
    """)
    landed.profiles("""
        profile_id | email_address | first_name | last_name | updated_at           | flags
        -----------+---------------+------------+-----------+----------------------+----------------
        1          | 1@x.at        | Ida        | Berger    | 2026-02-21T20:07:38Z |
        2          | 2@x.at        | Ida        | Berger    | 2026-02-21T20:07:38Z |
        3          | 3@x.at        | Ida        | Berger    | 2026-02-21T20:07:38Z |
        4          | 4@x.at        | Ida        | Berger    | 2026-02-21T20:07:38Z | email:opted_out
        6          | 6@x.at        | Ida        | Berger    | 2026-02-21T20:07:38Z |
        7          | 7@x.at        | Ida        | Berger    | 2026-02-21T20:07:38Z |
    """)
    assert [load["is_refused"] for load in landed.loads].count(True) == 1
