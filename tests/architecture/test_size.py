"""Nothing is larger than a reader can hold: no Python file over 500 lines, no SQL file over 80."""

from pathlib import Path

import pytest

from tests.architecture.sql_files import ALL, ROOT, name

PYTHON_FOLDERS = ("pipeline", "orchestration", "expectations", "dags", "tests", "benchmarks")
PYTHON_FILES = sorted(path for folder in PYTHON_FOLDERS for path in (ROOT / folder).rglob("*.py"))
LONGEST_PYTHON, LONGEST_SQL = 500, 80


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_files_were_found() -> None:
    assert len(ALL) > 10 and {path.relative_to(ROOT).parts[0] for path in PYTHON_FILES} == set(PYTHON_FOLDERS)


@pytest.mark.parametrize("path", ALL, ids=name)
def test_sql_fits_two_screens(path: Path) -> None:
    assert lines(path) <= LONGEST_SQL


def test_python_fits_a_head() -> None:
    too_long = {path.relative_to(ROOT).as_posix(): lines(path) for path in PYTHON_FILES if lines(path) > LONGEST_PYTHON}
    assert not too_long
