"""Finds a form on a scan without printed registration marks: which way up, where and how large.

Used for paper of other countries and as a fallback for our own. ORB corners at reduced size,
matched both ways, and the similarity that most matches agree with.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.classify.raster import as_gray
from scanner.pixels import Gray

SLIVER = 32  # px: ORB describes 31 px around a corner and finds none nearer to an edge


@dataclass(frozen=True, slots=True, eq=False)
class Landmarks:
    """Corners of print in full-size px (n, 2) and their 32-byte descriptions (n, 32)."""

    points: NDArray[np.float32]
    words: NDArray[np.uint8]


def landmarks(page: Gray, count: int, longest: int) -> Landmarks:
    """The `count` strongest corners of print on a page (h, w) uint8, looked for at `longest` px at most.

    None on a sliver: of a picture so thin nothing would be left at that size.
    """
    factor = min(1.0, longest / max(page.shape))
    if min(page.shape) * factor < SLIVER:
        return _none()
    small = cv2.resize(page, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (3, 3), 0)
    points, words = cv2.ORB.create(nfeatures=count, fastThreshold=12).detectAndCompute(small, None)
    if words is None or not len(points):
        return _none()
    at = np.array([one.pt for one in points], np.float32)
    return Landmarks(((at + 0.5) / factor - 0.5).astype(np.float32), as_gray(words))


def _none() -> Landmarks:
    return Landmarks(np.zeros((0, 2), np.float32), np.zeros((0, 32), np.uint8))


def match_landmarks(
    template: Landmarks, scan: Landmarks, tolerance: float, least: int, stretch: float
) -> NDArray[np.float64] | None:
    """The matrix from template to scan px on which at least `least` corners agree within `tolerance` scan px.

    None if there is none, or if it scales x and y differently by more than `stretch` (0..1) or mirrors.
    """
    if min(len(template.points), len(scan.points)) < least:
        return None
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True).match(template.words, scan.words)
    if len(pairs) < least:
        return None
    ours = template.points[[one.queryIdx for one in pairs]]
    theirs = scan.points[[one.trainIdx for one in pairs]]
    rough, inside = cv2.estimateAffinePartial2D(
        ours, theirs, method=cv2.RANSAC, ransacReprojThreshold=tolerance, maxIters=5000, confidence=0.9999
    )
    if rough is None or int(inside.sum()) < least:
        return None
    return _refined(ours, theirs, rough.astype(np.float64), tolerance, stretch)


def _refined(
    ours: NDArray[np.float32],
    theirs: NDArray[np.float32],
    rough: NDArray[np.float64],
    tolerance: float,
    stretch: float,
) -> NDArray[np.float64] | None:
    """Least squares over the agreeing corners, x and y free; the rough one if that is no sheet of paper."""
    matrix = rough
    for _ in range(3):
        off = np.hypot(*(ours @ matrix[:, :2].T + matrix[:, 2] - theirs).T)
        near = off <= 1.5 * tolerance
        design = np.column_stack([ours[near], np.ones(int(near.sum()))])
        solved, *_ = np.linalg.lstsq(design, theirs[near], rcond=None)
        if not _paper_like(solved.T, stretch):
            break
        matrix = solved.T
    full = np.vstack([matrix, [0.0, 0.0, 1.0]])
    return full.astype(np.float64)


def _paper_like(matrix: NDArray[np.float64], stretch: float) -> bool:
    """True if the matrix neither mirrors nor stretches or shears by more than `stretch`."""
    if np.linalg.det(matrix[:, :2]) <= 0:
        return False
    large, small = np.linalg.svd(matrix[:, :2], compute_uv=False)
    return bool(small > 0 and large / small - 1 <= 2 * stretch)
