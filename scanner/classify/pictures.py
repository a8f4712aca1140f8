"""Pictures of each stage, for people who ask why: page found, ink, what was read, the verdict.

Pure: arrays in, colour arrays (h, w, 3) BGR out. Nothing is drawn unless somebody asked.
"""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from scanner.ballot import Amendment, FieldKind, Mark, MarkState, Rect, Stamp, Verdict
from scanner.classify.atlas import px
from scanner.classify.face import FaceReading
from scanner.classify.registered import Registered
from scanner.classify.upright import Upright
from scanner.pixels import Gray

Colour = NDArray[np.uint8]
Show = Callable[[str, Colour], None]  # name of the stage, its picture

GREEN, ORANGE, RED, BLUE, PALE = (60, 160, 40), (0, 140, 255), (40, 40, 220), (220, 90, 20), (200, 190, 170)
INK, ROW_PX = (30, 30, 30), 36  # of the words above a judged face


class Album:
    """Passes every picture on, and in the end the verdict, written on the inside as it was read."""

    def __init__(self, show: Show) -> None:
        """`show` gets every picture with its name."""
        self._show = show
        self._page: Colour | None = None

    def __call__(self, name: str, picture: Colour) -> None:
        """Show one picture."""
        if self._page is None or name == "inside-read":
            self._page = picture
        self._show(name, picture)

    def judged(self, verdict: Verdict, stamp: Stamp | None) -> None:
        """Show what the law makes of it; nothing if no image could be opened."""
        if self._page is not None:
            self._show("verdict", judged(self._page, verdict, stamp))


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


def page(face: Registered) -> Colour:
    """The registered face as it is: upright, cropped and straight."""
    return np.asarray(cv2.cvtColor(face.image, cv2.COLOR_GRAY2BGR), np.uint8)


def ink(page: Registered, seen: FaceReading) -> Colour:
    """Only what the printer did not put there, the darker the redder, on a shadow of the print."""
    shadow = 255 - (255 - page.template.gray) // 8
    picture = np.asarray(cv2.cvtColor(shadow, cv2.COLOR_GRAY2BGR), np.uint8)
    inked = seen.ink.mask > 0
    left = (220 * page.image[inked].astype(np.float32) / max(page.paper, 1)).clip(0, 220).astype(np.uint8)
    picture[inked] = np.stack([left, left, np.full_like(left, 230)], axis=1)
    return picture


def read(page: Registered, seen: FaceReading) -> Colour:
    """The registered face: ink in red, fields green if marked and orange if doubtful, stray ink in blue.

    Beside a field that is not plainly empty stands what each reader said of it.
    """
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
    x, y, w, _ = px(mark.field.rect)
    _words(picture, _opinions(mark), (x + w + 14, y - 8), colour, 0.5)


def _opinions(mark: Mark) -> str:
    """What reader A measured and said, and reader B's probability, if it looked."""
    second = "" if mark.probability is None else f", B {mark.probability:.3f}"
    return f"A {mark.a.value} {mark.ink_mm2:.1f} mm2{second}"


def judged(picture: Colour, verdict: Verdict, stamp: Stamp | None) -> Colour:
    """A face with the verdict above it: category, reasons, stamp and the changes that were read."""
    stamped = f"stamp {stamp.state.value} {stamp.probability:.3f}" if stamp else "stamp not seen"
    words = [f"{verdict.category.value}  list {verdict.list or '-'}  confidence {verdict.confidence:.4f}"]
    words += [stamped, *(f"reason: {one.value}" for one in verdict.reasons)]
    words += [_change("sure", one) for one in verdict.amendments]
    words += [_change("perhaps", one) for one in verdict.proposed.amendments if not verdict.sure]
    head = np.full((ROW_PX * (len(words) + 1), picture.shape[1], 3), 255, np.uint8)
    for row, text in enumerate(words, 1):
        _words(head, text, (ROW_PX // 2, ROW_PX * row), RED if text.startswith("reason") else INK, 0.7)
    return np.vstack([head, picture])


def _change(how: str, one: Amendment) -> str:
    """One change in a few words; which members it has depends on its kind."""
    members = (one.candidate, one.rank, one.line, one.text, one.person, one.list, one.option)
    told = " ".join(str(each) for each in members if each is not None)
    return f"{how}: {one.kind.value} {told}"


def _words(
    picture: Colour, text: str, at: tuple[int, int], colour: tuple[int, int, int], size: float
) -> None:
    """Text whose baseline starts at `at` px; the font knows no letters beyond ASCII, which become '?'."""
    plain = text.encode("ascii", "replace").decode()
    cv2.putText(picture, plain, at, cv2.FONT_HERSHEY_SIMPLEX, size, colour, 1, cv2.LINE_AA)


def _box(picture: Colour, rect: Rect, colour: tuple[int, int, int], thickness: int) -> None:
    x, y, w, h = px(rect)
    cv2.rectangle(picture, (x, y), (x + w, y + h), colour, thickness)
