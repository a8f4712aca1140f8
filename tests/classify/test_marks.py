"""Reader A is sure of clear marks and clear boxes, and of nothing in between."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.ballot import MarkState
from scanner.classify.field_ink import FieldInk, stray
from scanner.classify.ink import find_ink
from scanner.classify.marks import Doubt, FieldShape, MarkLimits, Sighting, Target, _odd_mark, read_fields
from scanner.classify.register import align, find_page
from scanner.classify.streaks import StreakLimits, find_streaks, part_streaks
from scanner.config import calibration
from tests.foreign import (
    BOXES,
    INK,
    LIMITS,
    MARKS,
    OTHERS,
    UNIT,
    Gray,
    cross,
    form,
    pen,
    prints,
    scan,
    template,
)

MARKED, UNMARKED, DOUBTFUL = MarkState.MARKED, MarkState.UNMARKED, MarkState.DOUBTFUL
TARGETS = tuple(Target(one) for one in BOXES)
X, Y, W, H = BOXES[7]


def read(image: Gray, targets: tuple[Target, ...] = TARGETS, degrees: float = 0.6) -> tuple[Sighting, ...]:
    worn = scan(image, degrees)
    start = find_page(worn, template(), LIMITS)
    assert start is not None
    page = align(worn, template(), start, LIMITS)
    ink = find_ink(page, prints(), INK)
    streaks = find_streaks(ink, UNIT, calibration("streaks", StreakLimits))
    ink = part_streaks(ink, streaks, UNIT, INK)
    return read_fields(page, ink, prints(), targets, MARKS, streaks=streaks)


def states(image: Gray) -> tuple[MarkState, ...]:
    return tuple(one.state for one in read(image))


def test_a_clean_form_is_unmarked_everywhere() -> None:
    assert set(states(form())) == {UNMARKED}


@settings(max_examples=5, deadline=None)
@given(
    chosen=st.sets(st.integers(0, 17)),
    thick=st.integers(3, 6),
    level=st.integers(20, 120),
    degrees=st.sampled_from([-2.5, 0.0, 1.0, 180.0]),
)
def test_crosses_are_read_where_they_stand(chosen: set[int], thick: int, level: int, degrees: float) -> None:
    image = form()
    for one in chosen:
        image = cross(image, BOXES[one], thick, level)
    seen = read(image, degrees=degrees)
    assert [one.state for one in seen] == [MARKED if place in chosen else UNMARKED for place in range(18)]
    assert all((one.probability > 0.5) == (place in chosen) for place, one in enumerate(seen))


RING = [(X + 17 + 26 * np.cos(a), Y + 15 + 24 * np.sin(a)) for a in np.linspace(0, 6.3, 40)]
FAINT = [(X + 3, Y + 3), (X + 30, Y + 27), (X + 17, Y + 15), (X + 30, Y + 3), (X + 3, Y + 27)]
ODD: dict[str, tuple[list[tuple[float, float]], int, int]] = {
    "dot": ([(X + 17, Y + 15), (X + 17, Y + 15)], 6, 40),
    "dash": ([(X + 12, Y + 15), (X + 22, Y + 15)], 4, 40),
    "hook beside": ([(X - 14, Y + 6), (X - 9, Y + 22), (X - 5, Y + 10)], 4, 40),
    "ring around": (
        [(X + 17 + 26 * np.cos(a), Y + 15 + 24 * np.sin(a)) for a in np.linspace(0, 6.3, 40)],
        4,
        40,
    ),
    "faint cross": (
        [(X + 3, Y + 3), (X + 30, Y + 27), (X + 17, Y + 15), (X + 30, Y + 3), (X + 3, Y + 27)],
        4,
        205,
    ),
    "stroke through two": ([(X + 17, Y - 2), (X + 17, Y + 175)], 4, 40),
    "blacked out": ([(X - 20 + 74 * (i % 2), Y - 20 + 7 * i) for i in range(11)], 8, 40),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_ink_is_doubtful(name: str) -> None:
    points, thick, level = ODD[name]
    seen = read(pen(form(), points, thick, level))[7]
    assert seen.state is DOUBTFUL, seen
    assert seen.doubt is not None
    assert 0.1 <= seen.probability <= 0.9


@pytest.mark.parametrize("level", [60, 110, 150, 190, 205])
def test_a_millimetre_of_pencil_across_the_target_is_never_unmarked(level: int) -> None:
    line = pen(form(), [(X, Y + H / 2), (X + W, Y + H / 2)], round(UNIT), level)
    assert read(line)[7].state is not UNMARKED


def test_a_tick_half_outside_is_a_mark() -> None:
    tick = pen(form(), [(X + 4, Y + 12), (X + 14, Y + 26), (X + 44, Y - 18)], 4, 50)
    assert read(tick)[7].state is MARKED


def test_a_stroke_belongs_to_the_field_with_most_of_its_ink() -> None:
    big = pen(cross(form(), BOXES[7]), [(X + 17, Y + 15), (X + 17, Y + 152)], 4, 50)
    seen = read(big)
    assert seen[8].doubt in {Doubt.FOREIGN, Doubt.SHARED}
    assert seen[7].state is not UNMARKED


def test_a_streak_through_a_box_is_doubt_but_not_for_its_neighbours() -> None:
    seen = read(pen(form(), [(X + 17, 5), (X + 17, 1195)], 2, 110), degrees=0)
    column = range(6, 12)
    assert all(seen[place].state is DOUBTFUL for place in column)
    assert all(one.state is UNMARKED for place, one in enumerate(seen) if place not in column)


def test_a_streak_along_the_outline_of_empty_boxes_is_no_doubt() -> None:
    seen = read(cross(pen(form(), [(X + 1, 5), (X + 1, 1195)], 2, 110), BOXES[8]), degrees=0)
    column = range(6, 12)
    assert all(seen[place].state is UNMARKED for place in column if place != 8)
    assert any(seen[place].crossed for place in column)
    assert seen[8].state is not UNMARKED


def test_another_name_beside_the_box_is_doubt() -> None:
    image = form()
    other = np.s_[Y - 6 : Y + 66, X + 45 : X + 270]
    image[other] = form(OTHERS)[other]
    seen = read(cross(image, BOXES[7]))
    assert seen[7].doubt is Doubt.PRINT_DIFFERS
    assert seen[0].state is UNMARKED


def test_ink_over_the_name_of_a_marked_box_is_doubt() -> None:
    image = pen(cross(form(), BOXES[7]), [(X + 55, Y + 16), (X + 235, Y + 18)], 4, 50)
    assert read(image)[7].doubt in {Doubt.CROSSED_OUT, Doubt.FAR}


@pytest.mark.parametrize("shape", [FieldShape.LINE, FieldShape.AREA])
def test_writing_on_a_line_or_in_an_area_counts_however_far_it_reaches(shape: FieldShape) -> None:
    place = (Target((40, 1120, 800, 50), shape),)
    written = pen(form(), [(100 + 12 * i, 1135 + 20 * (i % 2)) for i in range(40)], 4, 60)
    speck = pen(form(), [(300, 1140), (302, 1140)], 3, 60)
    assert read(written, place)[0].state is MARKED
    assert read(speck, place)[0].state is DOUBTFUL
    assert read(form(), place)[0].state is UNMARKED


def test_a_page_that_does_not_fit_gives_only_doubt() -> None:
    page = align(np.full((1260, 960), 240, np.uint8), template(), np.eye(3), LIMITS)
    seen = read_fields(page, find_ink(page, prints(), INK), prints(), TARGETS, MARKS)
    assert {(one.state, one.probability) for one in seen} == {(DOUBTFUL, 0.5)}


def test_stray_ink_is_what_no_field_holds() -> None:
    image = scan(pen(cross(form(), BOXES[0]), [(300, 1140), (380, 1140)], 5, 50))
    start = find_page(image, template(), LIMITS)
    assert start is not None
    ink = find_ink(align(image, template(), start, LIMITS), prints(), INK)
    (one,) = stray(ink, BOXES, MARKS.stray_mm2, MARKS.edge_mm, UNIT)
    assert abs(one.x - 298) < 8
    assert stray(ink, BOXES, 100, MARKS.edge_mm, UNIT) == ()
    assert stray(ink, BOXES, MARKS.stray_mm2, 60, UNIT) == ()


def test_a_cross_much_smaller_than_a_large_box_is_a_mark_and_a_short_dash_in_it_is_not():
    seen = FieldInk(5.3, 0, 0, 0.24, 0.6, 0.8, 0.2, 4.5, 0.1, 0, extent_mm=4.5)
    limits = calibration("marks", MarkLimits)
    assert _odd_mark(seen, limits) is None
    assert _odd_mark(replace(seen, extent=0.5, extent_mm=2.9), limits) is Doubt.LITTLE_INK
