"""Small elections on paper for the tests of the simulator: styles and presses, made once."""

from functools import cache

from scanner.election import ElectionType
from scanner.layout.style import Style
from scanner.simulate.deck import Press
from tests.strategies import small_election


@cache
def press(kind: ElectionType = ElectionType.KOMMUNESTYRE) -> Press:
    """The printed ballots of a small election of this type."""
    return Press(small_election(kind, candidates=6))


def style(kind: ElectionType = ElectionType.KOMMUNESTYRE, name: str = "A") -> Style:
    """One of its styles."""
    return press(kind).style(name)
