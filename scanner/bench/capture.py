"""How fast sheets come in and are safe: images a second through worker, spool and store, and read alone.

The same simulated ballots go through each source. "Plain" is the same sheets through the same
protocol in one process, dropped as they come: what the way to the disk costs is the difference.
"""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

import msgspec

from scanner.capture.batch import BatchReport
from scanner.capture.batch_state import Halt
from scanner.capture.child import Child, Hand
from scanner.capture.events import Ended, Faulted, Fed, ScanSettings
from scanner.capture.limits import limits
from scanner.capture.source import open_source
from scanner.capture.spool import Spooled
from scanner.capture.supervisor import Answer, Desk, Job, supervise
from scanner.capture.talk import Order
from scanner.election_package import read_election
from scanner.errors import CaptureError, UsageError
from scanner.simulate.deck import deck
from scanner.simulate.elections import shipped_election
from scanner.simulate.escl_process import escl_ballot_device
from scanner.simulate.twain_device import can_compile, twain_ballot_device

_PATIENCE_S = 60.0  # of the virtual scanner: a busy machine is not measured as a broken one
BALLOTS = 4  # different ones; each copy gets a comment of its own, so that no two images are equal
SEED = 1
BOX = "BENCH"
SOURCES = ("escl", "folder", "twain")


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
    host_rss_mb: tuple[float, float]  # of the counting process, after a fifth of the sheets and at the end
    worker_rss_mb: tuple[float, float]  # of the process that drives the scanner, likewise


def measure_capture(names: Sequence[str], count: int, out: Path, stored: Stored) -> Iterator[CaptureSpeed]:
    """Feed `count` sheets of box `BOX` through each source; all is left in `out`, which must be empty.

    UsageError for a source that this machine cannot play.
    """
    unknown = [one for one in names if one not in SOURCES]
    if unknown or ("twain" in names and not can_compile()):
        what = unknown[0] if unknown else "twain, which needs a C compiler"
        raise UsageError(f"No virtual scanner speaks {what}; choose among {', '.join(SOURCES)}.")
    paper = _paper(out / "paper", count)
    for name in names:
        with _device(name, paper, out / f"{name}.json") as spec:
            run = _through(spec, count, out / name, stored)
        with _device(name, paper, out / f"{name}-plain.json") as spec:
            plain = _plain(spec)
        yield _speed(name, run, plain)


@contextmanager
def _device(name: str, paper: Path, state: Path) -> Iterator[str]:
    """The SPEC of a source that gives these sheets."""
    if name == "escl":
        with escl_ballot_device(paper, state, patience_s=_PATIENCE_S) as device:
            yield device.spec
    elif name == "twain":
        with twain_ballot_device(paper) as scanner:
            yield scanner.spec
    else:
        yield f"folder:{paper}"


def _paper(folder: Path, count: int) -> Path:
    """Simulated ballots, normally worn, 200 dpi grey JPEG, each image unlike all others."""
    folder.mkdir(parents=True)
    made = [
        (one.front, one.back) for one in deck(read_election(shipped_election("kommunestyre")), BALLOTS, SEED)
    ]
    for number in range(1, count + 1):
        for face, image in zip("FB", made[number % len(made)], strict=True):
            (folder / f"{number:05d}{face}.jpg").write_bytes(_told_apart(image, f"{number}{face}"))
    return folder


def _told_apart(jpeg: bytes, words: str) -> bytes:
    """The same picture with a comment: a COM segment right after the start (ITU-T T.81, B.2.4.5)."""
    text = words.encode()
    return jpeg[:2] + b"\xff\xfe" + (len(text) + 2).to_bytes(2, "big") + text + jpeg[2:]


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
            if 5 * self.taken <= self.count or not self.early[0]:
                self.early = self.late

        return watching


def _through(spec: str, count: int, root: Path, stored: Stored) -> _Run:
    """The whole way: worker, spool, store."""
    run = _Run(count)
    root.mkdir()
    with stored(root) as keep:
        begun = perf_counter()
        job = Job(root / "spool", BOX, spec, ScanSettings())
        run.report = supervise(job, (), Desk(run.watched(keep), _stop, _quiet), start=run.start)
        run.seconds = perf_counter() - begun
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
        host_rss_mb=(round(run.early[0], 1), round(run.late[0], 1)),
        worker_rss_mb=(round(run.early[1], 1), round(run.late[1], 1)),
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


def _stop(halt: Halt, _: str) -> Answer:
    raise CaptureError(halt.text)


def _quiet(_: str) -> None:
    """Nobody reads notes here."""
