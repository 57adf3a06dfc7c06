"""Amazon SES's notices by mail."""

import json

import pytest

from pipeline.messages.reader import read_message


@pytest.mark.parametrize(
    ("kind", "sub_type", "recipient", "expected"),
    [
        ("Permanent", "General", {}, "bounce"),
        ("Transient", "General", {}, "auto_reply"),
        ("Transient", "", {}, "auto_reply"),
        ("Transient", "General", {"status": "5.3.0"}, "bounce"),
        ("Transient", "General", {"diagnosticCode": "smtp; 451 try later"}, "bounce"),
        ("Transient", "MailboxFull", {}, "bounce"),
    ],
)
def test_a_transient_bounce_without_code_and_text_is_an_absence_notice(kind: str, sub_type: str, recipient: dict[str, str], expected: str):
    bounce = {"bounceType": kind, "bounceSubType": sub_type, "bouncedRecipients": [{"emailAddress": "anna@x.at", **recipient}]}
    notice = json.dumps({"notificationType": "Bounce", "bounce": bounce})
    message = f"From: no-reply@sns.amazonaws.com\nTo: bounces@kultur.example\nSubject: AWS Notification Message\n\n{notice}\n"
    assert [(found.kind, found.address) for found in read_message(message.encode()).findings] == [(expected, "anna@x.at")]
