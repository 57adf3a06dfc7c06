"""The words by which people ask to be taken off a list: regular expressions over lower case, by language where that helps to read them.

A plain request is known in German, English, Dutch, French, Italian, Spanish, Polish, Czech, Portuguese and Japanese; the stems of
`LEAVING` are those of every language that `server_texts` knows. What stands here is what people write; where a word alone can mean
something else, its company decides.
"""

import re

AN_ADDRESS = "this address"
"""What stands for every address in a text that is read: an address has full stops, and would end the sentence."""

LIST = re.compile(
    r"new?s?-?let+er|neswletter|rundbrief|verteiler|mailing|(e-?mail|adress|empf(ä|ae)nger|abonnenten)-?liste|\blisten?\b|datenbank|"
    r"kartei|\bdatabase|"
    r"\bsubscription|\bnieuwsbrie|mailinglijst|\blijst|adressenbestand|\bbestand|infolettre|lettre d'info|liste de diffusion|\bfichier|"
    r"\blista\b|\blistado|bolet[ií]n|suscripci[oó]n|"
    r"\b(your|this|these|mailing|all|any|every) lists?\b|mailingow|subskrypcj|odb[eě]ru|datab[aá]z|boletim|inscri[cç][aã]o|assinatura|"
    r"メルマガ|メールマガジン|ニュースレター"
)
A_LIST = re.compile(rf"{LIST.pattern}|\blists?\b|\blisty\b|\bseznamu\b|\bbazy\b")
"""Beside a word of removal any list is meant; guests, too, are on a list."""
MAIL = re.compile(
    r"e-?mail|\bmails?\b|werbe|werbung|zusendung|\bspam\b|advertis|courriel|publicit|\bpubs?\b|pubblicit|\bcorreos?\b|reclame|メール"
)
EVENT = re.compile(
    r"\b(workshop|seminar|(sprach|tanz|yoga)?kurs|veranstaltung|konzert|vorstellung|f(ü|ue)hrung|garderobe|probe|termin|training|treffen|"
    r"reservierung|buchung|bestellung|reise|ausflug|theaterabo|ticket|karte(?!i)|platz|schule|event|(?<!of )course|class|concert|booking|"
    r"reservation|order|appointment|contract|vertrag|mietvertrag|wohnung|rent|cloakroom|rehearsal|meeting|cursus|"
    r"(?<=voor de )les|lessen|voorstelling|reservering|bestelling|afspraak|kaart|atelier|(?<!of )cours|spectacle|"
    r"r[eé]servation|commande|rendez-vous|billet|corso|laboratorio|spettacolo|prenotazione|ordine|appuntamento|bigliett|taller|curso|"
    r"concierto|reserva|pedido|cita|entrada|kurz|koncert|rezervac|rezerwacj|bilet|vstupenk|wydarzeni|spektakl)(s|e[nrs]?|n|i|o|u|[eę]|y|"
    r"[oó]w|ek|ky)?\b|"
    r"(warte|g(ä|ae)ste|teilnehmer|einkaufs)-?liste|(waiting|guest|wait|shopping)[ -]?list|wachtlijst|gastenlijst|liste d'attente|"
    r"lista d'attesa|lista de espera|list[ay] (go[sś]ci|oczekuj|uczestnik)"
)
"""What one can leave, cancel or be struck off without meaning our mail."""
OF_AN_EVENT = re.compile(
    r"\b(vom|von|f(ü|ue)r|zum|zur|aus|der|des|beim|mein(e[nrms]?)?|unser(e[nrms]?)?|from|for|of|off|my|our|van|voor|mijn|du|de|pour|"
    r"[aà] l'|ma|mon|notre|del|dal|della|dalla|per|mi[ao]|para|mi|ze?|do|na|da|em|meu|minha)\b"
    rf"[^.,;\n]{{0,25}}?({EVENT.pattern})"
)
"""Whatever is left or cancelled in such words is the event itself."""
INVITES = re.compile(r"einladung|einwilligung|\babo\b|invitation|announcement|\blists?\b|uitnodiging|invito|invitaci")
"""What beside an event may be our mail about it, and not the event."""

