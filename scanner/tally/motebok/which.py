"""Which ballots a number of the form stands for: down to the sheet, and so to its two images."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from scanner.ballot import Ballot, Decision
from scanner.election import Election
from scanner.tally.count import count
from scanner.tally.motebok.evaluate import Working
from scanner.tally.motebok.facts import Facts
from scanner.tally.motebok.filled import Filled, Key
from scanner.tally.motebok.formula import Expr, Number, Percent, Plus, Ref, Times, Total
from scanner.tally.motebok.model import Source


@dataclass(frozen=True, slots=True)
class Counted:
    """A ballot in a number; `times` it adds to it (a sheet with two personal votes adds two, − is less)."""

    ballot: Ballot
    times: int


def leaves(filled: Filled, key: Key) -> dict[Key, int]:
    """The MACHINE keys a number rests on, and how often each is added (negative: subtracted).

    Empty if only people wrote what it rests on: then no ballot on record stands for it.
    """
    found: dict[Key, int] = {}
    for leaf, sign in _down(Working(filled), key, 1):
        found[leaf] = found.get(leaf, 0) + sign
    return {leaf: times for leaf, times in found.items() if times}


def _down(working: Working, key: Key, sign: int) -> Iterator[tuple[Key, int]]:
    cell = working.form.cell(key.cell)
    if cell.formula is not None:
        yield from _within(working, cell.formula, key, sign)
    elif cell.source is Source.MACHINE:
        yield key, sign


def _within(working: Working, expr: Expr, key: Key, sign: int) -> Iterator[tuple[Key, int]]:
    per = working.form.cell(key.cell).per
    match expr:
        case Ref(cell):
            yield from _down(working, working.bound(cell, per, key.at), sign)
        case Total():
            for one in working.totalled(expr, per, key.at):
                yield from _down(working, one, sign)
        case Plus(terms):
            for term in terms:
                yield from _within(working, term.of, key, sign * term.sign)
        case Times(left, right) | Percent(left, right):
            yield from _within(working, left, key, sign)
            yield from _within(working, right, key, sign)
        case Number():
            return


def which_ballots(
    filled: Filled, key: Key, ballots: Iterable[Ballot], election: Election
) -> Iterator[Counted]:
    """The ballots that a number stands for, in the order they come.

    Nothing is said of them but what is on record already: box, number in the box, images. Feeding
    order is no voting order, and handwriting is not repeated here.
    """
    wanted = leaves(filled, key)
    if not wanted:
        return
    sorter = Sorter(filled, election)
    for ballot in ballots:
        said = sorter.keys(ballot)
        times = sum(said.get(leaf, 0) * sign for leaf, sign in wanted.items())
        if times:
            yield Counted(ballot, times)


class Sorter:
    """Which keys a single ballot is counted in: the tally of that one ballot, asked the same questions."""

    def __init__(self, filled: Filled, election: Election) -> None:
        self._facts = Facts(filled.form, filled.extent, election)
        self._election = election
        self._known: dict[tuple[Decision | None, str, str], dict[Key, int]] = {}

    def keys(self, ballot: Ballot) -> dict[Key, int]:
        """The MACHINE keys of this ballot; equal decisions of one place are looked at once."""
        decision = ballot.decision
        plain = None if decision is None else replace(decision, sheet="", decided_by=())
        like = (plain, ballot.box.category, ballot.box.krets)
        if like not in self._known:
            self._known[like] = self._facts.of(count([ballot], self._election))
        return self._known[like]
