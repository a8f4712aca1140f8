"""The bounds of the stamp reader, chosen on stamps, papers, scanners and writers it never learnt from.

They bound how seldom reader B doubts a good stamp; how often it agrees to one where there is none is
measured on the card. No PyTorch here, so that an auditor can choose the bounds again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from scanner.classify.eyes import Floats, Model
from scanner.classify.stamp_eyes import Sight, levelled
from scanner.training.bound import Bound, loosest
from scanner.training.stamp_scenes import KNOWN, OTHER, Scene, Story, scenes
from scanner.training.stamp_strays import Words, real_words

WRITERS = {"learn": (0, 16), "calibrate": (16, 22), "test": (22, 28)}
"""Places of the writers in the sorted folder of real words; drawn words take their place without it."""
FIRST = {"calibrate": 1_000_000, "test": 2_000_000}  # numbers of the scenes
MISSING = (Story.CLEAN, Story.DIRT, Story.INK)
STAMPED = (Story.STAMP, Story.STAMP_AND_INK)
NONE = (Sight.NOTHING, Sight.OTHER)
CASES = 6_000
RISK = 0.01
"""Of a good stamp through worn scanners, as bad as scenes come, being doubted; each bound apart."""
LEAST = 0.02  # chance of no stamp, or of a weak one, below which reader B always agrees
WHAT = "held-out stamp family, papers and writers, half through a scanner family not learnt from"


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What the reader said of some scenes with a certain truth."""

    chances: Floats  # (n, 5)
    truth: npt.NDArray[np.int64]  # (n,) Sight
    kind: npt.NDArray[np.str_]
    faint: npt.NDArray[np.bool_]  # coloured ink through a red lamp, hardly to be seen

    @property
    def none(self) -> Floats:
        """(n,) the chance that there is no stamp."""
        return np.asarray(self.chances[:, NONE].sum(axis=1), np.float32)


def answers(model: Model, drawn: Iterable[Scene], batch: int = 64) -> Answers:
    """What the model says of the scenes whose truth is certain."""
    sure = [one for one in drawn if one.truth is not None]
    parts = [_seen(model, sure[start : start + batch]) for start in range(0, len(sure), batch)]
    return Answers(
        np.concatenate(parts), np.array([one.truth for one in sure], np.int64),
        np.array([str(one.kind) for one in sure]),
        np.array([one.lamp == "red" and one.colour > 0 for one in sure]),
    )  # fmt: skip


def _seen(model: Model, some: list[Scene]) -> Floats:
    """Chances of the windows."""
    return model(levelled(np.stack([one.window for one in some])))[:, :, 0]


def cases(seed: int, part: str, stories: tuple[Story, ...], count: int, real: Path | None) -> Iterator[Scene]:
    """Held-out scenes of one part: other dies through the other scanners, then the known ones."""
    first = FIRST[part] + (0 if stories == MISSING else 500_000)
    words: Words = real_words(real, WRITERS[part]) if real else ()
    half = count * 3 // 4
    yield from scenes(seed, range(first, first + half), OTHER, words, stories)
    yield from scenes(seed, range(first + half, first + count), KNOWN, words, stories)


def bounds(model: Model, seed: int, real: Path | None) -> tuple[Bound, ...]:
    """The loosest bounds that the held-out cases justify for the stated risk."""
    stamped = answers(model, cases(seed, "calibrate", STAMPED, CASES, real))
    good = (stamped.truth == Sight.STAMP) & ~stamped.faint
    return (
        _bound("no_stamp", "good stamps said to be none", stamped.none[good]),
        _bound("weak", "good stamps said to be weak", stamped.chances[good, Sight.WEAK]),
    )


def _bound(name: str, what: str, scores: Floats) -> Bound:
    """A bound on the chances of a wrong answer."""
    value, errors = loosest(scores[scores > LEAST], len(scores), RISK, least=LEAST)
    return Bound(name, float(value), "probability", len(scores), errors, RISK, f"{what}; {WHAT}")
