import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from scanner.ballot import PageImage
from scanner.capture import pnm
from scanner.capture.decode import Kind, decode, inspect, kind_of
from scanner.errors import ImageError
from tests.capture.paper import HEIGHT, WIDTH, page

GRAY = page(1)
P5 = pnm.wrap(WIDTH, HEIGHT, 1, 8, GRAY.tobytes())


def by_pillow(data: bytes) -> np.ndarray:
    with Image.open(io.BytesIO(data)) as picture:
        return np.asarray(picture.convert("L"))


def test_gray_is_the_very_bytes_behind_a_short_header() -> None:
    assert b"P5\n260 220\n255\n" + GRAY.tobytes() == P5
    assert inspect("a.pgm", P5).kind is Kind.PNM
    assert inspect("a.pgm", P5).pages == 1
    seen = decode(PageImage("a.pgm", P5, dpi=200.0))
    assert np.array_equal(seen.gray, GRAY)
    assert seen.gray.flags.c_contiguous
    assert seen.gray.flags.writeable
    assert seen.dpi == 200.0
    assert decode(PageImage("a.pgm", P5)).dpi is None


@pytest.mark.parametrize("width", [256, 257, 263, 264])
def test_one_bit_stays_one_bit_and_ink_is_black(width: int) -> None:
    ink = page(2, width=width) < 128
    bits = np.packbits(ink, axis=1).tobytes()
    data = pnm.wrap(width, HEIGHT, 1, 1, bits)
    assert len(data) == len(bits) + len(b"P4\n256 220\n")
    assert np.array_equal(decode(PageImage("a.pbm", data)).gray, np.where(ink, 0, 255))
    assert np.array_equal(decode(PageImage("a.pbm", data)).gray, by_pillow(data))


def test_colour_is_gray_as_other_pictures_are() -> None:
    colour = np.dstack([page(3), page(4), page(5)])
    seen = decode(PageImage("a.ppm", pnm.wrap(WIDTH, HEIGHT, 3, 8, colour.tobytes()))).gray
    assert seen.shape == (HEIGHT, WIDTH)
    assert np.abs(seen.astype(int) - np.asarray(Image.fromarray(colour).convert("L"))).max() <= 1


@pytest.mark.parametrize("channels", [1, 3])
def test_sixteen_bits_in_this_machines_order_lose_nothing(channels: int) -> None:
    levels = np.arange(HEIGHT * WIDTH * channels, dtype=np.uint16)
    data = pnm.wrap(WIDTH, HEIGHT, channels, 16, levels.tobytes())
    assert np.array_equal(np.frombuffer(data, ">u2", offset=pnm.header(data).start), levels)
    if channels == 1:
        assert np.array_equal(decode(PageImage("a.pgm", data)).gray.ravel(), levels >> 8)


def test_another_white_is_scaled() -> None:
    levels = np.arange(WIDTH * HEIGHT, dtype=np.uint32) % 16
    data = b"P5 260 220 15\n" + levels.astype(np.uint8).tobytes()
    assert np.array_equal(decode(PageImage("a.pgm", data)).gray.ravel(), levels * 17)
    with pytest.raises(ImageError, match=r"a\.pgm has levels above its own white"):
        decode(PageImage("a.pgm", data[:-1] + b"\x10"))


def test_comments_and_any_blanks_may_stand_in_the_header() -> None:
    data = b"P5#made by\r# a scanner\n\t260 #wide\n 220\v\n#255 7\n255 " + GRAY.tobytes()
    assert np.array_equal(decode(PageImage("a.pnm", data)).gray, GRAY)


@pytest.mark.parametrize(
    ("head", "says"),
    [
        (b"P5\n260 220\n255", "damaged header"),
        (b"P5\n260 220\n", "damaged header"),
        (b"P5\n-260 220\n255\n", "damaged header"),
        (b"P5\n2_60 220\n255\n", "damaged header"),
        (b"P5\n99999999 1\n255\n", "damaged header"),
        (b"P5\n" + b"#" * 2000 + b"\n260 220\n255\n", "damaged header"),
        (b"P5\n" + b"\n" * 2000 + b"260 220\n255\n", "damaged header"),
        ("P5\n٢٦٠ 220\n255\n".encode(), "damaged header"),
        (b"P5\n0 220\n255\n", "cannot be true"),
        (b"P5\n260 220\n0\n", "cannot be true"),
        (b"P5\n260 220\n1\n", "cannot be true"),
        (b"P5\n260 220\n65536\n", "cannot be true"),
        (b"P5\n260 221\n255\n", "cut short: 57200 bytes of pixels instead of 57460"),
        (b"P5\n260 219\n255\n", "260 bytes behind its last pixel"),
        (b"P6\n260 220\n255\n", "cut short"),
        (b"P5\n260 220\n256\n", "cut short"),
        (b"P4\n260 220\n", "bytes behind its last pixel"),
        (b"P5\n9999999 9999999\n255\n", "cut short"),
        (b"P5\n100 572\n255\n", "too small to be a ballot"),
    ],
)
def test_a_header_that_lies_is_refused_in_one_sentence(head: bytes, says: str) -> None:
    with pytest.raises(ImageError, match=rf"^a\.pgm .*{says}.*\.$"):
        inspect("a.pgm", head + GRAY.tobytes())
    with pytest.raises(ImageError, match=says):
        decode(PageImage("a.pgm", head + GRAY.tobytes()))


def test_a_header_of_a_huge_page_costs_nothing_even_if_the_bytes_are_there() -> None:
    with pytest.raises(ImageError, match=r"more than 80 million"):
        inspect("a.pbm", b"P4\n81000 1000\n" + bytes(10125 * 1000))


@pytest.mark.parametrize(
    "data", [b"P1 1 1 1", b"P2\n2 2\n255\n0 0 0 0", b"P7\n", b"P5", b"P5x", b"P45 3", b""]
)
def test_other_kinds_are_not_taken(data: bytes) -> None:
    assert kind_of(data) is None


def test_there_is_no_second_page() -> None:
    with pytest.raises(ImageError, match="no page 2"):
        decode(PageImage("a.pgm", P5, page=1))


@given(st.binary(max_size=60), st.sampled_from([b"P4", b"P5", b"P6"]))
def test_any_bytes_are_an_image_or_one_sentence(tail: bytes, kind: bytes) -> None:
    try:
        told = pnm.header(kind + tail)
    except ImageError:
        return
    assert told.line_bytes * told.height == len(kind + tail) - told.start
