"""The way from a file's rows to a published run as a graph: what makes each table, in the order in which it runs (`presend steps`)."""

from dataclasses import dataclass

from pipeline import sources, steps
from pipeline.decision.deciding import FILLED
from pipeline.errors import NotFound
from pipeline.identity.persons import FILLED as COMPONENTS
from pipeline.steps import As, Step

FOLDERS = (
    "0_load",
    "1_ledger/renamed",
    "1_ledger",
    "2_identity",
    "3_state",
    "3_state/as_of",
    "4_decision/address",
    "4_decision/spelling",
    "4_decision",
    "4_decision/rules",
    "4_decision/sets",
    "4_decision/verdict",
    "5_publication",
    "6_analysis",
)
"""The folders of `sql/` that hold steps, in the order in which they run."""
_BETWEEN = {"2_identity": COMPONENTS, "4_decision": FILLED}


@dataclass(frozen=True)
class Maker:
    """What makes one table: a step, or Python; `where` is the step's file, below `sql/`."""

    name: str
    where: str
    kept: As
    reads: tuple[str, ...]
    meaning: str
    sql: str | None


def makers() -> list[Maker]:
    """The sources that are there before any step, then each folder's steps, with what Python fills between them, in their order."""
    between = {made.name for filled in _BETWEEN.values() for made in filled}
    named = {source.name: source for source in sources.ALL}
    found = [_of_source(source, ()) for source in sources.ALL if source.name not in between]
    for folder in FOLDERS:
        made: tuple[Step | steps.Filled, ...] = steps.in_order((*steps.folder(folder), *_BETWEEN.get(folder, ())))
        for each in made:
            if isinstance(each, Step):
                found.append(Maker(each.name, f"{folder}/{each.name}", each.kept, each.reads, each.summary, each.sql))
            else:
                found.append(_of_source(named[each.name], each.reads))
    return found


def _of_source(source: sources.Source, reads: tuple[str, ...]) -> Maker:
    return Maker(source.name, "", source.kept, reads, source.meaning, None)


def named(name: str) -> list[Maker]:
    """What makes the table of that name, or the step of that path; a few names are a source and a step. Raises NotFound."""
    found = [maker for maker in makers() if name in (maker.name, maker.where)]
    if not found:
        raise NotFound(f"no step and no source is called {name!r}", where="sql/", remedy="`presend steps` lists them.")
    return found


def line_of(maker: Maker) -> str:
    """One line of the list: where it is made, what becomes of it, and what it reads."""
    made = f"{maker.where or f'Python fills {maker.name}'} ({maker.kept})"
    return f"{made}  reads {', '.join(maker.reads)}" if maker.reads else made


def page_of(maker: Maker) -> list[str]:
    """What a reader wants to know of one table: its meaning, who makes what it reads, and its SQL."""
    made_by = {other.name: other.where or "Python" for other in makers()}
    lines = [line_of(maker).partition("  ")[0], maker.meaning]
    lines += [f"reads {name} (made by {made_by.get(name, 'Python')})" for name in maker.reads]
    return lines if maker.sql is None else [*lines, "", maker.sql]
