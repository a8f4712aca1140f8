"""Acts on a known paper: where exactly a voter puts the pen to vote, strike, write or doodle."""

import numpy as np

from scanner.ballot import Face, Field, FieldKind, Rect
from scanner.layout.style import Style
from scanner.simulate.intention import Act, ActKind

_NAME_MM = 45.0  # how far into its line a printed name reaches, about


def mark_in(place: Field, kind: ActKind = ActKind.MARK) -> Act:
    """A mark, or a regretted mark, in a printed box."""
    return Act(kind, place.face, place.rect, place)


def numbered(place: Field, rank: int) -> Act:
    """A new rank in the box beside a name."""
    return Act(ActKind.NUMBER, place.face, place.rect, place, rank=rank)


def name_of(style: Style, n: int) -> Rect:
    """About where the n-th candidate's name is printed: right of the box, left of any strike box."""
    line = style.of(FieldKind.CANDIDATE_LINE)[n].rect
    boxes = style.of(FieldKind.PERSONAL_VOTE) or style.of(FieldKind.RENUMBER)
    left = boxes[n].rect.x + boxes[n].rect.w + 2.0
    return Rect(left, line.y, min(_NAME_MM, line.x + line.w - left - 8), line.h)


def line_through(style: Style, n: int, rng: np.random.Generator) -> Act:
    """A line through the n-th candidate's name, over half of it or beyond its end."""
    name = name_of(style, n)
    aim = Rect(name.x, name.y, name.w * rng.uniform(0.7, 1.3), name.h)
    return Act(ActKind.LINE, Face.INSIDE, aim, style.of(FieldKind.CANDIDATE_LINE)[n])


def around_name(style: Style, rng: np.random.Generator) -> Act:
    """A name underlined, ringed or braced together with its neighbours, or ticked beside its box."""
    names = len(style.of(FieldKind.CANDIDATE_LINE))
    n = int(rng.integers(names))
    name = name_of(style, n)
    kind = ActKind(rng.choice([ActKind.UNDERLINE, ActKind.RING, ActKind.BRACE, ActKind.BESIDE]))
    if kind is ActKind.BRACE:
        return Act(kind, Face.INSIDE, Rect(name.x + name.w + 3, name.y, 3, min(3, names - n) * name.h))
    if kind is ActKind.BESIDE:
        return Act(kind, Face.INSIDE, Rect(name.x + name.w + rng.uniform(0, 12), name.y + 1, 4, 4))
    return Act(kind, Face.INSIDE, name)


def written_in(style: Style, line: Field, text: str, person: str | None, party: str) -> Act:
    """A name on a line of the write-in table, and its list's code in the column beside it."""
    beside = [one for one in style.of(FieldKind.WRITE_IN_PARTY) if one.line == line.line]
    return Act(
        ActKind.WRITE_IN, line.face, line.rect, line, text=text, person=person, party=party if beside else ""
    )


def party_named(style: Style, party: str, rng: np.random.Generator) -> Act:
    """A party's name written on a paper that names none."""
    w, h = style.page_mm
    aim = Rect(w * rng.uniform(0.05, 0.15), h * rng.uniform(0.3, 0.6), w * 0.3, 12.0)
    return Act(ActKind.PARTY_NAMED, Face.INSIDE, aim, text=party)


def party_struck(style: Style) -> Act:
    """The printed party struck out in the heading."""
    heading = style.of(FieldKind.HEADING)[0]
    return Act(ActKind.PARTY_STRUCK, Face.INSIDE, heading.rect, heading)


def free_place(
    style: Style,
    kind: ActKind,
    size: Rect,
    rng: np.random.Generator,
    *,
    text: str = "",
    face: Face = Face.INSIDE,
) -> Act | None:
    """An act of a size somewhere it meets no printed place; None where there is no room for it.

    Words and drawings are made smaller until they fit, down to a third.
    """
    taken = [one.rect.grown(1.5) for one in style.fields if one.face is face]
    for shrink in np.repeat([1.0, 0.75, 0.5, 0.35], 25):
        w, h = min(size.w * shrink, 110.0), size.h * shrink
        x, y = rng.uniform(4, style.page_mm[0] - w - 14), rng.uniform(4, style.page_mm[1] - h - 6)
        aim = Rect(float(x), float(y), float(w), float(h))
        if not any(_meet(aim, one) for one in taken):
            return Act(kind, face, aim, text=text)
    return None


def _meet(a: Rect, b: Rect) -> bool:
    """Whether two rectangles overlap."""
    return a.x < b.x + b.w and b.x < a.x + a.w and a.y < b.y + b.h and b.y < a.y + a.h
