"""Whose bounce it is, and what is nobody's (domain §5 "Whose bounce"): mails in a bounce mailbox, and the events that they become."""

from pathlib import Path

from tests.lib.feeds import land

CAMPAIGN = "From: Haus <news@haus.example>\nTo: {to}\nSubject: Programm\nList-Unsubscribe: <mailto:leave@haus.example>\n\nProgramm"
LETTER = "From: Haus <news@haus.example>\nTo: {to}\nSubject: Programm\n\nProgramm"
TARGET = "Final-Recipient: rfc822; target@forwarder.example\nAction: failed\nStatus: 5.1.1"


def report(
    number: int, *, to: str = "bounce@haus.example", fields: str = TARGET, text: str = "Delivery failed.", returned: str = ""
) -> str:
    """A standard report that came back to the address `to`."""
    original = f"--b\nContent-Type: message/rfc822\n\n{returned}\n" if returned else ""
    return (
        f"Return-Path: <>\nFrom: Mail Delivery System <mailer-daemon@mx.example>\nTo: {to}\nSubject: Undelivered\n"
        f"Message-ID: <{number}@mx.example>\n"
        "Date: Fri, 01 May 2026 10:00:00 +0000\nAuto-Submitted: auto-replied\n"
        f"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n"
        f"Content-Type: text/plain; charset=utf-8\n\n{text}\n\n"
        f"--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n{fields}\n\n{original}--b--\n"
    )


def mail(number: int, head: str, text: str) -> str:
    """Any other mail."""
    return (
        f"{head}\nTo: news@haus.example\nMessage-ID: <{number}@mx.example>\nDate: Fri, 01 May 2026 10:00:00 +0000\n"
        f"Content-Type: text/plain; charset=utf-8\n\n{text}\n"
    )


