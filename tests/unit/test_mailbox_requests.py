"""Mail that people write back: a plain request is an opt-out, what may mean "no" waits to be read, and a mere word is neither."""

import pytest

from pipeline.messages import read_message

ANNA = "anna@firma.example"
PLAIN = """
    nehmen Sie mich aus dem Verteiler
    Bitte nehmt mich vom Verteiler.
    Bitte keine weiteren E-Mails mehr!
    Melden Sie mich bitte vom Newsletter ab
    ich möchte Ihren Newsletter abbestellen
    Könnten Sie mich bitte aus der Liste streichen?
    Hiermit widerspreche ich der Nutzung meiner Daten zu Werbezwecken.
    please remove me from your list
    I want to unsubscribe
    Stop sending me emails
    Don't email me again
    Ik wil me graag uitschrijven
    Haal mij van de lijst
    Geen mails meer aub
    Merci de me désinscrire
    Je ne souhaite plus recevoir vos mails
    Désinscrivez-moi
    Cancellatemi dalla lista
    non voglio più ricevere le vostre mail
    Quiero darme de baja
    Ich möchte Ihre Mails nicht mehr erhalten.
    Bitte um Abmeldung vom Newsletter
    Schicken Sie mir bitte nichts mehr.
    Bitte nehmen Sie diese Adresse aus Ihrem Verteiler.
    Ich möchte aus dem Newsletter-Verteiler gelöscht werden.
    Bitte verschonen Sie mich mit weiteren Mails
    Ich verzichte auf weitere Zusendungen.
    Ich bin nicht mehr interessiert, bitte abmelden.
    Please opt me out
    I want off this list
    Please take this address off your mailing list
    I'd like to stop receiving these
    Gelieve mij uit te schrijven
    Kunt u mij van de mailinglijst halen?
    Ik wil niet langer mails ontvangen
    Ik wil van de lijst af
    Merci de ne plus m'envoyer de mails
    Veuillez supprimer mon adresse de votre fichier
    Je ne souhaite plus être sur votre liste
    Merci d'arrêter vos envois
    Vi prego di cancellarmi dalla vostra mailing list
    Desidero essere rimosso dalla lista
    Vi prego di non inviarmi più comunicazioni
    Por favor eliminen mi correo de su lista
    Solicito la baja de su boletín
    Quiero que me borren de la lista
    No me envíen más correos
    Je souhaite me désinscrire de toutes les listes
    Please unsubscribe me, of course.
    Of course I want to unsubscribe
    No more invitations, please
    STOP
    Bitte streichen Sie mich aus Ihrer Kartei
    Bitte löschen Sie mich, ich habe das nicht bestellt
    Ich habe kein Interesse. Bitte löschen.
    I can't unsubscribe, please remove me
    I do not want your mails please remove me
    Can you please send me no more emails?
    Don’t email me again
    Merci de ne plus m’envoyer de mails
    Please\u00a0take\u00a0me off
    Je veux me de\u0301sinscrire
    Bitte mich von haus.example abmelden
    Please delete me from all lists
    STOP PUB
    stop all
    Ik wil de nieuwsbrief opzeggen
    Je souhaite résilier mon abonnement à la newsletter
    Proszę o wypisanie mnie z listy
    Proszę mnie usunąć z listy mailingowej
    Nie chcę otrzymywać więcej wiadomości
    Rezygnuję z newslettera
    prosze mnie wypisac z newslettera
    Prosím odhlásit z odběru
    Odhlašte mě prosím z odběru newsletteru.
    Nepřeji si dostávat další e-maily
    Prosím vyřaďte mě z databáze
    Não desejo receber mais e-mails
    Quero cancelar a inscrição na newsletter
    Por favor me removam da lista
    Descadastrar
    配信停止をお願いします
    メルマガの配信を停止してください
    登録解除
    退订
"""
SUBJECTS = (
    "Abmeldung, unsubscribe, Re: Abmelden, Bitte abmelden, Abmeldung vom Newsletter, Please unsubscribe me, "
    "Bitte aus dem Verteiler löschen, Widerspruch, baja, Désinscription, Bitte nehmen Sie mich aus dem Verteiler, "
    "Se désabonner de la newsletter, Rezygnacja z newslettera, Odhlášení, Cancelar newsletter, 配信停止希望, "
    "Unsubscribe: 8812ab, unsubscribe-8812ab, unsubscribe kultur-news"
)
UNCLEAR_SUBJECTS = (
    "Unsubscribe request for haus.example, unsubscribe from Haus Newsletter, [Unsubscribe] Programm im Juni, unsubscribe gallery, "
    "Newsletter-Abmeldung: Anna Maier, Abmeldung Anna Maier, Unsubscribe - Anna Maier, Bitte abmelden - Anna Maier, "
    "Kündigung Newsletter Haus, Désinscription newsletter Haus, Uitschrijven nieuwsbrief Haus, Bitte nicht abmelden, Frage zur Abmeldung, "
    "Kein Newsletter mehr? Ich vermisse ihn"
)
UNCLEAR = """
    Wie kann ich mich abmelden?
    Sie schicken mir schon wieder Spam
    Ich habe kein Interesse.
    Mein Mann ist leider verstorben.
    If you keep writing I will call my lawyer
    Ich möchte mich nicht abmelden, aber weniger Mails
    No longer interested, thanks
    Woher haben Sie meine Adresse?
    Ich überlege, mich abzumelden.
    Das interessiert mich nicht mehr.
    zu viele mails!
    Your unsubscribe link does not work
    Warum bekomme ich immer noch Mails, ich will das nicht
    Hoe kan ik me afmelden?
    Come faccio a cancellarmi?
    No thanks, please remove
    Please don't send me any more invitations for events
    Do not write to me again for any event
    Remove me from your event invitations
    Please remove me from your meetings list
    Please remove me from the list of participants of the workshop
    Ich widerrufe meine Einwilligung zu Veranstaltungen
    Bitte löschen Sie mich vom Abo der Vorstellungen
    I never asked you to add me to this list, this is spam
    Ich habe mich nie anmelden wollen, das ist Spam
    Ich habe keine Antwort erhalten und schalte meinen Anwalt ein
    Ik wil geen uitnodigingen voor de cursus meer ontvangen
    Ik wil geen uitnodigingen meer ontvangen
    Please send it again, I have not received your mails any more
    Nein danke!
    No, thank you.
    Frau Huber arbeitet nicht mehr bei uns, bitte nehmen Sie sie aus dem Verteiler
    She no longer works here, please remove her from your list
    Vänligen avregistrera mig från nyhetsbrevet
    Afmeld mig venligst nyhedsbrevet
    Kérem, iratkoztassanak le
    Пожалуйста, отпишите меня от рассылки
    Kérem, töröljenek a hírlevél listáról
    Abonelikten çıkmak istiyorum
    Poistakaa minut listalta
    Θέλω διαγραφή
    수신거부
    取消订阅
    ยกเลิกการรับข่าวสาร
    unsuscribe
    Unsubcribe please
    unsubscirbe me
    Bitte abmleden
    desabonement svp
    Ende
    Bitte melden Sie mich nicht ab!
    Bitte nehmen Sie mich nicht aus dem Verteiler!
    Bitte stellen Sie den Newsletter nicht ein!
    Das ist keine Abmeldung!
    Please don't take me off the list
    Please don’t unsubscribe me, I love it
    I do not want to unsubscribe
    This is not an unsubscribe request
    Je ne veux pas me désabonner
    Merci de ne pas me désinscrire
    Ne supprimez pas mon adresse
    Non voglio disiscrivermi, vorrei solo cambiare indirizzo
    Non cancellatemi!
    No quiero darme de baja
    No me borren de la lista
    Schrijf me niet uit aub
    Haal me niet van de lijst
    Proszę mnie nie usuwać z listy mailingowej
    Nechci se odhlásit z newsletteru
    Não quero cancelar a inscrição na newsletter
    メルマガの配信を停止しないでください
    Stop! In the name of love - toller Abend, danke.
    Stop. Wait a minute. Great show!
    Leave! That's what the actor shouted.
    Please cancel. I cannot come.
    Kein Newsletter mehr diesen Monat? Ich vermisse ihn!
    Bekomme keinen Newsletter mehr, bitte prüfen
    I no longer receive your newsletter, please check
    Je ne reçois plus votre newsletter
    Non ricevo più la vostra newsletter
    Ya no recibo el boletín
    Ik krijg geen nieuwsbrief meer
"""
NEITHER = [
    ("Re: Stop Motion Festival – Programm im Juni", "Liebes Team, toll! Gibt es noch Karten für Samstag? Bert"),
    ("AW: Widerruf der Absage: Konzert am 5. Juni findet statt", "Danke für die Info, ich komme gern."),
    ("Frage zur Abmeldung", "Wie hoch ist die Gebühr?"),
    ("Re: Programm", "Danke für den Newsletter, sehr schön"),
    ("Re: Spielplan", "Danke!\n\nAm 1.3.2026 schrieb Haus:\nWenn Sie keine Mails mehr möchten: abmelden"),
    ("Re: Spielplan", "Danke!\n\nOn Mon, 2 Mar 2026 at 10:00, Kultur\n<news@kultur.example> wrote:\nunsubscribe here"),
    ("Re: Spielplan", "Bitte senden Sie mir 2 Karten.\n-- \nAnna\nUnsubscribe"),
    ("Re: Spielplan", "Dziękuję!\n\nW dniu 2.03.2026 o 10:00 Haus pisze:\nWypisz się z newslettera"),
    ("Re: Spielplan", "Obrigado!\n\nEm seg., 2 de mar. de 2026 às 10:00, Haus escreveu:\nDescadastrar da newsletter"),
    ("Re: Spielplan", "Nice!\n> To unsubscribe click here\n> remove me"),
    ("Re: Spielplan", "Nice!\n\nWenn Sie keine E-Mails mehr von uns erhalten möchten, können Sie sich hier abmelden."),
    ("Order", "Please cancel my order of two tickets"),
    ("stop motion film", "Anbei der Film."),
    ("Abmelden der Garderobe", ""),
    ("Abmeldung der Garderobe", "Hallo, wir haben die Garderobe noch nicht bezahlt, was kostet sie?"),
    ("Abmeldung vom Workshop am 5.6.", "Leider bin ich krank und muss mich vom Workshop abmelden."),
    ("Frage", "Muss ich mich für den Workshop abmelden, wenn ich krank bin?"),
    ("Re: Programm", "Don't stop! Great newsletter"),
    ("Re: Programm", "Please don't stop sending these, I love them"),
    ("Re: Programm", "Can you take me off the waiting list for Saturday? I cannot come."),
    ("Re: Programm", "Ich habe kein Mail erhalten, bitte nochmals senden"),
    ("Re: Programm", "I did not receive any email with my tickets"),
    ("Re: Programm", "Bitte nehmen Sie uns in den Verteiler auf"),
    ("Re: Programm", "Ik wil me graag afmelden voor de les van dinsdag"),
    ("Re: Programm", "Vielen Dank für die Einladung, ich kann leider nicht kommen"),
    ("Re: Programm", "Thank you for the invitation, but I do not have time"),
    ("Re: Programm", "Ich kann nicht mehr kommen, bitte senden Sie mir das Geld zurück."),
    ("Re: Programm", "Je ne peux plus venir, merci de m'envoyer le remboursement"),
    ("Re: Programm", "Ya no puedo ir, quiero cambiar la fecha"),
    ("Re: Programm", "Please take me to your leader :-)"),
    ("Re: Programm", "Bellissimo!\n\nIl giorno lun 2 mar 2026 alle ore 10:00 News <n@k.example> ha scritto:\n\nPer cancellarti clicca qui"),
    ("Umzug", "Bitte meine Adresse ändern in Wien"),
    ("Abmeldung Workshop Anna Maier", ""),
    ("Kündigung Mietvertrag", ""),
    ("Odhlášení z kurzu", ""),
    ("Zwei Karten für Samstag", ""),
    ("Ihr Newsletter", "Wir drucken Ihren Newsletter gern ab."),
    ("Re: Programm", "We are not on the guest list for Saturday, can you check?"),
    ("Re: Programm", "Bitte nehmen Sie unser Konzert in Ihren Newsletter"),
    ("Re: Programm", "Bitte streichen Sie uns von der Gästeliste"),
    ("Re: Programm", "Please leave a message at the reception"),
    ("Re: Programm", "Please take note of my address anna@firma.example"),
    ("Re: Programm", "Bitte schicken Sie die Karten an eva@firma.example"),
    ("Re: Programm", "Please delete the old booking and write to anna@firma.example"),
    ("Re: Programm", "Please forward this to eva@firma.example, she is in charge now."),
    ("Re: Programm", "Bitte den Betrag von der Rechnung abziehen, wir waren nur zu dritt."),
    ("Re: Programm", "Proszę o dwa bilety na sobotę. Nie możemy przyjść w piątek."),
    ("Re: Programm", "Chciałbym zrezygnować z rezerwacji na sobotę."),
    ("Re: Programm", "Prosím o dvě vstupenky na sobotu."),
    ("Re: Programm", "Quero cancelar a minha reserva de sábado."),
    ("Re: Programm", "土曜日のチケットを二枚お願いします。"),
    ("Re: Programm", "予約をキャンセルしてください。"),
    ("Re: Programm", "Спасибо за прекрасный вечер!"),
    ("Re: Programm", "Köszönöm a szép estét!"),
    ("Re: Programm", "Tack för en fin kväll"),
    ("Out of office", "I am away until Monday. Your mail is not read. In urgent cases write to eva@firma.example."),
    ("Ich bin nicht im Büro", "E-Mails werden nicht gelesen und nicht weitergeleitet."),
]


