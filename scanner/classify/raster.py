"""Grey pages as arrays: the few pixel operations every step shares, with exact types."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.pixels import Gray


def as_gray(image: NDArray[Any]) -> Gray:
    """The same pixels, known to be uint8 (cv2 forgets what it was given)."""
    return np.asarray(image, np.uint8)


def shrunk_to(page: Gray, size: tuple[int, int]) -> Gray:
    """The page at `size` (width, height), each pixel the mean of what it covers."""
    return as_gray(cv2.resize(page, size, interpolation=cv2.INTER_AREA))


def grown_to(page: Gray, size: tuple[int, int]) -> Gray:
    """The page at a larger `size` (width, height), in between by straight lines."""
    return as_gray(cv2.resize(page, size, interpolation=cv2.INTER_LINEAR))


def halved(page: Gray, times: int = 1) -> Gray:
    """Half size (a quarter with `times` 2, and so on); odd edges are cut."""
    for _ in range(times):  # one after the other: averaging 2×2 is many times faster than 4×4
        height, width = page.shape[0] // 2, page.shape[1] // 2
        page = shrunk_to(page[: 2 * height, : 2 * width], (width, height))
    return page


def inside(page: Gray, low: float, high: float) -> Gray:
    """255 where `low` <= page <= `high`."""
    return as_gray(cv2.inRange(page, np.array([low], float), np.array([high], float)))


def darkest(page: Gray, kernel: Gray) -> Gray:
    """Each pixel the darkest under the kernel."""
    return as_gray(cv2.erode(page, kernel))


def lightest(page: Gray, kernel: Gray) -> Gray:
    """Each pixel the lightest under the kernel; of a mask: grown."""
    return as_gray(cv2.dilate(page, kernel))


def square(side: int) -> Gray:
    """A kernel of side×side px."""
    return np.ones((side, side), np.uint8)


def disc(radius: float) -> Gray:
    """A round kernel of this radius in px."""
    side = 2 * int(np.ceil(radius)) + 1
    y, x = np.mgrid[:side, :side] - side // 2
    return as_gray(np.hypot(x, y) <= radius + 0.3)
