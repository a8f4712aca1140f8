"""What stands on the outside is a stamp, a weak one, one beside its place, or none."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.ballot import Face, FieldKind, Rect, StampState
from scanner.classify.atlas import DPI
from scanner.classify.ink import COARSE, Stroke, find_ink
from scanner.classify.register import align
from scanner.classify.stamp import StampBounds, beyond_stamp, ink_clusters, like_a_stamp, read_stamp
from scanner.config import calibration
from tests.layout.papers import meet
from tests.scans import blotted, cross, paper, printed, stamped

BOUNDS = calibration("stamp", StampBounds)
FIELD = paper()[1]["A"].of(FieldKind.STAMP)[0].rect
X, Y = FIELD.centre
SIZE = 30.0  # mm, of the stamp that the tests press


@pytest.fixture(scope="module")
def seen(atlas):
    """From a picture of the outside to what the reader sees of its stamp."""
    face = atlas.faces.style("A").outside

    def look(page):
        laid = align(page, face.template, np.eye(3), atlas.bounds.register)
        assert laid.ok
        return read_stamp(find_ink(laid, face.printed, atlas.bounds.face.ink), FIELD, BOUNDS)

    return look


def outside():
    return printed("A", Face.OUTSIDE)


def near(rect, at, size=SIZE):
    """True if `rect` bounds a round stamp of `size` mm at `at` within 2 mm."""
    x, y = rect.centre
    return abs(x - at[0]) < 2 and abs(y - at[1]) < 2 and abs(rect.w - size) < 3 and abs(rect.h - size) < 3


def test_a_clean_outside_has_no_stamp(seen):
    stamp, where = seen(outside())
    assert (stamp.state, where) == (StampState.ABSENT, None)
    assert stamp.probability == 1.0


@pytest.mark.parametrize("shift", [(0, 0), (8, 5), (-8, -5)])
def test_a_good_stamp_in_its_field_is_present_and_where_it_was_pressed(seen, shift):
    at = X + shift[0], Y + shift[1]
    stamp, where = seen(stamped(outside(), at))
    assert stamp.state is StampState.PRESENT
    assert 0.5 <= stamp.probability <= 1
    assert near(where, at)


def test_a_stamp_pressed_twice_is_one_stamp(seen):
    page = stamped(stamped(outside(), (X, Y)), (X + 1.2, Y + 0.8))
    stamp, where = seen(page)
    assert stamp.state is StampState.PRESENT
    assert near(where, (X + 0.6, Y + 0.4), SIZE + 1)


def test_two_stamps_side_by_side_are_still_a_stamp(seen):
    stamp, where = seen(stamped(stamped(outside(), (X - 18, Y)), (X + 18, Y)))
    assert stamp.state is StampState.PRESENT
    assert where is not None


@pytest.mark.parametrize("cover", [0.08, 0.15, 0.2])
def test_a_dry_stamp_is_never_a_good_one(seen, cover):
    stamp, _ = seen(stamped(outside(), (X, Y), cover=cover))
    assert stamp.state in {StampState.WEAK, StampState.ABSENT}


@pytest.mark.parametrize("cover", [0.6, 1.0])
def test_a_stamp_of_usual_ink_is_a_good_one(seen, cover):
    assert seen(stamped(outside(), (X, Y), cover=cover))[0].state is StampState.PRESENT


@pytest.mark.parametrize("share", [0.75, 0.6, 0.4, 0.25])
def test_a_stamp_half_out_of_its_field_is_where_more_of_it_lies(seen, share):
    """The woven pattern hides ink, so the ink seen would say too much of the field."""
    at = X, FIELD.y + FIELD.h + SIZE * (0.5 - share)
    stamp, where = seen(stamped(outside(), at))
    assert stamp.state is (StampState.PRESENT if share > 0.5 else StampState.OUTSIDE)
    assert near(where, at)


ELSEWHERE = 75.0, 100.0  # in the guidance box


def test_a_stamp_far_from_its_field_is_outside(seen):
    stamp, where = seen(stamped(outside(), ELSEWHERE))
    assert stamp.state is StampState.OUTSIDE
    assert near(where, ELSEWHERE)


def test_a_comment_outside_does_not_hide_the_stamp_inside(seen):
    page = stamped(outside(), (X, Y))
    cv2.putText(page, "HEI HEI", tuple(round(v * DPI / 25.4) for v in ELSEWHERE), 0, 1.2, 30, 5)
    stamp, where = seen(page)
    assert stamp.state is StampState.PRESENT
    assert near(where, (X, Y))


def test_specks_and_a_pen_stroke_in_the_field_are_no_stamp(seen):
    page = outside()
    for n in range(12):
        blotted(page, Rect(FIELD.x + 3 + 4 * n, Y - 8 + n, 0.3, 0.3), 60)
    assert seen(page)[0].state is StampState.ABSENT
    cv2.line(
        page, (round((X - 12) * 7.874), round(Y * 7.874)), (round((X + 12) * 7.874), round(Y * 7.874)), 30, 5
    )
    assert seen(page)[0].state in {StampState.WEAK, StampState.ABSENT}


# --- any ink ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ink_of(atlas):
    """Ink made of solid rectangles (cells of COARSE px: x, y, w, h), one stroke each, not touching."""
    face = atlas.faces.style("A").outside
    laid = align(outside(), face.template, np.eye(3), atlas.bounds.register)
    none = find_ink(laid, face.printed, atlas.bounds.face.ink)

    def made(rects):
        labels, strokes = np.zeros_like(none.labels), []
        for number, (x, y, w, h) in enumerate(rects, 1):
            labels[y : y + h, x : x + w] = number
            area = w * h * (COARSE * 25.4 / DPI) ** 2
            strokes.append(Stroke(x * COARSE, y * COARSE, w * COARSE, h * COARSE, area, 0.8))
        mask = np.repeat(np.repeat(labels > 0, COARSE, 0), COARSE, 1).astype(np.uint8) * 255
        return replace(none, mask=mask, depth=mask, labels=labels, strokes=tuple(strokes))

    return made


@st.composite
def blots(draw):
    """Up to eight blots, each in its own square of a board, so that none touches another."""
    places = draw(st.lists(st.integers(0, 47), unique=True, max_size=8))
    sides = st.tuples(st.integers(1, 28), st.integers(1, 28))
    return [(n % 8 * 30, n // 8 * 30, *draw(sides)) for n in places]


SOME_FIELD = Rect(20, 15, 60, 40)


@given(blots(), st.floats(0.5, 20))
@settings(max_examples=30, deadline=None)
def test_every_stroke_is_in_one_cluster_and_clusters_lie_apart(ink_of, rects, together):
    ink = ink_of(rects)
    clusters = ink_clusters(ink, SOME_FIELD, together)
    assert sorted(n for one in clusters for n in one.strokes) == list(range(1, len(ink.strokes) + 1))
    assert sum(one.area_mm2 for one in clusters) == pytest.approx(sum(one.area_mm2 for one in ink.strokes))
    for n, one in enumerate(clusters):
        assert 0 <= one.inside_share <= 1
        assert one.depth == pytest.approx(0.8)
        for other in clusters[n + 1 :]:
            assert not meet(one.rect.grown(together / 2), other.rect.grown(together / 2))


@given(blots())
@settings(max_examples=30, deadline=None)
def test_any_ink_gives_one_answer_with_a_belief(ink_of, rects):
    stamp, where = read_stamp(ink_of(rects), SOME_FIELD, BOUNDS)
    assert 0.5 <= stamp.probability <= 1
    assert (where is None) == (stamp.state is StampState.ABSENT)
    if stamp.state in {StampState.PRESENT, StampState.OUTSIDE}:
        assert min(where.w, where.h) >= BOUNDS.spread_mm


@given(blots(), st.floats(1.5, 10))
@settings(max_examples=30, deadline=None)
def test_asking_for_more_ink_never_makes_a_stamp(ink_of, rects, times):
    strict = replace(BOUNDS, present_mm2=BOUNDS.present_mm2 * times)
    loose, tight = (read_stamp(ink_of(rects), SOME_FIELD, one)[0].state for one in (BOUNDS, strict))
    assert tight in {loose, StampState.WEAK}


def test_ink_on_the_stamp_is_the_stamps_and_ink_elsewhere_is_stray():
    stamp, on, off = Rect(50, 50, 30, 30), Rect(75, 75, 10, 10), Rect(100, 100, 5, 5)
    assert beyond_stamp((on, off), stamp) == (off,)
    assert beyond_stamp((on, off), None) == (on, off)


def test_a_large_cross_in_the_field_is_no_stamp(seen):
    page = cross(outside(), FIELD.grown(-4), pen_mm=0.7)
    assert seen(page)[0].state is StampState.WEAK


def of_ink(picture):
    """These pixels of ink, 255, in the middle of empty paper of 64 mm."""
    inked = np.zeros((500, 500), np.uint8)
    h, w = picture.shape
    inked[250 - h // 2 : 250 - h // 2 + h, 250 - w // 2 : 250 - w // 2 + w] = picture
    return inked


def dotted(count, side):
    """A ring of 30 mm with `count` squares in rows within it."""
    picture = np.zeros((260, 260), np.uint8)
    cv2.circle(picture, (130, 130), 118, 255, 4)
    for n in range(count):
        x, y = 60 + n % 12 * 12, 60 + n // 12 * 12
        picture[y : y + side, x : x + side] = 255
    return picture


@pytest.mark.parametrize(
    ("picture", "like"),
    [
        (dotted(20, 7), True),
        (dotted(0, 7), False),
        (dotted(130, 7), False),
        (cv2.circle(np.zeros((260, 260), np.uint8), (130, 130), 40, 255, -1), False),
        (np.kron(dotted(20, 7), np.ones((2, 2), np.uint8))[:500, :500], False),
    ],
    ids=["a ring with words", "a ring alone", "a crowd", "a blot", "far too large"],
)
def test_a_stamp_has_so_many_parts_so_wide_and_so_solid(picture, like):
    assert like_a_stamp(of_ink(picture), BOUNDS) is like
