"""The three diagrams of a report: is reader B calibrated, what does doubt buy, why is there doubt."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

from scanner.bench.accuracy import Accuracy, Score, Tally
from scanner.bench.answers import BINS, middle_of
from scanner.bench.chart import COLOURS, GREY, Axis, Chart, log_axis, odds_axis
from scanner.confidence import upper

_TOGETHER = 4  # bins of a dot of the reliability diagram
_Z = 1.96
_ROWS = 10  # reasons shown


def reliability(counted: Tally, path: Path) -> None:
    """Of all boxes to which reader B gave a probability: how many were marked."""
    chart = Chart(
        "Reader B: how often boxes were marked to which it gave a probability",
        odds_axis("probability that reader B gave"),
        odds_axis("share that was marked, with 95 % interval (Wilson)"),
    )
    chart.line([(0.00004, 0.00004), (0.99996, 0.99996)], GREY, 1)
    for chance, marked, n in groups(counted):
        low, high = wilson(marked, n)
        chart.line([(chance, low), (chance, high)], COLOURS[0], 2)
        chart.dot((chance, marked / n), COLOURS[0], 4 + min(8.0, n**0.2))
    chart.png(path)


def groups(counted: Tally) -> Iterator[tuple[float, int, int]]:
    """Probability, boxes marked and boxes, a few bins together."""
    for begin in range(0, BINS, _TOGETHER):
        bins = range(begin, min(begin + _TOGETHER, BINS))
        marked = sum(counted.chances[one, True] for one in bins)
        n = marked + sum(counted.chances[one, False] for one in bins)
        if n:
            total = sum(
                (counted.chances[one, True] + counted.chances[one, False]) * middle_of(one) for one in bins
            )
            yield total / n, marked, n


def wilson(k: int, n: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a rate: good enough to draw, and quick for millions."""
    p, zz = k / n, _Z * _Z / n
    middle = (p + zz / 2) / (1 + zz)
    reach = _Z * sqrt(p * (1 - p) / n + zz / (4 * n)) / (1 + zz)
    return max(0.0, middle - reach), min(1.0, middle + reach)


@dataclass(frozen=True, slots=True)
class Trade:
    """Deciding only what is at least so certain: share left in doubt, errors among the decided."""

    doubt: float
    errors: int
    decided: int


def trades(counted: Tally) -> list[Trade]:
    """Reader B alone at every bound, from the strictest."""
    every = sum(counted.chances.values())
    found, errors, decided = [], 0, 0
    middle = BINS // 2
    for reach in range(middle, 0, -1):
        for place, wrong in ((middle - reach, True), (middle + reach, False)):
            errors += counted.chances[place, wrong]
            decided += counted.chances[place, True] + counted.chances[place, False]
        if decided:
            found.append(Trade(1 - decided / every, errors, decided))
    return found


def risk(counted: Tally, boxes: Score, path: Path) -> None:
    """What share of boxes must be doubted for how few errors: reader B alone, and both readers."""
    chart = Chart(
        "Boxes: what doubt buys",
        log_axis("share left in doubt", -5, 0),
        log_axis("wrong among the decided; none is drawn at the foot", -7, -1),
    )
    found = trades(counted)
    chart.line([(one.doubt, one.errors / one.decided) for one in found], COLOURS[0])
    chart.line([(one.doubt, upper(one.errors, one.decided)) for one in found if one.errors < 2000], GREY, 2)
    chart.legend("reader B alone", COLOURS[0])
    chart.legend("its 95 % bound", GREY)
    if boxes.n:
        chart.dot((boxes.doubt, boxes.wrong_but_sure / boxes.n), COLOURS[3], 9)
        chart.legend(f"both readers: {boxes.wrong_but_sure} wrong of {boxes.n:,}", COLOURS[3])
    chart.png(path)


def doubts(seen: Accuracy, path: Path) -> None:
    """Why ballots that need no person went to one, by wear."""
    shares = reason_shares(seen.reasons, seen.without_cause_by.get("wear", {}))
    reasons = sorted(shares, key=lambda one: -max(shares[one].values()))[:_ROWS]
    most = max((max(one.values()) for one in shares.values()), default=0.01)  # an empty axis ends at 1 %
    steps = tuple(most * n / 4 for n in range(5))
    x = Axis("of ballots that need no person", 0.0, most * 1.02, steps, told=lambda v: f"{100 * v:.2g} %")
    rows = Axis("", 0.0, float(max(len(reasons), 4)), ())
    chart = Chart("Doubt without cause: reasons given, by wear of the scanner", x, rows)
    wears = sorted(seen.reasons)
    for row, reason in enumerate(reasons):
        for place, wear in enumerate(wears):
            y = rows.high - row - 0.32 - 0.62 * (place + 1) / len(wears)
            bar = shares[reason].get(wear, 0.0)
            if bar:
                chart.bar((0, y), (bar, y + 0.55 / len(wears)), COLOURS[int(wear)])
        chart.words((0, rows.high - row - 0.16), reason)
    for wear in reversed(wears):
        chart.legend(f"wear {wear}", COLOURS[int(wear)], low=True)
    chart.png(path)


def reason_shares(
    reasons: Mapping[str, Mapping[str, int]], clear: Mapping[str, Score]
) -> dict[str, dict[str, float]]:
    """By reason and wear: the share of ballots without cause for doubt that were given it."""
    shares: dict[str, dict[str, float]] = {}
    for wear, counts in reasons.items():
        for reason, count in counts.items():
            shares.setdefault(reason, {})[wear] = count / max(clear[wear].n, 1)
    return shares
