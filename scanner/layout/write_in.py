"""The table where voters write candidates from other lists."""

from scanner.ballot import Face, Field, FieldKind, Rect
from scanner.layout.forms import WriteIn
from scanner.layout.ink import BLACK, Anchor, Box, Font, Line, Part, Shape, Text
from scanner.layout.printed import Printed
from scanner.layout.text import width

_FAINT = "#c9c9c9"
_FRAME = 0.43  # stroke of frame and head
_COMB = 4.475  # from one tick to the next
_FIRST_COMB = 4.5  # from the left edge
_TICK = 1.35  # height
_GAP = 0.3  # between a field and the printed lines around it


def table(printed: Printed, face: Face) -> Part:
    """The table if it stands on this face of this ballot, else nothing."""
    design = printed.form.write_in
    if not printed.write_ins or design is None or design.face is not face:
        return Part()
    lines = sum((_line(design, number) for number in range(1, design.lines + 1)), Part())
    return lines + Part((*_title(design, printed.election.max_write_ins), *_frame(design)))


def _title(design: WriteIn, most: int) -> tuple[Shape, ...]:
    strong = "Kandidater fra andre lister –"
    x, y = design.title
    after = x + width(f"{strong} ", 11.0, Font.BOLD) + 0.8
    said = f"inntil {most} (skriv med STORE bokstaver)"
    return Text(x, y, strong, 11.0, Font.BOLD), Text(after, y, said, 11.0)


def _frame(design: WriteIn) -> tuple[Shape, ...]:
    x, y, right = design.x, design.y, design.x + design.party
    whole = Rect(x, y, design.w, design.head + design.lines * design.pitch)
    head = y + design.head
    return (
        Box(whole, None, BLACK, _FRAME),
        Line(x, head, x + design.w, head, _FRAME),
        Line(right, y, right, head, _FRAME),
        Line(right, head + _FRAME / 2, right, y + whole.h - _FRAME / 2, 0.4, _FAINT),
        Text(x + 2.6, head - 2.0, "FORNAVN", 12.0, tracking=1.35),
        Text(x + 37.4, head - 2.0, "ETTERNAVN", 12.0, tracking=1.65),
        Text((right + x + design.w) / 2, head - 2.8, "Parti", 12.0, anchor=Anchor.MIDDLE),
    )


def _line(design: WriteIn, number: int) -> Part:
    """One row: grey rule below, a comb standing on it, and the two places to write."""
    top = design.y + design.head + (number - 1) * design.pitch
    low = top + design.pitch
    last = number == design.lines
    rule = () if last else (Line(design.x, low, design.x + design.w, low, 0.5, _FAINT),)
    combs = tuple(
        Line(x, low - _TICK - 0.25, x, low - 0.25, 0.28, _FAINT)
        for x in (design.x + _FIRST_COMB + i * _COMB for i in range(23))
    )
    name = Rect(design.x, top, design.party, design.pitch).grown(-_GAP)
    party = Rect(design.x + design.party, top, design.w - design.party, design.pitch).grown(-_GAP)
    return Part(
        (*rule, *combs),
        (
            Field(design.face, FieldKind.WRITE_IN, name, line=number),
            Field(design.face, FieldKind.WRITE_IN_PARTY, party, line=number),
        ),
    )
