"""What people have to know stops the campaigns that it concerns, and is a warning otherwise."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipeline import attention
from pipeline.attention import Notice, View, require_ready
from pipeline.config import Campaign, Configuration, load_configuration
from pipeline.errors import ValidationFailed
from pipeline.workspace import Workspace

SETTINGS = "organisations: {ufer: {name: Ufer, country: AT, timezone: Europe/Vienna, brands: {galerie: {lists: []}}}}\n"
CAMPAIGN = "{organisation: ufer, brand: galerie, channel: email, message_class: marketing, delivery_analysis_at: 2026-06-01T09:00:00Z}\n"
AT = datetime(2026, 6, 1, 8, tzinfo=UTC)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "presend.yaml").write_text(SETTINGS)
    (tmp_path / "feeds").mkdir()
    (tmp_path / "campaigns").mkdir()
    (tmp_path / "campaigns" / "c1.yaml").write_text(CAMPAIGN)
    return Workspace(tmp_path)


def asked(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, *found: Notice) -> list[str]:
    """The warnings of the campaign when these are the notices."""

    def look(view: View) -> Iterator[Notice]:
        yield from found

    monkeypatch.setattr(attention, "_lookers", lambda: (look,))
    configuration: Configuration = load_configuration(workspace, sources=frozenset())
    campaign = configuration.campaigns["c1"]
    assert isinstance(campaign, Campaign)
    return require_ready(workspace, configuration, campaign, [], AT)


def test_a_notice_is_a_warning_for_whom_it_concerns(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = Notice("k", "something", remedy="Look."), Notice("k", "nothing of ours", organisation="buehne")
    assert asked(workspace, monkeypatch, ours, theirs) == ["something. Look."]


def test_a_stop_ends_the_publication_of_those_whom_it_concerns(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    stop = Notice("k", "a load is gone", where="ledger/x", remedy="Restore it.", stop=ValidationFailed, campaign="c2")
    assert asked(workspace, monkeypatch, stop) == []
    with pytest.raises(ValidationFailed, match="a load is gone"):
        asked(workspace, monkeypatch, Notice("k", "a load is gone", stop=ValidationFailed, organisation="ufer"))
