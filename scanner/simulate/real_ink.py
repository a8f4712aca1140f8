"""Ink of real people, when a folder of it is at hand: pen tracks of digits and pictures of words.

Digits: UCI pendigits (Alpaydin, Alimoglu; CC BY 4.0). Words: DHSD (Riaz et al. 2024; CC BY 4.0).
Everything else works without; drawn strokes take their place.
"""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from scanner.ballot import Rect
from scanner.errors import InputError
from scanner.simulate.strokes import Points


@dataclass(frozen=True)
class RealInk:
    """`tracks` (n, 8, 2) pen positions 0..100, y upwards, of the digits `values` (n,); `words` pictures."""

    tracks: npt.NDArray[np.int16]
    values: npt.NDArray[np.uint8]
    words: tuple[Path, ...]

    def digit(self, value: int, rng: np.random.Generator) -> Points:
        """A pen track of one digit, (8, 2) within the unit square, y downwards."""
        track = self.tracks[rng.choice(np.flatnonzero(self.values == value))]
        return np.asarray(track * np.array([0.01, -0.01]) + np.array([0.0, 1.0]), np.float32)


def real_ink(folder: Path) -> RealInk:
    """Open a folder with `digits_european/pendigits.npz` and `words/img/*/*.webp`.

    Raises InputError if they are not there.
    """
    try:
        with np.load(folder / "digits_european" / "pendigits.npz", allow_pickle=False) as store:
            tracks, values = store["strokes"], store["y"]
    except (OSError, KeyError, ValueError) as error:
        raise InputError(f"{folder} holds no pen tracks of digits ({error}); leave it out.") from error
    words = tuple(sorted((folder / "words" / "img").glob("*/*.webp")))
    if not words:
        raise InputError(f"{folder}/words/img holds no pictures of words; leave the folder out.")
    return RealInk(tracks, values, words)


def word(real: RealInk, area: Rect, px_per_mm: float, rng: np.random.Generator) -> npt.NDArray[np.float32]:
    """A word by a real writer as ink 0..1 that fits in `area` (mm), (h, w).

    Raises InputError if its picture cannot be read.
    """
    path = real.words[int(rng.integers(len(real.words)))]
    picture = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if picture is None:
        raise InputError(f"{path} is not an image that can be read; leave the folder out.")
    scale = min(area.w * px_per_mm / picture.shape[1], area.h * px_per_mm / picture.shape[0])
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.float32)
    return np.asarray(np.clip((235 - small) / 180, 0, 1), np.float32)
