"""The inside of a ballot: header, names, table for other lists, number line, registration marks."""

from base64 import b32encode
from hashlib import sha256
from zlib import crc32

from scanner.ballot import Face, Field, FieldKind, Rect, StyleKind
from scanner.election import NumberLine
from scanner.layout.colours import GREY as GREY_WEAVE
from scanner.layout.ink import BLACK, WHITE, Anchor, Box, Font, Line, Part, Shape, Text, Tile
from scanner.layout.printed import Printed
from scanner.layout.rows import NAME, place, rows
from scanner.layout.style import RegistrationMark
from scanner.layout.text import fitted, width
from scanner.layout.write_in import table

HEADER = 18.55  # the black line under the header band begins here
RULE = 0.5  # its height
FOOTER = 218.9  # the bottom band begins here
CELL = 2.54  # OCR-B pitch
CAPTION = 4.4  # from the words over a column of boxes to the row: the eyes must see the box alone
_FAINT = "#7d7d7d"
_DASH = (1.25, 0.88)


def inside(printed: Printed) -> Part:
    """Everything on the inside face."""
    return (
        Part(_bands(printed))
        + _names(printed)
        + Part(_folds(printed))
        + _marks(printed)
        + Part(_opening(printed))
        + rows(printed)
        + table(printed, Face.INSIDE)
        + _number_line(printed)
    )


def _bands(printed: Printed) -> tuple[Shape, ...]:
    paper = printed.form.paper
    wide, high = paper.size
    tint, strip = printed.palette.tint, paper.strip
    return (
        Box(Rect(0, 0, wide, HEADER), tint),
        Box(Rect(0, FOOTER, wide, high - FOOTER), tint),
        Tile(Rect(strip, 0, wide - strip, HEADER), GREY_WEAVE),
        Tile(Rect(strip, HEADER, wide - strip, high - HEADER), printed.palette.weave),
        Box(Rect(0, HEADER, wide, RULE), BLACK),
        *_reminders(paper.reminders),
    )


def _reminders(x: float) -> tuple[Shape, ...]:
    said = ((9.1, "Se veiledning på baksiden"), (14.0, "Brett stemmeseddel med farget side ut"))
    return tuple(
        shape for y, words in said for shape in (Text(x - 0.4, y, "•", NAME), Text(x + 2.95, y, words, NAME))
    )


def _names(printed: Printed) -> Part:
    """The white box with the list's name, on the first two panels."""
    return sum((_name(printed, rect) for rect in printed.form.paper.names), Part())


def _name(printed: Printed, rect: Rect) -> Part:
    middle, room = rect.centre[0], rect.w - 6.0
    party, large = fitted(printed.heading, 20.0, room, Font.BOLD, least=9.0)
    election, small = fitted(printed.subtitle, 12.0, room, least=7.0)
    return Part(
        (
            Box(rect, WHITE),
            Text(middle + 0.3, rect.y + 7.2, party, large, Font.BOLD, anchor=Anchor.MIDDLE),
            Text(middle + 0.4, rect.y + 12.9, election, small, anchor=Anchor.MIDDLE),
        ),
        (Field(Face.INSIDE, FieldKind.HEADING, rect),),
    )


def _folds(printed: Printed) -> tuple[Shape, ...]:
    return tuple(shape for x in printed.form.paper.folds for shape in _fold(x, printed.form.paper.size[1]))


def _fold(x: float, high: float) -> tuple[Shape, ...]:
    """A dashed line, open where it says BRETT HER: upwards above, downwards below."""
    dashes = tuple(
        Line(x, a, x, b, 0.42, _FAINT, _DASH) for a, b in ((0.0, 39.9), (61.4, 175.6), (196.6, high))
    )
    up = Text(x + 0.85, 59.2, "BRETT HER", 9.0, colour=_FAINT, turn=-90)
    down = Text(x - 1.15, 176.9, "BRETT HER", 9.0, colour=_FAINT, turn=90)
    return *dashes, up, down


def _marks(printed: Printed) -> Part:
    """Five equal "¬" marks, two above and three below, so that the page shows which way is up."""
    whole = Part()
    for x, y in printed.form.paper.marks:
        rect = Rect(x, y, 4.07, 4.45)
        bar, stem = Rect(x, y, rect.w, 0.64), Rect(x + rect.w - 0.64, y, 0.64, rect.h)
        patch = (Box(Rect(x - 1.5, y - 1.4, 7.1, 7.2), WHITE),) if y < HEADER else ()
        ink = (Box(bar, BLACK), Box(stem, BLACK))
        whole += Part((*patch, *ink), marks=(RegistrationMark(Face.INSIDE, rect),))
    return whole


