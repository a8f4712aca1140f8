"""All that is known of an election's paper, made ready for reading: once per process, then shared.

An atlas is built from pictures of the printed faces; where the pictures come from is not its
business. Forms are prepared when the first ballot of their kind arrives.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import cv2
import numpy as np

from scanner.ballot import Face, Field, FieldKind, Rect
from scanner.classify.identify import HEADING_DPI, Known, NumberCells
from scanner.classify.ink import InkLimits, Printed, printed
from scanner.classify.register import prepare
from scanner.classify.registered import Limits, Template
from scanner.classify.upright import Frame
from scanner.classify.woven import Woven, woven
from scanner.layout.style import BOXES, Style
from scanner.pixels import INCH_MM, Gray

DPI = 200  # of the pictures, and of every face once it is registered
PER_MM = DPI / INCH_MM
_AROUND = 1.2  # mm of the surroundings shown with a registration mark


@dataclass(frozen=True, slots=True, eq=False)
class KnownFace:
    """One printed face, ready for comparing."""

    template: Template
    printed: Printed
    fields: tuple[Field, ...]
    woven: Woven | None = None  # the pattern of an outside


@dataclass(frozen=True, slots=True, eq=False)
class KnownStyle:
    """Both faces of one kind of ballot."""

    style: Style
    inside: KnownFace
    outside: KnownFace


@dataclass(frozen=True, eq=False)
class Faces:
    """Pictures of all faces, and the prepared ones as they are needed."""

    styles: dict[str, Style]
    picture: Callable[[Style, Face], Gray]  # (h, w) at DPI
    limits: Limits
    ink: InkLimits
    rim_mm: float  # no ink is seen this near the paper's edge
    loose_mm: float  # how far print may lie off its place on a face without boxes
    _ready: dict[object, KnownFace] = field(default_factory=dict)

    def style(self, name: str) -> KnownStyle:
        """The prepared faces of a style, by its id."""
        one = self.styles[name]
        return KnownStyle(one, self._face(one, Face.INSIDE), self._face(one, Face.OUTSIDE))

    def _face(self, style: Style, face: Face) -> KnownFace:
        key = (style.id, face)
        if key not in self._ready:
            self._ready[key] = self._prepared(style, face)
        return self._ready[key]

    def _prepared(self, style: Style, face: Face) -> KnownFace:
        """A face that looks the same on several styles is prepared once."""
        picture = self.picture(style, face)
        fields = tuple(one for one in style.fields if one.face is face)
        same = (face, picture.shape, hash(picture.tobytes()))
        if same not in self._ready:
            template = prepare(picture, DPI, self.limits)
            boxed = any(one.kind in BOXES for one in fields)
            loose = max(self.loose_mm, self.ink.tolerance_mm)
            allowed = printed(template, self.ink if boxed else replace(self.ink, tolerance_mm=loose))
            dark = style.dark if face is Face.INSIDE else None
            seen = blinded(allowed, self.rim_mm, dark)
            pattern = woven(template, seen) if face is Face.OUTSIDE else None
            self._ready[same] = KnownFace(template, seen, fields, pattern)
        return replace(self._ready[same], fields=fields)


def blinded(allowed: Printed, rim_mm: float, dark: Rect | None = None) -> Printed:
    """The same face, seeing no ink at the edge, where backing and cut throw shadows, nor on `dark` (mm)."""
    height, width = allowed.darkest.shape
    rim = round(rim_mm * PER_MM)
    darkest, blind = np.zeros_like(allowed.darkest), np.full_like(allowed.blind, 255)
    seen = np.s_[rim : height - rim, rim : width - rim]
    darkest[seen], blind[seen] = allowed.darkest[seen], allowed.blind[seen]
    if dark is not None:
        x, y, w, h = px(dark.grown(1.0))
        darkest[max(y, 0) : y + h, x : x + w], blind[max(y, 0) : y + h, x : x + w] = 0, 255
    return replace(allowed, darkest=darkest, blind=blind)


def px(rect: Rect) -> tuple[int, int, int, int]:
    """A rectangle in mm as whole pixels (x, y, w, h) of a picture at DPI."""
    left, top = round(rect.x * PER_MM), round(rect.y * PER_MM)
    return left, top, round((rect.x + rect.w) * PER_MM) - left, round((rect.y + rect.h) * PER_MM) - top


def frame(style: Style, face: Face, picture: Gray) -> Frame:
    """The registration marks of one face, cut out of its picture (h, w) at DPI."""
    middle = cv2.resize(picture, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA).astype(
        np.uint8, copy=False
    )
    small = cv2.resize(picture, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA).astype(
        np.uint8, copy=False
    )
    marks = [one.rect for one in style.marks if one.face is face][:5]
    return Frame(
        face=face,
        page_mm=style.page_mm,
        marks_mm=tuple(one.centre for one in marks),
        coarse=tuple(_cut(small, one, 50) for one in marks),
        fine=tuple(_cut(middle, one, 100) for one in marks),
    )


def _cut(picture: Gray, rect: Rect, dpi: float) -> Gray:
    """A mark with its surroundings; the middle of the cut is the middle of the mark."""
    per_mm = dpi / INCH_MM
    size = (2 * round((rect.w / 2 + _AROUND) * per_mm) + 1, 2 * round((rect.h / 2 + _AROUND) * per_mm) + 1)
    x, y = rect.centre
    return cv2.getRectSubPix(picture, size, (x * per_mm - 0.5, y * per_mm - 0.5)).astype(np.uint8, copy=False)


def known(style: Style, picture: Gray, glyphs: tuple[Gray, ...]) -> Known:
    """What identification must know of a style; `picture` is its inside at DPI."""
    rect = style.of(FieldKind.HEADING)[0].rect
    x, y, w, h = px(rect)
    heading = cv2.resize(
        picture[y : y + h, x : x + w],
        (round(rect.w * HEADING_DPI / INCH_MM), round(rect.h * HEADING_DPI / INCH_MM)),
        interpolation=cv2.INTER_AREA,
    ).astype(np.uint8, copy=False)
    return Known(
        style=style.id,
        list=style.list,
        kind=style.kind,
        ballot_number=style.ballot_number,
        heading=style.heading,
        heading_rect=rect,
        heading_picture=heading,
        numbers=NumberCells(tuple(cell for cell, _ in style.digits), glyphs),
    )
