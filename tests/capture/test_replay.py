from pathlib import Path

import pytest

from scanner.capture.batch import Known, feed
from scanner.capture.events import End, Ended, Event, Fault, Faulted, Fed, Noted, ScanSettings
from scanner.capture.folder import FolderSource
from scanner.capture.journal import Closed, Discarded, Opened, Paused, Resumed, Stopped
from scanner.capture.replay import ReplaySource
from scanner.capture.source import open_source
from scanner.capture.spool import Batch
from scanner.errors import AuditError, InputError
from tests.capture.paper import jpeg

OBTAINED = ScanSettings(dpi=300)


def recorded(folder: Path, *, close: bool = True) -> Path:
    """Three sheets through a scanner that jammed before the third."""
    scans = folder / "scans"
    scans.mkdir()
    for number in range(1, 4):
        for n, face in enumerate("FB"):
            (scans / f"{number}{face}.jpg").write_bytes(jpeg(2 * number + n))
    batch = Batch(folder / "K1-001")
    batch.write(Opened("K1", "escl:x", 1, "escl:A 1", "A", "1", ScanSettings(), OBTAINED))
    source = FolderSource(str(scans)).start(ScanSettings())
    for number in range(1, 4):
        if number == 3:
            batch.write(Stopped(Fault.JAM, "It jammed.", "ScannerAdfJam", 3))
            batch.write(Discarded(3, ("0003-F.jpg.part",)))
            batch.write(Paused("We asked.", 3))
            batch.write(Resumed(3, "escl:A 1", OBTAINED))
        sheet = source.next_sheet(1.0)
        assert isinstance(sheet, Fed)
        batch.store(sheet)
    if close:
        batch.write(Closed(End.HOPPER_EMPTY, 3, 3))
    batch.close()
    return folder / "K1-001"


def events(source: ReplaySource) -> list[Event]:
    paper = source.start(ScanSettings(), first=11)
    assert paper.settings == OBTAINED
    told: list[Event] = []
    while not isinstance(event := paper.next_sheet(1.0), Ended):
        told.append(event)
        if isinstance(event, Faulted):
            assert paper.next_sheet(1.0) == event
            paper.resume(event.expected)
    assert paper.next_sheet(1.0) == event
    paper.close()
    return [*told, event]


def test_the_stack_comes_again_byte_for_byte(tmp_path: Path) -> None:
    folder = recorded(tmp_path)
    told = events(ReplaySource(str(folder)))
    sheets = [one for one in told if isinstance(one, Fed)]
    assert [[side.data for side in one.images] for one in sheets] == [
        [jpeg(2 * n), jpeg(2 * n + 1)] for n in range(1, 4)
    ]
    assert [one.name for one in sheets] == ["1", "2", "3"]
    assert [one.text for one in told if isinstance(one, Noted)] == [
        "Before sheet 13 the paper stopped then: It jammed.",
        "What had come of sheet 3 was put aside then.",
    ]
    assert told[-1] == Ended(End.HOPPER_EMPTY, 3, 3)


def test_faults_strike_again_when_asked_for(tmp_path: Path) -> None:
    told = events(ReplaySource(str(recorded(tmp_path)), faults=True))
    (fault,) = (one for one in told if isinstance(one, Faulted))
    assert (fault.fault, fault.text, fault.native) == (Fault.JAM, "It jammed.", "ScannerAdfJam")
    assert (fault.expected, fault.resumable) == (13, True)
    assert sum(isinstance(one, Fed) for one in told) == 3


def test_a_batch_that_was_never_closed_ends_where_it_ends(tmp_path: Path) -> None:
    assert events(ReplaySource(str(recorded(tmp_path, close=False))))[-1] == Ended(End.CLOSED, 3)


def test_a_box_that_has_the_sheets_does_not_get_them_again(tmp_path: Path) -> None:
    source = open_source(f"replay:{recorded(tmp_path)}")
    assert source.describe().device == "escl:A 1"
    kept: list[Known] = []
    report = feed(
        source,
        "K1",
        ScanSettings(),
        lambda sheet: kept.append(Known(sheet.device, sheet.name, tuple(i.sha256 for i in sheet.images))),
    )
    assert (report.sheets, report.complete) == (3, True)
    again = feed(source, "K1", ScanSettings(), kept.append, already=kept[:2])
    assert (again.sheets, again.passed_over) == (1, 2)


def test_images_that_are_gone_or_changed_say_so(tmp_path: Path) -> None:
    folder = recorded(tmp_path)
    (folder / "0001-F.jpg").unlink()
    (folder / "0002-B.jpg").write_bytes(jpeg(9))
    sheets = [one for one in events(ReplaySource(str(folder))) if isinstance(one, Fed)]
    assert "cannot be read" in sheets[0].notes[0]
    assert "was changed after it was scanned" in sheets[1].notes[0]
    assert [one.problem is None for one in sheets[2].images] == [True, True]


def test_a_changed_line_is_never_replayed(tmp_path: Path) -> None:
    folder = recorded(tmp_path)
    lines = (folder / "journal.jsonl").read_bytes()
    (folder / "journal.jsonl").write_bytes(lines.replace(b'"number":2', b'"number":9'))
    with pytest.raises(AuditError, match="line 3 was changed"):
        events(ReplaySource(str(folder)))


def test_pause_and_close(tmp_path: Path) -> None:
    paper = ReplaySource(str(recorded(tmp_path))).start(ScanSettings())
    paper.next_sheet(1.0)
    paper.pause()
    assert paper.next_sheet(1.0) == Ended(End.PAUSED, 1)
    paper.resume(2)
    assert isinstance(paper.next_sheet(1.0), Fed)
    paper.close()
    paper.resume(3)
    assert paper.next_sheet(1.0) == Ended(End.CLOSED, 2)


def test_what_is_no_batch(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no recorded batch"):
        open_source(f"replay:{tmp_path}")
    (tmp_path / "journal.jsonl").write_bytes(b"")
    with pytest.raises(InputError, match="never begun"):
        open_source(f"replay:{tmp_path}")
