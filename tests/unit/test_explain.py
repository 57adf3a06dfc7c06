"""`presend explain`: every question that somebody asks about one address gets its answer, with evidence and what would lift it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli import invoke
from pipeline.lifting import Behind, Rules
from pipeline.reasons import Reason
from pipeline.vocabulary import Scope
from pipeline.workspace import Workspace
from tests.lib.asked_world import AS_OF, CONSENT, SETTINGS, asked, land, run_id_of, write_world


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The profile p9 is gone from the CRM by the second file, which says nothing new of the others."""
    folder = write_world(tmp_path_factory.mktemp("explain"))
    code, _ = asked(folder, "ingest", "--as-of", "2026-06-01T05:00:00Z")
    assert code == 0
    first = (folder / "landing" / "profiles" / "first.csv").read_text()
    land(folder, "profiles", "second.csv", "".join(line for line in first.splitlines(keepends=True) if not line.startswith("p9")))
    code, done = asked(folder, "run", "--as-of", AS_OF)
    assert code == 0, done
    return folder


def explained(world: Path, subject: str, *arguments: str) -> dict[str, Any]:
    code, document = asked(world, "explain", "c", subject, *(arguments or ("--as-of", AS_OF)))
    assert code == 0, document
    return dict(document)


def reasons(document: dict[str, Any]) -> list[str]:
    return [reason["reason"] for finding in document["found"] for reason in finding["reasons"]]


@pytest.mark.parametrize("subject", ["anna@post.example", " ANNA@Post.Example ", '"Anna" <anna@post.example>', "p1"])
def test_any_spelling_finds_the_audience(world: Path, subject: str) -> None:
    document = explained(world, subject)
    assert document["verdict"] == "audience"
    assert [(found["profile_id"], found["address"]) for found in document["found"]] == [("p1", "anna@post.example")]


def test_an_exclusion_tells_its_evidence_and_the_least_that_lifts_it(world: Path) -> None:
    document = explained(world, "bert@post.example")
    (found,) = document["found"]
    (reason,) = found["reasons"]
    assert (document["verdict"], reason["reason"], reason["rank"], reason["is_primary"]) == ("excluded", "opted_out_organisation", 31, True)
    assert (reason["reached_via"], reason["scope_id"]) == ("address", "ufer")
    evidence = reason["evidence"]
    assert (evidence["event_id"], evidence["occurred_from"]) == ("c1", "2026-03-04T10:12:00Z")
    assert (evidence["feed"], evidence["file"], evidence["row_number"]) == ("consent", "first.csv", 1)
    assert reason["lift"]["later_than"] == "2026-03-04T10:12:00Z"
    assert "the owner's confirmed form" in reason["lift"]["ways"]
    assert {"scope": "organisation", "scope_id": "ufer"} in reason["lift"]["scopes"]
    assert {"scope": "group", "scope_id": ""} not in reason["lift"]["scopes"]


HEADER = CONSENT.splitlines()[0]
FORM = "opt_in_confirm,email,{address}@post.example,,ufer,list,news,owner,form"
LINK = "opt_in,email,{address}@post.example,,ufer,list,news,owner,preference_link"


@pytest.mark.parametrize(
    ("seconds", "lifted"),
    [
        (0, {"p2": False, "q4": False, "q5": False, "q6": False}),  # a tie leaves the restriction standing
        (1, {"p2": True, "q4": True, "q5": True, "q6": True}),
    ],
)
def test_what_is_said_to_lift_lifts(tmp_path: Path, seconds: int, lifted: dict[str, bool]) -> None:
    """Each answer done as it says, at the least scope, `seconds` later than the restriction."""
    folder = write_world(tmp_path / "w")
    land(folder, "profiles", "more.csv", "operation,profile_id,organisation,email,country\nupsert,q6,ufer,linked@post.example,AT\n")
    rows = [
        f"f1,2026-03-04T10:12:{seconds:02}Z,{FORM.format(address='bert')}",
        f"f2,2026-04-01T10:00:{seconds:02}Z,{FORM.format(address='hard')}",
        f"f3,2026-03-07T10:00:{seconds:02}Z,{FORM.format(address='staffed')}",
        "o4,2026-03-07T10:00:00Z,opt_out,email,linked@post.example,,ufer,brand,galerie,owner,form",
        f"f4,2026-03-07T10:00:{seconds:02}Z,{LINK.format(address='linked')}",
    ]
    land(folder, "consent", "lifts.csv", "\n".join((HEADER, *rows)) + "\n")
    assert asked(folder, "ingest", "--as-of", AS_OF)[0] == 0
    assert {subject: explained(folder, subject)["verdict"] == "audience" for subject in lifted} == lifted


