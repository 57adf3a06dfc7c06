"""Didomi's batch export of users and events, and the events of its API."""

from pathlib import Path
from typing import Any

from tests.lib.feeds import land

LISTS = {"news": {"scope": "list", "scope_id": "l1"}}


def event(number: str, *purposes: dict[str, Any], channels: tuple[dict[str, Any], ...] = (), **more: Any) -> dict[str, Any]:
    consents = {"purposes": list(purposes), "channels": list(channels)}
    return {"id": number, "created_at": "2026-02-01T09:00:00Z", "status": "confirmed", "consents": consents, **more}


def user(number: str, *purposes: dict[str, Any]) -> dict[str, Any]:
    return {"id": f"u-{number}", "organization_user_id": number, "consents": {"purposes": list(purposes)}}


def choice(purpose: str, enabled: bool | None, **more: Any) -> dict[str, Any]:
    return {"id": purpose, "enabled": enabled, **more}


def test_a_choice_is_the_users_own_and_a_yes_is_a_single_opt_in_where_the_purpose_is_mapped(tmp_path: Path) -> None:
    landed = land(tmp_path, "didomi_consents", {
        "users.ndjson": [
            {"user": user("a@x.at", choice("news", False)), "events": [
                event("E1", choice("news", True), choice("cookies", False), choice("surveys", True)), event("E2", choice("news", False)),
            ]},
            {"user": user("b@x.at", choice("news", False), choice("cookies", False)), "events": []},
            {"user": user("c@x.at", choice("news", True)), "events": []},
            {"user": user("e@x.at", choice("news", False)), "events": [event("E4", choice("surveys", True))]},
        ],
        "api.json": {"data": [event("E3", choice("news", True)) | {"user": user("d@x.at")}]},
    }, map=LISTS)  # fmt: skip
    landed.consents("""
        event_id | address | action  | scope | scope_id | actor | via             | occurred_from
        ---------+---------+---------+-------+----------+-------+-----------------+---------------------
        E1       | a@x.at  | opt_in  | list  | l1       | owner | form            | 2026-02-01T09:00:00Z
        E2       | a@x.at  | opt_out | list  | l1       | owner | preference_link | 2026-02-01T09:00:00Z
                 | b@x.at  | opt_out | list  | l1       | owner | preference_link | 0001-01-01T00:00:00Z
        E3       | d@x.at  | opt_in  | list  | l1       | owner | form            | 2026-02-01T09:00:00Z
                 | e@x.at  | opt_out | list  | l1       | owner | preference_link | 0001-01-01T00:00:00Z
    """)
    assert landed.counts == (5, 4, 0, 1, 0)


def test_requests_delegates_channels_and_purposes_that_no_map_names(tmp_path: Path) -> None:
    landed = land(tmp_path, "didomi_consents", {"users.json": [
        {"user": user("77"), "events": [
            event("E1", choice("news", True), status="pending_approval"),
            event("E2", choice("other", False)),
            event("E3", choice("news", True), delegate={"id": "agent"}),
            event("E4", choice("news", False), delegate={"id": "agent"}),
            event("E5", choice("news", None, enabled_li=False)),
            event("E6", choice("news", None, channels=[choice("email", False)]), channels=(choice("sms", False),)),
            event("E7", choice("news", None, channels=[choice("email", True)]), channels=(choice("sms", True),)),
            event("E8", choice("news", True), status="withdrawn for review"),
            event("E9", choice("news", True), delegate={}),
            event("E10", choice("news", False), delegate=None),
        ]},
    ]}, map=LISTS)  # fmt: skip
    landed.consents("""
        event_id | profile_id | action         | channel | scope        | scope_id | actor | vendor_label
        ---------+------------+----------------+---------+--------------+----------+-------+-----------------
        E1       | 77         | opt_in_request | any     | list         | l1       | owner | enabled/pending
        E2       | 77         | opt_out        | any     | organisation | o1       | owner | refused
        E4       | 77         | opt_out        | any     | list         | l1       | staff | refused/delegate
        E5       | 77         | opt_out        | any     | list         | l1       | owner | refused
        E6       | 77         | opt_out        | any     | list         | l1       | owner | refused
        E6       | 77         | opt_out        | any     | organisation | o1       | owner | refused
        E10      | 77         | opt_out        | any     | list         | l1       | owner | refused
    """)
