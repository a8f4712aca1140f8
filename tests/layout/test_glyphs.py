"""The digits shown to the reader are those on the paper."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from scanner.ballot import Face
from scanner.election import NumberLine
from scanner.layout.glyphs import digit_pictures
from scanner.layout.raster import picture
from scanner.layout.styles import styles
from tests.layout.papers import every
from tests.strategies import small_election

ALL_DIGITS = "0123456789876543210012"


def papers():
    """A ballot of each form whose number has every digit."""
    for election in every():
        numbered = replace(
            election,
            lists=tuple(replace(one, ballot_number=ALL_DIGITS) for one in election.lists[:1]),
            tick_off_number=ALL_DIGITS,
        )
        one = styles(numbered)[0]
        yield pytest.param(numbered, one, id=f"{election.type}-{one.form}")


@pytest.mark.parametrize("dpi", [150, 200])
@pytest.mark.parametrize(("election", "style"), list(papers()))
def test_each_digit_looks_as_printed_and_like_no_other(election, style, dpi):
    page, k = picture(election, style, Face.INSIDE, dpi), dpi / 25.4
    glyphs = digit_pictures(style, dpi)
    assert "".join(digit for _, digit in style.digits) == ALL_DIGITS
    for cell, digit in style.digits:
        left, top = round(cell.x * k), round(cell.y * k)
        high, wide = glyphs[0].shape
        seen = page[top - 2 : top + high + 2, left - 2 : left + wide + 2]
        scores = [float(cv2.matchTemplate(seen, one, cv2.TM_CCOEFF_NORMED).max()) for one in glyphs]
        assert int(np.argmax(scores)) == int(digit)
        assert scores[int(digit)] > 0.9
        assert sorted(scores)[-2] < scores[int(digit)] - 0.08


@pytest.mark.parametrize("number_line", list(NumberLine))
def test_ten_pictures_of_one_size_each_as_large_as_a_cell(number_line):
    (one, *_) = styles(replace(small_election(), number_line=number_line))
    glyphs, cell = digit_pictures(one, 200), one.digits[0][0]
    assert len(glyphs) == 10
    assert {seen.shape for seen in glyphs} == {(round(cell.h * 200 / 25.4), round(cell.w * 200 / 25.4))}
    assert all(seen.dtype == np.uint8 and seen.min() < 100 and seen.max() == 255 for seen in glyphs)
