import itertools
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest

from scanner.capture.batch_state import Halt
from scanner.capture.child import Child
from scanner.capture.events import End, Fault
from scanner.capture.journal import Closed, Opened, Resumed, Stopped, Stored
from scanner.capture.spool import Batch, Spooled, batches
from scanner.capture.standing import JOURNAL, standing_of
from scanner.capture.supervisor import Answer
from scanner.errors import AuditError, CaptureError, InputError, StoreError
from scanner.simulate.escl_device import EsclDevice
from scanner.simulate.escl_trouble import Planned, Trouble
from tests.capture.counting_desk import BRISK, Count, laid
from tests.capture.in_thread import InThread
from tests.capture.paper import sheets

PAPER = sheets(8)


@pytest.fixture
def count(tmp_path: Path) -> Count:
    return Count(tmp_path / "spool")


# --- a stack without trouble ------------------------------------------------------------------


def test_a_folder_comes_through_a_process(count: Count, tmp_path: Path) -> None:
    report = count.scan(laid(tmp_path / "in", PAPER))
    count.assert_holds(PAPER)
    assert (report.sheets, report.first, report.passed_over, report.faults) == (8, 1, 0, ())
    assert report.complete
    assert report.device == f"folder:{tmp_path / 'in'}"
    assert count.kept[3].name == "0003"
    assert count.asked == []
    assert count.entries == [[Opened, *[Stored] * 8, Closed]]
    count.assert_spool_is_empty()


def test_a_scanner_comes_through_a_process(count: Count) -> None:
    with EsclDevice(PAPER) as device:
        report = count.scan(f"escl:{device.url}")
    count.assert_holds(PAPER)
    assert report.settings.dpi == 200
    assert report.ended is not None
    assert report.ended.reason is End.HOPPER_EMPTY


def test_a_box_takes_one_stack_after_another(count: Count, tmp_path: Path) -> None:
    for number, part in enumerate((PAPER[:3], PAPER[3:]), 1):
        report = count.scan(laid(tmp_path / f"in{number}", part), InThread)
        assert report.complete
    count.assert_holds(PAPER)
    assert report.first == 4
    assert len(count.entries) == 2


def test_a_folder_fed_again_brings_only_what_is_new(count: Count, tmp_path: Path) -> None:
    spec = laid(tmp_path / "in", PAPER[:5])
    count.scan(spec, InThread)
    laid(tmp_path / "in", PAPER[5:], first=6)
    report = count.scan(spec, InThread)
    count.assert_holds(PAPER)
    assert (report.sheets, report.passed_over) == (3, 5)
    assert count.notes == ["5 sheets were in box K1 already and were not fed again."]


def test_equal_sheets_are_votes_of_their_own(count: Count, tmp_path: Path) -> None:
    count.scan(laid(tmp_path / "in", [PAPER[0]] * 3), InThread)
    count.assert_holds([PAPER[0]] * 3)


# --- the paper stops --------------------------------------------------------------------------


def test_the_operator_is_told_and_the_stack_goes_on(count: Count) -> None:
    def clear(halt: Halt) -> Answer:
        device.put_back(len(count.kept) + 1)
        return Answer.GO_ON

    count.answer = clear
    with EsclDevice(PAPER, faults=[Planned(Trouble.JAM, 5), Planned(Trouble.MULTIPICK, 10)]) as device:
        report = count.scan(f"escl:{device.url}", InThread)
    count.assert_holds(PAPER)
    assert [one.fault for one in report.faults] == [Fault.JAM, Fault.DOUBLE_FEED]
    assert [one.expected for one in report.faults] == [3, 6]
    jam, double = count.asked
    assert jam[0].fault is Fault.JAM
    assert "2 sheets of this stack are stored, up to sheet 2" in jam[1]
    assert "Sheet 3 must then lie first" in jam[1]
    assert "Sheet 6 must then lie first" in double[1]
    (entries,) = count.entries
    assert [one for one in entries if one is not Stored] == [
        Opened,
        Stopped,
        Resumed,
        Stopped,
        Resumed,
        Closed,
    ]


