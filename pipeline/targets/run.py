"""The run as it was published: the very files of its folder, whose sizes and hashes the manifest tells."""

from pathlib import Path

from pipeline.outbox import MANIFEST, Run
from pipeline.targets._target import File, Target, file_of


def files(run: Run, scratch: Path) -> list[File]:
    """The data first and the manifest behind it: who waits for that finds every file that it names."""
    data = [File(run.path / str(entry["name"]), str(entry["sha256"])) for entry in run.manifest["files"]]
    return [*data, file_of(run.path / MANIFEST)]


TARGET = Target(name="run", meaning="the run's folder as it was published", files=files, tells_withdrawn=True)
