"""Paper for the simulated SANE scanner, and its world, made in time.

libsane looks for its settings once a process, so all tests of a process share one world.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

from scanner.capture import pnm, sane_library
from scanner.simulate import sane_device
from scanner.simulate.sane_device import BallotDevice, Planned
from tests.capture.paper import HEIGHT, WIDTH, page

__all__ = ["BallotDevice", "Planned", "gray", "gray_sheets", "sane_ballot_device", "world"]

needs_libsane = pytest.mark.skipif(
    not sane_library.installed(), reason="the package libsane1 is not installed"
)
needs_compiler = pytest.mark.skipif(bool(sane_device.missing()), reason=sane_device.missing() or "all there")


def world() -> Path:
    """The folder of SANE's settings."""
    made = bool(sane_device.world.cache_info().currsize)
    assert made or not sane_library._loaded, "too late: libsane looks for its settings once a process"
    return sane_device.world()


@contextmanager
def sane_ballot_device(folder: Path, faults: Iterable[Planned] = ()) -> Iterator[BallotDevice]:
    world()
    with sane_device.sane_ballot_device(folder, faults) as device:
        yield device


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