def read(
    subject: str, body: str = "", *, to: str = "bounces@kultur.example", sender: str = ANNA, more: str = ""
) -> list[tuple[str, str, str]]:
    head = f"From: {sender}\nTo: {to}\nSubject: {subject}\nDate: Tue, 3 Mar 2026 10:00:00 +0100\nMessage-ID: <x@y>\n{more}"
    content = f"{head}Content-Type: text/plain; charset=utf-8\n\n{body}\n"
    return [(finding.kind.value, finding.address, finding.label) for finding in read_message(content.encode()).findings]


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.strip().splitlines()]


@pytest.mark.parametrize("body", lines(PLAIN))
def test_a_plain_request_in_the_body_is_the_senders_opt_out(body: str) -> None:
    assert read("Re: Spielplan", body) == [("opt_out", ANNA, "")]


@pytest.mark.parametrize("subject", SUBJECTS.split(", "))
def test_a_subject_that_is_nothing_but_the_request_is_an_opt_out(subject: str) -> None:
    assert read(subject, to="kultur-news@kultur.example") == [("opt_out", ANNA, "")]


@pytest.mark.parametrize("subject", UNCLEAR_SUBJECTS.split(", "))
def test_a_subject_that_speaks_of_leaving_waits_to_be_read(subject: str) -> None:
    assert read(subject, to="kultur-news@kultur.example") == [("review", ANNA, "may mean no")]


