"""Braze's Currents."""

import json
from pathlib import Path
from typing import Any

from tests.lib.feeds import land

AT = 1771704458


def event(number: int, kind: str, **more: Any) -> dict[str, Any]:
    found = {"id": f"ev{number}", "user_id": f"b{number}", "external_user_id": f"u{number}", "time": AT, "timezone": "Europe/Vienna"}
    return found | ({"event_type": kind} if kind else {}) | more


def lines(*events: dict[str, Any]) -> str:
    return "\n".join(json.dumps(each) for each in events)


def test_messages_tell_bounces_complaints_and_clicks_on_unsubscribe(tmp_path: Path) -> None:
    email, sms = "users.messages.email", "users.messages.sms"
    landed = land(tmp_path, "braze_events", {"currents.json": lines(
        event(1, f"{email}.Send", email_address="1@x.at", campaign_name="May"),
        event(2, f"{email}.Delivery", email_address="2@x.at", canvas_name="Welcome"),
        event(3, f"{email}.Bounce", email_address="3@x.at", bounce_reason="550 5.1.1 unknown", is_drop=False),
        event(4, f"{email}.Bounce", email_address="4@x.at", bounce_reason="bounced before", is_drop=True),
        event(5, f"{email}.Bounce", email_address="5@x.at", bounce_reason="550 5.7.1 blocked"),
        event(6, f"{email}.SoftBounce", email_address="6@x.at"),
        event(7, f"{email}.MarkAsSpam", email_address="7@x.at"),
        event(8, f"{email}.Unsubscribe", email_address="8@x.at"),
        event(9, f"{email}.Open", email_address="9@x.at"),
        event(10, f"{sms}.DeliveryFailure", to_phone_number="+436641234510"),
        event(11, f"{sms}.InboundReceive", user_phone_number="+436641234511", action="unsubscribed", message_body="STOP",
              subscription_group_id="g1"),
        event(12, f"{sms}.InboundReceive", user_phone_number="+436641234512", action="none", message_body="please leave me alone"),
        event(13, f"{sms}.InboundReceive", user_phone_number="+436641234513", action="subscribed", message_body="START"),
        event(14, "users.behaviors.CustomEvent", name="bought"),
        event(15, "users.messages.pager.OptOut", email_address="15@x.at"),
        event(16, "users.messages.pager.OptOut", phone_number="+436641234516"),
        event(17, "USERS_MESSAGES_EMAIL_BOUNCE_SHARED", email_address="17@x.at"),
        event(18, "users.messages.whatsapp.InboundReceive", user_phone_number="+436641234518", quick_reply_text="No more"),
        event(19, "users.messages.rcs.InboundReceive", user_phone_number="+436641234519", action="unsubscribed", message_body="STOP"),
        event(20, "users.messages.line.InboundReceive", action="unsubscribed", message_body="STOP"),
        event(21, "users.messages.whatsapp.InboundReceive", user_phone_number="+436641234521", action="unsubscribed"),
        event(22, "users.messages.rcs.InboundReceive", user_phone_number="+436641234522", action="subscribed"),
        event(23, "users.messages.rcs.InboundReceive", user_phone_number="+436641234523", action="none", message_body="who?"),
    )}, map={"g1": {"scope": "brand", "scope_id": "b1"}})  # fmt: skip
    landed.deliveries("""
        address       | channel | type       | bounce_class | reason     | campaign | occurred_from        | event_id
        --------------+---------+------------+--------------+------------+----------+----------------------+---------
        1@x.at        | email   | sent       |              |            | May      | 2026-02-21T20:07:38Z | ev1
        2@x.at        | email   | delivered  |              |            | Welcome  | 2026-02-21T20:07:38Z | ev2
        3@x.at        | email   | bounce     | hard         |            |          | 2026-02-21T20:07:38Z | ev3
        4@x.at        | email   | quarantine |              | suppressed |          | 2026-02-21T20:07:38Z | ev4
        5@x.at        | email   | bounce     | block        |            |          | 2026-02-21T20:07:38Z | ev5
        6@x.at        | email   | bounce     | soft         |            |          | 2026-02-21T20:07:38Z | ev6
        7@x.at        | email   | complaint  |              |            |          | 2026-02-21T20:07:38Z | ev7
        +436641234510 | sms     | bounce     | undetermined |            |          | 2026-02-21T20:07:38Z | ev10
        17@x.at       | email   | bounce     | hard         |            |          | 2026-02-21T20:07:38Z | ev17
    """)
    landed.consents("""
        address       | profile_id | channel | action  | actor  | via       | scope        | scope_id
        --------------+------------+---------+---------+--------+-----------+--------------+---------
        8@x.at        | u8         | email   | opt_out | owner  | one_click | organisation | o1
        +436641234511 | u11        | sms     | opt_out | owner  | keyword   | brand        | b1
        15@x.at       | u15        | any     | opt_out | import | import    | organisation | o1
        +436641234516 | u16        | any     | opt_out | import | import    | organisation | o1
        +436641234519 | u19        | rcs     | opt_out | owner  | keyword   | organisation | o1
        +436641234519 | u19        | sms     | opt_out | owner  | keyword   | organisation | o1
                      | u20        | any     | opt_out | owner  | keyword   | organisation | o1
        +436641234521 | u21        | any      | opt_out | owner  | keyword   | organisation | o1
    """)
    landed.reviews("""
        address       | channel | body
        --------------+---------+----------------------
        +436641234512 | sms     | please leave me alone
        +436641234518 | whatsapp | No more
        +436641234523 | rcs     | who?
    """)
    assert landed.counts == (23, 19, 0, 4, 0)


