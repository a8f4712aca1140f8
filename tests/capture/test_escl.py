import itertools
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.ballot import Sheet
from scanner.capture.batch import BatchReport, feed
from scanner.capture.escl import EsclSource
from scanner.capture.events import Capabilities, End, Ended, Event, Fault, Faulted, Fed, ScanSettings
from scanner.capture.source import open_source
from scanner.errors import CaptureError
from scanner.simulate.escl_device import EsclDevice, Planned, Side, Trouble
from tests.capture.paper import sheets

PAPER = sheets(6)
GRAY = ScanSettings()


class Box:
    """Keeps sheets, and is the operator who puts back what a fault asks for."""

    def __init__(self, device: EsclDevice, first: int = 1) -> None:
        self.sheets: list[Sheet] = []
        self.faults: list[Fault] = []
        self._device, self._first = device, first

    def keep(self, sheet: Sheet) -> None:
        self.sheets.append(sheet)

    def put_back(self, fault: Faulted) -> bool:
        self.faults.append(fault.fault)
        if fault.fault is Fault.OFFLINE:
            time.sleep(0.05)
        self._device.put_back(fault.expected - self._first + 1)
        return True

    def feed(self) -> BatchReport:
        return feed(EsclSource(self._device.url), "K1", GRAY, self.keep, self.put_back, first=self._first)

    def assert_holds(self, paper: list[tuple[bytes, bytes]]) -> None:
        assert [tuple(one.data for one in sheet.images) for sheet in self.sheets] == paper
        assert [sheet.number for sheet in self.sheets] == list(range(self._first, self._first + len(paper)))


def test_thirty_sheets_arrive_byte_for_byte() -> None:
    paper = sheets(30)
    with EsclDevice(iter(paper)) as device:
        box = Box(device)
        report = box.feed()
        assert device.jobs[0].duplex
        assert not device.jobs[0].colour
    box.assert_holds(paper)
    assert report.ended == Ended(End.HOPPER_EMPTY, 30, counter=30)
    assert report.complete
    assert report.sheets == 30
    assert not report.faults
    first = box.sheets[0]
    assert first.id == "K1/0001"
    assert [one.name for one in first.images] == ["0001F.jpg", "0001B.jpg"]
    assert first.images[0].dpi == 200
    assert first.device == "escl:Virtual Ballot Scanner SIM0001"


FAULTS = {
    Trouble.JAM: Fault.JAM,
    Trouble.MULTIPICK: Fault.DOUBLE_FEED,
    Trouble.DOOR_OPEN: Fault.COVER_OPEN,
    Trouble.HATCH_OPEN: Fault.COVER_OPEN,
    Trouble.MISPICK: Fault.MISPICK,
    Trouble.TOO_SHORT: Fault.SHORT_IMAGE,
    Trouble.TOO_LONG: Fault.SHORT_IMAGE,
    Trouble.TRAY_FAILED: Fault.MISPICK,
    Trouble.TRAY_OVERLOADED: Fault.MISPICK,
    Trouble.TRUNCATED: Fault.BAD_IMAGE,
    Trouble.CUT_OFF: Fault.SHORT_IMAGE,
    Trouble.LYING_DPI: Fault.CONFIG,
    Trouble.DIE: Fault.OFFLINE,
}
PASSING = [Trouble.PAUSE, Trouble.EARLY_404]


@pytest.mark.parametrize("trouble", FAULTS)
@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("sheet", [1, 3, 6])
def test_each_fault_at_front_back_and_between_leaves_each_sheet_once(
    trouble: Trouble, side: Side, sheet: int
) -> None:
    with EsclDevice(PAPER, faults=[Planned.at(trouble, sheet, side, 0.01)]) as device:
        box = Box(device, first=31)
        report = box.feed()
    assert box.faults[0] == FAULTS[trouble]
    assert {*box.faults} == {FAULTS[trouble]}  # a scanner that died may be asked before it is back
    assert report.faults[0].expected == 30 + sheet
    box.assert_holds(PAPER)


def test_a_back_that_never_comes_is_not_the_end() -> None:
    with EsclDevice(PAPER, faults=[Planned.at(Trouble.LOST_SIDE, 6, Side.BACK)]) as device:
        box = Box(device)
        report = box.feed()
    assert box.faults == [Fault.SHORT_IMAGE]
    assert report.faults[0].text == "Only one side of sheet 6 came."
    box.assert_holds(PAPER)


@pytest.mark.parametrize("trouble", [*PASSING, Trouble.WARMING])
@pytest.mark.parametrize("side", Side)
def test_what_passes_by_itself_is_waited_for(trouble: Trouble, side: Side) -> None:
    with EsclDevice(PAPER, faults=[Planned.at(trouble, 2, side, 0.15)]) as device:
        box = Box(device)
        report = box.feed()
    assert not report.faults
    box.assert_holds(PAPER)


