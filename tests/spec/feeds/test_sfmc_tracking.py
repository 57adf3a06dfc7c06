"""Salesforce Marketing Cloud's tracking extract: a zip of tables."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from tests.lib.feeds import land

EVENT = "ClientID,SendID,SubscriberKey,EmailAddress,SubscriberID,ListID,EventDate,EventType"
MORE = "BatchID,TriggeredSendExternalKey"
BOUNCES = f"""{EVENT},BounceCategory,SMTPCode,BounceReason,{MORE}
7001,900,k1,a@x.at,1,10,4/2/2026 3:00:00 AM,Bounce,Hard bounce,550,5.1.1 User Unknown,1,welcome
7001,900,k2,b@x.at,2,10,4/2/2026 3:00:00 AM,Bounce,Hard bounce,,,1,
7001,900,k3,c@x.at,3,10,4/2/2026 3:00:00 AM,Bounce,Soft bounce,452,4.2.2 Mailbox full,1,
7001,900,k4,d@x.at,4,10,4/2/2026 3:00:00 AM,Bounce,Block bounce,554,5.7.1 blocked,1,
7001,900,k5,e@x.at,5,10,4/2/2026 3:00:00 AM,Bounce,Technical/Other bounce,,,1,
7001,900,k6,f@x.at,6,10,4/2/2026 3:00:00 AM,Bounce,Unknown bounce,,,1,
7001,900,k7,g@x.at,7,10,4/2/2026 3:00:00 AM,Bounce,Brand new,,,1,
7001,900,k8,,8,10,4/2/2026 3:00:00 AM,Bounce,Hard bounce,550,,1,
"""
UNSUBS = f"""{EVENT},{MORE},UnsubReason
7001,900,k1,a@x.at,1,10,7/2/2026 12:00:00 PM,Unsubscribe,1,,
7001,900,k2,b@x.at,2,11,7/2/2026 12:00:00 PM,Unsubscribe,1,,too many
7001,900,c@x.at,,3,10,7/2/2026 12:00:00 PM,Unsubscribe,1,,Spam Complaint
"""
CHANGES = """ClientID,SubscriberKey,EmailAddress,SubscriberID,OldStatus,NewStatus,DateChanged
7001,k1,d@x.at,1,Active,Unsubscribed,4/3/2026 3:00:00 AM
7001,k2,e@x.at,2,Bounced,Held,4/3/2026 3:00:00 AM
7001,k3,f@x.at,3,Unsubscribed,Active,4/3/2026 3:00:00 AM
7001,k4,g@x.at,4,Active,Something new,4/3/2026 3:00:00 AM
"""
COMPLAINTS = f"{EVENT},{MORE},Domain\n7001,900,k1,h@x.at,1,10,4/3/2026 3:00:00 AM,Complaint,1,,x.at\n" * 1
NOT_SENT = f"""{EVENT},{MORE},Reason
7001,900,k1,a@x.at,1,10,4/3/2026 3:00:00 AM,NotSent,1,,Held
7001,900,k2,b@x.at,2,10,4/3/2026 3:00:00 AM,NotSent,1,,List Level Opt Out
7001,900,k3,c@x.at,3,10,4/3/2026 3:00:00 AM,NotSent,1,,Unsubscribed Master
7001,900,k4,d@x.at,4,10,4/3/2026 3:00:00 AM,NotSent,1,,Excluded by Send Time Filter
7001,900,k5,e@x.at,5,10,4/3/2026 3:00:00 AM,NotSent,1,,Brand new
"""
SENT = f"{EVENT},{MORE}\n7001,900,k1,a@x.at,1,10,4/2/2026 3:00:00 AM,Sent,1,welcome\n"
OPENS = SENT.replace(",Sent,", ",Open,") * 1
JOBS = "ClientID,SendID,FromName,FromEmail,SchedTime,Subject,EmailName\n7001,900,Ufer,news@example.org,4/2/2026 3:00:00 AM,Spring,Spring\n"
LISTS = {"10": {"scope": "list", "scope_id": "l1"}}


def zipped(**files: str) -> bytes:
    target = BytesIO()
    with ZipFile(target, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"{name}.csv", text)
    return target.getvalue()


def test_the_reply_code_decides_before_the_category(tmp_path: Path) -> None:
    landed = land(tmp_path, "sfmc_tracking", {"extract.zip": zipped(Bounces=BOUNCES)})
    landed.deliveries("""
        address | type   | bounce_class | reason       | campaign | occurred_from        | vendor_label
        --------+--------+--------------+--------------+----------+----------------------+-----------------
        a@x.at  | bounce | hard         |              | welcome  | 2026-04-02T09:00:00Z | bounce/hard
        b@x.at  | bounce | hard         |              | 900      | 2026-04-02T09:00:00Z | bounce/hard
        c@x.at  | bounce | soft         | mailbox_full | 900      | 2026-04-02T09:00:00Z | bounce/soft
        d@x.at  | bounce | block        |              | 900      | 2026-04-02T09:00:00Z | bounce/block
        e@x.at  | bounce | soft         |              | 900      | 2026-04-02T09:00:00Z | bounce/technical
        f@x.at  | bounce | undetermined |              | 900      | 2026-04-02T09:00:00Z | bounce/unknown
        g@x.at  | bounce | undetermined |              | 900      | 2026-04-02T09:00:00Z | bounce/Brand new
    """)
    assert landed.rejected == [(8, "address_missing")]
    assert landed.unknown == {"code bounce/Brand new": 1}


def test_an_unsubscription_is_from_its_list_and_a_status_from_everything(tmp_path: Path) -> None:
    audience = zipped(Unsubs=UNSUBS, StatusChanges=CHANGES, Complaints=COMPLAINTS)
    landed = land(tmp_path, "sfmc_tracking", {"extract.zip": audience}, as_of="2026-08-01T08:00:00Z", map=LISTS)
    landed.consents("""
        address | action  | scope        | scope_id | actor  | via       | occurred_from        | vendor_label
        --------+---------+--------------+----------+--------+-----------+----------------------+---------------------
        a@x.at  | opt_out | list         | l1       | owner  | one_click | 2026-07-02T18:00:00Z | unsubscribe
        b@x.at  | opt_out | organisation | o1       | owner  | one_click | 2026-07-02T18:00:00Z | unsubscribe
        d@x.at  | opt_out | organisation | o1       | import | import    | 2026-04-03T09:00:00Z | status/Unsubscribed
        g@x.at  | opt_out | organisation | o1       | import | import    | 2026-04-03T09:00:00Z | status/Something new
    """)
    landed.deliveries("""
        address | type       | reason | occurred_from        | vendor_label
        --------+------------+--------+----------------------+----------------------
        c@x.at  | complaint  |        | 2026-07-02T18:00:00Z | unsubscribe/complaint
        e@x.at  | quarantine | held   | 2026-04-03T09:00:00Z | status/Held
        h@x.at  | complaint  |        | 2026-04-03T09:00:00Z | complaint
    """)
    assert landed.unknown == {"code status/Something new": 1, "scope list 11": 1}


def test_what_was_not_sent_repeats_a_restriction_and_the_other_tables_hold_no_events(tmp_path: Path) -> None:
    files = zipped(NotSent=NOT_SENT, Sent=SENT, Opens=OPENS, SendJobs=JOBS, Lists="ClientID,ListID,Name\n7001,10,News\n")
    landed = land(tmp_path, "sfmc_tracking", {"extract.zip": files}, map=LISTS)
    landed.consents("""
        address | action  | scope        | scope_id
        --------+---------+--------------+---------
        b@x.at  | opt_out | list         | l1
        c@x.at  | opt_out | organisation | o1
    """)
    landed.deliveries("""
        address | type       | reason | campaign
        --------+------------+--------+---------
        a@x.at  | quarantine | held   | 900
        a@x.at  | sent       |        | welcome
    """)
    assert landed.rejected == [(5, "code_unknown")]
    assert landed.counts == (9, 4, 0, 4, 1)
    assert not any(load["is_refused"] for load in landed.loads)


def test_a_table_without_its_name_tells_by_the_events_type_and_utf_16_is_read(tmp_path: Path) -> None:
    lines = [EVENT.replace(",", "\t").replace("SendID", "JobID")]
    for number, name in enumerate(("Sent", "Open", "Unsubscribe", "Spam Complaint", "HardBounce", "Something new"), start=1):
        lines.append(f"7001\t900\tk{number}\t{number}@x.at\t{number}\t10\t2026-04-02 03:00:00\t{name}")
    landed = land(tmp_path, "sfmc_tracking", {"part1.txt": "\r\n".join(lines).encode("utf-16")})
    landed.deliveries("""
        address | type      | bounce_class
        --------+-----------+-------------
        1@x.at  | sent      |
        4@x.at  | complaint |
        5@x.at  | bounce    | hard
    """)
    landed.consents("""
        address | action  | scope        | occurred_from
        --------+---------+--------------+---------------------
        3@x.at  | opt_out | organisation | 2026-04-02T09:00:00Z
    """)
    assert landed.counts == (6, 4, 0, 1, 1)
    assert landed.rejected == [(6, "code_unknown")]
