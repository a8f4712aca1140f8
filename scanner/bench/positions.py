"""Every decision the machine made on one sheet, each beside its truth.

A position is a field on which the readers said marked or unmarked, the stamp, a number, or a name read.
Where a lone reader sees ink the ballot goes to a person: that is a doubt, never a decision. Ink that was
meant for no printed place (a ring, a comment) makes the fields it may touch no position at all.
"""

from collections.abc import Iterator

import msgspec

from scanner.ballot import Face, Field, FieldKind, Mark, MarkState, Rect, Stamp, StampState
from scanner.bench.agreement import Agreement
from scanner.layout.style import BOXES
from scanner.pipeline import Outcome
from scanner.simulate.truth import Meant, Truth

BOXED = {one.value for one in BOXES}  # the fields at which both readers look


class Position(msgspec.Struct, frozen=True, omit_defaults=True):
    """One decision. `rect` is where on its `face` (mm), `chance` reader B's probability of a mark."""

    field: str  # the kind of field, or `digits`, `name`
    how: str  # the mark's generator, or `empty_<field>`
    said: Agreement
    truth: str
    seen: str
    face: Face
    rect: tuple[float, float, float, float]
    candidate: int | None = None
    pen: str = ""
    strength: str = ""
    chance: float | None = None


def positions(truth: Truth, outcome: Outcome) -> Iterator[Position]:
    """All decisions on a sheet; none on a face that could not be read at all."""
    meant = {one.field: one for one in truth.marks}
    settled = {one.line for one in outcome.reading.write_ins}
    open_ = {one.field.candidate for one in outcome.reading.marks if _open_box(one)}
    for mark in outcome.reading.marks:
        if mark.field in meant or not _near_other_ink(mark.field, truth):
            found = _mark(mark, meant.get(mark.field), read=mark.field.line in settled)
            yield _asked_beside(found) if mark.field.candidate in open_ else found
    if outcome.reading.stamp is not None:
        yield _stamp(truth.stamp, outcome.reading.stamp)
    if outcome.reading.marks:
        yield from _digits(truth, outcome)
        yield from _names(truth, outcome)


def _open_box(mark: Mark) -> bool:
    return mark.state is MarkState.DOUBTFUL and mark.field.kind in BOXES


def _asked_beside(found: Position) -> Position:
    """A stroke through a name that runs into its box is the box's: who is asked about that sees both."""
    missed = found.field == FieldKind.CANDIDATE_LINE and found.said is Agreement.WRONG_BUT_SURE
    return msgspec.structs.replace(found, said=Agreement.DOUBTFUL) if missed else found


def _mark(mark: Mark, meant: Meant | None, *, read: bool) -> Position:
    truth = MarkState.UNMARKED if meant is None else meant.state
    kind = mark.field.kind.value
    return Position(
        field=kind,
        how=f"empty_{kind}" if meant is None else meant.how,
        said=of_mark(truth, mark, read=read),
        truth=truth.value,
        seen=mark.state.value,
        face=mark.field.face,
        rect=_corners(mark.field.rect),
        candidate=mark.field.candidate or mark.field.line,
        pen="" if meant is None else meant.pen,
        strength="" if meant is None else meant.strength,
        chance=mark.probability,
    )


def of_mark(truth: MarkState, mark: Mark, *, read: bool = False) -> Agreement:
    """How one field was read; `read`: handwriting there was read with confidence."""
    asked = mark.state is MarkState.DOUBTFUL or (
        mark.state is MarkState.MARKED and mark.b is None and not read
    )
    if truth is MarkState.DOUBTFUL:
        return Agreement.LEFT_OPEN if asked else Agreement.DECIDED_DISPUTED
    if asked:
        return Agreement.DOUBTFUL
    return Agreement.RIGHT if mark.state is truth else Agreement.WRONG_BUT_SURE


def _near_other_ink(field: Field, truth: Truth) -> bool:
    return any(face is field.face and _meet(rect, field.rect) for face, rect in truth.beside)


def _meet(a: Rect, b: Rect) -> bool:
    return a.x < b.x + b.w and b.x < a.x + a.w and a.y < b.y + b.h and b.y < a.y + a.h


def _corners(rect: Rect) -> tuple[float, float, float, float]:
    return round(rect.x, 2), round(rect.y, 2), round(rect.w, 2), round(rect.h, 2)


def _stamp(truth: StampState, seen: Stamp) -> Position:
    """A stamp called present decides; any other answer asks a person. A weak one is for people to judge."""
    present = seen.state is StampState.PRESENT
    match truth:
        case StampState.PRESENT:
            said = Agreement.RIGHT if present else Agreement.DOUBTFUL
        case StampState.WEAK:
            said = Agreement.DECIDED_DISPUTED if present else Agreement.LEFT_OPEN
        case StampState.OUTSIDE | StampState.ABSENT:
            said = Agreement.WRONG_BUT_SURE if present else Agreement.DOUBTFUL
    return Position(
        FieldKind.STAMP, f"stamp_{truth}", said, truth.value, seen.state.value, Face.OUTSIDE, (0, 0, 0, 0)
    )


def _digits(truth: Truth, outcome: Outcome) -> Iterator[Position]:
    """Numbers written, and numbers read where none was written."""
    written = {one.field.candidate: one for one in truth.marks if one.rank is not None}
    read = {
        name: {rank for n, rank in outcome.reading.ranks if n == name} for name, _ in outcome.reading.ranks
    }
    for name in sorted(name for name in {*written, *read} if name is not None):
        one, seen = written.get(name), read.get(name, set())
        told = str(one.rank) if one else "none"
        yield _value("digits", one, name, told, "/".join(map(str, sorted(seen))))


def _names(truth: Truth, outcome: Outcome) -> Iterator[Position]:
    """Names written on lines, and names read where none was written. Their own list is for people anyway."""
    written = {one.field.line: one for one in truth.marks if one.field.kind is FieldKind.WRITE_IN}
    read = {one.line: one.person or "" for one in outcome.reading.write_ins}
    for line in sorted(line for line in {*written, *read} if line is not None):
        one, seen = written.get(line), read.get(line, "")
        own = seen.split("/")[0] == truth.list and one is not None and one.person is None
        told = (one.person or "nobody") if one else "none"
        yield _value("name", one, line, told, "" if own else seen)


def _value(field: str, one: Meant | None, number: int | None, told: str, seen: str) -> Position:
    """A value was read rightly, wrongly, or not at all."""
    said = Agreement.DOUBTFUL if not seen else Agreement.RIGHT if seen == told else Agreement.WRONG_BUT_SURE
    return Position(
        field=field,
        how=field if one else f"empty_{field}",
        said=said,
        truth=told,
        seen=seen or "unread",
        face=one.field.face if one else Face.INSIDE,
        rect=_corners(one.field.rect) if one else (0, 0, 0, 0),
        candidate=number,
        pen=one.pen if one else "",
        strength=one.strength if one else "",
    )