NOUN = (
    r"unsubscribe|unsubscription|un-subscribe|unsub|opt[- ]?out|opt (me|us) out|remove|stop|signoff|sign off|cancel|cancellation|"
    r"take me off|leave|removal|"
    r"abmelden|abmeldung|abbestellen|abbestellung|austragen|austragung|l(ö|oe)schen|l(ö|oe)schung|k(ü|ue)ndigen|k(ü|ue)ndigung|streichen|"
    r"streichung|entfernen|entfernung|widerruf|widerspruch|abo (k(ü|ue)ndigen|beenden)|stopp|"
    r"d[eé]sinscription|d[eé]sabonnement|(me )?d[eé]sabonner|(me )?d[eé]sinscrire|r[eé]siliation|"
    r"uitschrijven|uitschrijving|afmelden|afmelding|opzeggen|opzegging|stoppen|"
    r"disiscrizione|disiscriver(mi|ci)|disiscrivi(mi|temi)?|cancella(mi|temi)|cancellazione|cancellar(mi|ci)|rimozione|annulla iscrizione|"
    r"baja|(dar|dar[mns]e|darnos|den[mn]e|d[eé]me) de baja|cancelar|desuscribir(me|se)?|"
    r"wypisz|wypisa[cć]( si[eę])?|wypisanie|rezygnacja|rezygnuj[eę]|odhl[aá]sit|odhl[aá][sš]en[ií]|odhla[sš]te|"
    r"descadastr(ar|e|o|amento)|cancelar (a )?(inscri[cç][aã]o|assinatura)|登録解除|購読解除|leiratkoz[aá]s"
)
LEAVE = re.compile(rf"\b({NOUN})\b")
"""A word that is a request where it stands alone."""
BESIDE = (
    r"please|pls|kindly|thanks?|thank you|from|for|off|of|the|your|this|all|any|my|me|us|i|to|want|now|immediately|list|lists|"
    r"mailing ?list|"
    r"e-?mails?|mails?|mailings?|newsletters?|subscription|request|address|and|"
    r"bitte|bitten|ersuchen?|um|danke|mich|uns|ich|wir|m(ö|oe)chten?|will|vom|von|aus|dem|den|der|die|das|allen?|ihrem|eurem|ihren?|ihrer|"
    r"eurer|diese[mnrs]?|verteiler|mailing-?liste|liste|rundbrief|werbung|mein(e[mnrs]?)?|zum|zur|f(ü|ue)r|sofort|hiermit|adresse|abo|und|"
    r"pubs?|merci|s'il vous pla[iî]t|svp|se|de|du|la|le|les|vos|votre|des|aux|lettre|infolettre|l|d|a|à|je|veux|demande|"
    r"bedankt|alstublieft|aub|graag|mij|van|voor|uw|jullie|nieuwsbrief|nieuwsbrieven|nu|"
    r"grazie|per favore|dalla|dal|della|del|alla|vostra|iscrizione|lista|"
    r"gracias|por favor|bolet[ií]n|suscripci[oó]n|correos?|mi|"
    r"prosz[eę]|dzi[eę]kuj[eę]|mnie|z|o|newslettera|listy|pros[ií]m|d[eě]kuji|m[eě]|odb[eě]ru|newsletteru|obrigad[oa]|da|!"
)
"""What may stand beside one of the nouns without making it mean something else."""

