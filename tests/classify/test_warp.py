"""The geometry under registration: what is laid by nodes lies where a plain warp would put it."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from scanner.classify.raster import halved
from scanner.classify.warp import (
    EDGE,
    NODE,
    Matrix,
    nodes_over,
    on_paper,
    pyramid,
    pyramid_of_laid,
    shrunk,
    through,
    warped,
    warped_half,
)
from scanner.pixels import Gray

SHAPE = (424, 296)  # more than one strip of nodes, and no whole number of them
pages = st.tuples(st.integers(8, 75).map(lambda one: 8 * one), st.integers(8, 50).map(lambda one: 8 * one))


def clouds(shape: tuple[int, int] = (520, 400)) -> Gray:
    """Soft grey shapes: no edge on which a rounded coordinate would show."""
    noise = np.random.default_rng(5).normal(0, 1, shape)
    soft = cv2.GaussianBlur(noise, (0, 0), 9)
    return np.asarray(np.clip(130 + soft * (70 / np.abs(soft).max()), 0, 255), np.uint8)


def turned(degrees: float, scale: float, shift: tuple[float, float]) -> Matrix:
    """From template to scan px: turned about the template's middle, with room on each side."""
    turn = np.asarray(cv2.getRotationMatrix2D((SHAPE[1] / 2, SHAPE[0] / 2), degrees, scale), np.float64)
    turn[:, 2] += (52 + shift[0], 48 + shift[1])
    return np.vstack([turn, [0, 0, 1]])


def grid(matrix: Matrix, shape: tuple[int, int] = SHAPE) -> NDArray[np.float32]:
    nodes, size = nodes_over(shape)
    return through(matrix, nodes).reshape(*size, 2)


def direct(scan: Gray, matrix: Matrix, shape: tuple[int, int] = SHAPE, border: int = 255) -> Gray:
    size, flags = (shape[1], shape[0]), cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(scan, matrix[:2], size, flags=flags, borderValue=[border]), np.uint8)


def within(scan: Gray, matrix: Matrix, shape: tuple[int, int] = SHAPE) -> NDArray[np.bool_]:
    """Where the template lies well inside the scan: at its edge white and page are mixed."""
    there = direct(np.full_like(scan, 255), matrix, shape, 0)
    whole: NDArray[np.bool_] = cv2.erode(there, np.ones((5, 5), np.uint8)) == 255
    return whole


def far(one: Gray, other: Gray) -> NDArray[np.int64]:
    return np.abs(one.astype(np.int64) - other.astype(np.int64))


@settings(max_examples=20, deadline=None)
@given(pages)
def test_nodes_lie_a_step_apart_and_one_beyond_the_page_on_each_side(shape: tuple[int, int]) -> None:
    nodes, (down, across) = nodes_over(shape)
    assert nodes.shape == (down * across, 2)
    x, y = nodes.reshape(down, across, 2)[0, :, 0], nodes.reshape(down, across, 2)[:, 0, 1]
    assert set(np.diff(x)) == set(np.diff(y)) == {NODE}
    assert x[0] < 0
    assert y[0] < 0
    assert x[-1] >= shape[1] - 1
    assert y[-1] >= shape[0] - 1


