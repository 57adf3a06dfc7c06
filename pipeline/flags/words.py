"""The words of column names that say something about a "no", by what each says, in the six languages of domain §8.

Words are folded (lower case, no accents, ß as ss); those of German also as they are written without umlauts.
"""

from enum import StrEnum


class Role(StrEnum):
    """What a word says in a column's name."""

    REFUSED = "refused"
    """The whole "no" by itself, whatever stands beside it."""
    BLOCKED = "blocked"
    """A "no" where every other word is known: seats are blocked too."""
    DEAD = "dead"
    """The owner's death, where every other word is known."""
    WITHDRAWN = "withdrawn"
    """Makes a "no" of a word for a message or a permission: forbidden, revoked."""
    REVOKED = "revoked"
    """Makes a "no" of a permission, and of nothing else: parcels and money are withdrawn too."""
    ERASED = "erased"
    """A "no" where somebody asks for it: records are also deleted by the calendar."""
    NOT = "not"
    """Makes a "no" of what follows it."""
    CONTACT = "contact"
    """Messages, and what is done with them."""
    DONE = "done"
    """Contact in the past: "not contacted" says nothing, "not to be contacted" does."""
    MAY = "may"
    """That something is possible or allowed."""
    CONSENT = "consent"
    """A "yes" by its own name."""
    SUBSCRIPTION = "subscription"
    """A "yes" where it is one to messages: theatres have subscribers too."""
    MACHINERY = "machinery"
    """The column is about a link or a forecast, and not about what somebody wants."""
    KNOWN = "known"
    """Says nothing by itself."""


def _each(words: str) -> frozenset[str]:
    return frozenset(words.split())


