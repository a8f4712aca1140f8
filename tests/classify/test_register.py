"""A page is laid right, or said not to fit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.classify.register import align, find_page, prepare
from scanner.classify.registered import Misfit, Registered
from scanner.classify.warp import NODE
from tests.foreign import BOXES, DPI, LIMITS, OTHERS, UNIT, Gray, cross, form, scan, stretched, template


def laid(image: Gray) -> Registered | None:
    start = find_page(image, template(), LIMITS)
    return None if start is None else align(image, template(), start, LIMITS)


def offset(page: Registered, image: Gray) -> float:
    """Mean difference in level between the laid page and the form, print and paper brought alike."""
    contrast = page.paper - page.black
    ours = (page.image.astype(float) - page.black) / contrast * 255
    return float(np.abs(ours - template().gray).mean())


@settings(max_examples=6, deadline=None)
@given(
    degrees=st.floats(-3, 3),
    turned=st.booleans(),
    scale=st.sampled_from([0.75, 0.98, 1.0, 1.02, 1.5]),
    shift=st.tuples(st.floats(-20, 20), st.floats(-20, 20)),
)
def test_a_skewed_turned_scaled_page_lies_within_a_pixel(
    degrees: float, turned: bool, scale: float, shift: tuple[float, float]
) -> None:
    image = scan(form(), degrees + 180 * turned, scale, shift)
    page = laid(image)
    assert page is not None
    assert page.ok, page.fault
    assert page.residual_px < 0.6
    assert offset(page, image) < 12
    assert page.page_ncc > 0.95


def test_it_knows_where_on_the_scan_each_point_came_from() -> None:
    page = laid(scan(form(), shift=(11, -6)))
    assert page is not None
    x, y = page.to_scan[3, 2]
    at = (2 * NODE - NODE / 2 - 0.5, 3 * NODE - NODE / 2 - 0.5)
    assert x - at[0] == pytest.approx(30 + 11, abs=0.7)
    assert y - at[1] == pytest.approx(30 - 6, abs=0.7)


@pytest.mark.parametrize(("px", "period"), [(2, 800), (3, 1200), (1, 400)])
def test_uneven_feeding_is_taken_up(px: float, period: float) -> None:
    page = laid(scan(stretched(form(), px, period), 1))
    assert page is not None
    assert page.ok
    assert page.residual_p95_px < 1.5


def test_marks_do_not_disturb_it() -> None:
    image = form()
    for one in BOXES:
        image = cross(image, one, 7)
    page = laid(scan(image, -1.5))
    assert page is not None
    assert page.ok
    assert page.differing == 0


@pytest.mark.parametrize(
    "image",
    [
        np.full((1260, 960), 240, np.uint8),
        np.random.default_rng(1).integers(0, 255, (1260, 960), dtype=np.uint8),
        scan(form())[:, ::-1].copy(),
        255 - scan(form()),
        scan(form())[:620],
        np.vstack([scan(form())[:620], np.full((640, 960), 235, np.uint8)]),
        np.zeros((40, 60), np.uint8),
    ],
    ids=["blank", "noise", "mirrored", "negative", "half", "half torn off", "tiny"],
)
def test_what_is_not_this_form_says_so(image: Gray) -> None:
    page = laid(image)
    assert page is None or not page.ok
    assert page is None or isinstance(page.fault, Misfit)


def test_another_form_of_the_same_layout_differs_in_print() -> None:
    page = laid(scan(form(OTHERS, "FYLKESTINGSVALG 2027")))
    assert page is None or page.fault in {Misfit.PRINT_DIFFERS, Misfit.STRETCHED, Misfit.NOT_FOUND}


def test_one_other_name_is_seen_where_it_stands() -> None:
    names = form()
    x, y, *_ = BOXES[2]
    names[y - 6 : y + 66, x + 45 : x + 260] = form(OTHERS)[y - 6 : y + 66, x + 45 : x + 260]
    page = laid(scan(names))
    assert page is not None
    assert page.ok
    assert not page.gone_near(BOXES[9], 10) or not page.gone.any()


def test_the_scanners_black_background_is_not_paper() -> None:
    framed = np.zeros((1500, 1200), np.uint8)
    paper = scan(form())
    framed[120 : 120 + paper.shape[0], 110 : 110 + paper.shape[1]] = paper
    page = laid(framed)
    assert page is not None
    assert page.ok
    assert (page.seen > 0).mean() > 0.95


def test_the_same_page_is_laid_the_same_way_twice() -> None:
    image = scan(form(), 1.2)
    first, second = laid(image), laid(image)
    assert first is not None
    assert second is not None
    assert np.array_equal(first.image, second.image)
    assert np.array_equal(first.to_scan, second.to_scan)


def test_a_form_without_print_prepares_and_never_fits() -> None:
    empty = prepare(np.full((800, 600), 255, np.uint8), DPI, LIMITS)
    assert find_page(scan(form()), empty, LIMITS) is None
    page = align(scan(form()), empty, np.eye(3), LIMITS)
    assert page.fault is Misfit.NOT_FOUND
    assert not page.shows((10, 10, int(UNIT), int(UNIT)))
