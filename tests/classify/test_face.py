"""Ink belongs to the field that holds it; shadows of fold, feed and rim are no ink; the rest is stray."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.ballot import Face, FieldKind, MarkState, Rect
from scanner.classify.atlas import DPI
from scanner.classify.face import read_face
from scanner.classify.ink_places import ink_in, rect_of
from scanner.classify.register import align
from scanner.election import ElectionType
from scanner.opening import open_atlas
from tests.layout.papers import meet
from tests.scans import blotted, cross, line, paper, printed

STYLE = paper()[1]["A"]
W, H = STYLE.page_mm
BOXES = STYLE.of(FieldKind.PERSONAL_VOTE)
LINES = STYLE.of(FieldKind.CANDIDATE_LINE)


@pytest.fixture(scope="module")
def seen(atlas):
    """From a picture of a face to what was read on it."""
    known = atlas.faces.style("A")

    def look(page, face=Face.INSIDE):
        one = known.inside if face is Face.INSIDE else known.outside
        folds = STYLE.folds_mm if face is Face.INSIDE else STYLE.folds_outside_mm
        laid = align(page, one.template, np.eye(3), atlas.bounds.register)
        assert laid.ok
        return read_face(laid, one, folds, atlas.bounds.face, atlas.eyes)

    return look


def inside():
    return printed("A", Face.INSIDE)


def states(reading, kind):
    return [one.state for one in reading.marks if one.field.kind is kind]


def touched(reading):
    """The fields that are not surely unmarked."""
    return {one.field for one in reading.marks if one.state is not MarkState.UNMARKED}


@pytest.mark.parametrize("face", list(Face))
def test_a_clean_face_has_no_ink(seen, face):
    reading = seen(printed("A", face), face)
    assert {one.field for one in reading.marks} == {
        one for one in STYLE.fields if one.face is face and one.kind is not FieldKind.STAMP
    }
    assert touched(reading) == set()
    assert reading.stray == ()
    assert all(one.ink_mm2 == 0 for one in reading.marks)


@given(st.sets(st.sampled_from(range(len(BOXES)))))
@settings(max_examples=8, deadline=None)
def test_crosses_are_read_in_the_boxes_they_stand_in(seen, chosen):
    page = inside()
    for n in chosen:
        cross(page, BOXES[n].rect, pen_mm=0.6)
    reading = seen(page)
    assert states(reading, FieldKind.PERSONAL_VOTE) == [
        MarkState.MARKED if n in chosen else MarkState.UNMARKED for n in range(len(BOXES))
    ]
    assert touched(reading) == {BOXES[n] for n in chosen}
    assert reading.stray == ()


def test_both_readers_speak_of_boxes_and_one_of_everything_else(seen):
    reading = seen(inside())
    for one in reading.marks:
        boxed = one.field.kind is FieldKind.PERSONAL_VOTE
        assert (one.b is not None) == boxed
        assert (one.probability is not None) == boxed


def beside(n):
    """A place on the n-th candidate's line right of the box and the name, mm."""
    rect = LINES[n].rect
    return Rect(rect.x + rect.w - 12, rect.y + rect.h / 2 - 2, 4, 4)


def test_a_mark_beside_the_box_is_on_the_line_and_in_no_box(seen):
    reading = seen(cross(inside(), beside(2), pen_mm=0.6))
    assert states(reading, FieldKind.PERSONAL_VOTE) == [MarkState.UNMARKED] * len(BOXES)
    assert touched(reading) == {LINES[2]}
    assert reading.stray == ()


def free_place(side=8.0):
    """A place inside that meets no field, with room around it, mm."""
    page, k = inside(), DPI / 25.4
    fields = [one.rect.grown(3) for one in STYLE.fields if one.face is Face.INSIDE]
    for y in np.arange(20, H - 30, 3.0):
        for x in np.arange(12, W - 40, 3.0):
            place = Rect(float(x), float(y), side, side)
            around = place.grown(2)
            low, left = round(around.y * k), round(around.x * k)
            part = page[low : low + round(around.h * k), left : left + round(around.w * k)]
            away = all(abs(place.centre[0] - fold) > 10 for fold in STYLE.folds_mm)
            if away and part.min() > 200 and not any(meet(place, one) for one in fields):
                return place
    raise AssertionError


