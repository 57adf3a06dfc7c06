"""`presend explain`: why an address or a profile is in a campaign's audience or not, on what evidence, and what would change it.

* `subject`: whom the question is about, in any spelling
* `reasons`: every reason with all that stands behind it
* `present`: the answer of the present ledger about any instant; `past`: the answer of a published run's own files

The answer may show the address that was asked about, and the address of a profile that was asked about. Other addresses of the same
person are masked, and so is everything in errors.
"""

from datetime import datetime
from typing import Any

from pipeline import clock, outbox
from pipeline.config import Configuration
from pipeline.errors import NotFound
from pipeline.explain.answer import lines_of
from pipeline.explain.past import explain_run
from pipeline.explain.present import explain_at
from pipeline.feeds import sources
from pipeline.kept_configuration import read_kept
from pipeline.lifting import Rules
from pipeline.logs import Progress
from pipeline.outbox import Run
from pipeline.publishing import campaign_named
from pipeline.workspace import Workspace


def explain(
    workspace: Workspace,
    configuration: Configuration,
    campaign: str,
    subject: str,
    as_of: datetime | None,
    run_id: str | None,
    progress: Progress,
) -> tuple[dict[str, Any], list[str]]:
    """Why `subject` is in the campaign's audience or not, at `as_of` (None: now) by the present ledger, or in the run `run_id`.

    Gives the JSON document and the lines for people. Raises NotFound when there is no such campaign or run, or when nothing is
    known of the subject; ConfigurationError for a faulty campaign; AnotherWriter when the warehouse is being built elsewhere.
    """
    if run_id is None:
        instant = clock.now() if as_of is None else as_of
        asked = campaign_named(configuration, campaign).occurrence(instant)
        document = explain_at(workspace, configuration, asked, subject, instant, progress)
    else:
        run = outbox.find_run(workspace, run_id)
        if run.campaign != campaign:
            remedy = f"Ask `presend explain {run.campaign} …`."
            raise NotFound(f"the run is of campaign {run.campaign}, not of {campaign}", where=run_id, remedy=remedy)
        document = explain_run(workspace, configuration, _rules_of(workspace, configuration, run), run, subject, progress)
    return document, lines_of(document)


def _rules_of(workspace: Workspace, configuration: Configuration, run: Run) -> Rules:
    """The settings that the run was decided under; today's where it kept none that this version reads."""
    kept = read_kept(workspace, run, sources())
    told = configuration if kept is None or run.campaign not in kept.configuration.campaigns else kept.configuration
    return Rules(told, campaign_named(told, run.campaign).occurrence(run.as_of), run.as_of)


__all__ = ["explain"]
