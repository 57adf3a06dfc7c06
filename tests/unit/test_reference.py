"""The pages of docs/reference are the ones that the code gives."""

from pathlib import Path

import pytest

from pipeline.feeds import adapters
from pipeline.reasons import Reason
from pipeline.reference import pages

FOLDER = Path(__file__).parents[2] / "docs" / "reference"


@pytest.fixture(scope="module")
def written() -> dict[str, str]:
    return pages()


def test_pages_are_what_the_code_gives(written: dict[str, str]) -> None:
    found = {name: (FOLDER / name).read_text(encoding="utf-8") for name in written if (FOLDER / name).is_file()}
    differ = [name for name, text in written.items() if found.get(name) != text]
    assert not differ, "run `python -m pipeline.reference`"
    assert {path.stem for path in (FOLDER / "feeds").glob("*.md")} == set(adapters())


def test_pages_tell_of_everything(written: dict[str, str]) -> None:
    assert all(f"# `{source}`" in written[f"feeds/{source}.md"] for source in adapters())
    assert all(f"| `{reason}` |" in written["rules.md"] for reason in Reason)
    assert all(f"## `{table}`" in written["tables.md"] for table in ("consent_event", "suppression", "quarantine", "feed_freshness"))
    assert "None" not in written["tables.md"], "a table or column without a comment"
