"""The campaign team's page: whole, self-contained, and every figure of it from the manifest."""

from html.parser import HTMLParser
from typing import Any

import pytest

from pipeline.reasons import Reason
from pipeline.report import page

VOID = {"meta", "br"}


def manifest(**changes: Any) -> dict[str, Any]:
    return {
        "run_id": "20261125T070000Z-0a1b2c3d",
        "campaign": "news",
        "organisation_name": "Kulturmeile <am> Ufer",
        "timezone": "Europe/Vienna",
        "brand": "galerie",
        "list": None,
        "channel": "email",
        "message_class": "marketing",
        "as_of": "2026-11-25T07:00:00Z",
        "delivery_analysis_at": "2026-11-25T08:00:00Z",
        "contact_at": "2026-11-25T08:00:00Z",
        "approval_required": False,
        "counts": {"candidates": 10, "audience": 4, "excluded": 6, "seeds": 1},
        "excluded_by_reason": {"address_missing": 1, "opted_out_list": 3, "capacity": 2},
        "reasons": {"address_missing": 1, "opted_out_list": 4, "no_consent": 2, "capacity": 2},
        "warnings": [],
        "previous_run": None,
        "reads": [],
        "freshness": [
            {
                "feed": "crm", "source": "canonical_profiles", "is_required": True, "files": 1, "rows": 10, "rejected": 0,
                "arrived_at": "2026-11-25T05:00:00Z", "age": 7200, "max_age": None, "is_stale": False,
            }
        ],
        "config_sha256": "c0ffee",
        "ledger_version": "1",
        "software": {"presend": "1"},
        "validation": [],
        **changes,
    }  # fmt: skip


class Reader(HTMLParser):
    """Refuses tags that do not close, and anything that a browser would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in {"script", "link", "img", "iframe", "object"}
        assert not {name for name, value in attrs if name in {"src", "srcset"} or (name == "href" and not (value or "").startswith("#"))}
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag == "rect"

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(html: str) -> str:
    reader = Reader()
    reader.feed(html)
    assert reader.open == []
    return " ".join(reader.text.split())


def test_page_is_whole_and_escapes_names() -> None:
    html = page.render(manifest())
    assert "Kulturmeile <am> Ufer" in read(html)
    assert "Kulturmeile <am>" not in html
    assert "url(" not in html and "@import" not in html


def test_verdict_tells_valid_warned_refused_and_waiting() -> None:
    failed = {"gate": "audience", "name": "leak", "table": "t", "is_met": False, "severity": "critical", "observed": "3", "detail": ""}
    assert "The run is complete and valid." in read(page.render(manifest()))
    assert "with 1 warning." in read(page.render(manifest(warnings=["clicks is stale"])))
    assert "do not send." in read(page.render(manifest(validation=[failed])))
    assert "once a person has released it" in read(page.render(manifest(approval_required=True)))


def test_funnel_ends_with_the_audience() -> None:
    stages = page.funnel(manifest())
    assert [(stage.left, stage.lost) for stage in stages] == [(10, 0), (9, 1), (6, 3), (4, 2)]
    assert page.funnel(manifest(counts={"candidates": 0, "audience": 0, "excluded": 0, "seeds": 0}, excluded_by_reason={}))[0].share == 0


def test_every_reason_has_its_place_in_the_funnel() -> None:
    for reason in Reason:
        assert sum(first <= reason.spec.rank <= last for _, first, last in page.STAGES) == 1, reason


def test_reasons_and_changes_stand_beside_the_previous_run() -> None:
    previous = {
        "as_of": "2026-11-18T07:00:00Z",
        "counts": {"candidates": 8, "audience": 0, "excluded": 8, "seeds": 1},
        "excluded_by_reason": {"opted_out_list": 2, "holdout": 6},
    }
    figures = {
        figure.reason: (figure.primary, figure.total, figure.previous) for figure in page.reason_figures(manifest(previous_run=previous))
    }
    assert figures == {
        "address_missing": (1, 1, 0),
        "opted_out_list": (3, 4, 2),
        "no_consent": (0, 2, 0),
        "holdout": (0, 0, 6),
        "capacity": (2, 2, 0),
    }
    assert [(change.name, change.percent) for change in page.changes(manifest(previous_run=previous))] == [
        ("candidates", "+25.0 %"),
        ("audience", "+400.0 %"),
        ("excluded", "-25.0 %"),
        ("seeds", "+0.0 %"),
    ]
    assert "This is the campaign’s first run." not in read(page.render(manifest(previous_run=previous)))


@pytest.mark.parametrize(("seconds", "text"), [(None, "–"), (0, "0 min"), (3660, "1 h 1 min"), (86400, "1 d"), (90000, "1 d 1 h")])
def test_ages_are_told_in_two_units(seconds: int | None, text: str) -> None:
    assert page.age(seconds) == text


def test_times_are_on_the_organisations_clock() -> None:
    text = read(page.render(manifest()))
    assert "2026-11-25 08:00 (UTC+01:00)" in text