def test_what_is_not_said_to_lift_does_not(tmp_path: Path) -> None:
    """A link after staff's opt-out, a wider form after a narrower opt-out, a form for another address of the person."""
    folder = write_world(tmp_path / "w")
    rows = [
        f"f1,2026-05-01T10:00:00Z,{LINK.format(address='staffed')}",
        "f2,2026-05-01T10:00:00Z,opt_in_confirm,email,staffed@post.example,,ufer,organisation,ufer,owner,form",
        f"f3,2026-05-01T10:00:00Z,{FORM.format(address='cleo.second')}",
    ]
    land(folder, "consent", "lifts.csv", "\n".join((HEADER, *rows)) + "\n")
    assert asked(folder, "ingest", "--as-of", AS_OF)[0] == 0
    assert reasons(explained(folder, "q5")) == ["opted_out_brand"]
    assert reasons(explained(folder, "p3")) == ["opted_out_list"]
    assert explained(folder, "q1")["verdict"] == "audience"


def test_a_restriction_on_another_record_of_the_person_is_masked(world: Path) -> None:
    (reason,) = explained(world, "cleo@post.example")["found"][0]["reasons"]
    assert (reason["reason"], reason["reached_via"]) == ("opted_out_list", "person")
    assert reason["evidence"]["address"] == "c***@post.example"


def test_all_restrictions_behind_a_reason_count(world: Path) -> None:
    """The older one is the owner's; the newer one, by staff, takes the easy ways away."""
    (reason,) = explained(world, "staffed@post.example")["found"][0]["reasons"]
    assert reason["evidence"]["event_id"] == "c4"
    assert reason["lift"]["ways"] == ["the owner's confirmed form, asked for by the owner,"]
    assert reason["lift"]["later_than"] == "2026-03-07T10:00:00Z"


def test_several_profiles_with_one_address_are_each_explained(world: Path) -> None:
    document = explained(world, "two@post.example")
    assert document["verdict"] == "audience"
    assert [(found["profile_id"], found["verdict"]) for found in document["found"]] == [("q2", "audience"), ("q3", "excluded")]
    assert reasons(document) == ["duplicate_address"]


@pytest.mark.parametrize(
    ("subject", "profile", "told"),
    [
        ("fritz@post.example", "p6", "belongs to hof"),
        ("emil@post.example", "p5", "segment: country = 'AT'"),
        ("gone@post.example", "p9", "gone from its CRM"),
        ("p9", "p9", "gone from its CRM"),
        ("unheld@post.example", None, "no profile has it"),
    ],
)
def test_no_candidate_is_told_why(world: Path, subject: str, profile: str | None, told: str) -> None:
    document = explained(world, subject)
    (found,) = document["found"]
    assert (document["verdict"], found["profile_id"]) == ("no_candidate", profile)
    assert told in found["notes"][0]


@pytest.mark.parametrize(
    ("subject", "reason"),
    [("p4", "address_invalid"), ("not an address", "address_invalid"), ("p8", "address_missing"), ("p7", "address_forbidden")],
)
def test_reasons_of_the_address(world: Path, subject: str, reason: str) -> None:
    assert reasons(explained(world, subject)) == [reason]


def test_a_quarantine_tells_its_bounce(world: Path) -> None:
    (reason,) = explained(world, "hard@post.example")["found"][0]["reasons"]
    assert (reason["reason"], reason["evidence"]["event_id"], reason["evidence"]["action"]) == ("quarantined_hard", "d1", "bounce")
    assert reason["lift"]["ways"][-1] == "a release by staff with explanation"


def test_a_seed_is_a_seed(world: Path) -> None:
    assert explained(world, "seed@post.example")["verdict"] == "seed"


def test_a_past_instant_is_asked_of_the_present_ledger(world: Path) -> None:
    assert explained(world, "p2", "--as-of", "2026-03-01T00:00:00Z")["verdict"] == "audience"


def test_another_spelling_of_the_mailbox_is_said_to_be_one(world: Path) -> None:
    (found,) = explained(world, "anna+tag@post.example")["found"]
    assert (found["profile_id"], found["matched_by"], found["verdict"]) == ("p1", "mailbox", "audience")


