"""Folds and faint streaks go; whatever a voter drew along, across or beside them stays."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.classify.ink import COARSE, Ink, label_strokes
from scanner.classify.shadow_light import ShadowLimits
from scanner.classify.shadows import part_shadows
from scanner.config import calibration
from scanner.pixels import Gray
from tests.foreign import INK, UNIT

LIMITS = calibration("shadows", ShadowLimits)
H, W = 1200, 1760  # 152 × 223 mm
CONTRAST = 150.0
ASKEW = np.radians(0.8)
Point = tuple[float, float]


def bare() -> Gray:
    return np.zeros((H, W), np.uint8)


def inked(depth: Gray, printed: Gray | None = None) -> Ink:
    """Ink as found where so much light is missing; where something is printed it cannot be seen."""
    rng = np.random.default_rng(3)
    noisy = np.clip(depth + rng.normal(0, 4, depth.shape), 0, 255).astype(np.uint8)
    blind = bare() if printed is None else printed
    noisy[blind > 0] = 0
    mask = np.where(noisy > INK.weak * CONTRAST, 255, 0).astype(np.uint8)
    small = blind.reshape(H // COARSE, COARSE, W // COARSE, COARSE).any(axis=(1, 3))
    bridge = np.where(small, 255, 0).astype(np.uint8)
    labels, strokes = label_strokes(mask, noisy, CONTRAST, UNIT, INK, bridge=bridge)
    return Ink(mask, noisy, labels, strokes, CONTRAST, bridge)


def fold(
    depth: Gray, place: float, degrees: float, level: float, *, wide_mm: float = 0.5, down: bool = False
) -> Gray:
    """The page with a fold through the middle of its columns (or rows) at `place` px."""
    y, x = np.ogrid[:H, :W]
    along, across, middle = (y, x, H / 2) if down else (x, y, W / 2)
    away = across - place - np.tan(np.radians(degrees)) * (along - middle)
    shade = level * CONTRAST * np.exp(-((away / (wide_mm * UNIT / 2)) ** 2))
    return np.asarray(np.maximum(depth, shade), np.uint8)


def drawn(depth: Gray, start: Point, end: Point, level: float, thick: int = 3) -> Gray:
    """The page with a pen's line."""
    line = bare()
    ends = [(round(16 * x), round(16 * y)) for x, y in (start, end)]
    cv2.line(line, ends[0], ends[1], round(level * CONTRAST), thick, cv2.LINE_AA, 4)
    return np.maximum(depth, line)


def crossed(depth: Gray, x: float, y: float, level: float = 0.65, side: float = 30) -> Gray:
    return drawn(drawn(depth, (x, y), (x + side, y + side), level), (x + side, y), (x, y + side), level)


def feed(start: Point, length_mm: float, tilt: float, *, down: bool) -> tuple[Point, Point]:
    """A stretch of one row (or column) of the scan on a page that lay tilted by `tilt`."""
    c, s = np.cos(tilt) * length_mm * UNIT, np.sin(tilt) * length_mm * UNIT
    return start, (start[0] + s, start[1] + c) if down else (start[0] + c, start[1] - s)


def parted(ink: Ink, tilt: float = 0.0, *, names: bool = False) -> Ink:
    return part_shadows(ink, tilt, UNIT, LIMITS, INK, names=names)


def area(ink: Ink) -> float:
    return sum(one.area_mm2 for one in ink.strokes)


@settings(max_examples=12, deadline=None)
@given(st.floats(400, 700), st.floats(-2.5, 2.5), st.floats(0.18, 0.36), st.floats(0.35, 0.9), st.booleans())
def test_a_fold_is_no_ink(place: float, degrees: float, level: float, wide_mm: float, down: bool) -> None:
    ink = inked(fold(bare(), place, degrees, level, wide_mm=wide_mm, down=down))
    assert area(ink) > 5
    assert area(parted(ink)) < 0.3


