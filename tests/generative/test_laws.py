"""The laws of the domain, each a property: what may be done to a world without anybody getting in who should not.

`PRESEND_WORLDS=100 pytest tests/generative/test_laws.py` tries each law on as many crowds as one has time for, new ones each
time; without it on a fixed few. A law is a change of a world and what must hold between before and after. It is tried on
the product and, with more and smaller crowds, on the reference. Each counts how often its premise really held.

A crowd that breaks a law is made smaller and printed as two scenarios, with the reference's answers as `expected`: the one
on which the product differs belongs into `kept/`.
"""

import json
import shutil
from collections.abc import Iterator
from copy import deepcopy
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from pipeline.cli import invoke
from pipeline.reasons import Reason
from pipeline.vocabulary import DeliveryType, Scope
from tests.lib.snapshots import bytes_of, differing, snapshot

from .crowds import FEEDS, FIRST, LAST, SECOND, Row, World, crowd, renamed, rows_of
from .laws import COLONIES, OPTED_OUT, Law, Player, differences, excluded, gone, hold, is_restrictive, last_files, try_on_crowds
from .playing import Product, Reference, Runs, play_step
from .reference.addresses import read_email
from .reference.segments import meets
from .reference.settings import DEFAULT_LIMITS, Settings
from .reference.times import read_time
from .worlds import FLAGS, invent

SPREADING = {*OPTED_OUT, Reason.OPT_OUT_PENDING, Reason.PAUSED}
RESTRICTIVE_TYPES = {DeliveryType.BOUNCE, DeliveryType.COMPLAINT, DeliveryType.QUARANTINE}


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Product:
    return Product(tmp_path_factory.mktemp("laws"))


@pytest.fixture(params=["product", "reference"])
def player(request: pytest.FixtureRequest) -> Player:
    if request.param == "product":
        found: Player = request.getfixturevalue("product")
        return found
    return Reference()


# ---- a restrictive event


def draw_restrictions(dice: Random, world: World) -> list[tuple[str, Row]]:
    """Restrictive rows of other worlds, about the people of each colony."""
    found: list[tuple[str, Row]] = []
    places = {int(row["profile_id"].rpartition("-")[2]) if "-" in row["profile_id"] else 0 for row in rows_of(world, "profiles")}
    for place in sorted(places):
        stranger = renamed(invent(dice.getrandbits(64)), place)
        rows = [("consent", row) for row in rows_of(stranger, "consent") if is_restrictive(row)]
        rows += [("delivery", row) for row in rows_of(stranger, "delivery") if row["type"] in RESTRICTIVE_TYPES]
        found += [(feed, row | {"event_id": f"new {place} {number}"}) for number, (feed, row) in enumerate(rows) if dice.random() < 0.3]
    return found


def with_restrictions(world: World) -> World:
    return last_files(world, **{feed: [row for kind, row in world["change"] if kind == feed] for feed in ("consent", "delivery")})


def set_free(world: World, before: Runs, after: Runs, held: list[str]) -> Iterator[str]:
    for name, run in before.items():
        was, now = excluded(run), excluded(after[name])
        held += [profile for profile in now if set(now[profile]) - set(was.get(profile, {}))]
        for profile, reasons in was.items():
            if lost := gone(reasons, now.get(profile, {})):
                yield f"{name}: {profile} is not {sorted(lost)} any more"
        came_in = {profile for profile, _ in after[name]["audience"]} - {profile for profile, _ in run["audience"]}
        yield from (f"{name}: {profile} came in, and was {sorted(was[profile])}" for profile in came_in if was.get(profile))


def test_a_restrictive_event_removes_no_row_wise_reason_and_brings_in_only_whom_a_choice_left_out(player: Player) -> None:
    hold(Law(draw_restrictions, with_restrictions, set_free), player)


# ---- order, and how events are split into files


