"""The web application behind the page: the page itself, its data as JSON, and the runs' reports.

Airflow mounts a plugin's application without any check of its own. Here every address asks Airflow's own login, and shows only campaigns
and feeds whose DAGs the user may read. Nothing is written.
"""

import secrets
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.core_api.security import GetUserDep
from fastapi import Depends, FastAPI, HTTPException, Request, Response
from fastapi.exception_handlers import http_exception_handler
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from orchestration.plugin import base_path
from orchestration.plugin.audiences import DAMAGED, STATES, audiences, report_of
from orchestration.wiring import PUBLISH, workspace
from pipeline.errors import PresendError
from pipeline.report.page import age, local, number

LABELS = {
    "faulty": "faulty file",
    "damaged": "damaged run",
    "refused": "stopped by its checks",
    "blocked": "waiting for feeds",
    "waiting": "waiting for approval",
    "open": "window open",
    "coming": "before its window",
    "missed": "missed",
    "published": "published",
}
SHOWN_REASONS = 3
SHOWN_PAST = 100
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}

app = FastAPI(title="Presend", docs_url=None, redoc_url=None, openapi_url=None)


def readable_dags(user: GetUserDep) -> frozenset[str]:
    """The DAGs that the user may read. Without a valid login the answer is 401, as everywhere in Airflow."""
    return frozenset(get_auth_manager().get_authorized_dag_ids(user=user, method="GET"))


Readable = Annotated[frozenset[str], Depends(readable_dags)]


@app.get("/audiences")
def page(readable: Readable) -> Response:
    """The page "Audiences"."""
    nonce = secrets.token_urlsafe(16)
    policy = f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; frame-ancestors 'self'; base-uri 'none'"
    return HTMLResponse(render(_now(readable), nonce), headers={**HEADERS, "Content-Security-Policy": policy})


@app.get("/audiences.json")
def data(readable: Readable) -> Response:
    """What the page shows, as JSON."""
    return JSONResponse(_now(readable), headers=HEADERS)


@app.get("/reports/{campaign}/{run_id}")
def report(campaign: str, run_id: str, readable: Readable) -> Response:
    """A run's report as the campaign team gets it, kept from doing anything but being read."""
    if f"{PUBLISH}{campaign}" not in readable:
        raise HTTPException(404, "There is no such report.")
    try:
        content = report_of(workspace(), campaign, run_id).read_bytes()
    except (PresendError, OSError):
        raise HTTPException(404, "There is no such report.") from None
    policy = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
    return HTMLResponse(content, headers={**HEADERS, "Content-Security-Policy": policy})


@app.exception_handler(HTTPException)
async def ask_to_log_in(request: Request, error: HTTPException) -> Response:
    """Send somebody who opens a page without a login to Airflow's own; data answers 401."""
    if error.status_code != 401 or request.url.path.endswith(".json"):
        return await http_exception_handler(request, error)
    return RedirectResponse(f"{base_path()}/api/v2/auth/login?next={quote(request.url.path)}", status_code=303, headers=HEADERS)


def render(document: dict[str, Any], nonce: str = "") -> str:
    """The page of a document, as HTML text; style and script carry the nonce, and nothing is loaded from elsewhere."""
    campaigns = document["campaigns"]
    past = [found for found in campaigns if _is_past(found)]
    html: str = (
        _environment()
        .get_template("audiences.html.j2")
        .render(
            document,
            ahead=[found for found in campaigns if not _is_past(found)],
            past=past[:SHOWN_PAST],
            hidden=max(len(past) - SHOWN_PAST, 0),
            totals=[(state, sum(found["state"] == state for found in campaigns)) for state in STATES],
            labels=LABELS,
            shown=SHOWN_REASONS,
            nonce=nonce,
        )
    )
    return html


def _now(readable: frozenset[str]) -> dict[str, Any]:
    return audiences(workspace(), datetime.now(UTC).replace(microsecond=0), readable)


def _is_past(campaign: dict[str, Any]) -> bool:
    return campaign["delivery_analysis_at"] is not None and campaign["time_left"] is None and campaign["state"] != DAMAGED


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("orchestration.plugin", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": number, "age": age, "local": lambda instant, zone: local(instant, ZoneInfo(zone or "UTC"))}
    return environment
