"""Two overlapping ballots in one picture: neither is lost without a word, and single ones are left alone."""

import numpy as np
import pytest

from scanner.ballot import Category, Face, Reason
from scanner.classify.second_sheet import second_sheet, too_large
from scanner.classify.upright import upright
from scanner.opening import Atlas
from scanner.pipeline import read
from scanner.pixels import INCH_MM, Gray
from tests.scans import Lie, as_scanned, laid, paper, printed, sheet, stamped
from tests.test_pipeline import ORDINARY, STAMP_AT

DPI = 200
BARE = Lie(margin_mm=0)


def overlapping(top: Gray, beneath: Gray, off_mm: tuple[float, float], backing: int = 250) -> Gray:
    """One page over another that lies `off_mm` (right, down) of it, 6 mm of backing around both."""
    (right, down), margin = (round(one * DPI / INCH_MM) for one in off_mm), round(6 * DPI / INCH_MM)
    high, wide = top.shape
    image = np.full((high + abs(down) + 2 * margin, wide + abs(right) + 2 * margin), backing, np.uint8)
    x, y = margin + max(0, -right), margin + max(0, -down)
    image[y + down : y + down + high, x + right : x + right + wide] = beneath
    image[y : y + high, x : x + wide] = top
    return image


def seen(image: Gray, atlas: Atlas) -> bool:
    found = upright(image, DPI, atlas.frames, atlas.bounds.upright)
    assert found is not None
    return second_sheet(image, found, atlas.frames, atlas.bounds.second)


@pytest.mark.parametrize(
    ("off_mm", "backing"),
    [((0, 17), 250), ((0, -20), 12), ((0, 28), 250), ((24, 0), 12), ((-25, 0), 250), ((14, 18), 12)],
)
def test_marks_of_the_sheet_beneath(atlas: Atlas, off_mm: tuple[float, float], backing: int) -> None:
    one, other = (printed(name, Face.INSIDE) for name in "AB")
    assert seen(overlapping(one, other, off_mm, backing), atlas)
    assert seen(overlapping(one, np.ascontiguousarray(other[::-1, ::-1]), off_mm, backing), atlas)


@pytest.mark.parametrize("face", Face)
@pytest.mark.parametrize(("backing", "skew"), [(12, 3.0), (130, 0.0), (250, 3.0)])
def test_a_single_sheet_with_much_backing(atlas: Atlas, face: Face, backing: int, skew: float) -> None:
    image, _ = laid(printed("A", face), Lie(margin_mm=15, backing=backing, skew_deg=skew), DPI)
    noise = np.random.default_rng(1).normal(0, 6, image.shape)
    assert not seen(np.clip(image + noise, 0, 255).astype(np.uint8), atlas)


def test_paper_that_is_larger_than_a_ballot(atlas: Atlas) -> None:
    found = upright(printed("A", Face.INSIDE), DPI, atlas.frames, atlas.bounds.upright)
    assert found is not None
    wide, high = paper()[1]["A"].page_mm
    assert [too_large((wide + more, high), found, atlas.bounds.second) for more in (0.0, 3.0, 12.0)] == [
        False,
        False,
        True,
    ]
    assert too_large((wide, high + 12), found, atlas.bounds.second)


def two_fed_as_one(off_mm: tuple[float, float], backing: int) -> tuple[bytes, bytes]:
    """Front and back of two stamped ballots, one over the other: each side shows another one whole."""
    fronts = overlapping(printed("A", Face.INSIDE), printed("B", Face.INSIDE), off_mm, backing)
    outsides = [stamped(printed(name, Face.OUTSIDE), STAMP_AT) for name in "BA"]
    backs = overlapping(outsides[0], outsides[1], (off_mm[0], -off_mm[1]), backing)
    return as_scanned(fronts, BARE), as_scanned(backs, BARE)


@pytest.mark.parametrize(
    ("off_mm", "backing"), [((0, 20), 250), ((0, 12), 12), ((13, 0), 12), ((25, 0), 250)]
)
def test_two_sheets_go_to_a_person(atlas: Atlas, off_mm: tuple[float, float], backing: int) -> None:
    verdict = read(sheet(*two_fed_as_one(off_mm, backing)), atlas, ORDINARY).verdict
    assert verdict.category is Category.TVILSOM
    assert Reason.TWO_SHEETS in verdict.reasons
    assert not verdict.amendments
