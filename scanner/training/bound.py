"""One threshold of a learned reader and why it may be trusted: chosen on cases it never learnt from.

Selective classification with guaranteed risk (Geifman & El-Yaniv 2017): the loosest threshold for which
the Clopper-Pearson bound on the rate of failures among held-out cases stays within the risk. Classes
apart (marked, unmarked, each stamp state), since the many empty boxes would hide the ticks.

A reader `x` has a module `scanner.training.x_held_out` without PyTorch, whose `bounds(model, seed, real)`
draws its held-out cases from a seed, looks at them through the shipped model and chooses the bounds:
training and `valgskanner calibrate` both call it, so that an auditor gets the same numbers.
"""

import datetime
import json
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from scanner.confidence import upper


@dataclass(frozen=True, slots=True)
class Bound:
    """A chosen threshold with its evidence."""

    name: str
    value: float
    unit: str
    n: int  # held-out cases that could have failed
    errors: int  # of them passed the bound and were wrong
    risk: float  # stated: the rate of failures is below it with 95 % confidence
    what: str  # the cases: whose hand, which scanner, which data

    @property
    def upper95(self) -> float:
        """Clopper-Pearson, one-sided 95 %, of errors / n."""
        return upper(self.errors, self.n)

    @property
    def how(self) -> str:
        """One sentence for `calibration/`."""
        return (
            f"{self.errors} of {self.n} failed ({self.what}); Clopper-Pearson 95 %: the rate is at most "
            f"{self.upper95:.2g}, the stated risk {self.risk:g}"
        )


def loosest(wrong_scores: npt.ArrayLike, n: int, risk: float, *, least: float = 0.5) -> tuple[float, int]:
    """The lowest sureness from which at most `risk` of `n` cases are wrong, and how many then are.

    `wrong_scores` are the sureness values 0..1 of the cases that would be wrong; a case is sure if its
    sureness is above the threshold. Too few cases justify nothing: the threshold is then 1.
    """
    worst = np.sort(np.asarray(wrong_scores, np.float64))[::-1]
    tried = range(min(n, int(risk * n) + 1))  # more failures than risk * n are never within the risk
    allowed = bisect_left(tried, x=True, key=lambda failures: upper(failures, n) > risk)
    if not allowed:
        return 1.0, 0
    value = max(least, float(worst[allowed - 1])) if len(worst) >= allowed else least
    return value, int((worst > value).sum())


def write_bounds(path: Path, title: str, bounds: Iterable[Bound]) -> None:
    """Write `calibration/<reader>.toml`, one table a bound, dated today."""
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    lines = [f"# {title}"]
    for one in bounds:
        lines += ["", f"[{one.name}]", f"value = {one.value:.6f}", f"unit = {json.dumps(one.unit)}"]
        lines += [f'date = "{today}"', f"how = {json.dumps(one.how, ensure_ascii=False)}"]
    path.write_text("\n".join(lines) + "\n", "utf-8")
