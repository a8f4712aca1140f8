"""Numbers by writers never learnt from, through two families of scanners: the bounds of both readers.

MNIST's writers are split by their ids; of optdigits and pendigits, which name no writers, contiguous blocks
are kept apart (`digits_ink`). Scribbles in boxes are cases too: whatever is read there is wrong. Needs no
PyTorch, so that an auditor can choose the bounds again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scanner.classify.atlas import PER_MM
from scanner.classify.digits import A, OnnxDigits
from scanner.classify.eyes import Metrics, Model, shipped_model
from scanner.classify.number_parts import parts
from scanner.classify.numbers import DigitBounds, Guess, guess, plain
from scanner.confidence import upper
from scanner.training.bound import Bound, loosest
from scanner.training.digits_boxes import ACROSS, DOWN, FACES, Seen, limits, scanned_sheet
from scanner.training.digits_ink import Part, collected
from scanner.training.digits_people import written_number
from scanner.training.wear import familiar, unfamiliar

SHEETS = {Part.CALIBRATE: 36, Part.TEST: 24}
RISK = 6e-4
"""That a written box is read wrongly by both readers alike, each surer than the bound."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One written box: what it says (None: no number), whose ink, what each reader makes of it.

    `usable` is False where the cutter itself already sends it to a person.
    """

    truth: int | None
    kind: str
    a: Guess
    b: Guess
    usable: bool

    @property
    def agreed(self) -> bool:
        """True if both readers name the same value and nothing else speaks against it."""
        return self.usable and self.a.value == self.b.value

    def wrong(self, value: int) -> bool:
        """True if this is not what was written."""
        return self.truth != value

    def sure(self, within: DigitBounds) -> bool:
        """True if the number counts as read."""
        return self.agreed and self.a.sureness > within.a_sure and self.b.sureness > within.b_sure


def bounds(model: Model, seed: int, real: Path | None, other: Model | None = None) -> tuple[Bound, ...]:
    """The bounds of reader A (`other`, the shipped one by default) and reader B (`model`)."""
    return chosen(answered(model, other or shipped_model(A), Part.CALIBRATE, seed, real))


def chosen(cases: tuple[Answered, ...]) -> tuple[Bound, Bound]:
    """One bound for both readers: the loosest with which failures among these cases stay within the risk.

    A case fails if both name the same wrong number and are surer than the bound.
    """
    wrong = [min(one.a.sureness, one.b.sureness) for one in cases if one.agreed and one.wrong(one.a.value)]
    value, errors = loosest(wrong, len(cases), RISK)
    what = "held-out numbers and scribbles that both readers read alike, wrongly and surer than this"
    a, b = (
        Bound(name, _up(value), "sureness", len(cases), errors, RISK, what) for name in ("a_sure", "b_sure")
    )
    return a, b


def _up(value: float) -> float:
    """Rounded up to what the file holds, so that no case slips over by rounding."""
    return float(np.ceil(value * 1e6) / 1e6)


def answered(model: Model, other: Model, part: Part, seed: int, real: Path | None) -> tuple[Answered, ...]:
    """All boxes of a part as both readers see them, the same for the same seed."""
    eyes = OnnxDigits.of(other, model)
    return tuple(one for seen in seen_boxes(part, seed, real) if (one := _answered(seen, eyes)) is not None)


def seen_boxes(part: Part, seed: int, real: Path | None) -> Iterator[Seen]:
    """Written boxes of a part as cut from their scans, half by either family of scanners."""
    collections = collected(real, part)
    for sheet in range(SHEETS[part]):
        random = np.random.default_rng([seed, 99, list(Part).index(part), sheet])
        numbers = [written_number(collections, random) for _ in range(ACROSS * DOWN)]
        wear = unfamiliar if sheet % 2 else familiar
        yield from scanned_sheet(sheet % FACES, list(numbers), wear, random)


def _answered(seen: Seen, eyes: OnnxDigits) -> Answered | None:
    if seen.number is None or seen.written.ink_mm2 < limits().least_mm2:
        return None
    found = parts(seen.written.dark, limits(), PER_MM)
    if not found.glyphs:
        return None
    a, b = (guess(chances, found.ways) for chances in eyes.both(found.glyphs))
    usable = found.clean and plain(seen.written, a.value)
    return Answered(seen.number.value, seen.number.kind, a, b, usable)


def measured(cases: tuple[Answered, ...], within: DigitBounds) -> dict[str, Metrics]:
    """What became of these boxes: numbers all together and by origin, and scribbles."""
    numbers = [one for one in cases if one.truth is not None]
    sets = {"all": numbers, "scribbles": [one for one in cases if one.truth is None]}
    for kind in sorted({one.kind for one in numbers}):
        sets[kind] = [one for one in numbers if one.kind == kind]
    sets["one_digit"] = [one for one in numbers if (one.truth or 0) < 10]
    sets["two_digits"] = [one for one in numbers if (one.truth or 0) >= 10]
    return {
        name: _metrics(f"held-out test writers: {name}", some, within) for name, some in sets.items() if some
    }


def _metrics(what: str, cases: list[Answered], within: DigitBounds) -> Metrics:
    sure = [one for one in cases if one.sure(within)]
    wrong = sum(one.wrong(one.a.value) for one in sure)
    right = sum(not one.wrong(one.b.value) for one in cases)
    return Metrics(
        what=what, n=len(cases), right=right, doubtful=len(cases) - len(sure), wrong_but_sure=wrong,
        upper95=round(upper(wrong, len(cases)), 7),
    )  # fmt: skip
