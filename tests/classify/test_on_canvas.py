"""Scanners that send all they can see: the ballot is found wherever it lies, and no more than one."""

import numpy as np
import pytest

from scanner.ballot import Category, Face, Reason
from scanner.classify.on_canvas import upright_on_canvas
from scanner.classify.upright import Upright
from scanner.opening import Atlas
from scanner.pipeline import read
from scanner.pixels import INCH_MM, Gray
from tests.scans import Lie, as_scanned, cross, printed, sheet, stamped
from tests.test_pipeline import BOXES, ORDINARY, STAMP_AT

DPI = 200
BARE = Lie(margin_mm=0)


def px(mm: float) -> int:
    return round(mm * DPI / INCH_MM)


def on_canvas(page: Gray, size_mm: tuple[float, float], at_mm: tuple[float, float], backing: int) -> Gray:
    """A page with its corner at `at_mm` in a noisy picture of `size_mm`."""
    canvas = np.full((px(size_mm[1]), px(size_mm[0])), backing, np.uint8)
    x, y = (px(one) for one in at_mm)
    canvas[y : y + page.shape[0], x : x + page.shape[1]] = page
    noise = np.random.default_rng(1).normal(0, 3, canvas.shape)
    return np.clip(canvas + noise, 0, 250).astype(np.uint8)


def found(image: Gray, atlas: Atlas) -> Upright | None:
    return upright_on_canvas(image, DPI, atlas.frames, atlas.bounds.upright, atlas.bounds.canvas)


@pytest.mark.parametrize("face", Face)
@pytest.mark.parametrize(("backing", "at_mm"), [(250, (0.0, 0.0)), (12, (7.0, 100.0)), (130, (14.0, 208.0))])
def test_a_page_lies_anywhere(atlas: Atlas, face: Face, backing: int, at_mm: tuple[float, float]) -> None:
    page = printed("A", face)
    one = found(on_canvas(page, (305, 432), at_mm, backing), atlas)
    assert one is not None
    assert (one.face, one.marks) == (face, 5)
    corner = one.to_image @ (0.0, 0.0, 1.0)
    assert np.hypot(*(corner - [px(at_mm[0]), px(at_mm[1])])) < px(0.5)


@pytest.mark.parametrize("quarters", [1, 3])
def test_a_page_fed_short_edge_first(atlas: Atlas, quarters: int) -> None:
    page = np.ascontiguousarray(np.rot90(printed("B", Face.INSIDE), quarters))
    one = found(on_canvas(page, (305, 432), (2.0, 3.0), 12), atlas)
    assert one is not None
    assert one.marks == 5


@pytest.mark.parametrize("backing", [12, 250])
def test_nothing_is_found_where_nothing_lies_or_more_than_one_page(atlas: Atlas, backing: int) -> None:
    page = printed("A", Face.INSIDE)
    assert found(on_canvas(page[:1, :1], (305, 432), (9.0, 9.0), backing), atlas) is None
    two = on_canvas(page, (305, 500), (5.0, 2.0), backing)
    two[px(240) : px(240) + page.shape[0], px(5) : px(5) + page.shape[1]] = page
    assert found(two, atlas) is None


@pytest.mark.parametrize(
    ("shape", "dpi"), [((40, 40), 1200), ((9000, 9000), 1), ((1, 3000), 200), ((3000, 2), 50)]
)
def test_no_shape_and_no_dpi_costs_memory(atlas: Atlas, shape: tuple[int, int], dpi: float) -> None:
    image = np.zeros(shape, np.uint8)
    image[::2] = 255
    assert upright_on_canvas(image, dpi, atlas.frames, atlas.bounds.upright, atlas.bounds.canvas) is None


def test_a_ballot_in_a_large_picture_is_read_as_ever(atlas: Atlas) -> None:
    inside = cross(printed("A", Face.INSIDE), BOXES[2].rect, pen_mm=0.6)
    outside = stamped(printed("A", Face.OUTSIDE), STAMP_AT)
    pages = [as_scanned(on_canvas(one, (305, 432), (7.0, 0.0), 250), BARE) for one in (inside, outside)]
    large, usual = (
        read(sheet(*sides), atlas, ORDINARY).verdict
        for sides in (pages, [as_scanned(inside), as_scanned(outside)])
    )
    assert (large.category, large.list, large.amendments) == (usual.category, usual.list, usual.amendments)
    assert large.category is Category.RETTET


def test_two_ballots_in_a_large_picture_are_doubt(atlas: Atlas) -> None:
    pages = []
    for face in Face:
        image = on_canvas(printed("A", face), (305, 480), (7.0, 2.0), 250)
        image[px(230) : px(230) + px(222), px(7) : px(7) + px(290)] = printed("B", face)[: px(222), : px(290)]
        pages.append(as_scanned(image, BARE))
    verdict = read(sheet(*pages), atlas, ORDINARY).verdict
    assert verdict.category is Category.TVILSOM
    assert {Reason.NOT_A_BALLOT, Reason.TWO_SHEETS} & set(verdict.reasons)
