"""Cuts one handwritten line out of a page and brings it to a size at which a network can read it.

Two views that share little: the ink alone, set upright and brought to one height by how its rows are
spread; and the bare gray paper with everything printed on it, brought to one height by how far the
writing reaches. Both are 32 px high and as wide as the writing.
"""

import cv2
import numpy as np
import numpy.typing as npt

from scanner.pixels import Gray

ALPHABET = " abcdefghijklmnopqrstuvwxyzåæøäöüß-.,#"
"""What the networks write, after the empty class 0; `#` stands for writing that was struck out."""

HIGH = 32  # px of a picture
WIDEST = 400  # px; longer lines are squeezed
SPREAD = 4.5  # px, standard deviation of the ink's rows: a small letter is then about 8 px high
REACH = 21.0  # px from the highest to the lowest ink of the gray view
SIDES = 8  # px of paper left and right of the writing
STEP = 4  # px of a picture to one column of the networks' answer
LEANS = np.linspace(-0.9, 0.9, 13)  # px to the side per px down: slants of up to 42 degrees

Points = npt.NDArray[np.float32]


def without_rules(mask: Gray, px_per_mm: float) -> Gray:
    """The ink (h, w) 0 or 255 without dust and without long thin lines above or below the writing.

    Such lines are remains of printed rules and underlining. A line through the middle stays: it may
    strike the name out.
    """
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    if count < 2:
        return mask
    wide, high, area = (stats[:, one] for one in (cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT, cv2.CC_STAT_AREA))
    thin = (wide > 4 * px_per_mm) & (area < 0.8 * px_per_mm * wide) & (high < 0.15 * wide + 0.3 * px_per_mm)
    dust = area < (0.2 * px_per_mm) ** 2
    body = np.flatnonzero(~thin & ~dust)
    body = body[body > 0]
    if not len(body):
        return mask
    rows = np.isin(labels, body).sum(1).cumsum()
    low, top = (int(np.searchsorted(rows, rows[-1] * share)) for share in (0.85, 0.15))
    middle = stats[:, cv2.CC_STAT_TOP] + high / 2
    keep = ~dust & ~(thin & ((middle > low) | (middle < top)))
    keep[0] = False
    return np.asarray(np.where(keep[labels], 255, 0), np.uint8)


def ink_picture(mask: Gray) -> Gray:
    """The ink (h, w) 0 or 255 of one line, upright, as a picture (32, w), 16 ≤ w ≤ 400, ink light on black.

    All black if there is no ink.
    """
    rows, columns = np.nonzero(mask)
    if len(rows) < 8:
        return np.zeros((HIGH, 2 * SIDES), np.uint8)
    lean = _lean(rows.astype(np.float32), columns.astype(np.float32))
    across = columns + lean * rows
    left, right = float(across.min()), float(across.max())
    scale = SPREAD / max(float(rows.std()), 2.0)
    along = min(scale, (WIDEST - 2 * SIDES) / (right - left + 1))
    wide = _steps((right - left + 1) * along + 2 * SIDES)
    lay = np.asarray([[along, lean * along, SIDES - left * along],
                      [0, scale, HIGH / 2 - scale * float(rows.mean())]], np.float32)  # fmt: skip
    return _laid(mask, lay, wide)


def gray_picture(gray: Gray, mask: Gray) -> Gray:
    """The bare page (h, w) around the ink `mask` of one line, as a picture (32, w), dark shown light.

    Darkness counts from the paper's own level and is stretched so that the writing's own ink is light,
    however pale the pen. All black if there is no ink.
    """
    rows, columns = np.nonzero(mask)
    if len(rows) < 8:
        return np.zeros((HIGH, 2 * SIDES), np.uint8)
    paper = float(np.percentile(gray[::2, ::2], 80))
    ink = max(paper - float(np.median(gray[rows, columns])), 20.0)
    dark = np.clip((paper - gray.astype(np.float32)) * (200 / ink), 0, 255).astype(np.uint8)
    top, low = np.percentile(rows, (2, 98))
    left, right = float(columns.min()), float(columns.max())
    scale = REACH / max(float(low - top), 6.0)
    along = min(scale, (WIDEST - 2 * SIDES) / (right - left + 1))
    wide = _steps((right - left + 1) * along + 2 * SIDES)
    lay = np.asarray([[along, 0, SIDES - left * along],
                      [0, scale, HIGH / 2 - scale * (top + low) / 2]], np.float32)  # fmt: skip
    return _laid(dark, lay, wide)


def _lean(rows: Points, columns: Points) -> float:
    """By how much to push each row to the side so that upright strokes stand upright."""
    some = slice(None, None, max(1, len(rows) // 1500))
    y, x = rows[some] - rows.mean(), columns[some]
    sharp = [_peaks(x + lean * y) for lean in LEANS]
    return float(LEANS[int(np.argmax(sharp))])


def _peaks(across: Points) -> float:
    counts = np.bincount((across - across.min()).astype(np.intp))
    return float((counts.astype(np.float64) ** 2).sum())


def _steps(wide: float) -> int:
    """A width in whole steps of the networks."""
    return STEP * max(4, round(wide / STEP))


def _laid(picture: Gray, lay: Points, wide: int) -> Gray:
    """Softened before it is made smaller, so that thin strokes do not fall between the pixels."""
    shrink = min(float(lay[0, 0]), float(lay[1, 1]))
    soft = cv2.GaussianBlur(picture, (0, 0), 0.45 / shrink) if shrink < 0.8 else picture
    return np.asarray(cv2.warpAffine(soft, lay, (wide, HIGH), flags=cv2.INTER_LINEAR), np.uint8)
