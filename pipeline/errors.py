"""Everything that Presend tells a user went wrong, and the exit code that says which kind it was.

    PresendError                      exit code
    ├── UsageError                     2   the command was called wrongly
    ├── ConfigurationError            10   presend.yaml, a feed or a campaign file is wrong
    ├── FeedRefused                   11   a feed file broke its contract; nothing of it was loaded
    ├── FeedNotFresh                  12   a feed that a campaign rests on is stale or missing
    ├── ValidationFailed              13   the gate before publication said no
    ├── WaitingForApproval            14   the run waits for a person
    ├── AnotherWriter                 15   another process writes; nothing was done
    ├── NotFound                      16   no such campaign, run or address
    ├── PlaceNotReached               17   a place did not take or give a file; a published run stays published
    └── BrokenInstallation             1   a part of Presend itself is missing

Each error says what, where and what to do (contract §4). Anything else that reaches `main` is a bug and exits 1.
An error never holds a full address.
"""

import errno
import os

REFUSALS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.EMFILE, errno.ENFILE)
"""What an operating system answers when a disk is full, not to be written to, or broken."""


class PresendError(Exception):
    """An error that a user can act on: `message` says what, `where` the place, `remedy` what to do."""

    exit_code = 1

    def __init__(self, message: str, *, where: str = "", remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        stop = "" if self.message.endswith((".", "!", "?")) else "."
        return f"{place}{self.message}{stop} {self.remedy}".rstrip() if self.remedy else f"{place}{self.message}"


class UsageError(PresendError):
    """The command was called with arguments that do not go together."""

    exit_code = 2


class ConfigurationError(PresendError):
    """The workspace's configuration is wrong."""

    exit_code = 10


class FeedRefused(PresendError):
    """A feed file broke its contract; nothing of it was loaded."""

    exit_code = 11


class FeedNotFresh(PresendError):
    """A feed that the campaign rests on is stale or missing."""

    exit_code = 12


class ValidationFailed(PresendError):
    """A promise or an expectation does not hold, or could not be checked; nothing was published."""

    exit_code = 13


class WaitingForApproval(PresendError):
    """The run is complete and waits for a person's release."""

    exit_code = 14


class AnotherWriter(PresendError):
    """Another process holds the lock; nothing was done."""

    exit_code = 15


class BrokenInstallation(PresendError):
    """A file that belongs to Presend is missing or empty: what it would exclude, nobody would."""


class Overtaken(AnotherWriter):
    """Another campaign was published while this one was decided: what it would have looked at is another thing by now."""


class NotFound(PresendError):
    """There is no such campaign, run or address."""

    exit_code = 16


class PlaceNotReached(PresendError):
    """A folder, bucket or server did not take or give a file. A run that was to be delivered there stays published."""

    exit_code = 17


def refusal_of_the_system(error: Exception, *, where: str) -> PresendError | None:
    """The error in words, when the operating system refused to write or read; None when it is a bug (exit code 1 is both's).

    Libraries tell the system's answer in their own exceptions, at the end of a text that may quote a path.
    """
    number = error.errno if isinstance(error, OSError) else None
    told = next((os.strerror(code) for code in REFUSALS if code == number or os.strerror(code) in str(error)), None)
    if told is None:
        return None
    return PresendError(
        f"the system refused to write or read: {told}",
        where=where,
        remedy="Make room, or grant the right, and run the command again: nothing was left half done.",
    )
