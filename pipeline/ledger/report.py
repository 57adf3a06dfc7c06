"""What an ingest tells of what it did."""

from dataclasses import dataclass, field
from datetime import datetime

from pipeline.ledger.loads import Load


@dataclass
class Anew:
    """What a reading anew came to: the loads in force now, those of files that it would refuse, former ones whose
    files are gone, and those that stay as they were read: somebody let them, or nothing but a few ids was unknown to them."""

    loads: list[Load] = field(default_factory=list)
    refused: list[Load] = field(default_factory=list)
    gone: list[Load] = field(default_factory=list)
    kept: list[Load] = field(default_factory=list)


@dataclass
class IngestReport:
    """What an ingest did: the new loads, the files that were left because they are still being written, and what was read anew."""

    received_at: datetime
    loads: list[Load] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    anew: Anew = field(default_factory=Anew)

    @property
    def refused(self) -> list[Load]:
        return [*(load for load in self.loads if load.is_refused), *self.anew.refused]
