"""Which ink belongs to which handwritten line, and what stands there: names only, never a stray tail.

Ski 2011: the tail of a j or g reached into the next line, and the machine proposed whoever stood first
in the alphabet, 114 times. Here a stroke belongs, as a whole, to the line that holds most of it; what
hangs over into the next line is no writing there, and where little is written nothing is proposed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import reduce

import cv2
import numpy as np
import numpy.typing as npt

from scanner.ballot import Amendment, AmendmentKind, Face, Field, FieldKind, Mark, MarkState, Rect
from scanner.classify.atlas import PER_MM
from scanner.classify.hands import BLANK, Hands, LineLimits
from scanner.classify.handwriting import Named, read_line
from scanner.classify.ink import COARSE, Ink
from scanner.classify.ink_places import around
from scanner.classify.writing import without_rules
from scanner.pixels import Gray

ROWS = {FieldKind.WRITE_IN, FieldKind.WRITE_IN_PARTY}


@dataclass(frozen=True, slots=True)
class WrittenIn:
    """What the write-in lines of a face say."""

    marks: tuple[Mark, ...]  # all marks of the face; those of lines that hold only tails are unmarked
    sure: tuple[Amendment, ...]
    guesses: tuple[Amendment, ...]


@dataclass(frozen=True, slots=True)
class OnBlank:
    """What is written on a blank ballot."""

    guesses: tuple[Amendment, ...] = ()
    says_blank: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class _Pieces:
    """Connected ink around the table: `labels` (h, w) and, a piece, its place, size and row."""

    labels: npt.NDArray[np.int32]
    boxes: npt.NDArray[np.int32]  # (n, 5) left, top, width, height, area in px of the table's cut
    row: npt.NDArray[np.int64]  # (n,) index of its line, -1: none
    entangled: npt.NDArray[np.bool_]  # (n,) runs through the middle of two lines
    gray: Gray  # (h, w) the bare page there
    origin: tuple[int, int]  # px of the page


def written_in(image: Gray, ink: Ink, marks: tuple[Mark, ...], hands: Hands) -> WrittenIn:
    """Read the lines of a face's write-in table, from the registered page (h, w) and its ink."""
    lines = sorted({number for one in marks if (number := _row_number(one)) is not None})
    if not any(one.field.kind in ROWS and one.state is not MarkState.UNMARKED for one in marks):
        return WrittenIn(marks, (), ())
    places = [_row_of(number, marks) for number in lines]
    pieces = _pieces(image, ink, places, hands.limits)
    sure, guesses, empty = [], [], []
    for index, (number, fields) in enumerate(zip(lines, places, strict=True)):
        mine = np.flatnonzero(pieces.row == index)
        if pieces.boxes[mine, cv2.CC_STAT_AREA].sum() < hands.limits.clear_mm2 * PER_MM**2:
            empty.append(number)
            continue
        found = _read(pieces, mine, fields, hands)
        if found is None or not found.whom:
            continue
        made = _amendment(number, found, hands)
        if found.sure > hands.bounds.sure:
            sure.append(made)
        elif found.likely >= hands.limits.guess:
            guesses.append(made)
    return WrittenIn(_without_tails(marks, empty), tuple(sure), tuple(guesses))


def on_blank(image: Gray, ink: Ink, stray: tuple[Rect, ...], hands: Hands) -> OnBlank:
    """What the writing on a blank ballot says: a list to propose, or surely nothing but "blank".

    Guidance 2009, 1d (7): a blank paper that says "blank stemme" is blank. Only if both networks read
    just that, letter by letter, in a single line, and nothing else is written.
    """
    if not stray:
        return OnBlank()
    whole = reduce(around, stray)
    if whole.h > hands.limits.highest_mm:
        return OnBlank()
    place = Field(Face.INSIDE, FieldKind.WRITE_IN, whole, line=1)
    pieces = _pieces(image, ink, [(place,)], hands.limits)
    mine = np.flatnonzero(pieces.row == 0)
    if not _enough(pieces, mine, hands.limits, share=0.5):
        return OnBlank()
    gray, mask = _views(pieces, mine)
    found = read_line(gray, mask, hands.readers, hands.parties, hands.weighing)
    if found is None or found.likely < hands.limits.guess or _struck(mask, hands.limits):
        return OnBlank()
    if found.whom == BLANK:
        return OnBlank(says_blank=found.sure > hands.bounds.sure and found.exact)
    return OnBlank((Amendment(AmendmentKind.PARTY_TICK, list=found.whom),))