_WORDS: dict[Role, str] = {
    Role.REFUSED: """
        unsubscribe unsubscribed unsubscribes unsubscribing unsubscription unsubscriptions unsubscriber unsub unsubs unsubbed
        optout optouts suppress suppressed suppression supression blacklist blacklisted blocklist blocklisted denylist denylisted
        donotcontact dnc dnd robinsonliste uncontactable unmailable blackliste blockliste abgemeldet abgemeldete abgemeldeter abmeldung
        abmeldungen abmelde sperrliste uitgeschreven uitschrijving uitschrijf uitschrijven afgemeld afmelding afmeld desinscrit
        desinscrite desinscrits desinscription desinscrire desabonne desabonnee desabonnes desabonnement desabonner disiscritto
        disiscritta disiscritti disiscrizione disiscrivi desuscrito desuscrita desuscripcion desuscribir desabo bloctel infofilter
        sterneintrag telefonrobinson
    """,
    Role.BLOCKED: """
        blocked onhold gesperrt gesperrte sperre sperren sperr sperrvermerk blockiert geblockt abbestellt abbestellung abbestell
        ausgetragen austragung widerspruch widerspruchs widersprochen widerruf widerrufs widerrufen geblokkeerd blokkade bloque bloquee
        blocage opposition bloccato bloccata blocco opposizione bloqueado bloqueada bloqueo baja bajas oposicion objection objections
        objected bezwaar verzet excluded ausgeschlossen ausgeschlossene uitgesloten exclu exclue exclus escluso esclusa excluido excluida
        exclusion ausschluss uitsluiting esclusione dne dnm robinson opposizioni oppositions widerspruche widersprueche tps ctps mps
        blockierte blockierter geblockte bloques bloquees bloccati bloqueados blocages bloqueos banned ban bans oppose opposee
        opposes opposees opposed oppone opposto opposta opone oponen opuesto opuesta widerspricht widersprechen sperrungen sperrung
    """,
    Role.DEAD: """
        deceased dead died death verstorben verstorbene verstorbener gestorben tot tod todes sterbe overleden overlijden
        overlijdens decede decedee deces mort morte deceduto deceduta decesso defunto defunta morto fallecido fallecida
        fallecimiento difunto difunta defuncion muerto muerta muerte gestorven morta ableben todesfall
        verst verstb gest decd rip defunt defunte defunts obito finado finada deceso overl
    """,
    Role.WITHDRAWN: """
        revoked withdrawn withdrew refused denied declined rejected forbidden prohibited unwanted cancelled canceled verboten verbot
        unerwunscht unerwuenscht abgelehnt verweigert untersagt gekundigt gekuendigt kundigung kuendigung geweigerd ingetrokken opgezegd
        ongewenst verboden interdit interdite refuse refusee revoque retire indesirable annule resilie rifiutato rifiutata revocato
        revocata revoca vietato annullato cancellato cancellata cancellazione rechazado rechazada revocado revocada prohibido cancelado
        cancelada hold block blocking removed remove removal disabled deactivated objects storniert beendet deaktiviert verweigerung
        verweigerer ablehnung weigert opzegging interdiction refus rifiuta rifiuto annullata rechaza rechazo revocacion negato negata
        denegado denegada suspended suspendiert suspendu sospeso suspendido opgeschort muted mute restricted restriction restrictions
        stopped gestoppt gestopt arrete fermato cancelar cancela cancelacion cancellare annulation annulee annullamento annullare
        geannuleerd anular anulado anulada anulacion cancellation kundigen kuendigen opzeggen resiliation resiliee abgewahlt abgewaehlt
        verzicht verzichtet verzichten austritt abm abgem renonce rinuncia renuncia entfernt entfernen cese cesser banning
    """,
    Role.REVOKED: """
        withdrawal withdrawing withdraw revocation revoke revoking retrait retiree retires intrekking intrekken retirada retirado retiro
        retirar ritiro ritirato ritirata ritirare revocare revocar revoquer rucknahme ruecknahme zuruckgezogen zurueckgezogen
        zuruckgenommen zurueckgenommen
        genommen gestrichen herausgenommen rausgenommen
    """,
    Role.ERASED: """
        erasure erase erased deletion delete deleted forgotten losch loesch loschung loeschung loschen loeschen geloscht geloescht
        datenloschung datenloeschung verwijdering verwijderen verwijderd vergeten effacement effacer efface suppression oubli
        eliminazione eliminare eliminacion eliminar eliminado eliminato rimozione rimosso supresion olvido oblio vergessen
    """,
    Role.NOT: """
        not no dont cannot cant never nicht kein keine keinen keiner keinerlei nie ohne niet geen nooit ne pas sans non niente
        nessun nessuna nessuno senza sin nunca ningun ninguna ninguno aucun aucune nein nee none neither niemals nimmer
        stop stopp exclude ausschliessen uitsluiten exclure escludere excluir
        escludi omit omitted cease ceased nix avoid
    """,
    Role.CONTACT: """
        contactable mailable emailable reachable contact contacts contacting send sending write writing disturb approach solicit
        solicitation market marketing promo promos promotion promotions promotional advertising advertisement ads campaign campaigns
        communication communications message messages receive newsletter newsletters mailing mailings mail mails email emails sms text
        texts texting texted whatsapp rcs call calls calling phone phonecall phonecalls telephone tel mobile cell letter letters post
        postal fax push kontakt kontakte kontaktieren kontaktierbar kontaktaufnahme anschreiben ansprechen anrufen anruf anrufe telefon
        telefonisch handy mobil mobilfunk werbung werbe werben werbliche brief briefe briefpost zusenden senden versenden versand
        zusendung rundbrief infomail aktionen mailen benaderen contacteren bel bellen telefoon telefonisch sturen versturen ontvangen
        reclame nieuwsbrief nieuwsbrieven post brieven contacter envoyer ecrire appeler appel appels demarcher demarchage solliciter
        sollicitation recevoir courriel courriels courrier telephone publicite prospection infolettre mobile contattare contatto inviare
        chiamare chiamate disturbare ricevere telefono telefonate pubblicita posta lettere cellulare contactar contacto enviar llamar
        llamadas molestar escribir recibir correo correos movil publicidad boletin boletines comunicaciones carta cartas comunicazioni
        comunicazione emailing emailings aussendung aussendungen zusendungen einladungen einladungs courriers infos pub pubs deranger
        sollicitations publicites storen stoeren werbemail werbemails werbepost reclames telefonischer telefonische telefonischen
        telefoontjes comunicacion prospections demarchages messaggi mensajes anuncios nachrichten berichten
        nl communicate communicating comms correspond correspondence invite invites invitation invitations catalogue catalogues
        catalog catalogs brochure brochures appeal appeals solicitations promote outreach kommunikation kommunikations kommunizieren
        ansprache ansprachen ansprechende aussende aussenden zusende einladung einladen informationen katalog kataloge prospekt
        prospekte spendenaufruf spendenaufrufe flyer communicatie communiceren uitnodigen uitnodiging uitnodigingen catalogus
        communiquer inviter envoi envois correspondre correspondance comunicare invitare invito inviti catalogo cataloghi opuscoli
        opuscolo invio invii comunicar invitar invitacion invitaciones catalogos folleto folletos envio envios publicitaria
        publicitarias publicitario publicitarios contattabile contattabili mandar remitir mandare belastigen belaestigen behelligen
    """,
    Role.DONE: """
        contacted emailed mailed called phoned texted kontaktiert angeschrieben angerufen angemailt gemaild gebeld benaderd
        gecontacteerd contactee contacte contattato contattata contactado contactada
    """,
    Role.MAY: """
        may can allow allows allowed permit permitted possible available offered ok okay eligible darf kann erlaubt erlauben
        moglich moeglich zulassig zulaessig gestattet gewunscht gewuenscht erwunscht erwuenscht zulassen mag kan toegestaan toestaan
        mogelijk gewenst peut autorise autorisee autoriser possible puo permesso consentito consentire possibile puede permitido
        permitir posible
    """,
    Role.CONSENT: """
        consent consents consented permission permissions optin optins subscribed resubscribe resubscribed agree agreed agrees
        accept accepts accepted einwilligung eingewilligt einverstanden einverstandnis einverstaendnis zustimmung zugestimmt
        angemeldet abonniert toestemming ingeschreven aangemeld akkoord geabonneerd consentement inscrit inscrite consenso
        acconsente iscritto iscritta consentimiento acepta aceptar aceptado suscrito suscrita accepte accepter
        accetta accettare erlaubnis
    """,
    Role.SUBSCRIPTION: """
        subscribe subscribes subscriber subscribers subscription subscriptions anmeldung abonnent abo abonnement inschrijving
        inscription abonne abonnee iscrizione suscripcion alta
    """,
    Role.MACHINERY: """
        link links url urls uri href token hash page footer button template landingpage rate score risk probability likelihood
        prediction predicted propensity churn uuid guid tracking cookie cookies analytics profiling abmeldelink wahrscheinlichkeit
        lien enlace
    """,
    Role.KNOWN: """
        is are was were has have had be been being do does did the a an of from for to by at on in out off up any all every each global
        globally general bulk mass marked since until date datetime time timestamp day when who why user customer client person people
        contactperson individual member recipient account profile record donor guest visitor address addresses primary private business
        work home list lists flag flags field value status state reason source method type kind channel channels via new old last first
        current more longer further additional future please c x cf custom hs crm my our us we he she it me him her them their his you
        want wants wish wishes request requests requested direct commercial electronic digital online number count total id ids note
        comment explicit manual auto automatic materials mm y n yn ist sind hat haben wird werden wurde sein am um an vom von aus der die
        das den dem des fur fuer per bei im zum zur zu mehr bitte alle allen aller datum zeit uhrzeit zeitpunkt tag tage grund quelle
        kunde kunden person empfanger empfaenger mitglied benutzer nutzer besucher konto adresse adressen kennzeichen kz merkmal vermerk
        seit bis wegen durch ich mich uns wir sie keinerlei weitere elektronische elektronisch schriftlich liste art als und oder ja nein
        heeft wordt worden werd op aan voor bij per het de een tijd reden klant persoon lid bezoeker wil meer graag door sinds via onze
        ons adres lijst en of est a ete etre le la les l d du de des aux au par pour plus jamais ou et date heure jour motif raison client
        personne contactpersoon membre tous toutes tout liste depuis veut souhaite adresse electronique telephonique postale voie e essere
        ha stato stata il lo gli i un una di del della dal dalla da in con su per data ora giorno motivo cliente persona membro tutti
        tutte lista utente desidera vuole elettronica elettronico indirizzo mai ha sido ser el los las un una del por para con fecha hora
        dia motivo razon cliente persona miembro todos todas lista usuario desea quiere desde electronico electronicos electroniques
        postal direccion dado dada estado privacy gdpr dsgvo rgpd avg should must shall muss soll sollen sollte mochte moechte wunscht
        wuenscht wunschen wenst ind indicator flg cd dt ts bool boolean register registered registriert processing data verarbeitung daten
        datos dati donnees gegevens gegen direkt direkte massen adress recht auf zweck zwecke zwecken commerciale commerciali commerciales
        comercial comerciales tutte souhaitent commerciaux will wollen van j jahr year annee anno ano datenschutz darse ecg dmvoe eintrag
        eintrage eintraege treffer abgleich weiteren weiterer weiteres weiterhin jegliche jeglicher jeglichen andere anderen wunsch
        wuensche wunsche antrag beantragt begehren ersuchen gewunschte interesse interest interet interes interessiert interested registro
        registre registri registry pubblico publico nazionale al delle dei degli nel nella ai agli alle sur dans met gemass laut diffusion
        het right verteiler mailingliste demande demandee verzoek verzoekt richiesta richiesto solicitud solicitada solicitado pedido
        derecho droit diritto oder or yes si oui keep any anything nada niets nichts rien niente se te le nos moi mij mi
        s trattamento tratamiento traitement traitements verwerking tegen artikel article articolo articulo abs dalle dai dagli
        dallo dio dieron dar darme aub svp prego favor verarbeitungen
    """,
}
ROLE: dict[str, Role] = {}
"""A word → what it says. A word of two lists has what the first of them says; German joins `Abmeldung` and `Datum` by an s."""
for _role, _text in _WORDS.items():
    for _word in _text.split():
        ROLE.setdefault(_word, _role)
        if _word.endswith("ung"):
            ROLE.setdefault(f"{_word}s", _role)

