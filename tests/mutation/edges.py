"""Small worlds at the edges of the rules, which invented ones seldom reach: the reference judges them like all others."""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

from tests.generative.worlds import registered

Row = dict[str, str]
World = dict[str, Any]

NOW = datetime(2026, 3, 30, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
NOBODY = {"segment": "profile_id in ('nobody')"}


def edges() -> list[World]:
    """Every world of this module."""
    return [
        wishes(),
        numbers(),
        planned_at_the_moment(),
        requests(),
        choices(),
        forms_and_errors(may_free=True),
        forms_and_errors(may_free=False),
        other_spellings(),
        ways(),
        registers("plain"),
        registers("sha256"),
        contact_before_the_run(),
        no_message_for_anybody(),
        first_address(),
        elsewhere(),
        consents(),
        twice_named(),
    ]


def at(moment: datetime) -> str:
    return moment.isoformat()


def mail(who: str) -> str:
    return f"{who}@forum.example.at"


def profiles(*who: str, **cells: str) -> list[Row]:
    return [{"profile_id": one, "email": mail(one), **cells} for one in who]


def wishes() -> World:
    """Wishes of every scope meet messages of every place; messages at the borders of a wish's days; a wish behind an ended pause."""
    contact = NOW + 2 * HOUR
    places = {
        "other": {"organisation": "o2", "brand": "b9", "list": "l9"},
        "brand": {"brand": "b2", "list": "l3"},
        "list": {"list": "l2"},
        "none": {},
        "same": {"list": "l1"},
    }
    scopes = [("group", ""), ("organisation", "o1"), ("brand", "b1"), ("list", "l1")]
    pairs = list(product([scope for scope, _ in scopes], [*places, "nowhere", "ours", "theirs"]))
    hours = {"early": 24.5, "first": 24, "inside": 23.5}
    ids = dict(scopes)

    def wish(who: str, scope: str, **more: str) -> Row:
        return {
            "action": "frequency", "scope": scope, "scope_id": ids[scope], "actor": "owner", "address": mail(who),
            "occurred_at": "2026-02-01T08:00:00Z", "max_messages": "1", "per_days": "7", **more,
        }  # fmt: skip

    def sent(who: str, when: datetime, **more: str) -> Row:
        return {"type": "sent", "address": mail(who), "occurred_at": at(when), **more}

    where = {name: {"campaign": f"c-{name}"} for name in places}
    where |= {"nowhere": {}, "ours": {"organisation": "o1"}, "theirs": {"organisation": "o2"}}
    people = [f"{scope}-{place}" for scope, place in pairs]
    events = [sent(f"{scope}-{place}", NOW - 24 * HOUR, **where[place]) for scope, place in pairs]
    told = [wish(f"{scope}-{place}", scope) for scope, place in pairs]
    told += [wish(who, "organisation", per_days="1") for who in hours]
    events += [sent(who, contact - before * HOUR, organisation="o1") for who, before in hours.items()]
    told += [wish("paused", "organisation")]
    told += [{
        "action": "pause", "scope": "organisation", "scope_id": "o1", "actor": "owner", "address": mail("paused"),
        "occurred_at": "2026-03-01T08:00:00Z", "until": "2026-03-10",
    }]  # fmt: skip
    # The day is the later of the two: it ends later. A wish without a limit, of that day, ends the other.
    day, midnight = "2026-02-01", "2026-02-01 00:00:00"
    told += [wish("tie", "organisation", occurred_at=midnight), wish("tie", "brand", occurred_at=day)]
    told += [wish("eased", "organisation", occurred_at=midnight), wish("eased", "organisation", occurred_at=day, max_messages="")]
    events += [sent(who, NOW - 24 * HOUR, organisation="o1") for who in ("paused", "tie", "eased")]
    steps: list[World] = [
        {"as_of": at(NOW - 2 * HOUR), "campaign_id": f"c-{name}", "campaign": {**place, **NOBODY}} for name, place in places.items()
    ]
    steps[0] |= {"profiles": profiles(*people, *hours, "paused", "tie", "eased"), "consent": told, "delivery": events}
    steps.append({"as_of": at(NOW), "campaign_id": "c1", "campaign": {"list": "l1", "contact_at": at(contact)}})
    pressure = {"max_messages": 1, "per_days": 1}
    last = {"as_of": at(NOW), "campaign_id": "c2", "campaign": {"list": "l1", "contact_at": at(contact), "one_message_per": "address"}}
    return {"name": "wishes of every scope and messages of every place", "policy": {"pressure": pressure}, "steps": [*steps, last]}


def numbers() -> World:
    """Text messages count for the number, in whatever spelling; those on another channel do not."""
    who = {"national": "0664 1234567", "plus": "+436641234568", "mailed": "+436641234569"}
    rows = [{"profile_id": one, "email": mail(one), "phone": number} for one, number in who.items()]
    consent = [
        {"action": "frequency", "scope": "organisation", "scope_id": "o1", "profile_id": one, "organisation": "o1", "actor": "owner",
         "occurred_at": "2026-02-01T08:00:00Z", "max_messages": "1", "per_days": "7"}
        for one in who
    ]  # fmt: skip
    day = at(NOW - 24 * HOUR)
    delivery = [
        {"type": "sent", "channel": "sms", "address": "+436641234567", "occurred_at": day},
        {"type": "sent", "channel": "sms", "address": "0664 1234568", "occurred_at": day},
        {"type": "sent", "channel": "email", "address": mail("mailed"), "occurred_at": day},
    ]
    step = {"as_of": at(NOW), "campaign": {"channel": "sms"}, "profiles": rows, "consent": consent, "delivery": delivery}
    return {"name": "text messages count for the number", "steps": [step]}


def planned_at_the_moment() -> World:
    """Another campaign's audience counts from the first moment of the days before the contact to the last of the days behind it."""
    contact = NOW + timedelta(days=8)

    def campaign(name: str, when: datetime, who: str) -> World:
        settings = {"contact_at": at(when), "segment": f"profile_id in ('{who}')"}
        return {"as_of": at(NOW), "campaign_id": name, "campaign": settings}

    wish = {
        "action": "frequency", "scope": "organisation", "scope_id": "o1", "actor": "owner",
        "occurred_at": "2026-02-01T08:00:00Z", "max_messages": "1", "per_days": "7",
    }  # fmt: skip
    week, second = timedelta(days=7), timedelta(seconds=1)
    borders = {"same": contact, "first": contact - week, "before": contact - week - second}
    borders |= {"last": contact + week, "behind": contact + week + second}
    people = [*borders, *(f"wish-{one}" for one in borders)]
    steps = [campaign(f"a-{one}", when, f"{one}', 'wish-{one}") for one, when in borders.items()]
    steps[0] |= {"profiles": profiles(*people), "consent": [{**wish, "address": mail(f"wish-{one}")} for one in borders]}
    steps += [{"as_of": at(NOW), "campaign_id": "c1", "campaign": {"contact_at": at(contact), "segment": segment}}
              for segment in ("profile_id like 'wish-%'", "profile_id not in ('nobody')")]  # fmt: skip
    steps[-1]["campaign_id"] = "c2"
    return {
        "name": "planned messages at the borders of the days",
        "policy": {"pressure": {"max_messages": 1, "per_days": 7}},
        "steps": steps,
    }


def requests() -> World:
    """A confirmation ends the request of its very scope, from its very moment on; the last moment of the days in which it is held."""
    scopes = {"group": "", "organisation": "o1", "brand": "o1", "list": "o1"}
    moments = {"before": -1, "with": 0, "after": 1}
    consent: list[Row] = []
    people = []
    for one, other, (name, days) in product(scopes, scopes, moments.items()):
        who = f"{one}-{other}-{name}"
        people.append(who)
        common = {"actor": "owner", "address": mail(who)}
        day = NOW - timedelta(days=5)
        consent += [
            {"action": "opt_out_request", "scope": one, "scope_id": scopes[one], "occurred_at": at(day), **common},
            {
                "action": "opt_out_confirm",
                "scope": other,
                "scope_id": scopes[other],
                "occurred_at": at(day + timedelta(days=days)),
                **common,
            },
        ]
    for who, moment in {"last": timedelta(days=14), "past": timedelta(days=14, seconds=1), "held": timedelta(days=14, seconds=-1)}.items():
        people.append(who)
        consent.append({"action": "opt_out_request", "actor": "owner", "address": mail(who), "scope": "organisation", "scope_id": "o1",
                        "occurred_at": at(NOW + HOUR - moment)})  # fmt: skip
    for who, until in {"over": NOW + HOUR - timedelta(seconds=1), "at": NOW + HOUR, "later": NOW + 2 * HOUR}.items():
        people.append(who)
        consent.append({"action": "pause", "actor": "owner", "address": mail(who), "scope": "organisation", "scope_id": "o1",
                        "occurred_at": "2026-03-01T08:00:00Z", "until": at(until)})  # fmt: skip
    for who, seconds in {"lapsed": 0, "nearly": 1}.items():
        people.append(who)
        moment = NOW - timedelta(days=14, seconds=-seconds)
        consent.append({"action": "opt_out_request", "actor": "owner", "address": mail(who), "scope": "organisation", "scope_id": "o1",
                        "occurred_at": at(moment)})  # fmt: skip
    campaign = {"brand": "o1", "list": "o1"}
    step = {"as_of": at(NOW), "campaign": campaign, "profiles": profiles(*people), "consent": consent}
    organisations = {"o1": {"brands": {"o1": {"lists": ["o1"]}}}}
    return {"name": "requests and their confirmations at every scope", "organisations": organisations, "steps": [step]}


def choices() -> World:
    """Who of several gets the message, where consents hang on profiles: the latest consent, the latest update, the smallest id."""
    rows = []
    consent = []
    kinds = [("address", ""), ("person", "x")]
    for kind, external in kinds:
        for case, (first, second) in {
            "consent": (("2026-03-01", "2026-01-01"), ("2026-02-01", "2026-02-01")),
            "update": (("2026-03-01", "2026-01-01"), ("2026-03-01", "2026-02-01")),
            "known": (("", "2026-02-01"), ("2026-03-01", "2026-01-01")),
            "id": (("2026-03-01", "2026-01-01"), ("2026-03-01", "2026-01-01")),
        }.items():
            for name, (consented, updated) in {"a": first, "b": second}.items():
                who = f"{kind}-{case}-{name}"
                shared = {"external_id": f"{external}{case}"} if external else {}
                rows.append({"profile_id": who, "email": mail(who if external else f"{kind}-{case}"), "updated_at": updated, **shared})
                if consented:
                    consent.append({"action": "opt_in", "actor": "owner", "via": "form", "profile_id": who, "organisation": "o1",
                                    "scope": "organisation", "scope_id": "o1", "occurred_at": f"{consented}T08:00:00Z"})  # fmt: skip
    steps = [
        {
            "as_of": at(NOW),
            "campaign_id": f"c-{per}",
            "campaign": {"one_message_per": per},
            **({"profiles": rows, "consent": consent} if first else {}),
        }
        for per, first in (("address", True), ("person", False))
    ]
    return {
        "name": "who of several gets the message",
        "policy": {"opt_out_reach": "profile"},
        "identity": {"keys": ["external_id"]},
        "steps": steps,
    }


def forms_and_errors(*, may_free: bool) -> World:
    """A form later than the latest error's moment, earlier than the end of another's day; forms that may not free."""
    day = (NOW - timedelta(days=5)).date()
    bounce = {"type": "bounce", "bounce_class": "soft"}
    form = {"action": "opt_in_confirm", "actor": "owner", "via": "form", "scope": "organisation", "scope_id": "o1"}
    request = {**form, "action": "opt_in_request"}
    hard = {"type": "bounce", "bounce_class": "hard", "occurred_at": f"{day}T08:00:00Z"}
    delivery = [
        {**bounce, "address": mail("soft"), "occurred_at": str(day - timedelta(days=1))},
        {**bounce, "address": mail("soft"), "occurred_at": str(day)},
        {**bounce, "address": mail("soft"), "occurred_at": f"{day}T06:00:00Z"},
        {**hard, "address": mail("hard")},
        {**hard, "address": mail("complaint"), "type": "complaint"},
        {**hard, "address": mail("staff"), "type": "quarantine", "actor": "staff"},
        {**hard, "address": mail("both")},
        {**bounce, "address": mail("both"), "occurred_at": str(day - timedelta(days=1))},
        {**bounce, "address": mail("both"), "occurred_at": f"{day}T09:00:00Z"},
    ]
    consent = [
        {**kind, "address": mail(who), "occurred_at": f"{day}T{hour}:00:00Z"}
        for who, hours in {"soft": (7, 8), "hard": (9, 10), "complaint": (9, 10), "staff": (9, 10), "both": (8, 9)}.items()
        for kind, hour in zip((request, form), (f"{one:02}" for one in hours), strict=True)
    ]
    quarantine = {"soft_threshold": 2, "release_on_confirmed_opt_in": may_free}
    later = {
        "later": [(bounce, "{0}T08:00:00Z", 2), (bounce, "{0}T08:00:00Z", 1), (hard, "{0}T12:00:00Z", 0)],
    }
    delivery += [{**kind, "address": mail(who), "occurred_at": text.format(day - timedelta(days=days))}
                 for who, rows in later.items() for kind, text, days in rows]  # fmt: skip
    consent += [{**kind, "address": mail("later"), "occurred_at": f"{day}T{hour}:00:00Z"} for kind, hour in ((request, "09"), (form, "10"))]
    # What staff entered is not freed by a form that staff asked for.
    kinds = {
        "asked-staff": {**hard, "type": "quarantine", "actor": "staff"},
        "asked-owner": {**hard, "type": "quarantine", "actor": "owner"},
        "asked-nobody": {**hard, "type": "quarantine"},
        "asked-hard": hard,
        "asked-soft": {**bounce, "occurred_at": f"{day}T08:00:00Z"},
    }
    delivery.append({**bounce, "address": mail("asked-soft"), "occurred_at": f"{day - timedelta(days=1)}T08:00:00Z"})
    for who, kind in kinds.items():
        delivery.append({**kind, "address": mail(who)})
        consent += [
            {**request, "actor": "staff", "address": mail(who), "occurred_at": f"{day}T09:00:00Z"},
            {**form, "address": mail(who), "occurred_at": f"{day}T10:00:00Z"},
        ]
    people = profiles("soft", "hard", "complaint", "staff", "both", "later", *kinds)
    first = {"as_of": at(NOW), "campaign": {"list": "l1"}, "profiles": people, "consent": consent, "delivery": delivery}
    return {"name": f"forms between errors, which {'free' if may_free else 'do not free'}", "quarantine": quarantine, "steps": [first]}


def other_spellings() -> World:
    """Where a mailbox makes nobody one person, an opt-out still reaches its every spelling, and whoever holds one."""
    rows = [
        {"profile_id": "named", "email": "ada@forum.example.at", "phone": "+436641234561"},
        {"profile_id": "tagged", "email": "ada+news@forum.example.at", "phone": "+436641234562"},
        {"profile_id": "by-id", "email": "bo@forum.example.at", "phone": "+436641234563"},
        {"profile_id": "by-id-tagged", "email": "bo+news@forum.example.at", "phone": "+436641234564"},
        {"profile_id": "free", "email": "cem@forum.example.at", "phone": "+436641234565"},
        {"profile_id": "same-number", "email": "dora@forum.example.at", "phone": "+436641234561", "last_name": "Moser"},
    ]
    out = {
        "action": "opt_out",
        "actor": "owner",
        "scope": "organisation",
        "scope_id": "o1",
        "occurred_at": "2026-03-01T08:00:00Z",
        "channel": "any",
    }
    consent = [{**out, "address": "ada@forum.example.at"}, {**out, "profile_id": "by-id", "organisation": "o1"}]
    steps = [
        {"as_of": at(NOW), "campaign_id": "c1", "campaign": {}, "profiles": rows, "consent": consent},
        {"as_of": at(NOW), "campaign_id": "c2", "campaign": {"channel": "sms"}},
        {"as_of": at(NOW), "campaign_id": "c3", "campaign": {"one_message_per": "address"}},
    ]
    return {"name": "spellings of a mailbox that is no key", "identity": {"keys": ["external_id", "mobile_name"]}, "steps": steps}


def ways() -> World:
    """One restriction that reaches in two ways at once; a spelling of the mailbox where profiles are meant."""
    wish = {"action": "frequency", "actor": "owner", "scope": "organisation", "scope_id": "o1", "occurred_at": "2026-02-01T08:00:00Z"}
    named = {"address": mail("twice"), "profile_id": "twice", "organisation": "o1"}
    out = {"action": "opt_out", "actor": "owner", "scope": "organisation", "scope_id": "o1", "occurred_at": "2026-03-01T08:00:00Z"}
    link = {"action": "opt_in", "actor": "owner", "via": "preference_link", "scope": "organisation", "scope_id": "o1"}
    consent = [
        {**wish, **named, "max_messages": "2", "per_days": "7"},
        {**out, "address": "tag+x@forum.example.at", "profile_id": "tag", "organisation": "o1"},
        {**out, "action": "opt_out_request", "address": mail("linked"), "occurred_at": at(NOW - timedelta(days=3))},
        {**link, "address": mail("linked"), "occurred_at": at(NOW - timedelta(days=2))},
    ]
    delivery = [{"type": "sent", "address": mail("twice"), "occurred_at": at(NOW - 24 * HOUR), "organisation": "o1"}]
    organisations = {
        reach: {"brands": {f"b-{reach}": {"lists": []}}, "policy": {"opt_out_reach": reach}} for reach in ("address", "profile", "person")
    }
    rows: list[Row] = []
    told: list[Row] = []
    for reach in organisations:
        rows += [{**row, "organisation": reach} for row in profiles("twice", "tag", "linked")]
        told += [
            {**row, "scope_id": reach, **({"organisation": reach} if "organisation" in row else {})} for row in consent
        ]  # fmt: skip
    steps = [
        {"as_of": at(NOW), "campaign_id": f"c-{reach}", "campaign": {"organisation": reach, "brand": f"b-{reach}"}}
        for reach in organisations
    ]
    steps[0] |= {"profiles": rows, "consent": told, "delivery": delivery}
    return {"name": "one restriction in two ways", "organisations": organisations, "steps": steps}


def registers(algorithm: str) -> World:
    """Two registers of one channel, each in force for its own country; one may keep the case of what it hashes."""
    rows = [{"profile_id": f"{who}-{country}", "email": mail(f"{who}-{country}"), "country": country}
            for who in ("first", "second", "both") for country in ("AT", "DE")]  # fmt: skip
    entries = {
        "ecg": [row["email"] for row in rows if not row["profile_id"].startswith("second")],
        "robinson": [row["email"] for row in rows if not row["profile_id"].startswith("first")],
    }
    countries = {"ecg": ["AT"], "robinson": ["DE"]}
    told = {
        name: {
            "channel": "email",
            "countries": countries[name],
            "use": "always",
            "algorithm": algorithm,
            "entries": [registered(one, algorithm) for one in listed],
        }
        for name, listed in entries.items()
    }
    return {
        "name": f"registers of two countries, {algorithm}",
        "registers": told,
        "steps": [{"as_of": at(NOW), "campaign": {}, "profiles": rows}],
    }


def contact_before_the_run() -> World:
    """A moment of contact that has passed when the audience is made: what happened after it does not count for it."""
    contact = NOW - HOUR
    pause = {"action": "pause", "actor": "owner", "scope": "organisation", "scope_id": "o1"}
    wish = {"action": "frequency", "actor": "owner", "scope": "organisation", "scope_id": "o1", "max_messages": "1", "per_days": "7"}
    moments = {"before": contact - HOUR / 2, "at": contact, "after": contact + HOUR / 2}
    consent = [{**pause, "address": mail(f"paused-{name}"), "occurred_at": at(moment)} for name, moment in moments.items()]
    consent += [{**wish, "address": mail(f"sent-{name}"), "occurred_at": "2026-02-01T08:00:00Z"} for name in moments]
    delivery = [{"type": "sent", "address": mail(f"{kind}-{name}"), "occurred_at": at(moment), "organisation": "o1"}
                for kind in ("sent", "pressed") for name, moment in moments.items()]  # fmt: skip
    people = profiles(*(f"{kind}-{name}" for kind in ("paused", "sent", "pressed") for name in moments))
    step = {"as_of": at(NOW), "profiles": people, "consent": consent, "delivery": delivery}
    campaign = {"contact_at": at(contact), "delivery_analysis_at": at(NOW + HOUR / 2), "publish_before": "2h"}
    policy = {"pressure": {"max_messages": 1, "per_days": 7}}
    return {"name": "contact before the run", "policy": policy, "steps": [{**step, "campaign": campaign}]}


def no_message_for_anybody() -> World:
    """A limit of none holds for whoever never got a message, too."""
    step = {"as_of": at(NOW), "campaign": {}, "profiles": profiles("ada", "bo")}
    return {"name": "a limit of none", "policy": {"pressure": {"max_messages": 0, "per_days": 7}}, "steps": [step]}


def first_address() -> World:
    """With reach `address`, a profile without an address of the channel is out with the first that becomes known, each for itself."""
    out = {"action": "opt_out", "actor": "owner", "scope": "group", "occurred_at": "2026-03-01T08:00:00Z"}
    numbered = {"profile_id": "numbered", "phone": "+436641234561"}
    late = {"profile_id": "late", "organisation": "o2", "email": mail("late-o2")}
    now = [{**numbered, "email": mail("numbered")}, late]
    then = [*now, {"profile_id": "late", "email": mail("late-o1")}, {"profile_id": "known", "email": mail("known-then")}]
    last = [*then[:2], {"profile_id": "late", "email": mail("late-again")}, {"profile_id": "known", "email": mail("known-now")}]
    consent = [{**out, "profile_id": "numbered", "organisation": "o1"}, {**out, "profile_id": "late"}]
    steps = [
        {"as_of": at(NOW), "campaign_id": "c1", "campaign": {}, "profiles": [numbered], "consent": consent},
        {"as_of": at(NOW + HOUR), "campaign_id": "c2", "campaign": {}, "profiles": now},
        {"as_of": at(NOW + 2 * HOUR), "campaign_id": "c3", "campaign": {}, "profiles": then},
        {"as_of": at(NOW + 3 * HOUR), "campaign_id": "c4", "campaign": {}, "profiles": last,
         "consent": [{**out, "profile_id": "known", "organisation": "o1", "occurred_at": at(NOW + 3 * HOUR)}]},
    ]  # fmt: skip
    return {"name": "the first address that becomes known", "policy": {"opt_out_reach": "address"}, "steps": steps}


def elsewhere() -> World:
    """Forms that open the whole organisation, and what ends them: opt-outs at their own place, in whatever words, and at no other."""
    organisations = {"o1": {"brands": {"b1": {"lists": ["l1", "l2"]}, "l1": {"lists": ["l3", "b1"]}}}}
    consent: list[Row] = []
    people = []
    forms = {"l1": ("list", "l1"), "l2": ("list", "l2"), "l3": ("list", "l3"), "brand": ("brand", "l1"), "ours": ("brand", "b1")}
    outs = {"l1": ("list", "l1"), "l2": ("list", "l2"), "l3": ("list", "l3"), "brand": ("brand", "l1"), "b1": ("list", "b1"),
            "organisation": ("organisation", "o1")}  # fmt: skip
    kinds = {"opt_out": 1, "opt_out_confirm": 1, "opt_out_request": 1, "pause": 1, "first": -1}
    for (form, form_scope), (out, out_scope), (kind, days) in product(forms.items(), outs.items(), kinds.items()):
        who = f"{form}-{out}-{kind}".replace("_", "-")
        people.append(who)
        common = {"actor": "owner", "address": mail(who)}
        asked = NOW - timedelta(days=10)
        form_row = {**common, "via": "form", "scope": form_scope[0], "scope_id": form_scope[1]}
        consent += [
            {**form_row, "action": "opt_in_request", "occurred_at": at(asked)},
            {**form_row, "action": "opt_in_confirm", "occurred_at": at(asked + timedelta(days=2))},
            {
                **common,
                "action": "opt_out" if kind == "first" else kind,
                "scope": out_scope[0],
                "scope_id": out_scope[1],
                "occurred_at": at(asked + timedelta(days=days, hours=-1)),
            },
        ]
        if kind != "first":
            consent[-1]["occurred_at"] = at(asked + timedelta(days=4 if len(form) % 2 else 1))
    settings = {"resubscribe_reach": "organisation", "double_opt_in": "optional"}
    steps = [
        {"as_of": at(NOW), "campaign_id": "c1", "campaign": {"list": "l1"}, "profiles": profiles(*people), "consent": consent},
        {"as_of": at(NOW), "campaign_id": "c2", "campaign": {}},
    ]
    return {"name": "forms elsewhere", "organisations": organisations, "policy": {"consent_required": "any", **settings}, "steps": steps}


def consents() -> World:
    """Who may give consent for whom, and the last moment at which it holds."""
    contact = NOW + 2 * HOUR
    common = {"scope": "organisation", "scope_id": "o1", "occurred_at": at(NOW - timedelta(days=3))}
    founded = {"legal_basis": "consent", "explanation": "by phone"}
    consent: list[Row] = []
    people = []
    for action, actor, more in product(("opt_in", "opt_in_confirm"), ("owner", "staff", "staff_four_eyes", "import"), ({}, founded)):
        who = f"{action}-{actor}-{len(more)}".replace("_", "-")
        people.append(who)
        consent.append({**common, **more, "action": action, "actor": actor, "via": "form", "address": mail(who)})
    for who, seconds in {"lapsed": 0, "valid": 1}.items():
        people.append(who)
        moment = at(contact - timedelta(days=30) + timedelta(seconds=seconds))
        consent.append({**common, "action": "opt_in", "actor": "owner", "via": "form", "address": mail(who), "occurred_at": moment})
    policy = {"consent_required": "any", "consent_valid_days": 30, "double_opt_in": "optional"}
    step = {"as_of": at(NOW), "campaign": {"contact_at": at(contact)}, "profiles": profiles(*people), "consent": consent}
    return {"name": "who may consent", "policy": policy, "steps": [step]}


def twice_named() -> World:
    """A wish at a scope whose name another scope bears: it is one wish, and one message counts once."""
    organisations = {"o1": {"brands": {"o1": {"lists": ["o1", "l2"]}}}}
    wish = {"action": "frequency", "actor": "owner", "occurred_at": "2026-02-01T08:00:00Z", "max_messages": "2", "per_days": "7"}
    scopes = ("organisation", "brand", "list")
    consent = [{**wish, "scope": scope, "scope_id": "o1", "address": mail(scope)} for scope in scopes]
    delivery = [{"type": "sent", "address": mail(scope), "occurred_at": at(NOW - 24 * HOUR), "organisation": "o1"} for scope in scopes]
    step = {"as_of": at(NOW), "profiles": profiles(*scopes), "consent": consent, "delivery": delivery}
    return {
        "name": "one name for every scope",
        "organisations": organisations,
        "steps": [{**step, "campaign": {"brand": "o1", "list": "o1"}}],
    }
