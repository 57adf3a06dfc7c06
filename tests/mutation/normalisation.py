"""`python -m tests.mutation.normalisation [--sample N --seed S] [--save FILE]`: mutants of the macros that read addresses, times and words.

A macro's body is changed like a step's (mutants.py); then the tests that read such cells run with it, each mutant in a process
of its own, up to the first that fails.
"""

import argparse
import json
import multiprocessing
import os
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import duckdb
import pytest

from pipeline import steps
from pipeline.addresses import macros
from pipeline.addresses.plans import diallings_of, patterns_of
from tests.lib.workspaces import ROOT

from .mutants import Mutant, mutants_in
from .report import equivalent

SCRIPTS = ("0_schema/macros", "0_schema/saying", "0_schema/loading")
COUNTRIES = ["AT", "DE"]
DEFINITION = re.compile(r"(CREATE OR REPLACE (?:TEMPORARY )?MACRO )?(?P<name>\w+)\((?P<arguments>[^)]*)\) AS\s+(?P<body>.*)", re.DOTALL)
TESTS = [
    "tests/unit/test_addresses_macros.py",
    "tests/spec/test_written_times.py",
    "tests/spec/feeds/test_canonical_profiles.py",
    "tests/spec/test_flags.py",
    "tests/spec/feeds/test_canonical_consent.py",
    "tests/spec/feeds/test_canonical_delivery.py",
    "tests/spec/feeds/test_canonical_register.py",
    "tests/spec/rules/test_holdout.py",
    "tests/spec/rules/test_duplicate_person.py",
    "tests/spec/feeds/test_twilio_inbound.py",
    "tests/spec/feeds/test_listmonk_subscribers.py",
    "tests/spec/feeds/test_ecg_list.py",
    "tests/scenarios",
    "tests/generative/test_kept.py",
    "tests/generative/test_agreement.py",
]
"""Those that fail soonest first."""


def definitions() -> Iterator[str]:
    """Every macro as it is created, those of numbers for a few countries."""
    yield from macros._EMAIL_MACROS
    yield from macros._phone_macros(patterns_of(COUNTRIES), diallings_of(COUNTRIES))
    for script in SCRIPTS:
        yield from _statements((steps.SQL_FOLDER / f"{script}.sql").read_text(encoding="utf-8"))


def _statements(script: str) -> list[str]:
    return [found.query.strip() for found in duckdb.extract_statements(script)]


def all_mutants() -> list[Mutant]:
    """The mutants of every macro."""
    found = []
    for statement in definitions():
        macro = DEFINITION.search(statement)
        assert macro, statement
        found += mutants_in(macro["name"], macro["body"].rstrip(";"))
    return found


def changed(statement: str, mutant: Mutant) -> str:
    """The statement, with the mutant's change where it defines the mutant's macro.

    The macros of numbers are other ones for other countries: the change is then the one at the same place.
    """
    macro = DEFINITION.search(statement)
    if macro is None or macro["name"] != mutant.step:
        return statement
    bodies = {one.id: one.sql for one in mutants_in(macro["name"], macro["body"].rstrip(";"))}
    if mutant.id in bodies:
        return f"{statement[: macro.start('body')]}{bodies[mutant.id]}"
    place = [one.id for one in all_mutants() if one.step == mutant.step].index(mutant.id)
    return f"{statement[: macro.start('body')]}{list(bodies.values())[place % len(bodies)]}"


def notices(mutant: Mutant) -> str:
    """`killed`, `survived`, or `invalid` where DuckDB refuses the macro; in a process of its own."""
    context = multiprocessing.get_context("fork")
    codes = context.Queue()
    child = context.Process(target=_run, args=(mutant, codes))
    child.start()
    child.join()
    return str(codes.get()) if not codes.empty() else "killed"


def _run(mutant: Mutant, codes: "multiprocessing.Queue[str]") -> None:
    made = macros._phone_macros
    script = steps.run_script

    def run_script(con: duckdb.DuckDBPyConnection, name: str) -> None:
        if name not in SCRIPTS:
            return script(con, name)
        for statement in _statements((steps.SQL_FOLDER / f"{name}.sql").read_text(encoding="utf-8")):
            con.execute(changed(statement, mutant))
        return None

    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    with (
        patch.object(macros, "_EMAIL_MACROS", tuple(changed(one, mutant) for one in macros._EMAIL_MACROS)),
        patch.object(macros, "_phone_macros", lambda *plans: [changed(one, mutant) for one in made(*plans)]),
        patch.object(steps, "run_script", run_script),
    ):
        codes.put("invalid" if not _is_accepted() else _verdict())


def _is_accepted() -> bool:
    with duckdb.connect() as con:
        try:
            macros.install(con, COUNTRIES)
            for name in SCRIPTS:
                steps.run_script(con, name)
        except duckdb.Error:
            return False
    return True


def _verdict() -> str:
    options = ["--exitfirst", "--quiet", "-n", "0", "-p", "no:cacheprovider", "--rootdir", str(ROOT)]
    code = pytest.main([*(str(ROOT / test) for test in TESTS), *options])
    return "survived" if code == pytest.ExitCode.OK else "killed"


def main() -> None:
    """Try the mutants, and print what became of them."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation.normalisation", description=__doc__)
    parser.add_argument("--sample", type=int, help="so many mutants, drawn evenly, instead of all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--save", type=Path, help="keep the verdicts here after each mutant, and go on from them")
    options = parser.parse_args()
    mutants = all_mutants()
    if options.sample:
        mutants = random.Random(options.seed).sample(mutants, min(options.sample, len(mutants)))
    verdicts: dict[str, str] = json.loads(options.save.read_text(encoding="utf-8")) if options.save and options.save.exists() else {}
    for mutant in mutants:
        if mutant.id not in verdicts:
            verdicts[mutant.id] = notices(mutant)
            print(f"{verdicts[mutant.id]}: {mutant}", flush=True)
            if options.save:
                options.save.write_text(json.dumps(verdicts, indent=1), encoding="utf-8")
    explained = equivalent()
    unnoticed = {name for name, verdict in verdicts.items() if verdict == "survived"}
    found = Counter("equivalent" if mutant.id in unnoticed & explained.keys() else verdicts[mutant.id] for mutant in mutants)
    judged = found["killed"] + found["survived"]
    print(f"{100 * found['killed'] / judged:.1f} % of {judged} noticed; {found['equivalent']} equivalent, {found['invalid']} invalid")


if __name__ == "__main__":
    main()
