"""Which loads belong together: the parts of one snapshot or edition, where a feed says that its files are parts (domain §8)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from pipeline.ledger.loads import Load
from pipeline.vocabulary import Kind


def is_whole_state(load: Load) -> bool:
    """Whether the load replaces or asserts a whole state: a snapshot of profiles or suppressions, or a register's edition."""
    return load.is_snapshot or Kind.REGISTER in load.kinds


def is_made_good(refused: Load, later: Iterable[Load]) -> bool:
    """Whether one of the feed's `later` loads says what a refused one was to say: its landing file as it is since, or a newer whole state
    of the same series for the same organisations."""
    return any(
        (load.landing_name == refused.landing_name and (load.received_at, load.sha256) != (refused.received_at, refused.sha256))
        or (
            is_whole_state(load)
            and (is_whole_state(refused) or not refused.kinds)
            and refused.series in ("", load.series)
            and set(refused.organisations) <= set(load.organisations)
        )
        for load in later
        if not load.is_refused
    )


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
