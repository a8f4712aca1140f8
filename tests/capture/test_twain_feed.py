import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.capture.decode import decode
from scanner.capture.events import End, Ended, Fault, Faulted, Fed, ScanSettings
from scanner.capture.source import open_source
from scanner.capture.twain_feed import TwainSource
from scanner.errors import CaptureError
from scanner.simulate.twain_device import Planned, Trouble, When, twain_ballot_device
from tests.capture.twain_paper import GRAY, Box, Paper, assert_unwound, bits, lay, needs_compiler

pytestmark = needs_compiler

CASES = {
    Trouble.JAM: Fault.JAM,
    Trouble.DOUBLE_FEED: Fault.DOUBLE_FEED,
    Trouble.COVER_OPEN: Fault.COVER_OPEN,
    Trouble.OFFLINE: Fault.OFFLINE,
    Trouble.NO_MEDIA: Fault.HOPPER_EMPTY,
    Trouble.LOW_MEMORY: Fault.INTERNAL,
    Trouble.OPERATION_ERROR: Fault.INTERNAL,
    Trouble.SEQUENCE_ERROR: Fault.INTERNAL,
    Trouble.BUMMER: Fault.INTERNAL,
    Trouble.CANCELLED: Fault.BUSY,
    Trouble.BUSY: Fault.BUSY,
    Trouble.EVENT_JAM: Fault.JAM,
    Trouble.EVENT_DOUBLE_FEED: Fault.DOUBLE_FEED,
}
SPOILT = {Trouble.CUT: Fault.BAD_IMAGE, Trouble.DAMAGE: Fault.BAD_IMAGE}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ballots")


@pytest.fixture(scope="module")
def paper(folder: Path) -> Paper:
    return Paper(lay(folder, 6))


def test_fifty_sheets_arrive_byte_for_byte(tmp_path: Path) -> None:
    paper = lay(tmp_path, 50)
    with twain_ballot_device(tmp_path, strip=1024) as device:
        box = Box(device)
        report = box.feed()
        assert_unwound(device)
    box.assert_holds(paper)
    assert report.ended == Ended(End.HOPPER_EMPTY, 50, 50)
    assert not report.faults
    assert [one.name for one in box.sheets[0].images] == ["0001F.jpg", "0001B.jpg"]
    assert box.sheets[0].images[0].dpi == 200
    assert box.sheets[0].device == f"twain:Valgskanner {device.name} SIM0001"


@pytest.mark.parametrize("kind", ["pgm", "ppm", "pbm"])
@pytest.mark.parametrize("padding", [0, 5])
def test_bare_pixels_arrive_pixel_for_pixel(kind: str, padding: int, tmp_path: Path) -> None:
    paper = lay(tmp_path, 3, kind)
    asked = ScanSettings(colour=kind == "ppm", bilevel=kind == "pbm")
    with twain_ballot_device(tmp_path, strip=4096, padding=padding) as device:
        box = Box(device, asked)
        box.feed()
    box.assert_holds(paper)
    assert box.images[0].name == f"0001F.{kind}"


@pytest.mark.parametrize("mechanism", ["1", "2"])
def test_fax_codes_arrive_as_a_tiff_that_any_program_opens(mechanism: str, tmp_path: Path) -> None:
    paper = lay(tmp_path, 3, "tif")
    asked = ScanSettings(bilevel=True, options=(("ICAP_XFERMECH", mechanism),))
    with twain_ballot_device(tmp_path, strip=1024) as device:
        box = Box(device, asked)
        report = box.feed()
    assert len(box.images) == 6
    assert ("ICAP_COMPRESSION", "5") in report.settings.options
    for seed, image in enumerate(box.images):
        seen = decode(image)
        assert np.array_equal(seen.gray < 128, bits(seed))
        assert seen.dpi == 200
    if mechanism == "1":
        box.assert_holds(paper)


