"""`python -m pipeline.reference` writes the manual's pages."""

from pathlib import Path

from pipeline.reference import write_reference

write_reference(Path("docs/reference"))