def test_ink_in_no_field_is_stray_and_bounded(seen):
    place = free_place()
    reading = seen(cross(inside(), place, pen_mm=0.6))
    assert touched(reading) == set()
    (stray,) = reading.stray
    assert abs(stray.centre[0] - place.centre[0]) < 1
    assert abs(stray.centre[1] - place.centre[1]) < 1
    assert max(stray.w, stray.h) < place.w + 2


def slip_of_a_pen(page, place, aside=0.0):
    """The page with a line of 4 mm in the middle of a place, or so many mm aside."""
    x, y = place.centre[0] + aside, place.centre[1]
    return line(page, (x - 1.5, y - 1), (x + 1.5, y + 1), pen_mm=0.4)


def test_a_lone_slip_of_the_pen_far_from_every_field_is_not_stray(seen):
    place = free_place(20)
    assert seen(slip_of_a_pen(inside(), place)).stray == ()
    two = slip_of_a_pen(slip_of_a_pen(inside(), place), place, aside=6)
    assert len(seen(two).stray) == 2


def test_a_slip_beside_a_field_is_stray(seen):
    field = STYLE.of(FieldKind.WRITE_IN)[0].rect
    beside = Rect(field.x - 8, field.y, 8, field.h)
    assert len(seen(slip_of_a_pen(inside(), beside)).stray) == 1


def eared(page, backing=20):
    """The page with its lower right corner turned over: backing beyond the crease, the flap's edges."""
    k = DPI / 25.4
    ends = [(W - 12, H), (W, H - 12)]
    tip = np.array([(W, H), *ends]) * k
    cv2.fillPoly(page, [tip.astype(np.int32)], backing)
    for one in ends:
        line(page, one, (W - 12, H - 12), pen_mm=0.3, gray=80)
    return page


def test_the_edges_of_a_dog_ear_are_no_ink(seen):
    assert seen(eared(inside())).stray == ()
    drawn = inside()
    for one in ((W - 12, H), (W, H - 12)):
        line(drawn, one, (W - 12, H - 12), pen_mm=0.3, gray=80)
    assert len(seen(drawn).stray) >= 1, "on paper that is there somebody drew them"


def test_a_speck_is_not_stray(seen):
    place = free_place()
    reading = seen(blotted(inside(), Rect(place.x, place.y, 0.4, 0.4), 60))
    assert reading.stray == ()
    assert touched(reading) == set()


@pytest.mark.parametrize("gray", [60, 140])
def test_the_shadow_of_a_fold_is_no_ink(seen, gray):
    page = inside()
    for fold in STYLE.folds_mm:
        line(page, (fold + 0.4, 0), (fold + 0.8, H), pen_mm=0.5, gray=gray)
    reading = seen(page)
    assert reading.stray == ()
    assert touched(reading) == set()


def test_the_rim_is_no_place_for_ink(seen):
    page = inside()
    line(page, (1.0, 0), (1.0, H), pen_mm=1.0, gray=30)
    line(page, (0, H - 1.0), (W, H - 1.0), pen_mm=1.0, gray=30)
    reading = seen(page)
    assert reading.stray == ()
    assert touched(reading) == set()


def test_writing_on_the_strip_of_pattern_is_stray_ink(seen):
    """A party's name written there on a blank ballot must not be lost."""
    reading = seen(blotted(inside(), Rect(W - 7, 100, 3, 30), 20))
    assert len(reading.stray) == 1


def test_a_streak_along_the_feed_is_no_stray_ink(seen):
    place = free_place()
    page = line(inside(), (place.centre[0], 0), (place.centre[0], H), pen_mm=0.25, gray=110)
    assert seen(page).stray == ()


