"""At one place of a page: has the print moved, is some of it gone, and are these the right words."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.classify.places import gone_share, likeness, print_shift
from scanner.classify.register import align
from scanner.classify.registered import Rect, Registered
from tests.foreign import BOXES, LIMITS, OTHERS, Gray, cross, form, pen, scan, template

Y, X = BOXES[2][1], BOXES[2][0]
NAME: Rect = (X + 46, Y - 4, 200, 68)  # beside the third box: a name and a line below it
WORDS: Rect = (X + 46, Y - 4, 200, 38)  # the name alone
FREE: Rect = (60, 1125, 400, 40)  # nothing is printed here
ALL: Rect = (0, 0, 900, 1200)


def laid(page: Gray) -> Registered:
    """The page as a scanner shows it, laid where it is known to lie."""
    image = scan(page)[30:-30, 30:-30]
    return align(np.ascontiguousarray(image), template(), np.eye(3), LIMITS)


@cache
def clean() -> Registered:
    return laid(form())


def part(rect: Rect) -> tuple[slice, slice]:
    x, y, w, h = rect
    return slice(y, y + h), slice(x, x + w)


def with_shift(rect: Rect, dx: int, dy: int) -> Registered:
    """The clean page with what is printed in one place moved."""
    image, room = clean().image.copy(), part(rect)
    image[room] = round(clean().paper)
    image[part((rect[0] + dx, rect[1] + dy, *rect[2:]))] = clean().image[room]
    return replace(clean(), image=image)


def with_other_name() -> Registered:
    page = form()
    page[part(NAME)] = form(OTHERS)[part(NAME)]
    return laid(page)


def with_hole() -> Registered:
    page = form()
    page[part(NAME)] = 255
    return laid(page)


def scribbled() -> Registered:
    page = cross(form(), BOXES[2], 6)
    for down in (8, 20, 30):
        page = pen(page, [(X + 50, Y + down), (X + 220, Y + down + 4)], 4, 30)
    return laid(page)


def test_print_that_lies_where_it_should_has_not_moved() -> None:
    for box in BOXES:
        _, gain = print_shift(clean(), (box[0] + 46, box[1] - 4, 200, 68))
        assert gain < 0.05
    assert print_shift(clean(), NAME)[0] <= 1.5


@settings(max_examples=20, deadline=None)
@given(st.integers(-7, 7), st.integers(-7, 7))
def test_how_far_print_has_moved_is_measured(dx: int, dy: int) -> None:
    off, gain = print_shift(with_shift(NAME, dx, dy), NAME)
    if max(abs(dx), abs(dy)) <= 1:
        assert gain < 0.1
    else:
        assert off == pytest.approx(np.hypot(dx, dy), abs=1.5)
        assert 0 <= gain <= 1
    if np.hypot(dx, dy) >= 4:
        assert gain > 0.15


def test_a_voters_ink_moves_nothing() -> None:
    off, gain = print_shift(scribbled(), NAME)
    assert gain < 0.1
    assert off < 2 or gain < 0.05


@pytest.mark.parametrize(
    "rect",
    [FREE, (-40, -40, 30, 30), (880, 1190, 60, 60), (X + 50, Y, 5, 60), (X + 50, Y, 60, 5), (0, 0, 0, 0)],
    ids=["nothing printed", "off the page", "at the corner", "narrow", "low", "empty"],
)
def test_where_little_is_printed_nothing_is_said_of_a_shift(rect: Rect) -> None:
    assert print_shift(clean(), rect) == (0.0, 0.0)


def test_nothing_is_gone_from_a_clean_page_nor_from_one_written_on() -> None:
    assert gone_share(clean(), ALL) < 0.001
    assert gone_share(clean(), NAME) == 0
    assert gone_share(scribbled(), NAME) == 0


def test_print_that_is_missing_is_gone_here_and_not_elsewhere() -> None:
    holed = with_hole()
    assert gone_share(holed, NAME) > 0.9
    other = BOXES[9]
    assert gone_share(holed, (other[0] + 46, other[1] - 4, 200, 68)) < 0.02


def test_another_name_lacks_some_of_the_print() -> None:
    assert 0.02 < gone_share(with_other_name(), NAME) < 0.9


def test_of_what_is_not_printed_or_not_on_the_scan_nothing_is_said_to_be_gone() -> None:
    holed = with_hole()
    seen = holed.seen.copy()
    seen[Y // 8 + 2, X // 8 + 12] = 0
    assert gone_share(replace(holed, seen=seen), NAME) == 0
    assert gone_share(holed, FREE) == 0
    assert gone_share(holed, (-500, 20, 40, 40)) == 0
    assert gone_share(holed, (X + 50, Y, 4, 4)) == 0


@pytest.mark.parametrize("box", BOXES[::5])
def test_the_right_words_look_like_themselves(box: Rect) -> None:
    x, y, *_ = box
    assert likeness(clean(), (x + 46, y - 4, 200, 68)) > 0.9


def test_other_words_and_no_words_look_less_like_them_than_words_written_over() -> None:
    right = likeness(clean(), WORDS)
    assert likeness(with_other_name(), WORDS) < right - 0.1
    assert likeness(with_hole(), WORDS) < 0.5
    assert 0.3 < likeness(scribbled(), WORDS) < right


@pytest.mark.parametrize(("dx", "dy"), [(2, 0), (0, -2), (-3, 3)])
def test_words_a_little_beside_their_place_are_still_themselves(dx: int, dy: int) -> None:
    half = np.roll(clean().half, (dy // 2, dx // 2), (0, 1))
    assert likeness(replace(clean(), half=half), NAME) > 0.85


@pytest.mark.parametrize("rect", [(-500, 20, 40, 40), (899, 1199, 50, 50), (X, Y, 6, 3)])
def test_where_there_is_no_room_for_words_none_are_missed(rect: Rect) -> None:
    assert likeness(clean(), rect) == 1.0


@settings(max_examples=40, deadline=None)
@given(st.tuples(st.integers(-99, 950), st.integers(-99, 1250), st.integers(0, 300), st.integers(0, 300)))
def test_every_rectangle_is_answered_within_range(rect: Rect) -> None:
    off, gain = print_shift(clean(), rect)
    assert 0 <= off <= 8 * np.sqrt(2)
    assert -0.001 <= gain <= 1
    assert 0 <= gone_share(clean(), rect) <= 0.05
    assert -1.001 <= likeness(clean(), rect) <= 1.001
