"""The commented files that `presend init` starts a workspace with, and a sample of each source's files to look at.

A sample holds a few invented people, spelled as carelessly as in real exports. It is kept beside the landing folders, not in
them: what is ingested stays in the ledger, and a sample of a register would pass for a fresh edition.
"""

from pathlib import Path
from textwrap import wrap

from pipeline.feeds import adapters

SAMPLES = Path(__file__).parent / "samples"
"""One folder per source, with files as the vendor delivers them."""

DEFAULT_SOURCES = ("canonical_profiles", "canonical_consent", "canonical_delivery")

_SETTINGS = """\
# Presend's settings: who sends, under which rules. `presend check` tells every mistake with file, line and remedy.

organisations:
  organisation:                         # an id: letters, digits, - and _ ; it names folders, so choose it for good
    name: Our Organisation
    country: AT                         # numbers without a country code are read as this country's
    timezone: Europe/Vienna             # for times without an offset
    brands:                             # sender names, each with its newsletters
      brand: {lists: [newsletter]}

policy:                                 # the product's defaults; change what is different for you
  opt_out_reach: person                 # profile | address | person
  consent_required: any                 # none | any | organisation | brand | list
  double_opt_in: required               # required | optional
"""

_REGISTERS = """
registers:                              # do-not-contact lists of third parties
"""
_REGISTER = "  {id}: {{channel: {channel}, countries: [{country}], use: without_consent, max_age: {max_age}}}\n"
_REGISTERS_OF = {
    "canonical_register": {"id": "register", "channel": "email", "country": "AT", "max_age": "35d"},
    "ecg_list": {"id": "ecg", "channel": "email", "country": "AT", "max_age": "35d"},
    "tps_list": {"id": "tps", "channel": "phone", "country": "GB", "max_age": "28d"},
}

_CAMPAIGN = """\
# One campaign. The file's name is its id: `presend publish first-newsletter` makes its audience.
organisation: organisation
brand: brand
list: newsletter
channel: email
message_class: marketing                # marketing | service | one_to_one
# segment: "country = 'AT'"             # one condition over profile columns
delivery_analysis_at: 2030-01-15T09:00:00+01:00   # when the sending system reads its recipients
publish_before: 2h                      # `presend run` publishes in the two hours before it
columns: [first_name, last_name]
"""

_FEEDS: dict[str, tuple[str, str]] = {
    "canonical_profiles": (
        "profiles",
        """\
# The CRM's export: CSV with a header, or NDJSON. Needed: profile_id; known: organisation, email, phone, first_name,
# last_name, birth_date, street, postal_code, city, country, language, updated_at, external_id; others become attributes.
source: canonical_profiles
organisation: organisation              # for rows that name none
files: "*.csv*"                         # below landing/profiles/; .gz, .zst and .zip are opened
max_age: 26h                            # older than this: nothing is published
""",
    ),
    "canonical_consent": (
        "consent",
        """\
# Opt-ins, opt-outs, pauses and wishes. Needed: occurred_at, action, scope, and address or profile_id.
source: canonical_consent
organisation: organisation
files: "*.csv*"
max_age: 26h
max_rejected: 0.1%                      # more unreadable rows than this in one file: nothing of it is loaded
""",
    ),
    "canonical_delivery": (
        "delivery",
        """\
# What became of earlier messages. Needed: occurred_at, type (sent, delivered, bounce, complaint, …), address.
source: canonical_delivery
organisation: organisation
files: "*.csv*"
max_age: 26h
max_rejected: 0.1%
""",
    ),
    "canonical_register": (
        "register",
        """\
# A do-not-contact register: one column `entry` with an address, "@domain", or a hash of them. One file is one edition.
source: canonical_register
files: "*.csv*"
max_age: 35d
register: {id: register, algorithm: sha1, normalisation: trim_lower}   # id: as in presend.yaml
""",
    ),
    "mailbox": (
        "bounces",
        """\
# A bounce mailbox as .eml files, mbox or Maildir: delivery reports, spam complaints, mails that say "unsubscribe".
source: mailbox
organisation: organisation
brand: brand                            # what an "unsubscribe" opts out of
files: "*"
max_age: 26h
max_rejected: 5%
""",
    ),
}