def draw_moved(dice: Random, world: World) -> list[tuple[str, Row]]:
    """Rows of the second files that may as well come later: they say when it was, and whom, without a look at their receipt."""
    now = datetime.fromisoformat(world["steps"][SECOND]["as_of"])
    zone = Settings(world).feeds["consent"].zone
    found = []
    for feed in ("consent", "delivery"):
        for row in world["steps"][SECOND][feed]:
            time = read_time(row["occurred_at"], zone)
            is_by_receipt = world["policy"].get("opt_out_reach") == "address" and not row.get("address")
            if time and time.end <= now and not is_by_receipt and dice.random() < 0.5:
                found.append((feed, row))
    return found


def moved(world: World) -> World:
    """The second files in two, from last to first, and some of their rows with the last files only."""
    changed = last_files(world)
    for step in changed["steps"][SECOND:]:
        for feed in ("consent", "delivery"):
            step[feed] = list(reversed(step.get(feed) or []))
    if len(changed["steps"]) <= LAST:
        return changed
    second, last = changed["steps"][SECOND], changed["steps"][LAST]
    half = {name: value for name, value in second.items() if name != "profiles"}
    for feed in ("consent", "delivery"):
        rows = [row for row in second[feed] if (feed, row) not in world["change"]]
        last[feed] = [row for row in second[feed] if (feed, row) in world["change"]] + last[feed]
        second[feed], half[feed] = rows[: len(rows) // 2], rows[len(rows) // 2 :]
    changed["steps"].insert(LAST, half)
    return changed


def anything(world: World, before: Runs, after: Runs, held: list[str]) -> Iterator[str]:
    if world["change"]:
        held += before
    yield from (f"{name}: {line}" for name in before for line in differences(before[name], after[name]))


def test_order_and_splitting_of_event_files_never_matter(player: Player) -> None:
    hold(Law(draw_moved, moved, anything), player)


# ---- the same again


def draw_again(dice: Random, world: World) -> list[tuple[str, Row]]:
    """All that happened comes again, and the CRM's latest word."""
    return [
        (feed, row) for feed in FEEDS for number in (FIRST, SECOND) for row in world["steps"][number][feed] if feed != "profiles" or number
    ]


def again(world: World) -> World:
    return last_files(world, **{feed: [row for kind, row in world["change"] if kind == feed] for feed in FEEDS})


def test_loading_anything_twice_changes_nothing(player: Player) -> None:
    hold(Law(draw_again, again, anything), player)


# ---- a snapshot's silence


def draw_silent(dice: Random, world: World) -> list[tuple[Row, str]]:
    """Rows that the last snapshot leaves out, flags that it takes back, and ids that it forgets."""
    rows = world["steps"][LAST]["profiles"]
    return [(row, what) for row in rows if (what := dice.choice(["", "", "row", "flags", "no", "external_id"]))]


def silent(world: World) -> World:
    changed = deepcopy(world)
    if len(changed["steps"]) > LAST:
        said = {json.dumps(row, sort_keys=True): what for row, what in world["change"]}
        kept = []
        for row in changed["steps"][LAST].get("profiles") or []:
            what = said.get(json.dumps(row, sort_keys=True))
            if what == "external_id":
                row = row | {"external_id": ""}
            elif what in ("flags", "no"):
                row = row | {flag: "no" if what == "no" else "" for flag in FLAGS if flag in row}
            if what != "row":
                kept.append(row)
        changed["steps"][LAST]["profiles"] = kept
    return changed


def heard(world: World, before: Runs, after: Runs, held: list[str]) -> Iterator[str]:
    """Whoever is left has the same reasons, on the same evidence; a choice among survivors may come out otherwise."""
    left = {row["profile_id"] for row in last_crm(silent(world)) if row["organisation"] == "o1"}
    silenced = {row["profile_id"] for row, _ in world["change"]}
    for name, run in before.items():
        was, now = excluded(run), excluded(after[name])
        # A flag's event is called like its profile.
        held += [profile for profile in left for event, _ in was.get(profile, {}).values() if event in silenced]
        for profile in sorted(left):
            if was.get(profile, {}) != now.get(profile, {}):
                yield f"{name}: {profile} was {was.get(profile)} and became {now.get(profile)}"


def last_crm(world: World) -> list[Row]:
    """The newest snapshot."""
    files: list[list[Row]] = [step["profiles"] for step in world["steps"] if step.get("profiles")]
    return files[-1] if files else []


def test_a_snapshots_silence_changes_nothing(player: Player) -> None:
    hold(Law(draw_silent, silent, heard), player)


# ---- a wider opt-in


WIDE = [("group", ""), ("organisation", "o1"), ("brand", "b1")]


def draw_wide(dice: Random, world: World) -> list[Row]:
    """The strongest word that an owner has, just now, for every address of the organisation, at a scope that is wider than a list."""
    scopes: dict[str | None, tuple[str, str]] = {}
    rows = []
    for number, row in enumerate(one for one in last_crm(world) if one["organisation"] == "o1"):
        address = read_email(row["email"])
        scope, scope_id = scopes.setdefault(address, dice.choice(WIDE))
        action, via = dice.choice([("opt_in", "preference_link"), ("opt_in_confirm", "form")])
        if address:
            rows.append({
                "event_id": f"wide {number}", "occurred_at": world["steps"][LAST]["as_of"], "action": action, "channel": "", "via": via,
                "actor": "owner", "scope": scope, "scope_id": scope_id, "address": row["email"], "profile_id": row["profile_id"],
                "organisation": "o1",
            })  # fmt: skip
    return rows


def with_wide(world: World) -> World:
    return last_files(world, consent=world["change"])


def narrower_lifted(world: World, before: Runs, after: Runs, held: list[str]) -> Iterator[str]:
    """Opt-outs at a narrower scope stand on the same evidence, and so do requests and pauses whose evidence is at one."""
    depth = {row["profile_id"]: [scope for scope, _ in WIDE].index(row["scope"]) for row in world["change"]}
    scopes = [str(scope) for scope in (Scope.GROUP, Scope.ORGANISATION, Scope.BRAND, Scope.LIST)]
    said: dict[str, set[str]] = {}
    for row in rows_of(world, "consent"):
        said.setdefault(row["event_id"], set()).add(row["scope"])
    for name, run in before.items():
        was, now = excluded(run), excluded(after[name])
        for profile in sorted(set(was) & set(depth)):
            narrow = set(OPTED_OUT[depth[profile] + 1 :])
            for reason in (Reason.OPT_OUT_PENDING, Reason.PAUSED):
                event, _ = was[profile].get(reason, ["", ""])
                if event and said.get(event, set(scopes)) <= set(scopes[depth[profile] + 1 :]):
                    narrow.add(reason)
            for reason in sorted(narrow & set(was[profile])):
                held.append(profile)
                if now.get(profile, {}).get(reason) != was[profile][reason]:
                    yield f"{name}: {profile} was {reason} on {was[profile][reason]} and became {now.get(profile)}"


def test_a_wider_opt_in_lifts_nothing_narrower(player: Player) -> None:
    hold(Law(draw_wide, with_wide, narrower_lifted), player)


# ---- merging


def draw_pairs(dice: Random, world: World) -> list[tuple[str, str, str]]:
    """Two profiles of the organisation at a time, and the external id that makes them one person; no key of theirs is lost."""
    rows = [row for row in last_crm(world) if row["organisation"] == "o1"]
    dice.shuffle(rows)
    found = []
    for number, (one, other) in enumerate(zip(rows[::2], rows[1::2], strict=False)):
        if not (one["external_id"] and other["external_id"]):
            found.append((one["profile_id"], other["profile_id"], one["external_id"] or other["external_id"] or f"merged {number}"))
    return found


def merged(world: World) -> World:
    changed = deepcopy(world)
    shared = {profile: external for *pair, external in world["change"] for profile in pair}
    for row in last_crm(changed):
        external = shared.get(row["profile_id"], "")
        if row["organisation"] == "o1" and row["external_id"] == "":
            row["external_id"] = external
    return changed


def divided(world: World, before: Runs, after: Runs, held: list[str]) -> Iterator[str]:
    """Everybody keeps what they had, a missing consent too, and gets the other's restrictions unless they themselves said otherwise."""
    allowed = permitted(world)
    is_key = "external_id" in world.get("identity", {}).get("keys", DEFAULT_LIMITS)
    is_by_person = is_key and world["policy"].get("opt_out_reach", "person") == "person"
    for name, run in before.items():
        was, now = excluded(run), excluded(after[name])
        address = {profile: one["address"] for profile, one in run["excluded"].items()} | dict(run["audience"])
        for profile, reasons in was.items():
            if lost := gone(reasons, now.get(profile, {})):
                yield f"{name}: {profile} is not {sorted(lost)} any more"
            if not is_by_person and by_themselves(reasons) != by_themselves(now.get(profile, {})):
                yield f"{name}: {profile} was {reasons} and became {now.get(profile)}, although nothing reaches a person"
        if not is_by_person:
            held += [profile for one, other, _ in world["change"] for profile in (one, other) if SPREADING & set(was.get(profile, {}))]
            continue
        for one, other in [pair for a, b, _ in world["change"] for pair in ((a, b), (b, a))]:
            # A number may be shared by strangers, who are restricted by it and not as persons.
            if "@" not in address.get(one, "") or "@" not in address.get(other, "") or address[other] in allowed:
                continue
            theirs = {reason: why for reason, why in was.get(one, {}).items() if reason in SPREADING}
            held += [other for reason in theirs if reason not in was.get(other, {})]
            if lost := gone(theirs, now.get(other, {})):
                yield f"{name}: {other} is one with {one} and not {sorted(lost)}"


def by_themselves(reasons: dict[Reason, list[str]]) -> dict[Reason, list[str]]:
    """The reasons but for the one that always looks at persons."""
    return {reason: why for reason, why in reasons.items() if reason != Reason.EXCLUDED_AUDIENCE}


def permitted(world: World) -> set[str]:
    """The addresses that something permissive names, itself or by a profile that has held it."""
    held: dict[str, set[str]] = {}
    for row in rows_of(world, "profiles"):
        held.setdefault(row["profile_id"], set()).add(read_email(row["email"]) or "")
    rows = [row for row in rows_of(world, "consent") if not is_restrictive(row)]
    named = {read_email(row["address"]) or "" for row in rows if row.get("address")}
    return named.union(*(held.get(row.get("profile_id", ""), set()) for row in rows))


def test_merging_gives_the_union_of_restrictions_and_nobody_a_consent(player: Player) -> None:
    hold(Law(draw_pairs, merged, divided), player)


# ---- the two sides of the account


def unaccounted(world: World, before: Runs, after: Runs, held: list[str]) -> Iterator[str]:
    """Candidates by the CRM's own rows; each in exactly one place."""
    campaigns = {step["campaign_id"]: step["campaign"] for step in world["steps"]}
    for name, run in after.items():
        segment = campaigns[name].get("segment")
        candidates = {row["profile_id"] for row in last_crm(world) if row["organisation"] == "o1" and meets(segment, row)}
        audience = [profile for profile, _ in run["audience"]]
        held += audience[:1] if run["excluded"] else []
        if sorted([*audience, *run["excluded"]]) != sorted(candidates):
            yield f"{name}: of {len(candidates)} candidates {len(audience)} are in and {len(run['excluded'])} are not"
        told = {"candidates": len(candidates), "audience": len(audience), "excluded": len(run["excluded"]), "seeds": len(run["seeds"])}
        if run["counts"] != told:
            yield f"{name}: {run['counts']} instead of {told}"


def test_every_candidate_is_either_in_the_audience_or_excluded(player: Player) -> None:
    hold(Law(lambda dice, world: [], deepcopy, unaccounted), player)


# ---- repetition


def test_the_same_inputs_give_the_same_bytes(product: Product, tmp_path: Path) -> None:
    @try_on_crowds(product, fewest=1)
    def look(number: int) -> None:
        world = crowd(number, COLONIES)
        other = Product(tmp_path / str(number))
        assert differing(snapshot(product.workspace(world)), snapshot(other.workspace(world))) == []


def test_a_past_run_can_be_repeated_after_a_thousand_later_events(product: Product, tmp_path: Path) -> None:
    @try_on_crowds(product, fewest=1)
    def look(number: int) -> None:
        world = crowd(number, COLONIES)
        then = world["steps"][LAST]["as_of"]
        folder = tmp_path / str(number)
        shutil.copytree(product.workspace(world), folder)
        published = bytes_of(folder, "outbox")
        last = len(world["steps"])
        world["steps"].append(much_later(Random(number), world))
        shutil.rmtree(folder / "warehouse")
        play_step(world, last, folder)
        assert {name: text for name, text in bytes_of(folder, "outbox").items() if "/later/" not in name} == published

        run = next(path.parent for path in folder.glob("outbox/o1/c2/*/manifest.json"))
        code, answer = invoke(["--workspace", str(folder), "verify", str(run), "--json"])
        assert (code, json.loads(answer).get("unchecked")) == (0, []), answer
        assert "audience and exclusions are the very ones that the same inputs give" in json.loads(answer)["checked"]

        repeated = as_known_at(then, folder, tmp_path / f"{number} again")
        for name in ("c2", "c3"):
            assert invoke(["--workspace", str(repeated), "publish", name, "--as-of", then, "--json"])[0] == 0
        assert differing(published, bytes_of(repeated, "outbox")) == []


def much_later(dice: Random, world: World) -> dict[str, Any]:
    """A thousand events about the same people, of all times, and a CRM in which half of them are gone or have moved."""
    files: dict[str, list[Row]] = {"consent": [], "delivery": []}
    while sum(map(len, files.values())) < 1000:
        stranger = renamed(invent(dice.getrandbits(64)), dice.randrange(1, COLONIES))
        for feed, rows in files.items():
            rows += [row | {"event_id": f"later {len(rows) + number}"} for number, row in enumerate(rows_of(stranger, feed))]
    crm = [
        row | dice.choice([{}, {"email": f"moved-{row['profile_id']}@post.example.at"}]) for row in last_crm(world) if dice.random() < 0.5
    ]
    as_of = datetime.fromisoformat(world["steps"][LAST]["as_of"]) + timedelta(days=2)
    campaign = {"brand": "b1", "channel": "email", "message_class": "one_to_one", "sent_by": "Anna Huber", "one_to_one_maximum": 1000}
    return {"as_of": as_of.isoformat(), "profiles": crm, **files, "campaign_id": "later", "campaign": campaign}


def as_known_at(moment: str, folder: Path, restored: Path) -> Path:
    """The workspace with the loads that had been received by then, and the runs that had been published before."""
    for name in ("presend.yaml", "feeds", "campaigns"):
        copy = shutil.copytree if (folder / name).is_dir() else shutil.copy
        restored.mkdir(exist_ok=True)
        copy(folder / name, restored / name)
    (restored / "campaigns" / "later.yaml").unlink()
    for load in folder.glob("ledger/*/*/load.json"):
        if datetime.fromisoformat(json.loads(load.read_text(encoding="utf-8"))["received_at"]) <= datetime.fromisoformat(moment):
            shutil.copytree(load.parent, restored / load.parent.relative_to(folder))
    lines = (folder / "ledger" / "chain.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    known = [line for line in lines if datetime.fromisoformat(json.loads(line)["received_at"]) <= datetime.fromisoformat(moment)]
    (restored / "ledger" / "chain.jsonl").write_text("".join(known), encoding="utf-8")
    shutil.copytree(folder / "outbox" / "o1" / "c1", restored / "outbox" / "o1" / "c1")
    return restored
