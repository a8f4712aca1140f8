"""Devices that keep to the letter of eSCL, or nearly, and are none of the usual ones."""

import subprocess
import time
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext

import pytest
from PIL import Image

from scanner.capture.address import Address
from scanner.capture.decode import decode
from scanner.capture.escl import EsclSource
from scanner.capture.events import End, Ended, Event, Fault, Faulted, Fed, Feed, ScanSettings
from scanner.capture.limits import limits
from scanner.errors import CaptureError
from scanner.simulate import escl_words
from scanner.simulate.escl_device import EsclDevice
from tests.capture.hostile import HostileDevice, http
from tests.capture.paper import jpeg, multipage, page, saved, sheets

CAPABILITIES = escl_words.capabilities("Odd", "1", (200,), (304.8, 431.8))
MADE = "Location: /eSCL/ScanJobs/1\r\n"
Answers = Iterable[bytes]


def said(adf: str, job: str = "Processing", *reasons: str) -> list[bytes]:
    return http(escl_words.status(adf, (("/eSCL/ScanJobs/1", job, 0),), reasons))


class Odd:
    """A device whose every answer is a list to be worked off; the last one stays."""

    def __init__(self, images: list[Answers], status: list[Answers] | None = None, made: str = MADE) -> None:
        self._images, self._status = list(images), list(status or [said("ScannerAdfEmpty", "Completed")])
        self._made = made
        self.asked: list[str] = []

    def __call__(self, request: str) -> Answers:
        self.asked.append(request)
        match request.rpartition("/")[2]:
            case "ScannerCapabilities":
                return http(CAPABILITIES)
            case "ScannerStatus":
                return self._next(self._status)
            case "NextDocument":
                return self._next(self._images)
            case _:
                return http(b"", 201, self._made) if request.startswith("POST") else http(b"")

    @staticmethod
    def _next(answers: list[Answers]) -> Answers:
        return answers.pop(0) if len(answers) > 1 else answers[0]


def run(device: Odd, timeout: float = 5.0) -> list[Event]:
    """All events until the end or a fault."""
    with HostileDevice(device) as line:
        feed = EsclSource(line.url).start(ScanSettings())
        events = [feed.next_sheet(timeout)]
        while isinstance(events[-1], Fed):
            events.append(feed.next_sheet(timeout))
        feed.close()
    return events


def shape(events: list[Event]) -> list[object]:
    return [[one.data for one in event.images] if isinstance(event, Fed) else event for event in events]


FRONT, BACK = jpeg(1), jpeg(2)
SHEET: list[Answers] = [http(FRONT), http(BACK)]
GONE = http(b"", 404)
WHOLE = [[FRONT, BACK], Ended(End.HOPPER_EMPTY, 1)]


@pytest.mark.parametrize(
    "place",
    [
        "/eSCL/ScanJobs/1",
        "ScanJobs/1",
        "http://10.9.9.9:631/eSCL/ScanJobs/1",
        "/eSCL/ScanJobs/1/",
        "./ScanJobs/1",
    ],
)
def test_a_job_is_found_wherever_it_is_said_to_be(place: str) -> None:
    device = Odd([*SHEET, GONE], made=f"Location: {place}\r\n")
    assert shape(run(device)) == WHOLE
    assert "GET /eSCL/ScanJobs/1/NextDocument" in device.asked


def test_images_in_chunks_with_a_continue_before_and_a_strange_type() -> None:
    def chunked(image: bytes) -> bytes:
        parts = [image[n : n + 1000] for n in range(0, len(image), 1000)]
        body = b"".join(b"%x\r\n%s\r\n" % (len(one), one) for one in parts) + b"0\r\n\r\n"
        head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/html\r\n\r\n"
        return b"HTTP/1.1 100 Continue\r\n\r\n" + head + body

    assert shape(run(Odd([[chunked(FRONT)], [chunked(BACK)], GONE]))) == WHOLE


def test_a_device_that_hangs_up_after_every_answer() -> None:
    def closing(image: bytes) -> Answers:
        return http(image, extra="Connection: close\r\n")

    assert shape(run(Odd([closing(FRONT), closing(BACK), GONE]))) == WHOLE


