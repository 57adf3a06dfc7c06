"""A do-not-contact register in our own plain format: CSV with a header, NDJSON, or one entry a line without a header.

One file is one edition and replaces the one before. Algorithm and normalisation stand in the feed's YAML; where it names no
algorithm, hashes that are all of one length tell it.
"""

from pipeline.feeds._feed import Column, TableFeed
from pipeline.vocabulary import Kind

FEED = TableFeed(
    source="canonical_register",
    kind=Kind.REGISTER,
    summary="A do-not-contact register, plain or hashed",
    columns=(
        Column("entry", "an address, `@domain`, or the hash of one", is_required=True),
        Column(
            "country",
            "the country of a number without a country code; else the register's, where it holds for one, else the organisation's",
        ),
    ),
    traps=(
        "A file of one entry a line needs no header.",
        "A number without a country code on a register of several countries: it is rejected, unless its row says which.",
        "Hashes of several lengths, and no `algorithm` in the feed's YAML: they are rejected.",
    ),
)
