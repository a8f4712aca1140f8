"""The two readers of a written digit: edges and their directions (A), and a small network (B).

They share no size, no slant and no threshold: A sees the digit upright as blurred directions of its edges
and weighs likeness to all it learnt (a kernel machine, solved, not trained step by step); B sees the picture
as it was written. Both know an eleventh answer, "no digit": crosses, ticks, scribbles, letters, pieces of a
digit, two digits, a digit crossed out. Both models are opened by `eyes`, card and all.
"""

import numpy as np

from scanner.classify.digit_glyphs import GlyphLimits, directions, pictures
from scanner.classify.eyes import Floats, Model, shipped_model
from scanner.classify.number_frame import FrameLimits
from scanner.classify.number_ink import CutLimits
from scanner.classify.number_parts import PartLimits
from scanner.classify.numbers import DigitBounds, NumberBelief, NumberJudge, NumberLimits
from scanner.config import calibration
from scanner.pixels import Gray

ANSWERS = 11  # the digits 0..9, and NONE
NONE = 10
A, B = "digits_edges", "digits"  # the models' names


class OnnxDigits:
    """Both readers, opened once, one thread each."""

    def __init__(self) -> None:
        """Open the two shipped models.

        Raises ModelError if a card or a file is missing or the two do not belong together.
        """
        self.a, self.b, self.how = shipped_model(A), shipped_model(B), glyph_limits()

    @classmethod
    def of(cls, a: Model, b: Model) -> "OnnxDigits":
        """The readers that these two models make."""
        made = cls.__new__(cls)
        made.a, made.b, made.how = a, b, glyph_limits()
        return made

    def both(self, glyphs: tuple[Floats, ...]) -> tuple[Floats, Floats]:
        """Chances (n, 11) by reader A and reader B for glyphs (h, w) 0..1 of any size."""
        if not glyphs:
            return np.zeros((0, ANSWERS), np.float32), np.zeros((0, ANSWERS), np.float32)
        ready = [pictures(one, self.how) for one in glyphs]
        planes, written = (np.stack([one[place] for one in ready]) for place in (0, 1))
        return self.a(directions(planes, self.how)), self.b(lit(written))


def lit(pictures: Gray) -> Floats:
    """Pictures uint8 (n, 28, 28) as the network takes them: (n, 1, 28, 28), ink 1."""
    return pictures[:, None].astype(np.float32) / np.float32(255)


def glyph_limits() -> GlyphLimits:
    """The shipped numbers of how a digit is made ready, from `calibration/digit_glyphs.toml`."""
    return calibration("digit_glyphs", GlyphLimits)


def number_judge() -> NumberJudge:
    """The shipped belief and bound, from `calibration/`."""
    return NumberJudge(calibration("digits_belief", NumberBelief), calibration("digits", DigitBounds))


def number_limits() -> NumberLimits:
    """The shipped numbers of cutting and parting, from `calibration/`."""
    return NumberLimits(
        calibration("numbers", CutLimits),
        calibration("number_frame", FrameLimits),
        calibration("number_parts", PartLimits),
    )
