"""The virtual scanners whose speed is measured, and the paper that lies in them.

The same simulated ballots for all: as JPEG for scanners that send files, as the very pixels of those
JPEGs for SANE, whose protocol knows raw pages only.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scanner.ballot import PageImage
from scanner.capture import pnm
from scanner.capture.decode import decode
from scanner.election_package import read_election
from scanner.pixels import Gray
from scanner.simulate import sane_device, sane_net
from scanner.simulate.deck import SimulatedSheet, deck
from scanner.simulate.elections import shipped_election
from scanner.simulate.escl_process import escl_ballot_device
from scanner.simulate.sane_device import sane_ballot_device
from scanner.simulate.sane_net import saned
from scanner.simulate.scan import jpeg
from scanner.simulate.twain_device import can_compile, twain_ballot_device

SOURCES = ("escl", "folder", "twain", "sane", "saned")
RAW = frozenset({"sane", "saned"})
BALLOTS = 4  # different ones; each copy gets a number of its own, so that no two images are equal
SEED = 1
_PATIENCE_S = 60.0  # of the virtual scanner: a busy machine is not measured as a broken one
_DPI, _QUALITY = 200, 85
_BIT, _BITS = 16, 20  # side of a square of the printed number, px, two blocks of JPEG; how many


@dataclass(frozen=True, slots=True)
class Paper:
    """Folders of `00001F.ext` and `00001B.ext`: as JPEG, and the same decoded."""

    files: Path
    pixels: Path

    def of(self, name: str) -> Path:
        """What lies in the hopper of this source."""
        return self.pixels if name in RAW else self.files


def lacking(name: str) -> str:
    """What this machine lacks to play a source, as words; empty if it lacks nothing."""
    if name == "twain":
        return "" if can_compile() else "a C compiler is not installed"
    if name in RAW and sys.platform == "win32":
        return "SANE is not on Windows"
    return {"sane": sane_device.missing, "saned": sane_net.missing}.get(name, str)()


@contextmanager
def played(name: str, paper: Path, state: Path) -> Iterator[str]:
    """The SPEC of a source that gives these sheets; CaptureError if it does not start."""
    match name:
        case "escl":
            with escl_ballot_device(paper, state, patience_s=_PATIENCE_S) as device:
                yield device.spec
        case "twain":
            with twain_ballot_device(paper) as scanner:
                yield scanner.spec
        case "sane":
            with sane_ballot_device(paper) as driver:
                yield str(driver)
        case "saned":
            with saned() as at, sane_ballot_device(paper) as driver:
                yield driver.replace("sane:", at, 1)
        case _:
            yield f"folder:{paper}"


def lay(out: Path, count: int, *, raw: bool) -> Paper:
    """Simulated ballots, normally worn, 200 dpi grey, each image unlike all others; decoded if `raw`."""
    paper = Paper(out / "paper", out / "pixels")
    paper.files.mkdir(parents=True)
    paper.pixels.mkdir()
    made = [_decoded(one.front, one.back) for one in _ballots()]
    for number in range(1, count + 1):
        for face, picture in zip("FB", made[number % len(made)], strict=True):
            data = jpeg(numbered(picture, number), _QUALITY, _DPI)
            (paper.files / f"{number:05d}{face}.jpg").write_bytes(data)
            if raw:
                (paper.pixels / f"{number:05d}{face}.pgm").write_bytes(as_pgm(data))
    return paper


def _ballots() -> Iterator[SimulatedSheet]:
    return deck(read_election(shipped_election("kommunestyre")), BALLOTS, SEED)


def _decoded(*sides: bytes) -> tuple[Gray, ...]:
    return tuple(decode(PageImage("side", one)).gray for one in sides)


def numbered(picture: Gray, number: int) -> Gray:
    """The picture with `number` in its upper left corner: a square a bit, dark for 1."""
    bits = np.array([number >> n & 1 for n in range(_BITS)], np.uint8)
    row = np.kron(np.where(bits, np.uint8(0), np.uint8(255)), np.ones((_BIT, _BIT), np.uint8))
    marked = picture.copy()
    marked[:_BIT, : row.shape[1]] = row
    return marked


def as_pgm(data: bytes) -> bytes:
    """The levels of a JPEG as bare pixels."""
    levels = decode(PageImage("side", data)).gray
    return pnm.wrap(levels.shape[1], levels.shape[0], 1, 8, levels.tobytes())
