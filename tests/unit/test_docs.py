"""What the pages promise is true: links lead somewhere, examples run, tables agree with the code."""

import inspect
import re
from enum import StrEnum
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from pipeline import errors, vocabulary
from pipeline.config import find_faults
from pipeline.demo import write_workspace
from pipeline.vocabulary import Kind
from pipeline.workspace import Workspace
from tests.unit.test_demo import TODAY

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
HOWTOS = ("add-a-feed", "add-a-rule", "add-a-target", "replay-a-day", "why-was-this-address-excluded", "run-on-airflow", "scale-out")


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
    missing = [link for link in links if not (page.parent / link).exists()]
    assert not missing


def test_every_howto_is_linked_from_the_readme() -> None:
    text = PAGES[0].read_text(encoding="utf-8")
    assert {path.stem for path in (ROOT / "docs" / "howto").glob("*.md")} == set(HOWTOS)
    assert all(f"(docs/howto/{name}.md)" in text for name in HOWTOS)


def test_the_readmes_campaign_is_valid_in_the_demo(tmp_path: Path) -> None:
    write_workspace(tmp_path / "demo", 50, today=TODAY)
    (campaign,) = blocks(PAGES[0], "yaml")
    (tmp_path / "demo" / "campaigns" / "my-first.yaml").write_text(campaign, encoding="utf-8")
    assert find_faults(Workspace(tmp_path / "demo")) == []


def test_the_readmes_exit_codes_are_the_errors() -> None:
    told = {int(code) for code in re.findall(r"^\| (\d+) \|", PAGES[0].read_text(encoding="utf-8"), re.MULTILINE)}
    tree = [value for _, value in inspect.getmembers(errors, inspect.isclass) if issubclass(value, errors.PresendError)]
    assert told == {0, *(error.exit_code for error in tree)}


def test_the_glossary_names_every_enum() -> None:
    text = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    enums = [
        name for name, value in vars(vocabulary).items() if inspect.isclass(value) and issubclass(value, StrEnum) and value is not StrEnum
    ]
    assert enums
    assert not [name for name in enums if not re.search(rf"`{name}\b", text)]


def test_the_new_source_of_the_howto_reads_a_file(tmp_path: Path) -> None:
    (code,) = blocks(ROOT / "docs" / "howto" / "add-a-feed.md", "python")
    module: dict[str, Any] = {"__name__": "ticketshop_optouts"}
    exec(compile(code, "ticketshop_optouts.py", "exec"), module)
    path = tmp_path / "left.ndjson"
    path.write_text('{"id": 17, "mail": "anna@post.example", "left": "2026-11-20 14:03", "list": "4711"}\nrubbish\n[]\n', encoding="utf-8")
    records = list(module["FEED"].read(SimpleNamespace(path=path, name=path.name, feed=None)))
    assert [record.kind for record in records] == [Kind.CONSENT, None, None]
    assert records[0].values["address"] == "anna@post.example"
    assert records[1].fault == records[2].fault == "line_unreadable"


def test_the_new_rule_of_the_howto_finds_who_it_says() -> None:
    (rule,) = blocks(ROOT / "docs" / "howto" / "add-a-rule.md", "sql")
    with duckdb.connect() as con:
        con.execute("CREATE TABLE candidate AS SELECT unnest([1, 2, 3]) AS candidate_no")
        con.execute("CREATE TABLE profile (profile_no INTEGER, attributes MAP(VARCHAR, VARCHAR))")
        con.execute("INSERT INTO profile VALUES (1, MAP {'legal_hold': 'yes'}), (2, MAP {'legal_hold': ''}), (3, MAP {})")
        assert con.execute(rule).fetchall() == [(1, "yes")]
