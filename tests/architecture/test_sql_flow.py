"""Folders are the flow: a step says what it reads, reads what it says, and only from where data comes from."""

import re
from collections import Counter, defaultdict
from graphlib import TopologicalSorter
from itertools import takewhile
from pathlib import Path

import pytest

from pipeline import sources, steps
from tests.architecture.sql_files import ALL, CHECK_FILES, RULES, SQL, STEPS, folder, name, tables_read, tree

FOLDERS = (
    "0_schema",
    "0_load",
    "1_ledger",
    "1_ledger/renamed",
    "2_identity",
    "3_state",
    "3_state/as_of",
    "4_decision",
    "4_decision/address",
    "4_decision/rules",
    "4_decision/sets",
    "4_decision/spelling",
    "4_decision/verdict",
    "5_publication",
    "6_analysis",
    "checks",
    "checks/decision",
)


@pytest.mark.parametrize("where", FOLDERS)
def test_every_folder_has_files(where: str) -> None:
    """Else the tests below pass on nothing."""
    assert list((SQL / where).glob("*.sql")), f"sql/{where} holds no SQL file: wrong folder?"


def test_every_file_is_in_a_known_folder() -> None:
    strangers = {path.parent.relative_to(SQL).as_posix() for path in ALL} - set(FOLDERS)
    assert not strangers, f"not part of the flow: {sorted(strangers)}"


@pytest.mark.parametrize("path", STEPS, ids=name)
def test_step_has_a_header(path: Path) -> None:
    header = list(takewhile(lambda line: line.startswith("--"), path.read_text(encoding="utf-8").splitlines()))
    assert header and not re.match(r"-- *(grain|reads):", header[0]), "the first line says what the step gives"
    assert any("grain:" in line for line in header), "no `grain:` in the header: what is one row?"
    assert any(" as: " in line for line in header), "no `as:` in the header: what becomes of it?"
    assert any("reads:" in line for line in header), "no `reads:` in the header"


@pytest.mark.parametrize("path", CHECK_FILES, ids=name)
def test_check_says_what_a_breach_does(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert re.match(r"-- (stop|warn): \w", first), f"begins with {first[:40]!r}, not with `-- stop:` or `-- warn:`"
    tree(path)


@pytest.mark.parametrize("path", STEPS, ids=name)
def test_step_reads_what_it_says(path: Path) -> None:
    step = steps.read(name(path))
    assert len(step.reads) == len(set(step.reads)), "a name stands twice in `reads:`"
    said, read = set(step.reads), tables_read(path)
    assert said == read, f"said but not read: {sorted(said - read)}; read but not said: {sorted(read - said)}"


def test_reading_is_seen_wherever_it_hides(tmp_path: Path) -> None:
    """Else `reads:` could be compared with too little. A CTE is no table, also where it is named as one."""
    file = tmp_path / "step.sql"
    file.write_text("""
        -- Not a table: commented
        WITH own AS (SELECT * FROM first), second AS (SELECT * FROM own)
        SELECT (SELECT max(a) FROM third), unnest([1])
        FROM second
        ANTI JOIN fourth USING (a)
        CROSS JOIN range(3)
        LEFT JOIN (SELECT b FROM fifth UNION ALL SELECT b FROM sixth) AS both_of_them USING (b)
        WHERE EXISTS (SELECT 1 FROM seventh WHERE seventh.a = second.a) AND b NOT IN (SELECT b FROM eighth) AND c = 'FROM ninth'
        QUALIFY row_number() OVER (PARTITION BY a ORDER BY b) = 1
    """)
    assert tables_read(file) == {"first", "third", "fourth", "fifth", "sixth", "seventh", "eighth"}


SEEN_BY_ANALYSTS = {"campaign", "decision", "exclusion"}
"""Tables of the warehouse about campaigns and runs, named by the contract: a decision has its own of the name, and reads no other."""


def owners() -> dict[str, list[str]]:
    """Table → the folders of the steps that make it."""
    found: dict[str, list[str]] = defaultdict(list)
    for path in STEPS:
        if path.parent != RULES:
            found[path.stem].append(folder(path))
    return found


@pytest.mark.parametrize("path", STEPS, ids=name)
def test_step_reads_no_higher_folder(path: Path) -> None:
    made_by = owners()
    for table in tables_read(path):
        if table in made_by:
            number = min(where.split("_")[0] for where in made_by[table])
            assert number <= folder(path).split("_")[0], f"{table} is made later, in {made_by[table]}"


@pytest.mark.parametrize("path", STEPS, ids=name)
def test_every_table_that_a_step_reads_has_one_maker(path: Path) -> None:
    """A name that nobody makes is a slip of the pen, or left over from a table that is gone."""
    filled = Counter(source.name for source in sources.ALL if source.kept is not steps.As.TABLE or source.name not in SEEN_BY_ANALYSTS)
    makers = {table: len(owners().get(table, ())) + filled[table] for table in tables_read(path)}
    assert {table: count for table, count in makers.items() if count != 1} == {}


def test_no_two_steps_share_a_name() -> None:
    assert {name: where for name, where in owners().items() if len(where) > 1} == {}


def test_every_source_is_read_by_a_step_or_found_by_analysts() -> None:
    read = set().union(*(tables_read(path) for path in STEPS))
    assert [source.name for source in sources.ALL if source.name not in read and source.kept is not steps.As.TABLE] == []


def test_no_step_waits_for_itself() -> None:
    """A cycle inside a folder would be an error at run time; across folders the numbers already forbid it."""
    for where in {folder(path) for path in STEPS}:
        siblings = {path.stem: path for path in STEPS if folder(path) == where and path.parent != RULES}
        graph = {stem: tables_read(path) & siblings.keys() for stem, path in siblings.items()}
        TopologicalSorter(graph).prepare()


def test_rules_do_not_read_each_other() -> None:
    """Each reason stands alone; that all of them are kept is what makes the decision explainable."""
    rules = {path.stem for path in STEPS if path.parent == RULES} - owners().keys()
    for path in STEPS:
        assert not tables_read(path) & rules, f"{name(path)} reads a rule"
