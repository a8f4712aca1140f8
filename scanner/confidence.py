"""How sure one may be after n trials: the Clopper-Pearson bound."""

from math import exp, lgamma, log

CONFIDENCE = 0.95


def upper(failures: int, n: int, confidence: float = CONFIDENCE) -> float:
    """One-sided upper bound 0..1 for a rate with `failures` seen in `n` trials.

    No failure in n trials gives about 3 / n at 95 %.
    """
    if n == 0 or failures >= n:
        return 1.0
    low, high = failures / n, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_most(failures, n, middle) > 1 - confidence else (low, middle)
    return high


def _at_most(k: int, n: int, p: float) -> float:
    """Chance of at most k successes in n trials of chance p, 0 < p < 1."""
    ways = [lgamma(n + 1) - lgamma(i + 1) - lgamma(n - i + 1) for i in range(k + 1)]
    return sum(exp(way + i * log(p) + (n - i) * log(1 - p)) for i, way in enumerate(ways))
