"""How the evidence of each network adds up to a chance: logistic regression on writers held back for it.

Right is the name that was written; wrong is every other, and any name at all when the one written
stands in no list or was struck out. Only what is known of the tempering writers enters here; from
which chance on a name is sure is chosen on other writers (`words_held_out`).
"""

import numpy as np

from scanner.classify.handwriting import Beliefs, Match
from scanner.training.logistic import Reals, fitted
from scanner.training.words_held_out import Case


def tempered(cases: list[Case]) -> Beliefs:
    """The beliefs of both networks that explain best which of these answers were right."""
    ink, gray = (fitted(*_evidence(cases, place)) for place in (0, 1))
    return Beliefs(*ink, *gray)


def _evidence(cases: list[Case], place: int) -> tuple[Reals, Reals]:
    """Evidence (n, 6) of one network's answers, and whether they were right (n,)."""
    rows: list[tuple[Match, bool]] = []
    for one in cases:
        rows += [(one.inside[place], one.inside[place].whom == one.text)] if one.inside else []
        rows += [(one.outside[place], False)] if one.outside else []
    seen = np.asarray([(1.0, *match.evidence) for match, _ in rows], np.float64)
    return seen, np.asarray([right for _, right in rows], np.float64)
