"""The gate: what it promises about a published file, and that it says no whenever it could not look."""

import logging
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest

from expectations import Suite, audience, feeds, state
from pipeline import validation
from pipeline.errors import ValidationFailed
from pipeline.validation import Outcome, evaluate, require, validate

ADDRESS = "anna.muster@example.at"
PARAMETERS: dict[str, Any] = {
    "columns": ["language"],
    "minimum_audience": 1,
    "maximum_change": 0.5,
    "previous_audience": None,
    "opt_out_reach": "person",
    "rests_on": ["crm"],
}


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """A decision's connection: three candidates, of whom two are in the audience, and one control address."""
    with duckdb.connect() as con:
        con.execute("ATTACH ':memory:' AS warehouse; ATTACH ':memory:' AS work; SET search_path = 'work,warehouse'")
        con.execute("""
            CREATE TABLE work.campaign AS SELECT 'email' AS channel, 'email' AS address_kind, 'ufer' AS organisation;
            CREATE TABLE work.candidate_record AS SELECT unnest(['p1', 'p2', 'p3']) AS profile_id;
            CREATE TABLE work.seed_address AS SELECT 'seed@example.at' AS address;
            CREATE TABLE warehouse.profile AS
                SELECT 'ufer' AS organisation, unnest(['p1', 'p2', 'p3']) AS profile_id, unnest([1, 2, 3]) AS profile_no;
            CREATE TABLE warehouse.quarantine AS
                SELECT 'berta@example.at' AS address, 'email' AS channel, 'quarantined' AS status, now() AS since;
            CREATE TABLE warehouse.suppression AS SELECT 'opt_out' AS kind, now() AS since;
            CREATE TABLE warehouse.feed_file AS SELECT 'crm' AS feed, 'people.csv' AS file, repeat('a', 64) AS sha256,
                3 AS rows, 2 AS loaded, 0 AS duplicate, 0 AS ignored, 1 AS rejected, now() AS received_at, false AS is_refused;
        """)
        yield con


AUDIENCE_ROWS = [
    ("anna.muster@example.at", "p1", "a1", False, "de"),
    ("carl@xn--mller-kva.example", "p3", "a3", False, "nl"),
    ("seed@example.at", "", "", True, ""),
]
EXCLUSION_ROWS = [
    ("berta@example.at", "p2", "a2", "quarantined_hard", 20, True),
    ("berta@example.at", "p2", "a2", "no_consent", 45, False),
]


def show_files(
    con: duckdb.DuckDBPyConnection,
    folder: Path,
    audience_rows: Iterable[tuple[Any, ...]] = AUDIENCE_ROWS,
    exclusion_rows: Iterable[tuple[Any, ...]] = EXCLUSION_ROWS,
) -> None:
    """Write the two files and show them as the views that the gate reads."""
    con.execute("""
        CREATE OR REPLACE TEMP TABLE a (address VARCHAR, profile_id VARCHAR, person_id VARCHAR, is_seed BOOLEAN, language VARCHAR);
        CREATE OR REPLACE TEMP TABLE e
            (address VARCHAR, profile_id VARCHAR, person_id VARCHAR, reason VARCHAR, rank INTEGER, is_primary BOOLEAN);
    """)
    for row in audience_rows:
        con.execute("INSERT INTO a VALUES (?, ?, ?, ?, ?)", row)
    for row in exclusion_rows:
        con.execute("INSERT INTO e VALUES (?, ?, ?, ?, ?, ?)", row)
    for table, name in (("a", "audience_file"), ("e", "exclusions_file")):
        path = str(folder / f"{name}.parquet")
        con.execute(f"COPY {table} TO '{path}' (FORMAT parquet)")
        con.read_parquet(path).create_view(name, replace=True)


def failures(outcomes: Iterable[Outcome]) -> dict[str, str]:
    return {outcome.name: outcome.detail for outcome in outcomes if not outcome.is_met}


def suite_of(*expectations: Any, table: str = "candidate_record") -> Suite:
    return Suite("test", table, lambda parameters: expectations)


@pytest.fixture(scope="session")
def kinds() -> Any:
    """Our own kinds of expectation; imported late, because that takes seconds."""
    validation._load()
    from expectations import _figure

    return _figure


# ---- what a good run gives


