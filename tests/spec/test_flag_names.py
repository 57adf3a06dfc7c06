"""Names that say a "no" in whatever order their words stand, and names that only look like it (domain §8 "Flags")."""

import pytest

from pipeline.flags import meaning_of

SAYS_NO = """
    a "no" before or behind the message | sms_stop, STOP SMS, Mailing Stop, newsletter-stop, SMS nein, Anruf_nein, Newsletter_nein
    a "no" before or behind the message | KZ_Werbung_nein, Kontakt_nein, Werbung: keine, Keine weiteren Mails
    a "no" before or behind the message | Kein Interesse an Werbung, Kundenwunsch: kein Kontakt, marketing_no, emails: no
    a "no" before or behind the message | Nieuwsbrief: nee, newsletter_geen, pubblicità_no, nessun contatto, niente pubblicità
    a "no" before or behind the message | ninguna comunicación comercial, publicidad no, Mailing gestoppt
    do not disturb                      | ne pas déranger, niet storen, nicht stören, do not disturb, non disturbare, no molestar
    solicitation                        | Refuse les sollicitations, pas de démarchage téléphonique, opposition au démarchage
    solicitation                        | refus_pub
    a national register                 | Bloctel, Inscrit Bloctel, Liste Robinson, Lista Robinson, registro opposizioni, on_TPS
    a national register                 | MPS registered, iscritto al Registro delle Opposizioni, Bel-me-niet-register, Infofilter
    a national register                 | Sterneintrag, liste orange
    a permission is gone                | retrait consentement, retrait du consentement, consentement retiré
    a permission is gone                | Widerruf der Werbeeinwilligung, Einwilligung zurückgezogen, Einwilligung zurückgenommen
    a permission is gone                | intrekking toestemming, toestemming ingetrokken, revoca_consenso, consenso ritirato
    a permission is gone                | retirada del consentimiento, Withdrawal of consent, permission_revoked
    a permission is gone                | acme_consent_withdrawn
    a place on a list is gone           | Suscripción cancelada, cancelar suscripción, data_cancellazione_iscrizione
    a place on a list is gone           | iscrizione annullata
    taken off a list                    | remove me, delete me, take me off the list, Removed from list, removed_from_mailing_list
    taken off a list                    | verwijderd van mailinglijst, retiré de la liste de diffusion
    erasure is asked for                | Löschwunsch, Löschantrag, Datenlöschung gewünscht, Löschung gemäß DSGVO, erasure_request
    erasure is asked for                | right_to_be_forgotten, demande d'effacement, verzoek tot verwijdering
    erasure is asked for                | richiesta di cancellazione dati, solicitud de supresión
    an order, whatever its verb         | Do not communicate, Do Not Correspond, Do Not Invite, Do Not Survey, do_not_engage
    sending, which is no shipping       | nicht versenden, bitte nicht verschicken, niet verzenden
    an order, whatever its verb         | do not use, Nicht behelligen, nicht einladen, bitte nicht mehr belästigen
    an order, whatever its verb         | niet uitnodigen, niet lastigvallen, Ne pas inviter, ne plus relancer par mail
    a word for messages                 | No Communication, no comms, No solicitations, No appeals, Omit from mailings, cease contact
    a word for messages                 | keine Prospekte, keine Kataloge, Keine Informationen mehr, Verzichtet auf Newsletter
    a word for messages                 | Aus Verteiler entfernen, vom Verteiler genommen, Austritt Newsletter, NL_nein, NL-Stop
    a word for messages                 | nixwerbung, keine Werbung Acme, keine Werbung erwünscht, NL Abm.
    a word for messages                 | geen communicatie, Exclus des envois
    a word for messages                 | Escludi da invii, escluso dalle comunicazioni, Non contattabile, Excluir de envíos
    a word for messages                 | Exclusión publicitaria, no invitar, non invitare, liste repoussoir, liste rouge
    a block, whatever is blocked        | Kommunikationssperre, Ansprachesperre, Aussendesperre, Infosperre, Katalogsperre
    a block, whatever is blocked        | Acme gesperrt, Acme-Sperre, blocked outreach, communicatie geblokkeerd, mailblokkade
    a block, whatever is blocked        | envoi bloqué, Blocco invio, Bloqueo de envíos, mail delivery blocked, Konto gesperrt für Mails
    an objection to processing          | Objection to processing, Objected Art 21, Widerspruch Art. 21, Bezwaar tegen verwerking
    an objection to processing          | Opposé à la prospection, S'oppose au traitement, Opposizione al trattamento
    an objection to processing          | Oposición al tratamiento, Se opone
    a "no" by itself                    | STOP, Stopp, stop_flag, Banned, is_banned, Escludi, refus, revoca, Se dio de baja
    a death                             | †, Datum †, Verst., verst. am, défunt, Finado, Deceso, Dec'd, passed_away_at
"""
SAYS_NONE = """
    a number            | phone no, mobile_no, Contact No, Tel No, Sms no, Message No, Campaign no, Street No, Invoice no, Kontakt Nr
    a number            | Newsletter Nr, No. of mails, No_of_children, No. of newsletters, Anzahl Mails, Postal no, Fax no
    something else      | Non-profit, no_show, no_claims_bonus, Keine Angabe, Kein Alkohol, sans gluten, sin hijos, None of the above
    something else      | enfants_non
    a stop              | stop_date_contract, nonstop_shipping, Non-stop contact, bus_stop, Next stop, Tour Stop City, stopwatch
    a stop              | call_stop_time, Stop Name, tour_stop, Stop Motion
    business with a thing | Do not ship, do_not_print, Do Not Sell, (Do Not Modify) Contact, (Nicht ändern) Kontakt, nicht mahnen
    business with a thing | (Ne pas modifier) Contact, (Niet wijzigen) Contactpersoon, ne pas facturer, nicht lieferbar
    business with a thing | Liefersperre, Kreditsperre, Mahnsperre, Zahlungssperre, Zentrale Auftragssperre, Kartensperre
    business with a thing | Konto gesperrt, Login gesperrt, Blocked Login, blocked_credit_card, dunning_blocked, blocked_seats
    business with a thing | geblockte Plätze, compte bloqué, conto bloccato, cuenta bloqueada, rekening geblokkeerd
    no order            | nicht erschienen, nicht angekommen, nicht zusammen, niet verschenen, Do not know
    no order            | Nichtraucher, AGB verstanden, Verstand
    a course            | Abmeldung Kurs, Workshop-Abmeldung, Kursabmeldung, afmelding cursus
    a setting, a right  | DND Setting, Widerrufsrecht
    an emergency        | Not-Kontakt, Notfallkontakt, Notrufnummer
    the end of a thing  | Vertragsende, Removed from cart, removed_from_wishlist, Order cancelled, Termin abgesagt
    the end of a thing  | Kurs-Anmeldung storniert, Inscription atelier annulée, Contract cancelled, Abo gekündigt
    taken out or up     | Retrait en magasin, Point de retrait, Fecha de retirada, withdrawal_limit, ATM withdrawal
    taken out or up     | Ritiro in negozio
    deleted by calendar | deleted_at, is_deleted, Löschdatum, Löschgruppe
    a wish              | Kundenwunsch, Wunschtermin, Rückruf gewünscht, Contact requested, Demande de rappel
    a register          | Fecha de registro, numero di registro, Robinson_Club_Nr, tps_livraison, Oposiciones tema
"""
CHOICES = "Newsletter (ja/nein), Werbung ja/nein, E-Mail Yes/No, newsletter oui/non, pubblicità sì/no, publicidad si o no"


