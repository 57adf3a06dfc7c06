"""`python -m tests.mutation [--folder 4_decision] [--sample N --seed S] [--worlds N] [--save FILE]`: the score and the survivors."""

import argparse
import json
import random
import sys
from dataclasses import asdict
from pathlib import Path

from .laboratory import Verdicts, try_on
from .mutants import Mutant, mutants_of, names_of
from .report import report
from .specs import try_on_specs
from .worlds import worlds

FOLDERS = ("4_decision", "3_state")


def main() -> None:
    """Try the mutants on world after world, and print what became of them."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--folder", action="append", help="a folder of sql/, or a step (default: 4_decision and 3_state)")
    parser.add_argument("--sample", type=int, help="so many mutants, drawn evenly, instead of all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--worlds", type=int, default=100, help="so many invented worlds after the written ones")
    parser.add_argument("--save", type=Path, help="keep the verdicts here after each world, and go on from them")
    options = parser.parse_args()
    mutants = [mutant for folder in options.folder or FOLDERS for name in names_of(folder) for mutant in mutants_of(name)]
    if options.sample:
        mutants = random.Random(options.seed).sample(mutants, min(options.sample, len(mutants)))
    verdicts = tried(mutants, options.worlds, options.save)
    print(report(mutants, verdicts))


def tried(mutants: list[Mutant], invented: int, save: Path | None) -> Verdicts:
    """The verdicts after the written worlds and so many invented ones."""
    verdicts = Verdicts(**json.loads(save.read_text(encoding="utf-8"))) if save and save.exists() else Verdicts()
    for name, world in worlds(invented):
        if name in verdicts.played:
            continue
        try_on(name, world, mutants, verdicts)
        left = len(mutants) - len(verdicts.killed) - len(verdicts.invalid)
        print(f"{len(verdicts.killed)} killed, {len(verdicts.invalid)} invalid, {left} left after {name}", file=sys.stderr, flush=True)
        if save:
            save.write_text(json.dumps(asdict(verdicts), indent=1), encoding="utf-8")
        if not left:
            break
    try_on_specs(mutants, verdicts)
    if save:
        save.write_text(json.dumps(asdict(verdicts), indent=1), encoding="utf-8")
    return verdicts


if __name__ == "__main__":
    main()
