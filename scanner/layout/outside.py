"""The outside of a ballot: woven pattern, guidance, stamp field, registration marks."""

from scanner.ballot import Face, Field, FieldKind, Rect
from scanner.layout.colours import GREY
from scanner.layout.guidance import guidance
from scanner.layout.ink import BLACK, WHITE, Anchor, Box, Font, Line, Part, Shape, Text, Tile
from scanner.layout.inside import FOOTER, HEADER, RULE
from scanner.layout.printed import Printed
from scanner.layout.style import RegistrationMark
from scanner.layout.text import width
from scanner.layout.write_in import table

_FRAME = 0.55  # border of the stamp field
_T = Rect(0, 0, 4.02, 4.2)  # ink of a turned T: bar at the left, stem to the right
_STROKE = 0.63
_FAINT = "#3c3c3b"


def outside(printed: Printed) -> Part:
    """Everything on the outside face."""
    return (
        Part(_ground(printed) + _folds(printed) + _fold_out() + guidance(printed))
        + _stamp(printed)
        + _marks(printed)
        + table(printed, Face.OUTSIDE)
    )


def folds_outside(printed: Printed) -> tuple[float, ...]:
    """The x of each fold on the outside: the inside seen from behind, from left to right."""
    paper = printed.form.paper
    return tuple(sorted(round(paper.size[0] - x, 2) for x in paper.folds))


def _ground(printed: Printed) -> tuple[Shape, ...]:
    paper = printed.form.paper
    wide, high = paper.size
    edge = paper.plain or wide
    tint = printed.palette.tint
    plain = (
        Box(Rect(edge, 0, wide - edge, HEADER), tint),
        Box(Rect(edge, FOOTER, wide - edge, high - FOOTER), tint),
    )
    return (
        Tile(Rect(0, 0, edge, HEADER), GREY),
        Tile(Rect(0, HEADER, edge, high - HEADER), printed.palette.weave),
        *(plain if paper.plain else ()),
        Box(Rect(0, HEADER, wide, RULE), BLACK),
    )


def _folds(printed: Printed) -> tuple[Shape, ...]:
    """The first fold is dashed; the second is the edge of the pattern and says BRETT HER beside it."""
    first, *rest = folds_outside(printed)
    tint, high = printed.palette.tint, printed.form.paper.size[1]
    dashed = Line(first, 0, first, high, 0.4, BLACK, (1.25, 0.88))
    more = tuple(
        s for x in rest for s in (*_said(x - 4.6, 40.0, tint, -90), *_said(x + 0.8, 181.5, WHITE, 90))
    )
    return dashed, *_said(first - 4.6, 40.0, tint, -90), *_said(first + 1.4, 181.5, tint, 90), *more


def _said(x: float, y: float, tint: str, turn: int) -> tuple[Shape, ...]:
    """BRETT HER on a plain patch."""
    patch = Box(Rect(x, y, 3.2, 18.6), tint)
    start = (x + 2.5, y + 18.2) if turn < 0 else (x + 0.7, y + 0.4)
    return patch, Text(*start, "BRETT HER", 9.0, colour=_FAINT, turn=turn)


def _fold_out() -> tuple[Shape, ...]:
    """BRETT DENNE SIDEN UT, read from below, near the left edge; UT is underlined."""
    x, y = 8.9, 144.0
    middle = y - width("BRETT ", 12.0, Font.BOLD)
    last = middle - width("DENNE SIDEN ", 11.5)
    end = last - width("UT", 12.0, Font.BOLD)
    return (
        Box(Rect(4.95, 93.6, 5.6, 51.4), WHITE),
        Text(x, y, "BRETT", 12.0, Font.BOLD, turn=-90),
        Text(x, middle, "DENNE SIDEN", 11.5, turn=-90),
        Text(x, last, "UT", 12.0, Font.BOLD, turn=-90),
        Line(x + 0.75, last, x + 0.75, end, 0.35),
    )


def _stamp(printed: Printed) -> Part:
    """The white field for the official stamp, on a plain patch."""
    white = printed.form.paper.stamp
    patch = Rect(186.1, HEADER + RULE, 70.7, 51.9)
    shapes = (
        Box(patch, printed.palette.tint),
        Box(white.grown(_FRAME / 2), WHITE, BLACK, _FRAME),
        Text(white.centre[0], white.y - 1.9, "Stempelfelt", 11.0, Font.BOLD, anchor=Anchor.MIDDLE),
        Text(190.3, white.centre[1], "Stempelfelt", 11.0, Font.BOLD, anchor=Anchor.MIDDLE, turn=-90),
    )
    return Part(shapes, (Field(Face.OUTSIDE, FieldKind.STAMP, white),))


def _marks(printed: Printed) -> Part:
    """Five turned T marks; a two-fold ballot has two more on its second fold, printed but not used."""
    paper = printed.form.paper
    more = sum((Part(_t(x, y)) for x, y in paper.more_outside), Part())
    five = (
        Part(_t(x, y), marks=(RegistrationMark(Face.OUTSIDE, Rect(x, y, _T.w, _T.h)),))
        for x, y in paper.marks_outside
    )
    return sum(five, more)


def _t(x: float, y: float) -> tuple[Shape, ...]:
    return (
        Box(Rect(x - 1.5, y - 1.55, 7.2, 7.3), WHITE),
        Box(Rect(x, y, _STROKE, _T.h), BLACK),
        Box(Rect(x, y + (_T.h - _STROKE) / 2 - 0.02, _T.w, _STROKE), BLACK),
    )