@pytest.mark.parametrize(
    ("trouble", "fault"), [(Trouble.WARMING, Fault.WARMING), (Trouble.PAUSE, Fault.BUSY)]
)
def test_what_lasts_too_long_has_a_name(trouble: Trouble, fault: Fault) -> None:
    with EsclDevice(PAPER, faults=[Planned(trouble, 0, seconds=9)]) as device:
        paper = EsclSource(device.url).start(GRAY)
        stop = paper.next_sheet(0.3)
        assert isinstance(stop, Faulted)
        assert stop.fault is fault
        paper.close()


def test_a_scanner_that_comes_back_goes_on_where_it_died() -> None:
    with EsclDevice(PAPER, faults=[Planned(Trouble.DIE, 5, seconds=0.2)]) as device:
        paper = EsclSource(device.url).start(GRAY)
        got: list[Event] = [paper.next_sheet(5.0) for _ in range(3)]
        assert isinstance(stop := got.pop(), Faulted)
        assert (stop.fault, stop.expected) == (Fault.OFFLINE, 3)
        paper.resume(3)
        assert isinstance(dark := paper.next_sheet(5.0), Faulted)
        assert dark.fault is Fault.OFFLINE
        time.sleep(0.4)
        device.put_back(3)
        paper.resume(3)
        got += [paper.next_sheet(5.0) for _ in range(5)]
        paper.close()
    assert got.pop() == Ended(End.HOPPER_EMPTY, 6)
    assert [tuple(i.data for i in one.images) for one in got if isinstance(one, Fed)] == PAPER


def test_silence_is_a_timeout_and_the_sheet_comes_again() -> None:
    with EsclDevice(PAPER, faults=[Planned(Trouble.SILENT, 3, seconds=0.6)]) as device:
        paper = EsclSource(device.url).start(GRAY)
        got = [paper.next_sheet(5.0)]
        begun = time.monotonic()
        fault = paper.next_sheet(0.2)
        assert time.monotonic() - begun < 0.5
        assert isinstance(fault, Faulted)
        assert (fault.fault, fault.expected) == (Fault.TIMEOUT, 2)
        assert paper.next_sheet(0.2) == fault  # still faulted
        device.put_back(2)
        paper.resume(2)
        got += [paper.next_sheet(5.0) for _ in range(5)]
        assert paper.next_sheet(5.0) == Ended(End.HOPPER_EMPTY, 6)
        paper.close()
    assert [tuple(i.data for i in one.images) for one in got if isinstance(one, Fed)] == PAPER


def test_a_device_that_goes_away_is_offline() -> None:
    with EsclDevice(PAPER) as device:
        paper = EsclSource(device.url).start(GRAY)
        assert isinstance(paper.next_sheet(5.0), Fed)
        device.fail(Trouble.CUT_OFF, 2)
        paper.next_sheet(5.0)
    paper.resume(2)
    fault = paper.next_sheet(1.0)
    assert isinstance(fault, Faulted)
    assert fault.fault is Fault.OFFLINE
    paper.close()


@pytest.mark.parametrize("look_ahead", [0, 2])
def test_a_pause_stops_the_feeder_and_what_it_drew_in_goes_back(look_ahead: int) -> None:
    with EsclDevice(PAPER, look_ahead=look_ahead) as device:
        paper = EsclSource(device.url).start(GRAY)
        got: list[Event] = [paper.next_sheet(5.0), paper.next_sheet(5.0)]
        paper.pause()
        assert paper.next_sheet(5.0) == Ended(End.PAUSED, 2)
        assert device.sheets_out == min(2 + look_ahead, 6)
        device.put_back(3)
        paper.resume(3)
        got += [paper.next_sheet(5.0) for _ in range(5)]
        paper.close()
    assert got.pop() == Ended(End.HOPPER_EMPTY, 6)  # two jobs: the scanner's count is of the last alone
    assert [tuple(i.data for i in one.images) for one in got if isinstance(one, Fed)] == PAPER


def test_a_scanner_that_counts_more_than_it_sent_is_heard() -> None:
    with EsclDevice(PAPER) as device:
        paper = EsclSource(device.url).start(GRAY)
        for _ in PAPER:
            paper.next_sheet(5.0)
        device._jobs[-1].images += 2
        assert paper.next_sheet(5.0) == Ended(End.HOPPER_EMPTY, 6, counter=7)
        paper.close()


def test_an_empty_hopper_asks_for_paper() -> None:
    with EsclDevice([]) as device:

        def load(fault: Faulted) -> bool:
            assert fault.fault is Fault.HOPPER_EMPTY
            device.load(PAPER[:2])
            return True

        kept: list[Sheet] = []
        report = feed(EsclSource(device.url), "K1", GRAY, kept.append, load)
    assert report.complete
    assert len(kept) == 2


