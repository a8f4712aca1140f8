"""How fast sheets come in and are safe: images a second through worker, spool and store, and read alone.

The same simulated ballots go through each source. "Plain" is the same sheets through the same
protocol in one process, dropped as they come: what the way to the disk costs is the difference.
"""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import msgspec

from scanner.bench.capture_devices import RAW, SOURCES, lacking, lay, played
from scanner.capture.batch import BatchReport
from scanner.capture.batch_state import Halt
from scanner.capture.child import Child, Hand
from scanner.capture.events import Ended, Faulted, Fed, ScanSettings
from scanner.capture.limits import limits
from scanner.capture.source import open_source
from scanner.capture.spool import Spooled
from scanner.capture.supervisor import Answer, Desk, Job, supervise
from scanner.capture.talk import Order
from scanner.errors import CaptureError, UsageError

BOX = "BENCH"


Keep = Callable[[Sequence[Spooled]], None]
Stored = Callable[[Path], AbstractContextManager[Keep]]  # a store in a folder, and what puts sheets into it


class CaptureSpeed(msgspec.Struct, frozen=True):
    """What `valgskanner bench capture --json` prints, a line a source."""

    source: str
    device: str
    sheets: int
    images: int
    megabytes: float  # as received
    seconds: float  # from the start of the worker to the last sheet in the store
    images_per_s: float
    plain_images_per_s: float
    ratio_to_plain: float  # of the times: 1 is as fast as reading alone
    cpu_ms_per_image: float  # of the counting process and the worker, a driver inside it included
    host_rss_mb: tuple[float, float]  # of the counting process, after a fifth of the sheets and at the end
    worker_rss_mb: tuple[float, float]  # of the process that drives the scanner, likewise
    host_peak_mb: float  # the most it ever held while these sheets came
    worker_peak_mb: float


class Absent(msgspec.Struct, frozen=True):
    """A source that this machine cannot play, likewise a line."""

    source: str
    absent: str  # what is missing, as words


def measure_capture(
    names: Sequence[str], count: int, out: Path, stored: Stored
) -> Iterator[CaptureSpeed | Absent]:
    """Feed `count` sheets of box `BOX` through each source; all is left in `out`, which must be empty.

    UsageError for a source that there is none of.
    """
    if unknown := [one for one in names if one not in SOURCES]:
        raise UsageError(f"No virtual scanner speaks {unknown[0]}; choose among {', '.join(SOURCES)}.")
    missing = {name: lacking(name) for name in names}
    paper = lay(out, count, raw=any(name in RAW and not missing[name] for name in names))
    for name in names:
        if missing[name]:
            yield Absent(name, missing[name])
            continue
        with played(name, paper.of(name), out / f"{name}.json") as spec:
            run = _through(spec, count, out / name, stored)
        with played(name, paper.of(name), out / f"{name}-plain.json") as spec:
            plain = _plain(spec)
        yield _speed(name, run, plain)


@dataclass
class _Run:
    """One stack on its way into a store."""

    count: int
    megabytes: float = 0.0
    seconds: float = 0.0
    worker: int = 0
    report: BatchReport | None = None
    early: tuple[float, float] = (0.0, 0.0)
    late: tuple[float, float] = (0.0, 0.0)
    peak: tuple[float, float] = (0.0, 0.0)
    cpu_s: float = 0.0
    taken: int = field(default=0)

    def start(self, order: Order) -> Hand:
        """A worker whose memory is watched."""
        child = Child(order)
        self.worker = child.pid
        return child

    def watched(self, keep: Keep) -> Keep:
        """The same, with a look at both processes now and then."""

        def watching(sheets: Sequence[Spooled]) -> None:
            keep(sheets)
            self.taken += len(sheets)
            self.megabytes += sum(side.size for one in sheets for side in one.entry.sides) / 1e6
            self.late = rss_mb(os.getpid()), rss_mb(self.worker) or self.late[1]
            self.peak = peak_mb(os.getpid()), peak_mb(self.worker) or self.peak[1]
            if 5 * self.taken <= self.count or not self.early[0]:
                self.early = self.late

        return watching


def _through(spec: str, count: int, root: Path, stored: Stored) -> _Run:
    """The whole way: worker, spool, store."""
    run = _Run(count)
    root.mkdir()
    with stored(root) as keep:
        _forget_peak()
        begun, spent = perf_counter(), _cpu_s()
        job = Job(root / "spool", BOX, spec, ScanSettings())
        run.report = supervise(job, (), Desk(run.watched(keep), _stop, _quiet), start=run.start)
        run.seconds, run.cpu_s = perf_counter() - begun, _cpu_s() - spent
    if run.taken != count:
        raise CaptureError(f"{spec}: {run.taken} of {count} sheets are in the store.")
    return run


def _plain(spec: str) -> float:
    """Images a second when sheets are read by the same protocol and dropped."""
    images, begun = 0, perf_counter()
    with closing(open_source(spec).start(ScanSettings())) as feed:
        while not isinstance(event := feed.next_sheet(limits().sheet_s), Ended):
            if isinstance(event, Faulted):
                raise CaptureError(event.text)
            images += len(event.images) if isinstance(event, Fed) else 0
    return images / (perf_counter() - begun)


def _speed(name: str, run: _Run, plain: float) -> CaptureSpeed:
    images = 2 * run.count
    rate = images / run.seconds
    return CaptureSpeed(
        source=name,
        device=run.report.device if run.report else "",
        sheets=run.count,
        images=images,
        megabytes=round(run.megabytes, 1),
        seconds=round(run.seconds, 2),
        images_per_s=round(rate, 1),
        plain_images_per_s=round(plain, 1),
        ratio_to_plain=round(plain / rate, 2),
        cpu_ms_per_image=round(1000 * run.cpu_s / images, 2),
        host_rss_mb=(round(run.early[0], 1), round(run.late[0], 1)),
        worker_rss_mb=(round(run.early[1], 1), round(run.late[1], 1)),
        host_peak_mb=round(run.peak[0], 1),
        worker_peak_mb=round(run.peak[1], 1),
    )


def rss_mb(process: int) -> float:
    """What a process holds in memory now, MB; 0 where the system does not tell, or it is gone."""
    if sys.platform != "linux":
        return 0.0
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def peak_mb(process: int) -> float:
    """The most a process has ever held in memory, MB; 0 as `rss_mb` (proc(5), VmHWM in kB of 1024 bytes)."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024 / 1e6
    return 0.0


def _forget_peak() -> None:
    """Of this process, where the system can: the sources before are not this one's (proc(5), clear_refs)."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


def _cpu_s() -> float:
    """What this process and those it has waited for took: after a run, its worker, and no device."""
    return sum(os.times()[:4])


def _stop(halt: Halt, _: str) -> Answer:
    raise CaptureError(halt.text)


def _quiet(_: str) -> None:
    """Nobody reads notes here."""
