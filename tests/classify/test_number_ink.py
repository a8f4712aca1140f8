"""A number box gives its own strokes, tails and all, through the printed frame, and nothing else."""

from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.classify.atlas import PER_MM, px
from scanner.classify.digits import number_limits
from scanner.classify.ink import InkLimits, find_ink
from scanner.classify.number_ink import InkedPage, Written, written
from scanner.config import calibration
from scanner.training.digits_boxes import blank, registered

Gray = npt.NDArray[np.uint8]
LIMITS = number_limits().cut
FRAME, INK = number_limits().frame, number_limits().parts.ink
HERE = 25  # a box with neighbours above and below
BOXES = [px(one) for one in blank(0).boxes]


def page() -> Gray:
    return blank(0).template.gray.copy()


def line(on: Gray, box: int, *points_mm: tuple[float, float], pen_mm: float = 0.5, gray: int = 60) -> Gray:
    """A pen line through points given from the top left of a box, in place and returned."""
    x, y, *_ = BOXES[box]
    at = np.rint((np.array(points_mm) * PER_MM + [x, y]) * 16).astype(np.int32)
    return cv2.polylines(on, [at], False, [gray], round(pen_mm * PER_MM), cv2.LINE_AA, 4)


def sheet(on: Gray) -> InkedPage:
    form = blank(0)
    laid = registered(on, form.template)
    return InkedPage(laid, find_ink(laid, form.printed, calibration("ink", InkLimits)), form.printed)


def cut(on: Gray, box: int = HERE) -> Written:
    others = tuple(one for place, one in enumerate(BOXES) if place != box)
    return written(sheet(on), BOXES[box], others, LIMITS, FRAME)


def strokes(seen: Written) -> int:
    return int(cv2.connectedComponents((seen.dark > INK).astype(np.uint8), connectivity=8)[0]) - 1


def extent_mm(seen: Written) -> tuple[float, float]:
    """Width and height of the ink."""
    rows, columns = np.nonzero(seen.dark > INK)
    return (np.ptp(columns) + 1) / PER_MM, (np.ptp(rows) + 1) / PER_MM


@pytest.mark.parametrize("blur", [0.0, 0.8])
def test_an_empty_printed_box_is_never_ink(blur: float) -> None:
    there = cv2.GaussianBlur(page(), (0, 0), blur) if blur else page()
    one = sheet(there)
    for place, box in enumerate(BOXES):
        others = (*BOXES[:place], *BOXES[place + 1 :])
        seen = written(one, box, others, LIMITS, FRAME)
        assert seen.ink_mm2 < LIMITS.least_mm2
        assert not (seen.dark > INK).any()


def test_a_stroke_inside_is_there_as_drawn() -> None:
    seen = cut(line(page(), HERE, (4.5, 1.2), (4.5, 4.8)))
    wide, high = extent_mm(seen)
    assert seen.whole
    assert strokes(seen) == 1
    assert 3.6 * 0.5 < seen.ink_mm2 < 3.6 * 0.9, "a pen of 0.5 mm with its soft rim"
    assert high == pytest.approx(4.1, abs=0.4)
    assert wide < 1.0


def test_how_much_print_the_ink_meets_is_measured() -> None:
    free = cut(line(page(), HERE, (4.5, 1.6), (4.5, 4.6)))
    touching = cut(line(page(), HERE, (4.5, 1.6), (4.5, 5.8)))
    along = cut(line(page(), HERE, (2.0, 5.3), (7.0, 5.3)))
    assert free.met_mm == 0
    assert 0.3 < touching.met_mm < 3
    assert along.met_mm > 4


@pytest.mark.parametrize("end", [(4.5, 8.4), (1.5, 8.4), (11.2, 3.0), (-1.2, 4.2), (4.6, -1.8)])
def test_a_tail_through_the_frame_stays_with_its_stroke(end: tuple[float, float]) -> None:
    seen = cut(line(page(), HERE, (4.0, 2.0), (4.5, 3.2), end))
    assert strokes(seen) == 1, "the frame cuts nothing in two"
    assert max(extent_mm(seen)) > 0.85 * max(abs(end[0] - 4.0), abs(end[1] - 2.0))


def test_the_frame_is_no_part_of_a_digit_that_meets_it() -> None:
    seen = cut(line(page(), HERE, (4.0, 0.2), (4.0, 5.9)))
    wide, _ = extent_mm(seen)
    assert wide < 1.6, "no piece of the upper or lower line"


def test_a_neighbours_tail_is_not_cut_out_and_not_hidden() -> None:
    on = line(page(), HERE - 1, (3.0, 1.0), (4.0, 5.0), (4.4, 11.5))  # from the box above down into this one
    seen = cut(on)
    assert not seen.whole
    assert not (seen.dark > INK).any()
    assert cut(on, HERE - 1).whole


def test_what_goes_on_far_beyond_is_no_number() -> None:
    assert not cut(line(page(), HERE, (2.0, 2.0), (25.0, 2.4))).whole


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 50), st.floats(1, 8), st.floats(1.5, 4.5)), max_size=5))
def test_ink_of_neighbours_changes_nothing(marks: list[tuple[int, float, float]]) -> None:
    alone = line(page(), HERE, (3.0, 1.5), (5.5, 1.5), (3.8, 4.8))
    beside = alone.copy()
    for box, x, y in marks:
        if box != HERE:
            line(beside, box, (x, y), (x - 0.8, y + 0.9), (x + 0.4, y - 0.3))
    assert np.allclose(cut(alone).dark, cut(beside).dark, atol=0.02)


@pytest.mark.parametrize(
    ("points", "told"),
    [
        (((4.0, 1.6), (4.0, 4.6)), False),
        (((4.0, 0.4), (4.0, 4.6)), False),
        (((2.6, 0.2), (5.4, 0.2), (4.0, 4.0)), True),
        (((5.2, 2.0), (3.0, 6.0), (5.6, 6.0)), True),
        (((0.2, 1.6), (0.2, 4.6), (2.0, 3.0)), True),
        (((4.0, 2.0), (3.6, 8.2)), False),
    ],
    ids=["clear", "up to the frame", "a bar above", "a foot below", "a stem beside", "a tail through it"],
)
@pytest.mark.parametrize("blur", [0.4, 0.9])
def test_a_stroke_under_the_frame_is_told(
    points: tuple[tuple[float, float], ...], told: bool, blur: float
) -> None:
    on = np.minimum(page(), line(page(), HERE, *points))  # ink on print is no paler than print
    assert cut(np.asarray(cv2.GaussianBlur(on, (0, 0), blur), np.uint8)).hidden is told


def test_ink_parted_with_a_streak_is_missed() -> None:
    on = line(page(), HERE, (2.0, 1.5), (6.0, 1.5), (4.0, 4.6))
    one = sheet(on)
    torn = one.ink.mask.copy()
    x = BOXES[HERE][0] + round(3.5 * PER_MM)
    torn[:, x : x + 8] = 0
    others = tuple(box for place, box in enumerate(BOXES) if place != HERE)
    streaked = replace(one, ink=replace(one.ink, mask=torn))
    assert written(one, BOXES[HERE], others, LIMITS, FRAME).whole
    assert not written(streaked, BOXES[HERE], others, LIMITS, FRAME).whole
