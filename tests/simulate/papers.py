"""Small elections on paper for the tests of the simulator: styles and presses, made once."""

from functools import cache

import numpy as np

from scanner.election import ElectionType
from scanner.layout.style import Style
from scanner.simulate.deck import Press
from scanner.simulate.strokes import Stroke
from tests.strategies import small_election


@cache
def press(kind: ElectionType = ElectionType.KOMMUNESTYRE) -> Press:
    """The printed ballots of a small election of this type."""
    return Press(small_election(kind, candidates=6))


def style(kind: ElectionType = ElectionType.KOMMUNESTYRE, name: str = "A") -> Style:
    """One of its styles."""
    return press(kind).style(name)


def length_mm(one: Stroke) -> float:
    """How far the pen moved."""
    return float(np.hypot(*np.diff(one.points, axis=0).T).sum())
