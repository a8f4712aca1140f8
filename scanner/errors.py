"""Everything that can break, in one tree. The docstring of a class is its message.

An error means that the *machine* (or its input) is broken, never that a ballot is: a ballot
nobody can read is a `Verdict` with the category tvilsom.

    ValgskannerError 1
    ├─ UsageError 2
    ├─ InputError 5      ElectionError, ImageError
    ├─ CaptureError 6
    ├─ ModelError 7
    ├─ AuditError 8
    └─ StoreError 9

Outcomes that are not errors: 0 done, 3 doubtful ballots remain, 4 the numbers do not agree,
130 interrupted.
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """What the shell sees when a command ends."""

    DONE = 0
    BROKEN = 1
    USAGE = 2
    DOUBTFUL = 3
    DISAGREE = 4
    INPUT = 5
    CAPTURE = 6
    MODEL = 7
    AUDIT = 8
    STORE = 9
    INTERRUPTED = 130


class ValgskannerError(Exception):
    """valgskanner could not go on."""

    exit_code = ExitCode.BROKEN

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (self.__doc__ or "").splitlines()[0])


class UsageError(ValgskannerError):
    """The command was called in a way it does not understand."""

    exit_code = ExitCode.USAGE


class InputError(ValgskannerError):
    """A file given to the command cannot be used."""

    exit_code = ExitCode.INPUT


class ElectionError(InputError):
    """The election package has faults."""


class ImageError(InputError):
    """An image is damaged, hostile or in a format that is not read."""


class CaptureError(ValgskannerError):
    """The scanner stopped."""

    exit_code = ExitCode.CAPTURE


class ModelError(ValgskannerError):
    """A model file is missing or is not the one on its card."""

    exit_code = ExitCode.MODEL


class AuditError(ValgskannerError):
    """The audit chain does not hold."""

    exit_code = ExitCode.AUDIT


class StoreError(ValgskannerError):
    """The store cannot be opened, written or trusted."""

    exit_code = ExitCode.STORE
