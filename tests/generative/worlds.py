"""Worlds: invented scenarios in the format of the shared ones, small and full of collisions.

The pools are small on purpose: the rules differ where two events tie, where two profiles share an address, where a scope
lies inside another. Left out is only what the domain page leaves to chance or to a secret key: holdout, capacity, and two
rows that are one event but disagree in what an event does not say.

Hypothesis gives each world one number, and dice make the world of it: its own draws are skewed towards few values, and its
own shrinking would cost hundreds of runs of the product; test_agreement.py leaves out rows instead.
"""

from collections.abc import Callable, Sequence
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import chain
from random import Random
from typing import Any

from hypothesis import strategies as st

from pipeline.vocabulary import DeliveryType

from .reference.rows import Place, read_consent, read_delivery
from .reference.settings import PROFILE_FEEDS, Settings

Pick = Callable[[Sequence[Any]], Any]
Row = dict[str, str]

EMAILS = [
    "ada@kultur.example.at",
    "ada+news@kultur.example.at",
    " Ada@Kultur.Example.AT ",
    "b.o@gmail.com",
    "bo+x@googlemail.com",
    "cem@forum.example.at",
    "Cem Moser <cem@forum.example.at>",
    "dora@forum.example.at",
    *(f"{name}@forum.example.at" for name in ("eva", "finn", "gerd", "hanna", "ina", "jos")),
]
PHONES = ["+436641234567", "0664 1234567", "+436991234567", "+43 1 5123456"]
"""Two spellings of one mobile number, another one, and a fixed line."""
NAMES = [("Ada", "Huber"), ("A.", "huber"), ("Cem", "Moser"), ("", "")]
PROFILES = [f"p{number}" for number in range(1, 11)]
FLAGS = [
    *("unsubscribed", "no_email", "no_sms", "deceased"),
    *(
        "HasOptedOutOfEmail",
        "doNotContact",
        "No Bulk Emails (User Opt Out)",
        "Abgemeldet am",
        "d\u00e9sinscrit",
        "geen e-mail",
        "no molestar",
    ),
    *("Opt-out link", "blocked_seats"),
]
"""Columns of a CRM in the spellings of several, and two that say nothing of anybody."""
FLAG_CELLS = ("", "", "no", "0000-00-00", "https://x.at/leave")
SCOPES = [
    ("group", ""),
    ("organisation", "o1"),
    ("brand", "b1"),
    ("list", "l1"),
    ("list", "l2"),
    ("brand", "b2"),
    ("organisation", "o2"),
]
ODD_SCOPES = [("list", "nowhere"), ("brand", ""), ("galaxy", "o1"), ("organisation", "o7"), ("organisation", ""), ("list", "l9")]
TIMES = ["{}T10:00:00Z", "{} 11:00:00", "{}T12:00:00+02:00", "{}T10:00Z", "{}", "{}T10:00:00.500Z", "{} 02:30", "{} 02:30:00"]
"""An instant in four spellings, its minute, its day, half a second later, and times that clock changes skip or repeat."""
STORIES = [
    ["opt_out", "opt_in"],
    ["opt_out", "opt_in_request", "opt_in_confirm"],
    ["opt_in_request", "opt_out", "opt_in_confirm"],
    ["opt_in_request", "opt_in_confirm"],
    ["opt_in_request", "opt_in_confirm", "opt_out"],
    ["opt_in_request"],
    ["opt_in"],
    *(5 * [["opt_in_confirm"]]),
    ["opt_in", "opt_out"],
    ["opt_out", "opt_in", "opt_out"],
    ["opt_out_request"],
    ["opt_out_request", "opt_out_confirm"],
    ["opt_out_request", "opt_out_cancel"],
    ["opt_out_request", "opt_in"],
    ["pause", "resume"],
    ["pause", "opt_in"],
    ["complaint", "opt_in_confirm"],
    ["complaint", "release"],
    ["quarantine", "release"],
    ["quarantine", "opt_in_request", "opt_in_confirm"],
    ["bounce", "release"],
    ["bounce", "opt_in_confirm"],
    *(4 * [["frequency", "sent"]]),
    *(2 * [["frequency"]]),
    ["frequency", "sent", "sent"],
    ["frequency", "frequency", "sent"],
    ["sent", "sent"],
]
"""What happens to one address in turn: the rules are about one event after another."""
CLOCK_CHANGES = ["{} 02:30:00", "{}T00:45:00Z", "{}T01:00:00Z"]
"""On the night of the change, which the first step follows, the last two lie inside the first one's interval."""
NO_TIME = ["", "soon", "2026-02-30"]
STATUS_CODES = [*(10 * [""]), "5.1.1", "5.2.2", "4.2.2", "4.4.1", "5.7.1", "5.3.0", "5.0.0", "550", "450", "450 5.1.1", "4.7.0"]


