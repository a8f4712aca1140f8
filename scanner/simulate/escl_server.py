"""The virtual scanner's network card: HTTP on 127.0.0.1, and a switch that cuts callers off."""

import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR, socket
from socketserver import TCPServer
from threading import Event, Thread

_MAX_BODY = 65536
_IDLE_S = 30.0  # a host that says nothing for so long is forgotten
_POLL_S = 0.01


@dataclass(frozen=True, slots=True)
class Reply:
    """One HTTP answer. `sent`: how many bytes of the body really leave, None for all."""

    code: int
    body: bytes = b""
    kind: str = "text/xml"
    location: str = ""
    sent: int | None = None
    retry_after: int = 0  # seconds; 0: the header is left out


Answer = Callable[[str, str, bytes], Reply]  # method, path, body


class Server(ThreadingHTTPServer):
    """Listens from `start` to `stop`, but for the times it is switched off."""

    daemon_threads = True

    def __init__(self, port: int, answer: Answer) -> None:
        self.answer = answer
        self.broken: Exception | None = None
        self._callers: set[socket] = set()
        self._stopped = Event()
        self._dark_s = 0.0
        self._thread = Thread(target=self._live, daemon=True)
        super().__init__(("127.0.0.1", port), _Handler)

    def start(self) -> None:
        """Answer from now on."""
        self._thread.start()

    def stop(self) -> None:
        """For good: whoever is on the line notices."""
        self._stopped.set()
        self.shutdown()
        self._hang_up()
        self._thread.join()
        self.server_close()

    def die(self, seconds: float) -> None:
        """Switched off for so long: connections are cut, new ones refused. Returns at once."""
        self._dark_s = seconds
        Thread(target=self.shutdown, daemon=True).start()
        self._hang_up()

    def _live(self) -> None:
        while True:
            self.serve_forever(_POLL_S)
            if self._stopped.is_set():
                return
            self.server_close()
            self._hang_up()
            if self._stopped.wait(self._dark_s):
                return
            self.socket = socket(self.address_family, self.socket_type)
            self.server_address = ("127.0.0.1", self.server_port)
            self.server_bind()
            self.server_activate()

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

    def _hang_up(self) -> None:
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
    server: Server

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
        self._send(self.server.answer(self.command, self.path, self.rfile.read(int(length))))

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.code)
        if reply.location:
            self.send_header("Location", reply.location)
        if reply.retry_after:
            self.send_header("Retry-After", str(reply.retry_after))
        self.send_header("Content-Type", reply.kind)
        self.send_header("Content-Length", str(len(reply.body)))
        with suppress(ConnectionError, TimeoutError):
            self.end_headers()
            self.wfile.write(reply.body[: reply.sent])
            self.wfile.flush()
        self.close_connection = self.close_connection or reply.sent is not None