def test_the_party_struck_out_is_ink_on_the_heading(seen):
    (heading,) = STYLE.of(FieldKind.HEADING)
    x, y = heading.rect.x, heading.rect.centre[1]
    page = inside()
    for down in (-2, 0, 2):
        line(page, (x - 2, y + down), (x + heading.rect.w * 0.8, y + down + 1), pen_mm=0.7, gray=30)
    assert states(seen(page), FieldKind.HEADING) == [MarkState.MARKED]


def test_a_name_written_in_is_ink_on_its_line(seen):
    places = STYLE.of(FieldKind.WRITE_IN)
    rect = places[1].rect
    page = inside()
    at = round((rect.x + 5) * DPI / 25.4), round((rect.y + rect.h - 1.5) * DPI / 25.4)
    cv2.putText(page, "KARI NORDMANN", at, 0, 1.0, 30, 4)
    reading = seen(page)
    assert states(reading, FieldKind.WRITE_IN)[1] is MarkState.MARKED
    assert {one.kind for one in touched(reading)} <= {FieldKind.WRITE_IN, FieldKind.WRITE_IN_PARTY}
    assert reading.stray == ()


def test_the_stamp_field_is_the_stamps_and_ink_in_it_is_no_stray(seen):
    (field,) = STYLE.of(FieldKind.STAMP)
    reading = seen(cross(printed("A", Face.OUTSIDE), field.rect.grown(-8), pen_mm=0.8), Face.OUTSIDE)
    assert reading.stray == ()


@given(st.floats(0, 250), st.floats(0, 190), st.floats(1, 40), st.floats(1, 40))
@settings(max_examples=30, deadline=None)
def test_ink_in_a_rectangle_is_never_more_than_all_ink(crossed, x, y, w, h):
    ink = crossed.ink
    total = sum(one.area_mm2 for one in ink.strokes)
    everything = tuple(range(1, len(ink.strokes) + 1))
    assert 0 <= ink_in(Rect(x, y, w, h), ink, everything) <= total * 1.001
    assert ink_in(Rect(0, 0, W, H), ink, everything) == pytest.approx(total, rel=0.02)
    assert ink_in(Rect(x, y, w, h), ink, ()) == 0
    for one in ink.strokes:
        assert rect_of(one).w * rect_of(one).h * 1.2 >= one.area_mm2


@pytest.fixture(scope="module")
def crossed(seen):
    """A face with crosses in two boxes and one beside."""
    page = cross(cross(inside(), BOXES[0].rect), BOXES[3].rect)
    return seen(cross(page, beside(1)))


def test_a_long_line_that_ends_on_the_paper_was_drawn_by_a_voter(seen):
    rect = LINES[0].rect
    x = rect.x + rect.w / 3
    page = line(inside(), (x, rect.y), (x, H - 18), pen_mm=0.4, gray=60)
    assert {one.kind for one in touched(seen(page))} >= {FieldKind.CANDIDATE_LINE}


def test_a_line_from_edge_to_edge_along_the_party_name_is_a_doubt(seen):
    y = STYLE.of(FieldKind.HEADING)[0].rect.centre[1]
    page = line(inside(), (0, y), (W, y), pen_mm=0.3, gray=60)
    assert states(seen(page), FieldKind.HEADING) != [MarkState.UNMARKED]


def test_a_small_cross_on_the_fold_is_seen(seen):
    (fold,) = STYLE.folds_mm
    reading = seen(cross(inside(), Rect(fold - 1.8, 60, 3.6, 3.6), pen_mm=0.5))
    assert len(reading.stray) == 1


def test_a_stroke_that_only_brushes_a_field_is_stray(seen):
    place = STYLE.of(FieldKind.WRITE_IN)[0].rect
    ends = (place.x + 0.3, place.y + 3), (place.x - 4, place.y - 45)
    assert len(seen(line(inside(), *ends, pen_mm=0.4)).stray) >= 1


def test_a_box_blackened_alone_may_be_a_mark_taken_back(seen):
    page = blotted(inside(), BOXES[1].rect.grown(-0.2), 30)
    assert states(seen(page), FieldKind.PERSONAL_VOTE)[1] is MarkState.DOUBTFUL


