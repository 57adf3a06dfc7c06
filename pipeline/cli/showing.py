"""The command that shows how Presend decides: its steps, in the order in which they run."""

from typing import Annotated

import typer

from pipeline.cli.session import answer, app


@app.command()
def steps(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="A table, or a step such as 3_state/restriction.")] = None,
) -> None:
    """The steps from a file's rows to a published run, in their order; with a name, what makes it, what it reads and its SQL."""
    from pipeline import graph

    found = graph.makers() if name is None else graph.named(name)
    document = {
        "steps": [
            {"name": maker.name, "step": maker.where or None, "kept": maker.kept, "reads": maker.reads, "meaning": maker.meaning,
             **({} if name is None else {"sql": maker.sql})}
            for maker in found
        ]
    }  # fmt: skip
    answer(
        document, [graph.line_of(maker) for maker in found] if name is None else [line for maker in found for line in graph.page_of(maker)]
    )