def test_left_alone_it_goes_on_when_scanned_again(count: Count) -> None:
    with EsclDevice(PAPER, faults=[Planned(Trouble.DOOR_OPEN, 5)]) as device:
        first = count.scan(f"escl:{device.url}", InThread)
        assert (first.complete, first.sheets) == (False, 2)
        device.put_back(3)
        second = count.scan(f"escl:{device.url}", InThread)
    assert (second.complete, second.first, second.sheets) == (True, 3, 6)
    count.assert_holds(PAPER)
    assert len(count.entries) == 1, "one stack, one batch"


def test_a_stack_may_be_closed_before_its_end(count: Count) -> None:
    count.answer = lambda _: Answer.CLOSE
    with EsclDevice(PAPER, faults=[Planned(Trouble.JAM, 5)]) as device:
        report = count.scan(f"escl:{device.url}", InThread)
        assert not report.complete
        assert standing_of(batches(count.spool, "K1")[0]).closed == Closed(End.CLOSED, 2, None)
        device.put_back(3)
        assert count.scan(f"escl:{device.url}", InThread).first == 3
    assert len(count.entries) == 2


def test_another_scanner_takes_over_in_a_batch_of_its_own(count: Count, tmp_path: Path) -> None:
    with EsclDevice(PAPER[:4], faults=[Planned(Trouble.JAM, 5)]) as device:
        count.scan(f"escl:{device.url}", InThread)
    count.scan(laid(tmp_path / "in", PAPER[2:]), InThread)
    count.assert_holds(PAPER)
    assert [one[-1] for one in count.entries] == [Closed, Closed]


def test_a_device_that_fails_for_ever_ends_the_scan(count: Count) -> None:
    def clear(_: Halt) -> Answer:
        device.put_back(1)
        return Answer.GO_ON

    count.answer = clear
    with EsclDevice(PAPER, faults=[Planned(Trouble.JAM, 0)] * 40) as device:
        report = count.scan(f"escl:{device.url}", InThread)
    assert not report.complete
    assert 10 <= len(count.asked) <= 12


def test_the_count_may_stop_the_feeder_at_a_sheet(count: Count) -> None:
    """A ballot to look at: at most as many sheets come after it as may be ahead."""
    count.while_keeping = lambda one: one.entry.number != 2
    paper = PAPER * 4
    with EsclDevice(paper) as device:
        report = count.scan(f"escl:{device.url}", InThread)
    assert not report.complete
    assert 2 <= len(count.kept) <= 2 + BRISK.sheets_ahead
    ((halt, words),) = count.asked
    assert halt.fault is None
    assert f"Sheet {len(count.kept) + 1} must then lie first" in words


def test_scanning_waits_for_a_count_that_is_slow_and_runs_no_further_ahead(count: Count) -> None:
    drawn = itertools.count()
    endless = (PAPER[next(drawn) % 8] for _ in range(40))

    def slow(one: Spooled) -> None:
        time.sleep(0.02)
        most.append(device.sheets_out - one.entry.number)

    most: list[int] = []
    count.while_keeping = slow
    with EsclDevice(endless, look_ahead=0) as device:
        count.scan(f"escl:{device.url}", InThread)
    assert len(count.kept) == 40
    assert max(most) <= BRISK.sheets_ahead + 1


def test_the_device_gone_before_the_first_sheet_is_an_error(count: Count, tmp_path: Path) -> None:
    for start in (InThread, Child):
        with pytest.raises(CaptureError, match="cannot be reached"):
            count.scan("escl:http://127.0.0.1:9/eSCL", start)
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="holds no image"):
        count.scan(f"folder:{tmp_path / 'empty'}", InThread)


