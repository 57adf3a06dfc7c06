"""Where a task's lines of progress go: into its log, as information. What a task writes to standard error Airflow shows as an error."""

import logging

from pipeline.logs import Progress


def progress() -> Progress:
    """Progress that is logged."""
    return Progress(is_quiet=False, write=logging.getLogger("presend").info)
