"""Plays invented worlds as long as it is told: `just prove 3600` plays new ones for an hour, on two cores.

    python -m tests.generative.prove SECONDS [--seed N] [--processes 2] [--found DIR]

Worlds are played in bundles (bundles.py). In each, sixteen worlds – people and what befalls them, who have nothing to do with one
another – share a policy and its campaigns, and twenty-five such policies share a workspace. All go through `presend run`, in
process; the gate of Great Expectations, which decides nothing, is left to the single worlds of test_agreement.py. Where
product and reference differ, the policy's worlds are played alone, made small, printed and written to `--found` as a decision
scenario with the reference's answer; the exit status is 1 then.
"""

import argparse
import multiprocessing
import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

from pipeline.cli import invoke

from .agreement import as_scenario, comparable, compared, told
from .bundles import bundled, named_apart
from .crowds import peopled
from .product import decide
from .reference import judge
from .worlds import invent_workspace

SIZE = 25
"""Policies in a bundle, each with campaigns of its own."""
COLONIES = 16
"""Worlds under one policy: what a campaign costs the product hardly grows with its people."""


@dataclass
class Tally:
    """What was played: worlds, published runs, candidates, reasons; and the numbers of the worlds that differ."""

    counts: Counter[str] = field(default_factory=Counter)
    differing: list[tuple[int, int, list[str]]] = field(default_factory=list)


def workspace_of(number: int) -> dict[str, Any]:
    """What the worlds of a bundle share; feeds stay fresh, since one world's files would keep another's so."""
    return invent_workspace(Random(number).choice) | {"max_age": "365d"}


def world_of(number: int, index: int) -> dict[str, Any]:
    """The worlds of a bundle that share one policy, as they are when they are played alone."""
    world = peopled(number * 1000 + index, workspace_of(number), COLONIES)
    for step in world["steps"]:
        step["campaign"]["minimum_audience"] = 0  # the gate's to judge, as is the number of candidates that one person writes to
        if step["campaign"]["message_class"] == "one_to_one":
            step["campaign"]["one_to_one_maximum"] = 1_000_000
    return world


def play(number: int, size: int = SIZE) -> Tally:
    """Play the bundle of a number."""
    worlds = [named_apart(world_of(number, index), f"w{index}-") for index in range(size)]
    with (
        tempfile.TemporaryDirectory() as folder,
        patch("pipeline.validation.validate", return_value=()),
        patch("pipeline.validation.prefetch"),
    ):
        answers = decide(bundled(worlds), Path(folder), invoke)
    tally = Tally()
    for index, world in enumerate(worlds):
        tally.counts["worlds"] += COLONIES
        tally.counts["policies"] += 1
        found: list[str] = []
        for step, (outcome, answer) in enumerate(zip(judge(world), answers, strict=True), 1):
            got = {name: run for name, run in answer["runs"].items() if name.startswith(f"w{index}-")}
            expected = {name: told(run) for name, run in outcome.runs.items()}
            found += [f"step {step}: {line}" for line in compared(expected, comparable({"runs": got})["runs"])]
            for run in outcome.runs.values():
                tally.counts["runs"] += 1
                tally.counts["candidates"] += len(run.verdicts)
                tally.counts["audience"] += len(run.audience)
                tally.counts.update(f"reason {reason}" for verdict in run.verdicts for reason in verdict.reasons)
        if found:
            tally.differing.append((number, index, found))
    return tally


def kept(number: int, index: int, folder: Path) -> Path:
    """Write a world that differs as a small scenario."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{number}-{index}.json"
    path.write_text(as_scenario(world_of(number, index), 80, f"world {index} of bundle {number}"), encoding="utf-8")
    return path


def tallies(first: int, seconds: float, processes: int) -> Iterator[Tally]:
    """Bundles from the first number on, until the time is over; those begun are finished."""
    end = time.monotonic() + seconds
    numbers = count(first)
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        running = {pool.submit(play, next(numbers)) for _ in range(processes)}
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            if time.monotonic() < end:
                running |= {pool.submit(play, next(numbers)) for _ in done}
            for future in done:
                yield future.result()


def main() -> int:
    """Play until the time is over; gives the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seconds", type=float)
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(3), "big"), help="the number of the first bundle")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--found", type=Path, default=Path("found-worlds"))
    arguments = parser.parse_args()
    os.environ["PRESEND_THREADS"] = "1"
    began = time.monotonic()
    total: Counter[str] = Counter()
    differing: list[tuple[int, int]] = []
    for tally in tallies(arguments.seed, arguments.seconds, arguments.processes):
        total += tally.counts
        for number, index, lines in tally.differing:
            differing.append((number, index))
            print(f"world {index} of bundle {number}:", *lines[:5], sep="\n", flush=True)
        print(f"{time.monotonic() - began:8,.0f} s {total['worlds']:8,} worlds, {len(differing)} differ", flush=True)
    print(f"seed {arguments.seed}: {total['worlds']:,} worlds under {total['policies']:,} policies, {total['runs']:,} runs,"
          f" {total['candidates']:,} candidates, {total['audience']:,} in audiences; {len(differing)} worlds differ")  # fmt: skip
    for reason, times in sorted(total.items()):
        if reason.startswith("reason "):
            print(f"{times:10,} {reason.removeprefix('reason ')}")
    for number, index in differing:
        print(f"world {index} of bundle {number} is kept as {kept(number, index, arguments.found)}", flush=True)
    return 1 if differing else 0


if __name__ == "__main__":
    raise SystemExit(main())
