"""Mutants of a rule that no world knows of, tried with the rule's own spec: secret keys, erasures, words beside the verdict."""

import io
from collections.abc import Iterable
from contextlib import redirect_stdout
from pathlib import Path
from unittest.mock import patch

import pytest

from pipeline import validation
from tests.lib.workspaces import ROOT

from .laboratory import Verdicts, patched
from .mutants import Mutant

FOLDERS = ("4_decision/rules/", "4_decision/sets/")
FURTHER = {
    "3_state/feed_file": ("test_tables.py",),
    "3_state/as_of/": ("test_tables.py", "test_withdrawn.py"),
    "3_state/flag_": ("feeds/test_snapshots.py", "feeds/test_canonical_profiles.py"),
    "3_state/address_claim": ("test_named_profiles.py",),
    "3_state/restriction": ("test_scopes_that_are_gone.py",),
    "3_state/trouble": ("test_tables.py",),
    "4_decision/restriction_here": ("test_past_moments.py",),
    "4_decision/permission_here": ("test_past_moments.py",),
    "4_decision/sets/message": ("rules/test_pressure.py", "test_past_moments.py"),
    "3_state/as_of/trouble_now": ("test_past_moments.py", "test_tables.py"),
    "4_decision/rules/": ("test_words.py",),
    "4_decision/sets/": ("test_words.py",),
    "4_decision/consent_missing": ("test_words.py",),
    "4_decision/unconfirmed": ("test_words.py",),
    "4_decision/opt_out_evidence": ("test_words.py", "rules/test_opted_out_brand.py", "rules/test_opted_out_list.py"),
    "4_decision/quarantine_here": ("rules/test_quarantined_soft.py", "rules/test_quarantined_hard.py", "rules/test_complaint.py"),
    "4_decision/register_": ("rules/test_registered.py", "feeds/test_canonical_register.py", "feeds/test_ecg_list.py"),
    "4_decision/spelling/": ("feeds/test_canonical_register.py", "feeds/test_ecg_list.py", "rules/test_registered.py"),
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
    """Whether the specs notice. The gates are left out, as with the worlds."""
    gates = patch.multiple(validation, prefetch=lambda: None, validate=lambda *_: [])
    with redirect_stdout(io.StringIO()), patched(mutant), gates:
        code = pytest.main([*map(str, specs), "--exitfirst", "--quiet", "-n", "0", "-p", "no:cacheprovider", "--rootdir", str(ROOT)])
    return code == pytest.ExitCode.TESTS_FAILED
