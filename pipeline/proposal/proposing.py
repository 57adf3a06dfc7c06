"""Looks at a file, finds who reads it, and writes that down as the YAML of a feed, with what a person has to decide in comments."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap

from pipeline import addresses, steps
from pipeline.config.references import CANONICAL
from pipeline.engines.local import open_engine, scratch_folder
from pipeline.errors import UsageError
from pipeline.feeds import adapters
from pipeline.feeds._vendor import VendorFeed
from pipeline.flags import Meaning, flag_columns
from pipeline.ledger.texts import word_shown
from pipeline.logs import masked_name
from pipeline.proposal.looking import Look, look_at
from pipeline.proposal.plan import ABOUT_A_PERSON, Plan, plan
from pipeline.proposal.vendors import Reader, readers
from pipeline.workspace import Workspace

DIGEST_SIZE = 20
FEW, ENOUGH = 2, 3
ANNOTATION = re.compile(r"@(odata|microsoft)\.", re.IGNORECASE)
"""What stands behind a key of OData (Dynamics) that says something about another: `_ownerid_value@OData.…`, and is no address."""


@dataclass(frozen=True)
class Placed:
    """A column of the file and where it goes: a column of ours or an adapter's field, `flag`, `consent`, `attribute` or `unread`."""

    column: str
    place: str


@dataclass(frozen=True)
class Proposal:
    """The YAML of a feed for a file, its id, every column, and other adapters that read the file too."""

    feed: str
    source: str
    yaml: str
    columns: tuple[Placed, ...]
    alternatives: tuple[str, ...]