PHRASES: dict[str, tuple[str, ...]] = {
    "English": (
        r"\b(unsubscribe|remove|delete) (me|us|(my|this) (e-?mail|address|name|data|account))\b|\btake (me|us) (off|out)\b",
        r"\b(take|remove|delete|get)\b[^.\n]{0,40} (off|from) [^.\n]{0,30}(list|database|newsletter|mailings?)",
        r"\b(want|like|wish|ask|need) to (unsubscribe|be (removed|taken off|deleted|unsubscribed)|opt out)",
        r"\bopt (me|us) out\b|\bwant off (of )?(this|your|the)\b[^.\n]{0,15}list",
        r"\bdiscontinue\b[^.\n]{0,30}(e-?mails?|mails?|newsletters?|messages|sending)",
        r"\b(stop|quit|cease) (sending|mailing|e-?mailing|spamming|contacting|writing)\b",
        r"\bstop (all |these |your |the ){1,3}(e-?mails?|mails?|newsletters?|messages)",
        r"\bno more (of (these|your) )?(e-?mails?|mails?|newsletters?|messages|advertising|spam|invitations)",
        r"(do not|don'?t|never) (ever )?(send|e-?mail|mail|contact|write to|write|spam) (me|us|any|anything|again)\b",
        r"(do not|don'?t|no longer|never) (want|wish)( to)? (receive|get|hear|be contacted|any|your|these|this)\b",
        r"\bcancel (my|the|this) (e-?mail )?(subscription|newsletter)",
        r"\bi (hereby )?(opt out|unsubscribe|object to|withdraw my|revoke my)",
        r"\bleave me alone",
    ),
    "German": (
        r"\b(nimm|nehmt|nehmen|streich\w*|l(ö|oe)sch\w*|entfern\w*|trag\w*|meld\w*)\b[^.\n]{0,20}"
        r"\b(mich|uns|(meine[nr]?|unsere|diese)( e-?mail| mail)?-?( ?adresse| namen| daten|adresse)?)\b[^.\n]{0,60}"
        r"\b(aus|ab|vom|von|heraus|raus|l(ö|oe)schen|streichen|entfernen|abmelden|austragen)\b",
        r"\b(mich|uns|mein\w*)\b[^.\n]{0,80}(abmelden|austragen|abbestellen|l(ö|oe)schen|streichen|entfernen|herausnehmen|rausnehmen)",
        r"\b(aus|von|vom)\b[^.\n]{0,30}(verteiler|liste|datenbank|adressen)\w*[^.\n]{0,20}"
        r"(nehmen|streichen|l(ö|oe)schen|entfernen|austragen)",
        r"(abmeldung|austragung|l(ö|oe)schung|streichung|entfernung|abbestellung)\b[^.\n]{0,25}"
        r"(newsletter|rundbrief|verteiler|liste|datenbank|mailing)",
        r"(newsletter|rundbrief|mailing|e-?mails?|mails?)\w*[^.\n]{0,30}(abbestelle|abmelden|k(ü|ue)ndige|einstellen)",
        r"\bk(ü|ue)ndige\b[^.\n]{0,30}(newsletter|rundbrief|mailing)",
        r"\b(newsletter|verteiler|liste|datenbank)\b[^.\n]{0,20}"
        r"\b(gel(ö|oe)scht|gestrichen|entfernt|ausgetragen|genommen|abgemeldet) werden",
        r"\b(zusendung|versand|newsletter|e-?mails?|mails?)\w*\b[^.\n]{0,20}\b(einstellen|beenden|stoppen|stornieren|abstellen)\b",
        r"\b(stornier|beend|stopp|stell)\w*\b[^.\n]{0,30}\b(newsletter|zusendung|e-?mails?|mails?|werbung)",
        r"\b(keine(rlei|n)?|kein)\b[^.\n]{0,40}"
        r"\b(e-?mails?|mails?|newsletter|werbe\w*|werbung|zusendung\w*|nachrichten|post|infos?|informationen|einladungen)\b"
        r"[^.,\n]{0,30}\b(mehr|senden|schicken|zuschicken|zusenden|w(ü|ue)nsche)\b",
        r"\b(keine(rlei|n)?|kein) (weiter\w+|mehr)\b[^.\n]{0,30}"
        r"\b(e-?mails?|mails?|newsletter|werbe\w*|werbung|zusendung\w*|nachrichten|infos?|informationen|einladungen)\b",
        r"\b(m(ö|oe)chten?|will|wollen|w(ü|ue)nschen?|bitte|brauche|senden|schicken)\b[^.\n]{0,40}"
        r"\b(keine(rlei|n)?|kein)\b[^.\n]{0,20}\b(e-?mails?|mails?|newsletter|werbe\w*|werbung|zusendung\w*)\b",
        r"\b(nichts?|nie) (mehr|wieder|l(ä|ae)nger)\b[^.,\n]{0,30}"
        r"\b(schick\w*|send\w*|zusend\w*|zuschick\w*|anschreib\w*|angeschrieben|kontaktier\w*|anmailen)\b",
        r"\b(m(ö|oe)chten?|will|wollen|w(ü|ue)nschen?)\b[^.\n]{0,50}\b(nichts?|nie) (mehr|wieder|l(ä|ae)nger)\b[^.\n]{0,20}"
        r"\b(bekommen|erhalten|haben|kriegen|empfangen|h(ö|oe)ren)\b",
        r"\b(schick|send|schreib|mail)\w*\b[^.\n]{0,30}\b(nichts?|keine?) mehr\b",
        r"\b(widerspreche|widerrufe)\b",
        r"\b(streich|l(ö|oe)sch|entfern)\w* (sie |bitte ){0,2}(mich|uns)\b",
        r"\bmelde mich\b[^.\n]{0,40}\bab\b|\bbestelle\b[^.\n]{0,40}\bab\b|\blasst? (mich|uns) in ruhe",
    ),
    "Dutch": (
        r"\b(schrijf|haal|meld|verwijder|schrap)\b[^.\n]{0,20}\b(mij|me|ons|mijn)\b[^.\n]{0,50}\b(uit|af|van|adres|lijst|bestand)",
        r"\b(wil|willen|wilt|kunt|kan|kun|zou|graag|gelieve)\b[^.\n]{0,50}"
        r"(uitschrijven|uit te schrijven|afmelden|af te melden|uitgeschreven|afgemeld)",
        r"\b(wilt|kunt|kan|kun|zou|gelieve)\b[^.\n]{0,10}\b(mij|me|ons|mijn)\b[^.\n]{0,40}(verwijderen|halen|schrappen)",
        r"\b(verwijder|schrap) (mij|me|ons)\b",
        r"\bstop met (mailen|sturen|het sturen)",
        r"\b(geen|niet|nooit)\b[^.\n]{0,40}\b(e-?mails?|mails?|nieuwsbrie\w+|reclame)\b[^.\n]{0,10}\bmeer\b",
        r"\bgeen (e-?mails?|mails?|nieuwsbrie\w+|reclame) (meer|a\W?u\W?b)",
        r"\b(wil|wens|willen|wensen)\b[^.\n]{0,30}\b(niet (meer|langer)|geen|nooit meer)\b[^.\n]{0,20}"
        r"\b(e-?mails?|mails?|nieuwsbrie\w+|reclame)",
    ),
    "French": (
        r"\b(d[eé]sinscri\w+|d[eé]sabonne\w*|retire\w*|supprime\w*|enl[eè]ve\w*|radie\w*)[ -]"
        r"(moi|nous|(mon|notre|cette) (adresse|e-?mail|mail|nom|contact|inscription|abonnement))\b",
        r"\b(me|nous) (d[eé]sinscrire|d[eé]sabonner|retirer|supprimer|radier|enlever)|\bje me d[eé]s(inscris|abonne)",
        r"\b(retirer|supprimer|radier|enlever|effacer) (mon|notre|cette) (adresse|e-?mail|mail|nom|contact)",
        r"\bplus (recevoir|re[cç]evoir|[eê]tre contact[eé]|d'e-?mails?|de mails?|de newsletters?|de pub\w*)|\bplus aucune? (e-?mail|mail|"
        r"newsletter)",
        r"\bne plus (m'|nous |me )?(envoyer|[eé]crire|contacter|adresser)",
        r"\bne (m'|nous |me )(envoyez|envoie|[eé]crivez|contactez|adressez) plus",
        r"(arr[eê]tez|cessez) (de m|vos|d'envoyer|de nous)|\bstop aux (mails|e-?mails|pubs)",
    ),
    "Italian": (
        r"\b(cancella|rimuovi|togli|elimina|disiscrivi)(mi|ci)\b|\b(cancellate|rimuovete|togliete|eliminate|disiscrivete)(mi|ci)\b",
        r"\b(cancellar|rimuover|toglier|eliminar|disiscriver)(mi|ci)\b",
        r"\b(cancell|rimuov|elimin|togli)\w*\b[^.\n]{0,15}\b(mi[ao]|miei|nostr[oa]|quest[oa])\b[^.\n]{0,5}"
        r"(indirizzo|e-?mail|mail|nominativo|contatto)",
        r"\b(cancellazione|disiscrizione|rimozione)\b[^.\n]{0,15}\b(lista|newsletter|mailing|indirizzario)",
        r"\bnon (voglio|desidero|vorrei|intendo|vogliamo|desideriamo)( più| piu)? (ricevere|essere)",
        r"\bnon (mi |ci )?(inviate|mandate|scrivete|contattate|inviare|mandare|scrivere)(mi|ci)?( più| piu)\b|"
        r"\bnon (inviate|mandate|scrivete|contattate)(mi|ci)\b",
        r"\b(voglio|vorrei|desidero) (disiscrivermi|cancellarmi|cancellare la|annullare l'iscrizione)|\bbasta (e-?mail|mail|newsletter)",
    ),
    "Spanish": (
        r"\b(dar|den|de|d[eé]|da|dad)(me|nos) de baja|\bdarse de baja|\b(solicito|pido|ruego|quisiera|quiero|deseo)\b[^.\n]{0,15}\bbaja\b",
        r"\b(ya )?no (quiero|deseo|queremos|deseamos)( m[aá]s)? (recibir|m[aá]s|que me|sus? correo)",
        r"\bno (enviar|mandar)(me|nos)? m[aá]s\b",
        r"\bno (me |nos )?(env[ií]en?|manden?|escriban?|contacten?|vuelvan? a)\b",
        r"\b(elim[ií]n|b[oó]rr|qu[ií]t|s[aá]qu|remu[eé]v|ret[ií]r)\w*(me|nos)\b|\bs[aá]ca(me|nos)\b",
        r"\b(elimin|borr|quit|sa[cq]u?|remuev|retir)\w*\b[^.\n]{0,10}\b(mi|nuestr[oa]|est[ea])\b (correo|e-?mail|mail|direcci[oó]n|cuenta)",
        r"\b(cancelar|anular) (mi |la )?suscripci[oó]n|\bdesuscr[ií]b\w*(me|nos)",
        r"\b(dejen|deje|dejad|paren) de (enviar|mandar|escribir)",
    ),
    "Polish": (
        r"\b(mnie|nas) wypisa[cć]\b|\bwypisz(cie)? (mnie|nas)\b",
        r"\b(usu[nń]|wypis|wykre[sś]l|skre[sś]l)\w*\b[^.\n]{0,30}\bz\w*\b[^.\n]{0,20}"
        r"(newsletter|mailing|subskrypcj|bazy|listy(?! (go[sś]ci|oczekuj|uczestnik)))",
        r"\bnie (chc[eę]|chcemy|[zż]ycz[eę] sobie|[zż]yczymy sobie)\b(?=[^.\n]{0,60}(wi[eę]cej|ju[zż]\b|newsletter|mail|reklam|spam))"
        r"[^.\n]{0,20}(otrzymywa|dostawa)",
        r"\bnie (wysy[lł]|przysy[lł])\w*\b[^.\n]{0,30}(wi[eę]cej|ju[zż]\b|newsletter|mail|reklam|spam)|"
        r"\b(wi[eę]cej|ju[zż]) nie (wysy[lł]|przysy[lł])",
        r"\brezygnuj[eę] z[^.\n]{0,30}(newsletter|subskrypcj|mailing|wiadomo[sś]ci)",
    ),
    "Czech": (
        r"\b(odhla[sš]|odhl[aá]si|vy[rř]a[dď]|vyma[zž]|odstra[nň]|vy[sš]krtn)\w*\b[^.\n]{0,40}\bze? [^.\n]{0,20}"
        r"(newsletter|odb[eě]r|datab[aá]z|mailing|seznamu)",
        r"\bnep[rř]ej(i|eme) si\b(?=[^.\n]{0,60}(dal[sš][ií]|u[zž]\b|ji[zž]\b|mail|newsletter))[^.\n]{0,20}"
        r"(dost[aá]v|zas[ií]l|odeb[ií]r|mail|newsletter)",
        r"\bnechc(i|eme) (u[zž]|ji[zž]|d[aá]le?)\b[^.\n]{0,20}(dost[aá]v|odeb[ií]r)|\bneposíl\w+\b[^.\n]{0,20}(u[zž]|ji[zž]|dal[sš][ií]|"
        r"mail)",
    ),
    "Portuguese": (
        r"\b(remov|retir|exclu|tir|descadastr)\w*-?(me|nos)\b[^.\n]{0,30}(lista|newsletter|mailing|cadastro|base)|"
        r"\b(me|nos) (remov|retir|exclu|tir|descadastr)\w*\b[^.\n]{0,30}(lista|newsletter|mailing|cadastro|base)",
        r"\b(remov|retir|exclu|descadastr|apag)\w*\b[^.\n]{0,10}\b(meu|minha|nosso|este)\b[^.\n]{0,10}(e-?mail|endere[cç]o|cadastro)",
        r"\bn[aã]o (quero|queremos|desejo|desejamos|gostaria de)\b(?=[^.\n]{0,60}(mais|e-?mail|newsletter|publicidade))[^.\n]{0,10}receber",
        r"\bn[aã]o (me |nos )?(envi|mand)\w*\b[^.\n]{0,30}\bmais\b|\bpar(em|e) de (me |nos )?(envi|mand)",
        r"\bcancel\w*\b[^.\n]{0,20}(inscri[cç][aã]o|assinatura|cadastro)[^.\n]{0,15}(newsletter|lista|mailing|e-?mail)",
    ),
    "Japanese": (
        r"(配信|メール|メルマガ|メールマガジン)[^。\n]{0,8}(停止|中止|解除)を?(お願い|希望|して(ください|下さい|欲しい|ほしい)|したい)",
        r"(登録|購読|配信)(の|を)?(解除|取り?消し?)を?(お願い|希望|して(ください|下さい|欲しい|ほしい)|したい)",
        r"(メール|メルマガ|メールマガジン)[^。\n]{0,10}(送ら|送信し|配信し)ないで",
    ),
}
PHRASE = re.compile("|".join(phrase for phrases in PHRASES.values() for phrase in phrases))
"""A sentence with one of these asks plainly, unless something turns it."""

