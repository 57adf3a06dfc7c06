"""The commands about the workspace's secret."""

import os

import typer

from pipeline.cli.session import By, answer, app, clock, workspace

key = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The secret behind control groups and erased addresses.")
app.add_typer(key, name="key")


@key.callback()
def group() -> None:
    """The secret behind control groups and erased addresses: PRESEND_KEY."""


@key.command()
def rotate(by: By) -> None:
    """Let PRESEND_KEY as it is now be the workspace's key: every lot falls anew."""
    from pipeline.keys import rotate as rotate_key
    from pipeline.logs import masked_name

    record = rotate_key(workspace(), masked_name(by), clock(None), os.environ)
    answer(
        {"fingerprint": record.fingerprint, "by": record.by, "at": record.at.isoformat()},
        [f"The key in use has the fingerprint {record.fingerprint}, by {record.by or 'its first use'} since {record.at.isoformat()}."],
    )
