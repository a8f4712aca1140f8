"""Dirt draws from edge to edge along the feed; a line that ends on the paper was drawn by somebody."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from scanner.classify.ink import COARSE, Ink, label_strokes
from scanner.classify.raster import lightest, square
from scanner.classify.streaks import FeedLimits, StreakLimits, feed_streaks, find_streaks, part_streaks
from scanner.config import calibration
from scanner.pixels import Gray
from tests.foreign import INK, UNIT

FEED = calibration("feed_streaks", FeedLimits)
LONG = calibration("streaks", StreakLimits)
H, W = 1200, 1160  # 152 × 147 mm
CONTRAST = 150.0
Point = tuple[float, float]


def bare() -> Gray:
    return np.zeros((H, W), np.uint8)


def drawn(mask: Gray, start: Point, end: Point, thick: int = 3) -> Gray:
    ends = [tuple(round(one) for one in point) for point in (start, end)]
    return np.asarray(cv2.line(mask.copy(), ends[0], ends[1], 255, thick), np.uint8)


def crossed(mask: Gray, x: float, y: float, side: float = 30) -> Gray:
    return drawn(drawn(mask, (x, y), (x + side, y + side), 4), (x + side, y), (x, y + side), 4)


def across(height: float, degrees: float) -> tuple[Point, Point]:
    """Where a row of the scan lies on a page that lay tilted in the scanner, beyond both its edges."""
    return on_page((-100, height), degrees), on_page((W + 100, height), degrees)


def down(place: float, degrees: float) -> tuple[Point, Point]:
    """Where a column of the scan lies on the page."""
    return on_page((place, -100), degrees), on_page((place, H + 100), degrees)


def on_page(point: Point, degrees: float) -> Point:
    """A point of the scan on the page, whose own rows ran (cos, sin) of the tilt on the scan."""
    t = np.radians(degrees)
    to_scan = np.array([[np.cos(t), -np.sin(t)], [np.sin(t), np.cos(t)]])
    x, y = np.linalg.inv(to_scan) @ (point[0] - W / 2, point[1] - H / 2) + (W / 2, H / 2)
    return float(x), float(y)


def inked(mask: Gray, printed: Gray | None = None) -> Ink:
    """Ink as it is found on a page; where something is printed it cannot be seen."""
    blind = bare() if printed is None else printed
    mask = np.where(blind > 0, 0, mask).astype(np.uint8)
    depth = np.where(mask > 0, 90, 0).astype(np.uint8)
    bridge = np.where(cells(blind), 255, 0).astype(np.uint8)
    labels, strokes = label_strokes(mask, depth, CONTRAST, UNIT, INK, bridge=bridge)
    return Ink(mask, depth, labels, strokes, CONTRAST, bridge)


def feed(mask: Gray, degrees: float = 0.0, printed: Gray | None = None) -> Gray:
    return feed_streaks(inked(mask, printed), np.radians(degrees), UNIT, FEED)


def cells(mask: Gray) -> NDArray[np.bool_]:
    """The cells in which a mask has something."""
    return np.asarray(mask.reshape(H // COARSE, COARSE, W // COARSE, COARSE).any(axis=(1, 3)), np.bool_)


def share(found: Gray, mask: Gray) -> float:
    """How much of the ink was found to be a streak."""
    return float((found > 0)[cells(mask)].mean())


@settings(max_examples=15, deadline=None)
@given(st.floats(-3, 3), st.floats(250, 750), st.booleans(), st.integers(2, 4))
def test_a_line_from_edge_to_edge_along_the_feed_is_a_streak(
    degrees: float, place: float, along: bool, thick: int
) -> None:
    mask = drawn(bare(), *(across if along else down)(place, degrees), thick)
    found = feed(mask, degrees)
    assert found.shape == (H // COARSE, W // COARSE)
    assert set(np.unique(found).tolist()) == {0, 255}
    assert share(found, mask) > 0.9
    assert not found[~cells(mask)].any()


@pytest.mark.parametrize("degrees", [-3, 3])
@pytest.mark.parametrize("place", [22, H - 23])
def test_a_streak_that_runs_off_a_tilted_page_is_one_as_far_as_there_is_paper(
    degrees: float, place: float
) -> None:
    mask = drawn(bare(), *across(place, degrees))
    assert cells(mask).any(axis=0).mean() < 0.9
    assert share(feed(mask, degrees), mask) > 0.4  # of three rows the one farthest in sees it end on paper


@settings(max_examples=15, deadline=None)
@given(st.floats(-3, 3), st.booleans(), st.floats(10, 40), st.booleans())
def test_a_line_that_ends_on_the_paper_is_a_voters(
    degrees: float, along: bool, short_mm: float, begins: bool
) -> None:
    ends = (across if along else down)(500, degrees)
    start, end = (np.array(one) for one in (ends if begins else ends[::-1]))
    part = 1 - (100 + short_mm * UNIT) / np.hypot(*(end - start))
    x, y = start + part * (end - start)
    mask = drawn(bare(), (start[0], start[1]), (x, y))
    assert mask.any()
    assert not feed(mask, degrees).any()


@pytest.mark.parametrize("degrees", [-5, 4, 12])
def test_a_line_askew_to_the_feed_is_no_streak(degrees: float) -> None:
    assert not feed(drawn(bare(), *across(600, degrees))).any()
    assert not feed(drawn(bare(), *down(500, degrees))).any()


@pytest.mark.parametrize("degrees", [-2.0, 0.0, 3.0])
def test_print_that_hides_part_of_a_streak_does_not_hide_it(degrees: float) -> None:
    printed = bare()
    for x in range(100, W - 100, 130):
        printed[380:560, x : x + 50] = 255
    printed[:, :30] = 255  # the first and last of the line as well
    mask = drawn(bare(), *across(470, degrees))
    visible = np.where(printed > 0, 0, mask).astype(np.uint8)
    assert share(feed(mask, degrees, printed), visible) > 0.8


def test_a_streak_goes_and_the_cross_it_runs_through_stays() -> None:
    mask = crossed(drawn(bare(), *down(430, 0), 2), 400, 600, 60)
    found = feed(mask)
    assert share(found, drawn(bare(), *down(430, 0), 1)) > 0.9
    left = part_streaks(inked(mask), found, UNIT, INK)
    assert max(one.h for one in inked(mask).strokes) > 1000
    kept = [one for one in left.strokes if one.area_mm2 > 0.5]
    assert kept
    assert all(390 <= one.x <= 470 and 590 <= one.y <= 670 and one.h < 80 for one in kept)


def test_writing_and_wide_smears_are_no_streaks() -> None:
    page = bare()
    for x in range(60, W - 60, 60):
        page = crossed(page, x, 500, 36)
    assert not feed(page).any()
    smear = bare()
    smear[480:560] = 255
    assert not feed(smear).any()


def test_a_bare_page_has_none() -> None:
    assert not feed(bare()).any()
    assert not feed(crossed(bare(), 300, 300)).any()
    assert not feed(bare(), printed=np.full((H, W), 255, np.uint8)).any()


@pytest.mark.parametrize(("along", "length_mm"), [(False, LONG.down_mm), (True, LONG.across_mm)])
def test_what_is_longer_than_any_stroke_is_a_line_wherever_it_ends(along: bool, length_mm: float) -> None:
    for more, wanted in ((4, True), (-12, False)):
        end = (length_mm + more) * UNIT
        mask = drawn(bare(), (90, 300), (90 + end, 300) if along else (90, 300 + end))
        found = find_streaks(inked(mask), UNIT, LONG)
        assert (share(found, mask) > 0.9) == wanted
        assert found.any() == wanted


def test_print_may_part_a_long_line_but_a_blot_is_none() -> None:
    mask = drawn(bare(), (500, 0), (500, H))
    for y in range(100, 1100, 160):
        mask[y : y + round((LONG.gap_mm - 1.5) * UNIT)] = 0
    assert share(find_streaks(inked(mask), UNIT, LONG), mask) > 0.9
    blot = bare()
    blot[:, 400 : 400 + round(4 * LONG.thick_mm * UNIT)] = 255
    assert not find_streaks(inked(blot), UNIT, LONG).any()


def test_without_streaks_the_ink_is_the_same_ink() -> None:
    ink = inked(crossed(bare(), 200, 200))
    assert part_streaks(ink, np.zeros((H // COARSE, W // COARSE), np.uint8), UNIT, INK) is ink


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(st.integers(40, 900), st.integers(40, 1100)), min_size=1, max_size=6))
def test_parting_only_takes_ink_and_only_at_the_streak(places: list[tuple[int, int]]) -> None:
    mask = drawn(bare(), *down(470, 0))
    for x, y in places:
        mask = crossed(mask, x, y)
    ink, streaks = inked(mask), np.zeros((H // COARSE, W // COARSE), np.uint8)
    streaks[:, 116:119] = 255
    left = part_streaks(ink, streaks, UNIT, INK)
    near = cv2.resize(lightest(streaks, square(3)), (W, H), interpolation=cv2.INTER_NEAREST) > 0
    streak = cv2.resize(streaks, (W, H), interpolation=cv2.INTER_NEAREST) > 0
    assert not left.mask[streak].any()
    assert np.array_equal(left.mask[~near], ink.mask[~near])
    assert np.array_equal(ink.mask, mask)
    assert left.labels.max() == len(left.strokes)
    assert left.contrast == ink.contrast
    assert not left.depth[streak].any(), "dirt is no haze in a box either"
    assert np.array_equal(left.depth[~near], ink.depth[~near])
