"""One face of a known ballot: laid on its picture, its fields read by both readers, and the ink beside them.

Ink belongs to the field that holds it. What lies on a candidate's line but in none of its boxes
is a mark beside the name; what lies in no field at all is stray ink. Folds, streaks along the
feed and the rim of the paper leave thin long shadows: they are told from ink by their shape and,
for folds, by their known place.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from scanner.ballot import Field, FieldKind, Mark, MarkState, Rect
from scanner.classify.atlas import PER_MM, KnownFace, px
from scanner.classify.box_eyes import Bounds, Eyes, crop
from scanner.classify.hairlines import HairLimits, hairlines
from scanner.classify.ink import COARSE, Ink, InkLimits, Stroke, find_ink
from scanner.classify.ink_places import ink_in, meet, rect_of
from scanner.classify.marks import Doubt, MarkLimits, Sighting, Target, read_fields
from scanner.classify.registered import Registered
from scanner.classify.shadow_light import ShadowLimits
from scanner.classify.shadows import part_shadows
from scanner.classify.streaks import FeedLimits, feed_streaks, part_streaks
from scanner.classify.touching import TouchLimits, part_touching
from scanner.layout.style import BOXES
from scanner.pixels import Gray

AREAS = {FieldKind.WRITE_IN, FieldKind.WRITE_IN_PARTY, FieldKind.HEADING, FieldKind.BALLOT_NUMBER}
LINES = {FieldKind.CANDIDATE_LINE}


@dataclass(frozen=True, slots=True)
class FaceBounds:
    """Numbers of `calibration/face.toml`."""

    line_clear_mm2: float  # ink on a candidate's line, in no box, that is no mark
    line_marked_mm2: float  # ... that surely is one
    speck_mm: float  # dots there, no larger each way, ...
    speck_mm2: float  # ... with less ink together than this are dirt
    area_clear_mm2: float  # ink in a place for writing, or over a printed name, that is no writing
    area_marked_mm2: float  # ... that surely is some
    solid_share: float  # ink in a box, as a share of its paper, that blackens it
    open_share: float  # ... that leaves it a cross or a tick
    scribbled_share: float  # ... that with ink just outside along ...
    scribbled_hem: float  # ... so much of its outline, 0..1, is a mark scribbled over
    stray_mm2: float  # least ink outside every field that a person must look at
    slip_mm: (
        float  # a lone stroke on a list's inside so short, with so little ink, so far from every field ...
    )
    slip_mm2: float  # ... and from any other ink is a pen that slipped
    slip_far_mm: float
    rule_mm: float  # a stroke no wider with solid print within ...
    rule_near_mm: float  # ... so much of it along ...
    rule_share: float  # ... so much of its length, 0..1, is the edge of a printed rule
    ear_mm: float  # side of the square at a corner in which paper is turned over or gone
    ear_tip_mm: float  # ... if its tip, so large, is no paper
    fold_mm: float  # half width of the zone in which a fold throws its shadow
    fold_mark_mm: float  # what is wider there, not much higher than wide and dark, was written
    fold_mark_depth: float  # ... and as dark as this, 1 = as solid print
    rim_mm: float  # ink this near the paper's edge is the edge
    loose_mm: float  # tolerance of print on a face without boxes, where only stamp and writing matter


@dataclass(frozen=True, slots=True, eq=False)
class FaceReading:
    """What was seen on one face."""

    marks: tuple[Mark, ...]
    stray: tuple[Rect, ...]  # mm
    ink: Ink
    sighted: tuple[Sighting, ...] = ()  # reader A's, of the boxes: the first of the marks
    ranks: tuple[tuple[int, int], ...] = ()  # (candidate, number) as read in number boxes
    guessed_ranks: tuple[tuple[int, int], ...] = ()  # ... and guessed


def read_face(
    page: Registered,
    known: KnownFace,
    folds_mm: tuple[float, ...],
    limits: "FaceLimits",
    eyes: Eyes,
) -> FaceReading:
    """Marks of both readers in every field of a registered face, and the strokes outside all."""
    found = find_ink(page, known.printed, limits.ink)
    tilt = _tilt(page)
    streaks = feed_streaks(found, tilt, PER_MM, limits.feed)
    ink = part_streaks(found, streaks, PER_MM, limits.ink)
    boxes = tuple(one for one in known.fields if one.kind in BOXES)
    ink = part_shadows(ink, tilt, PER_MM, limits.shadows, limits.ink, names=bool(boxes))
    hairs = hairlines(ink, tilt, PER_MM, limits.hairs, names=bool(boxes))
    ink, streaks = part_streaks(ink, hairs, PER_MM, limits.ink), np.maximum(streaks, hairs)
    targets = tuple(Target(px(one.rect), square=True) for one in boxes)
    ink = part_touching(ink, known.printed, tuple(one.box for one in targets), PER_MM, limits.touch)
    seen = read_fields(page, ink, known.printed, targets, limits.marks, streaks=streaks)
    sighted = _blackened(seen, limits.face)
    marks = _both_readers(page, boxes, sighted, limits.eyes, eyes)
    clean = _clean(page, ink, folds_mm, limits.face)
    areas = tuple(
        _struck(_area(one, ink, clean, limits.face), streaks) for one in known.fields if one.kind in AREAS
    )
    loose = _loose(ink, known, marks + areas, clean)
    lines = tuple(_line(one, ink, loose, limits.face) for one in known.fields if one.kind in LINES)
    stray = tuple(
        rect
        for number in loose
        if (stroke := ink.strokes[number - 1]).area_mm2 >= limits.face.stray_mm2
        and not _on_any(rect := rect_of(stroke), known.fields)
        and not _slip(number, loose, ink, known.fields, limits.face)
        and not _rule(page, stroke, limits.face)
        and not (boxes and _dog_eared(page, rect, limits.face))
    )
    return FaceReading(marks + areas + lines, stray, ink, sighted)


@dataclass(frozen=True, slots=True)
class FaceLimits:
    """The numbers that reading a face needs."""

    ink: InkLimits
    marks: MarkLimits
    face: FaceBounds
    feed: FeedLimits
    shadows: ShadowLimits
    hairs: HairLimits
    touch: TouchLimits
    eyes: Bounds


def _both_readers(
    page: Registered, boxes: tuple[Field, ...], sighted: tuple[Sighting, ...], bounds: Bounds, eyes: Eyes
) -> tuple[Mark, ...]:
    """Reader A's sightings with reader B's opinion of the same boxes, which it gets from the bare page."""
    chances = eyes.marks(crop(page.image, [px(one.rect) for one in boxes])).tolist()
    return tuple(
        Mark(one, seen.state, bounds.state(chance), round(seen.ink_mm2, 3), round(chance, 6))
        for one, seen, chance in zip(boxes, sighted, chances, strict=True)
    )


def _blackened(seen: tuple[Sighting, ...], bounds: FaceBounds) -> tuple[Sighting, ...]:
    """A box scribbled over beyond its outline, or blackened alone or beside a crossed one, may be taken back.

    Nothing in the ink of a black box tells; a voter who blackens several and crosses none marks that way.
    """
    marked = [one.share for one in seen if one.state is MarkState.MARKED]
    alike = len(marked) > 1 and min(marked) > bounds.open_share
    return tuple(
        replace(one, state=MarkState.DOUBTFUL, doubt=Doubt.BLOT)
        if one.state is MarkState.MARKED
        and (_scribbled(one, bounds) or (one.share >= bounds.solid_share and not alike))
        else one
        for one in seen
    )


def _scribbled(one: Sighting, bounds: FaceBounds) -> bool:
    return one.share >= bounds.scribbled_share and one.hemmed >= bounds.scribbled_hem and not one.open


def _clean(page: Registered, ink: Ink, folds_mm: tuple[float, ...], bounds: FaceBounds) -> tuple[int, ...]:
    """Numbers of the strokes that are no shadow of fold or rim."""
    size = (page.image.shape[1] / PER_MM, page.image.shape[0] / PER_MM)
    return tuple(
        number for number, stroke in enumerate(ink.strokes, 1) if not _shadow(stroke, size, folds_mm, bounds)
    )


def _tilt(page: Registered) -> float:
    """How the page lay in the scanner, radians within a quarter turn: -pi/4..pi/4."""
    nodes = page.to_scan
    along = (nodes[:, -1] - nodes[:, 0]).mean(axis=0)
    turn = float(np.arctan2(along[1], along[0]))
    return turn - round(turn / (np.pi / 2)) * np.pi / 2


def _loose(ink: Ink, known: KnownFace, marks: tuple[Mark, ...], clean: tuple[int, ...]) -> tuple[int, ...]:
    """The clean strokes that no field accounts for.

    A field with ink enough to be marked or doubtful accounts for all strokes in it, tails and all, and so
    does the stamp's. A stroke that only brushes a field that stays unmarked would else be seen by nobody.
    """
    having = [one.field for one in marks if one.state is not MarkState.UNMARKED]
    having += [one for one in known.fields if one.kind is FieldKind.STAMP]
    taken = {int(number) for one in having for number in _held(ink, one.rect)}
    return tuple(one for one in clean if one not in taken)


def _shadow(
    stroke: Stroke, page: tuple[float, float], folds_mm: tuple[float, ...], bounds: FaceBounds
) -> bool:
    """True for what a fold, a dirty glass or the paper's edge throws."""
    rect = rect_of(stroke)
    middle, compact = rect.centre[0], rect.w > bounds.fold_mark_mm and rect.h < 3 * rect.w
    compact = compact and stroke.depth >= bounds.fold_mark_depth
    near = any(abs(middle - fold) < bounds.fold_mm for fold in folds_mm)
    if near and rect.w < 2 * bounds.fold_mm and not compact:  # a letter or a cross is as wide as it is high
        return True
    rim = bounds.rim_mm
    return rect.x + rect.w < rim or rect.y + rect.h < rim or rect.x > page[0] - rim or rect.y > page[1] - rim


