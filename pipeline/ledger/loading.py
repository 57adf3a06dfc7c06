"""Loads the new files of one feed: each is read, judged and kept, or refused as a whole."""

import shutil
from collections.abc import Iterable
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import duckdb

from pipeline.config import Configuration, FeedConfig
from pipeline.engines.local import scratch_folder
from pipeline.feeds import adapters
from pipeline.feeds._feed import RowFeed, SourceFile, TableFeed
from pipeline.feeds._vendor import VendorFeed
from pipeline.ledger import chain, intact, landing, shrinking, staging
from pipeline.ledger.arrivals import new_files, other_parts
from pipeline.ledger.continuity import Loss
from pipeline.ledger.counts import counted, share, too_many
from pipeline.ledger.editions import edition_judged, is_whole_state
from pipeline.ledger.json_tables import is_an_error_answer
from pipeline.ledger.landing import ContentHashes, LandingFile, UnreadableFile
from pipeline.ledger.loads import LOAD_FILE, Load, feed_names_of, folder_of, in_force, landing_name_of, order_of, read_every_load, refused
from pipeline.ledger.opened import Opened, all_opened
from pipeline.ledger.order import places
from pipeline.ledger.readings import Reading, region_of
from pipeline.ledger.rejects import REJECTED, publish_rejected, write_rejected
from pipeline.ledger.report import IngestReport
from pipeline.ledger.shapes import shapes_named
from pipeline.ledger.staging import RecordsStaged
from pipeline.ledger.together import MOST, is_small
from pipeline.ledger.vendor import stage_together, stage_vendor
from pipeline.ledger.waivers import read_waivers
from pipeline.logs import Progress
from pipeline.workspace import Workspace

MOST_SINGLES = 1000
"""So many files of one message are read together: each is cut out of the whole at the end."""


