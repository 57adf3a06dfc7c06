"""The runner of sql/: what a header says, and the order that follows from it."""

from collections.abc import Iterator
from graphlib import CycleError
from pathlib import Path

import duckdb
import pytest

from pipeline import steps
from pipeline.errors import BrokenInstallation


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(steps, "SQL_FOLDER", tmp_path)
    steps.read.cache_clear()
    steps.folder.cache_clear()
    (tmp_path / "1_few").mkdir()
    yield tmp_path / "1_few"
    steps.read.cache_clear()
    steps.folder.cache_clear()


def write(folder: Path, name: str, reads: str, sql: str = "SELECT 1 AS one;", kept: str = "scratch table") -> None:
    (folder / f"{name}.sql").write_text(f"-- What {name} is.\n-- More of it.\n-- grain: one    as: {kept}    reads: {reads}\n{sql}\n")


def test_a_header_says_what_it_is_and_what_it_reads(folder: Path) -> None:
    write(folder, "a", "b, c", "-- reads: nothing\n-- reads: d\nSELECT 1 AS one;")
    step = steps.read("1_few/a")
    assert (step.name, step.summary, step.reads) == ("a", "What a is.", ("b", "c", "nothing", "d"))
    assert not step.sql.endswith(";")


def test_reads_below_the_header_are_only_text(folder: Path) -> None:
    write(folder, "a", "b", "SELECT 1 AS one\n-- reads: c\n;")
    assert steps.read("1_few/a").reads == ("b",)


def test_a_step_comes_after_what_it_reads(folder: Path) -> None:
    write(folder, "a", "b, elsewhere")
    write(folder, "b", "c")
    write(folder, "c", "c_of_another_folder")
    assert [step.name for step in steps.folder("1_few")] == ["c", "b", "a"]


def test_a_table_that_python_fills_between_the_steps_keeps_its_place(folder: Path) -> None:
    write(folder, "a", "component")
    write(folder, "z", "")
    component = steps.Filled("component", ("z",), lambda con: 0)
    assert [made.name for made in steps.in_order((*steps.folder("1_few"), component))] == ["z", "component", "a"]


def test_a_step_rests_on_those_of_its_folder_that_it_reads_directly_or_not(folder: Path) -> None:
    write(folder, "a", "b")
    write(folder, "b", "c, elsewhere")
    write(folder, "c", "")
    write(folder, "d", "a")
    assert [step.name for step in steps.before("1_few", "a")] == ["c", "b", "a"]


def test_a_cycle_is_an_error(folder: Path) -> None:
    write(folder, "a", "b")
    write(folder, "b", "a")
    with pytest.raises(CycleError):
        steps.folder("1_few")


def test_a_step_becomes_a_table_or_a_view(folder: Path) -> None:
    with duckdb.connect() as con:
        con.execute("ATTACH ':memory:' AS warehouse")
        for name, kept in (("a", "scratch table"), ("b", "scratch view"), ("c", "table"), ("d", "view")):
            write(folder, name, "", "SELECT unnest([1, 2, 3]) AS number;", kept)
            steps.make(con, steps.read(f"1_few/{name}"))
        made = con.execute(
            "SELECT database_name, table_name, table_type FROM (FROM duckdb_tables() SELECT *, 'table' AS table_type "
            "UNION BY NAME FROM duckdb_views() SELECT *, view_name AS table_name, 'view' AS table_type WHERE NOT internal) ORDER BY ALL"
        )
        assert made.fetchall() == [
            ("memory", "a", "table"),
            ("memory", "b", "view"),
            ("warehouse", "c", "table"),
            ("warehouse", "d", "view"),
        ]


@pytest.mark.parametrize("kept", ["", "tables", "query    as: table"])
def test_a_header_that_does_not_say_how_the_step_is_kept_is_an_error(folder: Path, kept: str) -> None:
    write(folder, "a", "", kept=kept)
    with pytest.raises(BrokenInstallation, match="sql/1_few/a.sql"):
        steps.read("1_few/a")


def test_what_an_engine_refuses_names_the_step(folder: Path) -> None:
    write(folder, "a", "", "SELECT nothing FROM nowhere;")
    with duckdb.connect() as con, pytest.raises(duckdb.CatalogException) as refused:
        steps.make(con, steps.read("1_few/a"))
    assert refused.value.__notes__ == ["sql/1_few/a.sql"]