def _held(ink: Ink, rect: Rect) -> NDArray[np.int32]:
    """Numbers of the strokes with ink in a rectangle."""
    x, y, w, h = (round(one * PER_MM / COARSE) for one in (rect.x, rect.y, rect.w, rect.h))
    found = np.unique(ink.labels[max(y, 0) : y + h + 1, max(x, 0) : x + w + 1])
    return np.asarray(found[found > 0], np.int32)


def _line(field: Field, ink: Ink, loose: tuple[int, ...], bounds: FaceBounds) -> Mark:
    """Ink on a candidate's line that is in none of its boxes: reader A alone, it can only raise doubt."""
    area = ink_in(field.rect, ink, loose) if loose else 0.0
    clear = bounds.line_clear_mm2
    if area >= clear and _specks(field.rect, ink, loose, bounds):
        clear = bounds.speck_mm2
    return Mark(field, _state(area, clear, bounds.line_marked_mm2), None, round(area, 3))


def _specks(rect: Rect, ink: Ink, loose: tuple[int, ...], bounds: FaceBounds) -> bool:
    """True if all ink in a rectangle is in dots no larger than dirt."""
    here = [one for one in (ink.strokes[n - 1] for n in loose) if meet(rect_of(one), rect)]
    return all(max(one.w, one.h) <= bounds.speck_mm * PER_MM for one in here)


