"""A scanner without a motor: speaks eSCL on loopback, feeds simulated paper, and fails when told to.

    with EsclDevice(pages) as device:
        open_source(f"escl:{device.url}")

`pages` may be endless and is drawn sheet by sheet, `look_ahead` sheets ahead of the host at most.
What it raises while being drawn is raised again when the device is left.
"""

import sys
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR, socket
from socketserver import TCPServer
from typing import Self
from uuid import uuid4

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError

from scanner.simulate import escl_words
from scanner.simulate.escl_words import Asked
from scanner.simulate.feeder import Feeder, Paper

_ROOT = "/eSCL"
_JOBS = f"{_ROOT}/ScanJobs"
_MAX_BODY = 65536
_IDLE_S = 30.0  # a host that says nothing for so long is forgotten


class Trouble(StrEnum):
    """What can go wrong inside the device."""

    JAM = "ScannerAdfJam"
    MULTIPICK = "ScannerAdfMultipickDetected"
    DOOR_OPEN = "ScannerAdfDoorOpen"
    MISPICK = "ScannerAdfMispick"
    TRUNCATED = "truncated"  # half the JPEG, sent as if it were all
    CUT_OFF = "cut_off"  # the connection ends in the middle of the image
    PAUSE = "pause"  # 503 for some seconds, then goes on
    SILENT = "silent"  # no answer at all for some seconds, then goes on


_STOPS = (Trouble.JAM, Trouble.MULTIPICK, Trouble.DOOR_OPEN, Trouble.MISPICK)


@dataclass(frozen=True, slots=True)
class Planned:
    """`trouble` strikes once, when the host asks for `image` (0 is the front of the first sheet)."""

    trouble: Trouble
    image: int
    seconds: float = 0.1  # how long a pause or a silence lasts


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP answer. `sent`: how many bytes of the body really leave, None for all."""

    code: int
    body: bytes = b""
    kind: str = "text/xml"
    location: str = ""
    sent: int | None = None


@dataclass(slots=True)
class _Job:
    """One scan job of a host, as far as it has come."""

    path: str
    asked: Asked
    images: int = 0
    state: str = "Processing"


class EsclDevice:
    """A duplex ADF scanner on 127.0.0.1; `port=0` takes any free one. A context manager."""

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
    ) -> None:
        self._feeder = Feeder(pages, look_ahead, memory)
        self._planned = list(faults)
        self._words = escl_words.capabilities(name, "SIM0001", (dpi,), max_mm)
        self._dpi, self._pace = dpi, 60 / pages_per_minute if pages_per_minute else 0.0
        self._lock = threading.Lock()
        self._jobs: list[_Job] = []
        self._adf: Trouble | None = None
        self._paused_until = self._next_feed = 0.0
        self._server = _Server(port, self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()
        self._thread.join()
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

    def fail(self, trouble: Trouble, image: int, seconds: float = 0.1) -> None:
        """Plan one more fault (see `Planned`)."""
        with self._lock:
            self._planned.append(Planned(trouble, image, seconds))

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
        if method == "DELETE" and path == job.path:
            return self._cancel(job)
        return self._next(job) if method == "GET" and path != job.path else Reply(405)

    def _status(self) -> bytes:
        adf = self._adf or ("ScannerAdfEmpty" if self._feeder.empty() else "ScannerAdfLoaded")
        return escl_words.status(adf, tuple((one.path, one.state, one.images) for one in self._jobs))

    def _open(self, body: bytes) -> Reply:
        try:
            asked = escl_words.asked(body)
        except (ParseError, DefusedXmlException, ValueError):
            return Reply(400)
        if not asked.feeder or not asked.jpeg or asked.dpi != self._dpi:
            return Reply(409)
        if self._adf or self._feeder.empty() or any(one.state == "Processing" for one in self._jobs):
            return Reply(503)
        job = _Job(f"{_JOBS}/{uuid4()}", asked)
        self._jobs = [*self._jobs[-7:], job]
        return Reply(201, location=job.path)

    def _cancel(self, job: _Job) -> Reply:
        with self._lock:
            if job.state == "Processing":
                self._halt("Canceled")
            return Reply(200)

    def _next(self, job: _Job) -> Reply:
        with self._lock:
            trouble = self._struck() if job.state == "Processing" else None
            if trouble and trouble.trouble in _STOPS:
                self._adf = trouble.trouble
                self._halt("Aborted")
            reply = self._image(job, trouble)
            wait = self._delay(trouble)
        time.sleep(wait)
        return reply

    def _image(self, job: _Job, trouble: Planned | None) -> Reply:
        if self._adf:
            return Reply(409)
        if time.monotonic() < self._paused_until:
            return Reply(503)
        image = self._feeder.next_image(duplex=job.asked.duplex) if job.state == "Processing" else None
        if image is None:
            job.state = "Completed" if job.state == "Processing" else job.state
            return Reply(404)
        job.images += 1
        half = len(image) // 2
        if trouble and trouble.trouble is Trouble.TRUNCATED:
            return Reply(200, image[:half], "image/jpeg")
        return Reply(
            200, image, "image/jpeg", sent=half if trouble and trouble.trouble is Trouble.CUT_OFF else None
        )

    def _struck(self) -> Planned | None:
        """The fault planned for the image about to be delivered, once."""
        at = self._feeder.position
        for one in self._planned:
            if one.image == at:
                self._planned.remove(one)
                if one.trouble is Trouble.PAUSE:
                    self._paused_until = time.monotonic() + one.seconds
                return one
        return None

    def _delay(self, trouble: Planned | None) -> float:
        """Seconds to keep the host waiting: the transport's own pace, and a silence."""
        now = time.monotonic()
        self._next_feed = max(self._next_feed + self._pace, now)
        silence = trouble.seconds if trouble and trouble.trouble is Trouble.SILENT else 0.0
        return self._next_feed - now + silence

    def _halt(self, state: str) -> None:
        self._feeder.stop()
        for one in self._jobs:
            one.state = state if one.state == "Processing" else one.state


