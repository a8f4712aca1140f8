"""From a digit to ink at the size in which a scanner sees it, thick or thin, leaning, stretched, worn."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from scanner.classify.eyes import Floats
from scanner.classify.raster import as_gray
from scanner.pixels import Gray
from scanner.training.digits_ink import Digit
from scanner.training.digits_shapes import Line, Random

FINE = 2  # drawn so many times finer than asked for, then averaged down
AIR = 4  # px around the ink


@dataclass(frozen=True, slots=True)
class Form:
    """How a digit is put on paper: height, line (px), width over its own, slant (px/px), turn (degrees)."""

    tall: float
    line: float
    stretch: float
    slant: float
    turn: float


def form(random: Random) -> Form:
    """Any size, slant and width that people and scanners come up with."""
    tall = float(np.exp(random.normal(np.log(29), 0.25)))
    return Form(
        tall=float(np.clip(tall, 14, 52)),
        line=float(np.clip(tall, 14, 52) * np.exp(random.normal(np.log(0.105), 0.35))),
        stretch=float(np.exp(random.normal(0, 0.18))),
        slant=float(random.normal(0.06, 0.16)),
        turn=float(random.normal(0, 4)),
    )


def rendered(digit: Digit, how: Form) -> Floats:
    """Ink 0..1 of a digit, (h, w), tight but for AIR px."""
    if digit.picture is not None:
        return _from_picture(digit.picture, how)
    return lines_inked(digit.lines, (0.1 * how.tall * how.stretch * _natural(digit), 0.1 * how.tall), how)


def _natural(digit: Digit) -> float:
    """Pen tracks of the unit square are as wide as high: their width is the collection's own."""
    wide = max(float(max(one[:, 0].max() for one in digit.lines)), 0.5)
    return digit.aspect * 10 / wide


def _turned(how: Form) -> npt.NDArray[np.float64]:
    a = np.radians(how.turn)
    turned = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
    return np.asarray(turned @ np.array([[1, -how.slant], [0, 1]]), np.float64)


def lines_inked(lines: tuple[Line, ...], scale: tuple[float, float], how: Form) -> Floats:
    """Ink 0..1 of pen lines, with `scale` px per unit across and down, slant, turn and line of `how`."""
    moved = [np.asarray(one * np.asarray(scale) @ _turned(how).T, np.float64) for one in lines]
    every = np.concatenate(moved)
    edge = how.line / 2 + AIR
    low = every.min(0) - edge
    size = np.ceil(every.max(0) + edge - low).astype(int)
    layer = np.zeros((int(size[1]) * FINE, int(size[0]) * FINE), np.uint8)
    for one in moved:
        spots = np.rint((one - low) * FINE * 16).astype(np.int32)
        cv2.polylines(layer, [spots], isClosed=False, color=[255], thickness=max(1, round(how.line * FINE)),
                      lineType=cv2.LINE_AA, shift=4)  # fmt: skip
    small = cv2.resize(layer, tuple(size.tolist()), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32) / np.float32(255)


def _from_picture(picture: Gray, how: Form) -> Floats:
    """A picture brought to size; its strokes grow or shrink towards the line asked for by up to a third."""
    rows, columns = picture.shape
    up = how.tall * FINE / rows
    size = np.array([columns * up * how.stretch, rows * up])
    turn = _turned(how) @ np.diag(size / [columns, rows])
    corners = np.array([[0, 0], [columns, 0], [0, rows], [columns, rows]], np.float64) @ turn.T
    low = corners.min(0) - AIR * FINE
    whole = np.ceil((corners.max(0) + AIR * FINE - low) / FINE).astype(int) * FINE
    matrix = np.hstack([turn, (-low + turn @ [0.5, 0.5])[:, None] - 0.5])
    soft = as_gray(cv2.warpAffine(picture, matrix, tuple(whole.tolist()), flags=cv2.INTER_CUBIC))
    soft = as_gray(cv2.GaussianBlur(soft, (0, 0), max(0.35 * up, 0.5)))
    level = _level(soft, how)
    crisp = np.clip((soft.astype(np.float32) - level) / 40 + 0.5, 0, 1)
    return np.asarray(
        cv2.resize(crisp, tuple((whole // FINE).tolist()), interpolation=cv2.INTER_AREA), np.float32
    )


def _level(soft: Gray, how: Form) -> float:
    """Where the edge of the ink lies, 0..255: higher makes lines thinner."""
    inked = soft > 127
    edge = max(
        float(cv2.morphologyEx(inked.astype(np.uint8), cv2.MORPH_GRADIENT, np.ones((2, 2), np.uint8)).sum()),
        1,
    )
    line = 2 * float(inked.sum()) / edge
    return float(np.clip(127 + 90 * np.tanh((line - how.line * FINE) / max(line, 1.0)), 60, 190))


def worn(ink: Floats, random: Random) -> Floats:
    """What pen, paper, frame and scanner leave of the ink, 0..1, same size or smaller."""
    if random.random() < 0.12:  # a gap where print hid the stroke, or a line of print that stayed
        ink = _barred(ink, random)
    if random.random() < 0.3:  # the pen skips
        flow = cv2.GaussianBlur(random.standard_normal(ink.shape, np.float32), (0, 0), random.uniform(0.8, 2))
        ink = ink * np.clip(1.1 + flow * random.uniform(0.2, 1.3), 0.15, 1).astype(np.float32)
    ink = np.asarray(cv2.GaussianBlur(ink, (0, 0), random.uniform(0.25, 0.9)), np.float32)
    ink = ink * np.float32(random.uniform(0.3, 1.0))
    noise = random.standard_normal(ink.shape, np.float32) * np.float32(abs(random.normal(0, 0.04)))
    ink = ink + np.where(cv2.dilate(ink, np.ones((3, 3), np.uint8)) > 0.15, noise, 0).astype(np.float32)
    if random.random() < 0.3:
        return np.asarray(ink > random.uniform(0.12, 0.5) * ink.max(), np.float32)
    return np.asarray(np.where(ink < 0.15 * random.uniform(0.5, 1.5), 0, np.minimum(ink, 1)), np.float32)


def _barred(ink: Floats, random: Random) -> Floats:
    """A band across or down the ink is lost, or a thin line is added near one end."""
    ink = ink.copy()
    view = ink if random.random() < 0.7 else ink.T
    rows = np.flatnonzero(view.max(1) > 0.3)
    at = int(random.choice([rows[0], rows[-1]]) + random.integers(-2, 3))
    band = slice(max(at - int(random.integers(0, 3)), 0), at + int(random.integers(1, 4)))
    if random.random() < 0.6:
        view[band] = 0
    else:
        left = int(random.integers(0, view.shape[1]))
        view[band, left : left + int(random.integers(2, 8))] = random.uniform(0.4, 1)
    return ink


def squeezed(ink: Floats, random: Random) -> Floats:
    """Stretched to fill a small square, as some collections keep their digits."""
    rows, columns = np.flatnonzero(ink.max(1) > 0.2), np.flatnonzero(ink.max(0) > 0.2)
    if not len(rows) or len(columns) < 0.4 * len(rows):  # a plain bar would become a black square
        return ink
    cut = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    side = int(random.integers(14, 25))
    wide = round(side * random.uniform(0.75, 1.05))
    small = cv2.resize(cut, (wide, side), interpolation=cv2.INTER_AREA)
    if random.random() < 0.6:
        small = (small > random.uniform(0.3, 0.5)).astype(np.float32)
    return np.asarray(np.pad(small, 2), np.float32)
