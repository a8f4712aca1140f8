"""Each stroke belongs to the field with most of its ink; what is beside, shared or nowhere is told apart."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.classify.field_ink import Box, FieldInk, Reach, cut, grown, measure, stray
from scanner.classify.ink import COARSE, Ink, Printed, label_strokes
from scanner.classify.raster import halved, inside
from tests.foreign import INK, UNIT, Gray, cross, pen

H, W = 480, 640  # 61 × 81 mm
CONTRAST, DARK = 160.0, 80
SIDE = 32  # 4 mm
ROOMS: tuple[Box, ...] = ((100, 100, SIDE, SIDE), (100, 160, SIDE, SIDE), (400, 100, SIDE, SIDE))
RING = 2.0  # mm
REACH = Reach(RING, (0.28, 0.6))


def nothing() -> Gray:
    return np.zeros((H, W), np.uint8)


def inked(mask: Gray, level: int = DARK) -> Ink:
    depth = np.where(mask > 0, level, 0).astype(np.uint8)
    bridge = np.zeros((H // COARSE, W // COARSE), np.uint8)
    labels, strokes = label_strokes(mask, depth, CONTRAST, UNIT, INK, bridge=bridge)
    return Ink(mask, depth, labels, strokes, CONTRAST, bridge)


def bare(blind: Gray | None = None) -> Printed:
    """Paper on which print hides ink only where `blind` says so."""
    hidden = nothing() if blind is None else blind
    some = np.full((1, 1), 255, np.uint8)
    return Printed(some, hidden, some > 0, some, inside(halved(hidden, 2), 1, 255), some)


def filled(*boxes: Box) -> Gray:
    mask = nothing()
    for x, y, w, h in boxes:
        mask[y : y + h, x : x + w] = 255
    return mask


def seen(mask: Gray, rooms: tuple[Box, ...] = ROOMS, blind: Gray | None = None) -> tuple[FieldInk, ...]:
    return measure(inked(mask), bare(blind), rooms, REACH, UNIT)


def mm2(px: float) -> float:
    return px / UNIT**2


def crossed(*boxes: Box) -> Gray:
    """Crosses of a pen as a mask."""
    page = np.full((H, W), 255, np.uint8)
    for one in boxes:
        page = cross(page, one)
    return inside(page, 0, 200)


def test_bare_paper_measures_nothing() -> None:
    for one in seen(nothing()):
        assert (one.own, one.foreign, one.beside, one.share, one.depth) == (0, 0, 0, 0, 0)
        assert (one.extent, one.whole, one.reach_mm, one.haze, one.elsewhere) == (0, 0, 0, 0, 0)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2), st.integers(4, 24), st.integers(4, 24), st.integers(0, 8), st.integers(0, 8))
def test_a_patch_of_ink_is_its_fields_to_the_pixel(room: int, w: int, h: int, dx: int, dy: int) -> None:
    x, y, *_ = ROOMS[room]
    found = seen(filled((x + dx, y + dy, w, h)))
    own = found[room]
    assert own.own == pytest.approx(mm2(w * h))
    assert own.share == pytest.approx(w * h / SIDE**2)
    assert own.whole == pytest.approx(w * h / SIDE**2, rel=0.05)
    assert own.depth == pytest.approx(DARK / CONTRAST)
    assert own.haze == pytest.approx(own.share * own.depth)
    assert own.extent == pytest.approx(max(w, h) / SIDE)
    assert max(w, h) <= own.reach_mm * UNIT <= max(w, h) + 2 * COARSE
    assert own.foreign == own.beside == own.elsewhere == 0
    assert all(one.own == 0 for place, one in enumerate(found) if place != room)


def test_a_cross_is_as_long_as_its_box() -> None:
    own = seen(crossed(ROOMS[2]))[2]
    assert 0.8 < own.extent <= 1.2
    assert 0.1 < own.share < 0.5
    assert own.own > 2


def test_a_tail_into_the_next_field_is_foreign_there_and_tells_how_much_it_shares() -> None:
    upper, lower, far = seen(filled((110, 104, 8, 68)))  # 28 px in the first field, 12 in the second
    assert upper.own == pytest.approx(mm2(28 * 8))
    assert upper.foreign == 0
    assert lower.foreign == pytest.approx(mm2(12 * 8))
    assert lower.own == lower.share == lower.extent == 0
    assert upper.elsewhere == pytest.approx(12 / 28)
    assert lower.elsewhere == 0
    assert upper.whole == pytest.approx(68 * 8 / SIDE**2, rel=0.05)
    assert upper.reach_mm == pytest.approx(68 / UNIT, rel=0.1)
    assert far.own == far.foreign == 0


def test_between_equals_the_first_field_has_it() -> None:
    first, second, _ = seen(filled((110, 120, 8, 52)))  # 12 px in each
    assert first.own == second.foreign == pytest.approx(mm2(12 * 8))
    assert first.elsewhere == pytest.approx(1)


def test_ink_around_a_field_is_beside_it_if_it_belongs_here_or_nowhere() -> None:
    near = filled((100 + SIDE + 4, 108, 8, 16))
    assert seen(near)[0].beside == pytest.approx(mm2(8 * 16))
    assert seen(near)[0].own == 0
    over = filled((100 + SIDE - 8, 108, 16, 16))  # half of it within
    assert seen(over)[0].own == pytest.approx(mm2(8 * 16))
    assert seen(over)[0].beside == pytest.approx(mm2(8 * 16))
    beyond = filled((100 + SIDE + 24, 108, 8, 16))
    assert seen(beyond)[0].beside == 0


def test_a_neighbours_mark_in_the_ring_is_not_beside() -> None:
    rooms: tuple[Box, ...] = ((100, 100, SIDE, SIDE), (140, 100, SIDE, SIDE))
    left, right = seen(filled((142, 104, 20, 20)), rooms)
    assert right.own > 0
    assert left.own == left.beside == left.foreign == 0


def test_print_that_hides_the_paper_leaves_less_of_it_to_fill() -> None:
    outline = nothing()
    x, y, w, h = ROOMS[0]
    outline[y : y + h, x : x + w] = 255
    outline[y + 6 : y + h - 6, x + 6 : x + w - 6] = 0
    free = SIDE - 12
    own = seen(filled((x + 6, y + 6, free, free)), blind=outline)[0]
    assert own.share == pytest.approx(1)
    assert own.extent == pytest.approx(1)
    assert own.own == pytest.approx(mm2(free**2))


def test_where_all_is_hidden_nothing_divides_by_nothing() -> None:
    hidden = np.full((H, W), 255, np.uint8)
    for one in seen(nothing(), blind=hidden):
        assert one.share == one.haze == one.extent == 0


@pytest.mark.parametrize(
    "room", [(-20, -20, 60, 60), (620, 460, 60, 60), (2000, 2000, 30, 30), (50, 50, 0, 0)]
)
def test_a_field_partly_or_wholly_off_the_page_is_measured_all_the_same(room: Box) -> None:
    (one,) = measure(inked(np.full((H, W), 255, np.uint8)), bare(), (room,), REACH, UNIT)
    visible = cut(nothing(), room).size
    assert one.own == pytest.approx(mm2(visible))
    assert np.isfinite([one.share, one.extent, one.whole, one.haze, one.beside]).all()


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(60, 460), st.integers(60, 220), st.integers(6, 60)), max_size=6))
def test_ink_is_counted_once_among_fields_that_do_not_meet(marks: list[tuple[int, int, int]]) -> None:
    mask = filled(*((x, y, side, side) for x, y, side in marks))
    found = seen(mask)
    for one, room in zip(found, ROOMS, strict=True):
        assert one.own + one.foreign == pytest.approx(mm2(float(np.count_nonzero(cut(mask, room)))), abs=1e-6)
        assert min(one.own, one.foreign, one.beside) >= 0
        assert 0 <= one.share <= 1
    total = sum(one.area_mm2 for one in inked(mask).strokes)
    assert sum(one.own + one.foreign for one in found) <= total + 1e-6


def test_stray_ink_lies_in_no_field_is_large_enough_and_not_at_the_edge() -> None:
    edges: tuple[Box, ...] = ((0, 200, 16, 40), (200, 472, 40, 8), (200, 0, 40, 8), (632, 300, 8, 40))
    mask = filled((110, 110, 16, 16), (300, 300, 16, 16), (500, 300, 4, 4), *edges)
    (one,) = stray(inked(mask), ROOMS, 1.0, 4.0, UNIT)
    assert (one.x, one.y) == (300, 300)
    assert len(stray(inked(mask), ROOMS, 0.0, 4.0, UNIT)) == 2
    assert len(stray(inked(mask), ROOMS, 1.0, 0.0, UNIT)) == 1 + len(edges)


def test_what_reaches_from_the_edge_into_the_page_or_into_a_field_is_judged_there() -> None:
    long = filled((0, 300, 200, 8))
    assert len(stray(inked(long), ROOMS, 1.0, 4.0, UNIT)) == 1
    brushing = filled((120, 110, 200, 8))
    assert stray(inked(brushing), ROOMS, 1.0, 4.0, UNIT) == ()


def test_a_stroke_of_the_pen_is_measured_about_right() -> None:
    page = pen(np.full((H, W), 255, np.uint8), [(300, 400), (380, 400)], 4)
    (one,) = stray(inked(inside(page, 0, 200)), ROOMS, 0.1, 1.0, UNIT)
    assert one.area_mm2 == pytest.approx(mm2(80 * 4), rel=0.35)


@given(
    st.tuples(st.integers(-50, 700), st.integers(-50, 500), st.integers(0, 90), st.integers(0, 90)),
    st.floats(0, 30),
)
def test_a_grown_box_has_as_much_more_on_each_side_and_a_cut_stays_on_the_page(box: Box, more: float) -> None:
    x, y, w, h = grown(box, more)
    assert (box[0] - x, box[1] - y) == (round(more), round(more))
    assert (w - box[2], h - box[3]) == (2 * round(more), 2 * round(more))
    part = cut(nothing(), box)
    assert part.shape[0] <= box[3]
    assert part.shape[1] <= box[2]
    inner = box[0] >= 0 and box[1] >= 0 and box[0] + box[2] <= W and box[1] + box[3] <= H
    assert not inner or part.shape == (box[3], box[2])


def test_ink_just_outside_hems_a_field_in_as_far_as_it_goes_round() -> None:
    x, y, w, h = ROOMS[0]
    over = round(0.6 * UNIT)
    within, wide, all_round = filled(ROOMS[0]), nothing(), nothing()
    wide[y : y + h, x - over : x + w + over] = 255
    all_round[y - over : y + h + over, x - over : x + w + over] = 255
    hems = [seen(mask)[0].hemmed for mask in (within, wide, all_round, crossed(ROOMS[0]))]
    assert hems[0] == 0
    assert hems[1] == pytest.approx(h / (w + h))
    assert hems[2] == 1
    assert hems[3] < 0.2


def test_a_hem_is_looked_for_only_where_one_can_see_it() -> None:
    x, y, w, h = ROOMS[0]
    over, hidden = round(0.6 * UNIT), nothing()
    mask = filled((x, y - over, w, h + over))
    assert seen(mask)[0].hemmed == pytest.approx(w / (2 * w + 2 * h))
    hidden[:, : x - 1] = hidden[:, x + w + 1 :] = hidden[y + h + 1 :] = 255
    assert seen(mask, blind=hidden)[0].hemmed == 1
