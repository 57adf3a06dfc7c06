"""ASCII tables, so that a test reads like the page that a campaign manager would draw."""

from collections.abc import Iterable, Mapping, Sequence


def rows(table: str) -> list[dict[str, str]]:
    """The rows of a table: a line of names, a line of dashes, then one line per row; `|` stands between cells.

    Every cell is stripped text. Raises ValueError for a row with more or fewer cells than there are names.
    """
    lines = [line.strip() for line in table.strip().splitlines() if line.strip()]
    names = _cells(lines[0])
    found = []
    for line in lines[1:]:
        if not set(line) - set("-+| "):
            continue
        cells = _cells(line)
        if len(cells) != len(names):
            raise ValueError(f"{len(names)} names, but {len(cells)} cells in: {line}")
        found.append(dict(zip(names, cells, strict=True)))
    return found


def shown(names: Sequence[str], found: Iterable[Mapping[str, str]]) -> str:
    """Rows as a table, for the message of a test that fails."""
    lines = [list(names), *([row.get(name, "") for name in names] for row in found)]
    widths = [max(len(line[index]) for line in lines) for index in range(len(names))]
    drawn = [" | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    return "\n".join([drawn[0], "-+-".join("-" * width for width in widths), *drawn[1:]])


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")]
