"""Plays lives of workspaces as long as it is told: `just prove-lives 3600` plays new ones for an hour, on two cores.

    python -m tests.generative.lives.prove SECONDS [--seed N] [--processes 2] [--kind KIND] [--lives N]
    python -m tests.generative.lives.prove --town N --house N [--life N]

The second line plays one house again, or one life of it. What is found is printed with the line that plays it again; the exit
status is 1 then. `--found` keeps the finds as JSON: town, house, life, the changes of its steps, and what was wrong.
"""

import argparse
import json
import multiprocessing
import os
import re
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from itertools import count
from pathlib import Path

from .playing import GROUPS, HOUSES, STEPS, Find, Tally, change_of, disasters_of, play


def tallies(first: int, seconds: float, processes: int) -> Iterator[Tally]:
    """Towns from the first number on, until the time is over; those begun are finished."""
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


def as_script(find: Find) -> dict[str, object]:
    """A find as it is kept: the numbers that give it again, and what happened before it."""
    return {
        "town": find.town,
        "house": find.house,
        "life": life_of(find.what),
        "changes": [change_of(find.town, find.house, step).kind for step in range(1, find.step + 1)],
        "disasters": [kind.kind for step in range(find.step + 1) for kind in disasters_of(find.town, step)],
        "step": find.step,
        "kind": find.kind,
        "found": find.what,
    }


def life_of(what: str) -> int | None:
    """The life that a find speaks of: its people's ids end with it."""
    found = re.search(r"h\d+-[pq]\d+(?:-(\d+))? ", what)
    return int(found[1] or 0) if found else None


def report(total: Counter[str]) -> None:
    """By kind of change how often it was drawn, stopped a publication, and led to a published run."""
    for name in sorted(one.removeprefix("drawn ") for one in total if one.startswith("drawn ")):
        figures = (f"{total[f'{what} {name}']:7,} {what}" for what in ("drawn", "stopped", "remedied", "published"))
        print(*figures, name)
    for name in sorted(one for one in total if one.startswith("written as ")):
        print(f"{total[name]:7,} {name}")


def main() -> int:
    """Play until the time is over, or one house again; gives the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seconds", type=float, nargs="?", default=0)
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(3), "big"), help="the number of the first town")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--found", type=Path, default=Path("found-lives"))
    parser.add_argument("--town", type=int)
    parser.add_argument("--house", type=int)
    parser.add_argument("--life", type=int)
    arguments = parser.parse_args()
    os.environ["PRESEND_THREADS"] = "1"
    began = time.monotonic()
    total: Counter[str] = Counter()
    found: list[Find] = []
    if arguments.town is not None:
        houses = range(HOUSES) if arguments.house is None else [arguments.house]
        played: Iterator[Tally] = iter([play(arguments.town, houses, range(GROUPS) if arguments.life is None else [arguments.life])])
    else:
        played = tallies(arguments.seed, arguments.seconds, arguments.processes)
    for tally in played:
        total += tally.counts
        found += tally.found
        for one in tally.found[:10]:
            print(one, flush=True)
        print(f"{time.monotonic() - began:8,.0f} s {total['lives']:8,} lives, {len(found)} finds", flush=True)
    print(f"seed {arguments.seed}: {total['lives']:,} lives of {STEPS} steps in {total['houses']:,} houses, {total['runs']:,} runs,"
          f" {total['candidates']:,} candidates, {total['audience']:,} in audiences; {len(found)} finds")  # fmt: skip
    report(total)
    if found:
        arguments.found.mkdir(parents=True, exist_ok=True)
        for one in found:
            script = as_script(one)
            path = arguments.found / f"{one.town}-{one.house}-{one.step}.json"
            path.write_text(json.dumps(script, indent=1, ensure_ascii=False), encoding="utf-8")
        print(f"kept in {arguments.found}; again: python -m tests.generative.lives.prove --town {found[0].town} --house {found[0].house}")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
