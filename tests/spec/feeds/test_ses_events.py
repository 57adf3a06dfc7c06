"""Amazon SES's notifications and events."""

import json
from base64 import b64encode
from pathlib import Path

from tests.lib.feeds import land

AT = "2026-04-02T09:00:00.000Z"


def mail(*recipients: str, **tags: list[str]) -> dict[str, object]:
    return {"timestamp": AT, "messageId": f"m-{recipients}", "source": "news@example.org", "destination": list(recipients), "tags": tags}


def bounce(address: str, kind: str, why: str, status: str = "", text: str = "", key: str = "eventType") -> dict[str, object]:
    recipient = {"emailAddress": address, **({"action": "failed", "status": status, "diagnosticCode": text} if status or text else {})}
    said = {"bounceType": kind, "bounceSubType": why, "bouncedRecipients": [recipient], "timestamp": AT, "feedbackId": f"b-{address}"}
    return {key: "Bounce", "mail": mail(address), "bounce": said}


def complaint(address: str, **more: object) -> dict[str, object]:
    said = {"complainedRecipients": [{"emailAddress": address}], "timestamp": AT, "feedbackId": f"c-{address}", **more}
    return {"notificationType": "Complaint", "mail": mail(address), "complaint": said}


def subscription(address: str, *topics: tuple[str, str, str], everything: bool = False) -> dict[str, object]:
    new, old = ([{"topicName": topic[0], "subscriptionStatus": topic[place]} for topic in topics] for place in (2, 1))
    said = {
        "contactList": "members",
        "timestamp": AT,
        "source": "UnsubscribeHeader",
        "newTopicPreferences": {"unsubscribeAll": everything, "topicSubscriptionStatus": new},
        "oldTopicPreferences": {"unsubscribeAll": False, "topicSubscriptionStatus": old},
    }
    return {"eventType": "Subscription", "mail": mail(address), "subscription": said}


def sns(event: object, kind: str = "Notification") -> dict[str, object]:
    text = event if isinstance(event, str) else json.dumps(event)
    return {"Type": kind, "MessageId": "n-1", "TopicArn": "arn:aws:sns:eu-west-1:1:news", "Message": text, "Timestamp": AT}


def base64(event: object) -> str:
    return b64encode(json.dumps(event).encode()).decode()


def test_the_status_code_decides_then_the_sub_type_then_the_type(tmp_path: Path) -> None:
    landed = land(tmp_path, "ses_events", {"events.json": [
        bounce("gone@x.at", "Permanent", "General", "5.1.1", "smtp; 550 5.1.1 user unknown"),
        bounce("odd@x.at", "Permanent", "General", "5.7.1", "smtp; 554 5.7.1 message refused"),
        bounce("hard@x.at", "Permanent", "General"),
        bounce("away@x.at", "Transient", "General"),
        bounce("slow@x.at", "Transient", "General", "5.3.0", "smtp; 550 5.3.0 denied"),
        bounce("told@x.at", "Transient", "General", "", "smtp; try again later"),
        bounce("full@x.at", "Transient", "MailboxFull"),
        bounce("large@x.at", "Transient", "ContentRejected"),
        bounce("riddle@x.at", "Undetermined", "Undetermined"),
        bounce("new@x.at", "Permanent", "Something"),
        bounce("known@x.at", "Permanent", "Suppressed", "5.1.1", "Amazon SES has suppressed sending to this address"),
        bounce("listed@x.at", "Permanent", "OnAccountSuppressionList"),
        bounce("tenant@x.at", "Permanent", "OnTenantSuppressionList"),
    ]})  # fmt: skip
    landed.deliveries("""
        address     | type       | bounce_class | reason       | status_code | vendor_label
        ------------+------------+--------------+--------------+-------------+----------------------------------------
        gone@x.at   | bounce     | hard         |              | 5.1.1       | Bounce/Permanent/General
        odd@x.at    | bounce     | block        |              | 5.7.1       | Bounce/Permanent/General
        hard@x.at   | bounce     | hard         |              |             | Bounce/Permanent/General
        away@x.at   | auto_reply |              |              |             | Bounce/Transient/General/no code
        slow@x.at   | bounce     | soft         |              | 5.3.0       | Bounce/Transient/General
        told@x.at   | bounce     | soft         |              |             | Bounce/Transient/General
        full@x.at   | bounce     | soft         | mailbox_full |             | Bounce/Transient/MailboxFull
        large@x.at  | bounce     | block        |              |             | Bounce/Transient/ContentRejected
        riddle@x.at | bounce     | undetermined |              |             | Bounce/Undetermined/Undetermined
        new@x.at    | bounce     | hard         |              |             | Bounce/Permanent/Something
        known@x.at  | quarantine |              | bounced      | 5.1.1       | Bounce/Permanent/Suppressed
        listed@x.at | quarantine |              |              |             | Bounce/Permanent/OnAccountSuppressionList
        tenant@x.at | quarantine |              |              |             | Bounce/Permanent/suppressed by Amazon
    """)
    assert landed.unknown == {"code Bounce/Permanent/Something": 1}