KEYS: list[list[str]] = [
    *(6 * [["external_id", "mailbox", "mobile_name"]]),
    ["external_id", "mobile_name"],
    ["mailbox"],
    [],
]
"""What makes one person."""
LIMITS: list[dict[str, int]] = [*(6 * [{}]), {"external_id": 1}, {"mailbox": 1}, {"mailbox": 2}, {"mobile_name": 1}]
"""How many profiles may hold one key."""
REGISTERED = ["ada@kultur.example.at", "cem@forum.example.at", "@gmail.com"]
"""What may stand in a register, plain or hashed."""
MODES = ["none", "snapshot", "operations"]
"""How a feed of profiles delivers in a step."""
PLAIN: dict[str, str] = {}
"""What each entry of a register was made of."""


def often(*common: Any, seldom: tuple[Any, ...] = ()) -> Sequence[Any]:
    """One of the common values, or now and then one of the others."""
    return [*(common * 4), *seldom]


def worlds() -> st.SearchStrategy[dict[str, Any]]:
    """Scenarios of one to three steps."""
    return st.integers(0, 2**64 - 1).map(invent)


def several(pick: Pick, values: Sequence[Any], least: int, most: int) -> list[Any]:
    """Some of the values, each at most once."""
    left = list(values)
    return [left.pop(pick(range(len(left)))) for _ in range(pick(range(least, most + 1)))]


def invent(number: int, workspace: dict[str, Any] | None = None, modes: Sequence[dict[str, str]] = ()) -> dict[str, Any]:
    """The world of a number, in a workspace of its own or in a given one; `modes` say how CRM and shop deliver in each step."""
    pick = Random(number).choice
    steps: list[dict[str, Any]] = []
    told: dict[str, dict[tuple[str, str], Row]] = {feed: {} for feed in PROFILE_FEEDS}
    has_shop = any(mode["shop"] != "none" for mode in modes) if modes else pick(range(4)) == 0
    policy = policies(pick)
    shared = deepcopy(workspace) if workspace else invent_workspace(pick)
    moments = shared.pop("moments")
    shared["forbidden"]["addresses"] = pick(often([], [], seldom=(["CEM@forum.example.at"],)))
    feeds = {"shop": {"required": False}}
    scenario: dict[str, Any] = {"name": "a world", "max_rejected": "100%", "feeds": feeds, "policy": policy, **shared}
    events = Events(pick, Settings(scenario))
    for place, as_of in enumerate(moments):
        step: dict[str, Any] = {"as_of": as_of.isoformat(), "campaign_id": pick(often("c1", "c2", seldom=("c9", "c9")))}
        mode = modes[place] if modes else {"profiles": pick(MODES) if place else "snapshot", "shop": pick(MODES) if has_shop else "none"}
        for feed, known in told.items():
            profiles = invent_profiles(pick, known, as_of, mode[feed])
            if profiles is not None:
                step[feed] = profiles
        step["consent"], step["delivery"] = events.of_step(as_of, [row for known in told.values() for row in known.values()])
        step["campaign"] = invent_campaign(pick, policy, as_of, step["campaign_id"], [earlier["campaign_id"] for earlier in steps])
        steps.append(step)
    return by_text(scenario | {"steps": steps}, number, has_own_registers=workspace is None)


def by_text(world: dict[str, Any], number: int, *, has_own_registers: bool) -> dict[str, Any]:
    """The world, in two of three cases with WhatsApp or RCS for some of its SMS: changed when everything is drawn, so that the draws of
    a number stay what they were before there were these channels."""
    new = (None, "whatsapp", "rcs")[number % 3]
    if new is None:
        return world
    told = [register for register in world["registers"].values() if has_own_registers]
    for step in world["steps"]:
        told += [step["campaign"], *step["delivery"], *(row for row in step["consent"] if len(row["occurred_at"]) % 2 == 0)]
    for each in told:
        if each.get("channel") == "sms":
            each["channel"] = new
    for row in chain.from_iterable(step.get(feed) or () for step in world["steps"] for feed in PROFILE_FEEDS):
        if "no_sms" in row and row["profile_id"].endswith(("1", "3", "5")):
            row[f"no_{new}"] = row.pop("no_sms")
    return world


