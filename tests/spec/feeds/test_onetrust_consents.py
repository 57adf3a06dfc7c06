"""OneTrust's data subjects and their purposes."""

from pathlib import Path
from typing import Any

from tests.lib.feeds import land

LISTS = {"P1": {"scope": "list", "scope_id": "l1"}, "T1": {"scope": "list", "scope_id": "l2"}}


def purpose(number: str, status: str, **more: Any) -> dict[str, Any]:
    return {"Id": number, "Name": f"purpose {number}", "Status": status, "LastTransactionDate": "2026-02-01T09:00:00Z", **more}


def test_what_is_withdrawn_or_refused_is_a_no_and_what_is_active_or_expired_asserts_nothing(tmp_path: Path) -> None:
    topics = [{"Id": "T1", "Name": "events", "IsConsented": False}, {"Id": "T2", "Name": "other", "IsConsented": False}]
    landed = land(tmp_path, "onetrust_consents", {"page.json": {"last": True, "content": [
        {"Identifier": "a@x.at", "Purposes": [purpose("P1", "ACTIVE", Topics=topics)]},
        {"Identifier": "b@x.at", "Purposes": [
            purpose("P1", "WITHDRAWN", WithdrawalDate="2026-01-05T09:00:00Z"), purpose("P2", "NO_CONSENT"),
        ]},
        {"Identifier": "C-77", "Purposes": [purpose("P1", "EXPIRED"), purpose("P1", "SNOOZED")]},
        {"Identifier": "+43 664 1111111", "Purposes": [purpose("P1", "OPT_OUT")]},
        {"Identifier": "+43 (664) 111-11.12", "Purposes": [purpose("P1", "OPT_OUT")]},
        {"Identifier": "t@x.at", "TestDataSubject": True, "Purposes": [purpose("P1", "OPT_OUT")]},
        {"Identifier": "n@x.at", "Purposes": []},
    ]}}, map=LISTS)  # fmt: skip
    landed.consents("""
        address       | profile_id | action  | channel | scope        | scope_id | actor  | occurred_from        | vendor_label
        --------------+------------+---------+---------+--------------+----------+--------+----------------------+-------------
        a@x.at        |            | opt_out | any     | list         | l2       | import | 2026-02-01T09:00:00Z | topic
        b@x.at        |            | opt_out | any     | list         | l1       | import | 2026-01-05T09:00:00Z | WITHDRAWN
        b@x.at        |            | opt_out | any     | organisation | o1       | import | 2026-02-01T09:00:00Z | NO_CONSENT
                      | C-77       | opt_out | any     | list         | l1       | import | 2026-02-01T09:00:00Z | SNOOZED
        +436641111111 |            | opt_out | any     | list         | l1       | import | 2026-02-01T09:00:00Z | OPT_OUT
        +436641111112 |            | opt_out | any     | list         | l1       | import | 2026-02-01T09:00:00Z | OPT_OUT
    """)
    assert landed.unknown == {"code SNOOZED": 1, "scope list P2": 1}
    assert landed.counts == (7, 5, 0, 2, 0)
