"""Sheets full of number boxes, written in by known people and scanned: what the cutter makes of digits.

A sheet lies in the template's frame, a little off as registration leaves it. Printed numbers and names
stand beside the boxes as on the ballot; now and then a neighbour's tail reaches in.
"""

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
import numpy.typing as npt

from scanner.ballot import Rect
from scanner.classify.atlas import DPI, PER_MM, px
from scanner.classify.digits import number_limits
from scanner.classify.eyes import Floats
from scanner.classify.field_ink import Box
from scanner.classify.ink import InkLimits, Printed, find_ink, printed
from scanner.classify.number_ink import InkedPage, Written, written
from scanner.classify.numbers import NumberLimits
from scanner.classify.register import prepare
from scanner.classify.registered import Limits, Registered, Template
from scanner.config import calibration
from scanner.pixels import Gray
from scanner.simulate.pens import RGB, Pen, lay
from scanner.training.digits_drawing import AIR, Form, rendered
from scanner.training.digits_ink import Digit
from scanner.training.digits_shapes import Random
from scanner.training.wear import Wear

WIDE, HIGH, FRAME = 9.0, 6.2, 0.4  # mm, as printed on the ballots of Storting and Sameting
ACROSS, DOWN = 7, 23
PITCH = (28.0, 8.9)
FIRST = (10.0, 8.0)
FACES = 4  # different sheets of print


@dataclass(frozen=True, slots=True, eq=False)
class Blank:
    """A sheet of empty boxes, ready for comparing."""

    template: Template
    printed: Printed
    boxes: tuple[Rect, ...]


@dataclass(frozen=True, slots=True)
class Number:
    """What one person writes in one box: digits from left to right with the form of each, or one scribble.

    `value` is None for what is no number. `gap` between two digits and offsets in mm.
    """

    value: int | None
    kind: str
    digits: tuple[Digit, ...]
    forms: tuple[Form, ...]
    gap: float
    off: tuple[float, float]
    pen: Pen


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """One box as cut from a scanned sheet; `owner` is which digit put the ink there: 1, 2, 0 for nobody."""

    number: Number | None
    written: Written
    owner: Gray


@cache
def limits() -> NumberLimits:
    """The numbers of the cutter."""
    return number_limits()


@cache
def ink_limits() -> InkLimits:
    """What counts as ink."""
    return calibration("ink", InkLimits)


@cache
def blank(face: int) -> Blank:
    """A sheet of 161 empty boxes with numbers and names beside them."""
    random = np.random.default_rng([7, face])
    fine = 3
    k = fine * PER_MM
    size = (round((FIRST[1] + DOWN * PITCH[1]) * PER_MM), round((FIRST[0] + ACROSS * PITCH[0]) * PER_MM))
    page = np.full((size[0] * fine, size[1] * fine), 255, np.uint8)
    boxes = tuple(
        Rect(FIRST[0] + column * PITCH[0], FIRST[1] + row * PITCH[1], WIDE, HIGH)
        for column in range(ACROSS)
        for row in range(DOWN)
    )
    for number, box in enumerate(boxes, 1):
        _print(page, box, number, k, random)
    gray = np.asarray(cv2.resize(page, size[::-1], interpolation=cv2.INTER_AREA), np.uint8)
    template = prepare(gray, DPI, calibration("registration", Limits))
    return Blank(template, printed(template, ink_limits()), boxes)


def _print(page: Gray, box: Rect, number: int, k: float, random: Random) -> None:
    inner = box.grown(-FRAME / 2)
    ends = [
        tuple(round(v * k * 16) for v in at)
        for at in ((inner.x, inner.y), (inner.x + inner.w, inner.y + inner.h))
    ]
    cv2.rectangle(page, ends[0], ends[1], [0], round(FRAME * k), cv2.LINE_AA, 4)
    face, high = cv2.FontFace("sans"), round(3.0 * k)
    low = round((box.y + 4.6) * k)
    name = "".join(random.choice(list("ABEHKLMNRSTaeiknorstå"), 4))
    cv2.putText(page, f"{number % 60 + 1}.", (round((box.x - 6.5) * k), low), (0,), face, high, 400)
    cv2.putText(page, name, (round((box.x + box.w + 2) * k), low), (0,), face, high, 400)


def scanned_sheet(face: int, numbers: list[Number | None], wear: Wear, random: Random) -> list[Seen]:
    """The sheet with these numbers in its boxes (None: left empty), as cut from the scan."""
    form = blank(face)
    page = form.template.gray.copy()
    owner = np.zeros_like(page)
    for number, box in zip(numbers, form.boxes, strict=False):
        if number is not None:
            _write((page, owner), number, box, random)
    there = wear(_shaken(page, random), random)
    laid = registered(there, form.template)
    ink = find_ink(laid, form.printed, ink_limits())
    rects = [px(one) for one in form.boxes]
    inked = InkedPage(laid, ink, form.printed)
    cut = [_cut(inked, rects, place) for place in range(len(numbers))]
    return [Seen(number, one, _there(owner, one)) for number, one in zip(numbers, cut, strict=True)]


