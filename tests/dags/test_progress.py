"""A working night is not red: what a task says while it works is information in its log, and nothing of it goes to standard error."""

import logging

import pytest

from orchestration.progress import progress


def test_a_task_tells_its_steps_as_information(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    caplog.set_level(logging.INFO)
    with progress().step("3_state/restriction") as counts:
        counts["rows"] = 1234
    (record,) = caplog.records
    assert record.levelno == logging.INFO and "3_state/restriction" in record.message and "rows 1,234" in record.message
    assert capfd.readouterr().err == ""
