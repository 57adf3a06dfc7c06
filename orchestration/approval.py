"""A person's yes to a run, at Airflow's page or at the terminal (`presend approve`): whichever comes first counts."""

from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import ApprovalOperator, HITLOperator
from airflow.sdk.exceptions import AirflowFailException, TaskAwaitingInput

from orchestration.deadlines import clock, latest_useful
from orchestration.notes import say

GLANCE = timedelta(minutes=1)
"""How often it is looked whether somebody has answered at the terminal."""
WAITING = "waiting"
BY = "by"


class RunApproval(ApprovalOperator):
    """Asks whether the campaign's waiting run may be published, until the latest useful moment; silence is a no.

    Gives the id of the run that the person was shown; `BY` holds who said yes. A refused run is taken away, and the task fails: a DAG
    run is green only when an audience was published.
    """

    def __init__(self, *, campaign: str, **settings: Any) -> None:
        super().__init__(subject=f"May {campaign} be published?", response_timeout=GLANCE, **settings)
        self.campaign = campaign

    def execute(self, context: Any) -> Any:
        """Show the newest run that waits for this delivery analysis."""
        from orchestration.publishing import asked_campaign, figures, here
        from pipeline.preparation import runs_for

        campaign = asked_campaign(self.campaign, context)
        waiting = runs_for(here(), campaign, is_pending=True)
        if not waiting:
            return self._released(context, campaign)
        run = waiting[-1]
        context["ti"].xcom_push(key=WAITING, value=run.run_id)
        say(f"Waits for approval until {latest_useful(campaign).isoformat()}. {figures(run)}")
        place = run.path.relative_to(here().root).as_posix()
        self.body = f"{figures(run)}\n\nLook at `{place}/report.html`. Delivery analysis: {campaign.delivery_analysis_at.isoformat()}."
        return super().execute(context)

    def execute_complete(self, context: Any, event: dict[str, Any]) -> Any:
        """Take the answer, or look whether there was one elsewhere."""
        from orchestration.publishing import asked_campaign, here
        from pipeline.errors import NotFound
        from pipeline.outbox import find_run
        from pipeline.preparation import refuse

        campaign = asked_campaign(self.campaign, context)
        run_id = context["ti"].xcom_pull(task_ids=self.task_id, key=WAITING)
        try:
            is_waiting = find_run(here(), run_id).is_pending
        except NotFound:
            is_waiting = False
        if not is_waiting:
            return self._released(context, campaign)
        if event.get("error_type") == "timeout":
            if clock(context) < latest_useful(campaign):
                raise TaskAwaitingInput(method_name="execute_complete", timeout=GLANCE)
            self._fail(f"Nobody approved run {run_id} in time; nothing is published.")
        answer = HITLOperator.execute_complete(self, context, event)
        by = (answer["responded_by_user"] or {}).get("name") or "somebody"
        if self.REJECT in answer["chosen_options"]:
            refuse(here(), run_id)
            self._fail(f"{by} refused run {run_id}; nothing is published.")
        context["ti"].xcom_push(key=BY, value=by)
        say(f"{by} approved run {run_id}.")
        return run_id

    def _released(self, context: Any, campaign: Any) -> str:
        """The run that somebody released elsewhere. Fails when there is none: what waited was taken away."""
        from orchestration.publishing import here
        from pipeline.preparation import runs_for

        published = runs_for(here(), campaign)
        if not published:
            self._fail("No run waits for approval, and none was published. Clear the task `decide` to make one.")
        run = published[-1]
        by = (run.manifest["approval"] or {}).get("by", "somebody")
        context["ti"].xcom_push(key=BY, value=by)
        say(f"Run {run.run_id} was approved by {by} at the terminal.")
        return run.run_id

    def _fail(self, reason: str) -> None:
        say(reason)
        raise AirflowFailException(reason)
