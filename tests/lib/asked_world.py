"""A small workspace with one person for each question that `explain`, `status` and `verify` answer."""

import json
from pathlib import Path
from typing import Any

from pipeline.cli import invoke

AS_OF = "2026-06-01T07:00:00Z"
SETTINGS: dict[str, Any] = {
    "organisations": {
        "ufer": {"name": "Ufer", "country": "AT", "timezone": "UTC", "brands": {"galerie": {"lists": ["news", "members"]}}},
        "hof": {"name": "Hof", "country": "AT", "timezone": "UTC", "brands": {"museum": {"lists": ["hof-news"]}}},
    },
    "policy": {"consent_required": "none", "double_opt_in": "required"},
    "forbidden": {"addresses": ["never@post.example"]},
}
CAMPAIGN: dict[str, Any] = {
    "organisation": "ufer",
    "brand": "galerie",
    "list": "news",
    "channel": "email",
    "message_class": "marketing",
    "delivery_analysis_at": "2026-06-01T08:00:00Z",
    "segment": "country = 'AT'",
    "seeds": ["seed@post.example"],
    "formats": ["csv", "parquet"],
}
PROFILES = """profile_id,organisation,email,phone,country,external_id
p1,ufer,anna@post.example,,AT,
p2,ufer,Bert@Post.Example,,AT,
p3,ufer,cleo@post.example,,AT,x3
p4,ufer,not an address,,AT,
p5,ufer,emil@post.example,,DE,
p6,hof,fritz@post.example,,AT,
p7,ufer,never@post.example,,AT,
p8,ufer,,,AT,
p9,ufer,gone@post.example,,AT,
q1,ufer,cleo.second@post.example,,AT,x3
q2,ufer,two@post.example,,AT,
q3,ufer,two@post.example,,AT,
q4,ufer,hard@post.example,,AT,
q5,ufer,staffed@post.example,,AT,
"""
CONSENT = """event_id,occurred_at,action,channel,address,profile_id,organisation,scope,scope_id,actor,via
c1,2026-03-04T10:12:00Z,opt_out,email,bert@post.example,,ufer,organisation,ufer,owner,one_click
c2,2026-03-05T10:00:00Z,opt_out,email,cleo.second@post.example,,ufer,list,news,owner,one_click
c3,2026-03-06T10:00:00Z,opt_out,email,unheld@post.example,,ufer,list,news,owner,one_click
c4,2026-03-07T10:00:00Z,opt_out,email,staffed@post.example,,ufer,brand,galerie,staff,manual
c5,2026-03-02T10:00:00Z,opt_out,email,staffed@post.example,,ufer,brand,galerie,owner,form
"""
LATE = f"""{CONSENT.splitlines()[0]}
x1,2026-05-04T10:12:00Z,opt_out,email,anna@post.example,,ufer,organisation,ufer,owner,one_click
"""
"""Another file of consents, in which Anna opts out."""
DELIVERY = """event_id,occurred_at,type,channel,address,bounce_class,status_code
d1,2026-04-01T10:00:00Z,bounce,email,hard@post.example,hard,5.1.1
"""
FILES = {"profiles": PROFILES, "consent": CONSENT, "delivery": DELIVERY}


def write_world(folder: Path, *, settings: dict[str, Any] | None = None, campaign: dict[str, Any] | None = None) -> Path:
    """The workspace with its files landed and nothing run; JSON is YAML."""
    (folder / "campaigns").mkdir(parents=True)
    (folder / "feeds").mkdir()
    (folder / "presend.yaml").write_text(json.dumps({**SETTINGS, **(settings or {})}))
    (folder / "campaigns" / "c.yaml").write_text(json.dumps({**CAMPAIGN, **(campaign or {})}))
    for kind, text in FILES.items():
        (folder / "feeds" / f"{kind}.yaml").write_text(json.dumps({"source": f"canonical_{kind}", "files": "*.csv", "max_age": "26h"}))
        land(folder, kind, "first.csv", text)
    return folder


def land(folder: Path, feed: str, name: str, text: str) -> None:
    """A file arrives."""
    target = folder / "landing" / feed / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text)


def asked(folder: Path, *arguments: str) -> tuple[int, Any]:
    """What a command answers with `--json`: its exit code and its document."""
    code, text = invoke(["--workspace", str(folder), *arguments, "--json"])
    return code, json.loads(text) if text else None


def run_id_of(folder: Path) -> str:
    """The newest published run of the campaign."""
    return str(json.loads((folder / "outbox" / "ufer" / "c" / "latest.json").read_text())["run_id"])
