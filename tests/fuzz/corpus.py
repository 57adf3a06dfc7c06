"""The kept inputs: corpus/TARGET reached something new, found/TARGET once broke the product. A name is the content's hash or what broke."""

import re
from pathlib import Path

FOLDER = Path(__file__).parent
SHARED = {"ingest": "feeds"}
"""Targets that read the corpus of another, which says the same by cheaper means."""
WORD = re.compile(rb"[A-Za-z][\w.-]{2,40}")
MOST_WORDS = 3000


def kept(target: str) -> list[Path]:
    """The inputs that a target's runs begin with."""
    return sorted((FOLDER / "corpus" / SHARED.get(target, target)).glob("*"))


def found(target: str) -> list[Path]:
    """The inputs that broke something once."""
    return sorted((FOLDER / "found" / target).glob("*"))


def words(contents: list[bytes]) -> list[str]:
    """The words of inputs, for the fuzzer to put together anew, in libFuzzer's form."""
    found = dict.fromkeys(word for content in contents for word in WORD.findall(content))
    return [f'"{word.decode()}"' for word in list(found)[:MOST_WORDS]]
