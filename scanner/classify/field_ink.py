"""How much of the ink on a page lies in and around each field, and to which field each stroke belongs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scanner.classify.ink import COARSE, Ink, Printed, Stroke
from scanner.classify.openness import NO_INK, Openness, openness

Box = tuple[int, int, int, int]  # x, y, w, h in template px
Held = dict[int, float]  # stroke number -> px of it


@dataclass(frozen=True, slots=True)
class FieldInk:
    """Ink in one field, mm² unless said."""

    own: float  # of strokes that have most of their ink here
    foreign: float  # of strokes that have more in another field
    beside: float  # in the ring around the field, of strokes that belong here or nowhere
    share: float  # own ink / paper one can see in the field, 0..1
    depth: float  # mean darkness of the ink, share of contrast
    extent: float  # longer side of own ink in field and ring / shorter side of the paper one can see in it
    whole: float  # all ink of own strokes, wherever it lies / area of the field
    reach_mm: float  # longer side of the longest own stroke, wherever it goes
    haze: float  # mean darkness over all visible paper of the field, share of contrast
    elsewhere: float  # most ink an own stroke has in another field / its ink in this one
    extent_mm: float = 0.0  # longer side of own ink in field and ring
    hemmed: float = 0.0  # share of the field's outline with ink just outside it, 0..1
    open: Openness = NO_INK
    least_mm: float = 0.0  # shorter side of own ink in field and ring


@dataclass(frozen=True, slots=True)
class Reach:
    """How far around a field is looked at, mm."""

    ring: float
    hem: tuple[float, float]  # from and to, of what counts as just outside
    edge: float = 0.38  # of the paper in the field that is its edge


def measure(
    ink: Ink, print_: Printed, boxes: tuple[Box, ...], reach: Reach, unit: float
) -> tuple[FieldInk, ...]:
    """One FieldInk per box; `unit` is template px per mm."""
    held = [_held(ink, one) for one in boxes]
    owners = _owners(held)
    return tuple(
        _one(ink, print_, box, _Claims(index, held, owners), (reach, unit)) for index, box in enumerate(boxes)
    )


def stray(
    ink: Ink, boxes: tuple[Box, ...], least_mm2: float, edge_mm: float, unit: float
) -> tuple[Stroke, ...]:
    """Strokes of at least `least_mm2` with no ink in any box; `unit` is template px per mm.

    What lies wholly within `edge_mm` of the page's border is left out: there the paper ends, and
    scanners draw its shadow.
    """
    held: set[int] = set()
    for one in boxes:
        held.update(_held(ink, one))
    (height, width), edge = ink.mask.shape, edge_mm * unit
    return tuple(
        one
        for number, one in enumerate(ink.strokes, 1)
        if number not in held
        and one.area_mm2 >= least_mm2
        and one.x < width - edge
        and one.y < height - edge
        and one.x + one.w > edge
        and one.y + one.h > edge
    )


@dataclass(frozen=True, slots=True)
class _Claims:
    """What one field holds of each stroke, beside what all others hold."""

    index: int
    held: list[Held]
    owners: dict[int, int]

    @property
    def mine(self) -> frozenset[int]:
        """The strokes that belong to the field."""
        return frozenset(one for one in self.held[self.index] if self.owners[one] == self.index)

    def loose(self, ring: Held) -> float:
        """Px in the ring of strokes that belong to the field or to none."""
        return sum(px for one, px in ring.items() if self.owners.get(one, self.index) == self.index)

    def elsewhere(self, number: int) -> float:
        """How much of the stroke another field has, for each px of it here."""
        others = (one.get(number, 0.0) for place, one in enumerate(self.held) if place != self.index)
        return max(others, default=0.0) / self.held[self.index][number]


def _one(ink: Ink, print_: Printed, box: Box, claims: _Claims, how: tuple[Reach, float]) -> FieldInk:
    """All that the ink tells of one field."""
    reach, unit = how
    mine, around = claims.mine, grown(box, reach.ring * unit)
    within = claims.held[claims.index]
    own = sum(px for one, px in within.items() if one in mine)
    visible = cut(print_.blind, box) == 0
    depth = cut(ink.depth, box)
    inked, strokes = depth[cut(ink.mask, box) > 0], [ink.strokes[one - 1] for one in mine]
    least, extent = _extent(ink, mine, around) if mine else (0.0, 0.0)
    hem = round(reach.hem[0] * unit), round(reach.hem[1] * unit)
    return FieldInk(
        own=own / unit**2,
        foreign=(sum(within.values()) - own) / unit**2,
        beside=max(claims.loose(_held(ink, around)) - own, 0) / unit**2,
        share=float(own / max(visible.sum(), 1)),
        depth=float(inked.mean() / ink.contrast) if inked.size else 0.0,
        extent=extent / _free_side(visible, box),
        whole=sum(one.area_mm2 for one in strokes) * unit**2 / max(box[2] * box[3], 1),
        reach_mm=max((max(one.w, one.h) for one in strokes), default=0) / unit,
        haze=float(depth[visible].mean() / ink.contrast) if visible.any() else 0.0,
        elsewhere=max((claims.elsewhere(one) for one in mine), default=0.0),
        extent_mm=extent / unit,
        hemmed=_hemmed(ink, print_, box, hem) if mine else 0.0,
        open=openness(ink, print_, box, (hem, round(reach.edge * unit)), unit) if mine else NO_INK,
        least_mm=least / unit,
    )


def _hemmed(ink: Ink, print_: Printed, box: Box, hem: tuple[int, int]) -> float:
    """Along how much of a field's outline, where one can see it, there is ink just outside."""
    x, y, w, h = box
    (near, far), inked, seen = hem, 0, 0
    deep = max(far - near, 1)
    for side, axis in (
        ((x, y - far, w, deep), 0),
        ((x, y + h + near, w, deep), 0),
        ((x - far, y, deep, h), 1),
        ((x + w + near, y, deep, h), 1),
    ):
        inked += int((cut(ink.mask, side) > 0).any(axis=axis).sum())
        seen += int((cut(print_.blind, side) == 0).any(axis=axis).sum())
    return inked / max(seen, 1)


