"""The ink of a number is parted between strokes, through joined ink where it is thin, and never lost."""

import cv2
import numpy as np
import numpy.typing as npt
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.classify.number_parts import PartLimits, parts
from scanner.config import calibration

LIMITS = calibration("number_parts", PartLimits)
MM = 8.0
Ink = npt.NDArray[np.float32]


def paper() -> Ink:
    return np.zeros((60, 90), np.float32)


def bar(ink: Ink, x: int, top: int = 10, low: int = 45) -> Ink:
    return cv2.line(ink, (x, top), (x, low), [1.0], 4)


def ring(ink: Ink, x: int) -> Ink:
    return cv2.ellipse(ink, (x, 28), (10, 17), 0, 0, 360, [1.0], 4)


def test_no_ink_has_no_parts() -> None:
    found = parts(paper(), LIMITS, MM)
    assert not found.glyphs
    assert not found.ways


def test_a_bar_is_one_digit_only() -> None:
    found = parts(bar(paper(), 40), LIMITS, MM)
    assert [one.parts for one in found.ways] == [(0,)]
    assert found.clean


def test_two_strokes_apart_can_be_two_digits() -> None:
    found = parts(ring(bar(paper(), 20), 50), LIMITS, MM)
    pairs = [one.parts for one in found.ways if len(one.parts) == 2 and one.weight == 1.0]
    lefts = [found.glyphs[left] for left, _ in pairs]
    assert any(np.flatnonzero(one.max(0) > 0).max() < 6 for one in lefts), "the bar alone, 5 px wide"


def test_joined_digits_are_cut_where_they_are_thin() -> None:
    joined = ring(ring(paper(), 25), 58)
    cv2.line(joined, (35, 28), (48, 28), [1.0], 2)
    found = parts(joined, LIMITS, MM)
    cut = [found.glyphs[one.parts[0]] for one in found.ways if one.joined]
    middle = (25 + 58) / 2 - found.at[1]
    assert any(abs(np.flatnonzero(one.max(0) > 0).max() - middle) < 9 for one in cut)


def test_a_dot_after_the_number_is_left_out() -> None:
    ink = bar(paper(), 20)
    cv2.circle(ink, (32, 43), 2, [1.0], -1)
    found = parts(ink, LIMITS, MM)
    assert [one.parts for one in found.ways] == [(0,)]
    assert found.clean


def test_many_dots_are_not_clean() -> None:
    ink = bar(paper(), 20)
    for x in range(30, 85, 7):
        cv2.circle(ink, (x, 43), 2, [1.0], -1)
    assert not parts(ink, LIMITS, MM).clean


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(st.integers(8, 80), st.integers(5, 20), st.integers(30, 55)), min_size=1, max_size=4)
)
def test_the_two_parts_are_all_the_ink_and_share_none(bars: list[tuple[int, int, int]]) -> None:
    ink = paper()
    for x, top, low in bars:
        bar(ink, x, top, low)
    found = parts(ink, LIMITS, MM)
    for way in found.ways:
        pieces = [found.glyphs[one] for one in way.parts]
        assert np.allclose(sum(pieces), found.glyphs[0])
        assert not np.logical_and.reduce([one > 0 for one in pieces]).any() or len(pieces) == 1
        assert all(one.sum() >= LIMITS.cut_share * ink.sum() * 0.99 for one in pieces)
