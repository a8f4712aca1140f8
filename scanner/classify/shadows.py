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

Flags = NDArray[np.bool_]


def part_shadows(
    ink: Ink, tilt: float, unit: float, limits: ShadowLimits, ink_limits: InkLimits, *, names: bool
) -> Ink:
    """The same ink without faint folds and streaks; the ink itself when there are none.

    `tilt` (radians) is how the page lay in the scanner: streaks lie along it. `unit` is template px per mm.
    On a face with `names` a line along them may strike one out, and a ruler may lie askew by chance: what
    lies along the lines of text is a streak only if it is longer than any of them.
    """
    if not _suspicious(ink, unit, limits):
        return ink
    dark, seen, depth = halved(ink.depth, 2), ink.bridge[: ink.labels.shape[0]] == 0, ink.depth.copy()
    longer = replace(limits, run_mm=limits.straight_run_mm, hidden_run_mm=limits.straight_run_mm)
    lying = _lines(dark, seen, -tilt, (ink.contrast, unit, longer if names else limits))
    upright = _lines(dark.T, seen.T, tilt, (ink.contrast, unit, limits))
    parted = [
        subtract(ink, depth, line, unit, limits)
        for line in (*lying, *(replace(one, down=True) for one in upright))
    ]
    parted += [
        subtract(ink, depth, line, unit, limits) for line in _askew(ink, unit, limits, near=not any(parted))
    ]
    if not any(parted):
        return ink
    mask = as_gray(cv2.bitwise_and(ink.mask, above(depth, ink_limits.weak * ink.contrast)))
    labels, strokes = label_strokes(mask, depth, ink.contrast, unit, ink_limits, bridge=ink.bridge)
    return replace(ink, mask=mask, depth=depth, labels=labels, strokes=strokes)


def _askew(ink: Ink, unit: float, limits: ShadowLimits, *, near: bool) -> Iterator[Line]:
    """Folds at any angle: along each long thin stroke, the line from edge to edge of the page.

    Those along the page only if `near`: where a fold was taken off already, what is left on it was drawn.
    """
    height, width = ink.labels.shape
    longest = sorted(range(len(ink.strokes)), key=lambda n: -ink.strokes[n].w - ink.strokes[n].h)
    for number in longest[: limits.lines]:
        stroke = ink.strokes[number]
        long = float(np.hypot(stroke.w, stroke.h)) / unit
        if long < limits.askew_mm or stroke.area_mm2 > limits.thick_mm * long:
            continue
        rows, columns = np.nonzero(ink.labels == number + 1)
        down = stroke.h > stroke.w
        along, across, size = (rows, columns, (height, width)) if down else (columns, rows, (width, height))
        slope = float(np.polyfit(along, across, 1)[0]) or 1e-9
        if not near and abs(slope) < np.tan(np.radians(limits.lean_deg)):
            continue
        at = float(np.median(across - slope * (along - (size[0] - 1) / 2)))
        ends = sorted((size[0] - 1) / 2 + (edge - at) / slope for edge in (0, size[1] - 1))
        yield Line(at, slope, max(ends[0], 0.0), min(ends[1], size[0]), down=down, shown=limits.share)


def _suspicious(ink: Ink, unit: float, limits: ShadowLimits) -> bool:
    """True if some ink is long and narrow, or in as many pieces as print leaves of a faint line."""
    piece = limits.piece_mm * unit
    askew = limits.askew_mm * unit
    long = (one for one in ink.strokes if max(one.w, one.h) >= max(piece, min(3 * min(one.w, one.h), askew)))
    thin = (one.area_mm2 * unit < limits.thick_mm * max(one.w, one.h) for one in long)
    return len(ink.strokes) >= limits.pieces or any(thin)


def _lines(dark: Gray, seen: Flags, lean: float, how: tuple[float, float, ShadowLimits]) -> Iterator[Line]:
    """Lines near the rows (of cells) along which most of what is seen is a little darker than beside it."""
    contrast, unit, limits = how
    cell, wide = COARSE / unit, round(limits.block_mm * unit / COARSE)
    inked, visible = _rows(dark, seen, wide, (contrast, cell, limits))
    for line in _long(inked, visible, (wide, limits)):
        if line.whole:  # no piece of it is a streak
            near = round(limits.reach_mm / cell)
            inked[max(round(line.at) - near, 0) : round(line.at) + near + 1] = False
        yield replace(line, last=dark.shape[1])
    yield from _runs(inked, visible, np.tan(lean), (wide, cell, limits))


def _rows(dark: Gray, seen: Flags, wide: int, how: tuple[float, float, ShadowLimits]) -> tuple[Flags, Flags]:
    """Where `wide` cells of a row are darker than those beside, and where that is seen: (rows, blocks)."""
    contrast, cell, limits = how
    levels = np.minimum(dark, np.uint8(min(limits.most * contrast, 255)))
    visible = _blocks(seen.astype(np.float32), wide)
    mean = _blocks(np.where(seen, levels, np.uint8(0)), wide) / np.maximum(visible, 0.05)
    apart, can = max(1, round(limits.beside_mm / cell)), visible >= limits.visible
    beside = np.pad(np.where(can, mean, 0), ((apart, apart), (0, 0)))
    over = mean - np.maximum(beside[: -2 * apart], beside[2 * apart :])
    return (over >= limits.least * contrast) & can, can


