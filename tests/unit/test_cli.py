"""The door: exit codes, errors as one JSON document, options before and after the command."""

import json
from pathlib import Path

import pytest

from pipeline.cli import invoke, starting

SETTINGS = "organisations: {ufer: {name: Ufer, country: AT, timezone: Europe/Vienna, brands: {galerie: {lists: []}}}}\n"
CAMPAIGN = "{organisation: ufer, brand: galerie, channel: email, message_class: marketing, delivery_analysis_at: 2026-06-01T09:00:00Z}\n"
AT = ("--as-of", "2026-06-01T08:00:00Z")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "presend.yaml").write_text(SETTINGS)
    for name in ("feeds", "campaigns"):
        (tmp_path / name).mkdir()
    (tmp_path / "feeds" / "crm.yaml").write_text("{source: canonical_profiles, organisation: ufer}\n")
    (tmp_path / "campaigns" / "spring.yaml").write_text(CAMPAIGN)
    return tmp_path


def error_of(*arguments: str) -> tuple[int, dict[str, object]]:
    """The exit code, and the error of the one JSON document on stdout."""
    code, out = invoke([*arguments, "--json"])
    return code, json.loads(out)["error"]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_common_options_stand_before_or_after_the_command(folder: Path, place: int) -> None:
    arguments = ["check"]
    arguments[place:place] = ["--json", "--workspace", str(folder)]
    assert invoke(arguments) == (0, json.dumps({"faults": [], "notices": []}, indent=1) + "\n")
    assert invoke(["check", f"--workspace={folder}", "--json"])[0] == 0


def test_the_workspace_may_come_from_the_environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESEND_WORKSPACE", str(folder))
    assert invoke(["check", "--json"])[0] == 0


def test_quiet_says_nothing(folder: Path) -> None:
    assert invoke(["--quiet", "check", "--workspace", str(folder)]) == (0, "")


def test_faults_of_the_configuration_are_10_all_at_once(folder: Path) -> None:
    (folder / "feeds" / "crm.yaml").write_text("{source: nobodys, organisation: ufer}\n")
    (folder / "campaigns" / "spring.yaml").write_text(CAMPAIGN.replace("galerie", "forum"))
    code, out = invoke(["check", "--json", "--workspace", str(folder)])
    assert code == 10
    faults = json.loads(out)["faults"]
    assert {fault["file"] for fault in faults} == {"feeds/crm.yaml", "campaigns/spring.yaml"}
    assert all(fault["line"] and fault["remedy"] for fault in faults)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("nonsense",), 2),
        (("publish",), 2),
        (("publish", "spring", "--no-such-option"), 2),
        (("build", "--as-of"), 2),
        (("build", "--as-of", "yesterday"), 2),
        (("build", "--as-of", "2026-06-01T08:00:00"), 2),
        (("status", "--as-of", "9999-12-31T23:59:59Z"), 2),
        (("status", "--as-of", "0001-01-01T00:00:00+14:00"), 2),
        (("explain", "spring", "p1", "--run", "r", *AT), 2),
        (("publish", "spring", *AT), 12),
        (("publish", "winter", *AT), 16),
        (("ingest", "nobodys", *AT), 16),
        (("approve", "20260101T000000Z-00000000", "--by", "staff", *AT), 16),
        (("recheck", "20260101T000000Z-00000000", *AT), 16),
    ],
)
def test_an_error_has_its_code_and_says_what_to_do(folder: Path, arguments: tuple[str, ...], code: int) -> None:
    found, error = error_of("--workspace", str(folder), *arguments)
    assert (found, error["code"]) == (code, code)
    assert error["message"] and error["remedy"] and set(error) == {"code", "message", "where", "remedy"}
    assert "Traceback" not in str(error)


def test_no_workspace_says_so(tmp_path: Path) -> None:
    code, error = error_of("--workspace", str(tmp_path / "nowhere"), "check")
    assert code in (2, 10) and error["remedy"]


def test_people_get_one_line_on_stderr(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = invoke(["--workspace", str(folder), "publish", "winter", *AT])
    told = capsys.readouterr().err
    assert (code, out) == (16, "") and told.startswith("presend: ") and len(told.splitlines()) <= 2


def test_a_bug_is_1_and_quotes_no_data(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks() -> None:
        raise RuntimeError("anna@post.example")

    monkeypatch.delenv("PRESEND_DEBUG", raising=False)
    monkeypatch.setattr(starting, "workspace", breaks)
    code, error = error_of("--workspace", str(folder), "check")
    assert code == 1 and "RuntimeError" in str(error["message"]) and "anna" not in json.dumps(error)


def test_help_is_no_error() -> None:
    assert invoke(["--help"])[0] == 0
    assert "--as-of" in invoke(["publish", "--help"])[1]


@pytest.mark.parametrize("command", ["feeds", "rules"])
def test_lists_are_json_too(command: str) -> None:
    code, out = invoke([command, "--json"])
    assert code == 0 and json.loads(out)[command]
