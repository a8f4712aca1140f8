"""Handwritten capitals, digits and signs: a small font of pen strokes, different in every hand.

Each sign is drawn on a grid 10 high (0 top, 10 baseline); `!` after a point is a sharp turn and
`;` lifts the pen. Where people write a letter in several ways, a hand keeps to one of them.
Accented letters (Sámi Á Č Š Ž, Å, Ö …) are the letter with its accent above.
"""

import unicodedata
from functools import cache

import numpy as np

from scanner.simulate.marks import Hand
from scanner.simulate.strokes import Points, Stroke, stroke

SIGNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("A", ("0,10 3.2,0! 6.4,10;1.2,6.3 5.2,6.3", "0,10 0.4,4 3,0.3 5.6,4 6,10;0.3,5.8 5.8,5.8")),
    ("B", ("0.3,0 0.3,10;0.3,0.2 3.5,0 4.8,2.3 3.2,4.6 0.5,4.8! 4,5 5.5,7.4 3.8,9.8 0.2,10",)),
    ("C", ("5.5,1.8 3.6,0 1,2 0.1,5 1,8.4 3.4,10 5.7,8.6",)),
    ("D", ("0.3,0 0.3,10;0.2,0.1 3.2,0.3 5.8,3 5.8,7 3.4,9.6 0.1,10",)),
    ("E", ("5,0 0.3,0! 0.3,10! 5.2,10;0.3,5 4.2,5", "5,1 2.6,0 0.8,1.6 1,3.8 3,4.7! 0.8,5.6 0,8 1.8,10 5,9")),
    ("F", ("0.3,10 0.3,0! 5,0;0.3,4.8 4,4.8",)),
    ("G", ("5.6,1.6 3.4,0 0.9,2 0.1,5 1,8.6 3.4,10 5.6,8.4 5.7,5.4! 3.4,5.4",)),
    ("H", ("0.2,0 0.2,10;5.8,0 5.8,10;0.2,5 5.8,5",)),
    ("I", ("0.8,0 0.8,10", "0,0 2.6,0;1.3,0 1.3,10;0,10 2.6,10")),
    ("J", ("4,0 4,7.5 2.6,10 0.6,9.4 0,7.8", "1.2,0 5.4,0;3.8,0 3.8,7.6 2.2,10 0.2,8.4")),
    ("K", ("0.2,0 0.2,10;5.4,0 0.4,5.6! 5.8,10", "0.2,0 0.2,10;5.2,0.2 0.6,5;1.6,4.4 5.6,10")),
    ("L", ("0.3,0 0.3,10! 5,10",)),
    ("M", ("0,10 0.6,0! 3.8,7! 7,0! 7.6,10", "0,10 1.4,0.2 3.8,8 6,0.2 7.6,10")),
    ("N", ("0.2,10 0.2,0! 5.8,10! 5.8,0",)),
    ("O", ("3.2,0 0.6,2 0.1,6 2,9.7 4.6,9.4 6.2,6 5.6,1.8 3,0 1.8,0.5",)),
    ("P", ("0.3,10 0.3,0! 3.8,0.1 5.4,2.6 3.8,5.3 0.3,5.6",)),
    ("Q", ("3.2,0 0.6,2 0.1,6 2,9.7 4.6,9.4 6.2,6 5.6,1.8 3,0;3.6,7.4 6.4,10.8",)),
    ("R", ("0.3,10 0.3,0! 3.8,0.1 5.2,2.4 3.8,4.8 0.4,5.1! 5.6,10",)),
    ("S", ("5.2,1.4 3,0 0.7,1.2 0.7,3.6 3,5 5.3,6.8 4.8,9.2 2.6,10 0,8.6",)),
    ("T", ("0,0 6.4,0;3.2,0 3.2,10",)),
    ("U", ("0.2,0 0.2,6.8 1.4,9.6 3.6,9.9 5.6,8 5.8,0", "0.2,0 0.3,7 2,9.8 4.4,9 5.7,6 5.8,0! 5.8,10")),
    ("V", ("0,0 3,10! 6,0",)),
    ("W", ("0,0 2,10! 4.2,2! 6.4,10! 8.4,0", "0,0 1.4,9 3,9.6 4.2,3 5.4,9.6 7,9 8.4,0")),
    ("X", ("0.2,0 5.8,10;5.8,0 0.2,10",)),
    ("Y", ("0,0 3,5;6,0 2.2,10", "0,0 0.8,4 3,5.2 5.6,3;5.8,0 5.4,6 3.4,10 0.6,9.6")),
    ("Z", ("0.2,0 5.8,0! 0,10! 6,10", "0.2,0 5.8,0! 0,10! 6,10;1.4,5 4.8,5")),
    ("Æ", ("0,10 4.4,0! 4.6,10! 9.2,10;4.4,0 9,0;1.6,6 8.2,5.4",)),
    ("Ø", ("3.2,0 0.6,2 0.1,6 2,9.7 4.6,9.4 6.2,6 5.6,1.8 3,0;6.2,-0.6 0,10.6",)),
    ("Đ", ("0.3,0 0.3,10;0.2,0.1 3.2,0.3 5.8,3 5.8,7 3.4,9.6 0.1,10;-1,5 2.4,5",)),
    ("Ŧ", ("0,0 6.4,0;3.2,0 3.2,10;1.4,5.4 5,5.4",)),
    ("Ŋ", ("0.2,10 0.2,0! 5.8,10! 5.8,0;5.8,10 5.2,12.4 3.4,12.2",)),
    ("0", ("2.8,0 0.5,2.2 0.2,6.4 2,10 4.4,9 5.2,5 4.6,1.2 2.6,0",)),
    ("1", ("0.4,3 2.6,0! 2.6,10", "0.9,0 0.9,10", "0.2,3.4 2.6,0! 2.6,10;0.4,10 4.6,10")),
    ("2", ("0.3,2.4 2,0 4.4,0.6 4.6,3.4 2.4,6.8 0,10! 5.2,9.9",
           "0.3,2.4 2.4,0 4.6,2.4 2.6,7 0.4,9.4 1,8.2 5.2,10")),
    ("3", ("0.4,1 2.6,0 4.6,1.6 3.8,4 1.8,4.7! 4.6,5.6 4.9,8.4 2.6,10 0,8.8",)),
    ("4", ("3,0 0,6.6! 5.4,6.6;4,3.6 3.8,10", "0.4,0 0.2,5.4! 4.8,5.4;4.8,0 4.6,10")),
    ("5", ("4.8,0 1,0! 0.6,4.4! 2.8,3.8 5,6 4,9.2 1.8,10 0,9",
           "0.8,0.4 0.6,4.4! 3,3.8 5,6.2 3.8,9.4 0,9.4;0.8,0.3 5,0")),
    ("6", ("4.4,0.2 1.6,2.8 0.2,6.6 1,9.6 3.4,10 5,7.8 4,5.4 1.8,5.4 0.3,7.4",)),
    ("7", ("0,0 5.2,0! 2,10;1.6,5 4.8,4.6", "0,0 5.2,0! 2,10", "0,1.4! 0.2,0! 5.2,0! 1.8,10;1.4,5 4.6,5")),
    ("8", ("4.6,1.2 2.4,0 0.6,1.6 1.4,3.8 4.2,6 4.8,8.6 2.4,10 0.2,8.4 1.2,6 4,3.6 4.6,1.2",)),
    ("9", ("4.6,2.6 2.6,0 0.4,2 0.8,4.8 3,5.2 4.6,3 4.8,2! 4.6,7 2.6,10",
           "4.6,2 2.4,0 0.4,2.4 2,5 4.4,3.4 4.7,1! 4.4,10")),
    ("-", ("0.4,5.6 3.2,5.6",)),
    (".", ("0.3,9.7 0.5,10 0.3,10",)),
    (",", ("0.7,9.4 0.7,10.4 0,11.6",)),
    ("!", ("0.6,0 0.5,7;0.5,9.7 0.6,10",)),
    ("?", ("0.2,2 1.8,0 4,1.4 3.6,3.8 2,5.2 2,7;2,9.7 2.1,10",)),
    ("/", ("3.6,-0.4 0,10.6",)),
    ("'", ("0.6,0 0.3,2",)),
    ("*", ("2,1 2,6;0,2.2 4,4.8;4,2.2 0,4.8",)),
)  # fmt: skip