@pytest.mark.parametrize(
    ("command", "to"),
    [
        ("unsubscribe haus-news", "haus-news-request@haus.example"),
        ("SIGNOFF HAUS-NEWS", "haus-news-request@haus.example"),
        ("unsubscribe haus-news", "haus-news@haus.example"),
        ("unsubscribe haus-news", "majordomo@haus.example"),
        (f"UNSUBSCRIBE {ANNA}", "news@haus.example"),
    ],
)
def test_the_command_of_a_list_server_is_an_opt_out(command: str, to: str) -> None:
    assert read(command, to=to) == read("", command, to=to) == [("opt_out", ANNA, "")]


@pytest.mark.parametrize("body", lines(UNCLEAR))
def test_what_may_mean_no_waits_to_be_read(body: str) -> None:
    assert read("Re: Spielplan", body) == [("review", ANNA, "may mean no")]


@pytest.mark.parametrize(
    "body", ["Stop.\n\nAnna Maier", "remove\nThanks, Anna", "Hallo,\n\nbitte löschen.\n\nDanke\nAnna Maier\nHauptstraße 5"]
)
def test_a_mere_word_above_politeness_and_a_name_is_an_opt_out(body: str) -> None:
    assert read("Re: Spielplan", body) == [("opt_out", ANNA, "")]


