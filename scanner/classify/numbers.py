"""Reads the new number that a voter wrote at a name: both readers of digits, every way to part the ink.

Each reader gives the chance of every value 0..99 from its own chances of digits; a number is read only if
both name the same value and their evidence, weighed together, is surer than the bound. No value is preferred
because the list has so many names: a 47 on a list of 19 is a 47, and what it means is the law's. A nought
before a digit is no number. Pure; weights and bound come from `calibration/`.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from scanner.classify.atlas import PER_MM
from scanner.classify.eyes import Floats
from scanner.classify.number_frame import FrameLimits
from scanner.classify.number_ink import CutLimits, Written
from scanner.classify.number_parts import PartLimits, Way, parts

VALUES, TEN, TICK = 100, 10, 11
MOST = 12.0  # of log odds and nats: what lies beyond tells no more
LEAST = float(np.exp(-MOST))
Chances = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class DigitBounds:
    """Above which chance a number on which both readers agree is read; as in calibration/digits.toml."""

    sure: float


@dataclass(frozen=True, slots=True)
class NumberBelief:
    """How the evidence of both readers adds up, log odds a unit; as in calibration/digits_belief.toml."""

    base: float
    a_clear: float
    b_clear: float
    two: float
    joined: float
    lead: float
    met: float

    def chance(self, a: "Guess", b: "Guess", met_mm: float) -> float:
        """Chance 0..1 that what both readers named is what the voter wrote, `met_mm` as in `Written`."""
        weights = (self.a_clear, self.b_clear, self.two, self.joined, self.lead, self.met)
        score = self.base + float(np.dot(weights, evidence(a, b, met_mm)))
        return float(1 / (1 + np.exp(-score)))


@dataclass(frozen=True, slots=True)
class NumberLimits:
    """All that decides which ink is a number and how it is parted."""

    cut: CutLimits
    frame: FrameLimits
    parts: PartLimits


class DigitEyes(Protocol):
    """The two readers of digits. The shipped ones are `digits.OnnxDigits`."""

    def both(self, glyphs: tuple[Floats, ...]) -> tuple[Floats, Floats]:
        """Chances (n, 11) of the digits 0..9 and of "no digit" by reader A and by reader B."""
        ...  # pragma: no cover


@dataclass(frozen=True, slots=True, eq=False)
class Guess:
    """What one reader makes of a number: its likeliest value, and the evidence for it."""

    value: int
    clear: float  # log odds that its digits are just these, -MOST..MOST
    chances: Chances  # (100,) of every value, its parting weighed in
    joined: bool = False  # its digits hang together


def lead(a: Guess, b: Guess) -> float:
    """Nats by which the value that both name is likelier than any other to both together, 0..2 MOST.

    If one takes a four for a possible nine and the other for a possible seven, hardly either is meant; if
    both think of a nine, it may well be one.
    """
    together = np.log(a.chances + LEAST) + np.log(b.chances + LEAST)
    return float(together[a.value] - np.delete(together, a.value).max())


def evidence(a: Guess, b: Guess, met_mm: float) -> tuple[float, float, float, float, float, float]:
    """How clear the digits are to each reader, whether there are two, whether they are joined, the lead.

    Last the share of reader B's clearness that print takes back: a digit cut short by its frame may clearly
    look like another. Of the 40 surest wrong answers by held-out writers 35 met print.
    """
    met = float(np.log1p(met_mm)) * b.clear
    return a.clear, b.clear, float(a.value >= TEN), float(a.joined or b.joined), lead(a, b), met


@dataclass(frozen=True, slots=True)
class NumberReading:
    """A number as both readers see it; `sure` is its value if it is read, None if a person must."""

    a: Guess
    b: Guess
    chance: float  # 0..1 that the value is right; 0 if the readers do not agree
    sure: int | None

    @property
    def likely(self) -> int:
        """The best guess, for a proposal: what the surer reader says."""
        return self.b.value if self.b.clear >= self.a.clear else self.a.value


@dataclass(frozen=True, slots=True)
class NumberJudge:
    """The belief in two readers who agree, and from which chance on it is enough."""

    belief: NumberBelief
    bounds: DigitBounds


def read_number(
    seen: Written, eyes: DigitEyes, judge: NumberJudge, limits: NumberLimits
) -> NumberReading | None:
    """The number written in a box; None if there is too little ink for any."""
    if seen.ink_mm2 < limits.cut.least_mm2:
        return None
    found = parts(seen.dark, limits.parts, PER_MM)
    if not found.glyphs:
        return None
    a, b = (guess(chances, found.ways) for chances in eyes.both(found.glyphs))
    chance = judge.belief.chance(a, b, seen.met_mm) if a.value == b.value else 0.0
    clear = chance > judge.bounds.sure and found.clean and seen.whole and not seen.hidden
    return NumberReading(a, b, chance, a.value if clear else None)


def guess(chances: Floats, ways: tuple[Way, ...]) -> Guess:
    """The likeliest value, given chances (n, 11) of the parts.

    How ink is parted weighs in the choice of a value, but a number whose digits touch can be as clear.
    """
    weighted, plain, joined = likelihoods(chances, ways)
    first = int(np.argmax(weighted))
    chance = float(np.clip(plain[first], LEAST, 1 - LEAST))
    return Guess(first, float(np.log(chance / (1 - chance))), weighted, bool(joined[first]))


def likelihoods(chances: Floats, ways: tuple[Way, ...]) -> tuple[Chances, Chances, npt.NDArray[np.bool_]]:
    """For each value 0..99 the chance of its digits in the way of parting that suits it best, (100,).

    First with the weights of the ways, then the same chance without them, then whether that way cuts
    through ink. Two ones that hang together are a tick.
    """
    best, plain, joined = np.zeros(VALUES), np.zeros(VALUES), np.zeros(VALUES, np.bool_)
    digits = chances[:, :TEN].astype(np.float64)
    for one in ways:
        first = 0 if len(one.parts) == 1 else TEN
        part = [digits[place] for place in one.parts]
        chance = part[0] if len(part) == 1 else np.outer(part[0][1:], part[1]).ravel()
        if one.joined:
            chance[TICK - TEN] = 0
        there = np.arange(first, first + len(chance))
        better = there[one.weight * chance > best[there]]
        best[better] = one.weight * chance[better - first]
        plain[better] = chance[better - first]
        joined[better] = one.joined
    return best, plain, joined
