"""What a set of boxes tells on a model's card: counts of what was said, and of what was wrong though sure."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scanner.classify.eyes import Metrics
from scanner.confidence import upper

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Truth:
    """What is known of boxes (n,): the voter's mark stands, or there is none; neither: nobody can say."""

    marked: Flags
    unmarked: Flags


@dataclass(frozen=True, slots=True)
class Said:
    """Of which boxes (n,) it was said that they are surely marked, surely unmarked; neither: doubt."""

    marked: Flags
    unmarked: Flags


def measured(what: str, said: Said, truth: Truth, here: Flags) -> Metrics:
    """Counts over the boxes that are `here`."""
    wrong = int((here & (said.marked & ~truth.marked | said.unmarked & ~truth.unmarked)).sum())
    n, yes, no = int(here.sum()), int((here & said.marked).sum()), int((here & said.unmarked).sum())
    return Metrics(
        what=what, n=n, marked=int((here & truth.marked).sum()), unmarked=int((here & truth.unmarked).sum()),
        said_marked=yes, said_unmarked=no, doubtful=n - yes - no,
        wrong_but_sure=wrong, upper95=round(upper(wrong, n), 7),
    )  # fmt: skip
