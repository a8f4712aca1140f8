"""A number is read only where both readers name it and both are sure, whatever the list's length."""

from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.classify.number_ink import NumberLimits, Written
from scanner.classify.number_parts import Way
from scanner.classify.numbers import DigitBounds, guess, likelihoods, plain, read_number
from scanner.config import calibration

LIMITS = calibration("numbers", NumberLimits)
BOUNDS = DigitBounds(0.8, 0.9)
ONE, TWO = Way((0,), 1.0), Way((1, 2), 1.0)


def chances(**named: float) -> npt.NDArray[np.float32]:
    """One row: the chances of `d0`..`d9` as named, the rest of it no digit."""
    row = np.zeros(11, np.float32)
    for name, value in named.items():
        row[int(name[1:])] = value
    row[10] = 1 - row.sum()
    return row


def test_one_digit() -> None:
    seen = guess(chances(d7=0.97)[None], (ONE,))
    assert seen.value == 7
    assert seen.sureness == pytest.approx(0.97)


def test_two_digits_beat_the_whole_that_is_no_digit() -> None:
    rows = np.stack([chances(d4=0.02), chances(d1=0.98), chances(d9=0.99)])
    seen = guess(rows, (ONE, TWO))
    assert seen.value == 19
    assert seen.sureness == pytest.approx(0.98 * 0.99 * 0.98, abs=1e-6)


def test_a_second_likely_value_takes_sureness_away() -> None:
    sure, torn = guess(chances(d1=0.6)[None], (ONE,)), guess(chances(d1=0.6, d7=0.4)[None], (ONE,))
    assert torn.value == sure.value == 1
    assert torn.sureness == pytest.approx(0.36, abs=1e-6)


def test_digits_that_touch_can_be_as_sure() -> None:
    rows = np.stack([chances(), chances(d1=0.98), chances(d5=0.99)])
    assert guess(rows, (ONE, Way((1, 2), 0.5))).sureness == pytest.approx(0.98 * 0.99, abs=1e-6)


def test_between_equal_ways_the_likelier_parting_wins() -> None:
    rows = np.stack([chances(d0=0.8), chances(d1=0.9), chances(d1=0.9)])
    assert guess(rows, (ONE, Way((1, 2), 0.5))).value == 0


def test_a_nought_before_a_digit_is_no_number() -> None:
    rows = np.stack([chances(), chances(d0=0.99), chances(d7=0.99)])
    assert guess(rows, (ONE, TWO)).sureness < 0.05


@given(st.integers(0, 2**31))
@settings(max_examples=25, deadline=None)
def test_chances_stay_chances(seed: int) -> None:
    rows = np.random.default_rng(seed).dirichlet(np.ones(11), 5).astype(np.float32)
    weighted, plain = likelihoods(rows, (ONE, TWO, Way((3, 4), 0.5)))
    assert weighted.shape == plain.shape == (100,)
    assert (weighted <= plain).all()
    assert 0 <= weighted.min() <= plain.max() <= 1
    assert 0 <= guess(rows, (ONE, TWO)).sureness <= 1


class Says:
    """Two readers who answer the same whatever they are shown."""

    def __init__(self, a: npt.NDArray[np.float32], b: npt.NDArray[np.float32]) -> None:
        self.a, self.b = a, b

    def both(self, glyphs: tuple[npt.NDArray[np.float32], ...]) -> tuple[npt.NDArray[np.float32], ...]:
        return np.tile(self.a, (len(glyphs), 1)), np.tile(self.b, (len(glyphs), 1))


def bar() -> Written:
    dark = np.zeros((50, 40), np.float32)
    cv2.line(dark, (20, 8), (20, 42), [1.0], 4)
    return Written(dark, whole=True, ink_mm2=2.2)


def test_both_sure_and_agreed_is_read() -> None:
    seen = read_number(bar(), Says(chances(d1=0.99), chances(d1=0.95)), BOUNDS, LIMITS)
    assert seen is not None
    assert seen.sure == 1


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (chances(d1=0.99), chances(d7=0.99)),
        (chances(d1=0.75), chances(d1=0.99)),
        (chances(d1=0.99), chances(d1=0.89)),
        (chances(), chances(d1=0.99)),
    ],
    ids=["they disagree", "A is not sure", "B is not sure", "A sees no digit"],
)
def test_else_it_is_only_a_guess(a: npt.NDArray[np.float32], b: npt.NDArray[np.float32]) -> None:
    seen = read_number(bar(), Says(a, b), BOUNDS, LIMITS)
    assert seen is not None
    assert seen.sure is None
    assert seen.likely in {1, 7}


def test_ink_that_is_not_all_the_voters_is_never_sure() -> None:
    torn = replace(bar(), whole=False)
    seen = read_number(torn, Says(chances(d1=0.99), chances(d1=0.99)), BOUNDS, LIMITS)
    assert seen is not None
    assert seen.sure is None


def test_too_little_ink_is_no_number() -> None:
    assert (
        read_number(replace(bar(), ink_mm2=0.3), Says(chances(d1=1.0), chances(d1=1.0)), BOUNDS, LIMITS)
        is None
    )
    empty = Written(np.zeros((50, 40), np.float32), whole=True, ink_mm2=1.0)
    assert read_number(empty, Says(chances(d1=1.0), chances(d1=1.0)), BOUNDS, LIMITS) is None


@pytest.mark.parametrize(
    ("value", "where", "fine"),
    [(1, "top", False), (7, "top", True), (14, "top", False), (7, "foot", False), (2, "foot", True),
     (8, "side", False)],
)  # fmt: skip
def test_what_the_frame_may_hide_is_minded(value: int, where: str, fine: bool) -> None:
    """A seven whose bar lies under the frame looks like a one; a two without its foot like a seven."""
    seen = Written(np.ones((9, 9), np.float32), whole=True, ink_mm2=2.0)
    assert plain(seen, value)
    assert plain(replace(seen, top=where == "top", foot=where == "foot", side=where == "side"), value) is fine
