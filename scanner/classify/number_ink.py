"""The handwriting of one number box: its own strokes with their tails, without frame, print or neighbours.

Printed lines hide the ink that crosses them, and a rim of 0.25 mm beside them is blind to the page's ink
(`ink`). Here the rim is looked at again, closer, and strokes are led on across the hidden line, so that a
digit that meets the frame is not cut in two. Pure; lengths in px of the template (200 dpi).
"""

from dataclasses import dataclass

import cv2
import numpy as np

from scanner.classify.atlas import PER_MM
from scanner.classify.eyes import Floats
from scanner.classify.field_ink import Box
from scanner.classify.ink import COARSE, Ink, Printed, Stroke
from scanner.classify.number_frame import FrameLimits, hidden
from scanner.classify.raster import as_gray, lightest, square
from scanner.classify.registered import Registered
from scanner.pixels import Gray


@dataclass(frozen=True, slots=True)
class CutLimits:
    """Members and units as in calibration/numbers.toml."""

    reach_mm: float
    foreign_mm2: float
    near_print: float
    parted: float
    rim_mm: float
    hidden_mm: float
    least_mm2: float


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """What is written in one box: darkness of its own ink (h, w), 0..1, and whether all of it is there.

    `whole` is False where another field's stroke lies in the box, a stroke goes on beyond `reach_mm`, or ink
    was parted from it with dirt, a fold or a shadow. `ink_mm2` is the ink of its strokes, wherever it lies.
    `hidden`: some of it may lie under the printed frame (`number_frame`). `met_mm`: along how much print,
    its rim included, the ink lies: what is seen of a digit may end there and not where its stroke does.
    """

    dark: Floats
    whole: bool
    ink_mm2: float
    at: tuple[int, int] = (0, 0)  # row and column of its top left, template px
    hidden: bool = False
    met_mm: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class InkedPage:
    """A registered page with its ink: what the numbers are cut from."""

    page: Registered
    ink: Ink
    printed: Printed


def written(
    on: InkedPage, box: Box, others: tuple[Box, ...], limits: CutLimits, frame: FrameLimits
) -> Written:
    """The handwriting of `box` (x, y, w, h in template px); `others` are the other fields with boxes."""
    ink = on.ink
    own, foreign = _own(ink, box, others)
    window = _window(ink, own, box, limits.reach_mm * PER_MM)
    seen = _seen(ink, own, window)
    around = lightest(seen, square(3))
    dark = np.where(around > 0, ink.depth[window] / np.float32(ink.contrast), 0)
    added = _through_print(on, box, window, seen, limits)
    typical = float(np.median(dark[seen > 0])) if seen.any() else 0.0
    dark = np.where((added > 0) & (dark < typical), typical, dark)
    here, image = _inside(box, window), on.page.image[window]
    parted = _parted(on, window, here, seen, limits)
    strokes = _strokes(ink, own)
    far = any(max(one.w, one.h) > 2 * limits.reach_mm * PER_MM for one in strokes)
    return Written(
        dark=np.asarray(np.minimum(dark, 1), np.float32),
        whole=max(foreign, parted) / PER_MM**2 <= limits.foreign_mm2 and not far,
        ink_mm2=sum(one.area_mm2 for one in strokes),
        at=(window[0].start, window[1].start),
        hidden=hidden(image, here, seen, frame),
        met_mm=cv2.countNonZero(cv2.bitwise_and(around, on.printed.blind[window])) / PER_MM,
    )


def _inside(box: Box, window: tuple[slice, slice]) -> Box:
    """A box as seen from the top left of a window."""
    return box[0] - window[1].start, box[1] - window[0].start, box[2], box[3]


def _parted(on: InkedPage, window: tuple[slice, slice], box: Box, seen: Gray, limits: CutLimits) -> float:
    """Px beside the own ink as dark as ink that are none any more: parted with a streak, a fold, a shadow."""
    image, x, y, w, h = on.page.image[window], *box
    inner = image[max(y, 0) : y + h, max(x, 0) : x + w]
    level = float(np.median(inner)) - limits.parted * (on.page.paper - on.page.black)
    lost = cv2.bitwise_and(
        as_gray((image < level) * np.uint8(255)), cv2.bitwise_not(on.printed.blind[window])
    )
    lost = cv2.bitwise_and(lost, cv2.bitwise_not(on.ink.mask[window]))
    return float(cv2.countNonZero(cv2.bitwise_and(lost, _within(seen, limits.rim_mm))))


def _seen(ink: Ink, own: tuple[int, ...], window: tuple[slice, slice]) -> Gray:
    """255 where the own strokes have ink in a window of whole cells."""
    mine = np.isin(ink.labels[_coarse(window[0]), _coarse(window[1])], own)
    full = np.repeat(np.repeat(mine, COARSE, 0), COARSE, 1)
    return as_gray(ink.mask[window] * full)


def _strokes(ink: Ink, numbers: tuple[int, ...]) -> list[Stroke]:
    return [ink.strokes[one - 1] for one in numbers]