def test_404_between_the_sides_is_not_the_end() -> None:
    status = [said("ScannerAdfProcessing"), said("ScannerAdfLoaded"), said("ScannerAdfEmpty", "Completed")]
    assert shape(run(Odd([SHEET[0], GONE, GONE, SHEET[1], GONE], status))) == WHOLE


def test_404_while_an_empty_feeder_still_processes_its_last_sheet() -> None:
    status = [said("ScannerAdfEmpty"), said("ScannerAdfEmpty", "Completed")]
    assert shape(run(Odd([SHEET[0], GONE, SHEET[1], GONE], status))) == WHOLE


def test_410_is_the_end_if_the_status_says_so() -> None:
    assert shape(run(Odd([*SHEET, http(b"", 410)]))) == WHOLE


def test_410_in_mid_stack_is_a_job_forgotten() -> None:
    loaded = http(escl_words.status("ScannerAdfLoaded", ()))
    fault = run(Odd([*SHEET, http(b"", 410)], [loaded]))[-1]
    assert isinstance(fault, Faulted)
    assert (fault.fault, fault.native, fault.expected) == (Fault.INTERNAL, "HTTP 410", 2)
    assert "forgotten the job" in fault.text


def test_a_device_asks_to_be_left_alone() -> None:
    device = Odd([http(b"", 503, "Retry-After: 1\r\n"), *SHEET, GONE], [said("ScannerAdfLoaded"), *ENDS])
    begun = time.monotonic()
    assert shape(run(device)) == WHOLE
    assert time.monotonic() - begun >= 1
    assert device.asked.count("GET /eSCL/ScanJobs/1/NextDocument") == 4


ENDS: list[Answers] = [said("ScannerAdfEmpty", "Completed")]


@pytest.mark.parametrize("wish", ["99999", "Wed, 21 Oct 2065 07:28:00 GMT", "-1", "x"])
def test_a_wish_beyond_our_patience_is_not_granted(wish: str) -> None:
    device = Odd([http(b"", 503, f"Retry-After: {wish}\r\n")], [said("ScannerAdfLoaded")])
    begun = time.monotonic()
    (fault,) = run(device, timeout=0.3)
    assert isinstance(fault, Faulted)
    assert fault.fault is Fault.BUSY
    assert time.monotonic() - begun < 30


def test_a_job_broken_off_on_the_panel_says_why() -> None:
    body = escl_words.status(
        "ScannerAdfLoaded", (("/eSCL/ScanJobs/1", "Canceled", 2),), ("JobCanceledByUser",)
    )
    fault = run(Odd([*SHEET, http(b"", 404)], [http(body)]))[-1]
    assert isinstance(fault, Faulted)
    assert fault.text == "The scanner broke off the job (JobCanceledByUser)."
    assert (fault.fault, fault.native) == (Fault.INTERNAL, "Canceled")


def test_a_device_that_tells_neither_feeder_nor_jobs_ends_when_it_idles() -> None:
    silent = http(b"<a xmlns='urn:x'><State>Idle</State></a>")
    assert shape(run(Odd([*SHEET, GONE], [silent]))) == WHOLE


def test_a_fault_named_by_the_state_alone() -> None:
    fault = run(Odd([*SHEET, http(b"", 409)], [said("ScannerAdfProcessing", "Aborted", "MediaJam")]))[-1]
    assert isinstance(fault, Faulted)
    assert (fault.fault, fault.native, fault.expected) == (Fault.JAM, "MediaJam", 2)


def feed_of(device: EsclDevice, settings: ScanSettings = ScanSettings()) -> Feed:  # noqa: B008 - frozen
    return EsclSource(device.url).start(settings)


def tiff(seed: int) -> bytes:
    return saved(Image.fromarray(page(seed)).convert("1"), "TIFF", compression="group4", dpi=(200, 200))


