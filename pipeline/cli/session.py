"""What every command shares: the application, its common options, the clock, the configuration, and how it answers."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.errors import PresendError, UsageError
from pipeline.logs import Progress
from pipeline.workspace import Workspace

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Validated, suppressed audiences.",
)

AsOf = Annotated[str | None, typer.Option("--as-of", metavar="T", help="The run's clock, e.g. 2026-11-25T07:00:00Z. Default: now.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what would happen; keep nothing.")]


def _person(param: typer.CallbackParam, text: str) -> str:
    """Who answers for it: blanks or a dash would let anything pass by nobody's word. Raises UsageError."""
    if not text and not param.required:
        return ""
    from pipeline.config.values import is_nobody
    from pipeline.logs import masked_name

    if is_nobody(text):
        raise UsageError(f"--by {masked_name(text.strip())!r} names nobody", where="--by", remedy="Write who it is: --by 'Anna Huber'.")
    return text.strip()


By = Annotated[str, typer.Option("--by", metavar="NAME", help="The person whose word it is.", callback=_person)]


@dataclass
class Session:
    """The options that every command has."""

    workspace: Path
    is_json: bool
    is_quiet: bool

    @property
    def progress(self) -> Progress:
        return Progress(is_quiet=self.is_quiet or self.is_json or not sys.stderr.isatty())


SESSION = Session(Path(), False, False)


def workspace() -> Workspace:
    """The workspace that the command works in."""
    return Workspace(SESSION.workspace)


def clock(as_of: str | None, *, may_be_ahead: bool = False) -> datetime:
    """The instant of `--as-of`, else the present second, in UTC. Raises UsageError for one ahead of the machine's clock, except where
    a command only answers a question about the future."""
    from pipeline import clock as machine
    from pipeline.decision import as_utc

    if as_of is None:
        return machine.now()
    moment = as_utc(as_of)
    if not may_be_ahead:
        machine.require_come(moment)
    return moment


def configuration(campaigns: Sequence[str] | None = None) -> Any:
    """The workspace's configuration, with the campaigns named (None: all). Raises ConfigurationError."""
    from pipeline.config import load_configuration
    from pipeline.feeds import sources

    return load_configuration(workspace(), sources=sources(), campaigns=campaigns)


def answer(document: dict[str, Any], lines: Sequence[str]) -> None:
    """The command's result: one JSON document, or lines for people."""
    if SESSION.is_json:
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
    elif not SESSION.is_quiet:
        for line in lines:
            typer.echo(line)


def answer_or_fail(document: dict[str, Any], lines: Sequence[str], error: PresendError | None) -> None:
    """The result of a command that did what it could: with an error, one JSON document still, and the error's exit code."""
    if error is None or not SESSION.is_json:
        answer(document, lines)
        if error is not None:
            raise error
        return
    answer({**document, **error_document(error)}, [])
    raise SystemExit(error.exit_code)


def error_document(error: PresendError) -> dict[str, Any]:
    """An error as JSON (contract §4)."""
    return {"error": {"code": error.exit_code, "message": error.message, "where": error.where, "remedy": error.remedy}}
