"""Two readers on the stamp: writing is none, whatever its ink; and each doubt says where to look."""

from dataclasses import replace

import cv2
import numpy as np
import pytest

from scanner.ballot import Face, FieldKind, Rect, Stamp, StampState
from scanner.classify.atlas import PER_MM
from scanner.classify.ink import find_ink
from scanner.classify.register import align
from scanner.classify.stamp import read_stamp
from scanner.classify.stamp_both import StampReaders, find_stamp
from scanner.classify.stamp_eyes import StampEyeBounds
from scanner.simulate.letters import write
from scanner.simulate.marks import hand
from scanner.simulate.pens import InkColour, PenKind, draw, pen
from scanner.simulate.strokes import stroke
from tests.scans import cross, paper, printed, stamped

FIELD = paper()[1]["A"].of(FieldKind.STAMP)[0].rect
X, Y = FIELD.centre
GOOD, WEAK, OUTSIDE, ABSENT = StampState.PRESENT, StampState.WEAK, StampState.OUTSIDE, StampState.ABSENT


@pytest.fixture(scope="module")
def laid(atlas):
    """From a picture of the outside to the page and the ink that reader A sees."""
    face = atlas.faces.style("A").outside

    def lay(picture):
        page = align(picture, face.template, np.eye(3), atlas.bounds.register, half_detail=True)
        assert page.ok
        return page, find_ink(page, face.printed, atlas.bounds.face.ink)

    return lay


@pytest.fixture(scope="module")
def seen(laid):
    """From a picture of the outside to what both readers say."""
    readers = StampReaders.shipped()
    return lambda picture: find_stamp(*laid(picture), FIELD, readers)


def outside():
    return printed("A", Face.OUTSIDE)


def written(page, text, at, tall, number=1):
    """Drawn capitals, in place and returned."""
    rng = np.random.default_rng(number)
    draw(page, write(text, at, tall, hand(rng), rng), pen(PenKind.GEL, InkColour.BLUE, rng), PER_MM, rng)
    return page


def test_a_clean_outside_has_no_stamp(seen):
    stamp, where = seen(outside())
    assert (stamp.state, where) == (ABSENT, None)


@pytest.mark.parametrize("shift", [(0, 0), (10, 3), (-10, -3)])
@pytest.mark.parametrize("cover", [0.6, 0.9])
def test_a_good_stamp_is_good_to_both(seen, shift, cover):
    assert seen(stamped(outside(), (X + shift[0], Y + shift[1]), cover=cover))[0].state is GOOD


@pytest.mark.parametrize(("tall", "lines"), [(3.0, 1), (3.0, 2), (5.0, 4), (8.0, 2)])
def test_writing_is_never_a_stamp(seen, tall, lines):
    page = outside()
    for n in range(lines):
        written(
            page, "DETTE ER FEIL VALG", (FIELD.x + 2, FIELD.y + 3 + 1.5 * tall * (n + 0.8)), tall * 0.7, n
        )
    assert seen(page)[0].state is not GOOD


def test_a_ring_drawn_by_hand_with_words_in_it_is_no_stamp(seen):
    page, angle = outside(), np.linspace(0, 6.4, 40)
    for radius in (14, 17):
        ring = np.stack([X + radius * np.cos(angle), Y + radius * np.sin(angle)], axis=1)
        rng = np.random.default_rng(radius)
        draw(page, [stroke(ring, rng)], pen(PenKind.GEL, InkColour.BLACK, rng), PER_MM, rng)
    written(page, "GODKJENT", (X - 11, Y + 2), 4.0)
    assert seen(page)[0].state is not GOOD


def inked(*strokes):
    """A page with lines in the stamp field, each a list of (x, y) mm from its middle."""
    page = outside()
    for one in strokes:
        points = np.round((np.array(one) + np.array((X, Y))) * PER_MM).astype(np.int32)
        cv2.polylines(page, [points], isClosed=False, color=40, thickness=4)
    return page


_TURN = np.linspace(0, 40, 400)
_RING = np.stack([7 * np.cos(_TURN), 7 * np.sin(_TURN)], axis=1)


@pytest.mark.parametrize(
    "strokes",
    [
        [np.stack([8 * np.cos(_TURN) + _TURN / 4 - 5, 8 * np.sin(_TURN)], axis=1)],
        [[(x, 9 * (-1) ** n) for n, x in enumerate(np.linspace(-18, 18, 14))]],
        [_RING, [(-3, -3), (-3, -2)], [(3, -3), (3, -2)]],
    ],
    ids=["loops", "zigzag", "face"],
)
def test_what_a_pen_draws_hardly_leaving_the_paper_is_no_stamp(seen, strokes):
    assert seen(inked(*strokes))[0].state is WEAK


def test_a_large_cross_and_a_coffee_ring_are_no_stamp(seen):
    assert seen(cross(outside(), FIELD.grown(-4), pen_mm=0.7))[0].state is not GOOD
    page = outside()
    place, radius = (round(X * PER_MM), round(Y * PER_MM)), round(17 * PER_MM)
    cv2.circle(page, place, radius, 170, round(1.5 * PER_MM), cv2.LINE_AA)
    assert seen(page)[0].state is not GOOD


@pytest.mark.parametrize("cover", [0.08, 0.15, 0.2])
def test_a_dry_stamp_is_never_a_good_one(seen, cover):
    assert seen(stamped(outside(), (X, Y), cover=cover))[0].state in {WEAK, ABSENT}


@pytest.mark.parametrize("at", [(75.0, 105.0), (X, Y + 80), (X - 29, Y + 19)])
def test_a_stamp_elsewhere_is_told_as_outside(seen, at):
    assert seen(stamped(outside(), at))[0].state is OUTSIDE


def test_the_mirror_image_of_another_stamp_is_none(seen):
    page, clean = outside(), outside()
    inked = stamped(outside(), (X, Y)).astype(float)
    x, y, w, h = (round(v * PER_MM) for v in (FIELD.x, FIELD.y, FIELD.w, FIELD.h))
    ghost = (clean.astype(float) - inked)[y : y + h, x : x + w][:, ::-1]
    page[y : y + h, x : x + w] = clean[y : y + h, x : x + w] - (
        0.25 * cv2.GaussianBlur(ghost, (0, 0), 2)
    ).astype(np.uint8)
    assert seen(page)[0].state is not GOOD


def test_what_reader_b_does_not_agree_to_is_weak_and_where_it_was(laid):
    page, ink = laid(stamped(outside(), (X, Y)))
    readers = StampReaders.shipped()
    stamp, where = find_stamp(page, ink, FIELD, readers)
    assert stamp.state is GOOD
    touchy = replace(readers, eye_bounds=StampEyeBounds(no_stamp=2.0, weak=-1.0))
    assert find_stamp(page, ink, FIELD, touchy) == (Stamp(WEAK, 0.5), where)


def test_reader_b_is_asked_only_about_what_reader_a_calls_present(laid):
    for picture in (outside(), stamped(outside(), (X, Y), cover=0.1), stamped(outside(), (X, Y + 80))):
        page, ink = laid(picture)
        readers = StampReaders.shipped()
        alone = read_stamp(ink, FIELD, readers.bounds)
        assert alone[0].state is not GOOD
        assert find_stamp(page, ink, FIELD, readers) == alone


def test_where_the_stamp_stands_is_in_millimetres_of_the_face(seen):
    _, where = seen(stamped(outside(), (X, Y)))
    assert isinstance(where, Rect)
    assert abs(where.centre[0] - X) < 2
    assert abs(where.centre[1] - Y) < 2