def test_bilevel_pages_come_as_fax() -> None:
    paper = [(tiff(1), tiff(2)), (tiff(3), tiff(4)[:-200])]
    with EsclDevice(paper, kinds=("image/jpeg", "image/tiff")) as device:
        feed = feed_of(device, ScanSettings(bilevel=True))
        sheet, damaged = feed.next_sheet(5.0), feed.next_sheet(5.0)
        feed.close()
        assert device.jobs[0].kind == "image/tiff"
    assert isinstance(sheet, Fed)
    assert [(one.name, one.data) for one in sheet.images] == [
        ("0001F.tif", paper[0][0]),
        ("0001B.tif", paper[0][1]),
    ]
    assert isinstance(damaged, Faulted)
    assert damaged.fault is Fault.BAD_IMAGE


def test_a_device_that_only_knows_pdf() -> None:
    one_page = multipage("PDF", 1, resolution=200.0)
    with EsclDevice([(one_page, one_page)], kinds=("application/pdf",)) as device:
        feed = feed_of(device)
        sheet, end = feed.next_sheet(20.0), feed.next_sheet(20.0)
        feed.close()
    assert isinstance(sheet, Fed)
    assert [one.name for one in sheet.images] == ["0001F.pdf", "0001B.pdf"]
    assert end == Ended(End.HOPPER_EMPTY, 1, 1)


def test_both_sides_of_a_sheet_in_one_file() -> None:
    both = multipage("PDF", 2, resolution=200.0)
    events = run(Odd([http(both), http(both), GONE]), timeout=20.0)
    assert [[(i.name, i.page) for i in one.images] for one in events if isinstance(one, Fed)] == [
        [("0001F.pdf", 0), ("0001B.pdf", 1)],
        [("0002F.pdf", 0), ("0002B.pdf", 1)],
    ]
    assert all(decode(i).gray.size for one in events if isinstance(one, Fed) for i in one.images)


def test_a_whole_stack_in_one_file_is_refused_before_it_is_lost() -> None:
    (fault,) = run(Odd([http(multipage("PDF", 4)), GONE]), timeout=20.0)
    assert isinstance(fault, Faulted)
    assert fault.fault is Fault.CONFIG
    assert "4 pages in one file" in fault.text


def claiming(dpi: int, width: int = 260, height: int = 220) -> bytes:
    image = bytearray(jpeg(1, width=width, height=height))
    image[13:18] = b"\x01" + dpi.to_bytes(2, "big") * 2
    return bytes(image)


@pytest.mark.parametrize(
    ("image", "words"),
    [
        (claiming(200), ""),
        (claiming(1), ""),
        (claiming(72), "0001F.jpg claims 72 dpi, 200 were agreed on."),
        (claiming(300, 2390, 3395), "0001F.jpg claims 300 dpi, 200 were agreed on."),
    ],
)
def test_a_resolution_nobody_believes_is_noted(image: bytes, words: str) -> None:
    event = run(Odd([http(image), http(BACK), GONE]))[0]
    assert isinstance(event, Fed)
    assert event.notes == ((words,) if words else ())


@pytest.mark.parametrize(
    ("image", "words"),
    [
        (claiming(300, 2480, 3508), "0001F.jpg has 300 dpi, agreed were 200."),  # A4, as large as A3 at 200
        (claiming(150), "0001F.jpg has 150 dpi, agreed were 200."),
        (claiming(200, 3000), "0001F.jpg is 3000 px wide, the widest paper at 200 dpi is 2400."),
    ],
)
def test_another_resolution_than_agreed_stops_the_stack(image: bytes, words: str) -> None:
    event = run(Odd([http(image), http(BACK), GONE]))[0]
    assert isinstance(event, Faulted)
    assert (event.fault, event.text) == (Fault.CONFIG, words)


def test_two_gigabytes_claimed_and_none_sent() -> None:
    lie = [b"HTTP/1.1 200 OK\r\nContent-Length: 2147483648\r\n\r\n"]
    (fault,) = run(Odd([lie]))
    assert isinstance(fault, Faulted)
    assert fault.fault is Fault.BAD_IMAGE


