"""Runs one command: the common options wherever they stand, and every error as two lines with its exit code."""

import io
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import typer

from pipeline.cli.session import SESSION, app, error_document
from pipeline.durable import for_owner_and_group
from pipeline.errors import PresendError, UsageError, refusal_of_the_system


def _take_common_options(arguments: Sequence[str], environ: Mapping[str, str]) -> list[str]:
    """Put the options of every command, wherever they stand, into the session; gives the rest of the arguments."""
    SESSION.workspace, SESSION.is_json, SESSION.is_quiet = Path(environ.get("PRESEND_WORKSPACE") or "."), False, False
    rest: list[str] = []
    given = iter(arguments)
    for argument in given:
        if argument == "--":
            rest += ["--", *given]
        elif argument == "--json":
            SESSION.is_json = True
        elif argument == "--quiet":
            SESSION.is_quiet = True
        elif argument == "--workspace":
            folder = next(given, None)
            if folder is None:
                raise UsageError("--workspace needs a folder", remedy="E.g. --workspace ./kultur.")
            SESSION.workspace = Path(folder)
        elif argument.startswith("--workspace="):
            SESSION.workspace = Path(argument.partition("=")[2])
        else:
            rest.append(argument)
    return rest


def _fail(error: PresendError) -> int:
    if SESSION.is_json:
        typer.echo(json.dumps(error_document(error), ensure_ascii=False))
    else:
        typer.echo(f"presend: {error}", err=True)
    return error.exit_code


def _guarded(call: Callable[[], Any]) -> int:
    try:
        call()
    except PresendError as error:
        return _fail(error)
    except typer.Exit as done:
        return int(done.exit_code)
    except (typer.TyperException, typer.Abort) as error:
        message = error.format_message() if isinstance(error, typer.TyperException) else "stopped"
        return _fail(UsageError(message, remedy="`presend --help` shows the commands, `presend COMMAND --help` their options."))
    except SystemExit as done:
        return int(done.code or 0)
    except KeyboardInterrupt:
        typer.echo("presend: stopped; nothing was left half done", err=True)
        return 130
    except Exception as error:  # noqa: BLE001 - the last line of defence: no traceback reaches a user
        return _bug(error)
    return 0


def _bug(error: Exception) -> int:
    """What the system refused, or a bug: named without its text, which may quote a row, and kept in full where a developer asks for it."""
    if os.environ.get("PRESEND_DEBUG"):
        raise error
    problem = refusal_of_the_system(error, where=str(SESSION.workspace)) or PresendError(
        f"this is a bug in presend ({type(error).__name__})",
        where=_place_of(error),
        remedy="Nothing was published. Set PRESEND_DEBUG=1 to see the whole error, and report it without the addresses in it.",
    )
    return _fail(problem)


def _place_of(error: Exception) -> str:
    if notes := getattr(error, "__notes__", None):  # the step whose SQL failed
        return str(notes[0])
    trace = error.__traceback__
    place = ""
    while trace is not None:
        name = Path(trace.tb_frame.f_code.co_filename)
        if "pipeline" in name.parts:
            place = f"{name.name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


def execute(arguments: Sequence[str]) -> int:
    """Run one command; gives its exit code."""
    try:
        rest = _take_common_options(arguments, os.environ)
    except UsageError as error:
        return _fail(error)
    with for_owner_and_group():
        return _guarded(lambda: app(rest, standalone_mode=False))


def invoke(arguments: Sequence[str]) -> tuple[int, str]:
    """Run one command in this process; gives its exit code and what it wrote to stdout."""
    captured = io.StringIO()
    with redirect_stdout(captured):
        code = execute(arguments)
    return code, captured.getvalue()


def main() -> None:
    """The `presend` command."""
    code = execute(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    raise SystemExit(code)
