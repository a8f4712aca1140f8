import signal
import subprocess
import sys
from pathlib import Path
from queue import SimpleQueue

import msgspec
import pytest

from scanner.ballot import PageImage
from scanner.capture.batch import Known
from scanner.capture.events import Capabilities, End, Ended, Event, Fault, Faulted, Fed, Noted, ScanSettings
from scanner.capture.journal import Closed, Opened, Paused, Resumed, Stopped, Stored
from scanner.capture.spool import Batch, sheets
from scanner.capture.standing import standing_of, walk
from scanner.capture.talk import Failed, Finished, Go, Order, Pause, Ready, Remark, Told, said, told
from scanner.capture.worker import Inbox, obey, work
from scanner.errors import ExitCode

ROOT = Path(__file__).parents[2]


class Hopper:
    """A source that gives what it is told to give, one event after the other."""

    def __init__(self, *events: Event, replayable: bool = False, path: int = 0) -> None:
        self.events = list(events)
        self.asked: list[float] = []
        self.closed = self.paused = False
        self.settings = ScanSettings(dpi=300)
        self._replayable, self._path = replayable, path

    def describe(self) -> Capabilities:
        return Capabilities("hopper 1", replayable=self._replayable, model="M", serial="S")

    def start(self, settings: ScanSettings, first: int = 1) -> "Hopper":
        self.first = first
        return self

    def next_sheet(self, timeout: float) -> Event:
        self.asked.append(timeout)
        if self.paused and self._path == 0:
            return Ended(End.PAUSED, 0)
        self._path -= self.paused
        return self.events.pop(0)

    def pause(self) -> None:
        self.paused = True

    def resume(self, expected_sheet: int) -> None:
        raise AssertionError("going on means a new worker")

    def close(self) -> None:
        self.closed = True


def fed(number: int) -> Fed:
    return Fed((PageImage("F", f"F{number}".encode()), PageImage("B", f"B{number}".encode())), f"s{number}")


END = Ended(End.HOPPER_EMPTY, 2, 2)


def order(folder: Path, **changes: object) -> Order:
    asked = Order("hopper:", "K1", str(folder), 1, 99, ScanSettings(), 30.0, 0.2, 4)
    return msgspec.structs.replace(asked, **changes)


def done(hopper: Hopper, order: Order, *commands: object) -> list[Told]:
    inbox: Inbox = SimpleQueue()
    for one in commands:
        inbox.put(one)  # type: ignore[arg-type]
    heard: list[Told] = []
    work(order, hopper, inbox, heard.append)
    return heard


def kinds(heard: list[Told]) -> list[str]:
    return [type(one).__name__ for one in heard]


def test_it_says_what_happened_and_the_journal_says_the_same(tmp_path: Path) -> None:
    hopper = Hopper(Noted("a list was left out"), fed(1), fed(2), END)
    heard = done(hopper, order(tmp_path / "b"))
    assert kinds(heard) == ["Ready", "Remark", "Stored", "Stored", "Finished"]
    assert heard[0] == Ready("hopper 1", False, ScanSettings(dpi=300))
    assert heard[-1] == Finished(End.HOPPER_EMPTY, 2, 2, 0)
    entries = [one.entry for one in walk(tmp_path / "b")]
    assert [type(one) for one in entries] == [Opened, Stored, Stored, Closed]
    assert entries[1:3] == heard[2:4]
    assert entries[0] == Opened(
        "K1", "hopper:", 1, "hopper 1", "M", "S", ScanSettings(), ScanSettings(dpi=300)
    )
    assert hopper.closed
    assert set(hopper.asked) == {30.0}


def test_all_it_says_fits_on_a_line(tmp_path: Path) -> None:
    heard = done(Hopper(fed(1), Faulted(Fault.JAM, "a\nb", True, 9, "6"), END), order(tmp_path))
    for one in (*heard, Failed(ExitCode.INPUT, "no\nfolder"), Remark("x")):
        line = said(one)
        assert line.count(b"\n") == 1
        assert told.decode(line) == one


