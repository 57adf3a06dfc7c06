"""Tries mutants on worlds: which of them would the tests have noticed?

A world is played once through the product's doors. While the steps run, each mutant of a step is asked beside it, over the
very tables that the step reads; one that gives the same rows cannot change anything further on, and that is most of them.
The others are followed from table to table (chain.py) up to the rules. A rule that selects somebody else, reaches him in
another way or names other evidence is what the agreement test notices: the mutant is killed. Where the way leads through the
choice among survivors, the world is decided once more as a whole.

Only worlds count of which the product, unchanged, says what the reference says; of others only what they expect themselves.
"""

import os
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import duckdb

from pipeline import analysis, publishing, steps, validation, warehouse
from pipeline.cli import invoke
from pipeline.config import Configuration
from pipeline.decision import Decision, Inputs, deciding
from pipeline.ledger import read_loads
from pipeline.logs import Progress
from pipeline.workspace import Workspace
from tests.generative.agreement import EVIDENT, told
from tests.generative.reference import judge
from tests.lib import workspaces

from .chain import Chain, Rows, TooLarge, counted
from .mutants import Mutant

UNBINDABLE = (duckdb.BinderException, duckdb.ParserException, duckdb.CatalogException, duckdb.NotImplementedException)
"""A mutant that DuckDB refuses before it reads a row is no mutant."""
REREAD = frozenset({"4_decision/sets/survivor"})
"""A view that is read again and again while reasons are added: a look at one moment says little."""
CHOICE = frozenset({"candidate", "consent_current", "standing", "message"})
"""What the set-wise rules look at."""
QUIET = Progress(is_quiet=True)
KEY = "a key for tests only, and long enough"

Outcome = dict[str, Any]
World = dict[str, Any]


@dataclass
class Verdicts:
    """What became of the mutants: the world that killed each; those refused by DuckDB; those seen only beside the decision."""

    killed: dict[str, str] = field(default_factory=dict)
    invalid: dict[str, str] = field(default_factory=dict)
    beside: dict[str, str] = field(default_factory=dict)
    played: list[str] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)


@contextmanager
def patched(mutant: Mutant) -> Iterator[None]:
    """The product runs with the mutant in place of its step."""
    original = steps.read

    def read(name: str) -> steps.Step:
        step = original(name)
        return replace(step, sql=mutant.sql) if name == mutant.step else step

    steps.folder.cache_clear()
    try:
        with patch.object(steps, "read", read):
            yield
    finally:
        steps.folder.cache_clear()


def try_on(name: str, world: World, mutants: Iterable[Mutant], verdicts: Verdicts) -> None:
    """Play a world, and record which of the mutants it kills."""
    alive = {mutant.id: mutant for mutant in mutants if mutant.id not in verdicts.killed and mutant.id not in verdicts.invalid}
    if not alive:
        return
    with tempfile.TemporaryDirectory() as folder, patch.dict(os.environ, {"PRESEND_KEY": KEY, "PRESEND_DEBUG": "1"}):
        Trial(name, world, Path(folder), alive, verdicts).play()
    verdicts.played.append(name)


