"""`python -m pipeline` is the same as `presend`."""

from pipeline.cli import main

main()
