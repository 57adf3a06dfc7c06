"""What people call a column in which every filled cell is an address."""

import re

ADDRESS_COLUMN = re.compile(
    "(e_?)?mail(_?(address|adresse|id))?|(mobile_?|cell_?)?phone(_?number)?|(tel|telefon|mobil|handy)(_?nummer)?|mobile|rufnummer"
)
"""Over names without case, their blanks and hyphens being underscores."""
