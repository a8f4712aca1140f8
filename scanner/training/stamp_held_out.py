"""The bounds of the stamp reader, chosen on stamps, papers, scanners and writers it never learnt from.

States apart (Mondrian): how seldom no stamp, a weak one and one beside its field may be called
present, and a good one absent. No PyTorch here, so that an auditor can choose the bounds again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from scanner.classify.eyes import Floats, Model
from scanner.classify.stamp_eyes import BESIDE, ELSEWHERE, Sight, levelled
from scanner.training.bound import Bound, loosest
from scanner.training.stamp_scenes import KNOWN, OTHER, Scene, Story, scenes
from scanner.training.stamp_strays import Words, real_words

WRITERS = {"learn": (0, 16), "calibrate": (16, 22), "test": (22, 28)}
"""Places of the writers in the sorted folder of real words; drawn words take their place without it."""
FIRST = {"calibrate": 1_000_000, "test": 2_000_000}  # numbers of the scenes
MISSING = (Story.CLEAN, Story.DIRT, Story.INK)
STAMPED = (Story.STAMP, Story.STAMP_AND_INK)
NONE = (Sight.NOTHING, Sight.OTHER)
CASES = {"missing": 6_200, "stamped": 2_500}
RISKS = {"missing": 2e-3, "weak": 0.02, "outside": 0.02, "absent": 0.03, "elsewhere": 0.005, "beside": 0.004}
"""Reader B alone; reader A must agree. Two in three of the missing carry other ink in or about the field."""
LEAST = 0.7  # chance from which a cell is called anything at all
WHAT = "held-out stamp family, papers and writers, half through a scanner family not learnt from"


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What the reader said of some scenes with a certain truth."""

    chances: Floats  # (n, 5)
    truth: npt.NDArray[np.int64]  # (n,) Sight
    kind: npt.NDArray[np.str_]
    faint: npt.NDArray[np.bool_]  # coloured ink through a red lamp, hardly to be seen
    alone: npt.NDArray[np.bool_]  # no ink but the stamp's
    stamped_cells: Floats  # (n,) chance of a stamp in the cell at place ELSEWHERE of those without one
    other_cells: Floats  # (n,) chance of other ink in the cell at place BESIDE


def answers(model: Model, drawn: Iterable[Scene], batch: int = 64) -> Answers:
    """What the model says of the scenes whose truth is certain."""
    sure = [one for one in drawn if one.truth is not None]
    parts = [_seen(model, sure[start : start + batch]) for start in range(0, len(sure), batch)]
    chances, stamped, other = (np.concatenate(one) for one in zip(*parts, strict=True))
    return Answers(
        chances, np.array([one.truth for one in sure], np.int64), np.array([str(one.kind) for one in sure]),
        np.array([one.lamp == "red" and one.colour > 0 for one in sure]),
        np.array([one.story is not Story.STAMP_AND_INK for one in sure]), stamped, other,
    )  # fmt: skip


def _seen(model: Model, some: list[Scene]) -> tuple[Floats, Floats, Floats]:
    """Chances of the windows, and of the cells that count."""
    out = model(levelled(np.stack([one.window for one in some])))
    truth = np.stack([one.cells for one in some]).reshape(len(some), -1)
    stamped = np.where(np.isin(truth, NONE), out[:, [Sight.STAMP, Sight.WEAK], 1:].sum(axis=1), 0)
    other = out[:, Sight.OTHER, 1:]
    return out[:, :, 0], np.sort(stamped)[:, -ELSEWHERE], np.sort(other)[:, -BESIDE]


def cases(seed: int, part: str, stories: tuple[Story, ...], count: int, real: Path | None) -> Iterator[Scene]:
    """Held-out scenes of one part: other dies through the other scanners, then the known ones."""
    first = FIRST[part] + (0 if stories == MISSING else 500_000)
    words: Words = real_words(real, WRITERS[part]) if real else ()
    half = count * 3 // 4
    yield from scenes(seed, range(first, first + half), OTHER, words, stories)
    yield from scenes(seed, range(first + half, first + count), KNOWN, words, stories)


def bounds(model: Model, seed: int, real: Path | None) -> tuple[Bound, ...]:
    """The loosest bounds that the held-out cases justify for the stated risks."""
    missing = answers(model, cases(seed, "calibrate", MISSING, CASES["missing"], real))
    stamped = answers(model, cases(seed, "calibrate", STAMPED, CASES["stamped"], real))
    present = [
        _bound(f"present_not_{name}", "called present", of.chances[here, Sight.STAMP], name)
        for name, of, here in (
            ("missing", missing, np.isin(missing.truth, NONE)),
            ("weak", stamped, stamped.truth == Sight.WEAK),
            ("outside", stamped, stamped.truth == Sight.OUTSIDE),
        )
    ]
    good = np.isin(stamped.truth, (Sight.STAMP, Sight.OUTSIDE))
    alone = stamped.other_cells[stamped.alone & (stamped.truth == Sight.STAMP)]
    return (
        *present,
        _bound("absent", "good stamps called absent", stamped.chances[good][:, NONE].sum(axis=1), "absent"),
        _bound(
            "elsewhere",
            "pages without a stamp on which cells are called one",
            missing.stamped_cells,
            "elsewhere",
        ),
        _bound("beside", "good stamps alone, said to have other ink beside", alone, "beside"),
    )


def _bound(name: str, what: str, scores: Floats, risk: str) -> Bound:
    """A bound on the chances of a wrong answer."""
    least = LEAST if name in {"elsewhere", "beside"} else 0.5
    value, errors = loosest(scores[scores > least], len(scores), RISKS[risk], least=least)
    return Bound(name, float(value), "probability", len(scores), errors, RISKS[risk], f"{what}; {WHAT}")