class Loader:
    """Loads the new files of one feed; the feed's lock is held."""

    def __init__(
        self,
        workspace: Workspace,
        configuration: Configuration,
        feed: FeedConfig,
        con: duckdb.DuckDBPyConnection,
        report: IngestReport,
        progress: Progress,
        kept_in: Workspace,
        chained: Iterable[tuple[str, str]] = (),
    ) -> None:
        self.workspace = workspace
        self.configuration = configuration
        self.feed = feed
        self.con = con
        self.report = report
        self.progress = progress
        self.kept_in = kept_in
        self.adapter = adapters()[feed.source]
        self.ledger = kept_in.ledger / feed.id
        landing.clear_unfinished(self.ledger)
        own = [load for load in read_every_load(workspace) if load.feed in feed.names]
        self.known = {load.load_id: load for load in in_force(own)}
        # The id of a load that is lost, or was replaced, is not given again.
        self.taken_ids = {load.load_id for load in own} | {load_id for name, load_id in chained if name in feed.names}
        self.reading = Reading.of(configuration, feed)
        # What is read anew is known from now on, and unseen until all of it is there.
        self.read_at: datetime | None = None
        self.unseen: dict[str, tuple[Load, Path]] | None = None
        self.arrived_then: list[Load] = []
        self.let_in: set[str] = set()
        self.waivers = [waiver for waiver in read_waivers(workspace) if waiver.feed in feed.names]
        # Loads of a vendor's files with one record each: judged together at the end, as are the parts of an edition.
        self.lone: list[tuple[Load, Path]] = []
        self.parts: list[tuple[Load, Path]] = []
        self.feed_sha256 = feed.sha256
        # What is loaded again: these files alone, under the verdict of then.
        self.lost: dict[str, Load | Loss] | None = None
        self.verdict: bool | None = None

    def landed(self) -> list[LandingFile]:
        """The feed's files in landing/."""
        return landing.files_under(self.workspace, self.feed.names, self.feed.files)

    def new_files(self) -> list[tuple[LandingFile, str]]:
        """Files that are not what their names brought last, with their hashes."""
        files = self.landed()
        new = new_files(self.workspace, self.feed.id, files, self.known.values())
        if self.feed.parts:
            new += other_parts(self.workspace, self.feed.id, files, self.known.values(), new)
        found = [(file, digest) for file, digest in new if file.is_unchanged()]
        if self.feed.parts and len(found) < len(new):
            found = []  # an edition is loaded when all of it is there
        self.report.waiting += [f"{self.feed.id}/{file.name}" for file, digest in new if (file, digest) not in found]
        return found

    def lost_files(self, losses: Iterable[Loss]) -> dict[tuple[datetime, bool], dict[str, Load | Loss]]:
        """Loads whose Parquet files are gone, and the `losses` of the feed, where their landing files are still there: by the ingest that
        loaded them, by name."""
        lost: list[Load | Loss] = [load for load in self.known.values() if intact.is_lost(self.workspace, load, self.known)]
        lost += losses
        hashes = ContentHashes(self.workspace, self.feed.id)
        landed = {file.name: hashes.of(file) for file in self.landed()} if lost else {}
        found: dict[tuple[datetime, bool], dict[str, Load | Loss]] = {}
        for load in lost:
            if landed.get(landing_name_of(load.file)) == load.sha256:
                found.setdefault((load.received_at, load.is_refused), {})[load.file] = load
        return found

    def load_again(self, received_at: datetime, is_refused: bool, lost: dict[str, Load | Loss]) -> None:
        """Make the lost loads of one earlier ingest again from their landing files: received and judged as they were then."""
        ids = {load.load_id for load in lost.values()}
        again = self.at(received_at, {load_id: load for load_id, load in self.known.items() if load_id not in ids})
        again.lost, again.verdict = lost, is_refused
        names = {landing_name_of(load.file): load.sha256 for load in lost.values()}
        again.load([(file, names[file.name]) for file in self.landed() if file.name in names])
        if self.kept_in is self.workspace:
            chain.extend(self.workspace, again.report.loads, are_remade=True)
        self.known |= again.known
        self.report.loads += again.report.loads
        self.report.waiting += again.report.waiting

    def at(self, received_at: datetime, known: dict[str, Load]) -> "Loader":
        """A loader of the same feed for what was received then, beside the loads that are `known`."""
        again = copy(self)
        again.report, again.known, again.lone, again.parts = IngestReport(received_at), known, [], []
        return again

    def prepare(self) -> None:
        """Install in the connection what loading needs, once for all feeds."""
        if not self.con.execute("SELECT getvariable('scope_organisation') IS NOT NULL").fetchall()[0][0]:
            staging.prepare(self.con, self.configuration)

    def load(self, files: list[tuple[LandingFile, str]]) -> None:
        """Load the files in their order. Single records go through the steps together, are judged together and kept at the end, as are the
        parts of an edition: where one of them is written to meanwhile, all wait."""
        waiting = len(self.report.waiting)
        # With those of the same ingest that a killed process has loaded already, so that the order is that of an undisturbed one.
        together = [load for load in self.known.values() if load.received_at == self.report.received_at]
        self.places = places({load.landing_name for load in together} | {file.name for file, _ in files})
        self.turns = {load.landing_name: (load.turn, load.sha256) for load in sorted(together, key=order_of)}
        files = sorted(files, key=lambda each: (self.places[each[0].name], each[0].name))
        if files:
            staging.describe_feed(self.con, self.feed, self.report.received_at, region_of(self.configuration, self.feed))
        singles: list[Opened] = []
        small: list[Opened] = []
        for file, digest in files:
            try:
                with landing.opened(file, self.workspace.scratch) as contents:
                    several = all_opened(file, digest, contents, self.places[file.name])
                    if several[0].path == file.path:
                        self._sort(several, singles, small)
                    else:
                        # What is unpacked is there only now.
                        self._load_sorted(several)
            except UnreadableFile as problem:
                unread = Opened(file, digest, file.name, file.path, file.name, self.places[file.name])
                self._keep(refused(self._new_load(unread), str(problem)), None)
            except OSError:
                if file.is_unchanged():
                    raise
                self.report.waiting.append(f"{self.feed.id}/{file.name}")
        self._load_singles(singles)
        self._load_small(small)
        self._keep_single_records(self.lone)
        self._keep_parts(are_complete=len(self.report.waiting) == waiting)

    def _load_sorted(self, several: list[Opened]) -> None:
        """Load the files of an archive, those that can be together."""
        singles: list[Opened] = []
        small: list[Opened] = []
        self._sort(several, singles, small)
        self._load_singles(singles)
        self._load_small(small)

    def _sort(self, several: list[Opened], singles: list[Opened], small: list[Opened]) -> None:
        """Put aside what is read together with others, and load the rest."""
        for opened in several:
            if self.lost is not None and opened.name not in self.lost:
                continue
            if self._is_again(opened):
                continue
            if isinstance(self.adapter, RowFeed) and self.adapter.is_single_record(SourceFile(opened.path, opened.name, self.feed)):
                singles.append(opened)
            elif isinstance(self.adapter, VendorFeed) and is_small(opened.path):
                small.append(opened)
            else:
                self._load_one(opened)

    def _is_again(self, opened: Opened) -> bool:
        """Keep an arrival of bytes that another name has brought already: it brings no new rows, and points to the first one's."""
        inside = opened.name.removeprefix(opened.file.name)
        for first in self.known.values():
            if (
                first.sha256 == opened.digest
                and first.content == first.load_id
                and not first.is_refused
                and not self.reading.is_former(first)
                and first.file.endswith(inside or Path(first.file).name)
                and self._reads_alike(first.file, opened.name)
            ):
                load = self._new_load(opened)
                self._keep(
                    replace(
                        first,
                        load_id=load.load_id,
                        feed=load.feed,
                        feed_names=load.feed_names,
                        file=opened.name,
                        received_at=load.received_at,
                        read_at=load.read_at,
                        replaces=load.replaces,
                        loaded=0,
                        duplicate=first.loaded + first.duplicate,
                        place=load.place,
                        turn=load.turn,
                        is_part=load.is_part,
                        parts=load.parts,
                        members=load.members,
                        landed=load.landed,
                    ),
                    None,
                )
                return True
        return False

    def _reads_alike(self, one: str, other: str) -> bool:
        """Whether the adapter reads the same out of the same bytes under both names: some vendors tell in it what a file holds."""
        return not isinstance(self.adapter, VendorFeed) or shapes_named(self.adapter, one) == shapes_named(self.adapter, other)

    def _load_one(self, opened: Opened) -> None:
        load = self._new_load(opened)
        folder = self._unfinished(load)
        with self.progress.step(f"ingest {self.feed.id}/{Path(opened.name).name}"[:60]) as counts:
            try:
                load, rejected = self._read(load, opened, folder)
            except UnreadableFile as problem:
                load, rejected = refused(load, str(problem)), []
            except OSError:
                if opened.file.is_unchanged():
                    raise
                rejected = []
            counts.update(rows=load.rows, loaded=load.loaded, rejected=load.rejected)
        if not self._has_changed(opened, folder):
            self._judge(load, rejected, folder, opened)

    def _judge(self, load: Load, rejected: list[tuple[int, str, str]], folder: Path, opened: Opened) -> None:
        """Keep a load that was read, or refuse it for its rejected rows; a vendor's single record is judged with the others."""
        write_rejected(folder, rejected)
        if not load.rows and not load.is_refused and is_an_error_answer(opened.path):
            load = refused(load, "it holds no record, and the error that an interface answered with")
        if isinstance(self.adapter, VendorFeed) and load.rows == 1 and not load.is_refused:
            self.lone.append((replace(load, is_single_record=True), folder))
            return
        if not load.is_refused and self._is_too_many(load.rejected, load.rows - load.ignored):
            load = refused(load, too_many(load.rejected, load.rows - load.ignored, self.feed))
        self._keep(load, folder)

    def _unfinished(self, load: Load) -> Path:
        folder = self.ledger / f".unfinished-{load.load_id}"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _has_changed(self, opened: Opened, folder: Path) -> bool:
        """Whether the file was written to while it was read; it waits for the next run then."""
        if opened.file.is_unchanged():
            return False
        shutil.rmtree(folder)
        self.report.waiting.append(f"{self.feed.id}/{opened.name}")
        return True

    def _read(self, load: Load, opened: Opened, folder: Path) -> tuple[Load, list[tuple[int, str, str]]]:
        with scratch_folder(self.workspace.scratch) as scratch:
            target = staging.Target(load.load_key, folder)
            path = landing.plainly_named(opened.path, scratch)
            if isinstance(self.adapter, TableFeed):
                staged = staging.stage_table(self.con, self.adapter, target, path, scratch, self.feed)
                result = staging.RecordsStaged([staged])
            elif isinstance(self.adapter, VendorFeed):
                result = stage_vendor(self.con, self.adapter, target, SourceFile(path, opened.own_name, self.feed), scratch)
            else:
                source = SourceFile(opened.path, opened.name, self.feed)
                (result,) = staging.stage_records(self.con, self.adapter, [(target, source)], scratch)
        return self._counted(load, result, is_single=False)

    def _load_small(self, small: list[Opened]) -> None:
        """Load a vendor's small files together, also a single one, in the same bytes; what cannot be read so is read alone."""
        if not isinstance(self.adapter, VendorFeed):
            return
        for start in range(0, len(small), MOST):
            batch = small[start : start + MOST]
            loads = [self._new_load(opened) for opened in batch]
            files = [(staging.Target(load.load_key, self._unfinished(load)), SourceFile(opened.path, opened.own_name, self.feed))
                     for load, opened in zip(loads, batch, strict=True)]  # fmt: skip
            with (
                self.progress.step(f"ingest {self.feed.id}, {len(batch)} small files"[:60]),
                scratch_folder(self.workspace.scratch) as scratch,
            ):
                results = stage_together(self.con, self.adapter, files, scratch)
            for load, opened, (target, _) in zip(loads, batch, files, strict=True):
                result = results.get(load.load_key)
                if result is None:
                    self._load_one(opened)
                elif not self._has_changed(opened, target.folder):
                    self._judge(*self._counted(load, result, is_single=False), target.folder, opened)

    def _load_singles(self, singles: list[Opened]) -> None:
        """Load files of one message each, many together; they are judged as one file."""
        kept: list[tuple[Load, Path]] = []
        for start in range(0, len(singles), MOST_SINGLES):
            kept += self._staged_singles(singles[start : start + MOST_SINGLES])
        self._keep_single_records(kept)

    def _staged_singles(self, singles: list[Opened]) -> list[tuple[Load, Path]]:
        if not isinstance(self.adapter, RowFeed):
            return []
        loads = [self._new_load(opened) for opened in singles]
        targets = [(staging.Target(load.load_key, self._unfinished(load)), SourceFile(opened.path, opened.name, self.feed))
                   for load, opened in zip(loads, singles, strict=True)]  # fmt: skip
        with (
            self.progress.step(f"ingest {self.feed.id}, {len(singles)} single records"[:60]),
            scratch_folder(self.workspace.scratch) as scratch,
        ):
            results = staging.stage_records(self.con, self.adapter, targets, scratch)
        kept: list[tuple[Load, Path]] = []
        for load, opened, (target, _), result in zip(loads, singles, targets, results, strict=True):
            if not self._has_changed(opened, target.folder):
                load, rejected = self._counted(load, result, is_single=True)
                write_rejected(target.folder, rejected)
                kept.append((load, target.folder))
        return kept

    def _counted(self, load: Load, result: RecordsStaged, *, is_single: bool) -> tuple[Load, list[tuple[int, str, str]]]:
        rejected = result.rejected + [row for part in result.staged for row in part.rejected]
        return counted(load, result, rejected, is_single, self.feed), rejected

    def _new_load(self, opened: Opened) -> Load:
        name, digest, size = opened.name, opened.digest, opened.file.size
        slug = "".join(letter if letter.isalnum() else "-" for letter in Path(name).name.lower())[:40]
        lost = (self.lost or {}).get(name)
        # What is lost is made again where it lay: below a former name of the feed, too.
        feed = self.feed.id if lost is None else lost.feed
        # With the feed in it: two feeds may be sent one file under one name, and each says it of its own organisation or register.
        load_id = f"{slug}-{sha256(f'{feed}/{name}'.encode()).hexdigest()[:12]}-{digest[:16]}"
        if load_id in (self.taken_ids if self.read_at is None else self.known):
            load_id += f"-{self.report.received_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"  # said before, and not the last time
        if self.read_at is not None:
            read = f"{self.reading.fingerprint} {self.report.received_at.isoformat()} {self.read_at.isoformat()}"
            load_id += f"-{sha256(read.encode()).hexdigest()[:8]}"
        while load_id in self.taken_ids:  # back and forth within one instant
            load_id += "-again"
        if lost is not None and lost.load_id:
            load_id = lost.load_id
        former = lost if isinstance(lost, Load) else None
        return Load(
            load_id, feed, self.feed.source, name, digest, size, self.report.received_at, load_id,
            False, "", 0, 0, 0, 0, 0, feed_sha256=self.feed_sha256,
            read_at=self.read_at if former is None else former.read_at,
            replaces=() if former is None else former.replaces,
            place=opened.place if former is None else former.place,
            turn=self._turn(opened) if former is None else former.turn,
            is_part=self.feed.parts if former is None else former.is_part,
            parts=0 if former is None else former.parts,
            members=opened.members if former is None else former.members,
            landed=opened.file.name if former is None else former.landed,
            feed_names=self._feed_names(opened, lost),
        )  # fmt: skip

    def _feed_names(self, opened: Opened, lost: Load | Loss | None) -> tuple[str, ...]:
        """What the feed was called when the file came, also where it is read, or made, again under a name that has come since."""
        then = lost or next((load for load in self.arrived_then if load.sha256 == opened.digest), None)
        return self.feed.names if then is None else feed_names_of(then, self.configuration.names)

    def _turn(self, opened: Opened) -> int:
        """Which of those that its name brought at this moment: clocks have whole seconds."""
        if (then := next((load for load in self.arrived_then if load.sha256 == opened.digest), None)) is not None:
            return then.turn
        turn, digest = self.turns.get(opened.file.name, (0, opened.digest))
        self.turns[opened.file.name] = (turn + (digest != opened.digest), opened.digest)
        return self.turns[opened.file.name][0]

    def _is_too_many(self, rejected: int, judged: int) -> bool:
        return share(rejected, judged) > self.feed.max_rejected if self.verdict is None else self.verdict

    def _keep_single_records(self, unkept: list[tuple[Load, Path]]) -> None:
        rejected = sum(load.rejected for load, _ in unkept)
        judged = sum(load.rows - load.ignored for load, _ in unkept)
        is_refused = self._is_too_many(rejected, judged)
        # Whoever is killed on the way leaves the rest to be judged alone: in this order to the same verdict.
        for load, folder in sorted(unkept, key=lambda each: each[0].rejected, reverse=not is_refused):
            self._keep(refused(load, too_many(rejected, judged, self.feed)) if is_refused else load, folder)

    def _keep_parts(self, *, are_complete: bool) -> None:
        """Keep the parts of an edition, or refuse them all; while one of them is written to, none is there."""
        for load, folder in edition_judged(self.parts, self._shrunk) if are_complete else ():
            self._finish(load, folder)
        if not are_complete:
            for load, folder in self.parts:
                shutil.rmtree(folder)
                self.report.waiting.append(f"{self.feed.id}/{load.file}")
        self.parts.clear()

    def _shrunk(self, edition: list[tuple[Load, Path]]) -> str:
        """Why a snapshot or an edition may not replace what is in force, if it may not."""
        # What was taken once and is made, or read, again was judged then.
        once = {load.file for load in self.arrived_then if not load.is_refused}
        was_taken = self.read_at is not None and all(load.file in once for load, _ in edition)
        if self.verdict is not None or was_taken:
            return ""
        if all(self._is_accepted(load) for load, _ in edition):
            return ""
        held = [(self._as_first(load), self._rows_of(load, folder)) for load, folder in edition]
        # Those of a feed's former name are its own.
        own = [load for load in self.known.values() if not load.is_refused]
        names = self.configuration.names
        taken = [
            (replace(self._as_first(load), feed=self.feed.id, feed_names=feed_names_of(load, names)), self._rows_of(load, None))
            for load in own
        ]
        return shrinking.refusal_of(self.con, self.feed, held, taken, names)

    def _is_accepted(self, load: Load) -> bool:
        """Whether a person's word is about this arrival of the file."""
        if self.read_at is not None:
            return bool(self.let_in) if load.is_part else load.file in self.let_in
        words = [waiver for waiver in self.waivers if all(each.known_at <= waiver.at for each in self.known.values())]
        return shrinking.is_accepted(words, load, self.known.values())

    def _as_first(self, load: Load) -> Load:
        """The load with the counts of the first arrival of its bytes: those of a later one say that it brought nothing new."""
        first = self.known.get(load.content, load)
        return replace(load, loaded=first.loaded, duplicate=first.duplicate)

    def _rows_of(self, load: Load, folder: Path | None) -> Path:
        """Where the rows of a load lie: in its own `folder`, where it has one by now, or with the first arrival of the same bytes."""
        if folder is not None and load.content == load.load_id:
            return folder
        if self.unseen is not None and load.content in self.unseen:
            return self.unseen[load.content][1]
        return folder_of(self.kept_in, load.content, self.known[load.content].feed if load.content in self.known else load.feed)

    def _keep(self, load: Load, folder: Path | None) -> None:
        """Keep a load that was judged by its rows; a snapshot or an edition is judged by the one before as well."""
        if folder is None:
            folder = self._unfinished(load)
        if load.is_part and self.lost is None and (load.is_refused or is_whole_state(load)):
            self.parts.append((load, folder))
            return
        if not load.is_refused and is_whole_state(load):
            problem = self._shrunk([(load, folder)])
            load = refused(load, problem, is_shrunk=True) if problem else load
        self._finish(load, folder)

    def _finish(self, load: Load, folder: Path) -> None:
        if load.is_refused:
            for written in folder.glob("*.parquet"):
                if written.name != REJECTED:
                    written.unlink()
        load = replace(self.reading.of_load(load), files=intact.described(folder))
        former = (self.lost or {}).get(load.file)
        if former is not None:
            # Whose a brand or list was when it was first read stays.
            first = {name: owner for name, owner in former.owners.items() if name in (load.names or ())}
            load = replace(load, owners=load.owners | first)
        if self.verdict is False and load.is_refused:
            # What was taken and is lost cannot be read under the settings of now: it stays lost, and stops.
            self.show_rejected(load, folder)
            shutil.rmtree(folder)
            self.report.loads.append(load)
            return
        self.known[load.load_id] = load
        if self.unseen is not None:
            self.unseen[load.load_id] = (load, folder)
            return
        self.appear(load, folder)
        self.report.loads.append(load)

    def show_rejected(self, load: Load, folder: Path) -> None:
        """Let people see which rows of a file were rejected."""
        publish_rejected(self.kept_in, load, folder)

    def appear(self, load: Load, folder: Path) -> None:
        """Make a load whose files are finished a part of the ledger."""
        self.show_rejected(load, folder)
        page = load.to_json()
        (folder / LOAD_FILE).write_text(page, encoding="utf-8")
        place = folder_of(self.kept_in, load.load_id, load.feed)
        former = place / LOAD_FILE
        if former.is_file() and former.read_text(encoding="utf-8") != page:
            chain.announce(self.kept_in, load, page)
        landing.keep_beside(folder, place)
        self.known[load.load_id] = load
        self.taken_ids.add(load.load_id)
