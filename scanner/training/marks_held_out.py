"""The boxes reader B is judged by: drawn by voters and scanned by a family of scanners it never met.

Each bound is the loosest for which the failures of every class of boxes stay within that class's risk:
a plain mark must not be called empty, an empty box not marked, and a mark taken back or in dispute
hardly ever either. Norwegian boxes and the targets of other countries have bounds of their own, since a
blackened square may be a mark taken back, a filled oval is a vote.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import numpy as np
import numpy.typing as npt

from scanner.classify.box_eyes import Bounds, Sight, chance, levelled
from scanner.classify.eyes import Floats, Model
from scanner.pixels import Gray
from scanner.training.bound import Bound, loosest
from scanner.training.real import real_words
from scanner.training.scenes import Case, Sample, drawn, hard
from scanner.training.wear import familiar, unfamiliar

VOTERS = {"temper": range(32_000, 34_000), "calibrate": range(20_000, 26_000), "test": range(26_000, 32_000)}
"""Disjoint people; those that the model learns from have the numbers below 20,000."""
WRITERS = {"temper": range(19, 20), "calibrate": range(20, 24), "test": range(24, 29)}
"""Of real words, when there is a folder of them."""
MOST_WORDS = 200
BOXES = 12_000
BATCH = 512

UNCLEAN = (Case.STREAK, Case.DARK_FOLD, Case.CUT, Case.NO_BOX)
"""Not clean but without a mark: to call them unmarked is no error, to call them marked is."""


@dataclass(frozen=True, slots=True)
class Risks:
    """With 95 % confidence fewer than this share of a class passes; reader A must agree besides."""

    marked: float  # called unmarked
    unmarked: float  # called marked
    undone: float  # called either
    disputed: float
    least: float  # no bound may be looser: sureness 0..1 that is asked in any case


RISKS = {True: Risks(3e-3, 2e-3, 0.03, 0.1, 0.9), False: Risks(0.01, 0.01, 0.1, 0.25, 0.8)}
"""Of foreign paper reader B knows only made-up kinds: there it only contradicts reader A."""
PREFIX = {True: "", False: "foreign_"}
KIND = {True: "boxes of Norwegian ballots", False: "targets of made-up foreign ballots"}


@dataclass(frozen=True, slots=True)
class Class:
    """Boxes that a bound must not let through."""

    what: str
    risk: float  # with 95 % confidence fewer than this share pass
    here: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Truths:
    """What is known of boxes, each (n,)."""

    norwegian: npt.NDArray[np.bool_]
    marked: npt.NDArray[np.bool_]
    unmarked: npt.NDArray[np.bool_]
    undone: npt.NDArray[np.bool_]  # taken back: struck out, blackened, erased
    disputed: npt.NDArray[np.bool_]  # dots, hooks, faint marks, marks around and beside the box


def held_out(seed: int, part: str, n: int, real: Path | None) -> list[Sample]:
    """`n` boxes by held-out voters, half through each family of scanners."""
    words = real_words(real, WRITERS[part], MOST_WORDS)
    half = [drawn(seed, VOTERS[part], wear, n // 2, words=words) for wear in (familiar, unfamiliar)]
    return [one for samples in half for one in samples]


def truths(samples: list[Sample]) -> Truths:
    """The truth of each box; one that nobody can say anything of is in no class."""
    sight = hard(np.stack([one.answer for one in samples]))
    cases = np.asarray([one.case for one in samples])
    disputed = (sight < 0) & ~np.isin(cases, [Case.STRUCK, Case.BLACKENED])
    return Truths(
        norwegian=np.asarray([one.norwegian for one in samples]),
        marked=sight == Sight.MARK,
        unmarked=(sight == Sight.NOTHING) | np.isin(cases, UNCLEAN),
        undone=sight == Sight.CORRECTED,
        disputed=disputed,
    )


def chances(model: Model, crops: Gray) -> Floats:
    """The model's probability (n,) of a mark for crops uint8 (n, 40, 40)."""
    parts = [chance(model(levelled(crops[i : i + BATCH]))) for i in range(0, len(crops), BATCH)]
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def bounds(model: Model, seed: int, real: Path | None) -> tuple[Bound, ...]:
    """`lo` and `hi` for Norwegian boxes, `foreign_lo` and `foreign_hi` for any others."""
    samples = held_out(seed, "calibrate", BOXES, real)
    return justified(chances(model, np.stack([one.crop for one in samples])), truths(samples))


def justified(seen: Floats, truth: Truths) -> tuple[Bound, ...]:
    """The bounds that held-out boxes with these probabilities (n,) justify."""
    return tuple(one for kind in (True, False) for one in _bounds_of(seen, truth, norwegian=kind))


def within(chosen: tuple[Bound, ...], *, norwegian: bool) -> Bounds:
    """The pair of bounds for one kind of boxes."""
    value = {one.name: one.value for one in chosen}
    return Bounds(lo=value[PREFIX[norwegian] + "lo"], hi=value[PREFIX[norwegian] + "hi"])


def _bounds_of(seen: Floats, truth: Truths, *, norwegian: bool) -> Iterator[Bound]:
    """Both bounds of one kind of boxes."""
    here, boxes, risks = truth.norwegian == norwegian, KIND[norwegian], RISKS[norwegian]
    undone = Class("taken back", risks.undone, here & truth.undone)
    disputed = Class("in dispute", risks.disputed, here & truth.disputed)
    marked = Class("marked", risks.marked, here & truth.marked)
    unmarked = Class("unmarked", risks.unmarked, here & truth.unmarked)
    low = _bound(1 - seen, (marked, undone, disputed), boxes, risks.least)
    high = _bound(seen, (unmarked, undone, disputed), boxes, risks.least)
    yield Bound(PREFIX[norwegian] + "lo", 1 - low.value, *_rest(low))
    yield Bound(PREFIX[norwegian] + "hi", high.value, *_rest(high))


def _rest(one: Bound) -> tuple[str, int, int, float, str]:
    return one.unit, one.n, one.errors, one.risk, one.what


def _bound(sureness: Floats, classes: tuple[Class, ...], boxes: str, least: float) -> Bound:
    """The strictest of the thresholds that the classes ask for, with what passes it of each."""
    asked = [
        (loosest(sureness[one.here], int(one.here.sum()), one.risk, least=least)[0], one) for one in classes
    ]
    value, strictest = max(asked, key=lambda pair: pair[0])
    value = min(ceil(value * 1e6 + 1) / 1e6, 1.0)  # as it is written, and just above the last that failed
    passed = {one.what: int((sureness[one.here] >= value).sum()) for one in classes}
    others = "; ".join(
        f"{passed[one.what]} of {int(one.here.sum())} {one.what}" for one in classes if one is not strictest
    )
    what = f"{boxes}, {strictest.what}; beside them passed {others}; held-out voters, half of them"
    n, errors = int(strictest.here.sum()), passed[strictest.what]
    return Bound(
        "", value, "probability", n, errors, strictest.risk,
        f"{what} through a family of scanners not learnt from; reader A must agree",
    )  # fmt: skip
