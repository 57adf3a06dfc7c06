"""A workspace of which a test lands files and asks whom a campaign would write to: its doors are the commands."""

import json
from pathlib import Path
from typing import Any

from pipeline.cli import invoke
from tests.lib.workspaces import write_yaml

PLACE = {"country": "AT", "timezone": "Europe/Vienna"}
ORGANISATIONS = {
    "o1": {**PLACE, "brands": {"b1": {"lists": ["l1", "l2"]}, "b2": {"lists": ["l3"]}}},
    "o2": {**PLACE, "brands": {"b9": {"lists": ["l9"]}}},
}
PEOPLE = "profile_id,email\n" + "".join(f"{name},{name}@x.at\n" for name in "abcde")


class Outbox:
    """People a to e of organisation o1 in the feed `people`, a campaign c1 of brand b1, and further feeds as the test has them."""

    def __init__(self, folder: Path, people: str = PEOPLE, *, organisation: str = "o1", **settings: Any) -> None:
        self.folder, self.organisation = folder, organisation
        self.settings: dict[str, Any] = {
            "organisations": ORGANISATIONS,
            "policy": {"consent_required": "none", "double_opt_in": "optional"},
            **settings,
        }
        self.configure()
        self.feed("people", source="canonical_profiles", organisation=organisation)
        self.lands("people", "p.csv", people)
        self.campaign()

    def configure(self, **settings: Any) -> None:
        """presend.yaml, with these settings from now on."""
        self.settings |= settings
        write_yaml(self.folder / "presend.yaml", self.settings)

    def feed(self, name: str, **settings: Any) -> None:
        """The feed's settings from now on."""
        write_yaml(self.folder / "feeds" / f"{name}.yaml", {"max_age": "365d", "max_rejected": "10%", **settings})

    def campaign(self, **settings: Any) -> None:
        """The campaign c1, by e-mail and for marketing."""
        written = {"organisation": self.organisation, "brand": "b1", "channel": "email", "message_class": "marketing",
                   "delivery_analysis_at": "2026-06-29T09:00:00Z", "publish_before": "30d", "maximum_change": "100%",
                   "minimum_audience": 0, **settings}  # fmt: skip
        write_yaml(self.folder / "campaigns" / "c1.yaml", written)

    def lands(self, feed: str, name: str, content: Any) -> Path:
        """A file arrives: bytes, text, or a value as JSON."""
        path = self.folder / "landing" / feed / name
        path.parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, str) else "" if isinstance(content, bytes) else json.dumps(content)
        path.write_bytes(content if isinstance(content, bytes) else text.encode())
        return path

    def does(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        """A command's exit code and its answer."""
        code, answer = invoke(["--workspace", str(self.folder), "--json", *arguments])
        return code, json.loads(answer)

    def ingests(self, day: int, *arguments: str, hour: int = 8) -> int:
        """The exit code of an ingest on a day of June."""
        return self.does("ingest", "--as-of", f"2026-06-{day:02}T{hour:02}:00:00Z", *arguments)[0]

    def writes_to(self, day: int) -> set[str]:
        """Whom c1 would write to on a day of June: the names before the @, or the exit code with its message."""
        code, answer = self.does("publish", "c1", "--as-of", f"2026-06-{day:02}T10:00:00Z")
        if code:
            return {f"{code}: {answer['error']['message']}"}
        lines = (Path(answer["path"]) / "audience.csv").read_text(encoding="utf-8").splitlines()
        return {line.partition("@")[0] for line in lines[1:]}