def test_a_request_inside_of_a_long_text_waits_to_be_read() -> None:
    story = "Neulich waren wir im Konzert, und es hat uns gefallen. " * 15
    assert read("Re: Spielplan", story + "Und nehmen Sie mich bitte aus dem Verteiler.") == [("review", ANNA, "may mean no")]
    assert read("Re: Spielplan", story) == []


@pytest.mark.parametrize(("subject", "body"), NEITHER)
def test_a_subject_or_sentence_that_merely_has_such_a_word_is_no_request(subject: str, body: str) -> None:
    assert [found for found in read(subject, body) if found[0] != "auto_reply"] == []


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("I am no longer interested, please remove me", "Please take me off your list"),
        ("Automatische E-Mails abbestellen", "Bitte nehmen Sie mich aus dem Verteiler"),
        ("I'm out", "Please unsubscribe me"),
        ("Ihr Newsletter ist Spam", "Meine letzte Mail konnte nicht zugestellt werden. Bitte nehmen Sie mich aus dem Verteiler."),
    ],
)
def test_a_person_who_writes_as_servers_and_absence_notices_do_is_heard(subject: str, body: str) -> None:
    assert read(subject, body) == [("opt_out", ANNA, "")]


@pytest.mark.parametrize(
    "subject",
    [
        *("I'm out of the country until Monday", "I am no longer with the company", "Automatische Antwort: Juni"),
        *("Ich bin bis 30.6. nicht im Büro", "Message d'absence", "Niet op kantoor", "Sono in ferie", "Jsem na dovolené", "Yıllık izin"),
    ],
)
def test_an_absence_notice_is_known_by_its_subject(subject: str) -> None:
    assert read(subject, "Please write to my colleague.") == [("auto_reply", ANNA, "")]


