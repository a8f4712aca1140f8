"""Folders of small ballots for the simulated TWAIN scanner, in every kind it can send."""

import io
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from scanner.ballot import PageImage, Sheet
from scanner.capture import pnm
from scanner.capture.batch import BatchReport, feed
from scanner.capture.events import Fault, Faulted, ScanSettings
from scanner.capture.source import open_source
from scanner.simulate.twain_device import TwainDevice, can_compile
from tests.capture.paper import jpeg, page

needs_compiler = pytest.mark.skipif(not can_compile(), reason="a C compiler is not installed")

Sides = tuple[bytes, bytes]
GRAY = ScanSettings()


class Paper(list[Sides]):
    """Sheets that do not fill the screen when a test fails."""

    def __repr__(self) -> str:
        return f"{len(self)} sheets"


def pgm(seed: int) -> bytes:
    levels = page(seed, 251, 223)  # odd sizes: rows that no padding fits by chance
    return pnm.wrap(251, 223, 1, 8, levels.tobytes())


def ppm(seed: int) -> bytes:
    levels = np.stack([page(seed + n, 251, 223) for n in range(3)], axis=2)
    return pnm.wrap(251, 223, 3, 8, levels.tobytes())


def bits(seed: int) -> NDArray[np.bool_]:
    """True where there is ink."""
    return page(seed, 251, 223) < 150


def pbm(seed: int) -> bytes:
    return pnm.wrap(251, 223, 1, 1, np.packbits(bits(seed), axis=1).tobytes())


def g4(seed: int) -> bytes:
    """A TIFF with one Group 4 strip, white as zero."""
    out = io.BytesIO()
    picture = Image.fromarray(~bits(seed))
    picture.save(out, "TIFF", compression="group4", dpi=(200, 200), tiffinfo={262: 0, 278: 223})
    return out.getvalue()


KINDS: dict[str, Callable[[int], bytes]] = {"jpg": jpeg, "pgm": pgm, "ppm": ppm, "pbm": pbm, "tif": g4}


def lay(folder: Path, count: int, kind: str = "jpg") -> list[Sides]:
    """Lay `count` sheets into the folder; their sides, all different."""
    sheets = [(KINDS[kind](2 * n), KINDS[kind](2 * n + 1)) for n in range(count)]
    write(folder, sheets, kind)
    return sheets


def write(folder: Path, sheets: Iterable[Sides], kind: str = "jpg") -> None:
    folder.mkdir(exist_ok=True)
    for number, sides in enumerate(sheets, 1):
        for face, data in zip("FB", sides, strict=True):
            (folder / f"{number:04d}{face}.{kind}").write_bytes(data)


class Box:
    """Keeps sheets, and is the operator who puts back what a fault asks for."""

    def __init__(self, device: TwainDevice, settings: ScanSettings = GRAY, first: int = 1) -> None:
        self.sheets: list[Sheet] = []
        self.faults: list[Fault] = []
        self._device, self._settings, self._first = device, settings, first

    def put_back(self, fault: Faulted) -> bool:
        self.faults.append(fault.fault)
        self._device.put_back(fault.expected - self._first + 1)
        return True

    def feed(self) -> BatchReport:
        source = open_source(self._device.spec)
        return feed(source, "K1", self._settings, self.sheets.append, self.put_back, first=self._first)

    def assert_holds(self, paper: list[Sides]) -> None:
        assert [tuple(one.data for one in sheet.images) for sheet in self.sheets] == paper
        assert [one.number for one in self.sheets] == list(range(self._first, self._first + len(paper)))

    @property
    def images(self) -> list[PageImage]:
        return [one for sheet in self.sheets for one in sheet.images]


def assert_unwound(device: TwainDevice) -> None:
    """Every door that was opened was closed again, in order, and nothing came out of turn."""
    doors = {"ENABLE": "DISABLE", "OPEN": "CLOSE"}
    open_doors: list[str] = []
    for line in device.log:
        word = line.split()[0]
        assert word != "SEQUENCE", line
        if word in doors:
            open_doors.append(doors[word])
        elif word in doors.values():
            assert open_doors.pop() == word
    assert open_doors == []
