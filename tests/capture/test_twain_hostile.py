"""Sources that lie: bounded memory, a clear fault, and the sheet can be fed again."""

import resource
import time
from contextlib import closing
from pathlib import Path

import pytest

from scanner.capture.events import End, Ended, Fault, Faulted, Fed, ScanSettings
from scanner.capture.twain_feed import TwainSource
from scanner.capture.twain_values import now
from scanner.capture.twain_words import Cap
from scanner.errors import CaptureError
from scanner.simulate.twain_device import Planned, Trouble, When, twain_ballot_device
from tests.capture.twain_paper import GRAY, Box, assert_unwound, lay, needs_compiler

pytestmark = needs_compiler

AUTOMATIC = {0x1150: "cuts pictures", 0x1151: "turns pictures"}
DOUBLE_FEED, EXTIMAGEINFO, PRINTER = 0x103F, 0x112F, 0x1027


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ballots")
    lay(folder, 3)
    lay(folder, 3, "pgm")
    return folder


LIES = {
    Trouble.GIANT: (Fault.BAD_IMAGE, "announces an image of 1073741824 × 1073741824 pixels"),
    Trouble.NARROW: (Fault.BAD_IMAGE, "pixels"),
    Trouble.ENDLESS: (Fault.BAD_IMAGE, ""),
    Trouble.HOLLOW: (Fault.BAD_IMAGE, ""),
    Trouble.OVERSTATE: (Fault.BAD_IMAGE, "The scanner wrote"),
    Trouble.OVERRUN: (Fault.BAD_IMAGE, "The scanner wrote"),
}


@pytest.mark.parametrize("trouble", LIES)
@pytest.mark.parametrize("packing", ["0", "6"], ids=["bare", "jpeg"])
def test_a_lie_is_a_fault_and_costs_no_memory(trouble: Trouble, packing: str, folder: Path) -> None:
    asked = ScanSettings(options=(("ICAP_COMPRESSION", packing),))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with twain_ballot_device(folder, faults=[Planned(trouble, 3)]) as device:
        box = Box(device, asked)
        report = box.feed()
        assert_unwound(device)
    assert box.faults == [LIES[trouble][0]]
    assert LIES[trouble][1] in report.faults[0].text
    assert len(box.sheets) == 3
    assert report.complete
    grown_mib = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert grown_mib < 400, "64 MiB are the most that one image may have, held twice at the worst"


def test_endless_strips_of_one_image_stop_at_the_limit(folder: Path) -> None:
    endless = Planned(Trouble.ENDLESS, 0)
    with (
        twain_ballot_device(folder, faults=[endless]) as device,
        closing(TwainSource(device.name).start(GRAY)) as stack,
    ):
        fault = stack.next_sheet(600)
        assert isinstance(fault, Faulted)
        assert fault.fault is Fault.BAD_IMAGE
        assert "has not done yet" in fault.text


def test_endless_strips_stop_in_time(folder: Path) -> None:
    endless = Planned(Trouble.ENDLESS, 0)
    with (
        twain_ballot_device(folder, faults=[endless], strip=1024) as device,
        closing(TwainSource(device.name).start(GRAY)) as stack,
    ):
        begun = time.monotonic()
        fault = stack.next_sheet(0.0)
        assert isinstance(fault, Faulted)
        assert fault.fault is Fault.TIMEOUT
        assert time.monotonic() - begun < 30


def test_rows_that_do_not_come_are_a_short_image(folder: Path) -> None:
    asked = ScanSettings(options=(("ICAP_COMPRESSION", "0"),))
    with twain_ballot_device(folder, faults=[Planned(Trouble.CUT, 2)], strip=4096) as device:
        box = Box(device, asked)
        box.feed()
    assert box.faults == [Fault.SHORT_IMAGE]
    assert len(box.sheets) == 3


def test_blank_sides_must_not_be_thrown_away(folder: Path) -> None:
    with twain_ballot_device(folder, keeps_blank_off=1) as device:
        with pytest.raises(CaptureError, match="throws blank sides away"):
            TwainSource(device.name).start(GRAY)
        assert_unwound(device)


@pytest.mark.parametrize("cap", [0x1002, 0x1013, 0x0001, 0x0102, 0x0103, 0x0101, 0x1118])
def test_what_must_be_had_is_refused_without(cap: int, folder: Path) -> None:
    with twain_ballot_device(folder, lacks=[cap]) as device:
        with pytest.raises(CaptureError, match=r"^The scanner "):
            TwainSource(device.name).start(GRAY)
        assert_unwound(device)
        assert device.sheets_out == 0


