"""What the ledger knows of each input file: `load.json`."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from pipeline.workspace import Workspace


@dataclass(frozen=True)
class Load:
    """One arrival of one input file.

    `rows == loaded + duplicate + ignored + rejected`, always. `content` is the id of the load whose Parquet files hold
    the rows: its own, or the first arrival's of the same bytes in the same feed. `series` tells apart the snapshots that
    stand side by side in one feed (a vendor's subscribed and its unsubscribed members).
    """

    load_id: str
    feed: str
    source: str
    file: str
    sha256: str
    bytes: int
    received_at: datetime
    content: str
    is_refused: bool
    refusal: str
    rows: int
    loaded: int
    duplicate: int
    ignored: int
    rejected: int
    kinds: dict[str, int] = field(default_factory=dict)
    organisations: tuple[str, ...] = ()
    is_snapshot: bool = False
    series: str = ""
    is_single_record: bool = False
    attributes: tuple[str, ...] = ()
    faults: dict[str, int] = field(default_factory=dict)
    unknown: dict[str, int] = field(default_factory=dict)
    says: dict[str, int] = field(default_factory=dict)
    feed_sha256: str = ""

    @property
    def load_key(self) -> int:
        """A number that stands for the load in every row of its Parquet files."""
        return key_of(self.load_id)

    @property
    def content_key(self) -> int:
        """The load key that stands in the rows: that of the first arrival of these bytes."""
        return key_of(self.content)

    def to_json(self) -> str:
        return json.dumps({**asdict(self), "received_at": self.received_at.isoformat()}, indent=1, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Load":
        values = json.loads(text)
        values["received_at"] = datetime.fromisoformat(values["received_at"])
        for name in ("organisations", "attributes"):
            values[name] = tuple(values[name])
        return cls(**values)


def key_of(load_id: str) -> int:
    """63 bits of the id's SHA-256: fits a BIGINT."""
    return int.from_bytes(sha256(load_id.encode()).digest()[:8], "big") >> 1


def read_loads(workspace: Workspace) -> list[Load]:
    """Every load of the ledger, in the order in which files count: by `received_at`, then name, then feed."""
    files = workspace.ledger.glob("*/*/load.json") if workspace.ledger.is_dir() else []
    loads = [Load.from_json(path.read_text(encoding="utf-8")) for path in files if not path.parent.name.startswith(".")]
    return sorted(loads, key=lambda load: (load.received_at, load.file, load.feed))


def version_of(loads: Iterable[Load]) -> str:
    """A name for exactly this content of the ledger: the hash of its arrivals."""
    lines = sorted(f"{load.feed}/{load.load_id} {load.received_at.isoformat()} {load.is_refused}" for load in loads)
    return sha256("\n".join(lines).encode()).hexdigest()


def folder_of(workspace: Workspace, load_id: str, feed: str) -> Path:
    """Where a load's files lie."""
    return workspace.ledger / feed / load_id