def test_a_fault_ends_it_and_names_the_number_that_comes_next(tmp_path: Path) -> None:
    hopper = Hopper(fed(1), Faulted(Fault.JAM, "Stuck.", True, 77, "6"))
    heard = done(hopper, order(tmp_path, first=5))
    assert heard[-1] == Stopped(Fault.JAM, "Stuck.", "6", 6, resumable=True)
    assert standing_of(tmp_path).stop == heard[-1]
    assert hopper.closed
    assert hopper.first == 5


def test_the_next_worker_goes_on_in_the_same_batch(tmp_path: Path) -> None:
    done(Hopper(fed(1), Faulted(Fault.JAM, "Stuck.", True, 2)), order(tmp_path))
    again = Hopper(fed(2), END)
    done(again, order(tmp_path, first=2))
    entries = [type(one.entry) for one in walk(tmp_path)]
    assert entries == [Opened, Stored, Stopped, Resumed, Stored, Closed]
    assert again.first == 2
    assert [one.entry.number for one in sheets(tmp_path)] == [1, 2]


def test_it_feeds_no_sheet_beyond_what_it_may(tmp_path: Path) -> None:
    hopper = Hopper(*(fed(number) for number in range(1, 9)), END)
    inbox: Inbox = SimpleQueue()
    heard: list[Told] = []

    def listen(word: Told) -> None:
        heard.append(word)
        if isinstance(word, Stored) and word.number == may[-1]:
            assert len(hopper.asked) == word.number, "asked for one sheet more than it may feed"
            may.append(word.number + 2)
            inbox.put(Go(may[-1]))

    may = [3]
    work(order(tmp_path, to=3), hopper, inbox, listen)
    assert sum(isinstance(one, Stored) for one in heard) == 8
    assert may == [3, 5, 7, 9]


def test_nothing_is_asked_for_before_the_sheet_before_it_is_in_the_journal(tmp_path: Path) -> None:
    class Watched(Hopper):
        def next_sheet(self, timeout: float) -> Event:
            stored = [one.entry.number for one in sheets(tmp_path)]
            assert stored == list(range(1, len(self.asked) + 1))
            return super().next_sheet(timeout)

    done(Watched(fed(1), fed(2), fed(3), END), order(tmp_path))
    assert standing_of(tmp_path).sheets == 3


def test_a_pause_stores_what_is_in_the_paper_path(tmp_path: Path) -> None:
    hopper = Hopper(*(fed(number) for number in range(1, 9)), path=2)
    heard = done(hopper, order(tmp_path), Pause())
    assert kinds(heard) == ["Ready", "Stored", "Stored", "Finished"]
    assert heard[-1].reason is End.PAUSED  # type: ignore[union-attr]
    assert isinstance(standing_of(tmp_path).stop, Paused)
    assert standing_of(tmp_path).closed is None


def test_it_ends_when_nobody_listens_any_more(tmp_path: Path) -> None:
    hopper = Hopper(*(fed(number) for number in range(1, 9)))
    done(hopper, order(tmp_path), None)
    assert hopper.closed
    assert hopper.asked == []
    assert isinstance(standing_of(tmp_path).stop, Paused)


def test_what_the_box_holds_is_not_stored_again_if_it_can_be_fed_again(tmp_path: Path) -> None:
    hashes = tuple(one.sha256 for one in fed(1).images)
    known = (Known("hopper 1", "s1", hashes).mark, Known("hopper 1", "s3", hashes).mark)
    heard = done(Hopper(fed(1), fed(2), END, replayable=True), order(tmp_path / "a", known=known))
    assert [one.name for one in heard if isinstance(one, Stored)] == ["s2"]
    assert heard[-1].passed_over == 1  # type: ignore[union-attr]
    heard = done(Hopper(fed(1), fed(2), END), order(tmp_path / "b", known=known))
    assert [one.name for one in heard if isinstance(one, Stored)] == ["s1", "s2"]


