"""HTTP to a device that may be broken or hostile: every answer is bounded in bytes and in seconds.

A plain client's timeout starts anew with each byte; a device that drips one byte a second would
hold it for hours. Here one deadline holds for the whole of a request.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpcore

from scanner.capture.events import Fault
from scanner.capture.limits import limits
from scanner.errors import CaptureError, UsageError

_HEADERS = ((b"Accept-Encoding", b"identity"), (b"Connection", b"keep-alive"))


class FeedError(CaptureError):
    """The scanner stopped."""

    def __init__(self, fault: Fault, text: str) -> None:
        super().__init__(text)
        self.fault = fault
        self.text = text


@dataclass(frozen=True, slots=True)
class Answer:
    """One whole answer. `location` is the Location header, "" if there is none."""

    code: int
    body: bytes
    location: str


@dataclass(frozen=True, slots=True)
class Address:
    """Where a device answers: origin `http://host:port`, and the path of eSCL without a final slash."""

    origin: str
    root: str

    @classmethod
    def parse(cls, text: str) -> "Address":
        """From `http://host:port/eSCL`, `http://host` or `host:port`; UsageError for anything else."""
        try:
            url = urlsplit(text if "://" in text else f"http://{text}")
            host, port = url.hostname or "", url.port
            host.encode("idna")
        except ValueError:
            url, host, port = urlsplit(""), "", None
        odd = url.username or url.query or url.fragment or not text.isascii() or not text.isprintable()
        if url.scheme not in {"http", "https"} or not host or odd:
            raise UsageError(
                f"The address {text!r} is not one of a scanner; write escl:http://HOST:PORT/eSCL."
            )
        name = f"[{host}]" if ":" in host else host
        return cls(f"{url.scheme}://{name}{f':{port}' if port else ''}", url.path.rstrip("/") or "/eSCL")


class Wire:
    """A connection to one device, kept open between requests; proxies and redirects are not followed."""

    def __init__(self, address: Address) -> None:
        self._origin = address.origin
        self._clock = _Clock()
        backend = _TimedBackend(self._clock)
        self._pool = httpcore.ConnectionPool(max_connections=1, network_backend=backend)

    def ask(
        self, method: str, path: str, *, limit: int, until: float, content: bytes | None = None
    ) -> Answer:
        """One request and its whole answer, at most `limit` bytes of body, over by `until` (monotonic s).

        FeedError with OFFLINE, TIMEOUT, SHORT_IMAGE (the body broke off), BAD_IMAGE (too long) or
        INTERNAL (not HTTP).
        """
        self._clock.until = until
        try:
            return self._ask(method, path, limit, content)
        except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
            raise FeedError(Fault.OFFLINE, f"The scanner at {self._origin} cannot be reached.") from error
        except httpcore.TimeoutException as error:
            raise FeedError(
                Fault.TIMEOUT, f"The scanner at {self._origin} did not answer in time."
            ) from error
        except (httpcore.NetworkError, httpcore.ProtocolError, ValueError) as error:
            raise FeedError(
                Fault.INTERNAL, f"The scanner at {self._origin} broke off or speaks no HTTP."
            ) from error

    def close(self) -> None:
        """Hang up."""
        self._pool.close()

    def _ask(self, method: str, path: str, limit: int, content: bytes | None) -> Answer:
        kind = ((b"Content-Type", b"text/xml"),) if content is not None else ()
        until_s = {"connect": limits().connect_s, "read": None, "write": None, "pool": limits().connect_s}
        with self._pool.stream(
            method,
            self._origin + path,
            headers=[*_HEADERS, *kind],
            content=content,
            extensions={"timeout": until_s},
        ) as response:
            headers = {name.lower(): value for name, value in response.headers}
            body = self._body(response, headers.get(b"content-length", b""), limit)
            return Answer(response.status, body, headers.get(b"location", b"").decode("latin-1"))

    def _body(self, response: httpcore.Response, claimed: bytes, limit: int) -> bytes:
        too_long = FeedError(
            Fault.BAD_IMAGE, f"The scanner at {self._origin} sends more than {limit} bytes at once."
        )
        if claimed.isdigit() and int(claimed[:20]) > limit:
            raise too_long
        body = bytearray()
        try:
            for part in response.iter_stream():
                body += part
                if len(body) > limit:
                    raise too_long
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise FeedError(
                Fault.SHORT_IMAGE, f"The scanner at {self._origin} broke off in mid answer."
            ) from error
        return bytes(body)


class _Clock:
    """The deadline of the request under way, on the monotonic clock."""

    until = 0.0

    def left(self, timeout: float | None) -> float:
        """Seconds a single step may take; httpcore.ReadTimeout when the time is up."""
        left = self.until - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return left if timeout is None else min(left, timeout)


class _TimedStream(httpcore.NetworkStream):
    """A connection on which each step may take what is left of the whole time, never more."""

    def __init__(self, stream: httpcore.NetworkStream, clock: _Clock) -> None:
        self._stream, self._clock = stream, clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._clock.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._clock.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(self, *args: object, **kwargs: object) -> httpcore.NetworkStream:
        return _TimedStream(self._stream.start_tls(*args, **kwargs), self._clock)  # type: ignore[arg-type]

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


class _TimedBackend(httpcore.NetworkBackend):
    """Makes such connections; httpcore's own limits start anew with every byte that drips in."""

    def __init__(self, clock: _Clock) -> None:
        self._clock = clock
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        timeout = self._clock.left(timeout)
        return _TimedStream(
            self._plain.connect_tcp(host, port, timeout, local_address, socket_options), self._clock
        )
