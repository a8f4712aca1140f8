"""What is signed and taken off the machine: where the chain ended, lest its end be cut off unseen."""

import msgspec

from scanner.audit.chain import Head
from scanner.errors import InputError


class FileMark(msgspec.Struct, frozen=True):
    """A file as it was."""

    name: str
    sha256: str


class Checkpoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The state of a count at one moment. Small enough to be printed and typed in again."""

    election: str
    fingerprint: str  # of the election package
    test: bool
    number: int  # of the last event
    hash: str  # of the last event
    database: FileMark | None = None  # the whole file, when nobody else wrote at that moment

    @property
    def head(self) -> Head:
        """Where the chain ended."""
        return Head(self.number, self.hash)

    @property
    def words(self) -> str:
        """One line that says it all, as it is signed along and printed on protocols."""
        kind = "test count" if self.test else "count"
        return f"valgskanner {kind} {self.fingerprint[:16]} event {self.number} {self.hash}"


def checkpoint_bytes(one: Checkpoint) -> bytes:
    """As it is written and signed: the same checkpoint gives the same bytes."""
    return msgspec.json.format(msgspec.json.encode(one, order="sorted"), indent=1) + b"\n"


def read_checkpoint(content: bytes, name: str) -> Checkpoint:
    """The checkpoint in a file; InputError if it is none."""
    try:
        return msgspec.json.decode(content, type=Checkpoint)
    except msgspec.MsgspecError as error:
        raise InputError(f"{name} is no checkpoint: {error}.") from error
