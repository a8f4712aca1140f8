"""Whole stacks through drivers that come with libsane: `test`, ten pages a stack, and `pnm`, a real page."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from scanner.ballot import PageImage
from scanner.capture import pnm
from scanner.capture.decode import decode
from scanner.capture.events import End, Ended, Event, Fault, Faulted, Fed, Feed, ScanSettings
from scanner.capture.sane_library import library
from scanner.capture.source import open_source
from scanner.errors import CaptureError
from tests.capture.paper import HEIGHT, WIDTH, page
from tests.capture.sane_world import needs_libsane, world

pytestmark = needs_libsane

SMALL = (60.0, 50.0)
FEEDER = ("source", "Automatic Document Feeder")
RESET = {
    **dict.fromkeys(("hand-scanner", "three-pass", "fuzzy-parameters", "read-limit"), False),
    **dict.fromkeys(("read-delay", "non-blocking"), False),
    "read-return-value": "Default", "test-picture": "Solid black", "ppl-loss": 0, "depth": 8,
}  # fmt: skip


@pytest.fixture(autouse=True)
def at_rest() -> Iterator[None]:
    """The driver keeps its settings for the life of the process: put back what a test may change."""
    world()
    yield
    device = library().open("test:0")
    device.set(found(device, "mode"), "Color")
    for name, value in RESET.items():
        device.set(found(device, name), value)
    device.set(found(device, "mode"), "Gray")
    device.close()


def found(device: object, name: str) -> object:
    return device.options.find(name)  # type: ignore[attr-defined]


def asked(*options: tuple[str, str], **more: object) -> ScanSettings:
    return ScanSettings(duplex=False, page_mm=SMALL, options=options, **more)  # type: ignore[arg-type]


def started(settings: ScanSettings) -> Feed:
    return open_source("sane:test:0").start(settings)


def all_of(settings: ScanSettings) -> list[Event]:
    paper = started(settings)
    events = [paper.next_sheet(5.0)]
    while isinstance(events[-1], Fed):
        events.append(paper.next_sheet(5.0))
    paper.close()
    return events


@pytest.mark.parametrize(
    ("settings", "kind", "length"),
    [
        (asked(), b"P5", 472 * 393),
        (asked(colour=True), b"P6", 472 * 393 * 3),
        (asked(bilevel=True), b"P4", 59 * 393),
        (asked(("depth", "16")), b"P5", 472 * 393 * 2),
        (asked(("depth", "16"), colour=True), b"P6", 472 * 393 * 6),
        (asked(dpi=100), b"P5", 236 * 196),
        (asked(("hand-scanner", "yes")), b"P5", None),
        (asked(("hand-scanner", "yes"), colour=True), b"P6", None),
        (asked(("ppl-loss", "7")), b"P5", None),
        (asked(("fuzzy-parameters", "yes")), b"P5", 472 * 393),
        (asked(("read-limit", "yes"), ("read-limit-size", "113")), b"P5", 472 * 393),
        (asked(("non-blocking", "yes")), b"P5", 472 * 393),
    ],
    ids=str,
)
def test_ten_pages_whole(settings: ScanSettings, kind: bytes, length: int | None) -> None:
    *pages, end = all_of(settings)
    assert end == Ended(End.HOPPER_EMPTY, 10)
    assert len(pages) == 10
    for number, one in enumerate(pages, 1):
        assert isinstance(one, Fed)
        (image,) = one.images
        assert image.name == f"{number:04d}F.pnm"
        assert image.data[:2] == kind
        told = pnm.header(image.data)  # exactly as many bytes as the header says
        assert length is None or len(image.data) - told.start == length
        assert image.dpi == settings.dpi


def test_the_pixels_are_those_of_the_picture() -> None:
    black = all_of(asked(("test-picture", "Solid black")))[0]
    white = all_of(asked(("test-picture", "Solid white")))[0]
    grid = all_of(asked(("test-picture", "Grid")))[0]
    assert isinstance(black, Fed)
    assert isinstance(white, Fed)
    assert isinstance(grid, Fed)
    assert decode(black.images[0]).gray.max() == 0
    assert decode(white.images[0]).gray.min() == 255
    assert set(np.unique(decode(grid.images[0]).gray)) == {0, 255}
    bits = all_of(asked(("test-picture", "Grid"), bilevel=True))[0]
    assert isinstance(bits, Fed)
    assert np.array_equal(decode(bits.images[0]).gray, decode(grid.images[0]).gray)


def test_three_passes_are_laid_together() -> None:
    once = all_of(asked(("test-picture", "Color pattern"), colour=True))[0]
    thrice = all_of(asked(("test-picture", "Color pattern"), ("three-pass", "yes"), colour=True))[0]
    assert isinstance(once, Fed)
    assert isinstance(thrice, Fed)
    assert once.images[0].data == thrice.images[0].data


STATUSES = {
    "SANE_STATUS_UNSUPPORTED": Fault.CONFIG,
    "SANE_STATUS_CANCELLED": Fault.SHORT_IMAGE,
    "SANE_STATUS_DEVICE_BUSY": Fault.BUSY,
    "SANE_STATUS_INVAL": Fault.CONFIG,
    "SANE_STATUS_EOF": Fault.SHORT_IMAGE,
    "SANE_STATUS_JAMMED": Fault.JAM,
    "SANE_STATUS_NO_DOCS": Fault.SHORT_IMAGE,
    "SANE_STATUS_COVER_OPEN": Fault.COVER_OPEN,
    "SANE_STATUS_IO_ERROR": Fault.OFFLINE,
    "SANE_STATUS_NO_MEM": Fault.INTERNAL,
    "SANE_STATUS_ACCESS_DENIED": Fault.OFFLINE,
}


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_is_a_fault_of_its_own(status: str) -> None:
    """Each on a device of its own that is never stopped: this driver's threads die badly in mid page."""
    device = open_source(f"sane:test:{2 + list(STATUSES).index(status)}")
    fault = device.start(asked(("read-return-value", status))).next_sheet(5.0)
    assert isinstance(fault, Faulted)
    assert fault.fault is STATUSES[status]
    assert fault.expected == 1
    assert fault.resumable
    if status != "SANE_STATUS_EOF":  # a side that ends at once is told by its bytes
        assert fault.native == status.removeprefix("SANE_STATUS_")
        assert fault.text == f"The scanner reports {fault.native} at the front of sheet 1."