def _opening(printed: Printed) -> tuple[Shape, ...]:
    """What the rows are for, above the first one."""
    x, y = 5.0, 25.4 if len(printed.form.paper.folds) == 1 else 25.9
    match printed.kind:
        case StyleKind.PARTY if printed.ranked:
            return (
                *_two(x, y - 0.6, "Endre listen", "(sett nytt nummer foran eller kryss for å stryke)"),
                *_columns(printed),
            )
        case StyleKind.PARTY:
            return _two(x, y, "Personstemme", "(sett kryss i rute foran kandidat)")
        case StyleKind.TICK_OFF:
            return _two(x, y, "Parti", "(sett ett kryss)")
        case StyleKind.REFERENDUM:
            return _question(printed)
        case StyleKind.BLANK:
            return ()


def _two(x: float, y: float, strong: str, plain: str) -> tuple[Shape, ...]:
    after = x + width(f"{strong} ", NAME, Font.BOLD)
    return Text(x, y, strong, NAME, Font.BOLD), Text(after, y, plain, NAME)


def _columns(printed: Printed) -> tuple[Shape, ...]:
    """Small headings over the number boxes and strike boxes of the panels in use."""
    used = dict.fromkeys(
        panel for _, (panel, _) in zip(printed.candidates, place(printed.form), strict=False)
    )
    return tuple(
        Text(x, panel.top - CAPTION, words, 7.0, anchor=Anchor.MIDDLE)
        for panel in used
        for x, words in ((panel.x + 4.5, "Nytt nr."), (panel.right - 4.6, "Stryk"))
    )


def _question(printed: Printed) -> tuple[Shape, ...]:
    """The question on up to four lines, then what to do."""
    lines = _wrapped(printed.election.question, 14.0, 116.0)[:4]
    ask = tuple(Text(12.0, 32.0 + 6.5 * i, words, 14.0, Font.BOLD) for i, words in enumerate(lines))
    return *ask, Text(12.0, 62.0, "Sett ett kryss.", NAME)


def _wrapped(words: str, size: float, room: float) -> list[str]:
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if width(longer, size, Font.BOLD) <= room:
            lines[-1] = longer
        else:
            lines.append(fitted(word, size, room, Font.BOLD, least=size)[0])
    return lines


def _number_line(printed: Printed) -> Part:
    """The ballot number in OCR-B 10 pt, then the form's two digits and a check number, or the 2025 id."""
    x, y = printed.form.paper.number
    cells = tuple((Rect(x + i * CELL, y - 2.9, CELL, 3.3), c) for i, c in enumerate(printed.number))
    area = Rect(x - 1.0, y - 3.4, CELL * len(cells) + 2.0, 4.3)
    field = Field(Face.INSIDE, FieldKind.BALLOT_NUMBER, area)
    return Part((_ocr(x, y, printed.number), *_after_number(printed)), (field,), digits=cells)


def _after_number(printed: Printed) -> tuple[Shape, ...]:
    x, y = printed.form.paper.number
    code, check = printed.form.paper.groups
    if printed.election.number_line is NumberLine.DESIGN_2025:
        return (Text(x + code, y, ballot_id(printed.number), 20.0, Font.OCR_B),)
    return _ocr(x + code, y, printed.form.code), _ocr(x + check, y, check_number(printed.number))


def _ocr(x: float, y: float, words: str) -> Text:
    """OCR-B 10 pt on cells of exactly 2.54 mm."""
    return Text(x, y, words, 10.0, Font.OCR_B, tracking=CELL - width("0", 10.0, Font.OCR_B))


def check_number(ballot_number: str) -> str:
    """Eight digits that go with a ballot number; what the official ones mean is not public (2019)."""
    return f"{crc32(ballot_number.encode()) % 10**8:08d}"


def ballot_id(ballot_number: str) -> str:
    """Seven characters that go with a ballot number (valgforskriften § 3-4 (5), 2025).

    The same for every sheet of a list: an id of its own on each sheet could tie it to a voter.
    """
    return b32encode(sha256(ballot_number.encode()).digest()).decode()[:7]
