"""Free text in a CSV that a spreadsheet would run as a formula, and what is done about it (contract §4).

It holds for every CSV that leaves the house: the audience's own and those of the targets. Addresses and ids stay as they are.
"""

FIRST = ("-", "=", "+", "@", "\t", "\r")
"""A spreadsheet runs a cell that begins with one of these."""


def identifier(name: str) -> str:
    """A column's name as an SQL identifier, whatever stands in it."""
    return '"' + name.replace('"', '""') + '"'


def harmless_name(name: str) -> str:
    """A column's name as a CSV's header: it is somebody else's text, too."""
    return f"'{name}" if name.startswith(FIRST) else name


def harmless(name: str, title: str = "") -> str:
    """The SQL of a column of free text for CSV; `name` and `title` are identifiers."""
    # Not `IN (…)`: from six values on DuckDB makes a hash join of it, and no join keeps the order of the file.
    return f"CASE WHEN regexp_matches({name}, '^[-=+@\\t\\r]') THEN concat('''', {name}) ELSE nullif({name}, '') END AS {title or name}"
