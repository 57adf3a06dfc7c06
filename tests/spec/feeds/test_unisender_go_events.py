"""Unisender Go's webhooks."""

from pathlib import Path
from typing import Any

from tests.lib.feeds import land

AT = "2026-04-02 09:00:00"


def event(address: str, status: str, delivery_status: str = "", said: str = "", **more: Any) -> dict[str, Any]:
    info = {"delivery_info": {"delivery_status": delivery_status, "destination_response": said}} if delivery_status or said else {}
    data = {"job_id": "j1", "email": address, "status": status, "event_time": AT, **info, **more}
    return {"event_name": "transactional_email_status", "event_data": data}


def batch(*events: dict[str, Any], project: str = "p1") -> dict[str, Any]:
    return {"auth": "0" * 32, "events_by_user": [{"user_id": 1, "project_id": project, "events": list(events)}]}


def test_the_delivery_status_says_what_kind_of_failure_it_was(tmp_path: Path) -> None:
    landed = land(tmp_path, "unisender_go_events", {"batch.json": batch(
        event("gone@x.at", "hard_bounced", "err_user_unknown", "550 5.1.1 unknown user"),
        event("plain@x.at", "hard_bounced"),
        event("full@x.at", "hard_bounced", "err_mailbox_full"),
        event("spam@x.at", "hard_bounced", "err_spam_rejected", "550 Spam rejected"),
        event("code@x.at", "hard_bounced", "err_delivery_failed", "550 5.1.1 unknown user"),
        event("hm@x.at", "hard_bounced", "err_delivery_failed"),
        event("kept@x.at", "hard_bounced", "skip_dup_unreachable"),
        event("new@x.at", "hard_bounced", "err_eaten"),
        event("later@x.at", "soft_bounced", "err_will_retry", "451 4.7.1 later"),
        event("angry@x.at", "spam"),
        event("fine@x.at", "delivered"),
        event("out@x.at", "sent", metadata={"campaign_id": "spring"}),
    )})  # fmt: skip
    landed.deliveries("""
        address    | type       | bounce_class | reason       | campaign | occurred_from
        -----------+------------+--------------+--------------+----------+---------------------
        gone@x.at  | bounce     | hard         |              |          | 2026-04-02T09:00:00Z
        plain@x.at | bounce     | hard         |              |          | 2026-04-02T09:00:00Z
        full@x.at  | bounce     | soft         | mailbox_full |          | 2026-04-02T09:00:00Z
        spam@x.at  | bounce     | block        |              |          | 2026-04-02T09:00:00Z
        code@x.at  | bounce     | hard         |              |          | 2026-04-02T09:00:00Z
        hm@x.at    | bounce     | undetermined |              |          | 2026-04-02T09:00:00Z
        kept@x.at  | quarantine |              | unreachable  |          | 2026-04-02T09:00:00Z
        new@x.at   | bounce     | hard         |              |          | 2026-04-02T09:00:00Z
        later@x.at | bounce     | soft         |              |          | 2026-04-02T09:00:00Z
        angry@x.at | complaint  |              |              |          | 2026-04-02T09:00:00Z
        fine@x.at  | delivered  |              |              |          | 2026-04-02T09:00:00Z
        out@x.at   | sent       |              |              | spring   | 2026-04-02T09:00:00Z
    """)
    assert landed.unknown == {"code hard_bounced/err_eaten": 1}


def test_a_project_is_a_scope_and_who_took_an_unsubscribe_back_is_in_again(tmp_path: Path) -> None:
    files = {"batches.ndjson": [
        batch(event("a@x.at", "unsubscribed"), event("b@x.at", "subscribed")),
        batch(event("c@x.at", "unsubscribed"), event("d@x.at", "subscribed"), project="p2"),
        batch(event("e@x.at", "hard_bounced", "err_unsubscribed")),
    ]}  # fmt: skip
    landed = land(tmp_path, "unisender_go_events", files, map={"p1": {"scope": "brand", "scope_id": "b1"}})
    landed.consents("""
        address | action  | scope        | scope_id | actor | via
        --------+---------+--------------+----------+-------+----------------
        a@x.at  | opt_out | brand        | b1       | owner | one_click
        b@x.at  | opt_in  | brand        | b1       | owner | preference_link
        c@x.at  | opt_out | organisation | o1       | owner | one_click
        e@x.at  | opt_out | brand        | b1       | owner |
    """)
    assert landed.rejected == [(4, "scope_unknown")]


def test_one_event_alone_is_flat_and_what_was_not_sent_is_ignored(tmp_path: Path) -> None:
    single = {"event_name": "transactional_email_status", "user_id": 1, "auth": "0" * 32, **event("a@x.at", "spam")["event_data"]}
    block = {"event_name": "transactional_spam_block", "event_data": {"domain": "x.at", "domain_status": "blocked"}}
    landed = land(tmp_path, "unisender_go_events", {"events.ndjson": [
        single, batch(event("a@x.at", "spam"), block, event("a@x.at", "hard_bounced", "err_skip_letter"), event("a@x.at", "opened")),
        batch(event("a@x.at", "eaten"), {"event_name": "transactional_email_status"}), batch(),
    ]})  # fmt: skip
    assert landed.counts == (7, 1, 1, 3, 2)
    assert landed.rejected == [(6, "code_unknown"), (7, "code_unknown")]
