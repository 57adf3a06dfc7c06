"""Twilio as a house's way to send texts: the message log of its numbers as CSV, what people wrote and what was answered."""

from datetime import datetime
from pathlib import Path
from random import Random

from pipeline.demo.files import Table

NUMBERS = {"list": "+43720000011", "organisation": "+43720000010"}
"""Our numbers, as `examples/kultur/feeds/twilio.yaml` maps them: the newsletter's and the house's own."""

STOPS = ("STOP", "Stop", "stop!", "STOPP", "Abmelden", "Afmelden", "Stopp.")
_COLUMNS = ("From", "To", "Body", "Status", "SentDate", "ApiVersion", "NumSegments", "ErrorCode", "Sid", "Direction", "Price", "PriceUnit")


class Twilio:
    """The log of one Twilio account."""

    def __init__(self, landing: Path, day: str, rng: Random) -> None:
        self._rng = rng
        self._log = Table(landing / "twilio" / f"log-{day}.csv", _COLUMNS)
        self._messages = 0

    def stop(self, number: str, at: datetime, *, scope: str = "list") -> None:
        """A STOP to one of our numbers, and the answer that Twilio sends."""
        self._write(number, NUMBERS[scope], self._rng.choice(STOPS), at, "received", "inbound")
        self._write(NUMBERS[scope], number, "Sie erhalten keine Nachrichten mehr. STOP", at, "delivered", "outbound-reply")

    def text(self, number: str, body: str, at: datetime) -> None:
        """What somebody wrote in their own words."""
        self._write(number, NUMBERS["list"], body, at, "received", "inbound")

    def _write(self, sender: str, receiver: str, body: str, at: datetime, status: str, direction: str) -> None:
        self._messages += 1
        time = at.strftime("%Y-%m-%dT%H:%M:%SZ")
        sid = f"SM{self._messages:032x}"
        self._log.write([sender, receiver, body, status, time, "2010-04-01", "1", "0", sid, direction, "", "USD"])

    def close(self) -> None:
        """Finish the file."""
        self._log.close()