def test_a_slow_device_runs_into_the_time_that_was_given() -> None:
    slow = asked(("read-delay", "yes"), ("read-delay-duration", "200000"), ("read-limit", "yes"))
    fault = open_source("sane:test:19").start(slow).next_sheet(0.3)
    assert isinstance(fault, Faulted)
    assert fault.fault is Fault.TIMEOUT


def test_the_glass_gives_one_sheet_a_stack() -> None:
    paper = started(asked(("source", "Flatbed")))
    assert isinstance(paper.next_sheet(5.0), Fed)
    assert paper.next_sheet(5.0) == Ended(End.HOPPER_EMPTY, 1)
    paper.resume(2)
    assert isinstance(paper.next_sheet(5.0), Fed)
    paper.close()


def test_both_sides_are_refused_where_there_is_one() -> None:
    with pytest.raises(CaptureError, match="both sides in one pass"):
        started(ScanSettings(page_mm=SMALL))
    able = open_source("sane:test:0").describe()
    assert not able.duplex
    assert (able.model, able.device) == ("Noname frontend-tester", "sane:test:0")
    assert able.dpis == (100, 150, 200, 240, 300, 400, 600)


def test_what_the_device_rounds_is_told_with_the_first_sheet() -> None:
    paper = started(asked(("br-x", "100.4"), FEEDER))
    first, second = paper.next_sheet(5.0), paper.next_sheet(5.0)
    assert dict(paper.settings.options)["br-x"] == "100"
    paper.close()
    assert isinstance(first, Fed)
    assert isinstance(second, Fed)
    assert first.notes == ("The scanner was asked to set br-x to 100.4 and took 100.",)
    assert second.notes == ()


def test_the_driver_leaves_a_broken_pipe_an_error() -> None:
    all_of(asked(dpi=100))
    set_signal = ctypes.CDLL(None).signal
    set_signal.argtypes, set_signal.restype = (ctypes.c_int, ctypes.c_void_p), ctypes.c_void_p
    assert set_signal(signal.SIGPIPE, signal.SIG_IGN) == signal.SIG_IGN.value


def test_two_stacks_one_after_the_other() -> None:
    assert len(all_of(asked())) == len(all_of(asked())) == 11


@pytest.mark.parametrize("kind", ["pbm", "pgm", "ppm"])
def test_a_real_picture_comes_pixel_for_pixel(kind: str, tmp_path: Path) -> None:
    colour = np.dstack([page(1), page(2), page(3)])
    pixels = {
        "pbm": pnm.wrap(WIDTH, HEIGHT, 1, 1, np.packbits(page(1) < 128, axis=1).tobytes()),
        "pgm": pnm.wrap(WIDTH, HEIGHT, 1, 8, page(1).tobytes()),
        "ppm": pnm.wrap(WIDTH, HEIGHT, 3, 8, colour.tobytes()),
    }[kind]
    path = tmp_path / f"ballot.{kind}"
    path.write_bytes(pixels)
    paper = open_source("sane:pnm:0").start(ScanSettings(duplex=False, options=(("filename", str(path)),)))
    sheet = paper.next_sheet(5.0)
    assert paper.next_sheet(5.0) == Ended(End.HOPPER_EMPTY, 1)
    paper.close()
    assert isinstance(sheet, Fed)
    assert np.array_equal(decode(sheet.images[0]).gray, decode(PageImage("a", pixels)).gray)
    assert sheet.images[0].data == pixels


@pytest.mark.parametrize(
    ("switch", "fault"),
    [
        ("status-jammed", Fault.JAM),
        ("status-coveropen", Fault.COVER_OPEN),
        ("status-ioerror", Fault.OFFLINE),
        ("status-nodocs", Fault.SHORT_IMAGE),
        ("status-nomem", Fault.INTERNAL),
        ("status-accessdenied", Fault.OFFLINE),
        ("status-eof", Fault.SHORT_IMAGE),
    ],
)
def test_a_status_before_the_first_byte(switch: str, fault: Fault, tmp_path: Path) -> None:
    path = tmp_path / "ballot.pgm"
    path.write_bytes(pnm.wrap(WIDTH, HEIGHT, 1, 8, page(1).tobytes()))
    settings = ScanSettings(
        duplex=False, options=(("filename", str(path)), ("status", "no"), (switch, "yes"))
    )
    paper = open_source("sane:pnm:0").start(settings)
    seen = paper.next_sheet(5.0)
    paper.close()
    reset = open_source("sane:pnm:0").start(ScanSettings(duplex=False, options=((switch, "no"),)))
    reset.close()
    assert isinstance(seen, Faulted)
    assert seen.fault is fault


MISSING = """
import ctypes
from scanner.capture import sane_feed
from scanner.capture.source import open_source
from scanner.errors import CaptureError
def gone(name, *_, **__): raise OSError(name)
ctypes.CDLL = gone
try:
    open_source("sane:test:0").describe()
except CaptureError as error:
    print(error)
"""


def test_without_libsane_the_sentence_says_what_to_install() -> None:
    environment = {**os.environ, "PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", MISSING],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "install the package libsane1" in done.stdout
