"""Whose digits are learnt from: real writers where their ink is at hand, and drawn European shapes always.

MNIST is split by writer; optdigits and pendigits name none, so contiguous blocks of their files are kept
apart. The parts share no writer of MNIST and no digit.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
import numpy.typing as npt

from scanner.pixels import Gray
from scanner.simulate.letters import write
from scanner.simulate.marks import Hand
from scanner.training.digits_shapes import Line, Random, digit_lines

DATA = (
    "MNIST training part: 60,000 digits of 539 writers (LeCun, Cortes, Burges; writer ids from QMNIST)",
    "UCI optdigits: 1,934 bitmaps; UCI pendigits: 7,494 pen tracks (Alpaydin, Alimoglu, Kaynak)",
    "drawn: European digits, scribbles, letters, print, pens, scanners (scanner.training, scanner.simulate)",
)
LICENCES = (
    "MNIST: CC BY-SA 3.0; writer ids of QMNIST: BSD",
    "optdigits, pendigits: CC BY 4.0",
    "all that is drawn: Apache-2.0 (the project's own code)",
)


class Part(StrEnum):
    """What a writer is for: to learn from, to fit the belief on, to choose the bound on, to be tested on."""

    LEARN = "learn"
    TEMPER = "temper"
    CALIBRATE = "calibrate"
    CONFIRM = "confirm"


FOLDS = 21
FOLDS_OF = {
    Part.LEARN: (0, 1, 2, 3, 4, 7, 8, 9, 10, 11, 14, 15, 16, 17, 18),
    Part.CONFIRM: (5, 12),
    Part.TEMPER: (19,),
    Part.CALIBRATE: (6, 13, 20),
}
"""Of every 21 writers of MNIST in the order of their numbers, which are for what."""


class Source(StrEnum):
    """Where a digit comes from."""

    MNIST = "mnist"
    OPTDIGITS = "optdigits"
    PENDIGITS = "pendigits"
    DRAWN = "drawn"
    FONT = "font"


@dataclass(frozen=True, slots=True, eq=False)
class Digit:
    """One written digit: a picture with ink 255, or pen lines (n, 2), y down; its width over its height."""

    source: Source
    picture: Gray | None
    lines: tuple[Line, ...]
    aspect: float


@dataclass(frozen=True, slots=True, eq=False)
class Collection:
    """Real digits of one part: pictures (n, h, w), ink 255, of `values`; which `writers` (-1: not known)."""

    source: Source
    pictures: npt.NDArray[np.uint8]
    tracks: npt.NDArray[np.float32]  # (n, 8, 2) within the unit square, y down; empty for pictures
    values: npt.NDArray[np.uint8]
    writers: npt.NDArray[np.int32]

    def digit(self, number: int) -> Digit:
        """The digit with this number."""
        if len(self.tracks):
            return Digit(self.source, None, (self.tracks[number] * 10,), 0.62)
        picture = _tight(self.pictures[number])
        return Digit(self.source, picture, (), picture.shape[1] / picture.shape[0])

    def some(self, value: int, writer: int | None, random: Random) -> int:
        """The number of some digit of this value, by this writer if there is one."""
        having = self.values == value
        own = having & (self.writers == writer) if writer is not None else having
        return int(random.choice(np.flatnonzero(own if own.any() else having)))


def collected(folder: Path | None, part: Part) -> tuple[Collection, ...]:
    """The real digits of a part, from a folder with `digits_mnist` and `digits_european`; none without."""
    if folder is None:
        return ()
    found = []
    mnist = folder / "digits_mnist" / "mnist_train.npz"
    if mnist.is_file():
        found.append(_mnist(mnist, part))
    for name, make in (("optdigits", _optdigits), ("pendigits", _pendigits)):
        path = folder / "digits_european" / f"{name}.npz"
        if path.is_file():
            found.append(make(path, part))
    return tuple(found)


def _mnist(path: Path, part: Part) -> Collection:
    with np.load(path, allow_pickle=False) as store:
        pictures, values, writers = store["x"], store["y"], store["writer"]
    place = np.searchsorted(np.unique(writers), writers) % FOLDS
    keep = np.isin(place, FOLDS_OF[part])
    return Collection(Source.MNIST, pictures[keep], _NO_TRACKS, values[keep], writers[keep])


_NO_TRACKS = np.zeros((0, 8, 2), np.float32)
_NO_PICTURES = np.zeros((0, 1, 1), np.uint8)


def _optdigits(path: Path, part: Part) -> Collection:
    with np.load(path, allow_pickle=False) as store:
        pictures, values = store["x"], store["y"]
    block = _block(len(values), part)
    return Collection(Source.OPTDIGITS, pictures[block], _NO_TRACKS, values[block], _nobody(values[block]))


def _pendigits(path: Path, part: Part) -> Collection:
    with np.load(path, allow_pickle=False) as store:
        tracks, values = store["strokes"], store["y"]
    block = _block(len(values), part)
    there = np.asarray(tracks[block] * np.array([0.01, -0.01]) + np.array([0.0, 1.0]), np.float32)
    return Collection(Source.PENDIGITS, _NO_PICTURES, there, values[block], _nobody(values[block]))


def _nobody(values: npt.NDArray[np.uint8]) -> npt.NDArray[np.int32]:
    return np.full(len(values), -1, np.int32)


def _block(count: int, part: Part) -> slice:
    """A stretch of the file: as many twenty-firsts of it as the part has folds."""
    first = 0
    for one, folds in FOLDS_OF.items():
        if one is part:
            return slice(count * first // FOLDS, count * (first + len(folds)) // FOLDS)
        first += len(folds)
    raise AssertionError(part)


def _tight(picture: Gray) -> Gray:
    rows, columns = np.flatnonzero((picture > 60).any(1)), np.flatnonzero((picture > 60).any(0))
    return picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def drawn_digit(value: int, random: Random) -> Digit:
    """A digit of our own drawing."""
    return _of_lines(Source.DRAWN, digit_lines(value, random))


def font_digit(value: int, by: Hand, habit: int, random: Random) -> Digit:
    """A digit as simulated voters write it."""
    lines = write(str(value), (0.0, 10.0), 10.0, by, random, habit=habit)
    return _of_lines(Source.FONT, [one.points for one in lines])


def _of_lines(source: Source, lines: list[Line]) -> Digit:
    every = np.concatenate(lines)
    low, size = every.min(0), np.maximum(every.max(0) - every.min(0), 1e-3)
    moved = tuple(np.asarray((one - low) * (10 / size[1]), np.float32) for one in lines)
    return Digit(source, None, moved, float(size[0] / size[1]))


@dataclass(frozen=True, slots=True, eq=False)
class Writer:
    """One person who writes numbers: a collection and a writer in it, or a hand of our own drawing."""

    source: Source
    collection: Collection | None
    writer: int | None
    hand: Hand
    habit: int

    def digit(self, value: int, random: Random) -> Digit:
        """A digit in this person's hand."""
        if self.collection is not None:
            return self.collection.digit(self.collection.some(value, self.writer, random))
        if self.source is Source.FONT:
            return font_digit(value, self.hand, self.habit, random)
        return drawn_digit(value, random)