@settings(max_examples=8, deadline=None)
@given(pages)
def test_nodes_that_move_nothing_give_the_scan_itself(shape: tuple[int, int]) -> None:
    scan = clouds(shape)
    image, half = warped(scan, grid(np.eye(3), shape), shape)
    assert far(image, scan)[1:-1, 1:-1].max() <= 1
    assert half.shape == (shape[0] // 2, shape[1] // 2)


@settings(max_examples=12, deadline=None)
@given(st.floats(-8, 8), st.floats(0.8, 1.3), st.tuples(st.floats(-30, 30), st.floats(-30, 30)))
def test_a_turned_scaled_shifted_grid_is_a_plain_warp(
    degrees: float, scale: float, shift: tuple[float, float]
) -> None:
    scan, matrix = clouds(), turned(degrees, scale, shift)
    image, half = warped(scan, grid(matrix), SHAPE)
    whole = within(scan, matrix)
    assert image.shape == SHAPE
    assert whole.mean() > 0.5
    assert far(image, direct(scan, matrix))[whole].max() <= 1
    assert far(half, pyramid(image)[0]).max() <= 1


def test_where_the_scan_has_no_page_it_is_white() -> None:
    scan = np.full((300, 200), 90, np.uint8)
    image, half = warped(scan, grid(np.eye(3)), SHAPE)
    assert (image[:299, :199] == 90).all()
    assert (image[302:] == 255).all()
    assert (image[:, 202:] == 255).all()
    assert (half[153:] == 255).all()


def test_a_bent_grid_is_followed_between_its_nodes() -> None:
    scan = np.tile(np.linspace(0, 255, 400).astype(np.uint8), (520, 1))  # the level tells x
    straight = grid(np.eye(3))
    bent = straight.copy()
    bent[3:, :, 0] += 40  # all from the fourth row of nodes on
    image, _ = warped(scan, bent, SHAPE)
    step = (image.astype(float) - scan[: SHAPE[0], : SHAPE[1]]).mean(axis=1) / (255 / 399)
    third, fourth = 2 * NODE - NODE // 2, 3 * NODE - NODE // 2
    assert np.abs(step[: third - 1]).max() < 1.5
    assert np.abs(step[fourth + 1 :] - 40).max() < 1.5
    assert abs(step[(third + fourth) // 2] - 20) < 2


@settings(max_examples=8, deadline=None)
@given(st.floats(-4, 4), st.floats(0.9, 1.1), st.tuples(st.floats(-20, 20), st.floats(-20, 20)))
def test_the_half_scan_lays_the_same_page(degrees: float, scale: float, shift: tuple[float, float]) -> None:
    scan, matrix = clouds(), turned(degrees, scale, shift)
    image, half = warped(scan, grid(matrix), SHAPE)
    rough, rough_half = warped_half(halved(scan), grid(matrix), SHAPE)
    whole = within(scan, matrix)
    assert rough.shape == image.shape
    assert rough_half.shape == half.shape
    assert far(rough, image)[whole].mean() < 1.5
    assert far(rough, image)[whole].max() <= 8
    assert far(rough_half, half)[halved(whole.astype(np.uint8) * 255) == 255].mean() < 1.5


@pytest.mark.parametrize("tilted", [0.0, 1e-5], ids=["affine", "perspective"])
def test_the_pyramid_of_a_laid_scan_is_that_of_the_laid_page(tilted: float) -> None:
    scan, matrix = clouds(), turned(1.5, 1.05, (6, -9))
    matrix[2, 0] = tilted
    half, quarter = pyramid_of_laid(halved(scan), matrix, SHAPE)
    ours = pyramid(warped(scan, grid(matrix), SHAPE)[0])
    assert half.shape == (SHAPE[0] // 2, SHAPE[1] // 2)
    assert quarter.shape == (SHAPE[0] // 4, SHAPE[1] // 4)
    for one, other in ((half, ours[0]), (quarter, ours[1])):
        assert far(one, other)[8:-8, 8:-8].mean() < 1.5


def test_half_pixels_are_laid_from_centre_to_centre() -> None:
    scan = np.tile(np.arange(0, 240, 2, dtype=np.uint8), (120, 1))  # the level tells x
    half, quarter = pyramid_of_laid(halved(scan), np.diag([3.0, 3.0, 1.0]), (40, 40))
    for one, side in ((half, 2), (quarter, 4)):
        middle = np.arange(one.shape[1]) * side + (side - 1) / 2
        assert abs(float((one - 6 * middle)[:, 2:-2].mean())) < 0.7


@settings(max_examples=20, deadline=None)
@given(st.floats(0.5, 4), st.floats(-40, 40), st.floats(0, 300), st.floats(0, 300))
def test_a_shrunk_scan_holds_each_point_where_its_matrix_says(
    scale: float, degrees: float, x: float, y: float
) -> None:
    scan, matrix = clouds(), turned(degrees, scale, (0, 0))
    small, start = shrunk(scan, matrix)
    if scale < 1.39:
        assert small is scan
        assert start is matrix
        return
    point = np.array([[x, y]], np.float32)
    rate = np.array([small.shape[1] / scan.shape[1], small.shape[0] / scan.shape[0]])
    wanted = (through(matrix, point) + 0.5) * rate - 0.5
    assert np.abs(through(start, point) - wanted).max() < 0.01
    assert rate.max() <= 1


def test_thin_lines_of_a_fine_scan_are_averaged_not_skipped() -> None:
    scan = np.full((800, 800), 255, np.uint8)
    scan[:, 10::8] = 0
    small, _ = shrunk(scan, np.diag([4.0, 4.0, 1.0]))
    assert small.shape == (200, 200)
    assert abs(float(small.mean()) - float(scan.mean())) < 2


def test_points_go_through_a_matrix_with_perspective() -> None:
    matrix = np.array([[2.0, 0, 5], [0, 3.0, 7], [0.01, 0, 1]])
    assert through(matrix, np.array([[10, 20]], np.float32)) == pytest.approx(
        np.array([[25 / 1.1, 67 / 1.1]]), rel=1e-5
    )


def test_paper_is_what_is_on_the_scan_and_not_black_behind_it() -> None:
    scan = np.full((640, 480), 20, np.uint8)
    scan[96:, 80:400] = 220
    scan[300:330, 150:330] = 10  # something dark on the paper does not reach the edge
    seen = on_paper(halved(scan), grid(np.eye(3), (704, 480)), (704, 480))
    assert seen.shape == (704 // EDGE, 480 // EDGE)
    assert set(np.unique(seen).tolist()) == {0, 255}
    assert (seen[15:79, 13:47] == 255).all()  # what borders on black is not trusted
    assert (seen[:10] == 0).all()
    assert (seen[:, :8] == 0).all()
    assert (seen[:, 52:] == 0).all()
    assert (seen[81:] == 0).all()  # below the scan's last row


@pytest.mark.parametrize("side", range(4))
def test_black_behind_one_edge_is_no_paper(side: int) -> None:
    scan = np.full((480, 480), 230, np.uint8)
    np.rot90(scan, side)[:80, 40:440] = 15
    seen = np.rot90(on_paper(halved(scan), grid(np.eye(3), (480, 480)), (480, 480)), side)
    assert (seen[:9, 6:54] == 0).all()
    assert (seen[14:] == 255).all()


def test_a_scan_without_backing_is_paper_all_over() -> None:
    scan = np.full((480, 320), 230, np.uint8)
    assert (on_paper(halved(scan), grid(np.eye(3), (480, 320)), (480, 320)) == 255).all()
