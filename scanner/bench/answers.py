"""What is kept of one ballot of a campaign: a line of JSON, small enough for millions of positions.

Right answers are counted; every other one is kept whole, with the right one that came nearest to doubt,
so that the worst can be looked at again.
"""

from collections import Counter
from collections.abc import Iterable

import msgspec
import numpy as np

from scanner.ballot import Category, MarkState, Reason, Verdict
from scanner.bench.agreement import Agreement, agreement
from scanner.bench.cases import Pile
from scanner.bench.positions import Position, positions
from scanner.bench.twice import Repeat
from scanner.pipeline import Outcome
from scanner.simulate.kinds import tells_where
from scanner.simulate.truth import Truth

BINS = 81  # of reader B's probability: equal steps of its log odds from -10 to 10
_REACH = 10.0


class Case(msgspec.Struct, frozen=True):
    """Which sheet: enough to make it again, with the ink folder of the campaign."""

    pile: Pile
    seed: int
    sheet: int


class Right(msgspec.Struct, frozen=True, array_like=True):
    """How many positions of one sort were answered rightly."""

    field: str
    how: str
    pen: str
    strength: str
    n: int


class Chances(msgspec.Struct, frozen=True, array_like=True):
    """How many positions with a settled truth got a probability in a bin, and how many were marked."""

    bin: int
    n: int
    marked: int


class Answer(msgspec.Struct, frozen=True, omit_defaults=True):
    """How one ballot was read. `crashed`: the process died of it, and nothing else is known."""

    case: Case
    version: str
    said: Agreement = Agreement.DOUBTFUL
    category: Category = Category.TVILSOM  # the true one
    read_as: Category = Category.TVILSOM
    reasons: tuple[Reason, ...] = ()
    needs_person: bool = False
    handwriting: bool = False
    misled: bool = False  # doubtful, but no reason sends the person to the right place
    style: str = ""
    kind: str = ""  # name of the odd kind of ballot
    stamp: str = ""
    pen: str = ""
    strength: str = ""
    right: tuple[Right, ...] = ()
    other: tuple[Position, ...] = ()  # every position not answered rightly
    nearest: Position | None = None  # the right one that came nearest to doubt
    chances: tuple[Chances, ...] = ()
    again: tuple[Repeat, ...] = ()  # the same paper scanned again
    crashed: bool = False


def answer(case: Case, truth: Truth, outcome: Outcome, again: tuple[Repeat, ...] = ()) -> Answer:
    """The answer for one ballot."""
    # odd kinds of ballots are judged whole: what befell their paper says nothing about each field
    found = () if truth.kind else tuple(positions(truth, outcome))
    right = [one for one in found if one.said is Agreement.RIGHT]
    said = of_ballot(truth, outcome.verdict)
    pen, strength = next(((one.pen, one.strength) for one in truth.marks), ("", ""))
    return Answer(
        case=case,
        version=outcome.reading.version,
        said=said,
        category=truth.category,
        read_as=outcome.verdict.category,
        reasons=outcome.verdict.reasons,
        needs_person=truth.needs_person,
        handwriting=truth.handwriting,
        misled=outcome.verdict.category is Category.TVILSOM and not tells_where(truth, outcome.verdict),
        style=truth.style,
        kind=truth.kind,
        stamp=truth.stamp.value,
        pen=pen,
        strength=strength,
        right=_counted(right),
        other=tuple(one for one in found if one.said is not Agreement.RIGHT),
        nearest=min((one for one in right if one.chance is not None), key=_certainty, default=None),
        chances=chances(found),
        again=again,
    )


def of_ballot(truth: Truth, verdict: Verdict) -> Agreement:
    """As `agreement`, with the ballots apart about which careful people would differ."""
    said = agreement(truth, verdict)
    if truth.category is not Category.TVILSOM or not truth.also:
        return said
    if said is Agreement.DOUBTFUL:
        return Agreement.LEFT_OPEN
    return Agreement.DECIDED_DISPUTED if said is Agreement.RIGHT else said


def _certainty(one: Position) -> float:
    return abs((0.5 if one.chance is None else one.chance) - 0.5)


def _counted(right: Iterable[Position]) -> tuple[Right, ...]:
    seen = Counter((one.field, one.how, one.pen, one.strength) for one in right)
    return tuple(Right(*key, n) for key, n in sorted(seen.items()))


def chances(found: Iterable[Position]) -> tuple[Chances, ...]:
    """Reader B's probabilities where the truth is settled, by bin."""
    every, marked = Counter[int](), Counter[int]()
    for one in found:
        if one.chance is not None and one.truth != MarkState.DOUBTFUL:
            place = bin_of(one.chance)
            every[place] += 1
            marked[place] += one.truth == MarkState.MARKED
    return tuple(Chances(place, n, marked[place]) for place, n in sorted(every.items()))


def bin_of(chance: float) -> int:
    """The bin 0..80 of a probability 0..1."""
    odds = np.log(max(chance, 1e-9) / max(1 - chance, 1e-9))
    return round((float(np.clip(odds, -_REACH, _REACH)) + _REACH) / (2 * _REACH) * (BINS - 1))


def middle_of(place: int) -> float:
    """The probability in the middle of a bin."""
    return float(1 / (1 + np.exp(_REACH - 2 * _REACH * place / (BINS - 1))))
