"""Long straight shadows that no voter drew, of a fold or of faint dirt on the glass, are taken off the ink.

A shadow is faint, straight to half a millimetre and the same all along, so what it takes from the paper's
light can be measured along it and subtracted: ink that lies on it or crosses it stays, being darker. A fold
runs from edge to edge. A streak may begin on the paper, when the dust came while the sheet passed, but it
lies exactly along the feed. Whatever is darker than a pen's faintest line, shorter or crooked is left alone.
"""

from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.classify.ink import COARSE, Ink, InkLimits, above, label_strokes
from scanner.classify.raster import as_gray, halved
from scanner.classify.shadow_light import Floats, Line, ShadowLimits, subtract
from scanner.pixels import Gray


def part_shadows(ink: Ink, tilt: float, unit: float, limits: ShadowLimits, ink_limits: InkLimits) -> Ink:
    """The same ink without faint folds and streaks; the ink itself when there are none.

    `tilt` (radians) is how the page lay in the scanner: streaks lie along it. `unit` is template px per mm.
    """
    if not _suspicious(ink, unit, limits):
        return ink
    depth = ink.depth.copy()
    parted = _part(ink, depth, -tilt, (unit, limits))
    parted |= _part(_transposed(ink), depth.T, tilt, (unit, limits))
    if not parted:
        return ink
    mask = as_gray(cv2.bitwise_and(ink.mask, above(depth, ink_limits.weak * ink.contrast)))
    labels, strokes = label_strokes(mask, depth, ink.contrast, unit, ink_limits, bridge=ink.bridge)
    return replace(ink, mask=mask, depth=depth, labels=labels, strokes=strokes)


def _suspicious(ink: Ink, unit: float, limits: ShadowLimits) -> bool:
    """True if some ink is long and narrow, or in as many pieces as print leaves of a faint line."""
    piece = limits.piece_mm * unit
    narrow = (3 * min(one.w, one.h) < max(one.w, one.h) for one in ink.strokes if max(one.w, one.h) >= piece)
    return len(ink.strokes) >= limits.pieces or any(narrow)


def _transposed(ink: Ink) -> Ink:
    """The page with rows and columns swapped, without strokes."""
    return replace(ink, mask=ink.mask.T, depth=ink.depth.T, bridge=np.ascontiguousarray(ink.bridge.T))


def _part(ink: Ink, depth: Gray, tilt: float, how: tuple[float, ShadowLimits]) -> bool:
    """Take, in place, the shadows near the rows off `depth`; True if there were any."""
    parted = False
    for line in _lines(ink, tilt, how):
        parted |= subtract(ink, depth, line, how)
    return parted


# where they lie


def _lines(ink: Ink, tilt: float, how: tuple[float, ShadowLimits]) -> Iterator[Line]:
    """Lines near the rows along which most of what can be seen is a little darker than beside it."""
    unit, limits = how
    cell, blocks = COARSE / unit, max(4, round(ink.depth.shape[1] / unit / limits.block_mm))
    inked, visible = _rows(ink, blocks, how)
    wide = ink.bridge.shape[1] / blocks  # cells a block
    most = np.tan(np.radians(limits.lean_deg))
    leans = np.arange(-round(most * wide * blocks), round(most * wide * blocks) + 1) / (wide * blocks)
    long = np.stack([_share(inked, visible, lean * wide) for lean in leans])
    for _ in range(limits.lines):
        which, row = np.unravel_index(int(long.argmax()), long.shape)
        if long[which, row] < limits.share:
            break
        yield Line(float(row), float(leans[which]), 0, ink.bridge.shape[1])
        near = round(limits.reach_mm / cell)
        long[:, max(row - near, 0) : row + near + 1] = 0
        inked[max(row - near, 0) : row + near + 1] = 0  # no piece of it is a streak of its own
    yield from _runs(inked, visible, np.tan(tilt), (wide, cell, limits))


