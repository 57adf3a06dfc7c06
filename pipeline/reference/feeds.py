"""The manual's pages about feeds: an index, and for each source the columns read, the words understood, the traps."""

from pipeline.feeds import Feed, adapters
from pipeline.feeds._feed import RowFeed, TableFeed
from pipeline.feeds._vendor import Field, Meaning, Shape, VendorFeed
from pipeline.ledger.staging import COLUMNS
from pipeline.reference.markdown import GENERATED, sentence, table


def feed_pages() -> dict[str, str]:
    """File name → text: `feeds.md`, and one page per source in `feeds/`."""
    rows = [(f"[`{name}`](feeds/{name}.md)", ", ".join(feed.kinds), sentence(feed.summary)) for name, feed in adapters().items()]
    index = "What `source:` takes in feeds/<feed>.yaml. `presend feeds` tells the same.\n"
    pages = {"feeds.md": "\n".join(["# Feeds\n", GENERATED, index, table(("source", "yields", "what it reads"), rows)])}
    return pages | {f"feeds/{name}.md": _page(feed) for name, feed in adapters().items()}


def _page(feed: Feed) -> str:
    parts = [f"# `{feed.source}`\n", GENERATED, f"{sentence(feed.summary)} Yields: {', '.join(feed.kinds)}.\n"]
    if isinstance(feed, TableFeed):
        rows = [(f"`{column.name}`", "yes" if column.is_required else "", column.meaning) for column in feed.columns]
        parts.append(table(("column", "required", "meaning"), rows))
        parts += ["Any other column is kept as a text attribute.\n"] if feed.keeps_other_columns else []
        if feed.forms:
            forms = [(form.meaning, form.algorithm, form.normalisation) for form in feed.forms]
            parts.append(table(("form of the file", "algorithm", "normalisation"), forms))
        parts += _ending(feed)
    elif isinstance(feed, RowFeed):
        parts += [f"Rows of kind {kind} with the columns {', '.join(f'`{name}`' for name in COLUMNS[kind])}.\n" for kind in feed.kinds]
    else:
        parts += [_shape(shape) for shape in feed.shapes]
        parts += _ending(feed)
    return "\n".join(parts)


def _shape(shape: Shape) -> str:
    facts = ["a snapshot: what it says without a time counts since the first file in an unbroken run that says so"] * shape.is_snapshot
    facts += ["no header"] * shape.is_headless
    facts += [f"also without a header, where the file's name has {', '.join(f'`{word}`' for word in shape.layouts)}"] * bool(shape.layouts)
    facts += [f"the file's name tells it: {', '.join(f'`{word}`' for word in shape.file_names)}"] if shape.file_names else []
    parts = [f"## {sentence(shape.name).rstrip('.')}\n"]
    parts += [f"{sentence('; '.join(facts))}\n"] if facts else []
    parts.append(table(("field", "in JSON", "in a table's header", "required", "meaning"), map(_field, shape.fields)))
    parts += ["Any other column of a table is kept as a text attribute of the profile.\n"] if shape.profile else []
    words = [(f"`{word}`", *_meaning(meaning)) for word, meaning in shape.codes.items()]
    parts.append(table(("the vendor's word", "is", "reason", "by", "via"), words))
    rest = "rejected" if shape.unknown is None else " ".join(filter(None, _meaning(shape.unknown)))
    parts.append(f"A word around which none of these stands is {rest}; it is counted by name.\n")
    return "\n".join(parts)


def _field(field: Field) -> tuple[str, ...]:
    headers = ", ".join(f"`{header}`" for header in (field.name, *field.headers))
    paths = ", ".join(f"`{path}`" for path in field.paths)
    return f"`{field.name}`", paths, headers, "yes" if field.is_required else "", field.meaning


def _meaning(meaning: Meaning) -> tuple[str, ...]:
    if meaning.kind is None:
        return "ignored", "", "", ""
    word = f"{meaning.word} ({meaning.bounce_class})" if meaning.bounce_class else meaning.word
    word = word or meaning.kind
    return (f"{word} on {meaning.channel}" if meaning.channel else str(word)), meaning.reason, meaning.actor, meaning.via


def _ending(feed: TableFeed | VendorFeed) -> list[str]:
    zone = feed.timezone if isinstance(feed, VendorFeed) else ""
    parts = [f"Local times are read in {zone} where the feed's YAML tells no `timezone`.\n"] if zone else []
    parts += ["## Traps\n", *[f"- {trap}" for trap in feed.traps], ""] if feed.traps else []
    return parts + (["## Where the facts come from\n", *[f"- <{link}>" for link in feed.basis], ""] if feed.basis else [])
