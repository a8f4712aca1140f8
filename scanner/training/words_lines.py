"""Handwriting on the line of a ballot as a scanner sends it: print, pen, wear, and what is left as ink.

A strip shows one line of the write-in table with 1 mm above and below, at `PX` px per mm. Drawn anew
each time: size, slant, width, thickness, waves of the baseline, pen, paper, light, noise, one bit.
"""

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np

from scanner.classify.writing import STEP, gray_picture, ink_picture, without_rules
from scanner.pixels import Gray
from scanner.training.words_ink import COMB_MM, Piece

Random = np.random.Generator

PX = 8.0  # px per mm, as 200 dpi
ROOM = 1.0  # mm above and below the line
PITCH = 7.13  # mm from line to line
LONGEST = 100.0  # mm of writing on a line
STRUCK = "#"
LEAST_MM = 2.2  # height of the smallest writing learnt from, about 1 mm for a small letter
_NOISE = np.random.default_rng(0).standard_normal((256, 2048)).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """Both views of one line, (32, w) each, and what is written there."""

    ink: Gray
    gray: Gray
    text: str
    writer: int


@dataclass(frozen=True, slots=True)
class Share:
    """How often: two words of one writer in a row, writing struck out, a bare sheet without table."""

    glued: float = 0.3
    struck: float = 0.03
    bare: float = 0.25


def line(pieces: list[Piece], random: Random, share: Share, *, worn: float = 1.0) -> Line:
    """A line by the writer of these pieces: one of them, or two; `worn` 0..1 how hard paper and pen are."""
    piece = pieces[int(random.integers(len(pieces)))]
    if random.random() < share.glued:
        other = pieces[int(random.integers(len(pieces)))]
        if piece.writer == other.writer and len(piece.text) + len(other.text) < 26:
            piece = glued(piece, other, random)
    struck = bool(random.random() < share.struck)
    return shown(piece, random, struck=struck, bare=share.bare, worn=worn)


def shown(
    piece: Piece, random: Random, *, struck: bool, bare: float, worn: float, least_mm: float = LEAST_MM
) -> Line:
    """One piece of handwriting on a line, `struck` out or not, as both networks see it.

    `bare` is the share of lines on a sheet without the printed table; from its highest to its lowest ink
    the writing is at least `least_mm` high.
    """
    ink = _varied(piece.ink, random, worn, least_mm)
    ink = _struck(ink, random) if struck else ink
    gray, mask = strip(ink, random, worn=worn, bare=bool(random.random() < bare))
    mask = without_rules(mask, PX)
    text = STRUCK if struck else piece.text
    return Line(ink_picture(mask), gray_picture(gray, mask), text, piece.writer)


