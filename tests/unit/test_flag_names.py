"""What a column's name says about a "no", in six languages and any spelling (domain §8 "Flags")."""

import pytest

from pipeline.config.feed import FlagSetting
from pipeline.flags import FlagReason, flag_columns, meaning_of

REFUSALS = """
    any: doNotContact, is_opt_out, OPTOUT, Opt-Out, opt out date, unsubscribed_at, IsUnsubscribed, DNC, blocked, on hold, Suppressed
    any: suppression_list, DONOTSENDMM, cannot be contacted, not contactable, contact refused, consent_withdrawn, not subscribed
    any: pi__opt_out, Do not contact (ACME), object to marketing, Unsubscribed via link
    any: Exclusion list, Liste d'exclusion, Marketing suspended, Widerrufsdatum, Blackliste, Darse de baja
    any: Excluded, do_not_contact_flg, Marketing Preference Service, Black-listed
    any: Werbesperre, Gesperrt, Sperrkennzeichen, Sperrgrund, keine Werbung, nicht kontaktieren, Nicht mehr anschreiben, Abgemeldet am
    any: Darf nicht kontaktiert werden, Kontakt nicht erwünscht, Kontakt nicht erwuenscht, Einwilligung widerrufen, keine Einwilligung
    any: Widerspruch, Werbewiderspruch am, Werbeverbot, abbestellt, Datum Abmeldung, uitgeschreven, Uitschrijfdatum, afgemeld
    any: Kunde will keine Werbung, möchte keine Zusendungen, Widerspruch gegen Datenverarbeitung, Direktwerbung verweigert, Abmeldungsdatum
    any: Werbestopp, keine Werbeerlaubnis, Datenschutzwiderspruch, Aussendungssperre, Ausgeschlossen, acme nicht kontaktieren
    any: ECG Robinson, Robinson Eintrag, Robinson Einträge, Robinson Treffer, Robinson Abgleich, DMVOE Robinson, Objects marketing
    any: Niet benaderen, Bezwaar, uitgesloten van reclame, Wenst geen reclame
    any: désinscrit, Désabonné le, Ne pas contacter, ne plus contacter, liste noire, Opposition, disiscritto, non contattare, bloccato
    any: revoca consenso, no molestar, no contactar, baja, Fecha de baja, lista robinson, dado de baja
    email: HasOptedOutOfEmail, HasOptedOutOfEmail__c, No Bulk Emails (User Opt Out), donotbulkemail, Do not e-mail, don't email, eMailSperre
    email: E-Mail-Sperre, Newsletter abbestellt, Kein Newsletter, keine E-Mails mehr, geen e-mail, niet mailen, pas d'email, stop email
    email: removed from mailings, privacy_do_not_email, crm7_DoNotEmail, NO_EMAIL_IND, E-Mails nicht zulassen, wünscht keinen Newsletter
    email: E-Mail-Verweigerung, Requests no email, Mailing restricted
    email: Refus courriel, exclu emailing, N'accepte pas les e-mails, Rifiuta newsletter, rechaza boletines, afgemeld voor nieuwsbrief
    email: Exclude from mailings, Email Marketing Opt-Out, Newsletter abgelehnt, email_blacklisted, E-MAIL OPT OUT
    sms: OptOutSMS, no_sms, keine SMS, sms_opted_out
    rcs sms: do_not_text
    whatsapp: no_whatsapp, WhatsApp Opt-out
    phone: TPS, Telephone Preference Service, Do Not Call, donotphone, Telefonsperre, Don’t call, niet bellen, Bel-me-niet, no llamar
    phone rcs sms whatsapp: mobile_opt_out
    post: donotpostalmail, Do not mail, geen post, postal_opt_out
    email sms: E-Mail/SMS Opt-out
    email post: Mailsperre
"""
DEATHS = (
    "Deceased, is_deceased, died_on, Date of death, verstorben am, Sterbedatum, Todesdatum, tot, overleden, overlijdensdatum, décédé, "
    "Décès, gestorven, Sterbejahr, Todesfall, passed away, deceduto, data di morte, fallecido, fecha de fallecimiento"
)
CONSENTS = (
    "consent, email_consent, opt_in, double_opt_in_at, HasOptedIn, Newsletter, newsletter_subscription, Newsletter-Anmeldung, may_email, "
    "can be contacted, email_allowed, accepts_marketing, Einwilligung E-Mail, Darf kontaktiert werden, toestemming, consentement, "
    "subscribed, not_opted_out, no_optout, nicht abgemeldet"
)
NOTHING = (
    "Opt-out link, unsubscribe_url, opt_out_possible, opt_out_risk, tracking_opt_out, HasOptedOutOfFax, blocked_seats, gesperrte "
    "Plätze, Block, Sperrsitz, Sperrstunde, Liefersperre, Mahnsperre, Blockflöte, death_metal_fan, dead_letter, deadline, Partner "
    "deceased, geldig_tot, Phone No, Contact No., no_of_emails, no_show, customer_no, not_contacted, last_contacted, email_not_sent, "
    "Abo gekündigt, Theater-Abo, subscription cancelled, Widerrufsbelehrung, do_not_trade, Email, phone, contact, notes, donation, "
    "Text, Baja California, Lieblingsstück, marketing_budget, Disabled access, Object ID, removed_products, Excluded products, "
    "Account suspended, Email requests, VAT exclusion, Robinson Crusoe, Registrierung, Data block, Mail stop"
)
LINES = [line.strip().split(": ", 1) for line in REFUSALS.strip().splitlines()]


