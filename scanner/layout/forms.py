"""The paper forms: where each official drawing puts things, in mm from the top left of a face.

Measured in the drawings of FOR-2019-02-15-123. The one-fold drawings are 0.3175 mm a pixel (the
OCR-B pitch of 2.54 mm and 12 pt names agree). The two-fold drawings are scaled so that the paper
is as high as the one-fold one (222.9 mm), drawing 02 between its crop marks; their OCR-B pitch then
comes out at 2.54 mm too. Strokes are placed by the centroid of their darkness. In the two-fold
drawings single boxes stand up to half a pixel (0.23 mm) off their even pitch.

Form codes 01, 02, 19, 05 and 20 are printed in the drawings. No drawing is public for the others;
these codes are ours, chosen among those the drawings leave unused: 03 Storting and Sameting,
07 and 08 blank (one and two folds), 09 and 10 tick-off, 11 referendum.
"""

from dataclasses import dataclass, replace

from scanner.ballot import Face, Rect, StyleKind
from scanner.election import Election, ElectionType

PITCH = 5.898  # from one candidate to the next
BOX = 4.0  # outer edge of a checkbox


@dataclass(frozen=True, slots=True)
class Panel:
    """A column of rows: `x` is the left outer edge of the boxes, `top` that of the first box."""

    x: float
    right: float  # where the rows end
    top: float
    rows: int


@dataclass(frozen=True, slots=True)
class WriteIn:
    """The table for candidates from other lists: outer frame from (x, y), then `lines` rows."""

    face: Face
    x: float
    y: float
    lines: int
    pitch: float
    head: float  # height of the row with the column names
    title: tuple[float, float]  # start of the title's baseline
    w: float = 120.0
    party: float = 107.4  # from the left edge to the column "Parti"


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet and what is printed on every ballot of its format."""

    size: tuple[float, float]
    folds: tuple[float, ...]  # x on the inside; mirrored on the outside
    strip: float  # x from which the outer pattern shows on the inside
    names: tuple[Rect, ...]  # the white boxes with the party's name
    reminders: float  # x of the two bullets in the header
    marks: tuple[tuple[float, float], ...]  # top left of the five marks inside
    marks_outside: tuple[tuple[float, float], ...]
    more_outside: tuple[tuple[float, float], ...]  # T marks on the second fold, beyond the five
    number: tuple[float, float]  # start of the baseline of the ballot number
    groups: tuple[float, float]  # from there to the form code and to the check number
    stamp: Rect  # the white inside of the stamp field
    guidance: Rect  # the white box on the outside
    plain: float | None = None  # x from which the outside is unpatterned


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of ballot: its paper, its columns of rows, and its write-in table if it has one."""

    code: str
    paper: Paper
    panels: tuple[Panel, ...]
    pitch: float = PITCH
    write_in: WriteIn | None = None

    @property
    def capacity(self) -> int:
        """How many rows it has room for."""
        return sum(one.rows for one in self.panels)


ONE_FOLD = Paper(
    size=(290.2, 222.9),
    folds=(140.05,),
    strip=280.4,
    names=(Rect(18.05, 1.9, 112.2, 15.1),),
    reminders=151.3,
    marks=((6.6, 6.98), (270.2, 6.98), (6.6, 212.45), (126.05, 212.45), (270.2, 212.45)),
    marks_outside=((6.5, 26.35), (279.7, 26.35), (143.2, 117.3), (6.5, 211.25), (279.7, 211.25)),
    more_outside=(),
    number=(17.05, 215.95),
    groups=(64.45, 84.75),
    stamp=Rect(192.4, 25.4, 58.1, 38.9),
    guidance=Rect(19.0, 39.8, 112.25, 133.3),
)
TWO_FOLD = Paper(
    size=(420.4, 222.9),
    folds=(130.2, 270.05),
    strip=410.7,
    names=(Rect(12.85, 1.9, 112.2, 15.1), Rect(148.0, 1.9, 112.2, 15.1)),
    reminders=281.5,
    marks=((6.5, 6.9), (400.4, 6.9), (6.5, 212.6), (256.1, 212.6), (400.4, 212.6)),
    marks_outside=((6.5, 26.35), (409.9, 26.35), (143.2, 117.3), (6.5, 211.35), (409.9, 211.35)),
    more_outside=((279.8, 26.35), (279.8, 211.35)),
    number=(140.0, 216.1),
    groups=(66.5, 87.25),
    stamp=Rect(192.4, 25.4, 58.1, 38.9),
    guidance=Rect(19.0, 39.8, 112.25, 133.3),
    plain=290.2,
)


def _fylke(paper: Paper, marks: float, number: tuple[float, float], outside: float, stamp: float) -> Paper:
    """The same paper as drawn for fylke: bottom marks and number higher inside, lower outside."""
    return replace(
        paper,
        marks=_moved(paper.marks, -marks),
        marks_outside=_moved(paper.marks_outside, outside),
        more_outside=_moved(paper.more_outside, outside),
        number=(paper.number[0] + number[0], paper.number[1] + number[1]),
        stamp=replace(paper.stamp, y=paper.stamp.y + stamp),
        guidance=Rect(17.9, 59.9, 113.2, 81.6),
    )


