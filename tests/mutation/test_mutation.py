"""The tests notice when the deciding SQL changes: a fixed few mutants here, all of them with `python -m tests.mutation`."""

import json

import pytest

from tests.lib.workspaces import ROOT

from .laboratory import Verdicts, try_on
from .mutants import Mutant, mutants_of, names_of, roundtrip
from .normalisation import all_mutants, changed, definitions
from .report import equivalent

FOLDERS = ("3_state", "4_decision")
SCENARIOS = {
    scenario["name"]: scenario
    for file in sorted((ROOT / "tests" / "scenarios").glob("*.json"))
    for scenario in json.loads(file.read_text(encoding="utf-8"))
}


FEW = {
    "4_decision/rules/paused.comparison_flipped.78dfaf",
    "4_decision/rules/paused.condition_dropped.234fb3",
    "4_decision/sets/duplicate_address.comparison_flipped.38eb70",
    "4_decision/sets/duplicate_address.literal_changed.6a2658",
    "4_decision/restriction_here.comparison_flipped.7f616f",
    "4_decision/restriction_here.comparison_flipped.c55557",
    "4_decision/register_here.condition_dropped.6caf02",
    "4_decision/consent_ended.condition_dropped.8cabac",
    "4_decision/consent_missing.join_swapped.a134bd",
    "4_decision/permission_here.connective_swapped.4f447e",
    "3_state/as_of/quarantine_event.condition_dropped.6ef574",
    "3_state/trouble.literal_changed.9aad47",
    "3_state/permission_named.not_dropped.b36126",
    "3_state/restriction.null_test_flipped.1b5134",
    "3_state/restriction.member_dropped.be1c8e",
}
"""Of comparisons, conditions, joins, words and NULLs, in state, lifts, consent, rules and the choice among survivors."""


@pytest.fixture(scope="module")
def mutants() -> dict[str, Mutant]:
    """Every mutant of state and decision, by its id."""
    return {mutant.id: mutant for folder in FOLDERS for name in names_of(folder) for mutant in mutants_of(name)}


def test_every_step_has_mutants() -> None:
    names = [name for folder in FOLDERS for name in names_of(folder)]
    assert len(names) > 70, "no steps found: wrong folder?"
    assert [name for name in names if not mutants_of(name)] == ["3_state/scope_place"], "it selects all that it reads, under its names"


def test_no_two_mutants_have_one_id_or_one_text(mutants: dict[str, Mutant]) -> None:
    assert len(mutants) == sum(len(mutants_of(name)) for folder in FOLDERS for name in names_of(folder))
    assert len({(mutant.step, mutant.sql) for mutant in mutants.values()}) == len(mutants)
    unchanged = {roundtrip(name) for folder in FOLDERS for name in names_of(folder)}
    assert not any(mutant.sql in unchanged for mutant in mutants.values())


def test_every_explained_survivor_is_still_a_mutant(mutants: dict[str, Mutant]) -> None:
    assert equivalent().keys() - mutants.keys() - {mutant.id for mutant in all_mutants()} == set()


def test_what_is_written_back_unchanged_says_the_same() -> None:
    """Else a mutant could fall for what sqlglot makes of the text, not for what was changed in it."""
    unchanged = [Mutant(name, name, 0, "none", "", "", roundtrip(name)) for folder in FOLDERS for name in names_of(folder)]
    verdicts = Verdicts()
    try_on("unchanged", SCENARIOS["which reasons count for which message class"], unchanged, verdicts)
    assert (verdicts.killed, verdicts.invalid, verdicts.beside) == ({}, {}, {})


def test_a_fixed_few_mutants_are_noticed(mutants: dict[str, Mutant]) -> None:
    gone = FEW - mutants.keys()
    assert not gone, f"their SQL has changed, choose others of the same steps: {sorted(gone)}"
    verdicts = Verdicts()
    try_on("a scenario", SCENARIOS["which reasons count for which message class"], [mutants[name] for name in sorted(FEW)], verdicts)
    survived = [str(mutants[name]) for name in sorted(FEW - verdicts.killed.keys())]
    assert not survived, "\n".join(survived)


def test_every_macro_that_reads_cells_has_mutants_each_of_which_changes_it_alone() -> None:
    mutants = all_mutants()
    assert len({mutant.id for mutant in mutants}) == len(mutants) > 200
    statements = list(definitions())
    for mutant in mutants[::25]:
        others = [statement for statement in statements if changed(statement, mutant) != statement]
        assert len(others) == 1 and f"{mutant.step}(" in others[0]