def test_print_over_a_fold_does_not_hide_it() -> None:
    printed = bare()
    for x in range(60, W - 200, 150):
        printed[580:640, x : x + 60] = 255
    ink = inked(fold(bare(), 600, 0.3, 0.3), printed)
    assert area(parted(ink)) < 0.05 * area(ink)


@pytest.mark.parametrize("level", [0.5, 0.65, 0.9])
@pytest.mark.parametrize("length_mm", [4, 20, 80])
def test_a_pen_stroke_along_a_fold_stays(level: float, length_mm: float) -> None:
    depth = drawn(fold(bare(), 600, 0, 0.2), (700, 600), (700 + length_mm * UNIT, 600), level)
    left = parted(inked(depth))
    assert left.strokes
    assert sum(one.w for one in left.strokes) > 0.8 * length_mm * UNIT
    assert all(600 < one.x < 700 + length_mm * UNIT and 580 < one.y < 620 for one in left.strokes)


@settings(max_examples=8, deadline=None)
@given(st.floats(585, 600), st.floats(300, 1300), st.booleans())
def test_a_cross_on_a_fold_stays(y: float, x: float, down: bool) -> None:
    depth = fold(bare(), x + 15 if down else 605, 0.2, 0.25, down=down)
    alone, left = inked(crossed(bare(), x, y)), parted(inked(crossed(depth, x, y)))
    assert area(left) > 0.7 * area(alone)
    assert len(left.strokes) == 1


def test_a_dark_line_from_edge_to_edge_stays_to_be_seen() -> None:
    ink = inked(drawn(bare(), (0, 600), (W, 604), 0.65))
    assert parted(ink) is ink


def test_a_fold_as_dark_as_a_light_pen_must_show_at_both_edges() -> None:
    whole, ends = inked(fold(bare(), 600, 0.4, 0.5)), bare()
    assert area(parted(whole)) < 0.05 * area(whole)
    ends[:, 400:] = fold(bare(), 600, 0.4, 0.5)[:, 400:]
    ink = inked(ends)
    assert area(parted(ink)) > 0.9 * area(ink)


@pytest.mark.parametrize("down", [False, True])
def test_a_long_line_along_the_feed_from_an_edge_of_the_paper_is_dirt(down: bool) -> None:
    dirt = inked(drawn(bare(), *feed((300, 0) if down else (0, 300), 140, 0, down=down), 0.65, thick=2))
    assert area(parted(dirt)) < 0.05 * area(dirt)
    ruled = inked(drawn(bare(), *feed((200, 200), 110, 0, down=down), 0.65, thick=2))
    assert area(parted(ruled)) > 0.9 * area(ruled)


@pytest.mark.parametrize("tilt", [0.0, ASKEW])
@pytest.mark.parametrize("down", [False, True])
@pytest.mark.parametrize("level", [0.3, 0.65])
def test_a_thin_line_as_long_as_a_name_stays(tilt: float, down: bool, level: float) -> None:
    ink = inked(drawn(bare(), *feed((700, 300), 50, tilt, down=down), level, thick=2))
    assert area(parted(ink, tilt)) > 0.9 * area(ink)


@pytest.mark.parametrize("down", [False, True])
@pytest.mark.parametrize("level", [0.3, 0.65])
def test_a_line_along_the_paper_on_a_page_that_lay_straight_may_be_a_rulers(down: bool, level: float) -> None:
    ink = inked(drawn(bare(), *feed((700, 200), 90, 0, down=down), level))
    assert area(parted(ink, 0.0)) > 0.9 * area(ink)
    assert area(parted(ink, ASKEW)) > 0.9 * area(ink)


@pytest.mark.parametrize("tilt", [ASKEW, -ASKEW])
@pytest.mark.parametrize("down", [False, True])
@pytest.mark.parametrize("level", [0.25, 0.65])
def test_dirt_that_came_while_the_sheet_passed_is_no_ink(tilt: float, down: bool, level: float) -> None:
    ink = inked(drawn(bare(), *feed((500, 200), 110, tilt, down=down), level, thick=2))
    assert area(parted(ink, tilt)) < 0.05 * area(ink)
    assert area(parted(ink, -tilt)) > 0.9 * area(ink), "askew to the feed"


