"""The commented files that `presend init` starts a workspace with."""

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
  register: {channel: email, countries: [AT], use: without_consent, max_age: 35d}
"""

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
# One feed of the source {source}; `presend feeds` lists what it reads.
source: {source}
organisation: organisation              # for rows that name none
max_age: 26h                            # older than this: nothing is published
"""


def feed_id(source: str) -> str:
    """The name that the feed of a source gets in a new workspace."""
    return _FEEDS[source][0] if source in _FEEDS else source


def files(sources: tuple[str, ...]) -> dict[str, str]:
    """Path below the workspace → text, for a workspace with one feed per source."""
    texts = {
        "presend.yaml": _SETTINGS + (_REGISTERS if "canonical_register" in sources else ""),
        "campaigns/first-newsletter.yaml": _CAMPAIGN,
    }
    for source in sources:
        texts[f"feeds/{feed_id(source)}.yaml"] = _FEEDS[source][1] if source in _FEEDS else _OTHER_FEED.format(source=source)
    return texts
