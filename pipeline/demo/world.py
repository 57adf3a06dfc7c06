"""The demo's landing files while they are written: who is known to whom, and what happened to them.

Each house has its own tools, and what happens there is told as they tell it: ufer keeps its contacts in HubSpot and sends by
Amazon SES, buehne sends by SendGrid, festival sends texts by Twilio, kade has its newsletter at Mailchimp. Nothing is kept in
memory but a few people to meet again and the records of one story, so a million profiles need no more of it than ten thousand.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from pipeline.demo import messages, names, people
from pipeline.demo.files import Lines, Table
from pipeline.demo.hubspot import SUBSCRIPTIONS, UNITS, HubSpot
from pipeline.demo.mailchimp import Mailchimp
from pipeline.demo.people import Human
from pipeline.demo.sendgrid import SendGrid
from pipeline.demo.ses import Ses
from pipeline.demo.twilio import Twilio

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


@dataclass
class Record:
    """A CRM record while its story is told: what an export says of somebody depends on all that happened to them."""

    sender: Sender
    human: Human
    values: dict[str, str]
    past: dict[str, str] | None = None
    is_gone: bool = False
    status: str = ""
    """Mailchimp's, of those who are in the audience; `status_at` and `status_reason` say when and why they left it."""
    status_at: str = ""
    status_reason: str = ""