def test_a_sound_run_passes_every_gate_without_a_word(con, tmp_path, capfd, caplog, monkeypatch):
    (tmp_path / "workspace").mkdir()
    monkeypatch.chdir(tmp_path / "workspace")
    monkeypatch.setenv("HOME", str(tmp_path / "workspace"))
    show_files(con, tmp_path)
    with caplog.at_level(logging.DEBUG):
        outcomes = validate(con, (*feeds.SUITES, *state.SUITES, *audience.SUITES), PARAMETERS)
    assert failures(outcomes) == {}
    assert {outcome.gate for outcome in outcomes} == {"feeds", "state", "audience"}
    assert all(outcome.observed.replace(".", "").isdigit() for outcome in outcomes)
    sizes = {outcome.name: outcome.observed for outcome in outcomes}
    assert sizes["the audience is not smaller than the campaign's minimum"] == "2", "control addresses never count"
    captured = capfd.readouterr()
    assert (captured.out, captured.err) == ("", "")
    assert not list((tmp_path / "workspace").iterdir()), "the library left files behind"
    assert not [record for record in caplog.records if record.name.startswith("great_expectations")]


def test_the_gate_leaves_the_connection_as_it_was(con, tmp_path):
    show_files(con, tmp_path)
    con.execute("BEGIN")
    con.execute("CREATE TABLE work.unfinished AS SELECT 1 AS one")
    evaluate(con, audience.SUITES, PARAMETERS)
    assert con.execute("SELECT one FROM unfinished").fetchall() == [(1,)]
    con.execute("ROLLBACK")
    assert con.execute("SELECT count(*) FROM candidate_record").fetchall() == [(3,)]


def test_a_program_that_only_began_to_load_the_gate_ends_without_a_word():
    """A campaign may stop, with its own exit code, while the import still runs; DuckDB 2.0 then complains of leaks all too easily."""
    program = "import duckdb; from pipeline import validation; duckdb.connect().close(); validation.prefetch(); {}; raise SystemExit(12)"
    for while_loading in ("pass", "validation._load()"):
        command = [sys.executable, "-c", program.format(while_loading)]
        ended = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
        assert (ended.returncode, ended.stdout, ended.stderr) == (12, "", "")


# ---- what stops a run


@pytest.mark.parametrize(
    ("audience_rows", "exclusion_rows", "promise", "detail"),
    [
        pytest.param(
            [*AUDIENCE_ROWS, (None, "p4", "a4", False, "")],
            EXCLUSION_ROWS,
            "every row has an address",
            "1 observed",
            id="a missing address",
        ),
        pytest.param(
            [AUDIENCE_ROWS[0], (ADDRESS, "p4", "a4", False, ""), *AUDIENCE_ROWS[1:]],
            EXCLUSION_ROWS,
            "the recipients are sorted by address, and every address stands once",
            "1 instead of 0",
            id="an address twice",
        ),
        pytest.param(
            [*AUDIENCE_ROWS, ("other@example.at", "p1", "a1", False, "")],
            EXCLUSION_ROWS,
            "every candidate is either in the file or excluded, and stands there once",
            "1 instead of 0",
            id="a profile twice",
        ),
        pytest.param(
            [AUDIENCE_ROWS[1], AUDIENCE_ROWS[0], AUDIENCE_ROWS[2]],
            EXCLUSION_ROWS,
            "the recipients are sorted by address, and every address stands once",
            "1 instead of 0",
            id="an unsorted file",
        ),
        pytest.param(
            [*AUDIENCE_ROWS, (ADDRESS, "", "", True, "")],
            EXCLUSION_ROWS,
            "no control address stands twice",
            "1 instead of 0",
            id="a control address that is a recipient already",
        ),
        pytest.param(
            [("Anna@example.at", "p1", "a1", False, ""), ("x y@example.at", "p3", "a3", False, ""), ("+4366412345", "p4", "a4", False, "")],
            EXCLUSION_ROWS,
            "every address is one of the campaign's channel",
            "3 instead of 0",
            id="what is no e-mail address",
        ),
        pytest.param(
            [*AUDIENCE_ROWS, ("berta2@example.at", "p2", "a2", False, "")],
            EXCLUSION_ROWS,
            "nobody in the file has a reason against them",
            "1 instead of 0",
            id="an excluded profile",
        ),
        pytest.param(
            [*AUDIENCE_ROWS, ("berta@example.at", "p4", "a4", False, "")],
            EXCLUSION_ROWS,
            "no address in the file is forbidden, erased or quarantined",
            "1 instead of 0",
            id="a quarantined address on another profile",
        ),
        pytest.param(
            AUDIENCE_ROWS,
            EXCLUSION_ROWS[1:],
            "every candidate is either in the file or excluded, and stands there once",
            "1 instead of 0",
            id="a candidate who ended nowhere",
        ),
        pytest.param(
            [*AUDIENCE_ROWS, ("stranger@example.at", "", "", True, "")],
            EXCLUSION_ROWS,
            "every row marked as control address is one of the campaign's",
            "1 instead of 0",
            id="a recipient marked as control address",
        ),
        pytest.param(
            [*AUDIENCE_ROWS, ("dora@example.at", "", "a4", False, "")],
            EXCLUSION_ROWS,
            "every recipient has a profile",
            "1 instead of 0",
            id="a recipient without a profile",
        ),
        pytest.param(
            AUDIENCE_ROWS[2:],
            EXCLUSION_ROWS,
            "the audience is not smaller than the campaign's minimum",
            "0 instead of at least 1",
            id="control addresses only",
        ),
        pytest.param([], [], "the audience is not smaller than the campaign's minimum", "0 instead of at least 1", id="empty files"),
        pytest.param(
            AUDIENCE_ROWS,
            [*EXCLUSION_ROWS[1:], ("berta@example.at", "p2", "a2", "pressure", 66, True)],
            "every excluded candidate has one primary reason, of the smallest rank",
            "1 instead of 0",
            id="a primary reason that is not the first",
        ),
        pytest.param(
            AUDIENCE_ROWS,
            [*EXCLUSION_ROWS, ("", "p5", "a5", None, 10, True)],
            "every exclusion says whom, why and with which rank",
            "1 instead of 0",
            id="an exclusion without a reason",
        ),
    ],
)
def test_a_broken_promise_stops_the_run(con, tmp_path, audience_rows, exclusion_rows, promise, detail):
    show_files(con, tmp_path, audience_rows, exclusion_rows)
    outcomes = evaluate(con, audience.SUITES, PARAMETERS)
    assert failures(outcomes)[promise] == detail
    with pytest.raises(ValidationFailed) as stop:
        require(outcomes)
    assert stop.value.exit_code == 13
    assert promise in str(stop.value)
    assert "@" not in str(outcomes) + str(stop.value)


