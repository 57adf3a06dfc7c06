"""The United Kingdom's Telephone Preference Service, and the Corporate one (CTPS), as the full download: a number a line.

A line is a number in its national form, with or without blanks behind the dialling code, filled up to twelve characters; nothing
else stands in the file. Whatever organisation the feed belongs to, the numbers are British. One file is one edition and replaces
the one before; the downloads of changes only are none, and are not read. Both services bar live calls: in `presend.yaml` give the
register the channel `phone`.
"""

from pipeline.feeds._feed import Column, TableFeed
from pipeline.vocabulary import Kind

FEED = TableFeed(
    source="tps_list",
    kind=Kind.REGISTER,
    summary="The UK's Telephone Preference Service (TPS, CTPS): the full download, a number a line",
    columns=(Column("entry", "a British number in its national form", is_required=True),),
    country="GB",
    traps=(
        "Take the full download: a file of changes would free everybody who is not in it.",
        "TPS and CTPS are two registers: make two feeds, each with an id of its own.",
        "The law gives a caller 28 days: a `max_age` of that is the most.",
    ),
    basis=(
        "http://corporate.mpsonline.org.uk/shared/technical_desc.asp?context=CTPS",
        "http://www.data-8.co.uk/datasources/telephone_preference_service_tps.aspx",
    ),
)