def invent_workspace(pick: Pick) -> dict[str, Any]:
    """What a workspace has only once, and the moments of its steps."""
    moments = [datetime(2026, 3, 30, 8, tzinfo=UTC)]
    for _ in range(pick([0, 1, 1, 2])):
        moments.append(moments[-1] + timedelta(hours=pick([0.5, 1, 1, 24, 24, 720])))
    return {
        "moments": moments,
        "timezone": pick(often("Europe/Vienna", seldom=("UTC", "America/New_York"))),
        "quarantine": {
            "soft_threshold": pick([2, 3]),
            "soft_reset_days": pick([3, 10]),
            "mailbox_full_days": pick([5, 30]),
            "release_on_confirmed_opt_in": pick([True, False]),
        },
        "forbidden": {"domains": pick(often([], [], seldom=(["gmail.com"], ["example.at"])))},
        "registers": registers(pick),
        "identity": {"keys": pick(KEYS), "max_profiles_per_key": pick(LIMITS)},
        "max_age": pick(often("365d", seldom=("20d",))),
    }


def policies(pick: Pick) -> dict[str, Any]:
    """Every setting of domain §3 and §4 that changes a verdict."""
    return {
        "opt_out_reach": pick(["person", "person", "address", "profile"]),
        "consent_required": pick(often("none", "none", seldom=("any", "any", "any", "organisation", "brand", "list"))),
        "double_opt_in": pick(["optional", "required"]),
        "consent_valid_days": pick([None, None, 20, 60]),
        "staff_resubscribe": pick(["never", "with_legal_basis"]),
        "resubscribe_reach": pick(["selected", "organisation"]),
        "pending_opt_out": pick(often("hold", seldom=("ignore",))),
        "pending_opt_out_days": pick([14, 3]),
        "service_respects": pick([[], ["group"], ["organisation"], ["group", "organisation"]]),
        "crm_flags": pick(often("restrict", seldom=("ignore",))),
        "pressure": pick([None, None, {"max_messages": 1, "per_days": 7}, {"max_messages": 2, "per_days": 30}]),
    }


def registers(pick: Pick) -> dict[str, Any]:
    """Seldom one register, plain or hashed."""
    if pick(range(8)):
        return {}
    plain = several(pick, REGISTERED, 1, 3)
    algorithm = pick(["plain", "sha256"])
    return {
        "ecg": {
            "channel": pick(often("email", seldom=("sms",))),
            "countries": pick([[], ["AT"], ["DE"]]),
            "use": pick(["always", "without_consent"]),
            "algorithm": algorithm,
            "entries": [registered(entry, algorithm) for entry in plain],
        }
    }


def registered(plain: str, algorithm: str) -> str:
    """The entry of a register for an address or a domain."""
    entry = plain if algorithm == "plain" else sha256(plain.encode()).hexdigest()
    PLAIN[entry] = plain
    return entry


def invent_profiles(pick: Pick, crm: dict[tuple[str, str], Row], as_of: datetime, mode: str) -> list[Row] | None:
    """A snapshot of a CRM in which people come, go and change; or row by row what happened; or no file. Some it tells of twice."""
    if mode == "none":
        return None
    operations: list[Row] = []
    again: list[Row] = []
    for organisation, profile_id in [*(("o1", one) for one in PROFILES), ("o2", "p1"), ("o2", "q1"), ("o2", "q2")]:
        key = (organisation, profile_id)
        what = pick(["new", "new", "absent"] if key not in crm else ["same", "same", "same", "changed", "gone"])
        if what == "gone":
            operations.append(crm.pop(key) | {"operation": "delete"})
        elif what in ("new", "changed"):
            crm[key] = invent_profile(pick, crm.get(key, {}), key, as_of)
            operations.append(crm[key] | {"operation": "upsert"})
        if key in crm and pick(range(12)) == 0:
            again.append(invent_profile(pick, crm[key], key, as_of))
    if mode == "operations":
        again = [row | {"operation": pick(["upsert", "delete"])} for row in again]
    told = operations if mode == "operations" else [dict(row) for row in crm.values()]
    return pick([again + told, told + again])