def test_without_an_operator_the_first_fault_ends_the_batch() -> None:
    with EsclDevice(PAPER, faults=[Planned(Trouble.JAM, 5)]) as device:
        kept: list[Sheet] = []
        report = feed(EsclSource(device.url), "K1", GRAY, kept.append)
    assert not report.complete
    assert report.sheets == len(kept) == 2
    assert "sheet 3" in report.faults[0].text


def test_a_box_goes_on_where_it_was_left() -> None:
    with EsclDevice(PAPER, faults=[Planned(Trouble.JAM, 5)]) as device:
        box = Box(device)
        feed(EsclSource(device.url), "K1", GRAY, box.keep)
        device.put_back(3)
        feed(EsclSource(device.url), "K1", GRAY, box.keep, first=len(box.sheets) + 1)
    box.assert_holds(PAPER)


def test_a_fault_that_never_clears_ends_the_batch() -> None:
    with EsclDevice(PAPER, faults=[Planned(Trouble.JAM, 0)] * 99) as device:
        box = Box(device)
        report = box.feed()
    assert not report.complete
    assert 10 <= len(report.faults) <= 12


def test_nothing_is_asked_for_before_the_sheet_is_safe() -> None:
    drawn = itertools.count()
    endless = (PAPER[next(drawn) % 6] for _ in itertools.count())
    with EsclDevice(endless, look_ahead=0) as device:
        seen: list[int] = []

        def keep(sheet: Sheet) -> None:
            seen.append(device.sheets_out - sheet.number)
            if sheet.number == 40:
                raise InterruptedError

        with pytest.raises(InterruptedError):
            feed(EsclSource(device.url), "K1", GRAY, keep)
        assert seen == [0] * 40
        assert next(drawn) <= 42  # the feeder stopped with us


def test_a_sheet_that_could_not_be_stored_is_not_counted() -> None:
    def keep(_: Sheet) -> None:
        raise OSError("disk full")

    with EsclDevice(PAPER) as device, pytest.raises(OSError, match="disk full"):
        feed(EsclSource(device.url), "K1", GRAY, keep)


def test_one_side_only_when_asked() -> None:
    with EsclDevice(PAPER) as device:
        kept: list[Sheet] = []
        feed(EsclSource(device.url), "K1", ScanSettings(duplex=False), kept.append)
    assert [[one.data for one in sheet.images] for sheet in kept] == [[front] for front, _ in PAPER]


def test_what_was_agreed_is_reported() -> None:
    with EsclDevice(PAPER, dpi=300, max_mm=(300.0, 400.0)) as device:
        report = feed(EsclSource(device.url), "K1", ScanSettings(page_mm=(999.0, 200.0)), lambda _: None)
    assert report.settings.dpi == 300
    assert report.settings.page_mm == (pytest.approx(300, abs=0.1), 200.0)


@pytest.mark.parametrize("asked", [ScanSettings(dpi=601)])
def test_what_it_cannot_do_stops_before_paper_moves(asked: ScanSettings) -> None:
    with EsclDevice(PAPER) as device:
        with pytest.raises(CaptureError, match="does not reach 601 dpi"):
            EsclSource(device.url).start(asked)
        assert not device.jobs


def test_describe() -> None:
    with EsclDevice(PAPER, name="Prøve") as device:
        about = open_source(f"escl:{device.url}").describe()
    assert about == Capabilities(
        device="escl:Prøve SIM0001",
        replayable=False,
        dpis=(200,),
        colour=True,
        gray=True,
        duplex=True,
        max_mm=(pytest.approx(304.8), pytest.approx(431.8)),
        model="Prøve",
        serial="SIM0001",
        double_feed=True,
    )


def test_closing_twice_and_asking_after() -> None:
    with EsclDevice(PAPER) as device:
        paper = EsclSource(device.url).start(GRAY)
        paper.next_sheet(5.0)
        paper.close()
        paper.close()
        assert paper.next_sheet(5.0) == Ended(End.CLOSED, 1)
        assert device.sheets_out >= 1


@settings(max_examples=30, deadline=None)
@given(
    schedule=st.lists(
        st.tuples(
            st.sampled_from([*FAULTS, *PASSING, Trouble.LOST_SIDE]), st.integers(1, 4), st.sampled_from(Side)
        ),
        max_size=5,
    ),
    look_ahead=st.integers(0, 3),
    first=st.sampled_from([1, 200]),
)
def test_whatever_goes_wrong_each_sheet_is_there_once(
    schedule: list[tuple[Trouble, int, Side]], look_ahead: int, first: int
) -> None:
    plan = [Planned.at(trouble, sheet, side, 0.01) for trouble, sheet, side in schedule]
    with EsclDevice(PAPER[:4], look_ahead=look_ahead, faults=plan) as device:
        box = Box(device, first)
        report = box.feed()
    box.assert_holds(PAPER[:4])
    assert report.complete
    assert box.faults == [one.fault for one in report.faults]
