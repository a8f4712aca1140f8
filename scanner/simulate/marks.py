"""The marks voters make, as strokes in mm: crosses, ticks, scribbles, strikes, circles and slips.

Every function takes the rectangle the voter aims at and a `Hand`, and gives strokes that any pen
can draw on any paper. A cross in a 3.9 mm box may leave the box, as real ones do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from scanner.ballot import Rect
from scanner.simulate.strokes import Stroke, stroke, wander


class MarkShape(StrEnum):
    """How a voter marks a box. A voter keeps to one way (Xiu et al. 2009)."""

    CROSS = "cross"
    TICK = "tick"
    PLUS = "plus"
    SCRIBBLE = "scribble"
    FILL = "fill"
    CIRCLE = "circle"
    SLASH = "slash"
    DASH = "dash"
    DOT = "dot"


@dataclass(frozen=True, slots=True)
class Hand:
    """One voter's hand. `size` 0.6-1.7 of the box; `sloppy_mm` how far from the middle marks land."""

    size: float = 1.0
    sloppy_mm: float = 0.3
    tremble_mm: float = 0.03
    slant_deg: float = 0.0  # of letters and strokes, to the right
    spacing: float = 1.0  # between letters
    letter_jitter: float = 0.04  # share of the letter height
    left: bool = False  # left-handed: ticks and slashes lean the other way


