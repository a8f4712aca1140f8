"""What a production scanner in software is told, what it makes of it, and the pictures it then gives."""

from pathlib import Path

import numpy as np
import pytest

from scanner.ballot import PageImage
from scanner.capture import pnm
from scanner.capture.decode import decode
from scanner.capture.events import End, Ended, Fed, ScanSettings
from scanner.capture.sane_feed import SaneSource
from scanner.capture.source import open_source
from scanner.errors import CaptureError
from tests.capture.paper import jpeg, page
from tests.capture.sane_world import Planned, gray, gray_sheets, needs_compiler, sane_ballot_device
from tests.capture.test_sane_ballot import Box, until_it_stops

pytestmark = needs_compiler


def test_a_sheet_fed_again_has_its_number_printed_again(tmp_path: Path) -> None:
    gray_sheets(tmp_path, 3)
    with sane_ballot_device(tmp_path, [Planned("jam", 3)]) as device:
        box = Box(device, first=7, imprint="K1 ")
        box.feed()
        assert device.printed == [f"K1 {one:08d}" for one in (7, 8, 8, 9)]


@pytest.mark.parametrize(
    ("prefix", "says"),
    [
        ("x" * 33, "longer than 32 letters"),
        ("50 % ", "letters that scanners do not print"),
        ("Bærum", "letters that scanners do not print"),
        ("a\nb", "letters that scanners do not print"),
    ],
)
def test_an_imprint_that_would_silently_not_be_printed_is_refused(
    prefix: str, says: str, tmp_path: Path
) -> None:
    gray_sheets(tmp_path, 1)
    with sane_ballot_device(tmp_path) as device, pytest.raises(CaptureError, match=says):
        open_source(device).start(ScanSettings(imprint=prefix))


def test_the_longest_imprint_is_printed(tmp_path: Path) -> None:
    gray_sheets(tmp_path, 1)
    with sane_ballot_device(tmp_path) as device:
        fed = open_source(device).start(ScanSettings(imprint="x" * 32), first=99_999)
        sheet = fed.next_sheet(5.0)
        fed.close()
        assert isinstance(sheet, Fed)
        assert device.printed == [sheet.imprint] == ["x" * 32 + "00099999"]


def test_a_setting_that_waits_for_another_is_set_in_its_turn(tmp_path: Path) -> None:
    gray_sheets(tmp_path, 1)
    with sane_ballot_device(tmp_path) as device:
        fed = SaneSource(device.removeprefix("sane:")).start(ScanSettings())
        opened, _ = fed.open()
        stops = {name: opened.options.find(name) for name in ("df-action", "df-thickness")}
        assert {name: opened.get(one) for name, one in stops.items() if one} == {
            "df-action": "Stop",
            "df-thickness": True,
        }
        fed.close()


def test_what_the_device_says_it_can(tmp_path: Path) -> None:
    gray_sheets(tmp_path, 1)
    with sane_ballot_device(tmp_path) as device:
        able = open_source(device).describe()
    assert (able.dpis, able.duplex, able.colour, able.gray) == (
        (100, 150, 200, 240, 300, 600),
        True,
        True,
        True,
    )
    assert (able.imprinter, able.double_feed, able.max_mm) == (True, True, (340.0, 900.0))
    assert not able.replayable


def test_one_side_where_one_is_asked_for(tmp_path: Path) -> None:
    paper = gray_sheets(tmp_path, 3)
    with sane_ballot_device(tmp_path) as device:
        *fed, end = until_it_stops(device, ScanSettings(duplex=False))
    assert [[one.data for one in sheet.images] for sheet in fed if isinstance(sheet, Fed)] == [
        [front] for front, _ in paper
    ]
    assert end == Ended(End.HOPPER_EMPTY, 3)


