"""What is wrong with a scanned side, while the paper can still be fed again: findings as data.

Cheap, and no substitute for reading: nothing found here decides on a ballot. Two sheets that lie
exactly on each other look like one; only the scanner's own sensor sees those, and the reading, when
it meets two insides.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import cv2
import numpy as np

from scanner.capture.view import GLANCE_DPI, View, reduced, view
from scanner.config import calibration
from scanner.pixels import INCH_MM, Gray


class Flaw(StrEnum):
    """What can be wrong with a side. Closed set."""

    TOO_DARK = "too_dark"
    TOO_LIGHT = "too_light"
    BLANK_SIDE = "blank_side"
    WRONG_DPI = "wrong_dpi"
    STRETCHED = "stretched"
    WRONG_SIZE = "wrong_size"  # two sheets overlapping, a torn one, or paper that is no ballot
    CORNER = "corner"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with a side; `text` is a sentence for the operator."""

    flaw: Flaw
    text: str


@dataclass(frozen=True, slots=True)
class QualityLimits:
    """Numbers of `calibration/scan_quality.toml`."""

    min_paper: float
    min_contrast: float
    middle: float
    side_middle: float
    print_level: float
    cell_mm: float
    cell_share: float
    dirty_cells: int
    size_mm: float
    frame_mm: float
    scale: float
    stretch: float
    corner_mm: float
    corner_share: float
    every: int  # only one in so many sheets is looked at during a scan


Sizes = tuple[tuple[float, float], ...]  # of the election's ballots, mm: width, height


@cache
def quality_limits() -> QualityLimits:
    """The shipped numbers; ModelError if the file is damaged."""
    return calibration("scan_quality", QualityLimits)


def look(gray: Gray, dpi: float, sizes: Sizes) -> tuple[Finding, ...]:
    """What is wrong with a side (h, w) scanned at `dpi`, when ballots have these `sizes`; 1-2 ms."""
    limits, closer = quality_limits(), view(gray, dpi, 2 * GLANCE_DPI)
    seen = view(closer.gray, closer.unit * INCH_MM)
    blank = [Finding(Flaw.BLANK_SIDE, "Nothing is printed on this side.")] * bare(closer, limits.side_middle)
    return (*_light(seen, limits), *_size(seen, sizes, limits), *blank, *_corners(seen, limits))


def bare(seen: View, middle_share: float | None = None) -> bool:
    """True if a side, seen at about 100 dpi, is bare paper: here and there some dirt, but no words.

    `middle_share` of its width and height is looked at; None: so much that a crooked sheet shows no backing.
    """
    limits = quality_limits()
    share = limits.middle if middle_share is None else middle_share
    high, wide = (int(n * (1 - share) / 2) for n in seen.paper.shape)
    middle = seen.paper[high : seen.paper.shape[0] - high, wide : seen.paper.shape[1] - wide]
    level = limits.print_level * float(np.percentile(middle[::8, ::8], 90))
    dark = cv2.compare(np.ascontiguousarray(middle), np.array([level]), cv2.CMP_LT)
    cells = reduced(np.asarray(dark, np.uint8), max(1, round(limits.cell_mm * seen.unit)))
    return int((cells > 255 * limits.cell_share).sum()) <= limits.dirty_cells


def _light(seen: View, limits: QualityLimits) -> Iterator[Finding]:
    dark, paper = np.percentile(seen.paper[::4, ::2], (0.3, 90))
    if paper < limits.min_paper:
        yield Finding(
            Flaw.TOO_DARK, f"The paper is too dark (level {paper:.0f} of 255): raise the brightness."
        )
    elif paper - dark < limits.min_contrast:
        said = f"only {paper - dark:.0f} levels darker than the paper"
        yield Finding(Flaw.TOO_LIGHT, f"The print is too light ({said}).")


def _size(seen: View, sizes: Sizes, limits: QualityLimits) -> Iterator[Finding]:
    """The size of the paper, or at least of the picture, against the ballots' own."""
    wanted = [(max(one), min(one)) for one in sizes]
    if wanted and seen.size_mm is not None:
        yield from _paper_size(seen.size_mm, wanted, limits)
    elif wanted:
        shape = [one / seen.unit for one in seen.gray.shape]
        yield from _frame_size((max(shape), min(shape)), wanted, limits)


def _paper_size(
    paper: tuple[float, float], wanted: list[tuple[float, float]], limits: QualityLimits
) -> Iterator[Finding]:
    nearest = min(wanted, key=lambda one: abs(paper[0] - one[0]) + abs(paper[1] - one[1]))
    if max(abs(a - b) for a, b in zip(paper, nearest, strict=True)) <= limits.size_mm:
        return
    long, short = paper[0] / nearest[0], paper[1] / nearest[1]
    said = f"The sheet measures {_mm(paper)}, a ballot is {_mm(nearest)}"
    if abs(long / short - 1) <= limits.stretch and abs((long * short) ** 0.5 - 1) > limits.scale:
        yield Finding(Flaw.WRONG_DPI, f"{said}: the resolution is not what the scanner says.")
    elif max(abs(long - 1), abs(short - 1)) <= limits.scale:
        yield Finding(Flaw.STRETCHED, f"{said}: the feeder pulls or slips.")
    else:
        yield Finding(Flaw.WRONG_SIZE, f"{said}: two sheets together, a torn one, or no ballot.")


def _frame_size(
    frame: tuple[float, float], wanted: list[tuple[float, float]], limits: QualityLimits
) -> Iterator[Finding]:
    """The picture alone: the paper's edges are not seen in it."""
    lack = {one: max(a - b for a, b in zip(one, frame, strict=True)) for one in wanted}
    least = min(lack, key=lack.__getitem__)
    if lack[least] > limits.size_mm:
        said = f"The picture measures only {_mm(frame)}, a ballot is {_mm(least)}"
        yield Finding(Flaw.WRONG_SIZE, f"{said}: part of the sheet is missing, or the resolution is wrong.")
    elif frame[0] > max(one[0] for one in wanted) + limits.frame_mm:
        said = f"The picture measures {_mm(frame)}, a ballot is {_mm(max(wanted))}"
        yield Finding(Flaw.WRONG_SIZE, f"{said}: two sheets together, or the resolution is wrong.")


def _mm(size: tuple[float, float]) -> str:
    return f"{size[0]:.0f} × {size[1]:.0f} mm"


def _corners(seen: View, limits: QualityLimits) -> Iterator[Finding]:
    """Corners of the paper where the backing shows instead."""
    if seen.corners is None or seen.backing is None:
        return
    leg = limits.corner_mm * seen.unit
    for n, tip in enumerate(seen.corners):
        ways = [one - tip for one in (seen.corners[n - 1], seen.corners[(n + 1) % 4])]
        middle = tip + sum(one / max(1.0, float(np.hypot(*one))) for one in ways) * leg / 4
        x, y, reach = round(float(middle[0])), round(float(middle[1])), max(1, round(leg / 8))
        patch = seen.backing[max(0, y - reach) : y + reach + 1, max(0, x - reach) : x + reach + 1]
        if patch.size and float(patch.mean()) > limits.corner_share:
            place = f"{tip[0] / seen.unit:.0f} mm from the left, {tip[1] / seen.unit:.0f} mm from the top"
            yield Finding(Flaw.CORNER, f"A corner of the sheet is cut off or folded: {place}.")