def _moved(marks: tuple[tuple[float, float], ...], mm: float) -> tuple[tuple[float, float], ...]:
    """The marks with those at the bottom moved down."""
    return tuple((x, y + mm if y > 200 else y) for x, y in marks)


FYLKE_ONE_FOLD = _fylke(ONE_FOLD, 1.3, (0.45, -1.75), 0.95, 0.35)
FYLKE_TWO_FOLD = _fylke(TWO_FOLD, 1.45, (0.1, -1.5), 0.9, 0.1)

# Drawing 02 has its last mark a good millimetre lower than the others of its row.
TWO_FOLD_02 = replace(
    TWO_FOLD,
    names=(Rect(12.6, 1.9, 112.2, 15.1), Rect(147.75, 1.9, 112.2, 15.1)),
    marks_outside=(*TWO_FOLD.marks_outside[:4], (409.9, 212.5)),
)

_LEFT = Panel(13.0, 136.0, 28.0, 31)
_RIGHT = Panel(158.05, 268.6, 22.15, 18)
_LEFT_TWO = Panel(13.0, 126.4, 29.9, 30)
_MIDDLE_TWO = Panel(147.95, 266.2, 23.8, 31)
_RIGHT_TWO = Panel(288.3, 398.8, 23.9, 32)

KOMMUNE_01 = Form(
    "01",
    ONE_FOLD,
    (_LEFT, _RIGHT),
    write_in=WriteIn(Face.INSIDE, 147.1, 135.55, 10, 7.13, 7.49, (147.1, 132.7)),
)
KOMMUNE_02 = Form(
    "02",
    TWO_FOLD_02,
    (
        replace(_LEFT_TWO, top=29.95, rows=31),
        replace(_MIDDLE_TWO, top=23.912, rows=32),
        Panel(284.47, 398.8, 23.9, 10),
    ),
    write_in=WriteIn(Face.INSIDE, 278.45, 88.5, 16, 7.143, 7.28, (277.6, 86.5)),
)
KOMMUNE_19 = Form(
    "19",
    TWO_FOLD,
    (_LEFT_TWO, _MIDDLE_TWO, _RIGHT_TWO),
    write_in=WriteIn(Face.OUTSIDE, 295.2, 38.1, 21, 7.138, 6.92, (295.4, 35.5)),
)
FYLKE_05 = Form("05", FYLKE_ONE_FOLD, (replace(_LEFT, rows=30), replace(_RIGHT, rows=33)))
FYLKE_20 = Form("20", FYLKE_TWO_FOLD, (_LEFT_TWO, _MIDDLE_TWO, _RIGHT_TWO))

# No drawing: rows half as high again, so that a new number can be written by hand.
_WIDE = 8.9
_WIDE_LEFT, _WIDE_RIGHT = replace(_LEFT, top=33.0, rows=20), replace(_RIGHT, top=33.0, rows=20)
STORTING_03 = Form("03", FYLKE_ONE_FOLD, (_WIDE_LEFT, _WIDE_RIGHT), _WIDE)
BLANK_07 = Form("07", ONE_FOLD, ())
BLANK_08 = Form("08", TWO_FOLD, ())
TICK_09 = Form("09", ONE_FOLD, (_WIDE_LEFT, _WIDE_RIGHT), _WIDE)
TICK_10 = Form(
    "10", TWO_FOLD, (replace(_LEFT_TWO, top=33.0, rows=20), replace(_MIDDLE_TWO, top=33.0, rows=20)), _WIDE
)
REFERENDUM_11 = Form("11", ONE_FOLD, (Panel(20.0, 136.0, 70.0, 8),), 14.0)


def party_form(election: Election) -> Form:
    """The form of the party ballots, by type of election and seats (valgforskriften 2003 § 19c (8), (9))."""
    match election.type:
        case ElectionType.KOMMUNESTYRE if election.seats > 67:
            return KOMMUNE_19
        case ElectionType.KOMMUNESTYRE:
            return KOMMUNE_02 if election.seats > 43 else KOMMUNE_01
        case ElectionType.FYLKESTING:
            return FYLKE_20 if election.seats > 57 else FYLKE_05
        case _:
            return STORTING_03


def form(election: Election, kind: StyleKind) -> Form:
    """The form of a ballot of this kind; blank and tick-off are printed on the paper of the party ballots."""
    party = party_form(election)
    folded_once = len(party.paper.folds) == 1
    match kind:
        case StyleKind.PARTY:
            return party
        case StyleKind.BLANK:
            return replace(BLANK_07 if folded_once else BLANK_08, paper=party.paper)
        case StyleKind.TICK_OFF:
            return replace(TICK_09 if folded_once else TICK_10, paper=party.paper)
        case StyleKind.REFERENDUM:
            return REFERENDUM_11
