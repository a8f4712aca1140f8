"""The manual count beside the machine's, list by list and place by place, and what looks systematic.

Two counts differ by single ballots everywhere. A bundle laid on the wrong list shows as one list far
down and another as far up (Bergen 2019: one list −436, another +524); such pairs are pointed out.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from math import sqrt

from scanner.config import calibration
from scanner.tally.motebok.evaluate import Evaluated
from scanner.tally.motebok.filled import Key
from scanner.tally.motebok.model import Dimension, Pair


@dataclass(frozen=True, slots=True)
class Limits:
    """Each number's unit and origin stand in `calibration/reconcile.toml`."""

    least_ballots: int
    least_roots: float
    least_share: float


@dataclass(frozen=True, slots=True)
class Line:
    """One list in two counts, ballots."""

    list: str
    first: int
    final: int

    @property
    def difference(self) -> int:
        """Final − first: negative if the first count had more."""
        return self.final - self.first


@dataclass(frozen=True, slots=True)
class Swap:
    """About `ballots` ballots that look as if they were first booked on `loser` and belong to `gainer`."""

    loser: str
    gainer: str
    ballots: int


@dataclass(frozen=True, slots=True)
class Compared:
    """Two counts of one place (krets …; empty: the whole area), list by list in printed order."""

    pair: Pair
    at: tuple[str, ...]
    lines: tuple[Line, ...]
    swaps: tuple[Swap, ...]

    @property
    def difference(self) -> int:
        """Ballots more in the final count than in the first."""
        return sum(one.difference for one in self.lines)


@cache
def limits() -> Limits:
    """The measured limits."""
    return calibration("reconcile", Limits)


def reconcile(evaluated: Evaluated) -> tuple[Compared, ...]:
    """Every pair of counts of the form at every place where anything of both is known."""
    form, extent = evaluated.filled.form, evaluated.filled.extent
    found = []
    for pair in form.pairs:
        per = tuple(one for one in form.cell(pair.first).per if one is not Dimension.LIST)
        for at in extent.places(per):
            lines = tuple(_lines(evaluated, pair, dict(zip(per, at, strict=True))))
            if lines:
                found.append(Compared(pair, at, lines, swaps(lines)))
    return tuple(found)


def _lines(evaluated: Evaluated, pair: Pair, here: dict[Dimension, str]) -> Iterator[Line]:
    form = evaluated.filled.form
    for code in evaluated.filled.extent.codes(Dimension.LIST):
        where = {**here, Dimension.LIST: code}
        values = [
            evaluated.values[Key(one, tuple(where[dim] for dim in form.cell(one).per))]
            for one in (pair.first, pair.final)
        ]
        first, final = values
        if isinstance(first, int) and isinstance(final, int):
            yield Line(code, first, final)


def swaps(lines: Iterable[Line]) -> tuple[Swap, ...]:
    """Pairs of lists that look like one bundle; each list in one pair at most, best fit first."""
    odd = [one for one in lines if _odd(one)]
    fits = sorted(
        ((_fit(down, up), down, up) for down in odd for up in odd if down.difference < 0 < up.difference),
        key=lambda one: -one[0],
    )
    taken: set[str] = set()
    found = []
    for fit, down, up in fits:
        if fit >= limits().least_share and not {down.list, up.list} & taken:
            taken |= {down.list, up.list}
            found.append(Swap(down.list, up.list, min(-down.difference, up.difference)))
    return tuple(found)


def _odd(line: Line) -> bool:
    """True if the difference is more than single miscounts of a list of this size."""
    size = abs(line.difference)
    usual = limits().least_roots * sqrt(max(line.first, line.final, 1))
    return size >= limits().least_ballots and size > usual


def _fit(down: Line, up: Line) -> float:
    small, large = sorted((-down.difference, up.difference))
    return small / large
