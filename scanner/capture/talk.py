"""What the counting process and the one that owns the scanner say to each other: a line of JSON each.

Images never travel here: they go to the spool, and the line only says that they are there.
"""

import msgspec

from scanner.capture.events import End, Fault, ScanSettings
from scanner.capture.journal import Stopped, Stored
from scanner.errors import ExitCode


class Order(msgspec.Struct, frozen=True):
    """The first line a worker gets: what to feed, where to put it, and how long to wait."""

    spec: str
    box: str
    folder: str  # of the batch
    first: int  # number of the sheet that is fed next
    to: int  # last number it may feed before it hears more
    settings: ScanSettings
    sheet_s: float
    parting_s: float
    reserve_sheets: int
    known: tuple[str, ...] = ()  # `Known.mark` of each sheet the box holds: a folder feeds none of them again


class Go(msgspec.Struct, frozen=True, tag="go"):
    """Sheets up to number `to` may be fed."""

    to: int


class Pause(msgspec.Struct, frozen=True, tag="pause"):
    """Stop the feeder, store what is in its path, and end."""


Command = Go | Pause


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """The device is open and has agreed; nothing is fed yet."""

    device: str
    replayable: bool
    obtained: ScanSettings


class Remark(msgspec.Struct, frozen=True, tag="note"):
    """A line a person should see."""

    text: str


class Finished(msgspec.Struct, frozen=True, tag="finished"):
    """The stack ended without a fault. `passed_over`: sheets the box held already."""

    reason: End
    sheets: int
    counter: int | None
    passed_over: int


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """The source cannot be used: the error's exit code and sentence, and its fault if it has one."""

    code: ExitCode
    text: str
    fault: Fault | None = None


Told = Ready | Remark | Stored | Stopped | Finished | Failed

orders = msgspec.json.Decoder(Order)
commands = msgspec.json.Decoder(Command)
told = msgspec.json.Decoder(Told)


def said(message: Order | Command | Told) -> bytes:
    """One message as a line."""
    return msgspec.json.encode(message) + b"\n"
