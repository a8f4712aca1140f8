"""Who votes, with which pen, on which paper, and how the ballot was stamped: shares as in real counts.

Each voter keeps to one pen, one hand and one way of marking.
"""

import numpy as np

from scanner.ballot import FieldKind, Rect, StampState, StyleKind
from scanner.election import Election
from scanner.layout.style import Style
from scanner.simulate.choices import marked, odd
from scanner.simulate.intention import Intention, Voter
from scanner.simulate.marks import MarkShape, StrikeShape, hand
from scanner.simulate.pens import InkColour, PenKind, pen
from scanner.simulate.shares import VoterShares, shares
from scanner.simulate.stamps import Die, Impression

_PENS = (
    (PenKind.BALLPOINT, InkColour.BLUE, 0.40),
    (PenKind.BALLPOINT, InkColour.BLACK, 0.24),
    (PenKind.BALLPOINT, InkColour.RED, 0.03),
    (PenKind.GEL, InkColour.BLACK, 0.08),
    (PenKind.GEL, InkColour.BLUE, 0.06),
    (PenKind.FELT, InkColour.BLACK, 0.06),
    (PenKind.FELT, InkColour.BLUE, 0.03),
    (PenKind.FELT, InkColour.RED, 0.01),
    (PenKind.PENCIL, InkColour.GREY, 0.09),
)
_SHAPES = (
    (MarkShape.CROSS, 0.62),
    (MarkShape.TICK, 0.20),
    (MarkShape.SCRIBBLE, 0.04),
    (MarkShape.FILL, 0.03),
    (MarkShape.SLASH, 0.04),
    (MarkShape.CIRCLE, 0.02),
    (MarkShape.PLUS, 0.03),
    (MarkShape.DASH, 0.01),
    (MarkShape.DOT, 0.01),
)


def voter(rng: np.random.Generator, s: VoterShares | None = None) -> Voter:
    """Whoever comes next: pen, hand and habits."""
    s = s or shares()
    kind, colour, _ = _PENS[int(rng.choice(len(_PENS), p=[p for *_, p in _PENS]))]
    luck = rng.random()
    light, heavy = luck < s.light_hand, luck > 1 - s.heavy_hand
    return Voter(
        pen=pen(kind, colour, rng, light=light, heavy=heavy),
        hand=hand(rng),
        shape=_SHAPES[int(rng.choice(len(_SHAPES), p=[p for _, p in _SHAPES]))][0],
        strike=StrikeShape(rng.choice([*StrikeShape], p=[0.55, 0.12, 0.12, 0.09, 0.12])),
        letter_mm=float(rng.uniform(3.2, 5.2)),
        habit=int(rng.integers(1000)),
        combs=bool(rng.random() < 0.45),
    )


def vote(
    election: Election,
    styles: tuple[Style, ...],
    rng: np.random.Generator,
    *,
    die: Die | None = None,
    s: VoterShares | None = None,
) -> Intention:
    """One voter's ballot: which paper, what is done to it, and how it was stamped.

    `styles` are all of the election's; `die` the polling station's stamp, None for an unstamped
    pile; `s` other shares than the calibrated ones.
    """
    s = s or shares()
    style, who = _paper(styles, rng, s), voter(rng, s)
    acts = (*marked(election, style, rng, s), *odd(style, rng, s))
    stamp, state = (None, StampState.ABSENT) if die is None else stamped(style, die, rng, s)
    return Intention(style.id, who, acts, stamp, state)


def _paper(styles: tuple[Style, ...], rng: np.random.Generator, s: VoterShares) -> Style:
    """Which ballot the voter takes; the lists' strengths fall as 1/(place + 1)^0.7."""
    luck = rng.random()
    for kind, share in ((StyleKind.BLANK, s.blank), (StyleKind.TICK_OFF, s.tick_off)):
        special = [one for one in styles if one.kind is kind]
        if special and luck < share:
            return special[0]
        luck -= share
    common = [one for one in styles if one.kind in {StyleKind.PARTY, StyleKind.REFERENDUM}]
    strength = 1 / (np.arange(len(common)) + 1) ** 0.7
    return common[int(rng.choice(len(common), p=strength / strength.sum()))]


def stamped(
    style: Style, die: Die, rng: np.random.Generator, s: VoterShares
) -> tuple[Impression | None, StampState]:
    """How the polling station stamped this ballot, and what state a careful person would call that."""
    luck = rng.random()
    if luck < s.stamp_absent:
        return None, StampState.ABSENT
    luck -= s.stamp_absent
    if luck < s.stamp_weak:
        return impression(style, die, rng, s).weakened(rng), StampState.WEAK
    luck -= s.stamp_weak
    if luck < s.stamp_outside:
        return impression(style, die, rng, s, inside=False), StampState.OUTSIDE
    return impression(style, die, rng, s), StampState.PRESENT


def impression(
    style: Style, die: Die, rng: np.random.Generator, s: VoterShares, *, inside: bool = True
) -> Impression:
    """A good impression of a stamp in the stamp field, or somewhere else on the outside."""
    field = style.of(FieldKind.STAMP)[0].rect
    x, y = field.centre
    room = max(0.0, (field.w - die.size_mm[0]) / 2), max(0.0, (field.h - die.size_mm[1]) / 2)
    at = x + rng.normal(0, 0.4) * (room[0] + 2), y + rng.normal(0, 0.4) * (room[1] + 1)
    while not inside and _near(at, field, max(die.size_mm) / 2 + 1):
        at = rng.uniform(25, style.page_mm[0] - 25), rng.uniform(25, style.page_mm[1] - 25)
    doubled = rng.normal(0, 0.8, 2) if rng.random() < s.stamp_doubled else None
    return Impression(
        die=die,
        at=(float(at[0]), float(at[1])),
        turned_deg=float(np.clip(rng.normal(0, 9), -30, 30)),
        cover=float(rng.uniform(0.6, 1.0)),
        uneven=float(rng.uniform(0.05, 0.6)),
        doubled_mm=None if doubled is None else (float(doubled[0]), float(doubled[1])),
    )


def _near(at: tuple[float, float], field: Rect, reach: float) -> bool:
    """Whether a stamp of radius `reach` there would touch the field."""
    wide = field.grown(reach)
    return wide.x <= at[0] <= wide.x + wide.w and wide.y <= at[1] <= wide.y + wide.h
