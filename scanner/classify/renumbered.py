"""Number boxes: what a mark there means is read, and a number that both readers read is a mark for both.

The readers of boxes look for crosses; a plain one fills a twentieth of a number box. Here reader A takes
enough dark ink of the box's own strokes for a mark, and reader B's opinion is that of the digit readers if
they are sure. Whatever else speaks against a box (a streak, a neighbour's stroke, an erasure, ink over the
name) still does. Only boxes with ink are looked at.
"""

from dataclasses import dataclass, replace

from scanner.ballot import FieldKind, Mark, MarkState
from scanner.classify.atlas import px
from scanner.classify.face import FaceReading
from scanner.classify.field_ink import Box
from scanner.classify.marks import Doubt, Sighting
from scanner.classify.number_ink import InkedPage, written
from scanner.classify.numbers import DigitEyes, NumberJudge, NumberLimits, NumberReading, read_number

FORGIVEN = {None, Doubt.LITTLE_INK}
"""What reader A may have against a number box that holds enough dark ink of its own."""

Rank = tuple[int, int]  # candidate, number


@dataclass(frozen=True, slots=True, eq=False)
class NumberReader:
    """The readers of digits and the numbers they need."""

    eyes: DigitEyes
    judge: NumberJudge
    limits: NumberLimits


def renumbered(page: InkedPage, seen: FaceReading, by: NumberReader) -> FaceReading:
    """The face with its number boxes read: marks settled, ranks read, or guessed where a person must."""
    boxes = tuple(px(one.field.rect) for one in seen.marks[: len(seen.sighted)])
    marks, ranks, guessed = list(seen.marks), list[Rank](), list[Rank]()
    for place, sight in enumerate(seen.sighted):
        mark = marks[place]
        reading = _read(page, boxes, place, by) if _inked(mark, sight, by.limits) else None
        if reading is None:
            continue
        marks[place] = _settled(mark, sight, reading)
        name, sure = mark.field.candidate or 0, reading.sure if sight.doubt in FORGIVEN else None
        if sure is None:
            guessed.append((name, reading.likely))
        else:
            ranks.append((name, sure))
    return replace(seen, marks=tuple(marks), ranks=tuple(ranks), guessed_ranks=tuple(guessed))


def _inked(mark: Mark, seen: Sighting, limits: NumberLimits) -> bool:
    return (
        mark.field.kind is FieldKind.RENUMBER
        and seen.state is not MarkState.UNMARKED
        and seen.ink_mm2 >= limits.cut.least_mm2
    )


def _read(page: InkedPage, boxes: tuple[Box, ...], place: int, by: NumberReader) -> NumberReading | None:
    others = (*boxes[:place], *boxes[place + 1 :])
    seen = written(page, boxes[place], others, by.limits.cut, by.limits.frame)
    return read_number(seen, by.eyes, by.judge, by.limits)


def _settled(mark: Mark, seen: Sighting, reading: NumberReading) -> Mark:
    """Enough dark ink is a mark for reader A; a number surely read is one for reader B.

    Ink that is not read is a mark too, unless reader B saw a clean box: what it says, a person reads.
    """
    if seen.doubt not in FORGIVEN:
        return mark
    if reading.sure is None:
        clean = mark.b is MarkState.UNMARKED
        return replace(mark, a=MarkState.MARKED, b=mark.b if clean else MarkState.MARKED)
    return replace(mark, a=MarkState.MARKED, b=MarkState.MARKED, probability=round(reading.chance, 6))
