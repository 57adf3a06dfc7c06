"""Which loads belong together: the parts of one snapshot or edition, where a feed says that its files are parts (domain §8)."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from pipeline.feeds import adapters
from pipeline.feeds._vendor import VendorFeed
from pipeline.ledger.loads import Load, refused
from pipeline.ledger.shapes import shapes_named
from pipeline.vocabulary import Kind


def is_whole_state(load: Load) -> bool:
    """Whether the load replaces or asserts a whole state: a snapshot of profiles or suppressions, or a register's edition."""
    return load.is_snapshot or Kind.REGISTER in load.kinds


def not_made_good(loads: Sequence[Load], *, for_all_organisations: bool = True) -> list[Load]:
    """The refused ones of a feed's loads, in order, that no later load has made good.

    A later load does so that came from the same landing file with another content, or that is a newer whole state of the same series,
    `for_all_organisations` that the refused one names.
    """
    left: list[Load] = []
    arrivals: dict[str, set[tuple[datetime, str]]] = defaultdict(set)
    states: list[Load] = []
    for load in reversed(loads):
        arrival = (load.received_at, load.sha256)
        if not load.is_refused:
            arrivals[load.landing_name].add(arrival)
            states += [load] if is_whole_state(load) else []
        elif not arrivals.get(load.landing_name, set()) - {arrival} and not any(
            _says_it_all(state, load, for_all_organisations) for state in states
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
    first: dict[tuple[str, str, datetime], int] = {}
    return {
        load.load_id: first.setdefault((load.feed, load.series, load.received_at), order) if load.is_part else order
        for order, load in accepted
    }


def arrival_numbers(accepted: Iterable[Load]) -> dict[str, int]:
    """load_id → the number of the snapshot among those of its feed and series; the parts of one have one number.

    So have those that an older version received in one ingest, which it held to be one snapshot.
    """
    newest: dict[tuple[str, str], tuple[datetime, int]] = {}
    numbers: dict[str, int] = {}
    for load in accepted:
        if load.is_snapshot:
            moment, number = newest.get((load.feed, load.series), (load.received_at, 0))
            is_together = number > 0 and moment == load.received_at and (load.is_part or not load.place)
            number += not is_together
            newest[load.feed, load.series] = (load.received_at, number)
            numbers[load.load_id] = number
    return numbers


def editions(accepted: Sequence[Load], feed: str, series: str) -> list[list[Load]]:
    """The snapshots or editions of a feed's series, oldest first, each as the loads that it consists of."""
    found: list[list[Load]] = []
    for load in accepted:
        if load.feed != feed or load.series != series or not is_whole_state(load):
            continue
        if found and load.is_part and found[-1][0].is_part and found[-1][0].received_at == load.received_at:
            found[-1].append(load)
        else:
            found.append([load])
    return found
