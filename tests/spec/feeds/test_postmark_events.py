"""Postmark's webhooks and bounces API."""

from pathlib import Path

from tests.lib.feeds import land

AT = "2026-04-02T11:00:00.1234567+02:00"


def bounce(address: str, kind: str, **more: object) -> dict[str, object]:
    return {"RecordType": "Bounce", "ID": 42, "Type": kind, "Email": address, "BouncedAt": AT, "MessageStream": "outbound", **more}


def change(address: str, reason: str | None, origin: str, **more: object) -> dict[str, object]:
    facts = {"SuppressSending": True, "SuppressionReason": reason, "Origin": origin, "MessageID": None}
    return {"RecordType": "SubscriptionChange", "Recipient": address, "ChangedAt": "2026-04-02T09:00:00Z", **facts, **more}


def test_a_status_code_in_the_details_decides_before_the_type(tmp_path: Path) -> None:
    landed = land(tmp_path, "postmark_events", {"events.json": [
        bounce("gone@x.at", "HardBounce", Details="Test bounce details"),
        bounce("full@x.at", "HardBounce", Details="smtp;552 5.2.2 mailbox full"),
        bounce("soft@x.at", "SoftBounce", Details="smtp;550 5.1.1 no such user"),
        bounce("bad@x.at", "BadEmailAddress"),
        bounce("dns@x.at", "DnsError"),
        bounce("spam@x.at", "SpamNotification"),
        bounce("block@x.at", "Blocked", Details="smtp;554 5.7.1 listed"),
        bounce("dmarc@x.at", "DMARCPolicy"),
        bounce("virus@x.at", "VirusNotification"),
        bounce("odd@x.at", "Unknown"),
        bounce("new@x.at", "SomethingNew"),
    ]})  # fmt: skip
    landed.deliveries("""
        address    | type   | bounce_class | reason       | vendor_label             | occurred_from
        -----------+--------+--------------+--------------+--------------------------+---------------------
        gone@x.at  | bounce | hard         |              | Bounce/HardBounce        | 2026-04-02T09:00:00Z
        full@x.at  | bounce | soft         | mailbox_full | Bounce/HardBounce        | 2026-04-02T09:00:00Z
        soft@x.at  | bounce | hard         |              | Bounce/SoftBounce        | 2026-04-02T09:00:00Z
        bad@x.at   | bounce | hard         |              | Bounce/BadEmailAddress   | 2026-04-02T09:00:00Z
        dns@x.at   | bounce | soft         |              | Bounce/DnsError          | 2026-04-02T09:00:00Z
        spam@x.at  | bounce | block        |              | Bounce/SpamNotification  | 2026-04-02T09:00:00Z
        block@x.at | bounce | block        |              | Bounce/Blocked           | 2026-04-02T09:00:00Z
        dmarc@x.at | bounce | block        |              | Bounce/DMARCPolicy       | 2026-04-02T09:00:00Z
        virus@x.at | bounce | block        |              | Bounce/VirusNotification | 2026-04-02T09:00:00Z
        odd@x.at   | bounce | undetermined |              | Bounce/Unknown           | 2026-04-02T09:00:00Z
        new@x.at   | bounce | undetermined |              | Bounce/SomethingNew      | 2026-04-02T09:00:00Z
    """)
    assert landed.unknown == {"code Bounce/SomethingNew": 1}


def test_what_is_called_a_bounce_may_be_a_complaint_a_request_or_nothing(tmp_path: Path) -> None:
    inactive = "You tried to send to recipient(s) that have been marked as inactive."
    landed = land(tmp_path, "postmark_events", {"events.json": [
        bounce("spam@x.at", "SpamComplaint", RecordType="SpamComplaint"),
        bounce("older@x.at", "SpamComplaint"),
        bounce("staff@x.at", "ManuallyDeactivated"),
        bounce("drop@x.at", "SMTPApiError", Details=inactive),
        bounce("away@x.at", "AutoResponder"),
        bounce("moved@x.at", "AddressChange"),
        bounce("stop@x.at", "Unsubscribe"),
        bounce("a@x.at", "Transient"),
        bounce("a@x.at", "SMTPApiError"),
        bounce("a@x.at", "ChallengeVerification"),
        bounce("a@x.at", "Subscribe"),
        bounce("a@x.at", "TemplateRenderingFailed"),
        {"RecordType": "Delivery", "Recipient": "got@x.at", "DeliveredAt": "2026-04-02T09:00:00Z"},
        {"RecordType": "Open", "Recipient": "a@x.at", "ReceivedAt": "2026-04-02T09:00:00Z"},
        {"RecordType": "Click", "Recipient": "a@x.at", "ReceivedAt": "2026-04-02T09:00:00Z"},
        {"RecordType": "Purchase", "Recipient": "a@x.at", "ReceivedAt": "2026-04-02T09:00:00Z"},
    ]})  # fmt: skip
    landed.deliveries("""
        address    | type       | reason | actor
        -----------+------------+--------+---------
        spam@x.at  | complaint  |        | provider
        older@x.at | complaint  |        | provider
        staff@x.at | quarantine | manual | staff
        drop@x.at  | quarantine |        | provider
        away@x.at  | auto_reply |        | provider
        moved@x.at | auto_reply |        | provider
        got@x.at   | delivered  |        | provider
    """)
    landed.consents("""
        address   | action  | actor | via
        ----------+---------+-------+------
        stop@x.at | opt_out | owner | reply
    """)
    assert landed.rejected == [(16, "code_unknown")]
    assert landed.counts == (16, 8, 0, 7, 1)


