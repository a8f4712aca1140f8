"""A production scanner in software, behind the real libsane: duplex, sensors, imprinter, faults."""

import random
import time
from pathlib import Path

import numpy as np
import pytest

from scanner.ballot import Sheet
from scanner.capture.batch import BatchReport, feed
from scanner.capture.decode import decode
from scanner.capture.events import End, Ended, Event, Fault, Faulted, Fed, ScanSettings
from scanner.capture.source import open_source
from scanner.errors import CaptureError
from tests.capture.paper import page
from tests.capture.sane_world import (
    BallotDevice,
    Planned,
    gray_sheets,
    needs_compiler,
    sane_ballot_device,
)

pytestmark = needs_compiler

GRAY = ScanSettings()
FAULTS = {
    "jam": Fault.JAM,
    "double_feed": Fault.DOUBLE_FEED,
    "cover": Fault.COVER_OPEN,
    "ink": Fault.INK,
    "io_error": Fault.OFFLINE,
    "no_docs": Fault.SHORT_IMAGE,
    "busy": Fault.BUSY,
    "no_mem": Fault.INTERNAL,
    "inval": Fault.CONFIG,
    "cancelled": Fault.SHORT_IMAGE,
    "denied": Fault.OFFLINE,
    "unsupported": Fault.CONFIG,
    "unknown": Fault.INTERNAL,
    "short": Fault.SHORT_IMAGE,
}
LIES = {
    "long": Fault.BAD_IMAGE,
    "endless": Fault.BAD_IMAGE,
    "huge": Fault.BAD_IMAGE,
    "narrow": Fault.BAD_IMAGE,
    "odd_form": Fault.CONFIG,
}


class Box:
    """Keeps sheets, and is the operator who puts back what a fault asks for."""

    def __init__(self, device: BallotDevice, first: int = 1, **asked: object) -> None:
        self.sheets: list[Sheet] = []
        self.faults: list[Faulted] = []
        self._device, self._first = device, first
        self._asked = ScanSettings(**asked)  # type: ignore[arg-type]

    def put_back(self, fault: Faulted) -> bool:
        self.faults.append(fault)
        self._device.put_back(fault.expected - self._first + 1)
        return True

    def feed(self) -> BatchReport:
        source = open_source(self._device)
        return feed(source, "K1", self._asked, self.sheets.append, self.put_back, first=self._first)

    def assert_holds(self, paper: list[tuple[bytes, bytes]]) -> None:
        assert [tuple(one.data for one in sheet.images) for sheet in self.sheets] == paper
        assert [sheet.number for sheet in self.sheets] == list(range(self._first, self._first + len(paper)))


def until_it_stops(device: BallotDevice, asked: ScanSettings = GRAY) -> list[Event]:
    paper = open_source(device).start(asked)
    events = [paper.next_sheet(5.0)]
    while isinstance(events[-1], Fed):
        events.append(paper.next_sheet(5.0))
    paper.close()
    return events


def test_twenty_sheets_arrive_byte_for_byte(tmp_path: Path) -> None:
    paper = gray_sheets(tmp_path, 20)
    with sane_ballot_device(tmp_path) as device:
        box = Box(device)
        report = box.feed()
    box.assert_holds(paper)
    assert report.ended == Ended(End.HOPPER_EMPTY, 20)
    assert report.device == device[: len("sane:") + 115]
    first = box.sheets[0]
    assert [one.name for one in first.images] == ["0001F.pnm", "0001B.pnm"]
    assert first.images[0].dpi == 200.0
    assert np.array_equal(decode(first.images[1]).gray, page(1))


