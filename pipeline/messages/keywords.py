"""The keywords by which people stop messages: what they answer to a text, and write in a mail that holds nothing else."""

STOP = (
    *("stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"),  # Twilio's
    *("unsub", "optoutall", "optmeout", "remove", "removeme", "td"),  # with Amazon's
    *("stopp", "abmelden", "abmeldung", "abbestellen", "abbestellung", "kündigen", "kuendigen", "kündigung", "beenden", "ende"),
    *("austragen", "austragung", "keinesmsmehr", "keinewerbungmehr", "keinenachrichtenmehr"),
    *("afmelden", "afmelding", "uitschrijven", "stoppen", "opzeggen", "beëindigen", "einde"),
    *("fin", "arret", "arrete", "arrett", "arrêt", "arrêter", "arreter", "désabonner", "desabonner", "désabonnement", "désinscription"),
    *("desinscription", "désinscrire", "désinscrivezmoi"),
    *("cancella", "cancellami", "disiscrivi", "disiscrivimi", "annulla", "basta"),
    *("baja", "alto", "cancelar", "parar", "salir", "dardebaja", "darmedebaja", "desuscribir", "desuscribirme"),
    *("sair", "pare", "descadastrar"),
    *("stoppa", "avsluta", "sluta", "avregistrera", "afmeld", "framelding", "avmeld", "lopeta"),
    *("стоп", "退订", "配信停止"),
)
"""Twilio's and other operators' keywords, and the words that mean nothing else in an answer to our message."""
MAY_MEAN_ELSE = (
    *("cancel", "end", "remove", "quit", "revoke", "td", "beenden", "ende", "einde", "fin", "annulla", "basta", "alto", "cancelar", "pare"),
)
"""Keywords that may be about something else: in a text with another word behind them (`Cancel it`), in a mail also alone."""