_ME = ("me", "mich", "mij")
JOINED: dict[tuple[str, ...], str] = {
    ("e", "mail"): "email",
    ("e", "mails"): "emails",
    ("don", "t"): "dont",
    ("can", "t"): "cant",
    ("e", "mailing"): "emailing",
    ("e", "mailings"): "emailings",
    ("preference", "service"): "dnc",
    ("passed", "away"): "deceased",
    **{(said, "to"): "objection" for said in ("object", "objects", "objected")},
    ("un", "subscribe"): "unsubscribe",
    **{(asked, me): "unsubscribe" for asked in ("remove", "delete", "losch", "loesch", "losche", "loesche", "verwijder") for me in _ME},
    ("takeme", "off"): "unsubscribe",
    ("take", "me"): "takeme",
    ("retirez", "moi"): "unsubscribe",
    **{("liste", named): "blacklist" for named in ("orange", "rouge", "repoussoir")},
    ("dec", "d"): "deceased",
    # Of a purchase one may withdraw, and a device has a setting.
    ("widerrufs", "recht"): "widerrufsrecht",
    **{("dnd", noun): "setting" for noun in ("setting", "settings")},
    # German "Not" is an emergency, and nonstop is no stop.
    **{("not", noun): "notfall" for noun in ("kontakt", "kontakte", "telefon", "anruf", "handy", "adresse")},
    ("non", "stop"): "nonstop",
    ("un", "subscribed"): "unsubscribed",
    ("on", "hold"): "onhold",
    ("sign", "up"): "subscription",
    ("text", "message"): "text",
    ("text", "messages"): "texts",
    **{(opt, "out"): "optout" for opt in ("opt", "opts", "opted", "opting")},
    **{(opt, "outs"): "optout" for opt in ("opt", "opted")},
    **{(opt, "in"): "optin" for opt in ("opt", "opts", "opted", "opting")},
    **{(opt, "ins"): "optin" for opt in ("opt", "opted")},
    **{(colour, "list"): "blacklist" for colour in ("black", "block", "deny")},
    **{(colour, "listed"): "blacklist" for colour in ("black", "block", "deny")},
    **{(colour, noun): "blacklist" for colour in ("schwarze", "zwarte") for noun in ("liste", "lijst")},
    **{(noun, colour): "blacklist" for noun in ("lista", "liste") for colour in ("negra", "nera", "noire", "bloquee")},
}  # fmt: skip
"""Words that say something only together → the word that stands for them."""

