"""What the ledger knows of each input file: `load.json`."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

from pipeline.config import Names
from pipeline.errors import ValidationFailed
from pipeline.ledger.flagging import FlagColumn
from pipeline.ledger.wholes import without_halves
from pipeline.logs import masked_name
from pipeline.vocabulary import Named
from pipeline.workspace import Workspace

LOAD_FILE = "load.json"
ARCHIVE = re.compile(r"(.*?\.zip)/", re.IGNORECASE)
CHECKSUM = "checksum"
"""The key under which load.json holds the SHA-256 of all that it says besides."""


class FromFeed(Protocol):
    """Something that came from a feed, as a load did, or one that is lost."""

    @property
    def feed(self) -> str: ...
    @property
    def feed_names(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class LedgerFile:
    """One Parquet file of a load, as it was when it was written."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Load:
    """One arrival of one input file.

    `rows == loaded + duplicate + ignored + rejected`, always. `content` is the id of the load whose Parquet files hold
    the rows: its own, or the first arrival's of the same bytes in the same feed. `series` tells apart the snapshots that
    stand side by side in one feed (a vendor's subscribed and its unsubscribed members). `files` are those in the load's own
    folder; a load that an older version wrote names none. `place` orders it among those of one ingest, `turn` counts what one name brought
    at one moment, `is_part` makes it one
    edition with the others of its series and ingest, of which there are `parts`, `members` is the number of files in its archive (0: it
    came in none, or an older version loaded it), `landed` is its landing file, `is_shrunk` says that it was refused for what it
    would have replaced, so that a person may accept it.

    `reading` is the fingerprint of the settings under which the file was read, `regions` the default region of each organisation that
    its rows name, and `scopes`, where something in it was unknown, the fingerprint of the ids that were known. `read_at` is when it was
    read anew (None: when it was received), and `replaces` the loads of the same bytes that are out of force since. `names` counts the
    rows that name an organisation, brand, list or register; None: an older version did not count them. `owners` says whose the
    brands and lists among them were then, `brand b1` → the organisation by its first name: once a brand is gone, nothing else does.
    `feed_organisation` is that of the feed then, in the same way. `feed_names` is what the feed was called when the file came: the name
    that it came under, then the former ones, with whose files it goes on; empty in a load of an older version. `flags` are the
    columns that say a "no" or consent; None in a load of a version that read them by another list. `is_table`: its
    profiles stood below a header, which names every column, and not in JSON; None: an older version did not say.
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
    files: tuple[LedgerFile, ...] = ()
    reading: str = ""
    regions: dict[str, str] = field(default_factory=dict)
    scopes: str = ""
    read_at: datetime | None = None
    replaces: tuple[str, ...] = ()
    names: dict[str, int] | None = None
    owners: dict[str, str] = field(default_factory=dict)
    feed_organisation: str = ""
    place: str = ""
    turn: int = 0
    is_part: bool = False
    parts: int = 0
    members: int = 0
    landed: str = ""
    is_shrunk: bool = False
    flags: tuple[FlagColumn, ...] | None = None
    is_table: bool | None = None
    feed_names: tuple[str, ...] = ()

    @property
    def load_key(self) -> int:
        """A number that stands for the load in every row of its Parquet files."""
        return key_of(self.load_id)

    @property
    def content_key(self) -> int:
        """The load key that stands in the rows: that of the first arrival of these bytes."""
        return key_of(self.content)

    @property
    def known_at(self) -> datetime:
        """Since when the ledger has these rows as they are here."""
        return self.received_at if self.read_at is None else self.read_at

    @property
    def landing_name(self) -> str:
        """The landing file that it came from: for a member of an archive, the archive."""
        return self.landed or landing_name_of(self.file)

    @property
    def shown_file(self) -> str:
        """Its file as messages, reports and manifests may name it: some senders name a file after the address that it is about."""
        return masked_name(self.file)

    def to_json(self) -> str:
        read_at = None if self.read_at is None else self.read_at.isoformat()
        values = {**asdict(self), "received_at": self.received_at.isoformat(), "read_at": read_at}
        return json.dumps({**values, CHECKSUM: _checksum(values)}, indent=1, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Load":
        """The load that `to_json` wrote. Raises ValueError, KeyError or TypeError for anything else."""
        values = json.loads(text)
        said = values.pop(CHECKSUM, None)
        if said is not None and said != _checksum(values):
            raise ValueError("another content than its checksum says")
        values["received_at"] = datetime.fromisoformat(values["received_at"])
        if values.get("read_at") is not None:
            values["read_at"] = datetime.fromisoformat(values["read_at"])
        for name in ("organisations", "attributes", "replaces", "feed_names"):
            values[name] = tuple(values.get(name, ()))
        values["files"] = tuple(LedgerFile(**file) for file in values.get("files", ()))
        if values.get("flags") is not None:
            values["flags"] = tuple(FlagColumn(**{**column, "channels": tuple(column["channels"])}) for column in values["flags"])
        return cls(**values)


def refused(load: Load, refusal: str, *, is_shrunk: bool = False) -> Load:
    """The load as refused: nothing of it is loaded, what was read counts as rejected. Its rows are its own, or nowhere."""
    return replace(
        load,
        content=load.load_id,
        is_refused=True,
        refusal=refusal,
        loaded=0,
        duplicate=0,
        rejected=load.rows - load.ignored,
        is_shrunk=is_shrunk,
    )


def _checksum(values: Mapping[str, Any]) -> str:
    return sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def landing_name_of(file: str) -> str:
    """The landing file that a load's `file` lay in: for a member of an archive, the archive."""
    archive = ARCHIVE.match(file)
    return archive[1] if archive else file


