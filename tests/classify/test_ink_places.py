from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.ballot import Rect
from scanner.classify.atlas import PER_MM
from scanner.classify.ink import Stroke
from scanner.classify.ink_places import around, meet, rect_of

sides = st.integers(0, 40).map(lambda one: one / 4)
rects = st.builds(Rect, sides, sides, sides, sides)


@settings(max_examples=60)
@given(rects, rects, sides)
def test_meeting_is_mutual_and_a_wider_gap_never_parts(one: Rect, other: Rect, gap: float) -> None:
    assert meet(one, other, gap) == meet(other, one, gap)
    assert meet(one, other, gap) >= meet(one, other)
    assert meet(one, one)


def test_what_touches_meets_and_what_lies_apart_needs_the_gap() -> None:
    left = Rect(0, 0, 10, 5)
    assert meet(left, Rect(10, 5, 1, 1))
    assert not meet(left, Rect(12, 0, 1, 1))
    assert meet(left, Rect(12, 0, 1, 1), 2)
    assert not meet(left, Rect(0, 8, 1, 1), 2)


@settings(max_examples=60)
@given(rects, rects)
def test_around_two_is_the_smallest_that_holds_both(one: Rect, other: Rect) -> None:
    both = around(one, other)
    assert (both.x, both.y) == (min(one.x, other.x), min(one.y, other.y))
    assert both.x + both.w == max(one.x + one.w, other.x + other.w)
    assert both.y + both.h == max(one.y + one.h, other.y + other.h)
    assert around(other, one) == both


def test_a_stroke_lies_where_its_pixels_do() -> None:
    rect = rect_of(Stroke(round(20 * PER_MM), 0, round(4 * PER_MM), 8, 1.0, 0.5))
    assert abs(rect.x - 20) < 1 / PER_MM
    assert abs(rect.w - 4) < 1 / PER_MM
    assert rect.h == 8 / PER_MM
