"""Finds the places inside of JSON records, at any depth and in any list: each is named by the keys that lead to it.

`{"channels": [{"opted_out": true}]}` has the place `channels/opted_out`, once for each element of the list. Keys and values are data and
never become SQL: what SQL is made of are the numbers of parameters.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import duckdb

from pipeline.flags import Meaning, yes_sql

MOST_LEVELS = 100
"""Below so many the parsers of JSON give up themselves."""
MOST_KEYS = 500
"""An object with more keys has ids for keys: what they hold is looked at as the elements of a list are."""
MOST_TREES = 1000
ELEMENTS = "coalesce(TRY_CAST({value} AS JSON[]), map_values(TRY_CAST({value} AS MAP(VARCHAR, JSON))), [])"


@dataclass(frozen=True)
class Place:
    """Where something stands: the keys that name it, and the JSON pointers to it; between two of them lie the elements of a list."""

    keys: tuple[str, ...]
    steps: tuple[str, ...]

    @property
    def name(self) -> str:
        """As `flags` in the feed's file names it."""
        return "/".join(self.keys)

    def at(self, own: tuple[str, ...]) -> "Place":
        """The place that these keys lead to from each element here."""
        return Place((*self.keys, *own), (*self.steps, pointer(own) or "$"))

    @property
    def outer(self) -> tuple[str, ...]:
        """The keys of the objects and lists around it."""
        return tuple("/".join(self.keys[:depth]) for depth in range(1, len(self.keys)))


def pointer(keys: Sequence[str]) -> str:
    """The JSON pointer that these keys are."""
    return "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in keys)


def inner_places(con: duckdb.DuckDBPyConnection, source: str, parameters: Mapping[str, object], outer: Iterable[str]) -> list[Place]:
    """The places inside of the values at the keys `outer` of the records; `source` gives the records as `json`.

    Objects are looked at level by level, a few times each, however many fields they have; lists mostly once, all together.
    """
    start: list[tuple[str, ...]] = [(key,) for key in outer]
    todo: list[tuple[str, dict[str, object], Place, list[tuple[str, ...]]]] = [(source, dict(parameters), Place((), ()), start)]
    found: dict[Place, None] = {}
    for origin, asked, before, level in todo:
        lists: list[tuple[str, ...]] = []
        for _ in range(MOST_LEVELS):
            if not level:
                break
            keys_of, has_list = _below(con, origin, asked, level)
            wide = [keys for keys, inside in keys_of.items() if len(inside) > MOST_KEYS]
            lists += dict.fromkeys([*has_list, *wide])
            inside = {keys: [(*keys, key) for key in inner] for keys, inner in keys_of.items()}
            found |= dict.fromkeys(before.at(each) for each in chain.from_iterable(inside.values()))
            level = [each for keys, every in inside.items() if keys not in wide for each in every]
        plain = _in_lists(con, origin, asked, lists)
        for own in lists:
            if own in plain:
                found |= dict.fromkeys(each for tree in plain[own] for each in _in_tree(tree, before, own))
            elif len(before.steps) < MOST_LEVELS:
                number = f"step_{len(before.steps)}"
                value = f"(json -> ${number})"
                elements = f"""(SELECT unnest({ELEMENTS.format(value=value)}) AS json FROM {origin}
                    WHERE contains({value}::VARCHAR, '{{'))"""
                todo.append((elements, {**asked, number: pointer(own) or "$"}, before.at(own), [()]))
    return list(found)


def _in_lists(
    con: duckdb.DuckDBPyConnection, source: str, parameters: Mapping[str, object], lists: Sequence[tuple[str, ...]]
) -> dict[tuple[str, ...], list[Any]]:
    """What the lists at these places look like, where DuckDB can tell: not of elements of several kinds, nor of a thousand shapes."""
    if not lists:
        return {}
    told = {pointer(keys) or "$": keys for keys in lists}
    query = f"""SELECT place, list(tree ORDER BY tree)[1:{MOST_TREES + 1}] FROM (
            SELECT DISTINCT place, json_structure(value)::VARCHAR AS tree FROM (
                SELECT unnest($places::VARCHAR[]) AS place, unnest(json_extract(json, $places)) AS value FROM {source}))
        WHERE tree IS NOT NULL GROUP BY place"""
    trees = con.execute(query, {**parameters, "places": list(told)}).fetchall()
    return {
        told[place]: [json.loads(tree) for tree in every]
        for place, every in trees
        if len(every) <= MOST_TREES and not any('"JSON"' in tree or tree.count('":') > MOST_KEYS for tree in every)
    }