def _blocks(cells: NDArray[np.generic], wide: int) -> Floats:
    """Mean of `wide` cells along each row; the last block of a row may hang over."""
    count = -(-cells.shape[1] // wide)
    padded = np.pad(cells, ((0, 0), (0, count * wide - cells.shape[1])))
    return np.asarray(padded.reshape(-1, count, wide).mean(axis=2, dtype=np.float32), np.float32)


def _long(inked: Flags, visible: Flags, how: tuple[int, ShadowLimits]) -> Iterator[Line]:
    """Folds: lines of any small lean along which most visible blocks of the whole page are dark."""
    wide, limits = how
    blocks = inked.shape[1]
    most = round(np.tan(np.radians(limits.lean_deg)) * wide * blocks)
    leans = np.arange(-most, most + 1) / blocks  # rows a block
    votes = _votes(_near(inked), leans) + 0.01 * _votes(inked, leans)  # of equals the one in its middle
    for _ in range(limits.lines):
        which, row = np.unravel_index(int(votes.argmax()), votes.shape)
        can = np.flatnonzero(_along(visible, float(leans[which]))[row])
        if can.size < 0.4 * blocks or votes[which, row] < limits.share * can.size:
            break
        shows = _along(_near(inked), float(leans[which]))[row]
        yield Line(float(row), float(leans[which]) / wide, 0, 0, whole=bool(shows[can[0]] and shows[can[-1]]))
        votes[:, max(row - 5, 0) : row + 6] = 0


def _near(inked: Flags) -> Flags:
    """Also the rows just above and below."""
    near = inked.copy()
    near[1:] |= inked[:-1]
    near[:-1] |= inked[1:]
    return near


def _votes(inked: Flags, leans: NDArray[np.float64]) -> Floats:
    """How many blocks are dark along each line: (leans, rows), the row that a line crosses in the middle."""
    row, block = np.nonzero(inked)
    rows, blocks = inked.shape
    at = np.rint(row - leans[:, None] * (block - (blocks - 1) / 2)).astype(np.intp)
    which = np.broadcast_to(np.arange(len(leans))[:, None], at.shape)
    on_page = (at >= 0) & (at < rows)
    votes = np.bincount((which * rows + at)[on_page], minlength=len(leans) * rows)
    return votes.reshape(len(leans), rows).astype(np.float32)


def _along(blocks: Flags, lean: float) -> Flags:
    """Each block moved so that a line leaning `lean` rows a block lies in its middle's row."""
    count = blocks.shape[1]
    down = np.rint(lean * (np.arange(count) - (count - 1) / 2)).astype(np.intp)
    rows = np.arange(len(blocks))[:, None] + down
    found = blocks[np.clip(rows, 0, len(blocks) - 1), np.arange(count)] & (rows >= 0) & (rows < len(blocks))
    return np.asarray(found, np.bool_)


def _runs(inked: Flags, visible: Flags, lean: float, how: tuple[int, float, ShadowLimits]) -> Iterator[Line]:
    """Streaks exactly along the feed that are long enough, wherever they begin and end."""
    wide, cell, limits = how
    exact = abs(lean) >= limits.exact
    dark, seen = _along(_near(inked), lean * wide), _along(visible, lean * wide)
    own, least = _along(inked, lean * wide).sum(axis=1), limits.run_mm if exact else limits.straight_run_mm
    taken = dark.sum(axis=1) < 3
    for row in np.argsort(-own, kind="stable"):
        if own[row] < 2:
            break
        if taken[row]:
            continue
        for first, last, hidden in _unbroken(dark[row], seen[row]):
            needed = limits.hidden_run_mm if hidden else least
            if (last - first) * wide * cell >= needed:
                taken[max(row - 4, 0) : row + 5] = True
                edged = (
                    _edged(seen[row], first, last) and (last - first) * wide * cell >= limits.straight_run_mm
                )
                yield Line(float(row), lean, first * wide, last * wide, needed, exact=exact or edged)


def _edged(seen: NDArray[np.bool_], first: int, last: int) -> bool:
    """True for a run that begins or ends with the paper: dust comes or goes, a ruler is laid on the paper."""
    can = np.flatnonzero(seen)
    return bool(can.size) and (first <= can[0] <= 1 or last > can[-1] >= len(seen) - 2)


def _unbroken(dark: Flags, seen: Flags) -> Iterator[tuple[int, int, bool]]:
    """Runs (from, to) of dark blocks without a visible one that is not dark, and if print hides both ends."""
    start = 0
    for end in [*np.flatnonzero(seen & ~dark).tolist(), len(dark)]:
        having = np.flatnonzero(dark[start:end]) + start
        if having.size >= 0.6 * (having[-1] + 1 - having[0] if having.size else 1):
            first, last = int(having[0]), int(having[-1]) + 1
            yield first, last, not (first and seen[first - 1]) and not (last < len(dark) and seen[last])
        start = end + 1
