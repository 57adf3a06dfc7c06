"""A server's words about a failed delivery → a bounce class."""

from collections.abc import Iterator

from pipeline.delivery_status import MAILBOX_FULL, classify
from pipeline.vocabulary import BounceClass
from tests.fuzz.judging import Failure

CLASSES = (*BounceClass, "", "blocked")


def run(content: bytes) -> None:
    label = str(CLASSES[(content[0] if content else 0) % len(CLASSES)])
    code, _, diagnostic = content[1:].decode("utf-8", "replace").partition("\n")
    found, reason = classify(code, diagnostic, label)
    if found not in set(BounceClass) or reason not in ("", MAILBOX_FULL):
        raise Failure(f"{found!r}, {reason!r}")


def seeds() -> Iterator[bytes]:
    for number, text in enumerate(
        (
            "5.1.1\nsmtp; 550 5.1.1 <anna@x.at>: Recipient address rejected: User unknown in virtual mailbox table",
            "\n552 5.2.2 The email account that you tried to reach is over quota. Mailbox full",
            "550\nMessage blocked: poor reputation, see https://example.org/spam",
            "4.4.1\nconnection timed out",
            "\nEmpfänger unbekannt; utilisateur inconnu; onbekend; no existe",
        )
    ):
        yield bytes([number]) + text.encode()
