"""How the evidence of each network adds up to a chance: logistic regression on writers held back for it.

Right is the name that was written; wrong is every other, and any name at all when the one written
stands in no list or was struck out. Only what is known of the tempering writers enters here; from
which chance on a name is sure is chosen on other writers (`words_held_out`).
"""

import numpy as np
import numpy.typing as npt

from scanner.classify.handwriting import Beliefs, Match
from scanner.training.words_held_out import Case

Reals = npt.NDArray[np.float64]
NAMES = ("base", "margin", "fit", "edits", "long", "echo")
CALM = 1.0  # ridge: few writers must not make any weight large
ROUNDS = 30


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


def fitted(seen: Reals, right: Reals) -> tuple[float, ...]:
    """Weights (6,) of a logistic regression with a ridge, by Newton's method."""
    weights = np.zeros(seen.shape[1])
    calm = np.diag([1e-6, *[CALM] * (seen.shape[1] - 1)])
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp(-np.clip(seen @ weights, -30, 30)))
        bend = (seen * (chance * (1 - chance))[:, None]).T @ seen + calm
        weights += np.linalg.solve(bend, seen.T @ (right - chance) - calm @ weights)
    return tuple(round(float(one), 6) for one in weights)


def toml(by: Beliefs, cases: int, date: str) -> str:
    """The beliefs as `calibration/words_belief.toml`."""
    lines = ["# How the evidence of the two readers of names adds up to a chance."]
    for net in ("ink", "gray"):
        for name in NAMES:
            lines += ["", f"[{net}_{name}]", f"value = {getattr(by, f'{net}_{name}')}"]
            lines += ['unit = "log odds"', f'date = "{date}"']
            lines += [f'how = "logistic regression on {cases} lines of tempering writers and drawn hands"']
    return "\n".join(lines) + "\n"
