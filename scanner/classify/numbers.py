"""Reads the new number that a voter wrote at a name: both readers of digits, every way to part the ink.

Each reader gives the chance of every value 0..99 from its own chances of digits; a number is read only if
both name the same value and both are surer than their bounds. No value is preferred because the list has so
many names: a 47 on a list of 19 is a 47, and what it means is the law's. A nought before a digit is no
number. Pure; the bounds come from `calibration/digits.toml`.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from scanner.classify.atlas import PER_MM
from scanner.classify.eyes import Floats
from scanner.classify.number_ink import NumberLimits, Written
from scanner.classify.number_parts import Way, parts

VALUES = 100
HIDE_TOP, HIDE_FOOT = {"1", "4", "6"}, {"7", "9"}
"""What a digit looks like that has lost a stroke under the frame above, below."""
Chances = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class DigitBounds:
    """How sure each reader must be of a number, 0..1; members as in calibration/digits.toml."""

    a_sure: float
    b_sure: float


class DigitEyes(Protocol):
    """The two readers of digits. The shipped ones are `digits.OnnxDigits`."""

    def both(self, glyphs: tuple[Floats, ...]) -> tuple[Floats, Floats]:
        """Chances (n, 11) of the digits 0..9 and of "no digit" by reader A and by reader B."""
        ...  # pragma: no cover


@dataclass(frozen=True, slots=True)
class Guess:
    """What one reader makes of a number: its likeliest value, and how sure it is of it, 0..1."""

    value: int
    sureness: float


@dataclass(frozen=True, slots=True)
class NumberReading:
    """A number as both readers see it; `sure` is its value if it is read, None if a person must."""

    a: Guess
    b: Guess
    sure: int | None

    @property
    def likely(self) -> int:
        """The best guess, for a proposal: what the surer reader says."""
        return self.b.value if self.b.sureness >= self.a.sureness else self.a.value


def read_number(
    seen: Written, eyes: DigitEyes, bounds: DigitBounds, limits: NumberLimits
) -> NumberReading | None:
    """The number written in a box; None if there is too little ink for any."""
    if seen.ink_mm2 < limits.least_mm2:
        return None
    found = parts(seen.dark, limits, PER_MM)
    if not found.glyphs:
        return None
    a, b = (guess(chances, found.ways) for chances in eyes.both(found.glyphs))
    clear = a.value == b.value and a.sureness > bounds.a_sure and b.sureness > bounds.b_sure
    return NumberReading(a, b, a.value if clear and found.clean and plain(seen, a.value) else None)


def plain(seen: Written, value: int) -> bool:
    """False if not all of the ink may be there, or what the frame may hide would make it another number.

    A seven without its bar is a one, a nine without its top a four; a two without its foot a seven.
    """
    digits = set(str(value))
    hidden = (seen.top and digits & HIDE_TOP) or (seen.foot and digits & HIDE_FOOT) or seen.side
    return seen.whole and not hidden


def guess(chances: Floats, ways: tuple[Way, ...]) -> Guess:
    """The likeliest value, given chances (n, 11) of the parts; sure if it is likely and no other value is.

    How ink is parted weighs in the choice of a value, but a number whose digits touch can be as sure.
    """
    values, plain = likelihoods(chances, ways)
    second, first = np.argsort(values)[-2:]
    return Guess(int(first), float(plain[first] * (1 - values[second])))


def likelihoods(chances: Floats, ways: tuple[Way, ...]) -> tuple[Chances, Chances]:
    """For each value 0..99 the chance of its digits in the way of parting that suits it best, (100,).

    First with the weights of the ways, then the same chance without them.
    """
    best, plain = np.zeros(VALUES), np.zeros(VALUES)
    digits = chances[:, :10].astype(np.float64)
    for one in ways:
        first = 0 if len(one.parts) == 1 else 10
        part = [digits[place] for place in one.parts]
        chance = part[0] if len(part) == 1 else np.outer(part[0][1:], part[1]).ravel()
        there = np.arange(first, first + len(chance))
        better = there[one.weight * chance > best[there]]
        best[better] = one.weight * chance[better - first]
        plain[better] = chance[better - first]
    return best, plain
