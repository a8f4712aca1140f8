"""The way a pen moves: a stroke is a line through points in mm, drawn as a smooth curve with pressure."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float32]

STEP_MM = 0.12  # finer than a scanner pixel at 200 dpi (0.127 mm)


@dataclass(frozen=True, slots=True)
class Stroke:
    """One touch of the pen on the paper.

    `points` (n, 2) mm, n ≥ 1; `pressure` (n,) where 1 is the pen's own normal, 0 hardly touching.
    """

    points: Points
    pressure: npt.NDArray[np.float32]

    def moved(self, x: float, y: float) -> "Stroke":
        """The same stroke `x` mm to the right and `y` mm down."""
        return Stroke(self.points + np.array([x, y], np.float32), self.pressure)

    def turned(self, degrees: float, about: tuple[float, float] = (0.0, 0.0)) -> "Stroke":
        """The same stroke turned clockwise about a point in mm."""
        a = np.radians(degrees)
        turn = np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]], np.float32)
        centre = np.array(about, np.float32)
        return Stroke(np.asarray((self.points - centre) @ turn + centre, np.float32), self.pressure)


def smooth(points: Points, corners: npt.NDArray[np.bool_] | None = None) -> Points:
    """A smooth curve through `points` (n, 2), sampled every `STEP_MM`: Catmull-Rom between corners.

    `corners` (n,) says where the pen turns sharply; the ends always count as corners.
    """
    if len(points) < 2:
        return points
    sharp = np.zeros(len(points), bool) if corners is None else corners.copy()
    sharp[[0, -1]] = True
    cuts = np.flatnonzero(sharp)
    pieces = [_catmull(points[a : b + 1]) for a, b in pairwise(cuts)]
    return np.concatenate(pieces)


def _catmull(p: Points) -> Points:
    """Catmull-Rom through (n, 2) points with mirrored ends; two points give a straight line."""
    ends = np.concatenate([2 * p[:1] - p[1:2], p, 2 * p[-1:] - p[-2:-1]])
    steps = np.maximum(2, np.ceil(np.hypot(*np.diff(p, axis=0).T) / STEP_MM)).astype(int)
    part = np.repeat(np.arange(len(steps)), steps)  # which piece each sample lies on
    t = (np.arange(len(part)) - np.repeat(np.cumsum(steps) - steps, steps)) / steps[part]
    return np.concatenate([_between(ends, part, t.astype(np.float32)), p[-1:]]).astype(np.float32)


def _between(ends: Points, part: npt.NDArray[np.intp], t: npt.NDArray[np.float32]) -> Points:
    """The curve at share `t` of the piece from control point `part + 1` to the next, (n, 2)."""
    a, b, c, d = (ends[part + n] for n in range(4))
    t = t[:, None]
    curve = 2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    return np.asarray(0.5 * curve, np.float32)


def wander(n: int, reach: int, rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """`n` smoothly varying numbers with mean 0 and deviation about 1; `reach` samples look alike."""
    knots = rng.standard_normal(n // max(reach, 1) + 3)
    at = np.linspace(0.5, len(knots) - 1.5, n)
    return np.interp(at, np.arange(len(knots)), knots).astype(np.float32)


def stroke(
    points: npt.ArrayLike,
    rng: np.random.Generator,
    *,
    corners: npt.NDArray[np.bool_] | None = None,
    tremble_mm: float = 0.03,
) -> Stroke:
    """A hand-drawn stroke through control points (n, 2) in mm, trembling a little, pressed unevenly."""
    curve = smooth(np.asarray(points, np.float32).reshape(-1, 2), corners)
    n = len(curve)
    shake = np.stack([wander(n, 8, rng), wander(n, 8, rng)], axis=1) * np.float32(tremble_mm)
    pressed = 1 + 0.18 * wander(n, 12, rng)
    lifted = np.minimum(1, np.linspace(n * STEP_MM / 0.5, 0.3, n)) if n > 4 else np.ones(n)
    return Stroke(curve + shake, np.clip(pressed * lifted, 0.15, 1.5).astype(np.float32))
