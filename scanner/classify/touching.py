"""Crosses of neighbouring boxes that touch are several marks, not one.

Two crosses of a bold pen meet between their boxes and would be one stroke, which no box could claim. They are
parted half way between the boxes where in every box that holds ink of the stroke two lines cross near its
middle. What merely passes through boxes, lines, a wave or one large cross over several, crosses itself in
one of them at most and stays one stroke.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from scanner.classify.field_ink import Box
from scanner.classify.ink import COARSE, Ink, Printed, Stroke

Flags = NDArray[np.bool_]
_AROUND = 64  # places on a circle: 0.1 mm apart in a box of 4 mm
_OUT = np.linspace(0, 1, 8)  # from the middle to the circle: 0.17 mm apart


@dataclass(frozen=True, slots=True)
class TouchLimits:
    """Members and units as in calibration/touching.toml."""

    middle: float
    circle: float
    step_mm: float
    least_mm2: float


def part_touching(ink: Ink, print_: Printed, boxes: tuple[Box, ...], unit: float, limits: TouchLimits) -> Ink:
    """The same ink, crosses of neighbouring boxes parted; the ink itself where none touch.

    `boxes` (x, y, w, h) in template px, `unit` template px per mm.
    """
    shared = _shared(ink, boxes, limits.least_mm2 * (unit / COARSE) ** 2)
    if not shared:
        return ink
    labels, strokes = ink.labels.copy(), list(ink.strokes)
    for number, holders in shared.items():
        if all(_crossed(ink, print_, one, unit, limits) for one in holders):
            _part(labels, strokes, number, holders)
    return replace(ink, labels=labels, strokes=tuple(strokes)) if len(strokes) > len(ink.strokes) else ink


def _shared(ink: Ink, boxes: tuple[Box, ...], least: float) -> dict[int, list[Box]]:
    """Strokes with at least so many cells in each of several boxes, and these boxes."""
    holders: dict[int, list[Box]] = {}
    for box in boxes:
        numbers, counts = np.unique(_cells(ink.labels, box), return_counts=True)
        for number in numbers[(numbers > 0) & (counts >= least)].tolist():
            holders.setdefault(number, []).append(box)
    return {number: theirs for number, theirs in holders.items() if len(theirs) > 1}


def _cells(labels: NDArray[np.int32], box: Box) -> NDArray[np.int32]:
    x, y, w, h = (max(side // COARSE, 0) for side in box)
    return labels[y : y + h + 1, x : x + w + 1]


def _crossed(ink: Ink, print_: Printed, box: Box, unit: float, limits: TouchLimits) -> bool:
    """True for a box near whose middle two lines cross: a circle around that place meets four arms."""
    x, y, w, h = box
    reach, far = limits.middle * min(w, h), limits.circle * min(w, h)
    steps = np.arange(-reach, reach + 1, limits.step_mm * unit)
    middles = np.stack(np.meshgrid(steps + x + w / 2, steps + y + h / 2), axis=-1).reshape(-1, 1, 1, 2)
    turn = np.arange(_AROUND) * 2 * np.pi / _AROUND
    rays = far * _OUT[:, None, None] * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    places = np.rint(middles + rays).astype(np.intp)  # (middles, out, around, 2)
    columns, rows = (places[..., n].clip(0, size - 1) for n, size in enumerate(ink.mask.shape[::-1]))
    inked, hidden = ink.mask[rows, columns] > 0, print_.blind[rows, columns] > 0
    arms = inked[:, -1] & (inked | hidden).all(axis=1)  # ink all the way from the middle
    return any(_four_arms(*one) for one in zip(inked[:, -1], arms, ~hidden[:, -1], strict=True))


def _four_arms(inked: Flags, arms: Flags, seen: Flags) -> bool:
    """True for a circle that meets ink in four places, each an arm of its middle and none near another.

    What print hides says nothing.
    """
    at = np.flatnonzero(seen)
    ring = inked[at]
    begins = np.flatnonzero(ring & ~np.roll(ring, 1))
    ends = np.flatnonzero(ring & ~np.roll(ring, -1))
    if len(begins) != 4:
        return False
    ends = np.roll(ends, -1) if ends[0] < begins[0] else ends
    first, last = at[begins], at[ends]
    middles = np.sort((first + ((last - first) % _AROUND) / 2) % _AROUND)
    apart = np.diff(np.append(middles, middles[0] + _AROUND))
    whole = all(arms[at[a] : at[b] + 1].any() for a, b in zip(begins, ends, strict=True) if at[b] >= at[a])
    return bool(apart.min() >= _AROUND / 8) and whole


def _part(labels: NDArray[np.int32], strokes: list[Stroke], number: int, holders: list[Box]) -> None:
    """Give each box the cells of a stroke that lie nearest to its middle, in place."""
    rows, columns = np.nonzero(labels == number)
    middles = np.array([(y + h / 2, x + w / 2) for x, y, w, h in holders]) / COARSE
    away = np.hypot(rows[:, None] - middles[None, :, 0], columns[:, None] - middles[None, :, 1])
    nearest, whole = away.argmin(axis=1), strokes[number - 1]
    for index in range(len(holders)):
        mine = nearest == index
        part = _stroke(rows[mine], columns[mine], whole, float(mine.mean()))
        if index:
            strokes.append(part)
            labels[rows[mine], columns[mine]] = len(strokes)
        else:
            strokes[number - 1] = part


def _stroke(rows: NDArray[np.intp], columns: NDArray[np.intp], of: Stroke, share: float) -> Stroke:
    """The part of a stroke in these cells."""
    x, y = int(columns.min()), int(rows.min())
    w, h = int(columns.max()) - x + 1, int(rows.max()) - y + 1
    return Stroke(x * COARSE, y * COARSE, w * COARSE, h * COARSE, of.area_mm2 * share, of.depth)
