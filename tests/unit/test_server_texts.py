"""What servers write, in their languages, beside whatever code (domain §5 "The text beside the code")."""

import time
from pathlib import Path

import pytest

from pipeline import server_texts
from pipeline.delivery_status import Said, classify, said_in
from pipeline.server_texts import fold, phrases

FOLDER = Path(server_texts.__file__).parent
MEANINGS = sorted(table.stem for table in FOLDER.glob("*.txt"))

BLOCK = """
550 Aus Richtliniengründen wurde die Annahme verweigert
550 Annahme verweigert wegen unserer Richtlinien
554 Blocked - see https://ipcheck.proofpoint.com/?ip=192.0.2.1
550 Zpráva byla odmítnuta jako spam
550 Vaše IP adresa je na černé listině
550 Odesílatel neexistuje
550 Neplatná adresa odesílatele
550 Příliš mnoho zpráv z vašeho serveru
550 존재하지 않는 발신자
550-5.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages from being delivered
550-Requested action not taken: mailbox unavailable 550-Reject due to policy restrictions
550 5.1.1 blocked using zen.spamhaus.org
552 5.2.2 Organization queue quota exceeded
552 5.2.2 message rejected as spam
550 5.1.1 Mailbox delivery failure policy error
550 5.1.1 <anna@firma.example>: unauthorized sender
550 5.1.0 Emetteur invalide. Invalid Sender
550 Adresse IP source bloquee pour incident de spam
550 Sender frequency limited
550 Your message was rejected due to example.com’s DMARC policy
550 Bad DNS PTR resource record
550 Ihre IP-Adresse ist gesperrt
554 Nachricht abgelehnt: Spam-Verdacht
550 Su direccion IP esta bloqueada
550 垃圾邮件，拒绝接收
550 Absenderadresse unbekannt
550 Ihr Server wurde abgelehnt
554 DT:SPM 163 smtp10,D8CowAB
550 RP:TRL
550 5.2.0 Mail rejete. Mail rejected. OFR_506 [506]
554 IP=192.0.2.1 - A problem occurred. (Ask your postmaster for help or to contact tosa@rx.t-online.example to clarify.)
550 permanent failure for one or more recipients (anna@firma.example:blocked)
550 Rejected by header based manually Blocked Senders: news@haus.example
550 5.1.8 Access denied, bad outbound sender
552 5.2.0 rejected: content
550 Ihre IP-Adresse steht auf einer Sperrliste
550 Tu IP está bloqueada
550 您的IP被列入黑名单
550 发信频率过高
550 5.4.1 [internal] Domain policy restricts sending
550 We don't accept mail from your domain
450 4.7.1 Error: too much mail from 192.0.2.1
550 Sender callout verification failed: 550 no such user
550 Adresse des Absenders ist nicht gültig
550 Die Absender-Adresse ist nicht mehr gültig
550 L'adresse de l'expéditeur n'est pas valide
550 La dirección del remitente no es válida
550 Die Nachricht an den Empfänger wurde vom Server gesperrt
550 Unser Server hat die Adresse gesperrt
550 Server: Zugriff für Empfänger gesperrt
550 Le serveur a refusé le message : l'adresse n'est pas active
550 Der Server hat die Nachricht an den Empfänger abgelehnt
550 El registro PTR no se encontró en el DNS
550 O registro PTR não foi encontrado no DNS
550 Registro MX não foi encontrado no servidor DNS
550 PTR non è stato trovato in DNS
550 A PTR rekord nem talalhato a DNS-ben
550 sender's mx records point to non-existent hosts
550 发件人地址不存在
550 Het adres van de afzender is ongeldig
550 L'indirizzo del mittente non è valido
550 O endereço do remetente não é válido
550 Адрес отправителя не существует
550 送信者のメールアドレスが存在しません
550 발신자 주소를 찾을 수 없습니다
550 Avsändarens adress är ogiltig
550 Afsenderens adresse er ugyldig
"""
FULL = """
552 Překročena kvóta schránky
552 Kvóta byla překročena
552 Schránka je plná
550 Spazio esaurito nella casella
550 Cuota de disco agotada
550 Superata la quota
552 5.1.1 <anna@firma.example> recipient rejected - extended quota violation
550 5.1.1 Boîte du destinataire pleine
550 5.2.1 Das Postfach ist voll
550 5.7.1 El buzón está lleno
550 Mailbox is full / Blocks limit exceeded
550 Почтовый ящик переполнен
550 メールボックスの容量がいっぱいです
550 5.2.1 user quota exceeded
550 La cassetta postale del destinatario è piena
550 Das Konto hat sein Speicherlimit erreicht
550 User quota has been exceeded
550 Der Server hat die Nachricht abgelehnt: Das Postfach ist voll
"""
GONE = """
550 Neznámý uživatel
550 Neznamy adresat
550 Neexistující schránka
550 Neznáma schránka
550 L'utilisateur Anna Huber (anna@firma.example) non répertorié dans l'annuaire Domino
550 존재하지 않는 사용자
550 알 수 없는 수신자
550 Ukendt modtager
550 Ukjent bruker
550 Tuntematon vastaanottaja
550 Bilinmeyen alıcı
550 Невідомий користувач
550 Άγνωστος χρήστης
550 O endereço de email inserido não pôde ser encontrado
550 Zadaná e-mailová adresa nebyla nalezena
550 User Unknown
550 5.1.0 - Unknown address error 550-'Unknown User'
553 sorry, no mailbox here by that name
550 Empfänger unbekannt
550 Adresse d au moins un destinataire invalide
550 Destinatario sconosciuto o mailbox disattivata
550 No existe ese usuario
550 Nie ma takiego konta
550 Uživatel neexistuje
550 Mottagaren hittades inte
550 Пользователь не найден
550 宛先不明
550 收件人不存在
550 5.0.0 This user doesn't have a yahoo.example account
550 User not found:anna@firma.example
550 Die eingegebene E-Mail-Adresse konnte nicht gefunden werden. Überprüfen Sie die Adresse
550 No se encontró la dirección de correo electrónico que especificó
550 Impossibile trovare l'indirizzo di posta elettronica immesso
550 Nie można znaleźć wprowadzonego adresu e-mail
550 Het opgegeven e-mailadres is niet gevonden
550 Der Server hat die Nachricht abgelehnt: Empfänger unbekannt
550 El servidor ha rechazado el mensaje: usuario desconocido
550 Compte inexistant
550 Der Empfänger ist hier nicht bekannt
550 Kein solches Postfach
550 Utilizador desconhecido
550 Böyle bir kullanıcı yok
550 找不到此用户
550 存在しないユーザーです
all relevant MX records point to non-existent hosts
an MX or SRV record indicated no SMTP service
550 mailbox for anna@firma.example not found
550 Unable to find recipient anna
550 this email address has been retired
550 Diese Adresse ist nicht mehr gültig
550 L'adresse n'est plus valide
550 La dirección de correo no es válida
550 account bestaat niet meer
550 Utilizator inexistent
550 Callout verification failed: 550 5.1.1 <anna@firma.example> User unknown
550 Callout verification failed: 550 no such user
550 Das Postfach ist gesperrt
550 Die Nachricht wurde an den Absender zurückgesandt, weil der Empfänger nicht bekannt ist
550 Message renvoyé à l'expéditeur : destinataire inconnu
550 没有此用户
550 找不到此收件人的邮箱
550 Sehr geehrter Absender, das Postfach existiert nicht mehr
550 Der Server hat die Nachricht abgelehnt: 550 5.1.10 Recipient not found by SMTP address lookup
550 This user has moved to anna@neu.example
550 anna@firma.example has moved to anna@neu.example
anna no se encontró en alameda.example
"""
NOTHING = """
550 Requested action not taken: mailbox unavailable
550 Recipient temporarily unavailable
host spam.gate.example said: 550 no
550 see https://postmaster.firma.example/policy/user-unknown
451 The account is temporarily disabled
554 delivery error: dd Requested mail action aborted
550 unknown@spam.example said no
550 Der Empfänger nimmt keine Nachrichten von Absendern an, die nicht bekannt sind
550 El dominio del remitente no se encuentra y la cuenta es inexistente
550 Benutzer: Passwort nicht gültig, SMTP Auth
550 Adresse IP n'est pas valide
550 dirección IP no es válida
550 Die IP-Adresse des Servers ist nicht gültig
550 送信元ドメインがDNSで見つかりませんでした
550 Ihre Anmeldung wurde im System nicht gefunden
550 该邮箱没有用户权限
550 您的邮箱没有收件人权限
550 发件人没有邮箱
550 没有此邮箱的发送权限
550 Enregistrement introuvable dans le DNS
550 DNS-posten hittades inte på servern
550 unable to find the recipient policy
550 Message has moved to spam@firma.example
550 domain has moved to anna@firma.example
"""


