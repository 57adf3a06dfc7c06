"""The commands that ask about a decision or a run: why, and whether it holds."""

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.session import SESSION, AsOf, answer, app, clock, configuration, workspace
from pipeline.errors import UsageError


@app.command()
def explain(
    campaign: str,
    subject: Annotated[str, typer.Argument(metavar="ADDRESS|PROFILE_ID")],
    as_of: AsOf = None,
    run_id: Annotated[str | None, typer.Option("--run", metavar="RUN_ID", help="Ask about a published run.")] = None,
) -> None:
    """Why in, why out, and what would lift it."""
    from pipeline.explain import explain as explain_subject

    if as_of is not None and run_id is not None:
        raise UsageError("--as-of and --run exclude each other", remedy="Give one of them.")
    moment = None if as_of is None else clock(as_of, may_be_ahead=True)
    document, lines = explain_subject(workspace(), configuration(), campaign, subject, moment, run_id, SESSION.progress)
    answer(document, lines)


@app.command()
def verify(run_dir: Path) -> None:
    """Check a run's manifest against its files, and the promises against the ledger."""
    from pipeline.promises import Witness, home_of
    from pipeline.verification import verify as verify_run

    witness = Witness(home_of(run_dir, workspace()), SESSION.progress)
    done = verify_run(run_dir, [witness])
    answer(
        {"run_id": done.run_id, "verified": True, "checked": witness.checked, "unchecked": witness.unchecked},
        [
            f"{done.run_id} is as it was published.",
            *(f"checked: {what}" for what in witness.checked),
            *(f"could not be checked: {what}" for what in witness.unchecked),
        ],
    )
