"""A document against its model: every pydantic error becomes a fault with line and remedy, in the words of a YAML writer."""

import re
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pipeline.config.campaign import MOMENT_TAG, RECURRENCE_TAG
from pipeline.config.documents import Document, Place
from pipeline.config.faults import legible, shown, suggestion
from pipeline.config.values import kind_of

Model = TypeVar("Model", bound=BaseModel)

_EXPECTED = {
    "string_type": ("a text", "Put it in quotes."),
    "int_type": ("a whole number", "Write digits only, without quotes."),
    "int_from_float": ("a whole number", "Write digits only."),
    "float_type": ("a number", "Write a number such as 0.95, without quotes."),
    "bool_type": ("true or false", "Write true or false; yes and no are texts in YAML 1.2."),
    "tuple_type": ("a list", "Write [a, b], or one entry a line beginning with `- `."),
    "dict_type": ("keys with values", "Write `key: value` lines below it."),
    "model_type": ("keys with values", "Write `key: value` lines below it."),
    "model_attributes_type": ("keys with values", "Write `key: value` lines below it."),
}
_NOT_WRITTEN = ("[key]", MOMENT_TAG, RECURRENCE_TAG)
"""Steps of pydantic's places that stand in no file."""
_LIMITS = {"greater_than_equal": ("ge", "or more"), "less_than_equal": ("le", "or less")}


def validated(document: Document, model: type[Model], **context: object) -> Model | None:
    """The document as its model, or None with the faults noted in the document; `context` is what other files say."""
    if document.data is None:
        return None
    try:
        return model.model_validate(document.data, context=context)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            if document.is_told:
                break
            message, remedy = _told(detail, model)
            document.add(_place(detail), message, remedy)
        return None


def _place(detail: ErrorDetails) -> Place:
    place = _named(detail)
    # A missing key is told at the mapping that lacks it.
    return place[:-1] if detail["type"] == "missing" else place


def _told(detail: ErrorDetails, model: type[BaseModel]) -> tuple[str, str]:
    """What is wrong and what to do, for one of pydantic's errors."""
    kind, place, context = detail["type"], _named(detail), detail.get("ctx", {})
    key = str(place[-1]) if place else "the file"
    if kind == "presend":
        return f"{_key(place)}{context['message']}", str(context["remedy"])
    if kind == "extra_forbidden":
        return f"unknown key {shown(key)}", suggestion(key, _keys(_at(model, place[:-1])), what="key")
    if kind == "missing":
        return f"the key {shown(key)} is missing", _example(_at(model, place[:-1]), key)
    if kind in ("literal_error", "enum"):
        allowed = re.findall(r"'([^']+)'", str(context["expected"]))
        return f"{_key(place)}{shown(detail['input'])} is not a value of it", suggestion(str(detail["input"]), allowed, what="value")
    if kind in _EXPECTED:
        expected, remedy = _EXPECTED[kind]
        return f"{_key(place)}expected {expected}, found {kind_of(detail['input'])}", remedy
    if kind in _LIMITS:
        name, words = _LIMITS[kind]
        return f"{_key(place)}{shown(detail['input'])} is out of bounds", f"Write {context[name]:g} {words}."
    if kind == "too_short":
        return f"{_key(place)}there is none", "Name at least one."
    return f"{_key(place)}{detail['msg']}", "See docs/reference/configuration.md."


def _named(detail: ErrorDetails) -> Place:
    return tuple(part for part in detail["loc"] if part not in _NOT_WRITTEN)


def _key(place: Place) -> str:
    """`policy.pressure.per_days: `, the key that a message is about."""
    named = ""
    for part in place:
        named += f"[{part + 1}]" if isinstance(part, int) else f".{legible(part)}" if named else legible(part)
    return f"{named}: " if named else ""


def _at(model: type[BaseModel], place: Place) -> type[BaseModel] | None:
    """The model that stands at a place below another: through fields, mappings' values and lists' entries."""
    current: type[BaseModel] | None = model
    is_container = False
    for part in place:
        if is_container:
            is_container = False  # an id or a position: the model is that of each entry
            continue
        field = next((field for name, field in current.model_fields.items() if (field.alias or name) == part), None) if current else None
        is_container = field is not None and get_origin(field.annotation) in (dict, tuple)
        current = _model_in(field.annotation) if field else None
    return current


def _model_in(kind: Any) -> type[BaseModel] | None:
    """The model that an annotation (`Model`, `Model | None`, `dict[str, Model]`) is about."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind
    return next((found for argument in get_args(kind) if (found := _model_in(argument))), None)


def _keys(model: type[BaseModel] | None) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()] if model else []


def _example(model: type[BaseModel] | None, key: str) -> str:
    field = model.model_fields.get(key) if model else None
    if field is None:
        return f"Add `{key}: …`."
    example = f"Add `{key}: {field.examples[0]}`" if field.examples else f"Add `{key}: …`"
    return f"{example} ({field.description})."