class Trial:
    """One world with the mutants that are still alive."""

    def __init__(self, name: str, world: World, folder: Path, alive: dict[str, Mutant], verdicts: Verdicts) -> None:
        self.name = name
        self.world = without_gates(world)
        self.folder = folder
        self.workspace = Workspace(folder)
        self.alive = alive
        self.verdicts = verdicts
        self.of_step: dict[str, list[Mutant]] = defaultdict(list)
        for mutant in alive.values():
            self.of_step[mutant.step].append(mutant)
        self.step: World = {}
        self.expected: dict[str, Outcome] = {}
        self.chain: Chain | None = None
        self.noticed: dict[str, Mutant] = {}
        self.carried: dict[str, dict[str, Any]] = {}
        self.asked: set[str] = set()
        self.read: set[str] = set()
        self.selected: dict[Any, tuple[steps.Step, Rows]] = {}
        self.killers: list[Mutant] = []
        self.is_judged = False

    def play(self) -> None:
        """Step by step; the mutants are tried in each, with the files and the runs that are there then."""
        workspaces.write_settings(self.folder, self.world)
        answers = reference_of(self.world)
        for number, step in enumerate(self.world.get("steps", [self.world])):
            as_of = datetime.fromisoformat(step.get("as_of", self.world.get("as_of", workspaces.AS_OF)))
            workspaces.land(self.folder, step, number)
            campaign = {**self.world.get("campaign", {}), **step.get("campaign", {})}
            workspaces.write_campaign(self.folder, step.get("campaign_id", "c1"), as_of, campaign)
            self.step = step
            self.expected = {name: told(run) for name, run in answers[number].runs.items()} if answers else {}
            with self.observed(as_of):
                code, output = invoke(["--workspace", str(self.folder), "--json", "--quiet", "run", "--as-of", as_of.isoformat()])
            if code == 1:
                raise RuntimeError(f"{self.name}: {output}")

    @contextmanager
    def observed(self, as_of: datetime) -> Iterator[None]:
        """Whenever the product makes a table, its mutants are asked beside it; when all are made, they are followed."""
        for name in ("3_state", "3_state/as_of", "4_decision", "4_decision/rules"):
            steps.folder(name)  # read now, so that what is read later is read by itself
        hooks: list[tuple[Any, str, Any]] = [
            *((owner, name, self.looking(getattr(owner, name))) for owner, name in MAKERS),
            (steps, "read", self.noting(steps.read)),
            (deciding, "_record", self.selecting(deciding._record)),
            (analysis, "_comment", lambda _: None),
            (warehouse, "create_views", self.after_build(warehouse.create_views)),
            (publishing, "decided", self.after_decision(publishing.decided, as_of)),
            # The gates have tests of their own, and cost more than all the rest.
            (validation, "prefetch", lambda: None),
            (validation, "validate", lambda *_: []),
        ]
        with ExitStack() as stack:
            for owner, name, hook in hooks:
                stack.enter_context(patch.object(owner, name, hook))
            self.chain, self.noticed = None, {}
            yield

    # ---- asked beside the step

    def looking(self, make: Callable[..., Any]) -> Callable[..., Any]:
        def looked(con: duckdb.DuckDBPyConnection, step: steps.Step, *progress: Any) -> None:
            if self.chain is None or self.chain.con is not con:
                self.chain = Chain(con)
            self.chain.add(step)
            self.look(step, self.is_other)
            make(con, step, *progress)

        return looked

    def is_other(self, step: steps.Step, mutant: Mutant) -> bool:
        assert self.chain is not None
        return self.chain.is_other(step, mutant.sql)

    def look(self, step: steps.Step, is_other: Callable[[steps.Step, Mutant], bool]) -> None:
        """Ask the step's mutants over the tables as they are; remember those that answer otherwise."""
        name = name_of(step)
        if name in REREAD:
            return
        self.asked.add(name)
        for mutant in self.of_step[name]:
            if mutant.id in self.alive and mutant.id not in self.noticed:
                try:
                    if is_other(step, mutant):
                        self.noticed[mutant.id] = mutant
                except UNBINDABLE as error:
                    self.refuse(mutant, error)
                except TooLarge:
                    continue
                except duckdb.Error:
                    self.kill(mutant)

    def selecting(self, record: Callable[..., int]) -> Callable[..., int]:
        def selected(con: duckdb.DuckDBPyConnection, reason: Any, step: steps.Step) -> int:
            before = told_by(con, step.sql, reason)
            all_before = counted(con.execute(step.sql).fetchall())
            self.selected[reason] = (step, before)

            def is_other(_: steps.Step, mutant: Mutant) -> bool:
                if counted(con.execute(mutant.sql).fetchall()) == all_before:
                    return False
                if self.is_judged and told_by(con, mutant.sql, reason) != before:
                    self.killers.append(mutant)
                    return False
                return True

            self.look(step, is_other)
            return record(con, reason, step)

        return selected

    def noting(self, read: Callable[[str], steps.Step]) -> Callable[[str], steps.Step]:
        def noted(name: str) -> steps.Step:
            self.read.add(name)
            return read(name)

        return noted

    # ---- followed

    def after_build(self, create_views: Callable[..., Any]) -> Callable[..., Any]:
        """Of every mutant of the state: the tables of the warehouse that it changes."""

        def created(con: duckdb.DuckDBPyConnection, *further: Any) -> Any:
            self.carried = {}
            chain, self.chain = self.chain, None
            for mutant in self.noticed.values() if chain else ():
                try:
                    with chain.changed({name_in_chain(mutant): mutant.sql}) as names:
                        kept = names & KEPT
                        self.carried[mutant.id] = {name: con.sql(f'SELECT * FROM temp."{name}"').to_arrow_table() for name in kept}
                except TooLarge:
                    continue
                except duckdb.Error:
                    self.kill(mutant)
            self.noticed = {}
            made = create_views(con, *further)
            self.verdicts.beside.update(dict.fromkeys((*self.carried, *self.noticed), f"tables in {self.name}"))
            self.chain, self.noticed = None, {}
            return made

        return created

    def after_decision(self, decide: Callable[..., Any], as_of: datetime) -> Callable[..., Any]:
        @contextmanager
        def decided(workspace: Workspace, configuration: Configuration, inputs: Inputs, progress: Progress) -> Iterator[Decision]:
            self.chain, self.noticed, self.selected, self.killers = None, {}, {}, []
            self.asked, self.read = set(), set()
            self.is_judged = inputs.campaign.id in self.expected
            with decide(workspace, configuration, inputs, progress) as found:
                original = outcome_in(found)
                self.is_judged = self.is_judged and original["verdict"] == self.expected[inputs.campaign.id]
                if not self.is_judged and "expected" not in self.step:
                    self.verdicts.skipped[f"{self.name}, {inputs.campaign.id}"] = "the reference says nothing, or something else"
                else:
                    self.follow(found, configuration, original)
                yield found

        return decided

    def follow(self, found: Decision, configuration: Configuration, original: Outcome) -> None:
        """How far the mutants get that made a difference on the way."""
        if self.is_judged:
            for mutant in self.killers:
                self.kill(mutant)
        unseen = [mutant for name in sorted(self.read - self.asked) for mutant in self.of_step[name]]
        carried = [self.alive[name] for name in self.carried if name in self.alive]
        for mutant in (*self.noticed.values(), *carried, *unseen):
            if mutant.id not in self.alive:
                continue
            try:
                how_far = self.difference(mutant, found, configuration, original, is_unseen=mutant in unseen)
            except UNBINDABLE as error:
                self.refuse(mutant, error)
            except TooLarge:
                continue
            except duckdb.Error:
                self.kill(mutant)
            else:
                if how_far == "decision":
                    self.kill(mutant)
                elif how_far:
                    self.verdicts.beside[mutant.id] = f"{how_far} in {self.name}"

    def difference(self, mutant: Mutant, found: Decision, configuration: Configuration, original: Outcome, *, is_unseen: bool) -> str:
        """What the mutant changes: the `decision`, only the further `words` of its exclusions, or nothing."""
        if not self.is_judged or is_unseen or self.chain is None:
            return self.decided_again(mutant, configuration, found.inputs, original)
        reason = mutant.step.rsplit("/", 1)[1]
        if mutant.step.startswith(("4_decision/rules/", "4_decision/sets/")) and reason in self.selected:
            return "words"
        if mutant.step == "4_decision/verdict/seed_address":
            return "decision"
        how_far = ""
        texts = {} if mutant.id in self.carried else {name_in_chain(mutant): mutant.sql}
        with self.chain.changed(texts, self.carried.get(mutant.id)) as names:
            for one, (step, before) in self.selected.items():
                if not names.isdisjoint(step.reads) and "/sets/" not in name_of(step):
                    if told_by(self.chain.con, step.sql, one) != before:
                        return "decision"
                    how_far = "words"
            is_choice = not names.isdisjoint(CHOICE) or "verdict/" in mutant.step
        if is_choice or (how_far and mutant.id in self.carried):
            return self.decided_again(mutant, configuration, found.inputs, original)
        return how_far

    def decided_again(self, mutant: Mutant, configuration: Configuration, inputs: Inputs, original: Outcome) -> str:
        """The same question to the product with the mutant in it."""
        with ExitStack() as stack:
            for owner, name in (*MAKERS, (deciding, "_record"), (steps, "read"), (warehouse, "create_views")):
                stack.enter_context(patch.object(owner, name, ORIGINALS[owner.__name__, name]))
            stack.enter_context(patched(mutant))
            database = None
            if mutant.id in self.carried:
                database = self.folder / "mutant" / "presend.duckdb"
                warehouse.build_from(self.workspace, configuration, read_loads(self.workspace), database, inputs.as_of, QUIET)
            with deciding.decided(self.workspace, configuration, inputs, QUIET, database=database) as again:
                outcome = outcome_in(again)
        if self.is_judged:
            is_other = outcome["verdict"] != original["verdict"]
        else:
            is_other = asserted(outcome["verdict"], self.step) != asserted(original["verdict"], self.step)
        return "decision" if is_other else "words" if outcome != original else ""

    def kill(self, mutant: Mutant) -> None:
        self.verdicts.killed[mutant.id] = self.name
        self.alive.pop(mutant.id, None)

    def refuse(self, mutant: Mutant, error: Exception) -> None:
        self.verdicts.invalid[mutant.id] = type(error).__name__
        self.alive.pop(mutant.id, None)