def key_of(load_id: str) -> int:
    """63 bits of the id's SHA-256: fits a BIGINT."""
    return int.from_bytes(sha256(load_id.encode()).digest()[:8], "big") >> 1


def read_loads(workspace: Workspace) -> list[Load]:
    """The loads in force, in the order in which files count. Raises ValidationFailed, as `read_every_load` does."""
    return in_force(read_every_load(workspace))


def in_force(loads: Iterable[Load]) -> list[Load]:
    """The loads that no later reading of the same bytes has replaced. A reading counts when all of it is there: when one of its loads
    names those that it replaces."""
    loads = list(loads)
    replaced = {load_id for load in loads for load_id in load.replaces}
    return [load for load in loads if load.load_id not in replaced]


def read_every_load(workspace: Workspace) -> list[Load]:
    """Every load that the ledger has ever counted, former readings too, in the order in which files count: by `received_at`, then
    their place in the ingest, then feed.

    Raises ValidationFailed for a load whose load.json is missing or damaged, and for two loads of one id: an opt-out might be lost unseen.
    """
    folders = list(_load_folders(workspace))
    found = [_read_load(folder) for folder in folders]
    # What a killed process left of a reading anew has never counted: the one that names what it replaces appears last.
    whole = {(load.feed, load.sha256, load.reading, load.read_at) for load in found if load.replaces}
    loads = [load for load in found if load.read_at is None or (load.feed, load.sha256, load.reading, load.read_at) in whole]
    loads = without_halves(workspace, loads)
    seen: dict[str, Load] = {}
    for load in loads:
        other = seen.setdefault(load.load_id, load)
        if other is not load:
            raise ValidationFailed(
                f"two loads have one id, in the feeds {other.feed} and {load.feed}; nothing is built or published from them",
                where=f"ledger/{load.feed}/{load.load_id}",
                remedy=f"Remove this folder and run `presend ingest {load.feed}`.",
            )
    for load, folder in zip(found, folders, strict=True):
        if (load.feed, load.load_id) != (folder.parent.name, folder.name):
            raise ValidationFailed(
                f"a load lies in the place of another one: it is {load.feed}/{load.load_id}; nothing is built or published from it",
                where=f"ledger/{folder.parent.name}/{folder.name}",
                remedy="Give both folders their names again, or remove this one and run `presend ingest`.",
            )
    return sorted(loads, key=order_of)


def order_of(load: Load) -> tuple[datetime, int, str, str, str]:
    """What loads are sorted by: when they were received, their turn, their place in that ingest, their name, their feed."""
    return load.received_at, load.turn, load.place or load.file, load.file, load.feed


def _load_folders(workspace: Workspace) -> Iterator[Path]:
    for path in workspace.ledger.glob("*/*") if workspace.ledger.is_dir() else ():
        if not path.name.startswith(".") and path.is_dir():
            yield path


def _read_load(folder: Path) -> Load:
    try:
        return Load.from_json((folder / LOAD_FILE).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError, KeyError, TypeError) as error:
        fault = "is missing" if isinstance(error, FileNotFoundError) else "was changed after it was written"
        raise ValidationFailed(
            f"a file of the ledger {fault}; nothing is built or published from it",
            where=f"ledger/{folder.parent.name}/{folder.name}/{LOAD_FILE}",
            remedy=f"Restore it from a backup; or remove its folder and run `presend ingest {folder.parent.name}`.",
        ) from error


def renamed(load: Load, names: Names) -> Load:
    """The load with its feed and organisations as they are called now; its files stay where they lie (`folder_of` the load as it was)."""
    organisations = sorted({names.now(Named.ORGANISATION, name) for name in load.organisations})
    feed = names.now(Named.FEED, load.feed)
    return replace(load, feed=feed, feed_names=feed_names_of(load, names), organisations=tuple(organisations))


def feed_names_of(load: FromFeed, names: Names) -> tuple[str, ...]:
    """What the load's feed was called when its file came. Of an older version's loads one under the present name came with all former ones,
    one under a former name with its own."""
    return load.feed_names or names.every(Named.FEED, load.feed)


def version_of(loads: Iterable[Load]) -> str:
    """A name for exactly this content of the ledger: the hash of its arrivals."""
    lines = sorted(f"{load.feed}/{load.load_id} {load.received_at.isoformat()} {load.is_refused}" for load in loads)
    return sha256("\n".join(lines).encode()).hexdigest()


def folder_of(workspace: Workspace, load_id: str, feed: str) -> Path:
    """Where a load's files lie."""
    return workspace.ledger / feed / load_id