@pytest.mark.parametrize("kind", FAULTS)
def test_each_fault_anywhere_leaves_each_sheet_once(kind: str, tmp_path: Path) -> None:
    """At the front and the back of the first, the middle and the last sheet, before and in mid side."""
    paper = gray_sheets(tmp_path, 4)
    places = [(0, "half"), (1, "start"), (1, "half"), (2, "half"), (3, "start"), (6, "half"), (7, "half")]
    with sane_ballot_device(tmp_path, [Planned(kind, side, where) for side, where in places]) as device:
        box = Box(device, first=31)
        report = box.feed()
    box.assert_holds(paper)
    assert report.complete
    assert [one.expected for one in box.faults] == [31 + side // 2 for side, _ in places]
    whole_but_empty = kind == "short"  # a side that ends well before its first byte is short as well
    assert {one.fault for one in box.faults} == {FAULTS[kind]}, whole_but_empty
    assert all(one.resumable for one in box.faults)


def test_the_drivers_own_word_and_the_sensors_are_on_record(tmp_path: Path) -> None:
    gray_sheets(tmp_path, 2)
    with sane_ballot_device(tmp_path, [Planned("double_feed", 3)]) as device:
        *_, fault = until_it_stops(device)
    assert isinstance(fault, Faulted)
    assert fault.native == "JAMMED double-feed=yes error-code=129"
    assert fault.text == f"The scanner reports {fault.native} at the back of sheet 2."
    assert fault.expected == 2


@pytest.mark.parametrize("side", [0, 1, 4, 5])
@pytest.mark.parametrize("kind", LIES)
def test_a_device_that_lies_costs_no_memory_and_no_sheet(kind: str, side: int, tmp_path: Path) -> None:
    paper = gray_sheets(tmp_path, 3)
    with sane_ballot_device(tmp_path, [Planned(kind, side)]) as device:
        box = Box(device)
        box.feed()
    box.assert_holds(paper)
    assert [one.fault for one in box.faults] == [LIES[kind]]


def test_silence_without_blocking_is_a_timeout(tmp_path: Path) -> None:
    gray_sheets(tmp_path, 2)
    with sane_ballot_device(tmp_path, [Planned("silent", 1)]) as device:
        paper = open_source(device).start(ScanSettings())
        begun = time.monotonic()
        fault = paper.next_sheet(0.1)
        assert time.monotonic() - begun < 2.0
        assert isinstance(fault, Faulted)
        assert (fault.fault, fault.expected) == (Fault.TIMEOUT, 1)
        assert paper.next_sheet(0.1) == fault  # still faulted
        device.put_back(1)
        paper.resume(1)
        assert isinstance(paper.next_sheet(5.0), Fed)
        paper.close()


def test_a_fault_is_told_even_if_the_driver_can_never_be_stopped(tmp_path: Path) -> None:
    gray_sheets(tmp_path, 2)
    with sane_ballot_device(tmp_path, [Planned("stuck", 2)]) as device:
        paper = open_source(device).start(ScanSettings())
        assert isinstance(paper.next_sheet(5.0), Fed)
        fault = paper.next_sheet(5.0)  # and it is never closed: only killing its process would end it
    assert isinstance(fault, Faulted)
    assert (fault.fault, fault.expected) == (Fault.JAM, 2)


def test_without_opening_anew_the_stale_side_would_come_first(tmp_path: Path) -> None:
    """The device keeps the back of a half-fed sheet, as real drivers do: it must never become a front."""
    paper = gray_sheets(tmp_path, 3)
    with sane_ballot_device(tmp_path, [Planned("jam", 0)]) as device:
        fed = open_source(device).start(ScanSettings())
        assert isinstance(fed.next_sheet(5.0), Faulted)
        fed.resume(1)  # the operator did not put the first sheet back: the second is fed under number 1
        second = fed.next_sheet(5.0)
        fed.close()
    assert isinstance(second, Fed)
    assert tuple(one.data for one in second.images) == paper[1]


def test_paper_that_is_not_picked_up_is_no_end(tmp_path: Path) -> None:
    paper = gray_sheets(tmp_path, 3)
    with sane_ballot_device(tmp_path, [Planned("no_docs", 4, "start")]) as device:
        box = Box(device)
        report = box.feed()
    assert [one.fault for one in box.faults] == [Fault.MISPICK]
    box.assert_holds(paper)
    assert report.complete


def test_an_empty_hopper_is_a_fault_and_can_be_filled(tmp_path: Path) -> None:
    paper = gray_sheets(tmp_path, 2)
    with sane_ballot_device(tmp_path) as device:
        device.put_back(3)
        box = Box(device)
        report = box.feed()
    assert [one.fault for one in box.faults] == [Fault.HOPPER_EMPTY]
    box.assert_holds(paper)
    assert report.complete


def test_a_device_that_goes_and_comes_back(tmp_path: Path) -> None:
    paper = gray_sheets(tmp_path, 2)
    with sane_ballot_device(tmp_path, [Planned("io_error", 2)]) as device:
        fed = open_source(device).start(ScanSettings())
        assert isinstance(fed.next_sheet(5.0), Fed)
        assert isinstance(fed.next_sheet(5.0), Faulted)
        device.switch(on=False)
        fed.resume(2)
        gone = fed.next_sheet(5.0)
        assert isinstance(gone, Faulted)
        assert (gone.fault, gone.native, gone.expected) == (Fault.OFFLINE, "IO_ERROR", 2)
        device.switch(on=True)
        device.put_back(2)
        fed.resume(2)
        second = fed.next_sheet(5.0)
        assert isinstance(second, Fed)
        assert tuple(one.data for one in second.images) == paper[1]
        fed.close()
        with pytest.raises(CaptureError, match=r"cannot be opened \(INVAL\)"):
            open_source("sane:ballot:/nowhere").describe()


def test_a_pause_stops_between_sheets_and_keeps_the_device(tmp_path: Path) -> None:
    paper = gray_sheets(tmp_path, 4)
    with sane_ballot_device(tmp_path) as device:
        fed = open_source(device).start(ScanSettings(imprint="P-", double_feed=False))
        got = [fed.next_sheet(5.0)]
        fed.pause()
        assert fed.next_sheet(5.0) == Ended(End.PAUSED, 1)
        assert fed.next_sheet(5.0) == Ended(End.PAUSED, 1)
        assert device.left_hopper == 1, "nothing was fed while it paused"
        (device.folder / "off").touch()  # it would not open again: it is still open
        fed.resume(2)
        got.append(fed.next_sheet(5.0))
        fed.pause()
        fed.resume(3)  # before the pause was felt
        got.append(fed.next_sheet(5.0))
        device.switch(on=True)
        fed.pause()
        assert isinstance(fed.next_sheet(5.0), Ended)
        fed.resume(40)  # another number: the imprinter must be told
        got.append(fed.next_sheet(5.0))
        assert fed.next_sheet(5.0) == Ended(End.HOPPER_EMPTY, 4)
        fed.close()
        fed.close()
        assert fed.next_sheet(5.0) == Ended(End.HOPPER_EMPTY, 4)
        assert device.printed == ["P-00000001", "P-00000002", "P-00000003", "P-00000040"]
    assert [tuple(one.data for one in sheet.images) for sheet in got if isinstance(sheet, Fed)] == paper
    assert [one.imprint for one in got if isinstance(one, Fed)] == device_prints(1, 2, 3, 40)


def device_prints(*numbers: int) -> list[str]:
    return [f"P-{one:08d}" for one in numbers]


@pytest.mark.parametrize("seed", range(8))
def test_any_schedule_of_faults_leaves_each_sheet_once(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    paper = gray_sheets(tmp_path, 12)
    kinds = [*FAULTS, *LIES]
    planned = [
        Planned(rng.choice(kinds), rng.randrange(24), rng.choice(["start", "half", "half"]))
        for _ in range(10)
    ]
    with sane_ballot_device(tmp_path, planned) as device:
        box = Box(device)
        report = box.feed()
    box.assert_holds(paper)
    assert report.complete


def test_a_device_that_fails_for_ever_ends_the_batch(tmp_path: Path) -> None:
    paper = gray_sheets(tmp_path, 3)
    with sane_ballot_device(tmp_path, [Planned("jam", 3, "always")]) as device:
        box = Box(device)
        report = box.feed()
    box.assert_holds(paper[:1])
    assert not report.complete
    assert {one.fault for one in box.faults} == {Fault.JAM}
