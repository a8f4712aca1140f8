"""Reader A: decides from the ink in and around a field whether the voter marked it.

It is sure only of what is clear: enough dark ink inside the field is a mark, next to none is no
mark. Dots, dashes, hooks, tails of a neighbour's mark, streaks, creases, grey ghosts, erasures,
ink beside the field and fields whose print is not as expected are doubtful. A stroke belongs to
the field that holds most of its ink. Limits come in as `MarkLimits` (calibration/marks.toml).
"""

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from scanner.ballot import MarkState
from scanner.classify.field_ink import Box, FieldInk, Reach, cut, grown, measure
from scanner.classify.ink import COARSE, Ink, Printed
from scanner.classify.places import gone_share, likeness, print_shift
from scanner.classify.registered import Registered
from scanner.pixels import Gray


class FieldShape(StrEnum):
    """What is looked for in a field: a mark in a box, a stroke or writing on a line, any ink in an area."""

    BOX = "box"
    LINE = "line"
    AREA = "area"


class Doubt(StrEnum):
    """Why reader A does not decide a field."""

    NOT_SEEN = "not_seen"  # off the scan, or print leaves too little paper to see ink on
    PRINT_DIFFERS = "print_differs"  # the print in or beside the field is not the expected
    OUT_OF_PLACE = "out_of_place"  # the print around the field lies elsewhere
    LITTLE_INK = "little_ink"  # dot, dash, hook
    FAINT = "faint"  # grey ghost, erasure, very light pencil
    BESIDE = "beside"  # ink around the field but not in it
    FOREIGN = "foreign"  # ink of a mark that belongs to another field
    SHARED = "shared"  # one stroke through two fields
    STREAK = "streak"  # a long straight line of dirt or a fold crosses the field
    BLOT = "blot"  # far more ink than a mark needs: blacked out or scribbled over, perhaps taken back
    CROSSED_OUT = "crossed_out"  # a marked field with ink over its name as well
    FAR = "far"  # a stroke that goes on far beyond: streak, crease, crossing out
    CONTRADICTED = "contradicted"  # reader B is sure of the opposite
    UNCONFIRMED = "unconfirmed"  # reader B is not sure


@dataclass(frozen=True, slots=True)
class MarkLimits:
    """Members and units as in calibration/marks.toml."""

    clear_share: float
    clear_mm2: float
    marked_share: float
    marked_mm2: float
    marked_depth: float
    marked_extent: float
    marked_extent_mm: float
    full_share: float
    streak_share: float
    far_mm: float
    shared: float
    blot: float
    black_share: float
    over_mm2: float
    hemmed: float
    hem_near_mm: float
    hem_far_mm: float
    open_gap_mm: float
    open_free_mm: float
    open_edge_mm: float
    along: float
    small_mm: float
    small_share: float
    ring_mm: float
    ring_clear_mm2: float
    written_mm2: float
    ghost: float
    undone: float  # foreign paper: at or below this chance reader B takes a mark for one taken back
    even_share: float
    free: float
    like: float
    gone: float
    gone_here: float
    gone_near_mm: float
    beside_mm: float
    name_mm2: float
    over_name_mm2: float
    shift_mm: float
    shift_gain: float
    stray_mm2: float
    edge_mm: float


@dataclass(frozen=True, slots=True)
class Target:
    """A field in template px."""

    box: Box
    shape: FieldShape = FieldShape.BOX
    square: bool = False  # its outline is known to be its rectangle: paper at its edge tells what the ink is


@dataclass(frozen=True, slots=True)
class Sighting:
    """What reader A saw in one field."""

    state: MarkState
    probability: float  # 0..1 that it is marked; rises with the share of ink, not calibrated
    ink_mm2: float  # ink in the field of strokes that belong to it
    share: float  # of the paper one can see in the field, 0..1
    doubt: Doubt | None = None
    crossed: bool = False  # a streak runs through it
    hemmed: float = 0.0  # share of its outline with ink just outside, 0..1
    open: bool = False  # a square whose ink leaves paper free as a cross does
    least_mm: float = 0.0  # shorter side of its ink