@pytest.mark.parametrize("level", [0.25, 0.65])
def test_a_line_by_hand_is_never_so_straight(level: float) -> None:
    depth, x = bare(), np.arange(400, 1300, 20)
    y = 600 + 4 * np.sin(x / 120) - np.tan(ASKEW) * (x - 400)
    for one in range(len(x) - 1):
        depth = drawn(depth, (x[one], y[one]), (x[one + 1], y[one + 1]), level)
    ink = inked(depth)
    assert area(parted(ink, ASKEW)) > 0.9 * area(ink)


def test_a_bare_page_and_a_few_crosses_are_not_touched() -> None:
    ink = inked(crossed(crossed(bare(), 300, 300), 300, 400))
    assert parted(ink) is ink
    assert parted(inked(bare())).strokes == ()


def test_blind_paper_has_no_shadow() -> None:
    ink = replace(inked(fold(bare(), 600, 0, 0.3)), bridge=np.full((H // COARSE, W // COARSE), 255, np.uint8))
    assert parted(ink) is ink


@pytest.mark.parametrize("level", [0.3, 0.65])
def test_a_ruler_laid_askew_along_a_name_may_strike_it_out(level: float) -> None:
    ink = inked(drawn(bare(), *feed((500, 200), 100, ASKEW, down=False), level, thick=2))
    assert area(parted(ink, ASKEW, names=True)) > 0.9 * area(ink)
    streak = inked(drawn(bare(), *feed((300, 200), 150, ASKEW, down=False), level, thick=2))
    assert area(parted(streak, ASKEW, names=True)) < 0.05 * area(streak)


@pytest.mark.parametrize("level", [0.25, 0.38])
def test_boxes_filled_in_pencil_one_below_the_other_are_no_fold(level: float) -> None:
    depth = bare()
    for y in range(20, H - 40, 46):
        depth[y : y + 38, 600:632] = round(level * CONTRAST)
    ink = inked(depth)
    assert area(parted(ink, names=True)) > 0.95 * area(ink)


@settings(max_examples=8, deadline=None)
@given(st.floats(12, 60), st.floats(0.2, 0.34), st.booleans(), st.booleans())
def test_a_fold_at_any_angle_from_edge_to_edge_is_no_ink(
    degrees: float, level: float, down: bool, left: bool
) -> None:
    page = fold(bare(), W / 2 if down else H / 2, -degrees if left else degrees, level, down=down)
    assert area(parted(inked(page))) < 0.02 * area(inked(page)) + 0.5


@pytest.mark.parametrize(
    ("start", "end", "level"),
    [((0, 100), (W, 1000), 0.65), ((200, 250), (1500, 900), 0.3), ((500, 400), (800, 520), 0.3)],
    ids=["a pen across the whole page", "a pencil that ends on the paper", "a name struck out askew"],
)
def test_a_line_drawn_askew_stays(start: Point, end: Point, level: float) -> None:
    page = drawn(bare(), start, end, level, thick=4)
    assert area(parted(inked(page))) > 0.9 * area(inked(page))


def test_a_line_drawn_askew_by_hand_wavers_and_stays() -> None:
    xs = np.arange(0, W, 8)
    ys = 100 + 0.5 * xs + 7 * np.sin(xs / 130) + 4 * np.sin(xs / 47)
    page = bare()
    cv2.polylines(page, [np.stack([xs, ys], axis=1).astype(np.int32)], False, round(0.3 * CONTRAST), 4)
    assert area(parted(inked(page))) > 0.8 * area(inked(page))


def test_a_cross_on_a_fold_at_any_angle_stays() -> None:
    page = crossed(fold(bare(), H / 2, 30, 0.28), W / 2 - 15, H / 2 - 15)
    left = parted(inked(page))
    assert area(left) == pytest.approx(area(inked(crossed(bare(), W / 2 - 15, H / 2 - 15))), rel=0.35)
    assert max(max(one.w, one.h) for one in left.strokes) < 60
