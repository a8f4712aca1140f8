"""What the public may see: votes per list and unit, with the share that is counted; no ballot, no small unit.

A part of the register is counted by itself only if it has at least 100 names (Election Act 2002
§ 10-4). Units with fewer ballots on record are shown together here.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from scanner.election import Election
from scanner.tally.tally import Place, Tally

LEAST = 100  # ballots of a unit that is shown by itself


@dataclass(frozen=True, slots=True)
class Choice:
    """A list or an option, with its votes."""

    code: str
    name: str
    votes: int


@dataclass(frozen=True, slots=True)
class UnitResult:
    """Votes of one unit, or of several small ones together. `blank` and `rejected` are no votes."""

    names: tuple[str, ...]
    fed: int
    decided: int
    choices: tuple[Choice, ...]
    blank: int
    rejected: int

    @property
    def approved(self) -> int:
        """Ballots for a list or an option."""
        return sum(one.votes for one in self.choices)

    @property
    def counted(self) -> float:
        """Share of the paper on record that is decided, 0..1; 0 where nothing is on record."""
        return self.decided / self.fed if self.fed else 0.0


@dataclass(frozen=True, slots=True)
class PublicResult:
    """The whole election area, and its units in the order of the package."""

    election: str
    area: str
    test: bool
    whole: UnitResult
    units: tuple[UnitResult, ...]  # none if they could not be told apart without showing a small one


def public_result(tally: Tally, election: Election, *, test: bool) -> PublicResult:
    """What of a tally is shown. Pure: the same arguments, the same result."""
    groups = _groups(_fed(tally), [one.code for one in election.kretser])
    units = tuple(_unit(tally, election, group) for group in groups) if len(groups) > 1 else ()
    every = {one.code for one in election.kretser}
    return PublicResult(election.name, election.area, test, _unit(tally, election, every), units)


def _fed(tally: Tally) -> Counter[str]:
    """Sheets on record by krets."""
    found: Counter[str] = Counter()
    for place, many in _places(tally):
        found[place.krets] += many
    return found


def _places(tally: Tally) -> Iterator[tuple[Place, int]]:
    yield from ((one.place, many) for one, many in tally.votes.items())
    yield from ((one.place, many) for one, many in tally.answers.items())
    yield from tally.blank.items()
    yield from ((one.place, many) for one, many in tally.rejected.items())
    yield from ((one.place, many) for one, many in tally.undecided.items())


def _groups(fed: Counter[str], codes: list[str]) -> list[set[str]]:
    """Units by themselves, small ones together; those together are `LEAST` again, or take in the next."""
    alone = [one for one in codes if fed[one] >= LEAST]
    small = {one for one in codes if 0 < fed[one] < LEAST}
    while small and sum(fed[one] for one in small) < LEAST and alone:
        least = min(alone, key=lambda one: fed[one])
        alone.remove(least)
        small.add(least)
    return [*({one} for one in alone), *([small] if small else [])]


def _unit(tally: Tally, election: Election, codes: set[str]) -> UnitResult:
    votes = Counter[str]()
    for one, many in tally.votes.items():
        votes[one.list] += many * (one.place.krets in codes)
    for answer, many in tally.answers.items():
        votes[answer.option] += many * (answer.place.krets in codes)
    blank = sum(many for place, many in tally.blank.items() if place.krets in codes)
    rejected = sum(many for no, many in tally.rejected.items() if no.place.krets in codes)
    return UnitResult(
        tuple(one.name for one in election.kretser if one.code in codes),
        sum(many for place, many in _places(tally) if place.krets in codes),
        votes.total() + blank + rejected,
        tuple(Choice(code, name, votes[code]) for code, name in _choices(election)),
        blank,
        rejected,
    )


def _choices(election: Election) -> list[tuple[str, str]]:
    """Codes and names of what can be voted for."""
    return [(one.code, one.party) for one in election.lists] + [
        (one.code, one.text) for one in election.options
    ]
