"""Corners of print tell where a form lies, which way up and how large, or that it lies nowhere."""

from functools import cache

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from scanner.classify.start import Landmarks, landmarks, match_landmarks
from tests.foreign import LIMITS, SIZE, UNIT, Gray, form, scan

TOLERANCE = LIMITS.start_tolerance_mm * UNIT
CORNERS = np.array([(30, 30), (SIZE[0] - 30, 30), (30, SIZE[1] - 30), (SIZE[0] - 30, SIZE[1] - 30)], float)
Matrix = NDArray[np.float64]


def seen(page: Gray) -> Landmarks:
    return landmarks(page, LIMITS.features, LIMITS.corners_px)


@cache
def ours() -> Landmarks:
    return seen(form())


def matched(page: Gray | Landmarks, least: int = LIMITS.start_inliers) -> Matrix | None:
    other = page if isinstance(page, Landmarks) else seen(page)
    return match_landmarks(ours(), other, TOLERANCE, least, LIMITS.start_stretch)


def true_matrix(degrees: float, scale: float) -> Matrix:
    """What `scan` does to the middle of the page."""
    size = (round(SIZE[0] * scale) + 60, round(SIZE[1] * scale) + 60)
    turn = np.asarray(cv2.getRotationMatrix2D((SIZE[0] / 2, SIZE[1] / 2), degrees, scale), np.float64)
    turn[:, 2] += (size[0] / 2 - SIZE[0] / 2, size[1] / 2 - SIZE[1] / 2)
    return turn


def worst(found: Matrix, wanted: Matrix) -> float:
    """How far the page's corners lie from where they should, px."""
    there = [CORNERS @ one[:2, :2].T + one[:2, 2] for one in (found, wanted)]
    return float(np.hypot(*(there[0] - there[1]).T).max())


def made(matrix: Matrix, count: int = 60, wrong: int = 0) -> tuple[Landmarks, Landmarks]:
    """Corners with unmistakable descriptions and the same through a matrix, `wrong` of them anywhere."""
    rng = np.random.default_rng(2)
    words = rng.integers(0, 256, (count, 32), dtype=np.uint8)
    points = rng.uniform(0, 1000, (count, 2)).astype(np.float32)
    there = (points @ matrix[:2, :2].T + matrix[:2, 2]).astype(np.float32)
    there[:wrong] = rng.uniform(0, 1000, (wrong, 2))
    return Landmarks(points, words), Landmarks(there, words)


@pytest.mark.parametrize("degrees", [0, 2.5, -3, 90, 180, 271])
def test_a_turned_page_is_found(degrees: float) -> None:
    page = form()
    image = scan(page, degrees) if degrees in {0, 2.5, -3, 180} else _on_its_side(page, degrees)
    found = matched(image)
    assert found is not None
    turn = np.degrees(np.arctan2(-found[1, 0], found[0, 0]))
    assert abs((turn - degrees + 180) % 360 - 180) < 0.3
    assert found[2].tolist() == [0, 0, 1]
    if degrees in {0, 2.5, -3, 180}:
        assert worst(found, true_matrix(degrees, 1)) < TOLERANCE / 2


def _on_its_side(page: Gray, degrees: float) -> Gray:
    side = 1600
    square = np.full((side, side), 255, np.uint8)
    square[200 : 200 + page.shape[0], 350 : 350 + page.shape[1]] = page
    return scan(square, degrees)


@pytest.mark.parametrize("scale", [0.75, 1.0, 1.5])
def test_a_scan_of_another_resolution_is_found(scale: float) -> None:
    found = matched(scan(form(), 1.0, scale))
    assert found is not None
    assert abs(np.sqrt(np.linalg.det(found[:2, :2])) / scale - 1) < 0.01
    assert worst(found, true_matrix(1.0, scale)) < TOLERANCE * scale


