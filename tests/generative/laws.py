"""How a law is tried: a change of a crowd, played before and after, and what must hold between the two."""

import json
import os
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from random import Random
from typing import Any, Protocol

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pipeline.reasons import Reason
from pipeline.vocabulary import RESTRICTIVE_ACTIONS, Action

from .agreement import with_answer
from .crowds import LAST, Row, World, crowd
from .playing import Failed, Product, Runs
from .smaller import made_smaller

WORLDS = os.environ.get("PRESEND_WORLDS")
COLONIES = 10
"""In the product's crowds; the reference takes its time for everybody, so that its crowds are of two."""
FIXED = (13, 20)
"""Without PRESEND_WORLDS all laws are tried on the same crowds, which so are played once."""
STEPS = 3
"""Of a crowd that nobody made smaller."""

ROW_WISE = {reason for reason in Reason if not reason.spec.is_set_wise}
CONSENT = {Reason.NO_CONSENT, Reason.CONSENT_UNCONFIRMED, Reason.CONSENT_EXPIRED}
OPTED_OUT = [Reason.OPTED_OUT_GROUP, Reason.OPTED_OUT_ORGANISATION, Reason.OPTED_OUT_BRAND, Reason.OPTED_OUT_LIST]


class Player(Protocol):
    """Answers for a world."""

    def play(self, world: World) -> Runs: ...


@dataclass(frozen=True)
class Law:
    """A change of a world, drawn and done, and what of before and after breaks the law.

    `faults` also counts into `held`, its last argument, whenever the premise held.
    """

    draw: Callable[[Random, World], list[Any]]
    change: Callable[[World], World]
    faults: Callable[[World, Runs, Runs, list[str]], Iterator[str]]


def try_on_crowds(player: Player, *, fewest: int = len(FIXED)) -> Callable[[Callable[[int], None]], None]:
    """Run a test on the numbers of crowds: the fixed ones, or as many as are asked for."""

    def run(look: Callable[[int], None]) -> None:
        is_fixed = WORLDS is None and isinstance(player, Product)
        numbers = st.sampled_from(FIXED) if is_fixed else st.integers(0, 2**64 - 1)
        most = fewest if is_fixed else int(WORLDS or 20)
        play = settings(
            max_examples=most,
            derandomize=WORLDS is None,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.explicit, Phase.generate),  # a crowd is made smaller row by row, in far fewer runs
        )
        play(given(numbers)(look))()

    return run


def hold(law: Law, player: Player) -> None:
    """The law holds on every crowd, and its premise on at least one."""
    held: list[str] = []

    @try_on_crowds(player)
    def look(number: int) -> None:
        world = crowd(number, COLONIES if isinstance(player, Product) else 2)
        world["change"] = law.draw(Random(number), world)
        if broken(law, player, world, held):
            pytest.fail(story(law, player, world))

    assert held, "the premise held nowhere: nothing was tried"


def broken(law: Law, player: Player, world: World, held: list[str]) -> list[str]:
    """Where the world breaks the law; [] too where a smaller one cannot be played at all."""
    try:
        return list(law.faults(world, player.play(world), player.play(law.change(world)), held))
    except Failed:
        if len(world["steps"]) == STEPS:
            raise
        return []


def story(law: Law, player: Player, world: World) -> str:
    """The smallest world that breaks the law, before and after, as scenarios."""
    world = made_smaller(world, lambda smaller: bool(broken(law, player, smaller, [])), 400 if WORLDS else 40)
    before, after = ({name: value for name, value in one.items() if name != "change"} for one in (world, law.change(world)))
    return "\n".join(
        [*broken(law, player, world, []), "before and after:", json.dumps([with_answer(before), with_answer(after)], indent=1)]
    )


def last_files(world: World, **rows: list[Row]) -> World:
    """The world with these rows at the end of the last files."""
    changed = deepcopy(world)
    step = changed["steps"][min(LAST, len(changed["steps"]) - 1)]
    for feed, more in rows.items():
        step[feed] = [*(step.get(feed) or []), *more]
    return changed


def excluded(run: dict[str, Any]) -> dict[str, dict[Reason, list[str]]]:
    """Profile → row-wise reasons with what they rest on."""
    return {
        profile: {Reason(reason): why for reason, why in one["reasons"].items() if Reason(reason) in ROW_WISE}
        for profile, one in run["excluded"].items()
    }


def gone(before: dict[Reason, list[str]], after: dict[Reason, list[str]]) -> set[Reason]:
    """The reasons that do not hold any more; of 45 to 47 one stands for another, and a request that was confirmed for its opt-out."""
    lost = set(before) - set(after)
    if CONSENT & set(after):
        lost -= CONSENT
    if set(OPTED_OUT) & set(after):
        lost -= {Reason.OPT_OUT_PENDING}
    return lost


def is_restrictive(row: Row) -> bool:
    """An unknown action is an opt-out."""
    return row["action"] in RESTRICTIVE_ACTIONS or row["action"] not in list(Action)


def differences(one: dict[str, Any], other: dict[str, Any]) -> Iterator[str]:
    """Where two runs differ."""
    for part in ("audience", "seeds", "counts"):
        if one[part] != other[part]:
            yield f"{part} {one[part]} became {other[part]}"
    for profile in sorted({*one["excluded"], *other["excluded"]}):
        if one["excluded"].get(profile) != other["excluded"].get(profile):
            yield f"{profile} {one['excluded'].get(profile)} became {other['excluded'].get(profile)}"
