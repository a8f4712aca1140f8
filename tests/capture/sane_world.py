"""A SANE world of our own: real libsane, a private folder of settings, and a production scanner in software.

libsane looks for its settings once a process, so all tests of a process share one world, made when
the first of them asks. Nothing outside temporary folders is touched and nothing needs root.
"""

import atexit
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from PIL import Image

from scanner.capture import pnm, sane_library
from scanner.capture.pairing import by_name
from tests.capture.paper import HEIGHT, WIDTH, page

_PNM = {".pnm", ".pgm", ".ppm", ".pbm"}
_TEST_CONF = "number_of_devices 20\nresolution 200.0\ngeometry_max 300.0\nbr_x 210.0\nbr_y 297.0\n"


needs_libsane = pytest.mark.skipif(
    not sane_library.installed(), reason="the package libsane1 is not installed"
)
needs_compiler = pytest.mark.skipif(
    not sane_library.installed() or shutil.which("gcc") is None,
    reason="libsane1 or a C compiler is not installed",
)


@cache
def world() -> Path:
    """The folder of settings, named in this process's environment and so in that of all it starts."""
    assert not sane_library._loaded, "too late: libsane looks for its settings once a process"
    folder = Path(tempfile.mkdtemp(prefix="valgskanner-sane-world-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "dll.d").mkdir()  # without it the system's own is read
    (folder / "dll.conf").write_text("test\npnm\nnet\nballot\n")
    (folder / "test.conf").write_text(_TEST_CONF)
    (folder / "net.conf").write_text("connect_timeout = 5\n")
    os.environ["SANE_CONFIG_DIR"] = str(folder)
    if shutil.which("gcc") is not None:
        _compile(folder)
        os.environ["LD_LIBRARY_PATH"] = ":".join(
            filter(None, (str(folder), os.environ.get("LD_LIBRARY_PATH")))
        )
    return folder


def _compile(folder: Path) -> None:
    """The driver `ballot`; libsane itself looks for it in LD_LIBRARY_PATH."""
    source = Path(__file__).with_name("ballot_backend.c")
    made = folder / "libsane-ballot.so.1"
    flags = ("-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC")
    subprocess.run(["gcc", *flags, "-o", str(made), str(source)], check=True, timeout=60)


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
def sane_ballot_device(folder: Path, faults: Iterable[Planned] = ()) -> Iterator[BallotDevice]:
    """A duplex scanner whose hopper holds the sheets in `folder` (`NAMEF.ext`, `NAMEB.ext`).

    PBM, PGM and PPM files are delivered pixel for pixel when the same mode is asked for; other
    kinds are decoded once. The value is a string, the SPEC for `open_source`.
    """
    world()
    with tempfile.TemporaryDirectory(prefix="valgskanner-ballot-") as made:
        device = BallotDevice(f"sane:ballot:{made}")
        sides = [
            folder / one for group in by_name(one.name for one in folder.iterdir()) for one in group.files
        ]
        (device.folder / "paper").write_text("".join(f"{_as_pnm(one, device.folder)}\n" for one in sides))
        device.plan(faults)
        yield device


def _as_pnm(path: Path, folder: Path) -> Path:
    if path.suffix in _PNM:
        return path.resolve()
    made = folder / f"{path.stem}.ppm"
    with Image.open(path) as picture:
        picture.convert("L" if picture.mode in {"1", "L"} else "RGB").save(made)
    return made


def gray_sheets(folder: Path, count: int) -> list[tuple[bytes, bytes]]:
    """Write sheets that all differ into `folder` as PGM, and give their bytes."""
    sheets = [(gray(2 * n), gray(2 * n + 1)) for n in range(count)]
    for number, sides in enumerate(sheets, 1):
        for face, data in zip("FB", sides, strict=True):
            (folder / f"{number:04d}{face}.pgm").write_bytes(data)
    return sheets


@cache
def gray(seed: int) -> bytes:
    return pnm.wrap(WIDTH, HEIGHT, 1, 8, page(seed).tobytes())