_OTHER_FEED = """\
{comment}
source: {source}
organisation: organisation              # for rows that name none
files: "*"                              # below landing/{source}/; .gz, .zst and .zip are opened
max_age: {max_age}                           # older than this: nothing is published
"""
_REJECTED = "max_rejected: 0.1%                      # more unreadable rows than this in one file: nothing of it is loaded\n"
_MAP = """\
map:                                    # the vendor's ids and what they are called here; what is missing means everything
  "{id}": {target}
"""
_TARGETS = {"list": "{scope: list, scope_id: newsletter}", "brand": "{scope: brand, scope_id: brand}"}
_IDS = {
    "activecampaign_contacts": ("4711", "list"),
    "activecampaign_events": ("4711", "list"),
    "aws_sms": ("+43720000011", "brand"),
    "bird_inbound": ("614208aa-0001-4d5d-9989-2fddfc0c0001", "brand"),
    "braze_events": ("00000000-0000-4000-8000-00000000000a", "list"),
    "brevo_events": ("4711", "list"),
    "copernica_log": ("news.example.com", "brand"),
    "customerio_events": ("topic_4", "list"),
    "customerio_people": ("topic_4", "list"),
    "didomi_consents": ("4711", "list"),
    "hubspot_contacts": ("Newsletter", "list"),
    "hubspot_preferences": ("4711", "list"),
    "iterable_events": ("channel/4711", "brand"),
    "iterable_users": ("channel/4711", "brand"),
    "klaviyo_profiles": ("SaMpLe", "list"),
    "mailersend_events": ("sample4711", "brand"),
    "mailgun_events": ("news.example.com", "brand"),
    "mailjet_events": ("4711", "list"),
    "mailpoet_subscribers": ("Newsletter", "list"),
    "mailtrap_events": ("news.example.com", "brand"),
    "odoo_contacts": ("4711", "list"),
    "onetrust_consents": ("4711", "list"),
    "postmark_events": ("broadcast", "brand"),
    "postmark_suppressions": ("broadcast", "brand"),
    "resend_events": ("sample-4711", "list"),
    "sendgrid_events": ("4711", "list"),
    "sfmc_tracking": ("4711", "list"),
    "sinch_inbound": ("+43720000011", "brand"),
    "sparkpost_events": ("101", "brand"),
    "sparkpost_suppressions": ("4711", "list"),
    "twilio_inbound": ("+43720000011", "brand"),
    "unisender_go_events": ("4711", "brand"),
    "vonage_inbound": ("+43720000011", "brand"),
    "whatsapp_cloud": ("+43720000011", "brand"),
}
"""The ids of lists, groups, domains and numbers that the samples name, and what they can stand for."""


def feed_id(source: str) -> str:
    """The name that the feed of a source gets in a new workspace."""
    return _FEEDS[source][0] if source in _FEEDS else source


def files(sources: tuple[str, ...]) -> dict[str, str]:
    """Path below the workspace → text, for a workspace with one feed per source."""
    registers = [_REGISTER.format(**_REGISTERS_OF[source]) for source in sources if source in _REGISTERS_OF]
    texts = {
        "presend.yaml": _SETTINGS + (_REGISTERS + "".join(registers) if registers else ""),
        "campaigns/first-newsletter.yaml": _CAMPAIGN,
    }
    for source in sources:
        texts[f"feeds/{feed_id(source)}.yaml"] = _FEEDS[source][1] if source in _FEEDS else _feed(source)
    return texts


def _feed(source: str) -> str:
    """A vendor's feed, headed by what the adapter reads and what to beware of."""
    adapter = adapters()[source]
    said = [f"{adapter.summary}.", *(f"- {trap}" for trap in getattr(adapter, "traps", ()))]
    comment = "\n".join(line for text in said for line in wrap(text, 118, initial_indent="# ", subsequent_indent="#   "))
    register = _REGISTERS_OF.get(source)
    text = _OTHER_FEED.format(comment=comment, source=source, max_age=register["max_age"] if register else "26h")
    if register:
        return text + f"register: {{id: {register['id']}}}                     # as in presend.yaml\n"
    return text + _REJECTED + (_MAP.format(id=_IDS[source][0], target=_TARGETS[_IDS[source][1]]) if source in _IDS else "")