def test_a_box_scribbled_over_beyond_its_outline_may_be_a_mark_taken_back(seen):
    page = blotted(inside(), BOXES[1].rect.grown(0.6), 30)
    blotted(page, BOXES[3].rect.grown(0.6), 30)
    found = states(seen(page), FieldKind.PERSONAL_VOTE)
    assert found[1:4] == [MarkState.DOUBTFUL, MarkState.UNMARKED, MarkState.DOUBTFUL]


def test_who_blackens_several_boxes_and_crosses_none_marks_that_way(seen):
    """So reader A; reader B, which sees one box at a time, may doubt but never call them empty."""
    page = blotted(inside(), BOXES[1].rect.grown(-0.2), 30)
    blotted(page, BOXES[3].rect.grown(-0.2), 30)
    reading = [one for one in seen(page).marks if one.field.kind is FieldKind.PERSONAL_VOTE]
    assert [one.a for one in reading[1:4]] == [MarkState.MARKED, MarkState.UNMARKED, MarkState.MARKED]
    assert MarkState.UNMARKED not in {reading[1].b, reading[3].b}


def test_a_blackened_box_beside_a_cross_may_be_taken_back(seen):
    page = blotted(inside(), BOXES[1].rect.grown(-0.2), 30)
    crossed = seen(cross(page, BOXES[2].rect))
    assert states(crossed, FieldKind.PERSONAL_VOTE)[1:3] == [MarkState.DOUBTFUL, MarkState.MARKED]


@pytest.mark.parametrize("kind", [ElectionType.KOMMUNESTYRE, ElectionType.STORTING])
def test_writing_on_the_pattern_of_the_outside_is_seen(kind):
    name = "A"
    election, by_name = paper(kind)
    atlas = open_atlas(election)
    page = printed(name, Face.OUTSIDE, kind=kind)
    style, known = by_name[name], atlas.faces.style(name).outside
    cv2.putText(page, "Nei", (round(0.6 * page.shape[1]), round(0.7 * page.shape[0])), 0, 2.0, 40, 4)
    laid = align(page, known.template, np.eye(3), atlas.bounds.register)
    assert read_face(laid, known, style.folds_outside_mm, atlas.bounds.face, atlas.eyes).stray


# --- what dirt, corners and misplaced print leave -----------------------------------------------


def dotted(page, at, across_mm):
    centre = tuple(round(16 * v * DPI / 25.4) for v in at)
    cv2.circle(page, centre, round(8 * across_mm * DPI / 25.4), 60, -1, cv2.LINE_AA, 4)
    return page


def test_a_speck_on_a_line_is_dirt_and_a_voters_dot_is_seen(seen):
    at = beside(2).centre
    assert touched(seen(dotted(inside(), at, 0.62))) == set()
    assert touched(seen(dotted(inside(), at, 0.9))) == {LINES[2]}
    assert touched(seen(cross(inside(), beside(2), pen_mm=0.4))) == {LINES[2]}


@pytest.mark.parametrize("gap", [0.4, 1.6])
def test_a_hair_along_a_printed_rule_is_print_and_a_line_apart_from_it_is_ink(seen, gap):
    """The rule under the head runs from edge to edge; where it lies a little off, its edge shows."""
    page, k = inside(), DPI / 25.4
    column = page[: round(40 * k), round(8 * k)]
    foot = (np.flatnonzero(column < 60).max() + 1) / k
    reading = seen(line(page, (8, foot + gap), (26, foot + gap), pen_mm=0.15, gray=120))
    assert bool(reading.stray) == (gap > 1)


@pytest.mark.parametrize("ends", [((20, 8), (32, 16)), ((2, 60), (40, 62))], ids=["near it", "one edge only"])
def test_a_line_near_a_corner_or_from_one_edge_is_seen(seen, ends):
    reading = seen(line(inside(), *ends, pen_mm=0.5, gray=50))
    assert reading.stray or touched(reading)
