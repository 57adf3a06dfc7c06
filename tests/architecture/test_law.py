"""The rules stand in `docs/domain.md` and the promised names in `docs/contract.md`: every reference to them leads to its place.

A reference is written `domain §5`, `contract §1, §3`, `domain §2 to §4`, `domain §4, points 1 and 5`, `domain §7, promise 6` or
`domain §8 "Clocks"`; the words in quotes begin a bold text of that section. Inside of the two pages `§5` alone is the page's own section.
A section of an RFC (`RFC 3463 §3.2`) or of a statute (`§ 7 ECG`) is something else.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from pipeline.cli.session import app
from pipeline.feeds import adapters
from pipeline.reasons import Reason
from tests.architecture.sql_files import ROOT

FOLDERS = ("pipeline", "orchestration", "expectations", "dags", "sql", "docs", "examples", "benchmarks", "tests")
SUFFIXES = {".py", ".sql", ".md", ".yaml", ".yml", ".json", ".toml", ".html", ".txt"}
INPUTS = ("tests/data", "tests/fuzz/corpus", "tests/fuzz/found", "tests/fuzz/targets")
"""What strangers wrote, kept as it came: a sign in it is no reference."""
FILES = sorted(
    path
    for path in [*ROOT.glob("*"), *(path for folder in FOLDERS for path in (ROOT / folder).rglob("*"))]
    if path.suffix in SUFFIXES and path != Path(__file__) and not path.relative_to(ROOT).as_posix().startswith(INPUTS)
)

PAGES = ("domain", "contract")
NUMBERS = r"\d+(?:(?:, | and | to )\d+)*"
PLACE = rf"""§\d+(?:,? (?:points?|promises?) {NUMBERS})?(?:,? "[^"]+")?"""
REFERENCE = re.compile(rf"\b(?P<page>{'|'.join(PAGES)}) (?P<places>{PLACE}(?:(?:, and |, | and | to ){PLACE})*)")
OWN = re.compile(rf"(?P<places>{PLACE}(?: to {PLACE})?)")
ELSEWHERE = re.compile(r'RFC \d+,? §\d[\d.]*|§ \d+ [A-Z]{2,}|"§"')


@dataclass(frozen=True)
class Section:
    """A section of one of the two pages: how many numbered points it has, and the texts that stand in it in bold."""

    points: int
    names: tuple[str, ...]


