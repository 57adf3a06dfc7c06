"""A person's word that a file is right which was refused because it shrank, or is older than the one in force (domain §8)."""

from datetime import datetime

from pipeline.config import Configuration, FeedConfig
from pipeline.errors import NotFound, UsageError
from pipeline.ledger.editions import not_made_good
from pipeline.ledger.landing import ContentHashes, LandingFile, files_under
from pipeline.ledger.loads import read_loads
from pipeline.ledger.waivers import Waiver, WaiverKind, write_waiver
from pipeline.logs import masked_name
from pipeline.vocabulary import Named
from pipeline.workspace import Workspace


def accept(workspace: Workspace, configuration: Configuration, name: str, by: str, at: datetime) -> str:
    """Write down that `by` says so of the file `name`, `landing/<feed>/<file>` or `<feed>/<file>`, as it is now; gives its feed.

    The feed may be named as it was called before. A member of an archive is named behind it, as the refusal names it. The next ingest
    loads it. Raises NotFound; UsageError for a file that was not refused for what it would replace.
    """
    told, _, file = name.removeprefix("./").removeprefix("landing/").partition("/")
    feed = configuration.names.now(Named.FEED, told)
    if feed in configuration.feeds:
        settings = configuration.feeds[feed]
        landed = {each.name: each for each in files_under(workspace, settings.names, settings.files)}
        found = _landing_file(workspace, settings, file, landed)
        if found is not None:
            subject, landing_file = found
            digest = ContentHashes(workspace, feed).of(landing_file)
            _require_shrunk(workspace, settings, subject, digest)
            write_waiver(workspace, Waiver(WaiverKind.ACCEPTED_FILE, feed, subject, digest, by, at))
            return feed
    raise NotFound(
        "there is no such file of a feed",
        where=masked_name(name),
        remedy="Name it as `presend ingest` and `presend status` do: <feed>/<file>, below landing/.",
    )


def _require_shrunk(workspace: Workspace, feed: FeedConfig, subject: str, digest: str) -> None:
    """Raise UsageError where the file was not refused for what it would replace: a word about a refusal that nobody has seen would let
    the next one pass unseen."""
    own = [load for load in read_loads(workspace) if load.feed in feed.names and load.sha256 == digest]
    own = [load for load in own if subject in (load.file, load.landing_name)]
    left = not_made_good([load for load in read_loads(workspace) if load.feed in feed.names])
    shrunk = [load for load in own if load.is_shrunk]
    if not own or any(load in left for load in shrunk):
        return
    if shrunk:
        raise UsageError(
            "there is nothing to accept of the file: a fuller one has come since",
            where=f"landing/{feed.id}/{masked_name(subject)}",
            remedy="Nobody's word is needed.",
        )
    refused = next((load for load in reversed(own) if load.is_refused), None)
    told = "it was taken" if refused is None else f"it was refused for another reason: {refused.refusal}"
    raise UsageError(
        f"there is nothing to accept of the file: {told}",
        where=f"landing/{feed.id}/{masked_name(subject)}",
        remedy="Nobody's word is needed." if refused is None else "`presend status` says what to do about it.",
    )


def _landing_file(workspace: Workspace, feed: FeedConfig, name: str, landed: dict[str, LandingFile]) -> tuple[str, LandingFile] | None:
    """The file as the ledger calls it, and where it landed; it may be named with its addresses masked, as messages do."""
    for file, landing_file in landed.items():
        if name in (file, masked_name(file)):
            return file, landing_file
    for load in read_loads(workspace):
        if load.feed in feed.names and name in (load.file, load.shown_file) and load.landing_name in landed:
            return load.file, landed[load.landing_name]
    return None
