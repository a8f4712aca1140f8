"""A scanner without a motor: speaks eSCL on loopback, feeds simulated paper, and fails when told to.

    with EsclDevice(pages) as device:
        open_source(f"escl:{device.url}")

`pages` may be endless and is drawn sheet by sheet, `look_ahead` sheets ahead of the host at most.
What it raises while being drawn is raised again when the device is left.
"""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Self
from uuid import uuid4

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError

from scanner.simulate import escl_words
from scanner.simulate.escl_server import Reply, Server
from scanner.simulate.escl_trouble import STOPS, Planned, Side, Trouble
from scanner.simulate.escl_words import Asked
from scanner.simulate.feeder import Feeder, Paper

__all__ = ["EsclDevice", "Planned", "Reply", "Side", "Trouble"]

_ROOT = "/eSCL"
_JOBS = f"{_ROOT}/ScanJobs"


@dataclass(slots=True)
class _Job:
    """One scan job of a host, as far as it has come."""

    path: str
    asked: Asked
    heard: float  # monotonic s, when the host last spoke
    images: int = 0
    state: str = "Processing"


class EsclDevice:
    """A duplex ADF scanner on 127.0.0.1; `port=0` takes any free one. A context manager.

    `out`: sheets of `pages` that lie in the tray already. `on_move` is called with the number of
    sheets out whenever it changes. A job whose host is silent for `patience_s` is given up.
    """

    def __init__(
        self,
        pages: Iterable[Paper],
        *,
        port: int = 0,
        dpi: int = 200,
        look_ahead: int = 2,
        memory: int = 16,
        pages_per_minute: float = 0,
        faults: Iterable[Planned] = (),
        name: str = "Virtual Ballot Scanner",
        max_mm: tuple[float, float] = (304.8, 431.8),
        kinds: tuple[str, ...] = ("image/jpeg",),
        patience_s: float = 60.0,
        out: int = 0,
        on_move: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._feeder = Feeder(pages, look_ahead, memory, out, on_move)
        self._planned = list(faults)
        self._words = escl_words.capabilities(name, "SIM0001", (dpi,), max_mm, kinds)
        self._dpi, self._kinds, self._patience_s = dpi, kinds, patience_s
        self._pace = 60 / pages_per_minute if pages_per_minute else 0.0
        self._lock = threading.Lock()
        self._jobs: list[_Job] = []
        self._adf: Trouble | None = None
        self._pause: Planned | None = None
        self._paused_until = self._next_feed = 0.0
        self._server = Server(port, self.answer)

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._server.stop()
        if self._server.broken is not None and kind is None:
            raise self._server.broken

    @property
    def url(self) -> str:
        """Where it answers: `http://127.0.0.1:PORT/eSCL`."""
        return f"http://127.0.0.1:{self._server.server_port}{_ROOT}"

    @property
    def jobs(self) -> tuple[Asked, ...]:
        """What hosts asked for, the last eight jobs."""
        return tuple(one.asked for one in self._jobs)

    @property
    def sheets_out(self) -> int:
        """Sheets lying in the exit tray, the operator's count."""
        return self._feeder.out

    @property
    def planned(self) -> tuple[Planned, ...]:
        """Faults that have not struck yet."""
        return tuple(self._planned)

    def fail(self, trouble: Trouble, image: int, seconds: float = 0.1, *, between: bool = False) -> None:
        """Plan one more fault (see `Planned`)."""
        with self._lock:
            self._planned.append(Planned(trouble, image, seconds, between))

    def put_back(self, sheet: int) -> None:
        """The operator clears the fault and lays `sheet` (1 is the first ever fed) and all after it back.

        ValueError if that sheet is not in the exit tray.
        """
        with self._lock:
            self._halt("Aborted")
            self._feeder.put_back(sheet)
            self._adf = None

    def load(self, pages: Iterable[Paper]) -> None:
        """The operator lays more paper under what is in the hopper."""
        with self._lock:
            self._feeder.load(pages)

    def answer(self, method: str, path: str, body: bytes) -> Reply:
        """What the device answers to one request."""
        with self._lock:
            self._lose_patience()
            match method, path.removeprefix(_ROOT):
                case "GET", "/ScannerCapabilities":
                    return Reply(200, self._words)
                case "GET", "/ScannerStatus":
                    return Reply(200, self._status())
                case "POST", "/ScanJobs":
                    return self._open(body)
        return self._of_job(method, path)

    def _of_job(self, method: str, path: str) -> Reply:
        job = next((one for one in self._jobs if path in {one.path, f"{one.path}/NextDocument"}), None)
        if job is None:
            return Reply(404)
        job.heard = time.monotonic()
        if method == "DELETE" and path == job.path:
            return self._cancel(job)
        return self._next(job) if method == "GET" and path != job.path else Reply(405)

    def _status(self) -> bytes:
        adf = self._adf or ("ScannerAdfEmpty" if self._feeder.empty() else "ScannerAdfLoaded")
        warming = self._pausing() and self._pause is not None and self._pause.trouble is Trouble.WARMING
        jobs = tuple((one.path, one.state, one.images) for one in self._jobs)
        return escl_words.status(adf, jobs, ("LampWarming",) if warming else ())

    def _open(self, body: bytes) -> Reply:
        try:
            asked = escl_words.asked(body)
        except (ParseError, DefusedXmlException, ValueError):
            return Reply(400)
        if not asked.feeder or asked.kind not in self._kinds or asked.dpi != self._dpi:
            return Reply(409)
        if self._adf or self._feeder.empty() or any(one.state == "Processing" for one in self._jobs):
            return Reply(503)
        job = _Job(f"{_JOBS}/{uuid4()}", asked, time.monotonic())
        self._jobs = [*self._jobs[-7:], job]
        return Reply(201, location=job.path)

    def _cancel(self, job: _Job) -> Reply:
        with self._lock:
            if job.state == "Processing":
                self._halt("Canceled")
            return Reply(200)

    def _next(self, job: _Job) -> Reply:
        with self._lock:
            planned = self._struck() if job.state == "Processing" else None
            if planned:
                self._strike(planned)
            reply = self._image(job, planned.trouble if planned else None)
            wait = self._delay(planned)
        time.sleep(wait)
        return reply

    def _struck(self) -> Planned | None:
        """The fault planned for the image about to be delivered, once."""
        at = self._feeder.position
        one = next((one for one in self._planned if one.image == at), None)
        if one:
            self._planned.remove(one)
        return one

    def _strike(self, planned: Planned) -> None:
        """What happens to the paper and to the job before anything is answered."""
        trouble = planned.trouble
        if trouble is Trouble.LOST_SIDE and planned.image % 2 == 0:
            return  # a whole sheet lost without a word could not be told from the end of the stack
        if trouble in {Trouble.PAUSE, Trouble.WARMING}:
            self._pause, self._paused_until = planned, time.monotonic() + planned.seconds
        if trouble in STOPS or trouble in {Trouble.DIE, Trouble.LOST_SIDE}:
            if not planned.between:
                self._feeder.draw_in(2 if trouble is Trouble.MULTIPICK else 1)
            self._halt("Completed" if trouble is Trouble.LOST_SIDE else "Aborted")
        if trouble in STOPS:
            self._adf = trouble
        if trouble is Trouble.DIE:
            self._jobs = []
            self._server.die(planned.seconds)

    def _image(self, job: _Job, trouble: Trouble | None) -> Reply:
        if self._adf:
            return Reply(409)
        if self._pausing():
            warm = self._pause is not None and self._pause.trouble is Trouble.WARMING
            return Reply(503, retry_after=1 if warm else 0)
        if trouble is Trouble.EARLY_404:
            return Reply(404)
        image = self._feeder.next_image(duplex=job.asked.duplex) if job.state == "Processing" else None
        if image is None:
            job.state = "Completed" if job.state == "Processing" else job.state
            return Reply(404)
        job.images += 1
        return _sent(image, trouble, job.asked.kind)

    def _pausing(self) -> bool:
        return time.monotonic() < self._paused_until

    def _delay(self, planned: Planned | None) -> float:
        """Seconds to keep the host waiting: the transport's own pace, and a silence."""
        now = time.monotonic()
        self._next_feed = max(self._next_feed + self._pace, now)
        silence = planned.seconds if planned and planned.trouble is Trouble.SILENT else 0.0
        return self._next_feed - now + silence

    def _lose_patience(self) -> None:
        limit = time.monotonic() - self._patience_s
        if any(one.state == "Processing" and one.heard < limit for one in self._jobs):
            self._halt("Aborted")

    def _halt(self, state: str) -> None:
        self._feeder.stop()
        for one in self._jobs:
            one.state = state if one.state == "Processing" else one.state


def _sent(image: bytes, trouble: Trouble | None, kind: str) -> Reply:
    """The image as it leaves the device."""
    half = len(image) // 2
    match trouble:
        case Trouble.TRUNCATED:
            return Reply(200, image[:half], kind)
        case Trouble.CUT_OFF:
            return Reply(200, image, kind, sent=half)
        case Trouble.LYING_DPI if image[6:11] == b"JFIF\0":
            # JFIF 1.02: byte 13 is the unit (1: dots per inch), then the density across and down
            return Reply(200, image[:13] + b"\x01" + (400).to_bytes(2, "big") * 2 + image[18:], kind)
        case _:
            return Reply(200, image, kind)
