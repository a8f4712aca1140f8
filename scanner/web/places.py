"""Where on the paper a person should look: the doubtful places of a reading, the most telling first."""

from collections.abc import Mapping
from dataclasses import dataclass

from scanner.ballot import Face, FieldKind, Mark, MarkState, Reading, Reason, Rect, Verdict
from scanner.layout.style import Style

AROUND_MM = 6.0  # of paper shown around a doubtful place
MOST = 12  # places shown; the whole page shows the rest
_STAMP = {Reason.STAMP_ABSENT, Reason.STAMP_OUTSIDE, Reason.STAMP_WEAK}


@dataclass(frozen=True, slots=True)
class Place:
    """A part of a face, in mm, with the candidate or line that it belongs to."""

    face: Face
    rect: Rect
    kind: FieldKind | None  # None: ink outside every field
    candidate: int | None = None


def places(reading: Reading, verdict: Verdict, styles: Mapping[str, Style]) -> tuple[Place, ...]:
    """At most `MOST` places; none if the page does not lie on its picture. `styles`: by id."""
    found = [_of(one) for one in reading.marks if _doubtful(one, reading)]
    found += [Place(face, rect, None) for face, rect in reading.stray_mm]
    if _STAMP & set(verdict.reasons) and reading.identity.style is not None:
        stamps = styles[reading.identity.style].of(FieldKind.STAMP)
        found[:0] = [Place(one.face, one.rect, one.kind) for one in stamps]
    return tuple(found[:MOST])


def _of(mark: Mark) -> Place:
    return Place(mark.field.face, mark.field.rect, mark.field.kind, mark.field.candidate)


def _doubtful(mark: Mark, reading: Reading) -> bool:
    """Doubt of the readers, and handwriting that was not read."""
    if mark.state is MarkState.DOUBTFUL:
        return True
    if mark.state is MarkState.UNMARKED:
        return False
    if mark.field.kind is FieldKind.RENUMBER:
        return mark.field.candidate not in {one for one, _ in reading.ranks}
    if mark.field.kind is FieldKind.WRITE_IN:
        return mark.field.line not in {one.line for one in reading.write_ins}
    return False
