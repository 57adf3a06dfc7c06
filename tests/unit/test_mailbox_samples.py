"""Each invented message says what `tests/data/mailbox/expected.json` says that it says."""

import json
from pathlib import Path

import pytest

from pipeline.delivery_status import classify
from pipeline.messages import Finding, FindingKind, read_message, shortened
from pipeline.vocabulary import BounceClass

FOLDER = Path(__file__).parent.parent / "data" / "mailbox"
EXPECTED: dict[str, list[list[str]]] = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))


def label(finding: Finding) -> str:
    """The word of expected.json for a finding."""
    if finding.kind is FindingKind.BOUNCE:
        bounce_class, _ = classify(finding.status_code, shortened(finding.diagnostic), finding.bounce_class)
        return "soft" if bounce_class is BounceClass.UNDETERMINED else bounce_class.value
    return "unsubscribe" if finding.kind is FindingKind.OPT_OUT else finding.kind.value


def test_every_message_has_an_expectation():
    found = {path.stem for path in FOLDER.glob("*.eml")}
    assert len(found) > 70
    assert found == EXPECTED.keys()


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_message(name):
    reading = read_message((FOLDER / f"{name}.eml").read_bytes())
    assert sorted([finding.address, label(finding)] for finding in reading.findings) == EXPECTED[name]
    assert not reading.fault


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_truncation_is_no_error(name):
    """A message cut anywhere is read as far as it goes."""
    content = (FOLDER / f"{name}.eml").read_bytes()
    for length in range(20, len(content), 211):
        assert not read_message(content[:length]).fault