def test_an_event_is_found_in_every_envelope(tmp_path: Path) -> None:
    landed = land(tmp_path, "ses_events", {
        "sns.json": sns(bounce("sns@x.at", "Permanent", "General", key="notificationType")),
        "raw.ndjson": "\n".join(json.dumps(bounce(f"raw{number}@x.at", "Permanent", "General")) for number in (1, 2)),
        "bus.json": {"detail-type": "Email Bounced", "source": "aws.ses", "detail": bounce("bus@x.at", "Permanent", "General")},
        "lambda.json": {"Records": [{"EventSource": "aws:sns", "Sns": sns(bounce("lambda@x.at", "Permanent", "General"))}]},
        "queue.json": {"Messages": [{"Body": json.dumps(sns(bounce("queue@x.at", "Permanent", "General")))}]},
        "records.json": {"Records": [{"body": json.dumps(bounce("body@x.at", "Permanent", "General"))}]},
        "kinesis.json": {"Records": [{"kinesis": {"data": base64(bounce("kinesis@x.at", "Permanent", "General"))}}]},
        "firehose.json": {"records": [{"recordId": "1", "data": base64(bounce("firehose@x.at", "Permanent", "General"))}]},
        "topic.json": sns({"detail-type": "Email Bounced", "detail": bounce("topic@x.at", "Permanent", "General")}),
        "deep.json": {"Records": [{"body": json.dumps({"Records": [{"Sns": sns(bounce("deep@x.at", "Permanent", "General"))}]})}]},
        "hello.json": sns("You have chosen to subscribe to the topic", "SubscriptionConfirmation"),
        "valid.json": sns("Successfully validated SNS topic for Amazon SES event publishing."),
        "broken.json": sns('{"eventType": "Bounce", "mail": {'),
    })  # fmt: skip
    landed.deliveries("""
        address     | bounce_class | occurred_from
        ------------+--------------+---------------------
        sns@x.at    | hard         | 2026-04-02T09:00:00Z
        raw1@x.at   | hard         | 2026-04-02T09:00:00Z
        raw2@x.at   | hard         | 2026-04-02T09:00:00Z
        bus@x.at    | hard         | 2026-04-02T09:00:00Z
        lambda@x.at | hard         | 2026-04-02T09:00:00Z
        queue@x.at  | hard         | 2026-04-02T09:00:00Z
        body@x.at   | hard         | 2026-04-02T09:00:00Z
        kinesis@x.at | hard        | 2026-04-02T09:00:00Z
        firehose@x.at | hard       | 2026-04-02T09:00:00Z
        topic@x.at  | hard         | 2026-04-02T09:00:00Z
        deep@x.at   | hard         | 2026-04-02T09:00:00Z
    """)
    assert landed.counts == (14, 11, 0, 2, 1)


