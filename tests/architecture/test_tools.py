"""The linters, the type checker and the import contracts are tests too: one command tells whether a change is good."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sql_files import ROOT

TOOLS = Path(sys.executable).parent
COMMANDS = {
    "ruff": ("ruff", "check", "."),
    "mypy": ("mypy",),
    "import contracts": ("lint-imports", "--no-cache"),
    "sqlfluff": ("sqlfluff", "lint", "sql", "--processes", "2", "--disable-progress-bar"),
}


@pytest.mark.parametrize("tool", COMMANDS)
def test_tool_finds_nothing(tool: str) -> None:
    command, *arguments = COMMANDS[tool]
    done = subprocess.run([TOOLS / command, *arguments], cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]


def test_ci_runs_the_command_of_the_readme() -> None:
    """What a newcomer is told to type is what decides whether a change is good."""
    commands = re.findall(r"^pip install .*uv run pytest.*$", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)
    assert len(commands) == 1
    assert commands[0] in (ROOT / "README.md").read_text(encoding="utf-8"), f"the README does not tell `{commands[0]}`"


def test_every_recipe_is_a_command_that_also_works_without_just() -> None:
    recipes = re.findall(r"^    (.+)$", (ROOT / "justfile").read_text(), re.MULTILINE)
    assert recipes and all(line.startswith(("uv ", "@just ")) for line in recipes)
