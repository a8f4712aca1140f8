"""Real ink: handwritten words to learn beside, real ballots only to measure on (their licence forbids more).

The folder named by the variable VALGSKANNER_REAL_DATA holds `ballots_us/` with `mark_crops.npz`
(registered 96 × 64 px crops at 200 dpi, the oval in the middle) and `targets.csv` (the ovals' sizes),
and `words/` (DHSD, Riaz et al. 2024, CC BY 4.0; 28 writers) with `labels.csv`.
"""

import csv
import os
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from scanner.classify.box_eyes import crop
from scanner.pixels import Gray


@dataclass(frozen=True, slots=True)
class RealCrops:
    """Crops uint8 (n, 40, 40), whether the voter marked each (n,), and from which ballots it is (n,)."""

    crops: Gray
    marked: npt.NDArray[np.bool_]
    group: npt.NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class RealWord:
    """A handwritten word as the list has it: its picture, what it says, whose hand it is."""

    picture: Path
    text: str
    writer: int


def real_ink_folder() -> Path | None:
    """The folder of real ink, None if there is none."""
    named = os.environ.get("VALGSKANNER_REAL_DATA")
    return Path(named) if named and Path(named).is_dir() else None


def real_folder() -> Path | None:
    """Where the real ballots lie, None if nowhere."""
    folder = real_ink_folder()
    ballots = folder / "ballots_us" if folder else None
    return ballots if ballots and (ballots / "mark_crops.npz").is_file() else None


def listed_words(folder: Path) -> tuple[RealWord, ...]:
    """All words of a folder with `labels.csv`, in the order of the list; none without it."""
    if not (folder / "labels.csv").is_file():
        return ()
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return tuple(RealWord(folder / row["file"], row["text"], int(row["writer"])) for row in rows)


def real_words(folder: Path | None, writers: range, most: int) -> tuple[npt.NDArray[np.float32], ...]:
    """Up to `most` words by these writers as ink 0..1, (64, 256); none without the folder."""
    listed = listed_words(folder / "words") if folder else ()
    theirs = [one.picture for one in listed if one.writer in writers]
    step = max(len(theirs) // most, 1)
    pictures = [cv2.imread(str(one), cv2.IMREAD_GRAYSCALE) for one in theirs[::step][:most]]
    return tuple(_inked(np.asarray(one, np.uint8)) for one in pictures if one is not None)


def _inked(word: Gray) -> npt.NDArray[np.float32]:
    return np.asarray(np.clip((235 - word.astype(np.float32)) / 180, 0, 1), np.float32)


def real_crops(folder: Path) -> RealCrops:
    """All crops of the folder, as the eyes see them."""
    with np.load(folder / "mark_crops.npz") as data:
        scans, marked, group = data["scan"], data["marked"].astype(bool), data["set"]
    sizes = _sizes(folder / "targets.csv")
    crops = [_seen(scan, sizes[str(name)]) for scan, name in zip(scans, group, strict=True)]
    return RealCrops(np.stack(crops), marked, group)


def _seen(scan: Gray, size: tuple[float, float]) -> Gray:
    (rows, columns), (w, h) = scan.shape, size
    return np.asarray(crop(scan, [[(columns - w) / 2, (rows - h) / 2, w, h]])[0], np.uint8)


def _sizes(path: Path) -> dict[str, tuple[float, float]]:
    """The usual size of the ovals of each set, px."""
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found[row["set"]].append((int(row["w"]), int(row["h"])))
    middles = {name: np.median(sizes, axis=0) for name, sizes in found.items()}
    return {name: (float(one[0]), float(one[1])) for name, one in middles.items()}
