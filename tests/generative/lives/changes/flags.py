"""CRM flags: the same column in every spelling and language, with every kind of yes and no; links and consents beside it."""

from ..house import House
from ._change import PUBLISHES, Expected, HouseChange

SPELLINGS = {
    "unsubscribed": ["Unsubscribed", "unsubscribed_at", "HasOptedOut", "is_opt_out", "optOut", "Abgemeldet am", "désinscrit",
                     "uitgeschreven", "Disiscritto", "doNotContact", "Werbesperre", "Do Not Contact", "baja"],
    "no_email": ["HasOptedOutOfEmail", "No Bulk Emails (User Opt Out)", "do_not_email", "Keine E-Mail", "geen e-mail", "emailOptOut"],
    "no_sms": ["no_sms", "sms_opt_out", "Keine SMS", "doNotSms"],
    "deceased": ["verstorben", "Décédé", "overleden", "is_deceased", "fallecido", "deceduto"],
}  # fmt: skip
SAYS_NO = ("yes", "1", "2026-01-05")
"""What the worlds write where somebody is not to be written to; the rest are blanks, links and dates that stand for none."""
YES = ["1", "yes", "true", "ja", "Ja", "X", "oui", "2026-01-05", "wahr", "on"]
NO = ["", "", "0", "no", "false", "nein", "non", "nee", "False"]


class SpelledFlags(HouseChange):
    """The CRM's new version calls its flags otherwise, and writes them otherwise in every row."""

    kind = "flags in other words"
    needs = ("profiles",)

    def happens(self, house: House) -> Expected:
        for delivery in house.of("profiles"):
            spelled = {flag: house.dice.choice(names) for flag, names in SPELLINGS.items()}
            delivery.written = []
            for row in delivery.rows:
                told = dict(row)
                for flag, name in spelled.items():
                    if flag in told and name not in told:
                        told[name] = house.dice.choice(YES if told.pop(flag) in SAYS_NO else NO)
                delivery.written.append(told)
        return PUBLISHES


class LinksBesideFlags(HouseChange):
    """Columns that speak of unsubscribing and say nothing: links, and what says yes."""

    kind = "links and consents beside flags"
    needs = ("profiles",)

    def happens(self, house: House) -> Expected:
        for delivery in house.of("profiles"):
            link = house.dice.choice(["unsubscribe_url", "Abmeldelink", "Opt-out link"])
            consent = house.dice.choice(["newsletter_opt_in", "may_email", "Werbeeinwilligung"])
            delivery.written = [{**row, link: "https://x.example.at/u?id=7", consent: "yes"} for row in delivery.rows]
        return PUBLISHES


class FlagsNamedNone(HouseChange):
    """The feed's file says that a column is no flag."""

    kind = "a column that is no flag by the feed's own word"
    needs = ("profiles",)

    def happens(self, house: House) -> Expected:
        if any(delivery.is_gone for delivery in house.arrived):  # that file would stay as it was read
            return PUBLISHES
        house.set_feed("profiles", flags={"opt_out_possible": "none"})
        for delivery in house.of("profiles"):
            delivery.written = [{**row, "opt_out_possible": "yes"} for row in delivery.rows]
        return PUBLISHES