@pytest.mark.parametrize("subject", ["nobody.here@post.example", "+43 664 1234567", "p99", "a b@c"])
def test_the_unknown_is_not_found_and_masked(world: Path, subject: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, document = asked(world, "explain", "c", subject, "--as-of", AS_OF)
    assert code == 16
    assert subject not in document["error"]["message"]
    assert invoke(["--workspace", str(world), "explain", "c", subject, "--as-of", AS_OF])[0] == 16
    assert subject not in capsys.readouterr().err


def test_an_unknown_campaign_and_run_are_not_found(world: Path) -> None:
    assert asked(world, "explain", "nope", "p1")[0] == 16
    assert asked(world, "explain", "c", "p1", "--run", "20260601T070000Z-00000000")[0] == 16


def test_people_read_it_in_lines(world: Path) -> None:
    code, text = invoke(["--workspace", str(world), "explain", "c", "bert@post.example", "--as-of", AS_OF])
    assert code == 0
    assert "bert@post.example, profile p2 of ufer: is excluded, 1 reason" in text
    assert "landing/consent/first.csv row 1" in text and "lifted by: the owner's confirmed form" in text


def test_a_run_answers_from_its_own_files(world: Path, tmp_path: Path) -> None:
    """What came after the run does not show in it, and does in the present ledger's answer about the same instant."""
    folder = write_world(tmp_path / "w")
    assert asked(folder, "run", "--as-of", AS_OF)[0] == 0
    run = run_id_of(folder)
    land(
        folder,
        "consent",
        "late.csv",
        f"{CONSENT.splitlines()[0]}\nl1,2026-05-01T10:00:00Z,opt_out,email,anna@post.example,,ufer,list,news,owner,form\n",
    )
    assert asked(folder, "ingest", "--as-of", "2026-06-02T07:00:00Z")[0] == 0
    assert explained(folder, "p1", "--as-of", AS_OF)["verdict"] == "excluded"
    assert explained(folder, "anna@post.example", "--run", run)["verdict"] == "audience"
    assert explained(folder, "seed@post.example", "--run", run)["verdict"] == "seed"
    document = explained(folder, "p2", "--run", run)
    assert (document["run_id"], document["verdict"], reasons(document)) == (run, "excluded", ["opted_out_organisation"])
    assert document["found"][0]["reasons"][0]["lift"] == explained(folder, "p2", "--as-of", AS_OF)["found"][0]["reasons"][0]["lift"]
    assert explained(folder, "p6", "--run", run)["verdict"] == "no_candidate"
    assert asked(folder, "explain", "c", "nobody@post.example", "--run", run)[0] == 16


def test_a_pause_that_began_after_the_contact_is_explained_like_any(tmp_path: Path) -> None:
    """Asked two days after the contact, the campaign would leave her out."""
    folder, later = write_world(tmp_path / "w"), "2026-06-03T07:00:00Z"
    header = "event_id,occurred_at,action,channel,address,scope,scope_id,organisation,actor,via,until"
    land(folder, "consent", "pause.csv", f"{header}\nz1,2026-06-02,pause,email,anna@post.example,list,news,ufer,owner,form,2026-08-01\n")
    for command in ("ingest", "build"):
        assert asked(folder, command, "--as-of", later)[0] == 0
    ((reason,),) = [found["reasons"] for found in explained(folder, "p1", "--as-of", later)["found"]]
    assert (reason["reason"], reason["evidence"]["file"], reason["evidence"]["row_number"]) == ("paused", "pause.csv", 1)
    assert reason["lift"]["later_than"] == "2026-06-02T23:59:59.999999Z"
    assert reason["lift"]["notes"] == ["it ends by itself at 2026-08-01T23:59:59.999999Z"]
    assert [place["scope"] for place in reason["lift"]["scopes"]] == ["list"]


def test_every_reason_has_a_lift(world: Path) -> None:
    from pipeline.config import load_configuration

    configuration = load_configuration(Workspace(world))
    rules = Rules(configuration, configuration.campaigns["c"], datetime(2026, 6, 1, tzinfo=UTC))
    for reason in Reason:
        assert reason.spec.least(Behind(), rules).text


@pytest.mark.parametrize(
    ("policy", "behind", "ways"),
    [
        ({"double_opt_in": "optional"}, {"is_any_by_owner": True}, ["the owner's form", "the owner's preference link or START"]),
        (
            {"staff_resubscribe": "with_legal_basis"},
            {"is_any_by_owner": True},
            ["the owner's confirmed form", "the owner's preference link or START", "an opt-in by staff with legal basis and explanation"],
        ),
        ({}, {"is_any_by_staff": True}, ["the owner's confirmed form, asked for by the owner,", "an opt-in by staff under four eyes"]),
        (
            {"staff_resubscribe": "with_legal_basis"},
            {"is_any_by_staff": True, "is_any_by_owner": True},
            [
                "the owner's confirmed form, asked for by the owner,",
                "an opt-in by staff under four eyes with legal basis and explanation",
            ],
        ),
    ],
)
def test_the_policy_decides_who_may_lift_a_group_opt_out(
    tmp_path: Path, policy: dict[str, str], behind: dict[str, bool], ways: list[str]
) -> None:
    from pipeline.config import load_configuration

    folder = write_world(tmp_path / "w", settings={"policy": {**SETTINGS["policy"], **policy}})
    configuration = load_configuration(Workspace(folder))
    rules = Rules(configuration, configuration.campaigns["c"], datetime(2026, 6, 1, tzinfo=UTC))
    lift = Reason.OPTED_OUT_GROUP.spec.least(Behind(Scope.GROUP, **behind), rules)
    assert list(lift.ways) == ways
