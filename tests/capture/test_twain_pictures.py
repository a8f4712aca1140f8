import numpy as np
import pytest

from scanner.ballot import PageImage
from scanner.capture.decode import decode
from scanner.capture.events import Fault
from scanner.capture.twain_faults import TwainError
from scanner.capture.twain_pictures import check, ending, from_group4, from_rows
from tests.capture.paper import HEIGHT, WIDTH, jpeg
from tests.capture.twain_paper import bits, g4, pbm, pgm, ppm


def strip_of(tiff: bytes) -> bytes:
    """The codes of a little-endian TIFF with one strip."""
    at = int.from_bytes(tiff[4:8], "little")
    entries = [
        tiff[at + 2 + 12 * n : at + 14 + 12 * n] for n in range(int.from_bytes(tiff[at : at + 2], "little"))
    ]
    tags = {int.from_bytes(one[:2], "little"): one for one in entries}
    value = {tag: int.from_bytes(one[8:12], "little") for tag, one in tags.items()}
    return tiff[value[273] : value[273] + value[279]]


def test_fax_codes_become_a_tiff_with_the_very_codes() -> None:
    codes = strip_of(g4(3))
    tiff = from_group4(codes, 251, 223, 300)
    assert tiff.endswith(codes)
    seen = decode(PageImage("x", tiff))
    assert np.array_equal(seen.gray < 128, bits(3))
    assert seen.dpi == 300


def test_a_whole_tiff_is_left_as_it_is() -> None:
    assert from_group4(g4(1), 1, 1, 200) == g4(1)


@pytest.mark.parametrize(("whole", "depth"), [(pgm(1), 8), (ppm(1), 24), (pbm(1), 1)])
def test_rows_become_what_the_scanner_had(whole: bytes, depth: int) -> None:
    row = {8: 251, 24: 753, 1: 32}[depth]
    pixels = bytearray(whole[-row * 223 :])
    assert from_rows(pixels, 251, 223, depth, ink_is_zero=False) == whole


def test_bits_whose_zero_is_ink_are_turned_round() -> None:
    whole = pbm(2)
    light = bytearray(255 - one for one in whole[-32 * 223 :])
    assert from_rows(light, 251, 223, 1, ink_is_zero=True) == whole


def test_endings() -> None:
    assert [ending(one) for one in (jpeg(1), g4(1), pgm(1), ppm(1), pbm(1), b"")] == [
        *("jpg", "tif", "pgm", "ppm", "pbm", "img")
    ]


def test_a_whole_image_passes() -> None:
    told = [(WIDTH, HEIGHT), (-1, -1), (WIDTH - 1, HEIGHT + 1), (WIDTH - 2, HEIGHT)]
    assert [fault_of(PageImage("a.jpg", jpeg(1)), one) for one in told] == [None] * 3 + [Fault.BAD_IMAGE]


def fault_of(image: PageImage, size: tuple[int, int]) -> Fault | None:
    try:
        check(image, size, 200, 1)
    except TwainError as stop:
        return stop.fault
    return None


@pytest.mark.parametrize("told", [(WIDTH - 2, HEIGHT), (WIDTH, HEIGHT + 2)])
def test_an_image_of_another_size_than_told(told: tuple[int, int]) -> None:
    with pytest.raises(TwainError, match="the scanner told") as stop:
        check(PageImage("a.jpg", jpeg(1)), told, 200, 1)
    assert stop.value.fault is Fault.BAD_IMAGE


def test_an_image_of_another_resolution() -> None:
    image = bytearray(jpeg(1))
    image[13:18] = b"\1\0\x96\0\x96"  # JFIF: 150 dots an inch
    with pytest.raises(TwainError, match="has 150 dpi, agreed were 200") as stop:
        check(PageImage("a.jpg", bytes(image)), (WIDTH, HEIGHT), 200, 1)
    assert stop.value.fault is Fault.CONFIG
    check(PageImage("a.jpg", bytes(image)), (WIDTH, HEIGHT), 150, 1)


@pytest.mark.parametrize("spoilt", [jpeg(1)[:900], b"", b"\0" * 500, g4(1)[:60]])
def test_a_damaged_image(spoilt: bytes) -> None:
    with pytest.raises(TwainError) as stop:
        check(PageImage("a", spoilt), (-1, -1), 200, 1)
    assert stop.value.fault is Fault.BAD_IMAGE