def test_a_bounce_is_whose_the_message_went_to(tmp_path: Path) -> None:
    messages = {
        # a forwarder names its target; our bounce address names the subscriber, in the forms of Mailman, SendGrid, Mailgun, ezmlm
        "01.eml": report(1, to="bounces+anna=firma.example@haus.example"),
        "02.eml": report(2, to="bounces+anna+tag=firma.example@haus.example"),
        "03.eml": report(3, to="bounces+12345-ab12-anna-maria=firma.example@em.haus.example"),
        "04.eml": report(4, to="bounce+3e2f4c.ab1234-bert=firma.example@mg.haus.example"),
        "05.eml": report(5, to="list-return-17-cleo=firma.example@haus.example"),
        # SRS carries whom a forwarder rewrote, and is no bounce address
        "06.eml": report(6, to="SRS0+xx=yy=firma.example=dora@haus.example"),
        # the fields: Original-Recipient, then the receiver of a campaign's returned message, then Final-Recipient
        "07.eml": report(
            7, fields=f"Original-Recipient: rfc822; emil@firma.example\n{TARGET}", returned=CAMPAIGN.format(to="f@firma.example")
        ),
        "08.eml": report(8, returned=CAMPAIGN.format(to="Fritz <fritz@firma.example>")),
        "09.eml": report(9, returned=LETTER.format(to="gerda@firma.example")),
        "10.eml": report(10, returned=CAMPAIGN.format(to="news@haus.example")),
        # a report that tells it in words
        "11.eml": mail(
            11,
            "From: mailer-daemon@mx.example\nDelivered-To: bounces+hans=firma.example@haus.example\nSubject: failure notice",
            "Hi. This is the qmail-send program.\n\n<target@forwarder.example>:\nSorry, no mailbox here by that name.",
        ),
        # a signature before the bounce address (BATV), a forwarder's rewriting around it (SRS), a host of bounces' own
        "12.eml": report(12, to="prvs=1234abcdef=bounces+ida=firma.example@haus.example"),
        "13.eml": report(13, to="btv1==12ab==bounces+jana=firma.example@haus.example"),
        "14.eml": report(14, to="msprvs1=19f0=bounces-123-karl=firma.example@haus.example"),
        "15.eml": report(15, to="SRS0=ab12=5Q=haus.example=bounces+lea=firma.example@forwarder.example"),
        "16.eml": report(16, to="SRS1=cd=one.example==ab12=5Q=haus.example=bounces+mia=firma.example@two.example"),
        "17.eml": report(17, to="nora=firma.example@bounces.haus.example"),
        "18.eml": report(18, to="bounce_otto%40firma.example@haus.example"),
        "19.eml": report(19, to="bounces+bZYxeGz9O4oj-=paul=firma.example@haus.example"),
        # before a recipient may stand a part of his own name or a number of the message; or the list stands in his place
        "20.eml": report(20, to="bounces+17+rita=k=firma.example@haus.example"),
        "21.eml": report(21, to="123456.sara=firma.example@bounces.esp.example"),
        "22.eml": report(22, to="bounces_12_34_sara=firma.example@haus.example"),
        "23.eml": report(23, to="b_987_sara=firma.example@haus.example"),
        "24.eml": report(24, to="newsletter=haus.example@bounce.esp.example"),
        "25.eml": report(25, to="programm=haus.example@bounces.haus.example"),
        "26.eml": report(26, to="returns-x7.tom=firma.example@haus.example", fields=TARGET.replace("target@forwarder", "tom@firma")),
        # a local part in a script without blanks is a name, and no word before one
        "27.eml": report(27, fields=TARGET.replace("rfc822; target@forwarder", "utf-8; 用户anna@firma")),
    }
    land(tmp_path, "mailbox", messages).deliveries("""
        address                  | event_id      | bounce_class
        -------------------------+---------------+-------------
        anna@firma.example       | 1@mx.example  | hard
        anna+tag@firma.example   | 2@mx.example  | hard
        anna-maria@firma.example | 3@mx.example  | hard
        bert@firma.example       | 4@mx.example  | hard
        cleo@firma.example       | 5@mx.example  | hard
        target@forwarder.example | 6@mx.example  | hard
        emil@firma.example       | 7@mx.example  | hard
        fritz@firma.example      | 8@mx.example  | hard
        target@forwarder.example | 9@mx.example  | hard
        target@forwarder.example | 10@mx.example | hard
        hans@firma.example       | 11@mx.example | hard
        ida@firma.example        | 12@mx.example | hard
        jana@firma.example       | 13@mx.example | hard
        karl@firma.example       | 14@mx.example | hard
        lea@firma.example        | 15@mx.example | hard
        mia@firma.example        | 16@mx.example | hard
        nora@firma.example       | 17@mx.example | hard
        otto@firma.example       | 18@mx.example | hard
        paul@firma.example       | 19@mx.example | hard
        rita=k@firma.example     | 20@mx.example | hard
        target@forwarder.example | 21@mx.example | hard
        target@forwarder.example | 22@mx.example | hard
        target@forwarder.example | 23@mx.example | hard
        target@forwarder.example | 24@mx.example | hard
        target@forwarder.example | 25@mx.example | hard
        tom@firma.example        | 26@mx.example | hard
        用户anna@firma.example     | 27@mx.example | hard
    """)


def test_what_a_report_says_stands_in_several_places(tmp_path: Path) -> None:
    anna = "Final-Recipient: rfc822; anna@firma.example\nAction: failed\n"
    messages = {
        # Cisco's gateways write the other server's answer into a field of their own, or quote it behind a code of theirs
        "1.eml": report(1, fields=f'{anna}Status: 5.0.0\nX-Supplementary-Info: <192.0.2.32 #5.0.0 smtp; 550 "Unknown User">'),
        "2.eml": report(
            2,
            fields=f"{anna}Status: 5.1.0\nDiagnostic-Code: smtp; 5.1.0 - Unknown address error 550-'5.1.1 ... User unknown'",
        ),
        "6.eml": report(
            6,
            fields=f"{anna}Status: 5.0.0\nX-Supplementary-Info: <mx.example #5.0.0 smtp;\n 550 5.4.1 "
            "Recipient address rejected: Access denied>",
        ),
        # the text goes before the code
        "3.eml": report(3, fields=f"{anna}Status: 5.1.1\nDiagnostic-Code: smtp; 550-5.1.1 Reject due to policy restrictions"),
        "4.eml": report(4, fields=f"{anna}Status: 5.1.1\nDiagnostic-Code: smtp; 552 5.1.1 Boite du destinataire pleine"),
        # nothing but a text for people
        "5.eml": report(5, fields=f"{anna}Status: 5.0.0", text="<anna@firma.example>: Empfänger unbekannt"),
    }
    land(tmp_path, "mailbox", messages).deliveries("""
        event_id     | bounce_class | reason       | status_code
        -------------+--------------+--------------+------------
        1@mx.example | hard         |              | 5.0.0
        2@mx.example | hard         |              | 5.1.1
        3@mx.example | block        |              | 5.1.1
        4@mx.example | soft         | mailbox_full | 5.1.1
        5@mx.example | hard         |              | 5.0.0
        6@mx.example | hard         |              | 5.4.1
    """)


