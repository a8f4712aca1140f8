"""Which numbers of a book are guarded: change one by one, and see whether a control says so.

Redundancy is what finds errors. A number without it (how many were allowed to vote) can only be compared
with its source, so the list of those is printed for the people who check.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from scanner.tally.form import Outcome
from scanner.tally.motebok.evaluate import Evaluated, evaluate
from scanner.tally.motebok.filled import Filled, Key

Broken = frozenset[tuple[str, tuple[str, ...], int]]


@dataclass(frozen=True, slots=True)
class Guarded:
    """A number, and the ids of the controls that fire when it is one more; none: it has no redundancy."""

    key: Key
    controls: tuple[str, ...]


def guards(filled: Filled) -> Iterator[Guarded]:
    """Every number written in a book, in printed order, one more than it is."""
    before = broken(evaluate(filled))
    for key, value in filled.values.items():
        if isinstance(value, int):
            fired = broken(evaluate(filled.with_values({key: value + 1}))) - before
            yield Guarded(key, tuple(dict.fromkeys(sorted(one for one, _, _ in fired))))


def broken(evaluated: Evaluated) -> Broken:
    """The controls that do not hold: id, place, and by how much."""
    off = (one for one in evaluated.checked if one.outcome is not Outcome.HOLDS)
    return frozenset((one.control.id, one.at, one.difference) for one in off)


def inputs_only(filled: Filled) -> Filled:
    """The book without the sums people wrote: only what cannot be worked out."""
    worked = evaluate(filled)
    form = filled.form
    kept = {
        key: value
        for key, value in filled.values.items()
        if form.cell(key.cell).formula is None or key in worked.taken
    }
    return Filled(form, filled.area, filled.extent, kept, filled.facts, filled.counted, filled.explanations)
