"""Which ink belongs to which line: a tail from the line above is no name (Ski 2011)."""

import numpy as np
import pytest

from scanner.ballot import Face, Field, FieldKind, Mark, MarkState, Rect
from scanner.classify.atlas import PER_MM
from scanner.classify.hands import LineLimits
from scanner.classify.ink import Ink, InkLimits, label_strokes
from scanner.classify.written_lines import WrittenIn, _pieces, _struck, _without_tails
from scanner.config import calibration
from scanner.pixels import Gray

LINES = (Rect(10.0, 20.0, 60.0, 7.0), Rect(10.0, 27.0, 60.0, 7.0), Rect(10.0, 34.0, 60.0, 7.0))
PLACES = [(Field(Face.INSIDE, FieldKind.WRITE_IN, rect, line=n),) for n, rect in enumerate(LINES, 1)]


@pytest.fixture(scope="module")
def limits() -> LineLimits:
    return calibration("written_lines", LineLimits)


def page(*blots: Rect) -> tuple[Gray, Ink]:
    """A page of 80 x 60 mm on which these rectangles are black."""
    size = (round(60 * PER_MM) // 4 * 4, round(80 * PER_MM) // 4 * 4)
    gray = np.full(size, 240, np.uint8)
    for one in blots:
        y, x = round(one.y * PER_MM), round(one.x * PER_MM)
        gray[y : y + round(one.h * PER_MM), x : x + round(one.w * PER_MM)] = 40
    mask = np.where(gray < 100, 255, 0).astype(np.uint8)
    none = np.zeros((size[0] // 4, size[1] // 4), np.uint8)
    numbers = calibration("ink", InkLimits)
    labels, strokes = label_strokes(mask, 240 - gray, 200.0, PER_MM, numbers, bridge=none)
    return gray, Ink(mask, 240 - gray, labels, strokes, 200.0, none)


def rows(limits: LineLimits, *blots: Rect) -> list[int]:
    """To which line (0, 1, 2 or -1) each blot belongs, in their order from left to right."""
    found = _pieces(*page(*blots), PLACES, limits)
    order = np.argsort(found.boxes[1:, 0]) + 1
    return [int(found.row[one]) for one in order]


def test_a_letter_belongs_to_its_line(limits: LineLimits) -> None:
    assert rows(limits, Rect(12, 21, 3, 4), Rect(20, 28, 3, 4), Rect(30, 35, 3, 4)) == [0, 1, 2]


def test_a_letter_with_a_tail_belongs_to_the_line_it_stands_on(limits: LineLimits) -> None:
    assert rows(limits, Rect(12, 22, 3, 8)) == [0]  # 5 mm of it in the first line, 3 mm in the second


def test_a_dot_or_ring_above_belongs_to_the_letter_below_it(limits: LineLimits) -> None:
    assert rows(limits, Rect(12.5, 26.1, 0.7, 0.7), Rect(12.6, 28, 3, 4)) == [1, 1]


def test_a_full_stop_stays_on_its_own_line(limits: LineLimits) -> None:
    assert rows(limits, Rect(12, 21, 3, 4), Rect(15.5, 24.3, 0.7, 0.7), Rect(40, 28, 3, 4)) == [0, 0, 1]


def test_a_stroke_through_two_lines_is_seen_to_run_through_both(limits: LineLimits) -> None:
    found = _pieces(*page(Rect(12, 22, 3, 10)), PLACES, limits)
    assert found.entangled[1]
    assert not _pieces(*page(Rect(12, 22, 3, 6)), PLACES, limits).entangled[1]


def test_lines_with_nothing_but_tails_are_unmarked() -> None:
    marks = tuple(Mark(fields[0], MarkState.MARKED, None, 3.0) for fields in PLACES)
    assert [one.state for one in _without_tails(marks, [2])] == [
        MarkState.MARKED, MarkState.UNMARKED, MarkState.MARKED,
    ]  # fmt: skip


def test_a_line_through_writing_strikes_it_and_a_bar_of_one_letter_does_not(limits: LineLimits) -> None:
    mask = np.zeros((40, 200), np.uint8)
    mask[5:35, 10:190:12] = 255
    barred, struck = mask.copy(), mask.copy()
    barred[15:18, 10:60] = 255
    struck[18:21, 5:195] = 255
    assert [_struck(one, limits) for one in (mask, barred, struck)] == [False, False, True]


def test_a_slightly_rising_line_strikes_as_well(limits: LineLimits) -> None:
    mask = np.zeros((40, 200), np.uint8)
    mask[5:35, 10:190:12] = 255
    for x in range(5, 195):
        mask[24 - x // 25 : 27 - x // 25, x] = 255
    assert _struck(mask, limits)


def test_nothing_said_is_nothing_changed() -> None:
    assert WrittenIn((), (), ()).sure == ()
