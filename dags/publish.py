"""
### Publish one campaign: freshness → decide → validate → (approve →) publish (→ deliver)

Starts when the campaign's window opens. **freshness** waits for the feeds that the campaign rests on, and for campaigns that come before
it; **decide** works out who may get the message and stages the run where no collector looks; **validate** judges the very files by what
the gate found; **approve**, where the campaign asks for it, waits for a person's yes, here or by `presend approve`; **publish** makes the
run appear in the outbox, complete, if it is still right at that moment; **deliver**, where `deliver_to` or `PRESEND_OUTBOX` names a place,
copies it to where it is collected. Each task's note says what it found.

What stops a task is looked at again every few minutes until the latest useful moment, an eighth of the window (at most 15 minutes)
before the delivery analysis; then the run fails. Every task may be cleared at any time: what still stands is not done again, what has
changed meanwhile is. After the delivery analysis nothing is published: the run fails and says that it was missed. **A run is green only
when an audience was published, and delivered.**
"""

from datetime import timedelta

from airflow.sdk import DAG, get_parsing_context, task

from orchestration import assets, deadlines, pools
from orchestration.approval import RunApproval
from orchestration.notices import CampaignNotifier
from orchestration.places import OUTBOX, Place
from orchestration.windows import start_of, timetable_of
from orchestration.wiring import DEFAULTS, PARAMS, PUBLISH, workspace
from pipeline.config import load_configuration

WANTED = get_parsing_context().dag_id  # a task's process reads its own DAG only
HAS_OUTBOX = Place.of(OUTBOX, workspace()) is not None
# Without the feeds: a faulty one stops the tasks, which say so, and not the DAGs.
CONFIGURATION = load_configuration(workspace(), campaigns=None if WANTED is None else (WANTED.removeprefix(PUBLISH),), feeds=())


def freshness(campaign: str) -> bool:
    """Wait until everything that the campaign rests on is there, taken and fresh."""
    from orchestration.publishing import is_fresh

    return is_fresh(campaign)


def decide(campaign: str) -> str:
    """Work out who may get the message; the run that comes of it lies where no collector looks."""
    from orchestration.publishing import decide

    return decide(campaign)


def validate(campaign: str) -> str:
    """Judge the very files that are to be published by what the gate found."""
    from orchestration.publishing import validate

    return validate(campaign)


def publish(campaign: str, approved: str | None = None) -> str:
    """Make the run appear in the outbox, if it is still right at this moment."""
    from orchestration.publishing import publish

    return publish(campaign, approved=approved)


def deliver(campaign: str, published: str) -> str:
    """Copy the run to where it is collected: its data first, what names them last."""
    from orchestration.publishing import deliver

    return deliver(campaign, published)


for name in sorted({*CONFIGURATION.campaigns, *CONFIGURATION.campaign_faults}):
    # A campaign whose file is wrong keeps its DAG, without a schedule: its page says what is wrong, and it is seen to be missing.
    campaign = CONFIGURATION.campaigns.get(name)
    faults = "".join(f"\n* **{fault}**" for fault in CONFIGURATION.campaign_faults.get(name, ()))
    window = campaign.publish_before if campaign else timedelta()
    with DAG(
        dag_id=f"{PUBLISH}{name}",
        schedule=timetable_of(campaign) if campaign else None,
        start_date=start_of(campaign) if campaign else None,
        catchup=campaign is not None and campaign.recurrence is None,
        max_active_runs=1,
        deadline=deadlines.alerts(campaign) if campaign else None,
        default_args={
            **DEFAULTS,
            "owner": campaign.organisation if campaign else "presend",
            "retries": deadlines.tries(window),
            "retry_delay": deadlines.again_after(window),
            "on_failure_callback": CampaignNotifier(name),
            "on_retry_callback": CampaignNotifier(name, is_first_try_only=True),
        },
        params=PARAMS,
        tags=["presend", "publish", *([campaign.organisation] if campaign else ["faulty"])],
        doc_md=f"{__doc__}{faults}",
    ) as found:
        waiting = {"poke_interval": deadlines.again_after(window), "timeout": 2 * window + deadlines.AGAIN}
        fresh = task.sensor(mode="reschedule", **waiting)(freshness)(name)
        validated = task(pool=pools.WRITER)(validate)(name)
        fresh >> task(pool=pools.WRITER)(decide)(name) >> validated
        outlets = [assets.audience(name)]  # the audience can be collected
        is_delivered = HAS_OUTBOX or bool(campaign and campaign.destinations)
        releasing = task(pool=pools.WRITER, outlets=[] if is_delivered else outlets)(publish)
        if campaign and campaign.approval == "required":
            # Asked again at once when a try is lost, which is nothing to be told about.
            again = {"retry_delay": deadlines.ASK_AGAIN, "on_retry_callback": None}
            asked = RunApproval(task_id="approve", campaign=name, doc_md=RunApproval.__doc__, **again)
            validated >> asked
            published = releasing(name, asked.output)
        else:
            published = releasing(name)
            validated >> published
        if is_delivered:
            task(outlets=outlets)(deliver)(name, published)
    globals()[found.dag_id] = found  # where Airflow looks for it
