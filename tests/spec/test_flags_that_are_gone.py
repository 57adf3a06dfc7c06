"""A column that says a "no" by the feed's settings and that the newest table does not have any more (domain §8, its head and "Flags")."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.cli import invoke
from tests.lib import workspaces
from tests.lib.feeds import land
from tests.lib.world import World

STATUS = {"Status": {"says": "opted_out", "unless": ["aktiv"]}}
AS_OF = "2026-06-02T09:00:00Z"
BEFORE, AFTER = "profile_id,email,Status\n1,a@x.at,aktiv\n", "profile_id,email,Kundenstatus\n1,a@x.at,aktiv\n2,b@x.at,will nichts\n"


def status(folder: Path) -> str:
    return invoke(["--workspace", str(folder), "status", "--as-of", AS_OF])[1]


def ingested(folder: Path, files: dict[str, str], source: str = "canonical_profiles") -> str:
    for name, content in files.items():
        (folder / "landing" / source / name).write_text(content)
    return invoke(["--workspace", str(folder), "ingest", "--as-of", "2026-06-02T08:00:00Z"])[1]


def with_status(world: World, column: str, flags: object) -> workspaces.Answer:
    workspaces.write_settings(world.folder, {"feeds": {"profiles": {"flags": flags}}})
    world.profiles(f"""
        email  | {column}
        -------+-----------
        a@x.at | aktiv
        b@x.at | will nichts
    """)
    world.arrives(as_of=workspaces.AS_OF)
    world.campaign("c1")
    return workspaces.presend(world.folder, "publish", "c1", "--as-of", workspaces.AS_OF)


@pytest.mark.parametrize(
    ("column", "flags", "code"),
    [
        ("Status", STATUS, 0),
        ("Kundenstatus", STATUS, 10),
        ("Kundenstatus", {"Status": "deceased"}, 10),
        ("Kundenstatus", {"Status": "none"}, 0),
        ("Kundenstatus", {"Status": "consent"}, 0),
        ("Kundenstatus", {"Kundenstatus": STATUS["Status"]}, 0),
    ],
)
def test_a_table_without_the_column_stops_its_organisation(world: Callable[..., World], column: str, flags: object, code: int) -> None:
    assert with_status(world(), column, flags).code == code


def test_it_says_what_to_write_and_where(world: Callable[..., World]) -> None:
    refused = with_status(world(), "Kundenstatus", STATUS)
    assert refused.error["message"] == "`flags` names 'Status', which is no column of the newest file: a \"no\" in it is not heard"
    assert refused.error["where"].startswith("landing/profiles/")
    assert refused.error["remedy"] == (
        "Below `flags:` in feeds/profiles.yaml name the column as the file has it now (perhaps Kundenstatus); or write `Status: none` if no"
        " column says it any more."
    )


def test_ingest_names_it_as_well(tmp_path: Path) -> None:
    land(tmp_path, "canonical_profiles", {"p1.csv": BEFORE}, flags=STATUS)
    assert "`flags` names 'Status', which is no column of the newest file: a \"no\" in it is not heard. Below `flags:`" in ingested(
        tmp_path, {"p2.csv": AFTER}
    )


def test_in_json_whose_records_have_only_what_they_fill_it_is_a_note(tmp_path: Path) -> None:
    land(tmp_path, "canonical_profiles", {"p1.json": [{"profile_id": "1", "email": "a@x.at", "Status": "weg"}]}, flags=STATUS)
    words = ingested(tmp_path, {"p2.json": json.dumps([{"profile_id": "1", "email": "a@x.at"}])})
    assert "names 'Status'" not in words
    told = status(tmp_path)
    assert "names 'Status', which is no column of the newest file" in told and "is not heard" not in told


def test_of_several_kinds_of_files_only_one_that_had_the_column_lacks_it(tmp_path: Path) -> None:
    """Mailchimp's export has a file of the subscribed and one of the unsubscribed, side by side."""
    subscribed, left = "Email Address,LEID,Stand\na@x.at,1,aktiv\n", "Email Address,LEID,UNSUB_TIME\nb@x.at,2,2026-01-01 08:00:00\n"
    flags = {"Stand": STATUS["Status"]}
    land(tmp_path, "mailchimp_audience", {"subscribed_1.csv": subscribed, "unsubscribed_1.csv": left}, flags=flags)
    assert "names 'Stand'" not in status(tmp_path)
    words = ingested(tmp_path, {"unsubscribed_2.csv": left.replace("b@", "d@")}, "mailchimp_audience")
    assert "names 'Stand'" not in words and "names 'Stand'" not in status(tmp_path)
    words = ingested(tmp_path, {"subscribed_2.csv": subscribed.replace("Stand", "Lage").replace("a@", "c@")}, "mailchimp_audience")
    assert "names 'Stand', which is no column of the newest file: a \"no\" in it is not heard" in words
    assert "is not heard" in status(tmp_path)


def test_several_columns_to_decide_are_written_below_one_key(tmp_path: Path) -> None:
    land(tmp_path, "canonical_profiles", {"p.csv": "profile_id,email,OPTIN_IP,Consent: mail\n1,a@x.at,1,1\n"})
    told = status(tmp_path)
    assert "below `flags:` in feeds/canonical_profiles.yaml write `OPTIN_IP: none`" in told
    assert 'below `flags:` in feeds/canonical_profiles.yaml write `"Consent: mail": none`' in told
