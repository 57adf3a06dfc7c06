"""`presend demo` and `presend init`: a living workspace of invented people, an empty one, and the demo's page of results."""

from pipeline.demo.results import results_page
from pipeline.demo.workspace import write_empty_workspace, write_workspace

__all__ = ["results_page", "write_empty_workspace", "write_workspace"]
