"""Only what the printer did not put there is ink."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.classify.ink import Ink, find_ink
from scanner.classify.register import align, find_page
from scanner.classify.registered import Registered
from scanner.classify.streaks import StreakLimits, find_streaks, part_streaks
from scanner.config import calibration
from tests.foreign import BOXES, INK, LIMITS, UNIT, Gray, cross, form, pen, prints, scan, template

BLANK = (500.0, 1150.0)  # nothing is printed around this point


def registered(image: Gray) -> Registered:
    start = find_page(image, template(), LIMITS)
    assert start is not None
    page = align(image, template(), start, LIMITS)
    assert page.ok
    return page


def inked(image: Gray) -> Ink:
    return find_ink(registered(image), prints(), INK)


@pytest.mark.parametrize("degrees", [0, 1.3, -2.4, 180])
def test_a_clean_page_has_no_ink(degrees: float) -> None:
    assert inked(scan(form(), degrees)).strokes == ()


def test_thicker_and_thinner_print_is_no_ink() -> None:
    thicker = form().copy()
    thicker[1:] = np.minimum(thicker[1:], form()[:-1])
    assert inked(scan(thicker)).strokes == ()


def test_uneven_light_is_no_ink() -> None:
    shaded = scan(form()) * np.linspace(0.8, 1, 960)[None]
    assert inked(shaded.astype(np.uint8)).strokes == ()


@settings(max_examples=5, deadline=None)
@given(
    x=st.integers(60, 800), y=st.integers(1125, 1150), length=st.integers(20, 80), level=st.integers(20, 120)
)
def test_a_stroke_on_bare_paper_is_measured(x: int, y: int, length: int, level: int) -> None:
    end = min(x + length, 850)
    ink = inked(scan(pen(form(), [(x, y), (end, y)], 5, level)))
    (stroke,) = ink.strokes
    assert 0.8 * (end - x) * 5 < stroke.area_mm2 * UNIT**2 < (end - x + 10) * 9  # blur widens a dark line
    assert abs(stroke.x - (x - 2)) <= 6
    assert abs(stroke.y - (y - 2)) <= 6
    assert stroke.depth > 0.25
    assert ink.labels.max() == 1


def test_a_cross_over_a_box_is_one_stroke_though_print_hides_part() -> None:
    (stroke,) = inked(scan(cross(form(), BOXES[4]))).strokes
    assert stroke.area_mm2 > 2


def test_ink_never_lies_where_print_hides_the_paper() -> None:
    ink = inked(scan(cross(form(), BOXES[4])))
    assert not (ink.mask[prints().blind > 0] > 0).any()


def test_a_streak_is_parted_from_the_marks_it_ties_together() -> None:
    image = form()
    for one in BOXES[:3]:
        image = cross(image, one)
    x = BOXES[0][0] + 16.0
    image = pen(image, [(x, 5), (x, 1195)], 2, 120)
    limits = calibration("streaks", StreakLimits)
    tied = inked(scan(image))
    streaks = find_streaks(tied, UNIT, limits)
    parted = part_streaks(tied, streaks, UNIT, INK)
    assert streaks[:, round(x) // 4 - 1 : round(x) // 4 + 2].any()
    assert max(one.h for one in tied.strokes) > 40 * UNIT
    assert max(one.h for one in parted.strokes) < 15 * UNIT


def test_a_page_without_streaks_keeps_its_ink() -> None:
    ink = inked(scan(cross(form(), BOXES[0])))
    streaks = find_streaks(ink, UNIT, calibration("streaks", StreakLimits))
    assert not streaks.any()
    assert part_streaks(ink, streaks, UNIT, INK) is ink
