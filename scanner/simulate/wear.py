"""How worn the scanner is and how the paper suffered: drawn once per box and once per sheet.

`Scanner` stays the same for a whole box, `Wear` is one sheet's own. Levels: 0 a perfect new
scanner, 1 normal, 2 badly kept, 3 awful; the numbers are in `calibration/wear.toml`.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache

import numpy as np

from scanner.config import calibration
from scanner.simulate.pens import LUMA

GREEN = (0.05, 0.9, 0.05)  # many line sensors give "grey" from the green lamp alone

Levels = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class WearLevels:
    """`calibration/wear.toml`: each number for the levels 0-3, units and sources there."""

    skew_deg: Levels
    offset_mm: Levels
    stretch: Levels
    scale: Levels
    blur_px: Levels
    noise: Levels
    jpeg: Levels
    tone: Levels
    shading: Levels
    streaks: Levels
    specks: Levels
    fold: Levels
    more_folds: Levels
    corner: Levels
    bleed: Levels
    duplex_mm: Levels
    cut_mm: Levels
    dot_gain: Levels
    turned: Levels
    outside_first: Levels
    margin_mm: Levels


@cache
def levels() -> WearLevels:
    """The calibrated numbers, read once."""
    return calibration("wear", WearLevels)


class Transport(StrEnum):
    """Along which side of the picture the paper moved: streaks and stretch follow it."""

    DOWN = "down"
    ACROSS = "across"


@dataclass(frozen=True, slots=True)
class Streak:
    """Dust before the sensor: a line along the transport, `at` 0..1 across it.

    `keeps` is the share of light that is left; above 1 for a bright line, as a miscalibrated pixel gives.
    """

    at: float
    width_px: int
    keeps: float
    begins: float  # 0..1 of the page: dust may arrive while a sheet passes
    ends: float


@dataclass(frozen=True, slots=True)
class Scanner:
    """One scanner during one box: what does not change from sheet to sheet."""

    level: int
    dpi: float
    transport: Transport
    backing: int  # grey of what lies behind the paper: 0 black .. 255 white
    margin_mm: tuple[float, float]  # background left around the paper; the size of the picture
    scale: tuple[float, float]  # along x and y
    blur_px: float
    noise: float
    jpeg: int
    gamma: float
    black: float  # grey of black ink
    white: float  # grey of the paper
    shading: tuple[float, float]  # light lost at either end of the sensor
    weights: tuple[float, float, float]  # of red, green, blue


@dataclass(frozen=True, slots=True)
class Fold:
    """A crease through `at` mm (x, y) of the inside; `loses` 0..1 light, `bevel` bright beside it."""

    at: tuple[float, float]
    angle_deg: float  # 0: upright
    loses: float
    bevel: float
    width_mm: float
    printed: bool = True  # where the form says "brett her"


@dataclass(frozen=True, slots=True)
class Corner:
    """A corner of the inside face (0..3 clockwise from top left), cut off or turned over; legs in mm."""

    which: int
    legs_mm: tuple[float, float]
    cut: bool


@dataclass(frozen=True, slots=True)
class Wear:
    """What happened to one sheet and to its passage through the scanner.

    Shifts of the print on the paper are one per face (inside, outside); `cut_mm` is how much the
    paper is wider and higher than nominal; `waves` are (amplitude mm, period mm, phase).
    """

    scanner: Scanner
    turned: bool
    outside_first: bool
    skew_deg: float
    offset_mm: tuple[float, float]
    waves: tuple[tuple[float, float, float], ...]
    folds: tuple[Fold, ...]
    corner: Corner | None
    bleed: float
    print_shift_mm: tuple[tuple[float, float], tuple[float, float]]
    cut_mm: tuple[float, float]
    dot_gain: float
    paper: int  # grey of the bare paper
    streaks: tuple[tuple[Streak, ...], tuple[Streak, ...]]
    specks: tuple[int, int]
    seed: int  # of the noise

    @property
    def kinds(self) -> tuple[str, ...]:
        """What an examiner would want to know: the names of the rarer faults on this sheet."""
        corner = () if self.corner is None else ("cut_corner" if self.corner.cut else "dog_ear",)
        streaked = ("streak",) if any(self.streaks) else ()
        folded = ("second_fold",) if any(not one.printed for one in self.folds) else ()
        return (*corner, *streaked, *folded)


def scanner(level: int, rng: np.random.Generator, *, dpi: float = 200.0) -> Scanner:
    """A scanner as found on the counting night; `level` 0-3."""
    k = levels()
    tone, tight = k.tone[level], rng.random() < 0.35
    margin = 0.0 if tight else rng.uniform(0.3, 1) * k.margin_mm[level]
    return Scanner(
        level=level,
        dpi=dpi,
        transport=Transport(rng.choice([*Transport])),
        backing=int(rng.choice([rng.integers(4, 30), rng.integers(110, 190), rng.integers(232, 255)])),
        margin_mm=(margin, margin * rng.uniform(0.6, 1)),
        scale=_pair(1.0, k.scale[level], rng),
        blur_px=k.blur_px[level] * rng.uniform(0.5, 1),
        noise=k.noise[level] * rng.uniform(0.4, 1),
        jpeg=int(rng.integers(int(k.jpeg[level]), 96)),
        gamma=1 + rng.uniform(-1.5, 1.5) * tone,
        black=rng.uniform(0, 160) * tone,
        white=255 - rng.uniform(0, 120) * tone,
        shading=(k.shading[level] * rng.uniform(0, 1), k.shading[level] * rng.uniform(0, 1)),
        weights=LUMA if rng.random() < 0.6 else GREEN,
    )


def _pair(about: float, reach: float, rng: np.random.Generator) -> tuple[float, float]:
    """Two numbers within `reach` of `about`."""
    return float(about + rng.uniform(-reach, reach)), float(about + rng.uniform(-reach, reach))


def wear(
    on: Scanner,
    page_mm: tuple[float, float],
    folds_mm: tuple[float, ...],
    rng: np.random.Generator,
) -> Wear:
    """One sheet's fate: `page_mm` its size, `folds_mm` x of the printed folds on the inside."""
    k, level = levels(), on.level
    printed = [_fold((x, page_mm[1] / 2), rng, on) for x in folds_mm]
    return Wear(
        scanner=on,
        turned=bool(rng.random() < k.turned[level]),
        outside_first=bool(rng.random() < k.outside_first[level]),
        skew_deg=float(np.clip(rng.normal(0, 0.5), -1, 1) * k.skew_deg[level]),
        offset_mm=_pair(0, k.offset_mm[level], rng),
        waves=_waves(k.stretch[level], rng),
        folds=(*printed, *_more_folds(page_mm, k.more_folds[level], rng, on)),
        corner=_corner(k.corner[level], rng),
        bleed=k.bleed[level] * rng.uniform(0.2, 1),
        print_shift_mm=(_pair(0, k.duplex_mm[level] / 2, rng), _pair(0, k.duplex_mm[level], rng)),
        cut_mm=_pair(0, k.cut_mm[level], rng),
        dot_gain=k.dot_gain[level] * rng.uniform(0, 1),
        paper=int(rng.integers(236, 253)),
        streaks=(_streaks(k.streaks[level], rng), _streaks(k.streaks[level], rng)),
        specks=(int(rng.poisson(k.specks[level])), int(rng.poisson(k.specks[level]))),
        seed=int(rng.integers(2**31)),
    )


