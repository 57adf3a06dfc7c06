"""One message → what it says: reports by their standards first, then what people and other programs write."""

import re
from dataclasses import dataclass, replace

from pipeline.messages.arf import FAULT_REDACTED, is_plain_complaint, read_feedback, recipients_of_original, report_part
from pipeline.messages.bounce_phrases import ANSWER, FAILURE, is_only_delay, plainly_failed, speaks_of_failure
from pipeline.messages.bounce_text import read_text, reason_about, report_lines
from pipeline.messages.dsn import Block, finding_of, is_failure, is_recipient, recipient_of, says_why, status_blocks
from pipeline.messages.finding import ADDRESS, Finding, FindingKind, as_iso, header_addresses, message_id
from pipeline.messages.mime import TEXT_LIMIT, Part, parse
from pipeline.messages.notices import read_ses_notice, ses_notice
from pipeline.messages.replies import asks_to_confirm, is_absence_by_subject, is_auto_reply, is_challenge, subject_words
from pipeline.messages.requests import Request, is_asked_on_leave, is_request_by_subject, own_words, read_request, subscriber_of
from pipeline.messages.subscribers import carried_by, only_receiver_of, written_to
from pipeline.messages.times import time_of
from pipeline.vocabulary import BounceClass

FAULT_UNREADABLE = "message_unreadable"
FAULT_NOBODY = "recipient_unreadable"
DIAGNOSTIC_LIMIT = 500

_DAEMON = re.compile(
    r"mailer[ -]?daemon|mail-?daemon|mdaemon|mail[ ._-]?delivery|delivery[ ._-]?(sub)?system|mail[ ._-]?system|mail-?router|"
    r"microsoftexchange[0-9a-f]{8}|smtp32|delivery[ ._-]?(agent|status|notif|report)|microsoft exchange|mailsweeper",
    re.IGNORECASE,
)
_POSTMASTER = re.compile(r"post_?master", re.IGNORECASE)
"""A server's name, and that of the person who looks after it and writes letters."""

_SUBJECT = re.compile(
    r"undeliver|un-deliver|delivery (status|fail|notif|report|problem|error|unsuccess|has failed|attempt)|deliver(y|ed|"
    r"able)?[^a-z]{1,3}(fail|error|problem)|"
    r"fail(ed|ure)|returned (mail|to sender|e-?mail|message)|mail (delivery|error|fail|system|could not)|"
    r"could ?n[o']t (be )?(deliver|send)|not deliver|"
    r"not be (delivered|sent)|nondeliver|non[ -]deliver|ndn:|ndr:|bounce|unknown (user|recipient|address)|(user|recipient|address) unknown|"
    r"(message|mail|e-?mail) (status|rejected|blocked|refused|returned|not sent)|rejected|(invalid|no such|bad|wrong) (user|"
    r"recipient|address)|warning|error|"
    r"unzustellbar|nicht zugestellt|zustell|fehlgeschlagen|zur(ü|ue)ckgesandt|[eé]chec|non remis|non distribu|retour(n[eé])?|"
    r"onbestelbaar|niet (bezorgd|afgeleverd)|"
    r"mislukt|mancata consegna|non recapitabile|devuelto|no se pudo entregar|fallo|falha|n[aã]o entregue|quota|mailbox (is )?full|"
    r"does not exist|"
    r"delayed|problem delivering|mail not|notification|notice|undelivered|spam|blocked|virus|account (closed|disabled)|"
    r"エラー|配信|届け|未達|退信|失败|無法"
)
_SUCCESS = re.compile(
    r"success|has been (delivered|relayed)|was (delivered|relayed)|erfolgreich|wurde zugestellt|ha sido entregado", re.IGNORECASE
)
_ANSWERED = ("re:", "aw:", "fw:", "fwd:", "wg:", "antw:", "sv:", "rv:", "tr:", "vs:", "odp:")
_REFUSED_ADDRESS = re.compile(rf"^\s*<{ADDRESS.pattern}>:\s*(?:host \S+ said:\s*)?5\d\d\b", re.MULTILINE)
_NO_REPORT = frozenset({"disposition-notification"})
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Reading:
    """What one message says. No findings and no fault: nothing about deliveries or consent stands in it."""

    message_id: str = ""
    subject: str = ""
    campaign: str = ""
    receivers: tuple[str, ...] = ()
    text: str = ""
    findings: tuple[Finding, ...] = ()
    fault: str = ""


