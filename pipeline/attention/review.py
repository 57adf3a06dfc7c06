"""Messages that wait for somebody to read them (domain §5): each may be somebody's "no", and restricts nobody until then."""

from collections.abc import Iterator

from pipeline.attention._notice import Notice, View
from pipeline.outbox import instant_text
from pipeline.review import waiting


def look(view: View) -> Iterator[Notice]:
    """A warning with their number."""
    found = waiting(view.workspace, view.configuration, view.loads, view.as_of)
    if found.count:
        oldest = "" if found.oldest is None else f", the oldest since {instant_text(found.oldest)}"
        yield Notice(
            "review",
            f"{found.count:,} messages wait for somebody to read them{oldest}: each may mean no, and restricts nobody until then",
            where="review_message",
            remedy="`presend review` lists them, `presend review ID --opt-out` or `--none`, with `--by NAME`, answers.",
        )