@dataclass(frozen=True)
class Profile:
    """One CRM record as the events name it."""

    sender: Sender
    profile_id: str
    human: Human
    record: Record = field(compare=False)

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
        self._records: list[Record] = []
        day, month_ago = self.today.strftime("%Y-%m-%d"), (self.today - timedelta(days=28)).strftime("%Y-%m-%d")
        self._old_crm = Table(
            landing / "crm" / f"kontakte_{month_ago}.csv.gz", PROFILE_COLUMNS, separator=";", encoding="cp1252", newline="\r\n"
        )
        self._crm = Table(landing / "crm" / f"kontakte_{day}.csv", PROFILE_COLUMNS, separator=";", newline="\r\n", has_bom=True)
        self._hubspot = HubSpot(landing, day, month_ago)
        self._boxoffice = Lines(landing / "boxoffice" / f"klanten-{day}.ndjson")
        self._mailchimp = Mailchimp(landing, day)
        self._forms = Table(landing / "forms" / f"forms-{day}.csv", CONSENT_COLUMNS)
        self._desk = Table(landing / "desk" / f"kartenbuero_{day}.csv", CONSENT_COLUMNS, separator=";", encoding="cp1252", newline="\r\n")
        self._twilio = Twilio(landing, day, rng)
        self._ses = Ses(landing, day)
        self._sendgrid = SendGrid(landing, day)
        self._delivery = Table(landing / "delivery" / f"events-{day}.csv.gz", DELIVERY_COLUMNS)
        self._bounces = landing / "bounces"
        self._mailbox = Lines(self._bounces / f"postfach-{day}.mbox")
        self._letters = 0
        self._register = Lines(landing / "ecg" / f"ecg-liste-{day}.hash")
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

    def moved(self, human: Human, *, has_new_phone: bool = False) -> Human:
        """The same person with a new e-mail address, on request with a new number too."""
        self._humans += 1
        return people.moved(self.rng, human, self._humans, has_new_phone=has_new_phone)

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
        updated_at = self.ago(days=rng.randint(1, 1100), seconds=rng.randint(0, 86_399))
        values = {
            "profile_id": f"{sender.prefix}{100_000 + self.profiles}",
            "organisation": sender.organisation,
            "email": people.spelled_email(rng, human.email) if email is None else email,
            "phone": people.spelled_phone(rng, human.phone) if phone is None else phone,
            "first_name": first_name or human.first_name,
            "last_name": human.last_name,
            "birth_date": human.birth_date if rng.random() < 0.7 else "",
            "street": f"{human.street}\nTop {rng.randint(1, 20)}" if rng.random() < 0.03 else human.street,
            "postal_code": human.place.postal_code,
            "city": human.place.city,
            "country": human.place.country,
            "language": human.language,
            "updated_at": self.local(updated_at)[:16],
            "external_id": external_id,
            "salutation": rng.choice(("Frau", "Herr", "")),
            "ticket_show": ticket if ticket is not None else self._ticket(sender),
            "card": rng.choice(("", "", "", "Freundeskarte", "Jahreskarte")),
        }
        past = None
        if before is not None or rng.random() < 0.9:
            past = {**values, "updated_at": self.local(updated_at - timedelta(days=40))[:16]}
            if before is not None:
                past |= {"email": before.email, "phone": before.phone}
        return self._known(Profile(sender, values["profile_id"], human, Record(sender, human, values, past)))

    def gone(self, sender: Sender, human: Human) -> Profile:
        """Somebody whom only last month's snapshot knew: no candidate any more, but what they said still stands."""
        past = {
            "profile_id": f"{sender.prefix}9{self._humans:05}",
            "organisation": sender.organisation,
            "email": human.email,
            "phone": human.phone,
            "first_name": human.first_name,
            "last_name": human.last_name,
        }
        return self._known(Profile(sender, past["profile_id"], human, Record(sender, human, past, past, is_gone=True)))

    def _known(self, profile: Profile) -> Profile:
        self._records.append(profile.record)
        return profile

    def told(self) -> None:
        """A story has ended: write its people's records."""
        for record in self._records:
            house = record.sender.organisation
            if house == "kade":
                self._write_member(record)
            elif house == "ufer":
                self._write_contact(record)
            else:
                self._write_customer(record)
        self._records.clear()

    def _write_contact(self, record: Record) -> None:
        """A contact of ufer's HubSpot, where mobile numbers have a column of their own and an address that changed is kept."""
        for values, is_old in ((record.past, True), (None if record.is_gone else record.values, False)):
            if values is not None:
                number = {"mobile": values["phone"], "phone": ""} if record.human.has_mobile else {}
                others = {"others": record.past["email"]} if record.past and record.past["email"] != values["email"] else {}
                self._hubspot.contact({**values, **number, **others}, is_old=is_old)

    def _write_member(self, record: Record) -> None:
        """Who subscribed to kade's newsletter stands in its Mailchimp audience, who only bought a ticket at the box office."""
        if record.status:
            number = record.human.phone if record.values["phone"] else ""
            self._mailchimp.member({**record.values, "phone": number}, record.status, record.status_at, record.status_reason)
        else:
            self._boxoffice.write_json(record.values)

    def _write_customer(self, record: Record) -> None:
        """A customer of the CRM that buehne and festival share; it repeats itself now and then."""
        row = list(record.values.values())
        for _ in range(0 if record.is_gone else 2 if int(record.values["profile_id"][1:]) % 200 == 0 else 1):
            self._crm.write(row)
        if record.past is not None:
            self._old_crm.write([record.past.get(column, "") for column in PROFILE_COLUMNS])

    def profile_of_nobody(self, sender: Sender, human: Human) -> Profile:
        """Somebody in no CRM, for events about people whom nobody knows."""
        return Profile(sender, "", human, Record(sender, human, {}))

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
        """One consent event about the profile's address, in the forms' file or the ticket desk's; times as the feed writes them."""
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
        table = self._forms if feed == "forms" else self._desk
        row = [values.get(column, "") for column in CONSENT_COLUMNS]
        table.write(row)
        if self._events % 250 == 0:
            table.write(row)  # a web form that was sent twice
        if action == "opt_in_confirm" and scope == "list":
            self._subscribed(profile, values["scope_id"], at)

    def _subscribed(self, profile: Profile, newsletter: str, at: datetime | str) -> None:
        """The forms pass a confirmed subscription on to the house's newsletter tool."""
        profile.record.status = "subscribed"
        if profile.sender.organisation == "ufer" and isinstance(at, datetime):
            self._hubspot.status(profile.address, "SUBSCRIBED", at, subscription=SUBSCRIPTIONS[newsletter], source="Form")

    def subscribe(self, profile: Profile, at: datetime, *, scope: str = "list", **more: str) -> None:
        """Double opt-in: the form, and the click on the confirmation link some minutes later."""
        self.consent(profile, "opt_in_request", at, scope=scope, **more)
        self.consent(profile, "opt_in_confirm", at + timedelta(minutes=self.rng.randint(1, 300)), scope=scope, **more)

    def leave(self, profile: Profile, at: datetime, *, scope: str = "list", reason: str = "") -> None:
        """The owner's "no" to a list, brand or organisation, in the words of the tool that the house sends with."""
        self._events += 1
        sender, address = profile.sender, profile.address
        house = sender.organisation
        if house == "ufer":
            place = {"list": {"subscription": SUBSCRIPTIONS[sender.list]}, "brand": {"unit": UNITS[sender.brand]}}.get(scope, {})
            self._hubspot.status(address, "UNSUBSCRIBED", at, **place, source="Preference page")
            if scope == "organisation":
                profile.record.values["unsubscribed"] = "Yes"
        elif scope == "brand":
            self.consent(profile, "opt_out", at, scope=scope, via="preference_link", reason=reason)
        elif house == "buehne":
            self._sendgrid.unsubscribe(self._events, address, at, sender.list if scope == "list" else "")
        elif house == "festival":
            self._twilio.stop(address, at, scope=scope)
        elif scope == "list":
            self._left_audience(profile.record, "unsubscribed", at, reason)
        else:
            self.consent(profile, "opt_out", self.local(at)[:10], scope=scope, feed="desk", via="reply", reason=reason)

    def _left_audience(self, record: Record, status: str, at: datetime, reason: str = "") -> None:
        record.status, record.status_at, record.status_reason = status, self.local(at), reason

    def delivery(self, profile: Profile, kind: str, at: datetime, **more: str) -> None:
        """One delivery event of the profile's address, from whoever sends for the house; what staff enters has a file of its own."""
        self._events += 1
        sender, record = profile.sender, profile.record
        if more.get("actor") != "staff":
            if sender.organisation == "ufer":
                self._ses.event(kind, self._events, profile.address, at, more)
                return
            if sender.organisation == "buehne":
                self._sendgrid.event(kind, self._events, profile.address, at, more)
                return
            if record.status and sender.organisation == "kade" and (kind == "complaint" or more.get("status_code") == "5.1.1"):
                self._left_audience(record, "unsubscribed" if kind == "complaint" else "cleaned", at, more.get("reason", ""))
                return
        values = {
            "event_id": f"d-{self._events:07}",
            "occurred_at": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "type": kind,
            "channel": sender.channel,
            "address": profile.address,
            "organisation": sender.organisation,
            **more,
        }
        if sender.channel == "sms" and kind == "bounce":  # a gateway knows no enhanced status codes
            code = values.pop("status_code", "")
            values.update(diagnostic="", bounce_class={"5.1.1": "hard", "5.7.1": "block"}.get(code, "soft"))
        self._write_delivery(values, times=2 if self._events % 20 == 0 else 1)

    def _write_delivery(self, values: dict[str, str], times: int = 1) -> None:
        for _ in range(times):
            self._delivery.write([values.get(column, "") for column in DELIVERY_COLUMNS])

    def text(self, profile: Profile, body: str, at: datetime) -> None:
        """Somebody answers a text message in their own words."""
        self._twilio.text(profile.address, body, at)

    def message(self, kind: str, profile: Profile, at: datetime) -> None:
        """One message in the bounce mailbox: the first ones as `.eml` files, the rest in one mbox. What is reported was sent."""
        if kind in messages.REPORTED:
            self.delivery(profile, "sent", at - timedelta(minutes=self.rng.randint(1, 60)), campaign="herbst")
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
        self._register.write_bytes(hashlib.sha1(entry.strip().lower().encode(), usedforsecurity=False).digest())

    def press(self, profile: Profile) -> None:
        """One line of the press list that the newsletter leaves out."""
        self._press.write(profile.address + "\n")

    # -- faults, as exports have them

    def raw_form(self, **values: str) -> None:
        """A row of the forms as it comes, faults and all."""
        self._events += 1
        row = {"event_id": f"f-{self._events:07}", **values}
        self._forms.write([row.get(column, "") for column in CONSENT_COLUMNS])

    def raw_status(self, address: str, status: str, at: datetime, subscription: str) -> None:
        """A status of HubSpot's as it comes."""
        self._hubspot.status(address, status, at, subscription=subscription, source="Import")

    def raw_event(self, kind: str, address: str, at: datetime) -> None:
        """A notification of Amazon's as it comes."""
        self._events += 1
        self._ses.event(kind, self._events, address, at, {})

    def close(self) -> None:
        """Finish every file; a box office without customers says so, for an empty file would be a broken one."""
        if not self._boxoffice.is_begun:
            self._boxoffice.write_json([])
        for file in (
            self._old_crm, self._crm, self._hubspot, self._boxoffice, self._mailchimp, self._forms, self._desk, self._twilio, self._ses,
            self._sendgrid, self._delivery, self._mailbox, self._register, self._press,
        ):  # fmt: skip
            file.close()


_VIENNA = ZoneInfo("Europe/Vienna")
