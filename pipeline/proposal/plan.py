"""Places every column of a table that no vendor's adapter reads: in a column of ours, as a flag, or as an attribute that says so.

Whatever is in doubt restricts: a list of bare addresses is one of people who said no, a column of states excludes every state that does
not plainly say nothing, and a name that says consent permits nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.config.attributes import WRITTEN_TIMES, AttributeType
from pipeline.feeds import adapters
from pipeline.feeds._feed import TableFeed
from pipeline.flags import Meaning, channels_of, flag_columns, is_of_messages, meaning_of
from pipeline.ledger.texts import canonical
from pipeline.proposal import cells
from pipeline.proposal.looking import Look
from pipeline.proposal.words import ACTIVE, ENDED, EVENT, GONE, PLAIN_NO, PLAIN_YES, PROFILE, STATE, file_says, folded, rank

ABOUT_A_PERSON = frozenset({"first_name", "last_name", "birth_date", "street", "postal_code", "city", "country", "language"})
MOST_STATES = 12
"""A column of more different cells is no column of states."""
YES = ("1", "true", "yes", "ja")
"""What a column of consents would say where all of its cells say no."""
_TIME = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}")
LOOKS = {
    "email": cells.is_email,
    "phone": cells.is_phone,
    "country": cells.is_short_word,
    "language": cells.is_short_word,
    "street": lambda cell: not cells.is_email(cell),
}


@dataclass
class Plan:
    """How a table is read as a canonical feed. `states` are columns one of whose cells says a "no"; `notes` say what to decide."""

    source: str
    placed: dict[str, str] = field(default_factory=dict)
    not_ours: list[str] = field(default_factory=list)
    constants: dict[str, str] = field(default_factory=dict)
    flags: dict[str, Meaning] = field(default_factory=dict)
    states: dict[str, list[str]] = field(default_factory=dict)
    types: dict[str, AttributeType] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def plan(look: Look, known: str = "") -> Plan:
    """The plan for a table or JSON, as the canonical feed that is `known`, else as what it looks like."""
    own = _as_it_looks(look)
    if known in ("", own.source):
        return own
    match known:
        case "canonical_profiles":
            return _finished(_people(look), look)
        case "canonical_consent":
            return _events(look, _opted_out())
        case "canonical_delivery":
            return _events(look, _bounced())
        case _:
            return _listed(look)


def _opted_out() -> Plan:
    return Plan("canonical_consent", constants={"action": "opt_out", "scope": "organisation"})


def _bounced() -> Plan:
    return Plan("canonical_delivery", constants={"type": "bounce"})


def _as_it_looks(look: Look) -> Plan:
    names = {canonical(column) for column in look.columns}
    if {"action", "occurred_at"} <= names or {"type", "occurred_at", "address"} <= names:
        return _finished(Plan("canonical_consent" if "action" in names else "canonical_delivery"), look)
    if "entry" in names:
        return _finished(Plan("canonical_register"), look)
    people = _people(look)
    says = file_says(look.name)
    is_id = people.placed["profile_id"] not in (people.placed.get("email"), people.placed.get("phone"))
    knows_people = is_id or ABOUT_A_PERSON & people.placed.keys()
    if says == "register" and not (ABOUT_A_PERSON & people.placed.keys()):
        return _listed(look)
    if says == "bounce" and not (ABOUT_A_PERSON & people.placed.keys()):
        return _events(look, _bounced())
    is_said_by_all = any(len(look.filled(name)) == len(look.columns[name]) for name, meaning in people.flags.items() if meaning.is_flag)
    has_states = bool(people.states) or any(meaning.is_flag for meaning in people.flags.values()) and not is_said_by_all
    if not says and (has_states or knows_people):
        return _finished(people, look)
    opted_out = _opted_out()
    if not says and not is_said_by_all:
        opted_out.notes.append(
            "nothing in the file says what it lists: it is read as people who said no; for people to write to say --with canonical_profiles"
        )
    return _events(look, opted_out)


def _people(look: Look) -> Plan:
    found = Plan("canonical_profiles", flags=flag_columns(look.columns, {}))
    free = [column for column in look.columns if column not in found.flags]
    found.states = {column: states for column in free if (states := _states(look, column)) is not None}
    consents = [column for column, meaning in found.flags.items() if not meaning.is_flag]
    consents += [column for column in free if column not in found.states and is_of_messages(column) and _is_yes_or_no(look, column)]
    found.states |= {column: states for column in consents if (states := _consents(look, column)) is not None}
    found.notes += [
        f"{column}: a state of which no cell is known here; say under flags which of them say nothing"
        for column in free
        if column not in found.states and folded(column) in STATE and 1 < len(set(look.filled(column))) <= MOST_STATES
    ]
    _place(look, found, PROFILE, [column for column in free if column not in found.states])
    if "email" not in found.placed:
        taken = set(found.placed.values())
        with_addresses = (column for column in free if column not in taken and cells.mostly(look.filled(column), cells.is_email))
        if (column := next(with_addresses, None)) is not None:
            found.placed["email"] = column
    if "profile_id" not in found.placed and _is_unique(look, found.placed.get("external_id")):
        found.placed["profile_id"] = found.placed.pop("external_id")  # an export's own word for its records
    if "profile_id" not in found.placed:
        address = found.placed.get("email") or found.placed.get("phone")
        if address is not None:
            found.placed["profile_id"] = address
            found.notes.append(
                "no column is an id: the address stands for it, so that whoever changes it is somebody else; name a better one"
            )
        else:
            found.placed["profile_id"] = next(iter(look.columns))
            found.notes.append("no column is an id or an address: say which one is")
    return found


def _states(look: Look, column: str) -> list[str] | None:
    """The cells that plainly say nothing, of a column in which another says a "no"; None where none does."""
    if folded(column) in ENDED:
        return []
    different = _different(look, column)
    active = [cell for cell in different if folded(cell) in ACTIVE]
    gone = [cell for cell in different if folded(cell) in GONE]
    is_of_the_written_to = folded(column).endswith(STATE) and gone and (active or len(gone) == len(different))
    return active if is_of_the_written_to or any(map(_says_no, different)) else None


def _consents(look: Look, column: str) -> list[str] | None:
    """The cells that plainly say yes, of a column that says consent and in which another says a "no"; None where none does.

    `subscribed: 0` is what many systems write of those who have left. A column of times is no such column.
    """
    different = _different(look, column)
    if not channels_of(column) or not any(folded(cell) in PLAIN_NO or _says_no(cell) for cell in different):
        return None
    if any(_TIME.match(cell) for cell in different):
        return None
    return [cell for cell in different if folded(cell) in PLAIN_YES] or list(YES)


def _is_yes_or_no(look: Look, column: str) -> bool:
    return all(folded(cell) in PLAIN_YES | PLAIN_NO for cell in _different(look, column))


def _different(look: Look, column: str) -> list[str]:
    """The different cells of a column, where they are few words; else none."""
    different = sorted(set(look.filled(column)))
    return different if len(different) <= MOST_STATES and all(map(cells.is_short_word, different)) else []


def _says_no(cell: str) -> bool:
    meaning = meaning_of(cell)
    return meaning is not None and meaning.is_flag


def _place(look: Look, found: Plan, words: Mapping[str, tuple[str, ...]], free: list[str]) -> None:
    """Give each column of ours the best of theirs that looks like it; ours are asked in their order, and each of theirs is given once."""
    for ours, known in words.items():
        ranked = sorted(
            (not look.filled(column), place, number, column)
            for number, column in enumerate(free)
            if column not in found.placed.values() and (place := _rank(look, ours, column, known)) is not None
        )
        if ranked:
            found.placed[ours] = ranked[0][-1]


def _rank(look: Look, ours: str, column: str, known: tuple[str, ...]) -> int | None:
    place = -1 if canonical(column) == ours else rank(column, known)
    filled = look.filled(column)
    if place is None or (filled and ours in LOOKS and not cells.mostly(filled, LOOKS[ours])):
        return None
    if ours == "profile_id" and not _is_unique(look, column):
        return None
    if ours in WRITTEN_TIMES and filled and not _times(look, column):
        return None
    return place


def _is_unique(look: Look, column: str | None) -> bool:
    """Whether the column can be an id: it is there in every row, and another one in each."""
    return column is not None and len(set(look.filled(column))) == len(look.columns[column])


def _times(look: Look, column: str) -> list[AttributeType]:
    return cells.written_times(look.filled(column))


def _events(look: Look, found: Plan) -> Plan:
    free = list(look.columns)
    known = {name: words for name, words in EVENT.items() if name in _columns_of(found.source) and name not in found.constants}
    address = next((column for column in free if cells.mostly(look.filled(column), cells.is_email)), None)
    address = address or next((column for column in free if cells.mostly(look.filled(column), cells.is_phone)), None)
    if address is not None:
        found.placed["address"] = address
    _place(look, found, {name: words for name, words in known.items() if name not in ("address", "action", "type")}, free)
    if "address" not in found.placed:
        found.notes.append("no column holds addresses: say which one does")
    if "occurred_at" not in found.placed:
        found.constants["occurred_at"] = "unknown"
        found.notes.append("no column says when: it counts from the beginning of time until the file was received")
    return _finished(found, look)


def _listed(look: Look) -> Plan:
    column = next((name for name in look.columns if cells.mostly(look.filled(name), lambda cell: "@" in cell)), None)
    return _finished(Plan("canonical_register", placed={"entry": column or next(iter(look.columns))}), look)


def _columns_of(source: str) -> list[str]:
    feed = adapters()[source]
    return [column.name for column in feed.columns] if isinstance(feed, TableFeed) else []


def _finished(found: Plan, look: Look) -> Plan:
    """The plan with the columns that are called like ours, those that mean something else, and the types of the rest."""
    own = {canonical(column): column for column in look.columns}
    is_profile = found.source == "canonical_profiles"
    for ours in _columns_of(found.source):
        if ours not in own or ours in found.placed or ours in found.constants:
            continue
        if own[ours] in found.placed.values() and not is_profile:
            found.not_ours.append(ours)
            continue
        # In our own format a column is what it is called; in anybody else's `organisation` is an employer.
        if not is_profile or (found.placed.get("profile_id") == own.get("profile_id") and own[ours] not in found.flags):
            found.placed[ours] = own[ours]
        else:
            found.not_ours.append(ours)
    for ours in sorted(found.constants.keys() & own.keys()):
        found.notes.append(f"the file has a column {ours!r} of its own: decide which holds, it or the constant")
    _type(found, look)
    return found


def _type(found: Plan, look: Look) -> None:
    for ours, column in found.placed.items():
        times = _times(look, column) if ours in WRITTEN_TIMES else []
        if len(times) == 1 and times[0].format is not None:
            found.types[ours] = times[0]
        elif len(times) > 1:
            found.notes.append(
                f"{ours}: nobody can tell from its cells whether day or month comes first; write its format under attributes"
            )
    if found.source != "canonical_profiles":
        return
    for column in look.columns:
        if column in found.placed.values() or column in found.flags or column in found.states:
            continue
        times = _times(look, column)
        if len(times) == 1 and times[0].format is not None:
            found.types[column] = times[0]
        elif len(times) > 1:
            found.notes.append(
                f"{column}: nobody can tell from its cells whether day or month comes first; type it if a segment compares it"
            )
        elif not times and (number := cells.written_number(look.filled(column))) is not None:
            found.types[column] = number
