"""Two that answer for a scenario, the product and the reference, in one form: what was published at its last moment."""

import shutil
from collections import OrderedDict
from datetime import datetime
from hashlib import sha256
from itertools import count
from json import dumps, loads
from pathlib import Path
from typing import Any

from pipeline.cli import invoke

from .agreement import told
from .product import land, prepare, published, write
from .reference import judge
from .reference.judge import campaign_file

World = dict[str, Any]
Runs = dict[str, dict[str, Any]]
"""Campaign → audience, excluded, seeds, counts, as `product.published` tells them."""


class Failed(AssertionError):
    """A step ended with an exit code other than 0: nothing can be said of the scenario."""


class Reference:
    """The slow plain Python."""

    def play(self, world: World) -> Runs:
        """What is published at the last moment."""
        outcomes = judge(world)
        if any(outcome.exit for outcome in outcomes):
            raise Failed(str([outcome.exit for outcome in outcomes]))
        return {name: told(run) for name, run in outcomes[-1].runs.items()}


class Product:
    """The real commands, in this process. Steps that were played lately are not played again: many variants share their first steps."""

    def __init__(self, folder: Path, remembered: int = 24) -> None:
        self._folder = folder
        self._remembered = remembered
        self._played: OrderedDict[str, Path] = OrderedDict()
        self._numbers = count()

    def play(self, world: World) -> Runs:
        """What is published at the last moment."""
        return published_at_last(world, self.workspace(world))

    def workspace(self, world: World) -> Path:
        """The workspace after the last step; whoever wants to change it makes a copy."""
        return self._after(world, len(world["steps"]))

    def _after(self, world: World, steps: int) -> Path:
        configuration = {name: value for name, value in world.items() if name not in ("steps", "change")}
        key = sha256(dumps([configuration, world["steps"][:steps]]).encode()).hexdigest()
        if key not in self._played:
            folder = self._folder / str(next(self._numbers))
            if steps:
                shutil.copytree(self._after(world, steps - 1), folder)
                play_step(world, steps - 1, folder)
            else:
                prepare(world, folder)
            self._played[key] = folder
            while len(self._played) > self._remembered:
                shutil.rmtree(self._played.popitem(last=False)[1])
        self._played.move_to_end(key)
        return self._played[key]


def play_step(world: World, number: int, folder: Path) -> None:
    """The step's files and campaign come, and `presend run` does what is due. Raises Failed."""
    step = world["steps"][number]
    as_of = datetime.fromisoformat(step["as_of"])
    land(step, number, folder)
    campaign = {"columns": [], "formats": ["csv", "parquet"], "publish_before": "2h", **campaign_file(world, step, as_of)}
    write(folder / "campaigns" / f"{step['campaign_id']}.yaml", campaign)
    code, answer = invoke(["--workspace", str(folder), "run", "--as-of", step["as_of"], "--json"])
    if code:
        raise Failed(f"step {number + 1} ended with {code}: {answer}")


def published_at_last(world: World, folder: Path) -> Runs:
    """The newest run of every campaign that was due at the last moment."""
    found = {}
    for latest in sorted(folder.glob("outbox/*/*/latest.json")):
        newest = loads(latest.read_text(encoding="utf-8"))
        if datetime.fromisoformat(newest["as_of"]) == datetime.fromisoformat(world["steps"][-1]["as_of"]):
            found[latest.parent.name] = published(latest.parent / newest["run_id"])
    return found
