"""Which loads belong together, and which replace which: the parts of one snapshot or edition, and the lines of feeds that were joined
(domain §8)."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from pipeline.config import Names
from pipeline.feeds import adapters
from pipeline.feeds._vendor import VendorFeed
from pipeline.ledger.loads import Load, refused
from pipeline.ledger.shapes import shapes_named
from pipeline.vocabulary import Kind, Named


def is_whole_state(load: Load) -> bool:
    """Whether the load replaces or asserts a whole state: a snapshot of profiles or suppressions, or a register's edition."""
    return load.is_snapshot or Kind.REGISTER in load.kinds


def lines_of(loads: Iterable[Load]) -> dict[str, frozenset[str]]:
    """load_id → the lines in which each of the loads, given in order, stands: it replaces, and makes good, what came before it in them.

    A file goes on with the lines of its feed's name and of the names that were its former ones when it came. So feeds that were joined
    afterwards stand side by side, each in its own line, until a file comes under the name that joins them.
    """
    of_name: dict[str, frozenset[str]] = {}
    found: dict[str, frozenset[str]] = {}
    for load in loads:
        names = load.feed_names or (load.feed,)
        lines = frozenset[str]().union(*(of_name.get(name, ()) for name in names)) or frozenset(names[:1])
        of_name[names[0]] = found[load.load_id] = lines
    return found


def newest_of_lines(loads: Iterable[Load]) -> list[Load]:
    """The last of the loads, given in order, in each of their lines; a load may be the last one of several."""
    loads = list(loads)
    lines = lines_of(loads)
    last = {line: load for load in loads for line in lines[load.load_id]}
    return list({load.load_id: load for load in last.values()}.values())


def register_of(load: Load, names: Names) -> str:
    """Whose edition the load is, by what that register is called now; empty where nobody knows: an older version did not count it."""
    told = (named.removeprefix(f"{Named.REGISTER} ") for named in load.names or () if named.startswith(f"{Named.REGISTER} "))
    return names.now(Named.REGISTER, next(told, ""))


def standing(accepted: Iterable[Load], names: Names) -> list[list[Load]]:
    """The snapshots and editions in force among the loads, each as those that it consists of: in each line the newest of its series, and of
    each register, since an edition of one says nothing of another. Where it is not known whose one is, it stands for all of them."""
    accepted = list(accepted)
    lines = lines_of(accepted)
    followed: dict[tuple[object, ...], set[str]] = defaultdict(set)
    found: list[list[Load]] = []
    for edition in reversed(editions(accepted)):
        load, register = edition[0], register_of(edition[0], names)
        later = [followed[load.feed, line, load.series, Kind.REGISTER in load.kinds] for line in lines[load.load_id]]
        if not all(seen and (not register or seen & {register, ""}) for seen in later):
            found.append(edition)
        for seen in later:
            seen.add(register)
    return found[::-1]


def not_made_good(loads: Sequence[Load], *, for_all_organisations: bool = True) -> list[Load]:
    """The refused ones of a feed's loads, in order, that no later load has made good.

    A later load of its lines does so that came from the same landing file with another content, or that is a newer whole state of the same
    series, `for_all_organisations` that the refused one names.
    """
    lines = lines_of(loads)
    left: list[Load] = []
    arrivals: dict[tuple[str, str], set[tuple[datetime, str]]] = defaultdict(set)
    states: list[Load] = []
    for load in reversed(loads):
        arrival, own = (load.received_at, load.sha256), lines[load.load_id]
        if not load.is_refused:
            for line in own:
                arrivals[line, load.landing_name].add(arrival)
            states += [load] if is_whole_state(load) else []
        elif not all(arrivals[line, load.landing_name] - {arrival} for line in own) and not any(
            own <= lines[state.load_id] and _says_it_all(state, load, for_all_organisations) for state in states
        ):
            left.append(load)
    return left[::-1]


def _says_it_all(state: Load, missing: Load, for_all_organisations: bool) -> bool:
    if for_all_organisations and not set(missing.organisations) <= set(state.organisations):
        return False
    return missing.series == state.series if is_whole_state(missing) else not missing.kinds and _are_alike(missing, state)


def edition_judged(parts: Sequence[tuple[Load, Path]], shrunk: Callable[[list[tuple[Load, Path]]], str]) -> list[tuple[Load, Path]]:
    """The parts of an edition as they are kept: all of a series, or none where one of them is refused, or where `shrunk` tells why they may
    not replace what is in force. What is left of an edition would stand for the whole. Each says how many there are."""
    is_broken = any(load.is_refused for load, _ in parts)
    judged: list[tuple[Load, Path]] = []
    for series in dict.fromkeys(load.series for load, _ in parts):
        edition = [(load, folder) for load, folder in parts if load.series == series]
        lost = "" if is_broken else shrunk(edition)
        for load, folder in edition:
            problem = load.refusal or ("another part of it is refused" if is_broken else lost)
            judged.append((refused(load, problem, is_shrunk=bool(lost)) if problem else load, folder))
    together = Counter((load.is_refused, "" if load.is_refused else load.series) for load, _ in judged)
    return [
        (replace(load, parts=max(load.parts, together[load.is_refused, "" if load.is_refused else load.series])), folder)
        for load, folder in judged
    ]


def _are_alike(one: Load, other: Load) -> bool:
    """Whether two files are of one kind by their names, where the vendor has several: of one that nobody could read there is no more."""
    adapter = adapters()[other.source]
    if not isinstance(adapter, VendorFeed) or len(adapter.shapes) < 2:
        return True
    return shapes_named(adapter, one.file) == shapes_named(adapter, other.file)


def edition_orders(accepted: Iterable[tuple[int, Load]]) -> dict[str, int]:
    """load_id → the order of the first load of its edition: its own, but for a part that another came before."""
    first: dict[object, int] = {}
    return {load.load_id: first.setdefault(edition_of(load), order) if load.is_part else order for order, load in accepted}


def arrival_numbers(accepted: Sequence[Load]) -> dict[tuple[str, str], int]:
    """load_id and line → the number of the snapshot among those of its feed, line and series; the parts of one have one number.

    So have those that an older version received in one ingest, which it held to be one snapshot.
    """
    newest: dict[tuple[str, str, str], tuple[datetime, int]] = {}
    numbers: dict[tuple[str, str], int] = {}
    lines = lines_of(accepted)
    for load, line in [(each, line) for each in accepted if each.is_snapshot for line in lines[each.load_id]]:
        moment, number = newest.get((load.feed, line, load.series), (load.received_at, 0))
        is_together = number > 0 and moment == load.received_at and (load.is_part or not load.place)
        number += not is_together
        newest[load.feed, line, load.series] = (load.received_at, number)
        numbers[load.load_id, line] = number
    return numbers


def editions(accepted: Iterable[Load]) -> list[list[Load]]:
    """The snapshots and editions among the loads, oldest first, each as the loads that it consists of."""
    found: dict[object, list[Load]] = defaultdict(list)
    for load in accepted:
        if is_whole_state(load):
            found[edition_of(load) if load.is_part else load.load_id].append(load)
    return list(found.values())


def edition_of(load: Load) -> tuple[object, ...]:
    """What the parts of one snapshot or edition have in common."""
    return load.feed, load.feed_names[:1], load.series, load.received_at, Kind.REGISTER in load.kinds
