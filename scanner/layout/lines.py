"""What `valgskanner layout` prints: where everything is on each ballot, one object a style."""

from collections.abc import Iterator

import msgspec

from scanner.ballot import Face, Field, FieldKind, StyleKind
from scanner.election import Election
from scanner.layout.style import Style
from scanner.layout.styles import styles


class FieldLine(msgspec.Struct, frozen=True):
    """A place where ink means something: (x, y, w, h) in mm from the top left of its face."""

    face: Face
    kind: FieldKind
    candidate: int | None
    option: str | None
    line: int | None
    list: str | None  # party_tick: the list that the box stands for
    rect_mm: tuple[float, float, float, float]


class StyleLine(msgspec.Struct, frozen=True):
    """One style: its id, its list (None for ballots without one), paper size in mm and fields."""

    style: str
    list: str | None
    kind: StyleKind
    form: str
    page_mm: tuple[float, float]
    fields: tuple[FieldLine, ...]


def layout_lines(election: Election) -> Iterator[StyleLine]:
    """A line for each style of the election, in the order of `styles`; ElectionError as there."""
    return (_style(one) for one in styles(election))


def _style(style: Style) -> StyleLine:
    places = tuple(_field(one) for one in style.fields)
    return StyleLine(style.id, style.list, style.kind, style.form, style.page_mm, places)


def _field(field: Field) -> FieldLine:
    r = field.rect
    rect = (round(r.x, 3), round(r.y, 3), round(r.w, 3), round(r.h, 3))
    return FieldLine(field.face, field.kind, field.candidate, field.option, field.line, field.list, rect)
