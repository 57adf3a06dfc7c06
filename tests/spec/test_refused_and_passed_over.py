"""A refused file of events is not forgotten when the feed's next file is taken: nobody else says what it says (domain §8)."""

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli import invoke
from pipeline.errors import UsageError
from tests.lib.feeds import land

HEAD = "address,scope,action,occurred_at\n"
BROKEN = HEAD + "j@x.at,group,opt_out,2026-05-01\n,group,opt_out,\n"
CONSENT, PROFILES = "canonical_consent", "canonical_profiles"


def told(folder: Path, day: int) -> list[str]:
    """What `status` warns of."""
    _, answer = invoke(["--workspace", str(folder), "--json", "status", "--as-of", f"2026-06-{day:02}T08:00:00Z"])
    return [notice["message"] for notice in json.loads(answer)["attention"] if notice["kind"] == "refused"]


def day(folder: Path, number: int, source: str, files: dict[str, Any], **settings: Any) -> int:
    return land(folder, source, files, as_of=f"2026-06-{number:02}T08:00:00Z", max_rejected="10%", **settings).code


def test_it_is_named_until_it_is_corrected_in_its_place(tmp_path: Path) -> None:
    assert day(tmp_path, 1, CONSENT, {"a.csv": BROKEN}) == 11
    assert told(tmp_path, 1) == []  # the feed itself stops
    assert day(tmp_path, 2, CONSENT, {"b.csv": HEAD + "k@x.at,group,opt_out,2026-05-02\n"}) == 0
    assert told(tmp_path, 2) == ["1 file was refused (a.csv), and no later one says what it says"]
    assert day(tmp_path, 3, CONSENT, {"a.csv": HEAD + "j@x.at,group,opt_out,2026-05-01\n"}) == 0
    assert told(tmp_path, 3) == []


def test_a_later_snapshot_makes_a_refused_one_good(tmp_path: Path) -> None:
    assert day(tmp_path, 1, PROFILES, {"a.csv": "<html>"}) == 11
    assert day(tmp_path, 2, PROFILES, {"b.csv": "profile_id\np\n"}) == 0
    assert told(tmp_path, 2) == []


def test_a_feed_that_fails_silences_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pipeline.ledger import ingest

    day(tmp_path, 1, CONSENT, {"a.csv": HEAD})
    day(tmp_path, 1, PROFILES, {"a.csv": "profile_id\np\n"})
    (tmp_path / "landing" / CONSENT / "b.csv").write_text(BROKEN)
    module = __import__("sys").modules[ingest.__module__]
    read_anew = module.read_anew

    def fails(loader: Any) -> None:
        if loader.feed.id == PROFILES:
            raise UsageError("the feed fails")
        read_anew(loader)

    monkeypatch.setattr(module, "read_anew", fails)
    code, answer = invoke(["--workspace", str(tmp_path), "--json", "ingest", "--as-of", "2026-06-02T08:00:00Z"])
    document = json.loads(answer)
    assert (code, document["error"]["message"]) == (2, "the feed fails")
    assert [(file["file"], file["is_refused"]) for file in document["files"]] == [("b.csv", True)]


def test_a_folder_that_is_a_link_out_of_the_workspace_is_named_and_stops_no_other(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a.csv").write_text("profile_id\np\n")
    work = tmp_path / "work"
    day(work, 1, CONSENT, {"a.csv": HEAD})
    (work / "landing" / PROFILES).symlink_to(tmp_path / "elsewhere")
    assert day(work, 2, CONSENT, {"b.csv": HEAD + "k@x.at,group,opt_out,2026-05-02\n"}, organisation="o1") == 0
    land(work, PROFILES, {}, as_of="2026-06-03T08:00:00Z")
    code, answer = invoke(["--workspace", str(work), "--json", "status", "--as-of", "2026-06-03T08:00:00Z"])
    found = [notice for notice in json.loads(answer)["attention"] if notice["kind"] == "unread_link"]
    assert code == 0 and [(notice["where"], notice["message"]) for notice in found] == [
        (f"landing/{PROFILES}/", "the folder is a link that leads out of the workspace, and is not followed")
    ]


def test_nobodys_word_is_taken_for_a_file_that_was_refused_for_another_reason(tmp_path: Path) -> None:
    """It would let the next refusal, which nobody has seen, pass unseen."""
    broken = "profile_id,email\np,p@x.at\n" + ",x@x.at\n" * 3
    day(tmp_path, 1, PROFILES, {"a.csv": "profile_id,email\n" + "".join(f"p{n},p{n}@x.at\n" for n in range(200))})
    assert day(tmp_path, 2, PROFILES, {"b.csv": broken}) == 11
    arguments = ["ingest", "--accept", f"{PROFILES}/b.csv", "--by", "jane", "--as-of", "2026-06-03T08:00:00Z"]
    code, answer = invoke(["--workspace", str(tmp_path), "--json", *arguments])
    assert code == 2 and "refused for another reason: 3 of 4 rows are rejected" in json.loads(answer)["error"]["message"]
    land(tmp_path, PROFILES, {}, as_of="2026-06-04T08:00:00Z", max_rejected="90%")
    code, answer = invoke(["--workspace", str(tmp_path), "--json", "status", "--as-of", "2026-06-04T08:00:00Z"])
    (feed,) = json.loads(answer)["feeds"]
    assert "usable row" in feed["problem"] and "--accept canonical_profiles/b.csv" in feed["remedy"]


@pytest.mark.parametrize("answer", [{"data": None}, {"data": []}])
def test_an_error_beside_no_record_is_no_empty_list(tmp_path: Path, answer: dict[str, Any]) -> None:
    source, error = "klaviyo_suppressions", {"errors": [{"status": 401, "code": "not_authenticated"}]}
    assert land(tmp_path / "empty", source, {"unsubscribes.json": answer}).code == 0
    refused = land(tmp_path / "error", source, {"unsubscribes.json": answer | error})
    assert (refused.code, refused.document["files"][0]["refusal"]) == (
        11,
        "it holds no record, and the error that an interface answered with",
    )
