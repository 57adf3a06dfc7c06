"""HubSpot's communication preferences."""

from pathlib import Path

from tests.lib.feeds import land

AT = 1775120400000  # 2026-04-02T09:00:00Z
LISTS = {"10": {"scope": "list", "scope_id": "l1"}, "11": {"scope": "list", "scope_id": "l2"}, "5": {"scope": "brand", "scope_id": "b1"}}


def status(address: str, word: str, subscription: int | None = 10, **more: object) -> dict[str, object]:
    said = {"subscriberIdString": address, "channel": "EMAIL", "status": word, "timestamp": "2026-04-02T09:00:00Z", "source": "API"}
    return {**said, **({"subscriptionId": subscription} if subscription else {}), **more}


def test_a_state_restricts_and_never_permits(tmp_path: Path) -> None:
    landed = land(tmp_path, "hubspot_preferences", {"statuses.json": {"status": "COMPLETE", "results": [
        status("a@x.at", "UNSUBSCRIBED"),
        status("b@x.at", "SUBSCRIBED", legalBasis="CONSENT_WITH_NOTICE", legalBasisExplanation="stand"),
        status("c@x.at", "NOT_SPECIFIED"),
        status("d@x.at", "SNOOZED"),
        status("e@x.at", "UNSUBSCRIBED", 99),
        status("f@x.at", "UNSUBSCRIBED", None, wideStatusType="PORTAL_WIDE", businessUnitId=5),
        status("g@x.at", "UNSUBSCRIBED", None, wideStatusType="BUSINESS_UNIT_WIDE", businessUnitId=5),
    ]}}, map=LISTS)  # fmt: skip
    landed.consents("""
        address | action  | scope        | scope_id | actor  | channel | occurred_from
        --------+---------+--------------+----------+--------+---------+---------------------
        a@x.at  | opt_out | list         | l1       | import | email   | 2026-04-02T09:00:00Z
        d@x.at  | opt_out | list         | l1       | import | email   | 2026-04-02T09:00:00Z
        e@x.at  | opt_out | organisation | o1       | import | email   | 2026-04-02T09:00:00Z
        f@x.at  | opt_out | organisation | o1       | import | email   | 2026-04-02T09:00:00Z
        g@x.at  | opt_out | brand        | b1       | import | email   | 2026-04-02T09:00:00Z
    """)
    assert landed.counts == (7, 5, 0, 2, 0)
    assert landed.unknown == {"code SNOOZED": 1, "scope list 99": 1}


def test_the_answer_to_a_change_is_an_event_when_it_tells_time_source_and_reason(tmp_path: Path) -> None:
    basis = {"legalBasis": "CONSENT_WITH_NOTICE", "legalBasisExplanation": "signed at the stand"}
    landed = land(tmp_path, "hubspot_preferences", {"batch.json": {"status": "COMPLETE", "results": [{"statuses": [
        status("a@x.at", "SUBSCRIBED", setStatusSuccessReason="REQUESTED_CHANGE_OCCURRED", **basis),
        status("b@x.at", "SUBSCRIBED", setStatusSuccessReason="RESUBSCRIBE_OCCURRED", legalBasis="NON_GDPR"),
        status("c@x.at", "SUBSCRIBED", setStatusSuccessReason="NO_STATUS_CHANGE", **basis),
        status("d@x.at", "SUBSCRIBED", setStatusSuccessReason="REQUESTED_CHANGE_OCCURRED", source="", **basis),
        status("e@x.at", "SUBSCRIBED", 99, setStatusSuccessReason="REQUESTED_CHANGE_OCCURRED", **basis),
        status("f@x.at", "UNSUBSCRIBED", setStatusSuccessReason="UNSUBSCRIBE_FROM_ALL_OCCURRED"),
    ]}]}}, map=LISTS)  # fmt: skip
    landed.consents("""
        address | action  | scope | scope_id | actor  | legal_basis         | explanation
        --------+---------+-------+----------+--------+---------------------+--------------------
        a@x.at  | opt_in  | list  | l1       | import | CONSENT_WITH_NOTICE | signed at the stand
        b@x.at  | opt_in  | list  | l1       | import |                     |
        f@x.at  | opt_out | list  | l1       | import |                     |
    """)
    assert landed.rejected == [(5, "scope_unknown")]
    assert landed.counts == (6, 3, 0, 2, 1)


