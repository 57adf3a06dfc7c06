"""What the newest runs knew and the ledger does not have any more: it stops every publication, since it may have been somebody's "no"."""

from collections.abc import Iterator

from pipeline.attention._notice import Notice, View
from pipeline.errors import ValidationFailed
from pipeline.ledger.chain import WHERE
from pipeline.ledger.continuity import Loss, continuity_of
from pipeline.ledger.landing import ContentHashes, files_under
from pipeline.ledger.loads import landing_name_of, read_every_load
from pipeline.logs import masked_name
from pipeline.vocabulary import Named


def look(view: View) -> Iterator[Notice]:
    """One notice for all that is lost, with the first of it; or one for a chain that does not know the head of a run."""
    try:
        found = continuity_of(view.workspace, view.configuration.names, read_every_load(view.workspace))
    except ValidationFailed as error:
        yield Notice("lost", error.message, where=error.where, remedy=error.remedy, stop=ValidationFailed)
        return
    if found.losses:
        yield _lost(view, found.losses)
    elif found.unknown:
        yield Notice(
            "lost",
            f"the chain of the ledger's loads does not know what run {found.unknown[0].run_id} was decided over: it was cut, deleted or"
            " restored from a backup; nothing is published until the two are compared",
            where=WHERE,
            remedy="Restore the newest ledger/. Or run `presend ingest`: it looks for every file that the run knew, and goes on.",
            stop=ValidationFailed,
        )


def _lost(view: View, losses: tuple[Loss, ...]) -> Notice:
    loss = losses[0]
    more = f" (and {len(losses) - 1} more)" if len(losses) > 1 else ""
    what = "was changed after it was written" if loss.is_changed else "is not in the ledger any more"
    return Notice(
        "lost",
        f"the load of {masked_name(loss.file)} {what}{more}; nothing is published, since it may have held an opt-out",
        where=f"ledger/{loss.feed}/{loss.load_id}" if loss.load_id else f"ledger/{loss.feed}",
        remedy=_remedy(view, loss),
        stop=ValidationFailed,
    )


def _remedy(view: View, loss: Loss) -> str:
    if _is_landed(view, loss):
        feed = view.configuration.names.now(Named.FEED, loss.feed)
        return f"Run `presend ingest {feed}`: it is made again from the landing file, as it was received then."
    if loss.is_changed:
        return "Restore its folder from a backup: the landing file that it was made from is not there any more."
    return (
        "Restore ledger/ or its landing file from a backup. Where there is none, a person says that it may be missing:"
        f" `presend ingest --accept-loss {loss.name} --by NAME`."
    )


def _is_landed(view: View, loss: Loss) -> bool:
    """Whether `presend ingest` will find the landing file that the load was made from."""
    feed = view.configuration.feeds.get(view.configuration.names.now(Named.FEED, loss.feed))
    if feed is None:
        return False
    hashes = ContentHashes(view.workspace, feed.id)
    name = landing_name_of(loss.file) if loss.load_id else None
    landed = files_under(view.workspace, feed.names, feed.files)
    return loss.sha256 in {hashes.of(file) for file in landed if name in (None, file.name)}