def _held(ink: Ink, box: Box) -> dict[int, int]:
    """Inked px of each stroke in a box."""
    x, y, w, h = box
    rows, columns = np.nonzero(ink.mask[max(y, 0) : y + h, max(x, 0) : x + w])
    last = np.array(ink.labels.shape) - 1
    down = np.minimum((rows + max(y, 0)) // COARSE, last[0])
    across = np.minimum((columns + max(x, 0)) // COARSE, last[1])
    found, count = np.unique(ink.labels[down, across], return_counts=True)
    return {int(a): int(b) for a, b in zip(found, count, strict=True) if a}


def _own(ink: Ink, box: Box, others: tuple[Box, ...]) -> tuple[tuple[int, ...], float]:
    """The strokes with more ink in this box than in any other, and the px here of all the rest."""
    held = _held(ink, box)
    elsewhere = [_held(ink, one) for one in others if held and _touches(ink, held, one)]
    own = tuple(one for one, px in held.items() if px >= max((o.get(one, 0) for o in elsewhere), default=0))
    return own, float(sum(px for one, px in held.items() if one not in own))


def _touches(ink: Ink, held: dict[int, int], box: Box) -> bool:
    """True if the bounding box of a stroke meets the box."""
    x, y, w, h = box
    return any(
        one.x < x + w and x < one.x + one.w and one.y < y + h and y < one.y + one.h
        for one in _strokes(ink, tuple(held))
    )


def _window(ink: Ink, own: tuple[int, ...], box: Box, reach: float) -> tuple[slice, slice]:
    """Rows and columns (whole cells) that hold the box and its strokes, at most `reach` px beyond the box."""
    x, y, w, h = box
    strokes = _strokes(ink, own)
    left = max(min((one.x for one in strokes), default=x), x - reach, 0)
    top = max(min((one.y for one in strokes), default=y), y - reach, 0)
    right = min(max((one.x + one.w for one in strokes), default=x + w), x + w + reach, ink.mask.shape[1])
    low = min(max((one.y + one.h for one in strokes), default=y + h), y + h + reach, ink.mask.shape[0])
    more = 2 * COARSE
    return (
        slice(_down(min(top, y) - more), _up(max(low, y + h) + more, ink.mask.shape[0])),
        slice(_down(min(left, x) - more), _up(max(right, x + w) + more, ink.mask.shape[1])),
    )


def _down(px: float) -> int:
    return max(int(px) // COARSE * COARSE, 0)


def _up(px: float, most: int) -> int:
    return min(-(-int(px) // COARSE) * COARSE, most // COARSE * COARSE)


def _coarse(one: slice) -> slice:
    return slice(one.start // COARSE, one.stop // COARSE)


def _through_print(
    on: InkedPage, box: Box, window: tuple[slice, slice], seen: Gray, limits: CutLimits
) -> Gray:
    """255 for ink beside and under printed lines that hangs together with the strokes seen."""
    page, blind = on.page, on.printed.blind[window]
    near = cv2.bitwise_and(blind, _within(seen, limits.hidden_mm))
    if not near.any():
        return np.zeros_like(seen)
    image = page.image[window]
    usual = _frame_levels(image, _inside(box, window), seen, limits)
    darker = usual - image > limits.near_print * (page.paper - page.black)
    rim = as_gray((darker & (cv2.bitwise_and(blind, _within(seen, limits.rim_mm)) > 0)) * np.uint8(255))
    known = cv2.bitwise_or(seen, rim)
    closed = np.zeros_like(seen)
    for kernel in _ways(round(limits.hidden_mm * PER_MM)):
        closed = as_gray(cv2.max(closed, cv2.morphologyEx(known, cv2.MORPH_CLOSE, kernel)))
    joined = cv2.bitwise_or(known, cv2.bitwise_and(closed, near))
    count, labels = cv2.connectedComponents(as_gray(joined), connectivity=8)
    kept = np.zeros(count, bool)
    kept[np.unique(labels[seen > 0])] = True
    kept[0] = False
    return as_gray((kept[labels] & (near > 0)) * np.uint8(255))


def _within(seen: Gray, mm: float) -> Gray:
    """255 within so many mm of ink."""
    return lightest(seen, square(2 * round(mm * PER_MM) + 1))


def _frame_levels(image: Gray, box: Box, seen: Gray, limits: CutLimits) -> Floats:
    """What the frame looks like on this scan in each row along its sides, where no ink is near; else 0.

    Its own median says how far print has grown and blurred here, which no picture of the form can know.
    """
    levels = np.zeros(image.shape, np.float32)
    far = _within(seen, limits.hidden_mm) == 0
    x, y, w, h = box
    deep = round(limits.hidden_mm * PER_MM)
    for across, where in ((False, y), (False, y + h), (True, x), (True, x + w)):
        view, free, out = (image.T, far.T, levels.T) if across else (image, far, levels)
        start, length = (y, h) if across else (x, w)
        rows = slice(max(where - deep, 0), min(where + deep, view.shape[0]))
        inner = slice(max(start + deep, 0), max(start + length - deep, 0))
        bare = np.where(free[rows, inner], view[rows, inner].astype(np.float32), np.nan)
        enough = free[rows, inner].sum(1) >= deep // 2
        if enough.any():
            out[rows, inner][enough] = np.nanmedian(bare[enough], axis=1)[:, None]
    return levels


def _ways(reach: int) -> list[Gray]:
    """Short lines in four directions, along which a stroke may cross print."""
    side = 2 * reach // 2 + 1
    flat = np.zeros((side, side), np.uint8)
    flat[side // 2] = 1
    slope = np.eye(side, dtype=np.uint8)
    return [flat, flat.T.copy(), slope, slope[::-1].copy()]
