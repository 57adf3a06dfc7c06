"""listmonk's subscribers: the export and the API."""

import json
from pathlib import Path

from tests.lib.feeds import land

HEADER = "uuid,email,name,attributes,status,created_at,updated_at\n"
AT = "2026-02-10 23:07:16.199433 +0100 CET,2026-02-11 08:00:00.5 +0100 CET"


def test_who_is_blocked_is_out_and_who_is_enabled_says_nothing(tmp_path: Path) -> None:
    rows = [
        f'u1,a@x.at,Anna Maria Berger,"{{""city"": ""Linz""}}",enabled,{AT}',
        f"u2,b@x.at,Berta,{{}},blocklisted,{AT}",
        f"u3,c@x.at,,{{}},disabled,{AT}",
        f"u4,d@x.at,,{{}},brand new,{AT}",
    ]
    landed = land(tmp_path, "listmonk_subscribers", {"subscribers.csv": HEADER + "\n".join(rows) + "\n"})
    landed.consents("""
        address | action  | scope        | actor  | via    | profile_id | is_standing | occurred_from
        --------+---------+--------------+--------+--------+------------+-------------+---------------------
        b@x.at  | opt_out | organisation | import | import | u2         | true        | 2026-06-01T08:00:00Z
        c@x.at  | opt_out | organisation | staff  | manual | u3         | true        | 2026-06-01T08:00:00Z
        d@x.at  | opt_out | organisation | import | import | u4         | true        | 2026-06-01T08:00:00Z
    """)
    landed.profiles("""
        profile_id | email_address | first_name | last_name    | updated_at           | attributes['attributes']
        -----------+---------------+------------+--------------+----------------------+-------------------------
        u1         | a@x.at        | Anna       | Maria Berger | 2026-02-11T07:00:00Z | {"city": "Linz"}
        u2         | b@x.at        | Berta      |              | 2026-02-11T07:00:00Z | {}
        u3         | c@x.at        |            |              | 2026-02-11T07:00:00Z | {}
        u4         | d@x.at        |            |              | 2026-02-11T07:00:00Z | {}
    """)
    assert landed.counts == (4, 4, 0, 0, 0)
    assert landed.unknown == {"code brand new": 1}


def test_the_export_of_a_lists_unsubscribed_tells_it_by_its_name_alone(tmp_path: Path) -> None:
    rows = f"u1,a@x.at,,{{}},enabled,{AT}\nu2,b@x.at,,{{}},blocklisted,{AT}\n"
    landed = land(tmp_path, "listmonk_subscribers", {"spring-unsubscribed.csv": HEADER + rows}, brand="b1")
    landed.consents("""
        address | action  | scope | scope_id | reason
        --------+---------+-------+----------+------------------
        a@x.at  | opt_out | brand | b1       | list/unsubscribed
        b@x.at  | opt_out | brand | b1       | list/unsubscribed
        b@x.at  | opt_out | brand | b1       | blocklisted
    """)


def test_the_api_tells_the_lists_in_pages_or_one_by_one(tmp_path: Path) -> None:
    def subscriber(number: int, status: str, **lists: str) -> dict[str, object]:
        found = [{"id": int(name[1:]), "subscription_status": said, "updated_at": "2026-01-01T00:00:00Z"} for name, said in lists.items()]
        return {"id": number, "uuid": f"u{number}", "email": f"{number}@x.at", "name": "", "status": status, "lists": found}

    first = [subscriber(1, "enabled", n1="confirmed", n2="unsubscribed"), subscriber(2, "blocklisted", n1="unsubscribed")]
    pages = [
        {"data": {"results": first, "total": 5}},
        {"data": {"results": [subscriber(3, "enabled", n3="unconfirmed", n4="gone")], "total": 5}},
    ]
    one = {"data": subscriber(4, "enabled", n3="unsubscribed")}
    lines = "\n".join(json.dumps(value) for value in [*pages, one, {"data": {"results": [], "total": 5}}])
    landed = land(
        tmp_path,
        "listmonk_subscribers",
        {"subscribers.ndjson": lines},
        map={name: {"scope": "list", "scope_id": f"l{name}"} for name in "12"},
    )
    landed.consents("""
        address | action  | scope        | scope_id | vendor_label
        --------+---------+--------------+----------+------------------
        1@x.at  | opt_out | list         | l2       | list/unsubscribed
        2@x.at  | opt_out | list         | l1       | list/unsubscribed
        2@x.at  | opt_out | organisation | o1       | blocklisted
        3@x.at  | opt_out | organisation | o1       | list/gone
        4@x.at  | opt_out | organisation | o1       | list/unsubscribed
    """)
    assert landed.counts == (4, 4, 0, 0, 0)
    assert landed.unknown == {"code list/gone; scope list 4": 1, "scope list 3": 1}