COLLEAGUE = "Write to:\ncolleague@firma.example\nUnable to answer; unknown user."
NOBODYS = {
    # absence notices have an empty return path too, and say that something cannot be
    "sv": mail(1, "Return-Path: <>\nFrom: Bo <bo@firma.example>\nSubject: Autosvar: Programm", COLLEAGUE),
    "cs": mail(2, "Return-Path: <>\nFrom: Cyril <cyril@firma.example>\nSubject: Automatická odpověď: Programm", COLLEAGUE),
    "ja": mail(
        3, "Return-Path: <>\nFrom: Fumi <fumi@firma.example>\nSubject: 自動応答: Programm", "不在にしております。colleague@firma.example"
    ),
    "plain": mail(4, "Return-Path: <>\nFrom: Ann <ann@firma.example>\nSubject: Re: Programm", COLLEAGUE),
    "header": mail(5, "From: Dana <dana@firma.example>\nSubject: Programm\nX-Autoreply: yes", COLLEAGUE),
    # helpdesks, list managers, people, parcels
    "otrs": mail(6, "Return-Path: <>\nFrom: Support <otrs@firma.example>\nSubject: RE: Programm [Ticket#1]\nX-OTRS-Loop: yes", COLLEAGUE),
    "hold": mail(
        7,
        "Return-Path: <>\nFrom: list-bounces@lists.example\nSubject: Your message to List awaits moderator approval",
        "Post by non-member to a members-only list: list@lists.example",
    ),
    "forward": mail(
        8, "From: Ann <ann@haus.example>\nSubject: Fwd: Undelivered Mail", "Look!\n> <colleague@firma.example>: 550 5.1.1 User unknown"
    ),
    "parcel": mail(
        9,
        "From: Delivery Service <noreply@parcel.example>\nSubject: Delivery failed",
        "Your parcel (anna@firma.example) could not be delivered.",
    ),
    "letter": mail(10, "From: postmaster@firma.example\nSubject: Information", "There were problems. Please write to:\nnew@firma.example"),
    "quota": mail(
        11, "From: System Administrator <it@firma.example>\nSubject: WARNING: quota", "The mailbox of anna@firma.example is full at 95 %."
    ),
    "success": mail(
        12, "From: mailer-daemon@mx.example\nSubject: Successful Mail Delivery Report", "<anna@firma.example>: delivery via mx: 250 ok"
    ),
    # a person's mailbox or a ticket system answers by itself, in a server's words
    "unread": mail(
        13,
        "Return-Path: <>\nFrom: Eva <eva@firma.example>\nSubject: Abwesend\nAuto-Submitted: auto-replied",
        "Diese Mailbox wird nicht gelesen, Ihre Nachricht konnte nicht zugestellt werden an colleague@firma.example",
    ),
    "group": mail(
        15,
        "From: Mail Delivery Subsystem <mailer-daemon@provider.example>\nSubject: Delivery Status Notification (Failure)",
        "Hello anna@firma.example,\n\nthe group that you tried to contact may not exist, or you may not have permission to post to it.",
    ),
    "tickets": mail(
        14,
        "Return-Path: <>\nFrom: Helpdesk <help@firma.example>\nSubject: Unable to create issue\nAuto-Submitted: auto-generated",
        "Your email could not be delivered to the project: unknown user colleague@firma.example",
    ),
}


def test_an_address_that_only_a_notice_names_is_nobodys_bounce(tmp_path: Path) -> None:
    landed = land(tmp_path, "mailbox", {f"{name}.eml": message for name, message in NOBODYS.items()})
    landed.deliveries("""
        address            | type
        -------------------+-----------
        bo@firma.example   | auto_reply
        cyril@firma.example | auto_reply
        fumi@firma.example | auto_reply
        dana@firma.example | auto_reply
        eva@firma.example  | auto_reply
    """)
    landed.reviews("""
        address            | event_id
        -------------------+--------------
        help@firma.example | 14@mx.example
    """)
    assert landed.counts == (15, 6, 0, 8, 1)


