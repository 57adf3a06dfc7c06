"""HubSpot as a house's CRM: the contacts as its users export them, last month and today, and the answers about their preferences."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from pipeline.demo.files import Lines, Table

SUBSCRIPTIONS = {"galerie-newsletter": "8412001", "galerie-freunde": "8412002", "forum-news": "8412003"}
UNITS = {"galerie": "310", "forum": "311"}
"""HubSpot's ids of subscription types and business units, as `examples/kultur/feeds/hubspot-preferences.yaml` maps them."""

_BOUNCED = "Email hard bounce reason"  # two properties have this label
_LABELS = {
    "profile_id": "Record ID",
    "salutation": "Salutation",
    "first_name": "First Name",
    "last_name": "Last Name",
    "email": "Email",
    "mobile": "Mobile Phone Number",
    "phone": "Phone Number",
    "birth_date": "Date of birth",
    "street": "Street Address",
    "postal_code": "Postal Code",
    "city": "City",
    "country": "Country/Region",
    "language": "Preferred language",
    "updated_at": "Last Modified Date",
    "others": "Additional email addresses",
    "unsubscribed": "Unsubscribed from all email",
    "bounced": _BOUNCED,
    "bounced_again": _BOUNCED,
    "card": "Kundenkarte",
}
_LANGUAGES = {"de": "German", "nl": "Dutch"}
_PAGE = 100


class HubSpot:
    """The files of one HubSpot portal."""

    def __init__(self, landing: Path, day: str, month_ago: str) -> None:
        name = "hubspot-crm-exports-all-contacts"
        self._old = Table(landing / "hubspot" / f"{name}-{month_ago}.csv.zip", tuple(_LABELS.values()))
        self._new = Table(landing / "hubspot" / f"{name}-{day}.csv", tuple(_LABELS.values()), has_bom=True)
        self._answers = Lines(landing / "hubspot-preferences" / f"statuses-{day}.ndjson")
        self._page: list[dict[str, str]] = []

    def contact(self, values: Mapping[str, str], *, is_old: bool = False) -> None:
        """A contact in today's or last month's export; an enumeration stands there by its label."""
        row = {"unsubscribed": "No", **values, "language": _LANGUAGES.get(values.get("language", ""), "")}
        (self._old if is_old else self._new).write([row.get(name, "") for name in _LABELS])

    def status(self, address: str, status: str, at: datetime, *, subscription: str = "", unit: str = "", source: str = "") -> None:
        """A subscription's status; without one that of a business unit, without either that of the whole portal."""
        self._page.append(
            {
                "subscriberIdString": address,
                "channel": "EMAIL",
                "status": status,
                **({"subscriptionId": subscription} if subscription else {}),
                **({"businessUnitId": unit} if unit else {}),
                **({} if subscription else {"wideStatusType": "BUSINESS_UNIT_WIDE" if unit else "PORTAL_WIDE"}),
                "source": source,
                "timestamp": at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            }
        )
        if len(self._page) == _PAGE:
            self._turn()

    def _turn(self) -> None:
        """One answer of the interface a line."""
        self._answers.write_json({"status": "COMPLETE", "results": self._page})
        self._page = []

    def close(self) -> None:
        """Finish the files."""
        self._turn()
        for file in (self._old, self._new, self._answers):
            file.close()
