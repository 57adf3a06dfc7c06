"""Copernica's log files: Marketing Suite (`cdm-…`), Publisher (`pom-…`) and SMTPeter; CSV with or without a header, JSON or XML.

What a record says stands in the name of its file and nowhere else: a list of clicks has the columns of a list of unsubscribes.
A file must keep the name that Copernica gave it; one whose name tells nothing is rejected. The logs of unsubscribes are
clicks on a link, not the state: what Copernica does then depends on the database's unsubscribe behaviour. A sender domain that is not
mapped means everything. Errors are of every kind, a limit reached among them: without a code they are undetermined. A
bounce's code is read from the delivery report in `mime`; with several recipients in it, it could be anybody's. `responses`
are mails that are no bounces: absence notices, but also people. The zone of the times is not stated: tell the feed's `timezone`.
"""

from pipeline.feeds._vendor import IGNORED, Field, Shape, VendorFeed, auto_reply, bounce, complaint, delivered, opt_out, sent
from pipeline.vocabulary import BounceClass, Via

LOG = (
    "regexp_extract(lower(getvariable('file_name')), '(cdm|pom)-[a-z]+|abuses|attempts|bounces|clicks|deliveries|failures|opens|responses')"
)
REPORT = "CASE WHEN len(regexp_extract_all(mime, '(?i)final-recipient *:')) <= 1 THEN mime ELSE '' END"

MESSAGE = ("tags", "senderdomain", "profile", "subprofile", "template")
OF_GROUP = ("tags", "senderdomain", "groupid", "profile", "subprofile", "template", "document")
ERROR = ("id", "time", "type", "status", "description", "code")
DATABASE = ("mailingid", "profileid", "subprofileid", "databaseid", "collectionid", "senderdomain", "templateid")
ENVELOPE = ("id", "time", "envelope", "recipient")
"""Columns that several logs have, in their order."""

RECORDS = Shape(
    name="records",
    fields=(
        Field("id", "the message's id", is_required=True),
        Field("time", "when it was reported", is_required=True),
        Field("email", "the recipient", headers=("recipient",), pointers=("recipient",)),
        Field("senderdomain", "the sending domain; look it up in `map:`"),
        Field("type", "what kind of error"),
        Field("status", "enhanced status code"),
        Field("reply_code", "the mail server's reply code", pointer="code", headers=("code",)),
        Field("description", "what the mail server said"),
        Field("mime", "the bounce message"),
    ),
    layouts={
        "cdm-abuse": ("id", "time", "mail", "email", *MESSAGE),
        "cdm-attempts": ("id", "time", *DATABASE, "tags", "email"),
        "cdm-delivery": ("id", "time", "attempts", "email", *MESSAGE),
        "cdm-error": (*ERROR, "email", *MESSAGE),
        "cdm-unsubscribe": ("id", "time", "email", *MESSAGE),
        "pom-abuses": ("id", "time", "mail", "email", *OF_GROUP),
        "pom-attempts": ("id", "time", "groupid", *DATABASE, "documentid", "tags", "email"),
        "pom-deliveries": ("id", "time", "attempts", "email", *OF_GROUP),
        "pom-errors": (*ERROR, "content", "email", *OF_GROUP),
        "pom-unsubscribes": ("id", "time", "email", *OF_GROUP),
        "abuses": (*ENVELOPE, "tags", "templateid"),
        "attempts": (*ENVELOPE, "properties", "tags", "templateid"),
        "bounces": (*ENVELOPE, "mime", "tags", "templateid"),
        "deliveries": (*ENVELOPE, "from", "to", "attempt", "tags", "templateid"),
        "failures": (*ENVELOPE, "attempt", "from", "to", "type", "code", "status", "description", "state", "tags"),
        "responses": (*ENVELOPE, "mime", "tags"),
    },
    label=f"""concat_ws('/', coalesce(nullif({LOG}, ''), getvariable('file_name')),
        CASE WHEN mime <> '' THEN nullif(lower(regexp_extract({REPORT}, '(?im)^action: *([a-z]+)', 1)), '') END)""",
    codes={
        **dict.fromkeys(("cdm-unsubscribe", "pom-unsubscribes"), opt_out(Via.ONE_CLICK)),
        **dict.fromkeys(("cdm-abuse", "pom-abuses", "abuses"), complaint()),
        **dict.fromkeys(("cdm-error", "pom-errors", "failures"), bounce(BounceClass.UNDETERMINED)),
        **dict.fromkeys(("bounces", "bounces/failed"), bounce(BounceClass.UNDETERMINED)),
        **dict.fromkeys(("bounces/delayed", "bounces/relayed", "bounces/expanded", "bounces/delivered"), IGNORED),
        **dict.fromkeys(("cdm-delivery", "pom-deliveries", "deliveries"), delivered()),
        **dict.fromkeys(("cdm-attempts", "pom-attempts", "attempts"), sent()),
        "responses": auto_reply(),
        **dict.fromkeys(("cdm-retry", "pom-retries"), IGNORED),
        **dict.fromkeys(("cdm-click", "pom-clicks", "clicks", "cdm-impression", "pom-impressions", "opens"), IGNORED),
    },
    says={
        "occurred_at": '"time"',
        "address": "email",
        "channel": "'email'",
        "status_code": f"""coalesce(nullif(status, ''), nullif(reply_code, ''),
            regexp_extract({REPORT}, '(?im)^status: *([0-9][.][0-9]{{1,3}}[.][0-9]{{1,3}})', 1))""",
        "diagnostic": f"""concat_ws(' ', nullif(reply_code, ''), nullif(description, ''),
            regexp_extract({REPORT}, '(?im)^diagnostic-code: *(.*(\\r?\\n[ \\t].*)*)', 1))""",
        "reason": '"type"',
        "scope_id": "senderdomain",
    },
)

FEED = VendorFeed(
    source="copernica_log",
    summary="Copernica and SMTPeter log files: unsubscribes, abuses, errors, bounces, deliveries, sent mails (CSV, JSON, XML)",
    shapes=(RECORDS,),
    traps=(
        "The file's name tells what its records say (`cdm-unsubscribe.2026-04-02.log`): keep it.",
        "A CSV is delivered without a header unless it is asked for; the columns are then read by their order.",
        "`cdm-attempts` are the messages that were sent, not the tries to deliver them.",
        "An unsubscribe's `profile` may be gone already: the address is what holds.",
        "Logs of clicks and impressions have no event in them; without a header leave them out with `files:`.",
    ),
    basis=(
        "https://github.com/CopernicaMarketingSoftware/Documentation/blob/master/Publisher/en/restv4/rest-get-logfiles-names.md",
        "https://github.com/CopernicaMarketingSoftware/Documentation/blob/master/Publisher/en/restv4/rest-cdm-unsubscribe-logfile.md",
        "https://github.com/CopernicaMarketingSoftware/Documentation/blob/master/SMTPeter/en/rest-logfiles.md",
        "https://github.com/CopernicaMarketingSoftware/Documentation/blob/master/SMTPeter/en/log-bounces.md",
    ),
)
