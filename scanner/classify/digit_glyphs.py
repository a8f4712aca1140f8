"""One written digit made ready for each of the two digit readers, who share neither its size nor its slant.

A glyph is how dark the ink of one digit is, float32 (h, w) 0..1, at any size. Reader A (classical) gets it
upright and of equal spread, as directions of its edges (Liu et al. 2003, 2004: moment normalisation with an
aspect ratio that adapts, gradient directions in blurred zones). Reader B (learned) gets it as written,
only brought to one size.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from scanner.classify.eyes import Floats
from scanner.classify.raster import as_gray
from scanner.pixels import Gray

SIDE = 28  # px, the network's input; the longer side of the ink fills ROOM of them
ROOM = 22
PLANE = 32  # px, the upright picture whose edges are measured
DIRECTIONS = 8
ZONES = 7  # across and down
FEATURES = DIRECTIONS * ZONES * ZONES


@dataclass(frozen=True, slots=True)
class GlyphLimits:
    """Members and units as in calibration/digit_glyphs.toml; both models learnt with these."""

    faint: float
    strong: float
    lean: float
    spread: float
    zone_blur: float


def pictures(glyph: Floats, how: GlyphLimits) -> tuple[Gray, Gray]:
    """The glyph (h, w) for reader A, upright (32, 32), and for reader B, as written (28, 28); ink is 255."""
    ink = _cut(glyph, how)
    if ink is None:
        return np.zeros((PLANE, PLANE), np.uint8), np.zeros((SIDE, SIDE), np.uint8)
    return _upright(ink, how), _as_written(ink)


def _as_written(ink: Floats) -> Gray:
    """The ink with its longer side ROOM px long, in the middle of uint8 (28, 28)."""
    out = np.zeros((SIDE, SIDE), np.uint8)
    scale = ROOM / max(ink.shape)
    size = tuple(max(1, round(one * scale)) for one in ink.shape[::-1])
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = cv2.resize(ink, size, interpolation=how)
    top, left = (SIDE - size[1]) // 2, (SIDE - size[0]) // 2
    out[top : top + size[1], left : left + size[0]] = np.clip(small * 255 + 0.5, 0, 255)
    return out


def _cut(glyph: Floats, how: GlyphLimits) -> Floats | None:
    """The rows and columns with ink, at full strength; None if there is no ink."""
    most = float(glyph.max(initial=0.0))
    if most <= 0:
        return None
    dark = glyph > how.faint * most
    rows, columns = np.flatnonzero(dark.any(1)), np.flatnonzero(dark.any(0))
    cut = glyph[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    strong = float(np.quantile(cut[cut > how.faint * most], how.strong))
    return np.asarray(np.minimum(cut / max(strong, 1e-3), 1), np.float32)


def _upright(ink: Floats, how: GlyphLimits) -> Gray:
    """The ink without its slant and of equal spread, uint8 (32, 32)."""
    rows, columns = ink.shape
    total = max(float(ink.sum()), 1e-6)
    x, y = np.arange(columns, dtype=np.float32), np.arange(rows, dtype=np.float32)
    across, down = ink.sum(0), ink.sum(1)
    mx, my = float(across @ x) / total, float(down @ y) / total
    yy = float(down @ (y - my) ** 2) / total + 0.1
    xx = float(across @ (x - mx) ** 2) / total + 0.1
    xy = float((y - my) @ ink @ (x - mx)) / total
    lean = float(np.clip(xy / yy, -how.lean, how.lean))
    wide, high = np.sqrt(max(xx - 2 * lean * xy + lean * lean * yy, 0.1)), np.sqrt(yy)
    a, b = _scales(wide, high, how.spread)
    middle = (PLANE - 1) / 2
    turn = np.array([[a, -a * lean, middle - a * (mx - lean * my)], [0, b, middle - b * my]], np.float64)
    soft = cv2.GaussianBlur(ink, (0, 0), 0.5 / min(a, b)) if min(a, b) < 0.8 else ink
    laid = cv2.warpAffine(soft, turn, (PLANE, PLANE), flags=cv2.INTER_LINEAR)
    return as_gray(np.clip(laid * 255 + 0.5, 0, 255).astype(np.uint8))


def _scales(wide: float, high: float, spread: float) -> tuple[float, float]:
    """Plane px per px across and down for ink of these deviations: narrow digits stay narrower."""
    ratio = min(wide, high) / max(wide, high)
    other = float(np.sqrt(np.sin(np.pi / 2 * ratio)))
    reach = PLANE / 2 / spread
    return (reach * other / wide, reach / high) if wide < high else (reach / wide, reach * other / high)


def directions(planes: Gray, how: GlyphLimits) -> Floats:
    """How much edge of each of 8 directions lies in each of 7 x 7 zones, (n, 392), for (n, 32, 32)."""
    n = len(planes)
    if not n:
        return np.zeros((0, FEATURES), np.float32)
    padded = np.pad(planes, ((0, 0), (2, 2), (2, 2))).reshape(-1, PLANE + 4)
    soft = cv2.GaussianBlur(padded, (3, 3), 0.7)
    gx, gy = cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)
    polar = cv2.cartToPolar(gx, gy)
    strength, angle = (np.asarray(one, np.float32) for one in polar)
    place = angle * np.float32(DIRECTIONS / (2 * np.pi))
    low = np.floor(place)
    part = (place - low) * strength
    low = low.astype(np.int32) % DIRECTIONS
    zones = [_zoned(_share(low, strength, part, one), n, how.zone_blur) for one in range(DIRECTIONS)]
    return np.sqrt(np.stack(zones, axis=1).reshape(n, FEATURES) / 255).astype(np.float32)


def _share(
    low: "np.ndarray[tuple[int, ...], np.dtype[np.int32]]", strength: Floats, part: Floats, one: int
) -> Floats:
    """The strength of edges in one direction; what lies between two directions is shared by them."""
    before = (one - 1) % DIRECTIONS
    return np.asarray(np.where(low == one, strength - part, 0) + np.where(low == before, part, 0), np.float32)


def _zoned(map_: Floats, n: int, blur: float) -> Floats:
    """Blurred sums at 7 x 7 places of each of n planes, (n, 49)."""
    tall = PLANE + 4
    step = tall / ZONES
    at = np.arange(tall, dtype=np.float32)
    centres = (np.arange(ZONES, dtype=np.float32) + 0.5) * step - 0.5
    weigh = np.exp(-((at[None] - centres[:, None]) ** 2) / (2 * blur**2)).astype(np.float32)
    weigh /= weigh.sum(1, keepdims=True)
    columns = map_.reshape(n * tall, tall) @ weigh.T
    return np.asarray(np.maximum(weigh @ columns.reshape(n, tall, ZONES), 0).reshape(n, -1), np.float32)
