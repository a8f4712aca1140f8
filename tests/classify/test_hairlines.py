"""Dust draws a pixel wide along the feed; a pen is wider, crooked, askew or short, and stays ink."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.classify.hairlines import HairLimits, hairlines
from scanner.classify.ink import COARSE, Ink, label_strokes
from scanner.config import calibration
from tests.foreign import INK, UNIT

LIMITS = calibration("hairlines", HairLimits)
H, W = 640, 480  # 81 × 61 mm
TILT = 0.008
FEED = float(np.tan(TILT))


def inked(mask, level=60):
    depth = np.where(mask > 0, level, 0).astype(np.uint8)
    bridge = np.zeros((H // COARSE, W // COARSE), np.uint8)
    labels, strokes = label_strokes(mask, depth, 160.0, UNIT, INK, bridge=bridge)
    return Ink(mask, depth, labels, strokes, 160.0, bridge)


def line(at, first, last, *, wide=1, slope=FEED, waver=0.0):
    """Ink of a line down the page, from one row to another, px."""
    mask, rows = np.zeros((H, W), np.uint8), np.arange(first, last)
    middle = at + slope * rows + waver * np.sin(rows / 12)
    for n in range(wide):
        mask[rows, np.round(middle - (wide - 1) / 2 + n).astype(int)] = 255
    return mask


def found(mask, *, names=True, tilt=TILT):
    return hairlines(inked(mask), tilt, UNIT, LIMITS, names=names)


def covers(cells, mask):
    """Share of the ink in the cells found."""
    big = cells.repeat(COARSE, 0).repeat(COARSE, 1) > 0
    return float((big & (mask > 0)).sum() / (mask > 0).sum())


@pytest.mark.parametrize("wide", [1, 2])
@pytest.mark.parametrize(("first", "last"), [(0, 80), (200, 280), (100, 600)])
def test_dust_on_the_glass_is_found_wherever_it_begins(wide, first, last):
    mask = line(150, first, last, wide=wide)
    assert covers(found(mask), mask) > 0.95


def test_short_pieces_on_the_same_line_are_the_same_streak():
    mask = line(150, 40, 140) | line(150, 200, 215) | line(150, 400, 420)
    assert covers(found(mask), mask) > 0.95


def test_a_wider_streak_is_one_only_if_it_is_long():
    assert covers(found(line(150, 0, 600, wide=3)), line(150, 0, 600, wide=3)) > 0.9
    assert not found(line(150, 0, 120, wide=3)).any()


@pytest.mark.parametrize(
    "mask",
    [
        line(150, 100, 200, wide=4),
        line(150, 100, 140),
        line(150, 100, 300, waver=2.0),
        line(150, 100, 200, slope=np.tan(TILT) + 0.04),
        line(150, 100, 600, wide=5),
    ],
    ids=["a pen of half a millimetre", "a stroke in a box", "a hand", "askew", "a ruler and a pen"],
)
def test_what_a_pen_draws_stays(mask):
    assert not found(mask, names=False).any()


def test_a_fine_line_along_the_names_may_strike_one_out():
    across = np.ascontiguousarray(line(150, 100, 300, slope=np.tan(-TILT))[:W].T)
    page = np.zeros((H, W), np.uint8)
    page[: across.shape[0], : across.shape[1]] = across
    assert not found(page, names=True).any()
    assert found(page, names=False).any()


def test_a_mark_that_a_streak_crosses_keeps_its_ink():
    mask = line(150, 0, 600)
    cv2.line(mask, (100, 260), (210, 330), 255, 5)
    cv2.line(mask, (210, 260), (100, 330), 255, 5)
    cells = found(mask)
    lost = cells.repeat(COARSE, 0).repeat(COARSE, 1) > 0
    crossed = mask.copy()
    crossed[line(150, 0, 600) > 0] = 0
    assert (lost & (crossed > 0)).sum() / (crossed > 0).sum() < 0.15


@given(st.integers(0, W - 20), st.integers(0, 300), st.integers(70, 300), st.floats(-0.02, 0.02))
@settings(max_examples=25, deadline=None)
def test_only_ink_is_ever_taken_and_a_line_whole_or_not_at_all(at, first, long, tilt):
    """A drawn line steps from column to column where a real one fades over: the step may hide it."""
    mask = line(min(max(at, 20), W - 30), first, first + long, slope=np.tan(tilt))
    ink = inked(mask)
    cells = hairlines(ink, tilt, UNIT, LIMITS, names=False)
    assert not (cells[ink.labels == 0] > 0).any()
    taken, columns = covers(cells, mask), np.unique(np.nonzero(mask)[1])
    assert taken > 0.8 or (taken == 0 and len(columns) > 1)
