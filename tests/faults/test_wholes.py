"""An archive, and an edition in parts, counts as a whole or not at all: a kill between two of its files leaves nothing that counts.

`-m slow` kills at every change of a file; the ordinary tests where a load gets its name.
"""

import shutil
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli import invoke
from tests.lib.feeds import land
from tests.lib.killing import Killer
from tests.spec.test_order_of_files import built, edition, packed

CONSENT = "address,scope,action,occurred_at\n{}@x.at,group,opt_out,2026-05-01\n"
KINDS: dict[str, tuple[str, dict[str, Any], dict[str, Any], str, list[str], list[str]]] = {
    # what: the feed, its files before and its new ones, what to ask, the answer before and after
    "an edition in parts": (
        "canonical_register",
        {"1/a.csv": edition("old")},
        {"2/a.csv": edition("a"), "2/b.csv": edition("b")},
        "SELECT value FROM register_entry ORDER BY 1",
        ["old@x.at"],
        ["a@x.at", "b@x.at"],
    ),
    "an edition in an archive": (
        "canonical_register",
        {"1.csv": edition("old")},
        {"2.zip": packed({"a.csv": edition("a"), "b.csv": edition("b")})},
        "SELECT value FROM register_entry ORDER BY 1",
        ["old@x.at"],
        ["a@x.at", "b@x.at"],
    ),
    "an archive of opt-outs": (
        "canonical_consent",
        {"1.csv": CONSENT.format("old")},
        {"2.zip": packed({"a.csv": CONSENT.format("a"), "b.csv": CONSENT.format("b")})},
        "SELECT count(DISTINCT address_key) FROM restriction",
        ["1"],
        ["3"],
    ),
}


def next_morning(folder: Path) -> int:
    return invoke(["--workspace", str(folder), "--json", "ingest", "--as-of", "2026-06-03T08:00:00Z"])[0]


@pytest.mark.parametrize("moments", ["at its name", pytest.param("at every change", marks=pytest.mark.slow)])
@pytest.mark.parametrize("what", KINDS)
def test_it_counts_as_a_whole_or_not_at_all(what: str, moments: str, killer: Killer, tmp_path: Path) -> None:
    feed, before, new, query, old, whole = KINDS[what]
    settings = {"register": {"id": "ecg"}, "parts": True} if feed == "canonical_register" else {}
    land(tmp_path / "before", feed, before, as_of="2026-06-01T08:00:00Z", **settings)
    for name, content in new.items():
        path = tmp_path / "before" / "landing" / feed / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    ingest = ("ingest", "--as-of", "2026-06-02T08:00:00Z")
    undisturbed = killer.run(Path(shutil.copytree(tmp_path / "before", tmp_path / "undisturbed")), *ingest)
    places = [number for number, boundary in enumerate(undisturbed.boundaries) if moments != "at its name" or is_named(boundary)]
    assert len(places) >= 2
    seen = set()
    for number in places:
        folder = Path(shutil.copytree(tmp_path / "before", tmp_path / f"killed-{number}"))
        assert killer.run(folder, *ingest, boundary=number).was_killed
        # Somebody else may publish before the next ingest; and that comes at another time.
        seen.add(tuple(built(folder, query)))
        assert next_morning(folder) == 0
        assert built(folder, query) == whole, undisturbed.boundaries[number]
    assert seen <= {tuple(old), tuple(whole)} and tuple(old) in seen


def is_named(boundary: str) -> bool:
    """Whether it is the moment before a load's folder gets its name."""
    return "rename" in boundary and "unfinished" in boundary
