"""What the targets share: a workspace in a folder of its own, a connection that knows its configuration, and the choice of an adapter."""

import atexit
import json
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from hashlib import sha1
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from pipeline.config import Configuration, load_configuration
from pipeline.engines.local import open_engine, scratch_folder
from pipeline.feeds import Feed, adapters, sources
from pipeline.feeds._vendor import VendorFeed
from pipeline.ledger.staging import prepare
from pipeline.vocabulary import Kind
from pipeline.workspace import Workspace
from tests.lib.feeds import ORGANISATIONS

SAMPLES = Path(__file__).parents[2] / "pipeline" / "demo" / "samples"
REGISTERS = frozenset(feed.source for feed in adapters().values() if feed.kinds == (Kind.REGISTER,))

_open = ExitStack()
atexit.register(_open.close)


@cache
def workspace() -> Workspace:
    """A workspace with a feed for every adapter, removed at the end of the process."""
    folder = Path(_open.enter_context(TemporaryDirectory(prefix="fuzz-")))
    registers = {name: {"channel": "email", "use": "always"} for name in REGISTERS}
    write(folder / "presend.yaml", {"organisations": ORGANISATIONS, "registers": registers})
    for source in adapters():
        feed: dict[str, Any] = {"source": source, "organisation": "o1", "max_rejected": "100%"}
        write(folder / "feeds" / f"{source}.yaml", feed | ({"register": {"id": source}} if source in REGISTERS else {}))
    return Workspace(folder)


@cache
def configuration() -> Configuration:
    """The workspace's configuration."""
    return load_configuration(workspace(), sources=sources())


@cache
def engine() -> duckdb.DuckDBPyConnection:
    """A connection that is prepared as ingest prepares its own; one thread, so that time is what the input costs."""
    con = _open.enter_context(open_engine(workspace().scratch, {"PRESEND_THREADS": "1"}))
    prepare(con, configuration())
    return con


@contextmanager
def written(content: bytes, name: str = "input") -> Iterator[tuple[Path, Path]]:
    """The bytes as a file, and the scratch folder that it lies in."""
    with scratch_folder(workspace().scratch) as folder:
        path = folder / name
        path.write_bytes(content)
        yield path, folder


def write(path: Path, value: object) -> None:
    """A configuration file; JSON is YAML."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), encoding="utf-8")


def chosen(content: bytes, sources: Collection[str]) -> tuple[Feed, str, bytes]:
    """What an input means: its first byte and three bits of its second are the adapter, the other bits the file's name, the rest the file.

    The choice is a rendezvous: a new adapter takes over few of the bytes, and the corpus keeps its meaning.
    """
    first, second = (content + b"\0\0")[:2]
    choice = bytes([first, second >> 5]) if second >> 5 else bytes([first])
    source = max(sources, key=lambda name: sha1(choice + name.encode()).digest())
    names = file_names(adapters()[source])
    return adapters()[source], names[(second & 31) % len(names)], content[2:]


def encoded(source: str, name: str, body: bytes, sources: Collection[str]) -> bytes:
    """The input that means this file of this adapter."""
    names = file_names(adapters()[source])
    word = max((place for place, known in enumerate(names) if Path(known).stem in name.lower()), default=0)
    choices = (bytes([first, part << 5 | word]) for part in range(8) for first in range(256))
    return next(choice for choice in choices if chosen(choice, sources)[0].source == source) + body


def file_names(feed: Feed) -> list[str]:
    """The file names that an adapter tells apart, after one that says nothing."""
    words = [word for shape in feed.shapes for word in (*shape.file_names, *shape.layouts)] if isinstance(feed, VendorFeed) else []
    return ["file", *dict.fromkeys(f"{word.strip('.')}.csv" for word in words)]


def samples(sources: Collection[str]) -> Iterator[bytes]:
    """The samples that the product lays beside a feed, as inputs."""
    for path in sorted(SAMPLES.glob("*/*")):
        if path.parent.name in sources:
            yield encoded(path.parent.name, path.name, path.read_bytes(), sources)