def fits(text: str, picture: Gray) -> bool:
    """True if the network has columns enough to write the text: one a letter, one between equal letters."""
    twice = sum(a == b for a, b in pairwise(text))
    return bool(len(text) + twice <= picture.shape[1] // STEP)


def glued(one: Piece, other: Piece, random: Random) -> Piece:
    """Two words of one writer as first and last name, now and then with a comma, full stop or hyphen."""
    high = max(one.ink.shape[0], other.ink.shape[0]) + 8
    gap = int(random.uniform(0.25, 1.0) * one.ink.shape[0]) + 4
    sign = str(random.choice(["", "", "", "", ",", ".", "-"]))
    out = np.zeros((high, one.ink.shape[1] + gap + other.ink.shape[1]), np.uint8)
    _put(out, one.ink, 0)
    _put(out, other.ink, one.ink.shape[1] + gap)
    if sign:
        middle = _middle(out)
        thick = int(random.integers(1, 4))
        at = (one.ink.shape[1] + gap // 3, int(middle + high * 0.2))
        ends = {",": (at[0] - 2, at[1] + 6), ".": (at[0] + 1, at[1]), "-": (at[0] + gap // 3, at[1])}
        if sign == "-":
            at, ends["-"] = (at[0], int(middle)), (at[0] + max(gap // 3, 4), int(middle))
        cv2.line(out, at, ends[sign], (255,), thick, cv2.LINE_AA)
    join = {"": " ", "-": "-"}.get(sign, sign + " ")
    return Piece(out, f"{one.text}{join}{other.text}", one.writer)


def _middle(ink: Gray) -> float:
    rows = ink.sum(1, dtype=np.float64)
    return float((rows * np.arange(len(rows))).sum() / max(rows.sum(), 1))


def _put(out: Gray, ink: Gray, x: int) -> None:
    """Lay a word so that the middle of its ink lies in the middle of the line."""
    top = int(np.clip(out.shape[0] / 2 - _middle(ink), 0, out.shape[0] - ink.shape[0]))
    np.maximum(
        out[top : top + ink.shape[0], x : x + ink.shape[1]],
        ink,
        out=out[top : top + ink.shape[0], x : x + ink.shape[1]],
    )


def _varied(ink: Gray, random: Random, worn: float, least_mm: float) -> Gray:
    """The same writing at another size, slant, width and thickness."""
    tall = random.uniform(least_mm, 7.2) * PX
    scale = tall / ink.shape[0]
    wide = scale * float(np.exp(random.normal(0, 0.13 * worn)))
    wide = min(wide, LONGEST * PX / ink.shape[1])
    lean = random.normal(0, 0.18 * worn)
    turn = random.normal(0, 0.012 * worn)
    size = (int(ink.shape[1] * wide + abs(lean) * tall) + 4, int(tall + abs(turn) * ink.shape[1] * wide) + 4)
    lay = np.asarray([[wide, -lean * scale, 2 + max(lean, 0) * tall],
                      [turn * wide, scale, 2 + max(-turn, 0) * ink.shape[1] * wide]], np.float32)  # fmt: skip
    soft = cv2.GaussianBlur(ink, (0, 0), 0.45 / scale) if scale < 0.8 else ink
    out = cv2.warpAffine(soft, lay, size, flags=cv2.INTER_LINEAR)
    out = _waved(np.pad(out, ((0, 0), (12, 12))), random) if random.random() < 0.5 * worn else out
    kind = random.random()
    if kind < 0.2 * worn:
        return np.asarray(cv2.dilate(out, np.ones((2, 2), np.uint8)), np.uint8)
    if kind < 0.3 * worn and tall > 30:
        return np.asarray(cv2.erode(out, np.ones((2, 2), np.uint8)), np.uint8)
    return np.asarray(out, np.uint8)


def _waved(ink: Gray, random: Random) -> Gray:
    """Letters a little closer or wider here and there, on a baseline that rises and falls."""
    h, w = ink.shape
    x = np.arange(w, dtype=np.float32)
    long = random.uniform(40, 200)
    down = random.uniform(0, 0.06) * h * np.sin(x / long + random.uniform(0, 6))
    along = x + random.uniform(0, min(0.12 * long, 10)) * np.sin(x / long + random.uniform(0, 6))
    y = np.arange(h, dtype=np.float32)[:, None] + down[None, :].astype(np.float32)
    return np.asarray(
        cv2.remap(ink, np.repeat(along[None, :].astype(np.float32), h, 0), y, cv2.INTER_LINEAR), np.uint8
    )


def _struck(ink: Gray, random: Random) -> Gray:
    """Struck through once or more, or scribbled over: no name any more."""
    out = np.pad(ink, ((4, 4), (12, 12)))
    h, w = out.shape
    middle, reach = _middle(out), max(4.0, float(h) * 0.2)
    if random.random() < 0.5:
        for _ in range(int(random.integers(1, 4))):
            y = middle + random.normal(0, 0.25 * reach, 2)
            cv2.line(out, (2, int(y[0])), (w - 3, int(y[1])), (255,), int(random.integers(2, 5)), cv2.LINE_AA)
        return out
    x = np.arange(0, w, random.uniform(3, 12))
    y = middle + np.where(np.arange(len(x)) % 2, 1, -1) * reach + random.normal(0, 0.2 * reach, len(x))
    points = np.stack([x, y], 1).astype(np.int32)
    cv2.polylines(out, [points], isClosed=False, color=(255,), thickness=int(random.integers(2, 4)))
    return out


def strip(ink: Gray, random: Random, *, worn: float, bare: bool) -> tuple[Gray, Gray]:
    """The line with this writing as scanned (h, w), and the ink 0 or 255 that the form does not explain."""
    high = round((PITCH + 2 * ROOM) * PX)
    wide = ink.shape[1] + int(random.uniform(2, 8) * PX)
    print_ = np.full((high, wide), 255, np.uint8)
    if not bare:
        _table(print_, random)
    ink = ink[max((ink.shape[0] - high) // 2, 0) :][:high]
    cover = np.zeros((high, wide), np.float32)
    top = int(np.clip((high - ink.shape[0]) / 2 + random.normal(0, 0.5) * PX, 0, high - ink.shape[0]))
    left = int(random.integers(1, max(2, wide - ink.shape[1])))
    light = random.uniform(0.35, 0.97) if random.random() < 0.6 * worn else random.uniform(0.75, 0.97)
    cover[top : top + ink.shape[0], left : left + ink.shape[1]] = ink * np.float32(light / 255)
    gray = _scanned(print_ * (1 - cover), random, worn)
    paper, black = float(np.percentile(gray[::3, ::3], 85)), 40.0
    allowed = cv2.erode(print_, np.ones((5, 5), np.uint8)).astype(np.float32) * (paper / 255)
    mask = allowed - gray > 0.15 * max(paper - black, 90)
    return gray, np.where(mask, 255, 0).astype(np.uint8)


def _table(print_: Gray, random: Random) -> None:
    """Gray rules and combs, as `layout.write_in` prints them."""
    low = int((ROOM + PITCH) * PX)
    for y in (int(ROOM * PX), low):
        print_[y - 2 : y + 2] = 201
    for x in np.arange(random.uniform(0, COMB_MM), print_.shape[1] / PX, COMB_MM):
        at = int(x * PX)
        print_[low - int(1.6 * PX) : low - 2, at : at + 2] = 201


def _scanned(light: np.ndarray[tuple[int, ...], np.dtype[np.float32]], random: Random, worn: float) -> Gray:
    """Blur, tone, noise, compression or one bit."""
    sigma = random.uniform(0.3, 0.3 + 0.8 * worn)
    soft = np.asarray(cv2.GaussianBlur(np.asarray(light, np.float32), (0, 0), sigma) / 255, np.float32)
    white, dark = random.uniform(190, 252), random.uniform(5, 70)
    h, w = soft.shape
    y, x = int(random.integers(256 - h)), int(random.integers(2048 - w))
    noise = _NOISE[y : y + h, x : x + w] * np.float32(abs(random.normal(0, 5 * worn)))
    gray = dark + (white - dark) * soft + noise
    kind = random.random()
    if kind < 0.12 * worn:
        bit = gray > dark + (white - dark) * random.uniform(0.5, 0.8)
        return np.where(bit, 255, 0).astype(np.uint8)
    page = np.clip(gray, 0, 255).astype(np.uint8)
    if kind < 0.4:
        _, packed = cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(40, 90))])
        return np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.uint8)
    return page