REMOVE = re.compile(
    r"\b(l(ö|oe)sch|streich|strich|gestrichen|gel(ö|oe)scht|entfern|austrag|ausgetragen|abmeld|abgemeldet|abbestell|"
    r"remov|delet|unsubscri|opt|strike|be off|get off|want off|verwijder|schrap|uitschr|uit te schrijv|afmeld|afgemeld|"
    r"\bvan de lijst|supprim|retir|enl[eè]v|radi|effac|d[eé]sinscri|d[eé]sabonn|r[eé]sili|opzeg|cancel|rimuov|rimoss|rimozion|togli|tolt|"
    r"elim[ií]n|"
    r"disiscri|borr|b[oó]rr|qu[ií]t|s[aá]qu|sac(a|ar)|baja)|"
    r"\b(take|taken|nehm\w*|nimm|genommen|haal|halen|schrijf)\b(?=[^\n]*\b(off|out|from|aus|raus|heraus|ab|weg|vom|von|uit|af|van)\b)|"
    r"\b(aus|raus|heraus|ab|weg|vom|von|uit|af|van)\b[^\n]*\b(nehmen|genommen|zu nehmen|haal|halen)\b"
)
"""Words that remove; taking is none unless off or out of something."""
CEASE = re.compile(
    r"\b(stopp?|stoppen|quit|cease|discontinue|refrain|einstell|stellen sie|beend|unterlass|verschon|verzicht|ophouden|arr[eê]t|cess|"
    r"basta|smett|dej(en|e|ad|ar)\b|paren)"
)
NO_MORE = re.compile(
    r"\b(nicht|nichts|nie|keine?[nr]?|keinerlei|auf)\b[^.\n]{0,60}\b(mehr|weiter\w*|l(ä|ae)nger|wieder)\b|"
    r"\bno (more|longer|further)\b|\b(not|n't|never)\b[^.\n]{0,60}\b(any ?more|again|further|any|longer)\b|"
    r"\b(niet|geen|nooit)\b[^.\n]{0,60}\b(meer|langer)\b|\bn(e\b|')[^.\n]{0,40}\bplus\b|\bplus (de|d'|aucun|recevoir)|"
    r"\bnon\b[^.\n]{0,40}\bpi(ù|u)\b|\bya no\b|\bno\b[^.\n]{0,40}\bm[aá]s\b"
)
SEND = re.compile(
    r"schick|send|schreib|mail|kontakt|erhalt|bekomm|\bhaben\b|empfang|receiv|\bget\b|contact|writ|stur|ontvang|recev|re[cç]ev|envo|"
    r"[eé]cri[rv]|ricev|invi(ar|at|o)|mand|scriv|contatt|recib|env[ií]|escrib"
)
MORE = re.compile(r"\b(mehr|l(ä|ae)nger|any ?more|longer|meer|langer|plus|pi(ù|u)|m[aá]s)\b")
"""What is not to come any more is not missed."""
WISH = re.compile(
    r"\b(bitte|m(ö|oe)chten?|will|wollen|wollte|w(ü|ue)nschen?|ersuchen?|verzicht\w*|please|pls|want|wish|like|kindly|graag|wil|wens|"
    r"willen|gelieve|alsjeblieft|alstublieft|aub|svp|merci|veuillez|souhait\w+|veux|voudrais|d[eé]sir\w+|pri(e|ons|ère)|prego|favore|"
    r"voglio|"
    r"vorrei|desider\w+|chied\w+|quier\w+|queremos|dese\w+|favor|solicit\w+|rueg\w+)\b"
)
OWN_ADDRESS = re.compile(
    r"(?<!\bto )(?<!\ban )(?<!\bof )(?<!\bvon )\b(my|this|our|mein\w*|diese\w?|unsere?|mijn|dit|deze|mon|notre|cette|"
    r"mi[ao]?|quest[ao]|nostro|est[ae]|nuestr[ao])\b[^.\n]{0,12}"
    r"(adres|address|direcci|indirizz)"
)
"""Words that together ask: whom to take off which list, what to cease, what nobody wants any more."""

