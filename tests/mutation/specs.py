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


def spec_of(mutant: Mutant) -> Path | None:
    """The spec of the reason that the mutant's step stands for, where it stands for one."""
    path = ROOT / "tests" / "spec" / "rules" / f"test_{Path(mutant.step).name}.py"
    return path if mutant.step.startswith(FOLDERS) and path.exists() else None


def try_on_specs(mutants: Iterable[Mutant], verdicts: Verdicts) -> None:
    """Run the spec of each mutant that is still alive with the mutant in place of its step."""
    for mutant in mutants:
        spec = spec_of(mutant)
        if spec and mutant.id not in verdicts.killed and mutant.id not in verdicts.invalid and fails(spec, mutant):
            verdicts.killed[mutant.id] = f"spec: {spec.stem}"


def fails(spec: Path, mutant: Mutant) -> bool:
    """Whether the spec notices. The gates are left out, as with the worlds."""
    gates = patch.multiple(validation, prefetch=lambda: None, validate=lambda *_: [])
    with redirect_stdout(io.StringIO()), patched(mutant), gates:
        code = pytest.main([str(spec), "--exitfirst", "--quiet", "-n", "0", "-p", "no:cacheprovider", "--rootdir", str(ROOT)])
    return code == pytest.ExitCode.TESTS_FAILED
