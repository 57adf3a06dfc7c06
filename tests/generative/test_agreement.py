"""The product and the reference must decide every invented world alike.

Four thousand worlds that a fixed seed gives, two thirds of them among the slow tests: most in bundles (prove.py), some alone,
with everything that is a workspace's own – its feeds' age, its gate. `just prove SECONDS` plays new ones as long as it is told. A
world on which they differ is made small and printed as a scenario, with the reference's answer as `expected`: kept/ holds those that
were found.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from pipeline.config.organisations import Policy, Quarantine
from pipeline.reasons import Reason
from pipeline.vocabulary import Action, Actor, BounceClass, Channel, DeliveryType, MessageClass, ReachedVia, Scope, Via

from .agreement import as_scenario, differences
from .prove import COLONIES, SIZE, play, world_of
from .reference import judge
from .reference.settings import DEFAULT_LIMITS, PROFILE_FEEDS
from .worlds import invent

ALONE = 20
BUNDLES, ALL_BUNDLES = 3, 10
"""How many are played in the ordinary tests, and how many with the slow ones."""
NOT_DRAWN = {Reason.ERASED, Reason.HOLDOUT, Reason.CAPACITY}
"""Erasure is a command, and holdout and capacity hang on a secret key: tested elsewhere."""
WORDS = {
    "action": Action,
    "actor": Actor,
    "via": Via,
    "type": DeliveryType,
    "channel": Channel,
    "scope": Scope,
    "bounce_class": BounceClass,
}
CAMPAIGN_CHANNELS = set(Channel) - {Channel.ANY, Channel.POST}
BY_HAND = Path(__file__).parent / "by_hand.json"


@pytest.mark.parametrize("number", range(ALONE))
def test_product_agrees_with_reference(number: int) -> None:
    world = invent(number)
    assert differences(world) == [], as_scenario(world, 40, f"world {number}")


@pytest.mark.parametrize(
    "number", [*range(BUNDLES), *(pytest.param(number, marks=pytest.mark.slow) for number in range(BUNDLES, ALL_BUNDLES))]
)
def test_product_agrees_with_reference_on_a_bundle(number: int) -> None:
    tally = play(number)
    assert tally.counts["worlds"] == SIZE * COLONIES
    for _, index, lines in tally.differing[:1]:
        pytest.fail("\n".join([*lines, as_scenario(world_of(number, index), 40, f"world {index} of bundle {number}")]))


@pytest.mark.slow
@pytest.mark.parametrize("scenario", json.loads(BY_HAND.read_text(encoding="utf-8")), ids=lambda scenario: scenario["name"])
def test_product_agrees_on_what_was_worked_out_by_hand(scenario: dict[str, Any]) -> None:
    assert differences(scenario) == []


def test_worlds_hold_every_word_setting_reason_and_outcome() -> None:
    """Else an agreement would prove little: a value that a later version adds must be drawn before this passes again."""
    drawn: Counter[str] = Counter()
    for number in range(400):
        world = invent(number)
        drawn.update(f"{name} {value}" for name, value in settings_of(world["policy"]))
        drawn.update(f"{name} {value}" for name, value in settings_of(world["quarantine"]))
        drawn.update(f"{name} {value}" for name, value in settings_of(world["identity"]))
        for register in world["registers"].values():
            drawn.update(f"register {register[name]}" for name in ("use", "algorithm", "channel"))
        for step in world["steps"]:
            drawn.update(f"campaign {step['campaign'][name]}" for name in ("channel", "message_class", "one_message_per"))
            drawn.update(
                f"delivered {feed}{' row by row' if 'operation' in step[feed][0] else ''}" for feed in PROFILE_FEEDS if step.get(feed)
            )
            drawn.update(f"told {times} times" for feed in PROFILE_FEEDS for times in times_told(step.get(feed) or ()))
            for row in chain(step["consent"], step["delivery"]):
                drawn.update(f"{name} {row[name]}" for name in WORDS if row.get(name))
        for outcome in judge(world):
            drawn[f"exit {outcome.exit}"] += 1
            for verdict in chain.from_iterable(run.verdicts for run in outcome.runs.values()):
                drawn.update(f"reason {reason}" for reason in verdict.reasons)
                drawn.update(f"reached_via {why.reached_via}" for why in verdict.reasons.values())
    wanted = {f"{name} {value}" for name, values in WORDS.items() for value in values}
    wanted |= {f"campaign {one}" for one in (*CAMPAIGN_CHANNELS, *MessageClass, "person", "address")}
    wanted |= {"register always", "register without_consent", "register plain", "register sha256", "register email", "register sms"}
    wanted |= {f"reason {one}" for one in set(Reason) - NOT_DRAWN} | {f"reached_via {one}" for one in ReachedVia}
    wanted |= {f"delivered {feed}{how}" for feed in PROFILE_FEEDS for how in ("", " row by row")} | {"told 1 times", "told 2 times"}
    wanted |= {"exit 0", "exit 12", "exit 13"}
    wanted |= {f"{name} {value}" for model in (Policy, Quarantine) for name, value in values_of(model)}
    wanted |= {f"keys {one}" for one in (*DEFAULT_LIMITS, "nothing")}
    assert wanted - set(drawn) == set()


def times_told(rows: Sequence[dict[str, str]]) -> Iterable[int]:
    """How often a file tells of each of its profiles."""
    return Counter((row["organisation"], row["profile_id"]) for row in rows).values()


def settings_of(given: dict[str, Any]) -> Iterator[tuple[str, object]]:
    """Every setting with its value; of what may be any number or nothing, whether it is given."""
    for name, value in given.items():
        if isinstance(value, list):
            yield from ((name, one) for one in value or ["nothing"])
        else:
            yield name, value if isinstance(value, str | bool) else "nothing" if value is None else "something"


def values_of(model: type[BaseModel]) -> Iterator[tuple[str, object]]:
    """Every setting of a model with every value that it can have."""
    for name, field in model.model_fields.items():
        yield from ((name, value) for value in _values(field.annotation))


def _values(annotation: Any) -> Iterator[object]:
    if annotation is bool:
        yield from (True, False)
    elif annotation is type(None):
        yield "nothing"
    elif get_origin(annotation) is Literal:
        yield from get_args(annotation)
    elif get_origin(annotation) is tuple:
        yield from (*_values(get_args(annotation)[0]), "nothing")
    elif get_origin(annotation) in (Union, UnionType):
        for one in get_args(annotation):
            yield from _values(one)
    else:
        yield "something"
