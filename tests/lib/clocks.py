"""The machine's clock, set by a test."""

from datetime import datetime

import pytest

from pipeline import clock


def machine_at(monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    """The machine's clock stands at the moment, and nothing is simulated."""
    monkeypatch.delenv(clock.VARIABLE)
    monkeypatch.setattr(clock, "now", lambda: datetime.fromisoformat(moment))
