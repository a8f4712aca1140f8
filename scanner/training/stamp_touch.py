"""How a rubber meets the paper: well, dry, pale, on its edge, twice, sliding, with too much ink.

What a careful person would call the print is measured on it, not decided beforehand: how dark it is
on this scanner and how much of the die is there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np

from scanner.training.stamp_dies import SIDE, Die, K, Light, Random


class Manner(StrEnum):
    """How the stamp was pressed."""

    GOOD = "good"
    DRY = "dry"
    PALE = "pale"
    PART = "part"
    TWICE = "twice"
    SLID = "slid"
    WET = "wet"


@dataclass(frozen=True, slots=True, eq=False)
class Touch:
    """Ink on the paper, 0..1 of the light it could take, and all that the die spans, both (SIDE, SIDE).

    `lines` (n,) is what reached the paper of each pixel of the die's lines.
    """

    ink: Light
    whole: Light
    lines: Light

    def strength(self, contrast: float) -> float:
        """1 for a good print, 0 for a weak one, 0.5 between; `contrast` 0..1 of the ink as scanned.

        Ink that this scanner hardly sees is good if the print is whole and even: it is pale, not dry.
        """
        depth, there = float(self.lines.mean()) * contrast, float((self.lines * contrast > 0.11).mean())
        if depth >= 0.25 and there >= 0.7:
            return 1.0
        if contrast < 0.45 and float((self.lines > 0.3).mean()) >= 0.85:
            return 1.0
        return 0.0 if depth <= 0.18 or there <= 0.45 else 0.5


def touched(die: Die, manner: Manner, turn_deg: float, random: Random) -> Touch:
    """One press of a stamp, turned by `turn_deg`."""
    turn = cv2.getRotationMatrix2D((SIDE / 2, SIDE / 2), turn_deg, 1)
    rubber = np.asarray(cv2.warpAffine(die.rubber, turn, (SIDE, SIDE)), np.float32)
    whole = np.asarray(cv2.warpAffine(die.whole.astype(np.float32), turn, (SIDE, SIDE)), np.float32)
    took = _MANNERS[manner](rubber, random)
    lines = rubber > 0.5
    seen = took[lines] if lines.any() else np.zeros(1, np.float32)
    return Touch(took, whole, seen)


def _good(rubber: Light, random: Random) -> Light:
    ink = rubber * pad(random, random.uniform(0.0, 0.55)) * grain(random, 0.3) * _strength(random)
    return np.asarray(ink, np.float32)


def _strength(random: Random) -> np.float32:
    return np.float32(random.uniform(0.6, 1.0))


def _dry(rubber: Light, random: Random) -> Light:
    """Only the highest fibres take ink, in patches."""
    tooth = _noise(random, 1.1)
    gate = np.clip((tooth - random.uniform(-0.2, 1.6)) * 3, 0, 1).astype(np.float32)
    ink = rubber * gate * pad(random, random.uniform(0.3, 1.0)) * np.float32(random.uniform(0.25, 0.9))
    return np.asarray(ink, np.float32)


def _pale(rubber: Light, random: Random) -> Light:
    """A pad at its end: everything there, or nearly, and hardly to be seen."""
    return (
        rubber
        * pad(random, random.uniform(0, 0.9))
        * grain(random, 0.3)
        * np.float32(random.uniform(0.04, 0.3))
    )


def _part(rubber: Light, random: Random) -> Light:
    """Pressed on its edge: one side is missing."""
    a, reach = random.uniform(0, 2 * np.pi), random.uniform(-11, 9) * K
    y, x = (np.mgrid[0:SIDE, 0:SIDE] - np.float32(SIDE / 2)).astype(np.float32)
    away = x * np.float32(np.cos(a)) + y * np.float32(np.sin(a)) - np.float32(reach)
    pressed = _good(rubber, random)
    missing = np.exp(np.clip(-away / np.float32(random.uniform(1, 7)), -30, 30))
    return np.asarray(pressed / (1 + missing), np.float32)


def _twice(rubber: Light, random: Random) -> Light:
    """A second touch a little beside the first."""
    far = random.normal(0, 1.2 * K, 2)
    move = np.array([[1, 0, far[0]], [0, 1, far[1]]], np.float32)
    again = cv2.warpAffine(rubber, move, (SIDE, SIDE))
    return 1 - (1 - _good(rubber, random)) * (
        1 - _good(np.asarray(again, np.float32), random) * _strength(random)
    )


def _slid(rubber: Light, random: Random) -> Light:
    """The hand moved while the rubber touched."""
    long, a = random.uniform(0.5, 3.0) * K, random.uniform(0, np.pi)
    kernel = np.zeros((31, 31), np.float32)
    end = round(15 + long / 2 * np.cos(a)), round(15 + long / 2 * np.sin(a))
    start = round(15 - long / 2 * np.cos(a)), round(15 - long / 2 * np.sin(a))
    cv2.line(kernel, start, end, 1.0, 1)
    smeared = np.asarray(cv2.filter2D(rubber, -1, kernel / kernel.sum()), np.float32)
    return _good(np.maximum(smeared, rubber * np.float32(random.uniform(0.2, 1))), random)


def _wet(rubber: Light, random: Random) -> Light:
    """Too much ink: lines swell and run together."""
    size = int(random.integers(1, 5))
    swollen = cv2.dilate(rubber, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))
    soft = cv2.GaussianBlur(swollen, (0, 0), random.uniform(0.3, 1.3))
    return np.asarray(soft, np.float32) * pad(random, 0.2) * np.float32(random.uniform(0.8, 1.0))


_MANNERS: dict[Manner, Callable[[Light, Random], Light]] = {
    Manner.GOOD: _good, Manner.DRY: _dry, Manner.PALE: _pale, Manner.PART: _part,
    Manner.TWICE: _twice, Manner.SLID: _slid, Manner.WET: _wet,
}  # fmt: skip


def pad(random: Random, uneven: float) -> Light:
    """How much ink reaches each place, 0..1: one side heavier, patches dry; `uneven` 0..1."""
    n = int(random.integers(4, 14))
    patches = cv2.resize(
        random.standard_normal((n, n)).astype(np.float32), (SIDE, SIDE), interpolation=cv2.INTER_CUBIC
    )
    along = np.linspace(-1, 1, SIDE, dtype=np.float32)
    tilt = random.normal(0, 0.8, 2).astype(np.float32)
    missing = 0.2 + 0.35 * patches + 0.5 * (tilt[0] * along[:, None] + tilt[1] * along[None])
    return np.asarray(1 - np.float32(uneven) * np.clip(missing, 0, 1), np.float32)


def grain(random: Random, depth: float) -> Light:
    """Paper tooth: some fibres take less ink."""
    less = np.float32(random.uniform(0, depth)) * np.clip(0.5 + 0.4 * _noise(random, 0.7), 0, 1)
    return np.asarray(1 - less, np.float32)


def _noise(random: Random, soft: float) -> Light:
    """Smooth noise of deviation 1, a window of one large patch."""
    y, x = random.integers(0, _TOOTH.shape[0] - SIDE, 2)
    spot = _TOOTH[y : y + SIDE, x : x + SIDE]
    if soft < 1:
        return np.asarray(spot, np.float32)
    return np.asarray(cv2.GaussianBlur(spot, (0, 0), soft) * np.float32(1.7), np.float32)


def _tooth() -> Light:
    rough = cv2.GaussianBlur(np.random.default_rng(3).standard_normal((1400, 1400), np.float32), (0, 0), 0.8)
    return np.asarray(rough / rough.std(), np.float32)


_TOOTH = _tooth()
