"""kill -9 and SIGSTOP at any instant, of the worker, of its supervisor, of both: each sheet once."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from scanner.capture.batch_state import Halt
from scanner.capture.events import Fault
from scanner.capture.journal import Stopped
from scanner.capture.spool import Spooled, batches
from scanner.capture.standing import standing_of
from scanner.capture.supervisor import Answer
from scanner.simulate.escl_device import EsclDevice
from scanner.store import open_store
from tests.capture.counting_desk import BRISK, Count, laid
from tests.capture.paper import sheets

ROOT = Path(__file__).parents[2]
PAPER = sheets(8)


@pytest.fixture
def count(tmp_path: Path) -> Count:
    return Count(tmp_path / "spool")


def workers(parent: int) -> list[int]:
    """Worker processes of a process."""
    tasks = Path(f"/proc/{parent}/task").iterdir()
    children = [int(one) for task in tasks for one in (task / "children").read_text().split()]
    return [one for one in children if b"scanner.capture.worker" in cmdline(one)]


def cmdline(pid: int) -> bytes:
    with suppress(OSError):  # gone in the meantime
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


needs_proc = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="finds processes in /proc")


@needs_proc
def test_a_worker_killed_at_any_instant_is_replaced(count: Count) -> None:
    """kill -9 as the third, then as the fifth sheet arrives: sheets ahead of the count are not lost."""

    def kill(one: Spooled) -> None:
        if one.entry.number in {3, 5} and one.entry.number not in killed:
            killed.append(one.entry.number)
            time.sleep(0.02 * len(killed))
            for pid in workers(os.getpid()):
                os.kill(pid, signal.SIGKILL)

    def clear(halt: Halt) -> Answer:
        assert "ended by itself (signal 9)" in halt.text
        device.put_back(standing_of(batches(count.spool, "K1")[0]).next)
        return Answer.GO_ON

    killed: list[int] = []
    count.while_keeping, count.answer = kill, clear
    with EsclDevice(PAPER) as device:
        report = count.scan(f"escl:{device.url}")
    count.assert_holds(PAPER)
    assert report.complete
    assert killed == [3, 5]
    assert {one.fault for one in report.faults} == {Fault.INTERNAL}


@needs_proc
def test_a_frozen_worker_is_ended_by_the_watchdog(count: Count, tmp_path: Path) -> None:
    def freeze(one: Spooled) -> None:
        if one.entry.number == 2 and not frozen:
            frozen.extend(workers(os.getpid()))
            os.kill(frozen[0], signal.SIGSTOP)

    frozen: list[int] = []
    count.while_keeping, count.answer = freeze, lambda _: Answer.GO_ON
    bounds = replace(BRISK, sheets_ahead=1, silence_s=2.0, parting_s=0.3)
    report = count.scan(laid(tmp_path / "in", PAPER), bounds=bounds)
    count.assert_holds(PAPER)
    assert [one.fault for one in report.faults][:1] == [Fault.TIMEOUT]
    assert "said nothing for 2 s" in report.faults[0].text
    assert not Path(f"/proc/{frozen[0]}").exists()
    assert Stopped in count.entries[0]


SCAN = """
import sys
from pathlib import Path
from scanner.ballot import Box
from scanner.capture.events import ScanSettings
from scanner.commands.scanning import fill_box
from scanner.store import open_store
from tests.strategies import small_election

root, spec, box = Path(sys.argv[1]), sys.argv[2], Box(sys.argv[3], "VO", "0001")
with open_store(f"sqlite:{root}/a.db") as store:
    store.bind(small_election())
    store.add_box(box)
    print("ready", flush=True)
    report = fill_box(store, box, spec, ScanSettings(), root / "a.db.spool")
    print("complete" if report.complete else "left", flush=True)
"""


def scanning(root: Path, spec: str, box: str = "K1") -> subprocess.Popen[str]:
    """`valgskanner scan` without its command line, in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", SCAN, str(root), spec, box],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def spooled(root: Path) -> int:
    """Sheets in the box's journals so far."""
    found = batches(root / "a.db.spool", "K1")
    return sum(standing_of(one).sheets for one in found)


def killed_at(root: Path, device: EsclDevice, sheet: int, whom: str) -> None:
    """Begin to scan, and kill -9 whom we were told when so many sheets are in the journals."""
    scan = scanning(root, f"escl:{device.url}")
    while spooled(root) < sheet and scan.poll() is None:
        time.sleep(0.01)
    worker = workers(scan.pid) if scan.poll() is None else []
    if "worker" in whom:
        for one in worker:
            os.kill(one, signal.SIGKILL)
    if "freeze" in whom:
        os.kill(worker[0], signal.SIGSTOP)
    if "supervisor" in whom:
        scan.kill()
    scan.communicate()
    until = time.monotonic() + 30
    while any(Path(f"/proc/{one}").exists() for one in worker):
        assert time.monotonic() < until, "a worker outlived its supervisor"
        time.sleep(0.01)


@needs_proc
@pytest.mark.endtoend
@pytest.mark.parametrize("whom", ["worker", "supervisor", "supervisor and worker", "freeze, then supervisor"])
def test_kill_9_of_any_and_all_then_the_same_scan_goes_on(tmp_path: Path, whom: str) -> None:
    with EsclDevice(PAPER, pages_per_minute=1200) as device:
        for sheet in (2, 5):
            killed_at(tmp_path, device, sheet, whom)
            device.put_back(spooled(tmp_path) + 1)
        scan = scanning(tmp_path, f"escl:{device.url}")
        out, err = scan.communicate()
    assert out.split() == ["ready", "complete"], err
    assert_stored(tmp_path, "K1", PAPER)


def assert_stored(root: Path, box: str, paper: list[tuple[bytes, bytes]]) -> None:
    with open_store(f"sqlite:{root}/a.db", create=False) as store:
        kept = [store.sheet(one.id) for one in store.sheets(box)]
    assert [one.number for one in kept] == list(range(1, len(paper) + 1))
    assert [tuple(side.data for side in one.images) for one in kept] == paper


@pytest.mark.endtoend
def test_two_scans_at_once_into_two_boxes_of_one_store(tmp_path: Path) -> None:
    papers = {"K1": PAPER, "K2": PAPER[::-1]}
    with EsclDevice(papers["K1"]) as one, EsclDevice(papers["K2"]) as two:
        devices = dict(zip(papers, (one, two), strict=True))
        scans = [scanning(tmp_path, f"escl:{device.url}", box) for box, device in devices.items()]
        ends = [scan.communicate() for scan in scans]
    assert [out.split() for out, _ in ends] == [["ready", "complete"]] * 2, ends
    for box, paper in papers.items():
        assert_stored(tmp_path, box, paper)