WARNINGS = {
    "exim": (
        "A message that you sent has not yet been delivered after more than 24 hours: anna@firma.example\nDelivery attempts will continue. "
        "Eventually the mail delivery software will give up, and when that happens, the message will be returned to you."
    ),
    "postfix": (
        "THIS IS A WARNING ONLY. YOU DO NOT NEED TO RESEND YOUR MESSAGE.\n\nYour message could not be delivered for more than 4 hour(s).\n"
        "It will be retried until it is 5 day(s) old.\n\n<anna@firma.example>: Connection timed out"
    ),
    "de": (
        "Bei der Zustellung Ihrer Nachricht an anna@firma.example ist ein Problem aufgetreten. Gmail versucht es noch 47 Stunden lang. "
        "Sie werden benachrichtigt, falls die Zustellung endgültig fehlschlägt."
    ),
    "unknown_for_now": "THIS IS A WARNING ONLY. YOU DO NOT NEED TO RESEND YOUR MESSAGE.\n\n<anna@firma.example>: 450 4.1.1 User unknown",
    "fr": "La remise à ces destinataires est retardée : anna@firma.example\nCe message n'a pas encore été remis.",
    "it": "Il recapito a questi destinatari è stato ritardato: anna@firma.example\nVerranno effettuati ulteriori tentativi.",
    "es": "La entrega a estos destinatarios se retrasó: anna@firma.example\nSe seguirá intentando la entrega.",
    "pt": "Esta mensagem ainda não foi entregue: anna@firma.example\nAs tentativas de entrega continuarão.",
    "pl": "Dostarczenie jest opóźnione: anna@firma.example\nTa wiadomość nie została jeszcze dostarczona.",
    "ja": "anna@firma.example へのメールの配信が遅れています。配信を継続して試みます。",
}
FAILURES = {
    "de": "Ihre Nachricht an ¦ konnte nicht zugestellt werden.\nanna wurde unter firma.example nicht gefunden.",
    "fr": "Votre message à ¦ n'a pas pu être remis.\nanna est introuvable sur firma.example.",
    "es": "No se pudo entregar el mensaje a ¦.\nanna no se encontró en firma.example.",
    "it": "Il messaggio non può essere consegnato a ¦.\nImpossibile trovare l'indirizzo.",
    "nl": "Uw bericht aan ¦ kan niet worden bezorgd.\nanna is niet gevonden op firma.example.",
    "pt": "Sua mensagem não foi entregue a ¦\nO endereço não foi encontrado.",
    "sv": "Ditt meddelande till ¦ kunde inte levereras.\nanna hittades inte på firma.example.",
    "da": "Din meddelelse til ¦ kunne ikke leveres.\nanna blev ikke fundet på firma.example.",
    "cs": "Vaši zprávu pro ¦ se nepodařilo doručit.\nanna se nepodařilo najít v doméně firma.example.",
    "pl": "Nie można dostarczyć wiadomości do ¦.\nNie znaleziono adresata anna.",
    "ja": "¦ へのメッセージを配信できませんでした。\nanna が firma.example で見つかりませんでした。",
    "zh": "收件人邮件地址（¦）不存在，邮件无法送达。",
    "delayed": "Ihre Nachricht wurde nicht zugestellt. Empfänger: ¦ Grund: Benutzer unbekannt. "
    "Die Nachricht konnte bisher nicht zugestellt werden.",
    "incomplete": "Nicht zugestellt. Empfänger-Adresse unvollständig oder unbekannt: ¦\nBenutzer unbekannt",
    "retraso": "El mensaje fue retrasado y no se pudo entregar a ¦: usuario desconocido",
    "gave_up": "Delivery has been delayed several times. When the delivery was finally given up the server said\n<¦>: user unknown",
    "quotes": "Die Nachricht an „¦“ konnte nicht zugestellt werden: Empfänger unbekannt.",
}


def test_a_warning_that_delivery_goes_on_is_no_event_in_any_language(tmp_path: Path) -> None:
    head = "From: Mail Delivery System <mailer-daemon@mx.example>\nSubject: Warning"
    landed = land(tmp_path, "mailbox", {f"{name}.eml": mail(20, head, text) for name, text in WARNINGS.items()})
    assert landed.counts == (len(WARNINGS), 0, 0, len(WARNINGS), 0)