def invent_profile(pick: Pick, before: Row, key: tuple[str, str], as_of: datetime) -> Row:
    """One record, new or with some of its cells changed."""
    first, last = pick(NAMES)
    fresh = {
        "email": pick(often(*EMAILS, seldom=("", "no-at-sign", "a@b.example, c@d.example"))),
        "phone": pick(often("", *PHONES)),
        "first_name": first,
        "last_name": last,
        "external_id": pick(often("", seldom=("x1", "x2", "N/A"))),
        pick(FLAGS): pick(often(*FLAG_CELLS, seldom=("yes", "1", "2026-01-05"))),
        "country": pick(often("AT", "", seldom=("DE", "XX"))) if not before else before["country"],
    }
    if before:
        kept = several(pick, sorted(fresh), 0, len(fresh) - 1)
        fresh |= {name: before.get(name, "") for name in kept}
        fresh |= {flag: before[flag] for flag in FLAGS if flag in before and flag not in fresh}
    if fresh["country"] == "DE" and key[1].endswith(("1", "3", "5")):
        fresh["country"] = "Germany"
    if fresh["country"] in ("DE", "Germany"):
        fresh["phone"] = fresh["phone"].replace("0664 ", "+43664")  # the reference reads national numbers as Austrian ones
    updated = as_of - timedelta(days=pick([0, 1, 2, 60]))
    return {
        "organisation": key[0],
        "profile_id": key[1],
        "updated_at": pick(often(updated.isoformat(), seldom=("", "", "2026-02-01"))),
        **fresh,
    }


def invent_campaign(pick: Pick, policy: dict[str, Any], as_of: datetime, name: str, earlier: list[str]) -> dict[str, Any]:
    """A campaign of o1; `c9` is one of o2."""
    places: list[dict[str, str]] = [{"brand": "b1", "list": "l1"}, {"brand": "b1", "list": "l2"}, {"brand": "b2", "list": "l3"}]
    if policy["consent_required"] != "list":
        places += [{"brand": "b1"}, {"brand": "b2"}]
    if name == "c9":
        places = [{"organisation": "o2", "brand": "b9", "list": "l9"}]
    campaign: dict[str, Any] = dict(pick(places))
    campaign["channel"] = pick(often("email", seldom=("sms", "phone")))
    campaign["message_class"] = pick(often("marketing", seldom=("service", "service", "one_to_one")))
    if campaign["message_class"] == "service":
        campaign["no_advertising_attested_by"] = "the box office"
    if campaign["message_class"] == "one_to_one":
        campaign |= pick(often({"sent_by": "Anna Huber"}, seldom=({"sent_by": "Anna Huber", "one_to_one_maximum": 3}, {})))
    campaign["one_message_per"] = pick(["person", "address"])
    campaign["contact_at"] = (as_of + pick([timedelta(hours=1), timedelta(days=2), timedelta(days=20)])).isoformat()
    others = [one for one in earlier if one != name]
    if others and pick([True, False]):
        campaign["exclude"] = [pick(others)]
        campaign["exclude_optional"] = pick(often(campaign["exclude"], seldom=([],)))
    segment = pick(often(None, seldom=("country = 'AT'", "last_name <> '' or not country = 'DE'", "profile_id in ('p1', 'p2')")))
    if segment:
        campaign["segment"] = segment
    if campaign["channel"] == "email":
        campaign["seeds"] = pick(often([], seldom=(["Seed@office.example.at", "cem@forum.example.at", "x@gmail.com"],)))
    campaign["minimum_audience"] = pick(often(0, 0, seldom=(2,)))
    return campaign


