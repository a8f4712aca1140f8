"""Crosses that touch are parted, passing strokes are not; a cross leaves its box open, scribbles do not."""

import cv2
import numpy as np
import pytest

from scanner.classify.field_ink import Reach, measure
from scanner.classify.ink import COARSE, Ink, Printed, label_strokes
from scanner.classify.openness import NO_INK, openness
from scanner.classify.raster import halved, inside
from scanner.classify.touching import TouchLimits, part_touching
from scanner.config import calibration
from tests.foreign import INK, UNIT

LIMITS = calibration("touching", TouchLimits)
H, W, SIDE, PITCH = 320, 240, 31, 42  # px: boxes of 3.9 mm, 5.3 mm apart
BOXES = tuple((100, 60 + PITCH * n, SIDE, SIDE) for n in range(3))
X, TOP = 100 + SIDE / 2, 60.0


def frames() -> Printed:
    """Boxes whose outlines hide ink, on bare paper."""
    hidden = np.zeros((H, W), np.uint8)
    for x, y, w, h in BOXES:
        cv2.rectangle(hidden, (x, y), (x + w, y + h), 255, 5)
    some = np.full((1, 1), 255, np.uint8)
    return Printed(some, hidden, some > 0, some, inside(halved(hidden, 2), 1, 255), some)


def drawn(*lines: list[tuple[float, float]], pen: int = 5) -> Ink:
    mask = np.zeros((H, W), np.uint8)
    for one in lines:
        points = [np.round(np.array(one)).astype(np.int32)]
        cv2.polylines(mask, points, isClosed=False, color=255, thickness=pen)
    hidden = frames()
    mask[hidden.blind > 0] = 0
    depth = (mask > 0).astype(np.uint8) * np.uint8(90)
    labels, strokes = label_strokes(mask, depth, 160.0, UNIT, INK, bridge=hidden.bridge)
    return Ink(mask, depth, labels, strokes, 160.0, hidden.bridge)


def cross(n: int, reach: float = 26, at: float = 0) -> list[list[tuple[float, float]]]:
    x, y = X + at, TOP + PITCH * n + SIDE / 2
    return [
        [(x - reach, y - reach), (x + reach, y + reach)],
        [(x + reach, y - reach), (x - reach, y + reach)],
    ]


def parted(ink: Ink) -> Ink:
    return part_touching(ink, frames(), BOXES, UNIT, LIMITS)


@pytest.mark.parametrize("pen", [4, 5, 7])
@pytest.mark.parametrize("off", [0, 3, -4])
def test_two_crosses_that_touch_are_two_marks(pen, off):
    ink = drawn(*cross(0, at=off), *cross(1), pen=pen)
    assert len(ink.strokes) == 1
    made = parted(ink)
    assert len(made.strokes) == 2
    assert sum(one.area_mm2 for one in made.strokes) == pytest.approx(ink.strokes[0].area_mm2)
    assert np.array_equal(made.labels > 0, ink.labels > 0)
    first, second, third = measure(made, frames(), BOXES, Reach(2.0, (0.28, 0.6)), UNIT)
    assert min(first.own, second.own) > 3
    assert max(first.foreign, second.foreign) < 0.3
    assert max(first.elsewhere, second.elsewhere) < 0.1
    assert (third.own, third.open) == (0, NO_INK)
    for number, one in enumerate(made.strokes, 1):
        rows, columns = np.nonzero(made.labels == number)
        assert (one.x, one.y) == (columns.min() * COARSE, rows.min() * COARSE)


LOW = TOP + PITCH + SIDE
PASSING = {
    "line": [[(X, TOP - 8), (X + 2, LOW + 8)]],
    "two lines": [[(X - 9, TOP - 8), (X - 9, LOW + 8)], [(X + 9, TOP - 8), (X + 9, LOW + 8)],
                  [(X - 9, LOW + 8), (X + 9, LOW + 8)]],
    "one large cross": [[(X - 14, TOP - 4), (X + 14, LOW + 4)], [(X + 14, TOP - 4), (X - 14, LOW + 4)]],
    "wave": [[(X + 12 * (-1) ** n, TOP - 6 + 16 * n) for n in range(7)]],
    "zigzag": [[(X - 14 + 7 * n, (TOP - 6, LOW + 6)[n % 2]) for n in range(5)]],
    "large tick": [[(X - 12, TOP + 45), (X - 4, LOW), (X + 20, TOP - 16)]],
    "cross and tail": [*cross(0), [(X + 20, TOP + SIDE + 6), (X, LOW - 8)]],
    "cross and line": [*cross(0), [(X, TOP + 20), (X, LOW + 4)]],
}  # fmt: skip


@pytest.mark.parametrize("lines", PASSING.values(), ids=PASSING.keys())
@pytest.mark.parametrize("pen", [3, 5, 7])
def test_what_passes_through_boxes_is_never_parted(lines, pen):
    ink = drawn(*lines, pen=pen)
    assert parted(ink) is ink


def test_a_stroke_through_three_boxes_that_crosses_itself_in_two_stays_one():
    ink = drawn(*cross(0), *cross(1), [(X, TOP), (X, TOP + 2 * PITCH + SIDE)])
    assert parted(ink) is ink


def test_crosses_apart_and_empty_paper_are_left_alone():
    for ink in (drawn(*cross(0, 12), *cross(1, 12)), drawn()):
        assert parted(ink) is ink


# --- openness --------------------------------------------------------------------------------


def opened(*lines: list[tuple[float, float]], pen: int = 5) -> tuple[float, float, float]:
    made = openness(drawn(*lines, pen=pen), frames(), BOXES[0], ((2, 5), 3), UNIT)
    return made.gap_mm, made.free_mm, made.along


def scribble(reach: float, turns: int = 9) -> list[tuple[float, float]]:
    y = TOP + SIDE / 2
    along = np.linspace(-reach, reach, turns)
    return [(X + x, y + reach * (-1) ** n) for n, x in enumerate(along)]


@pytest.mark.parametrize("pen", [3, 5, 7, 8])
def test_a_cross_leaves_paper_between_its_arms_however_bold(pen):
    gap, free, along = opened(*cross(0, 18), pen=pen)
    assert gap >= 0.24
    assert free >= 0.37
    assert along < 0.59


@pytest.mark.parametrize("reach", [14, 17, 21])
def test_a_cross_scribbled_over_leaves_none(reach):
    gap, free, _ = opened(*cross(0, 18), scribble(reach), scribble(reach)[::-1], pen=5)
    assert gap < 0.24 or free < 0.37


def test_a_line_along_outside_a_side_is_seen_and_a_stroke_across_it_is_not():
    beside = [(X - SIDE / 2 - 4, TOP - 6), (X - SIDE / 2 - 4, TOP + SIDE + 6)]
    assert opened(beside, pen=2)[2] > 0.9
    assert opened([(X - 30, TOP + 15), (X + 30, TOP + 15)], pen=4)[2] < 0.3


def test_a_box_of_which_nothing_is_seen_is_not_open():
    hidden = np.full((H, W), 255, np.uint8)
    some = np.full((1, 1), 255, np.uint8)
    blind = Printed(some, hidden, some > 0, some, inside(halved(hidden, 2), 1, 255), some)
    assert openness(drawn(*cross(0)), blind, BOXES[0], ((2, 5), 3), UNIT) == NO_INK