MAKERS = ((steps, "make"),)
KEPT = {step.name for step in steps.folder("3_state") if step.kept in (steps.As.TABLE, steps.As.VIEW)}
ORIGINALS = {
    (owner.__name__, name): getattr(owner, name)
    for owner, name in (*MAKERS, (deciding, "_record"), (steps, "read"), (warehouse, "create_views"))
}


def name_of(step: steps.Step) -> str:
    """The step as `folder/name`."""
    return step.path.relative_to(steps.SQL_FOLDER).with_suffix("").as_posix()


def name_in_chain(mutant: Mutant) -> str:
    return mutant.step.rsplit("/", 1)[1]


def told_by(con: duckdb.DuckDBPyConnection, rule: str, reason: Any) -> Rows:
    """Of what a rule selects, that which the agreement test compares."""
    rows = con.execute(f"SELECT * FROM ({rule})")
    names = [column[0] for column in rows.description or ()]
    compared = [
        name for name in ("candidate_no", "reached_via", "evidence_event_id") if name in names and (name[0] == "c" or reason in EVIDENT)
    ]
    places = [names.index(name) for name in compared]
    return counted([tuple(row[place] for place in places) for row in rows.fetchall()])


def without_gates(world: World) -> World:
    """The world with no least audience: that is a matter of the gates."""
    open_world = deepcopy(world)
    for step in (open_world, *open_world.get("steps", [])):
        step.get("campaign", {}).pop("minimum_audience", None)
    return open_world