ABBREVIATED = _each("pas sin non mai nie des den dem das der die verst verstb gest decd rip overl abm abgem ban abs aub svp")
"""Too short or too cut off to be looked for inside a longer word: "Verstand" is no death."""

GLUED: frozenset[str] = frozenset(
    {word for word in ROLE if len(word) > 2} - ABBREVIATED
    | {"no", "do", "is", "of", "by", "at", "am", "me", "us", "opt", "opted", "out", "in", "mm", "on"}
)
"""Words that are looked for inside a longer one: `donotbulkemail`, `Werbesperre`."""

NEGATING = _each("not no never nicht kein keine keinen keiner keinerlei nie ohne niet geen nooit pas sans non senza without sin nunca")
"""What makes a "yes" of a "no": "not opted out"."""
LEADING = _each("no ne pas sans non senza sin ohne stop niente none")
"""What makes a "no" only of what follows it: a `Phone No` is a number."""
TRAILING = {
    "stop": _each("mail mobile cell post call calls campaign campaigns tel phone telephone"),
    **dict.fromkeys(
        ("no", "non", "none"),
        _each(
            "mail mobile cell post postal versand call calls campaign campaigns tel phone telephone contact contacts contacto "
            "contatto sms text texts letter letters message messages communication communications mailing movil cellulare telefono "
            "telefoon telefon correo posta carta courrier courriel fax kontakt brief handy mobil promo promotion promotions anruf "
            "appel send messaggio mensaje"
        ),
    ),
}
"""What also makes a "no" of the word right before it, and behind which words it does not: a `Phone No` is a number, a mail stop a place."""
SAID_NO = _each("no nein nee non")
SAID_YES = _each("yes ja oui si")
"""Beside each other they say what the cells are, `Newsletter (ja/nein)`, and not what is wanted."""
ENROLMENT = _each("suscripcion suscripciones iscrizione iscrizioni")
"""A place on a list, and not the season ticket of a theatre, which has words of its own in these languages."""
ASKED = _each(
    "request requests requested wunsch wunsche wuensche gewunscht gewuenscht antrag beantragt begehren ersuchen verlangt demande demandee "
    "verzoek verzoekt richiesta richiesto solicitud solicitada solicitado pedido right recht droit diritto derecho will wants wil veut "
    "quiere vuole wunscht wuenscht mochte moechte gdpr dsgvo rgpd avg"
)
"""What makes a "no" of erasure: it is somebody's wish."""
OF_DATA = _each("data daten dati datos donnees gegevens")
"""Whose removal somebody asks for, and not that of an order."""
LISTS = _each("list lists liste lista lijst verteiler mailingliste")
OUT_OF = _each("from off von vom aus van uit de du des della dalla del da")
"""What makes a "no" of removal, in front of a list."""
REVOKING = _each(
    "revoked withdrawn withdrew withdrawal revocation widerrufen widerruf widerrufs ingetrokken intrekking retrait retire retiree "
    "revoque revoca revocato revocata revocado revocada revocacion retirada retirado ritirato ritiro ritirata zuruckgezogen "
    "zurueckgezogen rucknahme ruecknahme zuruckgenommen zurueckgenommen"
)
"""What is said of a permission that is gone, whatever stands beside both: `acme_consent_withdrawn`."""
ELECTRONIC = _each("electronic electronique elettronica elettronico electronico electronicas elektronische digital")
_INFINITIVE = r"(?!ge)(?!\w{2,6}ge\w{3,}en)\w{3,}en"
ORDERS: dict[tuple[str, ...], str] = {
    **dict.fromkeys((("do", "not"), ("dont",), ("ne", "pas"), ("ne", "plus")), r"\w{3,}"),
    **dict.fromkeys((("nicht",), ("niet",)), _INFINITIVE),
}
"""What makes an order of the verb behind it, whatever stands beside both (`acme_do_not_email`) → what a verb looks like there."""
NO_ADVERTISING = frozenset({("keine", "werbung"), ("keinerlei", "werbung"), ("geen", "reclame")})
"""What is as good as an order: no number and no state is called so."""
BETWEEN = _each("mehr meer bitte please aub ever again further")
"""What may stand between an order and its verb."""
HEADS = _each(
    "sperre sperren sperrung sperrungen sperrvermerk gesperrt gesperrte blocked blockiert blockierte blockierter geblockt geblockte "
    "geblokkeerd blokkade bloque bloquee bloques bloquees blocage blocages bloccato bloccata bloccati blocco bloqueado bloqueada "
    "bloqueados bloqueo bloqueos"
)
"""A "no" beside any other word that is no thing of business: `Kommunikationssperre`, "blocked outreach"."""
HEAD_ENDINGS = ("sperre", "sperren", "blokkade")
"""Where a longer word ends so, this is its head, whatever it begins with."""
ALONE = _each(
    "stop stopp exclude exclure escludi escludere excluir ausschliessen uitsluiten omit refus refused refuse rifiuto revoca revoked "
    "revocado revocada revocato revocata"
)
"""A "no" where nothing stands beside it but that it is a sign: a stop by its own name is a bus's."""
SIGN = _each("is ist flag flags flg kz kennzeichen merkmal vermerk ind indicator yn bool boolean")
LEAVING = _each(
    "abmeldung abmeldungen abmelde abgemeldet abgemeldete abgemeldeter abmeldungs afmelding afgemeld afmeld uitschrijving uitgeschreven "
    "desinscription desinscrit desinscrite disiscrizione disiscritto disiscritta"
)
"""What one also does in a course."""
COURSES = _each(
    "kurs kurse kurses kursen workshop workshops seminar seminare training trainings lehrgang unterricht schule cursus cursussen lessen "
    "cours atelier ateliers stage stages corso corsi laboratorio curso cursos taller talleres"
)
THROUGH = _each("via through using durch")
"""Behind it stands the way somebody took: `Unsubscribed via link` is about him, not about the link."""
REACHABLE = _each("contactable mailable emailable reachable kontaktierbar")
"""Contact and that it may be, in one word."""
BEING = _each("be been being werden wird worden wordt etre essere ser sein")
"""What makes contact in the past one of the future."""

