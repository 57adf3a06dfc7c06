"""Installed from a wheel, Presend reads its own files, whatever other packages have put beside it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*command: object, cwd: Path) -> str:
    done = subprocess.run([str(word) for word in command], cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


@pytest.mark.slow
def test_a_wheel_beside_a_package_that_owns_a_folder_sql_runs_the_demo(tmp_path: Path) -> None:
    """The wheel is built of what is committed, and installed into an empty environment."""
    checkout, place = tmp_path / "checkout", tmp_path / "venv"
    run("git", "clone", "--quiet", ROOT, checkout, cwd=tmp_path)
    run("uv", "build", "--wheel", "--quiet", "--out-dir", tmp_path / "dist", checkout, cwd=tmp_path)
    run("uv", "venv", "--quiet", "--python", sys.executable, place, cwd=tmp_path)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    python = place / "bin" / "python"
    run("uv", "pip", "install", "--quiet", "--python", python, f"{wheel}[gate]", cwd=tmp_path)
    (packages,) = place.glob("lib/python*/site-packages")
    stranger = packages / "sql" / "0_schema"
    stranger.mkdir(parents=True)
    (stranger / "macros.sql").write_text("SELECT this belongs to somebody else;\n")
    (packages / "sql" / "__init__.py").touch()
    told = run(place / "bin" / "presend", "demo", tmp_path / "demo", cwd=tmp_path)
    assert "audience" in told
    where = run(python, "-c", "from pipeline import steps; print(steps.SQL_FOLDER)", cwd=tmp_path)
    assert Path(where.strip()) == packages / "pipeline" / "sql"