def test_reach_profile_lets_a_quarantine_be_lifted_for_one_profile(con, tmp_path):
    rows = [("berta@example.at", "p1", "a1", False, ""), *AUDIENCE_ROWS[1:]]
    show_files(con, tmp_path, rows)
    promise = "no address in the file is forbidden, erased or quarantined"
    assert promise in failures(evaluate(con, audience.SUITES, PARAMETERS))
    assert promise not in failures(evaluate(con, audience.SUITES, PARAMETERS | {"opt_out_reach": "profile"}))


@pytest.mark.parametrize(("kind", "is_met"), [("phone", True), ("email", False), ("postal", False), (None, False)])
def test_an_address_is_judged_by_what_the_channels_addresses_are(con, tmp_path, kind, is_met):
    con.execute("UPDATE campaign SET address_kind = ?", [kind])
    show_files(con, tmp_path, [("+436641234567", "p1", "a1", False, "")])
    found = failures(evaluate(con, audience.SUITES, PARAMETERS))
    assert ("every address is one of the campaign's channel" not in found) is is_met


@pytest.mark.parametrize(
    ("share", "previous", "bounds"),
    [(0.5, 10, (5, 15)), (0.29, 100, (71, 129)), (0.5, 0, (1, 1)), (1.0, 0, (0, 2)), (0.5, 3, (2, 4)), (2.0, 10, (0, 30))],
)
def test_the_allowed_change_is_exact_and_an_empty_run_counts_as_one(share, previous, bounds):
    assert audience.allowed_change(share, previous) == bounds


@pytest.mark.parametrize(("previous", "is_met"), [(None, True), (2, True), (4, True), (5, False), (1, False)])
def test_an_audience_may_change_only_so_much(con, tmp_path, previous, is_met):
    show_files(con, tmp_path)
    found = failures(evaluate(con, audience.SUITES, PARAMETERS | {"previous_audience": previous}))
    assert (not found) is is_met, found