@pytest.mark.parametrize(
    ("asked", "got"),
    [
        (ScanSettings(dpi=120), ScanSettings(dpi=150)),
        (ScanSettings(dpi=300, colour=True), ScanSettings(dpi=300, colour=True)),
        (ScanSettings(bilevel=True), ScanSettings(bilevel=True)),
        (ScanSettings(double_feed=False), ScanSettings(double_feed=False)),
        (ScanSettings(page_mm=(210.0, 297.0)), ScanSettings(page_mm=(210.0, 297.0))),
        (ScanSettings(profile="fi-7900"), ScanSettings(profile="fi-7900")),
        (ScanSettings(options=(("bgcolor", "black"),)), ScanSettings(options=(("bgcolor", "Black"),))),
        (ScanSettings(options=(("br-y", "100.00001"),)), None),
    ],
)
def test_what_was_agreed_is_what_the_device_says(
    asked: ScanSettings, got: ScanSettings | None, tmp_path: Path
) -> None:
    gray_sheets(tmp_path, 1)
    with sane_ballot_device(tmp_path) as device:
        fed = open_source(device).start(asked)
        agreed = fed.settings
        fed.close()
        again = open_source(device).start(agreed)
        assert again.settings == agreed, "asking for what was agreed gives the same"
        again.close()
    if got is None:
        assert agreed.options == (("br-y", "100"),)
    else:
        assert (agreed.dpi, agreed.colour, agreed.bilevel) == (got.dpi, got.colour, got.bilevel)
        assert (agreed.double_feed, agreed.options, agreed.profile) == (
            got.double_feed,
            got.options,
            got.profile,
        )
        assert agreed.page_mm == (got.page_mm or (340.0, 900.0))


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (ScanSettings(dpi=1200), "does not reach 1200 dpi"),
        (ScanSettings(options=(("source", "ADF Front"),)), "both sides in one pass"),
        (ScanSettings(options=(("resolution", "100"),)), "takes 100 dpi, asked were 200"),
        (ScanSettings(options=(("resolution", "201"),)), "must be one of 100, 150, .*, not '201'"),
        (ScanSettings(options=(("bgcolor", "Pink"),)), "bgcolor must be one of Default, White, Black"),
        (ScanSettings(options=(("endorser", "maybe"),)), "endorser must be yes or no, not 'maybe'"),
        (ScanSettings(options=(("page-width", "341"),)), "page-width must lie between 0 and 340"),
        (ScanSettings(options=(("endorser-val", "1"),)), "endorser-val cannot be set now"),
        (ScanSettings(options=(("cover-open", "no"),)), "cover-open cannot be set now"),
        (ScanSettings(options=(("turbo", "yes"),)), "no setting 'turbo'"),
        (ScanSettings(profile="fi-1"), "no scanner profile 'fi-1'; there are dr-g2140"),
    ],
)  # fmt: skip
def test_what_it_cannot_do_is_refused_before_a_sheet_is_fed(
    asked: ScanSettings, says: str, tmp_path: Path
) -> None:
    gray_sheets(tmp_path, 1)
    with sane_ballot_device(tmp_path) as device:
        with pytest.raises(CaptureError, match=says):
            open_source(device).start(asked)
        assert not (device.folder / "hopper").exists()


def test_colour_gray_and_one_bit_pixel_for_pixel(tmp_path: Path) -> None:
    front, back = np.dstack([page(1), page(2), page(3)]), page(4)
    ink = np.packbits(page(5) < 128, axis=1)
    (tmp_path / "1F.ppm").write_bytes(pnm.wrap(260, 220, 3, 8, front.tobytes()))
    (tmp_path / "1B.pgm").write_bytes(pnm.wrap(260, 220, 1, 8, back.tobytes()))
    (tmp_path / "2F.pbm").write_bytes(pnm.wrap(260, 220, 1, 1, ink.tobytes()))
    (tmp_path / "2B.pgm").write_bytes(gray(6))
    with sane_ballot_device(tmp_path) as device:
        colour, _, _ = until_it_stops(device, ScanSettings(colour=True))
        device.put_back(1)
        _, bits, _ = until_it_stops(device, ScanSettings(bilevel=True))
        device.put_back(1)
        in_gray, _, _ = until_it_stops(device)
    assert isinstance(colour, Fed)
    assert isinstance(bits, Fed)
    assert isinstance(in_gray, Fed)
    assert colour.images[0].data == (tmp_path / "1F.ppm").read_bytes()
    assert colour.images[1].data == pnm.wrap(260, 220, 3, 8, np.repeat(back[..., None], 3, 2).tobytes())
    assert bits.images[0].data == (tmp_path / "2F.pbm").read_bytes()
    assert in_gray.images[1].data == (tmp_path / "1B.pgm").read_bytes()


@pytest.mark.parametrize("asked", [ScanSettings(), ScanSettings(colour=True), ScanSettings(bilevel=True)])
@pytest.mark.parametrize("kind", ["padded", "hand"])
def test_padded_lines_and_unknown_length_are_no_trouble(
    kind: str, asked: ScanSettings, tmp_path: Path
) -> None:
    gray_sheets(tmp_path, 2)
    with sane_ballot_device(tmp_path) as device:
        plain = until_it_stops(device, asked)
    with sane_ballot_device(tmp_path, [Planned(kind, side) for side in range(4)]) as device:
        odd = until_it_stops(device, asked)
    assert odd == plain
    assert len(odd) == 3


def test_pictures_of_other_kinds_are_fed_too(tmp_path: Path) -> None:
    (tmp_path / "1F.jpg").write_bytes(jpeg(1))
    (tmp_path / "1B.jpg").write_bytes(jpeg(2))
    with sane_ballot_device(tmp_path) as device:
        sheet, _ = until_it_stops(device)
    assert isinstance(sheet, Fed)
    assert np.array_equal(decode(sheet.images[0]).gray, decode(PageImage("a", jpeg(1))).gray)
