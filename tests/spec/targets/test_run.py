"""The target `run`: the run's folder as it was published, the data first and the manifest behind it."""

from pathlib import Path

from pipeline.targets import target
from pipeline.workspace import Workspace
from tests.lib.publication_world import decision, publish


def test_its_files_are_those_of_the_run_and_the_manifest_comes_last(tmp_path: Path) -> None:
    run = publish(Workspace(tmp_path), decision())
    files = target("run").files(run, tmp_path)
    names = [file.path.name for file in files]
    assert sorted(names) == sorted(path.name for path in run.path.iterdir()) and names[-1] == "manifest.json"
    assert all(file.path.parent == run.path for file in files), "nothing is made for it"
