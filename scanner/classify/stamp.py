"""The official stamp: strokes lying together on the outside, of a stamp's size, dark enough.

§ 10-3 (1) a: a ballot is approved if it has an official stamp. A machine only says what it sees;
a weak, misplaced or missing stamp goes to a person and never rejects by itself. Real cases:
"en har dårlig stempel og en stempel delvis utenfor felt" (Bergen 2019).
"""

from dataclasses import dataclass

import cv2
import numpy as np

from scanner.ballot import Rect, Stamp, StampState
from scanner.classify.atlas import PER_MM
from scanner.classify.ink import COARSE, Ink
from scanner.classify.ink_places import around, ink_in, meet, rect_of
from scanner.pixels import Gray


@dataclass(frozen=True, slots=True)
class StampBounds:
    """Numbers of `calibration/stamp.toml`."""

    together_mm: float  # strokes nearer than this belong to one stamp
    present_mm2: float  # ink of a stamp that is surely one
    trace_mm2: float  # ink under which nothing was stamped
    spread_mm: float  # a stamp is at least this wide and this high
    min_depth: float  # mean darkness of its ink, 1 = as solid print
    inside_share: float  # share of it that must lie in the field
    piece_mm2: float  # pieces and holes smaller than this are specks
    parts: int  # a stamp has at least so many pieces and holes: letters, rims, a crest
    pieces: int  # ... and no more pieces than this
    holes: int  # ... nor holes
    hull_mm2: float  # ... and spans no more than this
    thick_mm: float  # ... and is nowhere solid over more than this
    outline_mm: float  # ... and has no more outline than this
    fine: float  # ... but at least so many mm of it for each mm² that it spans
    thin: float  # ... and no more than so many mm for each mm² of ink: its lines are no finer


@dataclass(frozen=True, slots=True)
class InkCluster:
    """Strokes lying together."""

    strokes: tuple[int, ...]  # numbers in Ink.labels
    rect: Rect
    area_mm2: float
    depth: float
    inside_share: float  # of its ink or of its rectangle, whichever is less, in the stamp field


def read_stamp(ink: Ink, field: Rect, bounds: StampBounds) -> tuple[Stamp, Rect | None]:
    """The stamp in or near its field (mm), and where it lies; None if there is none."""
    clusters = ink_clusters(ink, field, bounds.together_mm)
    chosen = max(clusters, key=lambda one: one.area_mm2 * (0.2 + one.inside_share), default=None)
    if chosen is None or chosen.area_mm2 < bounds.trace_mm2:
        trace = chosen.area_mm2 / bounds.trace_mm2 if chosen else 0.0
        return Stamp(StampState.ABSENT, 1 - 0.5 * trace), None
    state, belief = _state(chosen, bounds)
    if state is StampState.PRESENT and not like_a_stamp(_inked(chosen, ink), bounds):
        state, belief = StampState.WEAK, 0.5
    return Stamp(state, belief), chosen.rect


def _inked(chosen: InkCluster, ink: Ink) -> Gray:
    """The ink of these strokes alone, 255, in their rectangle."""
    y, x = round(chosen.rect.y * PER_MM / COARSE), round(chosen.rect.x * PER_MM / COARSE)
    h, w = round(chosen.rect.h * PER_MM / COARSE), round(chosen.rect.w * PER_MM / COARSE)
    of_stamp = np.zeros(len(ink.strokes) + 1, np.uint8)
    of_stamp[list(chosen.strokes)] = 1
    cells = of_stamp[ink.labels[y : y + h, x : x + w]]
    theirs = cells.repeat(COARSE, axis=0).repeat(COARSE, axis=1)
    mask = ink.mask[y * COARSE : y * COARSE + theirs.shape[0], x * COARSE : x * COARSE + theirs.shape[1]]
    return np.asarray(cv2.bitwise_and(mask, mask, mask=theirs), np.uint8)


