"""One house in a workspace: what it is called now, how its feeds are set, what it delivers, and what of it has arrived."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from ..product import COLUMNS, write
from ..reference.decision import Run, plan
from ..reference.judge import campaign_file
from .forms import FORMS, PLAIN, Form
from .people import GROUP, key_of

Row = dict[str, str]
World = dict[str, Any]
KINDS = ("profiles", "consent", "delivery")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
PLAIN_ADDRESS = re.compile(r"[a-z0-9-]+@[a-z.]+")
NAMES = ("organisation", "scope_id")
"""Cells that hold a name which the configuration may change."""
PLACE = ("organisation", "brand", "list")
"""Where a campaign says whose it is."""


@dataclass
class Delivery:
    """One file on its way: what it truly says (`rows`), and how that is written.

    `written` are the rows with the dirt that a change put on them; `content` replaces the whole file. What is not `believed` must
    be refused: nothing of it is known.
    """

    kind: str
    stem: str
    rows: list[Row]
    form: Form = PLAIN
    written: list[Row] | None = None
    content: bytes | None = None
    is_believed: bool = True
    received: datetime | None = None
    path: Path | None = None
    is_shouted: bool = False
    """Whether its name is in capitals."""
    is_inside: bool = False
    """Whether it lies in another's archive, which brings it."""
    is_counted: bool = False
    is_gone: bool = False
    """Whether its bytes are not in the landing folder any more: another file has its name."""
    feed: str = ""
    """The feed that it came by, as it was called then."""
    read_as: World = field(default_factory=dict)
    """The feed's settings when it was read."""
    kept_beside: World = field(default_factory=dict)
    """The feed's settings beside which a person said that it may stay as it was read."""

    @property
    def day(self) -> str:
        """The date that the file's name bears."""
        return DAY.findall(self.stem)[0]

    @property
    def name(self) -> str:
        """The file's name."""
        return self.form.named(self.stem).upper() if self.is_shouted else self.form.named(self.stem)

    def bytes(self) -> bytes:
        """The file."""
        given = self.rows if self.written is None else self.written
        rows = [{cell: value for cell, value in row.items() if cell != GROUP} for row in given]
        columns = COLUMNS.get(self.kind, ["entry"])
        further = sorted({column for row in rows for column in row} - set(columns))
        return self.form.written([*columns, *further], rows) if self.content is None else self.content


