"""Mutants of a rule that no world knows of, tried with the rule's own spec: secret keys, erasures, words beside the verdict."""

import io
import os
from collections.abc import Iterable
from contextlib import nullcontext, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

import pytest

from pipeline import validation
from tests.lib.workspaces import ROOT

from .laboratory import Verdicts, patched
from .mutants import Mutant

NOT_RUN = 9
QUIETLY = ("--exitfirst", "--quiet", "-n", "0", "-p", "no:cacheprovider", "--rootdir", str(ROOT))
FOLDERS = ("4_decision/rules/", "4_decision/sets/")
FURTHER = {
    "3_state/feed_file": ("test_tables.py",),
    "3_state/as_of/": ("test_tables.py", "test_quarantine_explained.py", "test_withdrawn.py", "test_past_moments.py"),
    "3_state/flag_": ("test_restriction_tables.py",),
    "3_state/address_claim": ("test_named_profiles_held.py", "test_named_profiles.py"),
    "3_state/teller": ("test_named_profiles_held.py", "feeds/test_snapshots.py"),
    "3_state/feed_record": ("test_named_profiles_held.py", "test_named_profiles.py", "feeds/test_snapshots.py"),
    "3_state/record_history": ("test_named_profiles_held.py", "test_named_profiles.py"),
    "3_state/permission_placed": ("test_named_profiles_held.py",),
    "3_state/permission": ("test_restriction_tables.py", "test_named_profiles_held.py", "test_scopes_that_are_gone.py"),
    "3_state/request_of": ("test_restriction_tables.py",),
    "3_state/restriction": ("test_restriction_tables.py", "test_scopes_that_are_gone.py"),
    "3_state/trouble": ("test_tables.py", "rules/test_quarantined_soft.py"),
    "4_decision/restriction_here": ("test_past_moments.py",),
    "4_decision/permission_here": ("test_named_profiles.py", "test_past_moments.py", "test_forms_for_the_organisation.py"),
    "4_decision/restriction_address": ("test_named_both.py",),
    "4_decision/sets/message": ("rules/test_pressure.py", "test_past_moments.py"),
    "4_decision/rules/": ("test_words.py",),
    "4_decision/sets/": ("test_words.py",),
    "4_decision/consent_": ("test_words.py", "test_forms_for_the_organisation.py"),
    "4_decision/unconfirmed": ("test_words.py",),
    "4_decision/opt_out_evidence": ("test_words.py", "rules/test_opted_out_brand.py", "rules/test_opted_out_list.py"),
    "4_decision/quarantine_here": ("rules/test_quarantined_soft.py", "rules/test_quarantined_hard.py", "rules/test_complaint.py"),
    "4_decision/register_": ("rules/test_registered.py", "feeds/test_canonical_register.py", "feeds/test_ecg_list.py"),
    "4_decision/spelling/": ("rules/test_registered.py", "feeds/test_canonical_register.py", "feeds/test_ecg_list.py"),
    "4_decision/verdict/seed_address": ("rules/test_erased.py",),
    "4_decision/verdict/decision": ("test_words.py",),
}
"""Specs of what stands for no reason by itself."""


def specs_of(mutant: Mutant) -> list[Path]:
    """The specs of the reason that the mutant's step stands for or leads to."""
    named = [f"rules/test_{Path(mutant.step).name}.py"] if mutant.step.startswith(FOLDERS) else []
    named += [spec for start, specs in FURTHER.items() if mutant.step.startswith(start) for spec in specs]
    return [path for path in (ROOT / "tests" / "spec" / name for name in named) if path.exists()]


def try_on_specs(mutants: Iterable[Mutant], verdicts: Verdicts) -> None:
    """Run the spec of each mutant that is still alive with the mutant in place of its step."""
    for mutant in mutants:
        specs = specs_of(mutant)
        if specs and mutant.id not in verdicts.killed and mutant.id not in verdicts.invalid and fails(specs, mutant):
            verdicts.killed[mutant.id] = f"spec: {specs[0].stem}"


def fails(specs: list[Path], mutant: Mutant) -> bool:
    """Whether the specs notice. The gates are left out, as with the worlds, but for the verdict, of which they are a test.

    In a process of its own: pytest, run again and again in one process, at last remembers what it has imported.
    """
    child = os.fork()
    if child == 0:
        is_verdict = mutant.step.startswith("4_decision/verdict/")
        gates = nullcontext() if is_verdict else patch.multiple(validation, prefetch=lambda: None, validate=lambda *_: [])
        status = NOT_RUN
        try:
            with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()), patched(mutant), gates:
                status = pytest.main([*map(str, specs), *QUIETLY])
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    if code not in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED}:
        raise RuntimeError(f"The specs of {mutant.id} were not run: pytest ended with {code}.")
    return code == pytest.ExitCode.TESTS_FAILED