def like_a_stamp(inked: Gray, bounds: StampBounds) -> bool:
    """True for ink made of about as many parts, as wide, as solid and as fine as stamps are.

    Crowds of words and hatching span and count more, crosses and hearts less, blots are more solid.
    """
    pieces, holes = _parts(inked, bounds.piece_mm2)
    places = cv2.findNonZero(inked)
    span = cv2.contourArea(cv2.convexHull(places)) / PER_MM**2 if places is not None else 0.0
    outline = cv2.countNonZero(inked) - cv2.countNonZero(cv2.erode(inked, np.ones((3, 3), np.uint8)))
    thick = 2 * float(cv2.distanceTransform(inked, cv2.DIST_L2, 3).max())
    return (
        pieces + holes >= bounds.parts and pieces <= bounds.pieces and holes <= bounds.holes
        and span <= bounds.hull_mm2 and thick <= bounds.thick_mm * PER_MM
        and bounds.fine * span <= outline / PER_MM <= bounds.outline_mm
        and outline <= bounds.thin * cv2.countNonZero(inked) / PER_MM
    )  # fmt: skip


def _parts(inked: Gray, least_mm2: float) -> tuple[int, int]:
    """How many pieces hang together, and how many holes are in them."""
    rims, nested = cv2.findContours(inked, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    large = [cv2.contourArea(one) >= least_mm2 * PER_MM**2 for one in rims]
    within = [int(one[3]) >= 0 for one in nested[0]] if rims else []
    holes = sum(one and inner for one, inner in zip(large, within, strict=True))
    return sum(large) - holes, holes


def _state(chosen: InkCluster, bounds: StampBounds) -> tuple[StampState, float]:
    """Present and outside need ink enough, spread enough and dark enough; else weak."""
    measures = (
        chosen.area_mm2 / bounds.present_mm2,
        min(chosen.rect.w, chosen.rect.h) / bounds.spread_mm,
        chosen.depth / bounds.min_depth,
    )
    if min(measures) < 1:
        return StampState.WEAK, 0.5
    belief = 1 - 0.5 / min(measures) ** 4
    return (StampState.PRESENT if chosen.inside_share >= bounds.inside_share else StampState.OUTSIDE), belief


def ink_clusters(ink: Ink, field: Rect, together_mm: float) -> tuple[InkCluster, ...]:
    """Strokes no farther apart than `together_mm`, with their measures."""
    groups: list[tuple[set[int], Rect]] = []
    for number, stroke in enumerate(ink.strokes, 1):
        members, rect = {number}, rect_of(stroke)
        while near := [one for one in groups if meet(one[1], rect, together_mm)]:
            for one in near:  # what two groups grow into together may touch a third
                groups.remove(one)
                members |= one[0]
                rect = around(one[1], rect)
        groups.append((members, rect))
    return tuple(_measured(tuple(sorted(members)), rect, ink, field) for members, rect in groups)


def _measured(strokes: tuple[int, ...], rect: Rect, ink: Ink, field: Rect) -> InkCluster:
    members = [ink.strokes[number - 1] for number in strokes]
    area = sum(one.area_mm2 for one in members)
    depth = sum(one.area_mm2 * one.depth for one in members) / area
    inside = ink_in(field, ink, strokes) / area if meet(rect, field) else 0.0
    return InkCluster(strokes, rect, area, depth, min(1.0, inside, _share(rect, field)))


def _share(rect: Rect, field: Rect) -> float:
    """Share of a rectangle that lies in the field: around it the pattern hides much of a stamp's ink."""
    across = min(rect.x + rect.w, field.x + field.w) - max(rect.x, field.x)
    down = min(rect.y + rect.h, field.y + field.h) - max(rect.y, field.y)
    return max(across, 0.0) * max(down, 0.0) / (rect.w * rect.h)


def beyond_stamp(stray: tuple[Rect, ...], stamp: Rect | None) -> tuple[Rect, ...]:
    """The stray ink that is not part of the stamp: rims and dates of a stamp reach out of its field."""
    return stray if stamp is None else tuple(one for one in stray if not meet(one, stamp))
