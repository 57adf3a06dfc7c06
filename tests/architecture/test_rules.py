"""What grows is a folder: one reason, one file, one spec."""

import re

from pipeline.reasons import Reason
from tests.architecture.sql_files import ROOT, RULES, SQL, reasons

SPECS = ROOT / "tests" / "spec" / "rules"


def rule_names() -> set[str]:
    found = {path.stem for path in RULES.glob("*.sql")}
    assert found, "no rules found: wrong folder?"
    return found


def test_every_rule_is_a_reason() -> None:
    strangers = rule_names() - {reason.value for reason in Reason}
    assert not strangers, f"not in the vocabulary: {sorted(strangers)}"


def test_every_row_wise_reason_is_a_rule() -> None:
    missing = {reason.value for reason in reasons(is_set_wise=False)} - rule_names()
    assert not missing, f"reasons that nothing finds: {sorted(missing)}"


def test_every_set_wise_reason_is_a_step() -> None:
    """A set-wise reason looks at the survivors of the one before it: a step of the decision names it, no rule does."""
    set_wise = {reason.value for reason in reasons(is_set_wise=True)}
    assert not set_wise & rule_names(), "set-wise reasons are no rules: they need the survivors"
    steps = (path for path in (SQL / "4_decision").rglob("*.sql") if path.parent != RULES)
    files = [*steps, *(ROOT / "pipeline").glob("decision*.py"), *(ROOT / "pipeline").glob("decision/*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    named = {path.stem for path in files} | set(re.findall(r"'(\w+)'", text))
    named |= {found.lower() for found in re.findall(r"Reason\.(\w+)", text)}
    assert not set_wise - named, f"reasons that nothing finds: {sorted(set_wise - named)}"


def test_every_rule_has_a_spec() -> None:
    specs = {path.stem.removeprefix("test_") for path in SPECS.glob("test_*.py")}
    missing = rule_names() - specs
    assert not missing, f"rules without a spec in tests/spec/rules: {sorted(missing)}"


def test_ranks_are_one_each() -> None:
    ranks = [reason.spec.rank for reason in Reason]
    assert ranks == sorted(set(ranks)), "each reason has its own rank, and the reasons stand in their order"
