"""The demo's workspace, and the empty one of `presend init`."""

import re
import shutil
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from pipeline.demo import names, starting, stories
from pipeline.demo.hubspot import SUBSCRIPTIONS
from pipeline.demo.world import Sender, World
from pipeline.errors import UsageError

_CHECKOUT = Path(__file__).parents[2] / "examples" / "kultur"
_INSTALLED = Path(__file__).parent / "kultur"  # where the wheel puts the same files
CONFIGURATION = _CHECKOUT if _CHECKOUT.is_dir() else _INSTALLED

SENDERS: tuple[tuple[Sender, int], ...] = (
    (Sender("ufer", "galerie", "galerie-newsletter", "forum-news", "email", ""), 42),
    (Sender("buehne", "stadttheater", "theater-newsletter", "tanzhaus-news", "email", "B"), 28),
    (Sender("festival", "klangsommer", "klangsommer-sms", "jazz-news", "sms", "F"), 20),
    (Sender("kade", "kade-theater", "kade-nieuwsbrief", "kade-nieuwsbrief", "email", "K", is_dutch=True), 10),
)
"""The organisations of `examples/kultur/presend.yaml` and their share of the profiles."""

ANALYSIS_AFTER = {
    "theater-absage": timedelta(minutes=90),
    "galerie-winter": timedelta(hours=2),
    "klangsommer-sms": timedelta(hours=3),
}
"""How long after the demo's moment each campaign's delivery analysis is: all windows are open then."""


EXAMPLE_MOMENT = datetime(2026, 11, 25, 6, tzinfo=UTC)
"""The morning that the campaigns of `examples/kultur` are written for."""


def write_workspace(folder: Path, profiles: int = 10_000, seed: int = 7, today: datetime = EXAMPLE_MOMENT) -> None:
    """Write the culture group's configuration and landing files into a new folder, as of the moment `today` (aware).

    The same `profiles`, `seed` and `today` give the same bytes. Raises UsageError when the folder holds something
    already, `today` has no time zone, or `profiles` is not positive.
    """
    if today.tzinfo is None:
        raise UsageError("the demo's moment has no time zone", remedy="Give it as 2026-11-25T07:00:00Z.")
    if profiles < 1:
        raise UsageError("the demo needs at least one profile", remedy="Give --profiles a number above 0.")
    _refuse_used_folder(folder)
    for source in sorted(CONFIGURATION.rglob("*")):
        if source.is_file():
            target = folder / source.relative_to(CONFIGURATION)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(_with_open_window(source.stem, source.read_text(encoding="utf-8"), today), encoding="utf-8")
    world = World(folder / "landing", Random(seed), today)
    try:
        _tell(world, profiles)
    finally:
        world.close()


def write_empty_workspace(folder: Path, sources: Iterable[str] = ()) -> None:
    """Write commented starting files: presend.yaml, one campaign, and per source a feed, its landing folder and a sample.

    Without sources: the canonical profiles, consent and delivery feeds. Raises UsageError when the folder holds
    something already.
    """
    _refuse_used_folder(folder)
    chosen = tuple(dict.fromkeys(sources)) or starting.DEFAULT_SOURCES
    for name, text in starting.files(chosen).items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    for source in chosen:
        (folder / "landing" / starting.feed_id(source)).mkdir(parents=True, exist_ok=True)
        _copy_sample(starting.SAMPLES / source, folder / "samples" / starting.feed_id(source))


def _copy_sample(source: Path, target: Path) -> None:
    """The files alone: their permissions are those of the installed package, which everybody may read."""
    for path in sorted(source.rglob("*")):
        if path.is_file():
            copy = target / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)


def free_folder(folder: Path) -> Path:
    """The folder itself when nothing is in it, else the first of `folder-2`, `folder-3` … where nothing is."""
    candidate, number = folder, 1
    while candidate.exists() and (not candidate.is_dir() or any(candidate.iterdir())):
        number += 1
        candidate = folder.with_name(f"{folder.name}-{number}")
    return candidate


def _refuse_used_folder(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError("the folder is not empty", where=str(folder), remedy="Name a new folder, or delete this one.")


def _with_open_window(campaign: str, text: str, today: datetime) -> str:
    """The campaign's text with its delivery analysis moved to the next quarter of an hour after its time."""
    after = ANALYSIS_AFTER.get(campaign)
    if after is None:
        return text
    quarter = timedelta(minutes=15)
    past_quarter = (today - datetime(2026, 1, 1, tzinfo=UTC)) % quarter
    moment = today + after + (quarter - past_quarter if past_quarter else timedelta())
    local = moment.astimezone(ZoneInfo("Europe/Vienna")).isoformat(timespec="seconds")
    return re.sub(r"(?m)^(delivery_analysis_at:) \S+", rf"\1 {local}", text)


def _tell(world: World, profiles: int) -> None:
    """Fill the landing files: each story for each organisation first, then by chance until there are enough profiles."""
    rng = world.rng
    told = [story for story, _ in stories.STORIES]
    weights = [weight for _, weight in stories.STORIES]
    senders, shares = [sender for sender, _ in SENDERS], [share for _, share in SENDERS]
    for _ in range(2 if profiles >= 2_000 else 1 if profiles >= 200 else 0):
        for sender in senders:
            for story in told:
                story(world, sender)
                world.told()
    while profiles - world.profiles > 1:
        story, sender = rng.choices(told, weights)[0], rng.choices(senders, shares)[0]
        story(world, sender)
        world.told()
    if world.profiles < profiles:  # no story of a pair for the last one
        stories.reads_and_stays(world, senders[0])
        world.told()
    for _ in range(20 + profiles // 100):
        world.register(f"unbekannt{rng.randrange(10**9)}@{rng.choice(names.MAIL_DOMAINS)}")
    world.register("@" + names.TRICKY_DOMAINS[1])
    if profiles >= 2_500:
        _add_dirt(world)


def _add_dirt(world: World) -> None:
    """Rows that break the rules: some are read restrictively, few enough are rejected for the files to be accepted."""
    sender = SENDERS[0][0]
    day = world.ago(12)
    common = {"occurred_at": day.isoformat(timespec="seconds"), "channel": "email", "organisation": "ufer", "scope": "list", "via": "form"}
    somebody = [world.unknown_human(sender).email for _ in range(5)]
    newsletter = SUBSCRIPTIONS[sender.list]
    # Restrictive: a status that nobody knows is an opt-out, one of a type that is no more an opt-out from the whole house.
    world.raw_status(somebody[0], "SNOOZED", day, newsletter)
    world.raw_status(somebody[1], "UNSUBSCRIBED", day, "8410099")
    # Rejected: no readable address, an opt-in to a list that nobody knows, an opt-in without a time, an unknown event.
    world.raw_status("nicht angegeben", "UNSUBSCRIBED", day, newsletter)
    world.raw_form(**{**common, "action": "opt_in", "address": somebody[2], "scope_id": "galerie-alt-2019"})
    world.raw_form(**{**common, "occurred_at": "", "action": "opt_in", "address": somebody[3], "scope_id": sender.list})
    world.raw_event("Vanished", somebody[4], day)
    world.message("redacted", world.profile_of_nobody(sender, world.unknown_human(sender)), world.ago(8))
