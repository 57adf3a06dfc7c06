"""Klaviyo's events: system webhooks and pages of the events API."""

from pathlib import Path
from typing import Any

from tests.lib.feeds import land

AT = "2026-02-21T20:07:38+00:00"


def event(number: int, metric: str = "", **properties: Any) -> dict[str, Any]:
    told = {"Campaign Name": "May"} | properties
    of = {"profile": f"p{number}", "metric": metric}
    return {
        "type": "event",
        "id": f"ev{number}",
        "attributes": {"timestamp": 1771704458, "datetime": AT, "uuid": f"u{number}", "event_properties": told},
        "relationships": {kind: {"data": {"type": kind, "id": key}} for kind, key in of.items()},
    }


def person(number: int) -> dict[str, Any]:
    return {"type": "profile", "id": f"p{number}", "attributes": {"email": f"{number}@x.at", "phone_number": f"+4366412345{number:02}"}}


def hook(number: int, topic: str, **properties: Any) -> dict[str, Any]:
    payload = {"data": event(number, **properties), "included": [person(99), person(number)]}
    return {"external_id": f"ev{number}", "topic": f"event:klaviyo.{topic}", "payload": payload}


def test_the_webhooks_topic_tells_what_happened_and_the_included_profile_whom(tmp_path: Path) -> None:
    landed = land(tmp_path, "klaviyo_events", {"hooks.ndjson": {"meta": {"version": "2025-07-15"}, "data": [
        hook(1, "received_email"),
        hook(2, "bounced_email", **{"Bounce Type": "Hard"}),
        hook(3, "bounced_email", **{"Bounce Type": "Soft"}),
        hook(4, "bounced_email"),
        hook(5, "dropped_email"),
        hook(6, "marked_email_as_spam"),
        hook(7, "failed_to_deliver_sms"),
        hook(8, "unsubscribed_from_email_marketing", Method="One click"),
        hook(9, "unsubscribed_from_sms_marketing"),
        hook(10, "unsubscribed_from_text_messaging_marketing"),
        hook(11, "manually_suppressed_from_email_marketing"),
        hook(12, "unsubscribed_from_whatsapp_marketing"),
        hook(13, "subscribed_to_email_marketing"),
        hook(14, "manually_unsuppressed_from_email_marketing"),
        hook(15, "opened_email"),
    ]}})  # fmt: skip
    landed.deliveries("""
        address       | channel | type       | bounce_class | reason     | campaign | occurred_from        | event_id
        --------------+---------+------------+--------------+------------+----------+----------------------+---------
        1@x.at        | email   | delivered  |              |            | May      | 2026-02-21T20:07:38Z | ev1
        2@x.at        | email   | bounce     | hard         |            | May      | 2026-02-21T20:07:38Z | ev2
        3@x.at        | email   | bounce     | soft         |            | May      | 2026-02-21T20:07:38Z | ev3
        4@x.at        | email   | bounce     | undetermined |            | May      | 2026-02-21T20:07:38Z | ev4
        5@x.at        | email   | quarantine |              | suppressed | May      | 2026-02-21T20:07:38Z | ev5
        6@x.at        | email   | complaint  |              |            | May      | 2026-02-21T20:07:38Z | ev6
        +436641234507 | sms     | bounce     | undetermined |            | May      | 2026-02-21T20:07:38Z | ev7
    """)
    landed.consents("""
        address       | profile_id | channel | action  | actor  | reason_text
        --------------+------------+---------+---------+--------+------------
        8@x.at        | p8         | email   | opt_out | import | One click
        +436641234509 | p9         | sms     | opt_out | import |
        +436641234510 | p10        | sms     | opt_out | import |
        11@x.at       | p11        | email   | opt_out | staff  |
        12@x.at       | p12        | any     | opt_out | import |
    """)
    assert landed.counts == (15, 12, 0, 3, 0)
    assert landed.unknown == {"code no/unsubscribed_from_whatsapp_marketing": 1}


def test_a_page_of_the_api_names_metrics_and_a_shops_own_are_no_events(tmp_path: Path) -> None:
    names = {"m1": "Bounced Email", "m2": "Unsubscribed from List", "m3": "Placed Order", "m4": "Unsubscribed"}
    metrics = [{"type": "metric", "id": key, "attributes": {"name": name}} for key, name in names.items()]
    page = {
        "data": [
            event(1, "m1", **{"Bounce Type": "Hard"}),
            event(2, "m2", List="Newsletter"),
            event(3, "m2", List="Other"),
            event(4, "m3"),
            event(5, "m4"),
            event(6, "m1", **{"Bounce Type": "Soft"}),
            event(7, "m9"),
        ],
        "included": [*metrics, *(person(number) for number in range(1, 5))],
        "links": {"next": None},
    }
    landed = land(tmp_path, "klaviyo_events", {"page.json": page}, map={"Newsletter": {"scope": "list", "scope_id": "l1"}})
    landed.deliveries("""
        address | type   | bounce_class
        --------+--------+-------------
        1@x.at  | bounce | hard
    """)
    landed.consents("""
        address | profile_id | action  | scope        | scope_id
        --------+------------+---------+--------------+---------
        2@x.at  | p2         | opt_out | list         | l1
        3@x.at  | p3         | opt_out | organisation | o1
                | p5         | opt_out | organisation | o1
    """)
    assert landed.rejected == [(6, "address_missing"), (7, "code_unknown")]
    assert landed.counts == (7, 4, 0, 1, 2)