def test_the_device_gone_in_mid_stack_is_a_fault(count: Count) -> None:
    def switch_off(_: Halt) -> Answer:
        device.__exit__(None)
        count.answer = lambda _: Answer.LEAVE
        return Answer.GO_ON

    count.answer = switch_off
    with suppress(OSError), EsclDevice(PAPER, faults=[Planned(Trouble.JAM, 5)]) as device:
        report = count.scan(f"escl:{device.url}", InThread)
        assert [one.fault for one in report.faults] == [Fault.JAM, Fault.OFFLINE]
        assert "Sheet 3 must then lie first" in count.asked[1][1]


# --- trouble on this side ---------------------------------------------------------------------


def test_what_the_count_raises_ends_the_scan_and_loses_nothing(count: Count, tmp_path: Path) -> None:
    def full(one: Spooled) -> None:
        if one.entry.number == 4:
            raise StoreError("The image folder cannot be written: no space left on device.")

    count.while_keeping = full
    spec = laid(tmp_path / "in", PAPER)
    with pytest.raises(StoreError, match="no space"):
        count.scan(spec, InThread)
    assert sorted(count.kept) == [1, 2, 3]
    count.while_keeping = lambda _: None
    count.scan(spec, InThread)
    count.assert_holds(PAPER)
    assert "that an interrupted scan had left in the spool" in count.notes[0]


def test_a_full_disk_stops_and_goes_on_when_there_is_room(
    count: Count, monkeypatch: pytest.MonkeyPatch
) -> None:
    def clear(halt: Halt) -> Answer:
        assert halt.fault is Fault.DISK_FULL
        room.append(10**9)
        device.put_back(len(count.kept) + 1)
        return Answer.GO_ON

    room = [10**9, 10**9, 0]
    monkeypatch.setattr(Batch, "room", lambda _: room.pop(0) if len(room) > 1 else room[0])
    count.answer = clear
    with EsclDevice(PAPER) as device:
        report = count.scan(f"escl:{device.url}", InThread)
    count.assert_holds(PAPER)
    assert [one.fault for one in report.faults] == [Fault.DISK_FULL]
    assert "make room" in count.asked[0][1]


def test_a_changed_diary_stops_the_box(count: Count, tmp_path: Path) -> None:
    spec = laid(tmp_path / "in", PAPER)
    count.scan(spec, InThread)
    path = batches(count.spool, "K1")[0] / JOURNAL
    path.write_bytes(path.read_bytes().replace(b'"number":5', b'"number":6'))
    with pytest.raises(AuditError, match="line 6"):
        count.scan(spec, InThread)


def test_a_store_that_was_replaced_is_told(count: Count, tmp_path: Path) -> None:
    spec = laid(tmp_path / "in", PAPER)
    count.scan(spec, InThread)
    del count.kept[8]
    with pytest.raises(StoreError, match=r"lacks sheet K1/0008.*move .* away"):
        count.scan(spec, InThread)
    other = dict(count.kept)
    count.kept[8] = replace(other[7], number=8)
    with pytest.raises(StoreError, match="is not the one in the store"):
        count.scan(spec, InThread)


def test_two_scans_of_one_box_at_once_are_refused(count: Count, tmp_path: Path) -> None:
    def second(_: Spooled) -> None:
        if not refused:
            with pytest.raises(CaptureError, match="Box K1 is being fed by another process"):
                Count(count.spool).scan(spec, InThread)
            refused.append(True)

    refused: list[bool] = []
    count.while_keeping = second
    spec = laid(tmp_path / "in", PAPER[:2])
    count.scan(spec, InThread)
    assert refused


def test_two_scanners_at_once_into_two_boxes(tmp_path: Path) -> None:
    counts = [Count(tmp_path / "spool", box) for box in ("K1", "K2")]
    papers = [PAPER, PAPER[::-1]]
    with EsclDevice(papers[0]) as one, EsclDevice(papers[1]) as two:
        threads = [
            Thread(target=count.scan, args=(f"escl:{device.url}",))
            for count, device in zip(counts, (one, two), strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for count, paper in zip(counts, papers, strict=True):
        count.assert_holds(paper)
        count.assert_spool_is_empty()