def _area(field: Field, ink: Ink, strokes: tuple[int, ...], bounds: FaceBounds) -> Mark:
    """Writing, or ink over a printed name: whatever it is, a person reads it."""
    area = ink_in(field.rect, ink, strokes) if strokes else 0.0
    return Mark(field, _state(area, bounds.area_clear_mm2, bounds.area_marked_mm2), None, round(area, 3))


def _struck(mark: Mark, streaks: Gray) -> Mark:
    """A line from edge to edge may be dirt, but one along a printed party name may strike it out."""
    rect = mark.field.rect
    x, y, w, h = (round(one * PER_MM / COARSE) for one in (rect.x, rect.y, rect.w, rect.h))
    along = streaks[y : y + h, x : x + w].any(axis=0)
    if mark.field.kind is not FieldKind.HEADING or mark.state is not MarkState.UNMARKED or not along.any():
        return mark
    return replace(mark, a=MarkState.DOUBTFUL) if along.mean() > 0.5 else mark


def _state(area: float, clear: float, marked: float) -> MarkState:
    if area < clear:
        return MarkState.UNMARKED
    return MarkState.MARKED if area >= marked else MarkState.DOUBTFUL


def _on_any(rect: Rect, fields: tuple[Field, ...]) -> bool:
    """True if the middle of the stroke lies on a candidate's line: then it is that line's."""
    x, y = rect.centre
    return any(
        one.kind is FieldKind.CANDIDATE_LINE
        and one.rect.x <= x <= one.rect.x + one.rect.w
        and one.rect.y <= y <= one.rect.y + one.rect.h
        for one in fields
    )