# over a letter of width 6; by their Unicode combining marks
_ACCENTS = {
    "\u0300": "2,-3 4,-1",
    "\u0301": "4.2,-3 2.6,-1",
    "\u0302": "1.8,-1 3.2,-2.8! 4.6,-1",
    "\u0303": "1.4,-1.6 2.6,-2.4 3.8,-1.4 5,-2.2",
    "\u0308": "1.8,-1.8 2,-1.5;4.4,-1.8 4.6,-1.5",
    "\u030a": "3.2,-2.8 2.3,-1.9 3.2,-1 4.1,-1.9 3.1,-2.8",
    "\u030c": "1.8,-2.8 3.2,-1! 4.6,-2.8",
    "\u0327": "3.2,10.2 3.6,11.4 2.4,12",
}


@cache
def _sign(drawn: str) -> tuple[tuple[Points, tuple[bool, ...]], ...]:
    """The strokes of one drawing: control points and where the pen turns sharply."""
    strokes = []
    for one in drawn.split(";"):
        marks = one.split()
        points = np.array([[float(v) for v in m.rstrip("!").split(",")] for m in marks], np.float32)
        strokes.append((points, tuple(m.endswith("!") for m in marks)))
    return tuple(strokes)


@cache
def _ways(sign: str) -> tuple[str, ...]:
    """The ways to write a sign; letters the font lacks fall back to none."""
    return dict(SIGNS).get(sign, ())


