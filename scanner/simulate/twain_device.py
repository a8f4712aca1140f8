"""A TWAIN scanner without a motor: our own data source and manager in C, compiled when first asked for.

    with twain_ballot_device(folder, faults=[Planned(Trouble.JAM, 5)]) as device:
        open_source(device.spec)

`folder` holds images in pairs (`0001F.jpg` and `0001B.jpg`; also `.pgm`, `.ppm`, `.pbm`, and `.tif`
with one Group 4 strip), fed in the order of their names; what kinds it holds decides what the
scanner can send. The place of the paper is on disk: a killed worker finds it where it was left.
"""

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

from scanner.errors import CaptureError

_CODE = Path(__file__).parent / "twain"
_MANAGER = "VALGSKANNER_TWAIN_DSM"
_DEVICES = "BALLOT_SOURCE"
_MAX_NAME = 31


class Trouble(StrEnum):
    """What can go wrong. The sheet it strikes has left the hopper, until it is put back."""

    JAM = "fail 20"
    DOUBLE_FEED = "fail 21"
    COVER_OPEN = "fail 24"
    OFFLINE = "fail 23"
    LOW_MEMORY = "fail 2"
    OPERATION_ERROR = "fail 5"
    SEQUENCE_ERROR = "fail 11"
    NO_MEDIA = "fail 29"
    BUMMER = "fail 1"
    CANCELLED = "code 3"
    BUSY = "code 10"
    EVENT_JAM = "event 13"  # the device says it by itself, the driver gives no reason
    EVENT_DOUBLE_FEED = "event 12"
    SILENT = "silent 0"  # at ENABLE only: no image, no reason, for ever
    WAIT = "wait 0"  # the driver does not return for some seconds, then goes on
    CUT = "cut 0"  # half of the image, given as if it were all
    DAMAGE = "damage 0"  # 64 bytes of it are zero
    LOST_SIDE = "lost 0"  # this side is never sent
    SLIPPED = "slip 0"  # this sheet goes through without images
    GIANT = "giant 0"  # an image of 2^60 pixels is announced
    NARROW = "narrow 0"  # an image 7 pixels narrower is announced
    ENDLESS = "endless 0"  # strips without end
    HOLLOW = "hollow 0"  # strips without a byte, without end
    OVERSTATE = "overstate 0"  # more bytes are claimed than the buffer holds
    OVERRUN = "overrun 0"  # bytes are written behind the buffer


class When(StrEnum):
    """At what point of its image a trouble strikes."""

    ENABLE = "enable"  # the feeder is started and this image would come first
    BEFORE = "before"  # it is asked for
    DURING = "during"  # its bytes are asked for
    AFTER = "after"  # its end is told


@dataclass(frozen=True, slots=True)
class Planned:
    """`trouble` strikes once, at `image` (0 is the front of the first sheet, 1 its back)."""

    trouble: Trouble
    image: int
    when: When = When.BEFORE
    seconds: float = 0.1  # how long a wait lasts

    @property
    def line(self) -> str:
        """As the scanner reads it."""
        return f"{self.trouble} {self.image} {self.when} {self.seconds}\n"


@dataclass(frozen=True, slots=True)
class TwainDevice:
    """The scanner, and the hands of its operator."""

    spec: str  # for `open_source`
    folder: Path  # its world: faults, position, log

    @property
    def name(self) -> str:
        """What TWAIN calls it."""
        return self.spec.partition(":")[2]

    @property
    def sheets_out(self) -> int:
        """Sheets that have left the hopper, delivered or not."""
        position = self.folder / "position"
        return int(position.read_text()) if position.exists() else 0

    @property
    def log(self) -> tuple[str, ...]:
        """OPEN, ENABLE, DISABLE, CLOSE, FAULT as they came, and SEQUENCE for what came out of turn."""
        log = self.folder / "log"
        return tuple(log.read_text().splitlines()) if log.exists() else ()

    def put_back(self, sheet: int) -> None:
        """Lay `sheet` (1 is the first ever fed) and all after it on top of the hopper again.

        ValueError if that sheet is neither out nor next.
        """
        if not 1 <= sheet <= self.sheets_out + 1:
            raise ValueError(f"sheet {sheet} is not in the tray, {self.sheets_out} sheets are out")
        (self.folder / "position").write_text(f"{sheet - 1}\n")

    def fail(self, planned: Planned) -> None:
        """Plan one more trouble."""
        with (self.folder / "faults").open("a") as faults:
            faults.write(planned.line)


def can_compile() -> bool:
    """True if there is a C compiler."""
    return shutil.which("gcc") is not None


@contextmanager
def twain_ballot_device(
    images: Path,
    *,
    faults: Iterable[Planned] = (),
    sheets: int | None = None,
    serial: str = "SIM0001",
    lacks: Iterable[int] = (),
    **traits: int,
) -> Iterator[TwainDevice]:
    """A scanner with the sheets of folder `images` in its hopper; `sheets` of them, taken round and round.

    `lacks`: capabilities it does not have. `traits`: `ahead` (sheets it feeds ahead and cannot be
    kept from), `strip` (bytes), `padding` (bytes a row), `rounds` (dpi, whatever is asked), `stingy`
    (says after each sheet that it has no more), `mute` (tells nothing of an image), `back_first`,
    `keeps_blank_off`. Several at once are several sources. CaptureError if it cannot be compiled.
    """
    count = len({one.stem for one in images.glob("*F.*")}) if sheets is None else sheets
    with TemporaryDirectory(prefix="twain-device-") as folder:
        world, name = Path(folder), f"Ballot Scanner {uuid4().hex[:8]}"[:_MAX_NAME]
        lines = [f"images {images.absolute()}", f"name {name}", f"serial {serial}", f"sheets {count}"]
        lines += [f"lacks {one}" for one in lacks] + [f"{key} {value}" for key, value in traits.items()]
        (world / "device").write_text("\n".join(lines) + "\n")
        (world / "faults").write_text("".join(one.line for one in faults))
        with _named(_MANAGER, str(_manager())), _named(_DEVICES, _added(folder)):
            yield TwainDevice(f"twain:{name}", world)


def _added(folder: str) -> str:
    others = os.environ.get(_DEVICES)
    return f"{others}:{folder}" if others else folder


@contextmanager
def _named(variable: str, value: str) -> Iterator[None]:
    before = os.environ.get(variable)
    os.environ[variable] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[variable]
        else:
            os.environ[variable] = before


@cache
def _built() -> TemporaryDirectory[str]:
    """The folder with the compiled manager; it lives as long as this process."""
    folder: TemporaryDirectory[str] = TemporaryDirectory(prefix="twain-device-")
    command = [
        "gcc",
        "-std=gnu11",
        "-O2",
        "-Wall",
        "-Wextra",
        "-Werror",
        "-shared",
        "-fPIC",
        "-Wl,--no-undefined",
    ]
    command += ["-o", f"{folder.name}/libballots.so", *map(str, sorted(_CODE.glob("*.c")))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CaptureError(f"The simulated TWAIN scanner does not compile: {done.stderr.strip()[:500]}")
    return folder


def _manager() -> Path:
    if not can_compile():
        raise CaptureError("The simulated TWAIN scanner needs a C compiler: install gcc and libc6-dev.")
    return Path(_built().name, "libballots.so")