@pytest.mark.parametrize(
    ("change", "promise", "severity"),
    [
        ("UPDATE feed_file SET loaded = 3", "every row read is loaded, duplicate, ignored or rejected", "critical"),
        ("UPDATE feed_file SET rejected = NULL", "every row read is loaded, duplicate, ignored or rejected", "critical"),
        ("UPDATE feed_file SET is_refused = true", "no feed that the campaign rests on was refused last", "critical"),
        ("UPDATE feed_file SET is_refused = true", "nothing of a refused file is loaded", "critical"),
        ("UPDATE feed_file SET is_refused = true", "every feed that the campaign rests on has arrived", "critical"),
        ("UPDATE feed_file SET sha256 = ''", "every file has its feed, name, checksum and arrival", "critical"),
        ("DELETE FROM feed_file", "at least one feed file was read", "critical"),
        (
            "INSERT INTO feed_file SELECT 'esp', * EXCLUDE (feed) REPLACE (true AS is_refused, 0 AS loaded) FROM feed_file",
            "no other feed was refused last",
            "warning",
        ),
    ],
)
def test_a_feed_that_is_not_accounted_for_is_told(con, change, promise, severity):
    con.execute(change)
    outcomes = evaluate(con, feeds.SUITES, PARAMETERS)
    assert {outcome.name: outcome.severity for outcome in outcomes if not outcome.is_met}[promise] == severity


def test_a_refusal_stands_until_a_later_file_loads(con):
    con.execute(
        "INSERT INTO feed_file SELECT * REPLACE (true AS is_refused, 0 AS loaded, now() - INTERVAL 1 DAY AS received_at) FROM feed_file"
    )
    assert failures(evaluate(con, feeds.SUITES, PARAMETERS)) == {}


@pytest.mark.parametrize(
    ("change", "promise"),
    [
        ("UPDATE quarantine SET status = 'fine'", "every status is one that the domain knows"),
        ("UPDATE quarantine SET status = NULL", "every quarantined address has a status"),
        ("INSERT INTO quarantine FROM quarantine", "every address has one status on a channel"),
        ("UPDATE suppression SET kind = NULL", "every suppression says of which kind it is"),
        ("INSERT INTO warehouse.profile FROM warehouse.profile", "every profile of the organisation stands once"),
        ("DELETE FROM warehouse.profile", "there is at least one profile"),
    ],
)
def test_a_state_that_contradicts_itself_stops_the_run(con, change, promise):
    con.execute(change)
    assert promise in failures(evaluate(con, state.SUITES, PARAMETERS))


def test_an_empty_quarantine_is_no_fault(con):
    con.execute("DELETE FROM quarantine; DELETE FROM suppression")
    assert failures(evaluate(con, state.SUITES, PARAMETERS)) == {}


# ---- a gate that could not run is a failed gate


def test_an_error_while_the_query_runs_fails_and_tells_no_value(con, kinds):
    con.execute("CREATE TABLE person AS SELECT unnest([NULL, $address]) AS address", {"address": ADDRESS})
    suite = suite_of(
        kinds.none_of("a figure", "sum(CAST(address AS INTEGER))"),
        kinds.no_row_of("a query", "SELECT 1 FROM person WHERE CAST(address AS INTEGER) > 0"),
        table="person",
    )
    outcomes = evaluate(con, [suite], {})
    assert failures(outcomes) == dict.fromkeys(("a figure", "a query"), "could not be checked: ConversionException")
    with pytest.raises(ValidationFailed) as stop:
        require(outcomes)
    assert "anna" not in str(stop.value)


def test_an_error_in_one_figure_fails_no_less_than_that_figure(con, kinds):
    suite = suite_of(kinds.none_of("sound", "count(*) - 3"), kinds.none_of("broken", "count(no_such_column)"))
    found = failures(evaluate(con, [suite], {}))
    assert "no_such_column" in found["broken"]


def test_a_missing_column_fails(con, tmp_path):
    show_files(con, tmp_path)
    con.execute(
        "CREATE OR REPLACE VIEW audience_file AS SELECT profile_id, person_id, true AS is_seed, '' AS language FROM exclusions_file"
    )
    found = failures(evaluate(con, audience.SUITES, PARAMETERS))
    assert {
        "every row has an address",
        "every address is one of the campaign's channel",
        "the file has the promised columns in their order",
    } <= set(found)
    with pytest.raises(ValidationFailed):
        validate(con, audience.SUITES, PARAMETERS)