def known(sign: str) -> bool:
    """Whether this character can be written."""
    return bool(_ways(unicodedata.normalize("NFD", sign.upper())[:1])) or bool(_ways(sign.upper()))


def _drawing(sign: str, habit: int) -> str:
    """The drawing of a character in one hand; accents are added to the letter below them."""
    if ways := _ways(sign):
        return ways[habit % len(ways)]
    plain = unicodedata.normalize("NFD", sign)
    base, accents = plain[:1], plain[1:]
    ways = _ways(base)
    parts = [ways[habit % len(ways)]] if ways else []
    return ";".join([*parts, *(_ACCENTS[a] for a in accents if a in _ACCENTS)])


def write(
    text: str,
    at: tuple[float, float],
    tall_mm: float,
    by: Hand,
    rng: np.random.Generator,
    *,
    pitch_mm: float | None = None,
    habit: int | None = 0,
) -> list[Stroke]:
    """Strokes that write `text` in capitals, letter tops `tall_mm` above the baseline `at` (mm).

    `pitch_mm` gives each character a cell of that width (combs), else letters follow their own
    width. `habit` chooses among the ways to write a letter, None: the plainest. Unknown characters
    are skipped.
    """
    unit = tall_mm / 10
    x, y = at
    strokes: list[Stroke] = []
    for n, sign in enumerate(text.upper()):
        drawn = "" if sign == " " else _drawing(sign, 0 if habit is None else habit * 7 + ord(sign))
        left = x if pitch_mm is None else at[0] + (n + 0.18) * pitch_mm
        letter, width = _letter(drawn, unit, by, rng)
        strokes += [one.moved(left, y + rng.normal(0, by.letter_jitter * tall_mm / 2)) for one in letter]
        x += (width + 2.6 * unit * by.spacing) * rng.uniform(0.93, 1.07)
    return strokes


def _letter(drawn: str, unit: float, by: Hand, rng: np.random.Generator) -> tuple[list[Stroke], float]:
    """One letter with its baseline at (0, 0), and its width in mm; a space is 4 units wide."""
    if not drawn:
        return [], 4 * unit
    lean = np.tan(np.radians(by.slant_deg))
    size = unit * rng.normal(1, by.letter_jitter)
    strokes, right = [], 0.0
    for points, corners in _sign(drawn):
        missed = points + rng.normal(0, by.letter_jitter * 5, points.shape)
        missed[:, 1] -= 10
        missed[:, 0] -= lean * missed[:, 1]
        strokes.append(stroke(missed * size, rng, corners=np.array(corners), tremble_mm=by.tremble_mm / 2))
        right = max(right, float(points[:, 0].max()) * size)
    return strokes, right


def width_mm(text: str, tall_mm: float, by: Hand) -> float:
    """About how wide `write` makes a text."""
    unit = tall_mm / 10
    wide = [4.0 if s == " " else _breadth(s) for s in text.upper()]
    return sum(wide) * unit + len(wide) * 2.6 * unit * by.spacing


def _breadth(sign: str) -> float:
    """The width of a character on the grid."""
    drawn = _drawing(sign, ord(sign))
    return max((float(p[:, 0].max()) for p, _ in _sign(drawn)), default=0.0) if drawn else 4.0
