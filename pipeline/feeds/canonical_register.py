"""A do-not-contact register in our own plain format: CSV with a header, or NDJSON (contract §2).

One file is one edition and replaces the one before. Algorithm and normalisation stand in the feed's YAML.
"""

from pipeline.feeds._feed import Column, TableFeed
from pipeline.vocabulary import Kind

FEED = TableFeed(
    source="canonical_register",
    kind=Kind.REGISTER,
    summary="A do-not-contact register, plain or hashed",
    columns=(Column("entry", "an address, `@domain`, or the hash of one", is_required=True),),
)
