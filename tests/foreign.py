"""A small foreign ballot as pixels: rows of text with boxes, a frame, and what scanners and pens do to it."""

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.classify.ink import InkLimits, Printed, printed
from scanner.classify.marks import MarkLimits
from scanner.classify.register import prepare
from scanner.classify.registered import Limits, Template
from scanner.config import calibration

Gray = NDArray[np.uint8]
DPI = 200
UNIT = DPI / 25.4
SIZE = (900, 1200)  # width, height px: 114 × 152 mm
LIMITS = calibration("registration", Limits)
INK = calibration("ink", InkLimits)
MARKS = calibration("marks", MarkLimits)
NAMES = ("Solveig Nordahl", "Ola Fjellheim", "Kari Vestvik", "Per Sandmo", "Ingrid Lund", "Jonas Hauge")
OTHERS = ("Berit Myhre", "Tor Aasen", "Liv Brekke", "Nils Dahle", "Eva Grotle", "Arne Moe")


def box(row: int, column: int = 0) -> tuple[int, int, int, int]:
    """x, y, w, h of a voting target; three columns of six."""
    return 60 + 280 * column, 300 + 140 * row, 34, 30


BOXES = tuple(box(row, column) for column in range(3) for row in range(6))


def form(names: tuple[str, ...] = NAMES, title: str = "KOMMUNEVALG 2027") -> Gray:
    """The blank form."""
    page = np.full((SIZE[1], SIZE[0]), 255, np.uint8)
    cv2.rectangle(page, (25, 25), (SIZE[0] - 26, SIZE[1] - 26), 0, 3)
    write(page, title, (60, 100), 1.4, 3)
    write(page, "Sett kryss i ruten foran navnet. Brett seddelen.", (60, 160), 0.8, 2)
    write(page, "Du kan stemme paa saa mange du vil, fra alle lister.", (60, 205), 0.8, 2)
    for number, (x, y, w, h) in enumerate(BOXES):
        cv2.rectangle(page, (x, y), (x + w, y + h), 0, 2)
        name = names[(number * 5 + number // 6) % len(names)]
        write(page, name, (x + 50, y + 24), 0.65, 2)
        write(page, f"nr {number * 37 % 91}, {'abcdefghi'[number % 7 :][:3]}", (x + 50, y + 56), 0.55, 1)
    return page


def write(page: Gray, text: str, at: tuple[int, int], size: float, thick: int) -> None:
    cv2.putText(page, text, at, cv2.FONT_HERSHEY_SIMPLEX, size, 0, thick, cv2.LINE_AA)


@cache
def template() -> Template:
    return prepare(form(), DPI, LIMITS)


@cache
def prints() -> Printed:
    return printed(template(), INK)


def pen(page: Gray, at: list[tuple[float, float]], thick: int = 4, level: int = 50) -> Gray:
    """A stroke through points; ink only darkens."""
    layer = np.full_like(page, 255)
    points = np.round(np.array(at) * 16).astype(np.int32).reshape(-1, 1, 2)
    cv2.polylines(layer, [points], False, level, thick, cv2.LINE_AA, 4)
    return np.minimum(page, layer)


def cross(page: Gray, target: tuple[int, int, int, int], thick: int = 4, level: int = 50) -> Gray:
    x, y, w, h = target
    page = pen(page, [(x + 3, y + 3), (x + w - 3, y + h - 3)], thick, level)
    return pen(page, [(x + w - 3, y + 3), (x + 3, y + h - 3)], thick, level)


def scan(page: Gray, degrees: float = 0.0, scale: float = 1.0, shift: tuple[float, float] = (0, 0)) -> Gray:
    """What a scanner makes of it: turned about its middle, greyed, slightly blurred, with seeded noise."""
    height, width = page.shape
    size = (round(width * scale) + 60, round(height * scale) + 60)
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, scale)
    turn[:, 2] += (size[0] / 2 - width / 2 + shift[0], size[1] / 2 - height / 2 + shift[1])
    laid = cv2.warpAffine(page, turn, size, borderValue=255, flags=cv2.INTER_LINEAR)
    worn = cv2.GaussianBlur(laid, (0, 0), 0.7) * (205 / 255) + 30
    noise = np.random.default_rng(7).normal(0, 3, worn.shape)
    return np.clip(worn + noise, 0, 255).astype(np.uint8)


def stretched(page: Gray, px: float, period: float) -> Gray:
    """Rows moved by a wave of `px`: a feeder that pulls unevenly."""
    height, width = page.shape
    y, x = np.mgrid[:height, :width].astype(np.float32)
    moved = (y + px * np.sin(2 * np.pi * y / period)).astype(np.float32)
    return np.asarray(cv2.remap(page, x, moved, cv2.INTER_LINEAR, borderValue=255), np.uint8)
