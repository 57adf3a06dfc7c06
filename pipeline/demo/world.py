"""The demo's landing files while they are written: who is known to whom, and what happened to them.

Nothing is kept in memory but a few people to meet again, so a million profiles need no more of it than ten thousand.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from pipeline.demo import messages, names, people
from pipeline.demo.files import Lines, Table
from pipeline.demo.people import Human

PROFILE_COLUMNS = (
    "profile_id", "organisation", "email", "phone", "first_name", "last_name", "birth_date", "street", "postal_code", "city", "country",
    "language", "updated_at", "external_id", "salutation", "ticket_show", "card",
)  # fmt: skip
CONSENT_COLUMNS = (
    "event_id", "occurred_at", "action", "channel", "address", "profile_id", "organisation", "scope", "scope_id", "actor", "via",
    "legal_basis", "explanation", "reason", "until", "max_messages", "per_days",
)  # fmt: skip
DELIVERY_COLUMNS = (
    "event_id", "occurred_at", "type", "channel", "address", "bounce_class", "reason", "status_code", "diagnostic", "campaign",
    "organisation", "actor", "explanation",
)  # fmt: skip

TOOL_LISTS = {"galerie-newsletter": "4711", "theater-newsletter": "4712", "klangsommer-sms": "4720", "kade-nieuwsbrief": "4731"}
"""The mailing tool's own numbers of the lists, as `examples/kultur/feeds/newsletter.yaml` maps them."""


@dataclass(frozen=True)
class Sender:
    """One organisation with the brand and list that its demo campaign is about."""

    organisation: str
    brand: str
    list: str
    other_list: str
    channel: str
    prefix: str
    is_dutch: bool = False


@dataclass(frozen=True)
class Profile:
    """One CRM record as the events name it."""

    sender: Sender
    profile_id: str
    human: Human

    @property
    def address(self) -> str:
        """The address that the sender's campaign would use."""
        return self.human.phone if self.sender.channel == "sms" else self.human.email


