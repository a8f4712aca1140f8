"""Real ink on real ballots, to measure a model on and never to learn from: the licence forbids more.

A folder with `mark_crops.npz` (registered 96 × 64 px crops at 200 dpi, the oval in the middle) and
`targets.csv` (the ovals' sizes), named by the variable VALGSKANNER_REAL_DATA.
"""

import csv
import os
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

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


def real_folder() -> Path | None:
    """Where the real ballots lie, None if nowhere."""
    named = os.environ.get("VALGSKANNER_REAL_DATA")
    folder = Path(named) / "ballots_us" if named else None
    return folder if folder and (folder / "mark_crops.npz").is_file() else None


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