def _in_tree(tree: Any, before: Place, own: tuple[str, ...]) -> Iterator[Place]:
    """The places inside of a list or an object, by its structure."""
    if isinstance(tree, dict):
        for key, inner in tree.items():
            yield before.at((*own, key))
            yield from _in_tree(inner, before, (*own, key))
    elif isinstance(tree, list):
        for inner in tree:
            yield from _in_tree(inner, before.at(own), ())


def _below(
    con: duckdb.DuckDBPyConnection, source: str, parameters: Mapping[str, object], level: Sequence[tuple[str, ...]]
) -> tuple[dict[tuple[str, ...], list[str]], list[tuple[str, ...]]]:
    """The keys of the objects at these places, and those of the places that have lists."""
    told = {pointer(keys) or "$": keys for keys in level}
    query = f"""SELECT DISTINCT place, unnest(CASE WHEN kind = 'ARRAY' THEN [NULL] ELSE keys END) AS key FROM (
            SELECT unnest($places::VARCHAR[]) AS place, unnest(json_keys(json, $places)) AS keys, unnest(json_type(json, $places)) AS kind
            FROM {source})
        WHERE kind = 'ARRAY' OR len(keys) > 0 ORDER BY ALL"""
    found: dict[tuple[str, ...], list[str]] = {}
    lists: list[tuple[str, ...]] = []
    for place, key in con.execute(query, {**parameters, "places": list(told)}).fetchall():
        if key is None:
            lists.append(told[place])
        else:
            found.setdefault(told[place], []).append(str(key))
    return found, lists


def cell_of(
    places: Sequence[Place], meaning: Meaning | None, number: int, column: str = "json", *, is_scalar: bool = False
) -> tuple[str, dict[str, object]]:
    """SQL for what stands at places of one name, with its parameters: the first value that says what the column means, else any.

    So one "no" in a list is enough. `is_scalar`: an object says nothing, for its own fields do.
    """
    parameters = {f"k{number}_{place_no}_{step}": there for place_no, place in enumerate(places) for step, there in enumerate(place.steps)}
    if len(parameters) == 1:
        (name,) = parameters
        return f"coalesce({_text(column, name, is_scalar=is_scalar)}, '')", dict(parameters)
    values = [_values(place, f"k{number}_{place_no}", column, is_scalar=is_scalar) for place_no, place in enumerate(places)]
    return said_first(f"flatten([{', '.join(values)}])", meaning), dict(parameters)


def said_first(values: str, meaning: Meaning | None) -> str:
    """SQL for the first of several values that says what the column means, else the first that is filled."""
    says = yes_sql("said", meaning) if meaning is not None else "is_yes(said)"
    return f"coalesce(list_filter({values}, lambda said: {says})[1], list_filter({values}, lambda said: said <> '')[1], '')"


def _text(record: str, name: str, *, is_scalar: bool) -> str:
    text = f"{record} ->> ${name}"
    return f"CASE WHEN json_type({record}, ${name}) <> 'OBJECT' THEN {text} END" if is_scalar else text


def _values(place: Place, name: str, column: str, *, is_scalar: bool) -> str:
    elements = f"[{column}]"
    for step in range(len(place.steps) - 1):
        value = f"(inner{step} -> ${name}_{step})"
        elements = f"flatten(list_transform({elements}, lambda inner{step}: {ELEMENTS.format(value=value)}))"
    return f"list_transform({elements}, lambda found: {_text('found', f'{name}_{len(place.steps) - 1}', is_scalar=is_scalar)})"
