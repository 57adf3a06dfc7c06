"""`presend ingest`, `build`, `status` and `explain` start without the extras: they cost seconds, and may not be installed."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.generator import AS_OF, CAMPAIGN, write_workspace

EXTRAS = ("airflow", "great_expectations", "splink", "pyspark")

# The command runs as it would from a shell; what it has imported is told on stderr's last line.
RUN = """
import sys
from pipeline.cli import main
try:
    main()
finally:
    print("imported:", *sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
"""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("imports")
    write_workspace(folder, 300)
    return folder


def imported_by(workspace: Path, *arguments: str) -> set[str]:
    command = [sys.executable, "-c", RUN, "--workspace", str(workspace), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120)
    assert done.returncode == 0, done.stderr
    told = [line for line in done.stderr.splitlines() if line.startswith("imported:")]
    return set(told[-1].split()[1:])


def test_commands_start_without_the_extras(workspace: Path) -> None:
    """In one test because each command rests on the one before it."""
    for arguments in (
        ("ingest", "--as-of", AS_OF),
        ("build", "--as-of", AS_OF),
        ("status",),
        ("explain", CAMPAIGN, "P2", "--as-of", AS_OF),
    ):
        modules = imported_by(workspace, *arguments)
        assert "duckdb" in modules, "the command did nothing?"
        assert not modules & set(EXTRAS), f"presend {arguments[0]} imports {sorted(modules & set(EXTRAS))}"


def test_the_extras_are_installed_here() -> None:
    """Else the test above would pass on their absence."""
    from importlib.util import find_spec

    assert find_spec("great_expectations") and find_spec("airflow")
