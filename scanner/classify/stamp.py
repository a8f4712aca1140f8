"""The official stamp: strokes lying together on the outside, of a stamp's size, dark enough.

§ 10-3 (1) a: a ballot is approved if it has an official stamp. A machine only says what it sees;
a weak, misplaced or missing stamp goes to a person and never rejects by itself. Real cases:
"en har dårlig stempel og en stempel delvis utenfor felt" (Bergen 2019).
"""

from dataclasses import dataclass

from scanner.ballot import Rect, Stamp, StampState
from scanner.classify.ink import Ink
from scanner.classify.ink_places import around, ink_in, meet, rect_of


@dataclass(frozen=True, slots=True)
class StampBounds:
    """Numbers of `calibration/stamp.toml`."""

    together_mm: float  # strokes nearer than this belong to one stamp
    present_mm2: float  # ink of a stamp that is surely one
    trace_mm2: float  # ink under which nothing was stamped
    spread_mm: float  # a stamp is at least this wide and this high
    min_depth: float  # mean darkness of its ink, 1 = as solid print
    inside_share: float  # share of it that must lie in the field


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
    return Stamp(*_state(chosen, bounds)), chosen.rect


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
