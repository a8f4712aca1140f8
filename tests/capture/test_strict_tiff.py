import ctypes
import io
import random
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from scanner.ballot import PageImage
from scanner.capture import strict_tiff
from scanner.capture.decode import decode
from scanner.errors import ImageError
from tests.capture.paper import multipage, page, saved

HOW = {
    "group4": {"compression": "group4"},
    "group3": {"compression": "group3"},
    "jpeg": {"compression": "jpeg", "quality": 90},
    "lzw": {"compression": "tiff_lzw"},
    "deflate": {"compression": "tiff_adobe_deflate"},
    "packbits": {"compression": "packbits"},
}


def tiff(how: str, *, white_is_zero: bool = False) -> bytes:
    picture = Image.fromarray(page(3, width=800, height=600))
    if how.startswith("group"):
        dots = np.random.default_rng(4).random((600, 800)) < 0.01
        picture = Image.fromarray((np.asarray(picture) > 128) ^ dots)
    options = {**HOW[how], **({"tiffinfo": {262: 0}} if white_is_zero else {})}
    return saved(picture, "TIFF", **options)


GOOD = {how: tiff(how) for how in HOW}


def body(data: bytes) -> tuple[int, int]:
    """Where the packed pixels of Pillow's TIFFs lie: the strips of the first page."""
    with Image.open(io.BytesIO(data)) as picture:
        offsets, counts = picture.tag_v2[273], picture.tag_v2[279]
    return offsets[0], offsets[-1] + counts[-1]


def refused(data: bytes) -> bool:
    try:
        decode(PageImage("a.tif", data))
    except ImageError as error:
        return str(error).startswith("a.tif ")
    return False


@pytest.mark.parametrize("how", HOW)
def test_a_good_page_is_taken(how: str) -> None:
    assert decode(PageImage("a.tif", GOOD[how])).gray.shape == (600, 800)


@pytest.mark.parametrize("how", ["group4", "group3", "jpeg"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_zeroed_bytes_are_damage(how: str, share: float) -> None:
    first, last = body(GOOD[how])
    at = int(first + share * (last - first - 64))
    assert refused(GOOD[how][:at] + bytes(64) + GOOD[how][at + 64 :])


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
def test_a_cut_file_is_damage(how: str, share: float) -> None:
    first, last = body(GOOD[how])
    cut = GOOD[how][: int(first + share * (last - first))]
    assert refused(cut)
    assert refused(cut + bytes(len(GOOD[how]) - len(cut)))


def test_nearly_every_flipped_bit_of_a_fax_page_is_noticed() -> None:
    """The rest are legal fax pages: an edge a pixel off, never a page shifted or white from there on."""
    good, chance = decode(PageImage("a.tif", GOOD["group4"])).gray, random.Random(7)
    first, last = body(GOOD["group4"])
    noticed, changed = 0, []
    for _ in range(120):
        data = bytearray(GOOD["group4"])
        data[chance.randrange(first, last - 4)] ^= 1 << chance.randrange(8)
        if refused(bytes(data)):
            noticed += 1
        else:
            changed.append(int((decode(PageImage("a.tif", bytes(data))).gray != good).sum()))
    assert noticed >= 100
    assert max(changed, default=0) < 0.01 * good.size


def test_photometric_is_honoured() -> None:
    black, white = (decode(PageImage("a.tif", tiff("group4", white_is_zero=w))).gray for w in (False, True))
    assert black.mean() > 200
    assert np.array_equal(black, white)


def test_each_page_is_checked_alone() -> None:
    data = bytearray(multipage("TIFF", 3, compression="jpeg"))
    with Image.open(io.BytesIO(bytes(data))) as picture:
        picture.seek(1)
        at = picture.tag_v2[273][0] + picture.tag_v2[279][0] // 2
    data[at : at + 64] = bytes(64)
    strict_tiff.check(bytes(data), 0)
    strict_tiff.check(bytes(data), 2)
    with pytest.raises(ImageError, match="damaged TIFF"):
        strict_tiff.check(bytes(data), 1)


def test_without_libtiff_packed_pages_are_refused_and_plain_ones_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ctypes, "CDLL", _missing)
    strict_tiff._library.cache_clear()
    try:
        assert not strict_tiff.available()
        with pytest.raises(ImageError, match="libtiff, which would see its damage, is not on this machine"):
            decode(PageImage("a.tif", GOOD["group4"]))
        plain = saved(Image.fromarray(page(1)), "TIFF")
        assert decode(PageImage("a.tif", plain)).gray.shape == page(1).shape
    finally:
        strict_tiff._library.cache_clear()


def _missing(name: str) -> Callable[[], None]:
    raise OSError(name)


def test_nothing_is_written_to_stderr(capfd: pytest.CaptureFixture[str]) -> None:
    first, last = body(GOOD["group4"])
    middle = (first + last) // 2
    with pytest.raises(ImageError):
        strict_tiff.check(GOOD["group4"][:middle] + bytes(64) + GOOD["group4"][middle + 64 :], 0)
    assert capfd.readouterr().err == ""


@settings(max_examples=80, deadline=None)
@given(
    how=st.sampled_from([*HOW]),
    places=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=5),
    cut=st.floats(0.2, 1),
)
def test_hostile_bytes_give_a_page_or_a_sentence(
    how: str, places: list[tuple[float, int]], cut: float
) -> None:
    data = bytearray(GOOD[how])
    for share, value in places:
        data[min(int(share * len(data)), len(data) - 1)] = value
    spoilt = bytes(data[: int(cut * len(data))])
    assert refused(spoilt) or decode(PageImage("a.tif", spoilt)).gray.ndim == 2
