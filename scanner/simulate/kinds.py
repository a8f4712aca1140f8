"""Every kind of ballot a count meets, by name: one list for the tests and for the bench.

    for kind in kinds_of(ElectionType.KOMMUNESTYRE):
        sheet = kind.sheet(Deck(Press(election), seed=1, level=1), index=1)

`sheet.truth` holds the right answer (`category`, `list`, `amendments`), `also` other answers that are
right, `needs_person`, and `reasons`, of which a doubtful verdict must give at least one.
"""

from functools import cache

from scanner.ballot import Category, Verdict
from scanner.election import ElectionType
from scanner.simulate.kinds_choices import CHOICES
from scanner.simulate.kinds_papers import PAPERS
from scanner.simulate.kinds_scans import SCANS
from scanner.simulate.kinds_votes import VOTES
from scanner.simulate.kinds_words import WORDS
from scanner.simulate.recipe import Kind
from scanner.simulate.truth import Truth


@cache
def kinds() -> tuple[Kind, ...]:
    """All kinds, in the order of the bench's table; every name is different."""
    return *VOTES, *WORDS, *CHOICES, *PAPERS, *SCANS


def kinds_of(election: ElectionType) -> tuple[Kind, ...]:
    """The kinds that occur in elections of this type."""
    return tuple(one for one in kinds() if election in one.types)


def kind(name: str) -> Kind:
    """The kind with this name; KeyError if there is none."""
    return {one.name: one for one in kinds()}[name]


def tells_where(truth: Truth, verdict: Verdict) -> bool:
    """True if a doubtful verdict gives a reason that sends the person to the right place."""
    if verdict.category is not Category.TVILSOM:
        return False
    return not truth.reasons or bool(set(truth.reasons) & set(verdict.reasons))
