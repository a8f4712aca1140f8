"""Numbers by writers never learnt from, through three families of scanners: the bound on both readers.

MNIST's writers are split by their ids; of optdigits and pendigits, which name no writers, contiguous blocks
are kept apart (`digits_ink`). Scribbles in boxes are cases too: whatever is read there is wrong. Needs no
PyTorch, so that an auditor can choose the bounds again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scanner.classify.atlas import PER_MM
from scanner.classify.digits import A, OnnxDigits, number_judge
from scanner.classify.eyes import Metrics, Model, shipped_model
from scanner.classify.number_parts import parts
from scanner.classify.numbers import TEN, VALUES, Guess, NumberBelief, NumberJudge, evidence, guess
from scanner.confidence import upper
from scanner.training.bound import Bound, loosest
from scanner.training.digits_boxes import ACROSS, DOWN, FACES, Seen, calm, limits, scanned_sheet
from scanner.training.digits_ink import Part, collected
from scanner.training.digits_people import written_number
from scanner.training.logistic import fitted
from scanner.training.wear import familiar, unfamiliar

SHEETS = {Part.TEMPER: 24, Part.CALIBRATE: 96, Part.CONFIRM: 24}
WEARS = (calm, familiar, unfamiliar)
RISK = 2e-4
"""That a written box is read wrongly by both readers alike, who together are surer than the bound."""
NOTHING = Guess(-1, 0.0, np.zeros(VALUES))


@dataclass(frozen=True, slots=True)
class Answered:
    """One written box: what it says (None: no number), whose ink, what each reader makes of it.

    `usable` is False where the cutter itself already sends it to a person; `wear` is the scanner's family.
    """

    truth: int | None
    kind: str
    a: Guess
    b: Guess
    usable: bool
    wear: str = ""
    met_mm: float = 0.0  # as in `Written`

    @property
    def agreed(self) -> bool:
        """True if both readers name the same value and nothing else speaks against it."""
        return self.usable and self.a.value == self.b.value

    @property
    def right(self) -> bool:
        """True if reader B names what was written."""
        return self.truth == self.b.value

    def sure(self, by: NumberJudge) -> bool:
        """True if the number counts as read."""
        return self.agreed and self.chance(by.belief) > by.bounds.sure

    def chance(self, by: NumberBelief) -> float:
        """The belief in what both readers named, 0..1."""
        return by.chance(self.a, self.b, self.met_mm)


def bounds(model: Model, seed: int, real: Path | None, other: Model | None = None) -> tuple[Bound, ...]:
    """The bound on the belief in reader A (`other`, the shipped one by default) and reader B (`model`)."""
    cases = answered(model, other or shipped_model(A), Part.CALIBRATE, seed, real)
    return (chosen(cases, number_judge().belief),)


def chosen(cases: tuple[Answered, ...], by: NumberBelief) -> Bound:
    """The loosest bound with which failures among these cases stay within the risk.

    A case fails if both name the same wrong number and the belief in it is above the bound.
    """
    wrong = [one.chance(by) for one in cases if one.agreed and not one.right]
    value, errors = loosest(wrong, len(cases), RISK)
    what = "held-out numbers and scribbles that both readers read alike, wrongly and surer than this"
    return Bound("sure", _up(value), "probability", len(cases), errors, RISK, what)


def tempered(cases: tuple[Answered, ...]) -> NumberBelief:
    """The belief that explains best which answers on which both readers agreed were right."""
    agreed = [one for one in cases if one.agreed]
    seen = np.asarray([(1.0, *evidence(one.a, one.b, one.met_mm)) for one in agreed], np.float64)
    return NumberBelief(*fitted(seen, np.asarray([one.right for one in agreed], np.float64)))


def _up(value: float) -> float:
    """Rounded up to what the file holds, so that no case slips over by rounding."""
    return float(np.ceil(value * 1e6) / 1e6)


def answered(model: Model, other: Model, part: Part, seed: int, real: Path | None) -> tuple[Answered, ...]:
    """All boxes of a part as both readers see them, the same for the same seed."""
    eyes = OnnxDigits.of(other, model)
    found = (_answered(seen, eyes, wear) for wear, seen in seen_boxes(part, seed, real))
    return tuple(one for one in found if one is not None)


def seen_boxes(part: Part, seed: int, real: Path | None) -> Iterator[tuple[str, Seen]]:
    """Boxes of a part as cut from their scans, a third by each family of scanners, and its name."""
    collections = collected(real, part)
    for sheet in range(SHEETS[part]):
        random = np.random.default_rng([seed, 99, list(Part).index(part), sheet])
        numbers = [written_number(collections, random) for _ in range(ACROSS * DOWN)]
        wear = WEARS[sheet % len(WEARS)]
        for one in scanned_sheet(sheet % FACES, list(numbers), wear, random):
            yield wear.__name__, one


def _answered(seen: Seen, eyes: OnnxDigits, wear: str) -> Answered | None:
    """None where nothing is written; a number of which too little is left is a number nobody reads."""
    if seen.number is None:
        return None
    enough, met = seen.written.ink_mm2 >= limits().cut.least_mm2, seen.written.met_mm
    found = parts(seen.written.dark, limits().parts, PER_MM)
    if not enough or not found.glyphs:
        return Answered(
            seen.number.value, seen.number.kind, NOTHING, NOTHING, usable=False, wear=wear, met_mm=met
        )
    a, b = (guess(chances, found.ways) for chances in eyes.both(found.glyphs))
    usable = found.clean and seen.written.whole and not seen.written.hidden
    return Answered(seen.number.value, seen.number.kind, a, b, usable, wear, met)


WHOSE = "writers never learnt from, nothing fitted and no bound chosen on them"


def measured(cases: tuple[Answered, ...], by: NumberJudge) -> dict[str, Metrics]:
    """What became of these boxes: numbers all together, by origin, scanner, length, place; and scribbles."""
    numbers = [one for one in cases if one.truth is not None]
    sets = {"all": numbers, "scribbles": [one for one in cases if one.truth is None]}
    for kind in sorted({one.kind for one in numbers}):
        sets[kind] = [one for one in numbers if one.kind == kind]
    for wear in sorted({one.wear for one in numbers}):
        sets[wear] = [one for one in numbers if one.wear == wear]
    sets["one_digit"] = [one for one in numbers if (one.truth or 0) < TEN]
    sets["two_digits"] = [one for one in numbers if (one.truth or 0) >= TEN]
    sets["free_of_print"] = [one for one in numbers if not one.met_mm]
    sets["meeting_print"] = [one for one in numbers if one.met_mm]
    return {name: _metrics(f"{WHOSE}: {name}", some, by) for name, some in sets.items() if some}


def _metrics(what: str, cases: list[Answered], by: NumberJudge) -> Metrics:
    sure = [one for one in cases if one.sure(by)]
    wrong = sum(not one.right for one in sure)
    return Metrics(
        what=what, n=len(cases), right=sum(one.right for one in cases), doubtful=len(cases) - len(sure),
        wrong_but_sure=wrong, upper95=round(upper(wrong, len(cases)), 7),
    )  # fmt: skip
