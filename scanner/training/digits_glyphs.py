"""What the two readers of digits learn from: single digits, and parts cut from sheets of number boxes."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from scanner.classify.atlas import PER_MM
from scanner.classify.digit_glyphs import pictures
from scanner.classify.digits import NONE, glyph_limits
from scanner.classify.eyes import Floats
from scanner.classify.number_parts import Parts, parts
from scanner.pixels import Gray
from scanner.simulate.marks import hand
from scanner.training.digits_boxes import ACROSS, DOWN, FACES, Seen, calm, limits, scanned_sheet
from scanner.training.digits_drawing import form, rendered, squeezed, worn
from scanner.training.digits_ink import Collection, Digit, Part, collected, drawn_digit, font_digit
from scanner.training.digits_people import written_number
from scanner.training.digits_scribbles import scribble
from scanner.training.digits_shapes import Random
from scanner.training.wear import familiar

SQUEEZED = 0.05
PIECES = 2  # of a number, that are no digit, are learnt: more would teach that half a four is no one
MOST = 0.93  # share of a digit's ink from which a part is that digit
SOME = 0.75  # ... and below which it is a piece of it
FOREIGN = 0.06  # share of the other digit's ink that does no harm
LEAST, SEEN = 0.1, 0.3
"""Darkness of a pixel that counts as seen, and the share of a digit's place (with a rim) that must be."""
DRAWN_SHARES = np.array([0.07, 0.19, 0.07, 0.07, 0.13, 0.07, 0.07, 0.15, 0.06, 0.12])
"""Ones, sevens, nines and fours most: they differ from one country to the next."""


@dataclass(frozen=True, slots=True, eq=False)
class Glyphs:
    """Pictures for reader B (n, 28, 28), for reader A (n, 32, 32), and what they show, 0..10 (n,)."""

    written: Gray
    upright: Gray
    answers: npt.NDArray[np.int64]

    def part(self, chosen: npt.NDArray[np.intp]) -> "Glyphs":
        """Some of them."""
        return Glyphs(self.written[chosen], self.upright[chosen], self.answers[chosen])


@dataclass(frozen=True, slots=True)
class Amount:
    """How many single digits of each origin, and how many sheets."""

    drawn: int
    font: int
    scribbles: int
    times: dict[str, int]  # how often each real digit of a source is used
    sheets: int


def glyphs(folder: Path | None, part: Part, amount: Amount, seed: int) -> Glyphs:
    """All glyphs of a part, the same for the same seed."""
    collections = collected(folder, part)
    written, planes, answers, how = list[Gray](), list[Gray](), list[int](), glyph_limits()
    for ink, answer in _inked(collections, part, amount, seed):
        plane, picture = pictures(ink, how)
        written.append(picture)
        planes.append(plane)
        answers.append(answer)
    return Glyphs(np.stack(written), np.stack(planes), np.array(answers))


def _inked(
    collections: tuple[Collection, ...], part: Part, amount: Amount, seed: int
) -> Iterator[tuple[Floats, int]]:
    """The ink of every glyph and what it shows: single ones first, then those of the sheets."""
    random = np.random.default_rng([seed, list(Part).index(part)])
    for digit, answer in _digits(collections, amount, random):
        yield _single(digit, answer, random), answer
    for number in range(amount.sheets):
        yield from _from_sheet(collections, number, np.random.default_rng([seed, 77, number]))


def _digits(
    collections: tuple[Collection, ...], amount: Amount, random: Random
) -> Iterator[tuple[Digit, int]]:
    for one in collections:
        for _ in range(amount.times[one.source]):
            for number, value in enumerate(one.values.tolist()):
                yield one.digit(number), value
    for value in random.choice(10, amount.drawn, p=DRAWN_SHARES / DRAWN_SHARES.sum()).tolist():
        yield drawn_digit(value, random), value
    for _ in range(amount.font):
        value = int(random.integers(10))
        yield font_digit(value, hand(random), int(random.integers(1000)), random), value
    for _ in range(amount.scribbles):
        yield scribble(random), NONE


def _single(digit: Digit, answer: int, random: Random) -> Floats:
    how = form(random)
    ink = rendered(digit, how)
    if answer != NONE and random.random() < SQUEEZED:
        ink = squeezed(ink, random)
    return worn(ink, random)


def _from_sheet(
    collections: tuple[Collection, ...], number: int, random: Random
) -> Iterator[tuple[Floats, int]]:
    """The parts of all numbers of a sheet whose answer is plain."""
    numbers = [written_number(collections, random) for _ in range(ACROSS * DOWN)]
    wear = familiar if number % 2 else calm
    for seen in scanned_sheet(number % FACES, list(numbers), wear, random):
        if seen.number is None or seen.written.ink_mm2 < limits().cut.least_mm2:
            continue
        found = parts(seen.written.dark, limits().parts, PER_MM)
        answers = [_answer(seen, found, place) for place in range(len(found.glyphs))]
        wrong = [place for place, answer in enumerate(answers) if answer == NONE]
        few = set(random.permutation(wrong)[:PIECES].tolist())
        for place, answer in enumerate(answers):
            if answer is not None and (answer != NONE or place in few):
                yield found.glyphs[place], answer


def _answer(seen: Seen, found: Parts, place: int) -> int | None:
    """Which digit a part is, NONE for a piece or two; None if nobody can say."""
    number = seen.number
    if number is None or number.value is None:
        return NONE if place == 0 else None
    ink, all_ = found.glyphs[place], found.glyphs[0]
    (top, left), (high, wide) = found.at, ink.shape
    owner = seen.owner[top : top + high, left : left + wide]
    if float(((all_ > LEAST) & (owner > 0)).sum()) < SEEN * float((seen.owner > 0).sum()):
        return None  # the scan lost so much that nobody could learn from it
    shares = [
        float(ink[owner == one].sum()) / max(float(all_[owner == one].sum()), 1e-6)
        for one in range(1, len(number.digits) + 1)
    ]
    digits = [int(one) for one in str(number.value)]
    best = int(np.argmax(shares))
    rest = max((one for place_, one in enumerate(shares) if place_ != best), default=0.0)
    if shares[best] >= MOST and rest <= FOREIGN:
        return digits[best]
    return NONE if shares[best] < SOME or rest > 1 - SOME else None


__all__ = ["Amount", "Glyphs", "glyphs"]
