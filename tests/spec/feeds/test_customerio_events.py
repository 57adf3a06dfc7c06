"""Customer.io's reporting webhooks."""

import json
from pathlib import Path
from typing import Any

from tests.lib.feeds import land
from tests.spec.feeds.test_customerio_people import PREFERENCES


def hook(number: int, kind: str, metric: str, **data: Any) -> dict[str, Any]:
    data = {"customer_id": f"c{number}", "identifiers": {"id": f"c{number}"}, "campaign_id": 6} | data
    return {"event_id": f"ev{number}", "object_type": kind, "metric": metric, "timestamp": 1771704458, "data": data}


def mail(number: int, metric: str, **data: Any) -> dict[str, Any]:
    return hook(number, "email", metric, recipient=f"{number}@x.at", **data)


def test_metrics_tell_bounces_complaints_and_who_unsubscribed(tmp_path: Path) -> None:
    hooks = [
        mail(1, "sent"),
        mail(2, "delivered"),
        mail(3, "bounced", failure_message="550 5.1.1 no such user"),
        mail(4, "bounced", failure_message="554 5.7.1 blocked"),
        mail(5, "dropped"),
        mail(6, "spammed"),
        mail(7, "unsubscribed"),
        hook(8, "customer", "unsubscribed", email_address="8@x.at"),
        hook(9, "customer", "subscribed", email_address="9@x.at"),
        hook(10, "sms", "bounced", recipient="+436641234510"),
        hook(11, "customer", "cio_subscription_preferences_changed", email_address="11@x.at", content=json.dumps(PREFERENCES)),
        hook(12, "push", "bounced"),
        mail(13, "deferred"),
        hook(14, "whatsapp", "unsubscribed"),
        hook(15, "customer", "cio_subscription_preferences_changed", content=json.dumps({"channels": {"whatsapp": False}})),
    ]
    placed = {"topic_4": {"scope": "list", "scope_id": "l1"}}
    landed = land(tmp_path, "customerio_events", {"hooks.ndjson": "\n".join(map(json.dumps, hooks))}, map=placed)
    landed.deliveries("""
        address       | channel | type       | bounce_class | reason     | campaign | occurred_from        | event_id
        --------------+---------+------------+--------------+------------+----------+----------------------+---------
        1@x.at        | email   | sent       |              |            | 6        | 2026-02-21T20:07:38Z | ev1
        2@x.at        | email   | delivered  |              |            | 6        | 2026-02-21T20:07:38Z | ev2
        3@x.at        | email   | bounce     | hard         |            | 6        | 2026-02-21T20:07:38Z | ev3
        4@x.at        | email   | bounce     | block        |            | 6        | 2026-02-21T20:07:38Z | ev4
        5@x.at        | email   | quarantine |              | suppressed | 6        | 2026-02-21T20:07:38Z | ev5
        6@x.at        | email   | complaint  |              |            | 6        | 2026-02-21T20:07:38Z | ev6
        +436641234510 | sms     | bounce     | undetermined |            | 6        | 2026-02-21T20:07:38Z | ev10
    """)
    landed.consents("""
        address | profile_id | channel | action  | actor  | scope        | scope_id
        --------+------------+---------+---------+--------+--------------+---------
        7@x.at  | c7         | email   | opt_out | owner  | organisation | o1
        8@x.at  | c8         | any     | opt_out | import | organisation | o1
        11@x.at | c11        | email   | opt_out | import | list         | l1
                | c11        | sms     | opt_out | import | organisation | o1
                | c14        | any     | opt_out | import | organisation | o1
                | c15        | any      | opt_out | import | organisation | o1
    """)
    assert landed.counts == (15, 12, 0, 3, 0)
    assert landed.unknown == {"code no/whatsapp/unsubscribed": 1}