def test_corners_are_told_in_px_of_the_whole_page_however_small_they_are_looked_for() -> None:
    page = np.full((1200, 900), 255, np.uint8)
    cv2.rectangle(page, (300, 500), (599, 799), 0, -1)
    square = np.array([(300, 500), (599, 500), (300, 799), (599, 799)])
    for longest in (1200, 600, 400):
        points = landmarks(page, 200, longest).points
        assert len(points)
        apart = np.hypot(*(points[:, None] - square[None]).transpose(2, 0, 1)).min(axis=1)
        assert np.median(apart) < 6 * 1200 / longest
        assert np.abs(points.mean(axis=0) - (449.5, 649.5)).max() < 12 * 1200 / longest


@pytest.mark.parametrize("count", [50, 300])
def test_no_more_corners_than_asked_for(count: int) -> None:
    one = landmarks(form(), count, LIMITS.corners_px)
    assert 0 < len(one.points) <= count * 1.05
    assert one.words.shape == (len(one.points), 32)
    assert one.words.dtype == np.uint8
    assert one.points.min() >= 0
    assert (one.points < SIZE).all()


@pytest.mark.parametrize("shape", [(1200, 900), (40, 60), (3, 3), (1, 200), (20, 30_000)])
def test_bare_paper_of_any_size_has_no_corners_and_matches_nothing(shape: tuple[int, int]) -> None:
    none = seen(np.full(shape, 255, np.uint8))
    assert none.points.shape == (0, 2)
    assert none.words.shape == (0, 32)
    assert matched(none) is None
    assert match_landmarks(none, none, TOLERANCE, 1, LIMITS.start_stretch) is None


@pytest.mark.parametrize("mirror", [np.diag([-1.0, 1]), np.diag([1.0, -1]), np.array([[0.0, 1], [1, 0]])])
def test_paper_seen_from_behind_is_no_page(mirror: Matrix) -> None:
    assert match_landmarks(*made(np.column_stack([mirror, (500, 500)])), 3.0, 25, 0.04) is None


def test_noise_is_no_page() -> None:
    assert matched(np.random.default_rng(4).integers(0, 256, (1200, 900), dtype=np.uint8)) is None


@settings(max_examples=20, deadline=None)
@given(st.floats(0, 360), st.floats(0.5, 2), st.floats(-200, 200), st.floats(-200, 200), st.integers(0, 20))
def test_the_agreeing_corners_give_the_matrix_whatever_the_others_say(
    degrees: float, scale: float, dx: float, dy: float, wrong: int
) -> None:
    a = np.radians(degrees)
    matrix = np.array([[np.cos(a), np.sin(a), 0], [-np.sin(a), np.cos(a), 0]]) * scale
    matrix[:, 2] = dx, dy
    found = match_landmarks(*made(matrix, wrong=wrong), 3.0, 25, 0.04)
    assert found is not None
    assert worst(found, matrix) < 3


@pytest.mark.parametrize(("x", "y", "kept"), [(1.02, 1.0, True), (1.0, 0.98, True), (1.2, 1.0, False)])
def test_paper_stretches_a_little_and_no_more(x: float, y: float, kept: bool) -> None:
    stretched = np.array([[x, 0, 10], [0, y, 20]])
    found = match_landmarks(*made(stretched), 8.0, 15, 0.04)
    if kept:
        assert found is not None
        assert worst(found, stretched) < 1
    else:
        assert found is None or np.linalg.cond(found[:2, :2]) < 1.1


def test_what_no_paper_does_is_not_believed_of_the_agreeing_corners() -> None:
    found = match_landmarks(*made(np.array([[1.12, 0, 0], [0, 1.0, 0]])), 20.0, 25, 0.04)
    assert found is not None
    assert np.linalg.cond(found[:2, :2]) < 1.08  # the same both ways, though x and y were free


@pytest.mark.parametrize("count", [0, 1, 24])
def test_too_few_corners_are_no_proof(count: int) -> None:
    assert match_landmarks(*made(np.eye(2, 3), count), 3.0, 25, 0.04) is None


def test_as_many_wrong_pairs_as_there_are_corners_find_nothing() -> None:
    assert match_landmarks(*made(np.eye(2, 3), 60, wrong=60), 3.0, 25, 0.04) is None
