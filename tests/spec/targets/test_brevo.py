"""The target `brevo`: the audience as a CSV that Brevo imports as contacts."""

import csv
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import ConfigurationError
from pipeline.outbox import Run
from pipeline.targets import target
from pipeline.workspace import Workspace
from tests.lib.publication_world import decision, publish


@pytest.fixture
def run(tmp_path: Path, request: pytest.FixtureRequest) -> Run:
    """Three recipients, one of whom is called like a formula, a control address, and three who are excluded."""
    return publish(Workspace(tmp_path / "w"), decision(**getattr(request, "param", {})))


def contacts(run: Run, folder: Path) -> Path:
    (file,) = target("brevo").files(run, folder)
    return file.path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";", strict=True))


def with_campaign(**settings: Any) -> Any:
    return pytest.mark.parametrize("run", [settings], indirect=True)


def test_columns_are_attributes_and_values_stand_between_semicolons(run: Run, tmp_path: Path) -> None:
    path = contacts(run, tmp_path)
    assert path.read_bytes().startswith(b"EMAIL;FIRSTNAME;CITY;KUNDEN_NR_;UPDATED_AT\n") and path.name == "contacts.csv"
    assert [row["EMAIL"] for row in rows(path)] == ["x2@example.at", "y1@example.at", "z0@example.at", "aaa-seed@example.at"]


def test_it_holds_the_audience_and_the_control_addresses_and_nobody_who_is_excluded(run: Run, tmp_path: Path) -> None:
    found = {row["EMAIL"] for row in rows(contacts(run, tmp_path))}
    assert len(found) == run.counts["audience"] + run.counts["seeds"]
    assert "out@example.at" not in found


def test_a_text_that_a_spreadsheet_would_run_is_neutralised(run: Run, tmp_path: Path) -> None:
    by_address = {row["EMAIL"]: row for row in rows(contacts(run, tmp_path))}
    assert by_address["y1@example.at"]["FIRSTNAME"] == "'=HYPERLINK(1)"
    assert by_address["x2@example.at"]["KUNDEN_NR_"] == "'-2"


@with_campaign(names=("Zoë; “B”",))
def test_it_is_utf_8_without_a_mark_and_quotes_what_it_must(run: Run, tmp_path: Path) -> None:
    assert 'z0@example.at;"Zoë; “B”";' in contacts(run, tmp_path).read_bytes().decode("utf-8")


@with_campaign(formats=("csv",), columns=("Kunden Nr.",))
def test_a_campaign_without_parquet_gives_the_same_texts(run: Run, tmp_path: Path) -> None:
    assert {row["EMAIL"]: row["KUNDEN_NR_"] for row in rows(contacts(run, tmp_path))}["y1@example.at"] == "'-1"


@with_campaign(columns=("external_id",))
def test_the_senders_own_id_is_the_external_id_never_the_profiles(run: Run, tmp_path: Path) -> None:
    assert contacts(run, tmp_path).read_text().splitlines()[0] == "EMAIL;EXT_ID"


@pytest.mark.parametrize(
    ("channel", "attribute"), [("email", "EMAIL"), ("sms", "SMS"), ("phone", "LANDLINE_NUMBER"), ("whatsapp", "WHATSAPP")]
)
def test_the_address_is_what_the_channel_is_sent_to(tmp_path: Path, channel: str, attribute: str) -> None:
    run = publish(Workspace(tmp_path / "w"), decision(channel=channel, columns=()))
    assert contacts(run, tmp_path).read_text().splitlines()[0] == attribute


def test_a_channel_that_brevos_import_does_not_have_is_refused(tmp_path: Path) -> None:
    run = publish(Workspace(tmp_path / "w"), decision(channel="rcs", columns=()))
    with pytest.raises(ConfigurationError, match="no attribute for addresses of the channel rcs") as refused:
        contacts(run, tmp_path)
    assert "send by email, sms, phone or whatsapp" in refused.value.remedy


@pytest.mark.parametrize("column", ["email", "sms", "WhatsApp", "landline_number"])
def test_a_column_by_which_brevo_would_know_somebody_is_refused(tmp_path: Path, column: str) -> None:
    """Else a profile's other address, about which nobody decided, would be imported as a contact's."""
    run = publish(Workspace(tmp_path / "w"), decision(columns=(column,)))
    with pytest.raises(ConfigurationError, match="knows somebody by"):
        contacts(run, tmp_path)


@with_campaign(columns=("Kunden Nr.", "kunden_nr_"))
def test_two_columns_of_one_attribute_are_refused(run: Run, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="KUNDEN_NR_, which stands twice"):
        contacts(run, tmp_path)


def test_the_same_run_gives_the_same_bytes(run: Run, tmp_path: Path) -> None:
    first = contacts(run, tmp_path).read_bytes()
    (tmp_path / "again").mkdir()
    assert contacts(run, tmp_path / "again").read_bytes() == first
