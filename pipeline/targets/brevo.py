"""Brevo's import of contacts: one CSV, whose columns are the names of contact attributes.

Brevo takes CSV with a header, separated by semicolons, in UTF-8, and matches each column with the attribute of that name. Every account
has the attributes EMAIL, SMS, FIRSTNAME and LASTNAME (an account in another language may call the names otherwise). EXT_ID is the
sender's own id, LANDLINE_NUMBER a number for calls. Numbers begin with their country's code; a plus is allowed. Attributes that the
account does not have are left out. Pages: "Create a file to import your contacts" at help.brevo.com, "Import contacts" and "Create a
contact" at developers.brevo.com; `basis` has their addresses.

What Brevo knows somebody by – EMAIL, SMS, WHATSAPP, LANDLINE_NUMBER – is the run's address alone: nobody decided about a profile's other
addresses. EXT_ID comes from the column `external_id` alone. A profile's id there would come back with Brevo's export as an external id,
and by these profiles are joined to persons.
"""

import re
from pathlib import Path

import duckdb

from pipeline.errors import ConfigurationError, ValidationFailed
from pipeline.formulas import harmless, identifier
from pipeline.outbox import OWN_COLUMNS, Run, audience_rows
from pipeline.targets._target import File, Target, file_of
from pipeline.vocabulary import either

IDENTIFIERS = {"email": "EMAIL", "sms": "SMS", "phone": "LANDLINE_NUMBER", "whatsapp": "WHATSAPP"}
"""A campaign's channel → the attribute that its addresses are."""
RESERVED = frozenset(IDENTIFIERS.values())
ATTRIBUTES = {"first_name": "FIRSTNAME", "last_name": "LASTNAME", "external_id": "EXT_ID"}
"""Our columns → Brevo's own attributes. Every other one is the attribute of its name in capitals."""
_CSV = "(FORMAT csv, HEADER true, DELIMITER ';', QUOTE '\"', ESCAPE '\"', NULLSTR '')"


def files(run: Run, scratch: Path) -> list[File]:
    """The file of contacts. Raises ConfigurationError for a channel that Brevo's import does not have, and for columns that Brevo could not
    tell apart or would know somebody by; ValidationFailed when the audience's rows are not as many as the manifest says."""
    path = scratch / "contacts.csv"
    with duckdb.connect() as con:
        audience = audience_rows(run)
        columns = [str(name) for name in con.sql(f"FROM {audience}").columns if name not in OWN_COLUMNS]
        selected = [f"address AS {_identifier_of(run)}"]
        selected += [harmless(identifier(name), identifier(header)) for name, header in _headers(run, columns).items()]
        query = f"COPY (SELECT {', '.join(selected)} FROM {audience}) TO $path {_CSV}"
        ((rows,),) = con.execute(query, {"path": str(path)}).fetchall()
    if rows != run.counts["audience"] + run.counts["seeds"]:
        raise ValidationFailed(
            f"the audience has {rows:,} rows, which are not those of the manifest", where=run.run_id, remedy="Publish the campaign again."
        )
    return [file_of(path)]


def _identifier_of(run: Run) -> str:
    channel = str(run.manifest["channel"])
    if channel not in IDENTIFIERS:
        raise ConfigurationError(
            f"Brevo's import has no attribute for addresses of the channel {channel}",
            where=f"campaigns/{run.campaign}.yaml: deliver_to",
            remedy=f"Deliver it in another form, or send by {either(IDENTIFIERS)}.",
        )
    return IDENTIFIERS[channel]


def _headers(run: Run, columns: list[str]) -> dict[str, str]:
    """The audience's column → the attribute. Brevo's names have letters, digits and underscores."""
    headers = {name: ATTRIBUTES.get(name, re.sub(r"\W", "_", name, flags=re.ASCII).upper()) for name in columns}
    found = list(headers.values())
    for name, header in headers.items():
        if header in RESERVED or found.count(header) > 1:
            why = "is what Brevo knows somebody by" if header in RESERVED else "stands twice"
            raise ConfigurationError(
                f"the column {name!r} would be Brevo's attribute {header}, which {why}",
                where=f"campaigns/{run.campaign}.yaml: columns",
                remedy="Leave it out of the campaign's `columns`, or rename the profile's attribute.",
            )
    return headers


TARGET = Target(
    name="brevo",
    meaning="a CSV that Brevo imports as contacts: `contacts.csv`",
    files=files,
    tells_withdrawn=False,
    basis=(
        "https://help.brevo.com/hc/en-us/articles/208729849-Create-a-file-to-import-your-contacts",
        "https://developers.brevo.com/reference/import-contacts",
        "https://developers.brevo.com/reference/create-contact",
    ),
)
