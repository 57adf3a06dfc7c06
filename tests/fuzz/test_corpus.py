"""Every kept input is read as promised, and so is a megabyte of whatever is slow to read."""

import time
from collections.abc import Callable

import pytest

from tests.fuzz import corpus, targets
from tests.fuzz.judging import LARGEST_INPUT, Failure, judge, must_be_storable, must_hold_no_address
from tests.fuzz.monsters import MONSTERS
from tests.fuzz.targets.feeds import SOURCES as VENDORS
from tests.fuzz.targets.ingest import SOURCES, ingest
from tests.fuzz.workplace import REGISTERS, chosen, encoded

LARGEST_CORPUS = 2 << 20
ALONE = [name for name in targets.NAMES if name != "ingest"]
"""The targets that are cheap enough to be run on one input after another."""
FIRST_BYTES = {
    "messages": [b""],
    "tables": [b""],
    "segment": [b"\0", b"\xff"],
    "registers": [encoded(source, "", b"", REGISTERS) for source in sorted(REGISTERS)],
    "feeds": [encoded("sendgrid_events", "", b"", VENDORS)],
}
"""What stands before a monster, where it is not one zero."""


@pytest.mark.parametrize("name", ALONE)
def test_every_kept_input_is_read_without_failure(name: str) -> None:
    target = targets.target(name)
    contents = [path.read_bytes() for path in (*corpus.kept(name), *corpus.found(name))] + list(target.seeds())
    assert len(contents) > len(list(target.seeds())), "nothing is kept: wrong folder?"
    for content in contents:
        judge(target.run, content)


@pytest.mark.parametrize("share", [12, pytest.param(1, marks=pytest.mark.slow)])
def test_the_corpus_of_the_feeds_is_ingested_and_adds_up(share: int) -> None:
    """Each twelfth input in the ordinary tests; all of them among the slow ones."""
    paths = [*corpus.kept("ingest")[::share], *corpus.found("ingest"), *corpus.found("feeds")]
    files = {}
    for number, content in enumerate([path.read_bytes() for path in paths] + list(targets.target("feeds").seeds())):
        feed, name, body = chosen(content, VENDORS)
        files[feed.source, f"{number:04}-{name}"] = body
    assert {source for source, _ in files} == VENDORS
    ingest(files)


def test_every_adapter_can_be_chosen() -> None:
    assert all(chosen(encoded(source, "", b"", SOURCES), SOURCES)[0].source == source for source in SOURCES)


def test_the_corpus_stays_small() -> None:
    sizes = [path.stat().st_size for path in corpus.FOLDER.rglob("*") if path.is_file()]
    assert sum(sizes) < LARGEST_CORPUS


@pytest.mark.parametrize("name", ALONE)
def test_a_quarter_of_a_megabyte_takes_no_longer_than_a_second(name: str) -> None:
    """What costs the square of its size is far beyond it, what costs its size is not, on however busy a machine."""
    must_be_fast(name, LARGEST_INPUT // 4)


@pytest.mark.slow
@pytest.mark.parametrize("name", ALONE)
def test_a_megabyte_takes_no_longer_than_a_second(name: str) -> None:
    must_be_fast(name, LARGEST_INPUT)


def must_be_fast(name: str, size: int) -> None:
    target = targets.target(name)
    target.run(next(target.seeds()))  # what is imported when it is needed
    failures = []
    for first in FIRST_BYTES.get(name, [b"\0"]):
        for monster, content in MONSTERS.items():
            try:
                judge(target.run, first + content[:size])
            except Failure as failure:
                failures.append(f"{monster}: {failure}")
    assert not failures


def test_no_monster_is_larger_than_an_input_may_be() -> None:
    assert all(LARGEST_INPUT / 50 < len(content) <= LARGEST_INPUT * 1.1 for content in MONSTERS.values())


def slow(content: bytes) -> None:
    started = time.process_time()
    while time.process_time() - started < 3:
        pass


def hungry(content: bytes) -> None:
    bytearray(1500 << 20)


def talkative(content: bytes) -> None:
    must_hold_no_address("no mailbox for Anna@post.example.at", content)


def garbled(content: bytes) -> None:
    must_be_storable("\ud800")


@pytest.mark.parametrize("run", [slow, hungry, talkative, garbled])
def test_a_broken_promise_is_a_failure(run: Callable[[bytes], None]) -> None:
    with pytest.raises(Failure):
        judge(run, b"anna@post.example.at")


def test_a_masked_address_may_be_told() -> None:
    must_hold_no_address("a***@post.example.at +43***67", b"anna@post.example.at +436641234567")
