"""Brevo's contacts: the export and the API."""

from pathlib import Path

from tests.lib.feeds import land

EXPORT = """EMAIL;NACHNAME;VORNAME;SMS;EMAIL_BLACKLISTED;SMS_BLACKLISTED;ADDED_TIME;MODIFIED_TIME;TOWN
a@x.at;Berger;Anna;436641111111;No;No;12-04-2025 09:30;13-04-2026 10:00;Linz
B@X.at ;Maier;"Berta
Maria";436642222222;Yes;No;12-04-2025 09:30;13-04-2026 10:00;
c@x.at;;;06643333333;non;Yes;12-04-2025 09:30;;
d@x.at;;;;Unsubscribed;;12-04-2025 09:30;;
;;;436645555555;No;true;12-04-2025 09:30;;
no address;;;;Yes;No;12-04-2025 09:30;;
"""


def test_a_blacklisted_contact_is_out_on_its_channel_since_the_first_export_that_says_so(tmp_path: Path) -> None:
    landed = land(tmp_path, "brevo_contacts", {"contacts.csv": EXPORT})
    landed.consents("""
        address       | action  | channel | actor  | profile_id   | is_standing | vendor_label
        --------------+---------+---------+--------+--------------+-------------+-------------------------------
        b@x.at        | opt_out | email   | import | b@x.at       | true        | email_blacklisted/Yes
        +436643333333 | opt_out | sms     | import | c@x.at       | true        | sms_blacklisted/Yes
        d@x.at        | opt_out | email   | import | d@x.at       | true        | email_blacklisted/Unsubscribed
        +436645555555 | opt_out | sms     | import | 436645555555 | true        | sms_blacklisted/true
                      | opt_out | email   | import | no address   | true        | email_blacklisted/Yes
    """)
    landed.profiles("""
        profile_id   | phone_number  | translate(first_name, chr(10), ' ') | last_name | updated_at           | attributes['TOWN']
        -------------+---------------+-----------------------------------+-----------+----------------------+-------------------
        a@x.at       | +436641111111 | Anna                              | Berger    | 2026-04-13T08:00:00Z | Linz
        b@x.at       | +436642222222 | Berta Maria                       | Maier     | 2026-04-13T08:00:00Z |
        c@x.at       | +436643333333 |                                   |           |                      |
        d@x.at       |               |                                   |           |                      |
        436645555555 | +436645555555 |                                   |           |                      |
        no address   |               |                                   |           |                      |
    """)
    assert landed.counts == (6, 6, 0, 0, 0)
    assert landed.unknown == {"code email_blacklisted/Unsubscribed": 1}


def test_an_export_without_the_blacklist_is_refused(tmp_path: Path) -> None:
    landed = land(tmp_path, "brevo_contacts", {"contacts.csv": "EMAIL;ADDED_TIME\na@x.at;12-04-2025 09:30\nb@x.at;12-04-2025 09:30\n"})
    assert [load["is_refused"] for load in landed.loads] == [True]


def test_the_api_also_tells_the_lists_that_somebody_left(tmp_path: Path) -> None:
    def contact(number: int, **more: object) -> dict[str, object]:
        found = {"id": number, "email": f"{number}@x.at", "emailBlacklisted": False, "smsBlacklisted": False, "listIds": [7]}
        return found | {"modifiedAt": "2026-03-01T10:00:00.000+01:00", "attributes": {"PRENOM": "Ida", "SMS": "436641111111"}} | more

    pages = {
        "contacts": [contact(1), contact(2, emailBlacklisted=True), contact(3, smsBlacklisted=True), contact(4, listUnsubscribed=[7, 8])],
        "count": 4,
    }
    landed = land(tmp_path, "brevo_contacts", {"contacts.json": pages}, map={"7": {"scope": "list", "scope_id": "l1"}})
    landed.consents("""
        address       | action  | channel | scope        | scope_id | profile_id | reason
        --------------+---------+---------+--------------+----------+------------+------------------
        2@x.at        | opt_out | email   | organisation | o1       | 2          | email_blacklisted
        +436641111111 | opt_out | sms     | organisation | o1       | 3          | sms_blacklisted
        4@x.at        | opt_out | email   | list         | l1       | 4          | list_unsubscribed
        4@x.at        | opt_out | email   | organisation | o1       | 4          | list_unsubscribed
    """)
    landed.profiles("""
        profile_id | first_name | updated_at
        -----------+------------+---------------------
        1          | Ida        | 2026-03-01T09:00:00Z
        2          | Ida        | 2026-03-01T09:00:00Z
        3          | Ida        | 2026-03-01T09:00:00Z
        4          | Ida        | 2026-03-01T09:00:00Z
    """)
    assert landed.counts == (4, 4, 0, 0, 0)
