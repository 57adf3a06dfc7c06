"""Every source that `source:` can name has a spec, and tells where its facts come from."""

from pathlib import Path

import pytest

from pipeline.feeds import adapters
from pipeline.feeds._vendor import Field, Shape, VendorFeed

ROOT = Path(__file__).parents[2]


def test_every_source_has_a_spec_and_every_spec_a_source() -> None:
    specs = {path.stem.removeprefix("test_") for path in (ROOT / "tests" / "spec" / "feeds").glob("test_*.py")} - {"snapshots"}
    assert adapters(), "no adapters found"
    assert specs == set(adapters())


def test_every_source_is_one_file_of_its_name() -> None:
    files = {path.stem for path in (ROOT / "pipeline" / "feeds").glob("[!_]*.py")}
    assert files == set(adapters())


@pytest.mark.parametrize("feed", [feed for feed in adapters().values() if isinstance(feed, VendorFeed)], ids=lambda feed: feed.source)
def test_a_vendors_feed_tells_what_it_reads(feed: VendorFeed) -> None:
    assert feed.shapes and feed.traps and feed.basis
    assert all(link.startswith(("https://", "http://")) for link in feed.basis)
    for shape in feed.shapes:
        is_told = shape.is_headless or shape.file_names or any(field.is_required for field in shape.fields)
        assert is_told, f"{shape.name}: nothing tells it"
        words = [word.lower().strip() for word in shape.codes]
        assert len(words) == len(set(words)), f"{shape.name}: a word stands twice, cases aside"
        if shape.is_snapshot:
            permissive = {"opt_in", "opt_in_confirm", "opt_in_request", "resume", "release", "delivered"}
            assert not permissive & {meaning.word for meaning in shape.codes.values()}, f"{shape.name}: a snapshot permits nothing"


def test_a_field_cannot_take_a_name_that_stands_beside_the_fields() -> None:
    with pytest.raises(ValueError, match="code"):
        Shape(name="events", fields=(Field("code", "a code"),), label="code", codes={}, says={})