def each(table: str) -> list[str]:
    return [name.strip() for line in table.strip().splitlines() for name in line.rpartition("|")[2].split(",")]


@pytest.mark.parametrize("name", each(SAYS_NO))
def test_known_words_that_together_say_no_are_a_flag_in_any_order(name: str) -> None:
    meaning = meaning_of(name)
    assert meaning is not None and meaning.is_flag


@pytest.mark.parametrize("name", each(SAYS_NONE))
def test_a_number_a_stop_an_emergency_or_business_with_a_thing_is_no_flag(name: str) -> None:
    meaning = meaning_of(name)
    assert meaning is None or not meaning.is_flag


@pytest.mark.parametrize("name", each(CHOICES))
def test_a_no_beside_a_yes_says_what_the_cells_are(name: str) -> None:
    meaning = meaning_of(name)
    assert meaning is None or not meaning.is_flag


@pytest.mark.parametrize(
    ("name", "flags"),
    [
        ("sms_stop", "sms:opted_out"),
        ("Bloctel", "phone:opted_out"),
        ("Infofilter", "post:opted_out"),
        ("Newsletter_nein", "email:opted_out"),
        ("Löschwunsch", "any:opted_out"),
    ],
)
def test_it_closes_the_channels_that_the_name_says(name: str, flags: str) -> None:
    meaning = meaning_of(name)
    assert meaning is not None and meaning.flags == (flags,)


@pytest.mark.parametrize(
    ("damaged", "flags"),
    [
        ("dÃ©sabonnÃ©", "any:opted_out"),
        ("DÃ©cÃ©dÃ©", "any:deceased"),
        ("d√©sabonn√©", "any:opted_out"),
        ("nessuna pubblicitÃ", "any:opted_out"),
        ("d?sabonn?", "any:opted_out"),
        ("D\ufffdc\ufffd\ufffdd\ufffd", "any:deceased"),
        ("Kontakt nicht erw?nscht", "any:opted_out"),
        ("M\ufffdchte keinen Newsletter", "email:opted_out"),
        ("Unsubscribed?", "any:opted_out"),
    ],
)
def test_a_name_that_a_wrong_encoding_has_damaged_still_says_it(damaged: str, flags: str) -> None:
    meaning = meaning_of(damaged)
    assert meaning is not None and meaning.flags == (flags,)


@pytest.mark.parametrize(
    "name", ["Straße", "Größe?", "Caf\ufffd", "Gesperrte Pl?tze", "gesperrte PlÃ¤tze", "Wie geht es?", "b???a", "Caf? au lait"]
)
def test_a_damaged_name_of_something_else_says_nothing(name: str) -> None:
    assert meaning_of(name) is None