def read_fields(
    page: Registered,
    ink: Ink,
    print_: Printed,
    targets: tuple[Target, ...],
    limits: MarkLimits,
    *,
    streaks: Gray | None = None,
) -> tuple[Sighting, ...]:
    """One sighting per target, in order. A page that is not `ok` gives only doubt (probability 0.5).

    `streaks` (H//4, W//4) are lines already parted from the ink; fields they cross are doubtful
    unless they are well filled.
    """
    if not page.ok:
        return tuple(Sighting(MarkState.DOUBTFUL, 0.5, 0.0, 0.0, Doubt.OUT_OF_PLACE) for _ in targets)
    unit = page.template.unit
    boxes = tuple(one.box for one in targets)
    reach = Reach(limits.ring_mm, (limits.hem_near_mm, limits.hem_far_mm), limits.open_edge_mm)
    measured = measure(ink, print_, boxes, reach, unit)
    usual = min(float(np.median([one.haze for one in measured])), limits.ghost) if measured else 0.0
    judged = [
        _judge((page, ink, print_), target, (seen, usual), limits)
        for target, seen in zip(targets, measured, strict=True)
    ]
    if streaks is None:
        return tuple(judged)
    return tuple(_crossed(one, box, streaks, limits) for one, box in zip(judged, boxes, strict=True))


