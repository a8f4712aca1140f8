"""Prints of the official stamps that an election package holds: what may stand there, and whether it fits.

A municipality that lays a print of each of its stamps beside its lists lets the machine compare every
ballot with them; without any the machine knows a stamp only by its looks.
"""

import io
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from scanner.election import StampSpecimen
from scanner.election_text import Faults, read_bytes

LARGEST = 4 * 1024 * 1024  # bytes of a file
SIDE_MM = 8.0, 80.0  # of the picture, least and most; official stamps are 20 to 45 mm
INK_MM2 = 20.0  # least dark surface: a stamp pressed well leaves 100 mm² and more
DARK = 0.6  # of the paper's light, below which the specimen is ink
INCH_MM = 25.4


def read_stamps(
    folder: Path, entries: list[dict[str, Any]], line_of: list[int], faults: Faults
) -> tuple[StampSpecimen, ...]:
    """The specimens named by the tables `[[stamps]]` (`file`, `dpi`), each with the line of its file."""
    found = []
    for entry, line in zip(entries, line_of, strict=True):
        if {"file", "dpi"} <= entry.keys():
            one = _read(folder, entry["file"], entry["dpi"], line, faults)
            found += [one] if one else []
    return tuple(found)


def _read(folder: Path, file: str, dpi: int, line: int, faults: Faults) -> StampSpecimen | None:
    inner = Faults(file)
    data = read_bytes(folder / file, inner)
    if data is None or len(data) > LARGEST:
        why = inner.found[0].value if inner.found else f"more than {LARGEST} bytes"
        faults.add_plain(line, f"{file}: {why}", "a picture of a stamp that can be read (file)")
        return None
    wrong = _wrong(data, dpi)
    if wrong:
        faults.add_plain(line, f"{file}: {wrong[0]}", f"{wrong[1]} (file)")
        return None
    return StampSpecimen(file, dpi, data)


def _wrong(data: bytes, dpi: int) -> tuple[str, str] | None:
    """What is the matter with a specimen and what was expected, None if it will do."""
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as picture:
            size = tuple(one * INCH_MM / dpi for one in picture.size)
            if not all(SIDE_MM[0] <= one <= SIDE_MM[1] for one in size):
                return f"{size[0]:.0f} x {size[1]:.0f} mm at {dpi} dpi", "8 to 80 mm on each side"
            gray = np.asarray(picture.convert("L"), np.uint8)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return "no picture", "a PNG or JPEG picture of a stamp on white paper"
    paper = float(np.percentile(gray, 95))
    ink = float((gray < DARK * paper).sum()) * (INCH_MM / dpi) ** 2
    if paper < 128 or ink < INK_MM2 or ink > 0.6 * size[0] * size[1]:
        return f"{ink:.0f} mm² of ink", "a dark stamp on white paper"
    return None
