"""Single places with or without a mark, as a scanner would see them: food for learning readers."""

from enum import StrEnum

import cv2
import numpy as np
import simplejpeg

from scanner.ballot import Face, Rect
from scanner.pixels import INCH_MM, Picture
from scanner.simulate import marks
from scanner.simulate.intention import Voter
from scanner.simulate.letters import write
from scanner.simulate.pens import draw
from scanner.simulate.scan import crease, jpeg, sensed
from scanner.simulate.strokes import Stroke, stroke
from scanner.simulate.voters import voter
from scanner.simulate.wear import Fold, Scanner, Streak, Transport, scanner


class CropKind(StrEnum):
    """What a crop shows; the first is a mark, the next two people must look at, the rest are no marks."""

    MARK = "mark"
    CORRECTION = "correction"
    BESIDE = "beside"  # a mark of the same hand just outside the box
    EMPTY = "empty"
    TAIL = "tail"  # the end of a neighbour's tick or of a letter reaches in
    SLIP = "slip"
    FOLD = "fold"
    STREAK = "streak"
    GHOST = "ghost"  # a mark on the other face shines through


def mark_crop(
    printed: Picture,
    box: Rect,
    px_per_mm: float,
    kind: CropKind,
    rng: np.random.Generator,
    *,
    level: int = 1,
    who: Voter | None = None,
    on: Scanner | None = None,
    shift_px: float = 0.7,
) -> Picture:
    """A printed patch with something in or near its box, seen through a worn scanner.

    `printed` (h, w) grey uint8 is a piece of the printed face at `px_per_mm`; `box` lies in it, in
    mm from its top left corner. The result has the same shape and lies up to `shift_px` beside it,
    turned by up to 0.6°. `who` and `on` fix the voter and the scanner, else chance chooses;
    `level` 0-3 is the scanner's wear.
    """
    by, machine = who or voter(rng), on or scanner(level, rng, dpi=px_per_mm * INCH_MM)
    patch = printed.copy()
    draw(patch, _strokes(kind, box, by, rng), by.pen, px_per_mm, rng)
    if kind is CropKind.GHOST:
        patch = _ghost(patch, box, by, px_per_mm, rng)
    if kind is CropKind.FOLD:
        _folded(patch, box, px_per_mm, rng)
    moved = _moved(patch, shift_px, rng)
    streaks = (_streak(box, px_per_mm, machine, moved.shape, rng),) if kind is CropKind.STREAK else ()
    seen = sensed(moved, machine, streaks, rng)
    squeezed = jpeg(seen, machine.jpeg, machine.dpi)
    return np.asarray(simplejpeg.decode_jpeg(squeezed, colorspace="GRAY")[..., 0], np.uint8)


def _strokes(kind: CropKind, box: Rect, by: Voter, rng: np.random.Generator) -> list[Stroke]:
    """The pen strokes of a crop, in mm."""
    match kind:
        case CropKind.MARK:
            return marks.mark(by.shape, box, by.hand, rng)
        case CropKind.CORRECTION:
            return marks.correction(box, by.hand, rng)
        case CropKind.BESIDE:
            away = (box.w * 1.25) * rng.choice([-1.0, 1.0])
            return marks.mark(by.shape, Rect(box.x + away, box.y, box.w, box.h), by.hand, rng)
        case CropKind.SLIP:
            spot = box.x + rng.uniform(0, box.w), box.y + rng.uniform(0, box.h)
            return marks.slip(spot, by.hand, rng)
        case CropKind.TAIL:
            return _tail(box, by, rng)
        case _:
            return []


def _tail(box: Rect, by: Voter, rng: np.random.Generator) -> list[Stroke]:
    """A stroke that comes from above, below or the side and ends just inside the box."""
    if rng.random() < 0.3:
        at = box.x + rng.uniform(-0.5, box.w), box.y + rng.choice([-0.2, box.h + 4.2])
        return write(str(rng.choice([*"JGYQRK"])), at, 4.0, by.hand, rng, habit=by.habit)
    x, y = box.centre
    angle = rng.uniform(0, 2 * np.pi)
    way = np.array([np.cos(angle), np.sin(angle)])
    reach = box.h * rng.uniform(0.35, 0.5)  # from the middle: the tail ends near the frame
    bend = rng.normal(0, 0.6, 2)
    points = [
        (x, y) + way * (reach + box.h),
        (x, y) + way * (reach + 0.5 * box.h) + bend,
        (x, y) + way * reach,
    ]
    return [stroke(points, rng, tremble_mm=by.hand.tremble_mm)]


def _ghost(patch: Picture, box: Rect, by: Voter, px_per_mm: float, rng: np.random.Generator) -> Picture:
    """A mark or a stamp's line on the other face, faint and blurred."""
    behind = np.full_like(patch, 255)
    near = Rect(box.x + rng.normal(0, 1), box.y + rng.normal(0, 1), box.w, box.h)
    draw(behind, marks.mark(by.shape, near, by.hand, rng), by.pen, px_per_mm, rng)
    t = rng.uniform(0.04, 0.15)
    return np.asarray(cv2.addWeighted(patch, 1, cv2.blur(behind, (3, 3)), t, -255 * t), np.uint8)


def _folded(patch: Picture, box: Rect, px_per_mm: float, rng: np.random.Generator) -> None:
    """A fold through the box, in place: shallow or as dark as a pen line."""
    at = box.x + rng.uniform(0, box.w), box.y + rng.uniform(0, box.h)
    angle = rng.choice([rng.normal(0, 2), 90 + rng.normal(0, 2), rng.uniform(-60, 60)])
    depth = rng.uniform(0.05, 0.45)
    fold = Fold(at, float(angle), depth, depth * rng.uniform(0, 0.5), rng.uniform(0.25, 0.9))
    crease(patch, fold, Face.INSIDE, px_per_mm)


def _streak(
    box: Rect, px_per_mm: float, on: Scanner, shape: tuple[int, ...], rng: np.random.Generator
) -> Streak:
    """A streak of the scanner through the box."""
    down = on.transport is Transport.DOWN
    low, wide, whole = (box.x, box.w, shape[1]) if down else (box.y, box.h, shape[0])
    at = (low + rng.uniform(0, wide)) * px_per_mm / whole
    return Streak(float(at), int(rng.choice([1, 1, 2, 3])), float(rng.uniform(0.3, 0.95)), 0.0, 1.0)


def _moved(patch: Picture, shift_px: float, rng: np.random.Generator) -> Picture:
    """A patch as registration leaves it: shifted by part of a pixel, hardly turned."""
    h, w = patch.shape[:2]
    turn = np.array(
        cv2.getRotationMatrix2D((w / 2, h / 2), rng.normal(0, 0.2), rng.uniform(0.995, 1.005)), float
    )
    turn[:, 2] += rng.uniform(-shift_px, shift_px, 2)
    moved = cv2.warpAffine(patch, turn, (w, h), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.uint8)
