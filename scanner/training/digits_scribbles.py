"""What is written in number boxes and is no digit: crosses, ticks, letters, corrections."""

from collections.abc import Callable

import numpy as np

from scanner.ballot import Rect
from scanner.simulate.letters import write
from scanner.simulate.marks import MarkShape, StrikeShape, correction, hand, mark, strike
from scanner.training.digits_ink import Digit, Source
from scanner.training.digits_shapes import Line, Random, digit_lines

LETTERS = "ACEFHKMNPRTUVWXÆ*"  # those that are never a digit: no O, I, S, Z, B, G, D, L, Q, Y, ! and ?
SHAPES = (
    MarkShape.CROSS, MarkShape.TICK, MarkShape.PLUS, MarkShape.SCRIBBLE, MarkShape.FILL, MarkShape.DASH,
    MarkShape.DOT,
)  # fmt: skip
OVER = ((2, 5), (4, 7), (4, 3), (7, 5), (2, 6), (4, 8), (7, 6), (2, 9), (4, 5), (2, 4), (7, 0))
"""Digits of which neither hides in the other: an eight over a three is an eight, a three over a six too."""


def scribble(random: Random, *, alone: bool = True) -> Digit:
    """Something that is no digit, as pen lines about 10 high; if not `alone`, it is no number either."""
    kind = _KINDS[int(random.choice(len(_KINDS), p=_SHARES))]
    if kind is _pair and not alone:
        return _as_digit(crossed(_pair(random), random))
    return _as_digit(kind(random))


def _as_digit(lines: list[Line]) -> Digit:
    every = np.concatenate(lines)
    low, size = every.min(0), np.maximum(every.max(0) - every.min(0), 0.5)
    scale = 10 / max(float(size[1]), 0.6 * float(size[0]))
    moved = tuple(np.asarray((one - low) * scale, np.float32) for one in lines)
    return Digit(Source.DRAWN, None, moved, float(size[0] * scale / 10))


def _marked(random: Random) -> list[Line]:
    shape = SHAPES[int(random.integers(len(SHAPES)))]
    return [one.points for one in mark(shape, Rect(0, 0, 10, 10), hand(random), random)]


def _leaning(random: Random) -> list[Line]:
    """A slash too flat for a one."""
    a = np.radians(random.uniform(48, 75)) * random.choice([-1, 1])
    x, y = 5 * np.sin(a), 5 * np.cos(a)
    bend = random.normal(0, 0.3, 2)
    return [np.array([[x, -y], bend, [-x, y]], np.float32)]


def _letter(random: Random) -> list[Line]:
    text = str(random.choice(list(LETTERS)))
    if random.random() < 0.3:
        text += str(random.choice(list(LETTERS)))
    lines = write(text, (0.0, 10.0), 10.0, hand(random), random, habit=int(random.integers(1000)))
    return [one.points for one in lines]


def _corrected(random: Random) -> list[Line]:
    return [one.points for one in correction(Rect(0, 0, 10, 10), hand(random), random)]


def crossed(lines: list[Line], random: Random) -> list[Line]:
    """Lines struck through: by two lines, a wave, a zigzag, or a cross over all."""
    every = np.concatenate(lines)
    low, size = every.min(0), every.max(0) - every.min(0)
    if random.random() < 0.35:
        reach = random.uniform(-0.1, 0.4)
        ends = np.array([[low - reach * size, low + (1 + reach) * size]])[0]
        over = [ends, np.array([[ends[1, 0], ends[0, 1]], [ends[0, 0], ends[1, 1]]])]
        over = [one + random.normal(0, 0.4, one.shape) for one in over]
        return [
            *lines,
            *(np.asarray(one, np.float32) for one in (over if random.random() < 0.6 else over[:1])),
        ]
    shape = StrikeShape(random.choice([StrikeShape.DOUBLE, StrikeShape.ZIGZAG, StrikeShape.WAVY]))
    wide = Rect(float(low[0]) - 1, float(low[1]), float(size[0]) + 2, float(size[1]))
    return [*lines, *(one.points for one in strike(shape, wide, hand(random), random))]


def _struck(random: Random) -> list[Line]:
    """A digit crossed out; no seven and no nought, which may have a bar of their own, and no one."""
    value = int(random.choice([2, 3, 4, 5, 6, 8, 9]))
    return crossed(digit_lines(value, random), random)


def _overwritten(random: Random) -> list[Line]:
    """One digit over another."""
    first, second = OVER[int(random.integers(len(OVER)))]
    moved = [one + np.float32(random.normal(0, 0.8)) for one in digit_lines(int(second), random)]
    return [*digit_lines(int(first), random), *moved]


def _pair(random: Random) -> list[Line]:
    """Two digits, near each other or joined."""
    first, second = (digit_lines(int(one), random) for one in random.integers(0, 10, 2))
    gap = max(float(one[:, 0].max()) for one in first) + random.uniform(-0.6, 2.5)
    down = random.normal(0, 0.6)
    moved = np.array([gap, down], np.float32)
    return [*first, *(one + moved for one in second)]


def _piece(random: Random) -> list[Line]:
    """A digit of which half is not there; of an eight that would be a three, of a two a seven."""
    lines = digit_lines(int(random.choice([0, 5])), random)
    every = np.concatenate(lines)
    low, size = every.min(0), every.max(0) - every.min(0)
    axis, side = int(random.random() < 0.4), random.choice([-1, 1])
    edge = low[axis] + size[axis] * (0.5 + side * random.uniform(-0.08, 0.12))
    kept = [one[(one[:, axis] - edge) * side < 0] for one in lines]
    kept = [one for one in kept if len(one) > 1]
    return kept or lines[:1]


_KINDS: tuple[Callable[[Random], list[Line]], ...] = (
    _marked, _leaning, _letter, _corrected, _struck, _overwritten, _pair, _piece,
)  # fmt: skip
_SHARES = (0.22, 0.06, 0.2, 0.04, 0.19, 0.08, 0.17, 0.04)