def read_message(content: bytes) -> Reading:
    """Read one message, whatever its bytes; what cannot be read at all carries a fault."""
    root = parse(content)
    if not root.headers.keys():
        return Reading(fault=FAULT_UNREADABLE)
    text = human_text(root)
    lines, rest = report_lines(text)
    original = returned_message(root, rest)
    findings = written_to(_findings(root, text, lines, original), root, original)
    return Reading(
        message_id=message_id(root),
        subject=root.header("subject")[:200],
        campaign=_campaign(original) if original else "",
        receivers=tuple(header_addresses(root, "to", "cc", "delivered-to", "x-original-to")),
        text=own_words(text),
        findings=tuple(replace(one, occurred_at=time_of(root, one.occurred_at, one.kind)) for one in findings),
    )


def _findings(root: Part, text: str, lines: list[str], original: Part | None) -> list[Finding]:
    report = report_part(root)
    if report is not None:
        return read_feedback(root, report, original)
    occurred_at = as_iso(root.header("date"))
    if str(root.headers.get_param("report-type") or "").lower() in _NO_REPORT:
        return []
    notice = ses_notice(text)
    if notice is not None:
        return read_ses_notice(notice, occurred_at)
    words = "\n".join(lines)
    if is_challenge(root, words):
        return []
    recipients = [block for block in status_blocks(root, text) if is_recipient(block)]
    if recipients:
        failures = [block for block in recipients if is_failure(block)]
        findings = _report_findings(failures, lines, occurred_at)
        named = [finding for finding in findings if finding.address]
        if named or not failures:
            return named
        codes = findings[0]
        return [_with_codes(finding, codes) for finding in read_text(root, lines, original, occurred_at)] or [_nobody(occurred_at)]
    if is_plain_complaint(root, original):
        complained = recipients_of_original(original)
        return [Finding(FindingKind.COMPLAINT, address=address, occurred_at=occurred_at) for address in complained] or [
            Finding(FindingKind.COMPLAINT, occurred_at=occurred_at, fault=FAULT_REDACTED)
        ]
    if asks_to_confirm(words):
        return []
    if is_request_by_subject(root):
        return _requested(root, text, occurred_at)
    is_report = is_bounce(root, words, original)
    is_automatic = is_auto_reply(root) or is_absence_by_subject(root) and not is_asked_on_leave(root, text)
    if not is_report and _DAEMON.search(root.header("from")) and (is_automatic or _is_from_nobody(root)):
        return _told_otherwise(root, lines, original, occurred_at)
    if is_automatic and not (is_report and (is_by_server(root) or _shows_failure(root, words))):
        return _from_sender(root, FindingKind.AUTO_REPLY, occurred_at)
    if is_report:
        findings = read_text(root, lines, original, occurred_at)
        if findings or is_only_delay(f"{root.header('subject')}\n{words}"):
            return findings
        if _is_surely_bounce(root, words):
            return [_nobody(occurred_at)]
    return _requested(root, text, occurred_at)


def _told_otherwise(root: Part, lines: list[str], original: Part | None, occurred_at: str) -> list[Finding]:
    """The failed delivery that a server tells in words, or a language, that is not known here. A server is never absent."""
    told = "\n".join([root.header("subject"), *lines])
    if is_only_delay(told) or _SUCCESS.search(told):
        return []
    findings = read_text(root, lines, original, occurred_at)
    whom = carried_by(root, original) or only_receiver_of(root, original)
    if findings or not whom:
        return findings or [_nobody(occurred_at)]
    return [Finding(FindingKind.BOUNCE, address=whom, bounce_class=BounceClass.UNDETERMINED, occurred_at=occurred_at, label="text")]


def _requested(root: Part, text: str, occurred_at: str) -> list[Finding]:
    """What a person asks for: to be taken off, or something that people have to read because it may mean that."""
    request, who = read_request(root, text), subscriber_of(root)
    match request:
        case Request.NONE:
            return []
        case Request.PLAIN:
            return [Finding(FindingKind.OPT_OUT, address=who, occurred_at=occurred_at, fault="" if who else FAULT_NOBODY)]
    return [Finding(FindingKind.REVIEW, address=who, occurred_at=occurred_at, label=request)]


def _report_findings(failures: list[Block], lines: list[str], occurred_at: str) -> list[Finding]:
    """The failed deliveries of a standard report, with what its text says about each."""
    named = [recipient_of(block).lower() for block in failures]
    whole = " ".join(" ".join(lines).split()) if len(failures) == 1 else ""
    told_in = lines if len(failures) <= 50 else []  # no server explains more of them in prose, and the search is quadratic
    return [
        finding_of(block, reason_about(told_in, address, named) if address and not says_why(block) else "", whole, occurred_at)
        for block, address in zip(failures, named, strict=True)
    ]


