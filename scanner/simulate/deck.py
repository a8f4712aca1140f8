"""A pile of ballots as a scanner delivers it, and the truth about every sheet.

A sheet depends on (election, seed, index, level) alone, so that piles can be made in parallel,
one by one, or again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

import numpy as np

from scanner.ballot import Face
from scanner.election import Election
from scanner.layout.raster import picture
from scanner.layout.style import Style
from scanner.layout.styles import styles
from scanner.pixels import INCH_MM, Picture
from scanner.simulate.intention import Intention
from scanner.simulate.marking import mark_up
from scanner.simulate.pens import LUMA
from scanner.simulate.real_ink import RealInk, real_ink
from scanner.simulate.scan import jpeg, paper, scanned, with_bleed
from scanner.simulate.shares import VoterShares
from scanner.simulate.stamps import Die, die
from scanner.simulate.truth import Truth, judged
from scanner.simulate.voters import vote
from scanner.simulate.wear import Scanner, Wear, scanner, wear

SHEETS_A_SCANNER = 250  # a box; the next box may go through another machine
_KEPT = 48  # printed faces kept: 4 MB each at 200 dpi
_SCANNER, _STAMP, _SHEET = 1, 2, 3  # what a random stream is for


@dataclass(frozen=True, slots=True)
class SimulatedSheet:
    """One sheet out of the scanner: two JPEGs in the order they were delivered, and the truth."""

    truth: Truth
    front: bytes
    back: bytes
    dpi: int

    @property
    def name(self) -> str:
        """`0001`: stem of the sheet's files."""
        return f"{self.truth.index:04d}"


@dataclass(slots=True)
class Press:
    """The printed ballots of one election, ready to be marked; keeps the pictures it made."""

    election: Election
    colour: bool = False
    styles: tuple[Style, ...] = ()
    _uncut: dict[tuple[str, Face, float, tuple[float, ...]], Picture] = field(default_factory=dict)
    _same: dict[bytes, Picture] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.styles = self.styles or styles(self.election)

    def style(self, name: str) -> Style:
        """The style with this id; KeyError if there is none."""
        return {one.id: one for one in self.styles}[name]

    def face(
        self, style: Style, face: Face, dpi: float, weights: tuple[float, float, float] = LUMA
    ) -> Picture:
        """One printed face with bleed: (h, w) grey as a scanner with these colour weights sees it."""
        key = (style.id, face, dpi, weights)
        if key not in self._uncut:
            if len(self._uncut) >= _KEPT:
                self._uncut.clear()
                self._same.clear()
            made = self._printed(style, face, dpi, weights)
            self._uncut[key] = self._same.setdefault(sha256(made.data).digest(), made)
        return self._uncut[key]

    def _printed(self, style: Style, face: Face, dpi: float, weights: tuple[float, float, float]) -> Picture:
        if not self.colour and weights == LUMA:
            return with_bleed(picture(self.election, style, face, dpi), dpi)
        rgb = picture(self.election, style, face, dpi, colour=True)
        if self.colour:
            return with_bleed(rgb, dpi)
        return with_bleed(
            np.rint(rgb.astype(np.float32) @ np.array(weights, np.float32)).astype(np.uint8), dpi
        )


def inked(
    press: Press,
    style: Style,
    meant: Intention,
    worn: Wear,
    rng: np.random.Generator,
    *,
    real: RealInk | None = None,
) -> tuple[tuple[Picture, Picture], tuple[tuple[float, float], tuple[float, float]]]:
    """Inside and outside before any scanner, and where (mm) the print begins on each."""
    on = worn.scanner
    inside, at = paper(press.face(style, Face.INSIDE, on.dpi, on.weights), Face.INSIDE, worn)
    outside, there = paper(press.face(style, Face.OUTSIDE, on.dpi, on.weights), Face.OUTSIDE, worn)
    mark_up(
        (inside, outside), meant, on.dpi / INCH_MM, rng, origins_mm=(at, there), weights=on.weights, real=real
    )
    return (inside, outside), (at, there)


def deliver(faces: tuple[Picture, Picture], worn: Wear, truth: Truth) -> SimulatedSheet:
    """The two JPEGs in the order of scanning."""
    on = worn.scanner
    front, back = faces[::-1] if worn.outside_first else faces
    told = replace(truth, turned=worn.turned, outside_first=worn.outside_first)
    return SimulatedSheet(told, jpeg(front, on.jpeg, on.dpi), jpeg(back, on.jpeg, on.dpi), round(on.dpi))


@dataclass(frozen=True, slots=True)
class Deck:
    """Everything that decides a pile: see `deck`. `sheet(n)` makes any one of its sheets."""

    press: Press
    seed: int
    level: int = 1
    real: RealInk | None = None
    stamp_required: bool = True
    shares: VoterShares | None = None
    dpi: float = 200.0
    box: int = SHEETS_A_SCANNER  # after so many sheets another scanner and another stamp

    def scanner(self, index: int) -> Scanner:
        """The machine that this sheet goes through."""
        box = index // self.box
        return scanner(self.level, np.random.default_rng([self.seed, _SCANNER, box]), dpi=self.dpi)

    def die(self, index: int) -> Die:
        """The stamp of the polling station this sheet comes from."""
        election, box = self.press.election, index // self.box
        rng = np.random.default_rng([self.seed, _STAMP, box])
        # the stamp of the advance vote must not tell the municipality (2002 act § 8-4 (7))
        office = f"{election.area} valgstyre" if rng.random() < 0.6 else "Forhåndsstemme"
        return die(office, election.year, rng)

    def sheet(self, index: int) -> SimulatedSheet:
        """The sheet with this number, 1 or more."""
        rng = np.random.default_rng([self.seed, _SHEET, index])
        press = self.press
        meant = vote(press.election, press.styles, rng, die=self.die(index), s=self.shares)
        return self.given(index, meant, rng)

    def given(self, index: int, meant: Intention, rng: np.random.Generator) -> SimulatedSheet:
        """The sheet that this intention becomes on its way through this deck's scanner."""
        style = self.press.style(meant.style)
        worn = wear(self.scanner(index), style.page_mm, style.folds_mm, rng)
        faces = scanned(inked(self.press, style, meant, worn, rng, real=self.real)[0], worn)
        truth = judged(
            self.press.election,
            style,
            meant,
            index=index,
            wear=self.level,
            more_kinds=worn.kinds,
            stamp_required=self.stamp_required,
        )
        return deliver(faces, worn, truth)


def deck(
    election: Election,
    count: int,
    seed: int,
    level: int = 1,
    real_ink_folder: Path | None = None,
    *,
    stamp_required: bool = True,
    shares: VoterShares | None = None,
) -> Iterator[SimulatedSheet]:
    """`count` ballots of an election as voters marked them and a scanner of wear `level` 0-3 saw them.

    `seed` decides everything; `real_ink_folder` lends ink of real writers; `stamp_required` says
    whether the ballots' category asks for a stamp (§ 10-3 (1) a). Raises InputError for a folder
    without ink.
    """
    real = real_ink(real_ink_folder) if real_ink_folder is not None else None
    pile = Deck(Press(election), seed, level, real, stamp_required, shares)
    return (pile.sheet(index) for index in range(1, count + 1))