CHANNEL_WORDS: dict[str, str] = {
    "email": "email emails emailing emailings dne mailing mailings mailen newsletter newsletters rundbrief infomail nieuwsbrief "
    "nieuwsbrieven werbemail werbemails infolettre courriel courriels boletin boletines emailed gemaild angemailt emailable nl",
    "sms": "sms",
    "sms rcs": "text texts texting texted",
    "whatsapp": "whatsapp",
    "rcs": "rcs",
    "phone": "tps ctps bloctel call calls calling called phone phonecall phonecalls phoned telephone tel telefon telefonisch anruf anrufe "
    "anrufen angerufen bel bellen gebeld telefoon appel appels appeler telefono telefonate chiamare chiamate llamar llamadas",
    "sms phone whatsapp rcs": "mobile cell handy mobil mobilfunk cellulare movil",
    "post": "mps infofilter werbepost post postal letter letters brief briefe briefpost brieven courrier lettere carta cartas",
    "other": "fax push",
    "email post": "posta correo correos mail mails mailed dnm",
}
"""Channels of ours → the words that name them; `other` is none of ours."""
CHANNELS: dict[str, tuple[str, ...]] = {word: tuple(names.split()) for names, words in CHANNEL_WORDS.items() for word in words.split()}
POST_BY_MAIL = frozenset({("do", "not", "mail"), ("dont", "mail"), ("no", "mail"), ("direct", "mail"), ("postal", "mail")})
"""Where English `mail` is a letter: beside it stands `email`."""
