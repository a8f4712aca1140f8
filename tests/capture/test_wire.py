import gzip
import itertools
import time
from collections.abc import Callable, Iterable, Iterator

import pytest

from scanner.capture.address import Address
from scanner.capture.batch import feed
from scanner.capture.escl import EsclSource
from scanner.capture.events import End, Ended, Fault, Faulted, Fed, FeedError, ScanSettings
from scanner.capture.wire import Wire
from scanner.errors import CaptureError, UsageError
from scanner.simulate import escl_words
from tests.capture.hostile import HostileDevice, Script, http
from tests.capture.paper import jpeg

ENDLESS = b"x" * 65536


def asked(script: Script, *, limit: int = 10**6, seconds: float = 0.4) -> Fault | bytes:
    """What the wire makes of one answer."""
    with HostileDevice(script) as device:
        wire = Wire(Address.parse(device.url))
        try:
            return wire.ask("GET", "/eSCL", limit=limit, until=time.monotonic() + seconds).body
        except FeedError as error:
            return error.fault if str(error).endswith(".") else str(error).encode()
        finally:
            wire.close()


def head(*lines: str) -> bytes:
    return ("HTTP/1.1 200 OK\r\n" + "".join(f"{one}\r\n" for one in lines) + "\r\n").encode()


def drip(first: bytes, then: bytes) -> Iterator[bytes]:
    yield first
    while True:
        time.sleep(0.02)
        yield then


def endless(first: bytes, then: bytes) -> Iterable[bytes]:
    return itertools.chain([first], itertools.repeat(then))


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (
            lambda: endless(head("Transfer-Encoding: chunked"), b"10000\r\n" + ENDLESS + b"\r\n"),
            Fault.BAD_IMAGE,
        ),
        (lambda: endless(head("Connection: close"), ENDLESS), Fault.BAD_IMAGE),
        (lambda: [head("Content-Length: 99999999999")], Fault.BAD_IMAGE),
        (lambda: [head("Content-Length: " + "9" * 4000)], Fault.INTERNAL),
        (lambda: [head("Content-Length: -5")], Fault.INTERNAL),
        (lambda: [head("Content-Length: 5", "Content-Length: 6"), b"hello"], Fault.INTERNAL),
        (lambda: endless(b"HTTP/1.1 200 OK\r\n", b"X-Junk: " + b"y" * 900 + b"\r\n"), Fault.INTERNAL),
        (lambda: endless(b"HTTP/1.1 200 OK\r\nX: ", ENDLESS), Fault.INTERNAL),
        (lambda: [b"SSH-2.0-OpenSSH_9.2\r\n\r\n"], Fault.INTERNAL),
        (lambda: [b"HTTP/1.1 2000000 Wow\r\n\r\n"], Fault.INTERNAL),
        (lambda: [b"\xff\x00\xfe\r\n\r\n"], Fault.INTERNAL),
        (lambda: drip(b"HTTP/1.1 200 OK\r\nX: ", b"y"), Fault.TIMEOUT),
        (lambda: drip(head("Content-Length: 500"), b"z"), Fault.TIMEOUT),
        (lambda: endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), Fault.TIMEOUT),
    ],
)
def test_no_answer_is_unbounded(answer: Callable[[], Iterable[bytes]], fault: Fault) -> None:
    begun = time.monotonic()
    assert asked(lambda _: answer()) is fault
    assert time.monotonic() - begun < 3


def test_a_body_that_breaks_off_is_short() -> None:
    def cut(_: str) -> Iterator[bytes]:
        yield head("Content-Length: 500") + b"abc"
        raise OSError

    assert asked(cut) is Fault.SHORT_IMAGE


def test_a_compressed_bomb_is_not_unpacked() -> None:
    bomb = gzip.compress(b"\0" * 10**7)
    assert asked(lambda _: http(bomb, extra="Content-Encoding: gzip\r\n")) == bomb