def is_bounce(root: Part, words: str, original: Part | None) -> bool:
    """Whether a server wrote the message to tell of a failed delivery.

    A field that servers add is enough, and a server's name as the sender beside any word of failure; a postmaster's, who writes letters
    too, beside a plain one. An empty return path, a subject ("error", "notice") or a returned message is not, without words that can
    mean nothing else: absence notices and helpdesks have them too. All three, a server's answer behind an address, are enough.
    """
    if root.header("x-failed-recipients") or "report-type=delivery-status" in str(root.headers.get("content-type", "")).lower():
        return True
    subject = subject_words(root)
    told = f"{subject}\n{words}"
    if _DAEMON.search(root.header("from")):
        return original is not None or speaks_of_failure(told)
    if _POSTMASTER.search(root.header("from")):
        return original is not None or bool(FAILURE.search(subject) or ANSWER.search(words)) or plainly_failed(told)
    if _shows_failure(root, words):
        return True
    if original is None and root.header("auto-submitted").lower().startswith("auto"):
        return False  # a person's mailbox or a ticket system answered
    is_likely = original is not None or _is_from_nobody(root) or _SUBJECT.search(subject)
    return bool(is_likely and not subject.startswith(_ANSWERED) and plainly_failed(told))


def _is_from_nobody(root: Part) -> bool:
    return str(root.headers.get("return-path", "")).strip() == "<>"


def _shows_failure(root: Part, words: str) -> bool:
    """Whether a report's subject and empty return path stand above a server's answer about an address, whoever its writer says he is."""
    subject = subject_words(root)
    is_named = _is_from_nobody(root) and _SUBJECT.search(subject) and not subject.startswith(_ANSWERED)
    return bool(is_named and _REFUSED_ADDRESS.search(words))


def is_by_server(root: Part) -> bool:
    """Whether a server names itself as the writer: what a person's mailbox answers by itself is no report, whatever its words."""
    sender = root.header("from")
    return bool(root.header("x-failed-recipients") or _DAEMON.search(sender) or _POSTMASTER.search(sender))


def _is_surely_bounce(root: Part, words: str) -> bool:
    return is_by_server(root) and speaks_of_failure(f"{subject_words(root)}\n{words}")


def _nobody(occurred_at: str) -> Finding:
    return Finding(FindingKind.BOUNCE, occurred_at=occurred_at, fault=FAULT_NOBODY)


def _with_codes(finding: Finding, codes: Finding) -> Finding:
    """A finding from the text with the codes of the report's fields, which name no address themselves."""
    return Finding(
        finding.kind,
        address=finding.address,
        status_code=codes.status_code or finding.status_code,
        diagnostic=codes.diagnostic or finding.diagnostic,
        bounce_class=finding.bounce_class,
        occurred_at=codes.occurred_at or finding.occurred_at,
        label=codes.label,
    )


def _from_sender(root: Part, kind: FindingKind, occurred_at: str) -> list[Finding]:
    """The finding about whoever wrote the message."""
    senders = header_addresses(root, "from") or header_addresses(root, "sender", "reply-to")
    return [Finding(kind, address=senders[0], occurred_at=occurred_at)] if senders else []


def human_text(root: Part) -> str:
    """What the message says to people: its text parts outside of embedded messages; HTML only where there is no plain text."""
    plain: list[str] = []
    html: list[str] = []
    stack = [root]
    while stack and len(plain) + len(html) < 50:
        part = stack.pop()
        if part.content_type.startswith("message/") or part.is_embedded:
            continue
        if part.children:
            stack.extend(reversed(part.children))
        elif part.content_type == "text/html":
            html.append(part.text)
        elif part.content_type.startswith("text/") or part.content_type.startswith("multipart/"):
            plain.append(part.text)
    return "\n".join(plain if any(one.strip() for one in plain) else html)[:TEXT_LIMIT]


def returned_message(root: Part, rest: list[str]) -> Part | None:
    """The returned or reported message: the embedded one, else the one in the lines that follow the report's own."""
    for part in root.walk():
        if part is not root and part.is_embedded:
            return part.children[0] if part.children else None
    for number, line in enumerate(rest[:40]):
        if re.match(r"[>| \t]*[A-Za-z][A-Za-z0-9-]{1,40}:", line):
            header = [re.sub(r"^[>|]+ ?", "", one).strip("\n") for one in rest[number : number + 200]]
            indent = len(header[0]) - len(header[0].lstrip())
            return parse("\n".join(one[indent:] for one in header).encode(), 1)
    return None


def _campaign(original: Part) -> str:
    """The campaign that the returned message names itself; nothing else is taken for one."""
    value = original.header("x-presend-campaign") or original.header("x-campaign-id")
    return value if len(value) <= 200 else ""


def shortened(text: str) -> str:
    """A diagnostic on one line, at most 500 characters."""
    return _SPACES.sub(" ", text).strip()[:DIAGNOSTIC_LIMIT]