def test_a_table_of_the_fields_is_read_as_the_answers_are(tmp_path: Path) -> None:
    landed = land(tmp_path, "hubspot_preferences", {"statuses.csv": (
        "\ufeffsubscriber_id_string;subscription_id;status;timestamp;source\r\n"
        " A@X.at ;10;UNSUBSCRIBED;2026-04-02T09:00:00Z;form\r\nb@x.at;10;SUBSCRIBED;2026-04-02T09:00:00Z;form\r\n"
    )}, map=LISTS)  # fmt: skip
    landed.consents("""
        address | action  | scope | scope_id
        --------+---------+-------+---------
        a@x.at  | opt_out | list  | l1
    """)


def test_a_recipients_statuses_of_version_3_come_from_the_subscription_the_brand_or_the_portal(tmp_path: Path) -> None:
    landed = land(tmp_path, "hubspot_preferences", {"recipient.json": {"recipient": "a@x.at", "subscriptionStatuses": [
        {"id": "10", "status": "NOT_SUBSCRIBED", "sourceOfStatus": "SUBSCRIPTION_STATUS"},
        {"id": "11", "status": "SUBSCRIBED", "sourceOfStatus": "SUBSCRIPTION_STATUS", "legalBasis": "CONSENT_WITH_NOTICE"},
        {"id": "12", "status": "NOT_SUBSCRIBED", "sourceOfStatus": "BRAND_WIDE_STATUS", "brandId": 5},
        {"id": "13", "status": "NOT_SUBSCRIBED", "sourceOfStatus": "PORTAL_WIDE_STATUS"},
    ]}}, map=LISTS)  # fmt: skip
    landed.consents("""
        address | action  | scope        | scope_id
        --------+---------+--------------+---------
        a@x.at  | opt_out | list         | l1
        a@x.at  | opt_out | brand        | b1
        a@x.at  | opt_out | organisation | o1
    """)
    assert landed.counts == (1, 1, 0, 0, 0)


def test_version_1_tells_an_address_or_a_timeline_of_changes(tmp_path: Path) -> None:
    def change(kind: str, word: str, **more: object) -> dict[str, object]:
        return {"changeType": kind, "change": word, "source": "SOURCE_NON_DELIVERY_REPORT", **more}

    landed = land(tmp_path, "hubspot_preferences", {
        "contact.json": {"email": "a@x.at", "unsubscribeFromPortal": True, "markedAsSpam": True, "bounced": False,
            "subscriptionStatuses": [{"id": 10, "subscribed": False, "optState": "OPT_OUT", "updatedAt": AT},
                                     {"id": 11, "subscribed": True, "optState": "OPT_IN", "updatedAt": AT}]},
        "timeline.json": {"hasMore": False, "timeline": [
            {"timestamp": AT, "recipient": "b@x.at", "changes": [change("PORTAL_BOUNCE", "BOUNCED"),
                change("SUBSCRIPTION_STATUS", "UNSUBSCRIBED", subscriptionId=10)]},
            {"timestamp": AT, "recipient": "c@x.at", "changes": [change("PORTAL_STATUS", "SUBSCRIBED")]},
        ]},
    }, map=LISTS)  # fmt: skip
    landed.consents("""
        address | action  | scope        | scope_id | occurred_from
        --------+---------+--------------+----------+---------------------
        a@x.at  | opt_out | organisation | o1       | 2026-06-01T08:00:00Z
        a@x.at  | opt_out | list         | l1       | 2026-04-02T09:00:00Z
        b@x.at  | opt_out | list         | l1       | 2026-04-02T09:00:00Z
    """)
    landed.deliveries("""
        address | type       | reason
        --------+------------+--------
        a@x.at  | complaint  |
        b@x.at  | quarantine | bounced
    """)
    assert landed.counts == (3, 2, 0, 1, 0)