def propose(path: Path, workspace: Workspace, organisation: str, wanted: str | None = None) -> Proposal:
    """The proposal for a file; `wanted` is the source that a person has named.

    Raises UsageError for a file that cannot be read, has no header, or is not read by the wanted source.
    """
    with open_engine(workspace.scratch) as con, scratch_folder(workspace.scratch) as scratch:
        addresses.install(con, {"AT"})
        for script in ("macros", "saying", "loading", "vendor"):
            steps.run_script(con, f"0_schema/{script}")
        look = look_at(con, path, scratch)
        if not look.columns and (source := _without_columns(look)) and wanted in (None, source):
            return _of_source(source, look, organisation)
        known = "" if wanted is None or isinstance(adapters()[wanted], VendorFeed) else wanted
        if known and not known.startswith(CANONICAL):  # it reads files of one form, in which there is no column to place
            return _of_source(known, look, organisation)
        found = [] if known else readers(con, look, wanted)
        if wanted and not known and not found:
            raise UsageError(f"{wanted} does not read the file", where="--with", remedy="Leave --with out, or name another source.")
        if any(masked_name(column) != column and not ANNOTATION.search(column) for column in look.columns):
            raise UsageError("the file has no header", where="--from", remedy="Put a line with the names of its columns above the rows.")
        own = plan(look, known) if look.columns else None
        if own is None and not found:
            raise UsageError("nothing here reads such a file", where="--from", remedy="Save it as CSV, XLSX or JSON.")
        if own is not None and not wanted:
            found = [reader for reader in found if not _passes_over(reader, own, look)]
        least = max(FEW, len(set(own.placed.values())) // 2 if own else 0)
        others = tuple(reader.source for reader in found[:ENOUGH] if reader.found >= least)
        if own is None or wanted and not known or (found and _is_better(found[0], own, look)):
            return _of_vendor(found[0], look, organisation, others[1:])
        return _of_plan(own, look, organisation, others)


def _without_columns(look: Look) -> str:
    """The source of what is neither table nor JSON: messages, or digests back to back."""
    if look.text and not look.text.startswith("<") and re.match(r"(From |[A-Za-z-]+: )", look.text):
        return "mailbox"
    return "ecg_list" if not look.is_json and not look.text and look.sample.stat().st_size % DIGEST_SIZE == 0 else ""


def _is_better(reader: Reader, own: Plan, look: Look) -> bool:
    """Whether a vendor's adapter knows more of the file than the words that everybody uses."""
    ours, theirs = len({*own.placed.values(), *own.states.keys() - own.flags.keys()}), reader.found if look.is_json else len(reader.reads)
    if theirs < FEW:
        return False
    return theirs > ours or (not reader.shape.profile and (theirs == ours or _is_plainly_its_own(reader, look)))


def _is_plainly_its_own(reader: Reader, look: Look) -> bool:
    return look.is_json and reader.found >= ENOUGH and reader.share >= 0.5


def _passes_over(reader: Reader, own: Plan, look: Look) -> bool:
    """Whether the adapter, one of events, would not read the columns in which this table says a "no" or who somebody is."""
    if reader.shape.profile or _is_plainly_its_own(reader, look):
        return False
    says = own.flags.keys() | own.states.keys()
    if look.is_json:  # an event tells of people too, inside of its objects
        return bool({column for column in says if "/" not in column} - reader.reads.keys())
    return bool(({column for ours, column in own.placed.items() if ours in ABOUT_A_PERSON} | says) - reader.reads.keys())


def _of_source(source: str, look: Look, organisation: str) -> Proposal:
    return Proposal(source, source, "\n".join(_head(source, look, organisation)) + "\n", (), ())


def _of_vendor(reader: Reader, look: Look, organisation: str, others: tuple[str, ...]) -> Proposal:
    shape = reader.shape
    # What the adapter reads in its own way says a "no" as well.
    others_of = [column for column in look.columns if column not in reader.reads]
    flags = flag_columns(others_of, {}, is_vendors=True) if shape.profile else {}
    keeps = "attribute" if shape.profile and not look.is_json else "unread"
    placed = {column: reader.reads.get(column) or _flag_place(flags, column) or keeps for column in look.columns}
    lines = [*_head(reader.source, look, organisation), *_comments(placed, others)]
    return _proposal(reader.source, reader.source, lines, placed, others)


def _flag_place(flags: Mapping[str, Meaning], column: str) -> str:
    return ("flag" if flags[column].is_flag else "consent") if column in flags else ""


def _of_plan(own: Plan, look: Look, organisation: str, others: tuple[str, ...]) -> Proposal:
    settings: dict[str, dict[str, object]] = {
        "columns": {ours: column for ours, column in own.placed.items() if column != ours} | dict.fromkeys(own.not_ours),
        "constants": {**own.constants},
        "flags": {column: {"says": "opted_out", "unless": states} for column, states in own.states.items()},
        "attributes": {name: meaning.model_dump(exclude_none=True) for name, meaning in own.types.items()},
    }
    if own.constants.get("scope") == "organisation":
        settings["constants"]["scope_id"] = organisation
    lines = _head(own.source, look, organisation)
    for name, entries in settings.items():
        if entries:
            lines += [f"{name}:", *(f"  {_key(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in entries.items())]
    by_column: dict[str, str] = {}
    for ours, column in own.placed.items():
        by_column[column] = f"{by_column[column]}, {ours}" if column in by_column else ours
    keeps = "attribute" if own.source == "canonical_profiles" else "unread"
    placed = {
        column: by_column.get(column) or _flag_place(own.flags, column) or ("flag" if column in own.states else keeps)
        for column in look.columns
    }
    lines += _comments(placed, others, own)
    return _proposal(_slug(look.name), own.source, lines, placed, others)


def _proposal(feed: str, source: str, lines: list[str], placed: dict[str, str], others: tuple[str, ...]) -> Proposal:
    columns = tuple(Placed(word_shown(column), place) for column, place in placed.items())
    return Proposal(feed, source, "\n".join(lines) + "\n", columns, others)


def _head(source: str, look: Look, organisation: str) -> list[str]:
    is_register = source in ("canonical_register", "ecg_list")
    said = f"Proposed from {masked_name(look.name)}. Look it through, then see what rows become: `presend check FEED FILE`."
    lines = [*_comment(said), f"source: {source}"]
    lines += [] if is_register else [f"organisation: {json.dumps(organisation, ensure_ascii=False)}"]
    lines += ['files: "*"', f"max_age: {'35d' if is_register else '26h'}"]
    register = "ecg" if source == "ecg_list" else "register"
    return [*lines, f"register: {{id: {register}}}", *_comment("register: one of presend.yaml's registers.")] if is_register else lines


def _comments(placed: dict[str, str], others: tuple[str, ...], own: Plan | None = None) -> Iterator[str]:
    said = {
        "flag": 'Say a "no", and exclude whose cell is no plain no',
        "consent": "Say consent, and permit nothing: a snapshot's yes is no event",
        "attribute": "Not placed, kept as attributes",
        "unread": "Not placed, not read",
    }
    for place, meaning in said.items():
        if columns := [word_shown(column) for column, found in placed.items() if found == place]:
            yield from _comment(f"{meaning}: {', '.join(columns)}.")
    if own is not None and own.states:
        yield from _comment("`unless` lists the cells that plainly say nothing, or yes: every other one excludes, a plain no too.")
    for note in own.notes if own else ():
        yield from _comment(f"To decide: {masked_name(note)}.")
    if others:
        yield from _comment(f"Also read by {', '.join(others)}: `--with SOURCE` proposes that one.")


def _comment(text: str) -> list[str]:
    return wrap(text, 116, initial_indent="# ", subsequent_indent="#   ", break_long_words=False)


def _key(name: str) -> str:
    return name if re.fullmatch(r"[a-z_]+", name) and name not in ("null", "true", "false") else json.dumps(name, ensure_ascii=False)


def _slug(name: str) -> str:
    """An id for the feed, of the file's name without its numbers, dates and endings."""
    words = re.findall(r"[a-z]+", masked_name(name).lower().partition(".")[0])
    return "-".join(words)[:40].strip("-") or "feed"
