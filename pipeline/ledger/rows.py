"""Which lines of a table are rows: not those without a cell, and not a header that stands again (domain §8).

Files that were put one behind another (`cat a.csv b.csv`) bring their headers along. One in the same order is ignored. One in another
order refuses the file: the rows behind it would be read by the names of the first. In a file whose first line holds an address, that line
is no header, and so is no other.
"""

from collections.abc import Sequence

from pipeline.ledger.landing import UnreadableFile
from pipeline.ledger.texts import canonical

IGNORED = "ignored"
"""The `fault` of a row that counts, and holds nothing to load."""
_AROUND = '\ufeff" '
"""What may stand around a name where a file with a byte order mark, or with quotes behind one, was put behind another."""


def names_of(header: Sequence[str]) -> list[str]:
    """The names of a header as they are compared; none where the first line of the file is no header."""
    return [] if any("@" in name for name in header) else [_name(name) for name in header]


def is_header(cells: Sequence[str], names: Sequence[str], line: int) -> bool:
    """Whether the row in the line is the header once more. Raises UnreadableFile where it is that in another order."""
    first = next((cell for cell in cells if cell), "")
    if _name(first) not in names:  # as nearly every row
        return False
    found = [(place, _name(cell)) for place, cell in enumerate(cells) if cell.strip()]
    if len(found) < min(2, len(names)) or not all(name in names for _, name in found):
        return False
    if any(place >= len(names) or names[place] != name for place, name in found):
        raise UnreadableFile(
            f"line {line:,}: the header stands there again with its columns in another order, and the rows behind it would be read"
            " by the wrong names; deliver the files one by one, or with their columns in one order"
        )
    return True


def rows_sql(select: str, width: int) -> str:
    """The rows of a table that DuckDB reads, with their `fault`; it asks for `$header_names`.

    A header in another order is an error of the query: whoever reads the file once more, row by row, tells its line.
    """
    cells = [f"c{number}" for number in range(width)]
    # Of nearly every row the first cell that is filled decides. A CASE keeps the dear questions from them.
    first = f"coalesce({', '.join(f'nullif({cell}, {_EMPTY})' for cell in cells)})"
    named = f"list_transform([{', '.join(cells)}], LAMBDA cell: {_name_sql('cell')})"
    return f"""SELECT * EXCLUDE (first_cell), CASE WHEN list_contains($header_names::VARCHAR[], {_name_sql("first_cell")}) THEN
            CASE
                WHEN len(list_filter({named}, LAMBDA name: name <> '')) < {min(2, width)} THEN NULL
                WHEN NOT list_has_all($header_names::VARCHAR[], list_filter({named}, LAMBDA name: name <> '')) THEN NULL
                WHEN list_bool_and(list_transform({named}, LAMBDA name, place: name IN ('', $header_names[place]))) THEN '{IGNORED}'
                ELSE error('a header in another order: ' || first_cell) END END AS fault,
            NULL::VARCHAR AS raw
        FROM (SELECT *, {first} AS first_cell FROM ({select}))
        WHERE CASE WHEN first_cell BETWEEN '!' AND '~' THEN true ELSE regexp_matches(concat_ws('', {", ".join(cells)}), '[^\\s\\pZ]') END"""


def _name(cell: str) -> str:
    return canonical(cell.strip(_AROUND))


_EMPTY = "''"


def _name_sql(cell: str) -> str:
    return f"replace(replace(lower(trim({cell}, '{_AROUND}')), ' ', '_'), '-', '_')"
