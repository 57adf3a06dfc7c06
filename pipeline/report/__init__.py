"""The campaign team's page of a run: one self-contained HTML file without addresses, made from the manifest alone."""

from pipeline.report.page import render

__all__ = ["render"]