def test_what_can_be_done_without_is_not_asked_for(folder: Path) -> None:
    lacks = [*AUTOMATIC, 0x1134, DOUBLE_FEED, 0x1042, EXTIMAGEINFO, PRINTER, 0x1007, 0x1010]
    with twain_ballot_device(folder, lacks=lacks) as device:
        assert not TwainSource(device.name).describe().double_feed
        box = Box(device)
        report = box.feed()
    assert len(box.sheets) == 3
    assert not report.settings.double_feed, "what the device cannot tell is not promised"
    assert not {name for name, _ in report.settings.options} & {"CAP_AUTOFEED", "CAP_AUTOSCAN"}


def test_a_resolution_that_is_rounded_down_is_refused(folder: Path) -> None:
    with (
        twain_ballot_device(folder, rounds=150) as device,
        pytest.raises(CaptureError, match="does not reach 200 dpi"),
    ):
        TwainSource(device.name).start(GRAY)


def test_a_resolution_that_is_rounded_up_is_recorded(folder: Path) -> None:
    with twain_ballot_device(folder, rounds=240) as device:
        box = Box(device)
        report = box.feed()
    assert report.settings.dpi == 240
    assert {one.dpi for one in box.images} == {240.0}


def test_the_next_resolution_above_is_taken(folder: Path) -> None:
    with (
        twain_ballot_device(folder) as device,
        closing(TwainSource(device.name).start(ScanSettings(dpi=160))) as stack,
    ):
        assert stack.settings.dpi == 200


def test_the_area_is_asked_for_and_read_back(folder: Path) -> None:
    with twain_ballot_device(folder) as device:
        for asked, got in ((148.0, 210.0), (148.0, 210.0)), ((400.0, 297.0), (304.8, 297.0)):
            settings = ScanSettings(page_mm=asked)
            with closing(TwainSource(device.name).start(settings)) as stack:
                assert stack.settings.page_mm == pytest.approx(got, abs=0.1)


def test_any_setting_of_the_device_can_be_reached(folder: Path) -> None:
    options = (("ICAP_BRIGHTNESS", "-250"), ("0x1042", "0,1"), ("ICAP_JPEGQUALITY", "70"))
    with (
        twain_ballot_device(folder) as device,
        closing(TwainSource(device.name).start(ScanSettings(options=options))) as stack,
    ):
        held = dict(stack.settings.options)
        assert (held["ICAP_BRIGHTNESS"], held["0x1042"], held["ICAP_JPEGQUALITY"]) == ("-250.0", "0,1", "70")
        again = TwainSource(device.name)
        stack.close()
        with closing(again.start(stack.settings)) as same:
            assert dict(same.settings.options).items() >= held.items(), "what was agreed can be asked for"


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        (("ICAP_BRIGHTNESS", "2000"), "does not take ICAP_BRIGHTNESS = 2000"),
        (("ICAP_BRIGHTNESS", "light"), "is no value that this setting can have"),
        (("0x8001", "1"), "has no setting 0x8001"),
        (("contrast", "1"), "is no setting of TWAIN"),
        (("CAP_CUSTOMDSDATA", "/nowhere"), "cannot be read"),
    ],
)
def test_settings_that_are_none(option: tuple[str, str], sentence: str, folder: Path) -> None:
    with twain_ballot_device(folder) as device:
        with pytest.raises(CaptureError, match=sentence):
            TwainSource(device.name).start(ScanSettings(options=(option,)))
        assert_unwound(device)


def test_the_vendors_own_settings_are_kept_and_given_back(folder: Path, tmp_path: Path) -> None:
    kept = tmp_path / "profile"
    with twain_ballot_device(folder) as device:
        source = TwainSource(device.name)
        assert source.vendor_profile() == b"brightness 0"
        kept.write_bytes(b"brightness 125")
        asked = ScanSettings(options=(("CAP_CUSTOMDSDATA", str(kept)),))
        with closing(source.start(asked)) as stack:
            assert now(stack._session, Cap.ICAP_BRIGHTNESS) == 125
            assert isinstance(stack.next_sheet(60), Fed)
        assert_unwound(device)


def test_a_scanner_that_never_mends_ends_the_batch(folder: Path) -> None:
    jams = [Planned(Trouble.JAM, 0, when) for when in (When.BEFORE, When.DURING) for _ in range(6)]
    with twain_ballot_device(folder, faults=jams) as device:
        box = Box(device)
        report = box.feed()
        assert_unwound(device)
    assert not report.complete
    assert len(box.faults) >= 10
    assert box.sheets == []


def test_the_end_is_said_again(folder: Path) -> None:
    with (
        twain_ballot_device(folder, sheets=1) as device,
        closing(TwainSource(device.name).start(GRAY)) as stack,
    ):
        assert isinstance(stack.next_sheet(60), Fed)
        assert stack.next_sheet(60) == stack.next_sheet(60) == Ended(End.HOPPER_EMPTY, 1, 1)