def test_bits_that_mean_light_are_turned_round(tmp_path: Path) -> None:
    paper = lay(tmp_path, 2, "pbm")
    pixel_flavor = 0x111F
    with twain_ballot_device(tmp_path, lacks=[pixel_flavor]) as device:
        box = Box(device, ScanSettings(bilevel=True))
        box.feed()
    box.assert_holds(paper)


def test_files_arrive_byte_for_byte_and_leave_nothing_behind(
    folder: Path, paper: Paper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with twain_ballot_device(folder) as device:
        box = Box(device, ScanSettings(options=(("ICAP_XFERMECH", "1"),)))
        report = box.feed()
    box.assert_holds(paper)
    assert ("ICAP_XFERMECH", "1") in report.settings.options
    assert not [one for one in tmp_path.iterdir() if one.name.startswith("valgskanner-")]


@pytest.mark.parametrize("trouble", CASES)
@pytest.mark.parametrize(
    ("image", "when"),
    [
        (0, When.BEFORE),
        (5, When.BEFORE),
        (6, When.DURING),
        (7, When.DURING),
        (4, When.AFTER),
        (5, When.AFTER),
    ],
)
def test_each_fault_leaves_each_sheet_once(
    trouble: Trouble, image: int, when: When, folder: Path, paper: Paper
) -> None:
    with twain_ballot_device(folder, faults=[Planned(trouble, image, when)]) as device:
        box = Box(device, first=31)
        report = box.feed()
        assert_unwound(device)
    assert box.faults == [CASES[trouble]]
    between = when is When.AFTER and image % 2  # both sides were over: the next sheet is asked for
    assert report.faults[0].expected == 31 + image // 2 + between
    assert report.faults[0].resumable
    box.assert_holds(paper)


@pytest.mark.parametrize("trouble", SPOILT)
@pytest.mark.parametrize("image", [0, 3, 10])
def test_a_spoilt_image_is_fed_again(trouble: Trouble, image: int, folder: Path, paper: Paper) -> None:
    with twain_ballot_device(folder, faults=[Planned(trouble, image, When.DURING)], strip=1024) as device:
        box = Box(device)
        box.feed()
    assert box.faults == [SPOILT[trouble]]
    box.assert_holds(paper)


def test_the_cover_is_open_when_the_feeder_starts(folder: Path, paper: Paper) -> None:
    with twain_ballot_device(folder, faults=[Planned(Trouble.COVER_OPEN, 0, When.ENABLE)]) as device:
        box = Box(device)
        report = box.feed()
    assert report.faults[0].native == "TWRC 1 FAILURE TWCC 24 INTERLOCK"
    box.assert_holds(paper)


def test_a_driver_that_says_nothing_is_a_timeout(folder: Path, paper: Paper) -> None:
    with twain_ballot_device(folder, faults=[Planned(Trouble.SILENT, 0, When.ENABLE)]) as device:
        with closing(TwainSource(device.name).start(GRAY)) as stack:
            fault = stack.next_sheet(0.1)
            assert isinstance(fault, Faulted)
            assert (fault.fault, fault.expected) == (Fault.TIMEOUT, 1)
            assert stack.next_sheet(0.1) == fault, "still faulted"
            device.put_back(1)
            stack.resume(1)
            assert isinstance(stack.next_sheet(60), Fed)
        assert_unwound(device)


def test_a_slow_strip_is_a_timeout(folder: Path, paper: Paper) -> None:
    slow = Planned(Trouble.WAIT, 1, When.DURING, seconds=0.3)
    with (
        twain_ballot_device(folder, faults=[slow], strip=1024) as device,
        closing(TwainSource(device.name).start(GRAY)) as stack,
    ):
        fault = stack.next_sheet(0.25)
        assert isinstance(fault, Faulted)
        assert fault.fault is Fault.TIMEOUT


def test_news_of_a_jam_instead_of_an_image(folder: Path, paper: Paper) -> None:
    with twain_ballot_device(folder, faults=[Planned(Trouble.EVENT_JAM, 0, When.ENABLE)]) as device:
        box = Box(device)
        report = box.feed()
    assert box.faults == [Fault.JAM]
    assert report.faults[0].native == "TWDE 13 PAPERJAM"
    box.assert_holds(paper)


def test_an_empty_hopper_asks_for_paper(folder: Path, paper: Paper) -> None:
    with twain_ballot_device(folder, sheets=0) as device:
        with closing(TwainSource(device.name).start(GRAY)) as stack:
            fault = stack.next_sheet(5)
            assert isinstance(fault, Faulted)
            assert fault.fault is Fault.HOPPER_EMPTY
        assert_unwound(device)


def test_a_pause_feeds_no_more_and_loses_nothing(folder: Path, paper: Paper) -> None:
    with twain_ballot_device(folder) as device:
        with closing(TwainSource(device.name).start(GRAY)) as stack:
            got = [stack.next_sheet(60), stack.next_sheet(60)]
            stack.pause()
            assert stack.next_sheet(60) == Ended(End.PAUSED, 2)
            assert device.sheets_out == 2
            stack.resume(3)
            got += [stack.next_sheet(60) for _ in range(4)]
            assert stack.next_sheet(60) == Ended(End.HOPPER_EMPTY, 6, 6)
        assert_unwound(device)
    assert [tuple(i.data for i in one.images) for one in got if isinstance(one, Fed)] == paper


def test_a_pause_gives_what_is_in_the_paper_path(folder: Path, paper: Paper) -> None:
    with twain_ballot_device(folder, ahead=2) as device:
        with closing(TwainSource(device.name).start(GRAY)) as stack:
            assert ("CAP_AUTOSCAN", "1") in stack.settings.options, "it cannot be kept from feeding ahead"
            got = [stack.next_sheet(60)]
            assert device.sheets_out == 3
            stack.pause()
            got += [stack.next_sheet(60), stack.next_sheet(60)]
            assert stack.next_sheet(60) == Ended(End.PAUSED, 3)
            assert device.sheets_out == 3
            stack.resume(4)
            got += [stack.next_sheet(60) for _ in range(3)]
        assert_unwound(device)
    assert [tuple(i.data for i in one.images) for one in got if isinstance(one, Fed)] == paper


def test_nothing_is_fed_before_the_sheet_is_safe(folder: Path, paper: Paper) -> None:
    with twain_ballot_device(folder) as device, closing(TwainSource(device.name).start(GRAY)) as stack:
        for number in range(1, 7):
            assert isinstance(stack.next_sheet(60), Fed)
            assert device.sheets_out == number


def test_a_killed_host_goes_on_with_the_paper_that_is_left(folder: Path, paper: Paper) -> None:
    with twain_ballot_device(folder) as device:
        host = (
            "import os; from scanner.capture.source import ScanSettings, open_source;"
            f"stack = open_source({device.spec!r}).start(ScanSettings());"
            "stack.next_sheet(60); stack.next_sheet(60); os.kill(os.getpid(), 9)"
        )
        assert subprocess.run([sys.executable, "-c", host], check=False).returncode == -9
        assert device.sheets_out == 2
        box = Box(device, first=3)
        assert not box.feed().faults
    box.assert_holds(paper[2:])


def test_the_imprinter_prints_the_number_of_the_sheet(folder: Path, paper: Paper) -> None:
    jam, printed = Planned(Trouble.JAM, 5, When.DURING), []
    with (
        twain_ballot_device(folder, faults=[jam]) as device,
        closing(TwainSource(device.name).start(ScanSettings(imprint="K1-"), 117)) as stack,
    ):
        assert stack.settings.imprint == "K1-"
        assert ("CAP_PRINTERSTRING", "K1-") in stack.settings.options
        while not isinstance(event := stack.next_sheet(60), Ended):
            if isinstance(event, Fed):
                printed.append(event.imprint)
                assert event.notes == ()
            elif isinstance(event, Faulted):
                device.put_back(event.expected - 116)
                stack.resume(event.expected)
    assert printed == [f"K1-{number:06d}" for number in range(117, 123)]


def test_a_scanner_without_an_imprinter_is_refused_if_one_is_asked_for(folder: Path) -> None:
    printer_enabled = 0x1027
    with twain_ballot_device(folder, lacks=[printer_enabled]) as device:
        with pytest.raises(CaptureError, match="has no imprinter"):
            open_source(device.spec).start(ScanSettings(imprint="K1-"))
        open_source(device.spec).start(GRAY).close()
        assert_unwound(device)


def test_a_lost_side_is_noticed(folder: Path, paper: Paper) -> None:
    for image in range(12):
        with twain_ballot_device(folder, faults=[Planned(Trouble.LOST_SIDE, image)]) as device:
            box = Box(device)
            box.feed()
        assert box.faults == [Fault.SHORT_IMAGE], image
        box.assert_holds(paper)


@pytest.mark.parametrize("image", [2, 6, 10])
def test_a_sheet_that_slips_through_is_noticed_by_the_count(image: int, folder: Path, paper: Paper) -> None:
    with twain_ballot_device(folder, faults=[Planned(Trouble.SLIPPED, image)]) as device:
        box = Box(device)
        box.feed()
    assert box.faults == [Fault.SHORT_IMAGE]
    box.assert_holds(paper)


@pytest.mark.parametrize("trait", ["stingy", "mute", "back_first"])
def test_odd_sources_give_the_same_sheets(trait: str, folder: Path, paper: Paper) -> None:
    with twain_ballot_device(folder, faults=[Planned(Trouble.JAM, 5)], **{trait: 1}) as device:
        box = Box(device)
        box.feed()
        assert_unwound(device)
    box.assert_holds(paper)


def test_paper_that_is_left_is_told(folder: Path, paper: Paper) -> None:
    nothing = Planned(Trouble.NO_MEDIA, 4, When.ENABLE)
    with twain_ballot_device(folder, faults=[nothing], stingy=1) as device:
        box = Box(device)
        report = box.feed()
        assert report.ended == Ended(End.JOB_COMPLETED, 2, 2)
        assert device.sheets_out == 2
        assert_unwound(device)


def test_one_side_only_when_asked(folder: Path, paper: Paper) -> None:
    with twain_ballot_device(folder) as device:
        box = Box(device, ScanSettings(duplex=False))
        box.feed()
    assert [one.data for one in box.images] == [front for front, _ in paper]


def _can_be_mended(one: Planned) -> bool:
    """Not: no paper though there is some, and a jam after the last sheet, which asks for one more."""
    return one.when is not {Trouble.NO_MEDIA: When.ENABLE}.get(one.trouble) and (
        one.image < 7 or one.when is not When.AFTER
    )


PLANNED = st.builds(
    Planned, st.sampled_from([*CASES, *SPOILT]), st.integers(0, 7), st.sampled_from(list(When))
).filter(_can_be_mended)


@settings(max_examples=20, deadline=None)
@given(
    plan=st.lists(PLANNED, max_size=5, unique_by=lambda one: (one.image, one.when)),
    traits=st.fixed_dictionaries(
        {"ahead": st.integers(0, 2), "stingy": st.integers(0, 1), "strip": st.sampled_from([1024, 1 << 20])}
    ),
    first=st.sampled_from([1, 200]),
)
def test_whatever_goes_wrong_each_sheet_is_there_once(
    folder: Path, paper: Paper, plan: list[Planned], traits: dict[str, int], first: int
) -> None:
    with twain_ballot_device(folder, sheets=4, faults=plan, **traits) as device:
        box = Box(device, first=first)
        report = box.feed()
        assert_unwound(device)
    box.assert_holds(paper[:4])
    assert report.complete