def _crossed(seen: Sighting, box: Box, streaks: Gray, limits: MarkLimits) -> Sighting:
    """A field a streak runs through is sure only when it is well filled besides, or quite empty.

    Of an empty one the streak may hide but a small part: no mark fits under it.
    """
    x, y, w, h = (side // COARSE for side in box)
    crossing = streaks[max(y, 0) : y + h + 2, max(x, 0) : x + w + 2] > 0
    if seen.doubt or not crossing.any():
        return seen
    beside = seen.least_mm >= limits.small_mm  # a streak is narrow: ink so far on both its sides is a mark's
    filled = seen.state is MarkState.MARKED and (seen.share >= limits.full_share or beside)
    if filled or (seen.state is MarkState.UNMARKED and crossing.mean() <= limits.streak_share):
        return replace(seen, crossed=True)
    chance = _probability(seen.share, MarkState.DOUBTFUL, limits)
    return replace(seen, state=MarkState.DOUBTFUL, probability=chance, doubt=Doubt.STREAK, crossed=True)


def _judge(
    paper: tuple[Registered, Ink, Printed], target: Target, haze: tuple[FieldInk, float], limits: MarkLimits
) -> Sighting:
    """The state of one field and the first doubt against it."""
    (page, ink, print_), (seen, usual) = paper, haze
    doubt = _paper_doubt(page, print_, target.box, limits)
    state, open_ = MarkState.UNMARKED, target.square and _open(seen, limits)
    if doubt is None and target.shape is FieldShape.BOX:
        state, doubt = _box(seen, usual, target, limits)
        if state is MarkState.MARKED and _name_inked(page, ink, target.box, limits):
            doubt = doubt or Doubt.CROSSED_OUT
    elif doubt is None:
        state, doubt = _writing(seen, usual, limits)
    if doubt is not None:
        state = MarkState.DOUBTFUL
    chance = _probability(seen.share, state, limits)
    return Sighting(
        state, chance, seen.own, seen.share, doubt, hemmed=seen.hemmed, open=open_, least_mm=seen.least_mm
    )


def _box(seen: FieldInk, usual: float, target: Target, limits: MarkLimits) -> tuple[MarkState, Doubt | None]:
    """A box: much dark ink of a stroke of its own is a mark."""
    if seen.foreign > limits.clear_mm2:
        return MarkState.DOUBTFUL, Doubt.FOREIGN
    if seen.own <= limits.clear_mm2 or seen.share <= limits.clear_share:
        beside = Doubt.BESIDE if seen.beside > limits.ring_clear_mm2 else None
        return MarkState.UNMARKED, beside or _hazy(seen, usual, limits)
    return MarkState.MARKED, _odd_mark(seen, limits, square=target.square)


def _odd_mark(seen: FieldInk, limits: MarkLimits, *, square: bool = False) -> Doubt | None:
    """What speaks against the ink in a box being a mark for it."""
    if seen.elsewhere > limits.shared:
        return Doubt.SHARED
    if seen.reach_mm > limits.far_mm:
        return Doubt.FAR
    if seen.whole > limits.blot or _covered(seen, limits, square=square):
        return Doubt.BLOT
    if seen.depth < limits.marked_depth:
        return Doubt.FAINT
    enough = seen.share >= limits.marked_share and seen.own >= limits.marked_mm2
    wide = seen.extent >= limits.marked_extent or seen.extent_mm >= limits.marked_extent_mm
    small = square and seen.least_mm >= limits.small_mm and seen.share >= limits.small_share
    return None if enough and (wide or small) else Doubt.LITTLE_INK


def _covered(seen: FieldInk, limits: MarkLimits, *, square: bool) -> bool:
    """True for ink that covers a box and goes beyond it, or runs along outside a side of a square one."""
    if square and seen.open.along > limits.along:
        return True
    over = seen.beside >= limits.over_mm2 and seen.hemmed >= limits.hemmed
    return seen.share >= limits.black_share and over and not (square and _open(seen, limits))


def _open(seen: FieldInk, limits: MarkLimits) -> bool:
    """True for ink that leaves as much paper free as the boldest cross does."""
    return seen.open.gap_mm >= limits.open_gap_mm and seen.open.free_mm >= limits.open_free_mm


def _hazy(seen: FieldInk, usual: float, limits: MarkLimits) -> Doubt | None:
    """Darkness too weak to be ink pixel by pixel, but more than in the other fields."""
    return Doubt.FAINT if seen.haze - usual > limits.ghost else None


def _writing(seen: FieldInk, usual: float, limits: MarkLimits) -> tuple[MarkState, Doubt | None]:
    """A line or an area: writing or a stroke of enough dark ink is a mark, however far it reaches."""
    if seen.own + seen.foreign <= limits.clear_mm2:
        return MarkState.UNMARKED, _hazy(seen, usual, limits)
    if seen.own < limits.written_mm2:
        return MarkState.MARKED, Doubt.FOREIGN if seen.foreign > seen.own else Doubt.LITTLE_INK
    return MarkState.MARKED, Doubt.FAINT if seen.depth < limits.marked_depth else None


def _paper_doubt(page: Registered, print_: Printed, box: Box, limits: MarkLimits) -> Doubt | None:
    """Why the paper under a field cannot be trusted, whatever ink is on it."""
    unit = page.template.unit
    if cut(print_.blind, box).mean() / 255 > 1 - limits.free or not page.shows(grown(box, unit)):
        return Doubt.NOT_SEEN
    around = grown(box, limits.ring_mm * unit)
    gone_here = max(gone_share(page, one) for one in (around, grown(box, 0.4 * unit)))
    if page.gone_near(box, limits.gone_near_mm) or gone_here > limits.gone_here:
        return Doubt.PRINT_DIFFERS
    for name in _beside(box, limits.beside_mm * unit):
        if gone_share(page, name) > limits.gone and likeness(page, name) < limits.like:
            return Doubt.PRINT_DIFFERS
    if gone_here <= limits.gone:
        return None  # print that has moved is not where it should be
    moved, gain = print_shift(page, around)
    return Doubt.OUT_OF_PLACE if moved > limits.shift_mm * unit and gain > limits.shift_gain else None


def _name_inked(page: Registered, ink: Ink, box: Box, limits: MarkLimits) -> bool:
    """True if there is as much ink as a line through a name where the field's name is printed."""
    unit = page.template.unit
    apart = limits.ring_mm * unit
    for name in _beside(box, limits.beside_mm * unit):
        left = name[0] if name[0] < box[0] else round(name[0] + apart)
        zone = (left, name[1], round(name[2] - apart), name[3])
        words = (
            (cut(page.template.dark, (zone[0] // 2, zone[1] // 2, zone[2] // 2, zone[3] // 2)) > 0).sum()
            * 4
            / unit**2
        )
        if words >= limits.name_mm2 and (cut(ink.mask, zone) > 0).sum() / unit**2 >= limits.over_name_mm2:
            return True
    return False


def _beside(box: Box, reach: float) -> tuple[Box, Box]:
    """Where the name of a field is printed: `reach` px to its left and to its right."""
    x, y, w, h = box
    gap, more = round(0.02 * reach), round(reach)
    return (x - gap - more, y - gap, more, h + 2 * gap), (x + w + gap, y - gap, more, h + 2 * gap)


def _probability(share: float, state: MarkState, limits: MarkLimits) -> float:
    """A number that rises with the share of ink and agrees with the state."""
    odds = (share / limits.even_share) ** 4
    chance = odds / (1 + odds)
    match state:
        case MarkState.MARKED:
            return max(chance, 0.9)
        case MarkState.UNMARKED:
            return min(chance, 0.1)
        case MarkState.DOUBTFUL:
            return min(max(chance, 0.1), 0.9)