def each(names: str) -> list[str]:
    return [name.strip() for name in names.split(",")]


@pytest.mark.parametrize(("channels", "name"), [(channels, name) for channels, names in LINES for name in each(names)])
def test_a_name_that_says_no_is_a_flag_on_the_channels_that_it_says(channels: str, name: str) -> None:
    meaning = meaning_of(name)
    assert meaning is not None and (meaning.reason, " ".join(meaning.channels)) == (FlagReason.OPTED_OUT, channels)


@pytest.mark.parametrize("name", each(DEATHS))
def test_a_name_that_says_death_is_a_flag_on_every_channel(name: str) -> None:
    meaning = meaning_of(name)
    assert meaning is not None and meaning.flags == ("any:deceased",)


@pytest.mark.parametrize("name", each(CONSENTS))
def test_a_name_that_says_consent_is_reported_and_no_flag(name: str) -> None:
    meaning = meaning_of(name)
    assert meaning is not None and not meaning.is_flag


@pytest.mark.parametrize("name", each(NOTHING))
def test_a_name_that_only_holds_such_a_word_says_nothing(name: str) -> None:
    assert meaning_of(name) is None


def test_case_and_the_signs_between_words_do_not_matter() -> None:
    for name in (
        "Do Not Email",
        "do_not_email",
        "DoNotEmail",
        "doNotEmail",
        "DONOTEMAIL",
        "do-not-e-mail",
        "Do.Not.E.Mail",
        " do not email ",
    ):
        meaning = meaning_of(name)
        assert meaning is not None and meaning.flags == ("email:opted_out",), name


def test_the_feeds_yaml_decides_otherwise_by_any_spelling_of_the_name() -> None:
    settings = {
        "werbesperre": FlagSetting(says="none"),
        "Status B": FlagSetting(says="opted_out", channel="sms"),
        "weg": FlagSetting(says="deceased"),
        "no calls": FlagSetting(says="consent"),
        "kein_sms": FlagSetting(says="opted_out"),
    }
    found = flag_columns(["Werbesperre", "status_b", "WEG", "No-Calls", "Kein SMS", "Alter"], settings)
    assert {name: meaning.flags for name, meaning in found.items()} == {
        "status_b": ("sms:opted_out",),
        "WEG": ("any:deceased",),
        "No-Calls": (),
        "Kein SMS": ("sms:opted_out",),
    }


def test_in_a_json_record_the_path_or_its_last_part_says_it() -> None:
    names = ["attributes/DO_NOT_CONTACT", "opt_out/sms", "links/unsubscribe_url", "address/blocked_seats"]
    assert {name: meaning.flags for name, meaning in flag_columns(names, {}).items()} == {
        "attributes/DO_NOT_CONTACT": ("any:opted_out",),
        "opt_out/sms": ("sms:opted_out",),
    }
