"""Whether the ink in a box leaves paper open as crosses do, or covers it as scribbling does.

A cross of the boldest pen still leaves a gap of paper at two sides of its box or more, and goes beyond the
box only by its arms. What is scribbled over leaves slits at most, or runs along outside a whole side.
"""

from dataclasses import dataclass
from itertools import groupby

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.classify.ink import Ink, Printed
from scanner.pixels import Gray

Flags = NDArray[np.bool_]
Box = tuple[int, int, int, int]  # x, y, w, h in template px


@dataclass(frozen=True, slots=True)
class Openness:
    """Paper left free in one field, and how far ink runs along outside it."""

    gap_mm: float = 0.0  # radius of the largest circle of free paper in the field
    free_mm: float = 0.0  # at two sides of the field or more its edge is free for so long in one piece
    along: float = 0.0  # longest run of ink just outside a side / the length of that side


NO_INK = Openness()  # stands where no stroke belongs to the field


def openness(
    ink: Ink, print_: Printed, box: Box, looks: tuple[tuple[int, int], int], unit: float
) -> Openness:
    """Openness of one box; 0 where nothing of its paper can be seen.

    `looks`: from where to where, px outside the box, ink counts as just outside, and how many px of the
    paper inside are the edge of the field; `unit` is template px per mm.
    """
    hem, edge = looks
    inked, hidden = _part(ink.mask, box), _part(print_.blind, box)
    rows, columns = (np.flatnonzero((~hidden).any(axis=n)) for n in (1, 0))
    if not rows.size:
        return Openness()
    within = inked[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return Openness(
        gap_mm=_widest(~within) / unit,
        free_mm=_free(within, edge) / unit,
        along=max(_longest(side) / max(len(side), 1) for side in _outside(ink.mask, box, hem)),
    )


def _part(image: Gray, box: Box) -> Flags:
    """Where an image is not 0 in a box; what lies off the page is left out."""
    x, y, w, h = box
    return np.asarray(image[max(y, 0) : max(y + h, 0), max(x, 0) : max(x + w, 0)] > 0, np.bool_)


def _widest(free: Flags) -> float:
    """Radius in px of the largest circle of free paper."""
    return float(cv2.distanceTransform(np.pad(free.astype(np.uint8), 1), cv2.DIST_L2, 5).max())


def _free(inked: Flags, edge: int) -> int:
    """How long the edge of the second freest side is free in one piece, px."""
    sides = inked[:edge].T, inked[-edge:].T, inked[:, :edge], inked[:, -edge:]
    return sorted(_longest(np.asarray(~one.any(axis=1), np.bool_)) for one in sides)[-2]


def _outside(mask: Gray, box: Box, hem: tuple[int, int]) -> tuple[Flags, ...]:
    """Along each side of the box, where there is ink just outside."""
    (x, y, w, h), (near, far) = box, hem
    deep = max(far - near, 1)
    return (
        _along(mask, (x, y - far, w, deep), 0),
        _along(mask, (x, y + h + near, w, deep), 0),
        _along(mask, (x - far, y, deep, h), 1),
        _along(mask, (x + w + near, y, deep, h), 1),
    )


def _along(mask: Gray, strip: Box, axis: int) -> Flags:
    """Where along a strip there is ink, whatever its depth."""
    return np.asarray(_part(mask, strip).any(axis=axis), np.bool_)


def _longest(flags: Flags) -> int:
    """The longest run of True."""
    return max((sum(1 for _ in run) for true, run in groupby(flags.tolist()) if true), default=0)