def test_a_changed_state_is_the_owners_where_its_source_is_and_none_permits(tmp_path: Path) -> None:
    def state(number: int, status: str, source: str, channel: str = "email", **more: Any) -> dict[str, Any]:
        return event(
            number, "", subscription_status=status, state_change_source=source, channel=channel, email_address=f"{number}@x.at", **more
        )

    landed = land(tmp_path, "braze_events", {
        "users.behaviors.subscription.GlobalStateChange-0001.json": lines(
            state(1, "Unsubscribed", "Preference Center"), state(2, "Unsubscribed", "REST API"), state(3, "Unsubscribed", "p"),
            state(4, "Opted In", "Preference Center"), state(5, "Subscribed", "d"), state(6, "Unsubscribed", "List-Unsubscribe"),
            state(7, "Unsubscribed", "s", channel="push"), state(8, "Gone", "s"),
        ),
        "USERS_BEHAVIORS_SUBSCRIPTIONGROUP_STATECHANGE_SHARED.csv":
            "ID,USER_ID,EXTERNAL_USER_ID,TIME,EMAIL_ADDRESS,PHONE_NUMBER,CHANNEL,SUBSCRIPTION_STATUS,STATE_CHANGE_SOURCE,SUBSCRIPTION_GROUP_API_ID\n"
            f"e9,b9,u9,{AT},9@x.at,,email,Unsubscribed,Preference Center,g1\n"
            f"e10,b10,u10,{AT},10@x.at,+436641234510,whats_app,Unsubscribed,Inbound Message,g2\n"
            f"e11,b11,,{AT},11@x.at,,email,Subscribed,Preference Center,g1\n",
        "users.messages.email.json": lines(state(12, "Unsubscribed", "p")),
    }, map={"g1": {"scope": "list", "scope_id": "l1"}})  # fmt: skip
    landed.consents("""
        address       | profile_id | channel | action  | actor  | via             | scope        | scope_id
        --------------+------------+---------+---------+--------+-----------------+--------------+---------
        1@x.at        | u1         | email   | opt_out | owner  | preference_link | organisation | o1
        2@x.at        | u2         | email   | opt_out | import | import          | organisation | o1
        3@x.at        | u3         | email   | opt_out | owner  | preference_link | organisation | o1
        6@x.at        | u6         | email   | opt_out | owner  | one_click       | organisation | o1
        8@x.at        | u8         | email   | opt_out | import | import          | organisation | o1
        9@x.at        | u9         | email   | opt_out | owner  | preference_link | list         | l1
        +436641234510 | u10        | any      | opt_out | owner  | keyword         | organisation | o1
    """)
    assert landed.counts == (12, 7, 0, 4, 1)
    assert landed.rejected == [(1, "code_unknown")]
