"""Pictures of each stage, for people who ask why: where the page was found, and what was read on it.

Pure: arrays in, colour arrays (h, w, 3) BGR out. Nothing is drawn unless somebody asked.
"""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.ballot import FieldKind, Mark, MarkState, Rect
from scanner.classify.atlas import px
from scanner.classify.face import FaceReading
from scanner.classify.registered import Registered
from scanner.classify.upright import Upright
from scanner.pixels import Gray

Colour = NDArray[np.uint8]
Show = Callable[[str, Colour], None]  # name of the stage, its picture

GREEN, ORANGE, RED, BLUE, PALE = (60, 160, 40), (0, 140, 255), (40, 40, 220), (220, 90, 20), (200, 190, 170)


def found(image: Gray, page: Upright | None) -> Colour:
    """The image as received, with the paper's outline and the registration marks that were looked for."""
    picture = cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)
    if page is None:
        return np.asarray(picture, np.uint8)
    width, height = page.frame.page_mm
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], float)
    cv2.polylines(picture, [_placed(corners, page)], isClosed=True, color=BLUE, thickness=4)
    for x, y in page.frame.marks_mm:
        around = np.array([(x - 4, y - 4), (x + 4, y - 4), (x + 4, y + 4), (x - 4, y + 4)])
        cv2.polylines(picture, [_placed(around, page)], isClosed=True, color=RED, thickness=4)
    return np.asarray(picture, np.uint8)


def _placed(points: NDArray[np.float64], page: Upright) -> NDArray[np.int32]:
    there = points @ page.to_image[:, :2].T + page.to_image[:, 2]
    return np.rint(there).astype(np.int32)


def read(page: Registered, seen: FaceReading) -> Colour:
    """The registered face: ink in red, fields green if marked and orange if doubtful, stray ink in blue."""
    picture = np.asarray(cv2.cvtColor(page.image, cv2.COLOR_GRAY2BGR), np.uint8)
    picture[seen.ink.mask > 0] = RED
    for mark in seen.marks:
        _field(picture, mark)
    for rect in seen.stray:
        _box(picture, rect, BLUE, 3)
    return np.asarray(picture, np.uint8)


def _field(picture: Colour, mark: Mark) -> None:
    if mark.state is MarkState.UNMARKED:
        if mark.field.kind is not FieldKind.CANDIDATE_LINE:
            _box(picture, mark.field.rect, PALE, 1)
        return
    colour = GREEN if mark.state is MarkState.MARKED else ORANGE
    _box(picture, mark.field.rect.grown(0.6), colour, 3)


def _box(picture: Colour, rect: Rect, colour: tuple[int, int, int], thickness: int) -> None:
    x, y, w, h = px(rect)
    cv2.rectangle(picture, (x, y), (x + w, y + h), colour, thickness)