class Events:
    """Draws consent and delivery rows; remembers what it gave, so that some of it can come again."""

    def __init__(self, pick: Pick, settings: Settings) -> None:
        self.pick = pick
        self.settings = settings
        self.given: dict[str, list[Row]] = {"consent": [], "delivery": []}
        self.said: dict[tuple[object, ...], object] = {}

    def of_step(self, as_of: datetime, records: list[Row]) -> tuple[list[Row], list[Row]]:
        """The rows that arrive in one step: some stories, and some that have to do with nothing."""
        pick = self.pick
        consent = [self.consent(as_of) for _ in range(pick(range(5)))]
        delivery = [self.delivery(as_of) for _ in range(pick(range(3)))]
        for _ in range(pick(range(2, 10))):
            for row in self.story(as_of, records):
                (delivery if "type" in row else consent).append(row)
        if not pick(range(3)):
            delivery += self.errors(as_of)
        return self.finished("consent", consent), self.finished("delivery", delivery)

    def story(self, as_of: datetime, records: list[Row]) -> list[Row]:
        """Some events about one holder, in turn or at once."""
        pick = self.pick
        actions = pick(STORIES)
        held = [record["email"] for record in records if record["email"]]
        address = pick(held or EMAILS)
        scope = pick(often(*SCOPES[:4], seldom=tuple(SCOPES)))
        days = sorted((pick([0, 1, 2, 3, 10, 20, 40]) for _ in actions), reverse=True)
        rows = []
        for action, before in zip(actions, days, strict=True):
            day = (as_of - timedelta(days=before)).date().isoformat()
            time = pick([*(8 * ["{}T06:00:00Z"]), "{}", "{}T06:00Z", "{}T07:00:00Z", *CLOCK_CHANGES, NO_TIME[1]]).format(day)
            row = self.delivery(as_of, action) if action in list(DeliveryType) else self.consent(as_of, action)
            if "type" in row:
                rows.append(row | {"channel": "", "address": address, "occurred_at": time})
                continue
            if pick(range(3)):
                row |= {"channel": "", "scope": scope[0], "scope_id": scope[1]}
            if pick(range(3)):
                row |= {"actor": "owner", "via": pick(["form", "form", "form", "preference_link", "landing_page", "reply", "keyword"])}
            if pick(range(4)) and row["channel"] in ("", "email"):
                row = {name: value for name, value in row.items() if name not in ("profile_id", "organisation")} | {"address": address}
            rows.append(row | {"occurred_at": time})
        return rows

    def day(self, as_of: datetime) -> str:
        """A day on which something may have happened: few, so that events tie; some later than the file."""
        pick = self.pick
        before = (as_of - timedelta(days=pick([0, 1, 1, 2, 3, 14, 15, 30, -2]))).date().isoformat()
        fixed = pick(["2026-02-01", "2026-02-02", "2026-03-01", "2026-03-29", "2025-10-26"])
        return str(pick([before, fixed]))

    def time(self, as_of: datetime, *, needed: bool = False) -> str:
        """A written time; not needed: sometimes nothing usable."""
        pick = self.pick
        if not needed and not pick(range(16)):
            return str(pick(NO_TIME))
        return str(pick(TIMES)).format(self.day(as_of))

    def consent(self, as_of: datetime, action: str = "") -> Row:
        """One consent row; where the action is not given, restrictive as often as permissive."""
        pick = self.pick
        restrictive = ["opt_out", "opt_out", "opt_out_request", "opt_out_request", "opt_out_confirm", "pause", "pause"]
        restrictive += ["frequency", "frequency", "goodbye"]
        permissive = ["opt_in", "opt_in", "opt_in", "opt_in_request", "opt_in_confirm", "opt_in_confirm", "resume", "opt_out_cancel"]
        action = action or pick(restrictive if pick([True, False]) else permissive)
        # An owner's own words are the common case; a permissive one by anybody else mostly lifts nothing.
        actor = pick(["", "owner", "owner", "owner", "staff", "staff_four_eyes", "import", "system", "robot"])
        via = pick(["form", "form", "landing_page", "preference_link", "keyword", "reply", "one_click", "manual", "import", ""])
        scope, scope_id = pick(often(*SCOPES, seldom=tuple(ODD_SCOPES)))
        row = {
            "action": action,
            "scope": scope,
            "scope_id": scope_id,
            "actor": actor,
            "via": via,
            "channel": pick(often("", "email", seldom=("sms", "phone", "any", "post", "pigeon"))),
            "occurred_at": self.time(as_of, needed=action == "frequency"),
        }
        row |= pick([{}, {"explanation": "by phone"}, {"legal_basis": "consent", "explanation": "by phone"}])
        if action == "pause":
            days = timedelta(days=pick([-1, 0, 1, 2, 10, 20, 40]))
            until = (as_of + days).isoformat()
            row["until"] = pick(["", until[:10], until, "some day"])
        if action == "frequency":
            row |= {"max_messages": pick(["0", "1", "1", "2", ""]), "per_days": pick(["1", "30", "30"])}
        self.name_whom(row)
        return row

    def name_whom(self, row: Row) -> None:
        """An address, a profile, or both; on `post` only a profile can be named."""
        pick = self.pick
        by = pick(["address", "address", "address", "profile", "both"])
        if row["channel"] == "post":
            by = "profile"
        if by != "profile":
            pool = PHONES if row["channel"] in ("sms", "phone") else EMAILS if row["channel"] == "email" else EMAILS + PHONES[:2]
            row["address"] = pick(often(*pool, seldom=("nobody at all",)))
        if by != "address":
            row["profile_id"] = pick(often(*PROFILES[:6], seldom=("q1", "nobody")))
            row["organisation"] = pick(often("o1", seldom=("", "o2")))

    def delivery(self, as_of: datetime, what: str = "") -> Row:
        """One delivery row."""
        pick = self.pick
        kinds = ["bounce", "bounce", "complaint", "delivered", "sent", "sent", "sent", "auto_reply", "quarantine", "release", "opened"]
        what = what or pick(kinds)
        is_sms = not pick(range(8))
        row = {
            "type": what,
            "channel": pick(["sms", "sms", "phone"]) if is_sms else pick(["", "email"]),
            "address": pick(PHONES[:3] if is_sms else EMAILS),
            "occurred_at": self.time(as_of, needed=what == "sent"),
            "actor": pick(["", "staff", "staff", "staff_four_eyes", "provider"]),
            "explanation": pick(["", "checked", "checked"]),
            "organisation": pick(often("", "o1", seldom=("o2", "o7"))),
            "campaign": pick(often("", "c1", seldom=("c2", "an earlier one"))),
        }
        if what == "bounce":
            row |= {
                "bounce_class": pick(["hard", "hard", "hard", "hard", "soft", "soft", "block", "undetermined", "", "weird"]),
                "status_code": pick(STATUS_CODES),
                "reason": pick(often("", seldom=("mailbox_full", "policy"))),
                "diagnostic": pick(often("", seldom=("smtp; 550 5.1.1 rejected", "452 4.2.2 try later"))),
            }
        return row

    def errors(self, as_of: datetime) -> list[Row]:
        """Errors on several days for one address, and perhaps a delivered between them."""
        pick = self.pick
        address = pick(EMAILS)
        is_full = pick([True, False])
        days = several(pick, [0, 1, 2, 3, 5, 6, 12, 20, 40], 2, 4)
        rows = [
            {
                "type": "bounce",
                "address": address,
                "bounce_class": pick(["soft", "undetermined"]),
                "reason": pick(["mailbox_full", "mailbox_full", "mailbox_full", ""]) if is_full else "",
                "occurred_at": pick(["{}T06:00:00Z", "{}T06:00:00Z", "{}"]).format((as_of - timedelta(days=day)).date()),
            }
            for day in days
        ]
        if not pick(range(3)):
            day = (as_of - timedelta(days=pick(days))).date()
            kind = pick([{"type": "delivered"}, {"type": "release", "actor": "staff", "explanation": "checked"}])
            rows.append({"address": address, "occurred_at": f"{day}T{pick(['05', '06', '07'])}:00:00Z", **kind})
        return rows

    def finished(self, feed: str, rows: list[Row]) -> list[Row]:
        """Give every row an id, and let some rows come again, as they are or with their id on something else."""
        pick = self.pick
        for row in rows:
            row["event_id"] = pick(often(f"{feed}-{len(self.given[feed])}", seldom=("",)))
            if self.given[feed] and not pick(range(20)):
                row["event_id"] = pick(self.given[feed])["event_id"]
            if self.is_said_otherwise(feed, row):
                row["event_id"] = f"{feed}-{len(self.given[feed])}"
            self.given[feed].append(row)
        if self.given[feed] and not pick(range(4)):
            rows = [*rows, dict(pick(self.given[feed]))]
        return rows

    def is_said_otherwise(self, feed: str, row: Row) -> bool:
        """Whether a row is the same event as an earlier one but differs in what an event does not say."""
        place = Place(datetime(2030, 1, 1, tzinfo=UTC), "", 0)
        event: Any = (
            read_consent(row, place, self.settings.feeds["consent"], self.settings)
            if feed == "consent"
            else read_delivery(row, place, self.settings.feeds["delivery"])
        )
        if event is None:
            return False
        return bool(self.said.setdefault((feed, *event.identity()), event) != event)