def test_a_notification_may_name_several_recipients_and_one_may_have_none(tmp_path: Path) -> None:
    several = bounce("a@x.at", "Permanent", "General")
    several["bounce"]["bouncedRecipients"].append({"emailAddress": "B@x.at ", "status": "4.4.7", "diagnosticCode": "expired"})  # type: ignore[index]
    nobody = bounce("c@x.at", "Permanent", "General")
    nobody["bounce"]["bouncedRecipients"] = []  # type: ignore[index]
    reached = {"notificationType": "Delivery", "mail": mail("d@x.at", "e@x.at"), "delivery": {"timestamp": AT, "recipients": ["d@x.at"]}}
    going = {"eventType": "Send", "mail": mail("d@x.at", "e@x.at", campaign=["spring"]), "send": {}}
    landed = land(tmp_path, "ses_events", {"events.json": [several, several, nobody, reached, going]})
    landed.deliveries("""
        address | raw_address | type      | bounce_class | campaign | record_number
        --------+-------------+-----------+--------------+----------+--------------
        a@x.at  |             | bounce    | hard         |          | 1
        b@x.at  | B@x.at      | bounce    | soft         |          | 1
        a@x.at  |             | bounce    | hard         |          | 2
        b@x.at  | B@x.at      | bounce    | soft         |          | 2
        d@x.at  |             | delivered |              |          | 4
        d@x.at  |             | sent      |              | spring   | 5
        e@x.at  |             | sent      |              | spring   | 5
    """)
    assert landed.rejected == [(3, "address_missing")]
    assert landed.counts == (5, 3, 1, 0, 1)


def test_a_complaint_taken_back_is_none_and_lifts_nothing(tmp_path: Path) -> None:
    landed = land(tmp_path, "ses_events", {"events.json": [
        complaint("a@x.at", complaintFeedbackType="abuse", complaintSubType=None),
        complaint("b@x.at"),
        complaint("c@x.at", complaintFeedbackType="a new kind"),
        complaint("d@x.at", complaintSubType="OnAccountSuppressionList"),
        complaint("e@x.at", complaintFeedbackType="not-spam"),
        complaint("f@x.at", complaintFeedbackType="auth-failure"),
        *({"eventType": name, "mail": mail("g@x.at")} for name in ("Open", "Click", "Reject", "Rendering Failure", "DeliveryDelay")),
        {"eventType": "Something", "mail": mail("g@x.at")},
    ]})  # fmt: skip
    landed.deliveries("""
        address | type       | reason     | vendor_label
        --------+------------+------------+-----------------------------------
        a@x.at  | complaint  |            | Complaint/abuse
        b@x.at  | complaint  |            | Complaint
        c@x.at  | complaint  |            | Complaint/a new kind
        d@x.at  | quarantine | complained | Complaint/OnAccountSuppressionList
    """)
    assert landed.rejected == [(12, "code_unknown")]
    assert landed.unknown == {"code Complaint/a new kind": 1, "code Something": 1}


def test_a_topic_is_a_list_and_only_a_status_that_changed_is_a_yes(tmp_path: Path) -> None:
    events = [
        subscription("a@x.at", ("news", "OptIn", "OptOut"), ("offers", "OptIn", "OptIn")),
        subscription("b@x.at", ("news", "OptOut", "OptIn"), ("offers", "OptOut", "OptOut")),
        subscription("c@x.at", ("news", "OptIn", "OptIn"), everything=True),
        subscription("d@x.at", ("news", "OptIn", "Resting")),
        subscription("e@x.at"),
    ]
    scopes = {"news": {"scope": "list", "scope_id": "l1"}, "members": {"scope": "brand", "scope_id": "b1"}}
    landed = land(tmp_path, "ses_events", {"events.json": events}, map=scopes)
    landed.consents("""
        address | action  | scope        | scope_id | actor | via             | channel
        --------+---------+--------------+----------+-------+-----------------+--------
        a@x.at  | opt_out | list         | l1       | owner | one_click       | email
        b@x.at  | opt_in  | list         | l1       | owner | preference_link | email
        b@x.at  | opt_out | organisation | o1       | owner | one_click       | email
        c@x.at  | opt_out | brand        | b1       | owner | one_click       | email
        d@x.at  | opt_out | list         | l1       | owner | one_click       | email
    """)
    assert landed.counts == (5, 4, 0, 1, 0)
