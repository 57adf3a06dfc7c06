"""`presend demo` and `presend init`: a living workspace of invented people, an empty one, and the demo's page of results."""

from pipeline.demo.results import results_page
from pipeline.demo.workspace import free_folder, write_empty_workspace, write_workspace

__all__ = ["free_folder", "results_page", "write_empty_workspace", "write_workspace"]
