"""With prints of the official stamps at hand only they are stamps, however they are turned."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from scanner.ballot import Face, FieldKind, Rect, StampState
from scanner.classify.ink import find_ink
from scanner.classify.register import align
from scanner.classify.stamp_both import StampReaders, find_stamp
from scanner.classify.stamp_specimens import likeness, open_specimens, specimen_bounds
from scanner.election import StampSpecimen
from scanner.simulate.stamps import Die, DieShape, Impression, impress
from tests.scans import DIE, MM, paper, printed

FIELD = paper()[1]["A"].of(FieldKind.STAMP)[0].rect
BOUND = specimen_bounds().like
OTHER = Die(
    DieShape.RECTANGULAR, (34.0, 22.0), 1, ("SKOGLI KOMMUNE", "STEMT"), "12 SEP 2027", 0.5, DIE.colour
)


def specimen(die: Die, dpi: int = 300, turned: float = 2.0) -> StampSpecimen:
    """A good print on white paper, as an office would scan it."""
    page = np.full((round(50 * dpi / MM),) * 2, 240, np.uint8)
    impress(page, Impression(die, (25, 25), turned, 0.9, 0.1), dpi / MM, np.random.default_rng(3))
    return StampSpecimen("stamps/one.png", dpi, cv2.imencode(".png", page)[1].tobytes())


@pytest.fixture(scope="module")
def pressed(atlas):
    """From a die, a turn and how it was pressed to the page and its ink."""
    face = atlas.faces.style("A").outside

    def press(die, turned, cover=0.8, uneven=0.3):
        page = printed("A", Face.OUTSIDE)
        rng = np.random.default_rng(round(turned) + 400)
        impress(page, Impression(die, FIELD.centre, turned, cover, uneven), 200 / MM, rng)
        laid = align(page, face.template, np.eye(3), atlas.bounds.register, half_detail=True)
        return laid, find_ink(laid, face.printed, atlas.bounds.face.ink)

    return press


def near(die: Die) -> Rect:
    (x, y), (w, h) = FIELD.centre, die.size_mm
    return Rect(x - w / 2, y - h / 2, w, h)


@pytest.mark.parametrize("turned", [-170, -31, -7, 0, 12, 95])
@pytest.mark.parametrize("die", [DIE, OTHER], ids=["round", "rectangular"])
def test_a_print_is_like_its_specimen_however_turned_and_unlike_another(pressed, die, turned):
    _, ink = pressed(die, turned)
    known, other = open_specimens((specimen(die),)), open_specimens((specimen(OTHER if die is DIE else DIE),))
    assert likeness(ink, near(die), known) > BOUND + 0.1
    assert likeness(ink, near(die), other) < BOUND - 0.1


@pytest.mark.parametrize("dpi", [100, 200, 600])
def test_a_specimen_may_have_any_resolution_and_lie_askew(pressed, dpi):
    _, ink = pressed(DIE, 5)
    assert likeness(ink, near(DIE), open_specimens((specimen(DIE, dpi, turned=-140),))) > BOUND + 0.1


def test_the_likest_of_several_specimens_counts(pressed):
    _, ink = pressed(DIE, 5)
    both = open_specimens((specimen(OTHER), specimen(DIE)))
    assert likeness(ink, near(DIE), both) == likeness(ink, near(DIE), both[1:])
    assert likeness(ink, near(DIE), ()) == -1


@pytest.mark.parametrize(("of_package", "state"), [(DIE, StampState.PRESENT), (OTHER, StampState.WEAK)])
def test_only_the_stamps_of_the_package_are_good(pressed, of_package, state):
    page, ink = pressed(DIE, -8)
    readers = StampReaders.shipped((specimen(of_package),))
    stamp, where = find_stamp(page, ink, FIELD, readers)
    assert stamp.state is state
    assert where is not None
    assert find_stamp(page, ink, FIELD, replace(readers, specimens=()))[0].state is StampState.PRESENT


@pytest.mark.parametrize("level", [0, 60, 255])
def test_an_even_blot_is_like_no_stamp(pressed, level):
    _, ink = pressed(DIE, 0)
    even = replace(ink, mask=np.full_like(ink.mask, 255), depth=np.full_like(ink.depth, level))
    assert likeness(even, near(DIE), open_specimens((specimen(DIE),))) < BOUND