def test_a_servers_answer_about_an_address_is_a_failure_whoever_writes_it(tmp_path: Path) -> None:
    head = "Return-Path: <>\nFrom: Mail Server <noreply@mx.example>\nSubject: Undelivered Mail Returned to Sender\nAuto-Submitted: auto-"
    messages = {
        "1.eml": mail(1, f"{head}generated", "<berta@firma.example>: 550 5.1.1 User unknown"),
        "2.eml": mail(2, f"{head}replied", "<berta@firma.example>: host mx.firma.example[192.0.2.1] said:\n    550 5.1.1 User unknown"),
    }
    land(tmp_path, "mailbox", messages).deliveries("""
        address             | event_id     | bounce_class
        --------------------+--------------+-------------
        berta@firma.example | 1@mx.example | hard
        berta@firma.example | 2@mx.example | hard
    """)


def test_a_failure_is_one_in_any_language(tmp_path: Path) -> None:
    head = "From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@firma.example>\nSubject: Programm"
    texts = {name: text.replace("¦", f"{name}@firma.example") for name, text in FAILURES.items()}
    landed = land(tmp_path, "mailbox", {f"{name}.eml": mail(20, head, text) for name, text in texts.items()})
    landed.deliveries("address | bounce_class\n--------+-------------\n" + "\n".join(f"{name}@firma.example | hard" for name in FAILURES))


def test_a_server_is_never_absent_whatever_its_words_and_its_language(tmp_path: Path) -> None:
    exchange = "From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@firma.example>"
    daemon = "From: Mail Delivery System <MAILER-DAEMON@mx.example>"
    automatic = "Auto-Submitted: auto-replied\nReturn-Path: <>"
    carried = f"Delivered-To: bounces+hans=firma.example@haus.example\n{automatic}"
    messages = {
        "1.eml": mail(1, f"{exchange}\nSubject: Niedostarczalne: Programm\n{automatic}",
            "Dostarczenie do następujących adresatów lub grup nie powiodło się:\n\nanna@firma.example<mailto:anna@firma.example>\n"
            "Nie można odnaleźć wprowadzonego adresu e-mail."),
        "2.eml": mail(2, f"{exchange}\nSubject: Não é possível entregar: Programm\n{automatic}",
            "Falha na entrega a estes destinatários ou grupos:\n\nbert@firma.example<mailto:bert@firma.example>\n"
            "O endereço de email inserido não pôde ser encontrado."),
        "3.eml": mail(3, f"{daemon}\nSubject: Αποτυχία παράδοσης\n{automatic}",
            "Το μήνυμα δεν παραδόθηκε:\n\ncleo@firma.example\nΟ χρήστης δεν υπάρχει."),
        # a language that no table has: somebody is named, by the text or by the bounce address, or nobody is
        "4.eml": mail(4, f"{daemon}\nSubject: Ripot\n{automatic}", "Ujumbe wako haukufika:\n\ndora@firma.example\nHayupo."),
        "5.eml": mail(5, f"{daemon}\nSubject: Ripot\nReturn-Path: <>", "Ujumbe wako haukufika:\n\nemil@firma.example\nHayupo."),
        "6.eml": mail(6, f"{daemon}\nSubject: Ripot\n{carried}", "Ujumbe wako haukufika. Hayupo."),
        "7.eml": mail(7, f"{daemon}\nSubject: Ripot\n{automatic}", "Ujumbe wako haukufika. Hayupo."),
        # a person who looks after a server is absent like any other, and a server's success is none of a failure
        "8.eml": mail(8, f"From: Postmaster <postmaster@firma.example>\nSubject: Urlaub\n{automatic}", "Es hilft fritz@firma.example."),
        "9.eml": mail(9, f"{daemon}\nSubject: Receipt\n{automatic}", "Your message to gerda@firma.example was delivered."),
    }  # fmt: skip
    landed = land(tmp_path, "mailbox", messages)
    landed.deliveries("""
        address                  | type       | bounce_class
        -------------------------+------------+-------------
        anna@firma.example       | bounce     | hard
        bert@firma.example       | bounce     | hard
        cleo@firma.example       | bounce     | hard
        dora@firma.example       | bounce     | undetermined
        emil@firma.example       | bounce     | undetermined
        hans@firma.example       | bounce     | undetermined
        postmaster@firma.example | auto_reply |
    """)
    assert landed.rejected == [(1, "recipient_unreadable")]