@cache
def sections(page: str) -> dict[int, Section]:
    """The page's sections by their numbers."""
    parts = re.split(r"^## §(\d+) .+$", (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    found = {}
    for number, text in zip(parts[1::2], parts[2::2], strict=True):
        names = tuple(folded(name) for name in re.findall(r"\*\*(.+?)\*\*", text, re.DOTALL))
        found[int(number)] = Section(len(re.findall(r"^\d+\. ", text, re.MULTILINE)), names)
    return found


def folded(text: str) -> str:
    return " ".join(text.replace("`", "").casefold().split()).rstrip(" .:…")


def flat(text: str, suffix: str) -> str:
    """The text as one line: a reference may go on in the next line of a comment."""
    mark = {".sql": r"(?:--)?", ".py": r"#?", ".yaml": r"#?", ".yml": r"#?"}.get(suffix, "")
    return re.sub(rf"\s*\n\s*{mark}\s*", " ", text)


def numbers(text: str) -> Iterator[int]:
    """`1, 5 and 6` and `2 to 4` as numbers."""
    for part in re.split(r", and |, | and ", text):
        first, _, last = part.partition(" to ")
        yield from range(int(first), int(last or first) + 1)


def faults(page: str, places: str) -> Iterator[str]:
    """What of a reference's places is not there."""
    for number in (int(number) for number in re.findall(r"§(\d+)", places)):
        if number not in sections(page):
            yield f"{page} §{number}"
    for found in re.finditer(rf'§(\d+)(?:,? (?:points?|promises?) ({NUMBERS}))?(?:,? "([^"]+)")?', places):
        section = sections(page).get(int(found[1]), Section(0, ()))
        if found[2] and max(numbers(found[2])) > section.points:
            yield f"{page} §{found[1]} has no point {found[2]}"
        if found[3] and not any(name.startswith(folded(found[3])) for name in section.names):
            yield f'{page} §{found[1]} has no "{found[3]}"'


def astray(text: str, own_page: str | None = None) -> list[str]:
    """The references of a text that lead nowhere, and each sign `§` that is no reference at all."""
    patterns = [(REFERENCE, None), (ELSEWHERE, None), *([(OWN, own_page)] if own_page else [])]
    said: list[str] = []
    for pattern, page in patterns:
        for found in pattern.finditer(text):
            if pattern is not ELSEWHERE:
                said += faults(page or found["page"], found["places"])
        text = pattern.sub(lambda found: " " * len(found[0]), text)
    return said + [f"…{text[max(0, found.start() - 40) : found.end() + 20]}…" for found in re.finditer("§", text)]


def rows(page: str, number: int) -> list[list[str]]:
    """The cells of the tables of a page's section, without their headings."""
    text = (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")
    (section,) = re.findall(rf"^## §{number} .+?(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in re.findall(r"^\|.+\|$", section, re.MULTILINE)]


def own_page(path: Path) -> str | None:
    return path.stem if path.parent == ROOT / "docs" and path.stem in PAGES else None


@pytest.mark.parametrize("page", PAGES)
def test_sections_are_numbered_one_by_one(page: str) -> None:
    headings = re.findall(r"^## .+$", (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(headings) > 5
    assert list(sections(page)) == list(range(1, len(headings) + 1)), "a heading is not `## §<number> <words>`, or is out of order"


def test_every_reference_leads_to_its_place() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in FILES}
    lost = {
        path.relative_to(ROOT).as_posix(): wrong
        for path, text in texts.items()
        if "§" in text and (wrong := astray(flat(text, path.suffix), own_page(path)))
    }
    assert not lost


def test_references_were_found() -> None:
    """Else the test above would pass on nothing."""
    said = {path.suffix for path in FILES if REFERENCE.search(flat(path.read_text(encoding="utf-8"), path.suffix))}
    assert {".py", ".sql", ".md", ".json"} <= said


@pytest.mark.parametrize(
    "text",
    [
        "(domain §5)",
        "(domain §2 and §5, contract §1)",
        'domain §2 "a snapshot\'s silence", §6 "Small print"',
        "domain §2 to §4",
        "domain §4, points 1, 5 and 6",
        "domain §7, promise 8",
        "RFC 5321 §4.1.2: and § 7 ECG",
    ],
)
def test_what_leads_somewhere_is_left_alone(text: str) -> None:
    assert astray(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "(domain §9)",
        "(domain §2 and §12)",
        "domain §3 to §9",
        "contract §0",
        "domain §4, point 7",
        "domain §7, promises 3 and 9",
        'domain §8 "Tides"',
        'domain §5 "Clocks"',
        "(§4)",
        "architecture §3",
        "the contract (§5)",
        "domain § 5",
    ],
)
def test_the_test_of_references_can_fail(text: str) -> None:
    assert astray(text)


def test_a_reference_may_run_over_two_lines() -> None:
    assert astray(flat("-- a night counts (domain\n-- §2), so that\n", ".sql")) == []
    assert astray(flat("-- a night counts (domain\n-- §22), so that\n", ".sql")) == ["domain §22"]


def test_the_laws_table_of_reasons_is_the_codes() -> None:
    told = [(row[0], row[1].strip("`"), *row[3:]) for row in rows("domain", 6) if row[0].isdigit()]
    policy = {Reason.OPTED_OUT_GROUP, Reason.OPTED_OUT_ORGANISATION}
    assert told == [
        (
            str(reason.spec.rank),
            str(reason),
            "x" if "marketing" in reason.spec.classes else "",
            "x" if "service" in reason.spec.classes else "policy" if reason in policy else "",
            "x" if "one_to_one" in reason.spec.classes else "",
        )
        for reason in Reason
    ]


def test_every_promised_adapter_is_there() -> None:
    text = (ROOT / "docs" / "contract.md").read_text(encoding="utf-8").split("**Vendors' adapters**")[1].split("\n\n")[0]
    promised = set(re.findall(r"`(\w+_\w+|mailbox)`", text))
    assert len(promised) > 30
    assert promised <= set(adapters())


def test_the_contract_says_which_commands_are_there() -> None:
    """Whoever adds a command takes it off the list of those that are not there yet, and puts it among the others."""
    there = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    there |= {group.name for group in app.registered_groups if group.name}
    promised, missing = ({word for row in rows("contract", number) for word in re.findall(r"`presend (\w+)", row[0])} for number in (4, 6))
    assert promised == there
    assert missing - {"build"} and not (missing - {"build"}) & there
