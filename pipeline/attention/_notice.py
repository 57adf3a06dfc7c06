"""What a notice is, and what the modules of this package look at."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from pipeline.config import Campaign, Configuration
from pipeline.errors import PresendError
from pipeline.ledger.loads import Load
from pipeline.workspace import Workspace


@dataclass(frozen=True)
class View:
    """A workspace at an instant; `loads` are the ledger's, in order."""

    workspace: Workspace
    configuration: Configuration
    loads: list[Load]
    as_of: datetime

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep the warehouse open, where there is one: DuckDB opens a file once for all that read it in one process, and to open it
        takes longer than any question of this package."""
        with ExitStack() as stack:
            if self.workspace.warehouse.is_file():
                with suppress(duckdb.Error):
                    stack.enter_context(duckdb.connect(str(self.workspace.warehouse), read_only=True))
            yield

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """The query's rows over the warehouse as it is; none before the first build, or where an older version built it without the table.

        The next build replaces such a warehouse, and nothing is published before.
        """
        if not self.workspace.warehouse.is_file():
            return []
        try:
            with duckdb.connect(str(self.workspace.warehouse), read_only=True) as con:
                return con.execute(query).fetchall()
        except duckdb.Error:
            return []


@dataclass(frozen=True)
class Notice:
    """Something that people have to know: what, where, and the one command or setting that resolves it. It never holds an address.

    `stop` is the kind of error that ends the publication of every campaign that the notice concerns; None: it is a warning.
    `organisation` (None: every one) and `campaign` (None: every one) say whose campaigns the notice concerns.
    """

    kind: str
    message: str
    where: str = ""
    remedy: str = ""
    stop: type[PresendError] | None = None
    organisation: str | None = None
    campaign: str | None = None

    def concerns(self, campaign: Campaign) -> bool:
        """Whether the notice has to do with the campaign."""
        return self.organisation in (None, campaign.organisation) and self.campaign in (None, campaign.id)

    def __str__(self) -> str:
        return str(PresendError(self.message, where=self.where, remedy=self.remedy))