def _rows(ink: Ink, blocks: int, how: tuple[float, ShadowLimits]) -> tuple[Floats, Floats]:
    """1 where a row of cells is darker than the rows beside it, and where it can be seen: (rows, blocks)."""
    unit, limits = how
    seen = (ink.bridge == 0).astype(np.float32)
    dark = np.minimum(halved(np.ascontiguousarray(ink.depth), 2), np.float32(limits.most * ink.contrast))
    size = (blocks, seen.shape[0])
    visible = cv2.resize(seen, size, interpolation=cv2.INTER_AREA)
    mean = cv2.resize(dark * seen, size, interpolation=cv2.INTER_AREA) / np.maximum(visible, 0.05)
    apart = max(1, round(limits.beside_mm * unit / COARSE))
    beside = np.pad(np.where(visible >= limits.visible, mean, 0), ((apart, apart), (0, 0)))
    over = mean - np.maximum(beside[: -2 * apart], beside[2 * apart :])
    can = visible >= limits.visible
    inked = (over >= limits.least * ink.contrast) & can
    return inked.astype(np.float32), can.astype(np.float32)


def _sheared(blocks: Floats, by: float) -> Floats:
    """Each block moved so that a line leaning `by` rows a block, at a row in the middle, lies in that row."""
    middle = (blocks.shape[1] - 1) / 2
    matrix = np.array([[1, 0, 0], [by, 1, -by * middle]], np.float64)
    how = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(blocks, matrix, blocks.shape[1::-1], flags=how), np.float32)


def _share(inked: Floats, visible: Floats, by: float) -> Floats:
    """Per row the share of visible blocks that are dark; 0 if too few can be seen."""
    near = cv2.dilate(inked, np.ones((3, 1), np.uint8))
    dark, seen = _sheared(np.asarray(near, np.float32), by), _sheared(visible, by)
    count = seen.sum(axis=1)
    share = (dark * seen).sum(axis=1) / np.maximum(count, 1)
    exact = _sheared(inked, by).sum(axis=1) / np.maximum(count, 1) * 0.01  # of equals the one in its middle
    return np.where(count >= 0.4 * seen.shape[1], share + exact, 0).astype(np.float32)


def _runs(
    inked: Floats, visible: Floats, lean: float, how: tuple[float, float, ShadowLimits]
) -> Iterator[Line]:
    """Streaks exactly along the feed that are long enough, wherever they begin and end."""
    wide, cell, limits = how
    exact = abs(lean) >= limits.exact
    near = np.asarray(cv2.dilate(inked, np.ones((3, 1), np.uint8)), np.float32)
    dark, seen = _sheared(near, lean * wide) > 0, _sheared(visible, lean * wide) > 0
    own, least = (
        _sheared(inked, lean * wide),
        (limits.run_mm if exact else limits.straight_run_mm) / (wide * cell),
    )
    taken = np.zeros(len(dark), bool)
    for row in np.argsort(-own.sum(axis=1), kind="stable"):
        if dark[row].sum() < 3 or taken[row]:
            continue
        for first, last in _unbroken(dark[row], seen[row], (least, limits.hidden_run_mm / (wide * cell))):
            taken[max(row - 4, 0) : row + 5] = True
            yield Line(float(row), lean, first * wide, last * wide, run=True, exact=exact)


def _unbroken(
    dark: NDArray[np.bool_], seen: NDArray[np.bool_], least: tuple[float, float]
) -> Iterator[tuple[int, int]]:
    """Runs (from, to) of dark blocks without a visible block that is not dark.

    `least` blocks: of a run that ends on visible paper, and of one that print hides at both ends.
    """
    start = 0
    for end in [*np.flatnonzero(seen & ~dark).tolist(), len(dark)]:
        having = np.flatnonzero(dark[start:end]) + start
        if having.size:
            first, last = int(having[0]), int(having[-1]) + 1
            hidden = (first == 0 or not seen[first - 1]) and (last == len(dark) or not seen[last])
            if last - first >= least[hidden] and having.size >= 0.6 * (last - first):
                yield first, last
        start = end + 1
