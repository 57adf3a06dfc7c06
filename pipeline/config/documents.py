"""YAML 1.2 text → plain values, with the line of every key and entry.

PyYAML's C parser reads the structure; the meaning of an unquoted word is decided here, by the YAML 1.2 core schema, so that
`yes`, `no` and `NO` are text (docs/decisions/0002-yaml.md). Mapping keys are always text: they are ids and names.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from pipeline.config.faults import Fault, shown

Place = tuple[str | int, ...]
"""The way to a value from the top of its document: keys and positions."""

_TEXT = "tag:yaml.org,2002:str"
_COLLECTIONS = {"tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"}
_NULL = {"", "~", "null", "Null", "NULL"}
_BOOLEAN = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,3})?")
_DEEPEST = 100
_MOST_FAULTS = 100
_SURROGATES = re.compile(r"(?<!\\)((?:\\\\)*)\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.IGNORECASE)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Structure only: without implicit resolvers every unquoted word stays text until `_scalar` reads it."""

    yaml_implicit_resolvers: dict[str, Any] = {}
    depth = 0

    def descend_resolver(self, parent: yaml.Node | None, index: object) -> None:
        """Called on the way into each node, by a recursion in C that would end with the process."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise yaml.MarkedYAMLError(problem="nested too deeply", problem_mark=parent.start_mark if parent else None)

    def ascend_resolver(self) -> None:
        self.depth -= 1


@dataclass
class Document:
    """One configuration file as read: its values, the line of each place, and what was wrong on the way."""

    file: str
    data: Any = None
    lines: dict[Place, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def line_of(self, place: Place) -> int:
        """The line of the place, or of the nearest thing around it."""
        for length in range(len(place), -1, -1):
            if (line := self.lines.get(place[:length])) is not None:
                return line
        return 1

    @property
    def is_told(self) -> bool:
        """Whether so many faults are noted that further ones would help nobody: such a file is not what it should be."""
        return len(self.faults) >= _MOST_FAULTS

    def add(self, place: Place, message: str, remedy: str) -> None:
        """Note a fault at the place."""
        self.note(self.line_of(place), message, remedy)

    def note(self, line: int, message: str, remedy: str) -> None:
        """Note a fault in the line, unless there are too many already."""
        if not self.is_told:
            self.faults.append(Fault(self.file, line, message, remedy))


def read_document(path: Path, name: str) -> Document:
    """The file's values, with a fault for each thing that is not YAML or not one mapping. Never raises for what is in the file."""
    document = Document(name)
    try:
        content = path.read_bytes()
    except OSError as error:
        document.add((), f"the file cannot be read ({error.strerror})", "Make it readable for the user that runs presend.")
        return document
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        document.faults.append(Fault(name, line, "the file is not UTF-8", "Save it as UTF-8."))
        return document
    if text.lstrip().startswith("{"):
        # JSON writes a character beyond U+FFFF as two escapes, which YAML does not know.
        text = _SURROGATES.sub(lambda pair: pair[1] + _joined(pair[2], pair[3]), text)
    try:
        top = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        document.faults.append(_syntax_fault(name, text, error))
        return document
    if top is None:
        document.data = {}
        return document
    document.lines[()] = top.start_mark.line + 1
    if isinstance(top, yaml.MappingNode):
        document.data = _Reader(document).value(top, ())
    else:
        document.add((), "the file must hold keys with values", "Begin it with a line such as `key: value`.")
    return document


def _joined(high: str, low: str) -> str:
    """The one character that two JSON escapes stand for, as YAML escapes it."""
    return f"\\U{0x10000 + ((int(high, 16) - 0xD800) << 10) + (int(low, 16) - 0xDC00):08x}"


def _syntax_fault(name: str, text: str, error: yaml.YAMLError) -> Fault:
    mark = getattr(error, "problem_mark", None)
    position = getattr(error, "position", None)
    if mark is not None:
        # A parser notices an open bracket or quote at the end of the file; where it began is what helps.
        began = getattr(error, "context_mark", None)
        line = (began if began is not None and mark.line >= text.count("\n") else mark).line + 1
    else:
        line = text.count("\n", 0, position) + 1 if position is not None else 1
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
    if problem == "but found another document":
        return Fault(name, line, "the file holds more than one YAML document", "Keep one: remove the `---` line and what follows.")
    context = getattr(error, "context", None)
    told = f"{context}: {problem}" if context else problem
    line = min(line, len(text.splitlines()) or 1)
    return Fault(name, line, f"not valid YAML: {told}", "Check indentation, quotes and brackets here and in the line before.")


class _Reader:
    """Turns the parser's nodes into values, noting the line of each and every construct that we do not take."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.seen: set[int] = set()

    def value(self, node: yaml.Node, place: Place) -> Any:
        if id(node) in self.seen:
            # An alias repeats a node; it may hold itself, and a few lines of them can unfold to gigabytes.
            self.document.add(place, "anchors and aliases (&, *) are not read", "Write the value out.")
            return None
        self.seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            self._refuse_tag(node, place)
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            self._refuse_tag(node, place)
            entries = []
            for position, entry in enumerate(node.value):
                self.document.lines[(*place, position)] = entry.start_mark.line + 1
                entries.append(self.value(entry, (*place, position)))
            return entries
        self._refuse_tag(node, place)
        is_plain = isinstance(node, yaml.ScalarNode) and not node.style
        return _scalar(node.value) if is_plain else node.value

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self.document.note(line, "a key must be one word", "Quote it if it holds brackets.")
                continue
            key = key_node.value
            if key in values:
                first = self.document.lines[(*place, key)]
                self.document.note(line, f"the key {shown(key)} stands twice (first in line {first})", "Remove one of them.")
                continue
            self.document.lines[(*place, key)] = line
            values[key] = self.value(value_node, (*place, key))
        return values

    def _refuse_tag(self, node: yaml.Node, place: Place) -> None:
        if node.tag != _TEXT and node.tag not in _COLLECTIONS:
            self.document.add(place, f"tags such as {shown(node.tag.replace('tag:yaml.org,2002:', '!!'))} are not read", "Remove the tag.")


def _scalar(text: str) -> Any:
    """An unquoted word by the YAML 1.2 core schema; numbers that would not be written back the same (007) stay text."""
    if text in _NULL:
        return None
    if text in _BOOLEAN:
        return _BOOLEAN[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text) and not text.lstrip("+-").isdigit():
        return float(text)
    return text
