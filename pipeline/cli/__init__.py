"""The commands (contract §4). Each is a thin door to one function of the pipeline.

`--workspace`, `--json` and `--quiet` stand before or after the command. Every error says what, where and what to do in one or
two lines and has its exit code; a traceback is a bug (exit 1).
"""

from pipeline.cli import asking, keys, loading, publishing, reviewing, showing, starting
from pipeline.cli.running import execute, invoke, main

__all__ = ["asking", "execute", "invoke", "keys", "loading", "main", "publishing", "reviewing", "showing", "starting"]
