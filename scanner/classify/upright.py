"""Which face, which way up, where: found by the five printed registration marks.

Two marks stand on top and three at the bottom, all with the same hand, so their order tells the
turn and their shape (¬ inside, T outside) tells the face. The search looks for the marks of every
face and turn at 50 dpi, lets each pair of candidates propose a position of the page, keeps the
proposal that most marks agree with, and refines it at 100 dpi.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.ballot import Face
from scanner.pixels import INCH_MM, Gray

Affine = NDArray[np.float64]  # (2, 3): mm on the face as printed -> px of the image, pixel centres

_PAD = 40  # px at 100 dpi kept around the image, so that a mark at the very edge has surroundings
_NOWHERE = 1e6 + 1e6j  # px; where a mark is that its window cannot show: finite, but agreeing with nothing


@dataclass(frozen=True, slots=True)
class UprightBounds:
    """Numbers of `calibration/upright.toml`."""

    window_mm: float  # how far a mark may lie from where the sheet's middle says
    peaks: int  # candidates kept in each window
    agree_mm: float  # how near a mark must lie to where the other marks put it
    max_scale: float  # |scale - 1| of paper against its nominal size
    max_skew_deg: float
    enough: float  # mean correlation of all five marks from which no other turn is tried
    min_score: float  # normalised correlation of a single mark
    min_marks: int  # marks that must agree before anything is believed
    max_residual_mm: float  # worst mark against the fitted position


@dataclass(frozen=True)
class Frame:
    """The registration marks of one face of one form, with their pictures."""

    face: Face
    page_mm: tuple[float, float]
    marks_mm: tuple[tuple[float, float], ...]  # centres
    coarse: tuple[Gray, ...]  # picture of each mark with its surroundings at 50 dpi
    fine: tuple[Gray, ...]  # the same at 100 dpi

    @cached_property
    def turned(self) -> "tuple[tuple[Gray, ...], tuple[Gray, ...]]":
        """Pictures of the marks on a page that lies upside down."""
        return tuple(_half_turn(one) for one in self.coarse), tuple(_half_turn(one) for one in self.fine)

    def key(self) -> tuple[object, ...]:
        """Equal for frames that cannot be told apart."""
        return self.face, self.page_mm, self.marks_mm


Proposal = tuple[float, Frame, bool, tuple[complex, complex]]  # votes, frame, turned, position at 50 dpi


@dataclass(frozen=True)
class Upright:
    """Where one face lies in one image."""

    frame: Frame
    to_image: Affine  # mm on the face -> px of the image as received
    marks: int  # how many of the five agree
    score: float  # mean correlation of those
    residual_mm: float  # worst of those against the fit

    @property
    def face(self) -> Face:
        """Inside or outside."""
        return self.frame.face


def _half_turn(picture: Gray) -> Gray:
    return np.ascontiguousarray(picture[::-1, ::-1])


def upright(image: Gray, dpi: float, frames: tuple[Frame, ...], bounds: UprightBounds) -> Upright | None:
    """The face and position of the page in `image` (h, w), or None if no frame fits.

    `dpi` is the nominal resolution of the image. A page lying on its side (scanned short edge
    first) is found as well. Any shape of image and any dpi is answered.
    """
    found = (_best_of(picture, dpi, frames, bounds, quarter) for picture, quarter in _sides(image, frames))
    return max((one for one in found if one), key=_quality, default=None)


def _quality(found: Upright) -> tuple[int, float]:
    return found.marks, found.score


def _sides(image: Gray, frames: tuple[Frame, ...]) -> "list[tuple[Gray, int]]":
    """The image itself, or both its quarter turns when the paper is wide and the image tall."""
    height, width = image.shape
    wide = all(one.page_mm[0] >= one.page_mm[1] for one in frames)
    if (width >= height) == wide or not frames:
        return [(image, 0)]
    return [(np.ascontiguousarray(np.rot90(image, quarter)), quarter) for quarter in (1, 3)]


def _best_of(
    image: Gray, dpi: float, frames: tuple[Frame, ...], bounds: UprightBounds, quarter: int
) -> Upright | None:
    frames = tuple(one for one in frames if _may_hold(image.shape, dpi, one, bounds))
    if not frames:
        return None
    middle = _resample(image, 100 / dpi)
    coarse = _resample(middle, 0.5)
    padded = cv2.copyMakeBorder(middle, _PAD, _PAD, _PAD, _PAD, cv2.BORDER_REPLICATE).astype(
        np.uint8, copy=False
    )
    for _, frame, turned, guess in _proposals(coarse, frames, bounds)[:2]:
        fitted = _refine(padded, frame, guess, turned=turned, bounds=bounds)
        if fitted is not None:
            return _in_image(fitted, image.shape, dpi, quarter)
    return None


def _proposals(coarse: Gray, frames: tuple[Frame, ...], bounds: UprightBounds) -> list[Proposal]:
    """Where the page may lie, best first. Pages mostly lie upright: a clear answer ends the search."""
    found: list[Proposal] = []
    for turned in (False, True):
        seen = (_propose(coarse, frame, turned=turned, bounds=bounds) for frame in frames)
        found += [one for one in seen if one is not None]
        if any(one[0] >= bounds.enough * len(one[1].marks_mm) for one in found):
            break
    return sorted(found, key=lambda one: one[0], reverse=True)


def _may_hold(shape: tuple[int, ...], dpi: float, frame: Frame, bounds: UprightBounds) -> bool:
    """True if a page whose middle is within reach can lie in an image of this shape and dpi.

    Asked before anything is resampled, so that a wrong dpi or a hostile shape costs no memory: an
    image may be smaller by what a cut moves the middle, and larger up to twice the page.
    """
    if not dpi > 0:
        return False
    sides = shape[1] * INCH_MM / dpi, shape[0] * INCH_MM / dpi
    return all(
        page - 2 * bounds.window_mm <= side <= 2 * page
        for side, page in zip(sides, frame.page_mm, strict=True)
    )


def _resample(image: Gray, factor: float) -> Gray:
    return (
        image
        if factor == 1
        else cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA).astype(
            np.uint8, copy=False
        )
    )


def _nominal(frame: Frame, shape: tuple[int, ...], per_mm: float, *, turned: bool) -> NDArray[np.complex128]:
    """Where the marks would be if the page lay straight in the middle of the image, px as complex numbers."""
    marks = np.array(frame.marks_mm) - np.array(frame.page_mm) / 2
    marks = -marks if turned else marks
    centre = np.array([shape[1] - 1, shape[0] - 1]) / 2
    placed = marks * per_mm + centre
    return np.asarray(placed[:, 0] + 1j * placed[:, 1])


def _propose(coarse: Gray, frame: Frame, *, turned: bool, bounds: UprightBounds) -> Proposal | None:
    """Score and position (turn-and-scale m, shift t: page mm -> 50 dpi px) that most marks agree with."""
    per_mm = 50 / INCH_MM
    nominal = _nominal(frame, coarse.shape, per_mm, turned=turned)
    pictures = frame.turned[0] if turned else frame.coarse
    seen = [
        _peaks(coarse, picture, place, bounds.window_mm * per_mm, bounds.peaks)
        for picture, place in zip(pictures, nominal, strict=True)
    ]
    places = np.array([one[0] for one in seen])  # (marks, peaks) complex
    scores = np.array([one[1] for one in seen])
    page = np.array([x + 1j * y for x, y in frame.marks_mm])
    best = _most_agreed(page, places, scores, per_mm, turned=turned, bounds=bounds)
    return None if best is None else (best[0], frame, turned, best[1])


def _most_agreed(
    page: NDArray[np.complex128],
    places: NDArray[np.complex128],
    scores: NDArray[np.float64],
    per_mm: float,
    *,
    turned: bool,
    bounds: UprightBounds,
) -> tuple[float, tuple[complex, complex]] | None:
    """Every pair of marks and of their peaks proposes a position; the rest vote."""
    first, second = np.triu_indices(len(page), 1)
    a = places[first][:, :, None]  # (pairs, peaks, 1)
    b = places[second][:, None, :]
    turn = ((b - a) / (page[second] - page[first])[:, None, None]).ravel()
    shift = (
        np.broadcast_to(a, (*a.shape[:2], b.shape[2]))
        - turn.reshape(len(first), a.shape[1], -1) * page[first][:, None, None]
    ).ravel()
    straight = -turn if turned else turn
    plausible = (abs(abs(straight) / per_mm - 1) < bounds.max_scale) & (
        abs(np.angle(straight, deg=True)) < bounds.max_skew_deg
    )
    turn, shift = turn[plausible], shift[plausible]
    if not len(turn):
        return None
    predicted = turn[:, None] * page[None, :] + shift[:, None]  # (tries, marks)
    near = abs(predicted[:, :, None] - places[None]) < bounds.agree_mm * per_mm
    votes = np.where(near, scores[None], 0).max(axis=2).sum(axis=1)
    winner = int(votes.argmax())
    return float(votes[winner]), (complex(turn[winner]), complex(shift[winner]))


def _peaks(
    image: Gray, picture: Gray, place: complex, reach: float, count: int
) -> tuple[NDArray[np.complex128], NDArray[np.float64]]:
    """The `count` best places of `picture` within `reach` px of `place`, as centres, with their scores."""
    half = np.array(picture.shape[::-1]) / 2
    left, top = (max(0, int(place.real - reach - half[0])), max(0, int(place.imag - reach - half[1])))
    window = image[top : int(place.imag + reach + half[1]) + 1, left : int(place.real + reach + half[0]) + 1]
    places, scores = np.full(count, _NOWHERE), np.zeros(count)
    if window.shape[0] <= picture.shape[0] or window.shape[1] <= picture.shape[1]:
        return places, scores
    match = cv2.matchTemplate(window, picture, cv2.TM_CCOEFF_NORMED)
    corner = complex(left, top) + complex(picture.shape[1] - 1, picture.shape[0] - 1) / 2
    for index in range(count):
        _, score, _, (x, y) = cv2.minMaxLoc(match)
        places[index], scores[index] = complex(x, y) + corner, max(score, 0.0)
        cv2.rectangle(match, (x - 2, y - 2), (x + 2, y + 2), -1, -1)
    return places, scores


def _refine(
    padded: Gray, frame: Frame, guess: tuple[complex, complex], *, turned: bool, bounds: UprightBounds
) -> Upright | None:
    """Each mark looked up again at 100 dpi near where the proposal puts it, then one least-squares fit."""
    per_mm = 100 / INCH_MM
    turn, shift = guess
    page = np.array([x + 1j * y for x, y in frame.marks_mm])
    expected = 2 * (turn * page + shift) + (0.5 + 0.5j)
    pictures = frame.turned[1] if turned else frame.fine
    placed, scores = zip(
        *(
            _sub_pixel(padded, picture, place, 1.2 * bounds.agree_mm * per_mm)
            for picture, place in zip(pictures, expected, strict=True)
        ),
        strict=True,
    )
    good = np.array(scores) >= bounds.min_score
    if good.sum() < bounds.min_marks:
        return None
    affine, residual = _fit(page[good], np.array(placed)[good])
    if residual > bounds.max_residual_mm * per_mm:
        return None
    return Upright(frame, affine, int(good.sum()), float(np.array(scores)[good].mean()), residual / per_mm)


def _sub_pixel(image: Gray, picture: Gray, place: complex, reach: float) -> tuple[complex, float]:
    """Best place of `picture` near `place` to a fraction of a pixel (parabola through the peak)."""
    half_w, half_h = (picture.shape[1] - 1) / 2, (picture.shape[0] - 1) / 2
    left, top = round(place.real - half_w - reach) + _PAD, round(place.imag - half_h - reach) + _PAD
    across, down = picture.shape[1] + round(2 * reach), picture.shape[0] + round(2 * reach)
    if min(left, top) < 0 or top + down > image.shape[0] or left + across > image.shape[1]:
        return place, 0.0
    match = cv2.matchTemplate(image[top : top + down, left : left + across], picture, cv2.TM_CCOEFF_NORMED)
    _, score, _, (x, y) = cv2.minMaxLoc(match)
    dx = _parabola(match[y, x - 1 : x + 2]) if 0 < x < match.shape[1] - 1 else 0.0
    dy = _parabola(match[y - 1 : y + 2, x]) if 0 < y < match.shape[0] - 1 else 0.0
    return complex(left - _PAD + x + dx + half_w, top - _PAD + y + dy + half_h), float(score)


def _parabola(three: NDArray[np.floating[Any] | np.integer[Any]]) -> float:
    """Offset of the top of the parabola through three samples, -0.5..0.5."""
    before, top, after = (float(one) for one in three)
    bend = before - 2 * top + after
    return 0.0 if bend >= 0 else float(np.clip(0.5 * (before - after) / bend, -0.5, 0.5))


def _fit(page: NDArray[np.complex128], placed: NDArray[np.complex128]) -> tuple[Affine, float]:
    """Least-squares position and its worst residual, px: affine from four marks on, else without shear."""
    if len(page) >= 4:
        ones = np.column_stack([page.real, page.imag, np.ones(len(page))])
        solved = np.linalg.lstsq(ones, np.column_stack([placed.real, placed.imag]), rcond=None)[0]
        affine = np.asarray(solved.T)
    else:
        ones = np.column_stack([page, np.ones(len(page))])
        turn, shift = np.linalg.lstsq(ones, placed, rcond=None)[0]
        affine = np.array([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]])
    again = affine[:, :2] @ np.vstack([page.real, page.imag]) + affine[:, 2:]
    return affine, float(np.hypot(again[0] - placed.real, again[1] - placed.imag).max())


def _in_image(found: Upright, shape: tuple[int, ...], dpi: float, quarter: int) -> Upright:
    """From 100 dpi px of the (possibly quarter-turned) picture to px of the image as received."""
    factor = dpi / 100
    affine = found.to_image * factor
    affine[:, 2] += (factor - 1) / 2  # pixel centres: x' = f (x + 0.5) - 0.5
    height, width = shape  # of the quarter-turned picture
    if quarter == 1:  # np.rot90 once: turned(y, x) came from image(x, W - 1 - y), W = turned height
        affine = np.array([[0, -1, height - 1], [1, 0, 0]], float) @ np.vstack([affine, [0, 0, 1]])
    elif quarter == 3:
        affine = np.array([[0, 1, 0], [-1, 0, width - 1]], float) @ np.vstack([affine, [0, 0, 1]])
    return Upright(found.frame, affine, found.marks, found.score, found.residual_mm)