def _waves(slope: float, rng: np.random.Generator) -> tuple[tuple[float, float, float], ...]:
    """Two sine waves of feed speed whose slopes together stay below `slope`."""
    periods = rng.uniform(40, 90), rng.uniform(150, 400)
    shares = (0.4, 0.6)
    return tuple(
        (slope * share * rng.uniform(0.2, 1) * t / (2 * np.pi), t, rng.uniform(0, 2 * np.pi))
        for share, t in zip(shares, periods, strict=True)
    )


def _fold(at: tuple[float, float], rng: np.random.Generator, on: Scanner) -> Fold:
    """A fold made by a voter: within 1.5 mm of the line, seldom quite upright."""
    x = at[0] + rng.normal(0, 0.6)
    depth = levels().fold[on.level] * rng.uniform(0.15, 1)
    return Fold((x, at[1]), rng.normal(0, 0.2), depth, depth * rng.uniform(0, 0.5), rng.uniform(0.25, 0.9))


def _more_folds(
    page_mm: tuple[float, float], chance: float, rng: np.random.Generator, on: Scanner
) -> tuple[Fold, ...]:
    """Perhaps a second fold: across the page or anyhow."""
    if rng.random() >= chance:
        return ()
    at = page_mm[0] * rng.uniform(0.2, 0.8), page_mm[1] * rng.uniform(0.3, 0.7)
    one = _fold(at, rng, on)
    angle = rng.choice([90 + rng.normal(0, 0.5), rng.uniform(-60, 60)], p=[0.8, 0.2])
    return (replace(one, angle_deg=float(angle), printed=False),)


def _corner(chance: float, rng: np.random.Generator) -> Corner | None:
    """Perhaps a dog-ear, more seldom a corner torn or cut off; legs 4-25 mm."""
    luck = rng.random()
    if luck >= 1.5 * chance:
        return None
    leg = 4 + rng.gamma(1.5, 4)
    return Corner(int(rng.integers(4)), (min(leg, 25), min(leg * rng.uniform(0.6, 1.6), 25)), luck > chance)


def _streaks(expected: float, rng: np.random.Generator) -> tuple[Streak, ...]:
    """The streaks of one face, most of them faint and along the whole page."""
    found = int(rng.poisson(expected))
    return tuple(
        Streak(
            at=rng.uniform(0, 1),
            width_px=int(rng.choice([1, 1, 2, 3])),
            keeps=float(np.clip(rng.normal(0.75, 0.15), 0.25, 0.97)) if rng.random() < 0.85 else 1.2,
            begins=0.0 if rng.random() < 0.8 else rng.uniform(0, 0.9),
            ends=1.0 if rng.random() < 0.8 else rng.uniform(0.1, 1),
        )
        for _ in range(found)
    )