class _Server(ThreadingHTTPServer):
    """The device's network card: it can be switched off with callers on the line."""

    daemon_threads = True

    def __init__(self, port: int, device: EsclDevice) -> None:
        self.device = device
        self._callers: set[socket] = set()
        self.broken: Exception | None = None
        super().__init__(("127.0.0.1", port), _Handler)

    def server_bind(self) -> None:
        """As HTTPServer's, without asking the network for our own name."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.socket.getsockname()[1]

    def get_request(self) -> tuple[socket, object]:
        """One more caller on the line."""
        caller, address = super().get_request()
        self._callers.add(caller)
        return caller, address

    def shutdown_request(self, request: socket | tuple[bytes, socket]) -> None:
        """One caller fewer."""
        if isinstance(request, socket):
            self._callers.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """Switched off: whoever is on the line notices."""
        for caller in tuple(self._callers):
            with suppress(OSError):
                caller.shutdown(SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 - http.server's
        """A host that hangs up is no news; paper that could not be made is."""
        error = sys.exception()
        if isinstance(error, Exception) and not isinstance(error, ConnectionError | TimeoutError):
            self.broken = self.broken or error


class _Handler(BaseHTTPRequestHandler):
    """One caller: every request is the device's to answer."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 1 << 16
    timeout = _IDLE_S
    server: _Server

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
        """Say nothing."""

    def _serve(self) -> None:
        length = self.headers.get("Content-Length") or "0"
        if not length.isdecimal() or int(length) > _MAX_BODY:
            self._send(Reply(413))
            self.close_connection = True
            return
        self._send(self.server.device.answer(self.command, self.path, self.rfile.read(int(length))))

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.code)
        if reply.location:
            self.send_header("Location", reply.location)
        self.send_header("Content-Type", reply.kind)
        self.send_header("Content-Length", str(len(reply.body)))
        with suppress(ConnectionError, TimeoutError):
            self.end_headers()
            self.wfile.write(reply.body[: reply.sent])
            self.wfile.flush()
        self.close_connection = self.close_connection or reply.sent is not None
