"""Messages of a bounce mailbox: delivery reports, complaints, vacation replies and people who write back."""

from datetime import datetime
from email.utils import format_datetime

_HEADERS = """\
Return-Path: <{path}>
Received: from mx.{domain} (mx.{domain} [192.0.2.25]) by post.kulturmeile.example; {date}
From: {sender}
To: {to}
Subject: {subject}
Date: {date}
Message-ID: <{number}.demo@mx.{domain}>
MIME-Version: 1.0
"""

_REPORT = """\
Auto-Submitted: auto-replied
Content-Type: multipart/report; report-type=delivery-status; boundary="=_demo_{number}"

--=_demo_{number}
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

{text}

--=_demo_{number}
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.{domain}
Arrival-Date: {date}

Final-Recipient: rfc822; {address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {diagnostic}

--=_demo_{number}
Content-Type: text/rfc822-headers

From: Galerie am Ufer <galerie@kulturmeile.example>
To: {address}
Subject: Einladung zur Eröffnung

--=_demo_{number}--
"""

_COMPLAINT = """\
Content-Type: multipart/report; report-type=feedback-report; boundary="=_demo_{number}"

--=_demo_{number}
Content-Type: text/plain; charset=us-ascii

This is an email abuse report for a message received on {date}.

--=_demo_{number}
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: DemoLoop/1.0
Version: 1
Original-Rcpt-To: {recipient}
Arrival-Date: {date}

--=_demo_{number}
Content-Type: message/rfc822

From: Galerie am Ufer <galerie@kulturmeile.example>
To: {recipient}
Subject: Einladung zur Eröffnung
Date: {date}

Wir freuen uns auf Ihren Besuch.

--=_demo_{number}--
"""

_VACATION = """\
Auto-Submitted: auto-replied
Precedence: bulk
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Ich bin bis Montag nicht im Büro und lese Ihre Nachricht danach.
Tot maandag ben ik niet aanwezig.
"""

_PLAIN = """\
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

{text}
"""

_REPORTS = {
    "unknown": ("failed", "5.1.1", "550 5.1.1 <{address}>: User unknown", "Die Adresse {address} gibt es nicht."),
    "full": ("failed", "5.2.2", "552 5.2.2 mailbox full", "Das Postfach von {address} ist voll. / De mailbox is vol."),
    "policy": ("failed", "5.7.1", "554 5.7.1 message rejected due to content policy", "Die Nachricht wurde abgelehnt."),
    "delay": ("delayed", "4.4.1", "421 4.4.1 connection timed out", "Die Zustellung verzögert sich. Sie müssen nichts tun."),
}

REPORTED = {*_REPORTS, "complaint"}
"""The kinds that report what became of a message of ours."""


def write(kind: str, address: str, at: datetime, number: int) -> str:
    """One message about the address, with LF line ends.

    Kinds: unknown, full, policy, delay (delivery reports), complaint, redacted (a complaint that does not say whose),
    vacation, unsubscribe, letter.
    """
    domain = address.rpartition("@")[2].encode("idna").decode()
    fields = {
        "number": number,
        "date": format_datetime(at),
        "domain": domain,
        "address": address,
        "path": "",
        "to": "bounce@kulturmeile.example",
    }
    if kind in _REPORTS:
        action, status, diagnostic, text = _REPORTS[kind]
        head = _HEADERS.format(sender=f"Mail Delivery System <MAILER-DAEMON@mx.{domain}>", subject="Undelivered Mail", **fields)
        return head + _REPORT.format(
            action=action, status=status, diagnostic=diagnostic.format(address=address), text=text.format(address=address), **fields
        )
    if kind in ("complaint", "redacted"):
        head = _HEADERS.format(sender=f"feedback@{domain}", subject="FW: Einladung", **fields)
        return head + _COMPLAINT.format(recipient="[redacted]" if kind == "redacted" else address, **fields)
    if kind == "vacation":
        return _HEADERS.format(sender=address, subject="Abwesenheitsnotiz: Einladung", **fields) + _VACATION
    subject, text, to = {
        "unsubscribe": ("unsubscribe", "Bitte keine Einladungen mehr.", "abmelden@kulturmeile.example"),
        "letter": ("Frage zum Kartenkauf", "Haben Sie am Montag geöffnet?", "galerie@kulturmeile.example"),
    }[kind]
    fields |= {"path": address, "to": to}
    return _HEADERS.format(sender=address, subject=subject, **fields) + _PLAIN.format(text=text)


def in_mbox(message: str, at: datetime) -> str:
    """The message as it stands in an mbox: behind a "From " line, with a blank line after it."""
    body = "\n".join(f">{line}" if line.startswith("From ") else line for line in message.split("\n"))
    return f"From MAILER-DAEMON {at.strftime('%a %b %d %H:%M:%S %Y')}\n{body}\n"
