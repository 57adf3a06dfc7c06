"""A small company whose landing folder holds a bit of everything, for tests about files, processes and bytes."""

import csv
import io
from datetime import datetime
from pathlib import Path
from random import Random

from tests.lib.workspaces import AS_OF, ROOT, write_campaign, write_settings, write_yaml

MESSAGES = ROOT / "tests" / "data" / "mailbox"


def write_company(folder: Path, *, profiles: int = 400, seed: int = 1) -> None:
    """A workspace with five feeds and two campaigns; the same numbers give the same bytes."""
    random = Random(seed)
    settings = {
        "policy": {"consent_required": "any", "double_opt_in": "optional"},
        "max_rejected": "20%",
        "registers": {
            "ecg": {"channel": "email", "use": "without_consent", "entries": [address(number) for number in range(0, profiles, 17)]}
        },
    }
    write_settings(folder, settings)
    write_yaml(folder / "feeds" / "bounces.yaml", {"source": "mailbox", "organisation": "o1", "files": "*.eml", "max_rejected": "100%"})
    write_campaigns(folder)
    people = [
        {
            "profile_id": f"p{number}",
            "organisation": "o1" if number % 3 else "o2",
            "email": "not an address" if number % 97 == 0 else address(number),
            "phone": f"0664 {1000000 + number}" if number % 2 else "",
            "first_name": random.choice(["Anna", "Béla", "Çelik", "=1+1"]),
            "last_name": random.choice(["Muster", "Müster", "van Voorbeeld"]),
            "city": random.choice(["Graz", "Wien", "'s-Hertogenbosch"]),
            "updated_at": f"2026-01-{number % 28 + 1:02}T08:00:00Z",
            "external_id": str(number // 2) if number % 5 == 0 else "",
        }
        for number in range(profiles)
    ]
    land_csv(folder / "landing" / "profiles" / "crm.csv", people)
    actions = ["opt_in", "opt_in", "opt_in", "opt_out", "pause", "opt_out_request"]
    land_csv(folder / "landing" / "consent" / "forms.csv", [
        {
            "event_id": f"c{number}",
            "occurred_at": "no time at all" if number % 50 == 0 else f"2026-0{number % 5 + 1}-{number % 28 + 1:02}T10:{number % 60:02}:00Z",
            "action": random.choice(actions),
            "address": address(random.randrange(profiles)),
            "scope": "organisation",
            "scope_id": random.choice(["o1", "o2"]),
            "via": "form",
        }
        for number in range(profiles)
    ])  # fmt: skip
    land_csv(folder / "landing" / "delivery" / "mailer.csv", [
        {
            "event_id": f"d{number}",
            "occurred_at": f"2026-05-{number % 28 + 1:02}T{number % 24:02}:00:00Z",
            "type": random.choice(["delivered", "sent", "bounce", "complaint"]),
            "address": address(random.randrange(profiles)),
            "bounce_class": random.choice(["hard", "soft", "block"]),
            "organisation": "o1",
        }
        for number in range(profiles // 2)
    ])  # fmt: skip
    for message in sorted(MESSAGES.glob("*.eml"))[:12]:
        (folder / "landing" / "bounces").mkdir(parents=True, exist_ok=True)
        (folder / "landing" / "bounces" / message.name).write_bytes(message.read_bytes())


def write_campaigns(folder: Path) -> None:
    """Two campaigns, one of which leaves out the audience of the other."""
    as_of = datetime.fromisoformat(AS_OF)
    write_campaign(folder, "a-news", as_of, {"columns": ["first_name", "last_name", "city"], "segment": "city = 'Graz'"})
    write_campaign(folder, "b-rest", as_of, {"exclude": ["a-news"], "seeds": ["control@post.example.at"]})


def address(number: int) -> str:
    """The e-mail address of the numbered person."""
    return f"person{number}@post.example.at"


def land_csv(path: Path, rows: list[dict[str, str]]) -> None:
    """A CSV file as our own exports look."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")
