"""Whether the names are those of the list: another one, a missing one, and the right one struck out."""

from dataclasses import replace

import numpy as np
import pytest

from scanner.ballot import Face, FieldKind
from scanner.classify.atlas import DPI
from scanner.classify.printed_names import NameBounds, other_names
from scanner.classify.register import align, prepare
from scanner.classify.registered import Limits, Registered
from scanner.config import calibration
from tests.scans import blotted, line, paper, printed

BOUNDS = calibration("printed_names", NameBounds)
LIMITS = calibration("registration", Limits)
LINES = paper()[1]["A"].of(FieldKind.CANDIDATE_LINE)
TEMPLATE = prepare(printed("A", Face.INSIDE), DPI, LIMITS)


def laid(page: np.ndarray) -> Registered:
    return align(page, TEMPLATE, np.eye(3), LIMITS)


def differing(page: np.ndarray) -> list[int | None]:
    return [one.candidate for one in other_names(laid(page), LINES, BOUNDS)]


def test_the_right_form_has_all_its_names() -> None:
    assert differing(printed("A", Face.INSIDE)) == []


def test_a_name_that_is_not_there_is_missed() -> None:
    page = blotted(printed("A", Face.INSIDE), LINES[2].rect.grown(-0.5), gray=255)
    assert differing(page) == [LINES[2].candidate]


def test_the_names_of_another_list_differ_in_every_line() -> None:
    page = printed("A", Face.INSIDE)
    page[200:] = printed("B", Face.INSIDE)[200:]
    assert differing(page) == [one.candidate for one in LINES]


@pytest.mark.parametrize("gray", [20, 90, 150])
def test_a_name_struck_out_or_blackened_is_still_that_name(gray: int) -> None:
    page, rect = printed("A", Face.INSIDE), LINES[1].rect
    struck = line(page.copy(), (rect.x, rect.y + 3), (rect.x + rect.w, rect.y + 3), pen_mm=0.8, gray=gray)
    assert differing(np.minimum(page, struck)) == []
    dark = np.minimum(page, blotted(page.copy(), rect, gray=60))
    assert differing(dark) == []


def test_faint_print_is_print() -> None:
    page = printed("A", Face.INSIDE)
    assert differing((255 - (255 - page.astype(int)) // 2).astype(np.uint8)) == []


def test_the_bound_decides() -> None:
    page = blotted(printed("A", Face.INSIDE), LINES[2].rect.grown(-0.5), gray=255)
    assert other_names(laid(page), LINES, replace(BOUNDS, gone=1.0)) == ()
    assert other_names(laid(page), (), BOUNDS) == ()