def _free_side(visible: NDArray[np.bool_], box: Box) -> int:
    """Shorter side in px of the paper one can see in a field: its printed outline hides the rest.

    A cross wholly inside a box of 4 mm can be no longer than 2.8 mm.
    """
    rows, columns = (
        (int((visible.mean(axis=axis) > 0.5).sum()) for axis in (1, 0)) if visible.size else (0, 0)
    )
    return max(min(rows, columns) or min(box[2:]), 1)


def _extent(ink: Ink, mine: frozenset[int], around: Box) -> tuple[float, float]:
    """Shorter and longer side in px of what a field's own strokes cover in it and its ring."""
    rows, columns, numbers = _inked(ink, around)
    own = np.isin(numbers, list(mine))
    if not own.any():
        return 0.0, 0.0
    low, high = sorted((float(np.ptp(rows[own])) + 1, float(np.ptp(columns[own])) + 1))
    return low, high


def _inked(ink: Ink, box: Box) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.int32]]:
    """Row, column and stroke number of each inked pixel in a box."""
    x, y, w, h = _clipped(box, ink.mask.shape)
    rows, columns = np.nonzero(ink.mask[y : y + h, x : x + w])
    last = np.array(ink.labels.shape) - 1
    down, across = np.minimum((rows + y) // COARSE, last[0]), np.minimum((columns + x) // COARSE, last[1])
    return rows, columns, ink.labels[down, across]


def _held(ink: Ink, box: Box) -> Held:
    """Pixels of each stroke inside a box."""
    if _bare(ink, box):
        return {}
    count = np.bincount(_inked(ink, box)[2])
    return {int(number): float(count[number]) for number in np.flatnonzero(count) if number}


def _bare(ink: Ink, box: Box) -> bool:
    """True if no stroke comes near a box: most fields of most pages."""
    x, y, w, h = _clipped(box, ink.mask.shape)
    near = ink.labels[y // COARSE : (y + h) // COARSE + 1, x // COARSE : (x + w) // COARSE + 1]
    return not near.any()


def _owners(held: list[Held]) -> dict[int, int]:
    """For each stroke in any field, the index of the field with most of it (the first of equals)."""
    owners: dict[int, int] = {}
    for index, field in enumerate(held):
        for number, px in field.items():
            if number not in owners or px > held[owners[number]][number]:
                owners[number] = index
    return owners


def grown(box: Box, px: float) -> Box:
    """The box with `px` more on each side."""
    more = round(px)
    return box[0] - more, box[1] - more, box[2] + 2 * more, box[3] + 2 * more


def _clipped(box: Box, shape: tuple[int, ...]) -> Box:
    """The part of the box on the page."""
    left, top = max(box[0], 0), max(box[1], 0)
    right, low = min(box[0] + box[2], shape[1]), min(box[1] + box[3], shape[0])
    return left, top, max(right - left, 0), max(low - top, 0)


def cut(image: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
    """The pixels of a box."""
    x, y, w, h = _clipped(box, image.shape)
    return image[y : y + h, x : x + w]
