"""Which ballot it is: the OCR-B number line and the printed name must say the same.

The number is read digit by digit without knowing the lists, so that a foreign ballot is seen as
foreign. The name is compared with the printed names of this election. Two lists may have names
that differ in one letter; then only the pixels in which the two differ are asked.
Until 2017 the count used the number alone, from 2019 both cues.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.ballot import Identity, Reason, Rect, StyleKind
from scanner.classify.upright import Affine
from scanner.pixels import INCH_MM, Gray

LINE_DPI = 200
HEADING_DPI = 100


@dataclass(frozen=True, slots=True)
class IdentifyBounds:
    """Numbers of `calibration/identify.toml`."""

    search_mm: float  # the line may lie this far from where the marks put it
    far_mm: float  # ... where paper is stretched between the marks; looked so far only if nothing is nearer
    min_digit: float  # correlation under which a digit is not read
    digit_margin: float  # lead over the second best digit
    min_digits: int  # digits that must be read before the number is a cue
    min_heading: float  # correlation of the printed name
    heading_lead: float  # 0..1, where between the rival (0) and the claimed name (1) the pixels lie


@dataclass(frozen=True)
class NumberCells:
    """The cells of the ballot number on one form, with the ten digits as printed."""

    cells: tuple[Rect, ...]
    glyphs: tuple[Gray, ...]  # ten pictures of one cell at LINE_DPI, "0".."9"


@dataclass(frozen=True)
class Known:
    """One style as identification sees it."""

    style: str
    list: str | None
    kind: StyleKind
    ballot_number: str
    heading: str
    heading_rect: Rect
    heading_picture: Gray  # at HEADING_DPI
    numbers: NumberCells


@dataclass(frozen=True, slots=True)
class Named:
    """The answer of one cue: the style it points to, how well, and what it read."""

    style: str | None
    score: float
    text: str
    fits: tuple[str, ...] = ()  # number: the styles whose number has every digit that was read


def identify(
    image: Gray, to_image: Affine, known: tuple[Known, ...], bounds: IdentifyBounds
) -> tuple[Identity, tuple[Reason, ...]]:
    """Identity of an inside face, and the reasons to doubt it.

    `to_image` maps mm on the face to px of `image`. Both cues agreeing gives `agree`; one cue
    that cannot be read, or a number open between several lists, gives IDENTITY_WEAK, two that
    differ IDENTITY_CONFLICT, digits that no list has UNKNOWN_BALLOT.
    """
    number = _number_cue(image, to_image, known, bounds)
    heading = _heading_cue(image, to_image, known, number.style, bounds)
    return _conclude(number, heading, known, bounds)


def _conclude(
    number: Named, heading: Named, known: tuple[Known, ...], bounds: IdentifyBounds
) -> tuple[Identity, tuple[Reason, ...]]:
    agree = number.style is not None and number.style == heading.style
    chosen = next((one for one in known if one.style == (number.style or heading.style)), None)
    enough = _enough(number.text, bounds)
    reasons: tuple[Reason, ...] = ()
    if enough and not number.fits:
        reasons, chosen = (Reason.UNKNOWN_BALLOT,), None
    elif enough and heading.style and heading.style not in number.fits:
        reasons, chosen = (Reason.IDENTITY_CONFLICT,), None
    elif (
        not agree
    ):  # a stain over the one digit in which two lists differ leaves the number open, not foreign
        reasons = (Reason.IDENTITY_WEAK,) if chosen or enough else (Reason.UNKNOWN_BALLOT,)
    identity = Identity(
        ballot_number=number.text or None,
        heading=heading.text or None,
        list=chosen.list if chosen else None,
        style=chosen.style if chosen else None,
        kind=chosen.kind if chosen else None,
        agree=agree,
    )
    return identity, reasons


def crop_mm(image: Gray, to_image: Affine, rect: Rect, dpi: float) -> Gray:
    """The part `rect` (mm) of a face, straightened, at `dpi`."""
    per_mm = dpi / INCH_MM
    size = (max(1, round(rect.w * per_mm)), max(1, round(rect.h * per_mm)))
    pixel_to_mm = np.array(
        [[1 / per_mm, 0, rect.x + 0.5 / per_mm], [0, 1 / per_mm, rect.y + 0.5 / per_mm], [0, 0, 1]]
    )
    matrix = to_image @ pixel_to_mm
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(image, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE).astype(
        np.uint8, copy=False
    )


def _number_cue(image: Gray, to_image: Affine, known: tuple[Known, ...], bounds: IdentifyBounds) -> Named:
    """The style that the digits point to: every digit read supports it, and each rival is contradicted."""
    best = Named(None, 0.0, "")
    for cells in {one.numbers.cells: one.numbers for one in known}.values():
        text, score = read_number(image, to_image, cells, bounds)
        if not _enough(text, bounds):  # paper stretched between the marks
            farther = read_number(image, to_image, cells, bounds, far=True)
            text, score = max((text, score), farther, key=_digits)
        if score > best.score:
            fits = tuple(
                one.style
                for one in known
                if one.numbers.cells == cells.cells and _supports(text, one.ballot_number)
            )
            only = len(fits) == 1 and _enough(text, bounds)
            best = Named(fits[0] if only else None, score, text, fits)
    return best


def _digits(read: tuple[str, float]) -> tuple[int, float]:
    """How many digits were read, and how well."""
    return sum(one != "?" for one in read[0]), read[1]


def _enough(read: str, bounds: IdentifyBounds) -> bool:
    """True if so many digits were read that the number is a cue."""
    return sum(one != "?" for one in read) >= bounds.min_digits


def _supports(read: str, printed: str) -> bool:
    return all(one in ("?", other) for one, other in zip(read, printed, strict=True))


def read_number(
    image: Gray, to_image: Affine, numbers: NumberCells, bounds: IdentifyBounds, *, far: bool = False
) -> tuple[str, float]:
    """The digits as read, '?' where not sure, and the mean correlation.

    `far`: looked for `far_mm` up and down, never so far along the line, where a digit has neighbours.
    """
    per_mm = LINE_DPI / INCH_MM
    first, last = numbers.cells[0], numbers.cells[-1]
    area = Rect(first.x, first.y, last.x + last.w - first.x, first.h).grown(bounds.search_mm + 0.4)
    more = bounds.far_mm - bounds.search_mm if far else 0.0
    area = Rect(area.x, area.y - more, area.w, area.h + 2 * more)
    strip = crop_mm(image, to_image, area, LINE_DPI)
    maps = np.stack([cv2.matchTemplate(strip, one, cv2.TM_CCOEFF_NORMED) for one in numbers.glyphs])
    loose = np.stack([cv2.dilate(one, np.ones((3, 3), np.uint8)) for one in maps])
    lefts = np.array([round((one.x - area.x) * per_mm) for one in numbers.cells])
    top, reach = round((first.y - area.y) * per_mm), round(bounds.search_mm * per_mm)
    dy, dx = _common_shift(maps.max(axis=0), lefts, top, (reach + round(more * per_mm), reach))
    scores = loose[:, np.clip(top + dy, 0, loose.shape[1] - 1), np.clip(lefts + dx, 0, loose.shape[2] - 1)]
    ranked = np.sort(scores, axis=0)
    sure = (ranked[-1] >= bounds.min_digit) & (ranked[-1] - ranked[-2] >= bounds.digit_margin)
    digits = scores.argmax(axis=0)
    return "".join(str(digit) if good else "?" for digit, good in zip(digits, sure, strict=True)), float(
        ranked[-1].mean()
    )


def _common_shift(
    best: NDArray[np.float32], lefts: NDArray[np.int64], top: int, reach: tuple[int, int]
) -> tuple[int, int]:
    """The one shift (dy, dx) of the line, within `reach`, under which the cells look most like digits."""
    down, along = (np.arange(-one, one + 1) for one in reach)
    rows = np.clip(top + down, 0, best.shape[0] - 1)
    columns = np.clip(lefts[None, :] + along[:, None], 0, best.shape[1] - 1)
    total = best[rows][:, columns].sum(axis=2)
    y, x = np.unravel_index(int(total.argmax()), total.shape)
    return int(down[y]), int(along[x])


def _heading_cue(
    image: Gray, to_image: Affine, known: tuple[Known, ...], claimed: str | None, bounds: IdentifyBounds
) -> Named:
    """The style that the printed name points to; starts with the claimed one because that is quick.

    Only a name that leads over every rival ends the search: under the number of a list whose name
    differs in one letter, the other name must still be found.
    """
    best = Named(None, 0.0, "")
    for reach in (bounds.search_mm, bounds.far_mm):  # farther only if no name was found
        for one in sorted(known, key=lambda one: one.style != claimed):
            score, window = _place(image, to_image, one, reach)
            if score <= best.score:
                continue
            sure = score >= bounds.min_heading and _leads(window, one, known, bounds)
            best = Named(one.style if sure else None, score, one.heading if sure else "")
            if sure and one.style == claimed:
                return best
        if best.score >= bounds.min_heading:
            break
    return best


def _place(image: Gray, to_image: Affine, one: Known, reach: float) -> tuple[float, Gray]:
    """Correlation of the printed name with the scan at its best place within `reach` mm, and that part."""
    area = one.heading_rect.grown(reach)
    seen = crop_mm(image, to_image, area, HEADING_DPI)
    match = cv2.matchTemplate(seen, one.heading_picture, cv2.TM_CCOEFF_NORMED)
    _, score, _, (x, y) = cv2.minMaxLoc(match)
    height, width = one.heading_picture.shape
    return float(score), seen[y : y + height, x : x + width]


def _leads(window: Gray, claimed: Known, known: tuple[Known, ...], bounds: IdentifyBounds) -> bool:
    """True if the scan is surely this name and none of the others."""
    rivals = (one for one in known if one.style != claimed.style)
    return all(_lead(window, claimed, one) >= bounds.heading_lead for one in rivals)


def _lead(window: Gray, claimed: Known, rival: Known) -> float:
    """Where the scan lies between the rival (0) and the claimed name (1), by the pixels that differ."""
    if rival.heading_picture.shape != claimed.heading_picture.shape:
        return 1.0
    ours, theirs = claimed.heading_picture.astype(np.float32), rival.heading_picture.astype(np.float32)
    differs = ours - theirs
    weight = float((differs * differs).sum())
    if weight < 50 * 255.0:  # not one letter of difference: the name cannot tell these two apart
        return 0.0
    return float((differs * (_toned(window, ours) - theirs)).sum() / weight)


def _toned(window: Gray, printed: NDArray[np.float32]) -> NDArray[np.float32]:
    """The scan with its black and white moved to those of the print, by least squares."""
    seen = window.astype(np.float32)
    spread = float(((seen - seen.mean()) ** 2).mean())
    gain = float(((seen - seen.mean()) * (printed - printed.mean())).mean()) / max(spread, 1.0)
    return np.asarray((seen - seen.mean()) * gain + printed.mean(), dtype=np.float32)