class World:
    """Everything that a story can do: add a profile, a consent event, a delivery event, a message, a register entry."""

    def __init__(self, landing: Path, rng: Random, today: datetime) -> None:
        self.rng = rng
        self.today = today.astimezone(UTC)
        self.profiles = 0
        self._humans = 0
        self._events = 0
        self._acquaintances: list[Human] = []
        day, month_ago = self.today.strftime("%Y-%m-%d"), (self.today - timedelta(days=28)).strftime("%Y-%m-%d")
        self._old_crm = Table(
            landing / "crm" / f"kontakte_{month_ago}.csv.gz", PROFILE_COLUMNS, separator=";", encoding="cp1252", newline="\r\n"
        )
        self._crm = Table(landing / "crm" / f"kontakte_{day}.csv", PROFILE_COLUMNS, separator=";", newline="\r\n", has_bom=True)
        self._boxoffice = Lines(landing / "boxoffice" / f"klanten-{day}.ndjson")
        self._forms = Table(landing / "forms" / f"forms-{day}.csv", CONSENT_COLUMNS)
        self._newsletter = Table(landing / "newsletter" / f"abmeldungen_{day}.csv.zip", CONSENT_COLUMNS, separator=";", newline="\r\n")
        self._desk = Table(landing / "desk" / f"kartenbuero_{day}.csv", CONSENT_COLUMNS, separator=";", encoding="cp1252", newline="\r\n")
        self._delivery = Table(landing / "delivery" / f"events-{day}.csv.gz", DELIVERY_COLUMNS)
        self._old_delivery = Table(landing / "delivery" / f"events-{month_ago}.csv", DELIVERY_COLUMNS)
        self._bounces = landing / "bounces"
        self._mailbox = Lines(self._bounces / f"postfach-{day}.mbox")
        self._letters = 0
        self._register = Table(landing / "ecg" / f"edition-{day}.csv", ("entry",))
        self._press = Lines(landing.parent / "lists" / "press.txt")

    # -- people and their CRM records

    def new_human(self, sender: Sender) -> Human:
        """Somebody new, or now and then somebody whom another organisation already knows, spelled its way."""
        if self._acquaintances and self.rng.random() < 0.08:
            return people.misspelled(self.rng, self.rng.choice(self._acquaintances))
        self._humans += 1
        human = people.invent(self.rng, self._humans, is_dutch=sender.is_dutch or self.rng.random() < 0.06)
        if len(self._acquaintances) < 300:
            self._acquaintances.append(human)
        elif self._humans % 7 == 0:
            self._acquaintances[self.rng.randrange(300)] = human
        return human

    def unknown_human(self, sender: Sender, *, is_mobile: bool | None = None) -> Human:
        """Somebody whom nobody knows yet; on request with a mobile, or with a fixed line."""
        self._humans += 1
        human = people.invent(self.rng, self._humans, is_dutch=sender.is_dutch)
        while is_mobile is not None and human.has_mobile != is_mobile:
            human = people.invent(self.rng, self._humans, is_dutch=sender.is_dutch)
        return human

    def moved(self, human: Human) -> Human:
        """The same person with a new e-mail address."""
        self._humans += 1
        return people.moved(self.rng, human, self._humans)

    def profile(
        self,
        sender: Sender,
        human: Human,
        *,
        email: str | None = None,
        phone: str | None = None,
        before: Human | None = None,
        external_id: str = "",
        ticket: str | None = None,
        first_name: str | None = None,
    ) -> Profile:
        """Write the person into the organisation's CRM; `before` is how last month's snapshot knew them."""
        rng = self.rng
        self.profiles += 1
        profile_id = f"{sender.prefix}{100_000 + self.profiles}"
        updated_at = self.ago(days=rng.randint(1, 1100), seconds=rng.randint(0, 86_399))
        row = [
            profile_id,
            sender.organisation,
            people.spelled_email(rng, human.email) if email is None else email,
            people.spelled_phone(rng, human.phone) if phone is None else phone,
            first_name or human.first_name,
            human.last_name,
            human.birth_date if rng.random() < 0.7 else "",
            f"{human.street}\nTop {rng.randint(1, 20)}" if rng.random() < 0.03 else human.street,
            human.place.postal_code,
            human.place.city,
            human.place.country,
            human.language,
            self.local(updated_at)[:16],
            external_id,
            rng.choice(("Frau", "Herr", "")),
            ticket if ticket is not None else self._ticket(sender),
            rng.choice(("", "", "", "Freundeskarte", "Jahreskarte")),
        ]
        if sender.is_dutch:
            self._boxoffice.write(json.dumps(dict(zip(PROFILE_COLUMNS, row, strict=True)), ensure_ascii=False) + "\n")
            return Profile(sender, profile_id, human)
        self._crm.write(row)
        if self.profiles % 400 == 0:
            self._crm.write(row)  # the export repeats itself
        if before is not None or rng.random() < 0.9:
            past = list(row)
            past[2] = before.email if before else row[2]
            past[12] = self.local(updated_at - timedelta(days=40))[:16]
            self._old_crm.write(past)
        return Profile(sender, profile_id, human)

    def gone(self, sender: Sender, human: Human) -> Profile:
        """Somebody whom only last month's snapshot knew: no candidate any more, but what they said still stands."""
        profile_id = f"{sender.prefix}9{self._humans:05}"
        row = [profile_id, sender.organisation, human.email, human.phone, human.first_name, human.last_name, *[""] * 11]
        self._old_crm.write(row)
        return Profile(sender, profile_id, human)

    def profile_of_nobody(self, sender: Sender, human: Human) -> Profile:
        """Somebody in no CRM, for events about people whom nobody knows."""
        return Profile(sender, "", human)

    def _ticket(self, sender: Sender) -> str:
        return self.rng.choice(names.SHOWS) if sender.organisation == "buehne" and self.rng.random() < 0.7 else ""

    # -- time

    def ago(self, days: float = 0, seconds: int = 0) -> datetime:
        """A moment before today."""
        return self.today - timedelta(days=days, seconds=seconds)

    def some_day(self, earliest: int, latest: int) -> datetime:
        """A moment between so many and so many days ago."""
        return self.ago(self.rng.randint(latest, earliest), self.rng.randint(60, 86_399))

    def local(self, moment: datetime) -> str:
        """A moment as an Austrian tool writes it: local time, no zone."""
        return moment.astimezone(_VIENNA).strftime("%Y-%m-%d %H:%M:%S")

    # -- what happened

    def consent(self, profile: Profile, action: str, at: datetime | str, *, scope: str = "list", feed: str = "forms", **more: str) -> None:
        """One consent event about the profile's address; times as the feed writes them."""
        self._events += 1
        sender = profile.sender
        ids = {"list": sender.list, "brand": sender.brand, "organisation": sender.organisation, "group": ""}
        time = at if isinstance(at, str) else at.isoformat(timespec="seconds") if feed == "forms" else self.local(at)
        values = {
            "event_id": f"{feed[0]}-{self._events:07}",
            "occurred_at": time,
            "action": action,
            "channel": sender.channel,
            "address": profile.address,
            "organisation": sender.organisation,
            "scope": scope,
            "scope_id": ids[scope],
            "via": "form" if feed == "forms" else "",
            **more,
        }
        if values["channel"] == "sms" and values["via"] in ("one_click", "reply"):
            values["via"] = "keyword"  # STOP
        if feed == "newsletter" and scope == "list":
            values["scope_id"] = TOOL_LISTS[sender.list]
        table = {"forms": self._forms, "newsletter": self._newsletter, "desk": self._desk}[feed]
        row = [values.get(column, "") for column in CONSENT_COLUMNS]
        table.write(row)
        if self._events % 250 == 0:
            table.write(row)  # a web form that was sent twice

    def subscribe(self, profile: Profile, at: datetime, *, scope: str = "list", **more: str) -> None:
        """Double opt-in: the form, and the click on the confirmation link some minutes later."""
        self.consent(profile, "opt_in_request", at, scope=scope, **more)
        self.consent(profile, "opt_in_confirm", at + timedelta(minutes=self.rng.randint(1, 300)), scope=scope, **more)

    def delivery(self, profile: Profile, kind: str, at: datetime, **more: str) -> None:
        """One delivery event of the profile's address; every twentieth stands in two files."""
        self._events += 1
        values = {
            "event_id": f"d-{self._events:07}",
            "occurred_at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "type": kind,
            "channel": profile.sender.channel,
            "address": profile.address,
            "organisation": profile.sender.organisation,
            **more,
        }
        if profile.sender.channel == "sms" and kind == "bounce":  # a gateway knows no enhanced status codes
            code = values.pop("status_code", "")
            values.update(diagnostic="", bounce_class={"5.1.1": "hard", "5.7.1": "block"}.get(code, "soft"))
        row = [values.get(column, "") for column in DELIVERY_COLUMNS]
        is_old = at < self.today - timedelta(days=28)
        (self._old_delivery if is_old else self._delivery).write(row)
        if is_old and self._events % 20 == 0:
            self._delivery.write(row)

    def message(self, kind: str, profile: Profile, at: datetime) -> None:
        """One message in the bounce mailbox: the first ones as `.eml` files, the rest in one mbox."""
        self._letters += 1
        text = messages.write(kind, profile.human.email, at, self._letters)
        if self._letters <= 3:
            letter = Lines(self._bounces / f"{self._letters:04}.eml")
            letter.write(text.replace("\n", "\r\n"))
            letter.close()
        else:
            self._mailbox.write(messages.in_mbox(text, at))

    def register(self, entry: str) -> None:
        """One entry of the do-not-contact register, hashed as its keeper does."""
        self._register.write([hashlib.sha1(entry.strip().lower().encode(), usedforsecurity=False).hexdigest()])

    def press(self, profile: Profile) -> None:
        """One line of the press list that the newsletter leaves out."""
        self._press.write(profile.address + "\n")

    def raw_consent(self, feed: str, **values: str) -> None:
        """A consent row as it comes, faults and all."""
        self._events += 1
        row = {"event_id": f"{feed[0]}-{self._events:07}", **values}
        table = {"forms": self._forms, "newsletter": self._newsletter}[feed]
        table.write([row.get(column, "") for column in CONSENT_COLUMNS])

    def raw_delivery(self, **values: str) -> None:
        """A delivery row as it comes, faults and all."""
        self._events += 1
        row = {"event_id": f"d-{self._events:07}", **values}
        self._delivery.write([row.get(column, "") for column in DELIVERY_COLUMNS])

    def close(self) -> None:
        """Finish every file."""
        for file in (
            self._old_crm, self._crm, self._boxoffice, self._forms, self._newsletter, self._desk, self._delivery, self._old_delivery,
            self._mailbox, self._register, self._press,
        ):  # fmt: skip
            file.close()


_VIENNA = ZoneInfo("Europe/Vienna")
