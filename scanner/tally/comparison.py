"""Two readings of the same ballots, side by side: other eyes over the same images, or the same box fed twice.

The operators' own criterion is "identiske": the same number of ballots in every pile, and every
ballot in the same one.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scanner.ballot import Amendment, Verdict


@dataclass(frozen=True, slots=True)
class Answer:
    """What one reading made of one ballot; two readings are identical if these are equal."""

    category: str
    list: str | None
    amendments: frozenset[Amendment]

    @property
    def pile(self) -> tuple[str, str]:
        """List and category: where the paper would be laid."""
        return self.list or "–", self.category


@dataclass(frozen=True, slots=True)
class BallotDifference:
    """A ballot that the two readings take differently; None: one of them has no such ballot."""

    sheet: str
    first: Answer | None
    second: Answer | None


@dataclass(frozen=True, slots=True)
class PileDifference:
    """Ballots of a list and category in the first and in the second reading."""

    list: str
    category: str
    first: int
    second: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two readings."""

    ballots: int  # that both have
    identical: int
    differences: tuple[BallotDifference, ...]
    piles: tuple[PileDifference, ...]  # only those whose numbers differ

    @property
    def identiske(self) -> bool:
        """True if nothing differs."""
        return not self.differences and not self.piles


def answer(verdict: Verdict) -> Answer:
    """What counts of a verdict: not its reasons, not how sure it is."""
    return Answer(verdict.category.value, verdict.list, frozenset(verdict.amendments))


def compare(ours: Mapping[str, Answer], theirs: Mapping[str, Answer]) -> Comparison:
    """Two readings of the same sheets, by what the sheets are called in both."""
    pairs = ((sheet, ours.get(sheet), theirs.get(sheet)) for sheet in dict.fromkeys((*ours, *theirs)))
    differences = tuple(BallotDifference(*one) for one in pairs if one[1] != one[2])
    both = len(ours.keys() & theirs.keys())
    split = sum(one.first is not None and one.second is not None for one in differences)
    return Comparison(both, both - split, differences, _piles(ours.values(), theirs.values()))


def _piles(ours: Iterable[Answer], theirs: Iterable[Answer]) -> tuple[PileDifference, ...]:
    first, second = (Counter(one.pile for one in some) for some in (ours, theirs))
    return tuple(
        PileDifference(*pile, first[pile], second[pile])
        for pile in sorted(first.keys() | second.keys())
        if first[pile] != second[pile]
    )
