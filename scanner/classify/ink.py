"""Ink the printer did not put there: the laid scan minus the printed page, as separate strokes.

The form is known, so every pixel has an expected darkness. It is taken as the darkest print within
`tolerance_mm`, which swallows dot gain, a pixel of misplacement and screens of dots; where solid
print hides the paper, ink cannot be seen and the pixel is *blind*. All images are in the
template's frame. Pure functions; limits come in as `InkLimits` (calibration/ink.toml).
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.classify.raster import (
    as_gray,
    darkest,
    disc,
    grown_to,
    halved,
    inside,
    lightest,
    square,
)
from scanner.classify.registered import Registered, Template
from scanner.classify.warp import EDGE
from scanner.pixels import Gray


@dataclass(frozen=True, slots=True)
class InkLimits:
    """Members and units as in calibration/ink.toml."""

    tolerance_mm: float
    weak: float
    shade_window_mm: float
    shade_cap: float
    join_mm: float
    speck_mm2: float
    blind: int
    pale: int
    pale_noise: int
    dot_mm: float
    screen_mm: float
    screen_dots: int
    min_contrast: float
    weave_mm: float
    weave_share: float


@dataclass(frozen=True, slots=True, eq=False)
class Printed:
    """What the printed page allows: made once per form."""

    darkest: Gray  # (H, W) darkest print within the tolerance, 0..255; PALE in pale patterns
    blind: Gray  # (H, W) 255 where print hides ink
    flat: NDArray[np.bool_]  # (H//2//3, W//2//3) where a level of the template fills the surroundings
    levels: Gray  # the template's level there
    bridge: Gray  # (H//COARSE, W//COARSE) 255 where print hides ink: strokes hang together through it
    paper: Gray  # (H//16, W//16) 255 where nothing is printed


@dataclass(frozen=True, slots=True)
class Stroke:
    """Ink that hangs together."""

    x: int  # template px
    y: int
    w: int
    h: int
    area_mm2: float
    depth: float  # mean darkness below the expected, 1 = as solid print


@dataclass(frozen=True, slots=True, eq=False)
class Ink:
    """All ink on a page. `labels` at a quarter of the size: 0 none, i belongs to strokes[i - 1]."""

    mask: Gray  # (H, W) 255 where there is ink
    depth: Gray  # (H, W) levels darker than expected, 0 where print hides ink
    labels: NDArray[np.int32]  # (H//4, W//4)
    strokes: tuple[Stroke, ...]
    contrast: float  # levels between bare paper and solid print on this scan
    bridge: Gray  # as in Printed


PALE = 1  # stands in Printed.darkest for a pattern that is nowhere darker than InkLimits.pale
STEP = 3  # of half-size pixels, for measuring tones
COARSE = 4  # px side of the cells in which strokes are told apart: 0.5 mm at 200 dpi
LEAST_SHADE = 4  # levels of uneven light too small to matter: a seventh of what is taken for ink
SMALL = 16  # shade is measured at 1/16 size
ROWS = 64  # of a page, 150 kB, that are compared with the print at a time
FAR = 4  # shade windows: how much wider the one is that answers where the narrow one sees no paper


def printed(template: Template, limits: InkLimits) -> Printed:
    """Make a template ready for `find_ink`."""
    unit = template.unit
    gray = template.gray
    lowest = darkest(gray, disc(limits.tolerance_mm * unit))
    lowest[_screened(gray, unit, limits) > 0] = 0
    blind = inside(lowest, 0, limits.blind)
    lowest[lowest == PALE] = 0  # a level of its own from here on
    pale = (blind > 0) & (darkest(gray, disc(2 * limits.tolerance_mm * unit)) >= limits.pale)
    lowest[pale] = PALE
    woven = _woven(pale, unit, limits) & (lowest > limits.blind)
    lowest[woven], blind[woven] = PALE, 255
    spread = lightest(template.half, square(5)) - darkest(template.half, square(5))
    some = np.s_[::STEP, ::STEP]
    low = darkest(gray, square(SMALL))[SMALL // 2 :: SMALL, SMALL // 2 :: SMALL]
    return Printed(
        darkest=lowest,
        blind=blind,
        flat=spread[some] <= 12,
        levels=template.half[some],
        paper=inside(low, 236, 255),
        bridge=inside(halved(blind, 2), 1, 255),
    )


def find_ink(page: Registered, print_: Printed, limits: InkLimits) -> Ink:
    """The ink on a registered page.

    Darker than expected by more than `limits.weak` of the contrast between paper and solid print
    is ink. Patterns as pale as those of a ballot's outside hide a faint mark, but not one much darker than
    their darkest line. Strokes within `limits.join_mm` of each other across print are one; smaller ones
    than `limits.speck_mm2` are dust and left out.
    """
    unit = page.template.unit
    half, paper, black = page.half, page.paper, page.black
    contrast = max(paper - black, limits.min_contrast)
    tones = _tones(half, print_, (paper, black), limits)
    shade = _shade(half, print_, paper, limits.shade_cap * contrast, limits.shade_window_mm * unit / SMALL)
    depth, mask = _darker(page.image, print_.darkest, tones, shade, limits.weak * contrast)
    _only_on_paper(mask, page.seen)
    labels, strokes = label_strokes(mask, depth, contrast, unit, limits, bridge=print_.bridge)
    return Ink(mask, depth, labels, strokes, contrast, print_.bridge)


def _darker(image: Gray, darkest: Gray, tones: Gray, shade: Gray | None, level: float) -> tuple[Gray, Gray]:
    """How much darker than expected each pixel is, and 255 where that is more than `level`.

    Some rows at a time, which stay in the processor's cache from one step to the next.
    """
    depth, mask = np.empty_like(image), np.empty_like(image)
    grown = None if shade is None else grown_to(shade, image.shape[::-1])
    for top in range(0, len(image), ROWS):
        rows = slice(top, top + ROWS)
        expected = cv2.LUT(darkest[rows], tones)
        if grown is not None:
            expected = cv2.subtract(expected, grown[rows])
        cv2.subtract(expected, image[rows], dst=depth[rows])
        cv2.threshold(depth[rows], level, 255, cv2.THRESH_BINARY, dst=mask[rows])
    return depth, mask


def above(depth: Gray, level: float) -> Gray:
    """255 where something is darker than expected by more than `level`."""
    return as_gray(cv2.threshold(depth, level, 255, cv2.THRESH_BINARY)[1])


def label_strokes(
    mask: Gray, depth: Gray, contrast: float, unit: float, limits: InkLimits, *, bridge: Gray
) -> tuple[NDArray[np.int32], tuple[Stroke, ...]]:
    """Labels and strokes of ink (H, W) in cells of COARSE px; joins what print parted, never across paper.

    Crosses in neighbouring boxes come within 1 mm of each other and must stay two marks.
    """
    cells = halved(mask, 2)
    rows, columns = np.divmod(np.flatnonzero(cells), cells.shape[1])
    if not rows.size:
        return np.zeros(cells.shape, np.int32), ()
    count, owner = _joined(cells, bridge, (rows, columns), max(1, round(limits.join_mm * unit / COARSE / 2)))
    pixels = np.bincount(owner, cells[rows, columns] * (COARSE**2 / 255), count)
    dark = _darkness(mask, depth, rows, columns)
    depths = np.bincount(owner, dark, count) / np.maximum(pixels, 1)
    keep = [one for one in range(1, count) if pixels[one] / unit**2 >= limits.speck_mm2]
    number = np.zeros(count, np.int32)
    number[keep] = np.arange(1, len(keep) + 1)
    named = np.zeros(cells.shape, np.int32)
    named[rows, columns] = number[owner]
    boxes = _boxes(rows, columns, owner, count)[keep].tolist()
    strokes = tuple(
        Stroke(x, y, w, h, float(pixels[one] / unit**2), float(depths[one] / contrast))
        for one, (x, y, w, h) in zip(keep, boxes, strict=True)
    )
    return named, strokes


def _joined(
    cells: Gray, bridge: Gray, at: tuple[NDArray[np.intp], NDArray[np.intp]], reach: int
) -> tuple[int, NDArray[np.int32]]:
    """How many groups of cells hang together, counting none as the first, and the group of each cell in `at`.

    Only where there is ink: on most pages that is a small part.
    """
    rows, columns = at
    top, left = max(int(rows[0]) - reach, 0), max(int(columns.min()) - reach, 0)
    part = np.s_[top : int(rows[-1]) + reach + 1, left : int(columns.max()) + reach + 1]
    inked = inside(cells[part], 1, 255)
    across = cv2.bitwise_and(lightest(inked, square(2 * reach + 1)), bridge[: len(cells)][part])
    count, labels = cv2.connectedComponents(as_gray(cv2.bitwise_or(inked, across)), connectivity=8)
    return count, np.asarray(labels[rows - top, columns - left], np.int32)


def _darkness(
    mask: Gray, depth: Gray, rows: NDArray[np.intp], columns: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Sum of the depth of the inked pixels in each of these cells."""
    shape = (mask.shape[0] // COARSE, COARSE, mask.shape[1] // COARSE, COARSE)
    whole = np.s_[: shape[0] * COARSE, : shape[2] * COARSE]
    levels = depth[whole].reshape(shape)[rows, :, columns]
    inked = mask[whole].reshape(shape)[rows, :, columns] > 0
    return np.asarray((levels * inked).sum(axis=(1, 2)), np.float64)


def _boxes(
    rows: NDArray[np.intp], columns: NDArray[np.intp], owner: NDArray[np.int32], count: int
) -> NDArray[np.int64]:
    """Per stroke the box (x, y, w, h) of its cells in full-size px."""
    least, most = np.full((count, 2), 1 << 30), np.full((count, 2), -1)
    where = np.stack([columns, rows], axis=1)
    np.minimum.at(least, owner, where)
    np.maximum.at(most, owner, where)
    return np.hstack([least, most - least + 1]) * COARSE


def _screened(gray: Gray, unit: float, limits: InkLimits) -> Gray:
    """255 where a tint is made of single dots: they never fall on the same pixels twice, and hide ink."""
    dark = inside(gray, 0, limits.blind)
    count, _, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    dots = np.zeros(count, np.float32)
    dots[1:] = stats[1:, cv2.CC_STAT_AREA] <= (limits.dot_mm * unit) ** 2
    window = round(limits.screen_mm * unit)
    centres = np.zeros(gray.shape, np.float32)
    first = np.flatnonzero(dots)
    centres[stats[first, cv2.CC_STAT_TOP], stats[first, cv2.CC_STAT_LEFT]] = 1
    dense = cv2.boxFilter(centres, -1, (window, window), normalize=False) >= limits.screen_dots
    screen = lightest(as_gray(dense * 255), square(window // 2))
    # a gap in a screen is a screen too: the scanner's lamp may show its lines darker than any flat tint
    return as_gray(cv2.morphologyEx(screen, cv2.MORPH_CLOSE, square(4 * window)))


def _woven(pale: NDArray[np.bool_], unit: float, limits: InkLimits) -> NDArray[np.bool_]:
    """True in and just around a woven pattern: nothing in it can be registered, so it lies less exactly."""
    window = round(limits.screen_mm * unit)
    threads = as_gray(pale.astype(np.uint8) * 255)
    dense = inside(as_gray(cv2.blur(threads, (window, window))), limits.weave_share * 255, 255)
    near = lightest(as_gray(cv2.bitwise_and(threads, dense)), disc(limits.weave_mm * unit))
    return np.asarray(near > 0, np.bool_)


def _tones(half: Gray, print_: Printed, ends: tuple[float, float], limits: InkLimits) -> Gray:
    """How this scanner shows each level of the template: a rising table of 256 levels.

    `ends` are the levels of bare paper and of solid print; up to level `limits.blind` ink cannot be seen,
    except in patterns that are nowhere darker than `limits.pale`.
    """
    paper, black = ends
    ours, theirs = print_.levels[print_.flat], half[::STEP, ::STEP][print_.flat]
    known = {0: black, 255: paper}
    for low in range(24, 248, 16):
        inside = theirs[(ours >= low) & (ours < low + 16)]
        if inside.size >= 150:  # a tinted band, not a chance speck
            known[low + 8] = float(np.median(inside))
    places = sorted(known)
    rising = np.maximum.accumulate([known[one] for one in places])
    table = np.clip(np.interp(np.arange(256), places, rising), 0, 255)
    pale = table[limits.pale_noise]
    table[: limits.blind + 1] = 0  # nothing is darker than expected where print hides the paper
    table[PALE] = pale
    return table.astype(np.uint8)


def _shade(half: Gray, print_: Printed, paper: float, cap: float, window: float) -> Gray | None:
    """Levels by which paper is darker than usual in wide surroundings (1/16 size); None when nowhere."""
    shape = print_.paper.shape
    small = halved(half, 3)[: shape[0], : shape[1]]
    bare = (print_.paper > 0) & (np.abs(small.astype(np.float32) - paper) <= cap)
    side = (2 * int(window / 2) + 1,) * 2
    seen, levels = bare.astype(np.float32), np.where(bare, small, 0).astype(np.float32)
    weight, mean = cv2.blur(seen, side), cv2.blur(levels, side)
    far = tuple(FAR * one + 1 for one in side)  # among closely printed lines too little paper lies near
    weight, mean = weight + 0.05 * cv2.blur(seen, far), mean + 0.05 * cv2.blur(levels, far)
    darker = np.where(weight > 0.01, paper - mean / np.maximum(weight, 1e-6), 0)
    if darker.max() < LEAST_SHADE:
        return None
    return np.clip(darker, 0, cap).astype(np.uint8)


def _only_on_paper(mask: Gray, seen: Gray) -> None:
    """Remove, in place, ink that lies off the paper."""
    if seen.min() == 255:
        return
    rows, columns = np.nonzero(darkest(seen, square(3)) == 0)
    cells = mask.reshape(seen.shape[0], EDGE, seen.shape[1], EDGE)  # templates are whole cells
    cells[rows, :, columns, :] = 0