@dataclass
class House:
    """A house of the town, with everything that changes about it."""

    number: int
    world: World
    folder: Path
    dice: Random
    step: int = 0
    now: dict[str, str] = field(default_factory=dict)
    """What an organisation, brand, list or register is called now, by its first name."""
    formerly: dict[str, list[str]] = field(default_factory=dict)
    """By present name the former ones that the configuration tells of."""
    gone: dict[str, str] = field(default_factory=dict)
    """Brands and lists that nobody knows any more, by their names of then: the organisation that they were of, by its first name."""
    feeds: dict[str, World] = field(default_factory=dict)
    feed_ids: dict[str, str] = field(default_factory=dict)
    campaign_settings: World = field(default_factory=dict)
    due: list[Delivery] = field(default_factory=list)
    arrived: list[Delivery] = field(default_factory=list)
    later: list[Delivery] = field(default_factory=list)
    further: dict[str, World] = field(default_factory=dict)
    """Other campaigns, which are not due."""
    left_out: list[str] = field(default_factory=list)
    """The addresses of the files that this step's campaign leaves out."""
    published: dict[str, dict[str, Run]] = field(default_factory=dict)
    """By life and campaign what was published last, as the reference has it."""
    planned: dict[str, dict[tuple[str, str, datetime], Run]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.feed_ids = {kind: f"{self.key}{kind}" for kind in self.kinds}
        self.feeds = {kind: {} for kind in self.kinds}

    @property
    def key(self) -> str:
        """What every name of the house begins with."""
        return key_of(self.number)

    @property
    def kinds(self) -> list[str]:
        """The kinds of its feeds."""
        return [*KINDS, *(["register"] if self.world["registers"] else [])]

    @property
    def organisation(self) -> str:
        """The present name of the organisation whose campaigns are published."""
        return self.named(f"{self.key}o1")

    @property
    def campaign(self) -> str:
        """The campaign of this step."""
        return str(self.world["steps"][self.step]["campaign_id"])

    @property
    def as_of(self) -> datetime:
        """The moment of the step."""
        return datetime.fromisoformat(self.world["steps"][self.step]["as_of"])

    @property
    def stem(self) -> str:
        """What the step's files are called: they bear its date."""
        return f"{self.as_of:%Y-%m-%d}-{self.step}"

    @property
    def outbox(self) -> Path:
        """Where the campaign's runs appear."""
        return self.folder / "outbox" / self.organisation / self.campaign

    def named(self, name: str) -> str:
        """The present name of what was first called so."""
        return self.now.get(name, name)

    def begins(self, step: int, needs: Sequence[str]) -> None:
        """What the step delivers, before anything happens to it: what is needed, and of the other kinds now and then one."""
        self.step = step
        told = self.world["steps"][step]
        self.campaign_settings = self.renamed(told["campaign"])
        self.due, self.later, self.left_out = self.later, [], []
        for settings in self.feeds.values():
            settings.pop("files", None)
        for kind in KINDS:
            if not self.dice.choice([kind in needs, True]):
                continue
            rows = [{**self.renamed(row), **({"city": "Gänserndorf"} if kind == "profiles" else {})} for row in told[kind]]
            self.due.append(Delivery(kind, self.stem, rows, self._form(rows)))
        if not step:
            self.due += [Delivery("register", self.stem, [{"entry": entry} for entry in register["entries"]])
                         for register in self.world["registers"].values()]  # fmt: skip

    def channel_in(self, step: int) -> str:
        """On which channel the step's campaign writes."""
        return str(self.world["steps"][step]["campaign"]["channel"])

    def _form(self, rows: list[Row]) -> Form:
        """How the day's export is written: mostly plainly. Without a row there is no NDJSON."""
        form = self.dice.choice([PLAIN] * len(FORMS) + FORMS)
        return form if rows or not form.is_json else PLAIN

    def renamed(self, row: World) -> World:
        """A row or a campaign with the names as they are now."""
        told = {cell: self.named(value) if cell in (*NAMES, "brand", "list") and isinstance(value, str) else value
                for cell, value in row.items()}  # fmt: skip
        return told

    def followed(self, name: str) -> str:
        """The present name of what the configuration says was called so."""
        return next((present for present, formers in self.formerly.items() if name in formers), name)

    def present(self, name: str) -> str:
        """How what was called so at any time is called now, whether the configuration says so or not."""
        return next((now for first, now in self.now.items() if name == first or name.startswith(f"{first}-")), name)

    def has(self, name: str) -> bool:
        """Whether the configuration has the id of an organisation, brand or list."""
        return name == self.present(name)

    def of(self, kind: str) -> list[Delivery]:
        """What is due of a kind, the newest last."""
        return [delivery for delivery in self.due if delivery.kind == kind]

    def in_force(self, kind: str) -> list[Row]:
        """The rows of a kind's newest file."""
        told = [delivery for delivery in self.arrived if delivery.kind == kind and delivery.is_believed]
        return told[-1].rows if told else []

    def addresses(self) -> list[tuple[str, str]]:
        """A plain e-mail address of some of the lives, as (life, address)."""
        found: dict[str, str] = {}
        for row in self.of("profiles")[-1].rows if self.of("profiles") else self.in_force("profiles"):
            if PLAIN_ADDRESS.fullmatch(row["email"]) and self.dice.choice([True, False]):
                found.setdefault(row[GROUP], row["email"])
        return sorted(found.items())

    def set_feed(self, kind: str, **settings: Any) -> None:
        """Settings of a feed from now on."""
        self.feeds[kind] = {**self.feeds[kind], **settings}

    def rename_feed(self, kind: str, *, is_told: bool) -> None:
        """A feed's file and its landing folder have another name from now on."""
        before = self.feed_ids[kind]
        (self.folder / "feeds" / f"{before}.yaml").unlink()
        self.feed_ids[kind] = f"{self.key}{kind}-{self.step}"
        told = self.formerly.pop(before, [])
        if is_told:
            self.formerly[self.feed_ids[kind]] = [*told, before]

    def organisations(self) -> World:
        """The organisations as they are called now."""
        return {
            self.named(organisation): {
                "brands": {
                    self.named(brand): {"lists": [self.named(one) for one in what["lists"]]} for brand, what in told["brands"].items()
                },
                "policy": self.world["policy"],
            }
            for organisation, told in self.world["organisations"].items()
        }

    def settings(self) -> World:
        """The organisations as presend.yaml has them: with what they were called formerly, where somebody said it."""
        return {
            organisation: {
                **told,
                **self._word(organisation),
                "brands": {brand: {"lists": [self._list(one) for one in what["lists"]], **self._word(brand)}
                           for brand, what in told["brands"].items()},
            }
            for organisation, told in self.organisations().items()
        }  # fmt: skip

    def registers(self) -> World:
        """The registers as presend.yaml has them."""
        return {
            self.named(name): {**{key: register[key] for key in ("channel", "countries", "use")}, **self._word(self.named(name))}
            for name, register in self.world["registers"].items()
        }

    def _word(self, name: str) -> World:
        return {"formerly": self.formerly[name]} if name in self.formerly else {}

    def _list(self, name: str) -> World | str:
        return {"id": name, **self._word(name)} if name in self.formerly else name

    def rename(self, first: str, *, is_told: bool) -> str:
        """Give a new name to what was first called so; with a word about the former one, or without. Gives the former name."""
        before = self.named(first)
        self.now[first] = f"{first}-{self.step}"
        told = self.formerly.pop(before, [])
        if is_told:
            self.formerly[self.now[first]] = [*told, before]
        elif first not in self.world["organisations"]:
            self.gone |= dict.fromkeys((before, *told), f"{self.key}o1")
        self.campaign_settings = self.renamed(self.world["steps"][self.step]["campaign"])
        for delivery in self.due:
            delivery.rows = [{cell: self.now[first] if cell in NAMES and value == before else value for cell, value in row.items()}
                             for row in delivery.rows]  # fmt: skip
        return before

    def feed(self, kind: str) -> World:
        """What decides how the rows of a feed are read."""
        common = {"timezone": self.world["timezone"], "organisation": self.organisation}
        return {**common, **{name: value for name, value in self.feeds[kind].items() if name in common}}

    def write_feeds(self) -> None:
        """The house's feeds, and its campaigns."""
        for kind in self.kinds:
            settings: World = {
                "source": f"canonical_{kind}",
                **self._word(self.feed_ids[kind]),
                "max_age": "365d",
                "max_rejected": "100%",
                **self.feed(kind),
                **self.feeds[kind],
            }
            if kind == "register":
                (name, register), = self.world["registers"].items()  # fmt: skip
                settings["register"] = {"id": self.named(name), "algorithm": register["algorithm"], **settings.get("register", {})}
            write(self.folder / "feeds" / f"{self.feed_ids[kind]}.yaml", settings)
        for path in (self.folder / "campaigns").glob(f"{self.key}*.yaml"):  # what `check` asks for after a new name
            told = json.loads(path.read_text(encoding="utf-8"))
            write(path, told | {name: self.present(told[name]) for name in PLACE if told.get(name)})
        for name, settings in {**self.further, self.campaign: self.campaign_settings}.items():
            write(self.folder / "campaigns" / f"{name}.yaml", self.campaign_file(settings))

    def campaign_file(self, settings: World) -> World:
        """A campaign's file."""
        told = campaign_file(self.world, {"campaign": settings}, self.as_of)
        return {"columns": [], "formats": ["csv", "parquet"], "publish_before": "2h", **told}

    def land(self, as_of: datetime) -> None:
        """Everything that is due arrives."""
        for delivery in self.due:
            if delivery.is_inside:
                delivery.received, delivery.feed, delivery.read_as = as_of, self.feed_ids[delivery.kind], self.feed(delivery.kind)
                continue
            delivery.path = self.folder / "landing" / self.feed_ids[delivery.kind] / delivery.name
            delivery.path.parent.mkdir(parents=True, exist_ok=True)
            delivery.path.write_bytes(delivery.bytes())
            delivery.received, delivery.feed, delivery.read_as = as_of, self.feed_ids[delivery.kind], self.feed(delivery.kind)
        self.arrived += self.due
        self.due = []
        there = {path.read_bytes() for path in {one.path for one in self.arrived} if path and path.is_file()}
        for delivery in self.arrived:
            delivery.is_gone = not delivery.is_inside and delivery.bytes() not in there
            if not delivery.is_gone and self.followed(delivery.feed) == self.feed_ids[delivery.kind]:
                delivery.read_as = self.feed(delivery.kind)  # the ingest that follows reads it anew where its settings have changed

    def remember(self, runs: dict[str, Run]) -> None:
        """What was published of every life."""
        for group, run in runs.items():
            self.published.setdefault(group, {})[self.campaign] = run
            plan(self.planned.setdefault(group, {}), run)