def _amendment(line: int, found: Named, hands: Hands) -> Amendment:
    return Amendment(AmendmentKind.WRITE_IN, line=line, text=hands.printed(found.whom), person=found.whom)


def _row_of(number: int, marks: tuple[Mark, ...]) -> tuple[Field, ...]:
    """The name's field of a line, then its party's, if it has one."""
    mine = [one.field for one in marks if _row_number(one) == number]
    return tuple(sorted(mine, key=lambda one: one.rect.x))


def _pieces(image: Gray, ink: Ink, places: list[tuple[Field, ...]], limits: LineLimits) -> _Pieces:
    """The ink around the table in connected pieces, each with the line it belongs to."""
    left, top, right, low = _cut(places, limits.around_mm, ink.mask.shape)
    cells = np.where(ink.labels[top // COARSE : low // COARSE, left // COARSE : right // COARSE] > 0, 255, 0)
    real = cv2.resize(cells.astype(np.uint8), (right - left, low - top), interpolation=cv2.INTER_NEAREST)
    mask = np.asarray(cv2.bitwise_and(ink.mask[top:low, left:right], real), np.uint8)
    count, found, sizes, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    labels, stats = np.asarray(found, np.int32), np.asarray(sizes, np.int32)
    edges = [(one[0].rect.y * PER_MM - top, (one[0].rect.y + one[0].rect.h) * PER_MM - top) for one in places]
    share = np.stack([_held(labels, count, edge) for edge in edges])
    row = np.where(share.sum(0) > 0, share.argmax(0), -1)
    high, start = stats[:, cv2.CC_STAT_HEIGHT], stats[:, cv2.CC_STAT_TOP]
    crossed = sum(((start < (a + b) / 2) & (start + high > (a + b) / 2)).astype(np.int64) for a, b in edges)
    row[0] = -1
    made = _Pieces(labels, stats, row, np.asarray(crossed) > 1, image[top:low, left:right], (left, top))
    return _with_dots(made, edges, limits.dot_mm * PER_MM)


def _cut(places: list[tuple[Field, ...]], around: float, page: tuple[int, ...]) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of the table and its surroundings, whole cells of the page's px."""
    rects = [one.rect.grown(around) for fields in places for one in fields]
    edges = (
        min(one.x for one in rects), min(one.y for one in rects),
        max(one.x + one.w for one in rects), max(one.y + one.h for one in rects),
    )  # fmt: skip
    most = (page[1], page[0], page[1], page[0])
    a, b, c, d = (
        int(np.clip(edge * PER_MM, 0, far)) // COARSE * COARSE for edge, far in zip(edges, most, strict=True)
    )
    return a, b, c, d


def _held(labels: npt.NDArray[np.int32], count: int, edge: tuple[float, float]) -> npt.NDArray[np.int64]:
    """How many px of each piece lie between two heights."""
    rows = labels[max(round(edge[0]), 0) : max(round(edge[1]), 0)]
    return np.bincount(rows.ravel(), minlength=count)


def _with_dots(pieces: _Pieces, edges: list[tuple[float, float]], dot: float) -> _Pieces:
    """Dots, rings and accents that stand in the line above go to the letter that they stand on."""
    x, y, w, h, _ = (pieces.boxes[:, one] for one in range(5))
    small = (w <= dot) & (h <= dot)
    small[0] = True
    row = pieces.row.copy()
    letters = np.flatnonzero(~small & (row >= 0))
    for one in np.flatnonzero(small & (row >= 0)):
        below = letters[row[letters] == row[one] + 1]
        own = letters[row[letters] == row[one]]
        near = [
            group[(x[group] < x[one] + w[one] + dot) & (x[group] + w[group] > x[one] - dot)]
            for group in (own, below)
        ]
        gaps = [
            float(np.maximum(np.maximum(y[group] - y[one] - h[one], y[one] - y[group] - h[group]), 0).min())
            if len(group)
            else np.inf
            for group in near
        ]
        if gaps[1] < min(gaps[0], dot) and y[one] + h[one] > edges[int(row[one])][0] + dot:
            row[one] += 1
    return replace(pieces, row=row)


def _read(
    pieces: _Pieces, mine: npt.NDArray[np.intp], fields: tuple[Field, ...], hands: Hands
) -> Named | None:
    """The name on one line, its party agreeing; not sure where ink hangs together with another line's."""
    border = fields[1].rect.x * PER_MM - pieces.origin[0] if len(fields) > 1 else np.inf
    middle = pieces.boxes[mine, 0] + pieces.boxes[mine, 2] / 2
    name, party = mine[middle < border], mine[middle >= border]
    if not _enough(pieces, name, hands.limits):
        return None
    gray, mask = _views(pieces, name)
    found = read_line(gray, mask, hands.readers, hands.names, hands.weighing)
    if found is None or pieces.entangled[mine].any() or _struck(mask, hands.limits):
        return replace(found, sure=0.0, likely=0.0) if found else None
    if _enough(pieces, party, hands.limits, share=0.25) and not _of_list(pieces, party, found, hands):
        return replace(found, sure=min(found.sure, hands.bounds.sure))
    return found


def _enough(pieces: _Pieces, some: npt.NDArray[np.intp], limits: LineLimits, *, share: float = 1.0) -> bool:
    """True if there is ink enough for a name; for a party's code a `share` of it will do."""
    if not len(some):
        return False
    boxes = pieces.boxes[some]
    long = float((boxes[:, 0] + boxes[:, 2]).max() - boxes[:, 0].min()) / PER_MM
    area = float(boxes[:, 4].sum()) / PER_MM**2
    return area >= share * limits.least_mm2 and long >= share * limits.least_mm


def _views(pieces: _Pieces, some: npt.NDArray[np.intp]) -> tuple[Gray, Gray]:
    """The bare page around some pieces, other ink painted over with paper, and the mask of the pieces."""
    boxes, edge = pieces.boxes[some], pieces.labels.shape
    x, y = max(int(boxes[:, 0].min()) - 8, 0), max(int(boxes[:, 1].min()) - 6, 0)
    right, low = int((boxes[:, 0] + boxes[:, 2]).max()) + 8, int((boxes[:, 1] + boxes[:, 3]).max()) + 6
    part = np.s_[y : min(low, edge[0]), x : min(right, edge[1])]
    labels, gray = pieces.labels[part], pieces.gray[part].copy()
    mine = np.isin(labels, some)
    other = np.where(mine | (labels == 0), 0, 255).astype(np.uint8)
    near = cv2.dilate(other, np.ones((3, 3), np.uint8))
    gray[(near > 0) & ~mine] = np.percentile(gray[::2, ::2], 80)
    return gray, without_rules(np.where(mine, 255, 0).astype(np.uint8), PER_MM)


def _struck(mask: Gray, limits: LineLimits) -> bool:
    """True if one straight stroke runs through the middle of much of the writing."""
    rows, columns = np.nonzero(mask)
    if not len(rows):
        return False
    low, high = np.percentile(rows, (20, 80))
    wide = int(columns.max() - columns.min())
    long = max(int(limits.struck * wide), 3)
    thick = cv2.dilate(mask, np.ones((3, 1), np.uint8))
    run = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, long), np.uint8))
    return bool(run[int(low) : int(high) + 1].any())


def _of_list(pieces: _Pieces, some: npt.NDArray[np.intp], found: Named, hands: Hands) -> bool:
    """True if what stands in the party's column reads most like the list of the person named."""
    gray, mask = _views(pieces, some)
    party = read_line(gray, mask, hands.readers, hands.parties, hands.weighing)
    return party is not None and party.whom == found.whom.rpartition("/")[0]


def _without_tails(marks: tuple[Mark, ...], empty: Iterable[int]) -> tuple[Mark, ...]:
    """Fields of lines to which no ink to speak of belongs hold tails of other lines only: unmarked."""
    none = set(empty)
    return tuple(replace(one, a=MarkState.UNMARKED) if _row_number(one) in none else one for one in marks)


def _row_number(mark: Mark) -> int | None:
    """The line of a mark of the table, None for any other."""
    return (mark.field.line or 0) if mark.field.kind in ROWS else None
