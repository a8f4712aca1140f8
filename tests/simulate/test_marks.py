"""Marks land where they are meant, and every way of marking can be seen."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.ballot import Rect
from scanner.simulate.marks import (
    Hand,
    MarkShape,
    StrikeShape,
    bracket,
    correction,
    face_drawing,
    hand,
    heart,
    mark,
    ring,
    slip,
    strike,
    underline,
)
from scanner.simulate.pens import InkColour, PenKind, draw, pen
from tests.simulate.papers import length_mm

K = 200 / 25.4
BOX = Rect(10, 10, 4, 4)
NAME = Rect(10, 20, 50, 5.9)


def inked(strokes, seed=0):
    """How dark each pixel became, (h, w) 0..255, on 80 x 40 mm of white paper."""
    rng = np.random.default_rng(seed)
    picture = np.full((round(40 * K), round(80 * K)), 255, np.uint8)
    draw(picture, strokes, pen(PenKind.BALLPOINT, InkColour.BLACK, rng), K, rng)
    return 255 - picture.astype(float)


def share_within(ink, rect):
    x, y, right, low = (round(v * K) for v in (rect.x, rect.y, rect.x + rect.w, rect.y + rect.h))
    return ink[y:low, x:right].sum() / ink.sum()


@given(shape=st.sampled_from(list(MarkShape)), seed=st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_most_ink_of_a_mark_lies_in_or_close_to_its_box(shape, seed):
    rng = np.random.default_rng(seed)
    ink = inked(mark(shape, BOX, hand(rng), rng), seed)
    assert ink.sum() > 0
    assert share_within(ink, BOX.grown(0.8)) > 0.6
    assert share_within(ink, BOX) > 0.3


@pytest.mark.parametrize("shape", list(MarkShape))
def test_every_shape_takes_visible_ink(shape):
    rng = np.random.default_rng(7)
    darkest = [inked(mark(shape, BOX, hand(rng), rng), n).max() for n in range(8)]
    assert min(darkest) > 80


@pytest.mark.parametrize("shape", list(StrikeShape))
def test_a_strike_runs_over_most_of_the_name(shape):
    for seed in range(8):
        rng = np.random.default_rng(seed)
        ink = inked(strike(shape, NAME, hand(rng), rng), seed)
        x, y, right, low = (round(v * K) for v in (NAME.x, NAME.y, NAME.x + NAME.w, NAME.y + NAME.h))
        columns = (ink[y:low, x:right] > 40).any(axis=0)
        assert columns.mean() > 0.75


@pytest.mark.parametrize("drawn", [ring, underline, bracket, face_drawing, heart, correction])
def test_what_no_form_foresees_is_visible_and_near_its_aim(drawn):
    rng = np.random.default_rng(3)
    aim = Rect(15, 12, 14, 14)
    ink = inked(drawn(aim, hand(rng), rng))
    assert ink.max() > 80
    assert share_within(ink, aim.grown(6)) > 0.95


def test_a_correction_covers_its_box_and_more():
    rng = np.random.default_rng(3)
    ink = inked(correction(BOX, Hand(), rng))
    x, y = round(11 * K), round(11 * K)
    assert (ink[y : y + 16, x : x + 16] > 40).mean() > 0.5


def test_a_slip_is_small():
    for seed in range(20):
        rng = np.random.default_rng(seed)
        assert sum(length_mm(one) for one in slip((10, 10), hand(rng), rng)) < 6


@given(st.integers(0, 10**6))
@settings(max_examples=50, deadline=None)
def test_hands_stay_human(seed):
    by = hand(np.random.default_rng(seed))
    assert 0.6 <= by.size <= 1.7
    assert 0 <= by.tremble_mm < 0.2
    assert by.sloppy_mm >= 0
