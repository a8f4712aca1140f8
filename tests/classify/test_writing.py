"""A line of writing gives the same picture wherever, however large and however slanted it is written."""

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from scanner.classify.writing import HIGH, STEP, WIDEST, gray_picture, ink_picture, without_rules
from scanner.pixels import Gray

PX = 8.0


def writing(scale: float = 1.0, lean: float = 0.0, at: tuple[int, int] = (40, 30)) -> Gray:
    """Upright strokes and arches, 0 or 255, on 160 x 900 px."""
    page = np.zeros((160, 900), np.uint8)
    for n in range(9):
        x = n * 26
        low = [(x, 40), (x, 4 if n % 3 == 0 else 18)]
        points = [*low, (x + 13, 20), (x + 13, 40)]
        laid = [(at[0] + scale * (a - lean * (b - 20)), at[1] + scale * b) for a, b in points]
        cv2.polylines(
            page, [np.asarray(laid, np.int32)], isClosed=False, color=(255,), thickness=round(3 * scale)
        )
    return page


def like(one: Gray, other: Gray) -> float:
    """How well two pictures agree from their left edge on."""
    wide = min(one.shape[1], other.shape[1])
    a, b = (cv2.GaussianBlur(each[:, :wide].astype(np.float32), (0, 0), 1.5).ravel() for each in (one, other))
    return float(np.corrcoef(a, b)[0, 1])


@pytest.mark.parametrize("at", [(200, 60), (10, 10), (300, 100)])
def test_the_place_on_the_page_does_not_matter(at: tuple[int, int]) -> None:
    assert like(ink_picture(writing()), ink_picture(writing(at=at))) > 0.97


@pytest.mark.parametrize("scale", [0.6, 1.4, 2.0])
def test_the_size_does_not_matter(scale: float) -> None:
    other = ink_picture(cv2.resize(writing(), None, fx=scale, fy=scale, interpolation=cv2.INTER_NEAREST))
    one = ink_picture(writing())
    assert abs(one.shape[1] - other.shape[1]) <= 3 * STEP
    assert like(one, other) > 0.9


@pytest.mark.parametrize("lean", [-0.3, 0.3, 0.45])
def test_slanted_writing_is_set_upright(lean: float) -> None:
    upright = ink_picture(writing())
    assert like(upright, ink_picture(writing(lean=lean))) > 0.85
    assert like(upright, ink_picture(writing(lean=lean))) > like(
        upright, gray_picture(255 - writing(lean=lean), writing(lean=lean))
    )


def test_pictures_are_of_one_height_and_whole_steps() -> None:
    for mask in (writing(), writing(2.0), np.zeros((50, 60), np.uint8)):
        for picture in (ink_picture(mask), gray_picture(255 - mask, mask)):
            assert picture.dtype == np.uint8
            assert picture.shape[0] == HIGH
            assert picture.shape[1] % STEP == 0
            assert 16 <= picture.shape[1] <= WIDEST


def test_a_line_that_is_too_long_is_squeezed() -> None:
    long = np.zeros((40, 6000), np.uint8)
    long[10:30:2, ::7] = 255
    assert ink_picture(long).shape[1] == gray_picture(255 - long, long).shape[1] == WIDEST


def test_pale_and_dark_pens_look_alike_in_the_gray_view() -> None:
    mask = writing()
    dark, pale = (np.where(mask > 0, level, 240).astype(np.uint8) for level in (40, 170))
    assert like(gray_picture(dark, mask), gray_picture(pale, mask)) > 0.98


def test_a_rule_below_the_writing_is_left_out_and_one_through_it_stays() -> None:
    mask = writing()
    below, through = mask.copy(), mask.copy()
    below[90:93, 30:330] = 255
    through[52:55, 10:330] = 255
    assert without_rules(below, PX)[90:93].max() == 0
    assert np.array_equal(without_rules(below, PX)[:80] > 0, mask[:80] > 0)
    assert without_rules(through, PX)[52:55, 15].max() == 255


def test_dust_is_left_out() -> None:
    mask: npt.NDArray[np.uint8] = writing()
    mask[5, 700] = 255
    assert without_rules(mask, PX)[5, 700] == 0
