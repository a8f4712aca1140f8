"""The white VEILEDNING box on the outside: how the voter may change this ballot."""

from dataclasses import replace

from scanner.ballot import Rect, StyleKind
from scanner.layout.ink import BLACK, WHITE, Anchor, Box, Font, Line, Shape, Text
from scanner.layout.printed import Printed
from scanner.layout.text import width

X = 19.0  # left of the words' margin
_LEFT = 4.6  # margin of the words
_POINT = 8.6  # margin of what follows a bullet
_LAST = "Andre måter å endre på vil ikke telle ved valgoppgjøret."
_PEN = "Bruk svart eller blå penn. Skriv tydelig."


def guidance(printed: Printed) -> tuple[Shape, ...]:
    """The box with its words; the words depend on what the ballot lets a voter do."""
    box = printed.form.paper.guidance
    match printed.kind:
        case StyleKind.PARTY if printed.ranked:
            return _ranked(box)
        case StyleKind.PARTY if printed.form.write_in:
            return _with_write_ins(box, printed.election.max_write_ins)
        case StyleKind.PARTY:
            return _personal_votes(box)
        case StyleKind.BLANK:
            return _plain(box, "Denne stemmeseddelen er blank.", "Den teller som blank stemme.", "")
        case StyleKind.TICK_OFF:
            return _plain(
                box,
                "Sett ett kryss i ruten ved partiet du stemmer på.",
                "Vil du stemme på en annen liste, skriver du navnet",
                "på listen i det hvite feltet.",
            )
        case StyleKind.REFERENDUM:
            return _plain(box, "Sett ett kryss i ruten ved svaret du velger.", "", "")


def _box(rect: Rect, title: float) -> tuple[Shape, ...]:
    return Box(rect, WHITE), Text(74.2, title, "VEILEDNING", 12.0, Font.BOLD, anchor=Anchor.MIDDLE)


def _say(y: float, words: str, font: Font = Font.REGULAR, indent: float = _LEFT) -> Text:
    return Text(X + indent, y, words, 12.0, font)


def _bullet(y: float, words: str, font: Font = Font.REGULAR) -> tuple[Shape, ...]:
    return _say(y, "•", font), _say(y, words, font, _POINT)


def _underline(y: float, before: str, word: str) -> Line:
    """A line under `word`, which follows `before` in a bulleted line."""
    x = X + _POINT + width(before, 12.0)
    return Line(x, y + 0.55, x + width(word, 12.0), y + 0.55, 0.3)


def _example(y: float, side: float) -> tuple[Shape, ...]:
    """A candidate with a cross in the box; (y) is the baseline."""
    x = X + 16.0
    top = y - (side + 2.9) / 2
    cross = ((x, top, x + side, top + side), (x + side, top, x, top + side))
    return (
        Text(x - 1.0, y, "8.", 12.0, anchor=Anchor.END),
        Box(Rect(x, top, side, side), WHITE, BLACK, 0.5),
        *(Line(*ends, 0.5) for ends in cross),
        Text(x + side + 2.2, y, "Ole Opprykk,", 12.0),
        Text(x + side + 27.6, y, "f. 1958, Lillevik", 7.0, colour="#4d4d4d"),
    )


def _with_write_ins(box: Rect, most: int) -> tuple[Shape, ...]:
    dots = tuple(Line(X + _POINT, y, X + 102.6, y, 0.25, "#6f6f6f", (0.3, 0.5)) for y in (88.7, 98.1))
    return (
        *_box(box, 50.4),
        _say(59.4, "Vil du endre på stemmeseddelen kan du:", Font.BOLD),
        *_bullet(69.6, "Gi personstemme til kandidater på denne listen", Font.BOLD),
        _say(74.8, "Du kan gi en personstemme til en eller flere", indent=_POINT),
        _underline(74.8, "Du kan gi ", "en"),
        _say(79.9, "kandidater. Det gjør du ved å sette et kryss", indent=_POINT),
        _say(85.0, "i ruten ved navnet til kandidaten – slik:", indent=_POINT),
        *dots,
        *_example(95.2, 6.2),
        *_bullet(109.0, "Gi personstemme til kandidater fra andre lister", Font.BOLD),
        _say(114.1, f"Du kan gi personstemme til inntil {most} kandidater fra", indent=_POINT),
        _say(119.2, "andre lister. Det gjør du ved å føre opp kandidat-", indent=_POINT),
        _say(124.3, "navnet i feltet for “Kandidater fra andre lister”.", indent=_POINT),
        _say(132.6, "Bruk STORE BOKSTAVER, skriv inne i feltet slik:", indent=_POINT),
        Box(Rect(X + 8.6, 135.8, 93.6, 7.1), WHITE, BLACK, 0.4),
        Text(X + 10.0, 141.6, "KARL JOHANNES MORTENSEN", 14.0, tracking=0.75),
        _say(156.7, _LAST),
        _say(166.8, _PEN, Font.BOLD),
    )


def _personal_votes(box: Rect) -> tuple[Shape, ...]:
    return (
        *_box(box, 69.6),
        _say(78.9, "Vil du endre på stemmeseddelen kan du:", Font.BOLD),
        *_bullet(89.0, "Gi en eller flere kandidater en personstemme."),
        _underline(89.0, "Gi en eller flere kandidater ", "en"),
        _say(94.2, "Det gjør du ved å sette et kryss i ruten ved navnet", indent=_POINT),
        _say(99.3, "slik:", indent=_POINT),
        *_example(106.4, 4.0),
        _say(124.1, _LAST),
        _say(134.3, _PEN, Font.BOLD),
    )


def _ranked(box: Rect) -> tuple[Shape, ...]:
    return (
        *_box(box, 69.6),
        _say(78.9, "Vil du endre på stemmeseddelen kan du:", Font.BOLD),
        *_bullet(89.0, "Endre rekkefølgen på kandidatene."),
        _say(94.2, "Skriv det nye nummeret i ruten foran navnet.", indent=_POINT),
        *_bullet(102.5, "Stryke kandidater."),
        _say(107.7, "Sett kryss i ruten «Stryk» bak navnet.", indent=_POINT),
        _say(134.3, _PEN, Font.BOLD),
    )


def _plain(box: Rect, first: str, second: str, third: str) -> tuple[Shape, ...]:
    said = tuple(_say(78.9 + 5.6 * i, words) for i, words in enumerate((first, second, third)) if words)
    return *_box(replace(box, y=59.9, h=50.0), 69.6), *said, _say(103.0, _PEN, Font.BOLD)
