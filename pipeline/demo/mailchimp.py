"""Mailchimp as a house's newsletter tool: the export of its audience, a zip of one file per status."""

from collections.abc import Mapping
from pathlib import Path

from pipeline.demo.files import Archive

_MEMBER = (
    "Email Address", "First Name", "Last Name", "Phone Number", "MEMBER_RATING", "OPTIN_TIME", "OPTIN_IP", "CONFIRM_TIME", "CONFIRM_IP",
    "CC", "LAST_CHANGED", "LEID", "EUID", "NOTES", "TAGS",
)  # fmt: skip
_LEFT = {
    "subscribed": (),
    "unsubscribed": ("UNSUB_TIME", "UNSUB_CAMPAIGN_TITLE", "UNSUB_CAMPAIGN_ID", "UNSUB_REASON", "UNSUB_REASON_OTHER"),
    "cleaned": ("CLEAN_TIME", "CLEAN_CAMPAIGN_TITLE", "CLEAN_CAMPAIGN_ID"),
}
_TITLE, _ID = "Najaarsbrief", "0a1b2c3d4e"


class Mailchimp:
    """The export of one audience."""

    def __init__(self, landing: Path, day: str) -> None:
        self._archive = Archive(landing / "mailchimp" / f"audience_export_{day}.zip")
        self._tables = {
            status: self._archive.table(f"{status}_email_audience_export_0d3m0.csv", _MEMBER + more) for status, more in _LEFT.items()
        }

    def member(self, values: Mapping[str, str], status: str, at: str, reason: str = "") -> None:
        """A member under its status, which it has had since then; times are local."""
        changed, number = values["updated_at"] + ":00", values["profile_id"][1:]
        phone = values["phone"] and f"'{values['phone']}"  # Excel's apostrophe keeps a number text
        row = [
            values["email"], values["first_name"], values["last_name"], phone, "2", changed, "", changed, "", values["country"].lower(),
            changed, number, f"{int(number):010x}", "", '"kade"',
        ]  # fmt: skip
        left = {"unsubscribed": [at, _TITLE, _ID, "ABUSE" if reason == "spam" else "NORMAL", reason], "cleaned": [at, _TITLE, _ID]}
        self._tables[status].write([*row, *left.get(status, ())])

    def close(self) -> None:
        """Put the export together."""
        self._archive.close()