def reference_of(world: World) -> Any:
    """The reference's answers, where it knows what the world asks for."""
    try:
        return judge(world)
    except NotImplementedError:
        return None


def outcome_in(found: Decision) -> Outcome:
    """A decision in the form that the agreement test compares, and the further words of its exclusions."""
    rows = found.con.execute(steps.read("5_publication/exclusions").sql).fetchall()
    audience = found.con.execute(f"SELECT profile_id, address FROM ({steps.read('5_publication/audience').sql}) ORDER BY ALL").fetchall()
    seeds = found.con.execute("SELECT address FROM seed_address ORDER BY ALL").fetchall()
    excluded: dict[str, dict[str, Any]] = {}
    words = []
    for address, profile_id, _, reason, _, is_primary, via, scope_id, source, event_id, at, detail in rows:
        one = excluded.setdefault(profile_id, {"address": address, "reasons": {}})
        one["reasons"][reason] = [event_id or "", via or ""] if reason in EVIDENT else ["", ""]
        if is_primary:
            one["primary"] = reason
        words.append(repr((profile_id, reason, is_primary, via, scope_id, source, event_id, at, detail)))
    verdict = {
        "audience": sorted(([profile, address] for profile, address in audience), key=str),
        "seeds": [address for (address,) in seeds],
        "excluded": excluded,
        "counts": {**found.counts, "seeds": len(seeds)},
    }
    return {"verdict": verdict, "words": sorted(words)}


def asserted(verdict: Outcome, step: World) -> Any:
    """The part of a verdict that a scenario says something about."""
    named = step["expected"].get("excluded", {})
    reasons: dict[str, list[str]] = defaultdict(list)
    for profile, one in verdict["excluded"].items():
        who = one["address"] or profile
        if who in named:
            reasons[who] += [one["primary"]] if isinstance(named[who], str) else sorted(one["reasons"])
    return sorted(str(address) for _, address in verdict["audience"]), verdict["seeds"], dict(reasons)