def test_a_missing_table_fails_every_expectation_of_its_suite(con, tmp_path):
    show_files(con, tmp_path)
    con.execute("DROP VIEW audience_file")
    outcomes = evaluate(con, audience.SUITES[:1], PARAMETERS)
    assert len(outcomes) > 10
    assert not any(outcome.is_met for outcome in outcomes)


def test_a_table_that_a_query_names_is_missing(con, tmp_path):
    show_files(con, tmp_path)
    con.execute("DROP TABLE candidate_record")
    found = failures(evaluate(con, audience.SUITES, PARAMETERS))
    assert list(found.values()) == ["could not be checked: Catalog Error: Table with name candidate_record does not exist!"]


@pytest.mark.parametrize("outcome_suites", [[], [suite_of()]], ids=["no suite", "no expectation"])
def test_nothing_to_check_is_a_failure(con, outcome_suites):
    with pytest.raises(ValidationFailed):
        validate(con, outcome_suites, {})


def test_a_suite_that_cannot_be_read_fails(con):
    def broken(parameters: Mapping[str, Any]) -> Iterable[Any]:
        return [parameters["nowhere"]]

    with pytest.raises(ValidationFailed, match="the suite can be read.*nowhere"):
        validate(con, [Suite("test", "candidate_record", broken)], {})


def test_two_expectations_of_one_name_fail_because_one_result_would_hide_the_other(con, kinds):
    suite = suite_of(kinds.none_of("same", "count(*) - 3"), kinds.none_of("same", "count(*)"))
    with pytest.raises(ValidationFailed):
        validate(con, [suite], {})


def test_a_figure_without_a_value_meets_nothing(con, kinds):
    assert "empty" in failures(evaluate(con, [suite_of(kinds.none_of("empty", "max(CAST(NULL AS INTEGER))"))], {}))


def test_a_connection_that_is_closed_is_a_failed_gate(con, kinds):
    con.close()
    with pytest.raises(ValidationFailed, match="could not be checked"):
        validate(con, [suite_of(kinds.none_of("any", "0"))], {})


def test_without_the_library_nothing_is_published(con, monkeypatch):
    monkeypatch.setitem(sys.modules, "great_expectations", None)
    with pytest.raises(ValidationFailed, match="not installed") as stop:
        validate(con, feeds.SUITES, PARAMETERS)
    assert "gate" in stop.value.remedy
    validation.prefetch()


# ---- severity, checks


def test_a_warning_is_told_and_stops_nothing(con, kinds):
    suite = suite_of(kinds.none_of("a wish", "count(*)", severity="warning"), kinds.none_of("a must", "count(*) - 3"))
    outcomes = validate(con, [suite], {})
    assert [(outcome.name, outcome.is_met, outcome.severity, outcome.observed, outcome.detail) for outcome in outcomes] == [
        ("a wish", False, "warning", "3", "3 instead of 0"),
        ("a must", True, "critical", "0", ""),
    ]


def test_the_promises_in_sql_are_among_the_expectations(con, tmp_path):
    kept = "-- stop: nobody is missing.\n-- grain: none\nSELECT * FROM candidate_record WHERE profile_id IS NULL;\n"
    wish = "-- warn: all are called so.\nSELECT 'at 10:00 :x {y} 100 %'::VARCHAR AS text FROM candidate_record\n"
    (tmp_path / "kept.sql").write_text(kept)
    (tmp_path / "wish.sql").write_text(wish)
    outcomes = validate(con, [state.checks(tmp_path)], {})
    assert [(outcome.name, outcome.is_met, outcome.severity, outcome.observed) for outcome in outcomes] == [
        ("kept: nobody is missing.", True, "critical", "0"),
        ("wish: all are called so.", False, "warning", "3"),
    ]
    (tmp_path / "kept.sql").write_text("-- stop: nobody is missing.\nSELECT * FROM candidate_record -- a last word")
    with pytest.raises(ValidationFailed, match=r"kept: nobody is missing\. \(3 instead of 0\)"):
        validate(con, [state.checks(tmp_path)], {})


@pytest.mark.parametrize("text", ["SELECT 1 WHERE false", "-- perhaps: this\nSELECT 1 WHERE false"])
def test_a_check_that_does_not_say_how_serious_it_is_fails(con, tmp_path, text):
    (tmp_path / "check.sql").write_text(text)
    with pytest.raises(ValidationFailed):
        validate(con, [state.checks(tmp_path)], {})
    (tmp_path / "check.sql").unlink()
    with pytest.raises(ValidationFailed):
        validate(con, [state.checks(tmp_path)], {})
