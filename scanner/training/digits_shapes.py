"""Digits as Europeans write them, drawn: flagged ones, barred sevens, open and closed fours, tails of nines.

A digit is a few pen strokes through control points, x 0..6 and y 0 (top) to 10 (foot); `!` after a point is a
sharp turn, `;` lifts the pen. Ones, sevens, fours and nines are made anew each time, since they differ most
from one country to the next and from the American digits that most collections hold.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from scanner.simulate.strokes import Points, smooth

Random = np.random.Generator
Line = Points
_COMMON: dict[int, tuple[str, ...]] = {
    0: (
        "3,0 0.6,2 0,6 2,9.8 4.6,9 5.8,5 5,1 2.8,0",
        "3.4,0.3 1,1 0,5 1,9.2 3.4,10 5.6,8 6,4 4.6,0.6 2.6,-0.2 2,0.6",
        "2,0.6 0.2,4 1,9 3.6,9.9 5.6,7 5.4,2 3.6,0.1 1.6,0.9",
        "5,1.4 3,0 0.8,1.6 0,5.4 1.6,9.6 4.2,9.8 6,6.4 5.6,2 4.6,0.8",
        "3,0 0.6,2 0,6 2,9.8 4.6,9 5.8,5 5,1 2.8,0;5.2,0.8 0.8,9.2",
        "3,0 0.4,3 0.2,7 2.6,10 5.4,7.6 5.8,3 4,0.2 2.6,0;6.2,-0.4 0,10.4",
    ),
    2: (
        "0.3,2.4 2,0 4.6,0.6 5,3.2 2.6,6.8 0,10! 5.6,9.9",
        "0.3,2.6 2.4,0 5,2.2 3,6.6 0.4,9.4 1,8 3,8.6 5.8,10",
        "0,1.6 2.4,-0.2 5,1.4 4.4,4.4 0.2,10! 3,9.6 6,9.8",
        "0.6,1 3,0 5.2,2 3.6,5.4 0.6,9.2 0.2,9.9 1.6,9.3 4,10 6,8.8",
        "0.4,3 0.6,0.8 3,0 5.4,1.8 4,5.6 0,9.9! 5.8,10",
        "0,0.6 4.6,0! 4.8,3 3,6.4 0.2,10! 5.6,10",
    ),
    3: (
        "0.4,1 2.8,0 5,1.6 4,4 1.8,4.8! 5,5.8 5.4,8.4 2.8,10 0,8.8",
        "0,0.4 5,0! 2.2,4! 5,5.2 5.6,8 3,10 0,9.2",
        "0.2,1.4 2.4,0 4.8,1.4 4.4,3.6 2.4,4.6 4.8,5.4 5.6,7.8 3.4,10 0.4,9",
        "0.6,0.6 3.6,0 5,1.8 3,4.4 2.4,4.8 3.4,4.6 5.6,6.6 4.6,9.4 1.6,10 0,8",
        "0,0.2 5.2,0.2! 2.4,3.8! 5.4,6 4.4,9.2 1.6,10.4 -0.4,9.4",
    ),
    5: (
        "4.8,0 1,0! 0.6,4.4! 2.8,3.8 5.2,6 4.2,9.2 1.8,10 0,9",
        "0.8,0.4 0.6,4.4! 3,3.8 5.4,6.2 4,9.4 0,9.4;0.8,0.3 5.4,0",
        "5.4,0.2 1.2,0.4! 0.8,4.2! 3.6,3.6 5.6,5.8 4.6,9 2,10.2 -0.2,9",
        "1.2,0.2 0.8,4 3.4,3.6 5.4,6 4,9.4 1.4,10 0,8.6;1.4,0.2 5.8,-0.2",
        "5.2,0.4 1.6,0.2 0.8,2.6 0.6,4.8 3.2,3.8 5.2,6 4.2,9.2 1.4,10 0,9",
        "1,0.6 0.8,4.6! 3.2,3.9 5.3,6.1 3.8,9.5 0,9.5;1.8,0.1 5.6,-0.1",
    ),
    6: (
        "4.4,0.2 1.6,2.8 0.2,6.6 1,9.6 3.4,10 5.2,7.8 4,5.4 1.8,5.4 0.3,7.4",
        "3.6,0 1.2,3.4 0,7 1.4,9.8 4,9.8 5.4,7.4 4,5.2 1.6,5.8 0.4,8",
        "5,0.6 3,0 0.8,2.6 0,6.6 1.4,9.8 4.4,9.6 5.4,7 3.6,5 1,6 0.3,7.6",
        "2,0 0.4,4 0.2,8 2,10 4.6,9 4.8,6.6 2.6,5.6 0.4,7",
        "3,0 0.6,5 0.4,8.6 2.6,10 5,8.4 4.4,6.4 2.2,6.2 0.6,8.2",
    ),
    8: (
        "4.8,1.2 2.4,0 0.6,1.6 1.4,3.8 4.4,6 5.2,8.6 2.6,10 0.2,8.4 1.2,6 4.2,3.6 4.8,1.2",
        "3,0 1,1 1,3.4 3,4.6 5,6.4 4.8,9 2.6,10 0.4,8.8 0.6,6.2 3,4.6 4.8,3 4.6,0.8 2.8,0",
        "2.8,0 0.8,1.4 1.4,4 3,4.5 4.8,3.2 4.6,0.8 2.8,0;2.8,4.6 0.4,6 0.6,9 3,10 5.4,8.6 5,5.6 2.8,4.6",
        "5.2,0.6 2.6,0.2 0.8,2 2,4 4.6,5.8 5,8.8 2.4,10 0.2,8 2,5.6 5,2.6 5.6,0",
        "0.8,0.6 3,4.4 5,7.6 4,9.8 1.6,9.8 0.6,7.6 3,4.6 5,1.6 3.6,0 1.2,0.4",
    ),
}  # fmt: skip


def digit_lines(value: int, random: Random) -> list[Line]:
    """Smooth pen lines of one digit, each (n, 2), about 6 wide and 10 high, in some way of writing it."""
    made = _MADE[value](random) if value in _MADE else drawn(str(random.choice(_COMMON[value])))
    shake = random.uniform(0.05, 0.35)
    return [_smooth(points + random.normal(0, shake, points.shape), corners) for points, corners in made]


Strokes = list[tuple[Points, npt.NDArray[np.bool_]]]


def drawn(words: str) -> Strokes:
    """Control points and sharp turns of each stroke of a drawing."""
    made = []
    for one in words.split(";"):
        marks = one.split()
        points = [[float(v) for v in mark.rstrip("!").split(",")] for mark in marks]
        made.append((np.array(points, np.float32), np.array([mark.endswith("!") for mark in marks])))
    return made


def _smooth(points: npt.NDArray[np.floating], corners: npt.NDArray[np.bool_]) -> Line:
    few = np.asarray(points, np.float32) / np.float32(4)
    return smooth(few, corners) * np.float32(4)  # fewer samples than millimetres ask for


def _strokes(*lines: list[tuple[float, float, bool]]) -> Strokes:
    return [
        (np.array([[x, y] for x, y, _ in line], np.float32), np.array([sharp for *_, sharp in line]))
        for line in lines
    ]


def _one(random: Random) -> Strokes:
    """A bar; or a bar with a flag from short to nearly as long as the bar; perhaps on a foot."""
    top, foot = 3.0, 3.0 + random.normal(0, 0.25)
    stem = [(top, 0.0, True), ((top + foot) / 2 + random.normal(0, 0.2), 5.0, False), (foot, 10.0, False)]
    if random.random() < 0.22:
        return _strokes(stem)
    across = random.uniform(0.8, 4.2)
    drop = across * random.uniform(0.75, 1.7)
    bend = random.normal(0, 0.25)
    flag = [(top - across, min(drop, 7.0), False), (top - across / 2, min(drop, 7.0) / 2 + bend, False)]
    if random.random() < 0.18:
        half = random.uniform(0.8, 2.6)
        base = [
            (foot - half, 10 + random.normal(0, 0.2), False),
            (foot + half, 10 + random.normal(0, 0.2), False),
        ]
        return _strokes([*flag, *stem], base)
    return _strokes([*flag, *stem])


def _seven(random: Random) -> Strokes:
    """A level bar and a leg, straight or bent; often a bar through the leg, seldom a hook at the start."""
    right, rise = random.uniform(4.6, 6.0), random.normal(0.1, 0.35)
    foot = random.uniform(0.6, 3.8)
    bend = random.normal(-0.25, 0.45)
    top = [(0.0, rise, False), (right / 2, rise / 2 + random.normal(0, 0.25), False)]
    if random.random() < 0.3:
        top = [(random.normal(0, 0.2), random.uniform(1.2, 2.6), True), (0.0, max(rise, 0), True), *top[1:]]
    leg = [(right, 0.0, True), ((right + foot) / 2 + bend, 5.0, False), (foot, 10.0, False)]
    if random.random() < 0.42:
        return _strokes([*top, *leg])
    y, slope = random.uniform(4.2, 6.2), random.normal(-0.2, 0.4)
    x = right + (foot - right) * y / 10 + bend * 0.7
    left, far = random.uniform(1.0, 2.4), random.uniform(0.9, 2.2)
    return _strokes([*top, *leg], [(x - left, y - slope / 2, False), (x + far, y + slope / 2, False)])


def _four(random: Random) -> Strokes:
    """Open with two uprights, closed to a peak, or in one stroke; the stem may end at the bar or below."""
    bar, stem = random.uniform(5.4, 7.4), random.uniform(3.4, 5.2)
    far = stem + random.uniform(0.2, 1.8)
    kind = random.random()
    low = 10.0 + random.normal(0, 0.3)
    if kind < 0.5:  # open
        top = random.uniform(0, 1.4) if random.random() < 0.7 else random.uniform(1.4, 3.8)
        left = [
            (random.uniform(0.2, 2.6), 0.0, False),
            (random.uniform(0, 0.8), bar, True),
            (far, bar + random.normal(0, 0.4), False),
        ]
        down = [(stem + random.normal(0, 0.3), top, False), (stem + random.normal(-0.2, 0.4), low, False)]
        return _strokes(left, down)
    apex = stem - random.uniform(0, 1.4)
    if kind < 0.8:  # closed, two strokes
        left = [(apex, 0.0, False), (0.0, bar, True), (far, bar + random.normal(0, 0.3), False)]
        down = [
            (
                stem if random.random() < 0.4 else apex,
                random.uniform(0, 0.5) if random.random() < 0.7 else 3.2,
                False,
            ),
            (stem, low, False),
        ]
        return _strokes(left, down)
    turn = [
        (far, bar, False),
        (0.0, bar + random.normal(0, 0.3), True),
        (stem, 0.0, True),
        (stem + random.normal(-0.2, 0.3), low, False),
    ]
    return _strokes(turn)


def _nine(random: Random) -> Strokes:
    """A loop and a tail: straight, bent, hooked to the left, or curled like a g; the loop may stay open."""
    wide, high = random.uniform(3.2, 5.2), random.uniform(3.6, 6.0)
    start = random.uniform(-0.9, 0.2)
    turned = start - np.linspace(0, 2 * np.pi + random.uniform(-0.7, 0.3), 9)
    x, y = wide / 2 * (1 + np.cos(turned)), high / 2 * (1 + np.sin(turned))
    loop = [(float(a), float(b), False) for a, b in zip(x, y, strict=True)]
    right = wide + random.normal(0, 0.2)
    begin = (right, random.uniform(0, 0.4) * high, True)
    kind = random.random()
    if kind < 0.35:  # straight or leaning
        tail = [begin, (right + random.normal(-0.5, 0.6), 10.0, False)]
    elif kind < 0.7:  # bent
        tail = [
            begin,
            (right, 6.5, False),
            (right - random.uniform(0.6, 1.8), 8.8, False),
            (right - random.uniform(1.8, 3.6), 10.0, False),
        ]
    else:  # hooked or curled
        tail = [
            begin,
            (right + 0.1, 7.2, False),
            (right - 1.0, 9.6, False),
            (right - 2.8, 10.0, False),
            (right - 4.4, random.uniform(7.6, 9.2), False),
        ]
    loop[-1] = (loop[-1][0], loop[-1][1], True)
    return _strokes([*loop, *tail]) if random.random() < 0.75 else _strokes(loop, tail)


_MADE: dict[int, Callable[[Random], Strokes]] = {1: _one, 4: _four, 7: _seven, 9: _nine}