def test_a_disk_nearly_full_stops_before_paper_moves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = [10**9, 10**9, 3]
    monkeypatch.setattr(Batch, "room", lambda _: room.pop(0))
    hopper = Hopper(fed(1), fed(2), fed(3), END)
    heard = done(hopper, order(tmp_path))
    assert kinds(heard) == ["Ready", "Stored", "Stored", "Stopped"]
    assert heard[-1].fault is Fault.DISK_FULL  # type: ignore[union-attr]
    assert heard[-1].expected == 3  # type: ignore[union-attr]
    assert hopper.events[0] == fed(3), "the third sheet lies in the hopper still"


def test_a_spool_that_cannot_be_made_is_a_full_disk(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    (word,) = done(Hopper(END), order(tmp_path / "file" / "b"))
    assert isinstance(word, Stopped)
    assert word.fault is Fault.DISK_FULL
    assert "file exists" in word.text


def test_what_it_cannot_do_is_said_with_its_exit_code(tmp_path: Path) -> None:
    heard: list[Told] = []
    for spec in ("fax:1", f"folder:{tmp_path}/none", "escl:http://127.0.0.1:9/eSCL"):
        obey(order(tmp_path / "b", spec=spec), SimpleQueue(), heard.append)
    assert [one.code for one in heard if isinstance(one, Failed)] == [2, 5, 6]
    assert heard[-1].fault is Fault.OFFLINE  # type: ignore[union-attr]
    assert "cannot be reached" in heard[-1].text  # type: ignore[union-attr]


# --- as a process -----------------------------------------------------------------------------


def spawned(order: Order) -> subprocess.Popen[bytes]:
    child = subprocess.Popen(
        [sys.executable, "-m", "scanner.capture.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    )
    assert child.stdin is not None
    child.stdin.write(said(order))
    child.stdin.flush()
    return child


def folder_of(tmp_path: Path, count: int) -> str:
    (tmp_path / "in").mkdir()
    for number in range(1, count + 1):
        for face in "FB":
            (tmp_path / "in" / f"{number:04d}{face}.jpg").write_bytes(f"{number}{face}".encode())
    return f"folder:{tmp_path / 'in'}"


def test_a_worker_whose_parent_is_gone_ends_and_keeps_what_is_stored(tmp_path: Path) -> None:
    child = spawned(order(tmp_path / "b", spec=folder_of(tmp_path, 9), to=3))
    assert child.stdout is not None
    assert child.stdin is not None
    said_first = [told.decode(child.stdout.readline()) for _ in range(4)]
    assert kinds(said_first) == ["Ready", "Stored", "Stored", "Stored"]
    child.send_signal(signal.SIGINT)  # a Ctrl-C is not for it
    child.stdin.close()
    rest, err = child.stdout.read(), child.stderr.read() if child.stderr else b""
    assert child.wait(60) == 0
    assert (kinds([told.decode(one) for one in rest.splitlines()]), err) == (["Finished"], b"")
    assert standing_of(tmp_path / "b").next == 4
    child.stdout.close()
    child.stderr.close() if child.stderr else None


def test_terminated_it_ends_in_order(tmp_path: Path) -> None:
    child = spawned(order(tmp_path / "b", spec=folder_of(tmp_path, 9), to=2))
    assert child.stdout is not None
    assert [type(told.decode(child.stdout.readline())) for _ in range(3)] == [Ready, Stored, Stored]
    child.terminate()
    out, err = child.communicate(timeout=60)
    assert (child.returncode, err) == (0, b"")
    assert isinstance(told.decode(out.splitlines()[-1]), Finished)
    assert isinstance(standing_of(tmp_path / "b").stop, Paused)


def test_no_order_no_work() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scanner.capture.worker"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        cwd=ROOT,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