@pytest.mark.parametrize(
    "subject",
    [
        *("Elternzeit", "Mutterschutz und Newsletter", "Betriebsurlaub-Newsletter bitte nicht mehr", "Szabadság"),
        *("Ich bin ab sofort nicht im Dienst", "Ich bin für Sie nicht erreichbar", "Message d'absence", "Out of office"),
    ],
)
def test_somebody_who_is_away_and_asks_is_heard(subject: str) -> None:
    assert read(subject, "Bitte nehmen Sie mich aus dem Verteiler") == [("opt_out", ANNA, "")]
    assert read(subject, "Wie kann ich mich abmelden?") == [("review", ANNA, "may mean no")]


@pytest.mark.parametrize("said", ["false", "no", "0"])
def test_a_field_that_denies_it_makes_no_absence_notice(said: str) -> None:
    more = f"X-FC-MachineGenerated: {said}\nX-Autoreply: {said}\n"
    assert read("Re: Spielplan", "Bitte nehmen Sie mich aus dem Verteiler", more=more) == [("opt_out", ANNA, "")]


@pytest.mark.parametrize("more", ["Preference: auto_reply\n", "X-POST-MessageClass: 9; Autoresponder\n", "X-FC-MachineGenerated: true\n"])
def test_an_absence_notice_is_known_by_the_fields_that_programs_add(more: str) -> None:
    assert read("Re: Spielplan", "Bitte senden Sie keine Mails mehr an diese Adresse.", more=more) == [("auto_reply", ANNA, "")]
    assert read("Out of office", "Do not write to me before Monday.", more=more) == [("auto_reply", ANNA, "")]


def test_somebody_elses_newsletter_is_no_request() -> None:
    assert read("Angebote", "Sie bekommen zu viele Mails? Abmelden", more="List-Unsubscribe: <mailto:u@shop.example>\n") == []


def test_who_asks_is_whom_our_address_carries_else_the_sender() -> None:
    alias = "anna.k7@alias.example"
    assert read("unsubscribe", to="unsubscribe+anna=firma.example@news.kultur.example", sender=alias) == [("opt_out", ANNA, "")]
    assert read("Re: x", "Bitte abmelden", to="bounces+anna=firma.example@kultur.example", sender=alias) == [("opt_out", ANNA, "")]
    assert read("unsubscribe", to="unsubscribe@kultur.example", sender=alias) == [("opt_out", alias, "")]


@pytest.mark.parametrize(
    "to",
    [
        "unsubscribe-anna=firma.example",
        "abmelden+anna=firma.example",
        "baja+anna%40firma.example",
        "stop-anna=firma.example",
        "b+17+anna=firma.example",
    ],
)
def test_whom_a_plus_address_carries_is_who_asks(to: str) -> None:
    assert read("unsubscribe", to=f"{to}@news.kultur.example", sender="anna.k7@alias.example") == [("opt_out", ANNA, "")]


def test_a_plus_address_with_a_token_names_nobody_and_the_sender_asks() -> None:
    assert read("", to="unsubscribe+news-7f3a9c@news.kultur.example") == [("opt_out", ANNA, "")]


@pytest.mark.parametrize("to", ["stop-motion", "bajas.madrid", "cancellazione-corso"])
def test_a_name_that_begins_with_such_a_word_is_no_address_to_unsubscribe_at(to: str) -> None:
    assert read("Re: Spielplan", "Danke", to=f"{to}@kino.example") == []