def hand(rng: np.random.Generator) -> Hand:
    """The hand of a voter met by chance."""
    old = rng.random() < 0.06
    return Hand(
        size=float(np.clip(rng.normal(1.15, 0.22), 0.6, 1.7)),
        sloppy_mm=float(rng.gamma(2.0, 0.13)),
        tremble_mm=float(rng.uniform(0.08, 0.16) if old else rng.uniform(0.01, 0.05)),
        slant_deg=float(rng.normal(6, 9)),
        spacing=float(rng.uniform(0.85, 1.25)),
        letter_jitter=float(rng.uniform(0.015, 0.06)),
        left=bool(rng.random() < 0.1),
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a mark lands after all: centre and half size in mm, tremble, the generator."""

    x: float
    y: float
    r: float
    tremble: float
    rng: np.random.Generator

    def at(self, *points: tuple[float, float]) -> Stroke:
        """A stroke through points in units of the half size, each missed by a little."""
        where = np.array(points) + self.rng.normal(0, 0.07, (len(points), 2))
        return stroke(where * self.r + (self.x, self.y), self.rng, tremble_mm=self.tremble)


def _place(aim: Rect, by: Hand, rng: np.random.Generator) -> _Place:
    """The centre stays within 0.4 of the box's half size of its middle, or it is another gesture."""
    x, y = aim.centre
    r = min(aim.w, aim.h) / 2
    miss = np.clip(rng.normal(0, by.sloppy_mm, 2), -0.4 * r, 0.4 * r)
    return _Place(x + miss[0], y + miss[1], r * by.size, by.tremble_mm, rng)


def _cross(p: _Place, by: Hand) -> list[Stroke]:
    s = 1.0 if not by.left else -1.0
    return [p.at((-0.85 * s, -0.85), (0.85 * s, 0.85)), p.at((0.85 * s, -0.85), (-0.85 * s, 0.85))]


def _tick(p: _Place, by: Hand) -> list[Stroke]:
    s = -1.0 if by.left else 1.0
    tail = p.rng.uniform(0.9, 1.5)
    return [p.at((-0.75 * s, -0.05), (-0.25 * s, 0.75), (0.35 * s, -0.2), (tail * s, -tail))]


def _plus(p: _Place, _by: Hand) -> list[Stroke]:
    return [p.at((0, -0.95), (0.05, 0.95)), p.at((-0.95, 0), (0.95, 0.05))]


def _scribble(p: _Place, _by: Hand) -> list[Stroke]:
    n = int(p.rng.integers(6, 12))
    xs = np.linspace(-0.85, 0.85, n)
    return [p.at(*[(x, 0.8 * (-1) ** i) for i, x in enumerate(xs)])]


def _fill(p: _Place, _by: Hand) -> list[Stroke]:
    n = max(8, int(p.r * 2 / 0.3))
    ys = np.linspace(-0.85, 0.85, n)
    return [p.at(*[(0.85 * (-1) ** i, y) for i, y in enumerate(ys)])]


def _circle(p: _Place, by: Hand) -> list[Stroke]:
    # a circle around the box is another gesture, for people to judge
    start, reach = p.rng.uniform(0, 2 * np.pi), p.rng.uniform(5.6, 7.2)
    angles = start + np.linspace(0, reach, 12)
    size = p.rng.uniform(0.55, 0.95) / max(by.size, 1.0)
    return [p.at(*[(size * np.cos(a), size * np.sin(a)) for a in angles])]


def _slash(p: _Place, by: Hand) -> list[Stroke]:
    s = -1.0 if by.left else 1.0
    return [p.at((0.9 * s, -0.95), (-0.9 * s, 0.95))]


def _dash(p: _Place, _by: Hand) -> list[Stroke]:
    return [p.at((-0.9, 0.05), (0.9, -0.05))]


def _dot(p: _Place, _by: Hand) -> list[Stroke]:
    return [p.at((-0.12, 0), (0.1, 0.12), (0.12, -0.1), (-0.1, -0.08), (0.05, 0.05))]


_SHAPES: dict[MarkShape, Callable[[_Place, Hand], list[Stroke]]] = {
    MarkShape.CROSS: _cross,
    MarkShape.TICK: _tick,
    MarkShape.PLUS: _plus,
    MarkShape.SCRIBBLE: _scribble,
    MarkShape.FILL: _fill,
    MarkShape.CIRCLE: _circle,
    MarkShape.SLASH: _slash,
    MarkShape.DASH: _dash,
    MarkShape.DOT: _dot,
}


def mark(shape: MarkShape, aim: Rect, by: Hand, rng: np.random.Generator) -> list[Stroke]:
    """A mark of a shape meant for the box `aim` (mm)."""
    return _SHAPES[shape](_place(aim, by, rng), by)


def correction(aim: Rect, by: Hand, rng: np.random.Generator) -> list[Stroke]:
    """A mark the voter regrets: a cross, then scribbled over well beyond the box."""
    p = _place(aim, by, rng)
    half = max(p.r, min(aim.w, aim.h) / 2)  # a blot that stays inside its box is a mark to whoever sees it
    wide = _Place(p.x, p.y, 1.25 * half, p.tremble, rng)
    return [*_cross(p, by), *_scribble(wide, by), *_fill(wide, by)]


class StrikeShape(StrEnum):
    """How a voter crosses out a name."""

    STRAIGHT = "straight"
    DOUBLE = "double"
    WAVY = "wavy"
    ZIGZAG = "zigzag"
    SLOPED = "sloped"


def strike(shape: StrikeShape, name: Rect, by: Hand, rng: np.random.Generator) -> list[Stroke]:
    """A line over a printed name (§ 7-2: "en strek over navnet"); `name` is the printed line in mm."""
    left, right = name.x + rng.uniform(-1, 2), name.x + name.w + rng.uniform(-2, 2)
    y = name.y + name.h * (0.5 + rng.normal(0, 0.07))
    if shape is StrikeShape.DOUBLE:
        gap = rng.uniform(0.1, 0.2) * name.h
        return [_line((left, right), y - gap, by, rng), _line((left, right), y + gap, by, rng)]
    if shape is StrikeShape.SLOPED:
        drop = rng.uniform(0.15, 0.3) * name.h * rng.choice([-1, 1])
        return [_line((left, right), y, by, rng, drop=drop)]
    if shape in {StrikeShape.WAVY, StrikeShape.ZIGZAG}:
        return [_wave(name, y, by, rng, sharp=shape is StrikeShape.ZIGZAG)]
    return [_line((left, right), y, by, rng)]


def _line(
    ends: tuple[float, float], y: float, by: Hand, rng: np.random.Generator, *, drop: float = 0.0
) -> Stroke:
    """A nearly straight line from left to right, ending `2·drop` mm lower than it began."""
    xs = np.linspace(*ends, 7)
    ys = y + np.linspace(-drop, drop, 7) + 0.15 * wander(7, 2, rng)
    return stroke(np.stack([xs, ys], axis=1), rng, tremble_mm=by.tremble_mm)


def _wave(name: Rect, y: float, by: Hand, rng: np.random.Generator, *, sharp: bool) -> Stroke:
    """A wave or zigzag through a line of print."""
    n = max(5, int(name.w / rng.uniform(1.2, 2.5)))
    xs = np.linspace(name.x, name.x + name.w, n) + rng.normal(0, 0.15, n)
    ys = y + name.h * rng.uniform(0.15, 0.3) * (-1.0) ** np.arange(n) + rng.normal(0, 0.1, n)
    corners = np.full(n, sharp)
    return stroke(np.stack([xs, ys], axis=1), rng, corners=corners, tremble_mm=by.tremble_mm)


def underline(name: Rect, by: Hand, rng: np.random.Generator) -> list[Stroke]:
    """A line below a printed name: means nothing in law."""
    return [_line((name.x, name.x + name.w), name.y + 0.92 * name.h, by, rng)]


def ring(name: Rect, by: Hand, rng: np.random.Generator) -> list[Stroke]:
    """A ring around a printed name."""
    x, y = name.centre
    angles = rng.uniform(0, 6) + np.linspace(0, rng.uniform(6.0, 7.0), 16)
    wide, tall = name.w / 2 + 2, name.h / 2 * rng.uniform(0.95, 1.2)
    points = np.stack([x + wide * np.cos(angles), y + tall * np.sin(angles)], axis=1)
    return [stroke(points, rng, tremble_mm=by.tremble_mm)]


def bracket(names: Rect, by: Hand, rng: np.random.Generator) -> list[Stroke]:
    """An upright brace beside several names, as if to mean all of them."""
    x, top, low = names.x, names.y, names.y + names.h
    middle = (top + low) / 2
    points = [(x + 2, top), (x, top + 2), (x, middle - 1), (x - 2, middle), (x, middle + 1)]
    return [stroke([*points, (x, low - 2), (x + 2, low)], rng, tremble_mm=by.tremble_mm)]


def face_drawing(area: Rect, by: Hand, rng: np.random.Generator) -> list[Stroke]:
    """A smiling face, the drawing poll workers meet most."""
    x, y = area.centre
    r = min(area.w, area.h) / 2 * rng.uniform(0.6, 0.95)
    p = _Place(x, y, r, by.tremble_mm, rng)
    round_ = np.linspace(0, 6.6, 16)
    mood = rng.choice([-0.35, 0.35])
    mouth = [(-0.45, 0.3), (0, 0.3 + mood), (0.45, 0.3)]
    head = p.at(*[(np.cos(a), np.sin(a)) for a in round_])
    return [head, p.at((-0.35, -0.35), (-0.3, -0.2)), p.at((0.35, -0.35), (0.3, -0.2)), p.at(*mouth)]


def heart(area: Rect, by: Hand, rng: np.random.Generator) -> list[Stroke]:
    """A heart."""
    x, y = area.centre
    p = _Place(x, y, min(area.w, area.h) / 2 * rng.uniform(0.6, 0.95), by.tremble_mm, rng)
    left = [(0, -0.3), (-0.4, -0.85), (-0.95, -0.4), (-0.5, 0.3), (0, 0.95)]
    return [p.at(*left), p.at(*[(-a, b) for a, b in left])]


def slip(near: tuple[float, float], by: Hand, rng: np.random.Generator) -> list[Stroke]:
    """The pen touched the paper by accident: a dot or a short hair line."""
    long = rng.uniform(0.1, 4.0) * (rng.random() < 0.5)
    a = rng.uniform(0, 2 * np.pi)
    x, y = near
    ends = [(x, y), (x + long * np.cos(a), y + long * np.sin(a) + 0.05)]
    return [stroke(ends, rng, tremble_mm=by.tremble_mm)]


def tail(area: Rect, by: Hand, rng: np.random.Generator) -> list[Stroke]:
    """The tail of a j or g: down along the right side of `area` and hooked to the left at its end."""
    x, low = area.x + area.w, area.y + area.h
    bow = area.w * rng.uniform(0.6, 1.0)
    points = [(x, area.y), (x - 0.1, (area.y + low) / 2), (x - 0.3 * bow, low), (x - bow, low - 0.25 * bow)]
    return [stroke(points, rng, tremble_mm=by.tremble_mm)]
