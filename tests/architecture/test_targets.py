"""Every target that `target:` can name is one module with one spec, and says what it delivers."""

from pathlib import Path

import pytest

from pipeline.targets import DEFAULT, names, target

ROOT = Path(__file__).parents[2]


def test_every_target_is_one_module_with_one_spec() -> None:
    modules = {path.stem for path in (ROOT / "pipeline" / "targets").glob("[!_]*.py")}
    specs = {path.stem.removeprefix("test_") for path in (ROOT / "tests" / "spec" / "targets").glob("test_*.py")}
    assert DEFAULT in names(), "no targets found"
    assert set(names()) == modules == specs


@pytest.mark.parametrize("name", names())
def test_a_target_bears_its_modules_name_and_tells_what_it_delivers(name: str) -> None:
    found = target(name)
    assert found.name == name and found.meaning
    assert all(link.startswith("https://") for link in found.basis)
