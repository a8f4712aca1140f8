import pytest

from scanner.capture.events import Fault
from scanner.capture.twain_faults import news, refused
from scanner.capture.twain_words import Cc, DeviceEvent, Rc


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        (20, Fault.JAM),
        (21, Fault.DOUBLE_FEED),
        (24, Fault.COVER_OPEN),
        (23, Fault.OFFLINE),
        (29, Fault.HOPPER_EMPTY),
        (2, Fault.INTERNAL),
        (5, Fault.INTERNAL),
        (11, Fault.INTERNAL),
        (22, Fault.DISK_FULL),
        (13, Fault.CONFIG),
        (0x8001, Fault.INTERNAL),
    ],
)
def test_each_code_has_its_fault(code: int, fault: Fault) -> None:
    error = refused("an image", Rc.FAILURE, code)
    assert error.fault is fault
    assert error.native.startswith(f"TWRC 1 FAILURE TWCC {code}")
    assert error.text.startswith("The scanner stopped at an image: ")
    assert error.text.endswith(".")


def test_no_code_is_without_words() -> None:
    words = {refused("x", Rc.FAILURE, code).text for code in Cc if code is not Cc.SUCCESS}
    assert len(words) == len(Cc) - 1


def test_return_codes_without_a_reason() -> None:
    assert refused("x", Rc.BUSY, 0).fault is Fault.BUSY
    assert refused("x", Rc.SCANNERLOCKED, 0).fault is Fault.BUSY
    assert refused("x", Rc.CANCEL, 0).fault is Fault.BUSY
    assert refused("x", 0x8000, 0).fault is Fault.INTERNAL


def test_what_a_device_says_by_itself() -> None:
    jam = news(DeviceEvent.PAPERJAM)
    double = news(DeviceEvent.PAPERDOUBLEFEED)
    assert jam is not None
    assert double is not None
    assert (jam.fault, double.fault) == (Fault.JAM, Fault.DOUBLE_FEED)
    assert jam.native == "TWDE 13 PAPERJAM"
    assert news(8) is None, "ready again is no fault"
    assert news(0x8000) is None
