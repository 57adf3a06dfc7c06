"""A person's yes to a run, at Airflow's page or at the terminal (`presend approve`): whichever comes first counts."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, NoReturn

from airflow.providers.standard.operators.hitl import ApprovalOperator, HITLOperator
from airflow.sdk.exceptions import AirflowFailException, TaskAwaitingInput

from orchestration.deadlines import latest_useful
from orchestration.notes import say
from orchestration.wiring import clock, workspace

if TYPE_CHECKING:
    from pipeline.config import Campaign

GLANCE = timedelta(minutes=2)
"""How often it is looked whether somebody has answered at the terminal. Rarely: an answer that comes in the seconds in which the task has
just looked is lost by a busy Airflow 3.3, and the task asks again."""
ASKED = "asked"


class RunApproval(ApprovalOperator):
    """Asks whether the campaign's waiting run may be published, until the latest useful moment; silence is a no.

    Gives the id of the run that the person was asked about. Who said yes, and when, is recorded beside the waiting run
    (`pipeline.approvals`), because Airflow's own user is known here alone: what publishes believes that record, and no XCom. A refused run
    is taken away, and the task fails: a DAG run is green only when an audience was published.

    The question itself names no run, because Airflow 3.3 keeps the words of the first one when a task is repeated: the note does.
    """

    def __init__(self, *, campaign: str, **settings: Any) -> None:
        body = "The note of this task names the run that waits, and how many it holds and leaves out. Its `report.html` lies in `pending/`."
        super().__init__(subject=f"May {campaign} be published?", body=body, response_timeout=GLANCE, **settings)
        self.campaign = campaign

    def execute(self, context: Any) -> Any:
        """Ask about the newest run that waits for this delivery analysis."""
        from orchestration.publishing import asked_campaign, figures
        from pipeline.approvals import approval_of
        from pipeline.preparation import runs_for

        campaign = asked_campaign(self.campaign, context)
        waiting = runs_for(workspace(), campaign, is_pending=True)
        if not waiting:
            return self._released(context, campaign)
        known = approval_of(waiting[-1])
        if known is not None:  # the try in which the answer came was lost
            say(f"{known.by} approved run {known.run_id}.")
            return known.run_id
        context["ti"].xcom_push(key=ASKED, value=waiting[-1].run_id)
        again = "Asked again: an earlier answer does not count. " if context["ti"].try_number > 1 else ""
        say(f"{again}Waits for approval until {latest_useful(campaign).isoformat()}. {figures(waiting[-1])}")
        return super().execute(context)

    def execute_complete(self, context: Any, event: dict[str, Any]) -> Any:
        """Take the answer, or look whether there was one elsewhere."""
        from orchestration.publishing import asked_campaign
        from pipeline.approvals import record
        from pipeline.outbox import find_run
        from pipeline.preparation import refuse

        campaign = asked_campaign(self.campaign, context)
        asked = context["ti"].xcom_pull(task_ids=self.task_id, key=ASKED)
        if not self._waits(asked):
            return self._released(context, campaign)
        if event.get("error_type") == "timeout":
            if clock(context) < latest_useful(campaign):
                raise TaskAwaitingInput(method_name="execute_complete", timeout=GLANCE)
            self._fail(f"Nobody approved run {asked} in time; nothing is published.")
        answer = HITLOperator.execute_complete(self, context, event)
        by = (answer["responded_by_user"] or {}).get("name") or "somebody"
        if self.APPROVE not in answer["chosen_options"]:
            refuse(workspace(), asked)
            self._fail(f"{by} refused run {asked}; nothing is published.")
        instance = context["ti"]
        record(find_run(workspace(), asked), by, clock(context), f"{instance.dag_id}/{instance.run_id}")
        say(f"{by} approved run {asked}.")
        return asked

    def _waits(self, run_id: str) -> bool:
        from pipeline.errors import NotFound
        from pipeline.outbox import find_run

        try:
            return find_run(workspace(), run_id).is_pending
        except NotFound:
            return False

    def _released(self, context: Any, campaign: "Campaign") -> str:
        """The run that somebody released elsewhere. Fails when there is none: what waited was taken away."""
        from pipeline.preparation import runs_for

        published = runs_for(workspace(), campaign)
        if not published:
            self._fail("The run that waited was refused or taken away, and none was published. Clear the task `decide` to make one.")
        run = published[-1]
        by = (run.manifest["approval"] or {}).get("by", "somebody")
        say(f"Run {run.run_id} was approved by {by} at the terminal.")
        return run.run_id

    def _fail(self, reason: str) -> NoReturn:
        say(reason)
        raise AirflowFailException(reason)