CONTRARY = re.compile(
    r"\b(do not|don'?t|never|please not) (ever )?stop\b[^.\n]{0,40}|"
    r"\b(bitte )?nicht aufh(ö|oe)ren\b[^.\n]{0,40}|\b(niet|nooit) stoppen\b[^.\n]{0,40}|\bne (vous )?arr[eê]tez (pas|jamais)\b[^.\n]{0,40}|"
    r"\bnon (smettete|fermatevi)\b[^.\n]{0,40}|\bno (paren|dejen)\b[^.\n]{0,40}"
)
"""These ask for the contrary."""
_CLAUSE = (
    r"(?:(?!\b(?:bitte|please|pls|thanks?|merci|svp|graag|prego|por favor|weil|denn|because|mehr|longer|more|meer|plus|pi[uù]|m[aá]s)\b)"
)
_CLAUSE += r"[^.,;:!?\n–])"
"""A letter of the same clause, in which nothing has ended yet (`not any more`) and no request begins (`not mine please remove me`)."""
NEGATED_BY_LANGUAGE: dict[str, str] = {
    "German": rf"\bnicht\b{_CLAUSE}{{0,40}}\b(ab(zu)?meld|abgemeldet|ab(zu)?bestell|aus(zu)?trag|l(ö|oe)sch|gel(ö|oe)scht|streich|"
    rf"gestrichen|"
    r"entfern|k(ü|ue)ndig|einstell|beend|(aus|von|vom)\b[^.,\n]{0,30}(nehm|genommen)|(zu )?nehm|raus|heraus)|"
    r"\b(meld|nehm|nimm|streich|l(ö|oe)sch|entfern|trag|bestell|k(ü|ue)ndig|stell|beend|stopp)\w*\b"
    r"(?:(?!\b(weil|denn|da|obwohl|ich|wir)\b)[^.,;:!?\n–]){0,50}\bnicht\b(?! (mehr|l(ä|ae)nger))|"
    r"\bkeine (abmeldung|k(ü|ue)ndigung|abbestellung|l(ö|oe)schung)",
    "English": rf"(?<!can )(\bnot|\bnever|\b(do|does|did)nt|(?<!ca)(?<!could)n't)\b{_CLAUSE}{{0,30}}\b(unsub\w*|remove\w*|delet\w*|"
    rf"cancel\w*|opt\w* (me |us )?out|"
    r"strike|(take|taken|get)\b[^.,\n]{0,25}\b(off|out|from))",
    "Dutch": rf"\bniet\b{_CLAUSE}{{0,40}}\b(uit(te )?schrij|uit te schrij|uitgeschreven|afmeld|af te meld|afgemeld|verwijder|schrap|halen)|"
    r"\b(schrijf|haal|meld|verwijder|schrap)\b[^.,;:!?\n]{0,30}\bniet\b(?! (meer|langer))",
    "French": rf"\b(ne |n'|pas\b){_CLAUSE}{{0,30}}\b(d[eé]sinscri|d[eé]sabonn|retir|supprim|radi|enl[eè]v|effac)|"
    r"\b(d[eé]sinscri|d[eé]sabonn|retir|supprim|radi|enl[eè]v)\w*([ -]\w+)? pas\b",
    "Italian": rf"\bnon\b{_CLAUSE}{{0,30}}\b(cancell|disiscri|rimuov|toglie|elimin)",
    "Spanish": rf"\bno\b{_CLAUSE}{{0,20}}(\b(dar|den|d[eé]|da|dad)(me|nos|se)?( de)? baja|\bla baja|\b(elimin|borr|quit|desuscri)\w*(me|"
    rf"nos|en)\b)",
    "Polish": rf"\bnie\b{_CLAUSE}{{0,30}}\b(rezygn|wypis|usuwa|usun|skre[sś]l)",
    "Czech": r"\bnechc\w+\b[^.,\n]{0,20}odhl[aá][sš]|\b(neodhla[sš]|nevy[rř]az|nemaž)",
    "Portuguese": rf"\bn[aã]o\b{_CLAUSE}{{0,20}}\b(cancel|remov|retir|exclu|descadastr)",
    "Japanese": r"(停止|解除|中止|退会)(し(ないで|ません|たくな)|は?希望しません)",
}
NEGATED = re.compile("|".join(NEGATED_BY_LANGUAGE.values()))
"""A word of leaving that is negated: somebody asks not to be taken off."""
TURNED = re.compile(
    rf"{NEGATED.pattern}|"
    r"\b(how|wie|hoe|comment|come (posso|faccio|si)|"
    r"c[oó]mo|if|falls|wenn|sofern|whether|ob|als ik|si je|se non|warum|why|waarom|pourquoi|jak|dlaczego|pro[cč]|como|por que)\b|"
    r"方法|やり方|どう(すれば|やって)|ですか|"
    r"\b(vermisse\w*|miss (it|them|your|you|the))\b|"
    r"(arbeitet|ist) nicht (mehr|l(ä|ae)nger) (bei|f(ü|ue)r|in) |no longer (works|with|employed)|ne travaille plus|"
    r"werkt niet (meer|langer)|"
    r"non lavora pi(ù|u)|ya no trabaja"
)
"""What makes of a request a question, a condition, its contrary, or one for somebody else."""
JOINS = re.compile(
    r"\b(auf(nehmen|zunehmen|genommen)|nehm\w*[^.\n]{0,40}\bauf\b|eintragen|hinzuf(ü|ue)gen|anmelden|add (me|us)|subscribe (me|us)|"
    r"inschrijven|aanmelden|toevoegen|(m'|nous )inscrire|ajoute\w*|iscriver(mi|ci)|aggiung\w*|suscribir(me|nos)|a[nñ]ad\w*)\b"
)
"""A sentence that names a list in order to come onto it."""
LEAVING_BY_LANGUAGE: dict[str, str] = {
    "Arabic": r"(إ|ا)لغاء (ال)?اشتراك",
    "Bulgarian": r"отпи[сш]|отказвам се",
    "Catalan": r"de baixa\b|desubscri",
    "Chinese": r"退订|退訂|取消订阅|取消訂閱|不要再发|不要再發",
    "Croatian, Serbian, Slovene": r"\bodjav|одјав",
    "Czech, Slovak": r"odhl[aá][sš]|odhl[aá]si|nep[rř]ej(i|eme) si|ne[zž]el[aá]m si|vy[rř]a[dď]te|vyra[dď]te|zru[sš]\w* odber",
    "Danish": r"\bafmeld|framelding|frameld",
    "Dutch": r"uits?c?h?r[ij]{1,2}[vf]|uit te schrij|uitgeschreven|\bafmeld|af te meld",
    "English": r"unsub|\bu?n[ -]?s[ubscri]{4,8}[ep]|opt(ed)?[- ]?out|\bsign ?off\b",
    "Estonian": r"\bloobu|tühista\w* tellimus",
    "Finnish": r"peruu?ta\w*[^.\n]{0,20}(uutiskir|tilau)|(uutiskir|tilau)\w*[^.\n]{0,20}peruu?ta|poista\w*[^.\n]{0,20}(list|osoit)|"
    r"lopet\w+[^.\n]{0,30}(viest|lähet|uutis)",
    "French": r"d[eé]sins?cri|d[eé]sabon",
    "German": r"ab(zu)?meld|abgemeldet|\bab[meld]{4,5}(en|ne|ung|nug)\b|ab?b(zu)?estell|abzubestell|aus(zu)?trag|verteiler",
    "Greek": r"διαγρα[φψ]|διαγράψ|απεγγρα|κατάργηση",
    "Hebrew": r"הסר|להסיר|הסרה",
    "Hungarian": r"leirat|iratkoztass|t[oö]r[oö]lj\w*[^.\n]{0,30}(h[ií]rlev|list|adatb)|h[ií]rlev\w*[^.\n]{0,30}t[oö]r[oö]l|"
    r"nem k[eé]rek t[oö]bb",
    "Icelandic": r"afskr[aá]",
    "Italian": r"disiscri|\bdisicri",
    "Japanese": r"(配信|送信|メール|メルマガ)[^。\n]{0,8}(停止|中止|不要)|(登録|購読)[^。\n]{0,4}(解除|中止|取り?消)|"
    r"退会|送らないで|配信しないで",
    "Korean": r"수신\s?거부|구독\s?(취소|해지|중단)|보내지\s?마",
    "Latvian": r"atteikt|atrakst[ií]",
    "Lithuanian": r"atsisak",
    "Norwegian": r"\bavmeld|meld (meg|oss) av|avslutt\w* (abon|nyhets)",
    "Polish": r"wypis(z|a|uj)|rezygn(uj|acj|owa)|nie [zż]ycz|nie chc[eę][^.\n]{0,40}(otrzymywa|dostawa)|"
    r"(usu[nń]|skre[sś]l|wykre[sś]l)\w*[^.\n]{0,40}(list|baz|newsletter|mailing)",
    "Portuguese": r"descadastr|\bcancel\w* (a |minha )*(inscri[cç]|assinatura|subscri[cç])|n[aã]o (quero|desejo)[^.\n]{0,20}receber|"
    r"anular (a )?subscri[cç]|remov\w*-?(me|nos)\b",
    "Romanian": r"dezabon",
    "Russian": r"отпи[сш]|рассылк|не (присылайте|пишите)",
    "Spanish": r"de baja\b|desuscri[bp]",
    "Swedish": r"avregistrer|avprenumer|avanmäl|avsluta\w* (pren|utskick|nyhets)",
    "Thai": r"ยกเลิกการ",
    "Turkish": r"abonelikten|aboneliğ\w+|listeden (çık|sil)|üyelikten",
    "Ukrainian": r"відпи[сш]|розсилк",
    "Vietnamese": r"hủy đăng ký|huỷ đăng ký|ngừng (gửi|nhận)",
}
LEAVING = re.compile("|".join(LEAVING_BY_LANGUAGE.values()))
"""Stems of leaving a list, misspelt ones too."""
HINT = re.compile(
    rf"{LEAVING.pattern}|\bspam\b|bel(ä|ae)stig|"
    r"harass|dsgvo|gdpr|rgpd|datenschutz|rechtsanwalt|\banwalt|lawyer|abmahn|"
    r"anzeige erstatten|"
    r"(daten|adresse|konto|data|address|account|donn[eé]es|gegevens|dati|datos)\b[^.\n]{0,30}(l(ö|oe)sch|delet|eras|remov|supprim|effac|"
    r"verwijder|cancell|elimin|borr)|"
    r"(l(ö|oe)sch|delet|eras|remov|supprim|effac|verwijder|cancell|elimin|borr)\w*[^.\n]{0,30}"
    r"\b(daten|adresse|konto|data|address|account|donn[eé]es|gegevens|dati|datos)\b|"
    r"kein interesse|(nicht|nichts?)( mehr)? interess|interessier\w+[^.\n]{0,20}\bnicht|not? (longer )?interest|geen interesse|"
    r"pas int[eé]ress|non (sono )?interessat|no (me )?interesa|"
    r"(woher|wie) (haben|habt|hast)\b[^.\n]{0,20}\b(adresse|daten)|(where|how) did you (get|find)|hoe komt u aan|"
    r"(o[uù]|comment) avez[- ]vous (eu|trouv|obtenu)|(dove|come) avete|de d[oó]nde (han|tienen|sac)|"
    r"(zu|so) viele\b|too (many|much)|te veel|trop de|tropp[eio]|demasiad|"
    r"\b(nein,? danke|no,? thank(s| you)|non,? merci|nee,? (bedankt|dank)|no,? gra(zie|cias))\b|"
    r"nicht mehr\b[^.\n]{0,40}schreib|no longer (want|wish)|nichts mehr (von|send|schick)|ya no (quier|dese)|"
    r"\b(take|get)\b[^.\n]{0,40}\b(off|from)\b[^.\n]{0,20}\blists?\b|"
    r"verstorben|gestorben|deceased|passed away|has died|overleden|d[eé]c[eé]d[eé]|decedut|fallecid"
)
"""What may mean "no"."""
NEGATION = re.compile(
    r"\b(nicht|nichts|nie|keine?[nr]?|ohne|weniger|genug|stopp?|einstell\w*|beend\w*|schluss|not|no|never|stop|off|end|less|fewer|enough|"
    r"without|don'?t|niet|geen|nooit|minder|pas|plus|jamais|arr[eê]t\w*|moins|non|basta|mai|meno|ya no|nunca|menos|dej\w+)\b"
)
NOT_RECEIVED = re.compile(
    r"\b(nicht|keine?[nr]?|nie|noch)\b[^.\n]{0,60}\b(erhalten|bekommen|gekommen|angekommen|gefunden|finde|(ö|oe)ffnen|lesen|"
    r"gesehen|angezeigt)\b|"
    r"\b(did ?n[o']t|did not|have ?n[o']t|have not|never|not|no|can ?n[o']t)\b[^.\n]{0,20}"
    r"\b(receiv|got|get|arriv|open|read|see|find|found)|"
    r"\b(niet|geen|nooit)\b[^.\n]{0,40}\b(ontvangen|gekregen|openen|lezen|vinden)|\bpas\b[^.\n]{0,10}\b(re[cç]u|arriv|trouv|ouvrir)|"
    r"\bnon\b[^.\n]{0,20}\b(ricevut|arrivat|trovo|riesco)|\bno\b[^.\n]{0,10}\b(recibid|recib[ií]\b|llegad|encuentr|puedo)"
)
"""Somebody misses a message of ours, or cannot read it."""
MISSED = re.compile(
    r"\b(bekomm|erhalt|krieg|empfang|komm|bekam|erhielt|kam)(en?|t)?\b[^.,\n]{0,40}\b(keine?[nr]?|nichts?|nie)\b[^.,\n]{0,60}\bmehr\b|"
    r"\b(keine?[nr]?|nichts?|nie)\b[^.,\n]{0,60}\bmehr\b[^.,\n]{0,40}\b(bekomme|erhalte|kriege|empfange|bekam|erhielt|kommt|kam)\b|"
    r"\b(i|we) ((have|am|are|did|do|does) ?)?(no longer|not|n'?t|never)\b ?(been )?(get|got|receiv)\w*|"
    r"\b(ik|wij|we) (krijg|ontvang|kreeg|ontving)\w*\b[^.,\n]{0,20}\b(geen|niet|nooit)\b[^.,\n]{0,40}\bmeer\b|"
    r"\bne re[cç](ois|evons) plus\b|\bnon (ricevo|riceviamo)\b|\b(ya no recib(o|imos)|no recib(o|imos))\b"
)
"""Somebody tells what has ceased to come, and does not ask for it."""
IS_ASKED_POLITELY = re.compile(
    r"\b(k(ö|oe)nn\w*|w(ü|ue)rd\w*|can|could|would|will|kunt|kan|zou|wil|pouvez|pourriez|peux|potete|potreste|pu[oò]|pued\w+|podr[ií]\w+)\b"
)
"""A request in the form of a question."""
COMPLAINS = re.compile(
    r"does ?n[o']t work|not work|broken|funktionier|klappt|geht nicht|werkt niet|(marche|fonctionne) pas|non funziona|no funciona|"
    r"\b(works?|working|employed|arbeitet|besch(ä|ae)ftigt|travaille|lavora|trabaja|werkt) (here|hier|ici|qui|aqu[ií])\b"
)
"""What no newsletter says of itself beside a word such as "here"."""
STRONG = re.compile(
    r"unsub|sign ?off|descadastr|配信停止|登録解除|退订|"
    r"un-subscri|opt[- ]?((me|us) )?out|abbestell|newsletter|d[eé]sinscri|d[eé]sabonn|uitschrij|"
    r"disiscri|\bbaja\b|desuscri"
)
"""Words that mean our mail and nothing else."""
FOOTER = re.compile(
    r"\b(klick\w*|click|clic|cliquez|cliquer|clicca\w*|klik\w*|link|(?<!diese )(?<!dieser )hier|here|ici|aqu[ií]|qui)\b|"
    r"\b(if|wenn|falls|sollten|si|als|"
    r"se) (you|sie|vous|u|je|desideri|desea|no desea|quieres)\b|\b(you|sie|vous|u) (can|may|are|received?|receive|k(ö|oe)nnen|erhalten|"
    r"bekommen|recevez|ontvangt|kunt)\b|\b(to unsubscribe|um sich|pour vous|om u|per (cancellarti|disiscriverti|non)|para darse)\b|"
    r"https?:|\bwww\b"
)
"""The sentence by which every newsletter says how to leave it."""
FIRST_PERSON = re.compile(r"\b(ich|mich|mir|mein\w*|i|me|my|mij|ik|mijn|je|moi|mon|mes|io|mi|yo|mis)\b")
GREETS = re.compile(
    r"\b(hallo|hello|hi|hey|dear|liebe[rs]?|sehr|geehrte[rs]?|damen|herren|herr|frau|guten?|tag|morgen|abend|servus|gr(ü|ue)(ß|ss)( gott|"
    r"e)|"
    r"sir|madam|team|bonjour|madame|monsieur|geachte|beste|heer|mevrouw|buongiorno|salve|gentili|hola|estimad[oa]s?|buenos|d[ií]as|"
    r"dzie[nń]|dobry|dobr[yý]|den|ol[aá]|im voraus|vielen|dank|best|regards|cheers|in advance|many|grazie mille|muchas|"
    r"best(ä|ae)tig\w*|confirm\w*|vg|lg|mfg)\b"
)
"""What is mere politeness beside a request."""
IS_ABOUT = re.compile(r"^\W*(frage|question|vraag|domanda|pregunta|pytanie|dotaz|pergunta)\b")
"""So begins the subject of a mail whose text asks something."""
