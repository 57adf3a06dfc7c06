"""What became of the mutants: the score, and the name of each that nothing noticed."""

import tomllib
from collections import Counter
from pathlib import Path

from .laboratory import Verdicts
from .mutants import Mutant

EQUIVALENT = Path(__file__).parent / "equivalent.toml"


def equivalent() -> dict[str, str]:
    """id → why nothing can tell the mutant from its step."""
    return {name: str(why) for name, why in tomllib.loads(EQUIVALENT.read_text(encoding="utf-8")).items()}


def report(mutants: list[Mutant], verdicts: Verdicts) -> str:
    """The score by folder and the survivors, as text."""
    explained = equivalent()
    lines = []
    for folder in sorted({mutant.step.split("/")[0] for mutant in mutants}):
        found = [mutant for mutant in mutants if mutant.step.startswith(f"{folder}/")]
        counts = Counter(_verdict(mutant, verdicts, explained) for mutant in found)
        judged = counts["killed"] + counts["survived"]
        share = f"{100 * counts['killed'] / judged:.1f} %" if judged else "no mutant judged"
        named = ", ".join(f"{counts[what]} {what}" for what in ("killed", "survived", "equivalent", "invalid"))
        lines.append(f"{folder}: {share} ({named})")
    lines += [f"{len(verdicts.played)} worlds played"]
    for mutant in mutants:
        if _verdict(mutant, verdicts, explained) == "survived":
            beside = verdicts.beside.get(mutant.id)
            lines.append(f"survived: {mutant}" + (f"  [{beside}]" if beside else ""))
    return "\n".join(lines)


def _verdict(mutant: Mutant, verdicts: Verdicts, explained: dict[str, str]) -> str:
    if mutant.id in verdicts.invalid:
        return "invalid"
    if mutant.id in verdicts.killed:
        return "killed"
    return "equivalent" if mutant.id in explained else "survived"
