"""Lays a scan in the frame of its printed page: the geometry under `register`.

A `Matrix` is 3×3 and takes template px (x, y, 1) to scan px. A *node grid* (ny, nx, 2) holds scan px
for template points `NODE` px apart, one node beyond the page on each side.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.classify.raster import as_gray, grown_to, halved, inside, lightest, shrunk_to, square
from scanner.pixels import Gray

Matrix = NDArray[np.float64]
NODE = 64  # px between nodes
STRIP = 4  # rows of nodes laid at once: 32 mm of the page
EDGE = 8  # where paper is seen is kept at 1/8 size


def pyramid(page: Gray) -> tuple[Gray, Gray]:
    """The page at half and quarter size, slightly blurred so that screens of dots become grey."""
    half = halved(page)
    return as_gray(cv2.GaussianBlur(half, (3, 3), 0)), halved(half)


def pyramid_of_laid(half_scan: Gray, start: Matrix, shape: tuple[int, ...]) -> tuple[Gray, Gray]:
    """The scan (given at half size) laid by `start` alone, at half and quarter of the template's shape."""
    double = np.array([[2, 0, 0.5], [0, 2, 0.5], [0, 0, 1]])  # half px to full px, centre to centre
    matrix = np.linalg.inv(double) @ start @ double
    straight = abs(matrix[2, :2]).max() < 1e-9
    laid = (cv2.warpAffine if straight else cv2.warpPerspective)(
        half_scan,
        matrix[:2] if straight else matrix,
        (shape[1] // 2, shape[0] // 2),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return as_gray(cv2.GaussianBlur(laid, (3, 3), 0)), halved(as_gray(laid))


def shrunk(scan: Gray, start: Matrix) -> tuple[Gray, Matrix]:
    """A scan much finer than the template, averaged down first: plain sampling would lose thin lines."""
    finer = float(np.sqrt(abs(np.linalg.det(start[:2, :2]))))
    if finer < 1.4:
        return scan, start
    small = shrunk_to(scan, (round(scan.shape[1] / finer), round(scan.shape[0] / finer)))
    fx, fy = small.shape[1] / scan.shape[1], small.shape[0] / scan.shape[0]
    down = np.array([[fx, 0, (fx - 1) / 2], [0, fy, (fy - 1) / 2], [0, 0, 1]])
    return small, down @ start


def nodes_over(shape: tuple[int, ...]) -> tuple[NDArray[np.float32], tuple[int, int]]:
    """Template px (n, 2) of the nodes over a page of `shape`, and the grid's shape (ny, nx)."""
    down, across = (-(-side // NODE) + 2 for side in shape[:2])
    y, x = (np.arange(count, dtype=np.float32) * NODE - NODE / 2 - 0.5 for count in (down, across))
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2), (down, across)


def through(matrix: Matrix, points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Points (n, 2) through a 3×3 matrix."""
    out = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return (out[:, :2] / out[:, 2:]).astype(np.float32)


def warped(scan: Gray, to_scan: NDArray[np.float32], shape: tuple[int, ...]) -> tuple[Gray, Gray]:
    """The scan in the template's frame, white where there is none, and the same at half size, blurred.

    Strip by strip: the table of a whole page is 32 MB, for which the system hands out fresh memory
    each time (11.4 against 9.2 ms). One straight map a block is no faster and bends lines.
    """
    out = np.empty(shape, np.uint8)
    for row in range(0, to_scan.shape[0] - 1, STRIP):
        grid = _spread_all(to_scan[row : row + STRIP + 1], 1)[NODE // 2 : -NODE // 2]
        first = NODE * row - NODE // 2  # the page's row that the grid begins with
        top, low = max(first, 0), min(first + len(grid), shape[0])
        if top < low:
            part = grid[top - first : low - first]
            laid = cv2.remap(
                scan, part, EMPTY, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=255
            )
            out[top:low] = laid[:, NODE : NODE + shape[1]]
    return out, pyramid(out)[0]


def warped_half(half_scan: Gray, to_scan: NDArray[np.float32], shape: tuple[int, ...]) -> tuple[Gray, Gray]:
    """The same from the scan at half size: no finer than that, in a third of the time."""
    grid = np.ascontiguousarray((_spread(to_scan, shape, 2) + 0.5) / 2 - 0.5)
    laid = as_gray(
        cv2.remap(half_scan, grid, EMPTY, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=255)
    )
    return grown_to(laid, (shape[1], shape[0])), as_gray(cv2.GaussianBlur(laid, (3, 3), 0))


def on_paper(half_scan: Gray, to_scan: NDArray[np.float32], shape: tuple[int, ...]) -> Gray:
    """255 where the template's page is on the scan and is paper, not the black behind it (1/8 size)."""
    small = halved(half_scan, 2)
    paper = as_gray(cv2.bitwise_not(_backing(small)))
    grid = ((_spread(to_scan, shape, EDGE) + 0.5) / EDGE - 0.5).astype(np.float32)
    laid = cv2.remap(paper, grid, EMPTY, cv2.INTER_NEAREST, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
    return as_gray(laid)


EMPTY: Any = None  # remap's second map, unused when the first holds x and y


def _spread(to_scan: NDArray[np.float32], shape: tuple[int, ...], step: int) -> NDArray[np.float32]:
    """Scan px for every `step`-th template px of a page of `shape`."""
    side = NODE // step
    return _spread_all(to_scan, step)[side : side + shape[0] // step, side : side + shape[1] // step]


def _spread_all(to_scan: NDArray[np.float32], step: int) -> NDArray[np.float32]:
    """Scan px for every `step`-th template px, straight between nodes, from one node before the page."""
    side = NODE // step
    size = (to_scan.shape[1] * side, to_scan.shape[0] * side)
    return np.asarray(cv2.resize(to_scan, size, interpolation=cv2.INTER_LINEAR), np.float32)


def _backing(small: Gray) -> Gray:
    """255 where thick darkness reaches in from the edge of a scan (1/8 size): the black behind the paper."""
    dark = as_gray(cv2.copyMakeBorder(inside(small, 0, 70), 4, 4, 4, 4, cv2.BORDER_REPLICATE))
    core = np.ascontiguousarray(cv2.morphologyEx(dark, cv2.MORPH_OPEN, square(4))[4:-4, 4:-4])
    count, labels, stats, _ = cv2.connectedComponentsWithStats(core)
    height, width = small.shape
    out = np.zeros_like(small)
    for one in range(1, count):
        x, y, w, h, _ = stats[one].tolist()
        if (x == 0 or y == 0 or x + w == width or y + h == height) and max(w, h) > 0.2 * max(height, width):
            out[labels == one] = 255
    return lightest(out, square(3)) if count > 1 else out
