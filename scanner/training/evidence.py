"""How sure one may be after n trials: Clopper-Pearson bounds, and the thresholds they justify.

`recognition.md` § 2.8: choose bounds on boxes of voters that were not learnt from, marked and
unmarked apart, since the many empty boxes would hide the ticks.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scanner.classify.box_eyes import Bounds
from scanner.classify.eyes import Metrics
from scanner.confidence import upper


@dataclass(frozen=True, slots=True)
class Truth:
    """What is known of boxes (n,): the voter's mark stands, or there is none; neither: nobody can say."""

    marked: npt.NDArray[np.bool_]
    unmarked: npt.NDArray[np.bool_]

    def of(self, chosen: npt.NDArray[np.bool_]) -> "Truth":
        """The truth of some of the boxes."""
        return Truth(self.marked[chosen], self.unmarked[chosen])


@dataclass(frozen=True, slots=True)
class Risk:
    """How often each bound may fail (95 % bound on the rate), and how near to 0 and 1 both must stay."""

    rate: float
    edge: float  # beyond it corrected and unclean boxes, which count half, could pass as sure


def bounds(marked: npt.NDArray[np.float32], unmarked: npt.NDArray[np.float32], risk: Risk) -> Bounds:
    """The widest bounds whose failures on held-out probabilities stay within the risk.

    `lo` fails on marked boxes at or below it, `hi` on unmarked boxes at or above it. Too few boxes
    justify nothing: the bounds are then 0 and 1.
    """
    return Bounds(lo=_reach(marked, risk), hi=1 - _reach(1 - unmarked, risk))


@dataclass(frozen=True, slots=True)
class Beyond:
    """Of how many held-out boxes how many lay beyond the bound that they should not pass."""

    missed: int  # marked boxes at or below lo
    marked: int
    invented: int  # unmarked boxes at or above hi
    unmarked: int


def beyond(marked: npt.NDArray[np.float32], unmarked: npt.NDArray[np.float32], within: Bounds) -> Beyond:
    """What the bounds let through of held-out probabilities."""
    missed, invented = int((marked <= within.lo).sum()), int((unmarked >= within.hi).sum())
    return Beyond(missed, len(marked), invented, len(unmarked))


def _reach(chances: npt.NDArray[np.float32], risk: Risk) -> float:
    """How high a lower bound may lie: below the first chance that would be one failure too many."""
    n, allowed = len(chances), 0
    while allowed < n and upper(allowed, n) <= risk.rate:
        allowed += 1
    return min(0.95 * float(np.sort(chances)[allowed - 1]), risk.edge) if allowed else 0.0


def measured(what: str, chances: npt.NDArray[np.float32], truth: Truth, within: Bounds) -> Metrics:
    """Counts over boxes: what was said of them, and what was wrong though sure."""
    yes, no = chances >= within.hi, chances <= within.lo
    wrong, n = int((yes & ~truth.marked).sum() + (no & ~truth.unmarked).sum()), len(chances)
    return Metrics(
        what=what, n=n, marked=int(truth.marked.sum()), unmarked=int(truth.unmarked.sum()),
        said_marked=int(yes.sum()), said_unmarked=int(no.sum()), doubtful=int((~yes & ~no).sum()),
        wrong_but_sure=wrong, upper95=round(upper(wrong, n), 7),
    )  # fmt: skip
