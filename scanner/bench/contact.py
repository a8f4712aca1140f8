"""A contact sheet: the worst readings side by side, as scanned and as read, each with its sheet's name."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw

from scanner.ballot import Face, PageImage, Rect
from scanner.bench.campaign import opened, outcome, sheet
from scanner.bench.cases import Plan
from scanner.bench.chart import GREY, INK, font
from scanner.bench.worst import Shown, Why
from scanner.capture.decode import decode
from scanner.classify.atlas import PER_MM
from scanner.classify.pictures import Colour
from scanner.classify.upright import Upright, upright
from scanner.opening import Atlas
from scanner.simulate.deck import SimulatedSheet

COLUMNS = 5
_VIEW = 190  # px, side of each of a tile's two pictures
_TILE = 2 * _VIEW + 24, _VIEW + 78
_AROUND_MM = 5.0  # seen around a field
_FRAMES = {
    Why.WRONG: (200, 30, 40),
    Why.DECIDED: (220, 120, 20),
    Why.DOUBTED: (30, 90, 170),
    Why.NEAREST: GREY,
}


def contact_sheet(shown: Sequence[Shown], plan: Plan, path: Path) -> None:
    """Write a PNG with a tile for each; sheets are made again, election by election."""
    rows = max(1, -(-len(shown) // COLUMNS))
    page = Image.new("RGB", (COLUMNS * _TILE[0], rows * _TILE[1]), "white")
    order = sorted(range(len(shown)), key=lambda n: shown[n].case.pile.election)
    for n in order:
        at = n % COLUMNS * _TILE[0], n // COLUMNS * _TILE[1]
        _tile(page, at, shown[n], views(shown[n], plan))
    page.save(path)


def views(one: Shown, plan: Plan) -> tuple[Colour, Colour]:
    """The place as scanned, upright, and as the machine drew what it read there; RGB squares."""
    made = sheet(one.case, plan)
    drawn: dict[str, Colour] = {}
    outcome(one.case, made, drawn.__setitem__)
    face = one.position.face if one.position else Face.INSIDE
    read = drawn.get(f"{face}-read", drawn.get("1-found", np.full((8, 8, 3), 255, np.uint8)))
    atlas = opened(one.case.pile.election)
    scan = _scan(made, face, atlas)
    if one.position is None or one.position.rect[2] == 0:
        return _fitted(scan), _fitted(drawn.get("verdict", read)[..., ::-1])
    area = _square(Rect(*one.position.rect))
    return _fitted(_cut(scan, area)), _fitted(_cut(read[..., ::-1], area))


def _scan(made: SimulatedSheet, face: Face, atlas: Atlas) -> Colour:
    """The face as scanned, turned upright and to the pictures' scale; white if it was not found."""
    for data in (made.front, made.back):
        gray = decode(PageImage("side", data, made.dpi)).gray
        found = upright(gray, made.dpi, atlas.frames, atlas.bounds.upright)
        if found is not None and found.face is face:
            return _straight(gray, found)
    return np.full((8, 8, 3), 255, np.uint8)


def _straight(gray: Colour, found: Upright) -> Colour:
    size = tuple(round(side * PER_MM) for side in found.frame.page_mm)
    to_mm = np.array([[1 / PER_MM, 0, 0], [0, 1 / PER_MM, 0], [0, 0, 1]])
    way = (found.to_image @ to_mm).astype(np.float32)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    straight = cv2.warpAffine(gray, way, size, flags=flags, borderValue=(128,))
    return np.asarray(cv2.cvtColor(straight, cv2.COLOR_GRAY2RGB), np.uint8)


def _square(rect: Rect) -> Rect:
    """A square around a field, with something of what is beside it."""
    side = min(max(rect.w, rect.h) + 2 * _AROUND_MM, 70.0)
    x, y = rect.centre
    return Rect(x - side / 2, y - side / 2, side, side)


def _cut(picture: Colour, area: Rect) -> Colour:
    """The part of a picture at 200 dpi; empty parts are left out."""
    x, y, w, h = (round(side * PER_MM) for side in (area.x, area.y, area.w, area.h))
    return picture[max(y, 0) : max(y + h, 1), max(x, 0) : max(x + w, 1)]


def _fitted(picture: Colour) -> Colour:
    """The picture in a white square of a tile's view."""
    view = np.full((_VIEW, _VIEW, 3), 255, np.uint8)
    if not picture.size:
        return view
    scale = _VIEW / max(picture.shape[:2])
    size = max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    small = cv2.resize(np.ascontiguousarray(picture), size, interpolation=how)
    view[: size[1], : size[0]] = small
    return view


def _tile(page: Image.Image, at: tuple[int, int], one: Shown, both: tuple[Colour, Colour]) -> None:
    x, y = at
    draw = ImageDraw.Draw(page)
    draw.rectangle((x + 2, y + 2, x + _TILE[0] - 3, y + _TILE[1] - 3), outline=_FRAMES[one.why], width=2)
    for n, view in enumerate(both):
        page.paste(Image.fromarray(view), (x + 8 + n * (_VIEW + 8), y + 8))
    pile, where = one.case.pile, one.position
    place = "" if where is None else f", {where.field} {where.candidate or ''}".rstrip()
    rows = (
        (f"{one.why}{place}", True),
        (one.told, False),
        (f"{pile.deck} {pile.election} wear {pile.wear} seed {one.case.seed} sheet {one.case.sheet}", False),
    )
    for row, (text, bold) in enumerate(rows):
        words = font(13, bold=bold)
        while words.getlength(text) > _TILE[0] - 16:
            text = text[:-2]  # noqa: PLW2901 - as much as fits
        draw.text((x + 8, y + _VIEW + 14 + 19 * row), text, fill=INK, font=words)
