"""Windows of the printed outside, in colour, around the stamp field and elsewhere: what stamps land on."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from scanner.ballot import Face, FieldKind, Rect
from scanner.classify.stamp_eyes import HIGH, WIDE
from scanner.election import Candidate, Election, ElectionType, NumberLine, PartyList, ReferendumOption
from scanner.layout.drawing import draw
from scanner.layout.raster import render
from scanner.layout.style import Style
from scanner.layout.styles import styles
from scanner.pixels import Picture
from scanner.training.stamp_dies import DPI, K

EDGE = 32, 40  # px above and below, left and right of the reader's window: what is moved comes from there
SIZE = HIGH + 2 * EDGE[0], WIDE + 2 * EDGE[1]  # 320, 400
ROWS, COLUMNS = (
    one.astype(np.float32) for one in np.ogrid[0 : SIZE[0], 0 : SIZE[1]]
)  # px, (320, 1), (1, 400)
LEARNT = (ElectionType.KOMMUNESTYRE, ElectionType.FYLKESTING, ElectionType.STORTING)
KEPT_BACK = (ElectionType.SAMETING, ElectionType.FOLKEAVSTEMNING, ElectionType.KOMMUNESTYRE)
_SEATS = {ElectionType.KOMMUNESTYRE: (43, 68), ElectionType.FYLKESTING: (57, 58)}  # one fold and two


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """A window of paper, RGB (320, 400, 3), and the stamp field in it (mm); None elsewhere."""

    picture: Picture
    field: Rect | None


@cache
def grounds(kinds: tuple[ElectionType, ...]) -> tuple[Ground, ...]:
    """The distinct windows of all ballots of some elections; takes seconds."""
    found: dict[bytes, Ground] = {}
    for kind in kinds:
        for seats in _SEATS.get(kind, (0 if kind is ElectionType.FOLKEAVSTEMNING else 11,)):
            election = an_election(kind, seats)
            for style in styles(election):
                for one in _windows(election, style):
                    found.setdefault(one.picture[::2, ::2].tobytes(), one)
    return tuple(found.values())


def _windows(election: Election, style: Style) -> list[Ground]:
    """The window of the stamp field, and four others."""
    (page,) = render([draw(style, election).face(Face.OUTSIDE)], DPI, colour=True)
    field = style.of(FieldKind.STAMP)[0].rect
    wide, high = SIZE[1] / K, SIZE[0] / K
    x, y = field.centre
    middles = [
        (wide / 2, high / 2),
        (75.0, 105.0),
        (wide / 2 + 45, 170.0),
        (style.page_mm[0] - wide / 2, 160.0),
    ]
    near = Ground(_cut(page, (x, y)), Rect(wide / 2 - field.w / 2, high / 2 - field.h / 2, field.w, field.h))
    return [near, *(Ground(_cut(page, one), None) for one in middles)]


def _cut(page: Picture, middle: tuple[float, float]) -> Picture:
    left = int(np.clip(round(middle[0] * K) - SIZE[1] // 2, 0, page.shape[1] - SIZE[1]))
    top = int(np.clip(round(middle[1] * K) - SIZE[0] // 2, 0, page.shape[0] - SIZE[0]))
    return page[top : top + SIZE[0], left : left + SIZE[1]].copy()


def an_election(kind: ElectionType, seats: int) -> Election:
    """A made-up election with a short list."""
    referendum = kind is ElectionType.FOLKEAVSTEMNING
    people = tuple(Candidate(n, f"Person {n}", 1950, "Ålmøy", bold=False) for n in range(1, 6))
    return Election(
        type=kind, name="Øvingsvalget", year=2027, area="Ålmøy", seats=seats,
        law="2023", number_line=NumberLine.DESIGN_2019, max_write_ins=3 if "kommune" in kind else 0,
        lists=() if referendum else (PartyList("A", f"{1:022d}", "Partiet A", people),), kretser=(),
        categories=(), blank_number=f"{8:022d}", tick_off_number=f"{9:022d}",
        question="Bør vi?" if referendum else "",
        options=(ReferendumOption("ja", "Ja"), ReferendumOption("nei", "Nei")) if referendum else (),
    )  # fmt: skip
