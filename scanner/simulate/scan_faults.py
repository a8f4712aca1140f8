"""What a scan should never be, and now and then is: mirrored, halved, a photo, two sheets in one picture.

Every function takes the pictures of inside and outside as delivered (uint8, grey (h, w) or RGB
(h, w, 3)) and gives new ones.
"""

import cv2
import numpy as np

from scanner.pixels import Picture
from scanner.simulate.recipe import Pages, Scene


def mirrored(pages: Pages, scene: Scene) -> Pages:
    """Read through the paper, or by a driver with its axes mixed up."""
    along = int(scene.rng.integers(2))
    return _flipped(pages[0], along), _flipped(pages[1], along)


def _flipped(page: Picture, along: int) -> Picture:
    return np.ascontiguousarray(page[::-1] if along else page[:, ::-1])


def sideways(pages: Pages, scene: Scene) -> Pages:
    """Fed short edge first: both pictures turned by a quarter."""
    quarters = 1 if scene.rng.random() < 0.5 else 3
    return np.ascontiguousarray(np.rot90(pages[0], quarters)), np.ascontiguousarray(
        np.rot90(pages[1], quarters)
    )


def inside_twice(pages: Pages, _scene: Scene) -> Pages:
    """Two sheets went through together, each showing its inside to one of the two sensors."""
    return pages[0], np.ascontiguousarray(pages[0][::-1, ::-1])


def outside_twice(pages: Pages, _scene: Scene) -> Pages:
    """The same with two outsides: the names were never seen."""
    return np.ascontiguousarray(pages[1][::-1, ::-1]), pages[1]


def half(pages: Pages, scene: Scene) -> Pages:
    """The feeder stopped, or the operator's window was too small: 25-60 % of both pictures is missing.

    What is missing is cut off, or has the colour of the scanner's inside.
    """
    rng = scene.rng
    share, side, cut = float(rng.uniform(0.25, 0.6)), int(rng.integers(4)), rng.random() < 0.5
    behind = scene.worn.scanner.backing
    return _without(pages[0], share, side, cut, behind), _without(pages[1], share, side, cut, behind)


def _without(page: Picture, share: float, side: int, cut: bool, behind: int) -> Picture:  # noqa: FBT001
    turned = np.rot90(page, side)
    rows = round(turned.shape[0] * (1 - share))
    if cut:
        kept = turned[:rows]
    else:
        kept = turned.copy()
        kept[rows:] = behind
    return np.ascontiguousarray(np.rot90(kept, -side))


def scaled(pages: Pages, scene: Scene) -> Pages:
    """A driver that "fits to page": 3 % larger or smaller, along one side or both."""
    rng = scene.rng
    by = 1 + 0.03 * float(rng.choice([-1, 1]))
    along = [(by, by), (by, 1.0), (1.0, by)][int(rng.integers(3))]
    return _resized(pages[0], along), _resized(pages[1], along)


def _resized(page: Picture, by: tuple[float, float]) -> Picture:
    return np.asarray(cv2.resize(page, None, fx=by[0], fy=by[1], interpolation=cv2.INTER_LINEAR), np.uint8)


def slipped(pages: Pages, scene: Scene) -> Pages:
    """The feeder let the paper slip: at one place 0.5-2.5 mm are missing, or there twice."""
    rng = scene.rng
    rows = round(float(rng.uniform(0.5, 2.5)) * scene.k)
    across, lost = bool(rng.integers(2)), bool(rng.integers(2))
    at = float(rng.uniform(0.15, 0.85))
    return _slip(pages[0], at, rows, across, lost), _slip(pages[1], at, rows, across, lost)


def _slip(page: Picture, at: float, rows: int, across: bool, lost: bool) -> Picture:  # noqa: FBT001
    turned = page.swapaxes(0, 1) if across else page
    y = round(at * turned.shape[0])
    parts = (turned[:y], turned[y + rows :]) if lost else (turned[:y], turned[y - rows :])
    joined = np.concatenate(parts)
    return np.ascontiguousarray(joined.swapaxes(0, 1) if across else joined)


def overlaid(pages: Pages, other: Pages, scene: Scene) -> Pages:
    """Two sheets in one picture: thin paper before a lamp, or a picture buffer that was not emptied."""
    share = float(scene.rng.uniform(0.35, 0.65))
    return _blend(pages[0], other[0], share), _blend(pages[1], other[1], share)


def _blend(page: Picture, other: Picture, share: float) -> Picture:
    fitted = cv2.resize(other, page.shape[1::-1], interpolation=cv2.INTER_AREA)
    both = np.minimum(page, fitted)
    return np.asarray(cv2.addWeighted(both, 0.5, cv2.addWeighted(page, 1 - share, fitted, share, 0), 0.5, 0))


def photographed(pages: Pages, scene: Scene) -> Pages:
    """A picture by telephone: seen at an angle, unevenly lit, on a table, never quite sharp."""
    return _photo(pages[0], scene), _photo(pages[1], scene)


def _photo(page: Picture, scene: Scene) -> Picture:
    rng = scene.rng
    h, w = page.shape[:2]
    margin = round(float(rng.uniform(0.02, 0.08)) * w)
    size = (w + 2 * margin, h + 2 * margin)
    corners = np.array([(0, 0), (w, 0), (w, h), (0, h)], np.float32)
    turn = np.radians(float(rng.uniform(0.3, 8)) * rng.choice([-1, 1]))
    about = corners - (w / 2, h / 2)
    turned = about @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    pulled = turned * float(rng.uniform(0.9, 0.97)) + (size[0] / 2, size[1] / 2)
    pulled += rng.uniform(-1, 1, (4, 2)) * float(rng.uniform(0.006, 0.03)) * (w, h)
    lens = cv2.getPerspectiveTransform(corners, pulled.astype(np.float32))
    table = _table(size, page, rng)
    shows = cv2.warpPerspective(np.full((h, w), 255, np.uint8), lens, size) > 127
    laid = cv2.warpPerspective(page, lens, size)
    table[shows] = laid[shows]
    return _lit(np.asarray(cv2.GaussianBlur(table, (0, 0), float(rng.uniform(0.6, 1.6))), np.uint8), rng)


def _table(size: tuple[int, int], page: Picture, rng: np.random.Generator) -> Picture:
    """A table top with some grain."""
    grain = cv2.resize(rng.normal(0, 12, (size[1] // 16, 8)).astype(np.float32), size)
    top = np.clip(float(rng.uniform(50, 170)) + grain, 0, 255).astype(np.uint8)
    return top if page.ndim == 2 else np.asarray(cv2.merge([top] * 3), np.uint8)


def _lit(picture: Picture, rng: np.random.Generator) -> Picture:
    """Light from one side, darker corners, and noise."""
    h, w = picture.shape[:2]
    ys, xs = np.mgrid[-1 : 1 : h * 1j, -1 : 1 : w * 1j].astype(np.float32)
    a = float(rng.uniform(0, 2 * np.pi))
    slope, corners = float(rng.uniform(0.08, 0.3)), float(rng.uniform(0.0, 0.15))
    light = 1 - slope * (1 + xs * np.cos(a) + ys * np.sin(a)) / 2 - corners * (xs**2 + ys**2) / 2
    lit = picture * (light[..., None] if picture.ndim == 3 else light)
    noisy = lit + rng.normal(0, 2.5, picture.shape)
    return np.asarray(np.clip(noisy, 0, 255), np.uint8)
