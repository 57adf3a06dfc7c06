"""The commands, as everybody has them; in this process, without the gate, which decides nothing here."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.cli import invoke


@dataclass(frozen=True)
class Answer:
    """What a command answered."""

    code: int
    document: dict[str, Any]

    @property
    def said(self) -> str:
        """The error as people read it; empty where there is none."""
        error = self.document.get("error", {})
        return " – ".join(filter(None, (error.get("message"), error.get("where"), error.get("remedy"))))


@dataclass
class Doors:
    """A workspace's commands at an instant."""

    folder: Path
    as_of: datetime

    def presend(self, *arguments: str, as_of: datetime | None = None) -> Answer:
        """A command that has a clock."""
        return self.plainly(*arguments, "--as-of", (as_of or self.as_of).isoformat())

    def plainly(self, *arguments: str) -> Answer:
        """A command as it is written."""
        code, text = invoke(["--workspace", str(self.folder), "--json", *arguments])
        return Answer(code, json.loads(text) if text.strip() else {})


class Found(AssertionError):
    """Something that must not be."""


def require(answer: Answer, *codes: int) -> Answer:
    """The answer, where it ended with one of the codes. Raises Found."""
    if answer.code not in codes:
        raise Found(f"ended with {answer.code} instead of {' or '.join(map(str, codes))}: {answer.said}")
    return answer
