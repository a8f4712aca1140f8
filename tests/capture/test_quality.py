"""Findings on scanned sides: what is wrong is named, and sides as scanners send them are left alone."""

from dataclasses import replace

import numpy as np
import pytest

from scanner.ballot import Face
from scanner.capture.quality import Flaw, look
from scanner.layout.raster import picture
from scanner.layout.styles import styles
from scanner.pixels import INCH_MM, Gray
from scanner.simulate.scan import paper, scanned, with_bleed
from scanner.simulate.wear import Corner, Scanner, Wear, scanner, wear
from tests.strategies import small_election

ELECTION = small_election()
STYLE = styles(ELECTION)[0]
SIZES = (STYLE.page_mm,)
DPI = 200.0


def worn(level: int, seed: int, **changes: object) -> tuple[Wear, Scanner]:
    """A sheet's fate in front of a black backing, with `changes` to the scanner."""
    rng = np.random.default_rng([seed, level])
    on = replace(scanner(level, rng), backing=12, margin_mm=(6.0, 5.0), **changes)  # type: ignore[arg-type]
    return replace(wear(on, STYLE.page_mm, STYLE.folds_mm, rng), corner=None), on


def sides(fate: Wear) -> tuple[Gray, Gray]:
    faces = [with_bleed(picture(ELECTION, STYLE, one, DPI), DPI) for one in Face]
    inside, outside = (paper(page, one, fate)[0] for page, one in zip(faces, Face, strict=True))
    return scanned((inside, outside), fate)


def flaws(gray: Gray, dpi: float = DPI) -> set[Flaw]:
    return {one.flaw for one in look(gray, dpi, SIZES)}


@pytest.mark.parametrize("level", range(4))
def test_sides_as_scanners_send_them(level: int) -> None:
    assert [flaws(one) for seed in range(2) for one in sides(worn(level, seed)[0])] == [set()] * 4


@pytest.mark.parametrize("face", Face)
def test_a_blank_ballot_is_no_empty_side(face: Face) -> None:
    blank = next(one for one in styles(ELECTION) if one.id == "blank")
    assert flaws(picture(ELECTION, blank, face, DPI)) == set()


def test_a_white_backing_hides_the_edges_and_nothing_is_claimed_of_them() -> None:
    fate, on = worn(1, 3)
    assert [flaws(one) for one in sides(replace(fate, scanner=replace(on, backing=250)))] == [set(), set()]


@pytest.mark.parametrize("which", range(4))
@pytest.mark.parametrize("cut", [True, False])
def test_a_corner_is_missing(which: int, cut: bool) -> None:
    fate = replace(worn(1, 4)[0], corner=Corner(which, (14.0, 12.0), cut))
    inside, outside = (flaws(one) for one in sides(fate))
    assert outside == {Flaw.CORNER}
    assert inside == ({Flaw.CORNER} if cut else inside), "a corner turned over shows the other face inside"


@pytest.mark.parametrize(
    ("scale", "flaw"),
    [((1.03, 1.0), Flaw.STRETCHED), ((1.0, 0.965), Flaw.STRETCHED), ((1.25, 1.25), Flaw.WRONG_DPI)],
)
def test_a_feeder_that_pulls_and_a_wrong_resolution(scale: tuple[float, float], flaw: Flaw) -> None:
    fate, _ = worn(1, 5, scale=scale)
    assert flaw in flaws(sides(fate)[0])


def test_a_picture_of_another_resolution_than_it_says() -> None:
    assert flaws(sides(worn(0, 6)[0])[0], dpi=300.0) & {Flaw.WRONG_DPI, Flaw.WRONG_SIZE}


def test_two_sheets_overlapping() -> None:
    page, _ = sides(worn(1, 7)[0])
    shift = round(40 * DPI / INCH_MM)
    frame = np.full((page.shape[0], page.shape[1] + shift), 12, np.uint8)
    frame[:, shift:] = page
    frame[:, : page.shape[1]] = np.maximum(frame[:, : page.shape[1]], page)
    assert Flaw.WRONG_SIZE in flaws(frame)


def test_half_a_sheet() -> None:
    page, _ = sides(worn(1, 8)[0])
    assert Flaw.WRONG_SIZE in flaws(page[:, : page.shape[1] // 2])


def test_light() -> None:
    page, _ = sides(worn(0, 9)[0])
    assert Flaw.TOO_DARK in flaws((page * 0.4).astype(np.uint8))
    assert Flaw.TOO_LIGHT in flaws((215 + page.astype(float) * 0.15).astype(np.uint8))


def test_a_side_without_print() -> None:
    rng = np.random.default_rng(1)
    page = np.clip(rng.normal(240, 4, (1780, 2310)), 0, 255).astype(np.uint8)
    assert flaws(page) >= {Flaw.BLANK_SIDE}


def test_every_finding_is_a_sentence() -> None:
    page = (sides(worn(1, 8)[0])[0] * 0.4).astype(np.uint8)
    assert all(one.text.endswith(".") for one in look(page[:, :900], DPI, SIZES))


@pytest.mark.parametrize("shape", [(200, 200), (200, 3000), (3000, 201)])
@pytest.mark.parametrize("level", [0, 128, 255])
def test_any_picture_is_looked_at(shape: tuple[int, int], level: int) -> None:
    assert look(np.full(shape, level, np.uint8), DPI, SIZES)
