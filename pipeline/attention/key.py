"""Another PRESEND_KEY than before would draw every control group anew, and know nobody who was erased."""

import os
from collections.abc import Iterator

from pipeline import keys, outbox
from pipeline.attention._notice import Notice, View
from pipeline.errors import ConfigurationError

_WHERE = "the environment"


def look(view: View) -> Iterator[Notice]:
    """A stop for a key that is too short or another one; and who has rotated it, for the campaigns that draw lots."""
    known = keys.read_keys(view.workspace)
    try:
        secret = keys.secret_of(os.environ)
    except ConfigurationError as error:
        for campaign in view.configuration.campaigns.values():
            if campaign.needs_key:
                yield Notice("key", error.message, error.where, error.remedy, ConfigurationError, campaign=campaign.id)
        return
    former = known[-1].fingerprint if known else _last_used(view)
    if secret and former and former != keys.fingerprint(secret):
        yield Notice(
            "key",
            f"{keys.KEY_VARIABLE} is another one than before: every control group would be drawn anew",
            where=_WHERE,
            remedy="Set the former key, or `presend key rotate --by NAME` if it was replaced on purpose.",
            stop=ConfigurationError,
        )
    if len(known) > 1:
        told = f"{keys.KEY_VARIABLE} was rotated at {known[-1].at.isoformat()} by {known[-1].by}: lots fall anew since then"
        for campaign in view.configuration.campaigns.values():
            if campaign.needs_key:
                yield Notice("key", told, campaign=campaign.id)


def _last_used(view: View) -> str | None:
    """The key of the newest run that drew lots: `ledger/` may have been restored from before the key was first used, or made anew."""
    drawn = [run for run in outbox.newest_made(view.workspace) if "key_fingerprint" in run.manifest]
    return max(drawn, key=lambda run: run.as_of).manifest["key_fingerprint"] if drawn else None
