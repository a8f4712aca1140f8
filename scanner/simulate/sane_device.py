"""A production scanner in software behind the real libsane: our own driver in C, compiled when first needed.

    with sane_ballot_device(folder, [Planned("jam", 3)]) as device:
        open_source(device)

libsane looks for its settings once a process, so all devices of a process share one world, made
when the first of them asks and before libsane is loaded. Nothing outside temporary folders is
touched and nothing needs root.
"""

import atexit
import ctypes
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image

from scanner.errors import CaptureError

_CODE = Path(__file__).parent / "sane" / "ballot_backend.c"
_FLAGS = ("-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC")
_PNM = {".pnm", ".pgm", ".ppm", ".pbm"}
_TEST_CONF = "number_of_devices 20\nresolution 200.0\ngeometry_max 300.0\nbr_x 210.0\nbr_y 297.0\n"


def missing() -> str:
    """What this machine lacks to play the scanner, as words; empty if it lacks nothing."""
    if shutil.which("gcc") is None:
        return "a C compiler is not installed"
    try:
        ctypes.CDLL("libsane.so.1")
    except OSError:
        return "the package libsane1 is not installed"
    return ""


@cache
def world() -> Path:
    """The folder of SANE's settings, named in this process's environment and so in that of all it starts.

    Without a compiler only the drivers that come with libsane are in it. CaptureError if ours does
    not compile.
    """
    folder = Path(tempfile.mkdtemp(prefix="sane-device-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "dll.d").mkdir()  # without it the system's own is read
    (folder / "dll.conf").write_text("test\npnm\nnet\nballot\n")
    (folder / "test.conf").write_text(_TEST_CONF)
    (folder / "net.conf").write_text("connect_timeout = 5\n")
    if shutil.which("gcc") is not None:
        _compile(folder)
        # libsane itself looks for drivers there, each time
        paths = (str(folder), os.environ.get("LD_LIBRARY_PATH"))
        os.environ["LD_LIBRARY_PATH"] = ":".join(filter(None, paths))
    os.environ["SANE_CONFIG_DIR"] = str(folder)
    return folder


def _compile(folder: Path) -> None:
    made = folder / "libsane-ballot.so.1"
    command = ["gcc", *_FLAGS, "-o", str(made), str(_CODE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    if done.returncode:
        raise CaptureError(f"The simulated SANE scanner does not compile: {done.stderr.strip()[:500]}")


@dataclass(frozen=True, slots=True)
class Planned:
    """Something that goes wrong at a side: 0 is the front of the first sheet, 1 its back, and so on.

    `kind` is one of the names in `ballot_backend.c`. `where`: "start", before its first byte;
    "half", in the middle of it; "always", in the middle each time it is fed.
    """

    kind: str
    side: int
    where: str = "half"


class BallotDevice(str):
    """The SPEC of a running device, `sane:ballot:/FOLDER`, and the hands of its operator."""

    __slots__ = ()

    @property
    def folder(self) -> Path:
        """Its world: paper, faults, position."""
        return Path(self.partition("ballot:")[2])

    @property
    def left_hopper(self) -> int:
        """Sheets that have been fed, whole or not."""
        return int((self.folder / "hopper").read_text())

    @property
    def printed(self) -> list[str]:
        """What the imprinter put on each sheet, in the order they were fed."""
        log = self.folder / "printed"
        return log.read_text().splitlines() if log.exists() else []

    def put_back(self, sheet: int) -> None:
        """Lay the paper so that its sheet `sheet` (from 1) is fed next; felt when it is opened anew."""
        (self.folder / "hopper").write_text(f"{sheet - 1}\n")

    def plan(self, faults: Iterable[Planned]) -> None:
        """What will go wrong from the next opening on."""
        (self.folder / "fired").unlink(missing_ok=True)
        lines = (f"{one.kind} {one.side} {one.where}\n" for one in faults)
        (self.folder / "faults").write_text("".join(lines))

    def switch(self, *, on: bool) -> None:
        """Turn it off or on; felt when it is opened anew."""
        if on:
            (self.folder / "off").unlink(missing_ok=True)
        else:
            (self.folder / "off").touch()


@contextmanager
def sane_ballot_device(images: Path, faults: Iterable[Planned] = ()) -> Iterator[BallotDevice]:
    """A duplex scanner whose hopper holds the sheets in `images` (`NAMEF.ext`, `NAMEB.ext`) by name.

    PBM, PGM and PPM files are delivered pixel for pixel when the same mode is asked for; other
    kinds are decoded once. The value is a string, the SPEC for `open_source`. CaptureError if the
    driver cannot be compiled, ValueError if a front has no back.
    """
    world()
    with tempfile.TemporaryDirectory(prefix="sane-device-") as made:
        device = BallotDevice(f"sane:ballot:{made}")
        paper = (_as_pnm(one, device.folder) for one in _sides(images))
        (device.folder / "paper").write_text("".join(f"{one}\n" for one in paper))
        device.plan(faults)
        yield device


def _sides(images: Path) -> Iterator[Path]:
    """Front, back, front, back, ..."""
    for front in sorted(images.glob("*F.*")):
        backs = tuple(images.glob(f"{front.stem[:-1]}B.*"))
        if len(backs) != 1:
            raise ValueError(f"{front.name} has {len(backs)} other sides")
        yield from (front, backs[0])


def _as_pnm(path: Path, folder: Path) -> Path:
    if path.suffix in _PNM:
        return path.resolve()
    made = folder / f"{path.stem}.ppm"
    with Image.open(path) as picture:
        picture.convert("L" if picture.mode in {"1", "L"} else "RGB").save(made)
    return made
