"""Run the hand-written script in the current folder, a workspace of `benchmarks.generator`."""

from pathlib import Path

import duckdb

if __name__ == "__main__":
    Path("script").mkdir(exist_ok=True)
    duckdb.connect().execute(Path(__file__).with_suffix(".sql").read_text())