def test_a_change_of_the_suppression_list_is_the_owners_no_or_staffs_or_a_restriction(tmp_path: Path) -> None:
    files = {"events.ndjson": [
        change("a@x.at", "ManualSuppression", "Recipient", MessageStream="news"),
        change("b@x.at", "ManualSuppression", "Recipient", MessageStream="other"),
        change("c@x.at", "ManualSuppression", "Customer"),
        change("d@x.at", "ManualSuppression", "Admin"),
        change("e@x.at", "HardBounce", "Recipient"),
        change("f@x.at", "SpamComplaint", "Recipient"),
        change("g@x.at", "SomethingNew", "Recipient"),
        change("a@x.at", None, "Customer", SuppressSending=False),
        change("a@x.at", None, "Recipient", SuppressSending=False, MessageStream="news"),
    ]}  # fmt: skip
    landed = land(tmp_path, "postmark_events", files, map={"news": {"scope": "list", "scope_id": "l1"}})
    landed.consents("""
        address | action  | scope        | scope_id | actor | via
        --------+---------+--------------+----------+-------+----------
        a@x.at  | opt_out | list         | l1       | owner | one_click
        b@x.at  | opt_out | organisation | o1       | owner | one_click
        c@x.at  | opt_out | organisation | o1       | staff | manual
        d@x.at  | opt_out | organisation | o1       | staff | manual
    """)
    landed.deliveries("""
        address | type       | reason  | occurred_from
        --------+------------+---------+---------------------
        e@x.at  | quarantine | bounced | 2026-04-02T09:00:00Z
        f@x.at  | complaint  |         | 2026-04-02T09:00:00Z
        g@x.at  | quarantine |         | 2026-04-02T09:00:00Z
    """)
    assert landed.unknown == {"code SubscriptionChange/SomethingNew": 1, "scope list other": 1}
    assert landed.counts == (9, 7, 0, 2, 0)


def test_older_hooks_have_no_record_type_and_the_api_wraps_its_bounces(tmp_path: Path) -> None:
    older = {"ID": 42, "Type": "HardBounce", "Email": "a@x.at", "BouncedAt": AT}
    landed = land(tmp_path, "postmark_events", {
        "hook.json": older,
        "api.json": {"TotalCount": 2, "Bounces": [older, {**older, "ID": 43, "Type": "SpamComplaint", "Email": "<B@X.AT>"}]},
        "delivery.json": {"ServerId": 23, "Recipient": "c@x.at", "DeliveredAt": "2026-04-02T05:00:00-04:00"},
        "open.json": {"FirstOpen": True, "Recipient": "c@x.at", "ReceivedAt": AT},
        "none.json": {"TotalCount": 0, "Bounces": []},
        "untimed.json": {"Type": "SoftBounce", "Email": "d@x.at", "MessageID": "1"},
    })  # fmt: skip
    landed.deliveries("""
        address | type      | bounce_class | event_id | occurred_from
        --------+-----------+--------------+----------+---------------------
        a@x.at  | bounce    | hard         | 42       | 2026-04-02T09:00:00Z
        a@x.at  | bounce    | hard         | 42       | 2026-04-02T09:00:00Z
        b@x.at  | complaint |              | 43       | 2026-04-02T09:00:00Z
        c@x.at  | delivered |              |          | 2026-04-02T09:00:00Z
        d@x.at  | bounce    | soft         |          | 0001-01-01T00:00:00Z
    """)
    assert landed.counts == (6, 5, 0, 1, 0)