def test_redirects_are_not_followed() -> None:
    wanted = http(b"", 302, "Location: http://169.254.169.254/\r\n")
    assert asked(lambda _: wanted) == b""


def test_nobody_there() -> None:
    with HostileDevice(lambda _: []) as device:
        url = device.url
    with pytest.raises(CaptureError, match="cannot be reached"):
        EsclSource(url).start(ScanSettings())


@pytest.mark.parametrize(
    ("text", "origin", "root"),
    [
        ("http://127.0.0.1:8089/eSCL/", "http://127.0.0.1:8089", "/eSCL"),
        ("127.0.0.1:8089", "http://127.0.0.1:8089", "/eSCL"),
        ("https://skanner.lokal", "https://skanner.lokal", "/eSCL"),
        ("http://[::1]:80/scan", "http://[::1]:80", "/scan"),
    ],
)
def test_addresses(text: str, origin: str, root: str) -> None:
    assert Address.parse(text) == Address(origin, root)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "http://",
        "ftp://a/b",
        "http://a:99999",
        "http://u:p@a",
        "http://a/?q",
        "http://[::1",
        "http://ø/ å",
        "a\nb",
    ],
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(UsageError, match=r"escl:http://HOST:PORT/eSCL"):
        Address.parse(text)


CAPABILITIES = escl_words.capabilities("Ond Skanner", "1", (200,), (300.0, 400.0))
LOADED = escl_words.status("ScannerAdfLoaded", ())
FINISHED = escl_words.status("ScannerAdfEmpty", ())


class Bad:
    """A device that is right in all but what `lies` says, by beginning of the request."""

    def __init__(self, **lies: list[bytes]) -> None:
        self._lies = lies

    def __call__(self, request: str) -> Iterable[bytes]:
        name = request.rpartition("/")[2]
        name = "Job" if request.startswith("POST") else name
        usual = {
            "ScannerCapabilities": http(CAPABILITIES),
            "ScannerStatus": http(LOADED),
            "Job": http(b"", 201, "Location: /eSCL/ScanJobs/1\r\n"),
            "NextDocument": http(jpeg(1)),
        }
        return self._lies.get(name) or usual.get(name) or http(b"")


def first_event(script: Script, timeout: float = 0.5) -> Fed | Faulted:
    with HostileDevice(script) as device:
        feed = EsclSource(device.url).start(ScanSettings(), first=7)
        try:
            event = feed.next_sheet(timeout)
        finally:
            feed.close()
    assert isinstance(event, Fed | Faulted)
    return event


XML_BOMB = (
    b"<!DOCTYPE a [<!ENTITY b 'ha'>"
    + b"".join(b"<!ENTITY b%d '&b%d;&b%d;'>" % (n + 1, n, n) for n in range(30))
    + b"]><a>&b30;</a>"
)


