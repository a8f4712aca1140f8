"""The official drawings: the same ballots printed by us, and the table of what was measured in them.

`drawings.csv` holds, for each element of the ten drawings of FOR-2019-02-15-123, the window it was
looked for in and what `measure.measured` answered there, in mm: `form,face,element,how,x,y,w,h`
and one or two answers. Scales, mm a pixel: one-fold drawings 0.3175 (then 22 OCR-B digits come out
at their 2.54 mm); drawings 19 and 20 by height, 222.9 mm; drawing 02 by its crop marks, 933 by
496 pixels for 420.4 by 222.9 mm.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from scanner.ballot import Face, Rect
from scanner.election import Candidate, Election, ElectionType, NumberLine, PartyList
from scanner.layout.raster import picture
from scanner.layout.styles import styles
from tests.layout.measure import Seen

TABLE = Path(__file__).with_name("drawings.csv")
DRAWINGS = Path(__file__).parents[3] / "shared" / "reference" / "ballots"


@dataclass(frozen=True, slots=True)
class Drawing:
    """One official drawing and how its pixels become mm."""

    form: str
    file: str
    kind: ElectionType
    seats: int
    candidates: int
    write_ins: int
    mm: tuple[float, float]
    corner: tuple[float, float] = (0.0, 0.0)


_ONE, _TWO = (0.3175, 0.3175), (222.9 / 491, 222.9 / 491)
_KOMMUNE, _FYLKE = ElectionType.KOMMUNESTYRE, ElectionType.FYLKESTING
EVERY = (
    Drawing("01", "kommune-one-fold-01", _KOMMUNE, 43, 49, 10, _ONE),
    Drawing("02", "kommune-two-fold-02", _KOMMUNE, 67, 73, 16, (420.4 / 933, 222.9 / 496), (16.5, 16.5)),
    Drawing("19", "kommune-two-fold-write-in-outside-19", _KOMMUNE, 87, 93, 21, _TWO),
    Drawing("05", "fylke-one-fold-05", _FYLKE, 57, 63, 0, _ONE),
    Drawing("20", "fylke-two-fold-20", _FYLKE, 87, 93, 0, _TWO),
)


@dataclass(frozen=True, slots=True)
class Measure:
    """One row of the table."""

    form: str
    face: Face
    element: str
    how: str
    window: Rect
    seen: tuple[float, ...]  # mm, in the drawing


def table(form: str) -> tuple[Measure, ...]:
    """What was measured in the two drawings of a form."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(_measure(row) for row in csv.reader(file) if row[0] == form)


def _measure(row: list[str]) -> Measure:
    form, face, element, how, x, y, w, h, *seen = row
    window = Rect(float(x), float(y), float(w), float(h))
    return Measure(form, Face(face), element, how, window, tuple(float(one) for one in seen if one))


def same_words(drawing: Drawing) -> Election:
    """The election whose first ballot says what the drawing says."""
    fylke = drawing.kind is _FYLKE
    words = "Fornavnxxxx Etternavnxxxxxxxxxxxxxx", None, "f. YYYY, ev. øvrig info"
    people = tuple(Candidate(n, *words, bold=False) for n in range(1, drawing.candidates + 1))
    return Election(
        type=drawing.kind,
        name="Fylkestingsvalget 20XX" if fylke else "Kommunestyrevalget 20XX",
        year=2019,
        area="Fylkesnavn" if fylke else "Kommunenavn",
        seats=drawing.seats,
        law="2002",
        number_line=NumberLine.DESIGN_2019,
        max_write_ins=drawing.write_ins,
        lists=(PartyList("A", "0" * 22, "Navn på partiliste", people),),
        kretser=(),
        categories=(),
        blank_number="1" * 22,
        tick_off_number="2" * 22,
    )


def print_seen(drawing: Drawing, face: Face) -> Seen:
    """Our own print with pixels half as large as the drawing's."""
    election = same_words(drawing)
    style = styles(election)[0]
    gray = picture(election, style, face, 2 * 25.4 / drawing.mm[1])
    high, wide = gray.shape
    return Seen(gray, (style.page_mm[0] / wide, style.page_mm[1] / high))


def drawing_seen(drawing: Drawing, face: Face) -> Seen:
    """The official drawing itself, where it is at hand."""
    with Image.open(DRAWINGS / f"{drawing.file}-{face}.png") as image:
        return Seen(np.asarray(image.convert("L")), drawing.mm, drawing.corner)
