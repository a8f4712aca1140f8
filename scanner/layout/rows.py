"""The rows of a ballot: candidates, parties to tick, answers; each with its boxes and words."""

from collections.abc import Iterator
from itertools import islice

from scanner.ballot import Face, Field, FieldKind, Rect, StyleKind
from scanner.election import Candidate
from scanner.layout.forms import BOX, Form, Panel
from scanner.layout.ink import BLACK, WHITE, Anchor, Box, Font, Part, Text
from scanner.layout.printed import Printed
from scanner.layout.text import fitted, width

STROKE = 0.4  # of a checkbox
NAME, DETAIL = 12.0, 7.0  # points
GREY = "#4d4d4d"
_BASELINE = 3.4  # below the outer top of the box
_NUMBER = -1.3  # right end of the printed number, from the left edge of the box
_START = -8.7  # where a row begins, from the left edge of the box
_WORDS = 6.25  # where the name begins, from the left edge of the box
_RANK = Rect(0.0, -1.1, 9.0, 6.2)  # box for a new number, from the corner of a plain box
_STRIKE = 5.2  # side of the strike box
_AFTER_STRIKE = 2.0  # between strike box and end of the row


def place(form: Form) -> Iterator[tuple[Panel, float]]:
    """Panel and outer top of the box of each row, in printed order."""
    for panel in form.panels:
        for row in range(panel.rows):
            yield panel, panel.top + row * form.pitch


def square(rect: Rect) -> Box:
    """A printed box; `rect` is its outer edge."""
    return Box(rect.grown(-STROKE / 2), WHITE, BLACK, STROKE)


def rows(printed: Printed) -> Part:
    """All rows of the inside and the fields in them."""
    places = place(printed.form)
    match printed.kind:
        case StyleKind.PARTY:
            one = _ranked if printed.ranked else _voted
            named = zip(printed.candidates, places, strict=False)
            return sum((one(who, panel, y, printed.form.pitch) for who, (panel, y) in named), Part())
        case StyleKind.TICK_OFF:
            return _parties(printed, places)
        case StyleKind.REFERENDUM:
            options = zip(printed.election.options, places, strict=False)
            return sum((_option(o.code, o.text, panel, y) for o, (panel, y) in options), Part())
        case StyleKind.BLANK:
            return Part()


def _row(panel: Panel, y: float, pitch: float) -> Rect:
    return Rect(panel.x + _START, y + BOX / 2 - pitch / 2, panel.right - panel.x - _START, pitch)


def _line(who: Candidate, panel: Panel, y: float, pitch: float) -> Field:
    return Field(Face.INSIDE, FieldKind.CANDIDATE_LINE, _row(panel, y, pitch), candidate=who.number)


def _number(who: Candidate, panel: Panel, y: float) -> Text:
    return Text(panel.x + _NUMBER, y + _BASELINE, f"{who.number}.", NAME, anchor=Anchor.END)


def _voted(who: Candidate, panel: Panel, y: float, pitch: float) -> Part:
    """A candidate who can be given a personal vote: number, box, name."""
    box = Rect(panel.x, y, BOX, BOX)
    left = panel.x + _WORDS
    words = name(who, left, y + _BASELINE, panel.right - left)
    vote = Field(Face.INSIDE, FieldKind.PERSONAL_VOTE, box, candidate=who.number)
    return Part((_number(who, panel, y), square(box), *words), (_line(who, panel, y, pitch), vote))


def _ranked(who: Candidate, panel: Panel, y: float, pitch: float) -> Part:
    """A candidate who can be renumbered or struck: number, box for a new number, name, strike box."""
    rank = Rect(panel.x + _RANK.x, y + _RANK.y, _RANK.w, _RANK.h)
    strike = Rect(panel.right - _AFTER_STRIKE - _STRIKE, y + (BOX - _STRIKE) / 2, _STRIKE, _STRIKE)
    left = rank.x + rank.w + 2.0
    words = name(who, left, y + _BASELINE, strike.x - 2.0 - left)
    fields = (
        _line(who, panel, y, pitch),
        Field(Face.INSIDE, FieldKind.RENUMBER, rank, candidate=who.number),
        Field(Face.INSIDE, FieldKind.STRIKE, strike, candidate=who.number),
    )
    return Part((_number(who, panel, y), square(rank), *words, square(strike)), fields)


def name(who: Candidate, x: float, y: float, room: float) -> tuple[Text, ...]:
    """The candidate's name at 12 pt and, in small grey, year of birth and residence, within `room` mm.

    A long name keeps its size as long as the year still fits behind it, then shrinks, then is cut.
    """
    font = Font.BOLD if who.bold else Font.REGULAR
    about = ", ".join(([f"f. {who.born}"] if who.born else []) + ([who.residence] if who.residence else []))
    least = min(width(f", {about}", DETAIL), width(", f. 0000", DETAIL) + 10.0) + 2.0 if about else 0.0
    words, size = fitted(who.name, NAME, room - least, font, least=8.0)
    said = Text(x, y, words, size, font)
    if not about:
        return (said,)
    comma = Text(x + width(words, size, font), y, ",", size)
    after = comma.x + width(",", size) + 0.8
    detail, small = fitted(about, DETAIL, x + room - after, least=6.0)
    return said, comma, Text(after, y, detail, small, colour=GREY)


def _parties(printed: Printed, places: Iterator[tuple[Panel, float]]) -> Part:
    """A box for each party and, last, a line where a local list can be named."""
    whole = Part()
    for party, (panel, y) in zip(printed.election.lists, places, strict=False):
        box = Rect(panel.x, y, BOX, BOX)
        left = panel.x + _WORDS
        words, size = fitted(party.party, NAME, panel.right - left, least=7.0)
        tick = Field(Face.INSIDE, FieldKind.PARTY_TICK, box, list=party.code)
        whole += Part((square(box), Text(left, y + _BASELINE, words, size)), (tick,))
    for panel, y in islice(places, 1):
        whole += _local_list(panel, y)
    return whole


def _local_list(panel: Panel, y: float) -> Part:
    title = "Annen liste:"
    left = panel.x + width(title, NAME) + 2.0
    blank = Rect(left, y - 1.6, panel.right - 2.0 - left, 7.2)
    field = Field(Face.INSIDE, FieldKind.WRITE_IN_PARTY, blank.grown(-STROKE), line=1)
    return Part((Text(panel.x, y + _BASELINE, title, NAME), square(blank)), (field,))


def _option(code: str, words: str, panel: Panel, y: float) -> Part:
    """An answer of a referendum, larger than a candidate."""
    box = Rect(panel.x, y, 6.0, 6.0)
    left = panel.x + 9.5
    words, size = fitted(words, 16.0, panel.right - left, least=8.0)
    option = Field(Face.INSIDE, FieldKind.OPTION, box, option=code)
    return Part((square(box), Text(left, y + 5.0, words, size)), (option,))