def test_a_picture_of_a_thousand_million_pixels() -> None:
    image = bytearray(jpeg(1))
    at = image.find(b"\xff\xc0") + 5
    image[at : at + 4] = b"\x80\x00\x80\x00"
    (fault,) = run(Odd([http(bytes(image))]))
    assert isinstance(fault, Faulted)
    assert fault.fault is Fault.BAD_IMAGE
    assert f"more than {limits().max_megapixels:g} million" in fault.text


def test_the_scanner_is_found_among_the_places_meant() -> None:
    with EsclDevice(sheets(1)) as device, HostileDevice(lambda _: http(b"<html>", 404)) as web:
        source = EsclSource("10.0.0.9")
        source._places = (
            Address.parse(web.url),
            Address.parse(device.url),
            Address.parse("http://127.0.0.1:9"),
        )
        assert source.describe().serial == "SIM0001"
        assert source._places == (Address.parse(device.url),)  # remembered
        feed = source.start(ScanSettings())
        assert isinstance(feed.next_sheet(5.0), Fed)
        feed.close()


def test_nobody_at_any_of_the_places() -> None:
    source = EsclSource("10.0.0.9")
    with HostileDevice(lambda _: []) as one:
        address = Address.parse(one.url)
    source._places = (address, address)
    with pytest.raises(CaptureError, match=r"No eSCL scanner answers at 10\.0\.0\.9 \(tried http"):
        source.describe()


def test_what_a_scanner_says_itself_counts_most() -> None:
    flatbed = CAPABILITIES.replace(b"Adf", b"Flat")
    with HostileDevice(lambda _: http(flatbed)) as one, HostileDevice(lambda _: GONE) as web:
        source = EsclSource("10.0.0.9")
        source._places = (Address.parse(web.url), Address.parse(one.url))
        with pytest.raises(CaptureError, match="has no document feeder"):
            source.describe()


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate that a scanner signed itself, with its key, as scanners make them."""
    place = tmp_path_factory.mktemp("tls") / "own.pem"
    words = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=scanner -keyout - -out -"
    made = subprocess.run(["openssl", *words.split()], capture_output=True, check=True)
    place.write_bytes(made.stdout)
    return place


@pytest.fixture
def secure(certificate: Path) -> Iterator[HostileDevice]:
    tls = SSLContext(PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    with HostileDevice(Odd([*SHEET, GONE]), tls) as device:
        yield device


def fingerprint(certificate: Path) -> str:
    out = subprocess.run(
        ["openssl", "x509", "-in", certificate, "-outform", "DER"], capture_output=True, check=True
    )
    return sha256(out.stdout).hexdigest()


def test_a_certificate_nobody_signed_is_trusted_only_when_said_so(secure: HostileDevice) -> None:
    with pytest.raises(CaptureError, match=r"not signed by anyone.*#selfsigned"):
        EsclSource(secure.url).describe()
    feed = EsclSource(f"{secure.url}#selfsigned").start(ScanSettings())
    assert shape([feed.next_sheet(5.0), feed.next_sheet(5.0)]) == WHOLE
    feed.close()


def test_one_certificate_and_no_other(secure: HostileDevice, certificate: Path) -> None:
    assert EsclSource(f"{secure.url}#{fingerprint(certificate)}").describe().serial == "1"
    with pytest.raises(CaptureError, match="another certificate than the one named"):
        EsclSource(f"{secure.url}#{'0' * 64}").describe()


def test_tls_asked_of_a_device_without(certificate: Path) -> None:
    with HostileDevice(lambda _: http(b"")) as plain, pytest.raises(CaptureError) as refusal:
        EsclSource(plain.url.replace("http:", "https:") + "#selfsigned").describe()
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    "drip",
    [
        lambda: iter(lambda: time.sleep(0.02) or b"x", None),
        lambda: [b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"],
    ],
)
def test_a_device_that_drips_costs_no_more_than_our_patience(drip: Callable[[], Answers]) -> None:
    begun = time.monotonic()
    (fault,) = run(Odd([drip()]), timeout=0.4)
    assert isinstance(fault, Faulted)
    assert time.monotonic() - begun < 30
