"""`presend steps` shows what makes each table, in the order in which it runs."""

from pathlib import Path

from pipeline import graph
from pipeline.steps import SQL_FOLDER
from tests.lib import workspaces


def test_every_step_is_shown_after_what_it_reads(tmp_path: Path) -> None:
    answer = workspaces.presend(tmp_path, "steps")
    shown = [step["step"] for step in answer.document["steps"] if step["step"]]
    scripts = ("0_schema", "checks")
    there = [path.relative_to(SQL_FOLDER).with_suffix("").as_posix() for path in SQL_FOLDER.rglob("*.sql")]
    assert sorted(shown) == sorted(step for step in there if not step.startswith(scripts))
    assert shown.index("1_ledger/profile_row") < shown.index("2_identity/profile_record") < shown.index("4_decision/candidate")


def test_what_python_fills_between_two_steps_stands_between_them(tmp_path: Path) -> None:
    names = [step["name"] for step in workspaces.presend(tmp_path, "steps").document["steps"]]
    assert names.index("shared_key_now") < names.index("component_now") < names.index("person_member_now")


def test_a_name_shows_meaning_makers_and_sql(tmp_path: Path) -> None:
    (step,) = workspaces.presend(tmp_path, "steps", "3_state/as_of/freed").document["steps"]
    assert step["reads"] == ["trouble_now"] and step["kept"] == "scratch table" and "four_eyes_from" in step["sql"]
    (maker,) = graph.named("freed")
    assert "reads trouble_now (made by 3_state/as_of/trouble_now)" in graph.page_of(maker)


def test_a_table_that_a_decision_and_analysts_have_is_shown_twice(tmp_path: Path) -> None:
    assert [step["kept"] for step in workspaces.presend(tmp_path, "steps", "campaign").document["steps"]] == ["table", "scratch table"]


def test_an_unknown_name_is_an_error_that_says_where_the_names_are(tmp_path: Path) -> None:
    answer = workspaces.presend(tmp_path, "steps", "restricton")
    assert answer.code == 16 and "presend steps" in answer.error["remedy"]
