"""What the pages promise is true: links lead somewhere, examples run, tables agree with the code."""

import inspect
import re
import shutil
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest

from pipeline import errors, feeds, vocabulary
from pipeline.config import find_faults
from pipeline.demo import write_workspace
from pipeline.workspace import Workspace
from tests.lib import feeds as landing
from tests.lib.publication_world import decision, publish
from tests.lib.workspaces import AS_OF, land, presend_process, publication, write_campaign, write_settings
from tests.unit.test_demo import TODAY

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
HOWTOS = (
    *("add-a-feed", "add-a-rule", "add-a-step", "add-a-target", "deploy-airflow", "drop-late-opt-outs", "object-storage", "replay-a-day"),
    *(
        "release",
        "run-on-airflow",
        "run-the-tests",
        "scale-out",
        "send-again-and-again",
        "why-was-this-address-excluded",
        "work-through-the-review-queue",
    ),
)


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


def test_the_contracts_configuration_is_valid(tmp_path: Path) -> None:
    settings, feed, campaign = blocks(ROOT / "docs" / "contract.md", "yaml")
    register = "source: canonical_register\nregister: {id: ecg, algorithm: sha1, normalisation: trim_lower}\n"
    for name, text in {"presend": settings, "feeds/events": feed, "feeds/ecg": register, "campaigns/winter": campaign}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    assert find_faults(Workspace(tmp_path)) == []


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


def test_the_new_source_of_the_howto_is_found_and_reads_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (code,) = blocks(ROOT / "docs" / "howto" / "add-a-feed.md", "python")
    assert len(code.splitlines()) < 60
    package = tmp_path / "feeds"
    package.mkdir()
    (package / "ticketshop_events.py").write_text(code, encoding="utf-8")
    monkeypatch.setattr(feeds, "__path__", [*feeds.__path__, str(package)])
    feeds.adapters.cache_clear()
    feeds.sources.cache_clear()
    try:
        said = [
            {"id": 17, "mail": "anna@post.example", "at": "2026-05-20 14:03", "what": "left", "list": "4711"},
            {
                "id": 18,
                "mail": "bert@post.example",
                "at": "2026-05-20 14:03",
                "what": "returned",
                "server": {"answer": "550 5.1.1 unknown"},
            },
            {"id": 19, "mail": "cora@post.example", "at": "2026-05-20 14:03", "what": "opened"},
            {"id": 20, "mail": "dora@post.example", "at": "2026-05-20 14:03", "what": "danced"},
        ]
        landed = landing.land(tmp_path / "work", "ticketshop_events", {"1.json": said}, map={"4711": {"scope": "list", "scope_id": "l1"}})
    finally:
        feeds.adapters.cache_clear()
        feeds.sources.cache_clear()
    assert landed.code == 0, landed.document
    landed.consents("""
        address           | action  | scope | scope_id | via             | occurred_from
        ------------------+---------+-------+----------+-----------------+---------------------
        anna@post.example | opt_out | list  | l1       | preference_link | 2026-05-20T12:03:00Z
    """)
    landed.deliveries("""
        address           | type   | bounce_class | status_code
        ------------------+--------+--------------+------------
        bert@post.example | bounce | hard         |
    """)
    assert landed.counts == (4, 2, 0, 1, 1)
    assert landed.unknown == {"code danced": 1}


def test_the_new_rule_of_the_howto_excludes_who_it_says(tmp_path: Path) -> None:
    """A copy of the code gets the reason and its file, nothing else; `presend` there excludes, says why and explains."""
    page = ROOT / "docs" / "howto" / "add-a-rule.md"
    (reason,), (rule,) = blocks(page, "python"), blocks(page, "sql")
    for package in ("pipeline", "sql", "expectations"):
        shutil.copytree(ROOT / package, tmp_path / "code" / package, ignore=shutil.ignore_patterns("__pycache__"))
    reasons = tmp_path / "code" / "pipeline" / "reasons.py"
    before, after = reasons.read_text(encoding="utf-8").split("    QUARANTINED_HARD = ")
    reasons.write_text(before + indent(reason, " " * 4) + "    QUARANTINED_HARD = " + after, encoding="utf-8")
    (tmp_path / "code" / "sql" / "4_decision" / "rules" / "legal_hold.sql").write_text(rule, encoding="utf-8")

    folder = tmp_path / "workspace"
    write_settings(folder, {})
    profiles = [{"profile_id": name, "email": f"{name}@x.test", "legal_hold": hold} for name, hold in (("held", "yes"), ("free", ""))]
    land(folder, {"profiles": profiles}, 0)
    write_campaign(folder, "c1", datetime.fromisoformat(AS_OF), {})
    for command in (("run",), ("explain", "c1", "held")):
        done = presend_process(folder, *command, "--as-of", AS_OF, code=tmp_path / "code")
        told, error = done.communicate(timeout=120)
        assert done.returncode == 0, told + error
    assert publication(folder).addresses == ["free@x.test"]
    assert publication(folder).reasons("held@x.test") == ["legal_hold"]
    assert "the legal department taking back its hold in the CRM" in told


def test_the_new_target_of_the_howto_gives_the_file_that_it_promises(tmp_path: Path) -> None:
    (text,) = blocks(ROOT / "docs" / "howto" / "add-a-target.md", "python")
    module: dict[str, Any] = {}
    exec(text, module)
    run = publish(Workspace(tmp_path / "w"), decision())
    (file,) = module["TARGET"].files(run, tmp_path)
    assert file.path.read_text().splitlines() == ["x2@example.at", "y1@example.at", "z0@example.at", "aaa-seed@example.at"]


def test_the_readme_names_every_source() -> None:
    text = PAGES[0].read_text(encoding="utf-8")
    assert not [source for source in feeds.adapters() if f"`{source}`" not in text]