def lines(table: str) -> list[str]:
    return table.strip().splitlines()


@pytest.mark.parametrize(
    ("said", "text"),
    [(said, text) for said, table in ((Said.BLOCK, BLOCK), (Said.FULL, FULL), (Said.GONE, GONE), (None, NOTHING)) for text in lines(table)],
)
def test_a_text_says_what_it_says_in_any_language(said: Said | None, text: str) -> None:
    assert said_in(text) is said


@pytest.mark.parametrize("text", lines(BLOCK))
def test_a_text_about_the_sender_is_a_block_whatever_code_and_word_stand_beside_it(text: str) -> None:
    assert classify("5.1.1", text, "hard") == ("block", "")


@pytest.mark.parametrize("text", lines(FULL))
def test_a_text_about_a_full_mailbox_is_soft_whatever_code_and_word_stand_beside_it(text: str) -> None:
    assert classify("5.1.1", text, "hard") == classify("5.7.1", text, "block") == ("soft", "mailbox_full")


@pytest.mark.parametrize(
    ("code", "diagnostic", "label", "bounce_class"),
    [
        ("5.0.0", "550 Unknown User", "", "hard"),
        ("5.1.0", "550 Unknown User", "soft", "hard"),
        ("5.0.350", "550 5.0.350 Remote server returned an error -> 550 5.1.1 User unknown", "", "hard"),
        ("5.0.350", "550 5.0.350 Remote server returned an error -> 550 no", "hard", "undetermined"),
        ("5.0.1", "550 5.0.1 Unknown User", "", "undetermined"),
        ("550", "550 Unknown User", "soft", "hard"),
        ("", "Unknown User", "", "hard"),
        ("", "450 Unknown User", "", "undetermined"),
        ("4.1.1", "450 Unknown User", "", "soft"),
        ("5.2.0", "550 Unknown User", "", "undetermined"),
        ("5.7.1", "550 No such user!", "", "block"),
        ("5.5.0", "550 5.5.0 mailbox unavailable", "", "soft"),
        ("5.4.1", "550 5.4.1 Recipient address rejected: Access denied. [mail.protection.outlook.com]", "soft", "hard"),
        ("5.4.1", "550 5.4.1 All recipient addresses rejected : Access denied", "soft", "hard"),
        ("5.4.1", "550 5.4.1 mail rejected by destination domain", "", "soft"),
        ("5.4.14", "554 5.4.14 Hop count exceeded - possible mail loop ATTR34", "hard", "soft"),
    ],
)
def test_a_text_that_nobody_is_there_makes_a_code_without_detail_hard(code: str, diagnostic: str, label: str, bounce_class: str) -> None:
    assert classify(code, diagnostic, label)[0] == bounce_class


@pytest.mark.parametrize("meaning", MEANINGS)
def test_every_line_of_a_table_is_a_language_a_phrase_and_where_it_was_seen(meaning: str) -> None:
    written = (FOLDER / f"{meaning}.txt").read_text(encoding="utf-8").splitlines()
    for line in (line for line in written if line and line[0] not in "#{"):
        language, phrase, seen = line.split("  ", 1)[0], *line.split("  ", 1)[1].rsplit("  ", 1)
        assert len(language) == 2 and phrase.strip() and seen.strip(), line
        assert phrase == phrase.lower(), line
    assert not phrases(meaning).search(fold("the"))


def test_a_hostile_text_costs_little() -> None:
    texts = ["user " * 200_000, "over the its his " * 60_000, "a" * 1_000_000, "x." * 500_000, "имя " * 200_000]
    started = time.process_time()
    for text in texts:
        classify("", text, "")
    assert time.process_time() - started < 3