@pytest.mark.parametrize("to", ["stop", "newsletter-stop", "stop+juni", "bajas", "cancellami+7f", "leave-juni", "unsubscribe-juni"])
def test_a_mail_to_an_address_to_unsubscribe_at_is_an_opt_out(to: str) -> None:
    assert read("Re: Spielplan", "Danke", to=f"{to}@kino.example") == [("opt_out", ANNA, "")]


@pytest.mark.parametrize(
    "to",
    [
        *("stop-newsletter", "stop_werbung", "baja-boletin", "bajas.newsletter", "cancellazione-newsletter", "cancellami.newsletter"),
        *("stop-mails", "stop.news", "bajas-lista"),
    ],
)
def test_an_empty_mail_to_an_address_that_stops_our_mail_is_an_opt_out(to: str) -> None:
    assert read("", to=f"{to}@kino.example") == [("opt_out", ANNA, "")]


def test_a_subject_that_asks_above_a_text_about_something_else_waits_to_be_read() -> None:
    waits = [("review", ANNA, "may mean no")]
    assert read("Abmeldung", "Mein Sohn Max kann morgen nicht zum Kurs kommen.") == waits
    assert read("Kündigung", "Hiermit kündige ich meinen Mietvertrag fristgerecht zum 31. Dezember. Bitte bestätigen Sie.") == waits
    assert read("Abmeldung", "Max ist morgen krank.") == waits
    assert read("Cancel", "I cannot come on Saturday") == waits
    assert read("Stop", "In the name of love") == waits
    assert read("Unsubscribe", "Please don't unsubscribe me!") == waits
    assert read("Abmeldung Anna Maier", "Bitte um Bestätigung.") == waits
    assert read("Abmelden", "Bitte.") == [("opt_out", ANNA, "")]
    assert read("Abmelden", "Danke im Voraus, Anna") == [("opt_out", ANNA, "")]


@pytest.mark.parametrize(
    "body",
    lines("""
    Please delete {} from your list
    Please take {} off your list
    Remove {}
    Unsubscribe {}
    Bitte {} löschen.
    Bitte streichen Sie {}
    Bitte die Adresse {} abmelden, diese hier bleibt.
    {} abmelden
    Gelieve {} te verwijderen
    Merci de supprimer {} de votre liste
    Vi prego di rimuovere {}
    Por favor den de baja a {}
    """),
)
def test_an_address_in_the_request_is_the_senders_own_or_waits_to_be_read(body: str) -> None:
    assert read("Re: Spielplan", body.format(ANNA)) == [("opt_out", ANNA, "")]
    assert read("Re: Spielplan", body.format("anna.alt@firma.example")) == [("review", ANNA, "names another address")]


def test_a_request_that_names_another_address_waits_to_be_read() -> None:
    waits = [("review", ANNA, "names another address")]
    assert read("Re: Spielplan", "Bitte nehmen Sie meine Frau eva@firma.example aus dem Verteiler") == waits
    assert read("unsubscribe", "eva@firma.example") == waits
    assert read("Unsubscribe eva@firma.example") == waits
    assert read("Re: unsubscribe eva@firma.example") == waits
    assert read(f"UNSUBSCRIBE {ANNA}") == [("opt_out", ANNA, "")]
    assert read("Abmeldung", "Bitte auch eva@firma.example", to="unsubscribe@kultur.example") == waits
    assert read("unsubscribe", f"{ANNA}\n\nMit freundlichen Grüßen\nAnna, office@firma.example") == [("opt_out", ANNA, "")]


def test_who_asks_is_the_whole_address_of_the_field() -> None:
    assert read("unsubscribe", sender="山田 太郎 山田taro@firma.example") == [("opt_out", "山田taro@firma.example", "")]
    assert read("unsubscribe", sender="o’hara@firma.example") == [("opt_out", "o’hara@firma.example", "")]
    assert read("unsubscribe", f"Meine Adresse ist ’{ANNA}’, 邮箱{ANNA}") == [("opt_out", ANNA, "")]


def test_what_is_kept_of_a_message_holds_every_address_that_it_waits_for() -> None:
    story = "Neulich waren wir im Konzert, und es hat uns gefallen. " * 55
    content = f"From: {ANNA}\nTo: x@kultur.example\nSubject: Re: x\n\nBitte abmelden. {story}Auch eva@firma.example.\n"
    reading = read_message(content.encode())
    assert [finding.label for finding in reading.findings] == ["names another address"]
    assert "eva@firma.example" in reading.text