@pytest.mark.parametrize(
    "body",
    [
        XML_BOMB,
        b"",
        b"{}",
        b"<a",
        b"\xff\xfe\x00",
        b"<?xml version='1.0' encoding='klingon'?><a/>",
        b"<a>" * 60000,
        b"<a>" * 30000 + b"</a>" * 30000,
        b"<a/>",
        CAPABILITIES.replace(b"image/jpeg", b"image/gif"),
        CAPABILITIES.replace(b"<scan:XResolution>200<", b"<scan:XResolution>99999999999999999999<"),
        CAPABILITIES.replace(b"Grayscale8", b"Infrared").replace(b"RGB24", b"X").replace(b"And", b""),
        b"<a>" + b"y" * 300000 + b"</a>",
    ],
)
def test_capabilities_that_are_none(body: bytes) -> None:
    with HostileDevice(Bad(ScannerCapabilities=http(body))) as device, pytest.raises(CaptureError) as refusal:
        EsclSource(device.url).start(ScanSettings())
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("lies", "fault"),
    [
        ({"NextDocument": http(b"not a jpeg")}, Fault.BAD_IMAGE),
        ({"NextDocument": http(jpeg(1)[:-30])}, Fault.BAD_IMAGE),
        ({"NextDocument": http(b"", 500)}, Fault.INTERNAL),
        ({"NextDocument": http(b"", 503)}, Fault.BUSY),
        ({"NextDocument": http(b"", 404)}, Fault.BUSY),
        ({"NextDocument": http(b"", 404), "ScannerStatus": http(b"", 500)}, Fault.INTERNAL),
        ({"NextDocument": http(b"", 404), "ScannerStatus": http(XML_BOMB)}, Fault.INTERNAL),
        ({"NextDocument": http(b"", 404), "ScannerStatus": http(FINISHED)}, Fault.HOPPER_EMPTY),
        ({"NextDocument": [b"HTTP/1.1 999 ?\r\nContent-Length: 0\r\n\r\n"]}, Fault.INTERNAL),
        ({"Job": http(b"", 201)}, Fault.CONFIG),
        ({"Job": http(b"", 409)}, Fault.CONFIG),
        ({"Job": http(b"", 503)}, Fault.BUSY),
        ({"Job": http(b"", 503), "ScannerStatus": http(FINISHED)}, Fault.HOPPER_EMPTY),
    ],
)
def test_a_device_that_misbehaves_is_a_fault_at_the_expected_sheet(
    lies: dict[str, list[bytes]], fault: Fault
) -> None:
    event = first_event(Bad(**lies))
    assert isinstance(event, Faulted)
    assert (event.fault, event.expected, event.resumable) == (fault, 7, True)
    assert "Sheet 7 must then lie first" in event.instruction


def test_a_job_elsewhere_is_asked_for_here() -> None:
    lies = Bad(Job=http(b"", 201, "Location: http://192.0.2.1:1/eSCL/ScanJobs/9\r\n"))
    assert isinstance(first_event(lies), Fed)


def test_the_resolution_is_read_back_from_the_image() -> None:
    other = bytearray(jpeg(1))
    other[13:18] = b"\x01\x01\x2c\x01\x2c"  # 300 dpi
    event = first_event(Bad(NextDocument=http(bytes(other))))
    assert isinstance(event, Faulted)
    assert event.fault is Fault.CONFIG
    assert "300 dpi" in event.text


def test_an_aborted_job_is_never_the_end() -> None:
    aborted = escl_words.status("ScannerAdfEmpty", (("/eSCL/ScanJobs/1", "Aborted", 0),))
    event = first_event(Bad(NextDocument=http(b"", 404), ScannerStatus=http(aborted)))
    assert isinstance(event, Faulted)
    assert event.fault is Fault.INTERNAL


def test_a_job_that_ends_with_paper_in_the_hopper_is_told() -> None:
    left = escl_words.status("ScannerAdfLoaded", (("/eSCL/ScanJobs/1", "Completed", 2),))
    sides = iter([http(jpeg(1)), http(jpeg(2))])

    def device(request: str) -> Iterable[bytes]:
        if request.endswith("NextDocument"):
            return next(sides, http(b"", 404))
        return Bad(ScannerStatus=http(left))(request)

    told: list[str] = []
    with HostileDevice(device) as one:
        report = feed(EsclSource(one.url), "K1", ScanSettings(), lambda _: None, on_note=told.append)
    assert report.ended == Ended(End.JOB_COMPLETED, 1, counter=1)
    assert told == ["The scanner ended its job although paper is left in the hopper."]


def test_a_sheet_with_one_side_only_is_not_handed_over() -> None:
    sides = iter([http(jpeg(1))])

    def device(request: str) -> Iterable[bytes]:
        if request.endswith("NextDocument"):
            return next(sides, http(b"", 404))
        return Bad(ScannerStatus=http(FINISHED))(request)

    event = first_event(device)
    assert isinstance(event, Faulted)
    assert (event.fault, event.text) == (Fault.SHORT_IMAGE, "Only one side of sheet 7 came.")