def _rule(page: Registered, stroke: Stroke, bounds: FaceBounds) -> bool:
    """True for a hair along a printed rule, all the way: print that lies a little off its place."""
    if min(stroke.w, stroke.h) > bounds.rule_mm * PER_MM:
        return False
    near, half = (
        round(bounds.rule_near_mm * PER_MM / 2),
        (stroke.x // 2, stroke.y // 2, stroke.w // 2, stroke.h // 2),
    )
    x, y, w, h = half
    dark = page.template.dark[max(y - near, 0) : y + h + near, max(x - near, 0) : x + w + near] > 0
    beside = dark.any(axis=1 if stroke.h > stroke.w else 0)
    return bool(beside.size and beside.mean() >= bounds.rule_share)


def _slip(
    number: int, loose: tuple[int, ...], ink: Ink, fields: tuple[Field, ...], bounds: FaceBounds
) -> bool:
    """True for a pen that touched a list's inside by accident: far from all, it is no name and no strike."""
    stroke = ink.strokes[number - 1]
    rect = rect_of(stroke)
    if max(rect.w, rect.h) > bounds.slip_mm or stroke.area_mm2 > bounds.slip_mm2:
        return False
    near = rect.grown(bounds.slip_far_mm)
    others = (ink.strokes[one - 1] for one in loose if one != number)
    company = any(meet(near, rect_of(one)) for one in others if one.area_mm2 > bounds.stray_mm2 / 2)
    listed = any(one.kind in LINES for one in fields)
    return listed and not company and not any(meet(near, one.rect) for one in fields)


def _dog_eared(page: Registered, rect: Rect, bounds: FaceBounds) -> bool:
    """True for what lies at a corner of the paper that is turned over or torn off: its edges draw lines."""
    height, width = page.image.shape
    tip, ear = round(bounds.ear_tip_mm * PER_MM), bounds.ear_mm
    level = (page.paper + page.black) / 2
    (x, y), far = rect.centre, (width / PER_MM - ear, height / PER_MM - ear)
    if not ((x < ear or x > far[0]) and (y < ear or y > far[1])):
        return False
    rows = slice(0, tip) if y < ear else slice(height - tip, height)
    columns = slice(0, tip) if x < ear else slice(width - tip, width)
    corner = page.image[rows, columns]
    square = px(Rect(0 if x < ear else far[0], 0 if y < ear else far[1], ear, ear))
    return bool(np.median(corner) < level) or page.gone_near(square, 0.0)
