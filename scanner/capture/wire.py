"""HTTP to a device that may be broken or hostile: every answer is bounded in bytes and in seconds.

A plain client's timeout starts anew with each byte; a device that drips one byte a second would
hold it for hours. Here one deadline holds for the whole of a request.
"""

import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

import httpcore

from scanner.capture.address import SELF_SIGNED, Address
from scanner.capture.events import Fault, FeedError
from scanner.capture.limits import limits

_HEADERS = ((b"Accept-Encoding", b"identity"), (b"Connection", b"keep-alive"))


@dataclass(frozen=True, slots=True)
class Answer:
    """One whole answer."""

    code: int
    body: bytes
    location: str  # the Location header; "" if there is none
    retry_s: float = 0.0  # seconds the device asks to be left alone; 0 if it does not say

    @property
    def word(self) -> str:
        """The answer's code as the device's own word for what happened."""
        return f"HTTP {self.code}"


class Wire:
    """A connection to one device, kept open between requests; proxies and redirects are not followed."""

    def __init__(self, address: Address) -> None:
        self._origin = address.origin
        self._clock = _Clock()
        backend = _TimedBackend(self._clock, address)
        self._pool = httpcore.ConnectionPool(
            max_connections=1, network_backend=backend, ssl_context=_tls(address)
        )

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
            if isinstance(error, httpcore.NetworkError) or "disconnected" in str(error):
                raise FeedError(Fault.OFFLINE, f"The scanner at {self._origin} broke off.") from error
            raise FeedError(Fault.INTERNAL, f"The scanner at {self._origin} speaks no HTTP.") from error

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
            return Answer(
                response.status,
                body,
                headers.get(b"location", b"").decode("latin-1"),
                _seconds(headers.get(b"retry-after", b"")),
            )

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


def _seconds(text: bytes) -> float:
    """Retry-After in seconds; a date, which needs the device's clock to be right, counts as nothing."""
    return float(text) if text.isdigit() and len(text) < 6 else 0.0


def _tls(address: Address) -> ssl.SSLContext | None:
    """How to trust the device; None where nothing is encrypted: the system's list takes 70 ms to read."""
    if not address.origin.startswith("https:"):
        return None
    context = ssl.create_default_context()
    if address.trust:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.set_ciphers("DEFAULT@SECLEVEL=1")  # scanners of 2015 sign themselves with short keys
    return context


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

    def __init__(self, stream: httpcore.NetworkStream, clock: _Clock, address: Address) -> None:
        self._stream, self._clock, self._address = stream, clock, address

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._clock.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._clock.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Speak TLS from here on; FeedError(CONFIG) for a certificate that is not trusted."""
        try:
            stream = self._stream.start_tls(ssl_context, server_hostname, self._clock.left(timeout))
        except httpcore.ConnectError as error:
            if isinstance(error.__context__, ssl.SSLCertVerificationError):
                raise FeedError(Fault.CONFIG, _untrusted(self._address)) from error
            raise
        try:
            _check_certificate(stream, self._address)
        except FeedError:
            stream.close()
            raise
        return _TimedStream(stream, self._clock, self._address)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


def _untrusted(address: Address) -> str:
    return (
        f"The certificate of the scanner at {address.origin} is not signed by anyone this machine knows; "
        f"if that is your scanner, write escl:{address.origin}#{SELF_SIGNED}."
    )


def _check_certificate(stream: httpcore.NetworkStream, address: Address) -> None:
    """The very certificate that was named, where one was."""
    if address.trust in {"", SELF_SIGNED}:
        return
    shown = stream.get_extra_info("ssl_object").getpeercert(True)  # noqa: FBT003 - it has no name
    if sha256(shown or b"").hexdigest() != address.trust:
        raise FeedError(
            Fault.CONFIG, f"The scanner at {address.origin} shows another certificate than the one named."
        )


class _TimedBackend(httpcore.NetworkBackend):
    """Makes such connections; httpcore's own limits start anew with every byte that drips in."""

    def __init__(self, clock: _Clock, address: Address) -> None:
        self._clock, self._address = clock, address
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
            self._plain.connect_tcp(host, port, timeout, local_address, socket_options),
            self._clock,
            self._address,
        )