def _there(owner: Gray, seen: Written) -> Gray:
    """The owners of the ink in the window of one box."""
    (top, left), (high, wide) = seen.at, seen.dark.shape
    return owner[top : top + high, left : left + wide]


def _cut(page: InkedPage, rects: list[Box], place: int) -> Written:
    near = tuple(rects[one] for one in (place - 1, place + 1) if 0 <= one < len(rects))
    return written(page, rects[place], near, limits().cut, limits().frame)


def _write(pages: tuple[Gray, Gray], number: Number, box: Rect, random: Random) -> None:
    """Ink of all digits of a number on the page, in place, and on the second page whose it is."""
    page, owner = pages
    inks = [rendered(digit, how) for digit, how in zip(number.digits, number.forms, strict=True)]
    wide = [one.shape[1] - 2 * AIR for one in inks]
    gap = number.gap * PER_MM
    total = sum(wide) + gap * (len(inks) - 1)
    x = (box.x + box.w / 2 + number.off[0]) * PER_MM - total / 2
    for place, (one, across) in enumerate(zip(inks, wide, strict=True), 1):
        y = (
            (box.y + box.h / 2 + number.off[1]) * PER_MM
            - one.shape[0] / 2
            + random.normal(0, 0.03) * one.shape[0]
        )
        cover = _penned(one, number.pen, random)
        lay(page, cover, (round(x) - AIR, round(y)), RGB[number.pen.colour])
        _claim(owner, one > 0.3, (round(x) - AIR, round(y)), place)
        x += across + gap


def _claim(owner: Gray, inked: npt.NDArray[np.bool_], at: tuple[int, int], place: int) -> None:
    """Write whose ink it is, with a rim of 2 px where nobody has any; `at` (x, y) may be off it."""
    wide = cv2.dilate(np.pad(inked.astype(np.uint8), 2), np.ones((5, 5), np.uint8)) > 0
    x, y = at[0] - 2, at[1] - 2
    top, left = max(y, 0), max(x, 0)
    part = owner[top : max(y + wide.shape[0], 0), left : max(x + wide.shape[1], 0)]
    mine = wide[top - y :, left - x :][: part.shape[0], : part.shape[1]]
    part[mine & (part == 0)] = place


def _penned(ink: Floats, pen: Pen, random: Random) -> Floats:
    """Ink as this pen leaves it: paler, grainy, skipping."""
    grain = np.float32(pen.grain) * random.random(ink.shape, np.float32)
    flow = cv2.GaussianBlur(random.standard_normal(ink.shape, np.float32), (0, 0), 2.0) * 5
    skips = np.where(flow > _normal_quantile(pen.skip), 1, 0.15).astype(np.float32)
    return np.asarray(ink * np.float32(pen.cover) * (1 - grain) * skips, np.float32)


def _normal_quantile(share: float) -> float:
    """Below which value a share of a normal number lies, near enough."""
    return float(-np.sqrt(max(-2 * np.log(max(share, 1e-6)), 0)) + 0.5) if share > 1e-3 else -9.0


def calm(light: Floats, random: Random) -> Gray:
    """A scanner in good order: a little blur and noise, a little compression."""
    soft = cv2.GaussianBlur(light, (0, 0), random.uniform(0.25, 0.6)) / 255
    white, black = random.uniform(215, 250), random.uniform(15, 60)
    noise = random.standard_normal(light.shape, np.float32) * np.float32(random.uniform(0.5, 3.5))
    page = np.clip(black + (white - black) * soft + noise, 0, 255).astype(np.uint8)
    _, packed = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(75, 96))])
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.uint8)


def _shaken(page: Gray, random: Random) -> Floats:
    """The page a little off its template, as the local shifts of a registration leave it: up to 1 px."""
    rows, columns = page.shape
    small = random.normal(0, 0.35, (2, 9, 9)).astype(np.float32)
    dx, dy = (
        np.clip(cv2.resize(one, (columns, rows), interpolation=cv2.INTER_CUBIC), -1, 1) for one in small
    )
    x = np.arange(columns, dtype=np.float32)[None] + dx
    y = np.arange(rows, dtype=np.float32)[:, None] + dy
    return np.asarray(cv2.remap(page, x, y, cv2.INTER_LINEAR, borderValue=[255.0]), np.float32)


def registered(image: Gray, template: Template) -> Registered:
    """A scan that lies on its template."""
    half = np.asarray(cv2.resize(image, template.half.shape[::-1], interpolation=cv2.INTER_AREA), np.uint8)
    solid = cv2.erode(template.dark, np.ones((2, 2), np.uint8)) > 0
    none = np.zeros((1, 1), np.float32)
    nodes: npt.NDArray[np.float32] = np.zeros((2, 2, 2), np.float32)
    seen = np.full((image.shape[0] // 8, image.shape[1] // 8), 255, np.uint8)
    return Registered(
        image=image, half=half, paper=float(np.median(half[template.half > 250])),
        black=float(np.median(half[solid])), seen=seen, template=template, to_scan=nodes, ok=True,
        fault=None, page_ncc=1.0, matched=1.0, residual_px=0.3, residual_p95_px=0.6,
        gone_print=np.zeros_like(half), missing=none,
    )  # fmt: skip
